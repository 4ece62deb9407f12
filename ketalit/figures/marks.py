"""What is drawn in a panel: lines, bands, points, error bars, bars, polygons, rules, regions, words.

Every mark knows the values it needs room for and how to draw itself into a frame. Values that are not numbers are gaps.
A mark with a `label` appears in the legend; marks that share a label share an entry.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from .frame import Frame
from .geometry import cut_area, cut_line, path, runs, thinned
from .scale import numbers
from .shapes import arrowhead, symbol
from .style import both, fill, series_dash, series_ink, series_shape, stroke
from .text import attribute, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What all marks have.

    Attributes:
        label: in the legend; empty: none.
        series: which colour and dash, counted from 0.
        ink: an ink of `style.INKS` in place of that of the series.
    """

    label: str = ""
    series: int = 0
    ink: str = ""

    @property
    def colour(self) -> str:
        """The ink it is drawn in."""
        return self.ink or series_ink(self.series)

    def reach(self, axis: str) -> list[float]:
        """The values that axis "x" or "y" has to make room for."""
        raise NotImplementedError

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        raise NotImplementedError

    def explain(self, frame: Frame) -> str:
        """SVG text of words that belong to it; drawn after everything else."""
        return ""

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend, `key_width` px wide from x, with its middle at height y."""
        raise NotImplementedError

    @property
    def key_width(self) -> float:
        """How wide its sample in the legend is, px."""
        return 24.0


def without_names(values: Collection[Any]) -> list[float]:
    """The numbers among values; an axis of names has room for its names anyway.

    >>> without_names(["GluN2A", 2])
    [2.0]
    """
    plain = values.tolist() if hasattr(values, "tolist") else values
    return numbers([value for value in plain if not isinstance(value, str)])


@dataclass(frozen=True, slots=True)
class Line(Mark):
    """A line through points; it breaks at gaps.

    `dash`: SVG dashes, None for those of the series. `faint`: an earlier state, for comparison.
    """

    x: Collection[Any]
    y: Collection[Any]
    width: float = field(default=2.0, kw_only=True)
    dash: str | None = field(default=None, kw_only=True)
    faint: bool = field(default=False, kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        return without_names(self.x if axis == "x" else self.y)

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        parts = [
            path(part)
            for run in runs(*thinned(frame.across(self.x), frame.down(self.y)))
            for part in cut_line(run, frame.box)
        ]
        return f'<path d="{"".join(parts)}"{self._look()}/>' if parts else ""

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        return f'<path d="M{number(x)} {number(y)}h24"{self._look()}/>'

    def _look(self) -> str:
        dash = series_dash(self.series) if self.dash is None else self.dash
        dashes = f' stroke-dasharray="{attribute(dash)}"' if dash else ' stroke-linecap="round"'
        faint = ' opacity="0.35"' if self.faint else ""
        wide = number(self.width)
        return f'{stroke(self.colour)} fill="none" stroke-width="{wide}" stroke-linejoin="round"{dashes}{faint}'


@dataclass(frozen=True, slots=True)
class Band(Mark):
    """The area between two lines over the same x."""

    x: Collection[Any]
    low: Collection[Any]
    high: Collection[Any]

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        return without_names(self.x) if axis == "x" else numbers(self.low) + numbers(self.high)

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        xs, low, high = frame.across(self.x), frame.down(self.low), frame.down(self.high)
        xs = [x if math.isfinite(one + two) else math.nan for x, one, two in zip(xs, low, high, strict=True)]
        parts = []
        for lower, upper in zip(runs(xs, low), runs(xs, high), strict=True):
            area = cut_area([*lower, *reversed(upper)], frame.box)
            if len(area) > 2:
                parts.append(path(area, closed=True))
        return f'<path d="{"".join(parts)}"{fill(self.colour)} fill-opacity="0.22"/>' if parts else ""

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        return (
            f'<rect x="{number(x)}" y="{number(y - 6)}" width="24" height="12"{fill(self.colour)} fill-opacity="0.22"/>'
        )


@dataclass(frozen=True, slots=True)
class Points(Mark):
    """Points. `sizes`: radius in px, one for all or one each; `tips`: what a mouse held over each of them tells."""

    x: Collection[Any]
    y: Collection[Any]
    sizes: float | Sequence[float] = field(default=4.0, kw_only=True)
    shape: str = field(default="", kw_only=True)
    hollow: bool = field(default=False, kw_only=True)
    tips: Sequence[str] = field(default=(), kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        return without_names(self.x if axis == "x" else self.y)

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        xs, ys = frame.across(self.x), frame.down(self.y)
        sizes = [self.sizes] * len(xs) if isinstance(self.sizes, int | float) else numbers(self.sizes)
        tips = [*self.tips, *[""] * (len(xs) - len(self.tips))]
        return "".join(
            symbol(self._shape, x, y, size, self.colour, hollow=self.hollow, tip=tip)
            for x, y, size, tip in zip(xs, ys, sizes, tips, strict=True)
            if frame.box.holds(x, y) and size > 0
        )

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        size = min(self.sizes, 6.0) if isinstance(self.sizes, int | float) else 4.5
        return symbol(self._shape, x + 12, y, size, self.colour, hollow=self.hollow)

    @property
    def _shape(self) -> str:
        return self.shape or series_shape(self.series)


@dataclass(frozen=True, slots=True)
class ErrorBars(Mark):
    """Ranges from low to high at places on the other axis; an end beyond the panel, or infinite, becomes an arrow.

    `flat`: the ranges lie along the x axis, as in a forest plot; otherwise they stand. `cap`: half the length of what
    ends them, px.
    """

    at: Collection[Any]
    low: Collection[Any]
    high: Collection[Any]
    flat: bool = field(default=False, kw_only=True)
    cap: float = field(default=4.0, kw_only=True)
    width: float = field(default=1.6, kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        if (axis == "x") == self.flat:
            return numbers(self.low) + numbers(self.high)
        return without_names(self.at)

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        box = frame.box
        along, aside = (frame.across, frame.down) if self.flat else (frame.down, frame.across)
        first, last = (box.left, box.right) if self.flat else (box.bottom, box.top)
        lines, heads = [], []
        for place, one, two in zip(aside(self.at), along(self.low), along(self.high), strict=True):
            outside = not (box.holds(box.left, place) if self.flat else box.holds(place, box.top))
            if outside or math.isnan(one) or math.isnan(two):
                continue
            toward = 1 if last > first else -1
            ends = [min(max(end * toward, first * toward), last * toward) * toward for end in (one, two)]
            lines.append(self._segment(place, *ends))
            for end, wanted, direction in ((ends[0], one, -toward), (ends[1], two, toward)):
                if abs(end - wanted) > 0.01:
                    x, y = (end, place) if self.flat else (place, end)
                    heads.append(arrowhead(x, y, *((direction, 0) if self.flat else (0, direction)), self.colour))
                elif self.cap:
                    lines.append(self._cap(place, end))
        look = f'{stroke(self.colour)} fill="none" stroke-width="{number(self.width)}"'
        return (f'<path d="{"".join(lines)}"{look}/>' if lines else "") + "".join(heads)

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        cap = number(self.cap)
        data = f"M{number(x)} {number(y)}h24m-24 -{cap}v{number(2 * self.cap)}m24 0v-{number(2 * self.cap)}"
        return f'<path d="{data}"{stroke(self.colour)} fill="none" stroke-width="{number(self.width)}"/>'

    def _segment(self, place: float, one: float, two: float) -> str:
        if self.flat:
            return f"M{number(one)} {number(place)}H{number(two)}"
        return f"M{number(place)} {number(one)}V{number(two)}"

    def _cap(self, place: float, end: float) -> str:
        if self.flat:
            return f"M{number(end)} {number(place - self.cap)}v{number(2 * self.cap)}"
        return f"M{number(place - self.cap)} {number(end)}h{number(2 * self.cap)}"


@dataclass(frozen=True, slots=True)
class Bars(Mark):
    """Bars from zero, each in the middle of its place; `flat`: they lie. `thick`: px."""

    at: Collection[Any]
    values: Collection[Any]
    flat: bool = field(default=False, kw_only=True)
    thick: float = field(default=14.0, kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        if (axis == "x") == self.flat:
            return [0.0, *numbers(self.values)]
        return without_names(self.at)

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        along, aside = (frame.across, frame.down) if self.flat else (frame.down, frame.across)
        ends, places, half = along(self.values), aside(self.at), self.thick / 2
        (zero,) = along([0.0])
        parts = []
        for end, place in zip(ends, places, strict=True):
            if math.isnan(end) or math.isnan(place):
                continue
            corners = [(zero, place - half), (end, place - half), (end, place + half), (zero, place + half)]
            area = cut_area(corners if self.flat else [(y, x) for x, y in corners], frame.box)
            parts.append(path(area, closed=True))
        return f'<path d="{"".join(parts)}"{fill(self.colour)}/>' if any(parts) else ""

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        return f'<rect x="{number(x + 5)}" y="{number(y - 6)}" width="14" height="12"{fill(self.colour)}/>'


@dataclass(frozen=True, slots=True)
class Polygon(Mark):
    """A filled area with corners at values, such as the diamond of a pooled estimate or the sides of a funnel."""

    x: Collection[Any]
    y: Collection[Any]
    strength: float = field(default=1.0, kw_only=True)  # 0 to 1: how much covers what is under it
    outlined: bool = field(default=False, kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        return without_names(self.x if axis == "x" else self.y)

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        corners = list(zip(frame.across(self.x), frame.down(self.y), strict=True))
        if not corners or any(math.isnan(value) for value in chain.from_iterable(corners)):
            return ""
        area = cut_area(corners, frame.box)
        return f'<path d="{path(area, closed=True)}"{self._look()}/>' if len(area) > 2 else ""

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        return f'<path d="M{number(x)} {number(y)}l12 -6l12 6l-12 6Z"{self._look()}/>'

    def _look(self) -> str:
        look = both(self.colour, self.colour) + ' stroke-width="1.2"' if self.outlined else fill(self.colour)
        return f'{look} fill-opacity="{number(self.strength)}"' if self.strength < 1 else look
