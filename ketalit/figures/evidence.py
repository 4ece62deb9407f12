"""A map of dots: studies in the cells of rows and columns, with the empty cells drawn too.

Each dot is one study. Its size tells how many people, its filling the design, its colour and the sign in it a kind
(which side a result favours), so that it can be read without colours. A narrow picture has no room for columns: there
the cells of a row stand under one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import InputError
from .geometry import Rectangle
from .picture import Picture, picture
from .style import LINE, SIZE, SMALL, both, fill, stroke
from .text import attribute, heading, measure, number, paragraph, words, wrap

_PAD = 14.0  # px between content and edge of the picture
_NARROW = 640.0  # px; below it, cells stand under one another
_INSET, _APART = 5.0, 3.0  # px between dots and the edge of their cell, and from dot to dot
_NOTE = 10.0  # px of letters of what stands at the foot of a cell
_LEAST = 34.0  # px; height of a row without dots
_SMALLEST, _GREATEST = 6.0, 21.0  # px; radii
_NAMES_MOST = 0.2  # of the width, for the names of rows
_ARM = 3.4  # px; half a sign
_BETWEEN = 16.0  # px between entries of the legend


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One study.

    Attributes:
        row, column: where, counted from 0.
        size: how many people; None: not known, drawn smallest.
        filled: True a full disc, False a ring, None a broken ring.
        kind: which of the kinds, counted from 0.
        faint: shown beside what counts.
        tip: what a mouse held over it tells.
    """

    row: int
    column: int
    size: float | None = None
    filled: bool | None = True
    kind: int = 0
    faint: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What colour and sign of a dot mean. `sign`: "+", "−", "=", "±" or empty."""

    label: str
    ink: str
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a cell has besides dots: a `note` at its foot, whether it is `shaded`, what stands where no dot is."""

    note: str = ""
    shaded: bool = False
    empty: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a legend; what is empty has no entry."""

    filled: str = ""
    ring: str = ""
    broken: str = ""
    faint: str = ""
    shaded: str = ""
    sizes: Sequence[int] = (10, 100, 500)
    unit: str = "people"


@dataclass(slots=True)
class _Place:
    """Dots packed into lines: their middles from the left top corner, and how high they stand."""

    dots: list[tuple[Dot, float, float]] = field(default_factory=list)
    height: float = 0.0


def radius(size: float | None) -> float:
    """The radius of a dot, px: grows slower than the square root, so that both 5 and 1,000 people can be seen.

    >>> [round(radius(size), 1) for size in (None, 5, 50, 500, 5000)]
    [6.0, 6.1, 9.3, 17.2, 21.0]
    """
    return min(max(4 + 1.1 * size**0.4, _SMALLEST), _GREATEST) if size else _SMALLEST


def dot_map(
    dots: Sequence[Dot],
    rows: Sequence[tuple[str, str]],
    columns: Sequence[str],
    *,
    kinds: Sequence[Kind],
    title: str,
    description: str,
    cells: Mapping[tuple[int, int], Cell] | None = None,
    legend: Words | None = None,
    subtitle: str = "",
    note: str = "",
    width: float = 980.0,
) -> Picture:
    """Draw a map of dots.

    Args:
        dots: the studies, in the order in which they stand in their cells.
        rows: name and remark of each row.
        columns: name of each column.
        kinds: what colours and signs mean.
        title, description: what it shows, and what can be read off it.
        cells: notes and shades, by row and column.
        legend: its words.
        subtitle, note: under the title and under the map.
        width: of the picture, px.

    Raises:
        InputError: no row or no column, or a dot outside them.

    >>> dots, kinds = [Dot(row=0, column=1, size=20, tip="A trial")], [Kind("better", "s0", "+")]
    >>> rows, columns = [("Pain", "")], ["Oral", "Nasal"]
    >>> toy = dot_map(dots, rows, columns, kinds=kinds, title="Toy", description="One trial.")
    >>> "<title>A trial</title><circle" in toy.svg
    True
    """
    if not rows or not columns:
        raise InputError("a map without rows or columns", expected="at least one of each")
    for dot in dots:
        if not (0 <= dot.row < len(rows) and 0 <= dot.column < len(columns) and 0 <= dot.kind < len(kinds)):
            raise InputError("a dot outside the map", where=dot.tip, expected="a row, a column and a kind that exist")
    cells, legend = cells or {}, legend or Words()
    inner = width - 2 * _PAD
    parts: list[str] = []
    y = _PAD
    shown, y = heading(title, subtitle, _PAD, y, inner)
    parts.append(shown)
    shown, y = _legend(kinds, legend, inner, y + 6)
    parts.append(shown)
    here: dict[tuple[int, int], list[Dot]] = {}
    for dot in dots:
        here.setdefault((dot.row, dot.column), []).append(dot)
    draw = _stacked if width < _NARROW else _grid
    shown, y = draw(here, rows, columns, kinds, cells, inner, y + 8)
    parts.append(shown)
    if note:
        lines = wrap(note, inner, SMALL)
        parts.append(paragraph(_PAD, y + SMALL + 8, lines, size=SMALL, ink="muted"))
        y += len(lines) * SMALL * LINE + 10

    def redraw(wanted: float) -> Picture:
        return dot_map(
            dots,
            rows,
            columns,
            kinds=kinds,
            title=title,
            description=description,
            cells=cells,
            legend=legend,
            subtitle=subtitle,
            note=note,
            width=wanted,
        )

    return picture("".join(parts), width, y + _PAD - 2, title=title, description=description, redraw=redraw)


def _draw_dot(dot: Dot, kind: Kind, x: float, y: float) -> str:
    """One dot around (x, y): a disc or a ring, its sign, its tip."""
    r = radius(dot.size)
    place = f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r if dot.filled else r - 0.9)}"'
    if dot.filled:
        disc = f"{place}{fill(kind.ink)}/>"
    else:
        broken = ' stroke-dasharray="3 2"' if dot.filled is None else ""
        disc = f'{place}{both("ground", kind.ink)} stroke-width="1.8"{broken}/>'
    arms = {
        "+": f"M{number(x - _ARM)} {number(y)}h{number(2 * _ARM)}M{number(x)} {number(y - _ARM)}v{number(2 * _ARM)}",
        "−": f"M{number(x - _ARM)} {number(y)}h{number(2 * _ARM)}",
        "=": f"M{number(x - _ARM)} {number(y - 1.7)}h{number(2 * _ARM)}"
        f"M{number(x - _ARM)} {number(y + 1.7)}h{number(2 * _ARM)}",
        "±": f"M{number(x - _ARM)} {number(y - 1.1)}h{number(2 * _ARM)}M{number(x)} {number(y - 4)}v5.8"
        f"M{number(x - _ARM)} {number(y + 3.8)}h{number(2 * _ARM)}",
    }.get(kind.sign, "")
    sign = ""
    if arms:
        sign = f'<path d="{arms}"{stroke("ground" if dot.filled else kind.ink)} fill="none" stroke-width="1.6"/>'
    tip = f"<title>{attribute(dot.tip)}</title>" if dot.tip else ""
    faint = ' opacity="0.4"' if dot.faint else ""
    return f"<g{faint}>{tip}{disc}{sign}</g>"


def _packed(dots: Sequence[Dot], width: float) -> _Place:
    """Dots in lines no wider than `width`, in their order; each line as high as its largest."""
    place = _Place()
    line: list[Dot] = []
    x, y = 0.0, 0.0

    def close() -> None:
        nonlocal line, x, y
        tall = max(radius(dot.size) for dot in line)
        at = 0.0
        for dot in line:
            r = radius(dot.size)
            place.dots.append((dot, at + r, y + tall))
            at += 2 * r + _APART
        y += 2 * tall + _APART
        line, x = [], 0.0

    for dot in dots:
        wide = 2 * radius(dot.size)
        if line and x + wide > width:
            close()
        line.append(dot)
        x += wide + _APART
    if line:
        close()
    place.height = max(y - _APART, 0.0)
    return place


def _grid(
    here: Mapping[tuple[int, int], list[Dot]],
    rows: Sequence[tuple[str, str]],
    columns: Sequence[str],
    kinds: Sequence[Kind],
    cells: Mapping[tuple[int, int], Cell],
    inner: float,
    top: float,
) -> tuple[str, float]:
    longest = max(measure(name, SIZE, bold=True) for name, _ in rows)
    names = min(longest, _NAMES_MOST * inner) + 8
    wide = (inner - names) / len(columns)
    heads = [wrap(name, wide - 6, SMALL) for name in columns]
    parts: list[str] = []
    deepest = max(map(len, heads))
    for at, lines in enumerate(heads):
        middle = _PAD + names + (at + 0.5) * wide
        first = top + SMALL + (deepest - len(lines)) * SMALL * LINE
        parts.append(paragraph(middle, first, lines, size=SMALL, anchor="middle"))
    y = top + deepest * SMALL * LINE + 4
    for row, (name, remark) in enumerate(rows):
        title = wrap(name, names - 8, bold=True)
        aside = wrap(remark, names - 8, _NOTE) if remark else []
        places = [_packed(here.get((row, column), ()), wide - 2 * _INSET) for column in range(len(columns))]
        noted = any(cells.get((row, column), Cell()).note for column in range(len(columns)))
        tall = max(place.height for place in places) + 2 * _INSET + (_NOTE + 3 if noted else 0)
        tall = max(tall, len(title) * SIZE * LINE + len(aside) * _NOTE * LINE + 8, _LEAST)
        parts.append(paragraph(_PAD, y + SIZE + 3, title, bold=True))
        parts.append(paragraph(_PAD, y + SIZE + 3 + len(title) * SIZE * LINE - 1, aside, size=_NOTE, ink="muted"))
        for column, place in enumerate(places):
            left = _PAD + names + column * wide
            cell = cells.get((row, column), Cell())
            box = Rectangle(left + 1, y + 1, left + wide - 1, y + tall - 1)
            parts.append(_box(box, shaded=cell.shaded))
            middle = (box.left + box.right) / 2
            if not place.dots and cell.empty:
                below = (box.top + box.bottom) / 2 + 4
                parts.append(words(middle, below, cell.empty, size=SMALL, anchor="middle", ink="muted"))
            room = tall - (_NOTE + 3 if noted else 0)
            first = y + (room - place.height) / 2
            across = max((x + radius(dot.size) for dot, x, _ in place.dots), default=0.0)
            start = left + (wide - across) / 2
            parts += [_draw_dot(dot, kinds[dot.kind], start + x, first + down) for dot, x, down in place.dots]
            if cell.note:
                parts.append(words(middle, box.bottom - 4, cell.note, size=_NOTE, anchor="middle", ink="muted"))
        y += tall
    return "".join(parts), y


def _stacked(
    here: Mapping[tuple[int, int], list[Dot]],
    rows: Sequence[tuple[str, str]],
    columns: Sequence[str],
    kinds: Sequence[Kind],
    cells: Mapping[tuple[int, int], Cell],
    inner: float,
    top: float,
) -> tuple[str, float]:
    parts: list[str] = []
    y = top
    for row, (name, remark) in enumerate(rows):
        title = wrap(name, inner - 2 * _INSET, bold=True)
        aside = wrap(remark, inner - 2 * _INSET, _NOTE) if remark else []
        parts.append(f'<path d="M{number(_PAD)} {number(y)}h{number(inner)}"{stroke("axis")}/>')
        parts.append(paragraph(_PAD, y + SIZE + 5, title, bold=True))
        y += len(title) * SIZE * LINE + 7
        parts.append(paragraph(_PAD, y + _NOTE, aside, size=_NOTE, ink="muted"))
        y += len(aside) * _NOTE * LINE
        for column, called in enumerate(columns):
            place = _packed(here.get((row, column), ()), inner - 2 * _INSET)
            if not place.dots:
                continue
            cell = cells.get((row, column), Cell())
            head = wrap(f"{called} · {cell.note}" if cell.note else called, inner - 2 * _INSET, SMALL)
            tall = len(head) * SMALL * LINE + place.height + 2 * _INSET + 2
            box = Rectangle(_PAD, y + 1, _PAD + inner, y + tall - 1)
            parts.append(_box(box, shaded=cell.shaded))
            parts.append(paragraph(_PAD + _INSET, y + SMALL + 4, head, size=SMALL, ink="muted"))
            first = y + len(head) * SMALL * LINE + _INSET + 1
            parts += [_draw_dot(dot, kinds[dot.kind], _PAD + _INSET + x, first + down) for dot, x, down in place.dots]
            y += tall + 2
        empty = [column for column in range(len(columns)) if (row, column) not in here]
        marks = {column: cells.get((row, column), Cell()) for column in empty}
        for mark in dict.fromkeys(cell.empty for cell in marks.values() if cell.empty):
            alike = [column for column in empty if marks[column].empty == mark]
            lines = wrap(f"{mark}: {' · '.join(columns[column] for column in alike)}", inner - 2 * _INSET, SMALL)
            tall = len(lines) * SMALL * LINE + 8
            shaded = all(marks[column].shaded for column in alike)
            parts.append(_box(Rectangle(_PAD, y + 1, _PAD + inner, y + tall - 1), shaded=shaded))
            parts.append(paragraph(_PAD + _INSET, y + SMALL + 3, lines, size=SMALL, ink="muted"))
            y += tall + 2
        y += 6
    return "".join(parts), y


def _box(box: Rectangle, *, shaded: bool) -> str:
    place = f'x="{number(box.left)}" y="{number(box.top)}" width="{number(box.right - box.left)}"'
    look = fill("grid") if shaded else both("ground", "grid")
    return f'<rect {place} height="{number(box.bottom - box.top)}" rx="2"{look}/>'


def _legend(kinds: Sequence[Kind], legend: Words, inner: float, top: float) -> tuple[str, float]:
    """Entries in lines: kinds, filling, sizes."""
    neutral = Kind("", "muted")
    groups: list[list[tuple[float, str, Dot | None, Kind]]] = [
        [(12.0, kind.label, Dot(row=0, column=0), kind) for kind in kinds],
        [
            (12.0, text, Dot(row=0, column=0, filled=filled, faint=faint), neutral)
            for text, filled, faint in (
                (legend.filled, True, False),
                (legend.ring, False, False),
                (legend.broken, None, False),
                (legend.faint, True, True),
            )
            if text
        ],
        [
            (2 * radius(size), f"{size:,} {legend.unit}", Dot(row=0, column=0, size=size, filled=False), neutral)
            for size in legend.sizes
        ],
    ]
    if legend.shaded:
        groups[1].append((14.0, legend.shaded, None, neutral))
    parts: list[str] = []
    y = top
    for group in groups:
        tall = max((wide for wide, *_ in group), default=0.0) + 6
        x = _PAD
        for wide, label, dot, kind in group:
            lines = wrap(label, inner - wide - 6, SMALL)
            needed = wide + 6 + max((measure(line, SMALL) for line in lines), default=0.0)
            if x > _PAD and x + needed > _PAD + inner:
                x, y = _PAD, y + tall
            middle = y + tall / 2
            if dot is None:
                parts.append(_box(Rectangle(x, middle - 7, x + wide, middle + 7), shaded=True))
            else:
                parts.append(_draw_dot(dot, kind, x + wide / 2, middle))
            parts.append(paragraph(x + wide + 6, middle + 4, lines, size=SMALL))
            y += (len(lines) - 1) * SMALL * LINE
            x += needed + _BETWEEN
        y += tall if group else 0
    return "".join(parts), y
