"""Which words of a text stand for the intervention of a question, and which for its comparator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .terms import STOP, WORD, stem, stems

_PLAIN_WORDS = """
mg kg ml mcg µg ug g l min h daily day days week weeks month months group groups arm treatment therapy patient patients
participants subjects receive received receiving given administered administration dose doses tablet tablets oral
intravenous injection infusion plus followed combination regimen program programme intervention use using versus once
twice times per other first second before after 1 2 3 hours period standard normal low high left right
"""
_PLAIN = frozenset(stem(word) for word in _PLAIN_WORDS.split())
_CONTROL_WORDS = "control placebo sham usual conventional vehicle dummy untreated"
_CONTROLS = frozenset(stem(word) for word in _CONTROL_WORDS.split())
_CONTROL = stem("control")
_AS_INTERVENTION = re.compile(
    r"\b(?:intervention|treatment|experimental|study|active|treated|trained|exposed|test)"
    r"(?:[- ]\w+)?[- ](?:groups?|arms?|patients|subjects|participants|condition|children)\b"
)
_AS_COMPARATOR = re.compile(
    r"\bcontrols?\b|\bother (?:\d )?groups?\b|\b(?:untreated|comparison|reference) (?:groups?|arms?|patients|"
    r"subjects)\b"
)
_NAME = r"(?:[a-z]{1,2}\d?|[ivx]{1,4}|\d[a-z]?)"
_NO_NAME = (
    r"(?!(?:in|of|to|by|at|or|as|is|on|we|an|and|the|for|had|was|no|its|per|all|any|our|vs|one|two|nor|age|sex|mg|ml|"
    r"kg|so|he)\b)"
)
_LABEL = re.compile(rf"\bgroups? \(?{_NO_NAME}({_NAME})\b(?!['-])|\b{_NO_NAME}([a-z]{{1,2}}\d?|\d) groups?\b")
_MORE = re.compile(rf"(?:,? (?:and|or|&|vs\.?|versus|than|nor|to) |, ?|/)(?:groups? )?({_NAME})\b(?!['-])")
_DENIED = re.compile(r"(?:\bno[- ]|\bnon-?|\bwithout(?: the| any)? |\bnot (?:\w+ )?)$")
_WITHOUT = re.compile(r"\b(?:no|not|non|without)\b[ -]?(?:any |the )?[\w-]+(?: [a-z]\b)?(?: \w+$)?")
_DOSE = re.compile(r"(\d+(?:\.\d+)?) ?(mg|µg|mcg|ug|g|ml|%|mmol|iu|units?|cmh2o|hz|gy)(?![\w])")
_MICRO = {"mcg": "µg", "ug": "µg", "units": "unit"}


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that stand for one side: True for the intervention, False for the comparator, None for a third group."""

    start: int
    end: int
    intervention: bool | None


@dataclass(frozen=True, slots=True)
class Side:
    """How one side is called: stems, labels of groups ("b" in "group B") and doses that the other side has not."""

    stems: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    doses: frozenset[str] = frozenset()
    all_doses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Arms:
    """The two sides of a question, as a text names them.

    Attributes:
        others: labels of further groups; `strange`: stems that can only name a third group ("placebo" where the
            question compares two drugs).
        within: the comparator is the state before treatment.
    """

    intervention: Side
    comparator: Side
    others: frozenset[str] = frozenset()
    strange: frozenset[str] = frozenset()
    within: bool = False
    cache: dict[str, tuple[Mention, ...]] = field(default_factory=dict, compare=False)

    def mentions(self, norm: str) -> tuple[Mention, ...]:
        """Where a text names one side or the other, in order."""
        found = self.cache.get(norm)
        if found is None:
            found = self.cache[norm] = tuple(self._mentions(norm))
        return found

    def _mentions(self, norm: str) -> Iterable[Mention]:
        found: dict[int, Mention] = {}
        for label, start, end in _labels(norm):
            if label in self.others:
                found[start] = Mention(start, end, None)
            for side, is_intervention in ((self.intervention, True), (self.comparator, False)):
                if label in side.labels:
                    found[start] = Mention(start, end, is_intervention)
        if self.intervention.doses or self.comparator.doses:
            for match in _DOSE.finditer(norm):
                for side, is_intervention in ((self.intervention, True), (self.comparator, False)):
                    if _dose(match) in side.doses:
                        found[match.start()] = Mention(match.start(), match.end(), is_intervention)
        for match in WORD.finditer(norm):
            token = stem(match.group())
            if token in self.strange:
                found[match.start()] = Mention(match.start(), match.end(), None)
            for side, is_intervention in ((self.intervention, True), (self.comparator, False)):
                if token in side.stems:
                    denied = is_intervention and _DENIED.search(norm[max(0, match.start() - 14) : match.start()])
                    kind = None if self._another_dose(norm, match, side) else is_intervention and not denied
                    found[match.start()] = Mention(match.start(), match.end(), kind)
        for match in _AS_INTERVENTION.finditer(norm):
            if not any(match.start() <= place < match.end() for place in found):
                found[match.start()] = Mention(match.start(), match.end(), True)
        if _CONTROL not in self.intervention.stems:
            for match in _AS_COMPARATOR.finditer(norm):
                if match.start() not in found:
                    found[match.start()] = Mention(match.start(), match.end(), False)
        return (found[place] for place in sorted(found))

    @staticmethod
    def _another_dose(norm: str, match: re.Match[str], side: Side) -> bool:
        """Whether a dose stands beside the name of a drug, and it is not this side's ("60 mg" for "30 mg")."""
        if not side.all_doses:
            return False
        near = _doses(norm[max(0, match.start() - 12) : match.end() + 14])
        return bool(near) and not side.all_doses & near


def arms_of(
    intervention: str,
    comparator: str,
    outcome_stems: frozenset[str],
    abbreviations: Mapping[str, tuple[str, ...]],
    sentences: Iterable[str],
) -> Arms:
    """The sides of a question, in normal form; `sentences` define the labels of groups ("group A received …").

    >>> arms = arms_of("ketamine 0.5 mg/kg", "saline", frozenset(), {}, ["group a had saline and group b ketamine"])
    >>> [mention.intervention for mention in arms.mentions("higher in group b than in group a")]
    [True, False]
    """
    ours, theirs = (_words(_WITHOUT.sub(" ", side), abbreviations) for side in (intervention, comparator))
    only_ours, only_theirs = ours - theirs, theirs - ours
    only_ours = (only_ours - outcome_stems) or only_ours
    only_theirs = (only_theirs - outcome_stems) or only_theirs
    if only_theirs & _CONTROLS or re.search(r"\bsaline\b|\bnone?\b|\bno \w+", comparator):
        only_theirs |= _CONTROLS - ours
    doses = _doses(intervention), _doses(comparator)
    if only_ours and only_theirs:
        doses = set(), set()
    ours_named, theirs_named = _labels_in(intervention), _labels_in(comparator)
    labels = ours_named - theirs_named, theirs_named - ours_named
    known = _defined(sentences, only_ours, only_theirs)
    if not labels[0] and not labels[1]:
        labels = known[0], known[1]
    all_doses = frozenset(_doses(intervention)), frozenset(_doses(comparator))
    return Arms(
        Side(frozenset(only_ours), frozenset(labels[0]), frozenset(doses[0] - doses[1]), all_doses[0]),
        Side(frozenset(only_theirs), frozenset(labels[1]), frozenset(doses[1] - doses[0]), all_doses[1]),
        frozenset(known[2] - labels[0] - labels[1]),
        frozenset() if (ours | theirs) & _CONTROLS or only_theirs & _CONTROLS else _CONTROLS - {_CONTROL},
        within="baseline" in comparator or comparator.startswith(("before", "pre-")),
    )


def _dose(match: re.Match[str]) -> str:
    return match.group(1) + _MICRO.get(match.group(2), match.group(2))


def _doses(norm: str) -> set[str]:
    return {_dose(match) for match in _DOSE.finditer(norm)}


def _words(norm: str, abbreviations: Mapping[str, tuple[str, ...]]) -> set[str]:
    words = {stem(word) for word in WORD.findall(norm) if word not in STOP and not word[0].isdigit() and len(word) > 1}
    for short, long in abbreviations.items():
        if short in words:
            words |= set(long)
        elif len(long) > 1 and words.issuperset(long):
            words.add(stem(short))
    return words - _PLAIN


def _labels(norm: str) -> Iterable[tuple[str, int, int]]:
    """Labels of groups with their offsets, those of a list too ("groups a and b")."""
    for match in _LABEL.finditer(norm):
        group = 1 if match.group(1) else 2
        yield match.group(group), *match.span(group)
        end = match.end()
        while group == 1 and (more := _MORE.match(norm, end)):
            if more.group(1) not in ("a", "in", "of", "at", "as", "to", "by", "is", "on", "no") or more.group(
                1
            ) == match.group(1):
                yield more.group(1), *more.span(1)
            end = more.end()


def _labels_in(norm: str) -> set[str]:
    found = {label for label, _, _ in _labels(norm)}
    if match := re.match(r" ?(?:\d\) )?([a-z]) ?[-(:]", norm):
        found.add(match.group(1))
    return found


def _defined(sentences: Iterable[str], ours: set[str], theirs: set[str]) -> tuple[set[str], set[str], set[str]]:
    """Labels of groups by the words that stand beside them where they are defined."""
    votes: Counter[tuple[str, bool]] = Counter()
    for norm in sentences:
        marks = list(_labels(norm))
        for place, (label, start, end) in enumerate(marks):
            after = norm[end : marks[place + 1][1] if place + 1 < len(marks) else end + 120]
            before = norm[marks[place - 1][2] if place else max(0, start - 80) : start]
            opened = re.search(r"[(\[](?:the )?(?:groups? )?$", before)
            words = set(stems(before if opened else after[:120]))
            votes[label, True] += len(words & ours)
            votes[label, False] += len(words & theirs)
    labels = {label for label, _ in votes} - ours - theirs
    return (
        {label for label in labels if votes[label, True] > votes[label, False]},
        {label for label in labels if votes[label, False] > votes[label, True]},
        labels,
    )
