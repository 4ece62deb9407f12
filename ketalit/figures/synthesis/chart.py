"""Rows with words, numbers and a mark on an axis they share: everything is measured first, then drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..axes import Axis, draw_x, fitting_ticks, overhang
from ..frame import Frame
from ..geometry import Rectangle
from ..marks import ErrorBars, Points, Polygon
from ..notes import Region, Rule
from ..picture import Picture, picture
from ..scale import Linear, Scale, Tick
from ..shapes import arrowhead
from ..style import LINE, SIZE, SMALL, stroke
from ..text import clean, heading, measure, number, paragraph, words, wrap
from .judgements import JUDGEMENTS, SPOKEN, sign

_PAD = 14.0  # px between content and edge of the picture
_GAP = 14.0  # px between columns
_NEAR = 9.0  # px between the columns of one group
_ROW = 23.0  # px, the least height of a row
_LANE = 20.0  # px of the axis in a row whose words stand over it
_DOT = 19.0  # px from one judgement to the next
_LEAST_PLOT = 190.0  # px; where less would be left, words stand over the rows
_AMPLE_PLOT = 300.0  # px
_NAMES = 96.0  # px; names are broken into lines before the axis gets too short, but not to less
_WORDS = 230.0  # px, a good width for words under a total
_SPACIOUS = 880.0  # px of content; then names of groups need not be broken,
_WIDEST_GROUP = 160.0  # px, up to this
_NAME_SHARE = 0.32  # of the width that names may take


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is drawn: study, heading, part or total (diamonds), prediction, words."""

    name: str
    kind: str
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    numbers: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    judgements: tuple[str, ...] = ()
    size: float = 5.0

    @property
    def bold(self) -> bool:
        """Whether its words are bold."""
        return self.kind in {"heading", "total"}


@dataclass(frozen=True, slots=True)
class Content:
    """Heads of the columns; `over` stands over so many of the `headers` each."""

    label: str
    headers: tuple[str, ...]
    columns: tuple[str, ...]
    domains: tuple[str, ...]
    over: tuple[tuple[str, int], ...] = ()

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """What stands over which headers: its name, the first of them and the one after the last."""
        found, at = [], 0
        for name, count in self.over:
            found.append((name, at, at + count))
            at += count
        return found


def cells_told(cells: Sequence[str], content: Content) -> list[str]:
    """Further cells of a row in words.

    >>> content = Content("Study", ("n", "mean (SD)"), (), (), (("ketamine", 2),))
    >>> cells_told(("30", "41.0 (20.0)"), content), cells_told(("30", "not reported"), content)
    (['ketamine n 30, mean (SD) 41.0 (20.0)'], ['ketamine n 30, mean (SD) not reported'])
    """
    said = []
    for name, first, end in content.spans or [("", 0, len(content.headers))]:
        pairs = zip(content.headers[first:end], cells[first:end], strict=False)
        told = ", ".join(f"{head} {cell}" for head, cell in pairs if cell)
        said += [f"{clean(name)} {told}".strip()] if told else []
    return said


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn, before its room is known."""

    lines: tuple[Line, ...]
    content: Content
    axis: Axis
    null: float
    middle: float
    band: tuple[float, float] | None
    shade: tuple[float, float] | None
    favours: tuple[str, str]
    title: str
    subtitle: str
    note: str
    description: str


@dataclass(slots=True)
class _Placed:
    """A row with its place: px from the top of the panel."""

    line: Line
    names: list[str]
    above: list[str]  # numbers in words, over the row
    top: float
    height: float
    middle: float


def laid_out(chart: Chart, width: float) -> Picture:
    """The picture; in columns where these leave room for the axis, else with the words over each row."""
    inner = width - 2 * _PAD
    columns = _Columns.of(chart, inner)
    wide = columns.plot >= _LEAST_PLOT
    rows = _beside(chart, columns) if wide else _above(chart, inner)
    depth = rows[-1].top + rows[-1].height
    over, y = heading(_kept(chart.title), _kept(chart.subtitle), _PAD, _PAD, inner)
    y += 8
    heads, y = columns.heads(chart.content, y) if wide else _narrow_heads(chart.content, y, inner)
    left = _PAD + columns.before if wide else _PAD + 8
    right = left + columns.plot if wide else _PAD + inner - 8
    scale = chart.axis.scale(())
    ticks, right = _ticks(chart.axis, scale, left, right, _PAD + inner if not wide else math.inf)
    frame = Frame(scale, Linear(-depth, 0.0), Rectangle(left, y, right, y + depth))
    parts = [over, heads, _panel(chart, frame, ticks, rows)]
    parts += [_words_of(row, columns if wide else None, y, inner) for row in rows]
    under, y = _under(chart, frame, inner)
    return picture(
        "".join([*parts, under]),
        width,
        y + _PAD - 4,
        title=chart.title,
        description=chart.description,
        redraw=lambda wanted: laid_out(chart, wanted),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Widths of the columns, px, and what they leave for the axis."""

    name: float
    cells: tuple[float, ...]
    gaps: tuple[float, ...]  # before each cell
    numbers: tuple[float, ...]
    dots: float
    plot: float

    @classmethod
    def of(cls, chart: Chart, inner: float) -> _Columns:
        lines, content = chart.lines, chart.content
        named = [line for line in lines if line.kind not in {"words", "heading"}]
        longest = [measure(line.name, bold=line.bold) for line in named]
        name = min(max([measure(content.label, bold=True), *longest]), _NAME_SHARE * inner) + 2

        def widest(heads: Sequence[str], kind: str) -> tuple[float, ...]:
            return tuple(
                max(
                    [
                        measure(head, bold=True),
                        *(
                            measure(cells[at], bold=line.bold)
                            for line in lines
                            if len(cells := getattr(line, kind)) > at
                        ),
                    ]
                )
                for at, head in enumerate(heads)
            )

        cells, numbers = list(widest(content.headers, "cells")), widest(content.columns, "numbers")
        gaps = [_GAP] * len(cells)
        for over, first, end in content.spans:
            gaps[first + 1 : end] = [_NEAR] * (end - first - 1)
            whole = [min(measure(over, bold=True), _WIDEST_GROUP)] if inner > _SPACIOUS else []
            needed = 1 + max([*whole, *(measure(word, bold=True) for word in over.split())], default=0.0)
            cells[end - 1] += max(needed - sum(cells[first:end]) - sum(gaps[first + 1 : end]), 0.0)
        dots = _DOT * len(content.domains) + (6 if content.domains else 0)
        taken = name + sum(cells) + sum(gaps) + sum(numbers) + _GAP * (2 + len(numbers)) + dots
        if content.over and inner - taken < _AMPLE_PLOT:
            words_of = (word for line in named for word in line.name.split())
            least = max([_NAMES, *(measure(word, bold=True) for word in words_of)])
            less = min(max(name - least, 0.0), _AMPLE_PLOT - (inner - taken))
            name, taken = name - less, taken - less
        # what is said under a total is easier to read in a wide column, where the axis can spare it
        spare = inner - taken - _AMPLE_PLOT if any(line.kind == "words" for line in lines) else 0.0
        more = min(max(_WORDS - name, 0.0), max(spare, 0.0))
        return cls(name + more, tuple(cells), tuple(gaps), numbers, dots, inner - taken - more)

    @property
    def before(self) -> float:
        """From the left edge of the content to the axis, px."""
        return self.name + sum(self.cells) + sum(self.gaps) + _GAP

    def ends(self) -> tuple[list[float], list[float], list[float]]:
        """Right edges of cells and numbers, and middles of judgements, px."""
        x, cells, numbers = _PAD + self.name, [], []
        for gap, wide in zip(self.gaps, self.cells, strict=True):
            x += gap + wide
            cells.append(x)
        x = _PAD + self.before + self.plot
        for wide in self.numbers:
            x += _GAP + wide
            numbers.append(x)
        count = round((self.dots - 6) / _DOT) if self.dots else 0
        return cells, numbers, [x + 6 + _DOT * (at + 0.5) for at in range(count)]

    def heads(self, content: Content, y: float) -> tuple[str, float]:
        """The heads of the columns, and where they end."""
        cells, numbers, dots = self.ends()
        parts = []
        spans = [(name, cells[first] - self.cells[first], cells[end - 1]) for name, first, end in content.spans]
        over = [_wrapped(name, right - left, bold=True) for name, left, right in spans]
        depth = max(map(len, over), default=0) * SIZE * LINE
        for lines, (_, left, right) in zip(over, spans, strict=True):
            first = y + SIZE + depth - (len(lines) - 1) * SIZE * LINE - SIZE * LINE + 2
            parts.append(paragraph((left + right) / 2, first, lines, anchor="middle", bold=True))
            parts.append(f'<path d="M{number(left)} {number(y + depth + 3)}H{number(right)}"{stroke("grid")}/>')
        y += depth + (4 if over else 0)
        base = y + SIZE + 2
        parts.append(words(_PAD, base, content.label, bold=True))
        for places, heads in ((cells, content.headers), (numbers, content.columns)):
            parts += [words(x, base, text, anchor="end", bold=True) for x, text in zip(places, heads, strict=True)]
        for x, text in zip(dots, content.domains, strict=True):
            parts.append(words(x, base, text, anchor="middle", size=SMALL, ink="muted"))
        return "".join(parts), y + 24


def _beside(chart: Chart, columns: _Columns) -> list[_Placed]:
    """Rows whose words stand in columns."""
    rows, top = [], 2.0
    for line in chart.lines:
        flat = line.kind in {"words", "heading"}
        # words stay off the axis, headings have it for themselves
        room = (
            columns.before - _GAP if line.kind == "words" else columns.before + columns.plot if flat else columns.name
        )
        size = SMALL if line.kind == "words" else SIZE
        names = _wrapped(line.name, room, size, bold=line.bold) or [""]
        extra = 6.0 if line.kind in {"heading", "total"} else 0.0
        height = max(_ROW, len(names) * size * LINE + 7) + extra
        rows.append(_Placed(line, names, [], top, height, top + extra + (height - extra) / 2))
        top += height
    return rows


def _above(chart: Chart, inner: float) -> list[_Placed]:
    """Rows whose words stand over their marks."""
    rows, top = [], 2.0
    for line in chart.lines:
        size = SMALL if line.kind == "words" else SIZE
        names = _wrapped(line.name, inner, size, bold=line.bold) or [""]
        told = _told(line, chart.content)
        dots = _DOT * len(line.judgements)
        above = _wrapped(told, inner - dots, SMALL) if told else []
        # name and numbers share a line where both fit
        one_line = (
            len(names) == len(above) == 1 and measure(names[0], bold=line.bold) + measure(told, SMALL) < inner - 24
        )
        if dots or not one_line:
            text = len(names) * size * LINE + max(len(above) * SMALL * LINE, _DOT if dots else 0.0)
        else:
            text = SIZE * LINE
        lane = 0.0 if line.kind in {"words", "heading"} else _LANE
        extra = 8.0
        rows.append(_Placed(line, names, above, top, text + lane + extra, top + extra + text + lane / 2))
        top += text + lane + extra
    return rows


def _told(line: Line, content: Content) -> str:
    """The numbers of a row as a run of words."""
    if not line.numbers:
        return ""
    effect, interval, *weight = line.numbers
    parts = [f"{effect} ({interval})" if effect and interval != effect else interval]
    parts += [f"weight {one}" for one in weight if one]
    said = cells_told(line.cells, content)
    if content.over:
        return "; ".join(filter(None, (", ".join(filter(None, parts)), *said)))
    return ", ".join([*parts, *said])


def _narrow_heads(content: Content, y: float, inner: float) -> tuple[str, float]:
    """What the numbers over the rows are, and which judgements follow."""
    said = f"{content.columns[0]} ({content.columns[1]})"
    if content.domains:
        said += f"; risk of bias: {', '.join(content.domains)}"
    lines = _wrapped(said, inner, SMALL)
    return paragraph(_PAD, y + SMALL, lines, size=SMALL, ink="muted"), y + len(lines) * SMALL * LINE + 2


def _ticks(axis: Axis, scale: Scale, left: float, right: float, edge: float) -> tuple[list[Tick], float]:
    """Ticks, and the right end of the axis, moved in where the last label would leave the picture."""
    ticks = fitting_ticks(axis, scale, right - left, upright=False)
    beyond = overhang(scale, ticks, right - left)
    if right + beyond > edge:
        right = edge - beyond
        ticks = fitting_ticks(axis, scale, right - left, upright=False)
    return ticks, right


def _panel(chart: Chart, frame: Frame, ticks: list[Tick], rows: list[_Placed]) -> str:
    """The axis, what lies behind the rows, and the marks."""
    box = frame.box
    behind: list[Region | Rule] = []
    if chart.band:
        behind.append(Region(x=chart.band, ink="s4", fits=False))
    if chart.shade:
        behind.append(Region(x=chart.shade, ink="s1", fits=False))
    behind.append(Rule(x=chart.null, ink="ink", dash=""))
    if math.isfinite(chart.middle):
        behind.append(Rule(x=chart.middle, ink="s1", dash="3 3"))
    parts = [draw_x(chart.axis, frame, ticks, []), *(mark.draw(frame) for mark in behind)]
    studies = [row for row in rows if row.line.kind == "study"]
    inside = [row for row in studies if not _outside(row.line, frame)]
    places = [-row.middle for row in inside]
    bars = ErrorBars(
        places, [_cut(r.line.low) for r in inside], [_cut(r.line.high) for r in inside], flat=True, cap=0, ink="ink"
    )
    parts.append(bars.draw(frame))
    here = [row for row in studies if math.isfinite(row.line.estimate)]
    points = Points(
        [row.line.estimate for row in here],
        [-row.middle for row in here],
        sizes=[row.line.size for row in here],
        shape="square",
        ink="s0",
        tips=[f"{row.line.name}: {', '.join(filter(None, row.line.numbers))}" for row in here],
    )
    parts.append(points.draw(frame))
    for row in rows:
        line, y = row.line, box.top + row.middle
        if (side := _outside(line, frame)) and line.kind != "words":
            parts.append(arrowhead(box.left if side < 0 else box.right, y, side, 0, "ink"))
        elif line.kind in {"part", "total"}:
            parts.append(_diamond(line, row.middle, frame))
        elif line.kind == "prediction":
            bar = ErrorBars([-row.middle], [line.low], [line.high], flat=True, cap=3, width=1.2, ink="s1")
            parts.append(bar.draw(frame))
    return "".join(parts)


def _cut(value: float) -> float:
    """Ratios of 0 have no place on a logarithmic axis, but lie to the left of everything on it."""
    return value if value != 0 else 5e-324


def _outside(line: Line, frame: Frame) -> int:
    """Whether an interval lies wholly to the left (-1) or to the right (1) of the axis."""
    if math.isnan(line.low) or math.isnan(line.high):
        return 0
    left, right = frame.across([_cut(line.low), _cut(line.high)])
    return -1 if right < frame.box.left - 0.01 else 1 if left > frame.box.right + 0.01 else 0


def _diamond(line: Line, middle: float, frame: Frame) -> str:
    """A pooled result; an end beyond the axis gets an arrow."""
    half = 7.0 if line.kind == "total" else 5.5
    y = frame.box.top + middle
    corners = [line.low, line.estimate, line.high, line.estimate]
    strength = 1.0 if line.kind == "total" else 0.45
    across = [min(max(_cut(x), -1e300), 1e300) for x in corners]
    mark = Polygon(
        across, [-middle, half - middle, -middle, -middle - half], ink="s1", strength=strength, outlined=True
    )
    parts = [mark.draw(frame)]
    left, right = frame.across([_cut(line.low), _cut(line.high)])
    if left < frame.box.left - 0.01:
        parts.append(arrowhead(frame.box.left, y, -1, 0, "s1"))
    if right > frame.box.right + 0.01:
        parts.append(arrowhead(frame.box.right, y, 1, 0, "s1"))
    return "".join(parts)


def _words_of(row: _Placed, columns: _Columns | None, top: float, inner: float) -> str:
    """The words, numbers and judgements of a row."""
    line, size = row.line, SMALL if row.line.kind == "words" else SIZE
    ink = "muted" if line.kind in {"words", "prediction"} else "ink"
    rule = ""
    if line.kind == "total":
        rule = f'<path d="M{number(_PAD)} {number(top + row.top + 2)}H{number(_PAD + inner)}"{stroke("grid")}/>'
    if columns is None:
        first = top + row.top + 8 + SIZE - 2
        parts = [_over_lines(_PAD, first, row.names, size, ink, bold=line.bold)]
        dots = _DOT * len(line.judgements)
        if row.above and not dots and row.height < 8 + SIZE * LINE + _LANE + 1:
            parts.append(words(_PAD + inner, first, row.above[0], size=SMALL, anchor="end", ink="muted", halo=True))
        else:
            below = first + len(row.names) * size * LINE
            parts.append(_over_lines(_PAD, below, row.above, SMALL, "muted"))
            places = [_PAD + inner - dots + _DOT * (at + 0.5) for at in range(len(line.judgements))]
            parts += [_dot(one, x, below - 4) for one, x in zip(line.judgements, places, strict=True)]
        return rule + "".join(parts)
    base = top + row.middle + 4
    parts = [
        paragraph(_PAD, base - (len(row.names) - 1) * size * LINE / 2, row.names, size=size, ink=ink, bold=line.bold)
    ]
    cells, numbers, dots_at = columns.ends()
    for places, texts in ((cells, line.cells), (numbers, line.numbers)):
        for x, text in zip(places, texts, strict=False):
            if text:
                parts.append(words(x, base, text, anchor="end", ink=ink, bold=line.bold))
    parts += [_dot(one, x, base - 4) for one, x in zip(line.judgements, dots_at, strict=False)]
    return rule + "".join(parts)


def _over_lines(x: float, y: float, lines: list[str], size: float, ink: str, *, bold: bool = False) -> str:
    """Lines of words where rules and ticks run behind them."""
    return "".join(
        words(x, y + at * size * LINE, line, size=size, ink=ink, bold=bold, halo=True) for at, line in enumerate(lines)
    )


def _wrapped(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    return wrap(_kept(text), width, size, bold=bold)


def _kept(text: str) -> str:
    """A percent sign stays with its number when lines are broken."""
    return text.replace(" %", "\u00a0%")


def _dot(judgement: str, x: float, y: float) -> str:
    return sign(judgement, x, y, size=7.5, tip=SPOKEN[judgement])


def _under(chart: Chart, frame: Frame, inner: float) -> tuple[str, float]:
    """Caption of the axis, what its sides mean, the key of judgements, the note; and where it ends."""
    box = frame.box
    y = box.bottom + 8 + SIZE * LINE
    parts = []
    middle, length = (box.left + box.right) / 2, box.right - box.left
    if any(chart.favours):
        # both sides may be wider than the axis, up to the edges of the picture
        meet = min(max(frame.across([chart.null])[0], box.left + 0.1 * length), box.right - 0.1 * length)
        meet = min(max(meet, _PAD + 0.3 * inner), _PAD + 0.7 * inner)
        left_words = _wrapped(f"← {chart.favours[0]}", meet - 6 - _PAD, SMALL) if chart.favours[0] else []
        right_words = _wrapped(f"{chart.favours[1]} →", _PAD + inner - meet - 6, SMALL) if chart.favours[1] else []
        parts.append(paragraph(meet - 6, y + SMALL, left_words, size=SMALL, anchor="end", ink="muted"))
        parts.append(paragraph(meet + 6, y + SMALL, right_words, size=SMALL, ink="muted"))
        y += max(len(left_words), len(right_words)) * SMALL * LINE + 3
    caption = _wrapped(chart.axis.label, max(length, 150.0))
    parts.append(paragraph(middle, y + SIZE, caption, anchor="middle", ink="muted"))
    y += len(caption) * SIZE * LINE + 6
    if chart.content.domains:
        shown, y = key(y, inner)
        parts.append(shown)
    if chart.note:
        lines = _wrapped(chart.note, inner, SMALL)
        parts.append(paragraph(_PAD, y + SMALL + 4, lines, size=SMALL, ink="muted"))
        y += len(lines) * SMALL * LINE + 8
    return "".join(parts), y


def key(y: float, inner: float) -> tuple[str, float]:
    """What the signs of risk of bias mean, in as many rows as needed from `y` on; and where that ends."""
    parts, x = [], _PAD
    y += 12
    for one in JUDGEMENTS:
        wide = 24 + measure(SPOKEN[one], SMALL) + 16
        if x > _PAD and x + wide - 16 > _PAD + inner:
            x, y = _PAD, y + 20
        parts.append(_dot(one, x + 8, y))
        parts.append(words(x + 21, y + 4, SPOKEN[one], size=SMALL, ink="muted"))
        x += wide
    return "".join(parts), y + 12
