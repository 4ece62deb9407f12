"""What ketamine does within minutes: less pain, and a changed perception. Every published model, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import HOURS, PLASMA, Kind, rising, yes
from ..parameters import Overrides, Parameters, Source, parameters_of
from ..quantity import nanograms_per_ml
from .delay import Array, delayed

NOT_ADVICE = "An average of volunteers in an experiment. It says nothing about what anybody should take or give."


@dataclass(frozen=True, slots=True)
class Response:
    """One model's answer over time.

    Attributes:
        model: short name.
        label: name for people.
        quantity: what is measured, and `unit` ("" for a share of the largest effect).
        times_h: (t,) hours.
        low, middle, high: (..., t), as the concentrations given; equal where no uncertainty was published.
        extrapolated: (..., t) whether the concentration lies outside those studied.
        sources: the works behind it.
        note: what a reader has to know.
    """

    model: str
    label: str
    quantity: str
    unit: str
    times_h: Array
    low: Array
    middle: Array
    high: Array
    extrapolated: npt.NDArray[np.bool_]
    sources: tuple[Source, ...]
    note: str


def acute_pain(
    times_h: npt.ArrayLike,
    ketamine: npt.ArrayLike,
    norketamine: npt.ArrayLike | None = None,
    *,
    norketamine_counts: bool | None = None,
    half_life: Any = None,
    parameters: Overrides | Parameters | None = None,
) -> tuple[Response, ...]:
    """Relief of experimental pain: each published model, because they disagree.

    - Linear (Olofsen 2012): change of pain = a C_k + b C_nk at the effect site, in cm of a 10 cm scale, below zero is
      relief. b has the opposite sign of a: norketamine works against ketamine. Two studies of the same group found no
      such thing, so the model is given with and without it.
    - Emax (Simons 2022): share of the largest effect = C^γ/(C^γ + C50^γ).

    Args:
        times_h: (t,) hours, from before the first dose.
        ketamine: total in plasma (..., t), ng/mL; the models were made for S-ketamine.
        norketamine: the same of norketamine, where the kinetics give it.
        norketamine_counts: true or false gives only the linear model with or without norketamine; none gives both.
        half_life: of the effect site in place of the published ones, "6 min" or hours.
        parameters: numbers to put in place of declared ones.

    Returns:
        One answer a model; arrays (..., t) as the concentrations, in cm or as a share from 0 to 1.

    Raises:
        InputError: times out of order, a concentration below zero, courses of different shapes, or a norketamine that
            is to count and is not given.

    >>> for one in acute_pain([0, 100], [100, 100], [50, 50], half_life=0):
    ...     print(one.model, one.middle[-1].round(2), one.unit)
    linear_with_norketamine -2.3 cm
    linear_ketamine_alone -3.8 cm
    emax 0.23
    """
    chosen = parameters_of(parameters)
    when, parent = _course(times_h, ketamine, "ketamine", chosen.value("ketamine.molar_mass"))
    if norketamine_counts is not None:
        yes(norketamine_counts, "norketamine_counts")
    pain = _hours(half_life, chosen, "response.effect_site.half_life_pain")
    site = delayed(when, parent, pain)
    found = []
    if norketamine is not None and norketamine_counts is not False:
        mass = chosen.value("pharmacokinetics.molar_mass.norketamine")
        _, metabolite = _course(when, norketamine, "norketamine", mass)
        _alike(parent, metabolite)
        both = _linear(chosen, "ketamine", site) + _linear(chosen, "norketamine", delayed(when, metabolite, pain))
        label = "Olofsen 2012, norketamine counted"
        note = "norketamine works against ketamine here; Simons 2022 and Sigtermans 2009 found that it does not"
        found.append(_pain_change("linear_with_norketamine", label, when, both, chosen, note))
    elif norketamine_counts:
        raise InputError("norketamine is to count, but its course is not given", where="acute_pain")
    if not norketamine_counts:
        alone = _linear(chosen, "ketamine", site)
        note = "the slope was fitted together with norketamine's, so alone it says too much"
        found.append(_pain_change("linear_ketamine_alone", "Olofsen 2012, ketamine alone", when, alone, chosen, note))
    general = delayed(when, parent, _hours(half_life, chosen, "response.effect_site.half_life"))
    note = "lowest and highest C50 of three kinds of pain; its own delay was not read, Olofsen's mean stands in"
    found.append(
        _emax(
            "emax", "Simons 2022, Emax", "relief, share of the largest", when, general, chosen, "antinociception", note
        )
    )
    return tuple(found)


def psychotomimetic(
    times_h: npt.ArrayLike,
    ketamine: npt.ArrayLike,
    *,
    half_life: Any = None,
    parameters: Overrides | Parameters | None = None,
) -> tuple[Response, ...]:
    """Changed perception and feeling high: each published relation.

    - Emax (Simons 2022): drug high, with a C50 a quarter to a sixth of that for pain.
    - Linear (Bowdle 1998): scores rise in proportion to plasma between 50 and 200 ng/mL; from the weakest to the
      strongest of ten scales.
    - Threshold (Hartvig 1995): 1 where plasma is above 70 ng/mL, where effects were always seen; else 0.

    Args:
        times_h: (t,) hours, from before the first dose.
        ketamine: total in plasma (..., t), ng/mL.
        half_life: of the effect site of the first model in place of the published one, "6 min" or hours.
        parameters: numbers to put in place of declared ones.

    Returns:
        One answer a model; arrays (..., t) of shares from 0 to 1.

    Raises:
        InputError: times out of order, a concentration below zero, or courses of another shape than times.

    >>> for one in psychotomimetic([0, 100], [100, 100]):
    ...     print(one.model, one.low[-1].round(2), one.high[-1].round(2))
    emax_high 0.58 0.58
    linear_scales 0.18 0.44
    threshold 1.0 1.0
    """
    chosen = parameters_of(parameters)
    when, plasma = _course(times_h, ketamine, "ketamine", chosen.value("ketamine.molar_mass"))
    site = delayed(when, plasma, _hours(half_life, chosen, "response.effect_site.half_life"))
    note = "drug high on a visual scale, as a share of the largest"
    high = _emax("emax_high", "Simons 2022, drug high", "share of the largest", when, site, chosen, "high", note)
    lowest, highest = chosen.value("response.psychotomimetic.range")
    weakest, strongest = (
        np.minimum(1, plasma / highest * top) for top in chosen.value("response.psychotomimetic.at_top")
    )
    scales = Response(
        "linear_scales",
        "Bowdle 1998, ten scales",
        "share of the largest score",
        "",
        when,
        weakest,
        (weakest + strongest) / 2,
        strongest,
        ((plasma > 0) & (plasma < lowest)) | (plasma > highest),
        _sources(chosen, "response.psychotomimetic.range", "response.psychotomimetic.at_top"),
        "racemic ketamine at steady state; the line is drawn through zero",
    )
    name = "response.psychotomimetic.threshold_plasma"
    above = (plasma > chosen.value(name)).astype(float)
    note = f"S-ketamine; effects were always seen above {chosen.value(name):g} ng/mL in plasma, not never below it"
    threshold = Response(
        "threshold",
        "Hartvig 1995, threshold",
        "above the threshold",
        "",
        when,
        above,
        above,
        above,
        np.zeros(plasma.shape, bool),
        _sources(chosen, name),
        note,
    )
    return high, scales, threshold


def rebound(response: Response) -> tuple[float, float]:
    """How far pain rises above where it began, after having fallen, and for how long: (peak, hours).

    Pain above its start after an infusion was seen with heat pain (Sigtermans 2009, Anesthesiology 111:892-903). Of the
    models here only the linear one with norketamine can show it; in the others an effect only fades.

    Args:
        response: of `acute_pain`, for one course.

    Returns:
        Two floats, cm and hours; zeros for a model that does not measure in cm.

    >>> import numpy as np
    >>> hours = np.linspace(0, 12, 721)
    >>> parent, metabolite = 200 * np.exp(-hours), 200 * (np.exp(-hours / 4) - np.exp(-hours))
    >>> [round(rebound(one)[0], 1) for one in acute_pain(hours, parent, metabolite)[:2]]
    [2.1, 0.0]
    """
    if response.unit != "cm":
        return 0.0, 0.0
    fell = np.logical_or.accumulate(response.middle < 0)
    above = np.where(fell, np.maximum(response.middle, 0), 0)
    hours = float(np.sum(np.diff(response.times_h) * (above[1:] > 0)))
    return float(above.max(initial=0.0)), hours


def _course(times_h: npt.ArrayLike, values: npt.ArrayLike, where: str, molar_mass: float) -> tuple[Array, Array]:
    when, given = rising(HOURS, times_h), PLASMA.many(values, where, molar_mass=molar_mass)
    if given.shape[-1:] != when.shape:
        what = f"values of shape {given.shape} at {when.size} times"
        raise InputError(what, where=where, expected="one value for each time")
    return when, given


def _alike(ketamine: Array, norketamine: Array) -> None:
    if ketamine.shape != norketamine.shape:
        what = f"courses of shape {norketamine.shape}"
        raise InputError(what, where="norketamine", expected=f"those of ketamine, {ketamine.shape}")


_HALF_LIFE = Kind("half-life of the effect site", "h", 0)


def _hours(given: Any, chosen: Parameters, name: str) -> float:
    if given is not None:
        return _HALF_LIFE.one(given)
    return float(chosen.value(name)) / 60


def _linear(chosen: Parameters, substance: str, site: Array) -> Array:
    contribution: float = chosen.value(f"response.linear.{substance}")
    reference: float = chosen.value(f"response.linear.{substance}_reference")
    return contribution / reference * site


def _pain_change(model: str, label: str, when: Array, change: Array, chosen: Parameters, note: str) -> Response:
    sources = _sources(chosen, "response.linear.ketamine", "response.effect_site.half_life_pain")
    outside = np.abs(change) > chosen.value("response.linear.scale")
    return Response(
        model, label, "change of pain", "cm", when, change, change, change, outside, sources, f"{note}; {NOT_ADVICE}"
    )


def _emax(
    model: str, label: str, quantity: str, when: Array, site: Array, chosen: Parameters, end_point: str, note: str
) -> Response:
    """Share of the largest effect for each C50 declared, nmol/mL, of which the lowest gives the highest share."""
    name = f"response.emax.c50_{end_point}"
    molar_mass = chosen.value("ketamine.molar_mass")
    c50 = np.sort(nanograms_per_ml(chosen.array(name), molar_mass))
    hill = chosen.value("response.emax.hill")
    low, middle, high = (_share(site, one, hill) for one in (c50[-1], np.sqrt(c50[0] * c50[-1]), c50[0]))
    none = np.zeros(site.shape, bool)
    return Response(
        model, label, quantity, "", when, low, middle, high, none, _sources(chosen, name), f"{note}; {NOT_ADVICE}"
    )


def _share(site: Array, c50: float, hill: float) -> Array:
    raised = (site / c50) ** hill
    return np.asarray(raised / (1 + raised))


def _sources(chosen: Parameters, *names: str) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for name in names for source in chosen[name].source))
