"""The words that every rendering of the table shares: marks of origin, source lines, legend, caveats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..fields import FIELDS, Field
from ..table import CHOSEN, EvidenceTable, fill_rates
from ..vocabulary import Checked, Confidence, Missing, Origin

CONFLICT = "≠"
UNVERIFIED = "?"

_LOOKS = {Checked.NONE: "C0", Checked.ONE: "C1", Checked.TWO: "C2"}

ORIGIN_HELP = {
    Origin.PERSON: "a person checked it in this review",
    Origin.CURATED: "shipped with the review; how often it was looked up in a source: never, once, twice",
    Origin.RECORD: "from the fields of NLM's own record",
    Origin.READER: "read from the text by program",
}
LEGEND: Sequence[tuple[str, str]] = (
    ("P", ORIGIN_HELP[Origin.PERSON]),
    ("C0 C1 C2", ORIGIN_HELP[Origin.CURATED]),
    ("N", ORIGIN_HELP[Origin.RECORD]),
    ("R", f"{ORIGIN_HELP[Origin.READER]} (R? when it is not sure)"),
    (CONFLICT, "another origin gives a different value"),
    (UNVERIFIED, "after a name: it has no identifier, or one that was entered from memory and is not yet verified"),
)
MISSING_HELP: Sequence[tuple[Missing, str]] = (
    (Missing.NOT_REPORTED, "somebody or something looked, and the place read (often the abstract) does not say"),
    (Missing.NOT_CHECKED, "nobody has looked in a source that could say"),
    (Missing.NOT_APPLICABLE, "the question makes no sense for this design"),
)
MISSING_SHORT = {Missing.NOT_REPORTED: "n/r", Missing.NOT_CHECKED: "n/c", Missing.NOT_APPLICABLE: "n/a"}

_ORIGIN_WORDS = {
    Origin.PERSON: "checked by a person",
    Origin.CURATED: "shipped with the review",
    Origin.RECORD: "NLM's record",
    Origin.READER: "read by program",
}
_LOOK_WORDS = {Checked.NONE: "not yet checked", Checked.ONE: "checked once", Checked.TWO: "checked twice"}


def mark(cell: Any) -> str:
    """The mark of a cell's origin, e.g. "C2" or "R?"; empty where nobody looked."""
    if not cell.origin:
        return ""
    origin = Origin(cell.origin)
    if origin is Origin.CURATED:
        return _LOOKS[Checked(cell.checked or Checked.NONE)]
    if origin is Origin.READER:
        return "R?" if cell.confidence in {Confidence.LIKELY, Confidence.UNCLEAR} else "R"
    return "P" if origin is Origin.PERSON else "N"


def origin_words(cell: Any) -> str:
    """Who says so, in words; empty where nobody looked."""
    if not cell.origin:
        return ""
    origin = Origin(cell.origin)
    words = _ORIGIN_WORDS[origin]
    if cell.checked:
        words += f", {_LOOK_WORDS[Checked(cell.checked)]}"
    if cell.confidence and cell.confidence != Confidence.SURE:
        words += f" ({cell.confidence})"
    if origin is Origin.PERSON and (cell.who or cell.when):
        words += f" ({', '.join(part for part in (cell.who, cell.when) if part)})"
    return words


def source_line(cell: Any) -> str:
    """Origin, source and place in it, e.g. "shipped with the review, checked twice; PMID:19604642; table 2"."""
    return "; ".join(part for part in (origin_words(cell), cell.source, cell.locator) if part)


def heading(field: Field) -> str:
    """Heading of a column with its unit, where the unit is not said by the heading itself."""
    return f"{field.title} ({field.unit})" if field.unit in {"mg/kg", "mg/kg/h"} else field.title


def with_unit(cell: Any) -> str:
    """The text of a cell, with a unit that is the value's own rather than the column's."""
    own = cell.unit and not cell.missing and cell.unit != FIELDS[cell.field].unit and cell.unit not in cell.text
    return f"{cell.text} {cell.unit}" if own else str(cell.text)


def selection_line(table: EvidenceTable) -> str:
    """What was asked for, e.g. "view design; where n_total>=30; screened include; sorted by -year"."""
    parts = [
        f"columns {', '.join(field.name for field in table.fields)}" if table.view == CHOSEN else f"view {table.view}"
    ]
    parts += [f"where {condition}" for condition in table.where]
    parts.append(f"screening decision: {table.screened}")
    if table.sort:
        parts.append(f"sorted by {table.sort}")
    return ". ".join(["; ".join(parts), *notes_lines(table)])


def notes_lines(table: EvidenceTable) -> list[str]:
    """The notes of a table as sentences, without their full stops."""
    return [f"{note[:1].upper()}{note[1:]}" for note in table.notes]


def decisions_line(table: EvidenceTable) -> str:
    """All studies of the review by decision, so that nobody takes the rows shown for all there are."""
    said = {"include": "included", "exclude": "excluded", "maybe": "undecided", "unscreened": "not yet screened"}
    counts = [f"{number} {said[name]}" for name, number in table.totals.decisions.items()]
    return f"The review holds {sum(table.totals.decisions.values())} studies: {', '.join(counts)}." if counts else ""


def searches_lines(table: EvidenceTable) -> list[str]:
    """Saved searches, each with when it was last run."""
    return [
        f"{search.name} ({search.database}): {f'last run {search.last_run}' if search.last_run else 'not yet run'}"
        for search in table.searches
    ]


def rates_rows(table: EvidenceTable) -> list[dict[str, str]]:
    """How full each column is, as texts: heading, four counts and two shares."""
    rates = fill_rates(table)
    rows = []
    for field in table.fields:
        counts = {name: str(rates.at[field.name, name]) for name in rates.columns[1:5]}
        shares = {name: _percent(rates.at[field.name, name]) for name in ("filled_share", "answered_share")}
        rows.append({"title": heading(field), **counts, **shares})
    return rows


def _percent(share: Any) -> str:
    return "–" if pd.isna(share) else f"{100 * share:.0f} %"


def empty_line(table: EvidenceTable) -> str:
    """Why there is no row, and what to do; empty where there are rows."""
    if len(table.frame):
        return ""
    if table.where:
        return "No study meets these conditions. Loosen --where, or try --screened all."
    if table.screened == "all":
        return "This review has no records yet. `ketalit fetch` and `ketalit import` bring them."
    return f"No study has the screening decision “{table.screened}”. Try --screened all."
