"""Panels side by side: everything is measured first, then drawn, so that nothing collides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..errors import InputError
from .axes import Axis, draw_x, draw_y, fitting_ticks, name_lines, names_over_rows, overhang, widest, zero_lines
from .frame import Frame
from .geometry import Rectangle
from .legend import Entry, at_ends, end_width, entries, rows
from .marks import Mark
from .picture import Picture, picture
from .scale import Bands, Scale, Tick
from .style import LINE, SIZE, SMALL
from .text import heading, measure, paragraph, wrap

_PAD = 14.0  # px between content and edge of the picture
_BETWEEN = 26.0  # px between panels
_NAMES_SHARE = 0.42  # of a panel that names at a y axis may take
_NAMES_LEAST = 0.25  # … up to here they always stand beside it
_ENDS_SHARE = 0.36  # … and names at the ends of lines
_NARROW = 460.0  # px; below it, names at the ends of lines become a legend
_ROW = 26.0  # px for each name of a y axis
_ABOVE = 16.0  # px between the words over a panel and the panel
_PLAIN = Axis()


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes with marks on it. `height`: of its plotting area, px; 0: that of the figure."""

    marks: Sequence[Mark]
    x: Axis = _PLAIN
    y: Axis = _PLAIN
    title: str = ""
    height: float = 0.0


@dataclass(slots=True)
class _Plan:
    """A panel while its room is being worked out."""

    panel: Panel
    x: Scale
    y: Scale
    height: float
    left: float = 0.0
    right: float = 0.0
    x_ticks: list[Tick] = field(default_factory=list)
    y_ticks: list[Tick] = field(default_factory=list)
    x_names: list[list[str]] = field(default_factory=list)
    y_names: list[list[str]] = field(default_factory=list)
    names_inside: bool = False
    title: list[str] = field(default_factory=list)
    y_caption: list[str] = field(default_factory=list)
    x_caption: list[str] = field(default_factory=list)

    @property
    def head(self) -> float:
        return (len(self.title) + len(self.y_caption)) * SIZE * LINE + _ABOVE

    @property
    def foot(self) -> float:
        labels = max((len(lines) for lines in self.x_names), default=1)
        return 8 + (labels + len(self.x_caption)) * SIZE * LINE + (4 if self.x_caption else 0)


def draw(
    panels: Panel | Sequence[Panel],
    *,
    title: str,
    description: str,
    subtitle: str = "",
    note: str = "",
    width: float = 640.0,
    height: float = 240.0,
    columns: int = 2,
    names_at_ends: bool = False,
) -> Picture:
    """Draw panels into one picture.

    Args:
        panels: one or several; they stand in as many columns as fit.
        title: what the picture shows.
        description: what can be read off it, in words.
        subtitle: conditions, under the title.
        note: sources and limits, under the panels.
        width: of the picture, px.
        height: of each plotting area, px; those with names at the y axis have the height that these need.
        columns: at most so many panels side by side.
        names_at_ends: names stand at the ends of lines where there is room, instead of in a legend.

    Returns:
        The picture; `at(width)` lays it out again.

    Raises:
        InputError: no panel, or values that do not fit their axis.

    >>> from ketalit.figures import Axis, Line
    >>> panel = Panel([Line([0, 1], [2, 3])], Axis("Time", "time"), Axis("Pain"))
    >>> rising = draw(panel, title="Toy", description="It rises.")
    >>> rising.width, rising.at(300).width
    (640.0, 300)
    """
    chosen = [panels] if isinstance(panels, Panel) else list(panels)
    if not chosen:
        raise InputError("a picture without panels", expected="at least one")
    inner = width - 2 * _PAD
    least = 250.0
    across = max(1, min(columns, len(chosen), int((inner + _BETWEEN) / (least + _BETWEEN))))
    cell = (inner - (across - 1) * _BETWEEN) / across
    legend = entries(mark for panel in chosen for mark in panel.marks)
    ends = legend if names_at_ends and cell >= _NARROW else []
    plans = [_plan(panel, cell, height, ends) for panel in chosen]
    for column in range(across):
        _align(plans[column::across], cell)

    parts: list[str] = []
    y = _PAD
    shown, y = heading(title, subtitle, _PAD, y, inner)
    parts.append(shown)
    if legend and not ends:
        shown, tall = rows(legend, _PAD, y + 4, inner)
        parts.append(shown)
        y += tall + 4
    for row in range(0, len(plans), across):
        here = plans[row : row + across]
        head, tall, foot = (max(values) for values in zip(*((p.head, p.height, p.foot) for p in here), strict=True))
        y += 6
        for place, plan in enumerate(here):
            parts.append(_draw(plan, _PAD + place * (cell + _BETWEEN), y, head, cell, ends))
        y += head + tall + foot + 4
    if note:
        lines = wrap(note, inner, SMALL)
        parts.append(paragraph(_PAD, y + SMALL + 4, lines, size=SMALL, ink="muted"))
        y += len(lines) * SMALL * LINE + 8

    def redraw(wanted: float) -> Picture:
        return draw(
            panels,
            title=title,
            description=description,
            subtitle=subtitle,
            note=note,
            width=wanted,
            height=height,
            columns=columns,
            names_at_ends=names_at_ends,
        )

    return picture("".join(parts), width, y + _PAD - 4, title=title, description=description, redraw=redraw)


def _plan(panel: Panel, cell: float, height: float, ends: list[Entry]) -> _Plan:
    x = panel.x.scale(_reach(panel, "x") if panel.x.limits is None else ())
    y = panel.y.scale(_reach(panel, "y") if panel.y.limits is None else ())
    tall = panel.height or (len(y.names) * _ROW if isinstance(y, Bands) else height)
    plan = _Plan(panel, x, y, tall)
    if isinstance(y, Bands):
        plan.y_names = name_lines(y.names, cell * _NAMES_SHARE)
        plan.left = widest(plan.y_names) + 8
        if cell < _NARROW and plan.left > cell * _NAMES_LEAST:  # names beside the panel would leave little of it
            plan.y_names, plan.names_inside = name_lines(y.names, cell), True
            plan.left = 8.0
        deepest = max(map(len, plan.y_names))
        least = deepest * SIZE * LINE + (22 if plan.names_inside else 8)
        plan.height = panel.height or max(tall, len(y.names) * least)
    else:
        plan.y_ticks = fitting_ticks(panel.y, y, tall, upright=True)
        plan.left = max(widest([tick.label] for tick in plan.y_ticks) + 9, 16.0)
    plan.right = 8.0
    if panel.y.beside:
        plan.right = max(map(measure, panel.y.beside)) + 10
    if ends:
        plan.right = max(plan.right, end_width(ends, cell * _ENDS_SHARE))
    plan.title = wrap(panel.title, cell, SIZE, bold=True) if panel.title else []
    plan.y_caption = wrap(panel.y.caption(y), cell) if panel.y.label else []
    return plan


def _reach(panel: Panel, axis: str) -> list[float]:
    return [value for mark in panel.marks for value in mark.reach(axis)]


def _align(plans: list[_Plan], cell: float) -> None:
    """Panels under one another begin and end at the same x; ticks of the x axis follow from that."""
    for _ in range(2):  # the labels that fit depend on the width, and the width on how far the last label sticks out
        left, right = max(plan.left for plan in plans), max(plan.right for plan in plans)
        for plan in plans:
            plan.left, plan.right = left, right
            length = cell - left - right
            if isinstance(plan.x, Bands):
                plan.x_names = name_lines(plan.x.names, length / len(plan.x.names) - 4)
            else:
                plan.x_ticks = fitting_ticks(plan.panel.x, plan.x, length, upright=False)
                plan.right = max(plan.right, overhang(plan.x, plan.x_ticks, length) + 2)
            caption = plan.panel.x.caption(plan.x)
            plan.x_caption = wrap(caption, length) if caption else []


def _draw(plan: _Plan, x: float, y: float, head: float, cell: float, ends: list[Entry]) -> str:
    box = Rectangle(x + plan.left, y + head, x + cell - plan.right, y + head + plan.height)
    frame = Frame(plan.x, plan.y, box)
    marks = plan.panel.marks
    first = y + head - _ABOVE - (len(plan.title) + len(plan.y_caption) - 1) * SIZE * LINE + 2
    below = box.bottom + plan.foot - (len(plan.x_caption) - 1) * SIZE * LINE - 4
    parts = [
        paragraph(x, first, plan.title, bold=True),
        paragraph(x, first + len(plan.title) * SIZE * LINE, plan.y_caption, ink="muted"),
        draw_y(plan.panel.y, frame, plan.y_ticks, plan.y_names, inside=plan.names_inside),
        draw_x(plan.panel.x, frame, plan.x_ticks, plan.x_names),
        zero_lines(frame),
        *(mark.draw(frame) for mark in marks),
        names_over_rows(frame, plan.y_names) if plan.names_inside else "",
        *(mark.explain(frame) for mark in marks),
        paragraph((box.left + box.right) / 2, below, plan.x_caption, anchor="middle", ink="muted"),
        at_ends(ends, frame, cell * _ENDS_SHARE) if ends else "",
    ]
    return "".join(parts)
