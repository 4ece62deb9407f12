"""The columns of the Parquet files: name, type and meaning of each, and the values of a record in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from ..fields import FIELDS
from ..records.model import Record
from ..records.text import canonical_text
from ..table.selection import Column
from ..vocabulary import Status

VERSION = 1  # of these columns; a folder written with others is not mixed with it


@dataclass(frozen=True, slots=True)
class Described:
    """A column of a Parquet file: its name, Arrow type ("int64", "list<string>", …), meaning and unit."""

    name: str
    type: str
    help: str
    unit: str = ""


_PLACE = (
    Described("file", "string", "Name of the input file, without .xml.gz."),
    Described("position", "int32", "Place of the record in its file, counted from 1."),
    Described("pmid", "int64", "PubMed identifier; empty where a record has none."),
    Described("version", "int32", "Version of the citation, from 1."),
)
_BIBLIOGRAPHIC = (
    Described("pmcid", "string", "PubMed Central identifier."),
    Described("doi", "string", "Digital object identifier, the one that counts."),
    Described("kind", "string", "article or book."),
    Described("title", "string", "Title without markup."),
    Described("text", "string", "Title and abstract as one canonical text; offsets of quotes point into it."),
    Described("authors", "list<string>", "Authors in citation form, in order."),
    Described("journal", "string", "Abbreviated title of the journal, else its full title."),
    Described("year", "int32", "Year of the issue, failing that of the electronic article."),
    Described("published", "string", "Date of the issue as far as it is certain: 2009, 2009-11 or 2009-11-03."),
    Described("languages", "list<string>", "Languages, as NLM codes them."),
    Described("publication_types", "list<string>", "NLM's publication types."),
    Described("mesh", "list<string>", "MeSH headings without qualifiers."),
    Described("keywords", "list<string>", "Authors' keywords."),
    Described("substances", "list<string>", "Substances, as NLM names them."),
    Described("registrations", "list<string>", "Numbers in trial registries and other databanks."),
    Described("citation_status", "string", "NLM's status of the citation: MEDLINE, Publisher, …"),
    Described("status", "string", f"From links and types: {', '.join(Status)}."),
    Described("searches", "list<string>", "Names of the review's searches that do not rule the record out."),
    Described("sha256", "string", "Hash of the bytes the record was read from."),
    Described("record", "string", "The whole record as JSON; ketalit.records.model.from_json reads it back."),
)
_ARROW = {bool: "bool", int: "int64", float: "float64"}
_READ = tuple(
    Described(field.name, _ARROW.get(field.kind, "string"), field.help, field.unit) for field in FIELDS.values()
)

RECORDS: tuple[Described, ...] = (*_PLACE, *_BIBLIOGRAPHIC, *_READ)
"""One row per record. A field of the study holds the value the evidence table would show; empty where it has none."""

FINDINGS: tuple[Described, ...] = (
    *_PLACE,
    Described("field", "string", "Name of the field."),
    Described("text", "string", "The value as displayed, or in which sense it is missing."),
    Described("number", "float64", "The value, where it is a number (yes 1, no 0)."),
    Described("missing", "string", "not reported, not checked or not applicable; empty where there is a value."),
    Described("unit", "string", "Unit of the number."),
    Described("origin", "string", "record (NLM's own field) or reader (our reading); empty where nobody looked."),
    Described("confidence", "string", "The reader's: sure, likely or unclear."),
    Described("locator", "string", "Where in the source."),
    Described("quote", "string", "The words it was read from."),
    Described("start", "int32", "Offset of the quote in text: text[start:end] == quote."),
    Described("end", "int32", "Offset of its end."),
    Described("rule", "string", "The rule that read it (ketalit rules NAME explains it)."),
    Described("note", "string", "Remarks; for a missing value, why."),
    Described("winner", "bool", "Whether this is the value that stands in records."),
    Described("conflict", "bool", "Set on the winner: another origin gives a different value."),
)
"""One row per value that anybody gives for a field of a record, and one where nobody does."""

SEEN: tuple[Described, ...] = (
    Described("pmid", "int64", "PubMed identifier of a record of the file, or of one that it withdraws."),
    Described("version", "int32", "Version of the citation."),
    Described("withdrawn", "bool", "Whether NLM withdraws it here (DeleteCitation)."),
    Described("lost", "bool", "Whether the record could not be read; it then replaces nothing."),
)
"""One row per record of the input, kept or not, in the order of the file; then what the file withdraws."""

TABLES: Mapping[str, tuple[Described, ...]] = {"records": RECORDS, "findings": FINDINGS, "seen": SEEN}


def is_of_reader(name: str) -> bool:
    """Whether a column holds what the rules read, not what the record says of itself.

    >>> is_of_reader("n_total"), is_of_reader("year")
    (True, False)
    """
    return name in FIELDS


@cache
def asked_of() -> Mapping[str, Column]:
    """What may be named in a condition."""
    closed: dict[str, tuple[str, ...]] = {"status": tuple(Status), "kind": ("article", "book")}
    for field in FIELDS.values():
        closed[field.name] = ("yes", "no") if field.kind is bool else field.choices
    hidden = {"record", "sha256", "searches", "file", "position"}
    return {
        one.name: Column(one.name, one.type.startswith(("int", "float")), closed.get(one.name, ()))
        for one in RECORDS
        if one.name not in hidden
    }


def bibliographic(record: Record, searches: Sequence[str] = ()) -> dict[str, Any]:
    """What a record says of itself, by column; its place in its file and its JSON are left to the caller.

    >>> bibliographic(Record(source="pubmed", pmid="1", title="A trial"))["pmid"]
    1
    """
    return {
        "pmid": int(record.pmid) if record.pmid.isdecimal() else None,
        "version": record.version,
        "pmcid": record.pmcid or None,
        "doi": record.doi or None,
        "kind": record.kind,
        "title": record.title or record.book_title,
        "text": canonical_text(record, abstract_only=True).text,
        "authors": [author.name for author in record.authors],
        "journal": record.journal.abbreviation or record.journal.title or None,
        "year": record.year,
        "published": record.published.iso or None,
        "languages": list(record.languages),
        "publication_types": [term.name for term in record.publication_types],
        "mesh": [heading.name for heading in record.mesh],
        "keywords": list(record.keywords),
        "substances": [chemical.name for chemical in record.chemicals],
        "registrations": [one.number for one in record.registrations],
        "citation_status": record.citation_status or None,
        "status": str(record.status),
        "searches": list(searches),
        "sha256": record.sha256,
    }


def to_ask(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], texts: Sequence[Mapping[str, str]] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The columns that conditions name, typed and as displayed.

    Args:
        rows: values by column.
        names: the columns wanted.
        texts: of the fields that the rules read, as displayed.
    """
    typed: dict[str, Any] = {}
    shown: dict[str, Any] = {}
    columns = asked_of()
    for name in names:
        values = [row.get(name) for row in rows]
        if columns[name].number:
            typed[name] = pd.array(values, dtype="Float64")
        shown[name] = [row[name] for row in texts] if is_of_reader(name) else [_shown(value) for value in values]
    index = pd.RangeIndex(len(rows))
    return pd.DataFrame(typed, index=index), pd.DataFrame(shown, index=index, dtype="string")


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def typed(field: str, value: Any) -> str | int | float | bool:
    """The value of a finding in the type of its column; words of closed lists are texts.

    >>> typed("n_total", 60.0), typed("design", "cohort")
    (60, 'cohort')
    """
    kind = FIELDS[field].kind
    return kind(value) if kind in _ARROW else str(value)
