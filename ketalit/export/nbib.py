"""Bibliographic records as .nbib: MEDLINE text as PubMed exports it and reference managers read it.

Fields: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions". With abstracts where we hold them, as in PubMed's own.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from ..escaping import one_line
from ..records.model import NLM_SOURCES, Author, Correction, Date, MeshHeading, Record
from ..vocabulary import Status
from .references import abstract_text, remarks

_WIDTH = 88  # where PubMed breaks lines
_INDENT = " " * 6
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Links that decide how a record is to be read; the tags of the others do not matter to a list of references.
_LINKS = {
    "retractionin": "RIN",
    "retractionof": "ROF",
    "retractedandrepublishedin": "RRI",
    "erratumin": "EIN",
    "erratumfor": "EFR",
    "expressionofconcernin": "ECI",
    "expressionofconcernfor": "ECF",
    "correctedandrepublishedin": "CRI",
}


def to_nbib(records: Iterable[Record]) -> str:
    """MEDLINE text, one record after another, a blank line between them.

    What is not NLM's own record says so in a general note (GN), as does what was entered from memory.

    >>> print(to_nbib([Record(source="pubmed", pmid="1", title="One")]), end="")
    PMID- 1
    TI  - One
    """
    return "\n".join("".join(_lines(tag, value) for tag, value in _fields(record)) for record in records)


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "PMID", record.pmid
    yield "STAT", record.citation_status
    yield from (("IS", record.journal.issn), ("VI", record.volume), ("IP", record.issue))
    yield "DP", _date(record.published)
    yield "TI", record.title
    yield "TT", record.vernacular_title
    yield "BTI", (record.book_title or record.title) if record.kind == "book" else ""
    yield "PG", record.pages
    yield "AB", abstract_text(record)
    for author in record.authors:
        yield from _author(author)
    yield from (("LA", language) for language in record.languages)
    types = [term.name for term in record.publication_types]
    if record.status is Status.RETRACTED and "retracted publication" not in map(str.lower, types):
        types.append("Retracted Publication")  # a link without citation cannot be written; NLM's word for it can
    yield from (("PT", name) for name in types)
    online = record.published_online.iso.replace("-", "")
    yield "DEP", online if len(online) == 8 else ""
    yield from (("TA", record.journal.abbreviation), ("JT", record.journal.title), ("JID", record.journal.nlm_id))
    yield from (link for correction in record.corrections for link in _link(correction))
    yield from (("MH", _heading(heading)) for heading in record.mesh)
    yield from (("OT", keyword) for keyword in record.keywords)
    yield from (("SI", f"{entry.registry}/{entry.number}") for entry in record.registrations if entry.registry)
    yield "AID", f"{record.pii} [pii]" if record.pii else ""
    yield from (("AID", f"{doi} [doi]") for doi in (record.doi, *record.other_dois) if doi)
    yield "PMC", record.pmcid
    if record.source not in NLM_SOURCES:
        yield "GN", "Not NLM's own record: what it does not say of retractions and errata means nothing"
    yield from (("GN", remark) for remark in remarks(record))


def _author(author: Author) -> Iterator[tuple[str, str]]:
    if author.collective:
        yield "CN", author.collective
        return
    if author.fore:
        yield "FAU", f"{author.last}, {' '.join(filter(None, (author.fore, author.suffix)))}"
    yield "AU", author.name


def _date(date: Date) -> str:
    """As NLM prints it, e.g. "2009 Nov 3"; a season or range as it stands in the source.

    >>> _date(Date(iso="2009-11-03", precision="day"))
    '2009 Nov 3'
    """
    if date.verbatim and date.precision in {"season", "range", "unknown"}:
        return date.verbatim
    year, *rest = date.iso.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([year, *month, *(str(int(day)) for day in rest[1:])])


def _heading(heading: MeshHeading) -> str:
    # Which of them is the major topic is held of the qualifiers, and of the heading only where none of them is.
    own = heading.major and not any(qualifier.major for qualifier in heading.qualifiers)
    parts = [(heading.name, own), *((qualifier.name, qualifier.major) for qualifier in heading.qualifiers)]
    return "/".join(f"{'*' if major else ''}{name}" for name, major in parts)


def _link(correction: Correction) -> Iterator[tuple[str, str]]:
    tag = _LINKS.get(correction.type.lower())
    pmid = f"PMID: {correction.pmid}" if correction.pmid else ""
    if tag:
        yield tag, ". ".join(filter(None, (correction.citation.rstrip(". "), pmid)))


def _lines(tag: str, value: str) -> str:
    """A field: the tag padded to four, its value broken into indented lines; nothing where it has no value."""
    words = re.sub(r"\s+", " ", one_line(value)).strip()
    if not words:
        return ""
    lines = textwrap.wrap(
        words, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False
    )
    return f"{tag:<4}- " + "\n".join(lines)[len(_INDENT) :] + "\n"
