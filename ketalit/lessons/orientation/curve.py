"""A smooth curve to practise on, and the one number under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, ErrorBars, Line, Picture, Points, draw
from ...figures import Panel as Axes
from ...models import parameters_of
from ...models.receptor import dose_response
from ..control import Number, Switch
from ..drawing import Array, earlier, share_axis
from ..panel import Panel, Preset, Setting
from ..telling import percent

_HALF_BLOCK = "ketamine.half_block.human_GluN2A"
_CONCENTRATION = np.linspace(0, 10, 201)  # µM
_GILLING = "Gilling KE et al. Neuropharmacology 2009;56:866–75, PMID 19371579 (abstract seen)"
_RECALLED = "Kotermanski SE, Johnson JW. J Neurosci 2009;29:2774–9, PMID 19261873 (recalled: not looked up)"


@dataclass(frozen=True, slots=True)
class Curve:
    """What a half block makes of every concentration: shares of the current that are left."""

    concentration: float
    half: float
    measured: bool
    left: Array
    here: float


class FirstCurve(Panel):
    """A smooth curve to practise on, and the one number under it."""

    name = "first"
    title = "A smooth curve"
    notice = (
        "Move a slider, type into its box, press Reset. Then switch on what was measured: under the whole curve there "
        "is one point."
    )
    find = "the ketamine that leaves 10 % of the current, at the half block that was measured."
    limits = (
        "One site in each channel, so a curve with a Hill slope of 1. The slope that was measured is 0.84 ± 0.02: the "
        "true curve is flatter, and the further from the middle, the more wrong this one is. There is no magnesium "
        "here, and none of this is a dose."
    )
    parameters = (_HALF_BLOCK, "ketamine.half_block.GluN2A")
    controls = (
        Number(
            key="concentration", label="Ketamine", unit="µM", value=1.0, low=0, high=10, step=0.1,
            about="Free ketamine around the channel, in a dish",
        ),
        Number(
            key="half", label="Half block", unit="µM", value=0.71, low=0.1, high=10, log=True,
            about="The concentration that takes half of the current: the one number of this curve",
        ),
        Switch(key="measured", label="Show what was measured", value=False, about="The number with its standard error"),
    )  # fmt: skip
    presets = (
        Preset("human GluN2A in cells (seen)", {"half": 0.71}, _GILLING, "https://pubmed.ncbi.nlm.nih.gov/19371579/"),
        Preset(
            "rat GluN2A in cells (recalled)", {"half": 0.33}, _RECALLED, "https://pubmed.ncbi.nlm.nih.gov/19261873/"
        ),
    )

    def compute(self, now: Setting) -> Curve:
        chosen = parameters_of({_HALF_BLOCK: f"{now.half} µM"})
        left = dose_response([*_CONCENTRATION, now.concentration], voltage=-70, magnesium=0, parameters=chosen)
        return Curve(now.concentration, now.half, now.measured, left[:-1], float(left[-1]))

    def words(self, result: Curve) -> str:
        measured = "Measured was one number, {:g} ± {:g} µM (standard error).".format(*_measured())
        return (
            f"At {result.concentration:g} µM ketamine the model leaves {percent(result.here)} of the current, with a "
            f"half block of {result.half:g} µM. "
            + (measured if result.measured else "Every point of this curve is computed.")
        )

    def draw(self, result: Curve, before: Curve | None, words: str) -> Picture:
        marks: list[Any] = []
        if before and before.half != result.half:
            marks.append(earlier(_CONCENTRATION, before.left, f"before: {before.half:g} µM"))
        marks.append(Line(_CONCENTRATION, result.left, label="model"))
        marks.append(
            Points([result.concentration], [result.here], label=f"at {result.concentration:g} µM", series=1, sizes=5)
        )
        if result.measured:
            known, error = _measured()
            name = "measured: half block ± standard error"
            marks += [
                ErrorBars([0.5], [known - error], [known + error], flat=True, cap=8, width=2.4, ink="s2", label=name),
                Points([known], [0.5], series=2, sizes=2.5, shape="circle"),
            ]
        return draw(
            Axes(marks, Axis("Ketamine (µM)", limits=(0, 10)), share_axis("Current left (%)")),
            title="Current through NMDA receptors that ketamine leaves",
            subtitle="Human GluN2A, −70 mV, no magnesium; a model",
            description=words,
        )

    def data(self, result: Curve) -> pd.DataFrame:
        return pd.DataFrame({"ketamine_uM": _CONCENTRATION, "current_left_share": result.left})


def _measured() -> tuple[float, float]:
    """The half block that was measured, and its standard error, µM."""
    known = parameters_of()[_HALF_BLOCK]
    return float(np.asarray(known.value)), float(np.asarray(known.se))
