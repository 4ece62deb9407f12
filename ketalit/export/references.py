"""Bibliographic records as RIS, to be carried on to other tools, and as BibTeX and CSL-JSON, to be cited.

RIS carries what a record is screened by: abstract, keywords, and that it is retracted. The other two have no abstracts,
since lists of references are published, and abstracts are the publishers'.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import rispy
from pybtex.database import BibliographyData, Entry, Person

from ..escaping import one_line
from ..identifiers import source_link
from ..records.model import Author, Record
from ..vocabulary import FLAGGED, Status

_PAGES = re.compile(r"\s*([A-Za-z]*\d+[A-Za-z]*)\s*[-–—]+\s*([A-Za-z]*\d+[A-Za-z]*)\s*")


_TYPES = {
    "retracted publication",
    "retraction of publication",
    "retraction notice",
    "published erratum",
    "expression of concern",
}


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Without the running number before each reference, which the format does not know."""

    DEFAULT_LIST_TAGS = (*rispy.RisWriter.DEFAULT_LIST_TAGS, "LA", "M3")

    def set_header(self, count: int) -> str:
        return ""


def to_ris(records: Iterable[Record]) -> str:
    """RIS, as reference managers and tools for screening (Rayyan, Covidence) read it; with abstracts, if we hold any.

    >>> "DO  - 10.1000/a" in to_ris([Record(source="person", key="a", doi="10.1000/a")])
    True
    """
    return str(rispy.dumps([_filled(_ris(record)) for record in records], implementation=_Writer))


def to_bibtex(records: Iterable[Record]) -> str:
    """BibTeX in UTF-8.

    >>> to_bibtex([Record(source="person", key="a", title="One")]).split(",")[0]
    '@article{a'
    """
    entries: dict[str, Entry] = {}
    for record in records:
        name = re.sub(r"[^\w:.+/-]", "", record.id) or "record"
        while name in entries:
            name += "x"
        fields = {field: _braced(text) for field, text in _filled(_bibtex(record)).items()}
        authors = [_person(author) for author in record.authors]
        kind = "incollection" if _chapter(record) else "book" if record.kind == "book" else "article"
        entries[name] = Entry(kind, fields=fields, persons={"author": authors} if authors else {})
    return str(BibliographyData(entries=entries).to_string("bibtex"))


def to_csl_json(records: Iterable[Record]) -> str:
    """CSL-JSON (citation-style-language/schema, csl-data), as Zotero and pandoc read it.

    >>> json.loads(to_csl_json([Record(source="person", key="a", pmid="1")]))[0]["PMID"]
    '1'
    """
    return json.dumps([_filled(_csl(record)) for record in records], ensure_ascii=False, indent=2) + "\n"


def _ris(record: Record) -> dict[str, Any]:
    first, last = _pages(record)
    chapter = _chapter(record)
    return {
        "type_of_reference": "CHAP" if chapter else "BOOK" if record.kind == "book" else "JOUR",
        "id": record.id,
        "title": record.title,
        "authors": [_last_first(author) for author in record.authors],
        "year": str(record.year or ""),
        "date": record.published.iso.replace("-", "/") if len(record.published.iso) > 4 else "",
        "abstract": abstract_text(record),
        "keywords": list(record.keywords),
        "language": list(record.languages),
        "type_of_work": _types(record),
        "journal_name": record.journal.title or record.journal.abbreviation,
        "alternate_title2": record.journal.abbreviation,
        "secondary_title": record.book_title,
        "volume": record.volume,
        "number": record.issue,
        "start_page": first,
        "end_page": last,
        "issn": record.journal.issn,
        "doi": record.doi,
        "accession_number": record.pmid,
        "custom2": record.pmcid,  # where EndNote and Zotero keep it
        "name_of_database": "PubMed" if record.pmid else "",
        "urls": _links(record),
        "notes": remarks(record),
    }


def _bibtex(record: Record) -> dict[str, str]:
    first, last = _pages(record)
    return {
        "title": record.title,
        "journal": record.journal.title or record.journal.abbreviation,
        "booktitle": record.book_title if _chapter(record) else "",
        "year": str(record.year or ""),
        "volume": record.volume,
        "number": record.issue,
        "pages": f"{first}--{last}" if last else first,
        "issn": record.journal.issn,
        "doi": record.doi,
        "pmid": record.pmid,
        "pmcid": record.pmcid,
        "note": "; ".join(remarks(record)),
    }


def _csl(record: Record) -> dict[str, Any]:
    date = [int(part) for part in record.published.iso.split("-") if part] if record.published.iso else []
    if not date and record.year:
        date = [record.year]
    return {
        "id": record.id,
        "type": "chapter" if _chapter(record) else "book" if record.kind == "book" else "article-journal",
        "title": record.title,
        "author": [_csl_name(author) for author in record.authors],
        "issued": {"date-parts": [date]} if date else {},
        "container-title": record.book_title or record.journal.title or record.journal.abbreviation,
        "container-title-short": record.journal.abbreviation,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "ISSN": record.journal.issn,
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "note": "; ".join(remarks(record)),
    }


def abstract_text(record: Record) -> str:
    """The abstract in one piece, headings in capitals before a colon, as PubMed prints it.

    >>> from ..records.model import Section
    >>> abstract_text(Record(source="person", abstract=(Section(label="Aim", text="To see."), Section(text="Seen."))))
    'AIM: To see. UNLABELLED: Seen.'
    """
    labelled = any(section.label for section in record.abstract)
    parts = (
        f"{section.label.upper() or 'UNLABELLED'}: {section.text}" if labelled else section.text
        for section in record.abstract
    )
    return " ".join(parts)


def _types(record: Record) -> list[str]:
    """The publication types that decide how a record is to be read, in NLM's words."""
    types = [term.name for term in record.publication_types if term.name.lower() in _TYPES]
    retracted = "retracted publication" in map(str.lower, types)
    return types if retracted or record.status is not Status.RETRACTED else [*types, "Retracted Publication"]


def remarks(record: Record) -> list[str]:
    """What a reference list must not lose: a status other than current, identifiers not yet verified."""
    remarks = [str(record.status).upper()] if record.status in FLAGGED else []
    if record.unverified:
        remarks.append(f"entered from memory, not yet verified: {', '.join(record.unverified)}")
    return remarks


def _links(record: Record) -> list[str]:
    return [link for link in map(source_link, record.identifiers) if link]


def _chapter(record: Record) -> bool:
    return record.kind == "book" and bool(record.book_title) and record.book_title != record.title


def _pages(record: Record) -> tuple[str, str]:
    """First and last page; a last page printed short ("304-11") is completed.

    >>> _pages(Record(source="person", pages="304-11"))
    ('304', '311')
    """
    found = _PAGES.fullmatch(record.pages)
    if not found:
        return record.pages.strip(), ""
    first, last = found.groups()
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first, last


def _last_first(author: Author) -> str:
    if author.collective:
        return author.collective
    return ", ".join(part for part in (author.last, author.fore or _dotted(author.initials), author.suffix) if part)


def _csl_name(author: Author) -> dict[str, str]:
    if author.collective:
        return {"literal": one_line(author.collective)}
    names = {"family": author.last, "given": author.fore or _dotted(author.initials), "suffix": author.suffix}
    return {part: one_line(name) for part, name in names.items() if name}


def _person(author: Author) -> Person:
    if author.collective:
        return Person(last=f"{{{_braced(author.collective)}}}")
    given = author.fore or _dotted(author.initials)
    return Person(first=_braced(given), last=f"{{{_braced(author.last)}}}", lineage=_braced(author.suffix))


def _dotted(initials: str) -> str:
    return " ".join(f"{initial}." for initial in initials)


def _braced(text: str) -> str:
    """Text that BibTeX can hold: on one line, and without braces, which it would take for its own."""
    return one_line(text).replace("{", "(").replace("}", ")").replace("\\", "/")


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    """Only what has a value, each text on one line."""
    clean = {
        name: one_line(value)
        if isinstance(value, str)
        else [one_line(v) if isinstance(v, str) else v for v in value]
        if isinstance(value, list)
        else value
        for name, value in fields.items()
    }
    return {name: value for name, value in clean.items() if value}
