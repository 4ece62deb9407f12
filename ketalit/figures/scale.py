"""Scales: where between the two ends of an axis a value lies, and which values get a tick.

Fractions run from 0 at the low end to 1 at the high one and beyond them for values outside; what cannot be placed (not
a number, or nothing above zero on a logarithmic scale) is nan. Ticks: 1, 2 and 5 times powers of ten; for times the
steps of clocks and calendars.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Protocol

from ..errors import InputError
from .text import clean

_HUGE, _TINY = 1e290, 1e-290  # what a scale that fits itself to data reaches; beyond it values are cut off
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis; a minor one has no label."""

    value: float
    label: str = ""


class Scale(Protocol):
    """What every scale can do."""

    def fractions(self, values: Iterable[Any]) -> list[float]:
        """Where values lie, 0 to 1 between the ends."""

    def ticks(self, most: int, *, times: float = 1) -> list[Tick]:
        """Ticks with at most so many labels (but at least one); labels show the value times `times`."""


def numbers(values: Any) -> list[float]:
    """Any sequence of numbers as floats; None is a gap.

    >>> numbers([1, None, 2.5])
    [1.0, nan, 2.5]
    """
    plain = values.tolist() if hasattr(values, "tolist") else values
    return [math.nan if value is None else float(value) for value in plain]


def shown(value: float, exponent: int) -> str:
    """A number as a tick shows it: no digits finer than ten to the `exponent`.

    >>> shown(0.25, -2), shown(-20.0, 0), shown(25000, 3), shown(2e-7, -7), shown(1e6, 6)
    ('0.25', '−20', '25\\xa0000', '2×10⁻⁷', '10⁶')
    """
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)) + 1e-12)
    if size >= 6 or size < -4:
        power = "10" + str(size).translate(_SUPERSCRIPT)
        mantissa = f"{value / 10.0**size:.{min(max(size - exponent, 0), 15)}f}"
        text = power if mantissa == "1" else f"−{power}" if mantissa == "-1" else f"{mantissa}×{power}"
    else:
        text = f"{value:,.{min(max(-exponent, 0), 15)}f}"
        text = text.replace(",", "\u00a0" if size >= 4 else "")
    return text.replace("-", "−")


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal steps.

    >>> Linear(0, 10).fractions([0, 5, 12])
    [0.0, 0.5, 1.2]
    >>> [tick.label for tick in Linear(-0.1, 1).ticks(6)]
    ['0', '0.2', '0.4', '0.6', '0.8', '1.0']
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _check(self.low, self.high)

    @classmethod
    def around(cls, values: Iterable[float], *, zero: bool = False) -> Linear:
        """A scale that holds all values and ends on a tick; `zero`: and zero.

        >>> Linear.around([0.3, 8.7])
        Linear(low=0.0, high=10.0)
        """
        low, high = _ends([*values, 0.0] if zero else values, -_HUGE, _HUGE)
        if high - low <= 1e-9 * max(abs(low), abs(high)) or high - low < _TINY:
            more = 0.1 * abs(low) if abs(low) > _TINY else 1.0
            low, high = low - more, high + more
        factor, exponent = _step(high - low, 5)
        step = factor * 10.0**exponent
        return cls(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)

    def fractions(self, values: Iterable[Any]) -> list[float]:
        """Where values lie, 0 to 1 between the ends."""
        low, span = self.low, self.high - self.low
        if math.isinf(span):  # the ends are too far apart for their difference
            return [(value / 2 - low / 2) / (self.high / 2 - low / 2) for value in numbers(values)]
        return [(value - low) / span for value in numbers(values)]

    def ticks(self, most: int, *, times: float = 1) -> list[Tick]:
        """Ticks at 1, 2 or 5 times a power of ten."""
        return list(_round_ticks(self.low, self.high, max(most, 1), times))


@dataclass(frozen=True, slots=True)
class Log:
    """Equal ratios; values above zero only.

    >>> Log(0.01, 100).fractions([1, 0])
    [0.5, nan]
    >>> [tick.label for tick in Log(0.1, 10).ticks(9) if tick.label]
    ['0.1', '0.2', '0.5', '1', '2', '5', '10']
    >>> [tick.label for tick in Log(0.1, 10).ticks(4) if tick.label]
    ['0.1', '1', '10']
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _check(self.low, self.high)
        if self.low <= 0:
            raise InputError(f"a logarithmic scale cannot begin at {self.low:g}", expected="a number above 0")

    @classmethod
    def around(cls, values: Iterable[float]) -> Log:
        """A scale that holds all values above zero and ends at 1, 2 or 5 times a power of ten.

        >>> Log.around([0.3, 0, 87])
        Log(low=0.2, high=100.0)
        """
        above = [value for value in values if 0 < value < math.inf] or [1.0]
        low, high = _ends(above, _TINY, _HUGE)
        if high / low < 1 + 1e-9:
            low, high = low / 2, high * 2
        steps = [
            factor * 10.0**power if power >= 0 else factor / 10.0**-power
            for power in range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
            for factor in (1, 2, 5)
        ]
        return cls(
            max(step for step in steps if step <= low * (1 + 1e-9)),
            min(step for step in steps if step >= high * (1 - 1e-9)),
        )

    def fractions(self, values: Iterable[Any]) -> list[float]:
        """Where values lie, 0 to 1 between the ends."""
        log, low = math.log10, math.log10(self.low)
        span = log(self.high) - low
        return [(log(value) - low) / span if value > 0 else math.nan for value in numbers(values)]

    def ticks(self, most: int, *, times: float = 1) -> list[Tick]:
        """Ticks at 1, 2 and 5 times powers of ten, at the powers alone, or at every second, third … of them."""
        low, high = self.low * times * (1 - 1e-12), self.high * times * (1 + 1e-12)
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        fine = [(factor, power) for power in powers for factor in (1, 2, 5) if low <= _times(factor, power) <= high]
        if len(fine) < 3:
            return Linear(self.low, self.high).ticks(most, times=times)
        chosen = fine
        apart = 0
        while len(chosen) > max(most, 1):
            apart += 1
            coarse = [(1, power) for power in powers if power % apart == 0 and low <= _times(1, power) <= high]
            chosen = coarse or fine[:1]
        labelled = {_times(*one): shown(_times(*one), one[1]) for one in chosen}
        within = range(1, 10) if len(powers) <= 7 else (1,)
        minor = {_times(factor, power) for power in powers for factor in within} - set(labelled)
        everything = sorted([*labelled, *(value for value in minor if low <= value <= high)])
        return [Tick(value / times, labelled.get(value, "")) for value in everything]


_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_CLOCK = {
    "s": (1, 2, 5, 10, 15, 30, 60, 120, 300),
    "min": (1, 2, 5, 10, 15, 30, 60, 120, 240),
    "h": (1, 2, 3, 4, 6, 12, 24, 48, 72),
}
_CALENDAR = (1, 2, 7, 14, 28, 56, 91, 182, 364)


@dataclass(frozen=True, slots=True)
class Time:
    """Time, with ticks as clocks and calendars have them. `unit` is that of the values: ms, s, min, h or d.

    >>> hours = Time(0, 1.5, "h")
    >>> hours.shown_unit, [tick.label for tick in hours.ticks(7)]
    ('min', ['0', '15', '30', '45', '60', '75', '90'])
    """

    low: float
    high: float
    unit: str = "h"

    def __post_init__(self) -> None:
        _check(self.low, self.high)
        if self.unit not in _SECONDS:
            raise InputError(f"“{self.unit}” is no unit of time", expected=", ".join(_SECONDS))

    @classmethod
    def around(cls, values: Iterable[float], unit: str = "h") -> Time:
        """A scale from the first to the last of the values, and no further."""
        low, high = _ends(values, -_HUGE, _HUGE)
        return cls(low, high, unit) if high > low else cls(low, low + (abs(low) or 1.0), unit)

    @property
    def shown_unit(self) -> str:
        """The unit of the labels."""
        span = (self.high - self.low) * _SECONDS[self.unit]
        least = {"d": 4 * _SECONDS["d"], "h": 3 * _SECONDS["h"], "min": 3 * _SECONDS["min"], "s": 0.5}
        return next((unit for unit, seconds in least.items() if span >= seconds), "ms")

    def fractions(self, values: Iterable[Any]) -> list[float]:
        """Where values lie, 0 to 1 between the ends."""
        return Linear(self.low, self.high).fractions(values)

    def ticks(self, most: int, *, times: float = 1) -> list[Tick]:
        """Ticks at whole steps of the unit shown; `times` changes nothing here."""
        unit = self.shown_unit
        factor = _SECONDS[self.unit] / _SECONDS[unit]
        low, high = self.low * factor, self.high * factor
        for step in _CALENDAR if unit == "d" else _CLOCK.get(unit, ()):
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first + 1 <= most and (high - low) / step > 1 and not (step == 1 and (high - low) < 3):
                return [Tick(at * step / factor, shown(float(at * step), 0)) for at in range(first, last + 1)]
        return [Tick(tick.value / factor, tick.label) for tick in Linear(low, high).ticks(most)]


@dataclass(frozen=True, slots=True)
class Bands:
    """Names side by side, each in the middle of its band; a value is a name, or its place counted from 0.

    >>> Bands(("2A", "2B")).fractions(["2A", 1])
    [0.25, 0.75]
    """

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.names:
            raise InputError("a scale of names has none", expected="at least one")

    def fractions(self, values: Iterable[Any]) -> list[float]:
        """Where names lie, 0 to 1 between the ends."""
        plain = values.tolist() if hasattr(values, "tolist") else values
        places = {name: place for place, name in reversed(list(enumerate(self.names)))}
        found: list[float] = []
        for value in plain:
            if isinstance(value, str) and value not in places:
                raise InputError(f"“{clean(value)}” is not on the axis", expected=", ".join(map(clean, self.names)))
            place = places[value] if isinstance(value, str) else math.nan if value is None else float(value)
            found.append((place + 0.5) / len(self.names))
        return found

    def ticks(self, most: int, *, times: float = 1) -> list[Tick]:
        """All names, whatever the room."""
        return [Tick(float(place), name) for place, name in enumerate(self.names)]


def spread(positions: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Move positions apart by no more than needed, so that neighbours keep their distance and none leaves the range.

    Args:
        positions: where labels want to be, px, in any order.
        gaps: the room each of them needs; neighbours stand half of both apart.
        low, high: the range; where it is too short for all, they stand evenly in it.

    >>> spread([10, 12, 40], [8, 8, 8], 0, 100)
    [7.0, 15.0, 40.0]
    """
    order = sorted(range(len(positions)), key=lambda at: (positions[at], at))
    # Blocks of labels that touch, each at the mean of what its members wish (pool adjacent violators).
    blocks: list[tuple[list[int], float, float]] = []  # members, wished start, length
    for at in order:
        members, length = [at], gaps[at]
        start = min(max(positions[at] - length / 2, low), max(high - length, low))
        while blocks and blocks[-1][1] + blocks[-1][2] > start:
            before, their_start, their_length = blocks.pop()
            weight = len(before)
            start = (their_start * weight + (start - their_length) * len(members)) / (weight + len(members))
            members, length = before + members, their_length + length
            start = min(max(start, low), max(high - length, low))
        blocks.append((members, start, length))
    total = sum(gaps)
    shrink = min((high - low) / total, 1.0) if total else 1.0
    placed = [0.0] * len(positions)
    for members, start, _ in blocks:
        edge = start
        for at in members:
            placed[at] = edge + gaps[at] * shrink / 2
            edge += gaps[at] * shrink
    return placed


def overlapping(boxes: Sequence[tuple[float, float]], gap: float) -> bool:
    """Whether neighbours among intervals (start, end) are closer than `gap`."""
    ordered = sorted(boxes)
    return any(later[0] - earlier[1] < gap for earlier, later in pairwise(ordered))


def _check(low: float, high: float) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise InputError(f"an axis cannot run from {low:g} to {high:g}", expected="two numbers, the smaller first")


def _ends(values: Iterable[float], least: float, most: float) -> tuple[float, float]:
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    return min(max(low, least), most), min(max(high, least), most)


def _step(span: float, most: int) -> tuple[int, int]:
    """The smallest 1, 2 or 5 times a power of ten that fits into a span at most so many times."""
    raw = span / most if math.isfinite(span) else 1.7e308 / most
    exponent = math.floor(math.log10(raw)) if raw > 0 else -300
    factor = next((one for one in (1, 2, 5) if _times(one, exponent) >= raw * (1 - 1e-9)), 10)
    return (1, exponent + 1) if factor == 10 else (factor, exponent)


@lru_cache(maxsize=512)  # of most panels the axes stay while the curves move
def _round_ticks(low: float, high: float, most: int, times: float) -> tuple[Tick, ...]:
    """Ticks from low to high at 1, 2 or 5 times a power of ten, once they are taken `times`."""
    low, high = low * times, high * times
    for fewer in range(most, 0, -1):
        factor, exponent = _step(high - low, fewer)
        values = _multiples(low, high, factor, exponent)
        if len(values) <= most:
            break
    finer = 1
    while not values:  # a short stretch may lie between two round numbers
        finer += 1
        factor, exponent = _step(high - low, finer)
        values = _multiples(low, high, factor, exponent)
    return tuple(Tick(value / times, shown(value, exponent)) for value in values[:most])


def _times(factor: int, exponent: int) -> float:
    """Factor times ten to the exponent, rounded once."""
    return float(factor * 10**exponent) if exponent >= 0 else factor / 10.0**-exponent


def _multiples(low: float, high: float, factor: int, exponent: int) -> list[float]:
    step = _times(factor, exponent)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [_times(at * factor, exponent) for at in range(first, min(last, first + 1000) + 1)]
    return list(dict.fromkeys(values))
