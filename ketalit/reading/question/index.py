"""The sentences and table rows of a record, prepared once so that many questions can be asked of it."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ...records.model import Record, Table
from ...records.text import Part, Text, canonical_text
from ...sentences import split_sentences
from ..engine import AIM, BACKGROUND, CONCLUSION, METHODS, OTHER, RESULTS, TITLE, UNKNOWN, zone_of_label
from ..normal import normalise
from .terms import WORD, abbreviations, is_frame, stems

_SECTIONS = {
    "introduction": BACKGROUND,
    "methods": METHODS,
    "results": RESULTS,
    "discussion": CONCLUSION,
    "conclusions": CONCLUSION,
}
# How far a sentence is trusted to report a result of this study, by its place.
_ZONE_WEIGHT = {
    TITLE: 0.5,
    BACKGROUND: 0.3,
    AIM: 0.3,
    METHODS: 0.45,
    RESULTS: 1.0,
    CONCLUSION: 0.85,
    OTHER: 0.3,
    UNKNOWN: 0.8,
}
_SKIPPED = re.compile(
    r"author|competing|conflict|abbreviation|acknowledg|funding|history|supporting|disclosure|reference|ethic"
)
_CITED = re.compile(
    r"\bet al\b|\[\d+(?:[,–-] ?\d+)*\]|\b(?:previous|earlier|other|several|prior|recent|another) "
    r"(?:\w+ )?(?:stud(?:y|ies)|trials?|reports?|authors|investigators)\b|\bmeta-analys"
)
_PLANNED = re.compile(
    r"\b(?:was|were) (?:\w+ )?(?:measured|assessed|evaluated|recorded|calculated|defined|performed|analy[sz]ed|used|"
    r"randomi[sz]ed|randomly|recruited|enrolled|assigned|allocated|compared using|considered|tested|determined)\b|"
    r"\b(?:were|have been) (?:\w+ )?compared\b(?! (?:to|with))|\bmeasures included\b|\bwill be\b|\bwe hypothes|"
    r"\bto (?:assess|compare|evaluate|determine|investigate)\b|\bsample size|\bpower of\b"
)
_SUPPOSED = re.compile(
    r"\b(?:would|could|may|might|should) (?:\w+ )?(?:need|have|be|result|lead|explain|produce|increase|reduce)\b"
)
_ENTRY = re.compile(
    r"\bbaseline (?:characteristics|demographic|data)|\bdemographic|\bat baseline\b|^(?:the )?pre-?(?:induction|"
    r"operative|treatment|test|intervention)\b|^baseline\b|\bbefore (?:the )?(?:randomi|treatment|intervention)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence (or a table row, with `start` -1) and its words."""

    start: int
    end: int
    quote: str
    norm: str
    zone: str
    weight: float
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    near: frozenset[str]
    locator: str
    following: str = ""


class Index:
    """A record prepared for questions.

    Attributes:
        text: its canonical text.
        lines: sentences of title, abstract and body in order.
        abbreviations: what its abbreviations stand for.
    """

    def __init__(self, record: Record):
        self.record = record
        self.text: Text = canonical_text(record)
        self.abbreviations = abbreviations(self.text.text)
        self.lines: tuple[Line, ...] = tuple(self._lines())
        counts: Counter[str] = Counter()
        for line in self.lines:
            counts.update(line.words)
        total = len(self.lines) + 1
        self._rarity = {word: math.log(1 + total / (1 + count)) for word, count in counts.items()}
        self._unseen = math.log(1 + total)

    def rarity(self, token: str) -> float:
        """How much a word of a question tells: rare words more, words that only frame an outcome little."""
        weight = self._rarity.get(token, self._unseen)
        if token[0].isdigit():
            return 0.5 * weight
        return 0.3 * weight if is_frame(token) else weight

    def _lines(self) -> Iterator[Line]:
        for part in self.text.parts:
            zone = _zone(part)
            if not zone and _SKIPPED.search(part.label.lower()):
                continue
            heading = (
                frozenset(stems(normalise(part.label).text.rpartition(" > ")[2]))
                if part.kind == "body"
                else frozenset()
            )
            before: frozenset[str] = frozenset()
            spans = split_sentences(self.text.text[part.start : part.end])
            norms = [normalise(self.text.text[part.start + start : part.start + end]).text for start, end in spans]
            for place, (start, end) in enumerate(spans):
                quote = self.text.text[part.start + start : part.start + end]
                norm = norms[place]
                words, pairs = self._words(norm)
                yield Line(
                    part.start + start,
                    part.start + end,
                    quote,
                    norm,
                    zone,
                    _weight(norm, zone, part.kind),
                    words,
                    pairs,
                    before | heading,
                    part.locator or part.kind,
                    norms[place + 1] if place + 1 < len(norms) else "",
                )
                before = words

    def _words(self, norm: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
        tokens = stems(norm)
        words = set(tokens)
        for word in WORD.findall(norm):
            words.update(self.abbreviations.get(word, ()))
        return frozenset(words), frozenset(itertools.pairwise(tokens))

    @cached_property
    def rows(self) -> tuple[tuple[Table, int, Line], ...]:
        """The rows of the tables below the headings, each with its table and number."""
        found = []
        for table in self.record.full_text.tables if self.record.full_text else ():
            caption = frozenset(stems(normalise(table.caption).text))
            group: frozenset[str] = frozenset()
            for number, cells in enumerate(table.grid[table.header_rows :], start=table.header_rows):
                if not cells or not cells[0].strip():
                    continue
                words, pairs = self._words(normalise(cells[0]).text)
                values = [cell for cell in cells[1:] if cell.strip() and cell != cells[0]]
                if not values:
                    group = words
                    continue
                quote = " | ".join(cells)
                locator = f"{table.locator}, row {number + 1}"
                line = Line(-1, -1, quote, normalise(quote).text, RESULTS, 0.8, words, pairs, caption | group, locator)
                found.append((table, number, line))
        return tuple(found)

    @cached_property
    def defining(self) -> tuple[str, ...]:
        """Sentences that may say what the groups received."""
        return tuple(line.norm for line in self.lines if "group" in line.norm and line.zone != CONCLUSION)[:60]


def _zone(part: Part) -> str:
    if part.kind == "title":
        return TITLE
    if part.kind == "body":
        return _SECTIONS.get(part.category) or zone_of_label(part.label.lower().split(" > ")[0])
    return zone_of_label(f"{part.label} {part.category}".lower())


def _weight(norm: str, zone: str, kind: str) -> float:
    weight = _ZONE_WEIGHT[zone]
    if zone in (CONCLUSION, UNKNOWN) and kind == "body" and _CITED.search(norm):
        weight *= 0.7
    if _PLANNED.search(norm) and not re.search(r"\bp ?[<>=]|signific|\bdiffer", norm):
        weight *= 0.6
    if _ENTRY.search(norm):
        weight *= 0.75
    if _SUPPOSED.search(norm):
        weight *= 0.7
    return weight
