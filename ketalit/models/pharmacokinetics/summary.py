"""Figures that sum a model up: clearance, volume, half-lives, bioavailability, context-sensitive half-time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import HOURS, Kind, count, listed, rising
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from ..quantity import non_negative, rate_mg_per_h
from .asking import chosen_models, person_of, weight_in_kg, why_not, with_doses
from .compartments import Compartments, Input, course
from .courses import concentrations
from .dosing import Dose, Route
from .published import MODELS, PREFIX, Model, Person

HALVINGS = 60  # of an interval, until it cannot become smaller


def clearance(
    model: str,
    weight_kg: Any = 70,
    interactions: Iterable[str] = (),
    *,
    parameters: Overrides | Parameters | None = None,
) -> float:
    """Clearance of ketamine from the blood, L/h: CL = dose / AUC after an intravenous dose.

    AUC = -c A⁻¹ x, with x the dose and c the reading of plasma: no simulation is run.

    Args:
        model: key of the model, e.g. "otto2021".
        weight_kg, interactions, parameters: as of `concentrations`.

    Returns:
        L/h.

    Raises:
        InputError: an unknown model, or one that does not cover the weight.

    Source: the definition; numbers of each model as declared.

    >>> round(clearance("domino1984"), 1), round(clearance("perezruixo2021"), 1)
    (115.9, 109.0)
    """
    return 1000 / area(model, Route.INTRAVENOUS, 1.0, "ketamine", weight_kg, interactions, parameters=parameters)


def area(
    model: str,
    route: Route | str,
    dose_mg: float,
    analyte: str = "ketamine",
    weight_kg: Any = 70,
    interactions: Iterable[str] = (),
    *,
    parameters: Overrides | Parameters | None = None,
) -> float:
    """Area under the concentration from the dose for ever, ng h/mL: AUC = -c A⁻¹ x.

    Args:
        model: key of the model, e.g. "otto2021".
        route: a way that the model covers.
        dose_mg: mg (or text).
        analyte: "ketamine", or a metabolite that the model gives.
        weight_kg, interactions, parameters: as of `concentrations`.

    Returns:
        ng h/mL.

    Raises:
        InputError: the model does not cover the route or the weight, or does not describe the analyte.

    Source: the integral of c exp(A t) x over all time.

    >>> round(area("otto2021", "intravenous", 35))
    368
    """
    dose = Dose(dose_mg, route=route)
    described, person = _typical(model, [Route(dose.route)], weight_kg, interactions, parameters)
    if described.finish and analyte != "ketamine":
        raise InputError(f"{analyte} in {described.label} depends on when it is looked at", expected="exposure()")
    built, inputs = with_doses(described, person, (dose,))
    return float(_reading(built, analyte) @ -np.linalg.solve(built.matrix, _amounts(built, inputs)))


def bioavailability(
    model: str,
    route: Route | str,
    dose_mg: float = 1.0,
    weight_kg: Any = 70,
    interactions: Iterable[str] = (),
    *,
    parameters: Overrides | Parameters | None = None,
) -> float:
    """The part of a dose that reaches the blood: F = AUC by this route over AUC of the same dose into a vein.

    Args:
        model: key of the model, e.g. "otto2021".
        route: a way that the model covers.
        dose_mg: mg; matters only where a model is not linear in dose (nasal).
        weight_kg, interactions, parameters: as of `concentrations`.

    Returns:
        From 0 to 1.

    Raises:
        InputError: an unknown model, or one that does not cover the route or the weight; a dose of nothing.

    Source: the definition.

    >>> round(bioavailability("perezruixo2021", "oral"), 3), round(bioavailability("simons2022", "sublingual"), 3)
    (0.178, 0.263)
    """
    if not Dose(dose_mg, route=route).amount_mg(weight_in_kg(weight_kg)):
        raise InputError(f"{dose_mg} is given", where="dose", expected="a dose above zero")
    here = area(model, route, dose_mg, "ketamine", weight_kg, interactions, parameters=parameters)
    vein = area(model, Route.INTRAVENOUS, dose_mg, "ketamine", weight_kg, interactions, parameters=parameters)
    return here / vein


def volume_at_steady_state(
    model: str, weight_kg: Any = 70, *, parameters: Overrides | Parameters | None = None
) -> float:
    """Volume of distribution at steady state, L: Vss = CL x MRT, where the mean residence time MRT = AUMC / AUC.

    Where drug is also cleared outside the central compartment (the liver of Perez-Ruixo 2021), this is the volume that
    would be computed from blood, as the meta-analysis did, and not the sum of the compartments.

    Args:
        model: key of the model, e.g. "otto2021".
        weight_kg, parameters: as of `concentrations`.

    Returns:
        L.

    Raises:
        InputError: an unknown model, or one that does not cover the weight.

    Source: moments of the curve; what elimination elsewhere does to them: Yates and Arundel 2008, J Pharm Sci
    97:111-22.

    >>> round(volume_at_steady_state("domino1984"), 1)
    193.2
    """
    described, person = _typical(model, [Route.INTRAVENOUS], weight_kg, (), parameters)
    built, inputs = with_doses(described, person, (Dose(1.0),))
    reading, amounts = _reading(built, "ketamine"), _amounts(built, inputs)
    once = np.linalg.solve(built.matrix, amounts)
    auc, aumc = -reading @ once, reading @ np.linalg.solve(built.matrix, once)
    return float(1000 * aumc / auc**2)


def half_lives(model: str, weight_kg: Any = 70, *, parameters: Overrides | Parameters | None = None) -> Array:
    """Half-lives of ketamine in plasma, min, shortest first: ln 2 / λ for each mode of decay.

    Args:
        model: key of the model, e.g. "otto2021".
        weight_kg, parameters: as of `concentrations`.

    Returns:
        Min (modes,).

    Raises:
        InputError: an unknown model, or one that does not cover the weight.

    Source: eigenvalues of the compartments of ketamine.

    >>> half_lives("domino1984").round(3)
    array([  0.402,   4.575, 114.632])
    """
    described, person = _typical(model, [Route.INTRAVENOUS], weight_kg, (), parameters)
    built = described.build(person, frozenset({Route.INTRAVENOUS}))
    rates = -np.linalg.eigvals(_ketamine_alone(built)).real
    return np.sort(np.log(2) * 60 / rates)


@dataclass(frozen=True, slots=True)
class TerminalHalfLife:
    """A terminal half-life with the window that it was read from; `slowest_h` is what an endless window would give."""

    model: str
    label: str
    hours: float
    window_h: tuple[float, float]
    points: int
    slowest_h: float

    def __str__(self) -> str:
        return f"{self.hours:.1f} h, read from {self.window_h[0]:g} to {self.window_h[1]:g} h ({self.label})"


def terminal_half_life(
    model: str,
    dose: Dose,
    window: tuple[Any, Any] = ("4 h", "8 h"),
    points: int = 5,
    weight_kg: Any = 70,
    interactions: Iterable[str] = (),
    *,
    parameters: Overrides | Parameters | None = None,
) -> TerminalHalfLife:
    """The half-life that a study would report: a straight line through the logarithms of late concentrations.

    The later the window, the slower the mode that is seen; hence a half-life means little without its window.

    Args:
        model: key of the model.
        dose: what is given.
        window: the first and last sample, after the start of the dose.
        points: samples, evenly spread over the window.
        weight_kg, interactions, parameters: as of `concentrations`.

    Returns:
        Hours, with the window and how slow an endless one would show it.

    Raises:
        InputError: a window that is empty or begins before the dose has ended.

    Source: log-linear least squares, as studies report it.

    >>> early = terminal_half_life("otto2021", Dose("0.1 mg/kg"), ("2 h", "8 h"))
    >>> late = terminal_half_life("otto2021", Dose("0.1 mg/kg"), ("12 h", "24 h"))
    >>> early.hours < late.hours <= late.slowest_h
    True
    """
    if not isinstance(dose, Dose):
        raise InputError(f"{dose!r} is given", where="dose", expected='a dose, such as Dose("0.1 mg/kg")')
    ends, samples = listed(window, "window", _WINDOW), count(points, "points", least=2)
    if len(ends) != 2:
        raise InputError(f"{window!r} is given", where="window", expected=_WINDOW)
    first, last = (non_negative(one, "h", where="window") for one in ends)
    if not dose.over_h <= first < last:
        raise InputError(f"{first:g} to {last:g} h is given", where="window", expected="a time after the dose")
    times = np.linspace(first, last, samples) + dose.at_h
    described = _one_model(model)
    found = concentrations(dose, times, weight_kg, [model], interactions, parameters=parameters)
    if not found.models:
        raise InputError(_not_covered(described, found.left_out[0].reason))
    slope = float(np.polyfit(times, np.log(found.models[0].ketamine), 1)[0])
    slowest = float(half_lives(model, weight_kg, parameters=parameters)[-1]) / 60
    return TerminalHalfLife(model, described.label, -float(np.log(2)) / slope, (first, last), samples, slowest)


def context_sensitive_half_time(
    model: str, infusion: Any, weight_kg: Any = 70, *, parameters: Overrides | Parameters | None = None
) -> float:
    """Minutes for plasma ketamine to fall by half after a constant infusion of that length ("4 h"; numbers are hours).

    Args:
        model: key of the model, e.g. "otto2021".
        infusion: how long it ran, at a constant rate.
        weight_kg, parameters: as of `concentrations`.

    Returns:
        Min.

    Raises:
        InputError: an unknown model, or one that does not cover the weight; an infusion of no length.

    Source: the definition (Bailey 2002, Clin Pharmacokinet 41:793-9, tells it); found by halving an interval.

    >>> round(context_sensitive_half_time("domino1984", "4 h"), 1), round(context_sensitive_half_time("otto2021", 4), 1)
    (16.0, 75.7)
    """
    length = non_negative(infusion, "h", where="infusion")
    if not length:
        raise InputError("an infusion of no length", expected='"4 h"')
    described, person = _typical(model, [Route.INTRAVENOUS], weight_kg, (), parameters)
    built, inputs = with_doses(described, person, (Dose("1 mg/h", over=length),))
    peak = _at(built, inputs, length)
    # What follows an infusion is a sum of falling exponentials, so that the slowest half-life surely halves it.
    low, high = length, length + float(half_lives(model, weight_kg, parameters=parameters)[-1]) / 60
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _at(built, inputs, middle) > 0.5 * peak else (low, middle)
    return (high - length) * 60


def steady_state(
    model: str, rate: Any, weight_kg: Any = 70, *, parameters: Overrides | Parameters | None = None
) -> float:
    """Plasma ketamine at which an endless infusion comes to rest, ng/mL: Css = rate / CL.

    Args:
        model: key of the model, e.g. "otto2021".
        rate: of infusion ("0.1 mg/kg/h"; a plain number is mg/h).
        weight_kg, parameters: as of `concentrations`.

    Returns:
        ng/mL.

    Raises:
        InputError: an unknown model, or one that does not cover the weight; no rate of infusion.

    Source: the definition of clearance.

    >>> round(steady_state("simons2022", "0.1 mg/kg/h"), 1)
    78.8
    """
    weight = weight_in_kg(weight_kg)
    per_hour = rate_mg_per_h(rate, weight, where="rate of infusion")
    return 1000 * per_hour / clearance(model, weight, parameters=parameters)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Peak (ng/mL), when it comes (h after the first dose) and area (ng h/mL) of one analyte up to `until_h`."""

    analyte: str
    peak: float
    peak_h: float
    area: float
    until_h: float


def exposure(times_h: npt.ArrayLike, values: npt.ArrayLike, analyte: str = "ketamine") -> Exposure:
    """Peak, time of peak and area of a course: AUC = Σ (c₁ + c₂)/2 (t₂ - t₁), by trapezoids.

    Args:
        times_h: hours (t,), not decreasing.
        values: ng/mL (t,).
        analyte: what it is, for the label.

    Returns:
        ng/mL, hours, ng h/mL.

    Raises:
        InputError: times out of order, values below zero, or as many of one as not of the other.

    Source: the linear trapezoidal rule.

    >>> exposure([0, 1, 2], [0, 4, 2]).area
    5.0
    """
    when, found = rising(HOURS, times_h), _VALUES.many(values)
    if found.shape != when.shape:
        what = f"values of shape {found.shape} at {when.size} times"
        raise InputError(what, where="exposure", expected="one value for each time")
    top = int(found.argmax())
    return Exposure(analyte, float(found[top]), float(when[top]), float(np.trapezoid(found, when)), float(when[-1]))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model beside the meta-analysis: its clearance (L/h) and volume (L) at 70 kg, and whether they lie within."""

    model: str
    label: str
    clearance: float
    volume: float
    clearance_within: bool
    volume_within: bool


def against_meta_analysis(*, parameters: Overrides | Parameters | None = None) -> tuple[Comparison, ...]:
    """Each model of adults beside the 95 % confidence intervals of Kamp 2020, who pooled 18 studies.

    An interval for the mean of studies: a good model of one study may well lie outside.

    Args:
        parameters: numbers in place of declared ones.

    Returns:
        One for each model of adults: L/h and L at 70 kg.

    >>> [one.label for one in against_meta_analysis() if one.clearance_within and one.volume_within]
    ['Clements and Nimmo 1981', 'Simons 2022']
    """
    chosen = parameters_of(parameters)
    limits = {name: chosen[f"{PREFIX}.meta_analysis.{name}"].ci95 or () for name in ("clearance", "volume")}
    weight = chosen.value(f"{PREFIX}.reference_weight")
    found = []
    for model in MODELS.values():
        if model.for_children:
            continue
        cleared = clearance(model.key, weight, parameters=chosen)
        volume = volume_at_steady_state(model.key, weight, parameters=chosen)
        within = [
            bool(limit) and limit[0] <= value <= limit[1]
            for value, limit in ((cleared, limits["clearance"]), (volume, limits["volume"]))
        ]
        found.append(Comparison(model.key, model.label, cleared, volume, *within))
    return tuple(found)


def enantiomer_clearances(
    weight_kg: Any = 70, *, parameters: Overrides | Parameters | None = None
) -> tuple[float, float]:
    """Clearance of S- and of R-ketamine in the same people, L/h (Persson 2002); no model of R-ketamine is at hand.

    Args:
        weight_kg: body weight.
        parameters: numbers in place of declared ones.

    Returns:
        L/h for S and for R.

    Raises:
        InputError: a weight that is not above zero.

    >>> [round(one, 1) for one in enantiomer_clearances()]
    [100.8, 84.0]
    """
    chosen, weight = parameters_of(parameters), weight_in_kg(weight_kg)
    s, r = (chosen.value(f"{PREFIX}.enantiomers.clearance_{one}") * 60 * weight for one in ("s", "r"))
    return s, r


_WINDOW = 'two times after the start of the dose, such as ("4 h", "8 h")'
_VALUES = Kind("concentrations", "ng/mL", 0, trace=1e-9)


def _not_covered(model: Model, reason: str) -> str:
    """Why a model does not cover something, as a sentence about the model."""
    return f"{model.label} {'was ' if reason.startswith('fitted') else ''}{reason}"


def _one_model(model: str) -> Model:
    (found,) = chosen_models([model])
    return found


def _typical(
    model: str,
    routes: Iterable[Route],
    weight: Any,
    interactions: Iterable[str],
    parameters: Overrides | Parameters | None,
) -> tuple[Model, Person]:
    """A model and its typical person; an error where it does not cover what is asked."""
    chosen, described = parameters_of(parameters), _one_model(model)
    kilograms = weight_in_kg(weight)
    if reason := why_not(described, routes, kilograms, chosen):
        raise InputError(_not_covered(described, reason))
    return described, person_of(described, kilograms, interactions, chosen)


def _reading(built: Compartments, analyte: str) -> Array:
    if analyte not in built.analytes:
        raise InputError(f"{analyte} is not described", expected=", ".join(built.analytes))
    return built.reading(analyte)


def _amounts(built: Compartments, inputs: Iterable[Input]) -> Array:
    """All that will ever enter each compartment, mg."""
    amounts = np.zeros(built.matrix.shape[-1])
    for one in inputs:
        amounts[built.names.index(one.compartment)] += one.amount
    return amounts


def _at(built: Compartments, inputs: list[Input], hours: float) -> float:
    return float(course(built, inputs, [hours])["ketamine"][0])


def _ketamine_alone(built: Compartments) -> Array:
    """The part of the matrix whose compartments can still send drug to plasma: ketamine and where it exchanges."""
    linked = {built.names.index("central")}
    while True:
        more = {int(one) for place in linked for one in np.flatnonzero(built.matrix[place] > 0)} | linked
        if more == linked:
            break
        linked = more
    order = sorted(linked)
    return built.matrix[np.ix_(order, order)]
