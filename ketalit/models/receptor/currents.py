"""What an electrode sees: current against voltage, and what is left of it against the dose.

>>> dose_response([0.1, 1, 10], receptor="GluN2A", voltage=-66, magnesium=[[0], [1]]).round(2)
array([[0.77, 0.25, 0.03],
       [0.98, 0.84, 0.35]])
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..edge import together, yes
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .edge import voltage_mv
from .gating import DEFAULT, open_probability
from .pore import HUMAN, free_of_magnesium, steady_block
from .second_site import site_effect


def current_voltage(
    voltage: npt.ArrayLike,
    *,
    magnesium: npt.ArrayLike,
    concentration: npt.ArrayLike = 0.0,
    glutamate: npt.ArrayLike | None = None,
    drug: str = "ketamine",
    receptor: str = HUMAN,
    gate: str = DEFAULT,
    constrained_by: str = "half block",
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """Steady current for each nS that all channels together could conduct: I = P f (1 - block) (V - E), in pA.

    Args:
        voltage: mV.
        magnesium: mM.
        concentration: free drug, µM.
        glutamate: µM; saturating where none is given.
        drug, receptor, constrained_by: as for `pore.blocker`.
        gate: a five-state gating.
        parameters: numbers in place of the declared ones, also of the reversal potential E (`membrane.reversal`).

    Returns:
        pA per nS in the common shape of the arguments; inward current is negative.

    Raises:
        InputError: a voltage beyond ±500 mV, a concentration below zero, shapes that do not fit together, or an
            unknown drug, receptor or gating.

    Source: Ohm's law for the channels that are open and free; f of Jahr and Stevens 1990, block as in `steady_block`.

    >>> current_voltage([-80, -30, 5, 40], magnesium=1).round(2)
    array([-0.46, -2.75,  0.  ,  7.51])
    """
    chosen = parameters_of(parameters)
    agonist = chosen.value("recording.glutamate") if glutamate is None else glutamate
    opened = open_probability(agonist, gate, parameters=chosen)
    free = free_of_magnesium(receptor, voltage, magnesium, parameters=chosen)
    left = dose_response(
        concentration,
        drug=drug,
        receptor=receptor,
        voltage=voltage,
        magnesium=magnesium,
        constrained_by=constrained_by,
        parameters=chosen,
    )
    together(glutamate=opened, conditions=left)
    return np.asarray(opened * free * left * (voltage_mv(voltage) - chosen.value("membrane.reversal")))


def dose_response(
    concentration: npt.ArrayLike,
    *,
    voltage: npt.ArrayLike,
    magnesium: npt.ArrayLike,
    drug: str = "ketamine",
    receptor: str = HUMAN,
    second_site: bool = False,
    constrained_by: str = "half block",
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """The share of the current that a drug leaves when block has settled: 1 - [B] / ([B] + K(V) / f).

    Args:
        concentration: free drug, µM.
        voltage: mV.
        magnesium: mM.
        drug, receptor, constrained_by: as for `pore.blocker`.
        second_site: opening is made rarer too (`second_site.site_effect`; for channels that are seldom open).
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1 in the common shape of the arguments.

    Raises:
        InputError: as for `steady_block`, and a `second_site` that is neither True nor False.

    Source: the rest that `steady_block` leaves; one site a channel, so a Hill slope of 1 (Gilling 2009 measured 0.84).

    >>> float(dose_response(0.71, voltage=-70, magnesium=0))
    0.5
    """
    beside = yes(second_site, "second_site")
    left = 1 - steady_block(
        concentration,
        drug,
        receptor,
        voltage=voltage,
        magnesium=magnesium,
        constrained_by=constrained_by,
        parameters=parameters,
    )
    return np.asarray(left * site_effect(concentration, parameters=parameters) if beside else left)
