"""Magnesium in the pore: how much of the open channels it blocks, by voltage and concentration.

>>> round(float(unblocked(-60, 1)), 4)  # at rest, in 1 mM: one open channel in thirteen lets current through
0.0796
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..edge import together
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .edge import magnesium_mm, voltage_mv


def half_block(voltage: npt.ArrayLike, *, parameters: Overrides | Parameters | None = None) -> Array:
    """The magnesium that blocks half of the open channels: K0 exp(γ V) (Jahr and Stevens 1990).

    Args:
        voltage: membrane potential, mV (or text with a unit).
        parameters: numbers in place of the declared ones.

    Returns:
        mM, in the shape of `voltage`.

    Raises:
        InputError: a voltage beyond ±500 mV, or something that is no voltage.

    >>> from ketalit.models.receptor import magnesium_half_block
    >>> round(1000 * float(magnesium_half_block(-60)), 1)  # µM
    86.5
    """
    chosen = parameters_of(parameters)
    steepness = chosen.value("magnesium.slope") * voltage_mv(voltage)
    return np.asarray(chosen.value("magnesium.half_block") * np.exp(steepness))


def unblocked(
    voltage: npt.ArrayLike, magnesium: npt.ArrayLike, *, parameters: Overrides | Parameters | None = None
) -> Array:
    """The share of open channels free of magnesium: f = 1 / (1 + [Mg] / (K0 exp(γ V))).

    At equilibrium, which for magnesium is reached within a millisecond. Jahr and Stevens 1990.

    Args:
        voltage: membrane potential, mV (or text with a unit).
        magnesium: concentration outside, mM (or text with a unit).
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1, in the common shape of the arguments.

    Raises:
        InputError: a voltage beyond ±500 mV, magnesium below zero, or shapes that do not fit together.

    >>> unblocked([-60, -30, 0, 40], 1).round(3)
    array([0.08 , 0.357, 0.781, 0.977])
    """
    volts, outside = voltage_mv(voltage), magnesium_mm(magnesium)
    together(voltage=volts, magnesium=outside)
    return np.asarray(1 / (1 + outside / half_block(volts, parameters=parameters)))
