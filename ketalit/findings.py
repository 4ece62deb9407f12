"""A finding: one value read from one record, and everything needed to open its source and check it."""

from __future__ import annotations

from dataclasses import dataclass

from .vocabulary import Checked, Confidence, Missing, Origin

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One value of one field of one record.

    Exactly one of `value` and `missing` is set.

    Attributes:
        field: name of the field, one of `ketalit.fields.FIELDS`.
        value: the value, in the field's own type; None where `missing` says why there is none.
        missing: why there is no value.
        unit: unit of a number, where the field has no fixed one.
        quote: the words the value was read from; empty where the text may not be carried.
        start, end: offsets of `quote` in the record's canonical text (`records.text`), so that
            `text[start:end] == quote`; -1 where there is no quote.
        rule: the reader's rule that fired.
        reason: for a missing value, or a value with a caveat: why, in one sentence.
        origin: who says so.
        confidence: the reader's own; None for other origins.
        checked: independent looks at the source behind a curated value.
        locator: where in the source, e.g. "abstract", "table 2, row 3".
        source: what to open: "PMID:…", "PMCID:…" or "DOI:…".
        who, when, note: who entered it, ISO date, remark.
    """

    field: str
    value: Value = None
    missing: Missing | None = None
    unit: str = ""
    quote: str = ""
    start: int = -1
    end: int = -1
    rule: str = ""
    reason: str = ""
    origin: Origin = Origin.READER
    confidence: Confidence | None = None
    checked: Checked | None = None
    locator: str = ""
    source: str = ""
    who: str = ""
    when: str = ""
    note: str = ""
