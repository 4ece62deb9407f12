"""The small engine under the rules: a text cut into sentences that know their place, and rules that search it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, reduce
from itertools import product
from operator import or_
from typing import Any, TypeVar

from ..findings import Value
from ..records.text import Text
from ..sentences import split_sentences
from ..vocabulary import Confidence
from .needs import ANY, Cue, words_in
from .normal import normalise

# Zones of an abstract. "" is a sentence whose place could not be told.
TITLE, BACKGROUND, AIM, METHODS, RESULTS, CONCLUSION, OTHER, UNKNOWN = (
    "title",
    "background",
    "aim",
    "methods",
    "results",
    "conclusion",
    "other",
    "",
)

_LABELS = (  # the first that fits a printed label wins
    (re.compile(r"regist|funding|supplement|cite|keyword|abbrev|conflict|ethic|publication"), OTHER),
    (re.compile(r"methods? and (?:results?|findings?)|results? and (?:discussion|conclusion)"), UNKNOWN),
    (re.compile(r"aim|objective|purpose|hypothes|goal|question"), AIM),
    (re.compile(r"background|introduction|context|rationale|importance|why was|focus|summary of"), BACKGROUND),
    (
        re.compile(
            r"method|design|setting|participant|patient|subject|intervention|measure|material|procedure|"
            r"analys|assessment|experiment|animal|population|sample|data source|eligib|selection|"
            r"location"
        ),
        METHODS,
    ),
    (re.compile(r"result|finding|outcome|observation"), RESULTS),
    (re.compile(r"conclu|interpret|discussion|implication|significance|mean|message|limitation"), CONCLUSION),
)
_HEADING = re.compile(
    r"\W{0,2}(?:abstract:? )?((?:summary of )?background(?: and (?:aims?|objectives?|purpose))?(?: data)?|"
    r"introduction|context|"
    r"(?:main |primary )?(?:objectives?|aims?|purpose|goals?)(?: of the study)?|hypothesis|"
    r"methods? and (?:results?|findings?)|(?:patients?|materials?|subjects|participants|animals)? ?(?:and |"
    r"& )?methods?(?:ology)?(?: and materials?)?|research design(?: and methods)?|"
    r"(?:study |trial )?design(?: and setting)?|setting|participants?|patients?|subjects|interventions?|"
    r"(?:main )?outcome measures?(?:ments)?|"
    r"measurements?(?: and main results)?|statistical analysis|(?:main |key )?(?:results?|findings?)|"
    r"(?:main )?conclusions?(?:/interpretation)?|"
    r"interpretation|discussion|trial registration|clinical trial registration|significance)(?:\(s\))?\W{0,2}[:.\])-]"
)
_RESULT_CUES = Cue(r"\bp ?[<>=≤] ?0?\.\d|\bsignifican|%|\bconfidence interval|\bci\b|±|\bcompleted\b")
_METHOD_CUES = Cue(
    r"\brandom|\bwere (?:assigned|allocated|enrolled|recruited|given|measured|assessed|recorded|divided)|"
    r"\bcompleted\b|\bunderwent\b|\bconsumed\b|\bperformed\b|\breceived\b"
)
_AIM_CUES = Cue(
    r"\b(?:(?:aim|purpose|objective|goal)s?\b|we (?:investigat|compar|examin|evaluat|assess|test|sought|"
    r"studied|hypothes|conduct|perform|report)|"
    r"this (?:study|trial|paper|report|article|review)|the present (?:study|trial)|(?:study|trial)s? "
    r"(?:was|were) (?:[\w-]+ )?(?:undertaken|conducted|designed|performed|"
    r"carried out|done|initiated)|^to (?:assess|compare|evaluate|determine|investigate|examine|test|study|"
    r"describe|report)\b)"
)
_CONCLUSION_CUES = Cue(
    r"^(?:in conclusion|we conclude|in summary|conclusions?\b|these (?:results|findings|data)|our "
    r"(?:results|findings|data)|"
    r"the (?:present )?(?:results|findings)|thus\b|therefore\b|this study (?:shows|showed|demonstrat|"
    r"suggest)|it (?:is|was|can be) conclu)"
)
_OTHERS = Cue(
    r"\b(?:previous(?:ly)?|earlier|prior|recent(?:ly)?|several|few|many|other|larger?|future|further|more|"
    r"additional|existing|published|numerous|"
    r"well-designed|upcoming|planned|most|available|these|those|some|no|past|initial|first|major|pivotal|"
    r"parent|original)"
    r"(?:,? [\w-]+){0,6}? (?:trials?|studies|study|rcts?|reports?|research|work|data|evidence)\b|"
    r"\b(?:trials?|studies|rcts?|research|investigations?)\b[^.;]{0,60}\b(?:needed|warranted|required|"
    r"necessary|justified|have |has (?:shown|been))|"
    r"\bshould be\b|\bneeds? to be\b|\bremains? to be\b"
)
_OURS = Cue(
    r"\b(?:this|present|current|our) (?:[\w-]+ ){0,4}(?:study|trial|analysis|work|report|investigation|"
    r"article|review)\b|\bwe\b|\bour\b"
)


_T = TypeVar("_T")

_ZONES = (TITLE, BACKGROUND, AIM, METHODS, RESULTS, CONCLUSION, OTHER, UNKNOWN)
_KIND = {kind: 1 << place for place, kind in enumerate(product(_ZONES, (True, False)))}


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where rules look: in which zones (all, where none is named), and whether only at sentences about this study.

    `kinds` are the kinds of sentences that this lets in, each a bit.
    """

    zones: tuple[str, ...]
    ours: bool
    kinds: int = field(init=False)

    def __post_init__(self) -> None:
        let_in = [_KIND[zone, ours] for zone in self.zones or _ZONES for ours in {True, self.ours}]
        object.__setattr__(self, "kinds", sum(let_in))


_place_of = cache(Place)  # one object for all rules that look there, by which what is there is found fast


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the source: offsets, normal form, zone, whether it speaks of this study, not of others; its words,
    as `needs.words_in` tells them; and zone and whose study together as one bit, its kind."""

    start: int
    end: int
    norm: str
    zone: str
    ours: bool
    words: int
    kind: int

    def span(self, match: re.Match[str], group: int = 0) -> tuple[int, int]:
        """Where a match in this sentence lies in the source."""
        return self.start + match.start(group), self.start + match.end(group)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named, transparent rule: a pattern on the normal form of a text, with the value it stands for.

    Attributes:
        name: "field/what", unique.
        pattern: regular expression on the normal form (`normal.normalise`).
        example: a text, written by us, in which the rule fires.
        reason: why a match means what it is taken to mean.
        value: the value a match stands for; None where the reader computes it from the match.
        keys: one of these must be in the text, or the pattern is not tried: a matter of speed only, where these tell
            more than what is seen in the pattern itself (`needs`).
        zones: where the rule looks; empty means everywhere.
        ours: whether sentences about other studies are passed over.
        confidence: of a value found this way.
        hint: a simpler pattern that is found wherever the rule matches, or the rule's own is not tried: a matter of
            speed only, for patterns that are slow to fail. No part of it is without bounds, or long texts take long.
    """

    name: str
    pattern: str
    example: str
    reason: str
    value: Value = None
    keys: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    ours: bool = True
    confidence: Confidence = Confidence.SURE
    hint: str = ""
    cue: Cue = field(init=False, repr=False, compare=False)
    place: Place = field(init=False, repr=False, compare=False)
    hinted: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", _place_of(self.zones, self.ours))
        object.__setattr__(self, "cue", Cue(self.pattern))
        object.__setattr__(self, "hinted", re.compile(self.hint) if self.hint else None)

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return self.cue.regex

    def search(self, norm: str, words: int, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match in a text whose words these are."""
        cue = self.cue
        needs = cue.needs
        if needs & words != needs or not self._likely(norm):
            return None
        return cue.regex.search(norm, start, end)

    def finditer(self, norm: str, words: int = ANY) -> Iterable[re.Match[str]]:
        """All matches in a text whose words these are."""
        cue = self.cue
        needs = cue.needs
        return cue.regex.finditer(norm) if needs & words == needs and self._likely(norm) else ()

    def _likely(self, norm: str) -> bool:
        """Whether a text holds a key and the hint, where the rule has any."""
        return (not self.keys or _any_in(self.keys, norm)) and (not self.hinted or bool(self.hinted.search(norm)))


@dataclass(frozen=True, slots=True)
class Hit:
    """A value, the stretch of the normal form it was read from (-1 where none), and the rule that did it.

    `body` tells that the stretch lies in the full text, whose normal form is another one than the abstract's.
    """

    value: Value
    start: int
    end: int
    rule: str
    confidence: Confidence = Confidence.SURE
    note: str = ""
    body: bool = False


class Source:
    """A canonical text prepared for the rules. All offsets inside the reader are those of `norm`.

    Attributes:
        canonical: the text with its parts; `norm`: its normal form.
        title_end: where the title ends in `norm`.
    """

    def __init__(self, canonical: Text):
        self.canonical = canonical
        self.normal = normalise(canonical.text)
        self.norm = self.normal.text
        titles = [part for part in canonical.parts if part.kind == "title"]
        self.title_end = self.normal.forth(titles[0].end) if titles else 0
        self._words: dict[Place, int] = {}
        self._sentences: dict[Place, list[Sentence]] = {}
        self._known: dict[Callable[[Source], Any], Any] = {}

    def quote(self, start: int, end: int) -> tuple[str, int, int]:
        """The words of the canonical text under a stretch of `norm`, with their offsets."""
        start, end = self.normal.back(start, end)
        return self.canonical.text[start:end], start, end

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences in order, each with its zone."""
        return tuple(self._zoned())

    @cached_property
    def title(self) -> str:
        """The title in normal form."""
        return self.norm[: self.title_end]

    @cached_property
    def title_words(self) -> int:
        """The words of the title (see `needs`)."""
        return self._words_of(_place_of((TITLE,), False))

    @cached_property
    def words(self) -> int:
        """The words of the whole text, what stands between its sentences (labels) too."""
        ends = (0, *(one.end for one in self.sentences))
        starts = (*(one.start for one in self.sentences), len(self.norm))
        between = " ".join([self.norm[end:start] for end, start in zip(ends, starts, strict=True)])
        return words_in(between) | self._said

    @cached_property
    def structured(self) -> bool:
        """Whether the abstract has headings, printed as such or at the start of sentences."""
        if any(part.label for part in self.canonical.parts if part.kind == "abstract"):
            return True
        return sum(1 for sentence in self.sentences if _HEADING.match(sentence.norm)) >= 2

    @cached_property
    def has_abstract(self) -> bool:
        """Whether there is more than a title."""
        return any(part.kind == "abstract" for part in self.canonical.parts)

    def _zoned(self) -> Iterator[Sentence]:
        for part in self.canonical.parts:
            spans = list(self._split(part.start, part.end))
            zone = TITLE if part.kind == "title" else zone_of_label(f"{part.label} {part.category}".lower())
            heading, headed = zone, bool(part.label)
            for place, (start, end) in enumerate(spans):
                norm = self.norm[start:end]
                words = words_in(norm)
                if not zone and (found := _HEADING.match(norm)):
                    heading, headed = zone_of_label(found.group(1)), True
                place_zone = heading or _guess(norm, words, place / len(spans))
                if place_zone == BACKGROUND and not heading and headed:
                    place_zone = METHODS  # "Methods and results: …" is no background
                ours = _ours(norm, words, place_zone)
                yield Sentence(start, end, norm, place_zone, ours, words, _KIND[place_zone, ours])

    def _split(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        forth = self.normal.forth
        return ((forth(start + a), forth(start + b)) for a, b in split_sentences(self.canonical.text[start:end]))

    def once(self, reader: Callable[[Source], _T]) -> _T:
        """What a reader says of this text, worked out when it is first asked for."""
        if reader not in self._known:
            self._known[reader] = reader(self)
        known: _T = self._known[reader]
        return known

    def zone(self, *zones: str) -> Iterator[Sentence]:
        """The sentences of these zones."""
        return (sentence for sentence in self.sentences if sentence.zone in zones)

    def find(self, rule: Rule) -> Iterable[tuple[re.Match[str], Sentence]]:
        """Matches of a rule, sentence by sentence, where it may look. Offsets of a match are its sentence's."""
        sentences = self._where(rule)
        return _matches(rule, sentences) if sentences else ()

    def first(self, rules: Iterable[Rule]) -> Hit | None:
        """The value of the first rule that fires."""
        for rule in rules:
            for sentence in self._where(rule):
                if match := rule.search(sentence.norm, sentence.words):
                    return self.hit(rule, match, sentence)
        return None

    def _where(self, rule: Rule) -> Sequence[Sentence]:
        """The sentences that a rule may look at; none where it finds nothing in their words."""
        place, needs = rule.place, rule.cue.needs
        if needs & self._said != needs:  # nowhere in the text
            return ()
        words = self._words.get(place)
        if needs & (self._words_of(place) if words is None else words) != needs:
            return ()
        found = self._sentences.get(place)
        return self._sentences_of(place) if found is None else found

    @cached_property
    def _said(self) -> int:
        """The words of all sentences."""
        return reduce(or_, [words for _, words in self._words_by_kind], 0)

    @cached_property
    def _words_by_kind(self) -> list[tuple[int, int]]:
        """The words of all sentences of each kind (`Sentence.kind`)."""
        words: dict[int, int] = {}
        for one in self.sentences:
            words[one.kind] = words.get(one.kind, 0) | one.words
        return list(words.items())

    def _words_of(self, place: Place) -> int:
        """The words of all sentences of a place."""
        words = 0
        for kind, told in self._words_by_kind:
            if kind & place.kinds:
                words |= told
        self._words[place] = words
        return words

    def _sentences_of(self, place: Place) -> list[Sentence]:
        kinds = place.kinds
        self._sentences[place] = found = [one for one in self.sentences if one.kind & kinds]
        return found

    def hit(self, rule: Rule, match: re.Match[str], sentence: Sentence, value: Value = None, note: str = "") -> Hit:
        """A hit of a rule, its span widened to whole words."""
        start, end = self.whole(*sentence.span(match))
        return Hit(rule.value if value is None else value, start, end, rule.name, rule.confidence, note)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """A span widened to whole words, without white space at its ends."""
        norm = self.norm
        while 0 < start < len(norm) and _inside(norm, start):
            start -= 1
        while 0 < end < len(norm) and _inside(norm, end):
            end += 1
        while start < end and norm[start].isspace():
            start += 1
        while start < end and norm[end - 1].isspace():
            end -= 1
        return start, end


def _matches(rule: Rule, sentences: Sequence[Sentence]) -> Iterator[tuple[re.Match[str], Sentence]]:
    for sentence in sentences:
        for match in rule.finditer(sentence.norm, sentence.words):
            yield match, sentence


def _any_in(keys: tuple[str, ...], norm: str) -> bool:
    for key in keys:  # noqa: SIM110  # a generator would cost more than the search
        if key in norm:
            return True
    return False


def _guess(norm: str, words: int, place: float) -> str:
    """Zone of a sentence without a heading, from its words and its place in the abstract (0 to 1)."""
    if place > 0.6 and _CONCLUSION_CUES.search(norm, words):
        return CONCLUSION
    if place < 0.6 and _AIM_CUES.search(norm, words):
        return AIM
    if place > 0.3 and _RESULT_CUES.search(norm, words):
        return RESULTS
    if _METHOD_CUES.search(norm, words):
        return METHODS
    return BACKGROUND if place < 0.15 else UNKNOWN


def _ours(norm: str, words: int, zone: str) -> bool:
    """Whether a sentence speaks of this study."""
    if zone in (TITLE, METHODS, RESULTS):
        return True
    if zone == OTHER:
        return False
    if zone == BACKGROUND and not _OURS.search(norm, words):
        return False
    return not _OTHERS.search(norm, words)


def _inside(text: str, offset: int) -> bool:
    return text[offset - 1].isalnum() and text[offset].isalnum()


@lru_cache(1000)
def zone_of_label(label: str) -> str:
    """The zone that a printed label (in lower case) stands for."""
    for pattern, zone in _LABELS:
        if pattern.search(label):
            return zone
    return UNKNOWN


Reader = Callable[[Source], Hit | None]
