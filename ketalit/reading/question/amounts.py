"""Read the figures of a sentence: probabilities, confidence intervals, and numbers of two groups side by side."""

from __future__ import annotations

import itertools
import re

from .wording import INTERVAL, NUMBERS, PVALUE, Clause

_RATIO = re.compile(r"\b(?:ratios?|or|rr|hr|irr|aor|ahr|odds|hazard|relative risk|risk ratio)\b")
_SPREAD = re.compile(
    r"\((?:sd|se|sem|range|iqr|interquartile|n ?=|table|fig|95 ?%|ci)\b[^()]*\)|\([\d. ]+(?:-|to|,|;)[\d. ]+\)|"
    r"± ?\d+(?:\.\d+)?|"
    r"\bdifference,?:? (?:of |was )?[+-]?\d+(?:\.\d+)?|\+/?- ?\d+(?:\.\d+)?|"
    r"\bp(?:[- ]?value)?s?[ :]*[<>=≤≥]+ ?\d*\.?\d+|\b(?:9\d ?% )?(?:ci|confidence interval)\b[^;)]*|\[[^\]]*\]|"
    r"\b(?:at|after|day|days|weeks?|months?|within|hours?|years?|grade|group|table|figure|fig\.?|"
    r"n ?=) ?\d+(?:\.\d+)?(?!\.)|"
    r"\b\d+(?:\.\d+)?-(?:h|hours?|days?|weeks?|months?|years?|point|item)\b|"
    r"\b\d+(?:\.\d+)? ?(?:h|hours?|days?|weeks?|months?|years?) (?:after|post\w*|follow\w*|later)\b|\b\d+(?:st|nd|"
    r"rd|th)\b"
)
_COUNT = re.compile(r"(?<![\w.])(\d+) ?(?:/|of|out of) ?(\d+)\b(?! ?%)")
_PERCENT = re.compile(r"(?<![\w.±-])([+-]?\d+(?:\.\d+)?) ?%(?! ?(?:ci|confidence))")
_NO_PERCENT = re.compile(r"\d+(?:\.\d+)?(?! ?%|[\d.])")
_BETWEEN = re.compile(
    r"\b(?:versus|vs|opposed to|compared (?:with|to)|as compared|than|while|whereas|against|and|in contrast)\b|;|,"
)
_STRONG = re.compile(
    r"\b(?:versus|vs?|opposed to|compared (?:with|to)|as compared|than|while|whereas|against|in contrast)\b"
)
_RUN = re.compile(r"[ %a-z/]{0,12}(?:,|and|&|/)[ a-z]{0,8}$")


def p_value(clause: Clause) -> float | None:
    """The probability that belongs to the outcome: the first after its words, else the last before them."""
    norm = clause.norm
    found = [
        (match.start(), _probability(match))
        for match in PVALUE.regex.finditer(norm, clause.start, clause.end)
        if not norm.endswith("heterogeneity ", 0, match.start())
    ]
    if not found:
        following = PVALUE.regex.search(norm, clause.end)
        return _probability(following) if following else None
    return next((value for at, value in found if at >= clause.spot[1]), found[-1][1])


def _probability(match: re.Match[str]) -> float:
    value = float(match.group(2).replace(",", "."))
    sign = match.group(1)
    if sign.startswith((">", "≥", "greater", "&gt")):
        return 1.0 if value >= 0.045 else value
    if sign.startswith(("<", "≤", "less", "&lt")):
        return min(value, 0.049) if value <= 0.06 else value
    return value


def interval(clause: Clause) -> tuple[bool, int] | None:
    """Whether a confidence interval holds the value of no effect, and on which side of it it lies (1, -1)."""
    norm = clause.norm
    match = INTERVAL.regex.search(norm, clause.start, clause.end)
    if match is None:
        return None
    low, high = float(match.group(1)), float(match.group(2))
    if low > high and low > 0 and match.group(2).startswith("-"):
        return None
    null = 0.0
    if low >= 0 and high >= 0:
        if _RATIO.search(norm, max(0, match.start() - 90), match.end()):
            null = 1.0
        elif low and high and not re.search(r"\bdifference|\bchange|\breduc|\bincreas", clause.text):
            return None  # the interval of a mean, not of a difference
    if low <= null <= high:
        return True, 0
    return False, 1 if low > null else -1


def by_numbers(clause: Clause) -> int:
    """1 where the intervention has the larger of two numbers side by side, -1 where the smaller, 0 where neither.

    Spreads, probabilities, times and doses are passed over; shares are preferred to counts.
    """
    norm, start = clause.norm, clause.start
    sides = [one for one in clause.mentions if one.intervention is not None]
    blanked = _SPREAD.sub(_blank, norm)
    for side in clause.mentions:
        if norm[side.start].isdigit():  # a dose that names a group
            blanked = blanked[: side.start] + " " * (side.end - side.start) + blanked[side.end :]
    after = start if clause.spot[0] < start else min(max(start, clause.spot[1]), clause.end)
    if len(_PERCENT.findall(blanked, after)) >= 2:
        blanked = _NO_PERCENT.sub(_blank, blanked)
    else:
        blanked = _COUNT.sub(_share, blanked)
    found = _pair(blanked, after) or _pair(blanked, start)
    if found is None or found[0] == found[1]:
        return 0
    first = next((one.intervention for one in (*(one for one in sides if one.start >= start - 1), *sides)), True)
    return 1 if (found[0] > found[1]) == first else -1


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _share(match: re.Match[str]) -> str:
    """A count of a total as a share, in as many characters."""
    total = int(match.group(2))
    width = len(match.group())
    return f"{int(match.group(1)) / total if total else 0:.6f}"[:width].rjust(width) if width > 3 else match.group()


def _pair(norm: str, start: int) -> tuple[float, float] | None:
    """The first two numbers that stand for the two sides; of lists ("3 and 4 versus 5 and 6"), the first of each."""
    numbers = list(NUMBERS.regex.finditer(norm, start))
    for pattern in (_STRONG, _BETWEEN):
        for place, (before, two) in enumerate(itertools.pairwise(numbers)):
            if not pattern.search(norm, before.end(), two.start()) or two.start() - before.end() > 120:
                continue
            first = place
            while (
                pattern is _STRONG and first and _RUN.fullmatch(norm, numbers[first - 1].end(), numbers[first].start())
            ):
                first -= 1
            one = numbers[first]
            percent = [norm[match.end() : match.end() + 2].lstrip().startswith("%") for match in (one, two)]
            if percent[0] == percent[1]:
                return float(one.group()), float(two.group())
    return None
