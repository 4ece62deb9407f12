"""A train in which a share of the NMDA conductance is blocked, from the start or from some stimulus on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Picture, Region, draw
from ...figures import Panel as Axes
from ...figures.mechanism.windup import fast_map_limits
from ...models.windup import Curve, wind_up
from ..control import Number
from ..drawing import Array, earlier
from ..panel import Panel, Preset, Setting
from .common import (
    ACROSS,
    FASTEST_FITTED,
    GUIRIMAND,
    MODEL,
    OMITS,
    SITE,
    SITES,
    STIMULI,
    STIMULUS,
    SURROGATE,
    blocked_rate,
    few,
    full_model_points,
    full_run,
    line_with_points,
    rate_slider,
)

_DEXTROMETHORPHAN = ("Price DD et al. Pain 1994;59:165–74", "https://doi.org/10.1016/0304-3959(94)90069-8")


@dataclass(frozen=True, slots=True)
class Blocked:
    """A train with block of NMDA receptors, and the same without.

    Attributes:
        blocked: share of the NMDA conductance, 0 to 1.
        begin: the first stimulus that finds it blocked.
        where: in words.
        rate: Hz.
        spikes, without: (15,).
        run: of the full model in the same condition, or None.
    """

    blocked: float
    begin: int
    where: str
    rate: float
    spikes: Array
    without: Array
    run: Curve | None

    @property
    def stretched(self) -> bool:
        """The fit of the map does not cover this setting."""
        return self.rate > FASTEST_FITTED or (self.blocked > 0 and (self.begin > 1 or self.rate != blocked_rate()))


class BlockedTrain(Panel):
    """A train in which a share of the NMDA conductance is blocked, from the start or from some stimulus on.

    >>> BlockedTrain(blocked=0).seen()[:60]
    'Nothing is blocked. At 1 Hz the responses go from 3.4 spikes'
    """

    name = "blocked"
    title = "Block before the train, and within it"
    notice = (
        "Hold the two curves against each other at the first stimulus and at the last. Then let the block begin at "
        "stimulus 9: what falls at once, and what only fades? Then block one neurone instead of all."
    )
    find = (
        "how much must be blocked everywhere, before a train at 1 Hz, so that the last response is no larger than the "
        "first response without block."
    )
    limits = (
        f"{OMITS} Block is a share of conductance that is switched off at once; ketamine arrives over minutes and "
        "binds over seconds (lesson 2). The model is too sensitive: here the first response shrinks with the rest; in "
        "people it stayed (references 3 and 4). With all NMDA receptors taken from the wide-dynamic-range neurone and "
        "its AMPA input raised instead, the full model goes from 4 to 5 spikes: the first response is kept and the "
        "wind-up gone. Block was fitted at 1 Hz and from the first stimulus alone; broken lines are "
        "extrapolated, and no run of the full model tells how well."
    )
    parameters = SURROGATE
    sources = (MODEL, GUIRIMAND, _DEXTROMETHORPHAN)
    controls = (
        Number(
            key="blocked", label="NMDA conductance blocked", unit="%", value=20, low=0, high=100, step=5,
            about="0 is no drug",
        ),
        Number(
            key="begin", label="Blocked from stimulus", unit="", value=1, low=1, high=STIMULI, step=1,
            about="1: before the train begins",
        ),
        SITE,
        rate_slider("Block was fitted at 1 Hz alone; at other rates it is extrapolated"),
    )  # fmt: skip
    presets = (
        Preset("drug before the train (the share is ours)", {"blocked": 20, "begin": 1}, *GUIRIMAND),
        Preset("drug when wind-up is there", {"blocked": 20, "begin": 9}),
        Preset(
            "half blocked, one neurone only",
            {"blocked": 50, "site": "only at the wide-dynamic-range neurone"}, *MODEL,
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> Blocked:
        share, begin, site = now.blocked / 100, round(now.begin), SITES[now.site]
        spikes = wind_up(1 - share, site=site, frequency=now.rate, stimuli=STIMULI, from_stimulus=begin)
        run = full_run(now.rate, 1 - share, site) if begin == 1 else None
        without = wind_up(frequency=now.rate, stimuli=STIMULI)
        return Blocked(share, begin, now.site, now.rate, spikes, without, run)

    def words(self, result: Blocked) -> str:
        if not result.blocked:
            return (
                f"Nothing is blocked. At {result.rate:g} Hz the responses go from {result.without[0]:.1f} spikes to "
                f"{result.without[-1]:.1f}."
            )
        at = result.begin - 1
        ran = f" The full model gave {result.run.spikes[0]} and {result.run.spikes[-1]}." if result.run else ""
        return (
            f"With {100 * result.blocked:g} % blocked {result.where}, from stimulus {result.begin} on, at "
            f"{result.rate:g} Hz: stimulus {result.begin} evokes {few(result.spikes[at])} spikes instead of "
            f"{result.without[at]:.1f}, the last {few(result.spikes[-1])} instead of {result.without[-1]:.1f}.{ran}"
            + (" Extrapolated." if result.stretched else "")
        )

    def draw(self, result: Blocked, before: Blocked | None, words: str) -> Picture:
        marks: list[Any] = []
        if result.blocked:
            marks.append(Region(x=(result.begin - 0.5, STIMULI + 0.5), name="blocked", ink="s3"))
        if before and not np.array_equal(before.spikes, result.spikes):
            name = f"before: {100 * before.blocked:g} % from stimulus {before.begin}, {before.rate:g} Hz"
            marks.append(earlier(STIMULUS, before.spikes, name))
        marks += line_with_points(result.without, "without block", series=1, dashed=result.rate > FASTEST_FITTED)
        name = f"{100 * result.blocked:g} % blocked" + (", extrapolated" if result.stretched else "")
        marks += line_with_points(result.spikes, name, dashed=result.stretched)
        if result.run:
            marks.append(full_model_points(result.run, f"full model, {100 * result.blocked:g} % blocked"))
        return draw(
            Axes(marks, ACROSS, Axis("Spikes evoked by each stimulus", zero=True), height=230),
            title="Block of NMDA receptors and wind-up",
            subtitle=f"Blocked {result.where}; {result.rate:g} Hz",
            description=words,
            note=fast_map_limits(),
        )

    def data(self, result: Blocked) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "stimulus": STIMULUS,
                "spikes": result.spikes,
                "spikes_without_block": result.without,
                "spikes_of_full_model": result.run.spikes if result.run else np.nan,
                "extrapolated": result.stretched,
            }
        )
