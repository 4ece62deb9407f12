"""Heat maps: cells shaded by value, with the shades' own legend."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .frame import Frame
from .marks import Mark, without_names
from .scale import Linear, numbers, shown
from .style import SMALL, contrast, fill, stroke
from .text import measure, number, words

# Cividis (Nuñez, Anderton and Renslow, PLoS One 2018;13:e0199239): even steps for people with any colour vision.
SEQUENTIAL = (
    "#00224e",
    "#123570",
    "#3b496c",
    "#575d6d",
    "#707173",
    "#8a8779",
    "#a59c74",
    "#c3b369",
    "#e1cc55",
    "#fee838",
)
DIVERGING = ("#00568a", "#4f97c4", "#a9cbe0", "#f2f2f2", "#f3c3a0", "#e58b4f", "#b34c00")
_BAR = 96.0  # px of the legend's bar


@dataclass(frozen=True, slots=True)
class Cells(Mark):
    """A heat map.

    Attributes:
        x, y: names of columns and rows, or one edge more than there are of them.
        values: one row of numbers for each of y.
        low, high: what the first and the last shade stand for; left out, the least and the greatest value.
        shades: colours from low to high.
        digits: decimals of the value written into each cell; None: none is written.
    """

    x: Collection[Any]
    y: Collection[Any]
    values: Sequence[Collection[Any]]
    low: float | None = field(default=None, kw_only=True)
    high: float | None = field(default=None, kw_only=True)
    shades: Sequence[str] = field(default=SEQUENTIAL, kw_only=True)
    digits: int | None = field(default=None, kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        return without_names(self.x if axis == "x" else self.y)

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        rows = [numbers(row) for row in self.values]
        low, high = self._range()
        across = _edges(frame.across(self.x), len(rows[0]) if rows else 0)
        down = _edges(frame.down(self.y), len(rows))
        box, parts, hatched = frame.box, [], []
        for row, (one, two) in zip(rows, down, strict=True):
            for value, (left, right) in zip(row, across, strict=True):
                x, width = (
                    max(min(left, right), box.left),
                    min(max(left, right), box.right) - max(min(left, right), box.left),
                )
                y, height = max(min(one, two), box.top), min(max(one, two), box.bottom) - max(min(one, two), box.top)
                if width <= 0 or height <= 0:
                    continue
                if math.isnan(value):
                    hatched.append(f"M{number(x)} {number(y + height)}l{number(width)} -{number(height)}")
                    continue
                colour = shade(value, low, high, self.shades)
                place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
                parts.append(f'<rect {place} fill="{colour}"/>')
                parts.append(self._written(value, x + width / 2, y + height / 2, width, colour))
        gaps = f'<path d="{"".join(hatched)}"{stroke("muted")}/>' if hatched else ""
        return f'<g shape-rendering="crispEdges">{"".join(parts)}</g>{gaps}'

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend: all shades between their ends."""
        low, high = self._range()
        first, last = self._ends()
        start = x + measure(first, SMALL) + 5
        steps = 24
        bars = "".join(
            f'<rect x="{number(start + at * _BAR / steps)}" y="{number(y - 6)}" width="{number(_BAR / steps + 0.5)}" '
            f'height="12" fill="{shade(low + (at + 0.5) / steps * (high - low), low, high, self.shades)}"/>'
            for at in range(steps)
        )
        end = words(start + _BAR + 6, y + 4, last, size=SMALL)
        return words(x, y + 4, first, size=SMALL) + bars + end

    @property
    def key_width(self) -> float:
        """How wide its sample in the legend is, px."""
        return sum(measure(end, SMALL) for end in self._ends()) + _BAR + 11

    def _ends(self) -> tuple[str, str]:
        low, high = self._range()
        exponent = math.floor(math.log10(high - low)) - 1
        return shown(low, exponent), shown(high, exponent)

    def _range(self) -> tuple[float, float]:
        finite = [value for row in self.values for value in numbers(row) if math.isfinite(value)]
        fitted = Linear.around(finite)
        low = (
            self.low
            if self.low is not None
            else fitted.low
            if not finite or min(finite) == max(finite)
            else min(finite)
        )
        high = (
            self.high
            if self.high is not None
            else fitted.high
            if not finite or min(finite) == max(finite)
            else max(finite)
        )
        return (low, high) if low < high else (low, low + 1.0)

    def _written(self, value: float, x: float, y: float, width: float, colour: str) -> str:
        if self.digits is None:
            return ""
        text = shown(value, -self.digits)
        if measure(text, SMALL) > width - 2:
            return ""
        letters = max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))
        return words(x, y + 4, text, size=SMALL, anchor="middle").replace(f"{fill('ink')}", f' fill="{letters}"')


def shade(value: float, low: float, high: float, shades: Sequence[str] = SEQUENTIAL) -> str:
    """The colour of a value between two ends; beyond them, that of the end.

    >>> shade(0, 0, 1), shade(2, 0, 1)
    ('#00224e', '#fee838')
    """
    share = min(max((value - low) / (high - low), 0.0), 1.0) * (len(shades) - 1)
    first = min(int(share), len(shades) - 2)
    one, two, weight = shades[first], shades[first + 1], share - first
    mixed = (round(int(one[at : at + 2], 16) * (1 - weight) + int(two[at : at + 2], 16) * weight) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _edges(places: list[float], count: int) -> list[tuple[float, float]]:
    """Both edges of every cell, from edges or from the middles of cells that are all as wide."""
    if len(places) == count + 1:
        return list(pairwise(places))
    half = (places[1] - places[0]) / 2 if len(places) > 1 else 1e6
    return [(place - half, place + half) for place in places]
