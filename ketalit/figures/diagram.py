"""State diagrams: boxes on a grid, arrows with their rates, and how full each state is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import InputError
from .picture import Picture, picture
from .shapes import arrowhead
from .style import LINE, SMALL, both, fill, stroke
from .text import heading, measure, number, paragraph, words, wrap

_PAD = 14.0
_PAIR = 4.0  # px from the line between two boxes to each arrow of a pair


@dataclass(frozen=True, slots=True)
class Box:
    """A state. `column`, `row`: its place on the grid; `filled`: the share of all in it, 0 to 1, None: not shown."""

    name: str
    column: float
    row: float
    filled: float | None = None
    series: int = 0
    explained: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one state to another, with its rate. One the other way runs beside it. `ink`: of `style.INKS`."""

    start: str
    end: str
    label: str = ""
    ink: str = "muted"


def diagram(
    boxes: Sequence[Box],
    arrows: Sequence[Arrow],
    *,
    title: str,
    description: str,
    subtitle: str = "",
    note: str = "",
    width: float = 640.0,
    row_height: float = 92.0,
) -> Picture:
    """Draw a state diagram.

    Args:
        boxes: the states.
        arrows: the ways between them.
        title, description, subtitle, note: as for `draw`.
        width: of the picture, px.
        row_height: from one row of boxes to the next, px.

    Raises:
        InputError: no box, or an arrow to a box that does not exist.

    >>> shut_and_open = [Box("shut", 0, 0, 0.8), Box("open", 1, 0, 0.2)]
    >>> "80 %" in str(diagram(shut_and_open, [Arrow("shut", "open", "1 /s")], title="Gate", description="Mostly shut."))
    True
    """
    known = {box.name for box in boxes}
    unknown = [name for arrow in arrows for name in (arrow.start, arrow.end) if name not in known]
    if not boxes or unknown:
        found = f"an arrow leads to “{unknown[0]}”, which is no box" if unknown else "a diagram without boxes"
        raise InputError(found, expected=", ".join(sorted(known)) or "at least one box")
    inner = width - 2 * _PAD
    parts: list[str] = []
    top = _PAD
    shown, top = heading(title, subtitle, _PAD, top, inner)
    parts.append(shown)
    top += 10
    first_column, first_row = min(box.column for box in boxes), min(box.row for box in boxes)
    columns = max(box.column for box in boxes) - first_column + 1
    rows = max(box.row for box in boxes) - first_row + 1
    pitch = inner / columns
    rate = max([0.0, *(measure(arrow.label, SMALL) for arrow in arrows)])
    wide = max(min(pitch - rate - 12, 104.0), min(40.0, 0.6 * pitch))
    tall = 44.0
    middles = {
        box.name: (
            _PAD + (box.column - first_column + 0.5) * pitch,
            top + (box.row - first_row) * row_height + tall / 2,
        )
        for box in boxes
    }
    pairs = {(arrow.start, arrow.end) for arrow in arrows}
    for arrow in arrows:
        one, two = middles[arrow.start], middles[arrow.end]
        parts.append(_arrow(arrow, one, two, wide / 2, tall / 2, paired=(arrow.end, arrow.start) in pairs))
    parts += [_box(box, *middles[box.name], wide, tall) for box in boxes]
    y = top + (rows - 1) * row_height + tall + 8
    if note:
        lines = wrap(note, inner, SMALL)
        parts.append(paragraph(_PAD, y + SMALL + 4, lines, size=SMALL, ink="muted"))
        y += len(lines) * SMALL * LINE + 8

    def redraw(wanted: float) -> Picture:
        return diagram(
            boxes,
            arrows,
            title=title,
            description=description,
            subtitle=subtitle,
            note=note,
            width=wanted,
            row_height=row_height,
        )

    return picture("".join(parts), width, y + _PAD - 4, title=title, description=description, redraw=redraw)


def _box(box: Box, x: float, y: float, wide: float, tall: float) -> str:
    left, top = x - wide / 2, y - tall / 2
    place = f'x="{number(left)}" y="{number(top)}" height="{number(tall)}" rx="5"'
    parts = [f'<rect {place} width="{number(wide)}"{both("ground", "axis")} stroke-width="1.2"/>']
    if box.filled is None:
        return parts[0] + words(x, y + 4, box.name, anchor="middle", bold=True)
    share = min(max(box.filled, 0.0), 1.0)
    bar = f'x="{number(left + 5)}" y="{number(top + tall - 10)}" height="5"'
    parts.append(f'<rect {bar} width="{number(wide - 10)}"{fill("grid")}/>')
    if share > 0:
        parts.append(f'<rect {bar} width="{number(max((wide - 10) * share, 1))}"{fill(f"s{box.series % 6}")}/>')
    parts.append(words(x, top + 15, box.name, anchor="middle", bold=True))
    parts.append(words(x, top + 29, percent(share), size=SMALL, anchor="middle"))
    return "".join(parts)


def percent(share: float) -> str:
    """A share as per cent with two digits that count.

    >>> percent(0.8), percent(0.0123), percent(0.00001), percent(0)
    ('80 %', '1.2 %', '<0.1 %', '0 %')
    """
    if 0 < share < 0.0005:
        return "<0.1 %"
    return f"{100 * share:.0f} %" if share >= 0.0995 or share == 0 else f"{100 * share:.1f} %"


def _arrow(
    arrow: Arrow,
    one: tuple[float, float],
    two: tuple[float, float],
    half_wide: float,
    half_tall: float,
    *,
    paired: bool,
) -> str:
    length = math.hypot(two[0] - one[0], two[1] - one[1])
    if length == 0:
        return ""
    dx, dy = (two[0] - one[0]) / length, (two[1] - one[1]) / length
    # Each of a pair keeps to its left-hand side, so the two never share a line nor a place for their rates.
    side = _PAIR if paired else 0.0
    shift_x, shift_y = dy * side, -dx * side
    reach = min(half_wide / abs(dx) if dx else math.inf, half_tall / abs(dy) if dy else math.inf) + 3
    x1, y1 = one[0] + dx * reach + shift_x, one[1] + dy * reach + shift_y
    x2, y2 = two[0] - dx * reach + shift_x, two[1] - dy * reach + shift_y
    data = f"M{number(x1)} {number(y1)}L{number(x2 - 5 * dx)} {number(y2 - 5 * dy)}"
    drawn = f'<path d="{data}"{stroke(arrow.ink)} fill="none" stroke-width="1.4"/>'
    drawn += arrowhead(x2, y2, dx, dy, arrow.ink)
    if not arrow.label:
        return drawn
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
    if abs(dy) < 0.3:
        above = dx > 0 or not paired
        return drawn + words(
            middle_x, middle_y - 5 if above else middle_y + SMALL + 3, arrow.label, size=SMALL, anchor="middle"
        )
    right = dy > 0 or not paired
    return drawn + words(
        middle_x + (6 if right else -6), middle_y + 4, arrow.label, size=SMALL, anchor="start" if right else "end"
    )
