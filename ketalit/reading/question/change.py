"""What a clause says of an outcome: higher, lower or no different, in one group than in the other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .amounts import by_numbers, interval, p_value
from .polarity import polarity
from .wording import (
    BETTER,
    DOWN,
    INTERVAL,
    NO_DIFFERENCE,
    NUMBERS,
    PVALUE,
    QUICK,
    SIGNIFICANT,
    UP,
    WORSE,
    Change,
    Clause,
    bracketed,
)

_MARK = re.compile(
    r"\bthan\b|\bcompar(?:ed|ison|ing) (?:to|with|against)\b|\bbut not\b|\bversus\b|\bvs\b\.?|\brelative to\b|"
    r"\bas opposed to\b|"
    r"\bin contrast (?:to|with)\b|\bover (?=placebo|control|sham)|\bagainst\b|\bsuperior to\b|\binferior to\b|"
    r"\bfrom (?=placebo|control|sham)|"
    r"\bexceed(?:ed|s)\b|\bfrom (?=\d[\d.]* ?%? ?(?:\w+ )?(?:in|with|for|among)\b)|\brather than\b|"
    r"\bin relation to\b|\bin respect to\b|\bwith respect to (?=the control)"
)
_DEGREE = re.compile(
    r"^(?:high|higher|highest|great|greater|greatest|larger|largest|more|most|less|lower|lowest|smaller|smallest|"
    r"fewer|longer|shorter|stronger|weaker)$"
)
_CHANGE_NOUN = re.compile(
    r"\b(?:(reductions?|decreases?|declines?|drops?|falls?|loss|lowering|decrements?)|(increases?|gains?|rises?|"
    r"elevations?|"
    r"increments?)|(improvements?|relief|benefits?|recovery|effects?|efficacy))\b"
)
_TIME = re.compile(r"\b(?:time|duration|onset|latenc\w+|length of stay|delay|speed)\b")
_TAIL = re.compile(r",? but not\b[^;]*$")
_REFERRING = re.compile(
    r"\b(?:it|this|these|they|that|the|there|which|neither|none|no)\b[^.;]{0,40}?\b(?:differen\w+|significan\w+|"
    r"trends?|changes?)\b"
)
_NEXT = re.compile(
    r"^(?:however|but|nevertheless|although|yet)?,? ?(?:this|these|the|such|none of these|neither) "
    r"(?:[\w-]+ ){0,4}?(?:differences?|changes?|effects?|trends?|reductions?|increases?|decreases?|improvements?|"
    r"results?|values?)\b"
)
_GROUPS = re.compile(
    r"\b(?:groups?|arms?|treatments?|interventions?|conditions|between|both|placebo|controls?|drugs?|compared|"
    r"than|versus|vs)\b"
)
_OVER_TIME = re.compile(r"\b(?:baseline|before|after|from|pre-?\w*|initial|over time|during)\b")
_VERSUS = re.compile(r"\bbetween\b|\bthan\b|\bversus\b|\bvs\b")
_OPPOSITE = re.compile(r" (?:relief|control|thresholds?|tolerance)\b")
_ADJECTIVE = re.compile(r"[- ](?:than )?(?:dose|risk|density|fat|fibre|extremit|limb|back|level|quality)")
_PAST = frozenset({"high", "low", "most", "older", "earlier"})  # comparatives only where a significance is stated
_BOTH = re.compile(r"\bboth (?:the )?(?:groups|treatments|arms)\b|\b(?:in|for) (?:each|all) (?:groups?|treatments?)\b")
_AMONG = re.compile(r"\bthan\b|\bcompared\b|\bversus\b|\bvs\b|\bbetween\b|\bdifferen|\bgroups\b")
_SINCE = re.compile(
    r"\b(?:from|to|at|with|over|than) (?:the )?(?:baseline|pre-?\w+)\b|\bover time\b|"
    r"\bcompared (?:with|to) (?:the )?baseline"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clause says.

    Attributes:
        change: the outcome in the intervention relative to the comparator.
        rule: name of the rule that told.
        paired: the clause names both sides of the question.
        significant: it states a probability, an interval or a significance.
        within: it tells of change over time, not of a difference between groups.
        foreign: it is about a third group.
        grouped: it names a group or speaks of groups at all.
        named: it, or its sentence, names a side of the question.
    """

    change: Change
    rule: str
    paired: bool
    significant: bool
    within: bool = False
    foreign: bool = False
    grouped: bool = True
    named: bool = True


def read_change(clause: Clause) -> Reading | None:
    """What a clause says of the outcome; None where it compares nothing."""
    text, arms = clause.text, clause.asked.arms
    sides = {one.intervention for one in (clause.here or clause.mentions)}
    paired = {True, False} <= sides and not _apart(clause)
    if arms.within:
        paired = bool(_OVER_TIME.search(text)) and not _VERSUS.search(text)
    within = not arms.within and bool(
        (_BOTH.search(text) and not _AMONG.search(text)) or (_SINCE.search(text) and not paired)
    )
    foreign = not paired and None in sides
    grouped = bool(sides) or bool(_GROUPS.search(text))

    def reading(change: Change, rule: str, significant: bool = True) -> Reading:
        return Reading(change, rule, paired, significant, within, foreign, grouped, bool(sides - {None}))

    probability, limits = p_value(clause), interval(clause)
    if _denies(clause, probability):
        return reading(Change.NO_DIFFERENCE, NO_DIFFERENCE.name)
    stated = bool(SIGNIFICANT.search(text))
    if probability is not None and probability > (0.1 if stated else 0.05):
        return reading(Change.NO_DIFFERENCE, PVALUE.name)
    if limits and limits[0] and probability is None:
        return reading(Change.NO_DIFFERENCE, INTERVAL.name)
    significant = probability is not None or limits is not None or stated
    sign, rule = _by_words(clause)
    if not sign and limits:
        sign, rule = (-limits[1] if _hazard_of_good(clause) else limits[1]), INTERVAL.name
    if not sign and (paired or probability is not None):
        sign, rule = by_numbers(clause), NUMBERS.name
    if not sign or not (significant or sides - {None} or arms.within):
        return None
    if _excepted(clause):
        return reading(Change.NO_DIFFERENCE, rule, significant)
    if not significant and _denied_elsewhere(clause, whole=rule != NUMBERS.name):
        return reading(Change.NO_DIFFERENCE, NO_DIFFERENCE.name)
    return reading(Change.INCREASED if sign > 0 else Change.DECREASED, rule, significant)


def denied_next(following: str) -> bool:
    """Whether the next sentence denies the difference that this one describes.

    >>> denied_next("however, this difference was not statistically significant.")
    True
    """
    return bool(_NEXT.search(following) and NO_DIFFERENCE.regex.search(following))


def _denies(clause: Clause, probability: float | None) -> bool:
    """Whether a clause denies a difference; mild words do not where a small p or a comparative stands beside them."""
    match = NO_DIFFERENCE.regex.search(clause.text)
    if match is None:
        return False
    if not match.group().startswith(("similar", "trend", "comparable", "the same", "marginal", "equal", "little")):
        return True
    before = clause.norm[max(clause.start, clause.spot[0] - 20) : clause.spot[0]]
    qualified = before.endswith(" ") and before.split() and _DEGREE.match(before.split()[-1])
    return not qualified and not (probability is not None and probability < 0.05)


def _excepted(clause: Clause) -> bool:
    """Whether the intervention is the one excepted: "longer with 60 mg, but not with 30 mg"."""
    match = _TAIL.search(clause.norm)
    if match is None or any(rule.regex.search(clause.norm, match.start()) for rule in (UP, DOWN, BETTER)):
        return False
    return any(one.intervention and one.start > match.start() for one in clause.mentions)


def _denied_elsewhere(clause: Clause, *, whole: bool) -> bool:
    """Whether another clause denies the difference that this one describes ("…, but it was not significant")."""
    norm = clause.norm
    others = ((clause.end, len(norm)),) if whole else ((0, clause.start), (clause.end, len(norm)))
    return any(
        NO_DIFFERENCE.regex.search(norm, start, end) and _REFERRING.search(norm, start, end) for start, end in others
    )


def _hazard_of_good(clause: Clause) -> bool:
    """Whether a ratio is the hazard of losing what the outcome counts ("survival, HR 0.6")."""
    return bool(re.search(r"\bhr\b|\bhazard", clause.norm) and re.search(r"surviv|\btime to\b", clause.asked.outcome))


def _apart(clause: Clause) -> bool:
    """Whether a third group is compared with both sides ("higher in group 1 than in groups 2 and 3")."""
    marks = list(_MARK.finditer(clause.norm, clause.start, clause.end))
    if len(marks) != 1:
        return False
    before = {one.intervention for one in clause.here if one.start < marks[0].start()}
    after = {one.intervention for one in clause.here if one.start > marks[0].start()}
    return before == {None} or after == {None}


@dataclass(frozen=True, slots=True, order=True)
class _Cue:
    """A word of more, less, better or worse; the one nearest to the outcome sorts first."""

    distance: int
    start: int
    end: int
    rule: str
    sign: int


def _by_words(clause: Clause) -> tuple[int, str]:
    """1 or -1 and the rule, by the word of more or less that stands nearest to the outcome; 0 where there is none."""
    cues = list(_cues(clause))
    if not cues:
        return 0, ""
    # A comparative outweighs a verb of change ("the decrease was greater").
    degrees = [one for one in cues if _DEGREE.match(clause.norm[one.start : one.end])]
    cue = min(degrees or cues)
    sign = cue.sign
    if degrees:
        if noun := _noun(clause, cue):
            sign *= noun
        elif _OPPOSITE.match(clause.norm, clause.spot[1]) and not _OPPOSITE.search(clause.asked.outcome):
            sign = -sign  # "pain relief was less": more pain
    return sign * _flip(clause, cue), cue.rule


def _cues(clause: Clause) -> list[_Cue]:
    norm, outcome, (left, right) = clause.norm, clause.asked.outcome, clause.spot
    good = polarity(outcome) or 1
    found: list[_Cue] = []
    for rule, sign in (
        (BETTER, good),
        (WORSE, -good),
        (UP, 1),
        (DOWN, -1),
        (QUICK, -1 if _TIME.search(outcome) else 1),
    ):
        for match in rule.regex.finditer(norm, clause.start, clause.end):
            word, start, end = match.group(), match.start(), match.end()
            if (
                (word in _PAST and not SIGNIFICANT.search(clause.text))
                or (bracketed(norm, start) and not bracketed(norm, left))
                or (left <= start < right and word in outcome)
                or _ADJECTIVE.match(norm, end)
                or (rule in (UP, DOWN) and any(one.start <= start < one.end for one in found if one.rule in _JUDGING))
            ):
                continue
            distance = left - end if end <= left else max(0, start - right)
            found.append(_Cue(distance, start, end, rule.name, sign))
    return found


_JUDGING = (BETTER.name, WORSE.name)


def _noun(clause: Clause, cue: _Cue) -> int:
    """The sign of a noun of change that a comparative qualifies ("a greater reduction in pain"); 0 where none."""
    norm = clause.norm
    for match in _CHANGE_NOUN.finditer(norm, clause.start, clause.end):
        after = cue.end <= match.start() <= cue.end + 30
        before = match.end() <= cue.start and _OF.match(norm, match.end())
        if (after or before) and match.group()[:6] not in clause.asked.outcome:
            return -1 if match.group(1) else 1 if match.group(2) else polarity(clause.asked.outcome) or 1
    return 0


_OF = re.compile(r"s? (?:in|of|from)\b| (?:was|were)\b")


def _flip(clause: Clause, cue: _Cue) -> int:
    """-1 where the words speak of the comparator rather than of the intervention."""
    norm, start, end, at, to = clause.norm, clause.start, clause.end, cue.start, cue.end
    if clause.asked.arms.within:
        return 1
    mentions = [one for one in clause.mentions if one.intervention is not None]
    for mark in sorted(_MARK.finditer(norm, start, end), key=lambda match: abs(match.start() - to)):
        after = [one for one in mentions if mark.end() <= one.start < mark.end() + 90]
        before = [one for one in mentions if start <= one.start < mark.start()]
        if _in_numbers(norm, mark) and not (before and after and before[-1].intervention != after[0].intervention):
            continue
        if after and (mark.start() <= start + 20 or not before):
            return -1 if after[0].intervention else 1  # "compared with X, Y was lower"
        if before:
            subject = min(before, key=lambda one: min(abs(one.start - to), abs(at - one.end)))
            if after and after[0].intervention != subject.intervention:
                return -1 if after[0].intervention else 1
            if after and not after[0].intervention:
                return 1
            return 1 if subject.intervention else -1
    near = [one for one in mentions if start <= one.start < end] or mentions
    if not near:
        return 1
    if re.search(r"\bbetween\b", clause.text) and len({one.intervention for one in near}) == 2:
        return 1
    follow = [
        one
        for one in near
        if one.start >= to
        and re.search(r"\b(?:in|for|with|by|among|after|under|on|receiving|of)\b", norm[to : one.start])
    ]
    if follow:
        return 1 if follow[0].intervention else -1
    lead = [one for one in near if one.end <= at]
    if lead:
        return 1 if lead[-1].intervention else -1
    return 1 if near[0].intervention else -1


def _in_numbers(norm: str, match: re.Match[str]) -> bool:
    """Whether "versus" stands between two numbers."""
    return bool(re.match(r" ?[(\d+-]", norm[match.end() : match.end() + 2])) and match.group().startswith(("v", "comp"))
