"""The evidence table: one row per study, one typed column per field, and behind each cell where it comes from."""

from .evidence import CHOSEN, IDENTITY, NO_ADVICE, EvidenceTable, evidence_table, fill_rates, view_fields, view_words

__all__ = [
    "CHOSEN",
    "IDENTITY",
    "NO_ADVICE",
    "EvidenceTable",
    "evidence_table",
    "fill_rates",
    "view_fields",
    "view_words",
]
