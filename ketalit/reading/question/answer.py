"""Answer a question about a record: did the intervention raise or lower the outcome, and which sentence says so?"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...records.model import Record
from ...vocabulary import Confidence, Direction
from ..normal import normalise
from .arms import Arms, arms_of
from .change import Reading, denied_next, read_change
from .index import Index, Line
from .polarity import polarity
from .rows import read_row
from .terms import WORD, stem, stems
from .wording import NUMBERS, Asked, Change, Clause, clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question.

    Attributes:
        value: how the outcome differs in the intervention; None where the text does not say (`reason` tells why).
        favours: which side that is good for; None where it is not stated whether more is better.
        quote: the sentence, or the table row with its cells joined by " | ".
        start, end: its offsets in `canonical_text(record)`; -1 for a table row and where there is no quote.
        locator: where it stands: "title", "abstract", a paragraph ("sec2.p3") or "table1, row 4".
        rule: what read it.
    """

    value: Change | None
    favours: Direction | None = None
    quote: str = ""
    start: int = -1
    end: int = -1
    locator: str = ""
    rule: str = ""
    confidence: Confidence | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may answer, how well it fits the question, and what it says."""

    line: Line
    relevance: float
    score: float
    reading: Reading


def _score(line: Line, fit: float, phrase: float, reading: Reading) -> float:
    """How much a line counts: the odds that it answers, as a logarithm."""
    return (
        2 * fit
        + 2 * phrase
        + 6 * line.weight * fit
        + 1.3 * reading.paired
        + 1.2 * reading.significant
        - 1.5 * reading.within
        - 1.3 * reading.foreign
        - 1.0 * (not reading.grouped)
        - 1.0 * (reading.rule == NUMBERS.name and not (reading.significant and reading.paired))
        + 0.4 * (reading.change is Change.NO_DIFFERENCE)
    )


class Question:
    """A question put to an indexed record."""

    def __init__(self, index: Index, intervention: str, comparator: str, outcome: str):
        self.index = index
        self.outcome = normalise(outcome).text
        self.groups = self._groups()
        self.total = sum(weight for weight, _ in self.groups.values()) or 1.0
        words = stems(self.outcome)
        self.pairs = frozenset(itertools.pairwise(words))
        plain = frozenset(words)
        self.arms: Arms = arms_of(
            normalise(intervention).text, normalise(comparator).text, plain, index.abbreviations, index.defining
        )
        self.asked = Asked(self.outcome, self.arms)

    def _groups(self) -> dict[str, tuple[float, frozenset[str]]]:
        """Each word of the outcome with its weight and, for an abbreviation, the words it stands for."""
        found = {}
        shorts = {stem(word): frozenset(self.index.abbreviations.get(word, ())) for word in WORD.findall(self.outcome)}
        for token in stems(self.outcome):
            found[token] = (self.index.rarity(token), shorts.get(token, frozenset()))
        return found

    def fit(self, words: frozenset[str], near: frozenset[str] = frozenset()) -> float:
        """Share of the outcome's words that a line holds; those that only its surroundings hold count less."""
        got = 0.0
        for token, (weight, long) in self.groups.items():
            if token in words:
                got += weight
            elif long and (share := len(long & words) / len(long)) > 0.5:
                got += weight * share
            elif token in near:
                got += 0.3 * weight
        return got / self.total

    def candidates(self) -> list[Candidate]:
        """Every line that speaks of the outcome and can be read, the best first."""
        ranked = []
        for line in self.index.lines:
            if not any(token in line.words or token in line.near for token in self.groups):
                continue
            fit = self.fit(line.words, line.near)
            if fit >= 0.2:
                phrase = len(self.pairs & line.pairs) / len(self.pairs) if self.pairs else 0.0
                ranked.append((line.weight * (fit + 0.35 * phrase), fit, line, phrase))
        ranked.sort(key=lambda one: -one[0])
        found = []
        for _, fit, line, phrase in ranked[:25]:
            if reading := self.read(line):
                found.append(Candidate(line, fit, _score(line, fit, phrase, reading), reading))
        for table, number, line in self.index.rows:
            fit = self.fit(line.words, line.near)
            if fit >= 0.5 and self.fit(line.words) >= 0.3 and (reading := read_row(table, number, self.arms)):
                phrase = len(self.pairs & line.pairs) / len(self.pairs) if self.pairs else 0.0
                found.append(Candidate(line, fit, _score(line, fit, phrase, reading), reading))
        found.sort(key=lambda one: -one.score)
        return found

    def read(self, line: Line) -> Reading | None:
        """What a sentence says of the outcome, from the clause that names it best."""
        norm = line.norm
        spots = [(match.start(), match.end(), self._weight_of(match.group())) for match in WORD.finditer(norm)]
        spots = [spot for spot in spots if spot[2] > 0]
        choices = []
        last = 0.0
        for start, end in clauses(norm):
            inside = [spot for spot in spots if start <= spot[0] < end]
            tokens = stems(norm[start:end])
            weight = sum({norm[spot[0] : spot[1]]: spot[2] for spot in inside}.values()) / self.total
            if self.pairs:
                weight += 0.3 * len(self.pairs.intersection(itertools.pairwise(tokens))) / len(self.pairs)
            if _PRONOUN.match(norm[start:end]):
                weight = max(weight, 0.9 * last)
            last = weight
            sides = [one.intervention for one in self.arms.mentions(norm) if start <= one.start < end]
            if True in sides and False in sides:
                weight += 0.2
            elif len(sides) > 1 and len(set(sides)) == 1 and "between" in norm[start:end]:
                weight -= 0.3  # two groups of one side
            choices.append((weight, -start, start, end, inside))
        choices.sort(reverse=True)
        reading = None
        for weight, _, start, end, inside in choices:
            if reading or weight < 0.6 * choices[0][0]:
                break
            reading = read_change(Clause(norm, start, end, _spot(inside) or (start, start), self.asked))
        if reading is None:
            reading = read_change(Clause(norm, 0, len(norm), _spot(choices[0][4]) or (0, 0), self.asked))
        if reading and not reading.significant and denied_next(line.following):
            return replace(reading, change=Change.NO_DIFFERENCE, significant=True)
        return reading

    def _weight_of(self, word: str) -> float:
        token = stem(word)
        if token in self.groups:
            return self.groups[token][0]
        long = self.index.abbreviations.get(word, ())
        return sum(self.groups[one][0] for one in long if one in self.groups)


def _spot(inside: Sequence[tuple[int, int, float]]) -> tuple[int, int] | None:
    """The densest stretch of the outcome's words in a clause."""
    if not inside:
        return None
    best: tuple[float, int, int] | None = None
    for place, (start, _, _) in enumerate(inside):
        got, end, last = 0.0, start, start
        for at, to, weight in inside[place:]:
            if at - last > 30:
                break
            got, end, last = got + weight, to, to
        if best is None or got > best[0]:
            best = (got, start, end)
    assert best is not None
    return best[1], best[2]


_PRONOUN = re.compile(
    r"[;,]? ?(?:(?:but|however|although|and|whereas|while),? )*(?:they|it|which|this|these|both|there)\b"
)
_KEPT: list[tuple[Record, Index]] = []


def index_of(record: Record) -> Index:
    """The index of a record, kept for the next question about the same object."""
    for place, (known, index) in enumerate(_KEPT):
        if known is record:
            _KEPT.append(_KEPT.pop(place))
            return index
    index = Index(record)
    _KEPT.append((record, index))
    del _KEPT[:-8]
    return index


def direction_of(record: Record, intervention: str, comparator: str, outcome: str) -> Answer:
    """How an outcome differs between two groups of a study, with the sentence that says so.

    >>> from ketalit.records.model import Section
    >>> text = "Pain was lower with ketamine than with saline (p = 0.01). Nausea did not differ."
    >>> record = Record(source="person", key="a1", title="A trial", abstract=(Section(text=text, label="Results"),))
    >>> answer = direction_of(record, "ketamine", "saline", "pain")
    >>> answer.value.value, answer.favours.value, answer.quote
    ('significantly decreased', 'favours intervention', 'Pain was lower with ketamine than with saline (p = 0.01).')
    >>> direction_of(record, "ketamine", "saline", "nausea").value.value
    'no significant difference'
    """
    question = Question(index_of(record), intervention, comparator, outcome)
    found = question.candidates()
    if not found:
        return Answer(value=None, reason="no sentence compares the outcome between these groups")
    best, share = _elected(found)
    return Answer(
        value=best.reading.change,
        favours=_favours(best.reading.change, polarity(question.outcome)),
        quote=best.line.quote,
        start=best.line.start,
        end=best.line.end,
        locator=best.line.locator,
        rule=best.reading.rule,
        confidence=_confidence(best, share),
    )


def _elected(found: Sequence[Candidate]) -> tuple[Candidate, float]:
    """The best line among those that say what most say, each weighed by its odds; and the share of these."""
    votes: dict[Change, float] = {}
    for one in found:
        votes[one.reading.change] = votes.get(one.reading.change, 0.0) + math.exp(one.score - found[0].score)
    winner = max(votes, key=votes.__getitem__)
    return next(one for one in found if one.reading.change is winner), votes[winner] / sum(votes.values())


def _confidence(best: Candidate, share: float) -> Confidence:
    """By how much of the outcome the line names, and how far the other lines agree with it."""
    sided = best.reading.named or best.reading.change is Change.NO_DIFFERENCE
    if best.relevance >= 0.75 and share >= 0.85 and best.reading.significant and sided:
        return Confidence.SURE
    return Confidence.LIKELY if best.relevance >= 0.5 and share >= 0.6 else Confidence.UNCLEAR


def _favours(change: Change, good: int) -> Direction | None:
    if change is Change.NO_DIFFERENCE:
        return Direction.NO_DIFFERENCE
    if not good:
        return None
    return Direction.INTERVENTION if (change is Change.INCREASED) == (good > 0) else Direction.COMPARATOR
