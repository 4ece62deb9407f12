"""The edge of the models: what an argument may be, read once, so that nothing impossible goes further.

A `Kind` is a kind of quantity with its unit and range. It reads one number or an array of them, given as numbers, as
text with units or as quantities of pint, and says in a sentence what it cannot use. Plain numbers and arrays pass with
a look at their extremes.

>>> SHARE.one("50 %"), VOLTAGE.many(["-60 mV", "0.04 V"])
(0.5, array([-60.,  40.]))
>>> CONCENTRATION.many([1, -2], "norketamine")
Traceback (most recent call last):
ketalit.errors.InputError: norketamine: -2 is below zero. Expected: finite numbers in µM, zero or more.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..rows import did_you_mean
from .quantity import magnitude

Array = npt.NDArray[np.float64]
INF = math.inf
LARGEST = sys.float_info.max
FEW = 8  # words that a message lists even where one of them is near
LONGEST = 60  # letters of what was given that a message repeats


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of quantity.

    Attributes:
        name: what to call it in a message.
        unit: "" for a pure number.
        least, most: the range, ends included.
        above_zero: zero itself is out.
        endless: infinity is in, as "saturating".
        trace: how far below `least` rounding may leave a number, which then counts as `least`.
    """

    name: str
    unit: str = ""
    least: float = -INF
    most: float = INF
    above_zero: bool = False
    endless: bool = False
    trace: float = 0.0

    def one(self, given: Any, name: str = "", *, molar_mass: float | None = None) -> float:
        """A single number in the unit of this kind.

        Raises:
            InputError: several numbers, none, or one out of range.

        >>> FREQUENCY.one("2 kHz"), CONCENTRATION.one("237.73 ng/mL", molar_mass=237.73)
        (2000.0, 1.0)
        """
        found = self.many(given, name, molar_mass=molar_mass)
        if found.ndim:
            raise InputError(
                f"{_shown(given)} is given", where=name or self.name, expected=self._expected("one number")
            )
        return float(found)

    def many(self, given: Any, name: str = "", *, molar_mass: float | None = None) -> Array:
        """Numbers in the unit of this kind, in the shape they are given.

        Raises:
            InputError: something is no such quantity, or out of range; or there is nothing.

        >>> MAGNESIUM.many([[0], ["500 µM"]]).tolist()
        [[0.0], [0.5]]
        """
        plain = type(given) in {float, int} and max(self.least, -LARGEST) <= given <= min(self.most, LARGEST)
        if plain and (given or not self.above_zero):
            return np.asarray(float(given))
        numbers = (
            given if isinstance(given, np.ndarray) and given.dtype == float else self._read(given, name, molar_mass)
        )
        if not numbers.size:
            raise InputError("nothing is given", where=name or self.name, expected=self._expected())
        low, high = float(numbers.min()), float(numbers.max())
        inside = self.least <= low and high <= self.most and (low > 0 or not self.above_zero)
        if inside and (self.endless or (low > -INF and high < INF)):
            return numbers
        if high <= self.most and high < INF and self.least - self.trace <= low < self.least:
            return np.maximum(numbers, self.least)
        raise InputError(self._wrong(low, high), where=name or self.name, expected=self._expected())

    def _wrong(self, low: float, high: float) -> str:
        if math.isnan(low) or math.isnan(high):
            return "something is not a number"
        if low < self.least:
            return f"{low:g} is below {self.least:g}" if self.least else f"{low:g} is below zero"
        if self.above_zero and low <= 0:
            return "zero is given" if low == 0 else f"{low:g} is below zero"
        return (
            f"{high:g} is above {self.most:g}"
            if high > self.most
            else f"{high if high == INF else low:g} is not finite"
        )

    def _expected(self, what: str = "numbers") -> str:
        finite = "" if self.endless or (self.least > -INF and self.most < INF) else "finite "
        words = [f"{finite}{what}" + (f" in {self.unit}" if self.unit else "")]
        if self.least > -INF and self.most < INF:
            words.append(f"from {self.least:g} to {self.most:g}" + (", zero excluded" if self.above_zero else ""))
            return " ".join(words)
        if self.above_zero:
            words.append("above zero")
        elif self.least == 0:
            words.append("zero or more")
        return ", ".join(words)

    def _read(self, given: Any, name: str, molar_mass: float | None) -> Array:
        where = name or self.name

        def read(one: Any) -> float:
            if isinstance(one, str) or hasattr(one, "units"):
                return magnitude(one, self.unit, where=where, molar_mass=molar_mass)
            if one is None or isinstance(one, bool | np.bool_ | bytes):
                raise TypeError
            return float(one)

        try:
            if isinstance(given, str) or hasattr(given, "units"):
                if np.ndim(getattr(given, "magnitude", 0)):  # many of pint, of one unit
                    return np.asarray(given.magnitude, float) * read(type(given)(1, given.units))
                return np.asarray(read(given))
            plain = given if isinstance(given, np.ndarray) else None
            if plain is None and isinstance(given, int | float) and not isinstance(given, bool):
                return np.asarray(given, float)
            if plain is not None and plain.dtype.kind in "iuf":
                return plain.astype(float)
            if isinstance(given, dict | set | frozenset):
                raise TypeError
            each = np.asarray(given if np.ndim(given) == 0 or hasattr(given, "__array__") else list(given), object)
            return np.array([read(one) for one in each.ravel()], float).reshape(each.shape)
        except InputError:
            raise
        except (TypeError, ValueError, OverflowError) as problem:
            expected = self._expected() + (", or text with a unit" if self.unit else "")
            raise InputError(f"{_shown(given)} is given", where=where, expected=expected) from problem


VOLTAGE = Kind("voltage", "mV", -500, 500)  # beyond it no membrane of a cell holds
MAGNESIUM = Kind("magnesium", "mM", 0)
AGONIST = Kind("agonist", "µM", 0, endless=True)
CONCENTRATION = Kind("concentration", "µM", 0)
PLASMA = Kind("concentration in plasma", "ng/mL", 0, trace=1e-9)  # solvers leave such traces where nothing arrived yet
FREQUENCY = Kind("frequency", "Hz", 0, above_zero=True)
SHARE = Kind("share", "", 0, 1)
SECONDS = Kind("times", "s")
HOURS = Kind("times", "h")
WEIGHT = Kind("body weight", "kg", 0, above_zero=True)
NUMBER = Kind("number")


def rising(kind: Kind, given: Any, name: str = "") -> Array:
    """Times (t,), one at least, that do not decrease.

    Raises:
        InputError: they decrease, or are not times.

    >>> rising(HOURS, ["0 h", "30 min"])
    array([0. , 0.5])
    """
    when = kind.many(given, name)
    when = when if when.ndim else when[None]
    if when.ndim != 1 or (when[1:] < when[:-1]).any():
        raise InputError(
            "times are out of order", where=name, expected=f"a list of finite {kind.unit} that do not decrease"
        )
    return when


def count(given: Any, name: str, least: int = 1, most: int | None = None) -> int:
    """A whole number of things.

    Raises:
        InputError: no whole number, or one out of range.

    >>> count(3.0, "stimuli")
    3
    """
    try:
        whole = not isinstance(given, bool | str | bytes) and int(given) == given
    except (TypeError, ValueError, OverflowError):
        whole = False
    if not whole or given < least or (most is not None and given > most):
        upper = f"{least} or more" if most is None else f"from {least} to {most}"
        raise InputError(f"{_shown(given)} is given", where=name, expected=f"a whole number, {upper}")
    return int(given)


def yes(given: Any, name: str) -> bool:
    """A switch that is on or off.

    >>> yes("no", "leak")
    Traceback (most recent call last):
    ketalit.errors.InputError: leak: 'no' is given. Expected: True or False.
    """
    if not isinstance(given, bool | np.bool_):
        raise InputError(f"{_shown(given)} is given", where=name, expected="True or False")
    return bool(given)


def one_of(given: Any, known: Collection[str], what: str) -> str:
    """One of the words known.

    Raises:
        InputError: another one; the message names the nearest.

    >>> one_of("ketamin", ["ketamine"], "drug")
    Traceback (most recent call last):
    ketalit.errors.InputError: no drug is called “ketamin”. Expected: ketamine. Did you mean
    “ketamine”?
    """
    if not isinstance(given, str) or given not in known:
        hint = did_you_mean(given, known) if isinstance(given, str) else ""
        what = f"no {what} is called “{_shown(given, str)}”"
        if hint and len(known) > FEW:
            raise InputError(what + hint)
        apart = "; " if any("," in one for one in known) else ", "
        raise InputError(what, expected=apart.join(known), next_step=hint.replace(", did", "Did"))
    return given


def listed(given: Any, name: str, expected: str) -> tuple[Any, ...]:
    """What is in a list, a tuple or another iterable; a text alone stands for itself.

    >>> listed("grapefruit", "interactions", "names"), listed(["a", "a"], "interactions", "names")
    (('grapefruit',), ('a', 'a'))
    """
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise InputError(f"{_shown(given)} is given", where=name, expected=expected)
    return tuple(given)


def single(given: Any, name: str, expected: str) -> Any:
    """A value that is no list, as yet unread.

    Raises:
        InputError: it is a list, an array or another collection.
    """
    if not isinstance(given, Hashable) or isinstance(given, tuple):
        raise InputError(f"{_shown(given)} is given", where=name, expected=expected)
    return given


def together(**given: Array) -> None:
    """Look whether arrays broadcast.

    >>> together(voltage=np.zeros(2), magnesium=np.zeros(3))
    Traceback (most recent call last):
    ketalit.errors.InputError: voltage of shape (2,), magnesium of shape (3,) do not fit together. Expected: shapes that
    broadcast, such as (3, 1) and (2,).
    """
    if sum(one.ndim > 0 for one in given.values()) < 2:
        return
    try:
        np.broadcast_shapes(*(one.shape for one in given.values()))
    except ValueError:
        shapes = ", ".join(f"{name} of shape {one.shape}" for name, one in given.items() if one.ndim)
        raise InputError(
            f"{shapes} do not fit together", expected="shapes that broadcast, such as (3, 1) and (2,)"
        ) from None


def _shown(given: Any, how: Any = repr) -> str:
    """What was given, on one line and short."""
    text = " ".join(str(how(given)).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
