"""The effect site: a compartment that follows its input with a half-life, whether minutes or days.

dE/dt = k (u(t) - E), k = ln 2 / half-life (Sheiner, Stanski, Vozeh, Miller, Ham. Clin Pharmacol Ther 1979;25:358-71).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import HOURS, Kind, rising, together
from ..linear import ROUNDING

Array = npt.NDArray[np.float64]
_SPAN = 1000 / 2  # time constants in one block: exp(500) is still a double, and a day at 6 min has 164


def delayed(times: npt.ArrayLike, values: npt.ArrayLike, half_life: Any, *, start: Any = 0.0) -> Array:
    """What an effect site holds when its input runs straight from one value to the next.

    Exact for such an input; for a smooth one the error falls with the square of the spacing. Where the input jumps,
    give its time twice, with the value before and the value after.

    Args:
        times: (t,) not decreasing: numbers in any unit, or text, which is read as hours ("40 min" is 2/3).
        values: input u (..., t) at those times, zero or more: numbers in any unit, or text, read as ng/mL.
        half_life: one, or an array (...,) of as many courses: numbers in the unit of `times`, or text, read as hours
            ("6 min" is 0.1; then numbers in `times` are hours). Zero: no delay.
        start: what the site holds at the first time, in the unit of `values`.

    Returns:
        E (..., t), in the unit of `values`.

    Raises:
        InputError: times that decrease, a half-life, an input or a start below zero, or shapes that do not fit.

    Source: Sheiner 1979, see the module; solved exactly here.

    >>> delayed([0, 0, 6.1, 12.2], [0, 100, 100, 100], 6.1).round(6)
    array([ 0.,  0., 50., 75.])
    >>> delayed(["0 min", "0 min", "6 min"], [0, 100, 100], ["6 min", "12 min"]).round(1)
    array([[ 0. ,  0. , 50. ],
           [ 0. ,  0. , 29.3]])
    """
    when, given, half = rising(HOURS, times), _INPUT.many(values), _HALF_LIFE.many(half_life)
    if given.shape[-1:] != when.shape:
        what = f"values of shape {given.shape} at {when.size} times"
        raise InputError(what, where="effect site", expected="one value for each time")
    together(half_life=half, courses=given[..., 0])
    start = _INPUT.one(start, "start")
    shape = np.broadcast_shapes(half.shape, given.shape[:-1])
    instant = np.broadcast_to(half == 0, shape)
    rate = np.broadcast_to(math.log(2) / np.where(half == 0, 1, half), shape)
    given = np.broadcast_to(given, (*shape, when.size))
    held = _followed(when, given, rate, start)
    return np.where(instant[..., None], given, held)


# Plain numbers may be of any unit, as long as times and half-life share it; the units here are those of text.
_HALF_LIFE = Kind("half-life of the effect site", "h", 0)
_INPUT = Kind("input of the effect site", "ng/mL", 0, trace=ROUNDING)


def _followed(when: Array, given: Array, rate: Array, start: float) -> Array:
    """E by summing, within blocks short enough for exp(k t), what each interval adds."""
    steps = np.diff(when)
    exponent = rate[..., None] * steps
    kept = np.exp(-exponent)
    # A straight input from u0 to u1 over a step adds u0 (1 - a) + (u1 - u0) (1 - (1 - a)/(k dt)), with a = exp(-k dt).
    reached = -np.expm1(-exponent)
    slope_share = 1 - np.divide(reached, exponent, out=np.ones_like(exponent), where=exponent > 0)
    added = given[..., :-1] * reached + np.diff(given, axis=-1) * slope_share
    held = np.empty_like(given)
    held[..., 0] = start
    fastest, first = float(rate.max(initial=0.0)), 0
    while first < steps.size:
        within = np.searchsorted(when, when[first] + _SPAN / fastest, side="right") - 1
        last = int(max(first + 1, within))
        if last == first + 1:
            held[..., last] = held[..., first] * kept[..., first] + added[..., first]
        else:
            grown = np.exp(rate[..., None] * (when[first + 1 : last + 1] - when[first]))
            summed = held[..., first, None] + np.cumsum(added[..., first:last] * grown, axis=-1)
            held[..., first + 1 : last + 1] = summed / grown
        first = last
    return held
