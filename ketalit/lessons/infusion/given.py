"""What was given and what came of it: the schedule of a dose, and the courses of the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...figures.mechanism.reading import duration
from ...models.pharmacokinetics import MODELS, Kinetics, Schedule, concentrations
from ..drawing import Array
from .common import ADULTS, ALL, BY_LABEL, WEIGHT

_NEAR = 0.1  # within a tenth of steady state counts as having come to rest

_SINCE = np.concatenate([[0], np.geomspace(1 / 120, 1.5, 12)])  # h; curves turn sharply after a change


@dataclass(frozen=True, slots=True)
class Given:
    """What was given and what came of it.

    Attributes:
        rate, length, days: mg/kg/h, h, and on how many days.
        schedule: the doses.
        found: courses of the models.
        looked: place of the cursor, h.
        resting: model to its steady state, ng/mL; empty where nothing can come to rest.
        settled: model to when its plasma has come to rest, h; without those that do not.
    """

    bolus: float
    rate: float
    length: float
    days: int
    schedule: Schedule
    found: Kinetics
    looked: float
    resting: Mapping[str, float]
    settled: Mapping[str, float]

    @property
    def route(self) -> str:
        """By which way."""
        return str(self.schedule[0].route)

    @property
    def runs(self) -> bool:
        """An infusion is among the doses."""
        return any(dose.over_h for dose in self.schedule)

    def so_far(self, hours: float) -> tuple[float, float]:
        """What has been given up to a time, mg: at once, and by infusion."""
        once = sum(dose.amount_mg(WEIGHT) for dose in self.schedule if not dose.over_h and dose.at_h <= hours)
        running = sum(
            dose.amount_mg(WEIGHT) * min(max(hours - dose.at_h, 0) / dose.over_h, 1)
            for dose in self.schedule
            if dose.over_h
        )
        return once, running

    @property
    def said(self) -> str:
        """The doses in a few words."""
        parts = [f"{self.bolus:g} mg/kg at once"] if self.bolus or not self.runs else []
        if self.runs:
            parts.append(f"{self.rate:.3g} mg/kg/h for {duration(self.length)}")
        return " and ".join(parts) + (f", on {self.days} days" if self.days > 1 else "")

    @property
    def rates(self) -> str:
        """The rate in the units that papers use, for 70 kg."""
        if not self.runs:
            return f"{self.bolus:g} mg/kg is {self.bolus * WEIGHT:.3g} mg at {WEIGHT:g} kg; {self.route}"
        per_minute = self.rate * 1000 / 60
        return (
            f"{self.rate:.3g} mg/kg/h = {per_minute:.3g} µg/kg/min = {self.rate * WEIGHT:.3g} mg/h at {WEIGHT:g} kg; "
            f"{self.route}"
        )


def window(schedule: Schedule) -> float:
    """How long is shown, h.

    >>> from ketalit.models.pharmacokinetics import regimen
    >>> window(regimen("1 mg/kg/h", 10)), window(regimen("1 mg/kg"))
    (15.0, 3.0)
    """
    end = max(dose.end_h for dose in schedule)
    return end + max(end / 2, 3.0)


def grid(schedule: Schedule) -> Array:
    """Times that are computed, h."""
    end = window(schedule)
    turns = {moment for dose in schedule for moment in (dose.at_h, dose.end_h)}
    return np.unique(np.concatenate([np.linspace(0, end, 121), *(moment + _SINCE for moment in turns)]).clip(0, end))


@lru_cache(maxsize=8)
def solved(schedule: Schedule, model: str) -> Kinetics:
    """Courses of all models or of one; kept, for the cursor moves often and changes none of them."""
    asked = ADULTS if model == ALL else [BY_LABEL[model]]
    # the children's model is asked too, so that its reason for staying away is told
    return concentrations(schedule, grid(schedule), WEIGHT, [*asked, *(key for key in MODELS if key not in ADULTS)])


def settles(times: Array, values: Array, end: float, level: float) -> float | None:
    """Since when a course has stayed within a tenth of a level, h, up to the end of an infusion; None: it has not.

    >>> round(settles(np.array([0.0, 1.0, 2.0]), np.array([0.0, 80.0, 100.0]), 2, 100), 3)
    1.5
    """
    here = times <= end
    away = np.abs(values[here] / level - 1) - _NEAR
    outside = np.flatnonzero(away > 0)
    if not outside.size:
        return float(times[0])
    last = int(outside[-1])
    if last == int(here.sum()) - 1:
        return None
    return float(np.interp(0, [-away[last], -away[last + 1]], times[last : last + 2]))
