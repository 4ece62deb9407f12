"""Where concentrations and voltages come in: text with a unit, numbers or arrays become plain arrays."""

from __future__ import annotations

from typing import Any

from ..edge import AGONIST, CONCENTRATION, MAGNESIUM, VOLTAGE
from ..linear import Array
from ..parameters import Parameters


def voltage_mv(given: Any) -> Array:
    """A membrane potential in mV.

    >>> float(voltage_mv("-0.06 V"))
    -60.0
    """
    return VOLTAGE.many(given)


def magnesium_mm(given: Any) -> Array:
    """A concentration of magnesium in mM."""
    return MAGNESIUM.many(given)


def agonist_um(given: Any, what: str = "glutamate") -> Array:
    """A concentration of an agonist in µM; infinite where it saturates."""
    return AGONIST.many(given, what)


def drug_um(given: Any, drug: str, chosen: Parameters) -> Array:
    """A free concentration of a drug in µM; text may also give a mass, such as "100 ng/mL".

    >>> from ketalit.models.parameters import parameters_of
    >>> round(float(drug_um("237.73 ng/mL", "ketamine", parameters_of())), 6)
    1.0
    """
    return CONCENTRATION.many(given, molar_mass=molar_mass(drug, chosen))


def molar_mass(drug: str, chosen: Parameters) -> float | None:
    """Of a drug, g/mol, where it is declared."""
    name = f"{drug}.molar_mass"
    return float(chosen.value(name)) if name in chosen else None
