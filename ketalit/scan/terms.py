"""A PubMed query judged on one record, without PubMed: what can be told from the record itself.

What this can do: words, phrases and truncation (`ketamin*`) in title, abstract, keywords, headings and substances;
headings, publication types, languages, years and PMIDs by name; AND, OR and NOT from left to right, as PubMed does.

What it cannot: a heading stands for itself, not for those below it in MeSH's tree; an untagged word is not translated
into headings and synonyms; words are compared as they are spelled (no folding of accents). A tag that cannot be judged
from a record ("[au]", "[sb]", a filter) never rules a record out. A local answer thus differs from PubMed's on both
sides; `ketalit search NAME` has PubMed's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..errors import InputError
from ..queries import parts
from ..records.model import Record
from ..telling import cut

_WORD = re.compile(r"\w+")
_YEARS = re.compile(r"(\d{4})[\d/]*(?::(\d{4})[\d/]*)?")
_TEXTS = {
    **dict.fromkeys(("ti", "title"), "title"),
    **dict.fromkeys(("ab", "abstract"), "abstract"),
    **dict.fromkeys(("tiab", "title/abstract"), "tiab"),
    **dict.fromkeys(("", "tw", "text word", "text words", "all", "all fields"), "all"),
    **dict.fromkeys(("ot", "other term"), "keywords"),
}
_NAMES = {
    **dict.fromkeys(("mh", "mesh", "mesh terms"), "mesh"),
    **dict.fromkeys(("majr", "mesh major topic"), "major"),
    **dict.fromkeys(("pt", "ptyp", "publication type"), "types"),
    **dict.fromkeys(("nm", "substance name", "supplementary concept"), "substances"),
    **dict.fromkeys(("la", "lang", "language"), "languages"),
    **dict.fromkeys(("uid", "pmid"), "pmid"),
}
_DATES = frozenset({"dp", "pdat", "date - publication", "publication date"})
_MARKUP = (b"i>", b"b>", b"u>", b"sub>", b"sup>")
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]{1,8})|(\d{1,9}));")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a query: what was written, its field as judged here ("" where it cannot be), and its words."""

    written: str
    field: str
    words: tuple[str, ...]
    phrase: bool = False
    open_end: bool = False
    years: tuple[int, int] = (0, 9999)


@dataclass(frozen=True, slots=True)
class Join:
    """Parts of a query from left to right: the first, then each with the operator before it."""

    first: Node
    then: tuple[tuple[str, Node], ...]


Node = Term | Join


class Query:
    """A query that can be held against records.

    Raises:
        InputError: brackets or quotes are not closed, an operator has nothing beside it, or there is no term at all.

    >>> query = Query('ketamine[tiab] AND "chronic pain" NOT review[pt]')
    >>> query.keeps(Record(source="pubmed", title="Ketamine in chronic pain"))
    True
    >>> query.keeps(Record(source="pubmed", title="Esketamine in chronic pain"))
    False
    """

    def __init__(self, text: str):
        self.text = text
        self.root = _Parser(text).parsed()

    @property
    def unjudged(self) -> tuple[str, ...]:
        """The terms that cannot be judged from a record, as written: they rule nothing out."""
        return tuple(dict.fromkeys(term.written for term in _terms(self.root) if not term.field))

    @property
    def headings(self) -> tuple[str, ...]:
        """The terms that PubMed would widen by what stands below them in MeSH's tree."""
        return tuple(dict.fromkeys(term.written for term in _terms(self.root) if term.field in ("mesh", "major")))

    def keeps(self, record: Record) -> bool:
        """Whether the query does not rule a record out."""
        return self.keeps_indexed(Indexed(record))

    def keeps_indexed(self, indexed: Indexed) -> bool:
        """As `keeps`, for a record whose words have been looked up before."""
        return _judge(self.root, indexed.holds) is not False

    def may_keep(self, raw: Raw) -> bool:
        """Whether a record could be kept, from its XML alone: a fast look that never says no where `keeps` says yes.

        >>> Query("ketamine").may_keep(Raw(b"<ArticleTitle>Propofol</ArticleTitle>"))
        False
        """
        return _judge(self.root, raw.could_hold) is not False


class Raw:
    """The XML of a record, to be looked through for words before it is parsed."""

    def __init__(self, xml: bytes):
        low = xml.partition(b"<PubmedData>")[0].lower()  # behind it: history, numbers and references, no words to find
        self._opaque = b"<!" in low or b"mml:" in low  # letters of one word may stand apart in comments and formulas
        for tag in _MARKUP:
            if b"<" + tag in low:
                low = low.replace(b"<" + tag, b"").replace(b"</" + tag, b"")
        if b"&#" in low:
            low = _REFERENCE.sub(_referred, low).lower()
        self._low = low
        self._known: dict[str, bool] = {}

    def could_hold(self, term: Term) -> bool | None:
        """False where a term cannot be met; None where it could."""
        return None if self._opaque or all(map(self._has, term.words)) else False

    def _has(self, word: str) -> bool:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._look(word)
        return known

    def _look(self, word: str) -> bool:
        if len(word) < 2 or not word.isascii():  # one letter is in every record; others are written in many ways
            return True
        if any(not there and part in word for part, there in self._known.items()):  # no ketamine, no esketamine
            return False
        return word.encode() in self._low


def _referred(reference: re.Match[bytes]) -> bytes:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return chr(number).encode() if number < 128 else b"\xff"


class Indexed:
    """The words of a record by field, looked up when first asked for."""

    def __init__(self, record: Record):
        self.record = record

    def holds(self, term: Term) -> bool | None:
        """Whether a term is met; None where a record cannot tell."""
        if term.field == "year":
            years = {date.year for date in (self.record.published, self.record.published_online)} - {None}
            return any(term.years[0] <= (year or 0) <= term.years[1] for year in years) if years else None
        if not term.field or not term.words:
            return None
        if term.field in _NAMES.values():
            wanted = " ".join(term.words)
            names: tuple[str, ...] = getattr(self, term.field)
            return any(name.startswith(wanted) if term.open_end else name == wanted for name in names)
        text: str = getattr(self, term.field)
        end = "" if term.open_end else " "
        if term.phrase:
            return f" {' '.join(term.words)}{end}" in text
        return all(f" {word} " in text for word in term.words[:-1]) and f" {term.words[-1]}{end}" in text

    @cached_property
    def title(self) -> str:
        """Words of the title, of a book's too."""
        return _spaced(f"{self.record.title}\n{self.record.book_title}")

    @cached_property
    def abstract(self) -> str:
        """Words of the abstracts, those in other languages too."""
        others = (section for other in self.record.other_abstracts for section in other.sections)
        sections = (*self.record.abstract, *others)
        return _spaced("\n".join(f"{section.label}: {section.text}" for section in sections))

    @cached_property
    def keywords(self) -> str:
        """Words of the keywords."""
        return _spaced("\n".join(self.record.keywords))

    @cached_property
    def tiab(self) -> str:
        """Title, abstract and keywords, as PubMed takes them together."""
        return f"{self.title}\n{self.abstract}\n{self.keywords}"

    @cached_property
    def all(self) -> str:
        """Words of every field that an untagged term is looked for in."""
        return "\n".join(("", self.tiab, *(f" {name} " for name in (*self.mesh, *self.substances, *self.types)), ""))

    @cached_property
    def mesh(self) -> tuple[str, ...]:
        """Headings."""
        return tuple(_plain(heading.name) for heading in self.record.mesh)

    @cached_property
    def major(self) -> tuple[str, ...]:
        """Headings that are major topics."""
        return tuple(_plain(heading.name) for heading in self.record.mesh if heading.major)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """Publication types."""
        return tuple(_plain(term.name) for term in self.record.publication_types)

    @cached_property
    def substances(self) -> tuple[str, ...]:
        """Substances."""
        return tuple(_plain(chemical.name) for chemical in self.record.chemicals)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Codes of languages."""
        return tuple(_plain(language) for language in self.record.languages)

    @cached_property
    def pmid(self) -> tuple[str, ...]:
        """The PMID."""
        return (self.record.pmid,)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _spaced(text: str) -> str:
    return "\n".join(f" {_plain(line)} " for line in text.splitlines())


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    else:
        yield from _terms(node.first)
        for _, part in node.then:
            yield from _terms(part)


def _judge(node: Node, holds: Callable[[Term], bool | None]) -> bool | None:
    """Three-valued: None is "cannot be told"."""
    if isinstance(node, Term):
        return holds(node)
    left = _judge(node.first, holds)
    for operator, part in node.then:
        decided = operator == "OR"  # one that is met decides OR, one that is not decides AND and NOT
        if left is decided:
            continue
        right = _judge(part, holds)
        if operator == "NOT":
            right = None if right is None else not right
        left = decided if right is decided else None if left is None or right is None else not decided
    return left


class _Parser:
    """Reads a query from left to right; AND, OR and NOT bind alike, as in PubMed."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = [(part.kind, part.text) for part in parts(text)]
        for kind, mark in self.tokens:
            if kind == "alone":
                raise self.wrong(f"“{mark}” stands alone")
        self.at = 0

    def wrong(self, what: str) -> InputError:
        return InputError(f"the query cannot be read: {what}", where=f"“{cut(self.text, 80)}”")

    def parsed(self) -> Node:
        node = self.group(depth=0)
        if self.at < len(self.tokens):
            raise self.wrong("a bracket closes that was not opened")
        return node

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def group(self, depth: int) -> Node:
        if depth > 100:
            raise self.wrong("brackets within brackets, more than 100 deep")
        first, then = self.operand(depth), []
        while self.peek() not in ("", "close"):
            operator = self.take() if self.peek() == "operator" else "AND"
            if operator == "AND" and self.peek() == "operator" and self.tokens[self.at][1] == "NOT":
                operator = self.take()
            then.append((operator, self.operand(depth)))
        return Join(first, tuple(then)) if then else first

    def operand(self, depth: int) -> Node:
        kind = self.peek()
        if kind == "open":
            self.take()
            node = self.group(depth + 1)
            if self.peek() != "close":
                raise self.wrong("a bracket is not closed")
            self.take()
            return node
        if kind == "quoted":
            return self.term(self.take(), phrase=True)
        if kind == "word":
            words = [self.take()]
            while self.peek() == "word":
                words.append(self.take())
            return self.term(" ".join(words), phrase=False)
        raise self.wrong("there is no term" if not self.tokens else "an operator, a bracket or a tag lacks its term")

    def term(self, text: str, *, phrase: bool) -> Term:
        tag = self.take() if self.peek() == "tag" else ""
        name = tag.partition(":")[0].strip().lower()
        written = (f"“{text}”" if phrase else text) + (f"[{tag}]" if tag else "")
        if name in _DATES:
            years = _YEARS.fullmatch(text.strip())
            span = (int(years[1]), int(years[2] or years[1])) if years else (0, 0)
            return Term(written, "year" if years else "", (), years=span)
        field = _TEXTS.get(name) or _NAMES.get(name, "")
        stem = text.partition("/")[0] if field in ("mesh", "major") else text  # a qualifier is passed over
        words = tuple(_WORD.findall(stem.lower())) if field else ()
        # "s-ketamine" without quotes is two words that belong together
        together = phrase or len(text.split()) == 1
        return Term(written, field if words else "", words, together, text.rstrip().endswith("*"))
