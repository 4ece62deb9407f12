"""The same prescription in another body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Band, Line, Picture, Points, Region, Rule, draw
from ...figures import Panel as Axes
from ...figures.mechanism.reading import capital, digits
from ...models.listing import cited
from ...models.parameters import parameters_of
from ...models.pharmacokinetics import (
    INTERACTIONS,
    MODELS,
    Bands,
    Dose,
    Form,
    Kinetics,
    band,
    concentrations,
    enantiomer_clearances,
    influence,
)
from ..control import Choice, Number, Switch
from ..drawing import Array, earlier
from ..panel import Panel, Preset, Setting
from ..telling import between
from .common import ADULTS, KINETICS, SERIES, nanograms, read_at
from .published import source_of

PEOPLE = 100  # 200 take Simons 2022 beyond 20 ms a move on a busy machine

BY_WEIGHT, FIXED, CEILING = "0.35 mg/kg/h", "25 mg/h for everybody", "0.35 mg/kg/h, at most 25 mg/h"
NOBODY = "none"

_WEIGHTS = np.linspace(40, 160, 25)  # kg
_COURSE = np.union1d(np.linspace(0, 8, 61), [4 + 1 / 60, 4 + 1 / 20])

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
_PAPER, _ADDRESS = source_of("schwartzman2009")


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
    ends: Mapping[str, Array]
    here: Mapping[str, float]

    @property
    def said(self) -> str:
        """Who, in a few words."""
        parts = [f"{self.weight:g} kg"]
        parts += [f"clearance {self.cleared:g} %"] if self.cleared != 100 else []
        parts += [_called(self.interaction)] if self.interaction != NOBODY else []
        return ", ".join(parts)

    @property
    def at_end(self) -> tuple[float, float, float]:
        """5th, 50th and 95th of 100 people at the end of the infusion, ng/mL; without a spread the typical person."""
        if self.spread is None:
            level = read_at(self.course.models[0], _HOURS)
            return level, level, level
        low, middle, high = (float(np.interp(_HOURS, _COURSE, row)) for row in self.spread.of(self.model).ketamine)
        return low, middle, high


def _called(interaction: str) -> str:
    return "St John's wort" if interaction == "st_johns_wort" else interaction


_TAKEN = {_called(name): name for name in INTERACTIONS}  # what the list offers, and what the models call it


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
        "Left: people within one model. Right: models, and what each holds body weight to do. Which differ more, and "
        "at which weights?"
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
        *KINETICS, "pharmacokinetics.clearance_exponent", "pharmacokinetics.perezruixo2021.weight_range",
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
            key="interaction", label="Taken with it", value=NOBODY, options=(NOBODY, *_TAKEN),
            about="; ".join(f"{name}: {INTERACTIONS[key].removeprefix(f'{name}, ')}" for name, key in _TAKEN.items()),
        ),
        Choice(key="model", label="Model on the left", value="Fanta 2015 with Otto 2021", options=tuple(_SPREADING)),
        Switch(key="people", label=f"Show how {PEOPLE} people of this weight differ", value=True),
    )  # fmt: skip
    presets = (
        Preset(
            "CRPS trial: 0.35 mg/kg/h, at most 25 mg/h", {"dosing": CEILING},
            f"Schwartzman 2009, {_PAPER}; the rate was raised over the first days",
            _ADDRESS,
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
        taken = _TAKEN.get(now.interaction, NOBODY)
        with_it = () if taken == NOBODY else (taken,)
        chosen = _cleared(factor)
        course = concentrations(dose, _COURSE, now.weight, [key], with_it, parameters=chosen)
        spread = None
        if now.people:
            spread = band(dose, _COURSE, now.weight, [key], with_it, people=PEOPLE, parameters=chosen)
        rates = np.array([dose.amount_mg(float(weight)) / _HOURS for weight in _WEIGHTS])
        ends = {model: rates * each for model, each in _per_mg_h().items()}
        return Somebody(
            now.weight, now.dosing, taken, now.cleared, key, dose.amount_mg(now.weight) / _HOURS, course,
            spread, ends, {model: float(np.interp(now.weight, _WEIGHTS, levels)) for model, levels in ends.items()},
        )  # fmt: skip

    def words(self, result: Somebody) -> str:
        low, middle, high = result.at_end
        level = f"the typical person {nanograms(middle)} ng/mL"
        if result.spread:
            level = f"median {nanograms(middle)} ng/mL, 90 of 100 people {nanograms(low)} to {nanograms(high)}"
        told = f"{result.said} at {result.dosing}: {result.rate:.3g} mg/h. After {_HOURS:g} h: {level}"
        taken = ""
        if result.interaction != NOBODY:
            times = influence([result.interaction]).clearance
            taken = f" With {_called(result.interaction)}, computed clearance × {times:.2f}."
        return (
            f"{told} ({MODELS[result.model].label}). By weight alone the five models give "
            f"{between(result.here.values(), nanograms)}.{taken}"
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
            left.append(earlier(_COURSE, old.ketamine, label, dash="2 3"))
            tops.append(float(old.ketamine.max()))
        left.append(Line(_COURSE, course.ketamine, label="typical person", ink="s0", width=2.4, dash=""))
        right: list[Any] = [Rule(x=result.weight, name=f"{result.weight:g} kg")]
        for model, levels in result.ends.items():
            right.append(Line(_WEIGHTS, levels, label=MODELS[model].label, series=SERIES[model]))
            right.append(Points([result.weight], [result.here[model]], series=SERIES[model]))
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
            note=" ".join([*(f"{capital(note)}." for note in course.notes), _RIGHT]),
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
def _per_mg_h() -> Mapping[str, Array]:
    """Model to its concentration after 4 h at 1 mg/h for each of `_WEIGHTS`, ng/mL; the models are linear in dose."""
    dose = Dose("1 mg/h", _HOURS, form=Form.RACEMIC)
    found = [concentrations(dose, [_HOURS], float(weight), ADULTS) for weight in _WEIGHTS]
    return {model: np.array([one.of(model).ketamine[0] for one in found]) for model in ADULTS}
