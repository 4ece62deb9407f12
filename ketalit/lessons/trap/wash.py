"""Block by a drug and agonist, and what is left of it after washing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, ErrorBars, Line, Picture, Points, draw
from ...figures import Panel as Axes
from ...figures.diagram import percent
from ...figures.mechanism.reading import capital
from ...models import parameters_of
from ...models.receptor import Scheme, course, pulse_train, scheme
from ..control import Choice, Number, Switch
from ..drawing import Array, earlier, share_axis
from ..panel import Panel, Preset, Setting
from ..telling import minus
from .common import BLOCKERS, DRUGS, GATING, PLENTY, RECORDED, ROOM, WIDE

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
        ROOM + "Drug 10 µM for 30 s; a pulse is 1 ms of 1 mM glutamate. The rates come from human GluN2A, the measured "
        "point from rat cortical neurones, where 10 µM of either drug blocked about 80 % of the current. The slow "
        "escape through the shut gate is fitted to the block left after 2 min: what it says of later times is "
        "extrapolated, and entry by the same way is left out. Others saw memantine lose its part within seconds."
    )
    parameters = (
        "ketamine.trapped",
        "memantine.trapped",
        "trapping.washout",
        "trapping.coapplication",
        *BLOCKERS,
        *GATING,
        "pulse.glutamate",
        "pulse.duration",
    )
    controls = (
        Choice(key="drug", label="Drug", value="ketamine", options=DRUGS, about="Which blocker is in the bath"),
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
            scheme(glutamate=glutamate, concentration=_CONCENTRATION, drug=now.drug, **RECORDED)
            for glutamate in (PLENTY, 0.0)
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
                **RECORDED,
            )
            out_s, blocked = train.times, train.blocked
        else:
            quiet = scheme(glutamate=0, drug=now.drug, leak=now.leak, **RECORDED)
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
            entering.append(earlier(before.in_s, before.blocked, label, dash="3 3"))
            if not before.never:
                leaving.append(earlier(*_until(before), label, dash="3 3"))
        entering.append(Line(result.in_s, result.blocked, label=result.protocol))
        if not result.never:
            leaving.append(Line(*_until(result), label=result.protocol))
            if result.as_recorded:
                leaving += _measured(now.drug)
            leaving.append(Points([now.minutes], [result.left], label="here", series=1))  # inside the diamond
        return draw(
            [
                Axes(entering, Axis("Time with the drug (s)", limits=(0, _DRUG_S)), share_axis("Channels blocked (%)")),
                Axes(leaving, Axis("Time of wash (min)", limits=(0, _WASH_MIN)), share_axis("Block that is left (%)")),
            ],
            title="What stays in the pore",
            subtitle=minus(f"{_CONCENTRATION:g} µM, -70 mV, no magnesium"),
            description=words,
            width=WIDE,
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


def _until(result: Washed) -> tuple[list[float], list[float]]:
    """The curve of the wash as far as it has gone, min and shares."""
    shown = result.out_min < result.setting.minutes
    return [*result.out_min[shown], result.setting.minutes], [*result.kept[shown], result.left]


def _measured(drug: str) -> list[Any]:
    """The block left after the washout of Mealing 1999, with its standard error."""
    share, error = _stays(drug)
    when = parameters_of().value("trapping.washout") / 60
    return [
        ErrorBars([when], [share - error], [share + error], ink="ink"),
        Points([when], [share], label="measured", ink="ink", shape="diamond", hollow=True, sizes=8),
    ]


def _stays(drug: str) -> tuple[float, float]:
    """The share of block that stayed for two minutes without agonist, and its standard error."""
    chosen = parameters_of()
    error = chosen[f"{drug}.trapped"].se
    return chosen.value(f"{drug}.trapped"), error if isinstance(error, float) else 0.0
