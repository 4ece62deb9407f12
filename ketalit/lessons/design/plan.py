"""A study as planned: its doses, its people, and which cell of the evidence map it would fill."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ...figures.mechanism.reading import duration
from ...mapping import Route, Window
from ...mapping.regimen import MONTHS, SESSION, WEEK
from ...models.pharmacokinetics import Schedule, concentrations
from ..chain.common import every_day
from ..drawing import Array
from ..infusion.common import ADULTS, WEIGHT
from ..panel import Setting
from .held import Held, Known, Spread

_WEEK = 7 * 24.0  # h
NOT_FOR_PATIENTS = "Teaching model, not for dosing patients."


def window_of(weeks: float) -> Window:
    """The window of the evidence map that a follow-up lies in.

    >>> window_of(1).value, window_of(12).value
    ('Up to 1 week', '1 week to 3 months')
    """
    hours = weeks * _WEEK
    ends = ((SESSION, Window.SESSION), (WEEK, Window.WEEK), (MONTHS, Window.MONTHS))
    return next((window for end, window in ends if hours <= end), Window.LONGER)


@dataclass(frozen=True, slots=True)
class Plan:
    """A study as planned, beside what is known.

    Attributes:
        now: where the controls stand.
        held: what the review holds.
        known: what it holds of the condition.
        schedule: the doses of one person, 70 kg.
        times_h, low, high: plasma over time: lowest and highest of the models, ng/mL.
        spread: where the SD is from; None: nowhere.
        sd: points of 100. people: in each group; enrolled: in all, with those who will be lost.
        careful: in each group, if the SD is as high as its upper limit; None without a source.
    """

    now: Setting
    held: Held
    known: Known
    schedule: Schedule
    times_h: Array
    low: Array
    high: Array
    spread: Spread | None
    sd: float
    people: int
    enrolled: int
    careful: int | None

    @property
    def route(self) -> Route:
        """Column of the map."""
        over_days = len(self.schedule) > 1 or self.schedule[0].over_h > 24
        return Route.IV_REPEATED if over_days else Route.IV_ONCE

    @property
    def in_cell(self) -> int:
        """Randomised trials of this condition, route and follow-up."""
        cell = str(self.route), str(window_of(self.now.weeks))
        return sum((one.route, one.followup) == cell for one in self.known.randomised)

    @property
    def milligrams(self) -> float:
        """Given to a person of 70 kg in all, mg."""
        return sum(dose.amount_mg(WEIGHT) for dose in self.schedule)

    @property
    def doses(self) -> str:
        """The doses in a few words."""
        days = round(self.now.days)
        again = f" on each of {days} days" if days > 1 else ""
        return f"{self.now.rate:.3g} mg/kg/h for {duration(self.now.length)}{again}"


@cache
def plasma(rate: float, length: float, days: int) -> tuple[Schedule, Array, Array, Array]:
    """Doses, times (h), and the lowest and highest plasma (ng/mL) of the models."""
    schedule = every_day(rate, length, days)
    end = max(dose.end_h for dose in schedule)
    until = end + max(end / 4, 12.0)
    turns = [edge + np.geomspace(0.02, 6, 10) for dose in schedule for edge in (dose.at_h, dose.end_h)]
    edges = [edge for dose in schedule for edge in (dose.at_h, dose.end_h)]
    times = np.unique(np.concatenate([np.linspace(0, until, 81), edges, *turns]).clip(0, until))
    found = concentrations(schedule, times, WEIGHT, ADULTS)
    courses = np.stack([one.ketamine for one in found.models])
    return schedule, times, courses.min(axis=0), courses.max(axis=0)
