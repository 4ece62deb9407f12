"""Small shapes at a place on the page: points and arrowheads."""

from __future__ import annotations

from .style import both, fill, stroke
from .text import attribute, number

# Each of about the area of a circle with radius 1, so that no series looks weightier than another.
_OUTLINES = {
    "square": ((-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)),
    "triangle": ((0, -1.35), (1.17, 0.78), (-1.17, 0.78)),
    "down": ((0, 1.35), (1.17, -0.78), (-1.17, -0.78)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
}


def symbol(shape: str, x: float, y: float, size: float, ink: str, *, hollow: bool = False, tip: str = "") -> str:
    """A point of the shape circle, square, triangle, down, diamond or cross; `size` is its radius in px."""
    look = both("ground", ink) + ' stroke-width="1.6"' if hollow else fill(ink)
    inside = f"<title>{attribute(tip)}</title>" if tip else ""
    if shape == "circle":
        opened = f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(size)}"{look}'
        return f"{opened}>{inside}</circle>" if inside else f"{opened}/>"
    if shape == "cross":
        arm = number(size)
        both_arms = number(2 * size)
        data = f"M{number(x - size)} {number(y - size)}l{both_arms} {both_arms}m-{both_arms} 0l{both_arms} -{both_arms}"
        opened = f'<path d="{data}"{stroke(ink)} fill="none" stroke-width="{number(max(1.6, 0.45 * float(arm)))}"'
    else:
        corners = "L".join(f"{number(x + size * dx)} {number(y + size * dy)}" for dx, dy in _OUTLINES[shape])
        opened = f'<path d="M{corners}Z"{look}'
    return f"{opened}>{inside}</path>" if inside else f"{opened}/>"


def arrowhead(x: float, y: float, dx: float, dy: float, ink: str, *, size: float = 7.0) -> str:
    """A head with its tip at (x, y), pointing along the unit vector (dx, dy)."""
    back_x, back_y, half = x - size * dx, y - size * dy, size * 0.45
    corners = ((x, y), (back_x - half * dy, back_y + half * dx), (back_x + half * dy, back_y - half * dx))
    return f'<path d="M{"L".join(f"{number(a)} {number(b)}" for a, b in corners)}Z"{fill(ink)}/>'
