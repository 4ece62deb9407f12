"""Whom the chain of lesson 5 is computed for, what its panels offer alike, and how they tell ranges and pain."""

from __future__ import annotations

from ...errors import InputError
from ...figures.mechanism.reading import digits, duration
from ...models.parameters import parameters_of
from ...models.pharmacokinetics import MODELS, Route, Schedule, regimen
from ...models.receptor.pore import RECEPTORS
from ..control import Choice
from ..infusion.common import BY_LABEL
from ..infusion.published import published
from ..panel import Preset
from ..telling import between, minus

DAY = 24.0  # h


def model_choice() -> Choice:
    """Which kinetic model."""
    return Choice(
        key="model",
        label="Kinetics by",
        value=MODELS["otto2021"].label,
        options=tuple(BY_LABEL),
        about="The published model of plasma",
    )


def receptor_choice() -> Choice:
    """Which NMDA receptor."""
    about = "Which NMDA receptor; the human one and the rat's four were measured in different laboratories"
    return Choice(key="receptor", label="Receptor", value="GluN2B", options=RECEPTORS, about=about)


def infusions() -> tuple[Preset, ...]:
    """The published infusions of lesson 4 that go into a vein, each with its source."""
    return tuple(
        Preset(one.name, {key: one.settings[key] for key in ("rate", "length", "days")}, one.source, one.url)
        for one in published()
        if one.settings["route"] == Route.INTRAVENOUS
    )


def every_day(rate: float, length: float, days: int) -> Schedule:
    """The same infusion (mg/kg/h, h) on so many days.

    Raises:
        InputError: one would still run when the next begins.
    """
    if days > 1 and length > DAY:
        raise InputError(f"Infusions of {duration(length)} would overlap when one begins every day.")
    return regimen(f"{rate} mg/kg/h", length, every="24 h", times=days)


def two(value: float) -> str:
    """A number with two digits that count.

    >>> two(0.233), two(1)
    ('0.23', '1')
    """
    return digits(value, 2)


def percents(low: float, high: float) -> str:
    """Two shares as one range of per cent.

    >>> percents(0.0438, 0.0917), percents(0.5, 0.5)
    ('4.4 to 9.2 %', '50 %')
    """
    return f"{between((100 * low, 100 * high), two)} %"


def _cm(value: float) -> str:
    """A change of pain, with its sign.

    >>> _cm(-3.52), _cm(0.55), _cm(-0.01)
    ('−3.5', '+0.6', '0.0')
    """
    text = f"{value:+.1f}"
    return "0.0" if float(text) == 0 else minus(text)


def on_scale(value: float) -> str:
    """A change of pain in cm, or that the line of its model has left the scale.

    >>> on_scale(-3.7), on_scale(-48.3)
    ('−3.7 cm', 'off its scale')
    """
    scale: float = parameters_of().value("response.linear.scale")
    return f"{_cm(value)} cm" if abs(value) <= scale else "off its scale"
