"""Every defensible way to pool the same trials, and which choice moves the result most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import InputError
from ...figures import Axis, ErrorBars, Picture, Points, Rule, draw
from ...figures import Panel as Axes
from ...pooling import Multiverse, multiverse
from ..control import Choice, Spec
from ..drawing import Array, share_axis
from ..panel import Setting
from .analyses import ANY, AT_ANY_TIME, ESTIMATORS, INTERVALS, Analysis, analyses_of, questions_of
from .on_review import OnReview

_CALLED = {
    "method": "the estimator", "interval": "the interval", "left_out": "which trial is left out", "window": "the time",
    "r": "the correlation", "measure": "the measure",
}  # fmt: skip
_IN, _OUT = "none", "one"


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way to pool, in order of the estimate, and which of them are chosen."""

    name: str
    asked: tuple[str, str, str]
    found: Multiverse
    order: Array
    chosen: Array
    changed: Callable[[Array], Array]
    one: Analysis

    @property
    def excluding(self) -> Array:
        """Which intervals exclude no effect."""
        return np.asarray(self.found.table["excludes_zero"])


@cache
def _universes(folder: Path, name: str) -> Multiverse:
    """All defensible ways to pool one analysis, or a question at any of its times. Trials go by their names."""
    if name in (analyses := analyses_of(folder)):
        held = [analyses[name]]
    else:
        held = list(questions_of(folder)[name.removesuffix(AT_ANY_TIME)].values())
    effects = [(effect, called) for one in held for effect, called in zip(one.effects, one.names, strict=True)]
    return multiverse([replace(effect, study=called) for effect, called in effects])


class Universes(OnReview):
    """Every defensible way to pool the same trials, and which choice moves the result most."""

    name = "ways"
    title = "All defensible ways at once"
    notice = (
        "Each line is one way to pool: estimator, interval, all trials or all but one. All of them are open to whoever "
        "has not written down a plan. Choose some and see where they lie. How often zero is excluded is no probability."
    )
    find = (
        "which choice explains most of the variance of the estimates, and which one most of whether zero is excluded. "
        "Read each choice off the lower picture, or set it and read its two shares."
    )
    limits = (
        "Ways are not weighted by how good they are; some reviewers would refuse some of them. A share is the part of "
        "the variance between ways that one choice explains alone; what is missing to 100 % comes from choices acting "
        "together. With “any time”, the time is a choice too. The idea of a multiverse is that of reference 12."
    )

    def offered(self) -> tuple[Spec, ...]:
        several = [name for name, one in self.analyses.items() if len(set(one.names)) > 1]
        wide = [f"{name}{AT_ANY_TIME}" for name, held in questions_of(self.folder).items() if len(held) > 1]
        return (
            self.choice([*several, *wide]),
            Choice(
                key="method", label="Estimator", value=ANY, options=(ANY, *ESTIMATORS.values()),
                about="Look at the ways with this estimator",
            ),
            Choice(
                key="interval", label="Interval", value=ANY, options=(ANY, *INTERVALS),
                about="Look at the ways with this interval",
            ),
            Choice(
                key="left", label="Trials left out", value=ANY, options=(ANY, _IN, _OUT),
                about="All trials, or all but one",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Ways:
        plain = now.analysis.removesuffix(AT_ANY_TIME)
        held = questions_of(self.folder).get(plain) if plain != now.analysis else None
        one = next(iter(held.values())) if held else self.taken(now.analysis)
        found = _universes(self.folder, now.analysis)
        table = found.table
        chosen = np.ones(len(table), bool)
        for column, asked in (("method", now.method), ("interval", INTERVALS.get(now.interval, ANY))):
            if asked != ANY:
                chosen &= np.asarray(table[column] == asked)
        if now.left != ANY:
            chosen &= np.asarray(table["left_out"] == "nobody") == (now.left == _IN)
        if not chosen.any():
            raise InputError(
                "no way to pool is like that",
                where=now.analysis,
                expected="the Wald interval where the estimator is FE",
            )
        changed: Callable[[Array], Array] = np.exp if one.ratio else np.asarray
        order = np.lexsort((table["ci_low"], table["estimate"]))
        asked = (now.method, now.interval, now.left)
        return Ways(now.analysis, asked, found, order, chosen, changed, one)

    def words(self, result: Ways) -> str:
        table, chosen, excluding = result.found.table, result.chosen, result.excluding
        values = result.changed(table["estimate"].to_numpy()[chosen])
        ends = result.one.told(result.one.telling.between(float(values.min()), float(values.max())))
        ways, count = len(table), int(chosen.sum())
        zero = result.one.zero
        head = f"{ways} ways to pool {len(result.found.trials)} trials."
        if count < ways:
            head += f" {count} chosen."
        said = f"{head} Estimates {ends}; {int(excluding[chosen].sum())} of {count} intervals exclude {zero}."
        shares, alone = result.found.shares, []
        for name, asked in zip(("method", "interval", "left_out"), result.asked, strict=True):
            if asked != ANY and name in shares.index:
                moved, decides = (shares[column].to_dict()[name] for column in ("estimate", "excludes_zero"))
                alone.append(f"{_CALLED[name]} {_percent(moved)}, {_percent(decides)}")
        if alone:
            said += f" Explained alone (estimates, whether {zero} is excluded): {'; '.join(alone)}."
        return said

    def draw(self, result: Ways, before: Ways | None, words: str) -> Picture:
        table, order = result.found.table, result.order
        low, middle, high = (
            result.changed(table[name].to_numpy()[order]) for name in ("ci_low", "estimate", "ci_high")
        )
        rank = np.arange(1, len(order) + 1)
        chosen, excluding = result.chosen[order], result.excluding[order]
        ratio, zero = result.one.ratio, result.one.zero
        marks: list[Any] = [Rule(y=float(zero), ink="ink", dash="")]
        groups = (
            (~chosen, "not chosen", {"ink": "muted"}, "square", 0.8),
            (chosen & ~excluding, f"interval includes {zero}", {"series": 0}, "circle", 1.8),
            (chosen & excluding, f"interval excludes {zero}", {"series": 1}, "diamond", 1.8),
        )
        for at, label, look, shape, width in groups:
            if at.any():
                marks.append(ErrorBars(rank[at], low[at], high[at], cap=0, width=width, **look))
                marks.append(Points(rank[at], middle[at], label=label, shape=shape, sizes=1.6 * width, **look))
        shares = result.found.shares.dropna(how="all")
        names = [_CALLED.get(str(name), str(name)) for name in shares.index]
        parts: list[Any] = []
        for series, (column, label, shape) in enumerate(
            (
                ("estimate", "moves the estimate", "square"),
                ("excludes_zero", f"moves whether {zero} is excluded", "diamond"),
            ),
            start=2,
        ):
            there = shares[column].notna().to_numpy()
            if there.any():
                rows = [name for name, yes in zip(names, there, strict=True) if yes]
                values = shares[column].to_numpy()[there]
                parts.append(Points(values, rows, label=label, series=series, shape=shape, sizes=6))
        wide = result.name.endswith(AT_ANY_TIME)
        title = f"{result.one.question}{AT_ANY_TIME}" if wide else result.one.title
        effect = Axis(result.one.axis, "log" if ratio else "linear", limits=_within(low, high, middle, ratio))
        across = Axis("Ways to pool, from the least to the greatest estimate", limits=(0, len(order) + 1), grid=False)
        panels = [Axes(marks, across, effect, height=230)]
        if parts:
            share = share_axis("Part of the variance that one choice explains alone (%)")
            panels.append(Axes(parts, share, Axis(kind="names", names=tuple(names)), "What moves it"))
        return draw(panels, title=title, description=words, columns=1)

    def data(self, result: Ways) -> pd.DataFrame:
        return result.found.table.astype({"method": str, "interval": str, "left_out": str}).assign(chosen=result.chosen)


def _percent(share: float) -> str:
    """A part of 1; none where nothing differs between ways."""
    return "none" if np.isnan(share) else f"{100 * share:.0f} %"


def _within(low: Array, high: Array, middle: Array, ratio: bool) -> tuple[float, float]:
    """Ends of an axis that shows every estimate; intervals of two trials may run out of it, they are very wide."""
    to, back = (np.log, np.exp) if ratio else (np.asarray, np.asarray)
    reach = max(0.75 * float(np.median(to(high) - to(low))), float(np.ptp(to(middle))), 1e-9)
    first = max(float(to(low).min()), float(to(middle).min()) - reach)
    last = min(float(to(high).max()), float(to(middle).max()) + reach)
    return float(back(first)), float(back(last))
