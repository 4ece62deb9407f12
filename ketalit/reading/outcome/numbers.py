"""The numbers of a result as they stand, and whether those that belong together agree.

A check never corrects anything: it lowers the confidence of what was read and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...vocabulary import Confidence
from ..engine import Rule

_NUMBER = r"-?\d{0,15}\.?\d{1,15}"  # bounded, as time would grow with the cube of endless digits
_BEGINS = r"(?=[-.\d])"  # only saves time
_TO = r" ?(?:-|to|,|;|and) ?"

P_VALUE = Rule(
    "number/p",
    r"p(?<!\wp)(?:[- ]?values?)?(?: (?:for|of) \w+)? ?(?P<sign><=|>=|<|>|=|≤|≥|of) ?(?P<a>0?\.\d+)",
    "Pain was lower with drug X (p = 0.03).",
    "a probability",
)
INTERVAL = Rule(
    "number/ci",
    r"(?P<level>9(?<!\w9)\d)(?:\.\d)? ?% ?-?(?:ci|cl|confidence intervals?|confidence limits)s?\b[ ,:=(\[{]*(?:from )?"
    rf"(?P<a>{_NUMBER}) ?%?{_TO}(?P<b>{_NUMBER})",
    "The difference was 4 points (95% CI 1 to 7).",
    "a confidence interval",
)
MEAN = Rule(
    "number/mean",
    rf"{_BEGINS}(?:(?P<a>{_NUMBER}) ?(?:±|\+/-|\+-) ?(?P<b>{_NUMBER})|"
    rf"(?P<c>{_NUMBER}) \((?:sd|se|sem|s\.d\.)? ?=? ?(?P<d>{_NUMBER})\)(?! ?%))",
    "Pain was 3.1 ± 1.2 with drug X.",
    "a mean with its standard deviation or error",
    hint=r"\d ?(?:±|\+)|\d \([s .=\d-]",
)
MEDIAN = Rule(
    "number/median",
    rf"{_BEGINS}(?P<a>{_NUMBER}) ?[\[(](?:iqr|interquartile range|range)?[:, ]*(?P<b>{_NUMBER}) ?(?:-|to|"
    rf",) ?(?P<c>{_NUMBER})[\])]",
    "The median dose was 12 (8-20) mg.",
    "a median with its range",
    hint=r"\d ?[\[(][^\])]{0,99}(?:-|to|,)",
)
EVENTS = Rule(
    "number/events",
    r"(?=\d)\b(?:(?P<a>\d+) ?(?:/|of|out of|of the) ?(?P<b>\d+)\b(?! ?%)"
    r"(?:[ \w-]{0,30}?[\[(,] ?(?P<c>\d+(?:\.\d+)?) ?(?:%|percent|per cent)(?! ?(?:to|-)))?|"
    r"(?P<d>\d+(?:\.\d+)?) ?(?:%|percent) ?[\[(](?P<e>\d+) ?(?:/|of|out of) ?(?P<f>\d+)[\])])",
    "Nausea occurred in 5 of 30 (17%) given drug X.",
    "a count of events with its denominator",
    hint=r"\d ?(?:/|of|out of|of the) ?\d",
)
RULES = (P_VALUE, INTERVAL, MEAN, MEDIAN, EVENTS)
_COMPARED = (P_VALUE, INTERVAL, EVENTS)  # with each other, or with the number of subjects

_RATIO = re.compile(r"(?:\b(?:ratio|rr|hr|irr|ahr|aor|odds|hazard|relative risk)\b|\bor[ =:]+(?=\d))[^;]{0,40}$")
_DIFFERENCE = re.compile(r"\b(?:difference|differed|md|smd|wmd|reduction|change|effect size|benefit)\b[^;]{0,60}$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text: its kind (the rule's name), its parts in order, the sign before it, and where it stands."""

    kind: str
    parts: tuple[float, ...]
    sign: str
    start: int
    end: int


def numbers_in(norm: str, rules: tuple[Rule, ...] = RULES) -> Iterator[Number]:
    """The numbers of a sentence in normal form, of all kinds or of those that some rules find.

    >>> [(number.kind, number.parts) for number in numbers_in("rr 0.5 (95% ci 0.3-0.8), p = 0.01; 5/30 (17%)")]
    [('number/p', (0.01,)), ('number/ci', (0.3, 0.8)), ('number/events', (5.0, 30.0, 17.0))]
    """
    for rule in rules:
        for match in rule.finditer(norm):
            found = match.groupdict()
            order = "efd" if found.get("f") else "abcdef"
            parts = tuple(float(found[key]) for key in order if found.get(key) is not None)
            if rule is MEDIAN and not parts[1] <= parts[0] <= parts[2]:
                continue
            yield Number(rule.name, parts, found.get("sign") or "", match.start(), match.end())


def contradictions(norm: str, total: int | None = None) -> list[str]:
    """What does not agree in a sentence in normal form; `total` is the number of subjects, where known.

    >>> contradictions("the risk ratio was 0.80 (95% ci 0.60 to 0.95, p = 0.20)")
    ['the interval 0.6 to 0.95 leaves out 1, yet p = 0.2']
    >>> contradictions("nausea occurred in 5 of 30 (27%)", 24)
    ['5 of 30 is 16.7 %, not 27 %', 'a denominator of 30 among 24 subjects']
    >>> contradictions("nausea occurred in 5 of 30 (17%), odds ratio 0.8 (95% ci 0.4-1.6; p = 0.5)")
    []
    """
    numbers = list(numbers_in(norm, _COMPARED))
    return [*_intervals(norm, numbers), *_shares(numbers), *_denominators(numbers, total)]


def _intervals(norm: str, numbers: list[Number]) -> Iterator[str]:
    """Intervals of 95 % against the p beside them: where the null lies outside, p is below 0.05, and the other way."""
    for interval in (one for one in numbers if one.kind == INTERVAL.name):
        if norm[interval.start : interval.start + 2] != "95":
            continue
        null = _null(norm[: interval.start])
        beside = [one for one in numbers if one.kind == P_VALUE.name and abs(_gap(interval, one)) <= 25]
        if null is None or len(beside) != 1:
            continue
        low, high = sorted(interval.parts)
        p, sign = beside[0].parts[0], beside[0].sign
        above = p > 0.055 and sign in ("=", ">", "≥", "of")
        below = p < 0.045 and sign in ("=", "<", "≤", "of")
        if (null < low or null > high) and above:
            yield f"the interval {low:g} to {high:g} leaves out {null}, yet p {sign} {p:g}"
        elif low < null < high and below:
            yield f"the interval {low:g} to {high:g} holds {null}, yet p {sign} {p:g}"


def holds_null(norm: str) -> bool:
    """Whether the first 95 % interval of a text in normal form holds the value of no effect.

    >>> holds_null("risk ratio 0.8 (95% ci 0.4-1.6)"), holds_null("risk ratio 0.5 (95% ci 0.3-0.8)")
    (True, False)
    """
    match = INTERVAL.regex.search(norm)
    null = _null(norm[: match.start()]) if match else None
    if match is None or null is None:
        return False
    low, high = sorted((float(match["a"]), float(match["b"])))
    return low < null < high


def _gap(one: Number, other: Number) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _null(before: str) -> int | None:
    """The value of no effect: 1 for a ratio, 0 for a difference, None where the text does not say which it is."""
    ratio, difference = _RATIO.search(before), _DIFFERENCE.search(before)
    if bool(ratio) == bool(difference):
        return None
    return 1 if ratio else 0


def _shares(numbers: list[Number]) -> Iterator[str]:
    """Counts against the percentage printed with them."""
    for one in numbers:
        if one.kind == EVENTS.name and len(one.parts) == 3 and 0 < one.parts[1] >= one.parts[0]:
            events, total, percent = one.parts
            share = 100 * events / total
            if abs(share - percent) > (1 if percent == int(percent) else 0.6):
                yield f"{events:g} of {total:g} is {share:.1f} %, not {percent:g} %"


def _denominators(numbers: list[Number], total: int | None) -> Iterator[str]:
    """Denominators against the number of subjects."""
    if total:
        for one in numbers:
            if one.kind == EVENTS.name and len(one.parts) == 3 and one.parts[1] > total >= 2:
                yield f"a denominator of {one.parts[1]:g} among {total} subjects"


def lowered(confidence: Confidence) -> Confidence:
    """One step less sure.

    >>> lowered(Confidence.SURE)
    <Confidence.LIKELY: 'likely'>
    """
    return Confidence.LIKELY if confidence is Confidence.SURE else Confidence.UNCLEAR
