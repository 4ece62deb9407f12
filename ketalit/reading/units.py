"""Turn a dose as printed into the house's units, where that needs arithmetic only, and show the arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_MASS = r"(?:mgs?|µ ?gr?|ug|mug|mcg|micro ?g(?:rams?)?|milligrams?|ng|g)"
_TIME = r"(?:hours?|hrs?|h|minutes?|mins?|days?|d|24 ?h(?:ours?|rs?)?)"
_BODY = r"(?: (?:of )?(?:ideal |lean |total )?(?:body ?(?:weight|mass)|bw))?"
_TIMES_SIGN = r"(?: ?[.·⋅•*x] ?| )?"  # what stands between the parts of "mg x kg-1 x h-1"
_POWER = r" ?\.?(?:\^?-1|\( ?\^?-1 ?\)|\[-1\])"
_PER_KG = rf"(?:(?: ?/ ?| per )(?:kg|kilogram)(?:{_POWER})?|{_TIMES_SIGN}kg{_POWER}|\.kg){_BODY}"
_PER_TIME = rf"(?:(?: ?/ ?| per |(?<=kg)[ .·⋅]){_TIME}\b(?:{_POWER})?|{_TIMES_SIGN}{_TIME}{_POWER})"
_PER_70 = r"(?: per 70 ?kg| ?/ ?70 ?kg)"
_PER_OTHER = rf"(?:(?: ?/ ?| per )(?:ml\b|l\b|dl\b|m2\b|m ?\(2\))|{_TIMES_SIGN}ml{_POWER})"
UNIT = (
    rf"(?:(?:{_MASS}|µ(?= ?/))(?:/ ?\(kg[./ x·⋅]*{_TIME}\)|{_PER_KG}{_PER_TIME}?|{_PER_TIME}{_PER_KG}|"
    rf"{_PER_70}{_PER_TIME}?|(?:{_PER_TIME}|{_PER_OTHER}){_PER_70}?)?|%)"
    r"(?![a-z])"
)
DOSE = re.compile(
    rf"(?<![\w.])(?<!group )(?<!groups )(?<!phase )"
    rf"({NUMBER}(?:(?: ?- ?| to |, | or | and | ?/ ?|, and |, or ){NUMBER})*) ?-?({UNIT})"
)

_TIMES = {"h": "hour", "m": "minute", "d": "day", "2": "day"}  # by the first letter; "24 h" is a day
_SHORT = {"hour": "h", "minute": "min", "day": "day", "kilogram": "kg", "microgram": "µg", "milligram": "mg"} | {
    "gram": "g",
    "nanogram": "ng",
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

    return pint.application_registry


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
    mass = re.match(rf"{_MASS}|µ", unit)
    if mass is None:
        return "", False, False, 0.0
    prefix = mass.group()[:2]
    name = {"mg": "milligram", "ng": "nanogram", "g": "gram"}.get(prefix, "microgram")
    if mass.group().startswith("milli"):
        name = "milligram"
    rest = unit[mass.end() :]
    weight = 70.0 if "70" in rest else 0.0
    rest = re.sub(rf"{_PER_70}|body.*|bw", "", rest)
    per_kg = "kg" in rest or "kilogram" in rest
    rest = re.sub(r"kilogram|kg|per|ideal|lean|total|of", " ", rest)
    time = re.search(r"24 ?h|hour|hr|min|day|h|d", rest)
    parts = [name] + ["kilogram"] * per_kg + ([_TIMES[time.group()[0]]] if time else [])
    return " / ".join(parts), per_kg, time is not None, weight


@cache
def plain_unit(unit: str) -> str:
    """A printed unit in one spelling.

    >>> plain_unit("microg x kg-1 x min-1"), plain_unit("mg per hour per 70 kg"), plain_unit("mg.ml-1")
    ('µg/kg/min', 'mg/h/70 kg', 'mg/ml')
    """
    if unit == "%":
        return unit
    if strength := re.search(r"\b(?:ml\b|dl\b|l\b|m2\b|m ?\(2\))", unit):
        return (
            plain_unit(unit[: strength.start()].rstrip("per/ .·⋅•*x"))
            + "/"
            + re.sub(r" ?\((2)\)", r"\1", strength.group())
        )
    name, _, _, weight = parse_unit(unit)
    return "/".join(_SHORT[part] for part in name.split(" / ")) + (f"/{weight:g} kg" if weight else "")


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
    if re.search(r"\b(?:ml|dl|l)\b", unit):
        return Normalised("dose_mg_per_kg", None, f"a concentration ({unit}), not a dose per body weight")
    if re.search(r"m ?\(?2", unit):
        return Normalised("dose_mg_per_kg", None, f"per body surface ({unit}), not per body weight")
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
        shown = f"{numbers} {re.sub(_PER_70, '', unit)} x {times * weight:.6g} / {weight:g} kg"
    value = float(f"{float(values[0]) * times:.6g}")
    return Normalised(field, value, f"{shown} = {value:g} {house}" if times != 1 else f"{value:g} {house} as printed")
