"""How pictures look: inks for light and dark grounds, dashes, sizes of letters.

Colours follow Okabe and Ito, "Color Universal Design" (2008), darker or lighter where the original would stand out
from its ground by less than 4 to 1 (WCAG 2.2, criterion 1.4.11, asks for 3). A line has a dash too, a point a shape:
nothing is told by colour alone. Every element carries its light colour as an attribute, so that any program can show a
saved picture; in a browser a style sheet puts the dark one in its place on dark pages, and never on paper.
"""

from __future__ import annotations

from collections.abc import Mapping

FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
SIZE = 12.0  # px of ordinary letters
SMALL = 11.0
TITLE = 15.0
LINE = 1.32  # from one line of letters to the next, as a multiple of their size

# (on light, on dark)
INKS: Mapping[str, tuple[str, str]] = {
    "ground": ("#ffffff", "#16191d"),
    "ink": ("#1b1e23", "#e8eaed"),
    "muted": ("#59606a", "#a9b1bb"),
    "axis": ("#7d858f", "#868f9a"),
    "grid": ("#e3e6ea", "#2f353c"),
    "s0": ("#0072b2", "#56b4e9"),  # blue
    "s1": ("#cf5b00", "#f0803c"),  # vermilion
    "s2": ("#00896a", "#2bbd92"),  # bluish green
    "s3": ("#b0568a", "#cc79a7"),  # reddish purple
    "s4": ("#9a6a00", "#e69f00"),  # orange
    "s5": ("#1b1e23", "#f0e442"),  # black, and yellow on dark
}
SERIES = 6
DASHES = ("", "7 3.5", "2 3", "9 3 2 3", "13 4", "5 2 1.5 2 1.5 2")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "down")


def series_ink(series: int) -> str:
    """The ink of a series; after the sixth they come again, with other dashes.

    >>> series_ink(0), series_ink(7)
    ('s0', 's1')
    """
    return f"s{series % SERIES}"


def series_dash(series: int) -> str:
    """The dashes of a series, in px; different again in the second round of inks."""
    return DASHES[(series + series // SERIES) % len(DASHES)]


def series_shape(series: int) -> str:
    """The shape of the points of a series."""
    return SHAPES[(series + series // SERIES) % len(SHAPES)]


def fill(ink: str) -> str:
    """Attributes that fill with an ink.

    >>> fill("ink")
    ' class="f-ink" fill="#1b1e23"'
    """
    return f' class="f-{ink}" fill="{INKS[ink][0]}"'


def stroke(ink: str) -> str:
    """Attributes that draw a line in an ink."""
    return f' class="l-{ink}" stroke="{INKS[ink][0]}"'


def both(inside: str, outline: str) -> str:
    """Attributes that fill with one ink and outline with another."""
    return f' class="f-{inside} l-{outline}" fill="{INKS[inside][0]}" stroke="{INKS[outline][0]}"'


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> round(contrast("#000000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a colour "#rrggbb", 0 to 1 (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _variables(place: int) -> str:
    return "".join(f"--{name}:{colours[place]};" for name, colours in INKS.items())


# A page that says which theme it has (JupyterLab, or data-theme="dark") is believed before the system is.
STYLE = (
    f"<style>.ket{{{_variables(0)}}}"
    '@media screen and (prefers-color-scheme:dark){.ket:not([data-jp-theme-light="true"] *,[data-theme="light"] *)'
    f"{{{_variables(1)}}}}}"
    f'@media screen{{:is([data-jp-theme-light="false"],[data-theme="dark"]) .ket{{{_variables(1)}}}}}'
    + "".join(f".ket .f-{name}{{fill:var(--{name})}}.ket .l-{name}{{stroke:var(--{name})}}" for name in INKS)
    + "</style>"
)
