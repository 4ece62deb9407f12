"""A dose as it is printed, brought to mg/kg and mg/kg/h by arithmetic; or why it cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...reading.units import BOLUS, RATE, factor, normalise_dose, parse_unit

AT_ONCE = 10 / 60
"""Hours up to which an amount counts as an injection, which has no rate: ours; the bundled table does the same."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose brought to the table's units, or why it cannot be.

    Attributes:
        given: as it was printed.
        rate: mg/kg/h, or None.
        total: mg/kg, at once or in all, or None.
        how_rate, how_total: the arithmetic; or why there is none.
        as_rate: it was printed as a rate, so that its total is a product and not what the report says.
    """

    given: str
    rate: float | None
    total: float | None
    how_rate: str
    how_total: str
    as_rate: bool = False


def per_kg(amount: float, unit: str, weight: float) -> tuple[float | None, str, bool]:
    """An amount per body weight in the table's units, how it was got (or why not), and whether it is a rate.

    Args:
        amount, unit: as printed.
        weight: of the body, kg; 0 where the report does not say.

    >>> per_kg(25, "mg/h", 70)
    (0.357143, '25 mg/h / 70 kg = 0.357 mg/kg/h', True)
    >>> per_kg(25, "mg/h", 0)
    (None, 'body weight is not given, so mg/h cannot be put per kg', True)
    """
    found = normalise_dose(f"{amount:g}", unit)
    is_rate = found.field == "dose_mg_per_kg_per_h"
    name, has_kg, _, named = parse_unit(unit)
    if found.value is not None or not weight or has_kg or named or not name or "body weight" not in found.note:
        return found.value, _rounded(found.note.replace(" x 1 / ", " / ")), is_rate
    if "strength" in found.note or "concentration" in found.note:
        return None, found.note, is_rate
    value = float(f"{amount * factor(f'{name} / kilogram', RATE if is_rate else BOLUS) / weight:.6g}")
    house = "mg/kg/h" if is_rate else "mg/kg"
    return value, f"{amount:g} {unit} / {weight:g} kg = {value:.3g} {house}", is_rate


def _rounded(note: str) -> str:
    """Arithmetic with a result that is no longer than can be read.

    >>> _rounded("22.2 mg/h / 70 kg = 0.317143 mg/kg/h")
    '22.2 mg/h / 70 kg = 0.317 mg/kg/h'
    """
    return re.sub(r"(?<== )\d+\.\d{4,}", lambda found: f"{float(found[0]):.3g}", note)


def dose_of(amount: float, unit: str, hours: float, weight: float) -> Dose:
    """A dose as rate and as total; `hours` and `weight` are 0 where the report does not give them.

    >>> dose_of(0.5, "mg/kg", 2 / 3, 0).rate
    0.75
    """
    value, how, is_rate = per_kg(amount, unit, weight)
    given = f"{amount:g} {unit}"
    if value is None:
        return Dose(given, None, None, how, how)
    if is_rate:
        if not hours:
            return Dose(given, value, None, how, "the length of the infusion is not given", is_rate)
        total = value * hours
        return Dose(
            given, value, total, how, f"{value:.3g} mg/kg/h x {hours:.3g} h = {total:.3g} mg/kg in all", is_rate
        )
    if not hours:
        return Dose(given, None, value, "over what time it was given is not said", how)
    if hours <= AT_ONCE:
        return Dose(given, None, value, f"given within {60 * hours:.0f} min it is an injection, which has no rate", how)
    rate = value / hours
    return Dose(given, rate, value, f"{value:.3g} mg/kg / {hours:.3g} h = {rate:.3g} mg/kg/h", how)
