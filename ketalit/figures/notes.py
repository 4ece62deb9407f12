"""Marks that explain a panel: rules at a value, regions between values, words at a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .frame import Frame
from .marks import Mark
from .scale import numbers
from .style import SMALL, fill, stroke
from .text import measure, number


@dataclass(frozen=True, slots=True)
class Rule(Mark):
    """A straight line across the panel at one value of x or of y; `name` is written beside it."""

    x: Any = None
    y: Any = None
    name: str = ""
    ink: str = field(default="muted", kw_only=True)
    dash: str = field(default="4 3", kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        value = self.x if axis == "x" else self.y
        return [] if value is None or isinstance(value, str) else numbers([value])

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        box = frame.box
        x, y = frame.at(self.x, self.y)
        if not box.holds(x, y):
            return ""
        data = f"M{number(x)} {number(box.top)}V{number(box.bottom)}"
        if self.x is None:
            data = f"M{number(box.left)} {number(y)}H{number(box.right)}"
        return f'<path d="{data}"{self._look()}/>'

    def explain(self, frame: Frame) -> str:
        """Its name, drawn after everything else."""
        x, y = frame.at(self.x, self.y)
        if not self.name or not frame.box.holds(x, y):
            return ""
        if self.x is None:
            return frame.put(frame.box.right - 3, y - 4, self.name, anchor="end")
        room_right = frame.box.right - x > measure(self.name, SMALL) + 8
        return frame.put(
            x + 5 if room_right else x - 5, frame.box.top + 12, self.name, anchor="start" if room_right else "end"
        )

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        return f'<path d="M{number(x)} {number(y)}h24"{self._look()}/>'

    def _look(self) -> str:
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        return f'{stroke(self.colour)} fill="none" stroke-width="1.2"{dash}'


@dataclass(frozen=True, slots=True)
class Region(Mark):
    """A shaded region between two values of x, or of y; None runs to the edge. `name` is written at its top."""

    x: tuple[Any, Any] | None = None
    y: tuple[Any, Any] | None = None
    name: str = ""
    ink: str = field(default="muted", kw_only=True)
    fits: bool = field(default=True, kw_only=True)  # the axis makes room for it

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        ends = (self.x if axis == "x" else self.y) if self.fits else None
        return numbers([end for end in ends if end is not None]) if ends else []

    def draw(self, frame: Frame) -> str:
        """SVG text."""
        left, top, right, bottom = self._edges(frame)
        if not (left < right and top < bottom):  # outside the panel, or at no number
            return ""
        place = f'x="{number(left)}" y="{number(top)}" width="{number(right - left)}" height="{number(bottom - top)}"'
        return f'<rect {place}{fill(self.colour)} fill-opacity="0.13"/>'

    def explain(self, frame: Frame) -> str:
        """Its name, drawn after everything else."""
        left, top, right, bottom = self._edges(frame)
        if not (left < right and top < bottom):  # outside the panel, or at no number
            return ""
        wide = measure(self.name, SMALL)
        return frame.put((left + right) / 2, top + 12, self.name, anchor="middle" if wide < right - left else "start")

    def key(self, x: float, y: float) -> str:
        """Its sample in the legend."""
        return (
            f'<rect x="{number(x)}" y="{number(y - 6)}" width="24" height="12"{fill(self.colour)} fill-opacity="0.13"/>'
        )

    def _edges(self, frame: Frame) -> tuple[float, float, float, float]:
        box = frame.box
        left, right, top, bottom = box.left, box.right, box.top, box.bottom
        if self.x is not None:
            left, right = (
                edge if value is None else frame.across([value])[0]
                for edge, value in zip((left, right), self.x, strict=True)
            )
        if self.y is not None:
            ends = [
                edge if value is None else frame.down([value])[0]
                for edge, value in zip((bottom, top), self.y, strict=True)
            ]
            top, bottom = min(ends), max(ends)
        return max(left, box.left), max(top, box.top), min(right, box.right), min(bottom, box.bottom)


@dataclass(frozen=True, slots=True)
class Words(Mark):
    """Words at a place (None: the middle), moved by `dx` and `dy` px, kept inside the panel and off other words."""

    x: Any
    y: Any
    text: str
    anchor: str = field(default="start", kw_only=True)
    dx: float = field(default=0.0, kw_only=True)
    dy: float = field(default=0.0, kw_only=True)
    ink: str = field(default="muted", kw_only=True)

    def reach(self, axis: str) -> list[float]:
        """The values that an axis has to make room for."""
        value = self.x if axis == "x" else self.y
        return [] if value is None or isinstance(value, str) else numbers([value])

    def draw(self, frame: Frame) -> str:
        """Nothing; words come last."""
        return ""

    def explain(self, frame: Frame) -> str:
        """The words."""
        x, y = frame.at(self.x, self.y)
        return frame.put(x + self.dx, y + self.dy, self.text, anchor=self.anchor, ink=self.colour)

    def key(self, x: float, y: float) -> str:
        """Words have no sample."""
        return ""
