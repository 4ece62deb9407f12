"""The PRISMA 2020 flow diagram as SVG: two columns, three phases, readable at 800 pixels, with a text alternative."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ..escaping import one_line, terminal
from .boxes import DATABASES, OTHER, Box, column_boxes, included_box, shown, sums
from .counts import PrismaCounts
from .text import prisma_text

WIDTH = 800
_MARGIN = 34  # left of it stand the names of the phases
_BOX = 178
_GAP = 14
_SIZE = 12  # px of letters
_LINE = 16
_PAD = 8
_LETTERS = 29  # that fit into a box: 162 px at about 5.6 px a letter
_BETWEEN = 18
_NO_BREAK = "\u00a0"
_COLUMN = 2 * _BOX + _GAP + 18
_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class _Placed:
    box: Box
    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        return _height(self.lines)


def prisma_svg(counts: PrismaCounts) -> str:
    """The diagram as the text of an SVG file. All of it is also in its title and description, for who cannot see it.

    >>> from .counts import count_prisma
    >>> prisma_svg(count_prisma()).startswith("<svg")
    True
    """
    columns = [list(column_boxes(counts.databases)), list(column_boxes(counts.other))]
    levels = [_pairs(boxes) for boxes in columns]
    top = 64.0
    placed: list[_Placed] = []
    phases: dict[str, list[float]] = {}
    arrows: list[str] = []
    flow: list[list[_Placed]] = [[], []]
    for level in zip(*levels, strict=True):
        tall = 0
        for number, (main, side) in enumerate(level):
            x = _MARGIN + number * _COLUMN
            one = _Placed(main, x, top, _wrapped(main))
            two = _Placed(side, x + _BOX + _GAP, top, _wrapped(side))
            placed += [one, two]
            flow[number].append(one)
            middle = top + min(one.height, two.height) / 2
            arrows.append(_arrow(one.x + _BOX, middle, two.x, middle))
            tall = max(tall, one.height, two.height)
        span = phases.setdefault(level[0][0].phase, [top, top])
        span[1] = top + tall
        top += tall + _BETWEEN
    last = _Placed(included_box(counts), _MARGIN, top, _wrapped(included_box(counts)))
    placed.append(last)
    phases["Included"] = [top, top + last.height]
    for column in flow:
        arrows += [
            _arrow(one.x + _BOX / 2, one.y + one.height, two.x + _BOX / 2, two.y) for one, two in pairwise(column)
        ]
    arrows.append(_arrow(_MARGIN + _BOX / 2, flow[0][-1].y + flow[0][-1].height, _MARGIN + _BOX / 2, top))
    lowest = flow[1][-1]
    bend = last.y + last.height / 2
    down = lowest.x + _BOX / 2
    arrows.append(_path(f"M{down:g} {lowest.y + lowest.height:g} V{bend:g} H{_MARGIN + _BOX:g}"))
    top += last.height + 26
    foot = list(_foot(counts))
    height = top + _LINE * len(foot) + 6
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
            f'height="{height:g}" role="img" aria-labelledby="prisma-title prisma-text" '
            f'font-family="{_FONT}" font-size="{_SIZE}">',
            f'<title id="prisma-title">PRISMA 2020 flow diagram: {_safe(counts.title)}</title>',
            f'<desc id="prisma-text">{escape(terminal(prisma_text(counts)))}</desc>',
            '<defs><marker id="prisma-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0 L8 4 L0 8 Z" fill="#333"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{height:g}" fill="#fff"/>',
            _title(counts.title),
            *(_banner(_MARGIN + number * _COLUMN, text) for number, text in enumerate((DATABASES, OTHER))),
            *(_phase(name, *span) for name, span in phases.items()),
            *arrows,
            *(_drawn(one) for one in placed),
            *(
                f'<text x="{_MARGIN}" y="{top + _LINE * number:g}" fill="#333">{_safe(line)}</text>'
                for number, line in enumerate(foot)
            ),
            "</svg>\n",
        ]
    )


def _pairs(boxes: Sequence[Box]) -> list[tuple[Box, Box]]:
    """Each box of the flow with the one beside it."""
    return list(zip(boxes[::2], boxes[1::2], strict=True))


def _wrapped(box: Box) -> tuple[str, ...]:
    """The lines of a box: its heading, then what stands under it, each with a hanging indent."""
    under = [
        line
        for name, number in box.lines
        for line in textwrap.wrap(_numbered(name, number), _LETTERS, subsequent_indent="  ", break_on_hyphens=False)
    ]
    return (*_heading(box), *under)


def _heading(box: Box) -> list[str]:
    # Bold letters are wider.
    return textwrap.wrap(_numbered(box.heading, box.number), _LETTERS if box.side else _LETTERS - 2)


def _numbered(name: str, number: int | None) -> str:
    """A name with its number, which no line break divides."""
    return f"{name} ({shown(number).replace(' ', _NO_BREAK)})"


def _height(lines: Sequence[str]) -> int:
    return _LINE * len(lines) + 2 * _PAD


def _drawn(one: _Placed) -> str:
    heads = len(_heading(one.box))
    fill = "#fff" if one.box.side else "#f2f6fa"
    parts = [
        f'<rect x="{one.x:g}" y="{one.y:g}" width="{_BOX}" height="{one.height}" fill="{fill}" stroke="#333" rx="3"/>'
    ]
    for number, line in enumerate(one.lines):
        weight = ' font-weight="bold"' if number < heads and not one.box.side else ""
        inside = 8 if line.startswith("  ") else 0
        y = one.y + _PAD + _LINE * number + _SIZE
        parts.append(f'<text x="{one.x + _PAD + inside:g}" y="{y:g}"{weight}>{_safe(line.strip())}</text>')
    return "".join(parts)


def _title(title: str) -> str:
    short = textwrap.shorten(one_line(title), 90, placeholder=" …")
    return f'<text x="{_MARGIN}" y="20" font-size="15" font-weight="bold">{_safe(short)}</text>'


def _banner(x: float, text: str) -> str:
    wide = 2 * _BOX + _GAP
    return (
        f'<rect x="{x:g}" y="30" width="{wide}" height="24" fill="#fbe3b3" stroke="#333" rx="3"/>'
        f'<text x="{x + wide / 2:g}" y="46" text-anchor="middle" font-weight="bold">{_safe(text)}</text>'
    )


def _phase(name: str, top: float, bottom: float) -> str:
    middle = (top + bottom) / 2
    small = ' font-size="10"' if bottom - top < 8 * len(name) else ""
    return (
        f'<rect x="4" y="{top:g}" width="22" height="{bottom - top:g}" fill="#cfe2f3" stroke="#333" rx="3"/>'
        f'<text transform="translate(19 {middle:g}) rotate(-90)" text-anchor="middle" font-weight="bold"{small}>'
        f"{_safe(name)}</text>"
    )


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    return _path(f"M{x1:g} {y1:g} L{x2:g} {y2:g}")


def _path(shape: str) -> str:
    return f'<path d="{shape}" fill="none" stroke="#333" marker-end="url(#prisma-tip)"/>'


def _foot(counts: PrismaCounts) -> Iterator[str]:
    """What has to be known to read the diagram, in lines."""
    paragraphs = [sums(counts), *counts.differences]
    if counts.excluded_without_stage:
        each = "; ".join(_numbered(*one) for one in counts.excluded_without_stage)
        paragraphs.append(f"Left out, at which stage is not recorded: {each}.")
    for text in (*paragraphs, *counts.notes):
        yield from textwrap.wrap(one_line(text), 122)


def _safe(text: str) -> str:
    return escape(terminal(text))
