"""Linear compartments: amounts that flow at constant rates, solved exactly for one person or many at once.

dx/dt = A x + u(t), x in mg, A in 1/h, u the doses. Between two events the amounts are sums of exponentials, so a
whole course costs one eigendecomposition (`ketalit.models.linear`) and one exponential for each time and mode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..linear import MAX_CONDITION, Array, Decomposition, decompose

OUT = "out"
MANY = 16  # times from which on it pays to look whether they are even
TOGETHER = 16  # people at a time
STILL = 1e-12  # a mode so much slower than the fastest does not decay: rounding could have made its rate
EVEN = 1e-14  # by which steps of an even grid may differ, relative to its end
SPLIT = 1e-5  # two equal rates in a row become k(1 ± this): the mean transit time changes by its square

Number = float | Array


@dataclass(frozen=True, slots=True, eq=False)
class Inlet:
    """Where a dose enters: a part (`fraction`) into a compartment, over `duration_h` or as the dose itself runs."""

    compartment: str
    fraction: Number = 1.0
    duration_h: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """Drug entering a compartment: `amount` mg (a number, or one for each person) from `start_h` for `duration_h`."""

    compartment: str
    amount: Number
    start_h: float
    duration_h: float


@dataclass(frozen=True, slots=True, eq=False)
class Compartments:
    """A linear model of amounts.

    Attributes:
        names: of the compartments.
        matrix: (..., n, n) in 1/h; leading dimensions are people.
        analytes: what is read from it.
        rows: (..., analytes, n), which turn amounts (mg) into concentrations (ng/mL).
    """

    names: tuple[str, ...]
    matrix: Array
    analytes: tuple[str, ...]
    rows: Array

    def reading(self, analyte: str) -> Array:
        """The row (..., n) of one analyte."""
        return self.rows[..., self.analytes.index(analyte), :]


def compartments(
    flows: Mapping[tuple[str, str], Number],
    readings: Mapping[str, tuple[str, Number]],
    effect_rate: float | None = None,
) -> Compartments:
    """Compartments from their flows.

    Args:
        flows: rate in 1/h for each (from, to); to "out" leaves the body.
        readings: for each analyte its compartment and the volume (L) that the amount there is spread in.
        effect_rate: ke0 in 1/h; adds the reading "effect site", which follows that of ketamine.

    >>> one = compartments({("central", OUT): 0.5}, {"ketamine": ("central", 100.0)})
    >>> course(one, [Input("central", 10.0, 0.0, 0.0)], [0.0, 2.0])["ketamine"].round(3)
    array([100.   ,  36.788])
    """
    names = tuple(dict.fromkeys(name for pair in flows for name in pair if name != OUT))
    place = {name: number for number, name in enumerate(names)}
    n = len(names) + (effect_rate is not None)
    numbers = [*flows.values(), *(volume for _, volume in readings.values())]
    shape = np.broadcast_shapes(*(one.shape for one in numbers if isinstance(one, np.ndarray)))
    matrix = np.zeros((*shape, n, n))
    for (start, end), rate in flows.items():
        matrix[..., place[start], place[start]] -= rate
        if end != OUT:
            matrix[..., place[end], place[start]] += rate
    analytes = (*readings, *([] if effect_rate is None else ["effect site"]))
    rows = np.zeros((*shape, len(analytes), n))
    for number, (name, volume) in enumerate(readings.values()):
        rows[..., number, place[name]] = 1000 / volume  # mg/L is 1000 ng/mL
    if effect_rate is not None:
        # The effect site holds a concentration, not an amount: it takes nothing from plasma.
        plasma = rows[..., analytes.index("ketamine"), :]
        matrix[..., -1, :] = plasma * effect_rate
        matrix[..., -1, -1] = -effect_rate
        rows[..., -1, -1] = 1
    return Compartments((*names, "effect site")[:n], matrix, analytes, rows)


def chain(
    first: str, second: str, end: str, mean_transit_h: Number, kept: Number = 1.0
) -> dict[tuple[str, str], Number]:
    """The flows of two equal compartments in a row with that mean transit time; a part `kept` reaches `end`.

    Equal rates have no full set of eigenvectors. They are split by a hundred-thousandth, one up and one down, which
    moves the mean transit time by 1e-10 and keeps the exact solution within reach.
    """
    rate = 2 / mean_transit_h
    last = rate * (1 - SPLIT)
    flows: dict[tuple[str, str], Number] = {(first, second): rate * (1 + SPLIT), (second, end): last * kept}
    if np.any(kept != 1):
        flows[second, OUT] = last * (1 - kept)
    return flows


def course(model: Compartments, inputs: Sequence[Input], times_h: npt.ArrayLike) -> dict[str, Array]:
    """Concentrations (..., t) of each analyte, ng/mL, at `times_h` (t,), not decreasing; none before the first input.

    At the moment of an injection the injected amount counts as given.
    """
    when = np.asarray(times_h, float)
    events = _events(model, inputs)
    try:
        values, vectors = np.linalg.eig(model.matrix)
        inverse = np.linalg.inv(vectors)
        speed = np.abs(values)
        condition = np.sqrt(values.shape[-1]) * np.abs(inverse).max()  # eigenvectors have length 1
        good = condition <= MAX_CONDITION and speed.min() > STILL * speed.max()
    except np.linalg.LinAlgError:
        good = False
    if good:
        found = _by_modes(values, model.rows @ vectors, inverse, events, when)
    else:  # someone's matrix has no full set of eigenvectors, or something never leaves
        found = _by_states(decompose(model.matrix), model.rows, events, when)
    np.maximum(found, 0, out=found)  # rounding leaves a trace below zero where nothing has arrived yet
    return {name: found[..., number, :] for number, name in enumerate(model.analytes)}


@dataclass(frozen=True, slots=True, eq=False)
class _Event:
    """What changes at `hour`: an infusion begins (`turn` 1) or ends (-1), amount in mg/h; an injection (0), in mg."""

    hour: float
    place: int
    amount: Array
    turn: int


def _events(model: Compartments, inputs: Sequence[Input]) -> list[_Event]:
    found = []
    for one in inputs:
        place, amount = model.names.index(one.compartment), np.asarray(one.amount, float)[..., None]
        if one.duration_h:
            rate = amount / one.duration_h
            found.append(_Event(one.start_h, place, rate, 1))
            found.append(_Event(one.start_h + one.duration_h, place, -rate, -1))
        else:
            found.append(_Event(one.start_h, place, amount, 0))
    return sorted(found, key=lambda event: event.hour)


def _by_modes(
    values: npt.NDArray[np.inexact],
    weights: npt.NDArray[np.inexact],
    inverse: npt.NDArray[np.inexact],
    events: list[_Event],
    when: Array,
) -> Array:
    """Concentrations (..., analytes, t) as sums of exponentials.

    Under a constant inflow u each mode is m exp(λ t) - r with r = u/λ. An injection adds to m, a change of inflow to m
    and r; `weights` (..., analytes, modes) turn modes into concentrations.
    """
    # People lie side by side in memory, because percentiles over them are what is asked next.
    found = np.moveaxis(
        np.zeros((weights.shape[-2], when.size, *weights.shape[:-2])), -1, 0 if weights.ndim > 2 else -1
    )
    moving, resting, running = np.zeros(values.shape), np.zeros(values.shape), 0
    edges = [*np.searchsorted(when, [event.hour for event in events]).tolist(), when.size]
    for number, event in enumerate(events):
        change = inverse[..., event.place] * event.amount
        if event.turn:
            change = change / values
            running += event.turn
            resting = resting + change if running else 0 * resting  # not what rounding leaves of it
        moving = moving + change
        first, last = edges[number], edges[number + 1]
        if first < last:
            _decay(
                found[..., first:last],
                weights,
                values,
                moving,
                resting if running else None,
                when[first:last] - event.hour,
            )
        if number + 1 < len(events) and (wait := events[number + 1].hour - event.hour):
            moving = moving * np.exp(values * wait)
    return found


def _decay(
    found: Array,
    weights: npt.NDArray[np.inexact],
    values: npt.NDArray[np.inexact],
    moving: npt.NDArray[np.inexact],
    resting: npt.NDArray[np.inexact] | None,
    times: Array,
) -> None:
    """Fill `found` (..., r, t) with Σ weights[..., r, k] (moving[..., k] exp(values[..., k] t) - resting[..., k])."""
    amounts = weights * moving[..., None, :]
    still = None if resting is None else (weights @ resting[..., None]).real
    if found.ndim == 2:
        found[:] = _anywhere(amounts, values, times)
    else:
        steps = np.diff(times)
        even = times.size >= MANY and np.ptp(steps) <= EVEN * times[-1]
        for first in range(0, len(found), TOGETHER):  # in handfuls, so that what is in between stays in the cache
            some = slice(first, first + TOGETHER)
            found[some] = (_on_even_grid if even else _anywhere)(amounts[some], values[some], times)
    if still is not None:
        found -= still


def _anywhere(amounts: npt.NDArray[np.inexact], values: npt.NDArray[np.inexact], times: Array) -> Array:
    found: Array = (amounts @ np.exp(values[..., None] * times)).real
    return found


def _on_even_grid(amounts: npt.NDArray[np.inexact], values: npt.NDArray[np.inexact], times: Array) -> Array:
    """exp(λ (a + b)) = exp(λ a) exp(λ b) makes of n exponentials two times √n, and a product of matrices."""
    people, readings, modes = amounts.shape
    block = int(np.ceil(np.sqrt(times.size)))
    coarse = np.exp(values[:, None, :] * times[::block, None])
    fine = np.exp(values[:, :, None] * (times[:block] - times[0]))
    found = (amounts[:, :, None, :] * coarse[:, None, :, :]).reshape(people, -1, modes) @ fine
    flat: Array = found.real.reshape(people, readings, -1)
    return flat[..., : times.size]


def _by_states(solved: Decomposition, rows: Array, events: list[_Event], when: Array) -> Array:
    """Concentrations (..., analytes, t) from the states, by the matrix exponential for whom it must be."""
    batch, n = solved.matrix.shape[:-2], solved.matrix.shape[-1]
    state, inflow = np.zeros((*batch, n)), np.zeros((*batch, n))
    found = np.zeros((*batch, rows.shape[-2], when.size))
    edges = [*np.searchsorted(when, [event.hour for event in events]).tolist(), when.size]
    for number, event in enumerate(events):
        changed = inflow if event.turn else state
        changed[..., event.place] += event.amount[..., 0]
        first, last = edges[number], edges[number + 1]
        until = [events[number + 1].hour] if number + 1 < len(events) else []
        states = solved.at(state, np.concatenate([when[first:last], until]) - event.hour, inflow)
        found[..., first:last] = rows @ np.swapaxes(states[..., : last - first, :], -1, -2)
        if until:
            state = states[..., -1, :].copy()
    return found
