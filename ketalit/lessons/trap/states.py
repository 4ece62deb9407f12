"""A receptor through four steps of its bath, with the share of channels in each state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Arrow, Axis, Box, Line, Picture, Region, Rule, diagram, draw
from ...figures import Panel as Axes
from ...figures.diagram import percent
from ...figures.mechanism import states
from ...figures.mechanism.reading import digits
from ...models.receptor import Scheme, course, scheme
from ..control import Choice, Number
from ..drawing import Array, share_axis
from ..panel import Panel, Setting
from ..telling import minus
from .common import BLOCKERS, GATING, PLENTY, ROOM, VOLTAGE, WIDE

_END = 45.0
_PHASES = (
    (0.0, "drug alone", 0.0, 1.0),
    (5.0, "agonist and drug", PLENTY, 1.0),
    (15.0, "wash: neither", 0.0, 0.0),
    (25.0, "agonist alone", PLENTY, 0.0),
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
        ROOM + "Gating has five states and is the same with and without the drug inside (symmetric trapping); the four "
        "boxes are the ten states added up. Magnesium is left out, and so is any passage through the shut gate."
    )
    parameters = (*BLOCKERS[:3], *GATING)
    controls = (
        Number(
            key="time", label="Time", unit="s", value=4, low=0, high=_END, step=0.5, plays=True,
            about="0 s drug alone; 5 s agonist and drug; 15 s neither; 25 s agonist alone",
        ),
        Number(
            key="concentration", label="Ketamine", unit="µM", value=3, low=0, high=30, step=0.5,
            about="Free ketamine in the bath, until 15 s",
        ),
        VOLTAGE,
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
        subtitle = minus(f"{now.time:g} s, {result.phase[1]} ({now.concentration:g} µM ketamine, {now.voltage:g} mV)")
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
        return draw(
            Axes(marks, Axis("Time (s)", limits=(0, _END)), share_axis("Share of all channels (%)", 1.1)),
            title=self.title,
            subtitle=subtitle,
            description=words,
            width=WIDE,
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
