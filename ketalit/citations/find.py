"""Find the works a page cites: identifiers, links, reference lists with their footnote numbers, and vague mentions.

Only extracts; `resolve` says which works these are. Nothing is ever looked up here.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from ..identifiers import Identifier
from ..page import Page, page_of_text
from ..sentences import split_sentences
from .footnotes import Mark, footnote_marks, marks_by_entry
from .links import Hit, find_hits, leads_to_article, title_in_link
from .mentions import find_mentions
from .references import Block, covered, read_reference, reference_lists


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
    blocks = reference_lists(view.masked, [hit.start for hit in view.hits if hit.identifier or hit.written])
    marks = footnote_marks(view.masked, blocks, view.raised, view.anchors)
    found = [*_from_lists(view, blocks, marks), *_from_hits(view, blocks)]
    found += [*_without_entry(view, blocks, marks), *_from_mentions(view, blocks, marks)]
    return tuple(sorted(found, key=lambda citation: (citation.passage.start, citation.passage.end, citation.kind)))


def other_links(page: Page, citations: Sequence[Citation]) -> tuple[str, ...]:
    """Addresses on the page that were not taken for citations, so that nobody has to wonder.

    `citations` may hold those of other pages too.

    >>> page = page_of_text("Visit us at https://clinic.example or read https://doi.org/10.1000/x.")
    >>> other_links(page, find_citations(page))
    ('https://clinic.example',)
    """
    spans = [(item.passage.start, item.passage.end + 1) for item in citations if item.page == page.source]
    inside = covered(len(page.text) + 1, spans)
    return tuple(dict.fromkeys(hit.url for hit in _View(page).hits if hit.url and not inside[hit.start]))


# --- what a page holds before anything is interpreted

# Superscript and full-width characters as plain ones, one for one.
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹０１２３４５６７８９：／．", "01234567890123456789:/.")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹]+(?:[,–-][⁰¹²³⁴-⁹]+)*")
# A line feed ends a sentence; one that only wraps a line of text does not.
_WRAP = re.compile(r"(?<=[^\s.?!:])[ \t]?\n(?=[ \t]*[a-zà-ÿ(])")
_SAYS_NOTHING = re.compile(r"(?i)\b(?:sources?|see|links?|ref(?:erence)?s?|doi|pmid|pmcid|pubmed|pmc)\b")
_NEAR = 400  # characters around a link in which its sentence may say what it leads to
_CITING = re.compile(
    r"\b(?:stud(?:y|ies)|research|according to|published|journal|articles?|trials?|reviews?|evidence|meta-analys.s)\b",
    re.IGNORECASE,
)


class _View:
    """A page with its sentences, its hits, and its text with the hits blanked; offsets agree in all of them."""

    def __init__(self, page: Page) -> None:
        self.page, self.text = page, page.text
        self.raised = [*page.raised, *(found.span() for found in _RAISED.finditer(self.text))]
        self.anchors = [(link.start, link.end) for link in page.links if link.href.startswith("#")]
        self.flat = self.text.translate(_PLAIN)
        self.hits = find_hits(page, self.flat)
        self.sentences = split_sentences(_WRAP.sub(lambda found: " " * len(found.group()), self.text))
        self._starts = [start for start, _ in self.sentences]
        self._carriers: dict[int, Passage] = {}
        self.articles = {hit for hit in self.hits if not hit.identifier and self._is_article(hit)}
        masked = list(self.flat)
        for hit in self.hits:
            # The words of a link that cites nothing stay: "a 2019 study" may be such a link.
            if hit.identifier or hit.written or hit in self.articles:
                masked[hit.start : hit.end] = "\x00" * (hit.end - hit.start)
        self.masked = "".join(masked)

    def _is_article(self, hit: Hit) -> bool:
        """Whether a link without identifier leads to an article, by its address or else by the words around it."""
        leads = leads_to_article(hit.url, self.page.source)
        if leads is not None or not self.sentences:
            return bool(leads)
        start, end = self.sentences[self._index(hit.start)]
        before, after = max(start, hit.start - _NEAR), min(end, hit.end + _NEAR)
        return bool(_CITING.search(self.flat, before, hit.start) or _CITING.search(self.flat, hit.end, after))

    def passage(self, start: int, end: int) -> Passage:
        return Passage(self.text[start:end], start, end)

    def _index(self, position: int) -> int:
        """Number of the sentence at a position, or the last before it."""
        return max(0, bisect.bisect_right(self._starts, position) - 1)

    def sentence(self, start: int, end: int) -> Passage:
        """The sentence that carries a stretch; where that holds nothing but the citation, the one before."""
        if not self.sentences:
            return self.passage(start, end)
        found = self._carrier(self._index(start))
        return found if found.start <= end else self.passage(start, end)

    def marked(self, mark: Mark) -> Passage:
        """The sentence that a footnote number marks; one after its full stop ("It fell. (1) Later …") marks that."""
        start = mark.start
        while start and self.text[start - 1] == " ":
            start -= 1
        begins_line = start == 0 or self.text[start - 1] == "\n"
        return self.sentence(mark.start if begins_line else start - 1, mark.end)

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


# --- citations of each kind


def _from_lists(view: _View, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Citation]:
    meant = marks_by_entry(blocks, marks)
    starts = [hit.start for hit in view.hits]
    for entry in (entry for block in blocks for entry in block if entry.start < entry.end):
        mine = meant.get(entry, [])
        passage = view.passage(entry.start, entry.end)
        label = entry.label if mine or not entry.counted else ""
        citation = Citation(
            kind=CitationKind.REFERENCE,
            passage=passage,
            sentences=tuple(dict.fromkeys(view.marked(mark) for mark in mine)) or (passage,),
            label=label,
            note="numbered by its place in a list without numbers" if label and entry.counted else "",
            page=view.page.source,
            **asdict(read_reference(view.masked[entry.start : entry.end])),
        )
        inside = slice(bisect.bisect_left(starts, entry.start), bisect.bisect_left(starts, entry.end))
        yield from _identified(view, citation, view.hits[inside])


def _identified(view: _View, entry: Citation, hits: Sequence[Hit]) -> Iterator[Citation]:
    """An entry with what its links and identifiers say; an entry that names several works is several citations."""
    known = [hit for hit in hits if hit.identifier]
    identifiers = tuple(dict.fromkeys(hit.identifier for hit in known if hit.identifier))
    if not identifiers:
        link = next((hit for hit in hits if hit in view.articles or (hit.url and hit.written)), None)
        if link:
            title = entry.title or _title_of(view, link)
            entry = replace(entry, kind=CitationKind.WEB_ARTICLE, url=link.url, title=title)
        yield entry
    elif len(identifiers) == len({identifier.kind for identifier in identifiers}):
        url = next((hit.url for hit in known if hit.url), "")
        kind = CitationKind.LINK if all(hit.url for hit in known) else CitationKind.IDENTIFIER
        yield replace(entry, kind=kind, identifiers=identifiers, url=url)
    else:
        for hit in known:
            yield _of_hit(view, hit, sentences=entry.sentences, label=entry.label, note=entry.note)


def _from_hits(view: _View, blocks: Sequence[Block]) -> Iterator[Citation]:
    """Identifiers and links in running text."""
    listed = _listed(view, blocks)
    for hit in view.hits:
        if not listed[hit.start] and (hit.identifier or hit in view.articles):
            # A link whose text is a footnote number: "[1]" that leads straight to the work.
            number = re.fullmatch(r"\s*[\[(]?\^?(\d{1,3})[\])]?\s*", view.flat[hit.start : hit.end])
            sentence = view.sentence(hit.start, hit.end)
            yield _of_hit(view, hit, sentences=(sentence,), label=number.group(1) if number else "")


def _of_hit(view: _View, hit: Hit, *, sentences: tuple[Passage, ...], label: str, note: str = "") -> Citation:
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


def _title_of(view: _View, hit: Hit) -> str:
    """Title words of a linked article: the text of its link, failing that its address."""
    words = view.text[hit.start : hit.end].split()
    return " ".join(words) if len(words) >= 4 else title_in_link(hit.url)


def _without_entry(view: _View, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Citation]:
    known = {entry.label for block in blocks for entry in block}
    for mark in marks:
        missing = [label for label in mark.labels if label not in known]
        if mark.sure and missing:
            yield Citation(
                kind=CitationKind.FOOTNOTE,
                passage=view.passage(mark.start, mark.end),
                sentences=(view.marked(mark),),
                label=",".join(missing),
                page=view.page.source,
            )


def _from_mentions(view: _View, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Citation]:
    listed = _listed(view, blocks)
    outside = [(start, end) for start, end in view.sentences if not any(listed[start:end])]
    numbers: dict[Passage, list[str]] = {}
    for mark in marks:
        numbers.setdefault(view.marked(mark), []).extend(mark.labels)
    for mention in find_mentions(view.masked, outside):
        sentence = view.passage(*mention.sentence)
        yield Citation(
            kind=CitationKind.MENTION,
            passage=view.passage(mention.start, mention.end),
            sentences=(sentence,),
            label=",".join(dict.fromkeys(numbers.get(sentence, ()))),
            note=mention.note,
            page=view.page.source,
            **asdict(mention.said),
        )


def _listed(view: _View, blocks: Sequence[Block]) -> bytearray:
    """Which characters stand in a list of references; one more, for a link at the very end."""
    return covered(len(view.text) + 1, [(entry.start, entry.end) for block in blocks for entry in block])
