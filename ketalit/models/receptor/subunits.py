"""How GluN2A to GluN2D differ: block with and without magnesium, opening, and the mirror images of ketamine.

Without magnesium ketamine hardly tells them apart. With it, those that magnesium blocks least are blocked most.

>>> [(one.receptor, round(one.blocked, 2)) for one in profile(0.5, voltage=-66, magnesium=1)]
[('GluN2A', 0.09), ('GluN2B', 0.09), ('GluN2C', 0.3), ('GluN2D', 0.14)]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..edge import CONCENTRATION, MAGNESIUM, VOLTAGE, one_of, together
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .edge import molar_mass
from .gating import SUBUNITS
from .magnesium import unblocked
from .pore import DRUGS, half_block, steady_block

ENANTIOMERS = ("S_ketamine", "R_ketamine", "S_norketamine", "R_norketamine")


@dataclass(frozen=True, slots=True)
class SubunitBlock:
    """What a concentration does to receptors with one kind of GluN2.

    Attributes:
        receptor: GluN2A to GluN2D.
        half_block: µM, under the conditions asked for.
        blocked: share of channels blocked once settled.
        weakened: how many times magnesium raises the half block.
        status: of the numbers behind it, the weaker of the two.
    """

    receptor: str
    half_block: float
    blocked: float
    weakened: float
    status: str


def profile(
    concentration: Any,
    *,
    voltage: Any,
    magnesium: Any,
    drug: str = "ketamine",
    parameters: Overrides | Parameters | None = None,
) -> tuple[SubunitBlock, ...]:
    """Block of all four subunits side by side.

    For memantine too, magnesium's affinity is the one that its effect on ketamine asks for; so what the models say of
    memantine in magnesium is a prediction, and can be held against `measured_shift`.

    Args:
        concentration: free drug, µM.
        voltage: mV.
        magnesium: mM.
        drug: "ketamine" or "memantine".
        parameters: numbers in place of the declared ones.

    Returns:
        One entry for each of GluN2A to GluN2D.

    Raises:
        InputError: a concentration or magnesium below zero, a voltage beyond ±500 mV, several numbers where one is
            wanted, or an unknown drug.

    Sources: Kotermanski and Johnson 2009 (recalled, see `status`); formulas as in `pore.half_block`.

    >>> round(profile(0.5, voltage=-66, magnesium=1)[2].half_block, 2)
    1.18
    """
    chosen = parameters_of(parameters)
    one_of(drug, DRUGS, "drug")
    voltage, magnesium = VOLTAGE.one(voltage), MAGNESIUM.one(magnesium)
    concentration = CONCENTRATION.one(concentration, molar_mass=molar_mass(drug, chosen))
    found = []
    for name in SUBUNITS:
        strong = float(half_block(drug, name, voltage=voltage, magnesium=0, parameters=chosen))
        weak = float(half_block(drug, name, voltage=voltage, magnesium=magnesium, parameters=chosen))
        share = float(steady_block(concentration, drug, name, voltage=voltage, magnesium=magnesium, parameters=chosen))
        status = chosen[f"{drug}.half_block.{name}"].status
        found.append(SubunitBlock(name, weak, share, weak / strong, status))
    return tuple(found)


def measured_shift(receptor: str, drug: str = "ketamine", *, parameters: Overrides | Parameters | None = None) -> float:
    """How many times 1 mM magnesium raised the half block in the recordings: IC50(1 mM) / IC50(0), at -66 mV.

    Args:
        receptor: GluN2A to GluN2D.
        drug: "ketamine" or "memantine".
        parameters: numbers in place of the declared ones.

    Returns:
        A ratio.

    Raises:
        InputError: an unknown subunit or drug.

    Source: Kotermanski and Johnson 2009.

    >>> round(measured_shift("GluN2A"), 1)
    16.2
    """
    one_of(receptor, SUBUNITS, "subunit")
    one_of(drug, DRUGS, "drug")
    chosen = parameters_of(parameters)
    with_magnesium = chosen.value(f"{drug}.half_block_in_magnesium.{receptor}")
    return float(with_magnesium / chosen.value(f"{drug}.half_block.{receptor}"))


def shift_by_competition(
    voltage: npt.ArrayLike, magnesium: npt.ArrayLike, *, parameters: Overrides | Parameters | None = None
) -> Array:
    """How many times magnesium should raise the half block if the two do nothing but compete for the pore: 1 / f.

    With magnesium as Jahr and Stevens measured it, this uses nothing that was learnt from ketamine.

    Args:
        voltage: mV.
        magnesium: mM.
        parameters: numbers in place of the declared ones.

    Returns:
        A ratio of 1 or more, in the common shape of the arguments.

    Raises:
        InputError: as for `magnesium.unblocked`.

    Source: competition for one site; f of Jahr and Stevens 1990.

    >>> round(float(shift_by_competition(-66, 1)), 1)
    17.8
    """
    return np.asarray(1 / unblocked(voltage, magnesium, parameters=parameters))


def peak_open_probability(receptor: str, *, parameters: Overrides | Parameters | None = None) -> float:
    """The open probability at the peak of a response to saturating agonists; measured for GluN2A and GluN2B.

    Block settles as much faster as channels open more (`pore.settling_rate`).

    Args:
        receptor: GluN2A or GluN2B.
        parameters: numbers in place of the declared ones.

    Returns:
        From 0 to 1.

    Raises:
        InputError: another subunit.

    Source: Erreger 2005 (rat subunits in HEK-293 cells, outside-out patches).

    >>> peak_open_probability("GluN2A") / peak_open_probability("GluN2B")
    4.166666666666667
    """
    chosen = parameters_of(parameters)
    measured = [name for name in SUBUNITS if f"subunit.{name}.peak_open_probability" in chosen]
    one_of(receptor, measured, "subunit with a measured peak")
    return float(chosen.value(f"subunit.{receptor}.peak_open_probability"))


def deactivation(receptor: str, *, parameters: Overrides | Parameters | None = None) -> float:
    """The time constant (s) with which the current fades after glutamate has gone.

    Args:
        receptor: GluN2A to GluN2D.
        parameters: numbers in place of the declared ones.

    Returns:
        s.

    Raises:
        InputError: an unknown subunit.

    Sources: Yi 2019 (rat receptors in oocytes); GluN2C Traynelis 2010.

    >>> [deactivation(name) for name in ("GluN2A", "GluN2B", "GluN2C", "GluN2D")]
    [0.087, 0.548, 0.32, 5.714]
    """
    one_of(receptor, SUBUNITS, "subunit")
    return float(parameters_of(parameters).value(f"subunit.{receptor}.deactivation"))


def mixture_occupancy(
    *,
    S_ketamine: npt.ArrayLike = 0.0,
    R_ketamine: npt.ArrayLike = 0.0,
    S_norketamine: npt.ArrayLike = 0.0,
    R_norketamine: npt.ArrayLike = 0.0,
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """The share of pores that mirror images and metabolite hold together when they compete for one site.

    x / (1 + x) with x = Σ [B] / K over all four. K from binding to brain membranes, without magnesium or voltage: good
    for comparing them, not for block in a living neurone.

    Args:
        S_ketamine, R_ketamine, S_norketamine, R_norketamine: free concentrations, µM.
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1, in the common shape of the arguments.

    Raises:
        InputError: a concentration below zero, or shapes that do not fit together.

    Source: the law of mass action for several ligands of one site; K of Ebert 1997, read in a work that quotes it.

    >>> round(float(mixture_occupancy(S_ketamine=0.3)), 2), round(float(mixture_occupancy(R_ketamine=0.3)), 2)
    (0.5, 0.18)
    """
    chosen = parameters_of(parameters)
    constants = chosen.numbers("enantiomer")
    masses = molar_mass("ketamine", chosen), chosen.value("pharmacokinetics.molar_mass.norketamine")
    four = zip(ENANTIOMERS, (S_ketamine, R_ketamine, S_norketamine, R_norketamine), strict=True)
    given = {name: CONCENTRATION.many(one, name, molar_mass=masses[name.endswith("norketamine")]) for name, one in four}
    together(**given)
    weighed = np.asarray(sum(concentration / constants[name] for name, concentration in given.items()))
    return np.asarray(weighed / (1 + weighed))
