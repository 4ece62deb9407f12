"""Growth within a train for every rate and every block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Cells, Line, Picture, draw
from ...figures import Panel as Axes
from ...figures.mechanism.windup import fast_map_limits
from ...models.windup import wind_up
from ..control import Choice, Number
from ..drawing import Array
from ..panel import Panel, Setting
from .common import FASTEST_FITTED, MODEL, OMITS, SITE, SITES, STIMULI, SURROGATE, blocked_rate, few

_RATES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)  # Hz
_SHARES = tuple(range(0, 55, 5))  # % blocked


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth within a train over rates and blocks.

    Attributes:
        growth: (blocks, rates) spikes of the last response less those of the first.
        row, column: the cell that is read.
        first: spikes of the first response there.
        where: in words.
    """

    growth: Array
    row: int
    column: int
    first: float
    where: str

    @property
    def covered(self) -> bool:
        """The fit of the map covers the cell."""
        fast = _RATES[self.column]
        return fast == blocked_rate() or (self.row == 0 and fast <= FASTEST_FITTED)


class RateAndBlock(Panel):
    """Growth within a train for every rate and every block."""

    name = "map"
    title = "Rate against block"
    notice = (
        "Growth needs both: go along the top row for the rate, down a column for the receptors. A zero has two "
        "meanings: the responses stay as they are, or there are none left. The reading tells which."
    )
    find = "at 2 Hz, the block everywhere that brings growth below that of 1 Hz without block."
    limits = (
        f"{OMITS} Only the cells inside the outline were fitted. All others are the map's own guess, and nothing "
        "tells how good it is there. At 2 and 3 Hz firing reaches a ceiling: there is no more time between two stimuli."
    )
    parameters = SURROGATE
    sources = (MODEL,)
    controls = (
        Choice(
            key="rate", label="Read at", value="1 Hz", options=tuple(f"{hertz:g} Hz" for hertz in _RATES),
            about="The column of the ring",
        ),
        Number(
            key="blocked", label="Read with this blocked", unit="%", value=10, low=0, high=_SHARES[-1], step=5,
            about="The row of the ring; 0 is no drug",
        ),
        SITE,
    )  # fmt: skip

    def compute(self, now: Setting) -> Growth:
        left = 1 - np.array(_SHARES)[:, None] / 100
        trains = wind_up(left, site=SITES[now.site], frequency=_RATES, stimuli=STIMULI)
        row = min(round(now.blocked / 5), len(_SHARES) - 1)
        column = [f"{hertz:g} Hz" for hertz in _RATES].index(now.rate)
        return Growth(trains[..., -1] - trains[..., 0], row, column, float(trains[row, column, 0]), now.site)

    def words(self, result: Growth) -> str:
        grown, unblocked = result.growth[result.row, result.column], result.growth[0, result.column]
        what = "Nothing is blocked" if not result.row else f"{_SHARES[result.row]} % is blocked {result.where}"
        last = f"the first response has {few(result.first)} spikes and the last {few(grown)} more"
        if result.row:
            last += f", instead of {few(unblocked)} without block"
        if result.first + grown == 0:
            last = f"the neurone is silent throughout; without block the response gains {few(unblocked)} spikes"
        known = "fitted" if result.covered else "extrapolated"
        return f"{what}: at {_RATES[result.column]:g} Hz {last}. This cell is {known}."

    def draw(self, result: Growth, before: Growth | None, words: str) -> Picture:
        columns = tuple(f"{hertz:g}" for hertz in _RATES)
        rows = tuple(f"{share} %" for share in _SHARES)
        marks: list[Any] = [
            Cells(columns, rows, result.growth.tolist(), label="spikes more at the last stimulus than at the first",
                  digits=0),
            Line(*_outline(), label="fitted cells; the others are extrapolated", ink="s1", dash=""),
        ]  # fmt: skip
        if before and (before.row, before.column) != (result.row, result.column):
            marks += _frame_of_cell(before, "before", dash="3 3")
        marks += _frame_of_cell(result, "the cell that is read")
        return draw(
            Axes(
                marks,
                Axis("Stimuli per second (Hz)", "names", names=columns),
                Axis("NMDA conductance blocked", "names", names=rows),
            ),
            title="Growth of the response within 15 stimuli",
            subtitle=f"Blocked {result.where}, from the first stimulus",
            description=words,
            note=fast_map_limits(),
        )

    def data(self, result: Growth) -> pd.DataFrame:
        rows = [
            {"blocked_percent": share, "rate_Hz": hertz, "growth_spikes": float(grown)}
            for share, line in zip(_SHARES, result.growth, strict=True)
            for hertz, grown in zip(_RATES, line, strict=True)
        ]
        return pd.DataFrame(rows)


def _outline() -> tuple[list[float], list[float]]:
    """Around the cells that the fit covers: the top row as far as it goes, and one column."""
    one = _RATES.index(blocked_rate())
    last = _RATES.index(FASTEST_FITTED)
    x = [-0.5, last + 0.5, last + 0.5, one + 0.5, one + 0.5, one - 0.5, one - 0.5, -0.5, -0.5]
    low = len(_SHARES) - 0.5
    return x, [-0.5, -0.5, 0.5, 0.5, low, low, 0.5, 0.5, -0.5]


def _frame_of_cell(result: Growth, name: str, *, dash: str = "") -> list[Line]:
    """A frame that is seen on dark shades and light ones."""
    x, y = result.column, result.row
    aside = 0.4
    across = [x - aside, x + aside, x + aside, x - aside, x - aside]
    down = [y - aside, y - aside, y + aside, y + aside, y - aside]
    return [
        Line(across, down, ink="ground", dash="", width=5),
        Line(across, down, label=name, ink="ink", dash=dash, width=2),
    ]
