"""Lesson 2: a drug that enters the open channel and is shut in."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..figures import Arrow, Axis, Box, ErrorBars, Line, Picture, Points, Region, Rule, diagram, draw
from ..figures import Panel as Axes
from ..figures.diagram import percent
from ..figures.mechanism import states, stories
from ..figures.mechanism.reading import capital, crossing, digits
from ..models import parameters_of
from ..models.receptor import (
    Contrast,
    Scheme,
    contrasts,
    course,
    half_block,
    open_probability,
    pulse_train,
    scheme,
)
from .control import Choice, Number, Switch
from .panel import Panel, Preset, Setting

Array = np.ndarray[Any, Any]

_PLENTY = 1000.0  # µM glutamate, saturating
_RECORDED: dict[str, Any] = {"voltage": -70.0, "magnesium": 0.0}  # as in the recordings of block and recovery
_DRUGS = ("ketamine", "memantine")
_WIDE = 560.0  # px; small enough that letters stay large on a projector

_BLOCKERS = (
    "ketamine.half_block.human_GluN2A",
    "ketamine.unbinding",
    "ketamine.electrical_distance",
    "memantine.half_block.human_GluN2A",
    "memantine.unbinding",
    "memantine.electrical_distance",
)
_GATING = tuple(
    f"gating.destexhe1996.{rate}"
    for rate in ("binding", "unbinding", "opening", "closing", "desensitisation", "recovery")
)
_ROOM = "Rates come from different cells, mostly at room temperature. "


def _minus(text: str) -> str:
    return text.replace("-", "−")


# --- washing out -------------------------------------------------------------------------------------------------

_GIVEN = {"all the time": 0.0, "1 pulse per second": 1.0, "1 pulse in 10 s": 10.0, "none": math.inf}  # s between pulses
_DRUG_S, _WASH_MIN = 30.0, 15.0
_CONCENTRATION = 10.0  # µM


@dataclass(frozen=True, slots=True)
class Washed:
    """Block while the drug is there, and after it."""

    setting: Setting
    in_s: Array
    blocked: Array
    out_min: Array
    kept: Array
    left: float

    @property
    def never(self) -> bool:
        """No channel was blocked, so nothing can be washed out."""
        return not self.blocked[-1] > 0

    @property
    def protocol(self) -> str:
        """Drug and agonist in a few words."""
        rate = self.setting.rate
        wash = f"{rate:g} Hz in the wash" if rate else "no agonist in the wash"
        return f"{self.setting.drug}, {wash}"

    @property
    def as_recorded(self) -> bool:
        """Agonist with the drug all the time and none in the wash, as where the measured point comes from."""
        return self.setting.given == "all the time" and not self.setting.rate


class Wash(Panel):
    """Block by a drug and agonist, and what is left of it after washing with or without agonist.

    >>> Wash(minutes=10).seen().split(". ")[1]
    'After 10 min of wash without agonist 57 % of that block is left'
    """

    name = "wash"
    title = "In by use, out by use"
    notice = "Left: the drug is there. Right: it is gone from the bath, but is it gone from the channel?"
    find = "the block left after 10 min of wash: without agonist, and with pulses at 0.1 Hz."
    limits = (
        _ROOM
        + "Drug 10 µM for 30 s; a pulse is 1 ms of 1 mM glutamate. The rates come from human GluN2A, the measured "
        "point from rat cortical neurones, where 10 µM of either drug blocked about 80 % of the current. The slow "
        "escape through the shut gate is fitted to the block left after 2 min: what it says of later times is "
        "extrapolated, and entry by the same way is left out. Others saw memantine lose its part within seconds."
    )
    parameters = (
        "ketamine.trapped",
        "memantine.trapped",
        "trapping.washout",
        "trapping.coapplication",
        *_BLOCKERS,
        *_GATING,
        "pulse.glutamate",
        "pulse.duration",
    )
    controls = (
        Choice(key="drug", label="Drug", value="ketamine", options=_DRUGS, about="Which blocker is in the bath"),
        Choice(
            key="given", label="Agonist with the drug", value="all the time", options=tuple(_GIVEN),
            about="Glutamate during the 30 s with the drug",
        ),
        Number(
            key="rate", label="Agonist pulses in the wash", unit="Hz", value=0, low=0, high=2, step=0.05,
            about="Pulses of glutamate per second during the wash; 0 lets the synapse rest",
        ),
        Number(
            key="minutes", label="Time of wash", unit="min", value=2, low=0, high=_WASH_MIN, step=0.5, plays=True,
            about="How long the drug has been gone from the bath",
        ),
        Switch(
            key="leak", label="Slow escape through the shut gate", value=True,
            about="A small way out that explains why a little less than all of the block stays",
        ),
    )  # fmt: skip
    presets = (
        Preset(
            "2 min, no agonist (as recorded)", {}, "Mealing 1999, PMID 9862772",
            "https://pubmed.ncbi.nlm.nih.gov/9862772/",
        ),
        Preset("10 min, no agonist", {"minutes": 10}),
        Preset("10 min, pulses at 0.1 Hz", {"minutes": 10, "rate": 0.1}),
        Preset("drug without agonist", {"given": "none"}),
    )  # fmt: skip

    def compute(self, now: Setting) -> Washed:
        given = _GIVEN[now.given]
        agonist, alone = (
            scheme(glutamate=glutamate, concentration=_CONCENTRATION, drug=now.drug, **_RECORDED)
            for glutamate in (_PLENTY, 0.0)
        )
        steps: list[tuple[float, Scheme]] = [(0.0, alone if math.isinf(given) else agonist)]
        if 0 < given < math.inf:
            pulse = parameters_of().value("pulse.duration")
            steps = [
                step
                for at in np.arange(0.0, _DRUG_S, given)
                for step in ((float(at), agonist), (float(at + pulse), alone))
            ]
        in_s = np.linspace(0, _DRUG_S, 121)
        drugged = course(steps, in_s)
        out_s, start = np.linspace(0, 60 * _WASH_MIN, 181), drugged.states[-1]
        if now.rate:
            train = pulse_train(
                now.rate,
                int(60 * _WASH_MIN * now.rate) + 1,
                concentration=0,
                drug=now.drug,
                leak=now.leak,
                start=start,
                **_RECORDED,
            )
            out_s, blocked = train.times, train.blocked
        else:
            quiet = scheme(glutamate=0, drug=now.drug, leak=now.leak, **_RECORDED)
            blocked = course([(0, quiet)], out_s, start).blocked
        kept = blocked / blocked[0] if blocked[0] > 0 else np.zeros_like(blocked)
        return Washed(now, in_s, drugged.blocked, out_s / 60, kept, float(np.interp(60 * now.minutes, out_s, kept)))

    def words(self, result: Washed) -> str:
        now = result.setting
        given = {"none": "without agonist", "all the time": "with agonist all the time"}.get(
            now.given, f"with {now.given}"
        )
        if result.never:
            return f"{capital(now.drug)} for 30 s {given} blocks no channel, so there is nothing to wash out."
        wash = f"with pulses at {now.rate:g} Hz" if now.rate else "without agonist"
        said = (
            f"{capital(now.drug)}, {given}, blocks {percent(result.blocked[-1])} of channels. "
            f"After {now.minutes:g} min of wash {wash} {percent(result.left)} of that block is left."
        )
        if result.as_recorded:
            stays = _stays(now.drug)
            said += f" Measured after 2 min: {100 * stays[0]:.0f} ± {100 * stays[1]:.0f} %."
        return said

    def draw(self, result: Washed, before: Washed | None, words: str) -> Picture:
        now = result.setting
        entering: list[Any] = []
        leaving: list[Any] = []
        if before and {**before.setting, "minutes": 0} != {**now, "minutes": 0}:  # later is no other protocol
            label = f"before: {before.protocol}"
            entering.append(Line(before.in_s, before.blocked, label=label, ink="muted", dash="3 3"))
            if not before.never:
                leaving.append(_until(before, ink="muted", dash="3 3", label=label))
        entering.append(Line(result.in_s, result.blocked, label=result.protocol))
        if not result.never:
            leaving.append(_until(result, label=result.protocol))
            leaving.append(Points([now.minutes], [result.left], label="here", series=1, sizes=5))
            if result.as_recorded:
                leaving += _measured(now.drug)
        return draw(
            [
                Axes(entering, Axis("Time with the drug (s)", limits=(0, _DRUG_S)), _shares("Channels blocked (%)")),
                Axes(leaving, Axis("Time of wash (min)", limits=(0, _WASH_MIN)), _shares("Block that is left (%)")),
            ],
            title="What stays in the pore",
            subtitle=_minus(f"{_CONCENTRATION:g} µM, -70 mV, no magnesium"),
            description=words,
            width=_WIDE,
            height=190,
        )

    def data(self, result: Washed) -> pd.DataFrame:
        return pd.concat(
            [
                pd.DataFrame({"phase": "drug", "time_s": result.in_s, "channels_blocked": result.blocked}),
                pd.DataFrame({"phase": "wash", "time_s": 60 * result.out_min, "share_of_block_left": result.kept}),
            ],
            ignore_index=True,
        )


def _shares(label: str) -> Axis:
    return Axis(label, limits=(0, 1), percent=True)


def _until(result: Washed, **look: Any) -> Line:
    """The curve of the wash as far as it has gone."""
    shown = result.out_min < result.setting.minutes
    return Line([*result.out_min[shown], result.setting.minutes], [*result.kept[shown], result.left], **look)


def _measured(drug: str) -> list[Any]:
    """The block left after the washout of Mealing 1999, with its standard error."""
    share, error = _stays(drug)
    when = parameters_of().value("trapping.washout") / 60
    return [
        ErrorBars([when], [share - error], [share + error], ink="ink"),
        Points([when], [share], label="measured", ink="ink", shape="diamond", hollow=True, sizes=5),
    ]


def _stays(drug: str) -> tuple[float, float]:
    """The share of block that stayed for two minutes without agonist, and its standard error."""
    chosen = parameters_of()
    error = chosen[f"{drug}.trapped"].se
    return chosen.value(f"{drug}.trapped"), error if isinstance(error, float) else 0.0


# --- state by state ----------------------------------------------------------------------------------------------

_END = 45.0
_PHASES = (
    (0.0, "drug alone", 0.0, 1.0),
    (5.0, "agonist and drug", _PLENTY, 1.0),
    (15.0, "wash: neither", 0.0, 0.0),
    (25.0, "agonist alone", _PLENTY, 0.0),
)  # start in s, what is in the bath, glutamate in µM, share of the drug
_SHOWN = ("four states", "ten states with rates", "over time")
_LUMPS = {"C": ("C0", "C1", "C2", "D"), "O": ("O",), "OB": ("OK",), "CB": ("C0K", "C1K", "C2K", "DK")}
_TIMES = np.linspace(0, _END, 181)


@dataclass(frozen=True, slots=True)
class Moment:
    """The states at one time, and over all times."""

    setting: Setting
    phase: tuple[float, str, float, float]
    scheme: Scheme
    occupancy: Array
    lumps: Mapping[str, float]
    over_time: Mapping[str, Array]


class Trap(Panel):
    """A receptor through four steps of its bath, with the share of channels in each state.

    >>> Trap(time=20).seen().split(". ")[2]
    'Blocked altogether: 77 %.'
    """

    name = "trap"
    title = "The trap, state by state"
    notice = "The drug goes in and out by the open channel only. An arrow is drawn when its way is open."
    find = "the first moment at which channels are blocked, and the share that is trapped at 20 s."
    limits = (
        _ROOM
        + "Gating has five states and is the same with and without the drug inside (symmetric trapping); the four "
        "boxes are the ten states added up. Magnesium is left out, and so is any passage through the shut gate."
    )
    parameters = (*_BLOCKERS[:3], *_GATING)
    controls = (
        Number(
            key="time", label="Time", unit="s", value=4, low=0, high=_END, step=0.5, plays=True,
            about="0 s drug alone; 5 s agonist and drug; 15 s neither; 25 s agonist alone",
        ),
        Number(
            key="concentration", label="Ketamine", unit="µM", value=3, low=0, high=30, step=0.5,
            about="Free ketamine in the bath, until 15 s",
        ),
        Number(
            key="voltage", label="Voltage", unit="mV", value=-70, low=-100, high=60, step=5,
            about="Voltage of the membrane, inside against outside",
        ),
        Choice(key="shown", label="Picture", value=_SHOWN[0], options=_SHOWN, about="How the states are drawn"),
    )  # fmt: skip

    def compute(self, now: Setting) -> Moment:
        schemes = [
            scheme(glutamate=glutamate, concentration=share * now.concentration, voltage=now.voltage, magnesium=0)
            for _, _, glutamate, share in _PHASES
        ]
        steps = [(phase[0], one) for phase, one in zip(_PHASES, schemes, strict=True)]
        place = max(at for at, phase in enumerate(_PHASES) if phase[0] <= now.time)
        names = schemes[0].states
        found = course(steps, _TIMES).states if now.shown == "over time" else np.empty((0, len(names)))
        here = course(steps, [now.time]).states[0]
        lumped = {name: [names.index(one) for one in members] for name, members in _LUMPS.items()}
        return Moment(
            now,
            _PHASES[place],
            schemes[place],
            here,
            {name: float(here[places].sum()) for name, places in lumped.items()},
            {name: found[:, places].sum(axis=1) for name, places in lumped.items()},
        )

    def words(self, result: Moment) -> str:
        share = {name: percent(value) for name, value in result.lumps.items()}
        return (
            f"{result.setting.time:g} s, {result.phase[1]}. Closed {share['C']}, open {share['O']}, open with the drug "
            f"inside {share['OB']}, closed with the drug inside {share['CB']}. "
            f"Blocked altogether: {percent(result.lumps['OB'] + result.lumps['CB'])}."
        )

    def draw(self, result: Moment, before: Moment | None, words: str) -> Picture:
        now = result.setting
        subtitle = _minus(f"{now.time:g} s, {result.phase[1]} ({now.concentration:g} µM ketamine, {now.voltage:g} mV)")
        if now.shown == "ten states with rates":
            return states(result.scheme, result.occupancy, subtitle=subtitle)
        if now.shown == "over time":
            return self._over_time(result, subtitle, words)
        return _four(result, subtitle, words)

    def _over_time(self, result: Moment, subtitle: str, words: str) -> Picture:
        called = {"O": "O open", "OB": "OB plugged", "CB": "CB trapped"}
        ends = [*(phase[0] for phase in _PHASES[1:]), _END]
        marks: list[Any] = [
            Region((phase[0], end), name=phase[1], ink="s2" if phase[2] else "muted")
            for phase, end in zip(_PHASES, ends, strict=True)
        ]
        marks += [
            Line(_TIMES, result.over_time[name], label=label, series=at)
            for at, (name, label) in enumerate(called.items())
        ]
        marks.append(Rule(x=result.setting.time, ink="ink"))
        y = Axis("Share of all channels (%)", limits=(0, 1.1), percent=True)
        return draw(
            Axes(marks, Axis("Time (s)", limits=(0, _END)), y),
            title=self.title,
            subtitle=subtitle,
            description=words,
            width=_WIDE,
            height=210,
        )

    def data(self, result: Moment) -> pd.DataFrame:
        return pd.DataFrame(
            {"time_s": result.setting.time, "state": result.scheme.states, "share_of_channels": result.occupancy}
        )


def _four(result: Moment, subtitle: str, words: str) -> Picture:
    """Closed, open, and both with the drug inside; an arrow stands where a channel can go now."""
    _, _, agonist, _ = result.phase
    rate, names = result.scheme.matrix, result.scheme.states
    entering, leaving = (float(rate[names.index(end), names.index(start)]) for start, end in (("O", "OK"), ("OK", "O")))
    boxes = [
        Box(label, *place, filled=result.lumps[name], series=series)
        for name, label, place, series in (
            ("C", "C closed", (0, 0), 0),
            ("O", "O open", (1, 0), 0),
            ("OB", "OB plugged", (1, 1), 1),
            ("CB", "CB trapped", (0, 1), 1),
        )
    ]
    arrows = [Arrow("O open", "C closed", "gate shuts"), Arrow("OB plugged", "CB trapped", "gate shuts")]
    if agonist:
        arrows += [Arrow("C closed", "O open", "gate opens"), Arrow("CB trapped", "OB plugged", "gate opens")]
    if entering:
        arrows.append(Arrow("O open", "OB plugged", f"in {digits(entering, 2)} /s", "s1"))
    arrows.append(Arrow("OB plugged", "O open", f"out {digits(leaving, 2)} /s", "s1"))
    return diagram(
        boxes,
        arrows,
        title="In and out by the open channel only",
        subtitle=subtitle,
        description=words,
        note="The gate opens only with agonist; without it, the way back from CB is closed.",
        width=460,
        row_height=110,
    )


# --- half block --------------------------------------------------------------------------------------------------

_VOLTAGE = np.linspace(-100, 60, 81)
_CONCENTRATIONS = np.geomspace(0.01, 1000, 61)


@dataclass(frozen=True, slots=True)
class Half:
    """IC50 over voltage, and at the voltage looked at: settled, and as read at a moment."""

    setting: Setting
    over_voltage: Array
    settled: float
    read: float | None
    left: Array
    opened: float

    @property
    def lowest(self) -> float:
        """Voltage at which the settled IC50 is lowest, mV."""
        return float(_VOLTAGE[self.over_voltage.argmin()])


class HalfBlock(Panel):
    """IC50 against voltage and magnesium, and as it is read when channels have not been open for long enough.

    >>> HalfBlock().seen().split(". ")[0]
    'Ketamine at −70 mV with 0 mM magnesium: settled IC50 0.71 µM, lowest at −100 mV'
    """

    name = "ic50"
    title = "One drug, many IC50s"
    notice = "Voltage and magnesium move the settled IC50; reading too early moves only what you read."
    find = "the IC50 at −70 and −20 mV without magnesium; the voltage of the lowest one in 1 mM."
    limits = (
        _ROOM
        + "One blocker per pore (Hill coefficient 1; 0.84 was measured), human GluN2A, magnesium always in balance and "
        "simply in the way. A second, slower site at which ketamine makes opening rarer is left out."
    )
    parameters = ("magnesium.half_block", "magnesium.slope", *_BLOCKERS, *_GATING)
    controls = (
        Number(
            key="voltage", label="Voltage", unit="mV", value=-70, low=-100, high=60, step=5,
            about="Voltage of the membrane, inside against outside",
        ),
        Number(
            key="magnesium", label="Magnesium outside", unit="mM", value=0, low=0, high=4, step=0.1,
            about="Free magnesium outside the cell; about 1 mM in the body",
        ),
        Choice(key="drug", label="Drug", value="ketamine", options=_DRUGS, about="Which blocker"),
        Number(
            key="glutamate", label="Glutamate", unit="µM", value=1000, low=0.5, high=1000, log=True,
            about="How much agonist holds the channels open part of the time",
        ),
        Number(
            key="after", label="Read after", unit="s", value=60, low=0.5, high=300, log=True,
            about="How long drug and agonist have been there when the current is read",
        ),
    )  # fmt: skip
    presets = (
        Preset(
            "as recorded on human GluN2A", {}, "Gilling 2009, PMID 19371579",
            "https://pubmed.ncbi.nlm.nih.gov/19371579/",
        ),
        Preset("at rest in 1 mM magnesium", {"magnesium": 1}),
        Preset("read too early: 3 s, 1 µM glutamate", {"glutamate": 1, "after": 3}),
    )  # fmt: skip

    def compute(self, now: Setting) -> Half:
        place: dict[str, Any] = {"magnesium": now.magnesium, "drug": now.drug}
        held = scheme(
            glutamate=now.glutamate, voltage=now.voltage, concentration=np.concatenate([[0], _CONCENTRATIONS]), **place
        )
        current = course([(0, held)], [now.after]).conductance[:, 0]
        left = current[1:] / current[0]
        voltages = half_block(now.drug, voltage=np.append(_VOLTAGE, now.voltage), magnesium=now.magnesium)
        return Half(
            now,
            voltages[:-1],
            float(voltages[-1]),
            crossing(_CONCENTRATIONS, left, 0.5, ratio=True),
            left,
            float(open_probability(now.glutamate)),
        )

    def words(self, result: Half) -> str:
        now = result.setting
        read = f"{digits(result.read, 2)} µM" if result.read else "not reached below 1000 µM"
        return _minus(
            f"{capital(now.drug)} at {now.voltage:g} mV with {now.magnesium:g} mM magnesium: settled IC50 "
            f"{digits(result.settled, 2)} µM, lowest at {result.lowest:g} mV. Read after {digits(now.after, 2)} s with "
            f"{digits(now.glutamate, 2)} µM glutamate (channels open {percent(result.opened)} of the time): {read}."
        )

    def draw(self, result: Half, before: Half | None, words: str) -> Picture:
        now = result.setting
        over: list[Any] = []
        curves: list[Any] = [Rule(y=0.5, name="half")]
        if before and before.setting != now:
            over.append(Line(_VOLTAGE, before.over_voltage, label="before", ink="muted", dash="3 3"))
            curves.append(Line(_CONCENTRATIONS, before.left, label="before", ink="muted", dash="3 3"))
        over.append(Line(_VOLTAGE, result.over_voltage, label="settled"))
        over.append(Points([now.voltage], [result.settled], label="settled, here", sizes=5))
        curves.append(Line(_CONCENTRATIONS, 1 / (1 + _CONCENTRATIONS / result.settled), label="settled"))
        curves.append(Line(_CONCENTRATIONS, result.left, label=f"read after {digits(now.after, 2)} s", series=1))
        if result.read:
            over.append(Points([now.voltage], [result.read], label="as read, here", series=1, sizes=5))
            curves.append(Points([result.read], [0.5], label="as read, here", series=1, sizes=5))
        return draw(
            [
                Axes(over, Axis("Voltage (mV)", limits=(-100, 60)), Axis("IC50 (µM)", "log", limits=(0.1, 1000))),
                Axes(curves, Axis("Free concentration (µM)", "log", limits=(0.01, 1000)), _shares("Current left (%)")),
            ],
            title="IC50 belongs to the conditions as much as to the drug",
            subtitle=_minus(f"{now.drug}, {now.magnesium:g} mM magnesium, right: at {now.voltage:g} mV"),
            description=words,
            width=_WIDE,
            height=190,
        )

    def data(self, result: Half) -> pd.DataFrame:
        return pd.concat(
            [
                pd.DataFrame({"voltage_mV": _VOLTAGE, "settled_IC50_uM": result.over_voltage}),
                pd.DataFrame({"concentration_uM": _CONCENTRATIONS, "share_of_current_left": result.left}),
            ],
            ignore_index=True,
        )


# --- wrong stories -----------------------------------------------------------------------------------------------

_ALL = "all four"
_EXPERIMENTS = ("more agonist", "depolarisation", "drug without agonist", "washout without agonist", _ALL)
_STORIES = {"trapped": "The trap", "competitive": "in place of glutamate", "shuts": "keeps it shut"}


class Stories(Panel):
    """Three stories of how ketamine blocks, and what each says of four experiments.

    >>> Stories().seen().split(". ")[1]
    'The trap: 58 %, 58 %; in place of glutamate: 28 %, <0.1 %; keeps it shut: 56 %, 52 %'
    """

    name = "stories"
    title = "Three stories, four experiments"
    notice = "The stories share one affinity. Which of them survives each recording?"
    find = "the share of the block that each story keeps after two minutes of wash without agonist."
    limits = (
        _ROOM + "The two wrong stories are drawn up for teaching, each to differ from the right one in one thing. "
        "No magnesium, no passage through the shut gate, no second site."
    )
    parameters = (*_BLOCKERS[:3], "ketamine.trapped", "trapping.washout", *_GATING)
    controls = (
        Choice(
            key="experiment", label="Experiment", value=_EXPERIMENTS[0], options=_EXPERIMENTS, about="What is done"
        ),
        Number(
            key="concentration", label="Ketamine", unit="µM", value=1, low=0.1, high=10, step=0.1,
            about="Free ketamine",
        ),
        Number(
            key="voltage", label="Depolarise to", unit="mV", value=40, low=-70, high=60, step=5,
            about="For the experiment “depolarisation”; elsewhere −70 mV",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> tuple[Contrast, ...]:
        found = contrasts(concentration=now.concentration, voltage=now.voltage)
        return tuple(one for one in found if now.experiment in (one.experiment, _ALL))

    def words(self, result: tuple[Contrast, ...]) -> str:
        if len(result) > 1:
            told = "; ".join(f"{one.experiment} {', '.join(map(percent, one.outcome['trapped']))}" for one in result)
            return f"What the story of the trap says: {told}. Choose one experiment to read all three stories."
        (one,) = result
        told = "; ".join(f"{_STORIES[name]}: {', '.join(map(percent, one.outcome[name]))}" for name in _STORIES)
        conditions = ", ".join(one.conditions)
        return (
            _minus(f"{capital(one.experiment)} ({conditions}), {one.measured}. ")
            + f"{told}. Recordings: {re.sub(r'(?<=[0-9])%', ' %', one.observed)}."
        )

    def draw(self, result: tuple[Contrast, ...], before: Any, words: str) -> Picture:
        return stories(result).at(_WIDE)

    def data(self, result: tuple[Contrast, ...]) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"experiment": one.experiment, "condition": condition, "story": name, one.measured: share}
                for one in result
                for name, shares in one.outcome.items()
                for condition, share in zip(one.conditions, shares, strict=True)
            ]
        )
