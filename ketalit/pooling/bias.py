"""Small-study effects: do small trials show more than large ones? Below ten trials the answer would be chance.

A sign of small-study effects is not proof of unpublished trials: small trials may differ in quality or in patients.
Sterne et al. 2011, https://doi.org/10.1136/bmj.d4002
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from . import door
from .estimators import METHODS, fit
from .inverse_variance import pool
from .quantiles import student, student_tails
from .regression import METHODS as REGRESSION_METHODS
from .regression import meta_regression
from .result import Pooled

Array = npt.NDArray[np.float64]

LEAST = 10  # Sterne et al. 2011; Cochrane Handbook 6.5, chapter 13
MAX_ROUNDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asymmetry:
    """A regression test of funnel asymmetry.

    Attributes:
        test: Egger or Peters.
        slope, se: of the effect on the standard error (Egger) or on 1/N (Peters).
        t, df, p: the test that the slope is 0.
        limit, limit_low, limit_high: what the line gives for a trial without error; a crude extrapolation.
    """

    test: str
    slope: float
    se: float
    t: float
    df: int
    p: float
    limit: float
    limit_low: float
    limit_high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrimFill:
    """Trim and fill: a sensitivity analysis, no correction. It supposes that nothing but publication bias is at work.

    Attributes:
        filled: number of studies that were made up.
        side: where they were put, "left" or "right".
        estimator, method: how their number, and the effect, was estimated.
        pooled: the result with them.
        yi, vi: the made-up studies.
    """

    filled: int
    side: str
    estimator: str
    method: str
    pooled: Pooled
    yi: Array
    vi: Array


def egger(yi: Any, vi: Any, *, level: float = 0.95, demonstration: bool = False) -> Asymmetry:
    """Egger's regression test. For odds ratios use `peters`; standardised differences bend their own funnel.

    yi on the standard error, weights 1 / vi; the slope is the intercept of the original form.
    Egger et al. 1997, https://doi.org/10.1136/bmj.315.7109.629

    >>> egger([-0.9, -0.2, -0.1], [0.3, 0.05, 0.01])
    Traceback (most recent call last):
    ketalit.errors.InputError: Egger: 3 studies. Expected: 10 or more, as fewer cannot tell asymmetry from chance.

    Args:
        yi, vi: effects and their variances.
        level: of confidence.
        demonstration: allow fewer than ten studies, three at least, to show why not.

    Raises:
        InputError: fewer than ten studies, all of the same precision, or broken input.
    """
    effects, variances = door.studies(yi, vi, "Egger")
    _enough(effects.size, "Egger", demonstration)
    return _asymmetry("Egger", effects, np.sqrt(variances), 1 / variances, level)


def peters(
    events1: Any, n1: Any, events2: Any, n2: Any, *, level: float = 0.95, demonstration: bool = False
) -> Asymmetry:
    """Peters' regression test for odds ratios: log OR on 1/N, weights 1 / (1/events + 1/people without).

    Events are those of both groups together. Half an event is added to every cell of a trial that has an empty one.
    Peters et al. 2006, https://doi.org/10.1001/jama.295.6.676

    Raises:
        InputError: fewer than ten trials with an event and a person without one, or broken input.
    """
    where = "Peters"
    listed = [
        door.column(one, name, where)
        for one, name in ((events1, "events1"), (n1, "n1"), (events2, "events2"), (n2, "n2"))
    ]
    if len({one.size for one in listed}) > 1:
        raise InputError("the columns differ in length", where=where, expected="one number for each trial in each")
    a, c = listed[0], listed[2]
    b, d = listed[1] - a, listed[3] - c
    if min(one.min(initial=0) for one in (a, b, c, d)) < 0:
        raise InputError("a trial has more events than people", where=where, expected="events from 0 to all")
    telling = (a + c > 0) & (b + d > 0)
    a, b, c, d = (one[telling] for one in (a, b, c, d))
    _enough(a.size, where, demonstration)
    had, not_had = a + c, b + d
    empty = (np.minimum.reduce([a, b, c, d]) == 0) / 2
    effect = np.log((a + empty) * (d + empty) / ((b + empty) * (c + empty)))
    return _asymmetry(where, effect, 1 / (had + not_had), 1 / (1 / had + 1 / not_had), level)


def trim_and_fill(
    yi: Any,
    vi: Any,
    method: str = "REML",
    interval: str = "never-narrower",
    *,
    estimator: str = "L0",
    side: str = "",
    level: float = 0.95,
) -> TrimFill:
    """Trim and fill: mirror the outermost studies of the fuller side, and pool again. Sensitivity analysis only.

    Always look at both estimators of the number, L0 and R0, and at more than one method: they often disagree.
    Duval & Tweedie 2000, https://doi.org/10.1111/j.0006-341X.2000.00455.x

    Args:
        yi, vi: effects and their variances.
        method, interval, level: as in `pool`.
        estimator: "L0" or "R0".
        side: where studies are missing, "left" or "right"; found by regression on the standard error if not given.

    >>> found = trim_and_fill([0.1, 0.2, 0.3, 0.5, 0.9], [0.01, 0.02, 0.05, 0.1, 0.2], "FE", "wald")
    >>> found.filled, found.side
    (2, 'left')

    Raises:
        InputError: fewer than three studies, effects that do not differ for R0, or broken input.
    """
    where = "trim and fill"
    effects, variances = door.studies(yi, vi, where)
    door.choice(method, METHODS, "method", where)
    door.choice(estimator, ("L0", "R0"), "estimator", where)
    k = effects.size
    if k < 3:
        raise InputError(f"{k} studies", where=where, expected="three at least")
    side = door.choice(side, ("left", "right"), "side", where) if side else _side(effects, variances, method)
    # studies are missing on the left; the other case is the same in a mirror
    sign = -1 if side == "right" else 1
    order = np.argsort(sign * effects, kind="stable")
    y, v = sign * effects[order], variances[order]
    filled, before = 0, -1
    for _ in range(MAX_ROUNDS):
        if filled == before:
            break
        before = filled
        kept = k - filled
        centre = float(fit(y[:kept], v[:kept], method).estimate)
        filled = _missing(y - centre, estimator)
    made = sign * (2 * centre - y[k - filled :])
    pooled = pool(
        np.concatenate([effects, made]),
        np.concatenate([variances, v[k - filled :]]),
        method,
        interval,
        level=level,
        warnings=("Trim and fill is a sensitivity analysis; the filled studies do not exist.",),
    )
    return TrimFill(
        filled=filled, side=side, estimator=estimator, method=method, pooled=pooled, yi=made, vi=v[k - filled :]
    )


def _missing(around: Array, estimator: str) -> int:
    """The number of missing studies, from signed ranks of the distances to the centre."""
    k = around.size
    ranks = np.empty(k)
    ranks[np.argsort(np.abs(around), kind="stable")] = np.arange(1, k + 1)
    if estimator == "R0":
        left = ranks[around < 0]
        if left.size == 0:
            what = "no effect lies below the centre"
            raise InputError(what, where="trim and fill", expected="effects that differ", next_step="Use L0")
        found = k - left.max() - 1
    else:
        found = (4 * ranks[around > 0].sum() - k * (k + 1)) / (2 * k - 1)
    return max(0, round(float(found)))


def _side(effects: Array, variances: Array, method: str) -> str:
    """Opposite to the side towards which small studies lean."""
    errors = np.sqrt(variances)
    if np.ptp(errors) == 0:
        what = "all studies are equally precise, so no side is the fuller one"
        raise InputError(what, where="trim and fill", expected="side=left or side=right")
    how = method if method in REGRESSION_METHODS else "REML"
    slope = meta_regression(
        effects, variances, {"SE": errors / errors.mean()}, method=how, test="z", demonstration=True
    ).coefficients[1]
    return "right" if slope < 0 else "left"


def _enough(k: int, test: str, demonstration: bool) -> None:
    if k < LEAST and not demonstration:
        expected = f"{LEAST} or more, as fewer cannot tell asymmetry from chance"
        raise InputError(f"{k} studies", where=test, expected=expected)
    if k < 3:
        raise InputError(f"{k} studies", where=test, expected="three at least, even to demonstrate")


def _asymmetry(test: str, effect: Array, size: Array, weights: Array, level: float) -> Asymmetry:
    """Weighted regression of effects on a measure of smallness, in units of its mean."""
    unit = size.mean()
    if np.ptp(size) <= 1e-12 * unit:
        raise InputError("all studies are of the same size", where=test, expected="studies that differ in precision")
    offset, height = effect.mean(), np.ptp(effect) or 1.0
    scaled, root = (effect - offset) / height, np.sqrt(weights / weights.mean())
    q, r = np.linalg.qr(np.column_stack([np.ones(effect.size), size / unit]) * root[:, None])
    inverse = np.linalg.inv(r)
    coefficients = inverse @ (q.T @ (root * scaled))
    residual = root * scaled - q @ (q.T @ (root * scaled))
    df = effect.size - 2
    errors = np.sqrt(residual @ residual / df * (inverse**2).sum(1))
    t = float(coefficients[1] / errors[1]) if errors[1] > 0 else 0.0
    half = float(student((1 + door.confidence(level, test)) / 2, df)) * errors[0] * height
    limit = float(coefficients[0] * height + offset)
    return Asymmetry(
        test=test,
        slope=float(coefficients[1] * height / unit),
        se=float(errors[1] * height / unit),
        t=t,
        df=df,
        p=float(student_tails(t, df)) if math.isfinite(t) else 0.0,
        limit=limit,
        limit_low=limit - half,
        limit_high=limit + half,
    )
