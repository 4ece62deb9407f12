"""Experiments on the receptor: steps of agonist, drug and voltage; trains of pulses; washout.

>>> train = pulse_train(1.0, 100, concentration=0.5, voltage=-60, magnesium=1)
>>> train.blocked[[0, 10, 99]].round(3), round(train.settled, 3)  # creeps up to where it settles
(array([0.   , 0.018, 0.039]), 0.039)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from .. import linear
from ..edge import CONCENTRATION, FREQUENCY, MAGNESIUM, SECONDS, SHARE, VOLTAGE, count, listed, rising
from ..linear import Array, Segment
from ..parameters import Overrides, Parameters, parameters_of
from .block import Scheme, scheme
from .edge import molar_mass
from .gating import DEFAULT
from .pore import HUMAN

MOST_PULSES = 1_000_000
LONG = 1000  # pulses from which on rounding would show
_STEPS = "steps (start in s, scheme), in order"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What a receptor does over time.

    Attributes:
        times: (t,), s.
        states: probabilities (..., t, n).
        conductance: share of all channels that let current through, (..., t).
        blocked: share of all channels with the blocker in the pore, (..., t).
    """

    times: Array
    states: Array
    conductance: Array
    blocked: Array


@dataclass(frozen=True, slots=True, eq=False)
class Train:
    """Block under regular pulses of agonist.

    Attributes:
        frequency: of the pulses, Hz.
        times: of the pulses, (k,), s.
        blocked: share of channels blocked just before each pulse, (k,).
        settled: what that comes to in the end.
        time_constant: how fast it does, s; infinite where nothing changes.
    """

    frequency: float
    times: Array
    blocked: Array
    settled: float
    time_constant: float


def course(steps: Sequence[tuple[float, Scheme]], times: npt.ArrayLike, start: npt.ArrayLike | None = None) -> Course:
    """What a receptor does through steps of its conditions.

    Args:
        steps: (start in s, scheme under the conditions that then hold), in order, all of the same states.
        times: s, not before the first step.
        start: probabilities of the states; without it all channels rest without agonist and blocker.

    Returns:
        Times, states (..., t, n), conductance and block (..., t).

    Raises:
        InputError: schemes of different states, or times out of order.

    Source: exact solution of dp/dt = A p between the steps (`linear.trajectory`).

    >>> quiet = scheme(glutamate=0, voltage=-70, magnesium=0)
    >>> pulse = scheme(glutamate=1000, voltage=-70, magnesium=0)
    >>> course([(0, quiet), (0.01, pulse), (0.011, quiet)], [0.005, 0.02]).conductance.round(2)
    array([0.  , 0.23])
    """
    held = listed(steps, "steps", _STEPS)
    if not all(isinstance(step, Sequence) and len(step) == 2 and isinstance(step[1], Scheme) for step in held):
        raise InputError("something is no step", where="steps", expected=_STEPS)
    schemes = [one for _, one in held]
    if len({one.states for one in schemes}) != 1:
        raise InputError("steps do not belong together", expected="at least one scheme, and all of the same states")
    when, begins = rising(SECONDS, times), [SECONDS.one(at, "start of a step") for at, _ in held]
    first = schemes[0]
    begin = first.rest() if start is None else _start(start, first)
    segments = [Segment(at, one.matrix) for at, one in zip(begins, schemes, strict=True)]
    states = linear.probabilities(linear.trajectory(segments, begin, when))
    holding = np.searchsorted(begins, when, side="right") - 1
    free = [np.broadcast_to(one.conducting, states.shape[:-2]) for one in schemes]
    conducting = np.moveaxis(np.stack(free), 0, -1)[..., holding]
    return Course(when, states, np.asarray(states[..., first.open] * conducting), first.blocked(states))


def pulse_train(
    frequency: Any,
    pulses: int,
    *,
    concentration: Any,
    voltage: Any,
    magnesium: Any,
    drug: str = "ketamine",
    receptor: str = HUMAN,
    gate: str = DEFAULT,
    leak: bool = False,
    second_site: bool = False,
    constrained_by: str = "half block",
    start: npt.ArrayLike | None = None,
    parameters: Overrides | Parameters | None = None,
) -> Train:
    """Block under pulses of glutamate (1 mM for 1 ms) that come at regular intervals.

    One period takes the states x to M x, M = exp(A_off (T - d)) exp(A_on d); so pulse k finds Mᵏ x, the end is the
    fixed point of M, and its slowest eigenvalue λ gives the time constant -T / ln λ. Nothing is stepped through.

    Args:
        frequency: Hz.
        pulses: how many.
        concentration: free drug, µM; 0 for recovery from `start`.
        voltage: mV.
        magnesium: mM.
        drug, receptor, gate, leak, second_site, constrained_by: as for `block.scheme`.
        start: probabilities of the states before the first pulse; without it channels rest without the blocker.
        parameters: numbers in place of the declared ones, also of the pulse (`pulse.glutamate`, `pulse.duration`).

    Returns:
        Block before each pulse (k,), where it settles, and the time constant in s.

    Raises:
        InputError: pulses that overlap, or none.

    Source: worked out here from the scheme; pulses as a synapse might give them (`pulse.glutamate`, `pulse.duration`).

    >>> slow, fast = (pulse_train(f, 2, concentration=0.5, voltage=-60, magnesium=1) for f in (0.1, 50))
    >>> round(slow.settled, 4) == round(fast.settled, 4), slow.time_constant > 40 * fast.time_constant
    (True, True)
    """
    chosen = parameters_of(parameters)
    duration = chosen.value("pulse.duration")
    hertz, number = FREQUENCY.one(frequency), count(pulses, "pulses", most=MOST_PULSES)
    if not 0 < hertz * duration < 1:
        expected = f"pulses that do not overlap, at less than {1 / duration:g} Hz"
        raise InputError(f"pulses of {duration:g} s at {hertz:g} Hz", where="frequency", expected=expected)
    volts, millimolar = VOLTAGE.one(voltage), MAGNESIUM.one(magnesium)
    micromolar = CONCENTRATION.one(concentration, molar_mass=molar_mass(drug, chosen))
    off, on = (
        scheme(
            glutamate=glutamate,
            voltage=volts,
            magnesium=millimolar,
            concentration=micromolar,
            drug=drug,
            receptor=receptor,
            gate=gate,
            leak=leak,
            second_site=second_site,
            constrained_by=constrained_by,
            parameters=chosen,
        )
        for glutamate in (0.0, chosen.value("pulse.glutamate"))
    )
    pause = 1 / hertz - duration
    period = linear.propagator(off.matrix, pause) @ linear.propagator(on.matrix, duration)
    begin = off.rest() if start is None else _start(start, off, one=True)
    states = _powers(period, begin, number)
    change = period - np.eye(
        len(off.states)
    )  # a generator per period: columns sum to zero, its rest is the fixed point
    factors = np.sort(np.abs(np.linalg.eigvals(period)))
    slowest = float(factors[-2])
    settles = 0 < slowest < 1 - linear.ROUNDING**2
    return Train(
        hertz,
        np.arange(number) / hertz,
        off.blocked(states),
        float(off.blocked(linear.steady_state(change))),
        -1 / hertz / float(np.log(slowest)) if settles else np.inf,
    )


def washout(
    times: npt.ArrayLike,
    *,
    concentration: npt.ArrayLike,
    voltage: npt.ArrayLike,
    magnesium: npt.ArrayLike,
    glutamate: npt.ArrayLike = 0.0,
    drug: str = "ketamine",
    receptor: str = HUMAN,
    gate: str = DEFAULT,
    leak: bool = False,
    parameters: Overrides | Parameters | None = None,
) -> Course:
    """Block and its end: agonist and drug together, then no drug, and agonist or none.

    Both are given for as long as in Mealing 1999 (`trapping.coapplication`); time 0 is the start of the washout.

    Args:
        times: after the start of the washout, s.
        concentration: free drug before it, µM.
        voltage: mV.
        magnesium: mM.
        glutamate: µM during the washout; 0 leaves the drug trapped, plenty of it lets the drug out. An array makes a
            batch.
        drug, receptor, gate, leak, parameters: as for `block.scheme`.

    Returns:
        Times, states (..., t, n), conductance and block (..., t), in the common shape of the other arguments.

    Raises:
        InputError: as for `scheme`; times below zero or out of order.

    Source of the protocol: Mealing 1999.

    >>> after = washout([0, 120], concentration=10, voltage=-70, magnesium=0, glutamate=[0, 1000], leak=True)
    >>> (after.blocked[:, 1] / after.blocked[:, 0]).round(2)  # kept without agonist, and with
    array([0.86, 0.  ])
    """
    chosen = parameters_of(parameters)
    before, after = (
        scheme(
            glutamate=agonist,
            voltage=voltage,
            magnesium=magnesium,
            concentration=drugged,
            drug=drug,
            receptor=receptor,
            gate=gate,
            leak=leak,
            parameters=chosen,
        )
        for agonist, drugged in ((chosen.value("recording.glutamate"), concentration), (glutamate, 0.0))
    )
    given = chosen.value("trapping.coapplication")
    begin = linear.propagate(before.matrix, before.rest(), [given])[0]
    return course([(0.0, after)], times, begin)


def _powers(matrix: Array, start: Array, count: int) -> Array:
    """start, M start, M² start … (count, n), each doubling of their number at the price of one product."""
    states, power = start[None, :], matrix
    while len(states) < count:
        states = np.concatenate([states, states @ power.T])
        power = power @ power
        if count > LONG:
            power /= np.add.reduce(power)  # probability is kept; what rounding takes from it would double each time
    return linear.probabilities(states[:count])


def _start(given: npt.ArrayLike, scheme: Scheme, one: bool = False) -> Array:
    """Probabilities of the states of a scheme to begin with."""
    begin, n = SHARE.many(given, "start"), len(scheme.states)
    if not begin.ndim or begin.shape[-1] != n or (one and begin.ndim > 1):
        what = f"numbers of shape {begin.shape}"
        raise InputError(what, where="start", expected=f"{n} probabilities, one for each state")
    return begin
