"""A bolus, an infusion, and what published models compute of them; and the same in one model, from a bolus on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...errors import InputError
from ...figures import Axis, Bars, Line, Picture, Points, Region, Rule, Words, draw
from ...figures import Panel as Axes
from ...figures.mechanism.reading import capital, digits, duration
from ...models.pharmacokinetics import MODELS, Dose, Route, Schedule, regimen, steady_state
from ..control import Choice, Number, Spec
from ..drawing import earlier
from ..panel import Panel, Setting
from ..telling import between
from .common import (
    ADULTS,
    ALL,
    BY_LABEL,
    FASTEST,
    KINETICS,
    SERIES,
    WEIGHT,
    durations,
    fitted_to,
    milligrams,
    nanograms,
    read_at,
    without,
)
from .given import Given, grid, settles, solved, window
from .published import published

_ROUTES = tuple(
    str(one) for one in (Route.INTRAVENOUS, Route.SUBCUTANEOUS, Route.INTRANASAL, Route.ORAL, Route.SUBLINGUAL)
)

_SCARCE = 12  # more infusions than this are not shaded; it would be a curtain

_START = {"bolus": 0.3, "length": 4.0, "time": 10, "model": MODELS["otto2021"].label}  # of `EffectSite`


class Doses(Panel):
    """A bolus, an infusion, and what published models compute of them.

    >>> Doses(rate=0.4, model="Fanta 2015 with Otto 2021").seen()  # doctest: +ELLIPSIS
    '0.4 mg/kg/h is 28 mg/h at 70 kg. Steady state: 294 ng/mL; plasma stays within 10 % of it from 12 h on. ...'
    """

    name = "doses"
    title = "Bolus, infusion, and five published models"
    notice = (
        "Double the rate. Compare with the dotted curves how high each one settles, and when. Then compare the models "
        "with one another."
    )
    find = "for Fanta 2015 with Otto 2021, since when plasma stays within 10 % of steady state; then at twice the rate."
    limits = (
        "Each curve is the typical person of one published model, 70 kg. A bolus is taken to mix at once, which no "
        "blood does; what lies above the picture in the first minutes is cut. Arterial blood runs ahead of venous "
        "blood. Norketamine is not drawn. The effect site is a delay fitted to 12 healthy men, not a place that "
        "anybody has sampled. Examples dosed in mg/h are put into mg/kg/h for 70 kg, as if they had been dosed by "
        "weight. Rates that are stepped up, and several sprays in a row, cannot be said with these controls. Flint "
        "2017 describes children of 3.4 to 35 kg and stays out; no model here covers drug given under the skin or "
        "into a muscle."
    )
    parameters = (*KINETICS, "response.effect_site.half_life", "pharmacokinetics.flint2017.weight_range")
    dosing = True
    controls: ClassVar[Sequence[Spec]] = (
        Number(
            key="bolus", label="Bolus, given at once", unit="mg/kg", value=0.0, low=0, high=1, step=0.05,
            about="A dose given at once, at the start of each day's infusion",
        ),
        Number(
            key="rate", label="Infusion rate", unit="mg/kg/h", value=0.2, low=0, high=FASTEST, step=0.05,
            about="How fast the infusion runs; 0 is none",
        ),
        Number(
            key="length", label="Infusion lasts", unit="h", value=24, low=0.1, high=168, log=True,
            about="How long one infusion runs",
        ),
        Number(
            key="days", label="Once a day, for", unit="days", value=1, low=1, high=10, step=1,
            about="On how many days the same is given, 24 hours apart",
        ),
        Choice(key="route", label="Way in", value="intravenous", options=_ROUTES, about="The route of all doses"),
        Choice(
            key="model", label="Curves of", value=ALL, options=(ALL, *BY_LABEL),
            about="All models beside one another, or one with its effect site",
        ),
        Number(
            key="time", label="Time cursor, along the time axis", unit="%", value=50, low=0, high=100, step=1,
            plays=True, about="Where along the time axis every curve is read; Play walks through it",
        ),
    )  # fmt: skip
    presets = published()

    def compute(self, now: Setting) -> Given:
        schedule = self._doses(now)
        found = solved(schedule, now.model)
        end, times = window(schedule), grid(schedule)
        resting, settled = {}, {}
        if now.rate and now.days == 1:
            for one in found.models:
                resting[one.model] = steady_state(one.model, f"{now.rate} mg/kg/h", WEIGHT)
                since = settles(times, one.ketamine, float(now.length), resting[one.model])
                if since is not None:
                    settled[one.model] = since
        return Given(
            now.bolus, now.rate, now.length, round(now.days), schedule, found, end * now.time / 100, resting, settled
        )

    @staticmethod
    def _doses(now: Setting) -> Schedule:
        days = round(now.days)
        if now.rate and now.route not in (Route.INTRAVENOUS, Route.SUBCUTANEOUS):
            raise InputError(
                f"An {now.route} dose does not run for hours: put the infusion rate to 0 and give a bolus."
            )
        if now.rate and days > 1 and now.length > 24:
            raise InputError(f"Infusions of {duration(now.length)} would overlap when one begins every day.")
        doses: list[Dose] = []
        if now.bolus or not now.rate:
            doses += regimen(f"{now.bolus} mg/kg", every="24 h", times=days, route=now.route)
        if now.rate:
            doses += regimen(f"{now.rate} mg/kg/h", now.length, every="24 h", times=days, route=now.route)
        return tuple(sorted(doses, key=lambda dose: dose.at_h))

    def words(self, result: Given) -> str:
        models = result.found.models
        given = f"{milligrams(sum(result.so_far(result.looked)))} mg given"
        at = f"At {duration(result.looked)}"
        rate = f"{result.rate:.3g} mg/kg/h is {result.rate * WEIGHT:.3g} mg/h at {WEIGHT:g} kg." if result.runs else ""
        if not models:
            unknown = f"{self._uncovered(result)} What the blood holds is not known."
            return " ".join(f"{unknown} {rate} {at}: {given}.".split())
        plasma, effect = (
            between((read_at(one, result.looked, what) for one in models), nanograms)
            for what in ("ketamine", "effect_site")
        )
        return " ".join(
            f"{rate} {self._rest(result)} {at}: {given}; plasma {plasma}, effect site {effect} ng/mL.".split()
        )

    @staticmethod
    def _uncovered(result: Given) -> str:
        asked = [one.label for one in result.found.left_out if one.model in ADULTS]
        others = [MODELS[key].label for key in ADULTS if result.route in MODELS[key].routes]
        if not others:
            return f"No published model here covers the {result.route} route."
        return f"{', '.join(asked)} does not cover the {result.route} route; {', '.join(others)} does."

    @staticmethod
    def _rest(result: Given) -> str:
        models = result.found.models
        if result.resting:
            level = between(result.resting.values(), nanograms)
            if not result.settled:
                return f"Steady state would be {level} ng/mL; this infusion ends before it."
            who = "" if len(result.settled) == len(models) else f" in {len(result.settled)} of {len(models)} models"
            since = durations(result.settled.values())
            return f"Steady state: {level} ng/mL; plasma stays within 10 % of it from {since} on{who}."
        if not any(dose.amount_mg(WEIGHT) for dose in result.schedule):
            return "Nothing is given."
        if result.runs:
            highest = between((float(one.effect_site.max()) for one in models), nanograms)
            return f"Given on {result.days} days. The effect site reaches {highest} ng/mL."
        last = result.schedule[-1].at_h
        peaks = [(float(one.times_h[one.effect_site.argmax()]), float(one.effect_site.max())) for one in models]
        after = durations(max(when - last, 0) if when >= last else when % 24 for when, _ in peaks)
        level = between((one for _, one in peaks), nanograms)
        return f"The effect site is highest {after} after the dose, at {level} ng/mL."

    def draw(self, result: Given, before: Given | None, words: str) -> Picture:
        models, end = result.found.models, window(result.schedule)
        top = max([1e-9, *(self._top(result, one) for one in models)])
        marks: list[Any] = []
        running = [dose for dose in result.schedule if dose.over_h]
        if len(running) <= _SCARCE:
            marks += [Region((dose.at_h, dose.end_h), name="runs" if len(running) == 1 else "") for dose in running]
        if before and before.schedule != result.schedule:
            label = f"before: {before.said}"
            marks += [
                earlier(one.times_h, one.ketamine, label, dash="2 3", width=1.2)
                for one in before.found.models
                if one.model in {mine.model for mine in models}
            ]
        for one in models:
            marks += self._curves(result, one)
        if len(result.resting) == 1:
            marks.append(Rule(y=next(iter(result.resting.values())), name="steady state"))
        plasma = Axis("Ketamine (ng/mL)", limits=(0, top))
        if not models:
            marks.append(Words(0, "not known", self._uncovered(result), dx=10, dy=28))
            plasma = Axis("Ketamine", "names", names=("not known",))
        marks.append(Rule(x=result.looked, name=duration(result.looked)))
        cut = any(float(one.ketamine.max()) > top for one in models)
        notes = ["The first minutes after a bolus lie above the picture."] if cut else []
        notes += [fitted_to(result.found)] if models else []
        notes += [without(result.found.left_out)] if result.found.left_out else []
        return draw(
            [
                Axes(marks, Axis("Time", "time", limits=(0, end)), plasma, height=0 if models else 90),
                self._table(result),
            ],
            title=capital(result.said),
            subtitle=result.rates,
            description=words,
            note=" ".join(notes),
            height=230,
            columns=1,
        )

    @staticmethod
    def _curves(result: Given, one: Any) -> list[Any]:
        """A model's curve with its point at the cursor; where it stands alone, those of the effect site too."""
        series, looked = SERIES[one.model], result.looked
        plasma = Points([looked], [read_at(one, looked)], series=series)
        if len(result.found.models) > 1:
            return [Line(one.times_h, one.ketamine, label=one.label, series=series), plasma]
        return [
            Line(one.times_h, one.ketamine, label=f"{one.label}, plasma", series=series),
            Line(one.times_h, one.effect_site, label="effect site", series=series + 1, dash="6 3"),
            Points([looked], [read_at(one, looked, "effect_site")], series=series + 1),
            plasma,
        ]

    @staticmethod
    def _top(result: Given, one: Any) -> float:
        """Up to where the axis goes: without the moments after a bolus, which no blood shows."""
        shown = np.ones(one.times_h.size, bool)
        for dose in result.schedule:
            if not dose.over_h:
                shown &= (one.times_h < dose.at_h) | (one.times_h > dose.at_h + 1 / 12)
        return 1.15 * max(
            float(one.ketamine[shown].max()), float(one.effect_site.max()), result.resting.get(one.model, 0)
        )

    @staticmethod
    def _table(result: Given) -> Axes:
        """What was given up to the cursor, as bars with their numbers beside them."""
        once, running = result.so_far(result.looked)
        rows = {"at once": once, "by infusion": running, "together": once + running}
        beside = tuple(f"{milligrams(value)} mg, {digits(value / WEIGHT, 2)} mg/kg" for value in rows.values())
        whole = max(sum(result.so_far(window(result.schedule))), 1e-9)
        return Axes(
            [Bars(list(rows), list(rows.values()), flat=True, ink="s0", thick=10)],
            Axis("Given up to the cursor (mg)", limits=(0, whole)),
            Axis("", "names", names=tuple(rows), beside=beside),
        )

    def data(self, result: Given) -> pd.DataFrame:
        if not result.found.models:
            return pd.DataFrame(columns=["model", "time_h", "plasma_ng_per_mL", "effect_site_ng_per_mL"])
        return pd.concat(
            [
                pd.DataFrame(
                    {
                        "model": one.label,
                        "time_h": one.times_h,
                        "plasma_ng_per_mL": one.ketamine,
                        "effect_site_ng_per_mL": one.effect_site,
                    }
                )
                for one in result.found.models
            ],
            ignore_index=True,
        )


class EffectSite(Doses):
    """The same in one model, from a bolus on.

    >>> EffectSite(rate=0).seen()  # doctest: +ELLIPSIS
    'The effect site is highest 16 min after the dose, at 97 ng/mL. ...'
    """

    name = "effect-site"
    title = "A bolus, and the site where it acts"
    notice = (
        "Look at the highest point of the effect site: where is plasma at that moment, and which of the two is higher "
        "before and after it?"
    )
    find = (
        "whether, with an infusion of 24 h, there is a bolus after which plasma neither starts above steady state nor "
        "sinks below it; and what the best still gets wrong."
    )
    controls = tuple(replace(one, value=_START.get(one.key, one.value)) for one in Doses.controls)
