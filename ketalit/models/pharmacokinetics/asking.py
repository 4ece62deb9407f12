"""A question to the models, read and checked: which of them cover it, and what each answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import HOURS, WEIGHT, listed, one_of, rising
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .compartments import Compartments, Input, course
from .dosing import Dose, Form, Route, Schedule, checked_schedule
from .interactions import INTERACTIONS, checked, influence
from .presets import PRESETS
from .published import MODELS, PREFIX, Given, Model, Person

POINTS = 721
_KEYS = f"some of {', '.join(MODELS)}; nothing for all of them"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A model that was not used, and why."""

    model: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question to the models, read and checked."""

    schedule: Schedule
    times_h: Array
    weight_kg: float
    used: tuple[Model, ...]
    left_out: tuple[LeftOut, ...]
    interactions: tuple[str, ...]
    chosen: Parameters

    @classmethod
    def read(
        cls,
        schedule: str | Dose | Iterable[Dose],
        times_h: npt.ArrayLike | None,
        weight_kg: Any,
        models: Iterable[str] | None,
        interactions: Iterable[str],
        parameters: Overrides | Parameters | None,
    ) -> Asked:
        """Read what `concentrations` is given."""
        chosen = parameters_of(parameters)
        doses = preset_schedule(schedule) if isinstance(schedule, str) else checked_schedule(schedule)
        weight = weight_in_kg(weight_kg)
        used, left_out = [], []
        for model in chosen_models(models):
            reason = why_not(model, {Route(dose.route) for dose in doses}, weight, chosen)
            if reason:
                left_out.append(LeftOut(model.key, model.label, reason))
            else:
                used.append(model)
        times = _times(times_h, doses)
        return cls(doses, times, weight, tuple(used), tuple(left_out), checked(interactions), chosen)

    def solve(self, model: Model, draws: Mapping[str, Array]) -> dict[str, Array]:
        """Concentrations (..., t) of each analyte by one model, for the typical person or for the people drawn."""
        person = person_of(model, self.weight_kg, self.interactions, self.chosen, draws)
        built, inputs = with_doses(model, person, self.schedule)
        found = course(built, inputs, self.times_h)
        if "effect site" not in found:
            found["effect site"] = found["ketamine"]
        if model.finish:
            model.finish(person, found, self.times_h - self.schedule[0].at_h)
        return found

    def labels(self, model: Model) -> dict[str, Any]:
        """What stands beside the numbers of one model."""
        return {
            "model": model.key,
            "label": model.label,
            "form": str(model.form),
            "sampling": model.sampling,
            "times_h": self.times_h,
            "notes": (*_form_notes(model, self.schedule), *self._other_notes(model), *model.notes),
        }

    def _other_notes(self, model: Model) -> list[str]:
        notes = []
        limits = _weight_range(model, self.chosen)
        if limits and not limits[0] <= self.weight_kg <= limits[1]:
            notes.append(f"fitted to people of {limits[0]:g} to {limits[1]:g} kg")
        notes += [f"{INTERACTIONS[name]}: measured for {_measured_ways(name)}" for name in self.interactions]
        if len(self.interactions) > 1:
            notes.append("no study measured these interactions together; their effects are multiplied")
        return notes


def chosen_models(models: Iterable[str] | None) -> tuple[Model, ...]:
    """Models by their keys; all of them where none is named.

    Raises:
        InputError: an unknown key.
    """
    if models is None:
        return tuple(MODELS.values())
    keys = listed(models, "models", _KEYS)
    if not keys:
        raise InputError("no model is named", where="models", expected=_KEYS)
    return tuple(MODELS[key] for key in dict.fromkeys(one_of(key, MODELS, "model") for key in keys))


def preset_schedule(name: str) -> Schedule:
    """The schedule of a preset.

    Raises:
        InputError: an unknown name.
    """
    return PRESETS[one_of(name, PRESETS, "preset")].schedule


def weight_in_kg(weight: Any) -> float:
    """A body weight in kg.

    Raises:
        InputError: it is not above zero.
    """
    return WEIGHT.one(weight)


def why_not(model: Model, routes: Iterable[Route], weight_kg: float, chosen: Parameters) -> str:
    """Why a model does not cover these routes and this weight; empty where it does."""
    missing = sorted(set(routes) - model.routes)
    if missing:
        return f"does not cover the {' and '.join(missing)} route; it covers {', '.join(sorted(model.routes))}"
    children = next(one for one in MODELS.values() if one.for_children)
    low, high = _weight_range(children, chosen) or (0.0, 0.0)
    if model.for_children and not low <= weight_kg <= high:
        return f"fitted to children of {low:g} to {high:g} kg"
    if not model.for_children and weight_kg <= high:
        return "fitted to adults"
    return ""


def person_of(
    model: Model,
    weight_kg: float,
    interactions: Iterable[str],
    chosen: Parameters,
    draws: Mapping[str, Array] | None = None,
) -> Person:
    """The typical person of a model, or people drawn."""
    return Person(model.key, chosen, weight_kg, draws or {}, influence(interactions, parameters=chosen))


def with_doses(model: Model, person: Person, schedule: Schedule) -> tuple[Compartments, list[Input]]:
    """The compartments of a model for a person, and what enters them from a schedule."""
    routes = frozenset(Route(dose.route) for dose in schedule)
    inputs = []
    session: tuple[float, float] = (-np.inf, 0.0)  # when the last nasal dose came, and how much since the session began
    for dose in schedule:
        route, amount, before = Route(dose.route), dose.amount_mg(person.weight_kg), 0.0
        if route is Route.INTRANASAL:
            within = person.chosen.value(f"{PREFIX}.perezruixo2021.nasal_session")
            before = session[1] if dose.at_h - session[0] <= within else 0.0
            session = dose.at_h, before + amount
        for inlet in model.inlets(person, Given(route, amount, before)):
            lasts = dose.over_h if inlet.duration_h is None else inlet.duration_h
            inputs.append(Input(inlet.compartment, amount * inlet.fraction, dose.at_h, lasts))
    try:
        return model.build(person, routes), inputs
    except ZeroDivisionError:
        raise InputError("a volume or a time is zero", where=model.label, expected="numbers above zero") from None


def _weight_range(model: Model, chosen: Parameters) -> tuple[float, float] | None:
    name = f"{PREFIX}.{model.key}.weight_range"
    if name not in chosen:
        return None
    low, high = chosen.value(name)
    return low, high


def _times(times_h: npt.ArrayLike | None, schedule: Schedule) -> Array:
    if times_h is None:
        turns = [moment for dose in schedule for moment in (dose.at_h, dose.end_h)]  # where peaks stand
        return np.union1d(np.linspace(0, max(turns) + 24, POINTS), turns)
    return rising(HOURS, times_h)


def _form_notes(model: Model, schedule: Schedule) -> list[str]:
    """What to say where a model was fitted to another form of ketamine than is given."""
    fitted = "racemic ketamine" if model.form is Form.RACEMIC else f"{model.form}-ketamine"
    used = {
        Form.RACEMIC: "the racemate",
        Form.S: "S-ketamine",
        Form.R: "R-ketamine",
        Form.NOT_STATED: "ketamine whose form is not stated",
    }
    given = dict.fromkeys(Form(dose.form) for dose in schedule)
    return [f"fitted to {fitted}, used here for {used[form]}" for form in given if form is not model.form]


def _measured_ways(interaction: str) -> str:
    both = "swallowed and intravenous S-ketamine"
    return both if interaction == "rifampicin" else "swallowed S-ketamine; all else follows by computation"
