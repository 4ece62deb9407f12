"""The course of a linear system: a sum of exponentials, all times at once, nothing stepped.

Matrices without a good set of eigenvectors (chains of equal rates) go to the matrix exponential instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError

Array = npt.NDArray[np.float64]

MAX_CONDITION = 1e8  # of the eigenvectors; beyond it digits are lost, and silently
MAX_RESIDUAL = 1e-10  # of A v = λ v, relative to the largest rate
ROUNDING = 1e-9  # by which a probability may leave [0, 1] through rounding alone


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A matrix (..., n, n) as V diag(λ) V⁻¹.

    `defective` marks the members of the batch for which that is no use; their λ and V are placeholders.
    """

    matrix: Array
    values: npt.NDArray[np.inexact]
    vectors: npt.NDArray[np.inexact]
    inverse: npt.NDArray[np.inexact]
    defective: npt.NDArray[np.bool_]

    def at(self, start: npt.ArrayLike, times: npt.ArrayLike, source: npt.ArrayLike | None = None) -> Array:
        """The state (..., t, n) at `times` after `start` (..., n), with the constant inflow `source` (..., n)."""
        begin, when = np.asarray(start, float), np.asarray(times, float)
        rates = self.values[..., None, :]
        with np.errstate(over="ignore", invalid="ignore"):  # told below
            exponents = rates * when[:, None]
            course = np.exp(exponents) * _times(self.inverse, begin)[..., None, :]
            if source is not None:
                # (exp(λ t) - 1) / λ, which is t where λ = 0: what a constant inflow has left by then
                filled = np.where(rates == 0, when[:, None], np.expm1(exponents) / np.where(rates == 0, 1, rates))
                course = course + filled * _times(self.inverse, np.asarray(source, float))[..., None, :]
            states: Array = np.ascontiguousarray((course @ np.swapaxes(self.vectors, -1, -2)).real)
        if self.defective.any():
            states = self._with_exponentials(states, begin, when, source)
        if not np.isfinite(states).all():
            raise InputError("the solution is not finite", expected="rates and times within the range of numbers")
        return states

    def propagator(self, time: float) -> Array:
        """exp(A t), which takes the state at one moment to that `time` later, (..., n, n)."""
        moved = (self.vectors * np.exp(self.values[..., None, :] * time)) @ self.inverse
        propagator: Array = np.ascontiguousarray(moved.real)
        if self.defective.any():
            from scipy.linalg import expm  # heavy, and seldom needed

            propagator[self.defective] = expm(self.matrix[self.defective] * time)
        return propagator

    def _with_exponentials(self, states: Array, start: Array, times: Array, source: npt.ArrayLike | None) -> Array:
        """The same `states`, with those of defective members replaced."""
        batch = states.shape[:-2]
        matrices = np.broadcast_to(self.matrix, (*batch, *self.matrix.shape[-2:]))
        starts = np.broadcast_to(start, (*batch, start.shape[-1]))
        sources = np.broadcast_to(0.0 if source is None else np.asarray(source, float), starts.shape)
        states = states.copy()
        for member in np.argwhere(np.broadcast_to(self.defective, batch)):
            one = tuple(member)
            states[one] = _stepped(matrices[one], starts[one], times, sources[one])
        return states


def decompose(matrix: npt.ArrayLike) -> Decomposition:
    """Eigenvalues and eigenvectors of `matrix` (..., n, n), once for all courses under it.

    Args:
        matrix: A (..., n, n).

    Returns:
        Eigenvalues (..., n) and eigenvectors (..., n, n); which members of a batch have no good set of them.

    Raises:
        InputError: the matrix is not square, or holds something that is not finite.

    >>> decompose([[-2, 1], [2, -1]]).values
    array([-3.,  0.])
    """
    square = np.asarray(matrix, float)
    if square.ndim < 2 or square.shape[-1] != square.shape[-2]:
        raise InputError(f"a matrix of shape {square.shape}", expected="(..., n, n)")
    if not np.isfinite(square).all():
        raise InputError("a rate is not a finite number")
    values, vectors = np.linalg.eig(square)
    largest = np.abs(square).max(axis=(-2, -1))
    noise = square.shape[-1] * np.finfo(float).eps * largest[..., None]
    # What is conserved has an eigenvalue of 0. Rounding would let it drift, and over long times that adds up.
    conserved = (np.abs(square.sum(axis=-2)) <= noise).all(axis=-1, keepdims=True)
    values = np.where(conserved & (np.abs(values) <= noise), 0, values)
    inverse, singular = _inverse(vectors)
    # Frobenius norms bound the condition number from above; that of n vectors of length 1 is √n.
    with np.errstate(over="ignore", invalid="ignore"):  # beyond any number is beyond the limit too
        condition = np.sqrt(square.shape[-1] * (np.abs(inverse) ** 2).sum(axis=(-2, -1)))
        residual = np.abs((vectors * values[..., None, :]) @ inverse - square).max(axis=(-2, -1))
    defective = np.asarray(singular | ~(condition <= MAX_CONDITION) | ~(residual <= MAX_RESIDUAL * largest))
    if defective.any():
        unit, values = np.eye(square.shape[-1]), np.where(defective[..., None], 0, values)
        vectors, inverse = (np.where(defective[..., None, None], unit, one) for one in (vectors, inverse))
    return Decomposition(square, values, vectors, inverse, defective)


def propagate(
    matrix: npt.ArrayLike, start: npt.ArrayLike, times: npt.ArrayLike, source: npt.ArrayLike | None = None
) -> Array:
    """The course of dx/dt = A x + b from `start`, at `times` after it.

    x(t) = exp(A t) x(0) + ∫₀ᵗ exp(A s) b ds, by eigendecomposition of A (Moler and Van Loan, SIAM Rev 2003;45:3-49).

    Args:
        matrix: A (..., n, n), in 1/time.
        start: x(0) (..., n).
        times: (t,) from 0, not decreasing; the unit of the matrix.
        source: b (..., n), inflow per time; none for a closed system.

    Returns:
        Array (..., t, n).

    Raises:
        InputError: shapes that do not fit, or numbers that are not finite.

    >>> propagate([[-1.0]], [0.0], [0.0, 1.0], source=[1.0])  # filled at 1 per unit of time, emptied at rate 1
    array([[0.        ],
           [0.63212056]])
    """
    return decompose(matrix).at(start, _checked_times(times, 0.0), source)


def propagator(matrix: npt.ArrayLike, time: float) -> Array:
    """exp(A t), which takes the state at one moment to that `time` later.

    Args:
        matrix: A (..., n, n), in 1/time.
        time: of the unit of the matrix.

    Returns:
        Array (..., n, n).

    Raises:
        InputError: as `decompose`.

    >>> propagator([[-1.0]], 1.0)
    array([[0.36787944]])
    """
    return decompose(matrix).propagator(time)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What holds from `start` until the next segment begins: a matrix (..., n, n) and an inflow (..., n)."""

    start: float
    matrix: npt.ArrayLike
    source: npt.ArrayLike | None = None


def trajectory(segments: Sequence[Segment], start_state: npt.ArrayLike, times: npt.ArrayLike) -> Array:
    """The course through segments, each with its own matrix and inflow; the state is continuous.

    Args:
        segments: in order of their starts; the last holds for ever. Equal matrices are decomposed once.
        start_state: the state (..., n) at the start of the first segment.
        times: (t,) not decreasing, none before the first segment.

    Returns:
        Array (..., t, n).

    Raises:
        InputError: segments or times out of order.

    Source: as of `propagate`, segment by segment.

    >>> on, off = [[-1.0]], [[0.0]]
    >>> trajectory([Segment(0, on), Segment(1, off)], [1.0], [0.5, 1.0, 5.0])
    array([[0.60653066],
           [0.36787944],
           [0.36787944]])
    """
    if not segments:
        raise InputError("no segment is given", expected="at least one")
    starts = np.array([segment.start for segment in segments], float)
    if (np.diff(starts) <= 0).any() or not np.isfinite(starts).all():
        raise InputError("segments are out of order", expected="starts that increase")
    when = _checked_times(times, float(starts[0]))
    matrices = [np.asarray(segment.matrix, float) for segment in segments]
    sources = [None if one.source is None else np.asarray(one.source, float) for one in segments]
    state = np.asarray(start_state, float)
    shapes = [one.shape[:-2] for one in matrices] + [one.shape[:-1] for one in sources if one is not None]
    batch = np.broadcast_shapes(state.shape[:-1], *set(shapes))
    course = np.empty((*batch, when.size, state.shape[-1]))
    known: dict[object, Decomposition] = {}
    edges = np.searchsorted(when, starts[1:], side="left")
    for number, (first, last) in enumerate(zip([0, *edges], [*edges, when.size], strict=True)):
        end = [] if number + 1 == starts.size else [starts[number + 1]]
        local = np.concatenate([when[first:last], end]) - starts[number]
        if not local.size:
            continue
        matrix = matrices[number]
        key = (matrix.shape, matrix.tobytes())
        if key not in known:
            known[key] = decompose(matrix)
        states = known[key].at(state, local, sources[number])
        course[..., first:last, :] = states[..., : last - first, :]
        state = states[..., -1, :]
        if last == when.size:
            break
    return course


def _times(matrix: npt.NDArray[np.inexact], vector: Array) -> npt.NDArray[np.inexact]:
    """A matrix times a vector, batch by batch."""
    product: npt.NDArray[np.inexact] = (matrix @ vector[..., None])[..., 0]
    return product


def _checked_times(times: npt.ArrayLike, first: float) -> Array:
    when = np.asarray(times, float)
    if when.ndim != 1 or not np.isfinite(when).all() or (np.diff(when) < 0).any():
        raise InputError("times are out of order", expected="a list of finite times that do not decrease")
    if when.size and when[0] < first:
        raise InputError(f"a time of {when[0]:g} lies before the start at {first:g}")
    return when


def _inverse(vectors: npt.NDArray[np.inexact]) -> tuple[npt.NDArray[np.inexact], npt.NDArray[np.bool_]]:
    """Inverses of all members of a batch; of those that have none, the unit matrix and a mark."""
    singular = np.zeros(vectors.shape[:-2], bool)
    try:
        return np.linalg.inv(vectors), singular
    except np.linalg.LinAlgError:
        singular = np.asarray(np.linalg.matrix_rank(vectors) < vectors.shape[-1])
        unit = np.eye(vectors.shape[-1])
        return np.linalg.inv(np.where(singular[..., None, None], unit, vectors)), singular


def _stepped(matrix: Array, start: Array, times: Array, source: Array) -> Array:
    """The course of one system from time to time by the matrix exponential, which needs no eigenvectors."""
    from scipy.linalg import expm  # heavy, and seldom needed

    n = start.size
    system = np.zeros((n + 1, n + 1))  # the inflow is a further state that stays at 1
    system[:n, :n], system[:n, n] = matrix, source
    state = np.append(start, 1.0)
    # Even grids differ from even by rounding. Steps are snapped to a fine comb, so that few exponentials are needed;
    # what is left of a time goes into a Taylor term, and never adds up.
    comb = (times[-1] if times.size else 0.0) * 2.0**-36
    ticks = np.rint(times / comb) if comb > 0 else np.zeros_like(times)
    steps, which = np.unique(np.diff(ticks, prepend=0.0), return_inverse=True)
    hops = expm(system * (steps * comb)[:, None, None]) if steps.size else np.empty((0, n + 1, n + 1))
    rest = times - ticks * comb
    course = np.empty((times.size, n + 1))
    for number, step in enumerate(which):
        state = hops[step] @ state
        course[number] = state
    slope = course @ system.T
    return (course + rest[:, None] * (slope + 0.5 * rest[:, None] * (slope @ system.T)))[:, :n]
