"""Relief on a clock of days, against the drug on a clock of hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...figures import Axis, Band, Line, Picture, Points, Region, Rule, draw
from ...figures import Panel as Axes
from ...figures.mechanism.reading import digits, duration
from ...models.parameters import parameters_of
from ...models.pharmacokinetics import PRESETS, concentrations
from ...models.receptor import half_block
from ...models.response import SlowRelief, Trial, crps_trial, slow_relief
from ...models.targets import free_from_total, occupancy
from ..control import Choice, Number, Spec
from ..drawing import Array, earlier, share_axis
from ..infusion.common import BY_LABEL, WEIGHT
from ..panel import Panel, Preset, Setting
from ..telling import minus
from .common import DAY, model_choice

_SLOW = "CRPS, 100 h"
_AS_PUBLISHED = (10.9, 10.5)  # days, ng/mL; where the sliders stand at the start
_END = 90.0  # days


@dataclass(frozen=True, slots=True)
class Outlasting:
    """Drug and relief over weeks.

    Attributes:
        schedule: name of the infusion.
        days: times, d.
        plasma: ng/mL; `blocked`: share of GluN2B at rest.
        readings: both readings of the published numbers.
        gone: d from the end of the infusion until plasma is below 1 % of its highest.
        half: d until relief is below half of its own highest, in each reading; None: later than shown.
        looked: place of the cursor, d.
        stopped: end of the infusion, d.
    """

    schedule: str
    days: Array
    plasma: Array
    blocked: Array
    readings: tuple[SlowRelief, ...]
    gone: float
    half: Mapping[str, float | None]
    looked: float
    stopped: float

    def at(self, values: Array) -> float:
        """What a course holds at the cursor."""
        return float(np.interp(self.looked, self.days, values))


@cache
def _course(schedule: str, model: str) -> tuple[Array, Array, Array]:
    """Hours, plasma (ng/mL) and share of GluN2B blocked at rest."""
    doses = PRESETS[schedule].schedule
    end = max(dose.end_h for dose in doses)
    edges = [edge for dose in doses for edge in (dose.at_h, dose.end_h)]
    near = np.concatenate([edge + np.geomspace(0.01, 20, 24) for edge in edges])
    hours = np.unique(np.concatenate([edges, near, np.linspace(0, end + 48, 240), np.linspace(end, _END * DAY, 200)]))
    one = concentrations(doses, hours, WEIGHT, [BY_LABEL[model]]).models[0]
    chosen = parameters_of()
    half = half_block(
        receptor="GluN2B", voltage=chosen.value("recording.rat"), magnesium=chosen.value("recording.magnesium")
    )
    return hours, one.ketamine, np.asarray(occupancy(free_from_total(one.effect_site).middle, float(half)))


@lru_cache(maxsize=32)
def _relief(schedule: str, model: str, half_life: float, c50: float, draws: int) -> tuple[SlowRelief, ...]:
    hours, plasma, _ = _course(schedule, model)
    given = {"response.crps.half_life": f"{half_life} day", "response.crps.c50": f"{c50} ng/mL"}
    return slow_relief(hours, plasma, draws=draws, parameters=None if draws else given)


def _below(days: Array, values: Array, level: float) -> float | None:
    """When a course is last at a level, d; None where it is above it at the end, or never was."""
    above = np.flatnonzero(values > level)
    if not above.size or above[-1] == values.size - 1:
        return None
    at = int(above[-1])
    return float(np.interp(-level, [-values[at], -values[at + 1]], days[at : at + 2]))


@cache
def _trial() -> Trial:
    return crps_trial()


class Outlasts(Panel):
    """Relief on a clock of days, against drug in plasma on a clock of hours.

    >>> Outlasts(day=30).seen()[:53]
    'Day 30: plasma 0 % of its highest, GluN2B blocked 0 %'
    """

    name = "outlasts"
    title = "Relief outlasts the drug"
    notice = (
        "Compare how long plasma lasts above with how long relief lasts below. Then change the numbers of the last "
        "link one by one: which of them brings the two together?"
    )
    find = "how long after the stop plasma falls below 1 % of its highest, and on which day relief is down to half."
    limits = (
        "C50 and half-life were fitted to 60 people with CRPS, S-ketamine against placebo (Dahan 2011); no equation "
        "was read, so that two readings are drawn, and the second does not give the published course. That a slow step "
        "exists is what the fit says; what the step is, it does not say. Pain of the placebo group is not in these "
        "curves; the trial found no significant difference in week 12 (p = 0.07). 76 % of the ketamine group "
        "had psychomimetic effects, 18 % of the other, so that many may have guessed their group."
    )
    parameters = (
        "response.crps.c50", "response.crps.half_life", "response.crps.outlasts", "response.crps_trial.pain_ketamine",
        "response.crps_trial.pain_placebo", "response.crps_trial.p_week_12", "response.crps_trial.psychomimetic",
    )  # fmt: skip
    dosing = True
    controls: ClassVar[Sequence[Spec]] = (
        Number(
            key="day", label="Day since the infusion began", unit="d", value=14, low=0, high=90, step=1, plays=True,
            about="Where every curve is read; Play walks through the days",
        ),
        Choice(
            key="schedule", label="Infusion", value=_SLOW,
            options=(_SLOW, "CRPS, 4.2 days", "CRPS, 4 h x 10 days", "depression infusion"),
            about="A published schedule; the fit was made with 100 h of S-ketamine",
        ),
        Number(
            key="half_life", label="Half-life of the slow step", unit="d", value=_AS_PUBLISHED[0], low=0.01, high=30,
            log=True, about="Published: 10.9 ± 4.0 days. 0.01 d is a quarter of an hour: no slow step",
        ),
        Number(
            key="c50", label="C50 of relief", unit="ng/mL", value=_AS_PUBLISHED[1], low=1, high=300, log=True,
            about="Published: 10.5 ± 4.8 ng/mL; C50 of acute pain is some 30 times higher",
        ),
        model_choice(),
    )  # fmt: skip
    presets = (
        Preset("no slow step", {"half_life": 0.01}),
        Preset("no slow step, and the C50 of acute pain", {"half_life": 0.01, "c50": 300}),
    )

    def compute(self, now: Setting) -> Outlasting:
        hours, plasma, blocked = _course(now.schedule, now.model)
        stopped = max(dose.end_h for dose in PRESETS[now.schedule].schedule) / DAY
        published = (now.half_life, now.c50) == _AS_PUBLISHED
        readings = _relief(now.schedule, now.model, now.half_life, now.c50, 100 if published else 0)
        days = hours / DAY
        left = _below(days, plasma, 0.01 * float(plasma.max()))
        half = {one.model: _below(days, one.median, float(one.median.max()) / 2) for one in readings}
        gone = (left if left is not None else _END) - stopped
        return Outlasting(now.schedule, days, plasma, blocked, readings, gone, half, float(now.day), stopped)

    def words(self, result: Outlasting) -> str:
        first, second = result.readings
        half = result.half[first.model]
        when = f"on day {digits(half, 2)}" if half is not None else f"after day {_END:g}"
        share = result.at(result.plasma) / float(result.plasma.max())
        return (
            f"Day {result.looked:g}: plasma {100 * share:.0f} % of its highest, GluN2B blocked "
            f"{100 * result.at(result.blocked):.0f} %, relief {100 * result.at(first.median):.0f} % of the largest "
            f"({100 * result.at(second.median):.0f} % in the other reading). Plasma is below 1 % "
            f"{duration(result.gone * DAY)} after the stop; relief comes to half of its height {when}."
        )

    def draw(self, result: Outlasting, before: Outlasting | None, words: str) -> Picture:
        first, second = result.readings
        trial = _trial()
        soon = result.days <= result.stopped + 3.5
        peak = float(result.plasma.max())

        def curves(kept: Array, *, banded: bool) -> list[Any]:
            x = result.days[kept]
            marks: list[Any] = []
            if banded and np.any(first.high > first.low):
                label = "5 to 95 % of what the estimates leave open"
                marks.append(Band(x, first.low[kept], first.high[kept], series=2, label=label))
            if before and not np.array_equal(before.readings[0].median, first.median):
                old = before.days <= x[-1]
                past = before.readings[0].median[old]
                marks.append(earlier(before.days[old], past, "relief before", dash="2 3", width=1.2))
            marks += [
                Line(x, result.plasma[kept] / peak, series=0, label="plasma, % of its highest"),
                Line(x, result.blocked[kept], series=1, label="GluN2B blocked at rest, %"),
                Line(x, first.median[kept], series=2, label="relief, % of the largest"),
                Line(x, second.median[kept], series=3, label="relief, the other reading"),
            ]
            return marks

        share = share_axis("Per cent", 1.02)
        cursor = Rule(x=result.looked, name=f"day {result.looked:g}")
        every = np.ones(result.days.size, bool)
        point = Points([result.looked], [result.at(first.median)], series=2)
        weeks = [
            Rule(x=7, name=f"week 1: {minus(f'{trial.difference:.1f}')} points"),
            Rule(x=84, name=f"week 12: p = {trial.p_week_12:g}"),
        ]
        near = [Region((0, result.stopped), name="infusion", fits=False), *curves(soon, banded=False)]
        return draw(
            [
                Axes(near, Axis("Days, the first few", limits=(0, result.stopped + 3.5)), share, height=120),
                Axes(
                    [*curves(every, banded=True), point, *weeks, cursor],
                    Axis("Days since the infusion began", limits=(0, _END)), share, height=170,
                ),
            ],
            title="Drug in hours, relief in weeks",
            subtitle=f"{result.schedule}; {WEIGHT:g} kg; half-life and C50 as set",
            description=words,
            note=(
                "Dashed uprights: what the trial measured (Sigtermans 2009), pain with ketamine less pain with "
                "placebo, on a scale of 0 to 10; they are not on the axis of the curves."
            ),
            columns=1,
        )  # fmt: skip

    def data(self, result: Outlasting) -> pd.DataFrame:
        columns: dict[str, Any] = {
            "day": result.days, "plasma_ng_per_mL": result.plasma, "GluN2B_blocked_share": result.blocked,
        }  # fmt: skip
        for one in result.readings:
            columns[f"relief_{one.model}_share"] = one.median
        return pd.DataFrame(columns)
