"""A record in a notebook: its text with the findings marked in it, and the findings as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from ..escaping import terminal
from ..fields import FIELDS
from ..findings import Finding
from ..records.model import Record
from ..records.text import Part, canonical_text

if TYPE_CHECKING:
    import pandas as pd


KINDS = {
    "design": (
        *("design", "randomised", "blinding", "comparator", "comparator_detail", "arms", "n_studies"),
        *("periods", "sequence", "washout"),
    ),
    "people": ("n_total", "n_randomised", "n_analysed", "setting", "condition"),
    "treatment": ("drug_form", "route", "dose", "dose_mg_per_kg", "dose_mg_per_kg_per_h", "duration"),
    "outcome": ("primary_outcome", "scale", "followup", "primary_direction", "result"),
    "harms": ("adverse_events", "adverse_events_asked"),
}
"""The fields by what they tell of, as they are coloured."""

_KIND = {field: kind for kind, fields in KINDS.items() for field in fields}

# Colours of Okabe and Ito, thin enough for dark and light themes; the line below tells the kinds apart without colour.
_PAINT = {
    "design": ("86,180,233", "solid"),
    "people": ("230,159,0", "dashed"),
    "treatment": ("0,158,115", "double"),
    "outcome": ("204,121,167", "dotted"),
    "harms": ("213,94,0", "wavy"),
}
_SCOPE = ".ketalit-text mark"
_LINES = "\n".join(
    f"{_SCOPE}.{kind} {{background: rgba({colour},.22); text-decoration: underline {style} rgb({colour}) 2px}}"
    for kind, (colour, style) in _PAINT.items()
)
STYLE = f"""<style>
.ketalit-text {{max-width: 80ch; line-height: 1.6; overflow-wrap: anywhere}}
.ketalit-text mark {{color: inherit; text-underline-offset: 3px; padding: 0 1px}}
{_LINES}
.ketalit-text sub {{position: relative; font-size: .72em; opacity: .85; cursor: help; \
margin: 0 .15em; vertical-align: baseline}}
.ketalit-text sub:focus-visible {{outline: 2px solid currentColor; opacity: 1}}
.ketalit-text sub:focus-visible::after {{content: attr(title); position: absolute; left: 0; top: 1.6em; z-index: 9; \
width: max-content; max-width: min(34ch, 70vw); padding: .4em .6em; border: 1px solid currentColor; border-radius: 3px;\
 background: var(--jp-layout-color1, Canvas); color: var(--jp-ui-font-color1, CanvasText); white-space: pre-line}}
</style>"""


def kind_of(field: str) -> str:
    """What a field tells of: design, people, treatment, outcome or harms.

    >>> kind_of("n_total"), kind_of("dose")
    ('people', 'treatment')
    """
    return _KIND[field]


def described(finding: Finding) -> str:
    """A finding in a line: field, value, rule and how sure.

    >>> described(Finding(field="n_total", value=60, rule="n/people"))
    'n: 60 people (rule n/people)'
    """
    said = finding.missing or finding.value
    value = ("yes" if said else "no") if isinstance(said, bool) else str(said)
    unit = "" if finding.missing else finding.unit or FIELDS[finding.field].unit
    value += f" {unit}" if unit and unit not in value else ""
    by = ", ".join(part for part in (f"rule {finding.rule}" if finding.rule else "", finding.confidence or "") if part)
    return f"{FIELDS[finding.field].title}: {value}" + (f" ({by})" if by else "")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A record's text for a notebook: each quote is marked by its kind, its field named where the quote ends.

    The pointer on a quote or a field's name, and the keyboard on a name, show value, rule and how sure it is.

    >>> from ketalit.records.model import Record
    >>> record = Record(source="person", key="a", title="A <b> trial in 60 men")
    >>> finding = Finding(field="n_total", value=60, quote="60 men", start=15, end=21, rule="n/people")
    >>> '<mark class="people" title="n: 60 people (rule n/people)">60 men</mark>' in MarkedText(record, (finding,)).html
    True
    """

    record: Record
    findings: Sequence[Finding] = ()

    def __repr__(self) -> str:
        return canonical_text(self.record).text

    def _repr_html_(self) -> str:
        return f"{STYLE}\n{self.html}"

    @property
    def html(self) -> str:
        """The text alone, without the style that `_repr_html_` puts before it."""
        canonical = canonical_text(self.record)
        paragraphs = "\n".join(self._paragraph(canonical.text, part) for part in canonical.parts)
        return f'<div class="ketalit-text">\n{paragraphs}\n</div>'

    def _paragraph(self, text: str, part: Part) -> str:
        inside = [one for one in self.findings if one.quote and part.start <= one.start < part.end]
        edges = sorted({part.start, part.end, *(edge for one in inside for edge in (one.start, one.end))})
        pieces = [f"<small>{escape(terminal(part.label))}</small> "] if part.label else []
        for start, end in pairwise(edges):
            over = [one for one in inside if one.start <= start < one.end]
            words = escape(terminal(text[start:end]))
            if over:
                narrowest = min(over, key=lambda one: one.end - one.start)
                words = f'<mark class="{kind_of(narrowest.field)}" title="{_told(over)}">{words}</mark>'
            pieces.append(words)
            pieces += [
                f'<sub class="{kind_of(one.field)}" tabindex="0" role="note" title="{_told([one])}">'
                f"{escape(FIELDS[one.field].title)}</sub>"
                for one in inside
                if one.end == end
            ]
        tag = "strong" if part.kind == "title" else "span"
        return f"<p><{tag}>{''.join(pieces)}</{tag}></p>"


def _told(findings: Sequence[Finding]) -> str:
    return escape(terminal("\n".join(map(described, findings))))


def legend() -> str:
    """The kinds in their colours, as HTML."""
    kinds = " ".join(f'<mark class="{kind}">{kind}</mark>' for kind in KINDS)
    return f'<div class="ketalit-text"><small>{kinds}</small></div>'


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
