"""The stable JSON object of `ketalit read --json`."""

from __future__ import annotations

from collections.abc import Iterable

from ..findings import Finding
from ..records.model import Record

# The names and the order of the stable interface, with the field each is taken from.
JSON_FIELDS = {
    "design": "design",
    "randomised": "randomised",
    "blinding": "blinding",
    "comparator": "comparator",
    "n_total": "n_total",
    "n_analysed": "n_analysed",
    "n_studies": "n_studies",
    "arms": "arms",
    "setting": "setting",
    "primary_direction": "primary_direction",
    "primary_outcome": "primary_outcome",
    "followup": "followup",
    "ketamine_dose": "dose",
}


def as_json(record: Record, findings: Iterable[Finding], *, file: str = "") -> dict[str, object]:
    """The object that `ketalit read --json` prints for a record: a stable interface.

    Each field is an object with `value`, `quote`, `start`, `end`, `rule`, `origin`, `confidence` and `reason`;
    where the reader abstains `value` is null, `missing` says in which sense and `reason` why.

    >>> as_json(Record(source="pubmed", pmid="1"), [], file="a.xml")["design"]["value"] is None
    True
    """
    by_field = {finding.field: finding for finding in findings}
    shown: dict[str, object] = {"file": file, "pmid": record.pmid or None, "pmcid": record.pmcid or None}
    for name, field in JSON_FIELDS.items():
        shown[name] = _object(by_field.get(field))
    return shown


def _object(finding: Finding | None) -> dict[str, object]:
    if finding is None:
        return dict.fromkeys(("value", "quote", "start", "end", "rule", "origin", "confidence", "missing")) | {
            "reason": "the reader was not asked"
        }
    quoted = finding.start >= 0
    return {
        "value": str(finding.value) if isinstance(finding.value, str) else finding.value,
        "quote": finding.quote if quoted else None,
        "start": finding.start if quoted else None,
        "end": finding.end if quoted else None,
        "rule": finding.rule or None,
        "origin": finding.origin.value,
        "confidence": finding.confidence.value if finding.confidence else None,
        "missing": finding.missing.value if finding.missing else None,
        "reason": finding.reason or None,
    }
