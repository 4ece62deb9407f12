"""A record: what NLM (or a person) holds about one work. Frozen, typed, JSON round trip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from ..vocabulary import Status

# Files of records are written by hand too: what stands there is held to this as they are read.
_ISO = msgspec.Meta(pattern=r"\A([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A date as printed and as far as it can be trusted.

    `iso` holds what is certain ("2009", "2009-11" or "2009-11-03"); `precision` is one of
    year, month, day, season, range, unknown; `verbatim` is the source's own string.
    """

    iso: Annotated[str, _ISO] = ""
    precision: str = "unknown"
    verbatim: str = ""

    @property
    def year(self) -> int | None:
        return int(self.iso[:4]) if self.iso else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of an abstract: its printed label, NLM's category (BACKGROUND, METHODS, …) and its text."""

    text: str
    label: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherAbstract:
    """An abstract in another language or from another source (`type`)."""

    language: str
    type: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person (`last` set) or a group (`collective` set)."""

    last: str = ""
    fore: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""
    orcid: str = ""
    affiliations: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name in citation form, e.g. "Sigtermans MJ" or "Smith J Jr"."""
        return self.collective or " ".join(part for part in (self.last, self.initials, self.suffix) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    title: str = ""
    abbreviation: str = ""
    issn: str = ""
    nlm_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A controlled term with its unique identifier (empty in old records)."""

    name: str
    ui: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualifier:
    name: str
    ui: str = ""
    major: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshHeading:
    """A MeSH heading. `major` is true when the descriptor or any qualifier is a major topic."""

    name: str
    ui: str = ""
    major: bool = False
    qualifiers: tuple[Qualifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    id: str = ""
    agency: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chemical:
    name: str
    ui: str = ""
    registry_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A link to another record that changes how this one is to be read; `type` as NLM names it (RefType)."""

    type: str
    citation: str = ""
    pmid: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A trial registry number (or another databank accession)."""

    registry: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    citation: str = ""
    pmid: str = ""
    pmcid: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a full text. `locator` is stable, e.g. "sec2.p3"; `section` is its heading path."""

    text: str
    locator: str
    section: str = ""
    section_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a full text, with its raw XML. `grid` has spans resolved: each row as wide as the widest."""

    locator: str
    label: str = ""
    caption: str = ""
    footnotes: tuple[str, ...] = ()
    grid: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0
    xml: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """The body of an open article. An article whose body is not open has none (None), never an empty one."""

    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One work.

    Attributes:
        key: citation key given by a person (bundled review: "sigtermans2009"), or made for an export that has no
            identifier; empty for NCBI's records.
        source: who holds it: "pubmed", "pmc", "medline" (a .nbib file); "person" (entered by hand); or what another
            database exported: "ris", "bibtex", "spreadsheet".
        kind: "article" or "book".
        title: without markup; `title_markup` keeps the inline markup; `vernacular_title` as printed.
        doi: the one that counts; `other_dois` the rest (ArticleIdList before ELocationID, valid before not).
        published: date of the issue; `published_online`: date of the electronic article.
        citation_status: NLM's status of the citation ("MEDLINE", "Publisher", …).
        article_type: the JATS article-type attribute.
        unverified: names of identifiers or facts that were entered from memory and not yet seen
            ("pmid", "pmcid", "doi", "pii", "bibliography"); always empty for NCBI's records.
        sha256: hash of the raw bytes this was read from; empty for a person's entry.
        notes: what the reader of the record had to say ("abstract truncated at 250 words").
    """

    source: str
    key: str = ""
    kind: str = "article"
    pmid: str = ""
    version: int = 1
    pmcid: str = ""
    doi: str = ""
    other_dois: tuple[str, ...] = ()
    pii: str = ""
    title: str = ""
    title_markup: str = ""
    vernacular_title: str = ""
    book_title: str = ""
    abstract: tuple[Section, ...] = ()
    other_abstracts: tuple[OtherAbstract, ...] = ()
    authors: tuple[Author, ...] = ()
    journal: Journal = Journal()
    published: Date = Date()
    published_online: Date = Date()
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publication_types: tuple[Term, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    chemicals: tuple[Chemical, ...] = ()
    citation_status: str = ""
    languages: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    registrations: tuple[Registration, ...] = ()
    references: tuple[Reference, ...] = ()
    full_text: FullText | None = None
    article_type: str = ""
    unverified: tuple[str, ...] = ()
    sha256: str = ""
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The name this record goes by in a review: its key, else PMID, PMCID or DOI with prefix.

        >>> Record(source="pubmed", pmid="19604642").id
        'PMID:19604642'
        """
        if self.key:
            return self.key
        return next(iter(self.identifiers), "")

    @property
    def identifiers(self) -> tuple[str, ...]:
        """All identifiers with prefix: "PMID:…", "PMCID:…", "DOI:…" (DOIs in lower case)."""
        found = [f"PMID:{self.pmid}"] if self.pmid else []
        found += [f"PMCID:{self.pmcid}"] if self.pmcid else []
        found += [f"DOI:{doi.lower()}" for doi in (self.doi, *self.other_dois) if doi]
        return tuple(found)

    @property
    def year(self) -> int | None:
        """Year of the issue, failing that of the electronic article."""
        return self.published.year or self.published_online.year

    @property
    def short(self) -> str:
        """First author and year, e.g. "Sigtermans 2009"; without authors the first words of the title."""
        if self.authors:
            who = self.authors[0].last or self.authors[0].collective
        else:
            who = f"“{' '.join((self.title or self.book_title or 'untitled').split()[:4])} …”"
        return f"{who} {self.year or 'n.d.'}"

    @property
    def status(self) -> Status:
        """Status from correction links and publication types, the gravest that applies.

        A retraction or correction *notice* is not itself retracted or corrected. An entry made by hand, or exported
        by another database, that says nothing of the kind is "not checked", never "current".
        Rule: NLM, "Errata, Retractions, and Other Linked Citations in PubMed".
        """
        types = {term.name.lower() for term in self.publication_types}
        links = {correction.type.lower() for correction in self.corrections}
        if "retracted publication" in types or links & {"retractionin", "retractedandrepublishedin"}:
            return Status.RETRACTED
        if types & _NOTICE_TYPES or links & {"retractionof", "erratumfor", "expressionofconcernfor"}:
            return Status.NOTICE
        if "expressionofconcernin" in links:
            return Status.CONCERN
        if links & {"erratumin", "correctedandrepublishedin"}:
            return Status.CORRECTED
        return Status.CURRENT if self.source in NLM_SOURCES else Status.NOT_CHECKED


NLM_SOURCES = frozenset({"pubmed", "pmc", "medline"})  # whose silence on retractions and errata means something
_NOTICE_TYPES = {
    "retraction of publication",
    "retraction notice",
    "published erratum",
    "expression of concern",
}


def to_json(record: Record) -> bytes:
    """The record as one line of JSON; fields at their default are left out.

    >>> from_json(to_json(Record(source="person", key="a1"))) == Record(source="person", key="a1")
    True
    """
    return msgspec.json.encode(_without_defaults(record))


def from_json(line: bytes | str) -> Record:
    """The record of a line written by `to_json`.

    Raises:
        msgspec.ValidationError: names the field that does not fit, e.g. "at `$.authors[0].last`".
    """
    try:
        return msgspec.json.decode(line, type=Record)
    except RecursionError:
        raise msgspec.ValidationError("it is nested too deeply") from None


def _without_defaults(value: object) -> object:
    if isinstance(value, tuple):
        return [_without_defaults(item) for item in value]
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is None:
        return value
    return {
        name: _without_defaults(getattr(value, name))
        for name, field in fields.items()
        if getattr(value, name) != field.default
    }
