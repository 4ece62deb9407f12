"""How much of each target is occupied at a free concentration, and what concentration it would take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import CONCENTRATION, PLASMA, SHARE, Kind, one_of, together
from ..linear import ROUNDING
from ..parameters import Overrides, Parameter, Parameters, Status, parameters_of
from ..quantity import micromolar, nanograms_per_ml
from .sites import SITES, Family, Lean, Site


@dataclass(frozen=True, slots=True)
class Occupied:
    """How much of a site is occupied, as a share from 0 to 1.

    Attributes:
        site: the target.
        low: with the weakest K reported. high: with the strongest. middle: with their geometric mean.
        constants: the parameters with K, in µM.
        status: the least certain standing among them.
    """

    site: Site
    low: Any
    middle: Any
    high: Any
    constants: tuple[Parameter, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Free:
    """The concentration free to bind, in µM: from the lowest share reported to the highest, and the label's share."""

    low: Any
    middle: Any
    high: Any


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes to occupy `share` of a site: free in µM, total in plasma in ng/mL, and against clinical use.

    `times_analgesic` holds the lowest and highest ratio of that total to the range of plasma concentrations at which
    ketamine relieves pain; `times_anaesthetic` the same for anaesthesia. A description, not a dose.
    """

    site: Site
    share: float
    free_low: float
    free_high: float
    total_low: float
    total_high: float
    times_analgesic: tuple[float, float]
    times_anaesthetic: tuple[float, float]


def occupancy(concentration: npt.ArrayLike, constant: npt.ArrayLike) -> Any:
    """The share of sites occupied: C/(C + K), for one ligand, one site, no cooperation.

    Args:
        concentration: C, free, in the unit of `constant` (text is read as µM); zero or more.
        constant: K, above zero.

    Returns:
        Share from 0 to 1; a float for floats, an array where either is one.

    Raises:
        InputError: a concentration below zero or not finite, a constant not above zero, or shapes that do not fit.

    Source: the law of mass action at equilibrium (Hill 1910, Clark 1926).

    >>> occupancy(0.5, 0.5), round(occupancy(0.5, 41.7), 4)
    (0.5, 0.0118)
    """
    c, k = _BINDING.many(concentration), _CONSTANT.many(constant)
    together(concentration=c, constant=k)
    share = c / (c + k)
    return share if share.ndim else float(share)


def site_named(name: str) -> Site:
    """The target called `name` (or labelled so).

    Args:
        name: as in `SITES`, e.g. "opioid_mu", or its label.

    Returns:
        The target, with the names of the parameters that hold its constants.

    Raises:
        InputError: there is none; the message names the nearest.

    >>> site_named("opioid_mu").label
    'µ-opioid receptor'
    """
    known = {site.label: site for site in SITES} | {site.name: site for site in SITES}
    if isinstance(name, str) and name in known:
        return known[name]
    return known[one_of(name, [site.name for site in SITES], "target")]


def at_site(name: str, free: Any, *, parameters: Overrides | Parameters | None = None) -> Occupied:
    """How much of one target is occupied at a free concentration.

    Args:
        name: the target, e.g. "opioid_mu".
        free: free concentration: text ("0.5 µM", "80 ng/mL"), a number in µM, or an array in µM.
        parameters: numbers to put in place of declared ones.

    Returns:
        Shares from 0 to 1: floats for one concentration, arrays in its shape for several.

    Raises:
        InputError: no target is called so, or a concentration below zero.

    Source: C/(C + K) (`occupancy`); each K from the works named in its parameter.

    >>> found = at_site("opioid_mu", "0.5 µM")
    >>> round(found.low, 4), round(found.high, 4), found.status.value
    (0.0118, 0.0182, 'secondary')
    """
    chosen = parameters_of(parameters)
    return _occupied(site_named(name), _free_um(free, chosen), chosen)


def rank(
    free: Any,
    *,
    substance: str = "ketamine",
    family: Family | str | None = None,
    parameters: Overrides | Parameters | None = None,
) -> tuple[Occupied, ...]:
    """All targets, the most occupied first.

    Args:
        free: free concentration of the substance: text ("0.5 µM", "80 ng/mL") or a number in µM.
        substance: "ketamine", "norketamine" or "dehydronorketamine"; each has its own concentration.
        family: only the targets of one family, e.g. "opioid".
        parameters: numbers to put in place of declared ones.

    Returns:
        Occupancy of each target; for an array of concentrations, in the order of their largest.

    Raises:
        InputError: a concentration below zero, an unknown substance or family, or a family without a known target.

    Source: C/(C + K) (`occupancy`); each K from the works named in its parameter.

    >>> [found.site.name for found in rank(0.5, family="opioid")]
    ['opioid_kappa', 'opioid_mu', 'opioid_delta', 'nociceptin']
    >>> sum(found.middle > 0.1 for found in rank(0.5)), len(rank(0.5))
    (5, 26)
    """
    chosen = parameters_of(parameters)
    if family is not None:
        one_of(family, list(Family), "family of targets")
    one_of(substance, sorted({site.substance for site in SITES}), "substance with known targets")
    sites = [site for site in SITES if site.substance == substance and family in {None, site.family}]
    if not sites:
        raise InputError(f"nothing is known of {substance} at targets of the family “{family}”")
    concentration = _free_um(free, chosen)
    found = [_occupied(site, concentration, chosen) for site in sites]
    return tuple(sorted(found, key=lambda one: -float(np.max(one.middle))))


def free_from_total(total: Any, *, parameters: Overrides | Parameters | None = None) -> Free:
    """The free concentration (µM) for a total concentration in plasma: C_free = f C_total / M.

    f, the unbound share, is disputed: 0.56 (label of esketamine) to 0.88 (textbooks), and cerebrospinal fluid held 0.4
    of plasma. A drug that crosses freely has, in time, the same free concentration on both sides of the blood-brain
    barrier, so this is also the estimate for brain and spinal cord.

    Args:
        total: total in plasma: text ("185 ng/mL", "0.8 µM"), a number in ng/mL, or an array in ng/mL.
        parameters: numbers to put in place of declared ones.

    Returns:
        µM, in the shape of `total`: with the lowest, the label's and the highest unbound share.

    Raises:
        InputError: a concentration below zero.

    Sources: parameters under "unbound".

    >>> free = free_from_total("185 ng/mL")
    >>> round(free.low, 2), round(free.middle, 2), round(free.high, 2)
    (0.31, 0.44, 0.68)
    """
    chosen = parameters_of(parameters)
    molar_mass = chosen.value("ketamine.molar_mass")
    um = micromolar(_plain(PLASMA.many(total, molar_mass=molar_mass)), molar_mass)
    low, middle, high = _unbound(chosen)
    return Free(low * um, middle * um, high * um)


def needed(name: str, share: float = 0.5, *, parameters: Overrides | Parameters | None = None) -> Needed:
    """What concentration would occupy `share` of a target: C = K s/(1 - s), and what that is in plasma.

    The low total takes the strongest K and the largest unbound share, the high total the weakest and the smallest, so
    the truth should lie between.

    Args:
        name: the target, e.g. "opioid_mu".
        share: from 0 to 1, both excluded.
        parameters: numbers to put in place of declared ones.

    Returns:
        Free concentrations (µM), totals (ng/mL) and their ratios to those of clinical use.

    Raises:
        InputError: no target is called so, or a share that is not between 0 and 1.

    Source: C/(C + K) solved for C; clinical concentrations of Zanos 2018.

    >>> tenth = needed("opioid_mu", share=0.1)
    >>> round(tenth.free_low, 1), round(tenth.total_low), [round(x, 1) for x in tenth.times_analgesic]
    (3.0, 810, [5.1, 39.3])
    """
    chosen = parameters_of(parameters)
    site = site_named(name)
    share = SHARE.one(share)
    if share in {0, 1}:
        raise InputError(f"{share:g} is given", where="share", expected="a number between 0 and 1, both excluded")
    constants = _constants(site, chosen)
    odds = share / (1 - share)
    low, high = min(constants) * odds, max(constants) * odds
    molar_mass = chosen.value("ketamine.molar_mass")
    least, _, most = _unbound(chosen)
    total = nanograms_per_ml(low, molar_mass) / most, nanograms_per_ml(high, molar_mass) / least

    def against(use: str) -> tuple[float, float]:
        weak, strong = chosen.value(f"clinical.{use}")
        return total[0] / strong, total[1] / weak

    return Needed(site, share, low, high, *total, against("analgesia"), against("anaesthesia"))


def summary(name: str, *, parameters: Overrides | Parameters | None = None) -> str:
    """What a claim about one target comes to at the concentrations in plasma of actual use, in a sentence.

    Args:
        name: the target, e.g. "opioid_mu".
        parameters: numbers to put in place of declared ones.

    Returns:
        Two or three sentences.

    Raises:
        InputError: no target is called so, or it is one of a metabolite.

    Sources: as of `needed`.

    >>> print(summary("opioid_mu"))
    µ-opioid receptor: 0.28 to 2.1 % occupied where ketamine relieves pain (70 to 160 ng/mL in plasma), 4.6 to 25 % in
    anaesthesia (1,200 to 2,400 ng/mL). This may be more: some effects of S-ketamine in rats need opioid receptors:
    function may say more than binding. Standing of the constant: secondary.
    """
    chosen = parameters_of(parameters)
    site = site_named(name)
    if site.substance != "ketamine":
        raise InputError(f"“{name}” is a target of {site.substance}", expected="a target of ketamine")

    def told(use: str) -> tuple[str, str]:
        weak, strong = chosen.value(f"clinical.{use}")
        least = occupancy(free_from_total(weak, parameters=chosen).low, max(_constants(site, chosen)))
        most = occupancy(free_from_total(strong, parameters=chosen).high, min(_constants(site, chosen)))
        return f"{_percent(least)} to {_percent(most)} %", f"{weak:,.0f} to {strong:,.0f} ng/mL"

    (pain, pain_plasma), (sleep, sleep_plasma) = told("analgesia"), told("anaesthesia")
    status = _occupied(site, 0.0, chosen).status
    return (
        f"{site.label}: {pain} occupied where ketamine relieves pain ({pain_plasma} in plasma), {sleep} in anaesthesia"
        f" ({sleep_plasma}). This {_LEANING[site.lean]}: {site.why}. Standing of the constant: {status}."
    )


_LEANING = {
    Lean.MORE: "may be more",
    Lean.LESS: "may be less",
    Lean.EITHER: "may be wrong either way",
}


def _percent(share: float) -> str:
    return f"{100 * share:.2g}"


def _unbound(chosen: Parameters) -> tuple[float, float, float]:
    """The lowest, the label's and the highest share of the total that is free."""
    known = [float(one) for name in chosen.under("unbound") for one in chosen.array(f"unbound.{name}")]
    return min(known), chosen.value("unbound.label"), max(known)


def _free_um(free: Any, chosen: Parameters) -> Any:
    return _plain(CONCENTRATION.many(free, "free concentration", molar_mass=chosen.value("ketamine.molar_mass")))


def _plain(numbers: npt.NDArray[np.float64]) -> Any:
    """An array, or a float for a single number."""
    return numbers if numbers.ndim else float(numbers)


def _constants(site: Site, chosen: Parameters) -> list[float]:
    return [float(one) for name in site.constants for one in chosen.array(name)]


_BINDING = Kind("concentration", "µM", 0, trace=ROUNDING)  # solvers leave a trace below zero
_CONSTANT = Kind("constant", "µM", 0, above_zero=True)
_STANDING = list(Status)


def _occupied(site: Site, free: Any, chosen: Parameters) -> Occupied:
    constants = _constants(site, chosen)
    middle = math.exp(sum(map(math.log, constants)) / len(constants))
    declared = tuple(chosen[name] for name in site.constants)
    return Occupied(
        site,
        occupancy(free, max(constants)),
        occupancy(free, middle),
        occupancy(free, min(constants)),
        declared,
        max((one.status for one in declared), key=_STANDING.index),
    )
