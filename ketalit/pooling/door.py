"""What comes in is looked at once, and what is wrong with it is said in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..rows import did_you_mean

Array = npt.NDArray[np.float64]

LARGEST, SMALLEST = 1e100, 1e-100  # beyond these, squares leave the range of numbers


def column(values: Any, name: str, where: str) -> Array:
    """Numbers as a one-dimensional array of finite floats; a single number is a column of one.

    >>> column([1, 2], "yi", "pool")
    array([1., 2.])

    Raises:
        InputError: text, nothing, NaN or infinity among them, or a table instead of a column.
    """
    try:
        found = np.asarray(values)
    except ValueError:  # rows of different length
        found = np.empty((0, 0))
    if found.dtype.kind not in "iuf":
        listed = list(np.ravel(np.asarray(values, dtype=object)))
        for place, one in enumerate(listed):
            if isinstance(one, bool | np.bool_) or not isinstance(one, Real):
                raise InputError(f"{name}[{place}] is {_shown(one)}", where=where, expected="a number")
        found = np.asarray([float(one) for one in listed])
    found = np.atleast_1d(found).astype(float, copy=False)
    if found.ndim != 1:
        raise InputError(f"{name} has {found.ndim} dimensions", where=where, expected="one number for each study")
    if not (np.abs(found) < LARGEST).all():
        place = int(np.flatnonzero(~(np.abs(found) < LARGEST))[0])
        expected = "a number of ordinary size" if np.isfinite(found[place]) else "a finite number"
        raise InputError(f"{name}[{place}] is {found[place]:g}", where=where, expected=expected)
    return found


def studies(yi: Any, vi: Any, where: str = "pool") -> tuple[Array, Array]:
    """Effects and their sampling variances, checked.

    Raises:
        InputError: no studies, columns of different length, a variance of 0 or less, or what `column` refuses.
    """
    effects, variances = column(yi, "yi", where), column(vi, "vi", where)
    if effects.size != variances.size:
        what = f"{effects.size} effects but {variances.size} variances"
        raise InputError(what, where=where, expected="one variance for each effect")
    if effects.size == 0:
        raise InputError("there are no studies", where=where, expected="at least one")
    if not (variances > SMALLEST).all():
        place = int(np.flatnonzero(variances <= SMALLEST)[0])
        expected = "a sampling variance above 0 (the square of the standard error)"
        raise InputError(f"vi[{place}] is {variances[place]:g}", where=where, expected=expected)
    return effects, variances


def choice(value: str, allowed: Sequence[str], name: str, where: str) -> str:
    """The value, if it is one of those allowed.

    Raises:
        InputError: it is not; the nearest is named.
    """
    if value not in allowed:
        hint = did_you_mean(str(value), allowed)
        raise InputError(f"{name} is {_shown(value)}{hint}", where=where, expected=f"one of {', '.join(allowed)}")
    return value


def number(value: Any, name: str, where: str, *, above: float = -math.inf, below: float = math.inf) -> float:
    """A finite number strictly between two others.

    >>> number("7", "sd", "arm 1", above=0)
    Traceback (most recent call last):
    ketalit.errors.InputError: arm 1: sd is “7”. Expected: a number above 0.

    Raises:
        InputError: it is no number, not finite or out of bounds.
    """
    bounds = [f"above {above:g}"] * (above > -math.inf) + [f"below {below:g}"] * (below < math.inf)
    expected = f"a number {' and '.join(bounds)}".strip()
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise InputError(f"{name} is {_shown(value)}", where=where, expected=expected)
    plain = float(value)
    if not math.isfinite(plain) or not above < plain < below:
        raise InputError(f"{name} is {plain:g}", where=where, expected=expected)
    return plain


def people(value: Any, name: str, where: str, least: int = 2) -> float:
    """A number of people; a part of one is let pass, because a shared control arm may be split.

    Raises:
        InputError: it is no number, or less than `least`.
    """
    found = number(value, name, where)
    if found < least:
        expected = f"at least {least} people" if least > 1 else "an arm with people in it"
        raise InputError(f"{name} is {found:g}", where=where, expected=expected)
    return found


def labels_of(labels: Sequence[str] | None, k: int, where: str) -> list[str]:
    """The names of the studies, or their numbers from 1.

    Raises:
        InputError: there is not one for each study.
    """
    if labels is None:
        return [str(place + 1) for place in range(k)]
    if len(labels) != k:
        raise InputError(f"{len(labels)} labels for {k} studies", where=where, expected="one label for each study")
    return [str(label) for label in labels]


def confidence(level: Any, where: str) -> float:
    """A confidence level as a fraction.

    Raises:
        InputError: it is not between 0 and 1.
    """
    return number(level, "level", where, above=0, below=1)


def _shown(value: object) -> str:
    return "empty" if value is None or value == "" else f"“{value}”"
