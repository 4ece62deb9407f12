"""Letters: how wide they are, where lines break, and how they are written into SVG so that nothing can get out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape

from ..escaping import one_line
from .style import LINE, SIZE, TITLE, fill

# Advance widths of Helvetica, thousandths of its size (Adobe core font metrics); Arial, Liberation Sans: the same.
_ADVANCES = """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584
584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278
278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500
500 334 260 334 584
"""
_WIDTHS = {chr(32 + at): int(width) for at, width in enumerate(_ADVANCES.split())}
_WIDTHS |= {"\u00a0": 278, "−": 584, "×": 584, "±": 584, "·": 278, "µ": 576, "–": 556, "—": 1000, "…": 1000, "→": 1000}
_OTHER = 620
_BOLD = 1.08
_ROOM = 1.02  # a font that is put in Helvetica's place may be a little wider

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+−", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+−", strict=True))
_SHIFTED = re.compile(f"([{''.join(_RAISED)}]+)|([{''.join(_LOWERED)}]+)")
_SHRUNK = 0.72
_NOT_XML = re.compile("[\ufffe\uffff]")


def number(value: float) -> str:
    """A coordinate: at most two decimals.

    >>> number(12.0), number(0.126), number(-0.001)
    ('12', '0.13', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=4096, typed=True)  # 1, 1.0 and True are equal, and different words
def clean(text: str) -> str:
    r"""Text on one line without anything that XML forbids or that reorders what is shown; not yet escaped.

    >>> clean("a\x00b\n c")
    'ab c'
    """
    return _NOT_XML.sub("", one_line(str(text)))


def attribute(text: str) -> str:
    """Text made safe for an element or an attribute."""
    return escape(clean(text), quote=True)


@lru_cache(maxsize=4096)
def measure(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """How wide a text is, px; letters it does not know are taken as wide.

    >>> round(measure("0.5"), 1), measure("i") < measure("W")
    (17.0, True)
    """
    total = 0.0
    for letter in text:
        plain = _RAISED.get(letter) or _LOWERED.get(letter)
        if plain:
            total += _WIDTHS[plain] * _SHRUNK
        elif letter in _WIDTHS:
            total += _WIDTHS[letter]
        elif not unicodedata.combining(letter):
            total += 1000 if unicodedata.east_asian_width(letter) in "WF" else _OTHER
    return total / 1000 * size * (_BOLD if bold else 1) * _ROOM


def wrap(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Lines no wider than `width` px; a word that is wider is cut.

    >>> wrap("current that is left", 60)
    ['current', 'that is left']
    """
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while len(word) > 1 and measure(word, size, bold=bold) > width:
            fits = next((at for at in range(len(word) - 1, 1, -1) if measure(word[:at], size, bold=bold) <= width), 1)
            lines.append(word[:fits])
            word = word[fits:]  # noqa: PLW2901 - what is left of it
        line = word
    return [*lines, line] if line else lines


def words(
    x: float,
    y: float,
    text: str,
    *,
    size: float = SIZE,
    anchor: str = "start",
    ink: str = "ink",
    bold: bool = False,
    halo: bool = False,
) -> str:
    """One line of letters; `y` is where they stand. `halo` keeps what is under them away.

    Raised and lowered digits become small ordinary ones: many fonts lack them.

    >>> words(10, 20, "a < b")
    '<text x="10" y="20" class="f-ink" fill="#1b1e23">a &lt; b</text>'
    """
    attributes = f' x="{number(x)}" y="{number(y)}"'
    if size != SIZE:
        attributes += f' font-size="{number(size)}"'
    if anchor != "start":
        attributes += f' text-anchor="{anchor}"'
    if bold:
        attributes += ' font-weight="bold"'
    inside = _with_shifts(clean(text), size)
    under = ""
    if halo:
        ground = ' class="f-ground l-ground" fill="#ffffff" stroke="#ffffff" stroke-width="3" stroke-linejoin="round"'
        under = f'<text{attributes}{ground} aria-hidden="true">{inside}</text>'
    return f"{under}<text{attributes}{fill(ink)}>{inside}</text>"


def paragraph(
    x: float,
    y: float,
    lines: list[str],
    *,
    size: float = SIZE,
    anchor: str = "start",
    ink: str = "ink",
    bold: bool = False,
) -> str:
    """Lines under one another; `y` is where the first stands."""
    return "".join(
        words(x, y + at * size * LINE, line, size=size, anchor=anchor, ink=ink, bold=bold)
        for at, line in enumerate(lines)
    )


def _with_shifts(text: str, size: float) -> str:
    if not _SHIFTED.search(text):
        return escape(text)
    parts: list[str] = []
    last, back = 0, 0.0

    def plain(piece: str) -> str:
        return f'<tspan dy="{number(back)}">{escape(piece)}</tspan>' if back and piece else escape(piece)

    for found in _SHIFTED.finditer(text):
        before = text[last : found.start()]
        parts.append(plain(before))
        shift = -0.34 * size if found.group(1) else 0.16 * size
        small = "".join((_RAISED | _LOWERED)[letter] for letter in found.group())
        dy = shift + (0.0 if before else back)
        parts.append(f'<tspan dy="{number(dy)}" font-size="{number(_SHRUNK * size)}">{small}</tspan>')
        last, back = found.end(), -shift
    return "".join([*parts, plain(text[last:])])


def heading(title: str, subtitle: str, x: float, y: float, width: float) -> tuple[str, float]:
    """SVG text of a picture's title and subtitle from y down, in lines no wider than `width`; and where it ends, px.

    >>> heading("", "", 14, 14, 100)
    ('', 14)
    """
    shown = ""
    for words, size, bold, ink in ((title, TITLE, True, "ink"), (subtitle, SIZE, False, "muted")):
        if words:
            lines = wrap(words, width, size, bold=bold)
            shown += paragraph(x, y + size, lines, size=size, bold=bold, ink=ink)
            y += len(lines) * size * LINE + 3
    return shown, y
