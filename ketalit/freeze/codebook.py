"""The codebook: what each column of the table's files means, its type and unit, and what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from ..escaping import markdown
from ..export.wording import MISSING_HELP, MISSING_SHORT
from ..fields import FIELDS, Field
from ..table import IDENTITY, EvidenceTable
from ..table.cells import CELL_TYPES
from ..vocabulary import Checked, Confidence, Decision, Missing, Origin, Status
from .csv import csv_of

VALUES, SOURCES = "table/evidence.csv", "table/evidence.sources.csv"
_MISSING = "; ".join(Missing)
_KINDS = {"string": "text", "Int64": "whole number", "Float64": "number", "boolean": "true or false", "object": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: the file it stands in, and all there is to know of it. Empty: nothing of the kind applies."""

    file: str
    column: str
    meaning: str
    type: str
    title: str = ""
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    allowed: str = ""
    missing: str = ""


# What stands beside the fields in a row of values: meaning, and the words it may hold.
_IDENTITY: Mapping[str, tuple[str, Sequence[str]]] = {
    "study": ("Name of the study; reports of one study share a row.", ()),
    "citation": ("First author and year of the main report.", ()),
    "year": ("Year of the main report.", ()),
    "title": ("Title of the main report.", ()),
    "records": ("Names of the reports, the main one first.", ()),
    "identifiers": ("PMID, PMCID and DOI of the main report.", ()),
    "identifier_status": (
        "Whether these were looked up (verified) or entered from memory (unverified).",
        ("verified", "unverified", "none"),
    ),
    "status": ("Whether the main report was corrected or retracted.", tuple(Status)),
    "decision": ("The decision on the study in screening.", (*Decision, "unscreened")),
    "counted": ("Whether totals count it; what is retracted, or itself a notice, they do not.", ("true", "false")),
}
_SOURCES: Mapping[str, tuple[str, Sequence[str]]] = {
    "study": ("Name of the study.", ()),
    "record": ("Name of the report the value was read from.", ()),
    "field": ("Column of the values that this is a candidate for.", tuple(FIELDS)),
    "value": (f"The value as in {VALUES}; empty where there is none.", ()),
    "text": ("The value as displayed; where there is none, why.", ()),
    "missing": ("Why there is no value; empty where there is one.", tuple(Missing)),
    "unit": ("Unit of the value.", ()),
    "origin": ("Who says so; empty where nobody looked.", tuple(Origin)),
    "checked": ("Independent looks at the source of a curated value.", tuple(Checked)),
    "confidence": ("How sure the program is of what it read.", tuple(Confidence)),
    "locator": ("Where in the source.", ()),
    "source": ("The source, by identifier.", ()),
    "link": ("Address of the source.", ()),
    "quote": ("The words it was read from, where they may be carried.", ()),
    "start": ("Offset of the quote in the text of the record, in characters from 0.", ()),
    "end": ("Offset of the end of the quote.", ()),
    "rule": ("Rule by which the program read it, or what it was derived from.", ()),
    "note": ("Remarks; for a missing value, why.", ()),
    "who": ("Who entered it.", ()),
    "when": ("Date on which it was entered, as YYYY-MM-DD.", ()),
    "winner": ("Whether this is the value that the table shows.", ("true", "false")),
    "conflict": ("Whether another origin gives a different value; said of the one shown.", ("true", "false")),
}


def columns(table: EvidenceTable) -> tuple[Column, ...]:
    """Every column of the two files, in their order.

    >>> from ..review import load_review
    >>> from ..table import evidence_table
    >>> found = {column.column: column for column in columns(evidence_table(load_review()))}
    >>> found["dose_mg_per_kg"].unit, found["n_total"].type
    ('mg/kg', 'whole number')
    """
    types = {"study": "string", **IDENTITY}
    rows = [
        Column(
            file=VALUES, column=name, meaning=_IDENTITY[name][0], type=_KINDS[kind], allowed=_list(_IDENTITY[name][1])
        )
        for name, kind in types.items()
    ]
    rows += [_of_field(field) for field in table.fields]
    rows += [
        Column(
            file=SOURCES, column=name, meaning=_SOURCES[name][0], type=_KINDS[kind], allowed=_list(_SOURCES[name][1])
        )
        for name, kind in CELL_TYPES.items()
    ]
    return tuple(rows)


def codebook_csv(table: EvidenceTable) -> bytes:
    """The codebook as CSV, one row a column."""
    return csv_of([asdict(column) for column in columns(table)], [field.name for field in fields(Column)])


def codebook_markdown(table: EvidenceTable) -> str:
    """The codebook to read: a table for each file, and what the missing codes mean."""
    names = [field.name for field in fields(Column) if field.name != "file"]
    parts = [f"# Codebook: {markdown(table.title)}"]
    found = columns(table)
    for file in dict.fromkeys(column.file for column in found):
        lines = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
        for column in (column for column in found if column.file == file):
            cells = asdict(column)
            lines.append(f"| {' | '.join(markdown(cells[name]) for name in names)} |")
        parts += [f"## {markdown(file)}", "\n".join(lines)]
    parts += [
        "## Where there is no value",
        "\n".join(f"- **{kind}** ({MISSING_SHORT[kind]} in print): {meaning}." for kind, meaning in MISSING_HELP),
        "In Parquet files such a cell is null, and the column of the same name with `_missing` behind it says why. "
        "`pandas.read_csv(path, na_values=['not reported', 'not checked', 'not applicable'])` reads the CSV.",
    ]
    return "\n\n".join(parts) + "\n"


def _of_field(field: Field) -> Column:
    if issubclass(field.kind, StrEnum):
        kind = "one of a closed list"
    else:
        kind = {bool: "true or false", int: "whole number", float: "number"}.get(field.kind, "text")
    return Column(
        file=VALUES,
        column=field.name,
        title=field.title,
        meaning=field.help,
        type=kind,
        unit=field.unit,
        minimum="" if field.minimum is None else f"{field.minimum:.10g}",
        maximum="" if field.maximum is None else f"{field.maximum:.10g}",
        allowed=_list(field.choices or (("true", "false") if field.kind is bool else ())),
        missing=_MISSING,
    )


def _list(words: Sequence[str]) -> str:
    return "; ".join(words)
