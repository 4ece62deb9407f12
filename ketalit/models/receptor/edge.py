"""Where concentrations and voltages come in: text with a unit, numbers or arrays become plain arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..linear import Array
from ..parameters import Parameters
from ..quantity import magnitude


def voltage_mv(given: npt.ArrayLike) -> Array:
    """A membrane potential in mV.

    >>> float(voltage_mv("-0.06 V"))
    -60.0
    """
    return _array(given, "mV", "voltage")


def magnesium_mm(given: npt.ArrayLike) -> Array:
    """A concentration of magnesium in mM."""
    return _not_negative(_array(given, "mM", "magnesium"), "magnesium")


def agonist_um(given: npt.ArrayLike, what: str = "glutamate") -> Array:
    """A concentration of an agonist in µM; infinite where it saturates."""
    return _not_negative(_array(given, "µM", what), what)


def drug_um(given: npt.ArrayLike, drug: str, chosen: Parameters) -> Array:
    """A free concentration of a drug in µM; text may also give a mass, such as "100 ng/mL".

    >>> from ketalit.models.parameters import parameters_of
    >>> round(float(drug_um("237.73 ng/mL", "ketamine", parameters_of())), 6)
    1.0
    """
    name = f"{drug}.molar_mass"
    mass = chosen.value(name) if name in chosen else None
    return _not_negative(_array(given, "µM", "concentration", mass), "concentration")


def _array(given: npt.ArrayLike, unit: str, what: str, molar_mass: float | None = None) -> Array:
    if isinstance(given, str):
        return np.asarray(magnitude(given, unit, where=what, molar_mass=molar_mass))
    try:
        numbers = np.asarray(given, float)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{given!r} is given", where=what, expected=f"numbers in {unit}, or text with a unit"
        ) from error
    if np.isnan(numbers).any():
        raise InputError("something is not a number", where=what, expected=f"numbers in {unit}")
    return numbers


def _not_negative(numbers: Array, what: str) -> Array:
    if (numbers < 0).any():
        raise InputError(f"{numbers.min():g} is below zero", where=what, expected="zero or more")
    return numbers
