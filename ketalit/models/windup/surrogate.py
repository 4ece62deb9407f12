"""Wind-up in microseconds: a map from one stimulus to the next, fitted to runs of the dorsal-horn model.

Ours, not published. One memory M stands for everything that outlasts a stimulus:

    N(k)   = first (s - c) / (1 - c) + gain s M(k)      action potentials of the C-phase,
                                                        at least 0, at most ceiling (T - window)
    M(k+1) = (M(k) + N(k)) exp(-T / decay)              M(1) = 0

s is the fraction of NMDA conductance left, T the time between stimuli, c the fraction at which the first response is
gone (one value for block everywhere, one for block of the wide-dynamic-range neurone alone). The ceiling is firing
without a pause until the next stimulus. Fitted to the reference curves, 0.1 to 2 Hz (`fit.py`); `errors()` and
`left_out()` say how well: within 2 spikes per stimulus where it was fitted; 6 when 1.5 Hz was not seen, 18 when 2 Hz
was not. So it is a shape for the range it was fitted to, and no prediction beyond. Block may also begin within a train:
s is then 1 until it does, and M stays what it is. Neither the fit nor a run of the model covers that.

The model it stands for is more sensitive to NMDA block than people are: when receptors are blocked everywhere, the
interneurone falls silent, and the first response goes with the wind-up. In animals and people the first response stays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import FREQUENCY, SHARE, count, one_of, together
from ..parameters import Overrides, Parameters, parameters_of

Array = npt.NDArray[np.float64]
SITES = ("everywhere", "wdr")


def wind_up(
    fraction: npt.ArrayLike = 1,
    *,
    site: str = "everywhere",
    frequency: npt.ArrayLike | None = None,
    stimuli: int | None = None,
    from_stimulus: int = 1,
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """Action potentials that each stimulus of a train evokes in the wide-dynamic-range neurone.

    Args:
        fraction: NMDA conductance that is left, 0 to 1, of any shape; 1 minus the block of the receptor.
        site: where the receptors are blocked: "everywhere", or "wdr", the synapses onto the wide-dynamic-range neurone.
        frequency: stimuli per second (Hz), of a shape that broadcasts with `fraction`; declared: 1. Fitted from 0.1 to
            2; above 5 the response to a stimulus comes after the next stimulus, and none is given.
        stimuli: how many; declared: 15.
        from_stimulus: the first that finds the receptors blocked, counted from 1; after the last of the train, none
            does. Above 1 the map is stretched beyond its fit.
        parameters: numbers in place of declared ones.

    Returns:
        Spikes, (..., stimuli); a mean, so not whole numbers.

    Raises:
        InputError: a fraction outside 0 to 1, a frequency outside 0 to 5 Hz, no stimulus, another
            site, or `from_stimulus` below 1.

    Source: the map is ours, see the module; fitted to runs of the model of Aguiar, Sousa and Lima 2010 (J Neurophysiol
    104:1155-66), and off by up to 1.9 spikes a stimulus there (`errors`). Block was fitted at 1 Hz alone.

    >>> wind_up().round(1)[[0, 4, 9, 14]]
    array([ 3.4,  7.6, 11.9, 15.3])
    >>> wind_up([1, 0.9, 0.5])[:, -1].round(1)
    array([15.3,  8.4,  0. ])
    >>> wind_up(0.8, from_stimulus=10).round(1)[[0, 8, 9, 14]]
    array([ 3.4, 11.1,  8. ,  6.4])
    """
    chosen = parameters_of(parameters)
    value = chosen.value
    left = SHARE.many(fraction, "fraction of NMDA conductance left")
    rate = FREQUENCY.many(value("windup.frequency") if frequency is None else frequency, "frequency")
    number = count(value("windup.stimuli") if stimuli is None else stimuli, "stimuli")
    fastest = 1000 / value("aguiar.interneurone.delay")[0]
    if (rate > fastest).any():
        what = f"{float(rate.max()):g} Hz is too fast for the model"
        raise InputError(what, where="frequency", expected=f"above 0 to {fastest:g} Hz")
    begin = count(from_stimulus, "from_stimulus")
    one_of(site, SITES, "site")
    together(fraction=left, frequency=rate)
    names = ("first", "gain", "decay", "ceiling", f"threshold_{site}")
    numbers = [value(f"windup.surrogate.{name}") for name in names]
    return surrogate_map(left, 1000 / rate, number, numbers, value("aguiar.window"), begin)


def surrogate_map(fraction: Any, interval: Any, stimuli: int, numbers: Any, window: float, begin: int = 1) -> Array:
    """The map itself, unchecked.

    Args:
        fraction: NMDA conductance left.
        interval: time between stimuli, ms.
        stimuli: how many.
        numbers: first (spikes), gain, decay (ms), ceiling (Hz), threshold.
        window: start of the C-phase after a stimulus, ms.
        begin: the first stimulus that finds the receptors blocked.

    Returns:
        Spikes (..., stimuli).

    Source: ours, see the module.
    """
    first, gain, decay, ceiling, threshold = numbers
    kept = np.exp(-interval / decay)
    # Before the block and with it: the response without memory, and what the memory adds.
    phases = [(first * (left - threshold) / (1 - threshold), gain * left) for left in (1.0, fraction)]
    most = ceiling * (interval - window) / 1000
    trace = np.zeros(np.broadcast_shapes(np.shape(fraction), np.shape(interval)))
    spikes = np.empty((*trace.shape, stimuli))
    for one in range(stimuli):
        direct, strength = phases[one + 1 >= begin]
        spikes[..., one] = np.minimum(most, np.maximum(0, direct + strength * trace))
        trace = (trace + spikes[..., one]) * kept
    return spikes
