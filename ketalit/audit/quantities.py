"""Numbers of a statement that can be compared: doses, durations, percentages, years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..reading.normal import normalise
from ..reading.units import BOLUS, DOSE, NUMBER, RATE, factor, parse_unit


class QuantityKind(StrEnum):
    """What a number measures."""

    DOSE = "dose"  # mg/kg
    RATE = "rate"  # mg/kg/h
    DURATION = "duration"  # hours
    SHARE = "share"  # per cent
    YEAR = "year"
    AMOUNT = "amount"  # a dose that is not per body weight; not compared


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or range of a text, in the unit of its kind; `start` and `end` point into that text."""

    kind: QuantityKind
    low: float
    high: float
    text: str
    start: int
    end: int

    def same(self, other: Quantity) -> bool:
        """Whether two quantities say the same, a rounding of 2 % apart."""
        return self.kind is other.kind and all(
            abs(mine - yours) <= 0.02 * max(abs(mine), abs(yours))
            for mine, yours in ((self.low, other.low), (self.high, other.high))
        )


_BOLUS = 10.5 / 60  # hours: what is given faster is a bolus, and has no rate
_TO = r"(?: ?- ?| to | and | or )"
_SPAN = rf"({NUMBER})(?:{_TO}({NUMBER}))?"
_HOURS = {"minute": 1 / 60, "min": 1 / 60, "hour": 1, "hr": 1, "h": 1, "day": 24, "night": 24, "week": 168}
_HOURS |= {"month": 730.5, "year": 8766, "decade": 87660}
_UNIT_OF_TIME = r"(minute|min|hour|hr|h|day|night|week|month|year|decade)s?"
_TIME = re.compile(rf"(?<![\w.,]){_SPAN}[ -]?{_UNIT_OF_TIME}\b(?! old\b)")
_OVER = re.compile(
    r" ?,? ?(?:given |infused )?(?:over|in|during|per|for) (?:the (?:course of )?)?"
    rf"(?:(an?|{NUMBER}) ?)?-?{_UNIT_OF_TIME}\b"
)
_PERCENT = re.compile(rf"(?<![\w.,]){_SPAN} ?(?:%|per ?cent\b)")
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FRACTION = re.compile(r"\b(\d{1,2}|a)[ -](third|quarter|fifth|tenth)s?\b")
_OUT_OF = re.compile(
    r"\b(\d{1,3}) (?:out of|in|of) (?:every )?(\d{1,3})\b(?! ?(?:hours?|min|days?|weeks?|months?|years?))"
)
_HALF = re.compile(r"\bhalf (?:of|the|all)\b")
_YEAR = re.compile(r"(?<![\w./-])(1[89]\d\d|20\d\d)(s)?(?![\w/])")


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in order.

    >>> [(str(q.kind), q.low, q.high) for q in quantities("0.5 mg/kg over 40 minutes helped two-thirds for 3 months")]
    [('rate', 0.75, 0.75), ('share', 66.67, 66.67), ('duration', 2192.0, 2192.0)]
    >>> [(str(q.kind), q.low, q.high) for q in quantities(".05 to 2 milligrams per kilogram over an hour")]
    [('rate', 0.05, 2.0)]
    """
    normal = normalise(text)
    norm = normal.text
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for kind, low, high, start, end in _all(norm):
        if low > high or any(start < stop and begin < end for begin, stop in taken):
            continue
        taken.append((start, end))
        first, last = normal.back(start, end)
        found.append(Quantity(kind, _round(low), _round(high), text[first:last], first, last))
    return tuple(sorted(found, key=lambda one: one.start))


def _round(number: float) -> float:
    return float(f"{number:.4g}") if number < 1e5 else number


def _all(norm: str) -> Iterator[tuple[QuantityKind, float, float, int, int]]:
    for match in DOSE.finditer(norm):
        yield from _dose(norm, match)
    for match in _PERCENT.finditer(norm):
        yield QuantityKind.SHARE, *_ends(match), *match.span()
    for match in _FRACTION.finditer(norm):
        share = 100 * (1 if match[1] == "a" else int(match[1])) / _PARTS[match[2]]
        yield QuantityKind.SHARE, share, share, *match.span()
    for match in _OUT_OF.finditer(norm):
        if 0 < int(match[1]) <= int(match[2]) <= 100 and int(match[2]) > 1:
            share = 100 * int(match[1]) / int(match[2])
            yield QuantityKind.SHARE, share, share, *match.span()
    for match in _HALF.finditer(norm):
        yield QuantityKind.SHARE, 50, 50, *match.span()
    for match in _TIME.finditer(norm):
        times = _HOURS[match[3]]
        low, high = _ends(match)
        yield QuantityKind.DURATION, low * times, high * times, *match.span()
    for match in _YEAR.finditer(norm):
        year = float(match[1])
        yield QuantityKind.YEAR, year, year + (9 if match[2] else 0), *match.span()


def _ends(match: re.Match[str]) -> tuple[float, float]:
    low = float(match[1])
    return low, float(match[2]) if match[2] else low


def _dose(norm: str, match: re.Match[str]) -> Iterator[tuple[QuantityKind, float, float, int, int]]:
    unit = match[2]
    name, per_kg, per_time, _ = parse_unit(unit) if unit != "%" else ("", False, False, 0.0)
    if not name:
        return
    numbers = [float(number) for number in re.findall(NUMBER, match[1])]
    low, high = min(numbers), max(numbers)
    start, end = match.span()
    if not per_kg or name.endswith("day"):
        yield QuantityKind.AMOUNT, low, high, start, end
        return
    if per_time:
        times = factor(name, RATE)
        yield QuantityKind.RATE, low * times, high * times, start, end
        return
    times = factor(name, BOLUS)
    over = _OVER.match(norm, end)
    if over and (over[1] or norm[over.start() : over.end()].lstrip(" ,").startswith("per")):
        hours = _HOURS[over[2]] * (1 if over[1] in {None, "a", "an"} else float(over[1]))
        if hours > _BOLUS:
            yield QuantityKind.RATE, low * times / hours, high * times / hours, start, over.end()
            return
    yield QuantityKind.DOSE, low * times, high * times, start, end
