"""Lesson 4: how much, how fast, how long, and to whom: ketamine in plasma and at the effect site over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ..errors import InputError
from ..figures import Axis, Band, Bars, Line, Picture, Points, Region, Rule, Words, draw
from ..figures import Panel as Axes
from ..figures.mechanism.reading import digits, duration
from ..models.listing import cited
from ..models.parameters import parameters_of
from ..models.pharmacokinetics import (
    INTERACTIONS,
    MODELS,
    PRESETS,
    Bands,
    Dose,
    Form,
    Kinetics,
    LeftOut,
    Route,
    Schedule,
    band,
    concentrations,
    enantiomer_clearances,
    half_lives,
    influence,
    regimen,
    steady_state,
)
from ..review import BUNDLED, load_review
from .control import Choice, Number, Spec, Switch
from .panel import Panel, Preset, Setting

Values = np.ndarray[Any, Any]

_RATE = 2.0  # mg/kg/h, the highest of the slider
WEIGHT = 70.0  # kg; of whoever gets the doses of the first two panels
NEAR = 0.1  # within a tenth of steady state counts as having come to rest
PEOPLE = 100  # 200 take Simons 2022 beyond 20 ms a move on a busy machine
ALL = "all models"
BY_WEIGHT, FIXED, CEILING = "0.35 mg/kg/h", "25 mg/h for everybody", "0.35 mg/kg/h, at most 25 mg/h"
NOBODY = "none"

_ADULTS = tuple(key for key, model in MODELS.items() if not model.for_children)
_KEYS = {MODELS[key].label: key for key in _ADULTS}
_SERIES = {key: at for at, key in enumerate(_ADULTS)}  # a model has the same colour in every panel
_ROUTES = tuple(
    str(one) for one in (Route.INTRAVENOUS, Route.SUBCUTANEOUS, Route.INTRANASAL, Route.ORAL, Route.SUBLINGUAL)
)
_SINCE = np.concatenate([[0], np.geomspace(1 / 120, 1.5, 12)])  # h; curves turn sharply after a change
_AFTER = np.concatenate([[0], np.geomspace(1 / 120, 96, 160)])  # h after stopping
_LENGTHS = np.geomspace(0.1, 120, 14)  # h
_WEIGHTS = np.linspace(40, 160, 25)  # kg
_COURSE = np.union1d(np.linspace(0, 8, 61), [4 + 1 / 60, 4 + 1 / 20])
_SCARCE = 12  # more infusions than this are not shaded; it would be a curtain
_KINETICS = tuple(f"pharmacokinetics.{name}" for name in (
    "domino1984.central_volume", "domino1984.elimination", "clements1981.central_volume", "clements1981.elimination",
    "otto2021.central_volume", "otto2021.clearance", "perezruixo2021.central_volume",
    "perezruixo2021.liver_elimination", "simons2022.central_volume", "simons2022.clearance",
))  # fmt: skip


# --- words -----------------------------------------------------------------------------------------------------------


def _between(values: Iterable[float], shown: Callable[[float], str] = digits) -> str:
    """The smallest and largest of values, or the one that there is.

    >>> _between([140.2, 155.1]), _between([140.2])
    ('140 to 155', '140')
    """
    found = sorted(values)
    low, high = shown(found[0]), shown(found[-1])
    return low if low == high else f"{low} to {high}"


def _level(value: float) -> str:
    return digits(value, 3 if value >= 100 else 2)


def _mg(value: float) -> str:
    """mg with three digits that count, or all of them before the point.

    >>> _mg(1680.2), _mg(24.5), _mg(0)
    ('1680', '24.5', '0')
    """
    return f"{value:.0f}" if value >= 100 else digits(value)


def _times(found: Iterable[float]) -> str:
    """Hours as people say them, with one unit for both ends where that reads well.

    >>> _times([0.27, 1.25]), _times([5, 20.2]), _times([1.91, 11.03])
    ('16 to 75 min', '5 to 20 h', '1.9 to 11 h')
    """
    hours = sorted(found)
    low, high = duration(hours[0]), duration(hours[-1])
    if high.endswith(" h") and hours[0] >= 1:
        low = f"{digits(hours[0], 2)} h"
    same = low.split()[1] == high.split()[1]
    return low if low == high else f"{low.split()[0] if same else low} to {high}"


def _without(left_out: Sequence[LeftOut]) -> str:
    reasons: dict[str, list[str]] = {}
    for one in left_out:
        reasons.setdefault(one.reason, []).append(one.label)
    return " ".join(f"Without {', '.join(those)}: {reason}." for reason, those in reasons.items())


def _fitted(found: Kinetics) -> str:
    """Which form and which blood each model was fitted to."""
    groups: dict[str, list[str]] = {}
    for one in found.models:
        blood = f", {one.sampling} blood" if one.sampling != "not stated" else ""
        form = "S-ketamine" if one.form == Form.S else f"{one.form} ketamine"
        groups.setdefault(f"{form}{blood}", []).append(one.label)
    return "Fitted to " + "; ".join(f"{what}: {', '.join(those)}" for what, those in groups.items()) + "."


# --- examples --------------------------------------------------------------------------------------------------------


@cache
def _links() -> Mapping[str, tuple[str, str]]:
    """Key of a record of the bundled review to (identifier, address)."""
    found = {}
    for record in load_review(BUNDLED).records.values():
        if record.pmid:
            found[record.key] = f"PMID {record.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"
        elif record.doi:
            found[record.key] = f"DOI {record.doi}", f"https://doi.org/{record.doi}"
    return found


def expressible(schedule: Schedule) -> dict[str, Any] | None:
    """The controls of `Doses` for a schedule, for 70 kg; None where they cannot say it.

    They say equal infusions, one a day: a rate that is stepped up, or several sprays in a row, they do not.

    >>> expressible(PRESETS["depression infusion"].schedule)["rate"]
    0.75
    """
    first = schedule[0]
    daily = all(later.at_h == 24 * at and later.amount == first.amount for at, later in enumerate(schedule))
    if not first.over_h or not daily:
        return None
    rate = first.amount_mg(WEIGHT) / WEIGHT / first.over_h
    return {
        "bolus": 0.0, "rate": round(rate, 4), "length": round(first.over_h, 4), "days": len(schedule),
        "route": str(first.route), "model": ALL, "time": 50,
    }  # fmt: skip


def _published() -> tuple[Preset, ...]:
    """The published schedules that the controls can say, with their sources."""
    found = []
    for one in PRESETS.values():
        settings = expressible(one.schedule)
        if settings is None or settings["rate"] > _RATE or settings["length"] * settings["days"] > 240:
            continue
        words, url = _links().get(one.record, ("", ""))
        form = (
            "" if one.schedule[0].form is Form.NOT_STATED else f"{one.schedule[0].form} ketamine".replace("S k", "S-k")
        )
        source = "; ".join(filter(None, [one.source, words, form, one.note, f"standing: {one.status}"]))
        found.append(Preset(one.name, settings, source, url))
    return tuple(found)


def _long_and_short() -> tuple[Preset, ...]:
    """Three published infusions of very different lengths."""
    return tuple(
        Preset(one.name, {key: one.settings[key] for key in ("length", "rate")}, one.source, one.url)
        for one in _published()
        if one.name in ("depression infusion", "CRPS, 4.2 days", "CRPS, 5 days")
    )


# --- bolus and infusion ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """What was given and what came of it.

    Attributes:
        rate, length, days: mg/kg/h, h, and on how many days.
        schedule: the doses.
        found: courses of the models.
        left_out: models that were not asked for are not in it.
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


def _window(schedule: Schedule) -> float:
    """How long is shown, h."""
    end = max(dose.end_h for dose in schedule)
    return end + max(end / 2, 3.0)


def _grid(schedule: Schedule) -> Values:
    end = _window(schedule)
    turns = {moment for dose in schedule for moment in (dose.at_h, dose.end_h)}
    return np.unique(np.concatenate([np.linspace(0, end, 121), *(moment + _SINCE for moment in turns)]).clip(0, end))


@lru_cache(maxsize=8)
def _solved(schedule: Schedule, model: str) -> Kinetics:
    """Courses of all models or of one; kept, for the cursor moves often and changes none of them."""
    asked = _ADULTS if model == ALL else [_KEYS[model]]
    # the children's model is asked too, so that its reason for staying away is told
    return concentrations(schedule, _grid(schedule), WEIGHT, [*asked, *(key for key in MODELS if key not in _ADULTS)])


def _at(one: Any, hours: float, what: str = "ketamine") -> float:
    return float(np.interp(hours, one.times_h, getattr(one, what)))


def _settled(times: Values, values: Values, end: float, level: float) -> float | None:
    """Since when a course has stayed within a tenth of a level, h, up to the end of an infusion; None: it has not."""
    here = times <= end
    away = np.abs(values[here] / level - 1) - NEAR
    outside = np.flatnonzero(away > 0)
    if not outside.size:
        return float(times[0])
    last = int(outside[-1])
    if last == int(here.sum()) - 1:
        return None
    return float(np.interp(0, [-away[last], -away[last + 1]], times[last : last + 2]))


_START = {"bolus": 0.3, "length": 4.0, "time": 10, "model": MODELS["otto2021"].label}  # of `EffectSite`


class Doses(Panel):
    """A bolus, an infusion, and what published models compute of them.

    >>> Doses(rate=0.4, model="Fanta 2015 with Otto 2021").seen()  # doctest: +ELLIPSIS
    '0.4 mg/kg/h is 28 mg/h at 70 kg. Steady state: 294 ng/mL; plasma stays within 10 % of it from 12 h on. ...'
    """

    name = "doses"
    title = "Bolus, infusion, and five published models"
    notice = (
        "Double the rate: every curve doubles in height, and none comes to rest sooner. The models disagree with one "
        "another more than you might expect of published science."
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
    parameters = (*_KINETICS, "response.effect_site.half_life", "pharmacokinetics.flint2017.weight_range")
    dosing = True
    controls: ClassVar[Sequence[Spec]] = (
        Number(
            key="bolus", label="Bolus, given at once", unit="mg/kg", value=0.0, low=0, high=1, step=0.05,
            about="A dose given at once, at the start of each day's infusion",
        ),
        Number(
            key="rate", label="Infusion rate", unit="mg/kg/h", value=0.2, low=0, high=_RATE, step=0.05,
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
            key="model", label="Curves of", value=ALL, options=(ALL, *_KEYS),
            about="All models beside one another, or one with its effect site",
        ),
        Number(
            key="time", label="Time cursor, along the time axis", unit="%", value=50, low=0, high=100, step=1,
            plays=True, about="Where along the time axis every curve is read; Play walks through it",
        ),
    )  # fmt: skip
    presets = _published()

    def compute(self, now: Setting) -> Given:
        schedule = self._doses(now)
        found = _solved(schedule, now.model)
        end, times = _window(schedule), _grid(schedule)
        resting, settled = {}, {}
        if now.rate and now.days == 1:
            for one in found.models:
                resting[one.model] = steady_state(one.model, f"{now.rate} mg/kg/h", WEIGHT)
                since = _settled(times, one.ketamine, float(now.length), resting[one.model])
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
        given = f"{_mg(sum(result.so_far(result.looked)))} mg given"
        at = f"At {duration(result.looked)}"
        rate = f"{result.rate:.3g} mg/kg/h is {result.rate * WEIGHT:.3g} mg/h at {WEIGHT:g} kg." if result.runs else ""
        if not models:
            unknown = f"{self._uncovered(result)} What the blood holds is not known."
            return " ".join(f"{unknown} {rate} {at}: {given}.".split())
        plasma = _between((_at(one, result.looked) for one in models), _level)
        effect = _between((_at(one, result.looked, "effect_site") for one in models), _level)
        return " ".join(
            f"{rate} {self._rest(result)} {at}: {given}; plasma {plasma}, effect site {effect} ng/mL.".split()
        )

    @staticmethod
    def _uncovered(result: Given) -> str:
        asked = [one.label for one in result.found.left_out if one.model in _ADULTS]
        others = [MODELS[key].label for key in _ADULTS if result.route in MODELS[key].routes]
        if not others:
            return f"No published model here covers the {result.route} route."
        return f"{', '.join(asked)} does not cover the {result.route} route; {', '.join(others)} does."

    @staticmethod
    def _rest(result: Given) -> str:
        models = result.found.models
        if result.resting:
            level = _between(result.resting.values(), _level)
            if not result.settled:
                return f"Steady state would be {level} ng/mL; this infusion ends before it."
            who = "" if len(result.settled) == len(models) else f" in {len(result.settled)} of {len(models)} models"
            return (
                f"Steady state: {level} ng/mL; plasma stays within 10 % of it from {_times(result.settled.values())} "
                f"on{who}."
            )
        if not any(dose.amount_mg(WEIGHT) for dose in result.schedule):
            return "Nothing is given."
        if result.runs:
            highest = _between((float(one.effect_site.max()) for one in models), _level)
            return f"Given on {result.days} days. The effect site reaches {highest} ng/mL."
        last = result.schedule[-1].at_h
        peaks = [(float(one.times_h[one.effect_site.argmax()]), float(one.effect_site.max())) for one in models]
        after = _times(max(when - last, 0) if when >= last else when % 24 for when, _ in peaks)
        level = _between((one for _, one in peaks), _level)
        return f"The effect site is highest {after} after the dose, at {level} ng/mL."

    def draw(self, result: Given, before: Given | None, words: str) -> Picture:
        models, end = result.found.models, _window(result.schedule)
        top = max([1e-9, *(self._top(result, one) for one in models)])
        marks: list[Any] = []
        running = [dose for dose in result.schedule if dose.over_h]
        if len(running) <= _SCARCE:
            marks += [Region((dose.at_h, dose.end_h), name="runs" if len(running) == 1 else "") for dose in running]
        if before and before.schedule != result.schedule:
            label = f"before: {before.said}"
            marks += [
                Line(one.times_h, one.ketamine, label=label, ink="muted", dash="2 3", width=1.2)
                for one in before.found.models
                if one.model in {mine.model for mine in models}
            ]
        for one in models:
            series = _SERIES[one.model]
            alone = len(models) == 1
            marks.append(
                Line(one.times_h, one.ketamine, label=f"{one.label}, plasma" if alone else one.label, series=series)
            )
            if alone:
                marks.append(Line(one.times_h, one.effect_site, label="effect site", series=series + 1, dash="6 3"))
                marks.append(Points([result.looked], [_at(one, result.looked, "effect_site")], series=series + 1))
            marks.append(Points([result.looked], [_at(one, result.looked)], series=series))
        if len(result.resting) == 1:
            marks.append(Rule(y=next(iter(result.resting.values())), name="steady state"))
        plasma = Axis("Ketamine (ng/mL)", limits=(0, top))
        if not models:
            marks.append(Words(0, "not known", self._uncovered(result), dx=10, dy=28))
            plasma = Axis("Ketamine", "names", names=("not known",))
        marks.append(Rule(x=result.looked, name=duration(result.looked)))
        times = Axis("Time", "time", limits=(0, end))
        cut = any(float(one.ketamine.max()) > top for one in models)
        return draw(
            [Axes(marks, times, plasma, height=0 if models else 90), self._table(result)],
            title=result.said[:1].upper() + result.said[1:],
            subtitle=_rates(result),
            description=words,
            note=" ".join(
                filter(
                    None,
                    [
                        "The first minutes after a bolus lie above the picture." if cut else "",
                        _fitted(result.found) if models else "",
                        _without(result.found.left_out),
                    ],
                )
            ),
            height=230,
            columns=1,
        )

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
        beside = tuple(f"{_mg(value)} mg, {digits(value / WEIGHT, 2)} mg/kg" for value in rows.values())
        whole = max(sum(result.so_far(_window(result.schedule))), 1e-9)
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
        "The effect site rises as long as plasma is higher and falls as soon as plasma is lower: it is highest where "
        "the curves cross."
    )
    find = (
        "with an infusion of 24 h, a bolus after which plasma neither starts above steady state nor sags below it; or "
        "why there is none."
    )
    controls = tuple(replace(one, value=_START.get(one.key, one.value)) for one in Doses.controls)


def _rates(result: Given) -> str:
    """The rate in the units that papers use, for 70 kg."""
    if not result.runs:
        return f"{result.bolus:g} mg/kg is {result.bolus * WEIGHT:.3g} mg at {WEIGHT:g} kg; {result.route}"
    per_minute = result.rate * 1000 / 60
    return (
        f"{result.rate:.3g} mg/kg/h = {per_minute:.3g} µg/kg/min = {result.rate * WEIGHT:.3g} mg/h at {WEIGHT:g} kg; "
        f"{result.route}"
    )


# --- stopping --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fall:
    """What happens after an infusion is stopped.

    Attributes:
        site: "ketamine" or "effect_site".
        left: share left that is waited for.
        shares: model to its concentration over that at the stop, at `_AFTER`.
        stood: model to its concentration at the stop, ng/mL.
        falls: model to the time until `left`, h.
        by_length: model to that time after each of `_LENGTHS`, h.
    """

    rate: float
    length: float
    left: float
    site: str
    shares: Mapping[str, Values]
    stood: Mapping[str, float]
    falls: Mapping[str, float]
    by_length: Mapping[str, Values]


def _fall(length: float, site: str, rate: float = 0.2) -> dict[str, tuple[float, Values]]:
    """Model to its concentration when an infusion of a length is stopped, ng/mL, and the shares of it left after."""
    found = concentrations(Dose(f"{rate} mg/kg/h", length), length + _AFTER, WEIGHT, _ADULTS)
    courses = {one.model: getattr(one, site) for one in found.models}
    return {model: (float(values[0]), values / values[0]) for model, values in courses.items()}


_any_rate = cache(_fall)  # shares do not hang on the rate


def _until(shares: Values, left: float) -> float:
    """When a share is left, h; the effect site may still rise after the stop."""
    top = int(shares.argmax())
    return float(np.interp(-left, -shares[top:], _AFTER[top:]))


_FILLING = " After a short infusion the effect site is still filling when the pump stops, so its fall begins late."


class Stopping(Panel):
    """How long a concentration takes to fall after an infusion, and what that hangs on.

    >>> Stopping(length=4).seen()  # doctest: +ELLIPSIS
    'After 4 h, plasma falls to 50 % in 16 min (Domino 1984) to 95 min (Clements and Nimmo 1981). ...'
    """

    name = "stopping"
    title = "After the pump stops"
    notice = (
        "The longer the infusion ran, the longer the fall takes, because tissue that has filled gives drug back. The "
        "rate changes nothing."
    )
    find = "how long plasma takes to fall by half after 24 h, by the fastest and the slowest model."
    limits = (
        "A concentration is not an effect. What is felt, and how long pain stays less, need a model of effect on top "
        "(lesson 5), and neither is known well. Typical persons of 70 kg; nothing here says when anybody may stand "
        "up, drive or go home."
    )
    parameters = (*_KINETICS, "response.effect_site.half_life")
    sources = (
        (
            "Bailey JM. Context-sensitive half-times: what are they and how valuable are they in anaesthesiology? "
            "Clin Pharmacokinet 2002;41:793-9",
            "https://doi.org/10.2165/00003088-200241110-00001",
        ),
    )
    dosing = True
    controls = (
        Number(
            key="length", label="Stopped after", unit="h", value=4, low=0.1, high=120, log=True,
            about="How long the infusion ran before it was stopped",
        ),
        Number(
            key="left", label="Wait until this much is left", unit="%", value=50, low=10, high=90, step=5,
            about="Share of the concentration at the stop; 50 % gives the context-sensitive half-time",
        ),
        Number(
            key="rate", label="Infusion rate", unit="mg/kg/h", value=0.2, low=0.05, high=_RATE, step=0.05,
            about="How fast the infusion ran",
        ),
        Choice(key="site", label="Where", value="plasma", options=("plasma", "effect site")),
    )  # fmt: skip
    presets = _long_and_short()

    def compute(self, now: Setting) -> Fall:
        site, left = ("ketamine" if now.site == "plasma" else "effect_site"), now.left / 100
        here = _fall(now.length, site, now.rate)
        return Fall(
            now.rate,
            now.length,
            left,
            site,
            {model: shares for model, (_, shares) in here.items()},
            {model: stood for model, (stood, _) in here.items()},
            {model: _until(shares, left) for model, (_, shares) in here.items()},
            {
                model: np.array([_until(_any_rate(float(length), site)[model][1], left) for length in _LENGTHS])
                for model in here
            },
        )

    def words(self, result: Fall) -> str:
        where = "plasma" if result.site == "ketamine" else "the effect site"
        fast, slow = (choose(result.falls, key=result.falls.__getitem__) for choose in (min, max))
        halves = _times(_slowest(model) for model in result.falls)
        return (
            f"After {duration(result.length)}, {where} falls to {100 * result.left:g} % in "
            f"{duration(result.falls[fast])} ({MODELS[fast].label}) to {duration(result.falls[slow])} "
            f"({MODELS[slow].label}). The terminal half-lives of the five models are {halves}. "
            f"Level at the stop: {_between(result.stood.values(), _level)} ng/mL."
        )

    def draw(self, result: Fall, before: Fall | None, words: str) -> Picture:
        longest = max(result.falls.values())
        end = max(1.4 * longest, 0.5)
        there = 1.3 * end >= _AFTER
        highest = max(float(shares.max()) for shares in result.shares.values())
        fall: list[Any] = []
        lengths: list[Any] = []
        if before and (before.length, before.site) != (result.length, result.site):
            fall += [
                Line(_AFTER[there], shares[there], label=self._was(before), ink="muted", dash="2 3", width=1.2)
                for shares in before.shares.values()
            ]
        if before and (before.left, before.site) != (result.left, result.site):
            lengths += [
                Line(_LENGTHS, hours, label=self._was(before), ink="muted", dash="2 3", width=1.2)
                for hours in before.by_length.values()
            ]
        for model, shares in result.shares.items():
            fall.append(Line(_AFTER[there], shares[there], label=MODELS[model].label, series=_SERIES[model]))
            fall.append(Points([result.falls[model]], [result.left], series=_SERIES[model]))
            lengths.append(Line(_LENGTHS, result.by_length[model], label=MODELS[model].label, series=_SERIES[model]))
            lengths.append(Points([result.length], [result.falls[model]], series=_SERIES[model]))
        fall.append(Rule(y=result.left, name=f"{100 * result.left:g} % left"))
        lengths.append(Rule(x=result.length, name=duration(result.length)))
        most = max(float(hours.max()) for hours in result.by_length.values())
        where = "plasma" if result.site == "ketamine" else "effect site"
        return draw(
            [
                Axes(
                    fall,
                    Axis("Time after the stop", "time", limits=(0, end)),
                    Axis("Share of the level at the stop (%)", limits=(0, 1.05 * highest), percent=True),
                    f"The fall, {where}",
                ),
                Axes(
                    lengths,
                    Axis("Length of the infusion (h)", "log", limits=(0.1, 120)),
                    Axis(f"Time until {100 * result.left:g} % is left", "time", limits=(0, 1.08 * most)),
                    "The same after any length",
                ),
            ],
            title=f"Stopped after {duration(result.length)}",
            subtitle=f"{result.rate:.3g} mg/kg/h, {WEIGHT:g} kg, {where}",
            description=words,
            note="Five published models, the typical person of each. The curves on the right hold for any rate."
            + (_FILLING if result.site == "effect_site" else ""),
            height=250,
        )

    @staticmethod
    def _was(before: Fall) -> str:
        where = "plasma" if before.site == "ketamine" else "effect site"
        return f"before: {duration(before.length)}, {100 * before.left:g} %, {where}"

    def data(self, result: Fall) -> pd.DataFrame:
        return pd.concat(
            [
                pd.DataFrame(
                    {
                        "model": MODELS[model].label,
                        "infusion_h": _LENGTHS,
                        f"{result.site}_hours_until_{100 * result.left:g}_percent": hours,
                    }
                )
                for model, hours in result.by_length.items()
            ],
            ignore_index=True,
        )


@cache
def _slowest(model: str) -> float:
    return float(half_lives(model, WEIGHT)[-1]) / 60


# --- people ----------------------------------------------------------------------------------------------------------

_CLEARING = {  # what the clearance of each model is made of
    "domino1984": ("elimination",),
    "clements1981": ("elimination",),
    "otto2021": ("clearance",),
    "perezruixo2021": ("liver_elimination", "liver_to_norketamine"),
    "simons2022": ("clearance",),
}
_SPREADING = {MODELS[key].label: key for key in ("otto2021", "perezruixo2021", "simons2022")}
_HOURS = 4.0
_RIGHT = "On the right: typical persons with their own clearance and nothing taken with it."
_S, _R = enantiomer_clearances()


@dataclass(frozen=True, slots=True)
class Somebody:
    """One infusion in somebody, or in many of the same weight."""

    weight: float
    dosing: str
    interaction: str
    cleared: float
    model: str
    rate: float
    course: Kinetics
    spread: Bands | None
    ends: Mapping[str, Values]
    here: Mapping[str, float]

    @property
    def said(self) -> str:
        """Who, in a few words."""
        parts = [f"{self.weight:g} kg"]
        parts += [f"clearance {self.cleared:g} %"] if self.cleared != 100 else []
        parts += [self.interaction.replace("_", " ")] if self.interaction != NOBODY else []
        return ", ".join(parts)

    @property
    def at_end(self) -> tuple[float, float, float]:
        """5th, 50th and 95th of 100 people at the end of the infusion, ng/mL; without a spread the typical person."""
        if self.spread is None:
            level = _at(self.course.models[0], _HOURS)
            return level, level, level
        low, middle, high = (float(np.interp(_HOURS, _COURSE, row)) for row in self.spread.of(self.model).ketamine)
        return low, middle, high


def _dose(dosing: str) -> Dose:
    if dosing == FIXED:
        return Dose("25 mg/h", _HOURS, form=Form.RACEMIC)
    return Dose("0.35 mg/kg/h", _HOURS, form=Form.RACEMIC, at_most="25 mg/h" if dosing == CEILING else "")


class Body(Panel):
    """The same prescription in another body.

    >>> Body(weight=120).seen()  # doctest: +ELLIPSIS
    '120 kg at 0.35 mg/kg/h: 42 mg/h. After 4 h: median 224 ng/mL, 90 of 100 people 167 to 276 ...'
    """

    name = "body"
    title = "The same prescription in another body"
    notice = (
        "On the left people differ within one model. On the right models differ about what body weight does, most of "
        "all where few people were studied."
    )
    find = "the weight above which the ceiling of 25 mg/h takes over from 0.35 mg/kg/h."
    limits = (
        "None of these models knows fat from muscle. Simons 2022 was fitted to people of 53 to 93 kg, Perez-Ruixo "
        "2021 to 39 to 170 kg. In Perez-Ruixo 2021 the clearance slider changes the capacity of the liver, and blood "
        "flow limits what that does. No model of R-ketamine is at hand: the example changes only the clearance, by "
        "the ratio measured in ten men. Interactions were measured after swallowing (rifampicin also into a vein); "
        f"for an infusion their effect is computed. {PEOPLE} people are drawn from the published spread within one "
        "weight, always the same; what a source prints as variability between occasions counts as between people."
    )
    parameters = (
        *_KINETICS, "pharmacokinetics.clearance_exponent", "pharmacokinetics.perezruixo2021.weight_range",
        "pharmacokinetics.simons2022.weight_range", "pharmacokinetics.enantiomers.clearance_s",
        "pharmacokinetics.enantiomers.clearance_r", "pharmacokinetics.interactions.clarithromycin.auc",
        "pharmacokinetics.interactions.grapefruit.auc", "pharmacokinetics.interactions.itraconazole.auc",
        "pharmacokinetics.interactions.rifampicin.auc", "pharmacokinetics.interactions.rifampicin.auc_intravenous",
        "pharmacokinetics.interactions.st_johns_wort.auc", "pharmacokinetics.interactions.ticlopidine.auc",
    )  # fmt: skip
    dosing = True
    controls = (
        Number(
            key="weight", label="Body weight", unit="kg", value=70, low=40, high=160, step=5,
            about="Total body weight",
        ),
        Choice(
            key="dosing", label="Rate, for 4 h", value=BY_WEIGHT, options=(BY_WEIGHT, FIXED, CEILING),
            about="By weight, the same for everybody, or by weight with a ceiling",
        ),
        Number(
            key="cleared", label="Clearance, against the typical", unit="%", value=100, low=25, high=200, step=5,
            about="How well the drug is cleared from blood",
        ),
        Choice(
            key="interaction", label="Taken with it", value=NOBODY, options=(NOBODY, *INTERACTIONS),
            about="; ".join(f"{name.replace('_', ' ')}: {what}" for name, what in INTERACTIONS.items()),
        ),
        Choice(key="model", label="Model on the left", value="Fanta 2015 with Otto 2021", options=tuple(_SPREADING)),
        Switch(key="people", label=f"Show how {PEOPLE} people of this weight differ", value=True),
    )  # fmt: skip
    presets = (
        Preset(
            "CRPS trial: 0.35 mg/kg/h, at most 25 mg/h", {"dosing": CEILING},
            f"Schwartzman 2009, {_links()['schwartzman2009'][0]}; the rate was raised over the first days",
            _links()["schwartzman2009"][1],
        ),
        Preset(
            "R-ketamine: the clearance measured for it", {"cleared": 5 * round(100 * _R / _S / 5)},
            f"Persson 2002: {digits(_S)} L/h for S, {digits(_R)} L/h for R at 70 kg; rounded to 5 %",
            cited("pharmacokinetics.enantiomers.clearance_r").url,
        ),
        Preset("130 kg, dosed by weight", {"weight": 130}),
        Preset("130 kg, dosed alike", {"weight": 130, "dosing": FIXED}),
    )  # fmt: skip

    def compute(self, now: Setting) -> Somebody:
        key, dose, factor = _SPREADING[now.model], _dose(now.dosing), now.cleared / 100
        with_it = () if now.interaction == NOBODY else (now.interaction,)
        chosen = _cleared(factor)
        course = concentrations(dose, _COURSE, now.weight, [key], with_it, parameters=chosen)
        spread = None
        if now.people:
            spread = band(dose, _COURSE, now.weight, [key], with_it, people=PEOPLE, parameters=chosen)
        rates = np.array([dose.amount_mg(float(weight)) / _HOURS for weight in _WEIGHTS])
        ends = {model: rates * each for model, each in _per_mg_h().items()}
        return Somebody(
            now.weight, now.dosing, now.interaction, now.cleared, key, dose.amount_mg(now.weight) / _HOURS, course,
            spread, ends, {model: float(np.interp(now.weight, _WEIGHTS, levels)) for model, levels in ends.items()},
        )  # fmt: skip

    def words(self, result: Somebody) -> str:
        low, middle, high = result.at_end
        level = f"the typical person {_level(middle)} ng/mL"
        if result.spread:
            level = f"median {_level(middle)} ng/mL, 90 of 100 people {_level(low)} to {_level(high)}"
        told = f"{result.said} at {result.dosing}: {result.rate:.3g} mg/h. After {_HOURS:g} h: {level}"
        taken = ""
        if result.interaction != NOBODY:
            times = influence([result.interaction]).clearance
            taken = f" With {result.interaction.replace('_', ' ')}, computed clearance × {times:.2f}."
        return (
            f"{told} ({MODELS[result.model].label}). By weight alone the five models give "
            f"{_between(result.here.values(), _level)}.{taken}"
        )

    def draw(self, result: Somebody, before: Somebody | None, words: str) -> Picture:
        (course,) = result.course.models
        left: list[Any] = [Region((0, _HOURS), name="runs")]
        tops = [float(course.ketamine.max())]
        if result.spread:
            rows = result.spread.of(result.model).ketamine
            left.append(Band(_COURSE, rows[0], rows[2], label=f"5th to 95th of {PEOPLE} people", ink="s0"))
            tops.append(float(rows[2].max()))
        if before and (before.said, before.dosing, before.model) != (result.said, result.dosing, result.model):
            (old,) = before.course.models
            label = f"before: {before.said}, {before.dosing}"
            left.append(Line(_COURSE, old.ketamine, label=label, ink="muted", dash="2 3"))
            tops.append(float(old.ketamine.max()))
        left.append(Line(_COURSE, course.ketamine, label="typical person", ink="s0", width=2.4, dash=""))
        right: list[Any] = [Rule(x=result.weight, name=f"{result.weight:g} kg")]
        for model, levels in result.ends.items():
            right.append(Line(_WEIGHTS, levels, label=MODELS[model].label, series=_SERIES[model]))
            right.append(Points([result.weight], [result.here[model]], series=_SERIES[model]))
        most = max(float(levels.max()) for levels in result.ends.values())
        return draw(
            [
                Axes(
                    left,
                    Axis("Time", "time", limits=(0, 8)),
                    Axis("Ketamine in plasma (ng/mL)", limits=(0, 1.12 * max(tops))),
                    MODELS[result.model].label,
                ),
                Axes(
                    right,
                    Axis("Body weight (kg)", limits=(40, 160)),
                    Axis(f"Plasma after {_HOURS:g} h (ng/mL)", limits=(0, 1.12 * most)),
                    "Body weight alone, by model",
                ),
            ],
            title=f"{result.dosing}: {result.rate:.3g} mg/h in {result.said}",
            description=words,
            note=" ".join([*(f"{note[:1].upper()}{note[1:]}." for note in course.notes), _RIGHT]),
            height=240,
        )

    def data(self, result: Somebody) -> pd.DataFrame:
        (course,) = result.course.models
        columns = {"time_h": _COURSE, "typical_ng_per_mL": course.ketamine}
        if result.spread:
            rows = result.spread.of(result.model).ketamine
            columns |= dict(zip(("p5_ng_per_mL", "p50_ng_per_mL", "p95_ng_per_mL"), rows, strict=True))
        return pd.DataFrame(columns)


def _cleared(factor: float) -> Any:
    """The numbers of the models with every clearance multiplied."""
    declared = parameters_of()
    if factor == 1:
        return declared
    names = [f"pharmacokinetics.{model}.{name}" for model, those in _CLEARING.items() for name in those]
    return parameters_of({name: declared.value(name) * factor for name in names})


@cache
def _per_mg_h() -> Mapping[str, Values]:
    """Model to its concentration after 4 h at 1 mg/h for each of `_WEIGHTS`, ng/mL; the models are linear in dose."""
    dose = Dose("1 mg/h", _HOURS, form=Form.RACEMIC)
    found = [concentrations(dose, [_HOURS], float(weight), _ADULTS) for weight in _WEIGHTS]
    return {model: np.array([one.of(model).ketamine[0] for one in found]) for model in _ADULTS}
