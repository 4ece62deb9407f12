"""A record in a notebook: its text with the findings marked in it, and the findings as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from ..fields import FIELDS
from ..findings import Finding
from ..records.model import Record
from ..records.text import Part, canonical_text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A record's text for a notebook: each quote is marked, its field named where the quote ends.

    >>> from ketalit.records.model import Record
    >>> record = Record(source="person", key="a", title="A <b> trial in 60 men")
    >>> finding = Finding(field="n_total", value=60, quote="60 men", start=15, end=21, rule="n/people")
    >>> "<mark>60 men</mark>" in MarkedText(record, (finding,))._repr_html_()
    True
    """

    record: Record
    findings: Sequence[Finding] = ()

    def __repr__(self) -> str:
        return canonical_text(self.record).text

    def _repr_html_(self) -> str:
        canonical = canonical_text(self.record)
        return "\n".join(self._paragraph(canonical.text, part) for part in canonical.parts)

    def _paragraph(self, text: str, part: Part) -> str:
        inside = [one for one in self.findings if one.quote and part.start <= one.start < part.end]
        edges = sorted({part.start, part.end, *(edge for one in inside for edge in (one.start, one.end))})
        pieces = [f"<small>{escape(part.label)}</small> "] if part.label else []
        for start, end in pairwise(edges):
            quoted = any(one.start <= start < one.end for one in inside)
            words = escape(text[start:end])
            pieces.append(f"<mark>{words}</mark>" if quoted else words)
            ending = [one for one in inside if one.end == end]
            if ending:
                told = "; ".join(f"{one.field}: {one.value} (rule {one.rule}, {one.confidence})" for one in ending)
                pieces.append(f'<sub title="{escape(told)}">{", ".join(one.field for one in ending)}</sub>')
        tag = "strong" if part.kind == "title" else "span"
        return f"<p><{tag}>{''.join(pieces)}</{tag}></p>"


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table: field, value (or why there is none), unit, how sure, rule, quote.

    >>> findings_frame([Finding(field="n_total", value=60, rule="n/people")]).loc["n_total", "value"]
    '60'
    """
    import pandas as pd

    rows = [
        {
            "field": one.field,
            "value": str(one.missing) if one.missing else str(one.value),
            "unit": "" if one.missing else one.unit or FIELDS[one.field].unit,
            "sure?": str(one.confidence or ""),
            "rule or reason": one.reason if one.missing else one.rule,
            "quote": one.quote,
        }
        for one in findings
    ]
    return pd.DataFrame(rows, columns=["field", "value", "unit", "sure?", "rule or reason", "quote"]).set_index("field")
