"""Rate schemes: states with arrows between them, as matrices whose columns sum to zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from .solve import ROUNDING, Array


def generator(edges: Iterable[tuple[int, int, npt.ArrayLike]], n: int) -> Array:
    """The matrix of a rate scheme from its arrows (from, to, rate); its columns sum to zero.

    Args:
        edges: arrows between states 0 … n-1; rates that are arrays make a batch. Several arrows between two states add.
        n: number of states.

    Returns:
        Array (..., n, n), in the unit of the rates.

    Raises:
        InputError: a rate below zero or not finite, or a state that does not exist.

    Source: the law of mass action for single molecules, as in Colquhoun and Hawkes, The interpretation of single
    channel recordings.

    >>> generator([(0, 1, 2.0), (1, 0, [1.0, 5.0])], 2).shape
    (2, 2, 2)
    """
    arrows = list(edges)
    first, last = (np.array([arrow[end] for arrow in arrows], int) for end in (0, 1))
    given = [np.asarray(rate, float) for *_, rate in arrows]
    shape = np.broadcast_shapes(*{rate.shape for rate in given})
    rates = np.array([np.broadcast_to(rate, shape) for rate in given] if shape else given).reshape(-1, *shape)
    strange = (first == last) | (np.minimum(first, last) < 0) | (np.maximum(first, last) >= n)
    for number in np.flatnonzero(strange):
        what = f"an arrow from state {first[number]} to state {last[number]}"
        raise InputError(what, expected=f"two states of 0 to {n - 1}")
    wrong = ~((rates >= 0) & np.isfinite(rates)).reshape(len(arrows), -1).all(axis=1)
    for number in np.flatnonzero(wrong):
        raise InputError(f"the rate from state {first[number]} to state {last[number]} is below zero or not finite")
    matrix = np.zeros((n, n, *shape))
    np.add.at(matrix, (last, first), rates)
    np.subtract.at(matrix, (first, first), rates)
    return np.ascontiguousarray(np.moveaxis(matrix, (0, 1), (-2, -1)))


def steady_state(matrix: npt.ArrayLike) -> Array:
    """The probabilities (..., n) at which a rate scheme comes to rest: A p = 0, Σ p = 1.

    Args:
        matrix: A (..., n, n), columns that sum to zero.

    Returns:
        Array (..., n).

    Raises:
        InputError: the scheme falls into parts, so that where it rests depends on where it began.

    Source: the linear system itself, one of its rows replaced by the sum.

    >>> steady_state(generator([(0, 1, 1.0)], 3))
    Traceback (most recent call last):
    ketalit.errors.InputError: the scheme has no single steady state. Expected: states that all lead to one of them.
    """
    rates = np.asarray(matrix, float)
    if not _reached(rates).all(axis=-1).any(axis=-1).all():
        raise InputError("the scheme has no single steady state", expected="states that all lead to one of them")
    largest = np.abs(rates).max(axis=(-2, -1), keepdims=True)
    system = rates / largest
    system[..., -1, :] = 1
    right = np.zeros((*rates.shape[:-1], 1))
    right[..., -1, 0] = 1
    return probabilities(np.linalg.solve(system, right)[..., 0])


def time_constants(matrix: npt.ArrayLike) -> Array:
    """The time constants of a scheme, -1/Re λ, shortest first.

    Args:
        matrix: A (..., n, n), in 1/time.

    Returns:
        Array (..., n-1) for a rate scheme, whose zero eigenvalue belongs to its steady state; (..., n) for compartments
        that leak. A mode that never decays has an infinite one.

    Source: eigenvalues.

    >>> time_constants([[-2, 1], [2, -1]])
    array([0.33333333])
    """
    square = np.asarray(matrix, float)
    decay = np.sort(-np.linalg.eigvals(square).real, axis=-1)
    if (np.abs(square.sum(axis=-2)) <= ROUNDING * np.abs(square).max(axis=(-2, -1))[..., None]).all():
        decay = decay[..., 1:]
    # A rate that rounding could have made is none.
    floor = np.finfo(float).eps * np.abs(square).max(axis=(-2, -1))[..., None]
    with np.errstate(divide="ignore"):
        return np.sort(np.where(decay > floor, 1 / np.where(decay > floor, decay, 0.0), np.inf), axis=-1)


def cycle_affinity(matrix: npt.ArrayLike, cycle: Sequence[int]) -> float:
    """ln of the product of rates once round a cycle of states over that of the way back; 0 at detailed balance.

    Args:
        matrix: A (n, n).
        cycle: places of states, in order; the last leads back to the first.

    Returns:
        A number; infinite where only one way round can be gone.

    Source: Kolmogorov's criterion.

    >>> edges = [(0, 1, 2.0), (1, 2, 1.0), (2, 0, 1.0), (1, 0, 1.0), (2, 1, 1.0), (0, 2, 1.0)]
    >>> round(cycle_affinity(generator(edges, 3), [0, 1, 2]), 6)
    0.693147
    """
    rates = np.asarray(matrix, float)
    pairs = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    onward = np.array([rates[to, start] for start, to in pairs])
    back = np.array([rates[start, to] for start, to in pairs])
    if not ((onward > 0) & (back > 0)).all():
        return float("inf") if (onward > 0).all() or (back > 0).all() else 0.0
    return float(np.log(onward).sum() - np.log(back).sum())


def detailed_balance(matrix: npt.ArrayLike) -> float:
    """The largest |ln| of the imbalance round any of a scheme's independent cycles (Kolmogorov's criterion).

    0 (within rounding) means that at rest every step is balanced by its reverse, as thermodynamics asks of a scheme
    that nothing drives. An arrow round a cycle that cannot be gone back makes it infinite; one that only leads away,
    as when a drug has been washed off, does not count. Batches give the largest of all.

    Args:
        matrix: A (..., n, n).

    Returns:
        A number, zero or more.

    >>> detailed_balance(generator([(0, 1, 2.0), (1, 2, 2.0), (2, 0, 1.0), (1, 0, 1.0), (2, 1, 1.0), (0, 2, 4.0)], 3))
    0.0
    """
    rates = np.asarray(matrix, float)
    return max(_imbalance(one) for one in rates.reshape(-1, *rates.shape[-2:]))


def probabilities(states: Array) -> Array:
    """The same `states`, after a look that each lies in [0, 1] and they sum to 1; rounding is clipped.

    Args:
        states: (..., n).

    Returns:
        Array (..., n).

    Raises:
        InputError: they are no probabilities, beyond rounding.

    >>> import numpy as np
    >>> probabilities(np.array([0.5, 0.5 + 1e-12, -1e-12]))
    array([0.5, 0.5, 0. ])
    """
    low, high = float(states.min(initial=0.0)), float(states.max(initial=0.0))
    total = float(np.abs(states.sum(axis=-1) - 1).max(initial=0.0))
    if not (low >= -ROUNDING and high <= 1 + ROUNDING and total <= ROUNDING):
        found = f"they reach from {low:.3g} to {high:.3g} and miss the sum 1 by {total:.1g}"
        raise InputError(f"states are no probabilities: {found}", expected="a start that sums to 1 and a closed scheme")
    return np.clip(states, 0.0, 1.0)


def _reached(rates: Array) -> npt.NDArray[np.bool_]:
    """Whether a state (last but one dimension) can be reached from another (last)."""
    n = rates.shape[-1]
    reached = (rates != 0) | np.eye(n, dtype=bool)
    for _ in range(max(1, (n - 1).bit_length())):  # paths of up to 2, 4, 8 … arrows
        reached = reached @ reached
    return np.asarray(reached)


def _imbalance(rates: Array) -> float:
    """The largest |ln| imbalance of one scheme: potentials along a tree of arrows, then every arrow beside the tree."""
    n = rates.shape[-1]
    reached = _reached(rates)
    linked = (rates != 0) & ~np.eye(n, dtype=bool) & reached & reached.T  # arrows on a way there and back
    if (linked != linked.T).any():
        return float("inf")
    potential = np.full(n, np.nan)
    for root in range(n):
        if not np.isnan(potential[root]):
            continue
        potential[root], walk = 0.0, [root]
        for state in walk:  # grows while it is walked
            for other in np.flatnonzero(linked[:, state] & np.isnan(potential)):
                potential[other] = potential[state] + np.log(rates[other, state] / rates[state, other])
                walk.append(int(other))
    to, start = np.nonzero(linked)
    if not to.size:
        return 0.0
    missed = potential[start] + np.log(rates[to, start] / rates[start, to]) - potential[to]
    return float(np.abs(missed).max())
