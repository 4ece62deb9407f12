"""Pictures: SVG text from data, drawn by pure functions. No plotting library, no script, the same bytes every time.

style.py       inks for light and dark grounds, dashes, sizes
text.py        how wide letters are; lines; text that cannot break out
scale.py       linear, logarithmic, time, names: fractions and ticks
geometry.py    lines and areas cut at the edges of a panel
frame.py       where values lie on the page
shapes.py      points and arrowheads
marks.py       lines, bands, points, error bars, bars, polygons
cells.py       heat maps
notes.py       rules, regions, words
axes.py        axes and their ticks
legend.py      legends, above the panels or at the ends of lines
panels.py      panels side by side: `draw`
diagram.py     state diagrams
picture.py     the finished picture; export.py writes it as SVG, PNG or PDF; page.py puts many on a page
mechanism/     pictures of the models

>>> from ketalit.figures import Axis, Line, Panel, draw
>>> panel = Panel([Line([0.1, 1, 10], [98, 80, 20])], Axis("Ketamine (µM)", "log"), Axis("Current left (%)"))
>>> picture = draw(panel, title="A toy dose-response curve", description="Half is left at about 3 µM.")
>>> picture.svg[:4], picture.width
('<svg', 640.0)
"""

from __future__ import annotations

from .axes import Axis
from .cells import DIVERGING, SEQUENTIAL, Cells
from .diagram import Arrow, Box, diagram
from .marks import Band, Bars, ErrorBars, Line, Mark, Points, Polygon
from .notes import Region, Rule, Words
from .page import page
from .panels import Panel, draw
from .picture import Picture
from .scale import Bands, Linear, Log, Scale, Tick, Time

__all__ = [
    "DIVERGING",
    "SEQUENTIAL",
    "Arrow",
    "Axis",
    "Band",
    "Bands",
    "Bars",
    "Box",
    "Cells",
    "ErrorBars",
    "Line",
    "Linear",
    "Log",
    "Mark",
    "Panel",
    "Picture",
    "Points",
    "Polygon",
    "Region",
    "Rule",
    "Scale",
    "Tick",
    "Time",
    "Words",
    "diagram",
    "draw",
    "page",
]
