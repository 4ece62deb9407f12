"""Concentrations over time for a schedule, by every published model that covers it; and a band of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ..edge import Kind, count, one_of
from ..linear import Array
from ..parameters import Overrides, Parameters
from .asking import Asked, LeftOut
from .dosing import Dose, Schedule
from .published import Model
from .variability import draw, spread

CAUTION = "What published models compute for a schedule. It says nothing about what anybody should take or give."
PERCENTILES = (5.0, 50.0, 95.0)
_PERCENT = Kind("percentiles", "", 0, 100)

Many = TypeVar("Many", "ModelCourse", "ModelBand")


@dataclass(frozen=True, slots=True, eq=False)
class ModelCourse:
    """What one model gives: concentrations (t,) in ng/mL at `times_h`; None for what it does not describe."""

    model: str
    label: str
    form: str
    sampling: str
    times_h: Array = field(repr=False)
    ketamine: Array = field(repr=False)
    effect_site: Array = field(repr=False)
    norketamine: Array | None = field(default=None, repr=False)
    hydroxynorketamine: Array | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ModelBand:
    """Percentiles over people: each array (percentiles, t) in ng/mL; None for what the model does not describe."""

    model: str
    label: str
    form: str
    sampling: str
    times_h: Array = field(repr=False)
    percentiles: tuple[float, ...]
    ketamine: Array = field(repr=False)
    effect_site: Array = field(repr=False)
    norketamine: Array | None = field(default=None, repr=False)
    hydroxynorketamine: Array | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()


def _of(models: Sequence[Many], key: str) -> Many:
    named = {one.model: one for one in models}
    return named[one_of(key, named, "course")]


@dataclass(frozen=True, slots=True, eq=False)
class Kinetics:
    """Courses by all models that cover a schedule; those that do not, with the reason."""

    models: tuple[ModelCourse, ...]
    left_out: tuple[LeftOut, ...]
    schedule: Schedule
    weight_kg: float
    interactions: tuple[str, ...] = ()
    caution: str = field(default=CAUTION, repr=False)

    def of(self, model: str) -> ModelCourse:
        """The course of one model."""
        return _of(self.models, model)


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Bands by all models that cover a schedule and publish how people differ; the others with the reason."""

    models: tuple[ModelBand, ...]
    left_out: tuple[LeftOut, ...]
    schedule: Schedule
    weight_kg: float
    people: int
    interactions: tuple[str, ...] = ()
    caution: str = field(default=CAUTION, repr=False)

    def of(self, model: str) -> ModelBand:
        """The band of one model."""
        return _of(self.models, model)


def concentrations(
    schedule: str | Dose | Iterable[Dose],
    times_h: npt.ArrayLike | None = None,
    weight_kg: Any = 70,
    models: Iterable[str] | None = None,
    interactions: Iterable[str] = (),
    *,
    parameters: Overrides | Parameters | None = None,
) -> Kinetics:
    """Plasma and effect-site concentrations for a schedule, by every model that covers it.

    dx/dt = A x + u(t) in each model, solved exactly; C = x/V; effect site dCe/dt = ke0 (C - Ce).

    Args:
        schedule: a dose, doses, or the name of a preset.
        times_h: hours (t,), not decreasing; without them 721 from 0 to a day after the last dose, and the starts and
            ends of doses.
        weight_kg: body weight ("70 kg"; a plain number is kg), scaled as each model does.
        models: keys of `MODELS` to use instead of all.
        interactions: names out of `INTERACTIONS`.
        parameters: numbers in place of declared ones.

    Returns:
        All courses, in ng/mL. Models that do not cover the route or the weight stand in `left_out` with the reason.

    Raises:
        InputError: a dose, weight, time, model or interaction that cannot be used.

    Sources: those of each number, see `ketalit.models.parameters`.

    >>> found = concentrations(Dose("0.5 mg/kg", over="40 min", form="racemic"), times_h=[0, 40 / 60, 4])
    >>> {one.label: one.ketamine.round().tolist() for one in found.models}["Domino 1984"]
    [0.0, 240.0, 17.0]
    >>> found.of("otto2021").notes[0]
    'fitted to S-ketamine, used here for the racemate'
    >>> found.left_out[0].reason
    'fitted to children of 3.4 to 35 kg'
    """
    asked = Asked.read(schedule, times_h, weight_kg, models, interactions, parameters)
    courses = []
    for model in asked.used:
        found = asked.solve(model, {})
        courses.append(ModelCourse(**asked.labels(model), **_named(model, found)))
    return Kinetics(tuple(courses), asked.left_out, asked.schedule, asked.weight_kg, asked.interactions)


def band(
    schedule: str | Dose | Iterable[Dose],
    times_h: npt.ArrayLike | None = None,
    weight_kg: Any = 70,
    models: Iterable[str] | None = None,
    interactions: Iterable[str] = (),
    *,
    people: int = 200,
    seed: int = 1,
    percentiles: npt.ArrayLike = PERCENTILES,
    parameters: Overrides | Parameters | None = None,
) -> Bands:
    """How far people of one body weight differ: percentiles of their concentrations, by each model that says so.

    The numbers of a model are drawn from its published variability (log-normal, correlated where published); what a
    source prints as variability between occasions counts as between people here. Error of measurement is not added.

    Args:
        schedule, times_h, weight_kg, models, interactions, parameters: as of `concentrations`.
        people: how many to draw.
        seed: the same seed draws the same people.
        percentiles: which, in percent.

    Returns:
        Percentiles (percentiles, t) in ng/mL for each model; the others in `left_out` with the reason.

    Raises:
        InputError: as `concentrations`, and fewer than 2 people or percentiles outside 0 to 100.

    Sources: the variability that each model publishes, `between` of its numbers.

    >>> found = band(Dose("0.5 mg/kg", over="40 min", form="S"), [40 / 60])
    >>> [one.model for one in found.models]
    ['otto2021', 'perezruixo2021', 'simons2022']
    >>> low, middle, high = found.of("simons2022").ketamine[:, 0]
    >>> bool(low < 289 < high)
    True
    """
    number, seed = count(people, "people", least=2), count(seed, "seed", least=0)
    wanted = tuple(np.ravel(_PERCENT.many(percentiles)).tolist())
    asked = Asked.read(schedule, times_h, weight_kg, models, interactions, parameters)
    bands, left_out = [], list(asked.left_out)
    for model in asked.used:
        if not spread(model.key, asked.chosen):
            left_out.append(LeftOut(model.key, model.label, "how people differ is not known for it"))
            continue
        drawn = draw(model.key, number, seed, asked.chosen)
        found = {name: _percentiles(values, wanted) for name, values in asked.solve(model, drawn).items()}
        bands.append(ModelBand(**asked.labels(model), percentiles=wanted, **_named(model, found)))
    return Bands(tuple(bands), tuple(left_out), asked.schedule, asked.weight_kg, number, asked.interactions)


def _named(model: Model, found: Mapping[str, Array]) -> dict[str, Any]:
    names = {"ketamine", *model.analytes}
    return {"effect_site": found["effect site"]} | {name: found[name] for name in found if name in names}


def _percentiles(values: Array, percentiles: Sequence[float]) -> Array:
    """Percentiles (p, t) over people of values (people, t), by linear interpolation between ordered people."""
    ordered = np.sort(values.T, axis=-1)
    position = np.asarray(percentiles) / 100 * (ordered.shape[-1] - 1)
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    share = position - below
    return np.ascontiguousarray((ordered[:, below] * (1 - share) + ordered[:, above] * share).T)
