"""Which side the primary outcome favours, as the report states it.

Results and conclusion are cut into clauses, each of which leans to a side (`leaning`). Clauses about the primary
outcome outvote the rest, the first of the results counts most, and what the results show is weighed against what the
authors conclude. Where the vote is split, the direction is mixed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...vocabulary import Confidence, Design, Direction
from ..engine import AIM, CONCLUSION, METHODS, OTHER, RESULTS, TITLE, UNKNOWN, Hit, Sentence, Source
from ..needs import Cue
from .leaning import (
    ALIKE,
    BOTH,
    LATER,
    NAMED,
    P_VALUE,
    PRAISES,
    TITLE_ALIKE,
    TITLE_CLAIMS,
    TITLE_DENIES,
    Comparator,
    Leaning,
    leanings,
)
from .numbers import contradictions, lowered
from .topic import topic_of

_COMPARATIVE = frozenset(
    {
        Design.PARALLEL_RCT,
        Design.CROSSOVER_RCT,
        Design.CLUSTER_RCT,
        Design.OTHER_RANDOMISED,
        Design.NON_RANDOMISED,
        Design.META_ANALYSIS,
        Design.SYSTEMATIC_REVIEW,
        Design.ANIMAL,
    }
)
_IF_COMPARED = frozenset(
    {Design.COHORT, Design.CASE_REPORT, Design.CASE_SERIES, Design.SECONDARY_ANALYSIS, Design.SINGLE_ARM, None}
)
_COMPARED = Cue(
    r"\bbetween[- ](?:[\w-]+ ){0,5}?(?:groups?|arms?|treatments?|conditions|cohorts)\b|\bintergroup\b|\bsham\b|"
    r"\b(?:treatment|intervention|control|placebo|comparison|study) (?:group|arm|condition)s?\b|"
    r"\b(?:than|with|to|over|and) (?:the |a )?(?:placebo|sham|usual care|standard (?:care|treatment)|"
    r"vehicle|no treatment)\b|\bversus\b|\bwith(?:out| and without) (?:[\w-]+ )?(?:treatment|exposure)\b|"
    r"\bthose who did not\b|\busers\b|\bcompared (?:with|to) (?:the )?(?:control|inactivity|rest)\b"
)
_COMPARES = Cue(
    r"\bversus\b|\bvs\b|\bcompar(?:ed|ison|ative)\b|\befficacy\b|\beffectiveness\b|"
    r"\beffects? (?:and \w+ )?of\b|\bcross-?over\b"
)
_PROGNOSIS = Cue(r"\bpredict\w*|\bprogno\w+|\bselection of\b|\bdiagnos\w+|\bscreening\b")
_NO_COMPARISON = Cue(
    r"\bprevalence of\b|\b(?:risk |prognostic )?factors (?:affecting|associated|influencing|related)\b|"
    r"\bdeterminants of\b|\bvalidation of\b|\bpsychometric (?:propert|evaluat|validat|test)|\breliability of\b"
)
_ADVICE = Cue(
    r"\bwill (?:provide|allow|help|enable)\b|\bbetter understanding\b|^(?:to \w+ |future |further )|"
    r"\bshould (?:focus|consider|aim|include|allow)\b|\bauthors\b"
)
_FADES = Cue(
    r"\bnot (?:be )?(?:maintained|sustained|persist\w*|remain)\b|\bdid not (?:remain|persist|last)\b|\bdisappeared\b|"
    r"\bno longer (?:significant|different|present)|\bshort(?:er)?[- ]term\b.{0,60}\bbut\b"
)


@dataclass(frozen=True, slots=True)
class _Weights:
    """How much the clauses of a part of the text weigh; the sums of the weights of each part are at most 1.

    Attributes:
        first: of the first clause; the others weigh `decay` to the power of their place.
        off: of a clause that is not about the primary outcome, where others are.
        praise: of praise without comparison.
        alone: of a claim that does not set groups side by side.
    """

    first: float
    decay: float
    off: float
    praise: float
    alone: float = 0.6

    def vote(self, clauses: list[Leaning]) -> list[tuple[float, Leaning]]:
        """The clauses with their weights."""
        known = any(one.topic >= 0.5 for one in clauses)
        votes = []
        for place, one in enumerate(clauses):
            weight = self.off if one.topic < (0.5 if known else 0.0) else 1.0
            weight *= self.decay**place if place else self.first
            weight *= self.praise if one.rule is PRAISES else 1.0
            weight *= self.alone if one.side == 1 and not one.between else 1.0
            votes.append((weight, one))
        total = max(1.0, sum(weight for weight, _ in votes))
        return [(weight / total, one) for weight, one in votes]


# Set by hand on the development halves; a broad optimum, a fifth more or less changes little.
_SHOWN = _Weights(first=1.5, decay=0.8, off=0.2, praise=0.3)
_TOLD = _Weights(first=1.2, decay=1.0, off=0.4, praise=0.4)
_WORSE, _SAME, _MIXED = 0.4, 0.56, 0.33  # share of the votes from which a side is taken


def read_direction(source: Source, design: Design | None, outcome: Hit | None, arms: int | None) -> Hit | None:
    """Which side the primary outcome favours, as the report states it; None where nothing is compared or said.

    `arms` is the number of groups, where the reader is not unclear about it.
    """
    if not _compares(source, design, arms):
        return None
    if found := _declared(source):
        return found
    topic, comparator = topic_of(source, outcome), Comparator(source.norm, source.words, source.title)
    results, conclusions = source.once(parts_of)
    if outcome is not None and outcome.confidence is not Confidence.UNCLEAR:  # its name is no result
        named = outcome.start
        results = [one for one in results if not one.start <= named < one.end or P_VALUE.search(one.norm, one.words)]
    shown = leanings(results, topic, comparator, most=10)  # what comes later weighs next to nothing
    told = leanings(conclusions, topic, comparator)
    if arms != 2 and any(one.side == 1 and one.between and comparator.named(one.sentence.norm) for one in shown):
        told = [one for one in told if one.rule is not ALIKE or comparator.named(one.sentence.norm)]  # of active arms
    return _verdict(source, _SHOWN.vote(shown), _TOLD.vote(told))


def _compares(source: Source, design: Design | None, arms: int | None) -> bool:
    """Whether the study sets treatments side by side."""
    title, words = source.title, source.title_words
    if not source.has_abstract or _NO_COMPARISON.search(title, words):
        return False
    if design in _COMPARATIVE:
        return True
    if design not in _IF_COMPARED or arms == 1 or (design is Design.COHORT and _PROGNOSIS.search(title, words)):
        return False
    told = (one for one in source.sentences if one.zone not in (TITLE, AIM, OTHER, METHODS))
    return _COMPARES.search(title, words) is not None or any(_COMPARED.search(one.norm, one.words) for one in told)


def _declared(source: Source) -> Hit | None:
    """A title that denies an effect; one that also claims another is mixed."""
    for match, sentence in source.find(TITLE_DENIES):
        claims = re.search(r"\b(?:improves?|reduces?|decreases?|enhances?|prevents?)\b.*\bbut\b", sentence.norm)
        return source.hit(TITLE_DENIES, match, sentence, Direction.MIXED if claims else None)
    return None if "?" in source.title else source.first((TITLE_ALIKE,))


def parts_of(source: Source) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences that tell results, and those that conclude."""
    body = [one for one in source.sentences if one.zone not in (TITLE, OTHER)]
    conclusions = [one for one in body if one.zone == CONCLUSION]
    results = [one for one in body if one.zone == RESULTS]
    if not source.structured or not results:
        started = next((place for place, one in enumerate(body) if one.zone in (METHODS, RESULTS)), len(body) // 2)
        results = [one for one in body[started:] if one.zone in (RESULTS, UNKNOWN, METHODS, AIM)]
        if not conclusions and len(results) > 1:
            while len(results) > 1 and LATER.search(results[-1].norm, results[-1].words):
                results.pop()
            if results[-1].zone != METHODS and not P_VALUE.search(results[-1].norm, results[-1].words):
                conclusions = [results.pop()]
    asked = (one for one in conclusions if not _ADVICE.search(one.norm, one.words))
    return results, [one for one in asked if one.ours or not LATER.search(one.norm, one.words)]


def _verdict(source: Source, shown: list[tuple[float, Leaning]], told: list[tuple[float, Leaning]]) -> Hit | None:
    """The side that the votes are for, with the sentence that weighs most for it."""
    votes = shown + told
    if _disagree([one for _, one in votes]):
        first = shown[0][1].sentence if shown else told[0][1].sentence
        return Hit(Direction.MIXED, first.start, first.end, BOTH.name, BOTH.confidence)
    if not votes:
        return source.first((TITLE_CLAIMS,))
    named = [(weight, one) for weight, one in votes if one.topic == NAMED]
    if len({one.side for _, one in named}) == 1:
        votes = named  # what is said of the primary outcome by that name decides
    total = sum(weight for weight, _ in votes)
    same, worse = (sum(weight for weight, one in votes if one.side == side) / total for side in (0, -1))
    fades = votes[0][1].side == 1 and any(_FADES.search(one.sentence.norm, one.sentence.words) for _, one in votes)
    if worse > _WORSE:
        side = -1
    elif same > _SAME and not fades:
        side = 0
    elif same < _MIXED and not fades and not _qualified([one for _, one in told]):
        side = 1
    else:
        first = votes[0][1].sentence
        return Hit(Direction.MIXED, first.start, first.end, BOTH.name, Confidence.UNCLEAR)
    chosen = max((vote for vote in votes if vote[1].side == side), key=lambda vote: vote[0])[1]
    hit = Hit(chosen.rule.value, chosen.sentence.start, chosen.sentence.end, chosen.rule.name, chosen.rule.confidence)
    return _checked(hit, chosen.sentence)


def _qualified(clauses: list[Leaning]) -> bool:
    """Whether a sentence of the conclusion both claims a difference and denies one."""
    plain = [one for one in clauses if one.rule is not ALIKE]
    claimed, denied = ({one.sentence.start for one in plain if one.side == side} for side in (1, 0))
    return not claimed.isdisjoint(denied)


def _disagree(clauses: list[Leaning]) -> bool:
    """Whether one of several primary outcomes differed and another did not."""
    differed, alike = (frozenset().union(*(one.items for one in clauses if one.side == side)) for side in (1, 0))
    return bool(differed - alike) and bool(alike - differed)


def _checked(hit: Hit, sentence: Sentence) -> Hit:
    """The hit, less sure and with a note where the numbers of its sentence contradict each other."""
    notes = contradictions(sentence.norm)
    return replace(hit, confidence=lowered(hit.confidence), note="; ".join(notes)) if notes else hit
