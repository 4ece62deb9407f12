"""The evidence table in a terminal of any width: the columns that fit, and the names of those that do not."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.segment import Segment
from rich.text import Text

from ..escaping import one_line
from ..fields import FIELDS, HARMS, RESULTS, Field
from ..table import NO_ADVICE, EvidenceTable, fill_rates
from ..vocabulary import FLAGGED, Status
from .wording import (
    CONFLICT,
    LEGEND,
    MISSING_HELP,
    MISSING_SHORT,
    UNVERIFIED,
    decisions_line,
    empty_line,
    heading,
    mark,
    notes_lines,
    with_unit,
)

# What a reader of each view asks first; harms are asked for as early as results.
_FIRST = {
    "design": ("design", "n_total", "condition", "comparator", "dose", "followup", "route", "blinding"),
    "outcomes": ("n_total", "result", "adverse_events", "primary_direction", "condition", "followup", "design"),
    "safety": ("n_total", "adverse_events", "adverse_events_asked", "dose", "condition", "design"),
    "full": ("design", "n_total", "result", "adverse_events", "condition", "primary_direction", "dose", "comparator"),
}
_STUDY_WIDTH = 19  # with the gap after it
_GAP = 2
_LONGEST = 70

Piece = tuple[str, str]
"""A text and its style."""
Cell = Sequence[Sequence[Piece]]
"""Paragraphs, one under the other."""


def to_rich(table: EvidenceTable, width: int = 80, *, most: int = 0) -> RenderableType:
    """The table for a terminal.

    Args:
        table: the evidence table.
        width: columns of the terminal.
        most: studies that are shown, from the top; 0: all. How many more there are is said.

    >>> from rich.console import Console
    >>> from ketalit import evidence_table, load_review
    >>> console = Console(width=80)
    >>> lines = console.render_lines(to_rich(evidence_table(load_review()), 80))
    >>> max(sum(segment.cell_length for segment in line) for line in lines) <= 80
    True
    """
    fields = fitting(table.fields, table.view, width)
    parts: list[RenderableType] = [Text(one_line(table.title), style="bold")]
    notes = [Text(one_line(f"{note}."), style="yellow") for note in notes_lines(table)]
    if reason := empty_line(table):
        return Group(*parts, Text(reason), *notes, Text(decisions_line(table), style="dim"))
    rows = list(itertools.islice(table.rows(), most or None))
    shown = table.winners(among=[study.Index for study in rows])
    cells = [cell for (_, name), cell in shown.items() if any(field.name == name for field in fields)]
    usual = _usual_mark(cells)
    parts.append(_Grid(fields, width, rows, shown, usual))
    if len(rows) < len(table):
        more = f"First {len(rows):,} of {len(table):,} studies. "
        ways = "All of them: --rows 0, a pipe (… | less) or --to FILE (.html, .xlsx, .csv, …)."
        parts.append(Text(more, style="bold yellow").append(ways, style="not bold dim"))
    parts.append(Text(f"{table.totals}."))
    parts += notes
    parts.append(Text(decisions_line(table), style="dim"))
    left_out = [field.title for field in table.fields if field not in fields]
    if left_out:
        parts.append(
            Text(f"Left out at this width: {', '.join(left_out)}. ", style="yellow").append(
                "A wider terminal, another --view, --columns or --to FILE (.html, .xlsx, .csv, …) shows them.",
                style="dim",
            )
        )
    parts.append(_fill_line(table))
    parts.append(_legend(cells, usual, unverified=any(study.identifier_status != "verified" for study in rows)))
    parts.append(Text(NO_ADVICE, style="dim"))
    return Group(*parts)


def fitting(fields: Sequence[Field], view: str, width: int) -> list[Field]:
    """The fields whose columns fit into a width, the most asked for first; in the order of the table.

    Of columns named one by one the first are those most asked for.

    >>> from ketalit.table import view_fields
    >>> [field.name for field in fitting(view_fields("outcomes"), "outcomes", 80)]
    ['n_total', 'primary_direction', 'result', 'adverse_events']
    """
    wanted = [field for name in _FIRST.get(view, ()) for field in fields if field.name == name]
    wanted += [field for field in fields if field not in wanted]
    room = width - _STUDY_WIDTH
    chosen = []
    for field in wanted:
        room -= _least_width(field) + _GAP
        if room < 0:
            break
        chosen.append(field)
    if all(field.name != HARMS for field in chosen):  # no benefit without its harms
        chosen = [field for field in chosen if field.name not in RESULTS]
    return [field for field in fields if field in chosen]


def _least_width(field: Field) -> int:
    """No word of a heading or of a closed list is broken, a number keeps its mark beside it."""
    title = max(len(word) for word in heading(field).split())
    if field.kind in {int, float, bool}:
        return max(title, 7)
    if field.kind is str:
        return max(title, 15)
    return max(title, *(len(word) + 1 for choice in field.choices for word in choice.split()))


def _widths(fields: Sequence[Field], width: int) -> list[int]:
    """Widths of the columns; what is to spare goes to free text, as far as it can use it."""
    least = [_least_width(field) for field in fields]
    texts = sum(field.kind is str for field in fields)
    spare = width - _STUDY_WIDTH - sum(least) - _GAP * len(fields)
    more = min(spare // texts, 25) if texts else 0
    return [size + (more if field.kind is str else 0) for size, field in zip(least, fields, strict=True)]


@dataclass(frozen=True, slots=True)
class _Grid:
    """The rows in columns, line by line: rich's own tables take milliseconds for a row, and there may be very many."""

    fields: Sequence[Field]
    width: int
    rows: Sequence[Any]
    shown: dict[tuple[str, str], Any]
    usual: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        sizes = [_STUDY_WIDTH - _GAP, *_widths(self.fields, self.width)]
        heads: list[Cell] = [[[(title, "bold")]] for title in ("Study", *map(heading, self.fields))]
        longest = max(_LONGEST, self.width)
        body = ([_study(study), *(self._cell(study, field, longest) for field in self.fields)] for study in self.rows)
        rule = "─" * (sum(sizes) + _GAP * len(self.fields))
        styled = console.color_system is not None
        for line in itertools.chain(_lines(heads, sizes), [[(rule, "")]], *(_lines(row, sizes) for row in body)):
            if styled:
                yield from (Segment(text, console.get_style(style) if style else None) for text, style in line)
                yield Segment.line()
            else:
                yield Segment("".join(text for text, _ in line).rstrip() + "\n")

    def _cell(self, study: Any, field: Field, longest: int) -> Cell:
        return [_value(self.shown[study.Index, field.name], study.status == Status.RETRACTED, self.usual, longest)]


def _lines(cells: Sequence[Cell], sizes: Sequence[int]) -> Iterator[list[Piece]]:
    """A row of cells as lines of pieces, every cell as wide as its column."""
    columns = [
        [line for paragraph in cell for line in _wrapped(paragraph, size)]
        for cell, size in zip(cells, sizes, strict=True)
    ]
    for at in range(max(map(len, columns))):
        line: list[Piece] = []
        for column, size in zip(columns, sizes, strict=True):
            pieces = column[at] if at < len(column) else []
            room = size - sum(cell_len(text) for text, _ in pieces)
            line += [*pieces, (" " * (room + _GAP), "")]
        yield line[:-1]


def _wrapped(pieces: Sequence[Piece], width: int) -> Iterator[Sequence[Piece]]:
    """A paragraph in lines; a word longer than a line is broken."""
    whole = "".join(text for text, _ in pieces)
    if len(whole) <= width and whole.isascii():
        yield pieces
        return
    for start, end in _spans(whole, width):
        line, place = [], 0
        for text, style in pieces:
            if part := text[max(start - place, 0) : max(end - place, 0)]:
                line.append((part, style))
            place += len(text)
        yield line


def _spans(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Where the lines of a paragraph begin and end.

    >>> [("one twothree"[start:end]) for start, end in _spans("one twothree", 5)]
    ['one', 'twoth', 'ree']
    """
    measure = len if text.isascii() else cell_len
    start = end = 0
    for word in re.finditer(r"\S+", text):
        if measure(text[start : word.end()]) > width:
            if end > start:
                yield start, end
            start = word.start()
            while measure(text[start : word.end()]) > width:
                cut = start + 1
                while measure(text[start : cut + 1]) <= width:
                    cut += 1
                yield start, cut
                start = cut
        end = word.end()
    if end > start:
        yield start, end


def _study(study: Any) -> Cell:
    name: list[Piece] = [(one_line(study.citation), "strike" if study.status == Status.RETRACTED else "bold")]
    if study.identifier_status != "verified":
        name.append((f" {UNVERIFIED}", "yellow"))
    flag = [[(str(study.status).upper(), "bold red")]] if study.status in FLAGGED else []
    return [name, *flag, [(one_line(study.Index), "dim")]]


def _usual_mark(cells: Iterable[Any]) -> str:
    """The mark that most cells would carry; the legend says it once and the cells go without."""
    marks = Counter(mark(cell) for cell in cells if not cell.missing)
    usual, count = marks.most_common(1)[0] if marks else ("", 0)
    sure = not usual.startswith("R")  # what a program read is never left without its mark
    return usual if sure and count > marks.total() / 2 else ""


def _value(cell: Any, retracted: bool, usual: str, longest: int) -> list[Piece]:
    if cell.missing:
        pieces: list[Piece] = [(MISSING_SHORT[cell.missing], "dim")]
    else:
        plain = one_line(with_unit(cell))
        short = plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
        pieces = [(short, "strike" if retracted else "")]
        if mark(cell) != usual:
            pieces.append((f" {mark(cell)}", "dim"))
    if cell.conflict:
        pieces.append((f" {CONFLICT}", "bold yellow"))
    return pieces


def _fill_line(table: EvidenceTable) -> Text:
    shares = fill_rates(table)["filled_share"].dropna()
    text = Text("Filled, % of the studies a field applies to: ", style="dim")
    parts = [f"{FIELDS[str(name)].title} {100 * share:.0f}" for name, share in shares.items()]
    return text.append(", ".join(parts) + ".")


def _legend(cells: Iterable[Any], usual: str, *, unverified: bool) -> Text:
    """What the marks mean that stand in this table."""
    used = {mark(cell) for cell in cells if not cell.missing} | {CONFLICT for cell in cells if cell.conflict}
    used |= {UNVERIFIED} if unverified else set()
    missing_here = {cell.missing for cell in cells}
    text = Text(style="dim")
    if usual:
        text.append("no mark", style="bold").append(f" {usual} · ")
    for signs, meaning in LEGEND:
        if used & {*signs.split(), *(f"{sign}?" for sign in signs.split())}:
            text.append(signs, style="bold").append(f" {meaning} · ")
    for missing, meaning in MISSING_HELP:
        if missing in missing_here:
            text.append(MISSING_SHORT[missing], style="bold").append(f" {missing}: {meaning} · ")
    return text.append("…", style="bold").append(" shortened here, whole in files")
