"""What the stand-in indexes of a record. Read here on its own: the parser under test must not vouch for itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lxml import etree

MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True)


@dataclass(frozen=True)
class Facts:
    """The indexed parts of one record; ISO days, "" and () where there is nothing."""

    id: str
    version: int = 1
    title: str = ""
    abstract: str = ""
    headings: tuple[tuple[str, bool], ...] = ()  # MeSH heading, and whether it or a qualifier of it is a major topic
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[tuple[str, str, str], ...] = ()  # last name or collective name, initials, forename
    journal: tuple[str, str] = ("", "")  # abbreviation, full title
    issn: str = ""
    nlm_id: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    keywords: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()  # ("doi", "10…"), ("pmc", "PMC…"), ("pii", …)
    published: tuple[
        str, ...
    ] = ()  # ISO days of the print and the electronic date; a missing month or day is the first
    pubdate: str = ""  # as printed
    edat: str = ""
    crdt: str = ""
    lr: str = ""
    status: str = ""
    references: tuple[str, ...] = ()  # cited PMIDs
    comments: tuple[tuple[str, str, str], ...] = ()  # RefType, RefSource, PMID
    body: str = ""
    book: bool = False

    def identifier(self, kind: str) -> str:
        return next((value for each, value in self.identifiers if each == kind), "")

    def words(self, field: str) -> str:
        """Normalised text of a search field: TITL, TIAB, AB, OTRM, SUBS, WORD or ALL."""
        if field not in self._words:
            self._words[field] = normal(" | ".join(self._texts(field)))
        return self._words[field]

    @cached_property
    def _words(self) -> dict[str, str]:
        return {}

    def _texts(self, field: str) -> list[str]:
        match field:
            case "TITL":
                return [self.title]
            case "AB":
                return [self.abstract]
            case "OTRM":
                return [*self.keywords]
            case "SUBS":
                return [*self.substances]
            case "TIAB":
                return [self.title, self.abstract, *self.keywords]
            case "WORD":
                return [*self._texts("TIAB"), *(name for name, _ in self.headings), *self.substances, *self.types]
        names = [name for last, initials, fore in self.authors for name in (f"{last} {initials}", f"{fore} {last}")]
        return [*self._texts("WORD"), *names, *self.journal, *(value for _, value in self.identifiers), self.body]


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Lower-case words between single spaces, accents folded, one "|" where a field or value ends.

    >>> normal("S(+)-Ketamine | naïve")
    ' s ketamine | naive '
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " " + " ".join(re.findall(r"[^\W_]+|\|", plain)) + " "


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _iso(year: str, month: str = "", day: str = "") -> str:
    month = month.strip().lower()
    number = int(month) if month.isdigit() else MONTHS.get(month[:3], SEASONS.get(month, 1))
    return f"{int(year):04}-{min(max(number, 1), 12):02}-{min(max(int(day or 1), 1), 31):02}"


def _day(element: etree._Element | None) -> str:
    if element is None:
        return ""
    year = element.findtext("Year")
    if year and year.strip().isdigit():
        day = (element.findtext("Day") or "").strip()
        return _iso(year, element.findtext("Month") or element.findtext("Season") or "", day if day.isdigit() else "")
    printed = element.findtext("MedlineDate") or ""
    found = re.search(r"(?:1[5-9]|20)\d\d", printed)
    if not found:
        return ""
    month = re.search(r"\b(" + "|".join([*MONTHS, *SEASONS]) + r")", printed, re.IGNORECASE)
    return _iso(found[0], month[1] if month else "")


def pubmed_facts(content: bytes) -> Facts:
    """Facts of a PubmedArticle or PubmedBookArticle.

    Raises:
        ValueError: no well-formed record with a PMID.
    """
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    book = root.tag == "PubmedBookArticle"
    citation = root.find("BookDocument" if book else "MedlineCitation")
    pmid = None if citation is None else citation.find("PMID")
    number = "" if pmid is None else (pmid.text or "").strip()
    if citation is None or pmid is None or not number.isdigit():
        raise ValueError("the record has no PMID")
    article = citation if book else citation.find("Article")
    data = root.find("PubmedBookData" if book else "PubmedData")
    if article is None:
        raise ValueError("the record has no Article")
    history = {d.get("PubStatus"): _day(d) for d in root.iterfind("*/History/PubMedPubDate")}
    issue = article.find("Journal/JournalIssue")
    printed = article.find("Book/PubDate") if book else article.find("Journal/JournalIssue/PubDate")
    identifiers = [
        (i.get("IdType", "pubmed"), _text(i))
        for i in (() if data is None else data.iterfind("ArticleIdList/ArticleId"))
    ]
    known = {value.lower() for _, value in identifiers}
    for place in article.iterfind("ELocationID"):
        if place.get("ValidYN", "Y") == "Y" and _text(place).lower() not in known:
            identifiers.append((place.get("EIdType", "doi"), _text(place)))
    title = _text(article.find("ArticleTitle")) or (_text(article.find("Book/BookTitle")) if book else "")
    days = [_day(printed), *(_day(d) for d in article.iterfind("ArticleDate"))]
    return Facts(
        id=str(int(number)),
        version=int(pmid.get("Version", "1")),
        title=title,
        abstract=" | ".join(_text(a) for a in article.iterfind("Abstract/AbstractText")),
        headings=tuple(
            (_text(h.find("DescriptorName")), any(part.get("MajorTopicYN") == "Y" for part in h))
            for h in citation.iterfind("MeshHeadingList/MeshHeading")
        ),
        types=tuple(_text(t) for t in article.iterfind(".//PublicationType")),
        languages=tuple(_text(t) for t in article.iterfind("Language")),
        authors=tuple(
            (
                a.findtext("CollectiveName") or a.findtext("LastName") or "",
                a.findtext("Initials") or "",
                a.findtext("ForeName") or "",
            )
            for a in article.iterfind("AuthorList/Author")
        ),
        journal=(citation.findtext("MedlineJournalInfo/MedlineTA") or "", article.findtext("Journal/Title") or ""),
        issn=article.findtext("Journal/ISSN") or "",
        nlm_id=citation.findtext("MedlineJournalInfo/NlmUniqueID") or "",
        volume=("" if issue is None else issue.findtext("Volume")) or "",
        issue=("" if issue is None else issue.findtext("Issue")) or "",
        pages=article.findtext("Pagination/MedlinePgn") or "",
        keywords=tuple(_text(k) for k in citation.iterfind("KeywordList/Keyword")),
        substances=tuple(_text(s) for s in citation.iterfind("ChemicalList/Chemical/NameOfSubstance")),
        identifiers=tuple(identifiers),
        published=tuple(day for day in days if day),
        pubdate=" ".join(_text(part) for part in (() if printed is None else printed)),
        edat=history.get("pubmed") or history.get("entrez") or "",
        crdt=history.get("entrez") or history.get("pubmed") or "",
        lr=_day(citation.find("DateRevised")),
        status=citation.get("Status", ""),
        references=tuple(_text(i) for i in root.iterfind(".//ReferenceList//ArticleId") if i.get("IdType") == "pubmed"),
        comments=tuple(
            (c.get("RefType", ""), c.findtext("RefSource") or "", c.findtext("PMID") or "")
            for c in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
        ),
        book=book,
    )


def jats_facts(content: bytes) -> Facts:
    """Facts of a JATS article.

    Raises:
        ValueError: no well-formed article with a PMCID.
    """
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    meta = root.find("front/article-meta")
    if meta is None:
        raise ValueError("the article has no article-meta")
    ids = {i.get("pub-id-type", ""): _text(i) for i in meta.iterfind("article-id")}
    number = (ids.get("pmc") or ids.get("pmcid") or ids.get("pmcaid") or "").upper().removeprefix("PMC")
    if not number.isdigit():
        raise ValueError("the article has no PMCID")
    date = meta.find("pub-date")
    parts = ("" if date is None else (date.findtext(name) or "") for name in ("year", "month", "day"))
    year, month, day = parts
    return Facts(
        id=number,
        title=_text(meta.find("title-group/article-title")),
        abstract=_text(meta.find("abstract")),
        identifiers=tuple((kind, value) for kind, value in ids.items()),
        journal=(
            _text(root.find("front/journal-meta/journal-id")),
            _text(root.find("front/journal-meta//journal-title")),
        ),
        published=(_iso(year, month, day),) if year.isdigit() else (),
        pubdate=year,
        body=_text(root.find("body")),
    )
