"""The ten fields that lesson 6 asks for, how a value is told, and the evidence table of a review."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ...fields import FIELDS
from ...findings import Finding
from ...table import EvidenceTable, evidence_table
from ..kept import review_in

TEN = (
    *("design", "blinding", "n_randomised", "n_analysed", "comparator"),
    *("drug_form", "dose", "duration", "primary_outcome", "primary_direction"),
)
"""The fields that the lesson asks for."""


def value_of(finding: Finding) -> str:
    """What was read, with its unit; or in which sense nothing was.

    >>> value_of(Finding(field="n_total", value=60)), value_of(Finding(field="dose", value="25 mg/h"))
    ('60 people', '25 mg/h')
    """
    if finding.missing:
        return str(finding.missing)
    if isinstance(finding.value, bool):
        return "yes" if finding.value else "no"
    number = isinstance(finding.value, int | float)
    unit = finding.unit or FIELDS[finding.field].unit if number else ""
    return f"{finding.value:g} {unit}".rstrip() if number else str(finding.value)


@cache
def table_of(folder: Path, where: str = "") -> EvidenceTable:
    """The evidence table of a review, kept: it takes longer than a movement may."""
    return evidence_table(review_in(folder), view="full", where=where or None)
