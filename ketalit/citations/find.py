"""Find the works a page cites: identifiers, links, reference lists with their footnote numbers, and vague mentions.

Only extracts; `resolve` says which works these are. Nothing is ever looked up here.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from ..errors import InputError
from ..identifiers import Identifier, identifier_in_link, parse_identifier, trim_doi
from ..page import Page, page_of_text
from ..sentences import split_sentences
from .mentions import find_mentions
from .references import Block, Mark, covered, footnote_marks, marks_by_entry, read_reference, reference_lists


class CitationKind(StrEnum):
    """In which way a page points to a work."""

    IDENTIFIER = "identifier"  # written out
    LINK = "link"  # a link that holds an identifier
    WEB_ARTICLE = "web article"  # a link to an article, without an identifier
    REFERENCE = "reference"  # an entry of the reference list, without identifier or link
    MENTION = "unresolved mention"  # "a 2009 study by Dr. X"
    FOOTNOTE = "footnote without an entry"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the page: `page.text[start:end] == text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One pointer from a page to a work.

    Attributes:
        kind: in which way it points.
        passage: the words that point (the link's text, the identifier, the entry, the mention).
        sentences: the sentences that carry it, never empty: where its footnote number stands, else where it
            stands itself; an entry that no sentence refers to carries itself.
        label: the footnote number(s); several are joined by ",".
        identifiers: what it says the work is called; several when one reference gives several.
        url: the link, as it stands.
        year, names, title, journal, volume, first_page: what the words say of the work, as far as they do.
        note: a caveat, e.g. that the number was counted rather than printed.
        page: source of the page.
    """

    kind: CitationKind
    passage: Passage
    sentences: tuple[Passage, ...]
    label: str = ""
    identifiers: tuple[Identifier, ...] = ()
    url: str = ""
    year: int | None = None
    names: tuple[str, ...] = ()
    title: str = ""
    journal: str = ""
    volume: str = ""
    first_page: str = ""
    note: str = ""
    page: str = ""


def find_citations(page: Page | str) -> tuple[Citation, ...]:
    """All pointers to works on a page, in the order of the page.

    >>> page = page_of_text("Pain fell [1]. A 2019 study found more.\\n\\nReferences\\n1. Smith J. PMID: 123456")
    >>> [(str(c.kind), c.label, c.sentences[0].text) for c in find_citations(page)]
    [('unresolved mention', '', 'A 2019 study found more.'), ('identifier', '1', 'Pain fell [1].')]
    """
    view = _View(page if isinstance(page, Page) else page_of_text(page))
    blocks = reference_lists(view.masked, view.written_works)
    marks = footnote_marks(view.masked, blocks, view.raised, view.anchors)
    found = [*_from_lists(view, blocks, marks), *_from_hits(view, blocks)]
    found += [*_without_entry(view, blocks, marks), *_from_mentions(view, blocks, marks)]
    return tuple(sorted(found, key=lambda citation: (citation.passage.start, citation.passage.end, citation.kind)))


def other_links(page: Page, citations: Sequence[Citation]) -> tuple[str, ...]:
    """Addresses on the page that were not taken for citations, so that nobody has to wonder.

    >>> page = page_of_text("Visit us at https://clinic.example or read https://doi.org/10.1000/x.")
    >>> other_links(page, find_citations(page))
    ('https://clinic.example',)
    """
    inside = covered(len(page.text) + 1, [(item.passage.start, item.passage.end + 1) for item in citations])
    return tuple(dict.fromkeys(hit.url for hit in _View(page).hits if hit.url and not inside[hit.start]))


# --- what a page holds before anything is interpreted


@dataclass(frozen=True, slots=True)
class _Hit:
    """An identifier or a link, where it stands."""

    start: int
    end: int
    identifier: Identifier | None
    url: str = ""


# Superscript and full-width characters as plain ones, one for one.
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹０１２３４５６７８９：／．", "01234567890123456789:/.")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹]+(?:[,–-][⁰¹²³⁴-⁹]+)*")
_NOTE_AFTER_STOP = re.compile(
    r"[.?!][\"'”’»)]*\s?(?:\(\d[\d,;\s–-]{0,20}\)|\[\^?\w{1,8}\]|[⁰¹²³⁴-⁹,–]+)(?=\s+[A-Z“\"])"
)
# A line feed ends a sentence; one that only wraps a line of text does not.
_WRAP = re.compile(r"(?<=[^\s.?!:])[ \t]?\n(?=[ \t]*[a-zà-ÿ(])")
_SAYS_NOTHING = re.compile(r"(?i)\b(?:sources?|see|links?|ref(?:erence)?s?|doi|pmid|pmcid|pubmed|pmc)\b")


class _View:
    """A page with its sentences, its hits, and its text with the hits blanked; offsets agree in all of them."""

    def __init__(self, page: Page) -> None:
        self.page, self.text = page, page.text
        self.raised = [*page.raised, *(found.span() for found in _RAISED.finditer(self.text))]
        self.anchors = [(link.start, link.end) for link in page.links if link.href.startswith("#")]
        self.flat = self.text.translate(_PLAIN)
        self.hits = _find_hits(page, self.flat)
        self.sentences = _cut(self.text)
        self._starts = [start for start, _ in self.sentences]
        self._carriers: dict[int, Passage] = {}
        masked = list(self.flat)
        for hit in self.hits:
            # The words of a link that cites nothing stay: "a 2019 study" may be such a link.
            if hit.identifier or self.is_written_out(hit) or self.is_article(hit):
                masked[hit.start : hit.end] = "\x00" * (hit.end - hit.start)
        self.masked = "".join(masked)

    @property
    def written_works(self) -> list[int]:
        """Where identifiers, links that hold one, and addresses written out begin."""
        return [hit.start for hit in self.hits if hit.identifier or self.is_written_out(hit)]

    def is_written_out(self, hit: _Hit) -> bool:
        return bool(hit.url) and self.text[hit.start : hit.end].strip("/") in hit.url

    def is_article(self, hit: _Hit) -> bool:
        """Whether a link without identifier leads to an article rather than to a front page or a shop."""
        try:
            parts = urlsplit(re.sub(r"^(?!https?:)(?://)?", "https://", hit.url, flags=re.IGNORECASE))
            host = (parts.hostname or "").removeprefix("www.")
            own = (urlsplit(self.page.source).hostname or "").removeprefix("www.")
        except ValueError:
            return False
        if not hit.url or not host or host == own or _NO_ARTICLE_HOST.search(host) or not parts.path.strip("/"):
            return False
        if any(host == name or host.endswith(f".{name}") for name in _ARTICLE_HOSTS) or _ARTICLE_PATH.search(
            parts.path
        ):
            return True
        start, end = self.sentences[self.index(hit.start)] if self.sentences else (0, 0)
        before, after = max(start, hit.start - _NEAR), min(end, hit.end + _NEAR)
        return bool(_CITING.search(self.flat, before, hit.start) or _CITING.search(self.flat, hit.end, after))

    def passage(self, start: int, end: int) -> Passage:
        return Passage(self.text[start:end], start, end)

    def index(self, position: int) -> int:
        """Number of the sentence at a position, or the last before it."""
        return max(0, bisect.bisect_right(self._starts, position) - 1)

    def sentence(self, start: int, end: int) -> Passage:
        """The sentence that carries a stretch; where that holds nothing but the citation, the one before."""
        if not self.sentences:
            return self.passage(start, end)
        found = self._carrier(self.index(start))
        return found if found.start <= end else self.passage(start, end)

    def _carrier(self, index: int) -> Passage:
        if index not in self._carriers:
            first, last = self.sentences[index]
            bare = _SAYS_NOTHING.sub("", self.masked[first:last])
            if index and not re.search(r"[^\W\d_]{2,}", bare) and not re.match(r"[-*•\d]", bare):
                before = self.sentences[index - 1]
                if "\n\n" not in self.text[before[1] : first]:
                    first, last = before
            self._carriers[index] = self.passage(first, last)
        return self._carriers[index]


def _cut(text: str) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for start, end in split_sentences(_WRAP.sub(lambda found: " " * len(found.group()), text)):
        cut = start
        for found in _NOTE_AFTER_STOP.finditer(text, start, end):
            pieces.append((cut, found.end()))
            cut = found.end() + len(text[found.end() : end]) - len(text[found.end() : end].lstrip())
        pieces.append((cut, end))
    return [(start, end) for start, end in pieces if start < end]


# Hosts of journals, publishers, registries and magazines of the field.
_ARTICLE_HOSTS = (
    *(
        "uspharmacist.com",
        "medscape.com",
        "medscape.org",
        "nature.com",
        "sciencedirect.com",
        "springer.com",
        "wiley.com",
    ),
    *(
        "tandfonline.com",
        "sagepub.com",
        "oup.com",
        "bmj.com",
        "jamanetwork.com",
        "nejm.org",
        "thelancet.com",
        "lww.com",
    ),
    *("frontiersin.org", "mdpi.com", "plos.org", "biomedcentral.com", "hindawi.com", "karger.com", "dovepress.com"),
    *("cureus.com", "liebertpub.com", "psychiatryonline.org", "asahq.org", "cochranelibrary.com", "cochrane.org"),
    *(
        "clinicaltrials.gov",
        "nih.gov",
        "fda.gov",
        "who.int",
        "europepmc.org",
        "researchgate.net",
        "semanticscholar.org",
    ),
    *(
        "medrxiv.org",
        "biorxiv.org",
        "jstor.org",
        "elsevier.com",
        "cell.com",
        "science.org",
        "pnas.org",
        "cambridge.org",
    ),
    *("jpain.org", "bjanaesthesia.org", "painphysicianjournal.com", "practicalpainmanagement.com", "f1000research.com"),
)
_NO_ARTICLE_HOST = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|instagram|youtube|youtu|linkedin|pinterest|google|tiktok|yelp|reddit|goo|bit)\.\w+$"
)
_ARTICLE_PATH = re.compile(
    r"/(?:articles?|viewarticle|abstracts?|fulltext|publications?|papers?|journals?|stud(?:y|ies))/", re.IGNORECASE
)
_NEAR = 400  # characters around a link in which its sentence may say what it leads to
_CITING = re.compile(
    r"\b(?:stud(?:y|ies)|research|according to|published|journal|articles?|trials?|reviews?|evidence|meta-analys.s)\b",
    re.IGNORECASE,
)


_URL = re.compile(
    r"(?:https?://|www\.|(?<![\w./@-])(?:dx\.)?doi\.org/|(?<![\w./@-])(?:(?:pubmed|pmc|www)\.)?ncbi\.nlm\.nih\.gov/)"
    r"[^\s<>\"“”«»\x00-\x1f\x7f]+",
    re.IGNORECASE,
)
_PMIDS = re.compile(
    r"\b(?:PMID(?P<many>s)?|PubMed\s+IDs?)\s*[:#=]?\s*(?P<ids>\d{1,12}(?:v\d+)?(?:(?:\s*[,;]\s*|\s+and\s+|\s*&\s*)\d{1,12}\b)*)",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"\b(?:PMCID\s*[:#=]?\s*)?PMC\s?\d{3,12}\b(?:\.\d+\b)?|\bPMCID\s*[:#=]?\s*\d{3,12}\b", re.IGNORECASE
)
_DOI = re.compile(r"\b(?:doi\s*[:=]?\s*)?(?P<doi>10\.\d{4,9}(?:\.\d+)*/[^\s\"“”«»\x00-\x1f\x7f]+)", re.IGNORECASE)
_PII = re.compile(
    r"\b(?:PII\s*[:#=]?\s*)(?P<pii>S?\d{4}-?\d{3}[\dX](?:\(\d\d\)|\d\d)\d{5}-?[\dX])(?!\w)"
    r"|\b(?P<bare>S\d{4}-?\d{3}[\dX](?:\(\d\d\)|\d\d)\d{5}-?[\dX])(?!\w)",
    re.IGNORECASE,
)


def _find_hits(page: Page, text: str) -> tuple[_Hit, ...]:
    taken = bytearray(len(text))

    def free(start: int, end: int) -> bool:
        if any(taken[start:end]):
            return False
        taken[start:end] = b"\x01" * (end - start)
        return True

    hits = [
        _Hit(link.start, link.end, identifier_in_link(link.href), link.href)
        for link in page.links
        if not link.href.startswith("#") and re.match(r"(?:https?:)?//", link.href) and free(link.start, link.end)
    ]
    for found in _URL.finditer(text):
        url = trim_doi(found.group())
        if len(url) > 8 and free(found.start(), found.start() + len(url)):
            hits.append(_Hit(found.start(), found.start() + len(url), identifier_in_link(url), url))
    for start, end, written in _written(text):
        identifier = _try(written)
        if identifier and free(start, end):
            hits.append(_Hit(start, end, identifier))
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end)))


def _written(text: str) -> Iterator[tuple[int, int, str]]:
    """Identifiers written out: offsets, and what to parse."""
    for found in _DOI.finditer(text):
        doi = trim_doi(found["doi"])
        yield found.start("doi"), found.start("doi") + len(doi), f"doi:{doi}"
    for found in _PMIDS.finditer(text):
        numbers = list(re.finditer(r"\d+(?:v\d+)?", found["ids"]))
        for place, number in enumerate(numbers):
            # "PMID: 19604642, 2009": what follows a single PMID is another only when it is long enough for one.
            if place == 0 or found["many"] or len(number.group()) >= 6:
                start = found.start("ids") + number.start() if place else found.start()
                yield start, found.start("ids") + number.end(), f"PMID:{number.group()}"
    for found in _PMCID.finditer(text):
        yield found.start(), found.end(), found.group()
    for found in _PII.finditer(text):
        yield found.start(), found.end(), f"PII:{found['pii'] or found['bare']}"


def _try(written: str) -> Identifier | None:
    try:
        return parse_identifier(written)
    except InputError:  # a number that cannot be one: not a citation
        return None


# --- citations of each kind


def _from_lists(view: _View, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Citation]:
    meant = marks_by_entry(blocks, marks)
    starts = [hit.start for hit in view.hits]
    for block in blocks:
        for entry in block:
            if entry.start >= entry.end:
                continue
            mine = meant.get(entry, [])
            passage = view.passage(entry.start, entry.end)
            sentences = tuple(dict.fromkeys(view.sentence(mark.start, mark.end) for mark in mine))
            label = entry.label if mine or not entry.counted else ""
            said = read_reference(view.masked[entry.start : entry.end])
            citation = Citation(
                kind=CitationKind.REFERENCE,
                passage=passage,
                sentences=sentences or (passage,),
                label=label,
                year=said.year,
                names=said.names,
                title=said.title,
                journal=said.journal,
                volume=said.volume,
                first_page=said.first_page,
                note="numbered by its place in a list without numbers" if label and entry.counted else "",
                page=view.page.source,
            )
            inside = slice(bisect.bisect_left(starts, entry.start), bisect.bisect_left(starts, entry.end))
            yield from _identified(view, citation, view.hits[inside])


def _identified(view: _View, entry: Citation, hits: Sequence[_Hit]) -> Iterator[Citation]:
    """An entry with what its links and identifiers say; an entry that names several works is several citations."""
    known = [hit for hit in hits if hit.identifier]
    identifiers = tuple(dict.fromkeys(hit.identifier for hit in known if hit.identifier))
    kinds = [identifier.kind for identifier in identifiers]
    if not identifiers:
        link = next((hit for hit in hits if view.is_article(hit) or view.is_written_out(hit)), None)
        if link:
            title = entry.title or _title_of(view, link)
            yield replace(entry, kind=CitationKind.WEB_ARTICLE, url=link.url, title=title)
        else:
            yield entry
    elif len(kinds) == len(set(kinds)):
        url = next((hit.url for hit in known if hit.url), "")
        kind = CitationKind.LINK if all(hit.url for hit in known) else CitationKind.IDENTIFIER
        yield replace(entry, kind=kind, identifiers=identifiers, url=url)
    else:
        for hit in known:
            yield _citation(view, hit, entry.sentences, entry.label, entry.note)


def _from_hits(view: _View, blocks: Sequence[Block]) -> Iterator[Citation]:
    """Identifiers and links in running text."""
    inside = _inside(view, blocks)
    for hit in view.hits:
        if inside[hit.start] or not (hit.identifier or view.is_article(hit)):
            continue
        # A link whose text is a footnote number: "[1]" that leads straight to the work.
        number = re.fullmatch(r"\s*[\[(]?\^?(\d{1,3})[\])]?\s*", view.flat[hit.start : hit.end])
        yield _citation(view, hit, (view.sentence(hit.start, hit.end),), number.group(1) if number else "")


def _citation(view: _View, hit: _Hit, sentences: tuple[Passage, ...], label: str, note: str = "") -> Citation:
    kind = CitationKind.LINK if hit.url else CitationKind.IDENTIFIER
    return Citation(
        kind=kind if hit.identifier else CitationKind.WEB_ARTICLE,
        passage=view.passage(hit.start, hit.end),
        sentences=sentences,
        label=label,
        identifiers=(hit.identifier,) if hit.identifier else (),
        url=hit.url,
        title="" if hit.identifier else _title_of(view, hit),
        note=note,
        page=view.page.source,
    )


def _without_entry(view: _View, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Citation]:
    known = {entry.label for block in blocks for entry in block}
    for mark in marks:
        missing = [label for label in mark.labels if label not in known]
        if mark.sure and missing:
            yield Citation(
                kind=CitationKind.FOOTNOTE,
                passage=view.passage(mark.start, mark.end),
                sentences=(view.sentence(mark.start, mark.end),),
                label=",".join(missing),
                page=view.page.source,
            )


def _from_mentions(view: _View, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Citation]:
    inside = _inside(view, blocks)
    outside = [(start, end) for start, end in view.sentences if not any(inside[start:end])]
    numbers: dict[Passage, list[str]] = {}
    for mark in marks:
        numbers.setdefault(view.sentence(mark.start, mark.end), []).extend(mark.labels)
    for mention in find_mentions(view.masked, outside):
        sentence = view.passage(*outside[mention.sentence])
        yield Citation(
            kind=CitationKind.MENTION,
            passage=view.passage(mention.start, mention.end),
            sentences=(sentence,),
            label=",".join(dict.fromkeys(numbers.get(sentence, ()))),
            year=mention.year,
            names=mention.names,
            title=mention.title,
            journal=mention.journal,
            note=mention.note,
            page=view.page.source,
        )


def _inside(view: _View, blocks: Sequence[Block]) -> bytearray:
    """Which characters stand in a list of references; one more, for a link at the very end."""
    return covered(len(view.text) + 1, [(entry.start, entry.end) for block in blocks for entry in block])


def _title_of(view: _View, hit: _Hit) -> str:
    """Title words of a linked article: the text of its link, failing that the longest part of its path."""
    text = view.text[hit.start : hit.end]
    if len(text.split()) >= 4:
        return " ".join(text.split())
    try:
        path = urlsplit(hit.url).path
    except ValueError:
        return ""
    parts = [re.findall(r"[^\W\d_]{2,}", re.sub(r"\.\w{2,5}$", "", part)) for part in path.split("/")]
    words = max(parts, key=len, default=[])
    return " ".join(words) if len(words) >= 3 else ""
