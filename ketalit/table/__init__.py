"""The evidence table: one row per study, one typed column per field, and behind each cell where it comes from."""

from .evidence import IDENTITY, NO_ADVICE, EvidenceTable, evidence_table, fill_rates, view_fields

__all__ = ["IDENTITY", "NO_ADVICE", "EvidenceTable", "evidence_table", "fill_rates", "view_fields"]
