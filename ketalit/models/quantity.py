"""The edge where units are read: a quantity as people write it becomes a plain number in the unit that a model wants.

>>> magnitude("45 min", "h"), magnitude("0.5 µM", "ng/mL", molar_mass=237.73)
(0.75, 118.865)

Units of body weight are not cancelled: 0.5 mg/kg is a dose per body weight and never "0.00005 %".
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import Any

from ..errors import InputError

NUMBER = re.compile(r"\s*([+-−]?\s*(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(.*)", re.IGNORECASE | re.DOTALL)
_PER_SOME_KG = re.compile(r"(?:/|\bper\b)\s*(\d+(?:\.\d+)?)\s*(?:kg|kilograms?)\b")
_POWER = re.compile(r"(?<=[A-Za-zµμ])\s*\^?\s*[-−–](\d)\b")
_EXAMPLES = {
    "mg": '"35 mg" or "0.5 mg/kg"',
    "mg/kg": '"0.5 mg/kg"',
    "mg/h": '"7 mg/h"',
    "h": '"40 min"',
    "µM": '"0.5 µM"',
    "min": '"40 min"',
    "kg": '"70 kg"',
    "ng/mL": '"100 ng/mL"',
    "mg/kg/h": '"0.1 mg/kg/h"',
}


@cache
def _registry() -> Any:
    import pint  # takes a fifth of a second, which is paid only where text has to be read

    return pint.application_registry


@lru_cache(maxsize=1024)
def _unit(text: str) -> tuple[float, Any]:
    """A unit as written, as a factor and pint's unit: "mg/h per 70 kg" is 1/70 mg/h/kg."""
    factor, written = 1.0, text.strip()
    if weight := _PER_SOME_KG.search(written):
        factor = 1 / float(weight.group(1))
        written = written[: weight.start()] + "/kg" + written[weight.end() :]
    written = re.sub(r"\s*\bper\b\s*", "/", written)
    written, powers = _POWER.subn(r"**-\1", written)
    if powers:
        written = re.sub(r"(?<=\w)\s*[ ·⋅•×]\s*(?=[A-Za-zµμ])", "*", written)
    if re.search(r"\d", re.sub(r"^1\s*/|\*\*-?\d|\^-?\d", "", written)):
        raise InputError(f'"{text}" is not a unit', expected='a unit, such as "mg/kg" or "min"')
    try:
        return factor, _registry().parse_units(written)
    except Exception as problem:  # pint lets out its own errors and those of Python's tokenizer
        raise InputError(f'"{text}" is not a unit', expected='a unit, such as "mg/kg" or "min"') from problem


def _per_weight(unit: Any) -> bool:
    """Whether a unit is per body weight, that is, has kilograms (or grams) under the line."""
    registry = _registry()
    mass = registry.parse_units("kg").dimensionality
    return any(power < 0 and registry.parse_units(name).dimensionality == mass for name, power in unit._units.items())


def _kind(unit: Any) -> tuple[str, bool]:
    """What a unit measures; two units can be converted when this is the same."""
    return str(unit.dimensionality), _per_weight(unit)


def split(text: str) -> tuple[float, str]:
    """A number and its unit as written.

    Raises:
        InputError: when there is no number, more than one, or a decimal comma.

    >>> split(".5 mg/kg")
    (0.5, 'mg/kg')
    """
    found = NUMBER.fullmatch(text)
    if found is None:
        raise InputError(f'"{text}" does not begin with a number', expected='a number and a unit, such as "0.5 mg/kg"')
    rest = found.group(2).strip()
    if re.match(r"[,'’]\s?\d", rest):
        raise InputError(f'"{text}" has a comma in its number', expected='a point, such as "0.5 mg/kg"')
    if re.match(r"(?:[-–—]|to\b|x\b|±|(?!1\s*/)\d)", rest):
        raise InputError(f'"{text}" is more than one number', expected="one number and its unit")
    return float(found.group(1).replace(" ", "").replace("−", "-")), rest


def _without_noise(factor: float) -> float:
    """A factor such as 999.9999999999999 as the 1000 that it is."""
    short = float(f"{factor:.12g}")
    return short if math.isclose(factor, short, rel_tol=1e-14) else factor


@lru_cache(maxsize=1024)
def _factor(given: str, wanted: str, molar_mass: float | None) -> float:
    """What one `given` is in `wanted`."""
    times, unit = _unit(given)
    times_wanted, target = _unit(wanted)
    if _kind(unit) == _kind(target):
        return _without_noise(float(_registry().Quantity(times, unit).to(target).magnitude) / times_wanted)
    amount = _kind(_unit("mol/L")[1])
    strength = _kind(_unit("g/L")[1])
    if molar_mass is not None and (_kind(unit), _kind(target)) == (amount, strength):
        return _factor(given, "mol/L", None) * molar_mass * _factor("g/L", wanted, None)
    if molar_mass is not None and (_kind(unit), _kind(target)) == (strength, amount):
        return _factor(given, "g/L", None) / molar_mass * _factor("mol/L", wanted, None)
    hint = ""
    if given in {"m", "M"} and _kind(target) == _kind(_unit("min")[1]):
        hint = 'Write "min" for minutes, "month" for months'
    elif {_kind(unit), _kind(target)} == {amount, strength}:
        hint = "Amount and mass are joined by the molar mass"
    shown = f'"{given}"' if given else "a pure number"
    raise InputError(
        f"{shown} cannot be turned into {wanted or 'a pure number'}",
        expected=(f"a unit of the kind {wanted}" if wanted else "a number without a unit")
        + (f", such as {_EXAMPLES[wanted]}" if wanted in _EXAMPLES else ""),
        next_step=hint,
    )


def magnitude(value: Any, unit: str, *, where: str = "", molar_mass: float | None = None) -> float:
    """A quantity as a plain number in `unit`.

    Args:
        value: text with its unit ("0.5 mg/kg", "22.2 mg/h per 70 kg"), a pint quantity, or a number already in `unit`.
        unit: the unit wanted; "" for a pure number.
        where: what the quantity is, for the message when it cannot be used.
        molar_mass: in g/mol, where amount (µM) and mass (ng/mL) may stand for each other.

    Raises:
        InputError: no number, no or an unknown unit, or one of another kind. A dose per body weight and one that is
            not are of different kinds.

    >>> magnitude("22.2 mg/h per 70 kg", "mg/kg/h")
    0.3171428571428571
    >>> magnitude("40 m", "h", where="duration")
    Traceback (most recent call last):
    ketalit.errors.InputError: duration: "m" cannot be turned into h. Expected: a unit of the kind h, such as "40 min".
    Write "min" for minutes, "month" for months.
    """
    wanted = f"a number of {unit}" if unit else "a number"
    if isinstance(value, bool):
        raise InputError(f"{value} is not a quantity", where=where, expected=wanted)
    try:
        if isinstance(value, str):
            number, written = split(value)
            if not written and unit:
                raise InputError(f'"{value}" has no unit', expected=_EXAMPLES.get(unit, f'"{value.strip()} {unit}"'))
            result = number if written == unit else number * _factor(written, unit, molar_mass)
        elif hasattr(value, "magnitude"):
            result = float(value.magnitude) * _factor(f"{value.units:D}", unit, molar_mass)
        else:
            result = float(value)
    except InputError as problem:
        if not where:
            raise
        raise InputError(problem.what, where=where, expected=problem.expected, next_step=problem.next_step) from problem
    except (TypeError, ValueError) as problem:
        raise InputError(f"{value!r} is not a quantity", where=where, expected=wanted) from problem
    if not math.isfinite(result):
        raise InputError(f"{value} is not a finite number", where=where, expected=wanted)
    return result


def non_negative(value: Any, unit: str, *, where: str, molar_mass: float | None = None) -> float:
    """As `magnitude`, for quantities that cannot be below zero: doses, durations, concentrations.

    >>> non_negative("-5 min", "h", where="duration")
    Traceback (most recent call last):
    ketalit.errors.InputError: duration: -5 min is below zero. Expected: zero or more.
    """
    result = magnitude(value, unit, where=where, molar_mass=molar_mass)
    if result < 0:
        raise InputError(f"{value} is below zero", where=where, expected="zero or more")
    return result


def is_per_weight(value: Any) -> bool:
    """Whether a quantity is given per body weight.

    >>> is_per_weight("0.5 mg/kg"), is_per_weight("22.2 mg/h per 70 kg"), is_per_weight("35 mg")
    (True, True, False)
    """
    return isinstance(value, str) and _per_weight(_unit(split(value)[1])[1])


def _is_per_weight(value: Any, where: str) -> bool:
    try:
        return is_per_weight(value)
    except InputError as problem:
        raise InputError(problem.what, where=where, expected=problem.expected, next_step=problem.next_step) from problem


def amount_mg(dose: Any, weight_kg: float, *, where: str = "dose") -> float:
    """A dose in mg for a body weight; a plain number is mg.

    >>> amount_mg("0.5 mg/kg", 70), amount_mg("500 µg/kg", 70), amount_mg("28 mg", 70)
    (35.0, 35.0, 28.0)
    """
    if _is_per_weight(dose, where):
        return non_negative(dose, "mg/kg", where=where) * weight_kg
    return non_negative(dose, "mg", where=where)


def rate_mg_per_h(rate: Any, weight_kg: float, *, where: str = "rate of infusion") -> float:
    """A rate of infusion in mg/h for a body weight; a plain number is mg/h.

    >>> round(rate_mg_per_h("5 µg/kg/min", 70), 6), round(rate_mg_per_h("22.2 mg/h per 70 kg", 70), 6)
    (21.0, 22.2)
    """
    if _is_per_weight(rate, where):
        return non_negative(rate, "mg/kg/h", where=where) * weight_kg
    return non_negative(rate, "mg/h", where=where)


def micromolar(nanograms_per_ml: Any, molar_mass: float) -> Any:
    """ng/mL (number or array) as µM: c/M, M in g/mol.

    >>> round(micromolar(100, 237.73), 3)
    0.421
    """
    return nanograms_per_ml / molar_mass


def nanograms_per_ml(micromolar: Any, molar_mass: float) -> Any:
    """µM (number or array) as ng/mL: c M, M in g/mol.

    >>> nanograms_per_ml(1, 237.73)
    237.73
    """
    return micromolar * molar_mass
