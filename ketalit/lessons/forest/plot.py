"""The forest plot of an analysis, under any estimator and interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from ...figures import Picture
from ...figures.synthesis import Study, Total, forest_of
from ...figures.synthesis.of_pooling import changer
from ...figures.synthesis.rows import limits_of
from ...pooling import METHODS, Pooled
from ...pooling.intervals import LEAST_FOR_PREDICTION
from ...telling import count_of
from ..control import Choice, Spec
from ..panel import Preset, Setting
from .analyses import ESTIMATORS, FE, HALF, INTERVALS, Analysis, analyses_of, pooled_of
from .on_review import OnReview

_COCHRANE = "https://methods.cochrane.org/methods-cochrane/random-effects-meta-analysis-methods-intervention-reviews"
_UNTIL, _SINCE = (
    "Cochrane's methods group: what RevMan did before",
    "Cochrane's methods group: methods since January 2025",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One analysis, pooled in one way."""

    name: str
    one: Analysis
    way: str
    pooled: Pooled


class Forest(OnReview):
    """The forest plot of an analysis of the review, under any estimator and interval."""

    name = "forest"
    title = "Forest plot"
    notice = (
        "Squares are trials; the larger, the more weight. The diamond is what they add up to. Change the estimator, "
        "then the interval. Look at the middle of the diamond and at its ends; the shade is the interval before."
    )
    find = (
        "in how many of the 13 ways the interval holds no zero, for the three trials that this opens with. "
        "Four random-effects estimators with three intervals each are 12; one true effect with Wald is one more."
    )
    limits = (
        "Intervals of single trials are ± 1.96 standard errors. One true effect (fixed effect, FE) has the Wald "
        "interval only. A prediction interval needs five trials. Nothing here says how well a trial was done, or "
        "whether a difference is large enough to matter to anybody."
    )
    presets = (
        Preset(
            "Cochrane until 2024: DL, Wald",
            {"estimator": "random effects, DL", "interval": "Wald"}, _UNTIL, _COCHRANE,
        ),
        Preset(
            "Cochrane since 2025: REML, Knapp–Hartung",
            {"estimator": "random effects, REML", "interval": "Knapp–Hartung"}, _SINCE, _COCHRANE,
        ),
        Preset("one true effect: FE, Wald", {"estimator": FE, "interval": "Wald"}),
    )  # fmt: skip

    def offered(self) -> tuple[Spec, ...]:
        return (
            self.choice(),
            Choice(
                key="estimator", label="Estimator", value=next(iter(ESTIMATORS)), options=tuple(ESTIMATORS),
                about="How the variance of true effects between trials is estimated; FE takes it to be 0",
            ),
            Choice(
                key="interval", label="Interval", value=next(iter(INTERVALS)), options=tuple(INTERVALS),
                about="How the 95 % interval of the mean is made; one true effect is Wald only",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Drawn:
        one = self.taken(now.analysis)
        method = ESTIMATORS[now.estimator]
        interval = "Wald" if method == "FE" else now.interval
        pooled = pooled_of(self.folder, now.analysis, method, INTERVALS[interval])
        way = "fixed effect: Wald only" if method == "FE" else f"{method}, {interval}"
        return Drawn(now.analysis, one, way, pooled)

    def words(self, result: Drawn) -> str:
        one, pooled = result.one, result.pooled
        people = count_of(one.chosen.people, "person", "people")
        if pooled.k == 1:
            return f"One trial, {people}, so there is nothing to pool: {one.read(pooled)}."
        spread = f"I² {pooled.i2_q:.0f} %." if pooled.method == "FE" else one.spread(pooled)
        told = f"{one.judged(pooled)}. {spread}{one.prediction(pooled)}"
        if pooled.method == "FE":
            return f"{pooled.k} trials, {people}. FE, Wald: {told} Fixed effect: Wald only; “Interval” does not apply."
        return f"{pooled.k} trials, {people}. {result.way}: {told}"

    def draw(self, result: Drawn, before: Drawn | None, words: str) -> Picture:
        one, pooled = result.one, result.pooled
        shade = None
        notes = [one.left_out]
        if before and before.name == result.name and before.way != result.way and pooled.k > 1:
            changed = changer(before.pooled)
            shade = changed(before.pooled.ci_low), changed(before.pooled.ci_high)
            notes.append(f"Shaded: the interval before ({before.way}).")
        if pooled.method == "FE" and pooled.k > 1:
            notes.append("No prediction interval under one true effect.")
        elif 1 < pooled.k < LEAST_FOR_PREDICTION:
            notes.append(f"No prediction interval below {LEAST_FOR_PREDICTION} trials.")
        return forest_of(
            pooled,
            one.names,
            measure=one.axis,
            favours=one.favours,
            shade=shade,
            limits=_limits(self.folder, result.name),
            title=one.title,
            subtitle=result.way if pooled.k > 1 else "One trial",
            note=" ".join(filter(None, notes)),
            width=660,
        )

    def data(self, result: Drawn) -> pd.DataFrame:
        return result.one.rows(result.pooled)


@cache
def _limits(folder: Path, name: str) -> tuple[float, float]:
    """One axis for all ways to pool an analysis, so that only what changes moves."""
    one, plain = analyses_of(folder)[name], pooled_of(folder, name)
    changed = changer(plain)
    ends = HALF * np.sqrt(plain.vi)
    studies = [
        Study(called, changed(y), changed(y - end), changed(y + end))
        for called, y, end in zip(one.names, plain.yi, ends, strict=True)
    ]
    ways = [(method, interval) for method in METHODS for interval in INTERVALS.values() if method != "FE"]
    found = [pooled_of(folder, name, *way) for way in [*ways, ("FE", "wald")]]
    totals = [Total("", changed(each.estimate), changed(each.ci_low), changed(each.ci_high)) for each in found]
    return limits_of(studies, totals, [float(one.zero)], ratio=one.ratio)
