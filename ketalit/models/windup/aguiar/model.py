"""The two neurones, their synapses and the stimuli, and one run of them.

The published step of 0.0125 ms is not fine enough: with 0.05, 0.025 and 0.0125 ms the same train gives 10, 17 and 10
spikes at its end, because one spike more or less of the interneurone changes the train. The variable-step solver
settles: tolerances of 1e-5, 1e-6 and 1e-7 give the same spikes. It is the default here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...parameters import Overrides, Parameters, parameters_of
from .cells import Network
from .compiled import load

SITES = ("everywhere", "wdr")


@dataclass(frozen=True, slots=True)
class Run:
    """What one train of stimuli evoked: action potentials of the C-phase per stimulus, and of the interneurone."""

    spikes: tuple[int, ...]
    interneurone: tuple[int, ...]


def run(
    fraction: float = 1,
    *,
    site: str = "everywhere",
    frequency: float | None = None,
    stimuli: int | None = None,
    noise: bool = False,
    step: float | None = None,
    parameters: Overrides | Parameters | None = None,
) -> Run:
    """Stimulate the C and A-delta fibres `stimuli` times and count the action potentials of the WDR neurone.

    Args:
        fraction: NMDA conductance that is left, 0 to 1.
        site: "everywhere", or "wdr": only the synapses onto the WDR neurone are blocked.
        frequency: stimuli per second (Hz); declared: 1.
        stimuli: how many; declared: 15.
        noise: random background input to the soma.
        step: fixed time step in ms; without it the solver chooses its steps.
        parameters: numbers in place of declared ones, e.g. {"aguiar.wdr.cation": 0} to remove the CAN current.

    Raises:
        InputError: NEURON or a C compiler is missing.
    """
    h = load()
    chosen = parameters_of(parameters)
    number = int(stimuli or chosen.value("windup.stimuli"))
    interval = 1000 / (frequency or chosen.value("windup.frequency"))
    begin = chosen.value("aguiar.first_stimulus")
    times = [begin + interval * one for one in range(number)]
    h.celsius = chosen.value("aguiar.temperature")

    model = Network(h, chosen, fraction if site == SITES[0] else 1, fraction, noise)
    handler = h.FInitializeHandler(lambda: model.send(times))
    solver = h.CVode()
    solver.active(step is None)
    if step is None:
        solver.atol(chosen.value("aguiar.tolerance"))
    else:
        h.dt = step
    try:
        h.finitialize(chosen.value("aguiar.rest"))
        while h.t < times[-1] + interval:
            h.fadvance()
    finally:
        solver.active(False)
        del handler
    late = chosen.value("aguiar.window")
    return Run(_counts(model.fired, times, late, interval), _counts(model.relayed, times, 0, interval))


def _counts(spikes: Any, times: Iterable[float], after: float, until: float) -> tuple[int, ...]:
    when = np.array(spikes)
    return tuple(int(((when > time + after) & (when <= time + until)).sum()) for time in times)
