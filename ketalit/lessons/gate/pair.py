"""One input releases glutamate, another depolarises: the receptor answers to both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Line, Picture, Region, Rule, Words, draw
from ...figures import Panel as Axes
from ...models import parameters_of
from ...models.receptor import course, scheme
from ..control import Number
from ..drawing import Array, earlier
from ..panel import Panel, Setting
from ..telling import minus
from .common import MAGNESIUM, PRESETS, REST

_WINDOW = np.arange(-100, 301.0)  # ms from the release of glutamate
_LASTS = 50  # ms of depolarisation by the second input


@dataclass(frozen=True, slots=True)
class Meeting:
    """Glutamate with a depolarisation and without; currents in pA for each nS."""

    magnesium: float
    voltage: float
    delay: float
    both: Array
    alone: Array

    @property
    def charge(self) -> tuple[float, float]:
        """What flows in, with both and with glutamate alone, fC for each nS."""
        return float(-np.trapezoid(self.both, _WINDOW)), float(-np.trapezoid(self.alone, _WINDOW))


class PairedInput(Panel):
    """One input releases glutamate, another depolarises: the receptor answers to both together."""

    name = "pair"
    title = "Two inputs that meet"
    notice = (
        "Compare the current of both inputs with that of glutamate alone, while you move the second input from before "
        "glutamate to after it. Then take the magnesium away."
    )
    find = "the depolarisation that lets in most charge with 1 mM magnesium. Compare it with the first panel."
    limits = (
        "The membrane is clamped: the second input holds it at one voltage for 50 ms. In a neurone the current itself "
        "would depolarise further. Magnesium follows the voltage at once, glutamate is a pulse of 1 mM for 1 ms, and "
        "calcium is not counted apart from the rest."
    )
    parameters = (
        "magnesium.half_block",
        "magnesium.slope",
        "membrane.reversal",
        "pulse.glutamate",
        "pulse.duration",
        "gating.destexhe1996.opening",
        "gating.destexhe1996.closing",
        "gating.destexhe1996.unbinding",
    )
    controls = (
        Number(
            key="voltage", label="The second input depolarises to", unit="mV", value=-40, low=REST, high=20, step=5,
            about="For 50 ms; −70 mV is no depolarisation",
        ),
        Number(
            key="delay", label="Depolarisation begins after glutamate by", unit="ms", value=10, low=-100, high=200,
            step=10, about="Below zero: the depolarisation comes first",
        ),
        MAGNESIUM,
    )  # fmt: skip
    presets = PRESETS

    def compute(self, now: Setting) -> Meeting:
        chosen = parameters_of()
        pulse, lasts = chosen.value("pulse.glutamate"), 1000 * chosen.value("pulse.duration")
        held = {
            (glutamate, voltage): scheme(
                glutamate=glutamate, voltage=voltage, magnesium=now.magnesium, parameters=chosen
            )
            for glutamate in (0.0, pulse)
            for voltage in (REST, now.voltage)
        }

        def current(depolarised: tuple[float, float]) -> Array:
            first, last = depolarised
            begins = sorted({_WINDOW[0], 0.0, lasts, first, last})
            steps = [
                (
                    (at - _WINDOW[0]) / 1000,
                    held[pulse if 0 <= at < lasts else 0.0, now.voltage if first <= at < last else REST],
                )
                for at in begins
            ]
            voltage = np.where((first <= _WINDOW) & (last > _WINDOW), now.voltage, REST)
            found = course(steps, (_WINDOW - _WINDOW[0]) / 1000)
            return np.asarray(found.conductance * (voltage - chosen.value("membrane.reversal")))

        both = current((float(now.delay), float(now.delay) + _LASTS))
        return Meeting(now.magnesium, now.voltage, now.delay, both, current((0.0, 0.0)))

    def words(self, result: Meeting) -> str:
        both, alone = result.charge
        if both > 0:
            met = f"{both:.0f} fC per nS flow in, {both / alone:.1f} times as much."
        else:
            met = f"{-both:.0f} fC per nS flow out: the voltage drives it so."
        return minus(
            f"Glutamate alone lets {alone:.0f} fC per nS in; with depolarisation to {result.voltage:g} mV from "
            f"{result.delay:g} ms, {met} Depolarisation alone lets nothing in: no channel is open."
        )

    def draw(self, result: Meeting, before: Meeting | None, words: str) -> Picture:
        marks: list[Any] = [
            Region(x=(result.delay, result.delay + _LASTS), label=minus(f"held at {result.voltage:g} mV"), ink="s4"),
            Rule(x=0, ink="ink"),
            Words(0, None, "glutamate", anchor="end", dx=-5),
        ]
        if before and before.both is not result.both:
            marks.append(earlier(_WINDOW, before.both, "both, before"))
        marks += [
            Line(_WINDOW, result.alone, label="glutamate alone", series=1),
            Line(_WINDOW, result.both, label="glutamate and depolarisation"),
        ]
        return draw(
            Axes(
                marks,
                Axis("Time after the release of glutamate (ms)", limits=(-100, 300)),
                Axis("Current (pA per nS); below zero: inward", zero=True),
                height=240,
            ),
            title="Current through NMDA receptors when two inputs meet",
            subtitle=f"{result.magnesium:g} mM magnesium; rest at −70 mV",
            description=words,
        )

    def data(self, result: Meeting) -> pd.DataFrame:
        return pd.DataFrame(
            {"time_ms": _WINDOW, "both_pA_per_nS": result.both, "glutamate_alone_pA_per_nS": result.alone}
        )
