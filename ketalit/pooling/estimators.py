"""Between-study variance, and the weighted mean that goes with it: FE, DL, REML, PM, ML.

The model is y_i ~ N(mu, v_i + tau²) with known v_i; weights are w_i = 1 / (v_i + tau²). Everything works on rows: `y`
and `v` of shape (..., k) are any number of meta-analyses at once. A study that a row leaves out has an infinite
variance there, hence no weight. A thousand fits cost little more than one.

    FE    tau² = 0
    DL    DerSimonian & Laird 1986, https://doi.org/10.1016/0197-2456(86)90046-2
    PM    Paule & Mandel 1982: the tau² at which the generalised Q is k - 1, https://doi.org/10.6028/jres.087.022
    ML, REML   maximum of the likelihood, of the restricted one: Viechtbauer 2005,
          https://doi.org/10.3102/10769986030003261
    Q-profile confidence interval of tau²: Viechtbauer 2007, https://doi.org/10.1002/sim.2514

Rows are centred and scaled by a power of two before anything is computed, so that results do not depend on the unit of
the effect, and every tolerance is relative.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import KetalitError
from .quantiles import chi2

Array = npt.NDArray[np.float64]

METHODS = ("FE", "DL", "REML", "PM", "ML")

TOLERANCE = 1e-10  # of the last step, relative to tau²
NEWTON = 1e-6  # the same for a Newton step, which leaves an error of the order of its square
MAX_STEPS = 200
CELLS = 1_500_000  # of one chunk of rows on the grid of starting values: about 12 MB for each array
# Starting values for the likelihoods, as parts of the largest tau² there can be. Two maxima closer than a factor of
# 2.3 in tau² may be taken for one.
GRID = np.concatenate([[0.0], np.geomspace(1e-8, 1.0, 23)])
RATIO = float(GRID[-1] / GRID[-2])


class Fit(NamedTuple):
    """Weighted means with what intervals are made of; every field has the shape of the rows.

    Attributes:
        estimate: the pooled effect.
        se: its standard error, 1 / sqrt(sum of weights).
        se_kh: its standard error by Knapp and Hartung; not a number for one study.
        tau2: variance between studies.
        q: Cochran's Q, with weights 1 / v.
        k: number of studies.
        typical: the typical variance within studies by Higgins and Thompson, which I² needs.
    """

    estimate: Array
    se: Array
    se_kh: Array
    tau2: Array
    q: Array
    k: npt.NDArray[np.int64]
    typical: Array


def fit(y: npt.ArrayLike, v: npt.ArrayLike, method: str = "REML") -> Fit:
    """Pool each row.

    Args:
        y: effects, (..., k).
        v: their sampling variances, (..., k) or (k,); infinite where a row leaves a study out.
        method: one of `METHODS`.

    >>> from math import inf
    >>> rows = fit([[1.0, 2.0, 4.0]], [[0.1, 0.2, 0.1], [0.1, inf, 0.1]], "DL")
    >>> rows.k.tolist(), rows.estimate.round(4).tolist()
    ([3, 2], [2.3371, 2.5])
    """
    effects, variances = np.broadcast_arrays(np.asarray(y, float), np.asarray(v, float))
    rows = max(1, CELLS // (GRID.size * effects.shape[-1]))
    if effects.ndim == 1 or effects[..., 0].size <= rows:
        return _fit(effects, variances, method)
    shape, k = effects.shape[:-1], effects.shape[-1]
    flat, flat_v = effects.reshape(-1, k), variances.reshape(-1, k)
    parts = [_fit(flat[i : i + rows], flat_v[i : i + rows], method) for i in range(0, len(flat), rows)]
    return Fit(*(np.concatenate(field).reshape(shape) for field in zip(*parts, strict=True)))


def q_profile(y: npt.ArrayLike, v: npt.ArrayLike, level: float = 0.95) -> tuple[Array, Array]:
    """Confidence interval of tau² for each row, from the distribution of the generalised Q; not a number for k = 1.

    >>> low, high = q_profile([-1.2, 0.1], [0.04, 0.06])
    >>> round(float(low), 4), round(float(high), 1)
    (0.1182, 860.4)
    """
    y_, v_, _, scale, k = _standardised(*np.broadcast_arrays(np.asarray(y, float), np.asarray(v, float)))
    tails = (1 + level) / 2, (1 - level) / 2
    ends = _where_q_is(y_, v_, np.stack([chi2(tail, k - 1) for tail in tails]))
    low, high = np.where(k > 1, ends * scale**2, np.nan)
    return low, high


def weights(v: npt.ArrayLike, tau2: npt.ArrayLike) -> Array:
    """The share of each study, (..., k); a row sums to 1.

    >>> weights([1.0, 3.0], 1.0).round(4).tolist()
    [0.6667, 0.3333]
    """
    raw = 1 / (np.asarray(v, float) + np.asarray(tau2, float)[..., None])
    share: Array = raw / raw.sum(-1, keepdims=True)
    return share


def climb(
    likelihood: Callable[[Array], Array], derivatives: Callable[[Array], tuple[Array, Array, Array]], top: Array
) -> Array:
    """The tau² of the highest likelihood, 0 or more: from the peaks of a grid by safeguarded Newton steps.

    Args:
        likelihood: log-likelihood at tau² (..., g), a grid for each row.
        derivatives: score, observed and expected information at tau² (...).
        top: a tau² above which the likelihood falls, (...).

    The observed information makes the last steps quadratic; where it is not positive the expected one gives the
    direction. No step leaves the interval in which the score changes its sign. Where the grid has two peaks, as
    likelihoods of few studies may, both are climbed.

    Raises:
        KetalitError: no convergence, which no data are known to cause.
    """
    grid = top[..., None] * GRID
    values = likelihood(grid)
    if top.ndim == 0:  # plain numbers are several times faster than arrays of one, and a slider waits for them
        listed = [-math.inf, *values.tolist(), -math.inf]
        peaks = [at for at in range(GRID.size) if listed[at] < listed[at + 1] >= listed[at + 2]]
        ends = [_climb_once(derivatives, grid, values, peak) for peak in peaks or [0]]
        best = int(likelihood(np.asarray(ends)).argmax()) if len(ends) > 1 else 0
        return np.asarray(ends[best])
    first = values.argmax(-1)[..., None]
    others = np.where(_peaks(values), values, -np.inf)
    np.put_along_axis(others, first, -np.inf, -1)
    found = _climb_rows(derivatives, grid, first)
    if (others > -np.inf).any():
        second = _climb_rows(
            derivatives, grid, np.where(others.max(-1) > -np.inf, others.argmax(-1), first[..., 0])[..., None]
        )
        both = np.stack([found, second], -1)
        found = np.take_along_axis(both, likelihood(both).argmax(-1)[..., None], -1)[..., 0]
    return found


def _peaks(values: Array) -> npt.NDArray[np.bool_]:
    """Where a grid of values is higher than both neighbours; its ends have one."""
    end = np.ones((*values.shape[:-1], 1), bool)
    rises = values[..., 1:] > values[..., :-1]
    found: npt.NDArray[np.bool_] = np.concatenate([end, rises], -1) & np.concatenate([~rises, end], -1)
    return found


def _climb_rows(
    derivatives: Callable[[Array], tuple[Array, Array, Array]], grid: Array, start: npt.NDArray[np.int64]
) -> Array:
    """The maximum next to one place of the grid in each row."""
    tau2: Array = np.take_along_axis(grid, start, -1)[..., 0]
    low = np.take_along_axis(grid, np.maximum(start - 1, 0), -1)[..., 0]
    high = np.take_along_axis(grid, np.minimum(start + 1, GRID.size - 1), -1)[..., 0]
    for _ in range(MAX_STEPS):
        score, observed, expected = derivatives(tau2)
        low, high = np.where(score > 0, tau2, low), np.where(score < 0, tau2, high)
        information = np.where(observed > 0, observed, expected)
        new = tau2 + np.divide(score, information, out=np.zeros_like(score), where=information > 0)
        new = np.where((new < low) | (new > high), (low + high) / 2, new)
        moved = np.abs(new - tau2)
        tau2 = new
        if (moved <= TOLERANCE * tau2).all():
            return tau2
    raise _unsettled()


def _climb_once(
    derivatives: Callable[[Array], tuple[Array, Array, Array]], grid: Array, values: Array, start: int
) -> float:
    """The same in plain numbers, for one row."""
    low, tau2, high = (float(grid[place]) for place in (max(start - 1, 0), start, min(start + 1, GRID.size - 1)))
    if 1 < start < GRID.size - 1:  # the top of the parabola through three points, on a logarithmic axis
        left, middle, right = values[start - 1 : start + 2].tolist()
        bend = left - 2 * middle + right
        if bend < 0:
            tau2 *= RATIO ** ((left - right) / (2 * bend))
    for _ in range(MAX_STEPS):
        score, observed, expected = (float(one) for one in derivatives(np.asarray(tau2)))
        low, high = (tau2, high) if score > 0 else (low, tau2) if score < 0 else (low, high)
        information = observed if observed > 0 else expected
        new = tau2 + score / information if information > 0 else tau2
        inside = low <= new <= high
        if not inside:
            new = (low + high) / 2
        moved, tau2 = abs(new - tau2), new
        if moved <= (NEWTON if inside and observed > 0 else TOLERANCE) * tau2:
            return tau2
    raise _unsettled()


def _unsettled() -> KetalitError:
    return KetalitError("the estimate of tau² does not settle", next_step="Use method PM or DL")


def _fit(y: Array, v: Array, method: str) -> Fit:
    y_, v_, centre, scale, k = _standardised(y, v)
    w = 1 / v_
    total = w.sum(-1)
    residual = y_ - (np.vecdot(w, y_) / total)[..., None]
    q = np.vecdot(w * residual, residual)
    # Σw - Σw²/Σw without a difference of near numbers; 0 for one study, for which 1 is put there
    spread = np.vecdot(w, total[..., None] - w) / total + (k == 1)
    typical = (k - 1) / spread
    if method == "FE":
        tau2 = np.zeros_like(q)
    elif method == "DL":
        tau2 = np.maximum(0, (q - (k - 1)) / spread)
    elif method == "PM":
        tau2 = _where_q_is(y_, v_, (k - 1).astype(float))
    else:
        tau2 = _most_likely(y_, v_, k, restricted=method == "REML")
    w = 1 / (v_ + tau2[..., None])
    total = w.sum(-1)
    mean = np.vecdot(w, y_) / total
    residual = y_ - mean[..., None]
    df = np.where(k > 1, k - 1.0, np.nan)
    se_kh = np.sqrt(np.vecdot(w * residual, residual) / (df * total))
    unit = scale**2
    return Fit(mean * scale + centre, scale / np.sqrt(total), se_kh * scale, tau2 * unit, q, k, typical * unit)


def _standardised(y: Array, v: Array) -> tuple[Array, Array, Array, Array, npt.NDArray[np.int64]]:
    """Rows around the most precise study, in a unit near its standard error; centre, unit and number of studies.

    The unit is a power of two: dividing by it changes no digit.
    """
    here = np.isfinite(v)
    first = v.argmin(-1)[..., None]
    if y.ndim == 1:
        centre, least = y[first], v[first]
    else:
        centre, least = np.take_along_axis(y, first, -1), np.take_along_axis(v, first, -1)
    scale = np.exp2(np.round(np.log2(least) / 2))
    return np.where(here, (y - centre) / scale, 0.0), v / scale**2, centre[..., 0], scale[..., 0], here.sum(-1)


def _where_q_is(y: Array, v: Array, target: Array) -> Array:
    """The tau² at which the generalised Q falls to `target` (..., or more axes before); 0 where it starts below.

    1 / Q is nearly a straight line in tau², and exactly one for equal variances, so Newton's method is used on it.
    """
    tau2 = np.zeros(np.broadcast_shapes(y.shape[:-1], target.shape))
    # Q(tau²) <= sum of squares around any centre / tau², so the answer cannot be above this
    low, high = tau2, np.divide(np.vecdot(y, y), target, out=np.zeros_like(tau2), where=target > 0)
    for _ in range(MAX_STEPS):
        w = 1 / (v + tau2[..., None])
        residual = y - (np.vecdot(w, y) / w.sum(-1))[..., None]
        pulled = w * residual
        q, slope = np.vecdot(pulled, residual), np.vecdot(pulled, pulled)
        above = q > target
        low, high = np.where(above, tau2, low), np.where(above, high, tau2)
        wanted = target * slope
        new = tau2 + np.divide((q - target) * q, wanted, out=np.zeros_like(q), where=wanted > 0)
        new = np.where((new < low) | (new > high), (low + high) / 2, new)
        moved = np.abs(new - tau2)
        tau2 = new
        if (moved <= TOLERANCE * tau2).all():
            return tau2
    raise KetalitError("the tau² at which Q takes its value is not found")


def _most_likely(y: Array, v: Array, k: npt.NDArray[np.int64], *, restricted: bool) -> Array:
    """Maximum of the likelihood, or of the restricted one, over tau² >= 0."""
    largest = np.where(np.isfinite(v), v, 0).max(-1)
    # beyond it the score is negative: tr P >= (k - 1) / (tau² + largest v), y'PPy <= y'y / (tau² + smallest v)²
    top = np.vecdot(y, y) + largest
    wide_y, wide_v = y[..., None, :], v[..., None, :]

    def likelihood(tau2: Array) -> Array:
        spread = tau2[..., None]
        w = 1 / (wide_v + spread)
        total = w.sum(-1)
        residual = wide_y - (np.vecdot(w, wide_y) / total)[..., None]
        # log(v + tau²) without log v, which is no number where a study is left out
        value: Array = np.log1p(spread / wide_v).sum(-1) + np.vecdot(w * residual, residual)
        return -(value + np.log(total)) if restricted else -value

    def derivatives(tau2: Array) -> tuple[Array, Array, Array]:
        w = 1 / (v + tau2[..., None])
        total = w.sum(-1)
        pulled = w * (y - (np.vecdot(w, y) / total)[..., None])  # P y
        curved = w * pulled
        second = np.vecdot(w, w)
        trace, trace2 = total, second  # of P and PP
        if restricted:
            trace = total - second / total
            trace2 = second - 2 * np.vecdot(w * w, w) / total + (second / total) ** 2
        bend = np.vecdot(curved, pulled) - np.vecdot(w, pulled) ** 2 / total  # y'PPPy
        return (np.vecdot(pulled, pulled) - trace) / 2, bend - trace2 / 2, trace2 / 2

    return np.where(k > 1, climb(likelihood, derivatives, top), 0.0)
