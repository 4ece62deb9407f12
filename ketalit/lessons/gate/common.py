"""What the panels of lesson 1 share: the voltage at rest, and magnesium outside."""

from __future__ import annotations

from ..control import Number
from ..panel import Preset

REST = -70  # mV, the voltage of a resting neurone in all panels

_MCKEE = "McKee JA et al. Crit Care Med 2005;33(3), DOI 10.1097/01.CCM.0000156293.35868.B2 (ionised magnesium)"
_HUANG = "Neuroscience 1987;22(1):9–16, PMID 2888050 (guinea-pig hippocampal slices)"
_NOWAK = "Nowak L et al. Nature 1984;307:462–5"
PRESETS = (
    Preset("no magnesium in the bath", {"magnesium": 0}, _NOWAK, "https://doi.org/10.1038/307462a0"),
    Preset("low-magnesium slice, 0.1 mM", {"magnesium": 0.1}, _HUANG, "https://pubmed.ncbi.nlm.nih.gov/2888050/"),
    Preset(
        "human cerebrospinal fluid, 0.8 mM", {"magnesium": 0.8}, _MCKEE,
        "https://doi.org/10.1097/01.CCM.0000156293.35868.B2",
    ),
)  # fmt: skip

MAGNESIUM = Number(
    key="magnesium", label="Magnesium outside", unit="mM", value=1.0, low=0, high=4, step=0.1,
    about="Free magnesium outside the cell; 0 is a bath without it",
)  # fmt: skip
