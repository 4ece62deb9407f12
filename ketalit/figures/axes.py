"""Axes: the scale of each, its ticks as far as there is room for their labels, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import InputError
from .frame import Frame
from .geometry import Rectangle
from .scale import Bands, Linear, Log, Scale, Tick, Time, overlapping
from .style import LINE, SIZE, stroke
from .text import measure, number, paragraph, words, wrap

_KINDS = ("linear", "log", "time", "names")
_TICK = 4.0  # px


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis is like.

    Attributes:
        label: what it shows, with its unit; that of a time axis gets its unit from the scale.
        kind: linear, log, time or names.
        limits: its ends; without them all data fit.
        zero: a linear axis that fits itself to the data holds zero too.
        unit: of the values of a time axis: ms, s, min, h or d.
        names: of an axis of names; on a y axis from top to bottom.
        beside: words on the far side of a y axis of names, one for each name.
        percent: values are shares of 1, ticks are per cent.
        grid: whether its ticks run through the panel as faint lines.
    """

    label: str = ""
    kind: str = "linear"
    limits: tuple[float, float] | None = None
    zero: bool = False
    unit: str = "h"
    names: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    percent: bool = False
    grid: bool = True

    def scale(self, values: Iterable[float]) -> Scale:
        """Its scale: of its limits, or one that holds all values.

        Raises:
            InputError: limits the wrong way round, or a kind that does not exist.

        >>> Axis(kind="log").scale([0.3, 30])
        Log(low=0.2, high=50.0)
        """
        match self.kind:
            case "linear":
                return Linear(*self.limits) if self.limits else Linear.around(values, zero=self.zero)
            case "log":
                return Log(*self.limits) if self.limits else Log.around(values)
            case "time":
                return Time(*self.limits, self.unit) if self.limits else Time.around(values, self.unit)
            case "names":
                return Bands(self.names)
        raise InputError(f"no axis is “{self.kind}”", expected=", ".join(_KINDS))

    def caption(self, scale: Scale) -> str:
        """What is written at the axis.

        >>> Axis("Time", "time").caption(Time(0, 1, "h"))
        'Time (min)'
        """
        return f"{self.label} ({scale.shown_unit})" if isinstance(scale, Time) and self.label else self.label


def fitting_ticks(axis: Axis, scale: Scale, length: float, *, upright: bool) -> list[Tick]:
    """As many ticks as have room for their labels on an axis of a length in px."""
    times = 100 if axis.percent else 1
    most = max(int(length / (30 if upright else 44)), 2)
    while True:
        ticks = scale.ticks(most, times=times)
        middles = [fraction * length for fraction in scale.fractions([tick.value for tick in ticks])]
        halves = [(SIZE if upright else measure(tick.label)) / 2 for tick in ticks]
        boxes = [
            (middle - half, middle + half)
            for tick, middle, half in zip(ticks, middles, halves, strict=True)
            if tick.label
        ]
        if most == 1 or not overlapping(boxes, 8):
            return ticks
        most -= 1


def name_lines(names: Iterable[str], width: float) -> list[list[str]]:
    """Names of an axis, wrapped."""
    return [wrap(name, width) for name in names]


def widest(lines: Iterable[Iterable[str]]) -> float:
    """The width of the widest line, px."""
    return max((measure(line) for name in lines for line in name), default=0.0)


def draw_y(axis: Axis, frame: Frame, ticks: list[Tick], names: list[list[str]], *, inside: bool = False) -> str:
    """The y axis: faint lines and labels. Names take the place of numbers; `inside`: not here."""
    box = frame.box
    if isinstance(frame.y, Bands):
        parts = []
        for lines, y in zip(names, frame.down(range(len(names))), strict=True):
            above = (len(lines) - 1) * SIZE * LINE
            if not inside:
                parts.append(paragraph(box.left - 8, y + 4 - above / 2, lines, anchor="end"))
        for text, y in zip(axis.beside, frame.down(range(len(axis.beside))), strict=True):
            parts.append(words(box.right + 8, y + 4, text, ink="muted"))
        return "".join(parts)
    lines, marks, labels = [], [], []
    for tick, y in zip(ticks, frame.down([tick.value for tick in ticks]), strict=True):
        if tick.label:
            lines.append(f"M{number(box.left)} {number(y)}H{number(box.right)}")
            labels.append(words(box.left - 7, y + 4, tick.label, anchor="end"))
        marks.append(f"M{number(box.left)} {number(y)}h-{number(_TICK if tick.label else _TICK / 2)}")
    grid = f'<path d="{"".join(lines)}"{stroke("grid")}/>' if axis.grid and lines else ""
    edge = f"M{number(box.left)} {number(box.top)}V{number(box.bottom)}"
    return f'{grid}<path d="{edge}{"".join(marks)}"{stroke("axis")} fill="none"/>{"".join(labels)}'


def names_over_rows(frame: Frame, names: list[list[str]]) -> str:
    """Names of a y axis inside the panel, each over its row; other words keep off them."""
    parts = []
    for lines, y in zip(names, frame.down(range(len(names))), strict=True):
        for at, line in enumerate(lines):
            base = y - 9 - (len(lines) - 1 - at) * SIZE * LINE
            parts.append(words(frame.box.left, base, line, halo=True))
            frame.taken.append(Rectangle(frame.box.left, base - SIZE, frame.box.left + measure(line), base + 4))
    return "".join(parts)


def draw_x(axis: Axis, frame: Frame, ticks: list[Tick], names: list[list[str]]) -> str:
    """The x axis with its labels; its caption is not part of it."""
    box = frame.box
    base = box.bottom + 6 + SIZE
    edge = f"M{number(box.left)} {number(box.bottom)}H{number(box.right)}"
    if isinstance(frame.x, Bands):
        labels = [
            paragraph(x, base, lines, anchor="middle")
            for lines, x in zip(names, frame.across(range(len(names))), strict=True)
        ]
        return f'<path d="{edge}"{stroke("axis")}/>{"".join(labels)}'
    lines, marks, labels = [], [], []
    for tick, x in zip(ticks, frame.across([tick.value for tick in ticks]), strict=True):
        if tick.label:
            lines.append(f"M{number(x)} {number(box.top)}V{number(box.bottom)}")
            labels.append(words(x, base, tick.label, anchor="middle"))
        marks.append(f"M{number(x)} {number(box.bottom)}v{number(_TICK if tick.label else _TICK / 2)}")
    grid = f'<path d="{"".join(lines)}"{stroke("grid")}/>' if axis.grid and lines else ""
    return f'{grid}<path d="{edge}{"".join(marks)}"{stroke("axis")} fill="none"/>{"".join(labels)}'


def zero_lines(frame: Frame) -> str:
    """Lines at zero where it lies within a linear axis, not at its end."""
    box, data = frame.box, ""
    if isinstance(frame.y, Linear) and frame.y.low < 0 < frame.y.high:
        data += f"M{number(box.left)} {number(frame.down([0.0])[0])}H{number(box.right)}"
    if isinstance(frame.x, Linear) and frame.x.low < 0 < frame.x.high:
        data += f"M{number(frame.across([0.0])[0])} {number(box.top)}V{number(box.bottom)}"
    return f'<path d="{data}"{stroke("axis")} fill="none"/>' if data else ""


def overhang(scale: Scale, ticks: list[Tick], length: float) -> float:
    """How far the last label of an x axis reaches beyond the end of the axis, px."""
    fractions = scale.fractions([tick.value for tick in ticks])
    reaches = [
        fraction * length + measure(tick.label) / 2 - length
        for tick, fraction in zip(ticks, fractions, strict=True)
        if tick.label and math.isfinite(fraction)
    ]
    return max([0.0, *reaches])
