"""Every defensible way to pool the same trials, at once: how far the result depends on choices that nobody questions.

A *universe* is one combination of choices: estimator, interval, measure, follow-up window, correlation within people
of crossovers, trials left out. All are pooled in a few array operations. The share of a choice is the part of the
variance between universes that its main effect explains (a first-order sensitivity index: Saltelli et al. 2008,
*Global Sensitivity Analysis*). The idea: Steegen et al. 2016, https://doi.org/10.1177/1745691616658637.

A multiverse shows fragility. It has no p value, and universes are not weighted by how good they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..telling import count_of
from . import door
from .effects import Effect, EffectRow
from .estimators import METHODS, Fit, fit
from .intervals import INTERVALS, confidence_interval
from .universes import WHERE, Window, World, sets_of, worlds_of

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

CORRELATIONS = (0.3, 0.5, 0.7)
ANY_TIME: dict[str, Window] = {"any time": (-math.inf, math.inf)}
INCLUSIONS = ("all", "leave-one-out", "subsets")
QUANTITIES = ("estimate", "ci_low", "ci_high", "excludes_zero")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Multiverse:
    """The results of all universes.

    Attributes:
        table: one row a universe: the choices (`method`, `interval`, `measure`, `window`, `r`, `left_out`), then `k`,
            `estimate`, `ci_low`, `ci_high`, `tau2` (in squared units of its own measure), `excludes_zero`.
        shares: one row a choice, one column a quantity: the part of its variance that the choice explains alone, 0 to
            1; what is missing to 1 is interaction. Not a number where the quantity does not vary.
        unit: what the estimates are in.
        trials: the trials.
        skipped: combinations with fewer than two trials.
    """

    table: pd.DataFrame
    shares: pd.DataFrame
    unit: str
    trials: tuple[str, ...]
    skipped: int

    def moved_most_by(self, quantity: str = "estimate") -> str:
        """The choice with the largest share; empty where nothing moves the quantity.

        Raises:
            InputError: there is no such quantity.
        """
        door.choice(quantity, QUANTITIES, "quantity", "multiverse")
        column = self.shares[quantity].dropna()
        return "" if column.empty else str(column.idxmax())

    def __repr__(self) -> str:
        found = self.table["estimate"].to_numpy()
        least, low, middle, high, most = np.quantile(found, [0, 0.05, 0.5, 0.95, 1])
        lines = [
            f"{count_of(len(self.table), 'universe')} of {count_of(len(self.trials), 'trial')}, in {self.unit}",
            f"estimate: median {middle:.2f}, 5 % to 95 % {low:.2f} to {high:.2f}, all {least:.2f} to {most:.2f}",
            f"the interval excludes 0 in {100 * self.table['excludes_zero'].to_numpy().mean():.0f} % of universes",
        ]
        for quantity, said in (("estimate", "the estimate"), ("excludes_zero", "whether the interval excludes 0")):
            if choice := self.moved_most_by(quantity):
                share = 100 * float(self.shares[quantity].to_dict()[choice])
                lines.append(f"{said} is moved most by: {choice} ({share:.0f} % of the variance)")
        return "\n".join(lines)


class _Way(NamedTuple):
    """One estimator with one interval, for all data sets at once."""

    method: str
    interval: str
    found: Fit
    low: Array
    high: Array


def multiverse(
    effects: Sequence[Effect | EffectRow],
    *,
    methods: Sequence[str] = METHODS,
    intervals: Sequence[str] = INTERVALS,
    measures: Sequence[str] | None = None,
    windows: Mapping[str, Window] | None = None,
    correlations: Sequence[float] = CORRELATIONS,
    inclusion: str = "leave-one-out",
    subsets: int = 2000,
    scale: tuple[float, float] | None = None,
    level: float = 0.95,
) -> Multiverse:
    """Pool the same trials in every combination of choices.

    Args:
        effects: rows of `effects.csv`, or effects, of one comparison and outcome; several times of a trial are welcome.
        methods, intervals: as in `pool`. FE has the Wald interval only.
        measures: MD and SMD are brought to points of the scale, by the median SD of the second groups; RR, OR and RD to
            a difference of risks, by the median risk of the second groups. Without it, that of the rows.
        windows: name to first and last hour, both included, of which the latest value of a trial counts; or to the name
            of a time, as in the column `window`. A row without hours belongs to a window of hours only if that is open
            on both sides. Without it, each named window that there is, or any time where none is named.
        correlations: for crossovers that report none; no choice where all do.
        inclusion: "all" trials, "leave-one-out" (all, and all but each), or "subsets" of two trials and more.
        subsets: at most so many; beyond it they are drawn at random, always the same ones.
        scale: ends of the scale that differences of means are taken to.
        level: of confidence.

    >>> effects = [Effect(study=name, yi=y, vi=v) for name, y, v in
    ...            [("Lumanauw", -1.27, 60.2), ("Noppers", -18.0, 90.0), ("Sigtermans", -27.7, 49.0)]]
    >>> found = multiverse(effects)
    >>> len(found.table), found.moved_most_by(), found.moved_most_by("excludes_zero")
    (52, 'left_out', 'interval')

    Raises:
        InputError: fewer than two trials, no universe with two, measures that cannot stand on one axis, standardised
            differences of changes beside final values, an effect that cannot be computed, an unknown option.
    """
    for name, values, allowed in (("methods", methods, METHODS), ("intervals", intervals, INTERVALS)):
        if not values:
            raise InputError(f"{name} is empty", where=WHERE, expected="one at least")
        for value in values:
            door.choice(value, allowed, name, WHERE)
    door.choice(inclusion, INCLUSIONS, "inclusion", WHERE)
    level = door.confidence(level, WHERE)
    studies = [effect.study for effect in effects]
    trials = tuple(dict.fromkeys(studies))
    if len(trials) < 2:
        raise InputError(count_of(len(trials), "trial"), where=WHERE, expected="two at least")
    pairs = [(method, kind) for method in methods for kind in intervals if method != "FE" or kind == "wald"]
    if not pairs:
        raise InputError("FE is combined with no Wald interval", where=WHERE, expected="wald among the intervals")
    worlds, unit = worlds_of(effects, measures, windows or _named(effects), correlations, scale)
    sets = sets_of(trials, inclusion, subsets)
    at_world, at_set, skipped = _combined(worlds, sets, studies)
    if not at_world.size:
        raise InputError("no universe has two trials", where=WHERE, expected="windows that hold two trials or more")
    member = np.asarray([[study in one for study in studies] for one in sets])
    y = np.stack([world.y for world in worlds])[at_world]
    v = np.where(member[at_set], np.stack([world.v for world in worlds])[at_world], np.inf)
    ways = []
    for method in dict.fromkeys(method for method, _ in pairs):
        found = fit(y, v, method)
        for kind in [kind for one, kind in pairs if one == method]:
            low, high, _, _ = confidence_interval(found, kind, level)
            ways.append(_Way(method, kind, found, low, high))
    choices = _choices(ways, worlds, sets, trials, at_world, at_set)
    numbers = _numbers(ways, worlds, at_world)
    factors = {name: codes for name, (codes, words) in choices.items() if len(words) > 1}
    if inclusion == "subsets":
        del factors["left_out"]  # a set is no choice, each trial in or out of it is
        inside = np.asarray([[trial in one for trial in trials] for one in sets])[at_set]
        factors |= {f"trial {trial}": np.tile(inside[:, n], len(ways)) * 1 for n, trial in enumerate(trials)}
    return _told(choices, numbers, factors, unit, trials, skipped * len(pairs))


def _named(effects: Sequence[Effect | EffectRow]) -> dict[str, Window]:
    """The windows that effects name: to pool two of them together would count people twice."""
    if not any(effect.window for effect in effects):
        return ANY_TIME
    return {effect.time or "no time": effect.time for effect in effects}


def _combined(
    worlds: Sequence[World], sets: Sequence[frozenset[str]], studies: Sequence[str]
) -> tuple[Codes, Codes, int]:
    """Data set and trials of each universe, and the number of those with fewer than two trials.

    To leave out a trial that a window does not hold anyway is not another choice.
    """
    kept, skipped = [], 0
    for place, world in enumerate(worlds):
        present = {study for study, v in zip(studies, world.v, strict=True) if math.isfinite(v)}
        seen = set()
        for number, one in enumerate(sets):
            left = one & present
            if left in seen:
                continue
            seen.add(left)
            if len(left) > 1:
                kept.append((place, number))
            else:
                skipped += 1
    pairs = np.asarray(kept, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], skipped


def _choices(
    ways: Sequence[_Way],
    worlds: Sequence[World],
    sets: Sequence[frozenset[str]],
    trials: Sequence[str],
    at_world: Codes,
    at_set: Codes,
) -> dict[str, tuple[Codes, list[str]]]:
    """Each choice as codes, one for each universe, and the words they stand for."""
    found: dict[str, tuple[Codes, list[str]]] = {}

    def put(name: str, values: Sequence[str], spread: Codes) -> None:
        words = list(dict.fromkeys(values))
        found[name] = np.asarray([words.index(value) for value in values], dtype=np.int64)[spread], words

    by_way, size = np.repeat(np.arange(len(ways)), at_world.size), len(ways)
    put("method", [way.method for way in ways], by_way)
    put("interval", [way.interval for way in ways], by_way)
    put("measure", [world.measure for world in worlds], np.tile(at_world, size))
    put("window", [world.window for world in worlds], np.tile(at_world, size))
    put("r", [world.r for world in worlds], np.tile(at_world, size))
    names = [", ".join(trial for trial in trials if trial not in one) or "nobody" for one in sets]
    put("left_out", names, np.tile(at_set, size))
    return found


def _numbers(ways: Sequence[_Way], worlds: Sequence[World], at_world: Codes) -> dict[str, npt.NDArray[np.generic]]:
    """Results of all universes, on the axis that they share."""

    def shared(values: Array) -> Array:
        result = np.empty_like(values)
        for place, world in enumerate(worlds):
            mine = at_world == place
            result[mine] = world.change(values[mine])
        return result

    low, high = (
        np.concatenate([shared(ends) for ends in side]) for side in zip(*((w.low, w.high) for w in ways), strict=True)
    )
    return {
        "k": np.concatenate([way.found.k for way in ways]),
        "estimate": np.concatenate([shared(way.found.estimate) for way in ways]),
        "ci_low": low,
        "ci_high": high,
        "tau2": np.concatenate([way.found.tau2 for way in ways]),
        "excludes_zero": (low > 0) | (high < 0),
    }


def _told(
    choices: Mapping[str, tuple[Codes, list[str]]],
    numbers: Mapping[str, npt.NDArray[np.generic]],
    factors: Mapping[str, Codes],
    unit: str,
    trials: tuple[str, ...],
    skipped: int,
) -> Multiverse:
    import pandas as pd

    columns = {name: pd.Categorical.from_codes(codes, pd.Index(words)) for name, (codes, words) in choices.items()}
    shares = {
        name: [_share(codes, numbers[one].astype(float)) for one in QUANTITIES] for name, codes in factors.items()
    }
    return Multiverse(
        table=pd.DataFrame({**columns, **numbers}),
        shares=pd.DataFrame.from_dict(shares, orient="index", columns=list(QUANTITIES), dtype=float),
        unit=unit,
        trials=trials,
        skipped=skipped,
    )


def _share(codes: Codes, values: Array) -> float:
    """Variance of the means of the levels over the variance of all; no number where nothing but rounding varies."""
    total = float(values.var())
    if total <= (1e-12 * float(np.abs(values).max())) ** 2:
        return math.nan
    counts = np.bincount(codes)
    means = np.divide(np.bincount(codes, values), counts, out=np.zeros(counts.size), where=counts > 0)
    return float((counts * (means - values.mean()) ** 2).sum() / values.size / total)
