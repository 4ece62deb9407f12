"""Read PubMed XML: articles and books, sets of any size."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from ..errors import InputError
from .answers import Format, identify, ncbi_error
from .cutting import Piece, Source, chunks_of, cut, name_of, recoded
from .dates import date_in, date_of
from .ids import clean_doi, clean_orcid, clean_pmcid, one_doi
from .model import (
    Author,
    Chemical,
    Correction,
    Date,
    Grant,
    Journal,
    MeshHeading,
    OtherAbstract,
    Qualifier,
    Record,
    Reference,
    Registration,
    Section,
    Term,
)
from .problems import Kind, Problem, report
from .xml import Unreadable, markup_of, parse, squeeze, text_of

_Element = etree._Element
TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_ENVELOPE = re.compile(
    rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]{0,4000}\]\s*)?>|</?Pubmed(?:Book)?ArticleSet\b[^>]*>", re.DOTALL
)
_SET_OPENS = re.compile(rb"<Pubmed(?:Book)?ArticleSet\b(?![^>]*/>)")
_SET_CLOSES = re.compile(rb"</Pubmed(?:Book)?ArticleSet\s*>")
_SET_END = b"</PubmedArticleSet>"
# Elements of NLM's DTD (pubmed_250101.dtd); new ones are counted, so that they are not missed. Mark-up is lower case.
_ELEMENTS = frozenset(
    b"""Abstract AbstractText AccessionNumber AccessionNumberList Acronym Affiliation AffiliationInfo Agency Article
    ArticleDate ArticleId ArticleIdList ArticleTitle Author AuthorList BeginningDate Book BookDocument BookDocumentSet
    BookTitle Chemical ChemicalList Citation CitationSubset CoiStatement CollectionTitle CollectiveName
    CommentsCorrections CommentsCorrectionsList ContractNumber ContributionDate CopyrightInformation Country DataBank
    DataBankList DataBankName DateCompleted DateCreated DateRevised Day DescriptorName DispFormula ELocationID Edition
    EndPage EndingDate ForeName GeneSymbol GeneSymbolList GeneralNote Grant GrantID GrantList History Hour
    ISOAbbreviation ISSN ISSNLinking Identifier Initials Investigator InvestigatorList Isbn Issue Item ItemList Journal
    JournalIssue Keyword KeywordList Language LastName LocationLabel Medium MedlineCitation MedlineDate
    MedlineJournalInfo MedlinePgn MedlineTA MeshHeading MeshHeadingList Minute Month NameOfSubstance NlmUniqueID Note
    NumberOfReferences Object ObjectList OtherAbstract OtherID PMID Pagination Param PersonalNameSubject
    PersonalNameSubjectList PubDate PubMedPubDate PublicationStatus PublicationType PublicationTypeList Publisher
    PublisherLocation PublisherName PubmedArticle PubmedBookArticle PubmedBookData PubmedData QualifierName RefSource
    Reference ReferenceList RegistryNumber ReportNumber Season Second Section SectionTitle Sections SpaceFlightMission
    StartPage Suffix SupplMeshList SupplMeshName Title URL VernacularTitle Volume VolumeTitle Year
    """.split()
)
_OPENED = re.compile(rb"<([A-Z][\w.-]*)(?=[\s/>])")
_DTD = re.compile(rb"pubmed_(\d{6})\.dtd")
_NEWEST_DTD = 250101
_PMID = re.compile(rb"<PMID[^>]*>\s*(\d{1,10})\s*<")
_OWN_PMID = re.compile(
    rb"<(?:MedlineCitation|BookDocument|PubmedArticle)\b[^>]*>\s*<PMID[^>]*>\s*(\d{1,10})\s*<"
)  # never a cited one
_TRUNCATED_ABSTRACT = re.compile(r"ABSTRACT TRUNCATED(?: AT (\d+) WORDS)?")


def iter_pubmed(source: Source, *, problems: list[Problem] | None = None) -> Iterator[Record]:
    """Records of PubMed XML, one after another, in flat memory.

    A damaged record is left out and reported with its number and, where readable, its PMID; so are a
    truncated input, withdrawn PMIDs (DeleteCitation) and a valid set that is empty (which is an answer,
    "none", and no error).

    Args:
        source: a path, an open binary file or bytes; plain or gzip, any declared encoding.
        problems: gets what could not be read. Without it the first loss is raised instead.

    Raises:
        InputError: the input is an error answer or not PubMed XML; or, without `problems`, at a loss.

    >>> citation = b'<MedlineCitation Status="MEDLINE"><PMID>1</PMID></MedlineCitation>'
    >>> xml = b"<PubmedArticleSet><PubmedArticle>" + citation + b"</PubmedArticle></PubmedArticleSet>"
    >>> [(record.pmid, record.citation_status) for record in iter_pubmed(xml)]
    [('1', 'MEDLINE')]
    """
    encoding, chunks = recoded(chunks_of(source), name_of(source))
    walk = _Walk(name_of(source), encoding, problems)
    for piece in cut(chunks, TAGS):
        if piece.kind == "between":
            walk.pass_by(piece.raw)
        elif piece.kind == "end":
            walk.report(piece.note, Kind.TRUNCATED)
        elif piece.kind == "fragment":
            walk.drop(piece)
        elif record := walk.read(piece):
            yield record
    walk.finish()


@dataclass
class _Walk:
    """What has been seen of one input so far, and what to say about it."""

    file: str
    encoding: str
    problems: list[Problem] | None
    head: bytes = b""  # what stood before the first record, as far as needed to name the format
    number: int = 0  # of the record at hand, damaged ones included
    kept: int = 0
    opened: int = 0  # sets
    closed: int = 0
    deletions: bool = False
    unknown: Counter[bytes] = field(default_factory=Counter)  # elements that no field is read from

    def report(self, reason: str, kind: Kind, pmids: tuple[str, ...] = (), place: str = "") -> None:
        where = ", ".join(part for part in (self.file, place) if part) or "input"
        report(Problem(where, reason, kind, pmids), self.problems)

    def lose(self, raw: bytes, reason: str, kind: Kind = Kind.QUARANTINED) -> None:
        """Report a damaged record under its number and, where readable, its PMID."""
        self.number += 1
        pmid = _OWN_PMID.search(raw)
        pmids = (pmid[1].decode(),) if pmid else ()
        self.report(reason, kind, pmids, f"record {self.number}" + (f" (PMID {pmids[0]})" if pmids else ""))

    def drop(self, piece: Piece) -> None:
        """Report a record that is not closed: cut off with the input, or damaged at its end tag."""
        closes = len(_SET_CLOSES.findall(piece.raw))
        self.closed += closes
        whole = closes or "end of the input" not in piece.note
        note = "it has no end tag" if closes else piece.note
        self.lose(piece.raw, note, Kind.QUARANTINED if whole else Kind.TRUNCATED)

    def pass_by(self, raw: bytes) -> None:
        """Look at what stands between records: the envelope, or something that should not be there."""
        if not self.number:
            self.head = (self.head + raw)[:100_000]
            self.refuse_other_formats()
        self.opened += len(_SET_OPENS.findall(raw))
        self.closed += len(_SET_CLOSES.findall(raw))
        stray = _ENVELOPE.sub(b"", raw).strip()
        if not stray or _SET_END.startswith(stray):
            return
        message = ncbi_error(stray)
        if message and not self.number:
            raise InputError(f"NCBI answered with an error: {message}", where=self.file, next_step="Fetch again")
        if self.number or b"<Pubmed" in self.head:
            what = f"{len(stray)} bytes that belong to no readable record"
            self.lose(stray, f"NCBI reports an error: {message}" if message else what)

    def refuse_other_formats(self, more: bytes = b"") -> None:
        """Raise where the beginning already shows an error or another format; damage is left to the cutting."""
        head = self.head + more
        try:
            if head.strip():
                identify(head, self.file)
        except InputError:
            damaged = b"<Pubmed" in head and not head.lstrip().startswith((b'"', b"'"))
            if not damaged or b"<!ENTITY" in head or ncbi_error(head):
                raise

    def read(self, piece: Piece) -> Record | None:
        """The record of a piece; None when there is none to be had, which is reported."""
        if not self.number:
            self.refuse_other_formats(piece.raw[:100])
            self.notice_newer_dtd()
        if piece.tag == "DeleteCitation":
            self.deletions = True
            gone = tuple(pmid.decode() for pmid in _PMID.findall(piece.raw))
            self.report(f"NLM has withdrawn {len(gone)} PMIDs: {', '.join(gone)}", Kind.DELETED, gone)
            return None
        try:
            record = _read(piece.raw, piece.tag, self.encoding)
        except Unreadable as error:
            self.lose(piece.raw, str(error))
            return None
        self.number += 1
        self.kept += 1
        opened = _OPENED.findall(piece.raw)
        if new := set(opened) - _ELEMENTS:
            self.unknown += Counter(name for name in opened if name in new)
        return record

    def notice_newer_dtd(self) -> None:
        dtd = _DTD.search(self.head)
        if dtd and int(dtd[1]) > _NEWEST_DTD:
            reason = f"written for NLM's DTD {dtd[1].decode()}, newer than {_NEWEST_DTD}: what is new in it is not read"
            self.report(reason, Kind.NOTICE)

    def finish(self) -> None:
        """At the end of the input: was it whole, and was it records at all?"""
        if self.unknown:
            names = ", ".join(f"<{name.decode()}> ({count})" for name, count in sorted(self.unknown.items()))
            self.report(f"elements that NLM's DTD did not have, and that are not read: {names}", Kind.NOTICE)
        if not self.number and not self.deletions:
            if identify(self.head, self.file) is not Format.PUBMED:
                raise InputError("the file holds records, but not PubMed XML", where=self.file, expected="PubMed XML")
            if not self.closed and _SET_OPENS.search(self.head):
                what = "the set is cut off before its first record"
                raise InputError(what, where=self.file, next_step="Fetch it again")
            self.report("a valid set without any record", Kind.EMPTY)
        elif self.opened > self.closed:
            reason = f"the set is not closed: cut off after {self.kept} readable records, more may be missing"
            self.report(reason, Kind.TRUNCATED)


def _read(raw: bytes, tag: str, encoding: str) -> Record:
    root = parse(raw, encoding)
    record = _book(root, raw) if tag == "PubmedBookArticle" else _article(root, raw)
    if not record.identifiers:
        raise Unreadable("it has no PMID, PMCID or DOI to go by")
    return record


def _article(root: _Element, raw: bytes) -> Record:
    top = _children(root)
    if "MedlineCitation" not in top:
        raise Unreadable("it has no MedlineCitation")
    node = top["MedlineCitation"]
    citation = _children(node)
    article_node = citation.get("Article")
    article = _children(article_node)
    data = _children(top.get("PubmedData"))
    ids = [(item.get("IdType", ""), item.text or "") for item in _under(data, "ArticleIdList")]
    pii = next((squeeze(text) for kind, text in ids if kind == "pii"), "")
    dois = [(text, True) for kind, text in ids if kind == "doi"]
    if "ELocationID" in article and article_node is not None:
        for item in article_node.iterchildren("ELocationID"):
            if item.get("EIdType") == "doi":
                dois.append((item.text or "", item.get("ValidYN") != "N"))
            elif not pii:
                pii = squeeze(item.text or "")
    doi, other_dois, notes = one_doi(dois)
    title = article.get("ArticleTitle")
    journal = _children(article.get("Journal"))
    issue = _children(journal.get("JournalIssue"))
    medline_journal = _children(citation.get("MedlineJournalInfo"))
    abstract = _abstract(article.get("Abstract"))
    links, cited = _corrections(_under(citation, "CommentsCorrectionsList"))
    pmid, version = _pmid(citation.get("PMID"))
    return Record(
        source="pubmed",
        pmid=pmid,
        version=version,
        pmcid=next((clean_pmcid(text) for kind, text in ids if kind == "pmc"), ""),
        doi=doi,
        other_dois=other_dois,
        pii=pii,
        title=text_of(title),
        title_markup=markup_of(title),
        vernacular_title=text_of(article.get("VernacularTitle")),
        abstract=abstract,
        other_abstracts=_other_abstracts(node) if "OtherAbstract" in citation else (),
        authors=_authors(article.get("AuthorList")),
        journal=Journal(
            title=text_of(journal.get("Title")),
            abbreviation=text_of(medline_journal.get("MedlineTA")) or text_of(journal.get("ISOAbbreviation")),
            issn=text_of(journal.get("ISSN")) or text_of(medline_journal.get("ISSNLinking")),
            nlm_id=text_of(medline_journal.get("NlmUniqueID")),
        ),
        published=_date(issue.get("PubDate")),
        published_online=_date(article.get("ArticleDate")),
        volume=text_of(issue.get("Volume")),
        issue=text_of(issue.get("Issue")),
        pages=_pages(article.get("Pagination")),
        publication_types=_terms(_under(article, "PublicationTypeList")),
        mesh=tuple(_heading(item) for item in _under(citation, "MeshHeadingList")),
        keywords=_keywords(node) if "KeywordList" in citation else (),
        grants=_grants(article.get("GrantList")),
        chemicals=_chemicals(_under(citation, "ChemicalList")),
        citation_status=node.get("Status", ""),
        languages=tuple(text_of(item) for item in article_node.iterchildren("Language"))
        if article_node is not None
        else (),
        corrections=links,
        registrations=_registrations(_under(article, "DataBankList")),
        references=cited + _references(data),
        sha256=hashlib.sha256(raw).hexdigest(),
        notes=notes + _abstract_notes(abstract),
    )


def _book(root: _Element, raw: bytes) -> Record:
    top = _children(root)
    if "BookDocument" not in top:
        raise Unreadable("it has no BookDocument")
    node = top["BookDocument"]
    document = _children(node)
    book_node = document.get("Book")
    book = _children(book_node)
    data = _children(top.get("PubmedBookData"))
    lists = (*_under(document, "ArticleIdList"), *_under(data, "ArticleIdList"))
    ids = [(item.get("IdType", ""), item.text or "") for item in lists]
    elsewhere = [] if book_node is None else [(i.text or "", True) for i in book_node.iterchildren("ELocationID")]
    doi, other_dois, notes = one_doi([(text, True) for kind, text in ids if kind == "doi"] + elsewhere)
    book_title = text_of(book.get("BookTitle"))
    title = document.get("ArticleTitle")
    if title is None or not text_of(title):
        title = book.get("BookTitle")
    abstract = _abstract(document.get("Abstract"))
    pmid, version = _pmid(document.get("PMID"))
    return Record(
        source="pubmed",
        kind="book",
        pmid=pmid,
        version=version,
        pmcid=next((clean_pmcid(text) for kind, text in ids if kind == "pmc"), ""),
        doi=doi,
        other_dois=other_dois,
        pii=next((squeeze(text) for kind, text in ids if kind in ("pii", "bookaccession")), ""),
        title=text_of(title),
        title_markup=markup_of(title),
        vernacular_title=text_of(document.get("VernacularTitle")),
        book_title=book_title,
        abstract=abstract,
        other_abstracts=_other_abstracts(node) if "OtherAbstract" in document else (),
        authors=_book_authors(node) or _book_authors(book_node),
        published=_date(book.get("PubDate")),
        volume=text_of(book.get("Volume")),
        pages=_pages(document.get("Pagination")),
        publication_types=_terms(() if (found := document.get("PublicationType")) is None else (found,)),
        keywords=_keywords(node) if "KeywordList" in document else (),
        grants=_grants(document.get("GrantList")),
        languages=tuple(text_of(item) for item in node.iterchildren("Language")),
        references=_references(document),
        sha256=hashlib.sha256(raw).hexdigest(),
        notes=notes + _abstract_notes(abstract),
    )


def _children(node: _Element | None) -> dict[str, _Element]:
    """Children by tag, the first of each."""
    return {} if node is None else {child.tag: child for child in node.iterchildren(reversed=True)}


def _under(parent: dict[str, _Element], tag: str) -> Iterable[_Element]:
    """Children of a list element, none if the list is absent."""
    return parent.get(tag, ())


def _pmid(node: _Element | None) -> tuple[str, int]:
    if node is None:
        return "", 1
    pmid, version = squeeze(node.text or ""), node.get("Version", "1")
    return (pmid.lstrip("0") if pmid.isascii() and pmid.isdigit() else ""), (
        int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 1
    )


def _abstract(node: _Element | None) -> tuple[Section, ...]:
    """Labelled parts; an empty one is left out, and the label UNLABELLED is none."""
    found = []
    for part in () if node is None else node.iterchildren("AbstractText"):
        text = text_of(part)
        if text:
            label = squeeze(part.get("Label", ""))
            label = "" if label == "UNLABELLED" else label
            found.append(Section(text=text, label=label, category=part.get("NlmCategory", "")))
    return tuple(found)


def _abstract_notes(abstract: tuple[Section, ...]) -> tuple[str, ...]:
    for section in abstract:
        if match := _TRUNCATED_ABSTRACT.search(section.text):
            return (f"abstract truncated at {match[1]} words" if match[1] else "abstract truncated",)
    return ()


def _other_abstracts(node: _Element) -> tuple[OtherAbstract, ...]:
    return tuple(
        OtherAbstract(language=item.get("Language", ""), type=item.get("Type", ""), sections=sections)
        for item in node.iterchildren("OtherAbstract")
        if (sections := _abstract(item))
    )


def _authors(node: _Element | None) -> tuple[Author, ...]:
    """Authors in order, without those that NLM marked as spelt wrongly (ValidYN "N")."""
    found = []
    for author in () if node is None else node:
        if author.get("ValidYN") == "N":
            continue
        last = fore = initials = suffix = collective = orcid = ""
        affiliations: tuple[str, ...] = ()
        for part in author:
            tag = part.tag
            if tag == "LastName":
                last = text_of(part)
            elif tag == "ForeName":
                fore = text_of(part)
            elif tag == "Initials":
                initials = text_of(part)
            elif tag == "AffiliationInfo":
                affiliations += tuple(text for item in part.iterchildren("Affiliation") if (text := text_of(item)))
            elif tag == "Suffix":
                suffix = text_of(part)
            elif tag == "CollectiveName":
                collective = text_of(part)
            elif tag == "Identifier" and part.get("Source", "").upper() == "ORCID":
                orcid = clean_orcid(part.text or "")
            elif tag == "Affiliation":  # before 2015
                affiliations += (text_of(part),)
        if last or fore or collective:
            found.append(
                Author(
                    last=last or ("" if collective else fore),
                    fore=fore if last else "",
                    initials=initials,
                    suffix=suffix,
                    collective=collective,
                    orcid=orcid,
                    affiliations=affiliations,
                )
            )
    return tuple(found)


def _book_authors(node: _Element | None) -> tuple[Author, ...]:
    """Authors of a chapter or book; its editors where it names no authors."""
    lists = () if node is None else tuple(node.iterchildren("AuthorList"))
    of_type = {item.get("Type", "authors"): _authors(item) for item in lists}
    return of_type.get("authors") or of_type.get("editors") or ()


def _date(node: _Element | None) -> Date:
    if node is None:
        return Date()
    part = {child.tag: squeeze(child.text or "") for child in node}
    if "MedlineDate" in part:
        return date_in(part["MedlineDate"])
    return date_of(part.get("Year", ""), part.get("Month", ""), part.get("Day", ""), part.get("Season", ""))


def _pages(node: _Element | None) -> str:
    part = _children(node)
    pages = text_of(part.get("MedlinePgn"))
    start, end = text_of(part.get("StartPage")), text_of(part.get("EndPage"))
    return pages or (f"{start}-{end}" if start and end else start)


def _terms(nodes: Iterable[_Element]) -> tuple[Term, ...]:
    return tuple(Term(name=text_of(item), ui=item.get("UI", "")) for item in nodes)


def _heading(node: _Element) -> MeshHeading:
    name = ui = ""
    major = False
    qualifiers = []
    for part in node:
        is_major = part.get("MajorTopicYN") == "Y"
        major = major or is_major
        if part.tag == "DescriptorName":
            name, ui = text_of(part), part.get("UI", "")
        else:
            qualifiers.append(Qualifier(name=text_of(part), ui=part.get("UI", ""), major=is_major))
    return MeshHeading(name=name, ui=ui, major=major, qualifiers=tuple(qualifiers))


def _keywords(node: _Element) -> tuple[str, ...]:
    words = (text_of(word) for each in node.iterchildren("KeywordList") for word in each)
    return tuple(dict.fromkeys(word for word in words if word))


def _grants(node: _Element | None) -> tuple[Grant, ...]:
    found = []
    for grant in () if node is None else node:
        part = _children(grant)
        found.append(
            Grant(
                id=text_of(part.get("GrantID")),
                agency=text_of(part.get("Agency")),
                country=text_of(part.get("Country")),
            )
        )
    return tuple(found)


def _chemicals(nodes: Iterable[_Element]) -> tuple[Chemical, ...]:
    found = []
    for chemical in nodes:
        name = ui = number = ""
        for part in chemical:
            if part.tag == "NameOfSubstance":
                name, ui = text_of(part), part.get("UI", "")
            else:
                number = squeeze(part.text or "")
        found.append(Chemical(name=name, ui=ui, registry_number="" if number == "0" else number))
    return tuple(found)


def _corrections(nodes: Iterable[_Element]) -> tuple[tuple[Correction, ...], tuple[Reference, ...]]:
    """Links to other records; the type "Cites" of old records is a reference."""
    links, cited = [], []
    for node in nodes:
        part = _children(node)
        pmid, citation = _pmid(part.get("PMID"))[0], text_of(part.get("RefSource"))
        kind = node.get("RefType", "")
        if kind == "Cites":
            cited.append(Reference(citation=citation, pmid=pmid))
        else:
            links.append(Correction(type=kind, citation=citation, pmid=pmid, note=text_of(part.get("Note"))))
    return tuple(links), tuple(cited)


def _registrations(nodes: Iterable[_Element]) -> tuple[Registration, ...]:
    found = []
    for node in nodes:
        part = _children(node)
        registry = text_of(part.get("DataBankName"))
        found += [Registration(registry=registry, number=text_of(item)) for item in _under(part, "AccessionNumberList")]
    return tuple(found)


def _references(data: dict[str, _Element]) -> tuple[Reference, ...]:
    if "ReferenceList" not in data:
        return ()
    parent = data["ReferenceList"].getparent()
    found = []
    for node in () if parent is None else parent.iterchildren("ReferenceList"):
        for reference in node.iter("Reference"):
            citation, ids = "", {}
            for part in reference:
                if part.tag == "Citation":
                    citation = text_of(part)
                elif part.tag == "ArticleIdList":
                    ids = {item.get("IdType"): item.text or "" for item in part}
            found.append(
                Reference(
                    citation=citation,
                    pmid=squeeze(ids.get("pubmed", "")),
                    pmcid=clean_pmcid(ids.get("pmc", "")) if "pmc" in ids else "",
                    doi=clean_doi(ids.get("doi", "")) if "doi" in ids else "",
                )
            )
    return tuple(found)
