"""A picture: SVG text with its size, its title and a description in words."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .style import FONT, SIZE, STYLE
from .text import attribute, number


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG text: live figure, static twin and exported file are all this.

    Attributes:
        svg: the text, complete; it can stand in a page or be a file.
        width, height: px.
        title: what it shows.
        description: what can be read off it, for who cannot see it.
        redraw: draws it again with another width.
    """

    svg: str = field(repr=False)
    width: float
    height: float
    title: str
    description: str
    redraw: Callable[[float], Picture] | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return self.svg

    def at(self, width: float) -> Picture:
        """The same picture, laid out anew for another width; as it is where it cannot be."""
        return self.redraw(width) if self.redraw else self

    def save(self, path: Path | str) -> Path:
        """Write it as .svg, .png or .pdf, by the ending of the name.

        Raises:
            InputError: another ending, or the extra `figures` is not installed (only .svg does without).
        """
        from .export import save

        return save(self, path)

    @property
    def uri(self) -> str:
        """It as a data URI, for the `src` of an image."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()

    def _repr_html_(self) -> str:
        # An image rather than SVG elements: notebooks that are not trusted strip the latter, and show the former.
        # For the same reason there is no _repr_svg_: it would win in some viewers, and carries no alternative text.
        alternative = attribute(f"{self.title}. {self.description}")
        size = f'width="{number(self.width)}" height="{number(self.height)}"'
        return f'<img {size} style="max-width:100%;height:auto" alt="{alternative}" src="{self.uri}">'


def picture(
    inside: str,
    width: float,
    height: float,
    *,
    title: str,
    description: str,
    redraw: Callable[[float], Picture] | None = None,
) -> Picture:
    """Put SVG text on a ground of its own, with style, title and description.

    The ground is part of the picture, so that letters stand out from it on whatever page it is shown.

    >>> picture("", 10, 5, title="a < b", description="nothing").svg.startswith('<svg xmlns=')
    True
    """
    tall = math.ceil(height)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ket" width="{number(width)}" height="{tall}" '
        f'viewBox="0 0 {number(width)} {tall}" role="img" font-family="{FONT}" font-size="{number(SIZE)}" '
        'style="max-width:100%;height:auto">'
        f"<title>{attribute(title)}</title><desc>{attribute(description)}</desc>{STYLE}"
        f'<rect width="{number(width)}" height="{tall}" class="f-ground" fill="#ffffff"/>{inside}</svg>'
    )
    return Picture(svg, width, tall, title, description, redraw)
