"""Legends: samples with their names in rows above the panels, or at the ends of the lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .frame import Frame
from .marks import Line, Mark
from .scale import spread
from .style import LINE, SIZE
from .text import clean, measure, paragraph, wrap

_GAP, _BETWEEN, ROW = 6.0, 18.0, 20.0  # px: sample to name, entry to entry, row to row


@dataclass(frozen=True, slots=True)
class Entry:
    """A name with the marks that carry it, which are drawn over one another as its sample."""

    label: str
    marks: tuple[Mark, ...]

    @property
    def key_width(self) -> float:
        """How wide the sample is, px."""
        return max(mark.key_width for mark in self.marks)

    def draw(self, x: float, y: float, lines: list[str]) -> str:
        """The entry with its middle line at height y."""
        samples = "".join(mark.key(x, y) for mark in self.marks)
        return samples + paragraph(x + self.key_width + _GAP, y + 4, lines)


def entries(marks: Iterable[Mark]) -> list[Entry]:
    """The entries of a legend, in the order of the marks; marks with one label share one."""
    named: dict[str, list[Mark]] = {}
    for mark in marks:
        if clean(mark.label):
            named.setdefault(clean(mark.label), []).append(mark)
    return [Entry(label, _different(found)) for label, found in named.items()]


def rows(legend: list[Entry], left: float, top: float, width: float) -> tuple[str, float]:
    """A legend in rows no wider than `width` px; returns its SVG text and its height."""
    x, y, parts = left, top + ROW / 2, []
    deep = 0.0
    for entry in legend:
        lines = wrap(entry.label, width - entry.key_width - _GAP)
        wide = entry.key_width + _GAP + max(measure(line) for line in lines)
        if x > left and x + wide > left + width:
            x, y = left, y + ROW + deep
            deep = 0.0
        parts.append(entry.draw(x, y, lines))
        deep = max(deep, (len(lines) - 1) * SIZE * LINE)
        x += wide + _BETWEEN
    return "".join(parts), (y + ROW / 2 + deep - top) if legend else 0.0


def end_lines(legend: list[Entry], most: float) -> list[list[str]]:
    """The names as they stand at the ends of lines, wrapped into `most` px with their samples."""
    return [wrap(entry.label, most - entry.key_width - _GAP) for entry in legend]


def end_width(legend: list[Entry], most: float) -> float:
    """The room that names at the ends of lines take, px."""
    lines = end_lines(legend, most)
    wides = [entry.key_width + max(map(measure, names)) for entry, names in zip(legend, lines, strict=True)]
    return max(wides, default=0.0) + _GAP + 8


def at_ends(legend: list[Entry], frame: Frame, most: float) -> str:
    """Names to the right of the panel, as near to the ends of their lines as they can be without touching."""
    box, wanted = frame.box, []
    for entry in legend:
        line = next((mark for mark in entry.marks if isinstance(mark, Line)), None)
        inside = [] if line is None else [y for y in frame.down(line.y) if box.top <= y <= box.bottom]
        wanted.append(inside[-1] if inside else (box.top + box.bottom) / 2)
    lines = end_lines(legend, most)
    heights = [len(names) * SIZE * LINE + 3 for names in lines]
    places = spread(wanted, heights, box.top - 6, box.bottom + 6)
    return "".join(
        entry.draw(box.right + 8, place - (len(names) - 1) * SIZE * LINE / 2, names)
        for entry, names, place in zip(legend, lines, places, strict=True)
    )


def _different(marks: list[Mark]) -> tuple[Mark, ...]:
    """One mark for each sample that looks different."""
    looks = {mark.key(0, 0): mark for mark in marks}
    return tuple(looks.values())
