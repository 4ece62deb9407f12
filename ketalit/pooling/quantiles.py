"""Quantiles and tails of the normal, t and chi-squared distributions; scipy is loaded when the first is asked for."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@cache
def _special() -> Any:
    from scipy import special  # a sixth of a second, which is paid only where something is computed

    return special


@cache
def normal(p: float) -> float:
    """The standard normal quantile of a lower tail probability.

    >>> round(normal(0.975), 6)
    1.959964
    """
    return float(_special().ndtri(p))


def student(p: float, df: npt.ArrayLike) -> Array:
    """The quantile of t with `df` degrees of freedom (any shape); not a number where `df` is below 1.

    >>> round(float(student(0.975, 2)), 6)
    4.302653
    """
    degrees = np.asarray(df, float)
    if degrees.ndim == 0:
        return np.asarray(_student(p, float(degrees)))
    return np.where(degrees >= 1, _special().stdtrit(np.maximum(degrees, 1), p), np.nan)


@cache
def _student(p: float, df: float) -> float:
    return float(_special().stdtrit(df, p)) if df >= 1 else math.nan


@cache
def _chi2(p: float, df: int) -> float:
    return float(_special().chdtri(df, 1 - p))


def chi2(p: float, df: npt.ArrayLike) -> Array:
    """The chi-squared quantile of a lower tail probability with `df` degrees of freedom (any shape), 0 for `df` 0.

    >>> round(float(chi2(0.975, 3)), 6)
    9.348404
    """
    degrees = np.asarray(df)
    if degrees.ndim == 0:
        return np.asarray(_chi2(p, int(degrees)) if degrees > 0 else 0.0)
    return np.where(degrees > 0, _special().chdtri(np.maximum(degrees, 1), 1 - p), 0.0)


def normal_tails(z: npt.ArrayLike) -> Array:
    """Two-sided p of a z value."""
    return np.asarray(2 * _special().ndtr(-np.abs(z)))


def student_tails(t: npt.ArrayLike, df: npt.ArrayLike) -> Array:
    """Two-sided p of a t value."""
    return np.asarray(2 * _special().stdtr(df, -np.abs(t)))


def chi2_tail(q: npt.ArrayLike, df: npt.ArrayLike) -> Array:
    """Upper tail of chi-squared, 1 for 0 degrees of freedom."""
    degrees = np.asarray(df)
    return np.where(degrees > 0, _special().chdtrc(np.maximum(degrees, 1), q), 1.0)


def normal_below(z: npt.ArrayLike) -> Array:
    """Lower tail of the standard normal distribution."""
    return np.asarray(_special().ndtr(z))


def f_tail(f: npt.ArrayLike, df1: float, df2: float) -> Array:
    """Upper tail of F."""
    return np.asarray(_special().fdtrc(df1, df2, f))
