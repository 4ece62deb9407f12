"""What is chosen before anything is pooled: measure, follow-up window, correlation, and which trials."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from . import guards
from .effects import Effect, EffectRow, Layout, effect_of
from .result import RATIOS

Array = npt.NDArray[np.float64]
Change = Callable[[Array], Array]
Scale = tuple[float, float]
Window = tuple[float, float] | str

SEED = 20090408  # of the subsets that are drawn where there are too many
OF_MEANS, OF_EVENTS = frozenset({"MD", "SMD", "SMD (RevMan)"}), frozenset({"RR", "OR", "RD"})
WHERE = "multiverse"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One data set.

    Attributes:
        measure, window, r: what was chosen, as words.
        y, v: effects and variances of all rows; infinite variance for what is outside the window.
        change: brings effects to the axis that all measures share.
    """

    measure: str
    window: str
    r: str
    y: Array
    v: Array
    change: Change


def worlds_of(
    effects: Sequence[Effect | EffectRow],
    measures: Sequence[str] | None,
    windows: Mapping[str, Window],
    correlations: Sequence[float],
    scale: Scale | None,
) -> tuple[list[World], str]:
    """Every data set that the choices give, and the unit they share.

    Raises:
        InputError: measures that cannot stand on one axis, or an effect that cannot be computed.
    """
    rows = [one if isinstance(one, EffectRow) else one.row for one in effects]
    own = sorted({str(one.measure) for one in effects})
    if not measures and len(own) > 1:
        raise InputError(f"the effects are {', '.join(own)}", where=WHERE, expected="one measure, or `measures`")
    wanted = list(dict.fromkeys(measures)) if measures else own
    if None in rows and wanted != own:
        raise InputError("effects without their rows have one measure", where=WHERE, expected="rows, or no `measures`")
    asked = any(row is not None and row.design == Layout.CROSSOVER and row.r is None for row in rows)
    levels: list[float | None] = [*correlations] if asked and correlations else [None]
    worlds: list[World] = []
    unit = ""
    for measure, r in product(wanted, levels):
        found = [_effect(one, measure, r, scale) for one in effects]
        if found[0].measure == "SMD" and guards.mixed_scores(found):
            what = "standardised differences of changes and of final values are pooled together"
            raise InputError(what, where=WHERE, expected="one kind of score")
        change, unit = _axis(measure, found, wanted, scale)
        y, v = np.asarray([one.yi for one in found]), np.asarray([one.vi for one in found])
        for name, window in windows.items():
            inside = np.asarray(within(found, window))
            words = "as reported" if r is None else f"{r:g}"
            worlds.append(World(measure, name, words, y, np.where(inside, v, math.inf), change))
    return worlds, unit


def within(effects: Sequence[Effect], window: Window) -> list[bool]:
    """Which effects belong to a window: by its hours, or by the name their time goes by.

    >>> within([Effect(study="A", yi=0, vi=1, window=name) for name in ("short term", "long term")], "short term")
    [True, False]
    """
    if isinstance(window, str):
        return [one.time == window for one in effects]
    return latest_within(effects, *window)


def latest_within(effects: Sequence[Effect | EffectRow], first: float, last: float) -> list[bool]:
    """Which effects, or rows, are the latest of their trial within a window; those without a time only if it is open.

    >>> times = [Effect(study="A", yi=0, vi=1, hours=hours) for hours in (2, 24, 168)]
    >>> latest_within(times, 0, 48)
    [False, True, False]
    """
    open_ = math.isinf(first) and math.isinf(last)
    times = [-math.inf if one.hours is None else one.hours for one in effects]
    inside = [open_ if one.hours is None else first <= one.hours <= last for one in effects]
    latest: dict[str, float] = {}
    for one, time, held in zip(effects, times, inside, strict=True):
        if held:
            latest[one.study] = max(time, latest.get(one.study, -math.inf))
    return [held and time == latest[one.study] for one, time, held in zip(effects, times, inside, strict=True)]


def sets_of(trials: Sequence[str], inclusion: str, most: int) -> list[frozenset[str]]:
    """The sets of trials to pool, all of them first; at most `most` subsets, the same ones whenever it is asked.

    >>> [sorted(one) for one in sets_of(["A", "B", "C"], "leave-one-out", 9)]
    [['A', 'B', 'C'], ['B', 'C'], ['A', 'C'], ['A', 'B']]
    """
    everything = frozenset(trials)
    if inclusion == "all":
        return [everything]
    if inclusion == "leave-one-out":
        return [everything, *(everything - {trial} for trial in trials)]
    n = len(trials)
    if 2**n - n - 1 <= most:
        return [frozenset(one) for size in range(n, 1, -1) for one in combinations(trials, size)]
    draw = np.random.default_rng(SEED)
    found = {everything: None}
    while len(found) < most:
        keep = draw.random(n) < 0.5
        if keep.sum() > 1:
            found[frozenset(trial for trial, stays in zip(trials, keep, strict=True) if stays)] = None
    return list(found)


def _effect(one: Effect | EffectRow, measure: str, r: float | None, scale: Scale | None) -> Effect:
    if isinstance(one, EffectRow):
        return effect_of(one, measure=measure, r=r, scale=scale)
    return one if one.row is None else effect_of(one.row, measure=measure, r=r, scale=scale)


def _axis(measure: str, effects: Sequence[Effect], wanted: Sequence[str], scale: Scale | None) -> tuple[Change, str]:
    """How a measure is brought to the axis that all measures share, and the unit of that axis."""
    if len(wanted) == 1:
        scales = {one.scale for one in effects}
        if measure == "MD" and len(scales) == 1 and (ends := scales.pop()):
            return _same, f"points of {ends[0]:g} to {ends[1]:g}"
        return _same, f"log {measure}" if measure in RATIOS else measure or "effect"
    rows = [one.row for one in effects if one.row is not None]
    if set(wanted) <= OF_MEANS:
        sd = _usual_sd(rows, scale)
        return (_same if measure == "MD" else lambda value: value * sd), "points of the scale"
    if set(wanted) <= OF_EVENTS:
        risks = [row.events2 / row.n2 for row in rows if row.events2 is not None and row.n2]
        risk = float(np.median(risks)) if risks else 0.0
        if not 0 < risk < 1:
            what = f"the median risk of the second groups is {risk:g}"
            raise InputError(what, where=WHERE, expected="one measure, or a risk between 0 and 1")
        changes: dict[str, Change] = {
            "RR": lambda value: risk * np.expm1(value),
            "OR": lambda value: 1 / (1 + (1 - risk) / risk * np.exp(-value)) - risk,
            "RD": _same,
        }
        return changes[measure], f"difference of risks, at {100 * risk:.0f} % without treatment"
    what = f"{', '.join(wanted)} cannot stand on one axis"
    raise InputError(what, where=WHERE, expected="MD with SMD, or RR, OR and RD")


def _usual_sd(rows: Sequence[EffectRow], scale: Scale | None) -> float:
    """Median SD of the second groups, in points of the scale that differences of means are in."""
    points = [effect_of(row, measure="MD", scale=scale) for row in rows]
    if len({one.scale for one in points}) > 1:
        step = "`ketalit pool --scale 0-100` (in Python scale=(0, 100)) brings them to one"
        raise InputError("the trials use different scales", where=WHERE, expected="one scale", next_step=step)
    return float(np.median([one.sd2 for one in points if one.sd2]))


def _same(value: Array) -> Array:
    return value
