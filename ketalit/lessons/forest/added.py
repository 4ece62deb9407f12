"""An invented trial beside the real ones: what it does to weights and mean under two models."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...errors import InputError
from ...figures import Axis, ErrorBars, Picture, Points, Rule, draw
from ...figures import Panel as Axes
from ...figures.synthesis.of_pooling import changer
from ...pooling import Pooled, pool
from ...pooling.result import RATIOS
from ..control import Number, Spec
from ..drawing import share_axis
from ..panel import Setting
from .analyses import HALF, Analysis, first_of, pooled_of
from .on_review import OnReview

INVENTED = "INVENTED TRIAL"
_PEOPLE = 1000  # of an invented trial, at most


@dataclass(frozen=True, slots=True)
class Added:
    """An analysis without and with invented trials, each pooled in two ways: one true effect, and random effects."""

    one: Analysis
    people: float
    effect: float
    copies: int
    larger: float
    without: tuple[Pooled, Pooled]
    fixed: Pooled
    random: Pooled

    @property
    def invented(self) -> bool:
        """There is an invented trial."""
        return self.people > 0

    def shares(self, pooled: Pooled) -> tuple[list[float], float]:
        """Weights of the trials, and of what is invented all together."""
        real = len(self.one.names)
        return [float(weight) for weight in pooled.weights[:real]], float(pooled.weights[real:].sum())


class AddATrial(OnReview):
    """An invented trial beside the real ones: what it does to weights and mean under two models."""

    name = "added"
    title = "Add a trial that does not exist"
    notice = (
        "Circles are the model of one true effect, squares that of random effects. Look at the lower "
        "picture first: which weight has each trial under either model? Then look how far each mean has moved."
    )
    find = "the size at which an invented trial without any effect has half of the weight under one true effect."
    limits = (
        "The invented trial is as precise for each person as the median of the real ones (variance times people), "
        "and no more than a number: it has no patients, no bias and no author. “Real trials larger by” divides their "
        "variances and leaves their results as they are. Random effects: REML, Knapp–Hartung, never narrower than "
        "Wald; one true effect: Wald."
    )

    def offered(self) -> tuple[Spec, ...]:
        start = first_of(self.analyses)
        kind = self.analyses[start].kind if start in self.analyses else ("MD", None)
        alike = [name for name, one in self.analyses.items() if one.kind == kind]
        better = self.analyses[start].chosen.better if start in self.analyses else "lower"
        return (
            self.choice(alike, start),
            Number(
                key="people", label=f"{INVENTED.capitalize()}: people", value=0, low=0, high=_PEOPLE, step=10,
                about="Both groups together; 0: there is none",
            ),
            _effect_of(kind, better),
            Number(
                key="copies", label="How many such trials", value=1, low=1, high=10, step=1,
                about="Exactly alike; from five trials in all there is a prediction interval",
            ),
            Number(
                key="larger", label="Real trials larger by", unit="×", value=1, low=1, high=30, log=True,
                about="The same results from so many times the people: another invention",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Added:
        one = self.taken(now.analysis)
        real = pooled_of(self.folder, now.analysis)
        y, v = list(real.yi), list(real.vi / now.larger)
        if now.people:
            y += [math.log(now.effect) if one.ratio else now.effect] * int(now.copies)
            v += [_for_each(one, real) / now.people] * int(now.copies)
        measure = real.measure
        return Added(
            one, now.people, now.effect, int(now.copies), now.larger,
            (pooled_of(self.folder, now.analysis, "FE", "wald"), real),
            pool(y, v, "FE", "wald", measure=measure),
            pool(y, v, measure=measure),
        )  # fmt: skip

    def words(self, result: Added) -> str:
        one, fixed, random = result.one, result.fixed, result.random
        telling, spread = one.telling, one.spread(random)
        many = "" if result.larger == 1 else f" Real trials × {result.larger:g}."
        if not result.invented:
            return (
                f"No invented trial.{many} One true effect: {one.read(fixed)}. Random effects: {one.read(random)}; "
                f"{spread}"
            )
        changed = changer(random)
        moved = [
            f"{telling.tell(changed(before.estimate))} → {telling.tell(changed(after.estimate))}"
            for before, after in zip(result.without, (fixed, random), strict=True)
        ]
        share = [f"{100 * result.shares(pooled)[1]:.0f} %" for pooled in (fixed, random)]
        interval = telling.between(changed(random.ci_low), changed(random.ci_high))
        times = "" if result.copies == 1 else f"{result.copies} × "
        return (
            f"Invented: {times}{result.people:g} people, {one.told(telling.tell(result.effect))}.{many} "
            f"One true effect: weight {share[0]}, {moved[0]}. "
            f"Random effects: weight {share[1]}, {moved[1]} (95 % interval {interval}); {spread}"
            f"{one.prediction(random)}"
        )

    def draw(self, result: Added, before: Added | None, words: str) -> Picture:
        one, real = result.one, result.random
        changed = changer(real)
        invented = [INVENTED + ("" if result.copies == 1 else f" (× {result.copies})")] if result.invented else []
        trials = [*one.names, *invented]
        count = len(trials)
        half = HALF * np.sqrt(real.vi[:count])
        low, high = ([changed(v) for v in real.yi[:count] + side * half] for side in (-1, 1))
        middle = [changed(v) for v in real.yi[:count]]
        at = len(one.names)
        marks: list[Any] = [
            Rule(x=float(one.zero), ink="ink", dash=""),
            ErrorBars(trials[:at], low[:at], high[:at], flat=True, ink="muted"),
            Points(middle[:at], trials[:at], ink="ink", shape="square", sizes=4),
        ]
        if invented:
            marks += [
                ErrorBars(invented, low[at:], high[at:], flat=True, series=3),
                Points(middle[at:], invented, series=3, shape="diamond", sizes=6, hollow=True, label="invented"),
            ]
        rows, means = _means(result)
        marks += means
        weights: list[Any] = []
        for series, (pooled, shape) in enumerate(((result.fixed, "circle"), (real, "square")), start=1):
            shares, made = result.shares(pooled)
            weights.append(
                Points([*shares, *([made] if invented else [])], trials, series=series, shape=shape, sizes=5)
            )
        effect = Axis(one.axis, "log" if one.ratio else "linear", limits=self._limits(result))
        return draw(
            [
                Axes(marks, effect, Axis(kind="names", names=(*trials, *rows)), "Effects, and what they add up to"),
                Axes(
                    weights, share_axis("Weight (%)"), Axis(kind="names", names=tuple(trials)),
                    "Weight under each model",
                ),
            ],
            title=self.title,
            subtitle=f"{one.chosen.comparison}, {one.chosen.time}".rstrip(", "),
            description=words,
            columns=1,
        )  # fmt: skip

    def _limits(self, result: Added) -> tuple[float, float] | None:
        """An axis that stands still while a trial is dragged: all that may be asked for, and the means."""
        spec = self.moves["effect"].declared
        assert isinstance(spec, Number)
        changed = changer(result.random)
        ends = [changed(end) for one in (result.fixed, result.random) for end in (one.ci_low, one.ci_high)]
        low, high = min(spec.low, *ends), max(spec.high, *ends)
        return (low, high) if 0 < high - low < 1e6 else None

    def data(self, result: Added) -> pd.DataFrame:
        names = [*result.one.names, *[INVENTED] * (result.random.k - len(result.one.names))]
        changed, unit = changer(result.random), result.one.kind[0]
        return pd.DataFrame(
            {
                "study": [*names, "pooled"],
                f"one_true_effect_{unit}": [changed(v) for v in [*result.fixed.yi, result.fixed.estimate]],
                "one_true_effect_weight_share": [*result.fixed.weights, 1.0],
                f"random_effects_{unit}": [changed(v) for v in [*result.random.yi, result.random.estimate]],
                "random_effects_weight_share": [*result.random.weights, 1.0],
            }
        )


def _means(result: Added) -> tuple[list[str], list[Any]]:
    """Under the trials: what they add up to in each model, with and without what is invented; names and marks."""
    changed = changer(result.random)

    def bar(name: str, low: float, high: float, **look: Any) -> ErrorBars:
        return ErrorBars([name], [changed(low)], [changed(high)], flat=True, **look)

    rows: list[str] = []
    marks: list[Any] = []
    both = (("one true effect", result.fixed, "circle"), ("random effects", result.random, "square"))
    for series, ((said, pooled, shape), plain) in enumerate(zip(both, result.without, strict=True), start=1):
        rows.append(said)
        marks.append(bar(said, pooled.ci_low, pooled.ci_high, series=series, width=2.4))
        marks.append(Points([changed(pooled.estimate)], [said], series=series, shape=shape, sizes=6, label=said))
        if result.invented or result.larger != 1:
            rows.append(f"{said}: real trials")
            marks.append(bar(rows[-1], plain.ci_low, plain.ci_high, ink="muted"))
            marks.append(Points([changed(plain.estimate)], rows[-1:], ink="muted", shape=shape, sizes=5, hollow=True))
    if result.random.prediction_interval:
        rows.append("prediction interval")
        marks.append(bar(rows[-1], *result.random.prediction_interval, series=2, width=1.2))
    return rows, marks


def _effect_of(kind: tuple[str, tuple[float, float] | None], better: str) -> Number:
    """The slider for the effect of an invented trial, in units of its measure."""
    measure, scale = kind
    side = 1 if better == "higher" else -1
    about = "What the invented trial found"
    label = f"{INVENTED.capitalize()}: effect"
    if measure in RATIOS:
        start = 2.0 if side > 0 else 0.5
        return Number(key="effect", label=label, unit=measure, value=start, low=0.05, high=20, log=True, about=about)
    if measure == "MD" and scale:
        wide = scale[1] - scale[0]
        return Number(
            key="effect", label=label, unit=f"points of {wide:g}", value=side * 0.4 * wide, low=-0.6 * wide,
            high=0.6 * wide, step=wide / 100, about=about,
        )  # fmt: skip
    reach = 1.0 if measure == "RD" else 3.0
    return Number(
        key="effect", label=label, unit=measure, value=side * reach / 4, low=-reach, high=reach, step=reach / 100,
        about=about,
    )  # fmt: skip


def _for_each(one: Analysis, real: Pooled) -> float:
    """Variance times people: the median of the trials.

    Raises:
        InputError: no trial says how many people it had.
    """
    known = [v * (e.n1 + e.n2) for e, v in zip(one.effects, real.vi, strict=True) if e.n1 and e.n2]
    if not known:
        raise InputError("no trial here says how many people it had", where="an invented trial", expected="n1 and n2")
    return float(np.median(known))
