"""A step of voltage while glutamate is there: how fast magnesium leaves and comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Line, Picture, Points, Rule, draw
from ...figures import Panel as Axes
from ...models import parameters_of
from ...models.receptor import course, scheme
from ..control import Number
from ..drawing import Array, earlier, share_axis
from ..panel import Panel, Setting
from ..telling import minus, percent
from .common import MAGNESIUM, REST

_STEP = 10, 40  # ms, a step of voltage begins and ends
_TIME = np.linspace(0, 60, 241)  # ms


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of voltage does; shares from 0 to 1.

    Attributes:
        free: of the open channels, those without magnesium.
        conducting: conductance as a share of what it would be without magnesium.
    """

    magnesium: float
    voltage: float
    time: float
    free: Array
    conducting: Array

    def at(self, time: float) -> tuple[float, float]:
        """`free` and `conducting` at a time, ms."""
        return float(np.interp(time, _TIME, self.free)), float(np.interp(time, _TIME, self.conducting))


class VoltageStep(Panel):
    """A step of voltage while glutamate is there: how fast magnesium leaves and comes back."""

    name = "step"
    title = "Magnesium leaves and comes back"
    notice = (
        "Press Play. At 10 ms the voltage steps up, at 40 ms it steps back. Compare how fast the share of free "
        "channels follows it, and how fast the conductance does."
    )
    find = "the voltage of the step at which about half of the open channels are free (time 39 ms, 1 mM magnesium)."
    limits = (
        "Ten states fitted to patches of rat cortical neurones (Kampa 2004): magnesium can also sit in closed "
        "channels, and there it leaves slowly. It opens so rarely that conductance is given "
        "as a share of what it would be without magnesium. Glutamate is held at 1 mM all the time."
    )
    parameters = (
        "gating.kampa2004.magnesium_binding_open",
        "gating.kampa2004.magnesium_unbinding_open",
        "gating.kampa2004.magnesium_depth",
        "recording.glutamate",
    )
    controls = (
        Number(
            key="time", label="Time", unit="ms", value=0, low=0, high=60, step=1, plays=True,
            about="The moment that is read; Play runs through it",
        ),
        Number(
            key="voltage", label="Voltage during the step", unit="mV", value=0, low=-100, high=60, step=5,
            about="From 10 to 40 ms; before and after it the membrane rests at −70 mV",
        ),
        MAGNESIUM,
    )  # fmt: skip

    def compute(self, now: Setting) -> Step:
        chosen = parameters_of()
        rest, up, bare = (
            scheme(
                glutamate=chosen.value("recording.glutamate"),
                voltage=voltage,
                magnesium=magnesium,
                gate="kampa2004",
                parameters=chosen,
            )
            for voltage, magnesium in ((REST, now.magnesium), (now.voltage, now.magnesium), (REST, 0))
        )
        begin, end = (at / 1000 for at in _STEP)
        found = course([(0, rest), (begin, up), (end, rest)], _TIME / 1000, start=rest.steady())
        opened = found.states[:, rest.states.index("O")]
        occupied = found.states[:, rest.states.index("OMg")]
        without = float(bare.conductance(bare.steady()))
        return Step(now.magnesium, now.voltage, now.time, opened / (opened + occupied), found.conductance / without)

    def words(self, result: Step) -> str:
        free, conducting = result.at(result.time)
        begin, end = _STEP
        voltage = result.voltage if begin <= result.time < end else REST
        return minus(
            f"At {result.time:g} ms the membrane is at {voltage:g} mV: of the open channels {percent(free)} are free "
            f"and {percent(1 - free)} hold magnesium. Conductance: {percent(conducting)} of that without magnesium."
        )

    def draw(self, result: Step, before: Step | None, words: str) -> Picture:
        free: list[Any] = []
        conducting: list[Any] = []
        if before and (before.voltage, before.magnesium) != (result.voltage, result.magnesium):
            name = minus(f"before: {before.voltage:g} mV, {before.magnesium:g} mM")
            free.append(earlier(_TIME, before.free, name))
            conducting.append(earlier(_TIME, before.conducting, name))
        past = result.time >= _TIME
        now_free, now_conducting = result.at(result.time)
        free += [
            Line(_TIME, result.free, label="free of magnesium"),
            Line(_TIME, 1 - result.free, label="with magnesium in the pore", series=1),
            Points([result.time], [now_free], sizes=5),
            Points([result.time], [1 - now_free], series=1, sizes=5),
            Rule(x=result.time),
        ]
        conducting += [
            Line(_TIME, result.conducting, series=2, dash="", faint=True),
            Line(_TIME[past], result.conducting[past], series=2, dash="", label="conductance so far"),
            Points([result.time], [now_conducting], series=2, sizes=5),
            Rule(x=result.time),
        ]
        voltage = [
            Line(
                [0, *(_STEP[0],) * 2, *(_STEP[1],) * 2, 60], [REST, REST, *(result.voltage,) * 2, REST, REST], ink="ink"
            ),
            Rule(x=result.time),
        ]
        time = Axis("Time (ms)", limits=(0, 60))
        return draw(
            [
                Axes(voltage, Axis(limits=(0, 60)), Axis("Voltage (mV)", limits=(-100, 60)), height=56),
                Axes(free, Axis(limits=(0, 60)), share_axis("Open channels (%)"), height=92),
                Axes(conducting, time, share_axis("Conductance (% of that without magnesium)"), height=92),
            ],
            title="A step of voltage in glutamate",
            description=words,
            columns=1,
        )

    def data(self, result: Step) -> pd.DataFrame:
        return pd.DataFrame(
            {"time_ms": _TIME, "open_and_free_share": result.free, "conductance_share": result.conducting}
        )
