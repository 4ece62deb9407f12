"""Where on the page a panel's values lie, and which places are already taken by words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .geometry import Rectangle
from .scale import Bands, Scale
from .style import LINE, SMALL
from .text import measure, words


@dataclass(slots=True)
class Frame:
    """The plotting area of one panel. `x` and `y` are its scales, `box` the area in px."""

    x: Scale
    y: Scale
    box: Rectangle
    taken: list[Rectangle] = field(default_factory=list)

    def across(self, values: Iterable[Any]) -> list[float]:
        """Values of the x axis in px."""
        left, width = self.box.left, self.box.right - self.box.left
        return [left + width * fraction for fraction in self.x.fractions(values)]

    def down(self, values: Iterable[Any]) -> list[float]:
        """Values of the y axis in px; names run from the top, numbers from the bottom."""
        if isinstance(self.y, Bands):
            top, height = self.box.top, self.box.bottom - self.box.top
            return [top + height * fraction for fraction in self.y.fractions(values)]
        bottom, height = self.box.bottom, self.box.bottom - self.box.top
        return [bottom - height * fraction for fraction in self.y.fractions(values)]

    def at(self, x: Any, y: Any) -> tuple[float, float]:
        """One point in px; None is the middle of the axis."""
        centre = (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2
        return (
            centre[0] if x is None else self.across([x])[0],
            centre[1] if y is None else self.down([y])[0],
        )

    def put(
        self, x: float, y: float, text: str, *, anchor: str = "start", ink: str = "muted", size: float = SMALL
    ) -> str:
        """Write into the panel, near (x, y) px, inside it, and not over other words; nothing where no place is left."""
        if not text or not (math.isfinite(x) and math.isfinite(y)):
            return ""
        wide = measure(text, size)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        left = min(max(x - shift * wide, self.box.left + 3), max(self.box.right - wide - 3, self.box.left + 3))
        line = size * LINE
        for row in (0, 1, -1, 2, -2, 3, -3, 4, 5, 6):
            base = min(max(y + row * line, self.box.top + size + 1), self.box.bottom - 4)
            place = Rectangle(left, base - size, left + wide, base + 0.3 * size)
            if not any(place.meets(other) for other in self.taken):
                self.taken.append(place)
                return words(left, base, text, size=size, ink=ink, halo=True)
        return ""
