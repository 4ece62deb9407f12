"""Equal stimuli to C fibres, and how many spikes each of them evokes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Bars, Picture, Rule, Words, draw
from ...figures import Panel as Axes
from ...figures.mechanism.windup import fast_map_limits
from ...models.windup import Curve, wind_up
from ..drawing import Array, earlier
from ..panel import Panel, Preset, Setting
from .common import (
    ACROSS,
    FASTEST_FITTED,
    GUIRIMAND,
    MODEL,
    OMITS,
    STIMULI,
    STIMULUS,
    SURROGATE,
    full_model_points,
    full_run,
    line_with_points,
    rate_slider,
)

_TENTH = 9  # its place, counted from 0

_PRICE = ("Price DD et al. Pain 1977;3:57–68", "https://pubmed.ncbi.nlm.nih.gov/876667/")


@dataclass(frozen=True, slots=True)
class Responses:
    """A train without block.

    Attributes:
        rate: Hz.
        spikes: (15,) of the fast map.
        run: of the full model at this rate, or None.
    """

    rate: float
    spikes: Array
    run: Curve | None

    @property
    def ratio(self) -> float:
        """The tenth response over the first."""
        return float(self.spikes[_TENTH] / self.spikes[0])


class Train(Panel):
    """Equal stimuli to C fibres, and how many spikes each of them evokes.

    >>> Train(rate=0.1).seen()[:75]
    'At 0.1 Hz (one every 10 s) the first stimulus evokes 3.4 spikes and the ten'
    """

    name = "train"
    title = "Fifteen equal stimuli"
    notice = (
        "Every stimulus is the same. Above, the responses in order; below, the same responses on the clock. What makes "
        "a response larger is how little time has passed since those before it."
    )
    find = "the slowest rate at which the tenth response is at least twice the first."
    limits = (
        f"{OMITS} Spikes are means, so not whole numbers. It was fitted to six trains of the full "
        "model from 0.1 to 2 Hz, which are drawn where they exist; that model wavers at 0.3 and 0.5 Hz, where the map "
        "is smooth."
    )
    parameters = ("windup.stimuli", *SURROGATE[:4])
    sources = (MODEL,)
    controls = (rate_slider("How often the C fibres are stimulated; above 2 Hz the map is extrapolated"),)
    presets = (
        Preset("second pain begins to sum: one every 3 s", {"rate": 0.3}, *_PRICE),
        Preset("wind-up tested in people: one a second", {"rate": 1.0}, *GUIRIMAND),
    )

    def compute(self, now: Setting) -> Responses:
        return Responses(now.rate, wind_up(frequency=now.rate, stimuli=STIMULI), full_run(now.rate))

    def words(self, result: Responses) -> str:
        ran = f" The full model gave {result.run.spikes[0]} and {result.run.spikes[_TENTH]}." if result.run else ""
        times = f"{result.ratio:.1f} times as many" if result.ratio >= 1.05 else "as good as no more"
        beyond = f" Above {FASTEST_FITTED:g} Hz this is extrapolated." if result.rate > FASTEST_FITTED else ""
        return (
            f"At {result.rate:g} Hz (one every {1 / result.rate:.2g} s) the first stimulus evokes "
            f"{result.spikes[0]:.1f} spikes and the tenth {result.spikes[_TENTH]:.1f}, {times}.{ran}{beyond}"
        )

    def draw(self, result: Responses, before: Responses | None, words: str) -> Picture:
        marks: list[Any] = []
        twice = 2 * result.spikes[0]
        if before and before.rate != result.rate:
            marks.append(earlier(STIMULUS, before.spikes, f"before: {before.rate:g} Hz"))
        marks += line_with_points(result.spikes, f"fast map, {result.rate:g} Hz", dashed=result.rate > FASTEST_FITTED)
        if result.run:
            marks.append(full_model_points(result.run, f"full model, {result.run.frequency:g} Hz"))
        marks += [Rule(y=twice), Words(0.7, twice, "twice the first", dy=-5)]
        most = max(
            [*result.spikes, twice, *(before.spikes if before else ()), *(result.run.spikes if result.run else ())]
        )
        shown = (0.0, 1.1 * float(most))
        times = np.arange(STIMULI) / result.rate
        return draw(
            [
                Axes(marks, ACROSS, Axis("Spikes evoked by each stimulus", limits=shown), height=190),
                Axes(
                    [Bars(times, result.spikes, thick=4)],
                    Axis("Time after the first stimulus (s)", limits=(-0.5, 20.5)),
                    Axis("The same on the clock (spikes)", limits=shown),
                    height=70,
                ),
            ],
            title="Responses to a train of equal C-fibre stimuli",
            description=words,
            note=fast_map_limits(),
            columns=1,
        )

    def data(self, result: Responses) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "stimulus": STIMULUS,
                "time_s": np.arange(STIMULI) / result.rate,
                "spikes": result.spikes,
                "spikes_of_full_model": result.run.spikes if result.run else np.nan,
            }
        )
