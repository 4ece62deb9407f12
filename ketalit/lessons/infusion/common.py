"""The models of lesson 4, and how its panels tell doses, levels and times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ...figures.mechanism.reading import digits, duration
from ...models.pharmacokinetics import MODELS, Form, Kinetics, LeftOut

FASTEST = 2.0  # mg/kg/h, the highest of the slider
WEIGHT = 70.0  # kg; of whoever gets the doses of the first two panels

ALL = "all models"

ADULTS = tuple(key for key, model in MODELS.items() if not model.for_children)
BY_LABEL = {MODELS[key].label: key for key in ADULTS}
SERIES = {key: at for at, key in enumerate(ADULTS)}  # a model has the same colour in every panel

KINETICS = tuple(f"pharmacokinetics.{name}" for name in (
    "domino1984.central_volume", "domino1984.elimination", "clements1981.central_volume", "clements1981.elimination",
    "otto2021.central_volume", "otto2021.clearance", "perezruixo2021.central_volume",
    "perezruixo2021.liver_elimination", "simons2022.central_volume", "simons2022.clearance",
))  # fmt: skip


def read_at(one: Any, hours: float, what: str = "ketamine") -> float:
    """What a course holds at a time; `what`: "ketamine" (in plasma) or "effect_site", ng/mL."""
    return float(np.interp(hours, one.times_h, getattr(one, what)))


def nanograms(value: float) -> str:
    """A concentration in ng/mL.

    >>> nanograms(293.6), nanograms(1.234)
    ('294', '1.2')
    """
    return digits(value, 3 if value >= 100 else 2)


def milligrams(value: float) -> str:
    """mg with three digits that count, or all of them before the point.

    >>> milligrams(1680.2), milligrams(24.5), milligrams(0)
    ('1680', '24.5', '0')
    """
    return f"{value:.0f}" if value >= 100 else digits(value)


def durations(found: Iterable[float]) -> str:
    """Hours as people say them, with one unit for both ends where that reads well.

    >>> durations([0.27, 1.25]), durations([5, 20.2]), durations([1.91, 11.03])
    ('16 to 75 min', '5 to 20 h', '1.9 to 11 h')
    """
    hours = sorted(found)
    low, high = duration(hours[0]), duration(hours[-1])
    if high.endswith(" h") and hours[0] >= 1:
        low = f"{digits(hours[0], 2)} h"
    same = low.split()[1] == high.split()[1]
    return low if low == high else f"{low.split()[0] if same else low} to {high}"


def without(left_out: Sequence[LeftOut]) -> str:
    """Which models were left out, and why."""
    reasons: dict[str, list[str]] = {}
    for one in left_out:
        reasons.setdefault(one.reason, []).append(one.label)
    return " ".join(f"Without {', '.join(those)}: {reason}." for reason, those in reasons.items())


def fitted_to(found: Kinetics) -> str:
    """Which form and which blood each model was fitted to."""
    groups: dict[str, list[str]] = {}
    for one in found.models:
        blood = f", {one.sampling} blood" if one.sampling != "not stated" else ""
        form = "S-ketamine" if one.form == Form.S else f"{one.form} ketamine"
        groups.setdefault(f"{form}{blood}", []).append(one.label)
    return "Fitted to " + "; ".join(f"{what}: {', '.join(those)}" for what, those in groups.items()) + "."
