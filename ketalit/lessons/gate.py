"""Lesson 1: magnesium in the pore. Current against voltage; a step of voltage in time; two inputs that meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..figures import Axis, Line, Picture, Points, Region, Rule, Words, draw
from ..figures import Panel as Axes
from ..models import parameters_of
from ..models.receptor import course, current_voltage, scheme, unblocked
from .control import Number
from .panel import Panel, Preset, Setting

Array = np.ndarray[Any, Any]

REST = -70  # mV, the voltage of a resting neurone in all panels
_VOLTAGE = np.linspace(-100, 40, 141)
_STEP = 10, 40  # ms, a step of voltage begins and ends
_TIME = np.linspace(0, 60, 241)  # ms
_WINDOW = np.arange(-100, 301.0)  # ms from the release of glutamate
_LASTS = 50  # ms of depolarisation by the second input

_MCKEE = "McKee JA et al. Crit Care Med 2005;33(3), DOI 10.1097/01.CCM.0000156293.35868.B2 (ionised magnesium)"
_HUANG = "Neuroscience 1987;22(1):9–16, PMID 2888050 (guinea-pig hippocampal slices)"
_NOWAK = "Nowak L et al. Nature 1984;307:462–5"
_MAGNESIUM_PRESETS = (
    Preset("no magnesium in the bath", {"magnesium": 0}, _NOWAK, "https://doi.org/10.1038/307462a0"),
    Preset("low-magnesium slice, 0.1 mM", {"magnesium": 0.1}, _HUANG, "https://pubmed.ncbi.nlm.nih.gov/2888050/"),
    Preset(
        "human cerebrospinal fluid, 0.8 mM", {"magnesium": 0.8}, _MCKEE,
        "https://doi.org/10.1097/01.CCM.0000156293.35868.B2",
    ),
)  # fmt: skip


def _magnesium(high: float) -> Number:
    return Number(
        key="magnesium", label="Magnesium outside", unit="mM", value=1.0, low=0, high=high, step=0.1,
        about="Free magnesium outside the cell; 0 is a bath without it",
    )  # fmt: skip


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
        "With magnesium the upper curve bends back: the further below −30 mV, the less current flows, although the "
        "voltage drives it harder. The lower curve says why. It has no edge anywhere."
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
        _magnesium(4),
        Number(
            key="voltage", label="Voltage", unit="mV", value=REST, low=-100, high=40, step=1,
            about="Voltage of the membrane, inside against outside",
        ),
    )  # fmt: skip
    presets = _MAGNESIUM_PRESETS

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
            current.append(Line(_VOLTAGE, before.current, label=name, ink="muted", dash="5 3"))
            free.append(Line(_VOLTAGE, before.free, label=name, ink="muted", dash="5 3"))
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
                Axes(
                    free, voltage, Axis("Open channels free of magnesium (%)", limits=(0, 1), percent=True), height=90
                ),
            ],
            title="Current through NMDA receptors against voltage",
            description=words,
            columns=1,
        )

    def data(self, result: Gate) -> pd.DataFrame:
        return pd.DataFrame(
            {"voltage_mV": _VOLTAGE, "current_pA_per_nS": result.current, "free_of_magnesium_share": result.free}
        )


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
        "Press Play. At 10 ms the voltage steps up, at 40 ms it steps back. The open channels trade their magnesium in "
        "a fraction of a millisecond; the conductance leaps, then creeps. No receptor is made or lost."
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
        _magnesium(4),
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
            free.append(Line(_TIME, before.free, label=name, ink="muted", dash="5 3"))
            conducting.append(Line(_TIME, before.conducting, label=name, ink="muted", dash="5 3"))
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
        share = (0, 1)
        return draw(
            [
                Axes(voltage, Axis(limits=(0, 60)), Axis("Voltage (mV)", limits=(-100, 60)), height=56),
                Axes(free, Axis(limits=(0, 60)), Axis("Open channels (%)", limits=share, percent=True), height=92),
                Axes(
                    conducting,
                    time,
                    Axis("Conductance (% of that without magnesium)", limits=share, percent=True),
                    height=92,
                ),
            ],
            title="A step of voltage in glutamate",
            description=words,
            columns=1,
        )

    def data(self, result: Step) -> pd.DataFrame:
        return pd.DataFrame(
            {"time_ms": _TIME, "open_and_free_share": result.free, "conductance_share": result.conducting}
        )


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
        "Glutamate alone opens channels that magnesium keeps blocked; depolarisation alone finds no channel open. Only "
        "together, and in the right order, do they let much current in. Then take the magnesium away."
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
        _magnesium(4),
    )  # fmt: skip
    presets = _MAGNESIUM_PRESETS

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
            marks.append(Line(_WINDOW, before.both, label="both, before", ink="muted", dash="5 3"))
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


def minus(text: str) -> str:
    """Minus signs before numbers in place of hyphens.

    >>> minus("at -70 mV, low-dose")
    'at −70 mV, low-dose'
    """
    return "".join(
        "−" if one == "-" and following.isdigit() and not before.isalnum() else one
        for before, one, following in zip(" " + text, text, text[1:] + " ", strict=False)
    )


def percent(share: float) -> str:
    """A share of 1 in per cent, with more digits close to either end.

    >>> percent(0.0444), percent(0.003), percent(0.977), percent(0.9991), percent(0)
    ('4 %', '0.3 %', '98 %', '99.91 %', '0 %')
    """
    if 0.995 <= share < 1:
        return f"{100 * share:.4g} %"
    return f"{100 * share:.0f} %" if share >= 0.00995 or share <= 0 else f"{100 * share:.2g} %"
