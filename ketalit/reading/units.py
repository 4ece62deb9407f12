"""Turn a dose as printed into the house's units, where that needs arithmetic only, and show the arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_MASS = r"(?:mg|µg|ug|mcg|microg|micrograms?|milligrams?|ng|g|µ(?=/))"
_PER_KG = (
    r"(?:/ ?kg(?: (?:of )?(?:body ?weight|bw|ideal body weight))?|\.kg-1| ?kg-1| ?kg\(-1\)| per (?:kg|"
    r"kilogram)(?: (?:of )?body ?weight)?)"
)
UNIT = (
    rf"(?:{_MASS}(?:/ ?\(kg[./ ]?(?:h|min)\)|{_PER_KG}(?:(?: ?/ ?| per | ?)(?:hour|hr|h|minute|min|day|d|"
    rf"24 ?h)\b(?:-1|\(-1\))?)?|"
    rf"(?: ?/ ?| per )(?:hour|hr|h|minute|min|day|d|24 ?h|ml)\b(?: per 70 ?kg| ?/ ?70 ?kg)?|/70 "
    rf"?kg(?:/h)?)?|%)(?![a-z])"
)
DOSE = re.compile(
    rf"(?<![\w.])(?<!group )(?<!groups )(?<!phase )"
    rf"({NUMBER}(?:(?: ?- ?| to |, | or | and | ?/ ?|, and |, or ){NUMBER})*) ?-?({UNIT})"
)

_TIMES = {
    "h": "hour",
    "hr": "hour",
    "hour": "hour",
    "min": "minute",
    "minute": "minute",
    "d": "day",
    "day": "day",
    "24h": "day",
    "24 h": "day",
}
_MASSES = {
    "µg": "microgram",
    "ug": "microgram",
    "mcg": "microgram",
    "microg": "microgram",
    "mg": "milligram",
    "ng": "nanogram",
    "µ": "microgram",  # "γ", the old sign
    "g": "gram",
}
BOLUS, RATE = "milligram / kilogram", "milligram / kilogram / hour"


@dataclass(frozen=True, slots=True)
class Normalised:
    """A dose in mg/kg (`field` "dose_mg_per_kg") or mg/kg/h, with the arithmetic; or why it has none."""

    field: str
    value: float | None
    note: str


@cache
def _registry() -> Any:
    import pint  # takes longer to import than a hundred abstracts to read

    return pint.UnitRegistry()


@cache
def factor(unit: str, target: str) -> float:
    """What one `unit` is in `target`.

    >>> round(factor("microgram / kilogram / minute", RATE), 3)
    0.06
    """
    return float(_registry().Quantity(1, unit).to(target).magnitude)


@cache
def parse_unit(unit: str) -> tuple[str, bool, bool, float]:
    """A printed unit as a pint unit, whether per body weight, whether per time, and the weight it names (kg, else 0).

    >>> parse_unit("µg/kg/min")
    ('microgram / kilogram / minute', True, True, 0.0)
    >>> parse_unit("mg/h per 70 kg")
    ('milligram / hour', False, True, 70.0)
    """
    mass = re.match(_MASS, unit)
    if mass is None:
        return "", False, False, 0.0
    name = _MASSES.get(mass.group(), "milligram" if mass.group().startswith("milli") else "microgram")
    rest = unit[mass.end() :]
    weight = 70.0 if "70" in rest else 0.0
    rest = re.sub(r"(?:per |/ ?)?70 ?kg", "", rest)
    per_kg = "kg" in rest or "kilogram" in rest
    rest = re.sub(r"kg|kilogram|body ?weight|ideal|bw|\bof\b|\(-?1\)|-1", " ", rest)
    time = re.search(r"24 ?h|hour|hr|h\b|minute|min\b|day|d\b", rest)
    parts = [name] + ["kilogram"] * per_kg + ([_TIMES[time.group()]] if time else [])
    return " / ".join(parts), per_kg, time is not None, weight


def normalise_dose(numbers: str, unit: str) -> Normalised:
    """A dose in the house's units.

    Args:
        numbers: the number or numbers as printed, in normal form ("0.5", "1 or 2").
        unit: the unit as printed, in normal form.

    >>> normalise_dose("10", "µg/kg/min")
    Normalised(field='dose_mg_per_kg_per_h', value=0.6, note='10 µg/kg/min x 0.06 = 0.6 mg/kg/h')
    >>> normalise_dose("25", "mg").note
    'body weight is not given, so mg cannot be put per kg'
    """
    if unit == "%":
        return Normalised("dose_mg_per_kg", None, "a strength (%), not a dose per body weight")
    if "ml" in unit:
        return Normalised("dose_mg_per_kg", None, f"a concentration ({unit}), not a dose per body weight")
    name, per_kg, per_time, weight = parse_unit(unit)
    field = "dose_mg_per_kg_per_h" if per_time else "dose_mg_per_kg"
    house = "mg/kg/h" if per_time else "mg/kg"
    if name.endswith("day"):
        return Normalised("dose_mg_per_kg", None, f"a daily amount ({unit}), neither one dose nor a rate of infusion")
    values = re.findall(NUMBER, numbers)
    if not name or len(values) != 1:
        return Normalised(field, None, f"{numbers} {unit} is more than one dose")
    if not per_kg and not weight:
        return Normalised(field, None, f"body weight is not given, so {unit} cannot be put per kg")
    target = RATE if per_time else BOLUS
    if per_kg:
        times = factor(name, target)
        shown = f"{numbers} {unit} x {times:.6g}"
    else:
        times = factor(f"{name} / kilogram", target) / weight
        shown = f"{numbers} {unit.partition(' per 70')[0]} x {times * weight:.6g} / {weight:g} kg"
    value = float(f"{float(values[0]) * times:.6g}")
    return Normalised(field, value, f"{shown} = {value:g} {house}" if times != 1 else f"{value:g} {house} as printed")
