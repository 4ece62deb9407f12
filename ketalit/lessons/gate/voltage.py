"""Current against voltage, with magnesium and the voltage to be moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Line, Picture, Points, draw
from ...figures import Panel as Axes
from ...models.receptor import current_voltage, unblocked
from ..control import Number
from ..drawing import Array, earlier, share_axis
from ..panel import Panel, Setting
from ..telling import minus, percent
from .common import MAGNESIUM, PRESETS, REST

_VOLTAGE = np.linspace(-100, 40, 141)


@dataclass(frozen=True, slots=True)
class Gate:
    """Current of one setting over all voltages, and at the voltage looked at; currents in pA for each nS."""

    magnesium: float
    voltage: float
    current: Array
    free: Array
    here: float
    free_here: float
    without: float  # the current there without magnesium

    @property
    def peak(self) -> float:
        """Voltage of the largest inward current, mV."""
        return float(_VOLTAGE[self.current.argmin()])


class MagnesiumGate(Panel):
    """Current against voltage, with magnesium and the membrane's voltage to be moved.

    >>> MagnesiumGate(magnesium=0).seen()
    'With 0 mM magnesium, 100 % of open channels are free of it at −70 mV, and 16.5 pA per nS flow inward.'
    """

    name = "gate"
    title = "Magnesium in the pore"
    notice = (
        "Follow the upper curve from right to left, once with magnesium and once without. Then look to the lower curve "
        "for the reason. Has it an edge anywhere?"
    )
    find = "the voltage at which the inward current is largest with 1 mM magnesium."
    limits = (
        "Magnesium is taken to be always in balance with the voltage, one ion in a pore, and never to pass through it. "
        "Glutamate and glycine are plentiful. Subunits differ: GluN2C and GluN2D are blocked less. The two constants "
        "were measured on cultured neurones at room temperature; the reversal potential (5 mV) comes from another "
        "laboratory, and others take 0 mV."
    )
    parameters = ("magnesium.half_block", "magnesium.slope", "membrane.reversal", "recording.glutamate")
    controls = (
        MAGNESIUM,
        Number(
            key="voltage", label="Voltage", unit="mV", value=REST, low=-100, high=40, step=1,
            about="Voltage of the membrane, inside against outside",
        ),
    )  # fmt: skip
    presets = PRESETS

    def compute(self, now: Setting) -> Gate:
        magnesium, voltage = now.magnesium, now.voltage
        here, without = current_voltage(voltage, magnesium=[magnesium, 0])
        return Gate(
            magnesium,
            voltage,
            current_voltage(_VOLTAGE, magnesium=magnesium),
            unblocked(_VOLTAGE, magnesium),
            float(here),
            float(unblocked(voltage, magnesium)),
            float(without),
        )

    def words(self, result: Gate) -> str:
        head = (
            f"With {result.magnesium:g} mM magnesium, {percent(result.free_here)} of open channels are free of it at "
            f"{result.voltage:g} mV, and "
        )
        if abs(result.here) < 0.005:
            return minus(f"{head}hardly any current flows.")
        way = "inward" if result.here < 0 else "outward"
        flows = f"{abs(result.here):.3g} pA per nS flow {way}."
        rest = f" Without magnesium it would be {abs(result.without):.3g}." if result.magnesium else ""
        return minus(f"{head}{flows}{rest}")

    def draw(self, result: Gate, before: Gate | None, words: str) -> Picture:
        current: list[Any] = []
        free: list[Any] = []
        if before and before.magnesium != result.magnesium:
            name = f"before: {before.magnesium:g} mM"
            current.append(earlier(_VOLTAGE, before.current, name))
            free.append(earlier(_VOLTAGE, before.free, name))
        name = f"{result.magnesium:g} mM magnesium"
        here = f"at {minus(f'{result.voltage:g}')} mV"
        current += [
            Line(_VOLTAGE, result.current, label=name),
            Points([result.voltage], [result.here], label=here, series=1, sizes=5),
        ]
        free += [
            Line(_VOLTAGE, result.free, label=name),
            Points([result.voltage], [result.free_here], label=here, series=1, sizes=5),
        ]
        drawn = np.concatenate([mark.y for mark in current if isinstance(mark, Line)])
        reach = Axis("Current (pA per nS); below zero: inward", limits=(1.1 * drawn.min(), 1.1 * drawn.max()))
        voltage = Axis("Voltage (mV)", limits=(-100, 40))
        return draw(
            [
                Axes(current, voltage, reach, height=220),
                Axes(free, voltage, share_axis("Open channels free of magnesium (%)"), height=90),
            ],
            title="Current through NMDA receptors against voltage",
            description=words,
            columns=1,
        )

    def data(self, result: Gate) -> pd.DataFrame:
        return pd.DataFrame(
            {"voltage_mV": _VOLTAGE, "current_pA_per_nS": result.current, "free_of_magnesium_share": result.free}
        )
