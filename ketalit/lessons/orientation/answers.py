"""The same question answered by a measurement, a model, a pooled estimate and an opinion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Band, ErrorBars, Line, Picture, Points, Words, draw
from ...figures import Panel as Axes
from ...models import parameters_of
from ...models.response import SlowRelief, slow_relief
from ...pooling import Pooled
from ...review import BUNDLED
from ...synthesis import choose
from ..control import Choice, Switch
from ..drawing import Array, share_axis
from ..kept import review_in
from ..panel import Panel, Setting
from ..telling import minus, percent
from .common import claims, short

MEASURED, MODELLED, POOLED, OPINION = "one trial: measured", "a model", "three trials: pooled", "a statement: opinion"
_TRIAL = "sigtermans2009"
_STATEMENT = "K59"
_DURING, _AFTER = 61, 68  # times that are looked at
_PLASMA = 230.0  # ng/mL, inside the 192 to 277 that the kinetic models give for the last rate of the trial


@dataclass(frozen=True, slots=True)
class Answer:
    """One kind of answer, and all that any kind is drawn from."""

    kind: str
    spread: bool
    names: tuple[str, ...]
    people: tuple[int, ...]
    pooled: Pooled
    courses: tuple[SlowRelief, ...]
    statement: str

    @property
    def weeks(self) -> Array:
        """Times of the model, from the start of the infusion."""
        return self.courses[0].times_h / (7 * 24)

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the trials behind this kind of answer."""
        return {MEASURED: (short(_TRIAL),), POOLED: self.names}.get(self.kind, ())

    def row(self, name: str) -> tuple[float, float, float]:
        """Difference in pain of one trial with its 95 % interval."""
        at = self.names.index(name)
        middle, half = float(self.pooled.yi[at]), 1.96 * float(np.sqrt(self.pooled.vi[at]))
        return middle, middle - half, middle + half


class FourAnswers(Panel):
    """The same question answered by a measurement, a model, a pooled estimate and an opinion."""

    name = "answers"
    title = "Does pain get better after a ketamine infusion? Four kinds of answer"
    notice = (
        "Only two of the four pictures hold patients. Switch the uncertainty off, and all of them look equally sure. "
        "The two curves of the model come from the same two published numbers."
    )
    find = "how wide the pooled interval is, in points of 100, and whether zero lies in it."
    limits = (
        "The trial is of people with complex regional pain syndrome (CRPS) after a multi-day infusion; the other two "
        "that are pooled with it are of other conditions. Intervals of single trials are ± 1.96 standard errors; "
        "the pooled one is Knapp and Hartung's, wide for three trials (lesson 7). "
        "“Immediate term” is the Cochrane review's word. The model is of an average and was fitted to the trial shown; "
        "the concentration that drives it (230 ng/mL, then none) is ours, inside what kinetic models give for it."
    )
    parameters = ("response.crps.c50", "response.crps.half_life")
    sources = (
        ("Sigtermans MJ et al. Pain 2009;145(3):304–11, PMID 19604642", "https://pubmed.ncbi.nlm.nih.gov/19604642/"),
        ("Ferraro MC et al. 2025, Cochrane review, PMID 40819842", "https://pubmed.ncbi.nlm.nih.gov/40819842/"),
    )
    controls = (
        Choice(
            key="kind", label="Kind of answer", value=MEASURED, options=(MEASURED, MODELLED, POOLED, OPINION),
            about="Where the picture comes from",
        ),
        Switch(key="spread", label="Show the uncertainty", value=True, about="Intervals and bands"),
    )  # fmt: skip

    def compute(self, now: Setting) -> Answer:
        return Answer(now.kind, now.spread, *_evidence())

    def words(self, result: Answer) -> str:
        if result.kind == MEASURED:
            middle, low, high = result.row(short(_TRIAL))
            spread = f"; 95 % interval {_span(low, high)}" if result.spread else ""
            people = result.people[result.names.index(short(_TRIAL))]
            return minus(
                f"Measured: {people} people with CRPS. At the end of the first week pain was {abs(middle):.0f} points "
                f"of 100 lower with ketamine than with placebo{spread}."
            )
        if result.kind == POOLED:
            pooled = result.pooled
            spread = f"; 95 % interval {_span(pooled.ci_low, pooled.ci_high)}" if result.spread else ""
            return minus(
                f"Pooled: three trials of different conditions. On average pain was {abs(pooled.estimate):.0f} points "
                f"of 100 lower with ketamine than with placebo{spread}."
            )
        if result.kind == MODELLED:
            peaks = [float(one.median.max()) for one in result.courses]
            return (
                f"Modelled: two equations with the same published numbers. One reaches {percent(peaks[0])} of the "
                f"largest relief, the other {percent(peaks[1])}. No person is in this picture."
            )
        return (
            f"Opinion: a clinic's page says, in our words, “{result.statement}”. The sentence names no people, no "
            "comparison, no time and no interval, so there is nothing to draw."
        )

    def draw(self, result: Answer, before: Answer | None, words: str) -> Picture:
        if result.kind == MODELLED:
            marks: list[Any] = []
            for series, one in enumerate(result.courses):
                if result.spread:
                    marks.append(Band(result.weeks, one.low, one.high, series=series))
                marks.append(Line(result.weeks, one.median, label=one.label, series=series))
            panel = Axes(
                marks,
                Axis("Weeks from the start of the infusion", limits=(0, 14)),
                share_axis("Relief (% of the largest)"),
                height=200,
            )
            told = "A model: two readings of one pair of published numbers"
        else:
            panel, told = _rows(result)
        return draw(panel, title="Pain after a ketamine infusion", subtitle=told, description=words)

    def data(self, result: Answer) -> pd.DataFrame:
        if result.kind == MODELLED:
            return pd.DataFrame(
                {"weeks": result.weeks} | {f"relief_share_{one.model}": one.median for one in result.courses}
            )
        rows = [(name, *result.row(name)) for name in result.shown]
        if result.kind == POOLED:
            rows.append(("pooled", result.pooled.estimate, result.pooled.ci_low, result.pooled.ci_high))
        columns = ["study", "difference_points_of_100", "low_95_points", "high_95_points"]
        return pd.DataFrame(rows, columns=columns)


def _span(low: float, high: float) -> str:
    """An interval of differences in words.

    >>> _span(-41.4, -14), _span(-49.8, 18.2)
    ('from 41 to 14 lower', 'from 50 lower to 18 higher')
    """
    return f"from {-low:.0f} to {-high:.0f} lower" if high < 0 else f"from {-low:.0f} lower to {high:.0f} higher"


def _rows(result: Answer) -> tuple[Axes, str]:
    """Trials, and what they come to, as points with intervals; none for an opinion."""
    marks: list[Any] = []
    for name in result.shown:
        middle, low, high = result.row(name)
        if result.spread:
            marks.append(ErrorBars([name], [low], [high], flat=True))
        marks.append(Points([middle], [name], sizes=6))
    names = list(result.shown)
    if result.kind == POOLED:
        names.append("all three, pooled")
        pooled = result.pooled
        if result.spread:
            marks.append(ErrorBars(names[-1:], [pooled.ci_low], [pooled.ci_high], flat=True, series=1))
        marks.append(Points([pooled.estimate], names[-1:], sizes=7, series=1, shape="diamond"))
    if result.kind == OPINION:
        names.append("the statement")
        marks.append(Words(-30, "the statement", "no people, no comparison: nothing to draw", anchor="middle", dy=4))
    told = {
        MEASURED: "One randomised trial: people with CRPS, end of week 1",
        POOLED: f"{len(result.names)} randomised trials, {sum(result.people)} people, “immediate term”",
        OPINION: "A statement on a clinic's page",
    }[result.kind]
    axis = Axis("Difference in pain, ketamine less placebo (points of 100; below zero: less pain)", limits=(-60, 30))
    return Axes(marks, axis, Axis(kind="names", names=tuple(names)), height=max(90, 34 * len(names))), told


@cache
def _evidence() -> tuple[tuple[str, ...], tuple[int, ...], Pooled, tuple[SlowRelief, ...], str]:
    """Names and sizes of the trials, what they come to, the two courses of the model, and the statement."""
    chosen = choose(review_in(BUNDLED), comparison="IV ketamine vs placebo", outcome="pain intensity", time="immediate")
    ends = 24 * float(np.asarray(parameters_of().value("response.crps_trial.duration")))
    hours = np.concatenate([np.linspace(0, ends, _DURING), np.linspace(ends, 14 * 7 * 24, _AFTER)])
    courses = slow_relief(hours, np.repeat([_PLASMA, 0.0], [_DURING, _AFTER]))
    names = tuple(short(effect.study) for effect in chosen.effects)
    people = tuple(int((effect.n1 or 0) + (effect.n2 or 0)) for effect in chosen.effects)
    return names, people, chosen.pool(), courses, claims()[_STATEMENT].claim.claim
