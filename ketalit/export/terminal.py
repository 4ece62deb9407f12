"""The evidence table in a terminal of any width: the columns that fit, and the names of those that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..escaping import one_line
from ..fields import FIELDS, Field
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
    with_unit,
)

# What a reader of each view asks first; harms are asked for as early as results.
_FIRST = {
    "design": ("design", "n_total", "condition", "comparator", "dose", "followup", "route", "blinding"),
    "outcomes": ("n_total", "result", "adverse_events", "primary_direction", "condition", "followup", "design"),
    "safety": ("n_total", "adverse_events", "adverse_events_asked", "dose", "condition", "design"),
    "full": ("design", "n_total", "result", "adverse_events", "condition", "primary_direction", "dose", "comparator"),
}
_STUDY_WIDTH = 18  # with the gap after it
_GAP = 1
_LONGEST = 70


def to_rich(table: EvidenceTable, width: int = 80) -> RenderableType:
    """The table for a terminal.

    Args:
        table: the evidence table.
        width: columns of the terminal.

    >>> from rich.console import Console
    >>> from ketalit import evidence_table, load_review
    >>> console = Console(width=80)
    >>> lines = console.render_lines(to_rich(evidence_table(load_review()), 80))
    >>> max(sum(segment.cell_length for segment in line) for line in lines) <= 80
    True
    """
    fields = fitting(table.fields, table.view, width)
    parts: list[RenderableType] = [Text(one_line(table.title), style="bold")]
    if reason := empty_line(table):
        return Group(*parts, Text(reason), Text(decisions_line(table), style="dim"))
    parts.append(_grid(table, fields, width))
    parts.append(Text(f"{table.totals}."))
    parts.append(Text(decisions_line(table), style="dim"))
    left_out = [field.title for field in table.fields if field not in fields]
    if left_out:
        parts.append(
            Text(f"Left out at this width: {', '.join(left_out)}. ", style="yellow").append(
                "A wider terminal, another --view or --to FILE (.html, .xlsx, .csv, …) shows them.", style="dim"
            )
        )
    parts.append(_fill_line(table))
    parts.append(_legend(table, fields))
    parts.append(Text(NO_ADVICE, style="dim"))
    return Group(*parts)


def fitting(fields: Sequence[Field], view: str, width: int) -> list[Field]:
    """The fields whose columns fit into a width, the most asked for first; in the order of the table.

    >>> from ketalit.table import view_fields
    >>> [field.name for field in fitting(view_fields("outcomes"), "outcomes", 80)]
    ['n_total', 'primary_direction', 'result', 'adverse_events']
    """
    wanted = [field for name in _FIRST[view] for field in fields if field.name == name]
    wanted += [field for field in fields if field not in wanted]
    room = width - _STUDY_WIDTH
    chosen = []
    for field in wanted:
        room -= _least_width(field) + _GAP
        if room < 0:
            break
        chosen.append(field)
    if all(field.name != "adverse_events" for field in chosen):  # no benefit without its harms
        chosen = [field for field in chosen if field.name not in {"result", "primary_direction"}]
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


def _grid(table: EvidenceTable, fields: Sequence[Field], width: int) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, _GAP, 0, 0), pad_edge=False, show_edge=False)
    grid.add_column("Study", width=_STUDY_WIDTH - _GAP, overflow="fold")
    for field, size in zip(fields, _widths(fields, width), strict=True):
        grid.add_column(heading(field), width=size, overflow="fold")
    shown = table.winners()
    usual = _usual_mark(table, fields)
    longest = max(_LONGEST, width)
    for study in table.rows():
        retracted = study.status == Status.RETRACTED
        cells = [_cell(shown[study.Index, field.name], retracted, usual, longest) for field in fields]
        grid.add_row(_study(study), *cells)
    return grid


def _study(study: Any) -> Text:
    name = Text(one_line(study.citation), style="strike" if study.status == Status.RETRACTED else "bold")
    if study.identifier_status != "verified":
        name.append(f" {UNVERIFIED}", style="not strike yellow")
    if study.status in FLAGGED:
        name.append(f"\n{str(study.status).upper()}", style="not strike bold red")
    name.append(f"\n{one_line(study.Index)}", style="not bold not strike dim")
    return name


def _shown_cells(table: EvidenceTable, fields: Sequence[Field]) -> list[Any]:
    return [cell for (_, name), cell in table.winners().items() if any(field.name == name for field in fields)]


def _usual_mark(table: EvidenceTable, fields: Sequence[Field]) -> str:
    """The mark that most cells would carry; the legend says it once and the cells go without."""
    marks = Counter(mark(cell) for cell in _shown_cells(table, fields) if not cell.missing)
    usual, count = marks.most_common(1)[0] if marks else ("", 0)
    sure = not usual.startswith("R")  # what a program read is never left without its mark
    return usual if sure and count > marks.total() / 2 else ""


def _cell(cell: Any, retracted: bool, usual: str, longest: int) -> Text:
    if cell.missing:
        text = Text(MISSING_SHORT[cell.missing], style="dim")
    else:
        plain = one_line(with_unit(cell))
        short = plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
        text = Text(short, style="strike" if retracted else "")
        if mark(cell) != usual:
            text.append(f" {mark(cell)}", style="not strike dim")
    if cell.conflict:
        text.append(f" {CONFLICT}", style="not strike bold yellow")
    return text


def _fill_line(table: EvidenceTable) -> Text:
    shares = fill_rates(table)["filled_share"].dropna()
    text = Text("Filled, % of the studies a field applies to: ", style="dim")
    parts = [f"{FIELDS[str(name)].title} {100 * share:.0f}" for name, share in shares.items()]
    return text.append(", ".join(parts) + ".")


def _legend(table: EvidenceTable, fields: Sequence[Field]) -> Text:
    """What the marks mean that stand in this table."""
    cells = _shown_cells(table, fields)
    used = {mark(cell) for cell in cells if not cell.missing} | {CONFLICT for cell in cells if cell.conflict}
    used |= {UNVERIFIED} if (table.frame["identifier_status"] != "verified").any() else set()
    text = Text(style="dim")
    if usual := _usual_mark(table, fields):
        text.append("no mark", style="bold").append(f" {usual} · ")
    for signs, meaning in LEGEND:
        if used & {*signs.split(), *(f"{sign}?" for sign in signs.split())}:
            text.append(signs, style="bold").append(f" {meaning} · ")
    for missing, meaning in MISSING_HELP:
        if any(cell.missing == missing for cell in cells):
            text.append(MISSING_SHORT[missing], style="bold").append(f" {missing}: {meaning} · ")
    return text.append("…", style="bold").append(" shortened here, whole in files")
