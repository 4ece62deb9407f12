"""The train of lesson 3: its stimuli, the runs of the full model, and how responses are drawn and told."""

from __future__ import annotations

import math
from typing import Any

from ...figures import Axis, Line, Points
from ...models.windup import Curve, fitted_curves
from ..control import Choice, Number
from ..drawing import Array

STIMULI = 15
STIMULUS = range(1, STIMULI + 1)
ACROSS = Axis("Stimulus", limits=(0.5, STIMULI + 0.5))

FASTEST_FITTED = 2.0  # Hz
SITES = {"everywhere": "everywhere", "only at the wide-dynamic-range neurone": "wdr"}
SURROGATE = tuple(
    f"windup.surrogate.{name}"
    for name in ("first", "gain", "decay", "ceiling", "threshold_everywhere", "threshold_wdr")
)
MODEL = (
    "Aguiar P, Sousa M, Lima D. J Neurophysiol 2010;104:1155–66 (the full model)",
    "https://modeldb.science/128559",
)
GUIRIMAND = ("Guirimand F et al. Anesth Analg 2000;90:408–14", "https://pubmed.ncbi.nlm.nih.gov/10648330/")

OMITS = (
    "A fast map, fitted to a model of two neurones of the rat dorsal horn; no measurement. It leaves out other "
    "interneurones, descending pathways, everything slow (gene expression, glia), and the person."
)


def rate_slider(about: str) -> Number:
    """The slider for the rate of a train."""
    return Number(key="rate", label="Stimuli per second", unit="Hz", value=1.0, low=0.1, high=3, step=0.1, about=about)


SITE = Choice(
    key="site", label="NMDA receptors are blocked", value="everywhere", options=tuple(SITES),
    about="Everywhere: also where C fibres reach the interneurone that drives the wide-dynamic-range neurone",
)  # fmt: skip


def full_run(rate: float, left: float = 1.0, site: str = "everywhere") -> Curve | None:
    """The run of the full model in these conditions, if there is one: rate in Hz, share of NMDA conductance left.

    >>> full_run(1.0).spikes[[0, 9]].tolist(), full_run(1.1)
    ([4, 10], None)
    """
    for curve in fitted_curves():
        same = math.isclose(curve.frequency, rate) and math.isclose(curve.fraction, left, abs_tol=1e-9)
        if same and (curve.site == site or curve.fraction == 1):  # without block there is no site
            return curve
    return None


def blocked_rate() -> float:
    """The rate, Hz, at which block was fitted.

    >>> blocked_rate()
    1.0
    """
    return next(curve.frequency for curve in fitted_curves() if curve.fraction < 1)


def line_with_points(spikes: Array, name: str, *, series: int = 0, dashed: bool = False) -> list[Any]:
    """Responses to the stimuli in order, joined by a line; `dashed`: extrapolated."""
    return [
        Line(STIMULUS, spikes, label=name, series=series, dash="6 4" if dashed else ""),
        Points(STIMULUS, spikes, label=name, series=series),
    ]


def full_model_points(run: Curve, name: str) -> Points:
    """Responses in the full model."""
    return Points(STIMULUS, run.spikes, label=name, series=2, hollow=True)


def few(spikes: float) -> str:
    """A mean number of spikes, for a sentence.

    >>> few(3.44), few(0.04)
    ('3.4', 'no')
    """
    return f"{spikes:.1f}" if spikes >= 0.05 else "no"
