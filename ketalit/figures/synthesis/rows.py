"""What stands in the rows of a forest plot: plain numbers, whoever computed them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from ...errors import InputError
from ..scale import numbers
from ..text import clean

FAR = 1e280  # numbers beyond it are drawn as if they were there
NEAR = 1e-280  # and no axis is shorter


@dataclass(frozen=True, slots=True)
class Study:
    """One row with an effect and its interval.

    Attributes:
        name: of the study.
        estimate, low, high: the effect and its interval, in units of the axis (ratios as ratios, no logarithms);
            what cannot be computed is nan, and the row says so.
        weight: its share, 0 to 1; None: points are all as large, and no weights are shown.
        cells: further cells, one for each of the `headers` of the picture.
        judgements: of risk of bias, one for each of its `domains`.
        group: the section it stands in.
    """

    name: str
    estimate: float
    low: float
    high: float
    weight: float | None = None
    cells: Sequence[str] = ()
    judgements: Sequence[str] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """A pooled result, drawn as a diamond.

    Attributes:
        name: what is pooled, and how.
        estimate, low, high: in units of the axis.
        prediction: prediction interval, drawn as a thin bar in a row of its own.
        words: written under it: how much studies differ.
        cells: further cells, as of a study.
    """

    name: str
    estimate: float
    low: float
    high: float
    prediction: tuple[float, float] | None = None
    words: str = ""
    cells: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """Effects too small to matter, as a reader sees it: a shaded band around no effect.

    Attributes:
        low, high: ends of the band, in units of the axis.
        source: whose threshold it is; written under the picture.
    """

    low: float
    high: float
    source: str


def bounded(values: Collection[float]) -> list[float]:
    """Numbers, those beyond `FAR` as if they were there."""
    return [min(max(value, -FAR), FAR) for value in numbers(values)]


def checked(row: Study | Total) -> None:
    """Refuse an interval that does not hold its estimate.

    Raises:
        InputError: it runs backwards or lies beside its estimate.
    """
    ends = [row.low, row.estimate, row.high]
    slack = 1e-9 * max([abs(end) for end in ends if math.isfinite(end)], default=0.0)
    if not any(map(math.isnan, ends)) and not (row.low <= row.estimate + slack and row.estimate <= row.high + slack):
        what = f"the interval {row.low:g} to {row.high:g} does not hold the estimate {row.estimate:g}"
        raise InputError(what, where=clean(row.name), expected="low ≤ estimate ≤ high")


def limits_of(
    studies: Sequence[Study],
    totals: Sequence[Total],
    also: Sequence[float],
    *,
    ratio: bool,
) -> tuple[float, float]:
    """Ends of an axis that shows every estimate and pooled interval whole; very wide intervals run out of it.

    >>> rows = [Study("A", 0, -1, 1), Study("B", 1, -1, 3), Study("C", 1, -50, 52)]
    >>> limits_of(rows, [Total("all", 0.5, -1, 2)], [0.0], ratio=False)
    (-5.22, 6.22)
    """
    there = [(math.log if ratio else float)(value) for value in _usable(also, ratio)]
    whole = [value for total in totals for value in (total.estimate, total.low, total.high)]
    further = [end for total in totals for end in total.prediction or ()]
    core = there + [_placed(value, ratio) for value in _usable([*whole, *(one.estimate for one in studies)], ratio)]
    ends = [
        _placed(value, ratio) for value in _usable([*(e for s in studies for e in (s.low, s.high)), *further], ratio)
    ]
    if not core:
        core = ends or [0.0, 1.0]
    low, high = min(core), max(core)
    if low == high:  # one study, or all the same: as far as its interval goes
        low, high = min([low, *ends]), max([high, *ends])
    breadths = [
        _placed(s.high, ratio) - _placed(s.low, ratio) for s in studies if len(_usable([s.low, s.high], ratio)) == 2
    ]
    room = max([high - low, *([median(breadths)] if breadths else [])]) or abs(high) or 1.0
    first, last = max(min([low, *ends]), low - room), min(max([high, *ends]), high + room)
    if last - first < NEAR:
        room = max(room, NEAR)
        first, last = first - room / 2, last + room / 2
    edge = 0.02 * (last - first)  # so that no end of an interval lies on the end of the axis
    first, last = first - edge, last + edge
    if ratio:
        return math.exp(max(first, -640.0)), math.exp(min(last, 640.0))
    return max(first, -FAR), min(last, FAR)


def _usable(values: Sequence[float], ratio: bool) -> list[float]:
    return [min(max(value, -FAR), FAR) for value in values if math.isfinite(value) and (value > 0 or not ratio)]


def _placed(value: float, ratio: bool) -> float:
    return math.log(value) if ratio else value
