"""The map in a terminal of any width from 80 columns up."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..escaping import one_line
from .build import EvidenceMap
from .groups import Route, Window
from .wording import (
    BY,
    MAP_ADVICE,
    background_line,
    caveat_line,
    directions,
    gaps_line,
    not_counted,
    ordered,
    placed_because,
    selection_line,
    totals_line,
)

_SHORT = {
    Route.IV_ONCE: "IV ×1",
    Route.IV_REPEATED: "IV ×n",
    Route.ORAL: "oral",
    Route.NASAL: "nasal",
    Route.SUBLINGUAL: "subl.",
    Route.TOPICAL: "skin",
    Route.INJECTED: "IM/SC",
    Route.SPINAL: "spinal",
    Route.OTHER: "other",
    Window.SESSION: "session",
    Window.WEEK: "≤ 1 week",
    Window.MONTHS: "≤ 3 months",
    Window.LONGER: "longer",
    Window.NOT_STATED: "not stated",
}
_NAMES = 16  # columns for the names of rows; the gap comes on top
_WIDE = 14  # columns of a cell from which on names of columns are written out


def to_rich(found: EvidenceMap, width: int = 80, *, by: str = "route") -> RenderableType:
    """The map for a terminal.

    Args:
        found: the map.
        width: columns of the terminal.
        by: route or followup.

    >>> from rich.console import Console
    >>> from ketalit.mapping import evidence_map
    >>> from ketalit.review import load_review
    >>> lines = Console(width=80).render_lines(to_rich(evidence_map(load_review()), 80))
    >>> max(sum(segment.cell_length for segment in line) for line in lines) <= 80
    True
    """
    columns = found.columns(by)
    room = max((width - _NAMES - 1) // len(columns) - 1, 6)
    short = room < _WIDE
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, show_lines=True)
    grid.add_column("", width=_NAMES, overflow="fold")
    for column in columns:
        grid.add_column(_SHORT[_member(column)] if short else column, width=room, overflow="fold")
    counts = found.cells("condition", by)
    asked_rows, asked_columns = found.asked(by)
    background = found.background
    for row in found.rows():
        name = Text(row, style="bold")
        if row in background:
            name.append("\nbackground", style="not bold dim")
        cells = [_cell(counts.loc[row, column], row in asked_rows and column in asked_columns) for column in columns]
        grid.add_row(name, *cells)
    parts: list[RenderableType] = [Text(f"{one_line(found.title)}: studies by {BY[by]}", style="bold"), grid]
    if gaps := gaps_line(found, by):
        parts.append(Text(gaps, style="bold"))
    parts.append(Text(totals_line(found)))
    parts += [Text(line, style="dim") for line in (background_line(found),) if line]
    parts.append(_legend(by, short))
    parts.append(Text(one_line(f"Counted: {selection_line(found)}. {caveat_line(found)}"), style="dim"))
    parts.append(
        Text(
            "`--why` lists each study with the rules that placed it, `--to map.html` draws it. " + MAP_ADVICE,
            style="dim",
        )
    )
    return Group(*parts)


def why_rich(found: EvidenceMap, by: str = "route") -> RenderableType:
    """Every study with where it stands and why, then those that are not on the map."""
    parts: list[RenderableType] = []
    place = None
    for study in ordered(found, by):
        here = (study.condition, getattr(study, by))
        if here != place:
            parts.append(Text(f"\n{here[0]} · {here[1]}", style="bold"))
            place = here
        line = Text(f"  {one_line(study.citation)} ", style="").append(one_line(study.Index), style="dim")
        if not study.counted:
            line.append(f" {one_line(not_counted(study))}", style="yellow")
        parts.append(line)
        lines = [one_line(line) for line in placed_because(study)]
        parts.append(Padding(Text("\n".join(lines), style="dim"), (0, 0, 0, 4)))
    if len(found.left_out):
        parts.append(Text("\nNot on the map", style="bold"))
        row: Any
        for row in found.left_out.itertuples():
            parts.append(
                Text(f"  {one_line(row.citation)} ").append(one_line(f"{row.Index}: {row.reason}"), style="dim")
            )
    return Group(*parts)


def _cell(cell: Any, asked: bool) -> Text:
    text = Text()
    if cell["studies"]:
        others = int(cell["studies"] - cell["randomised"])
        kinds = [f"{cell['randomised']}r"] if cell["randomised"] else []
        text.append("+".join([*kinds, *([f"{others}o"] if others else [])]), style="bold")
        if leaning := directions(cell):
            text.append(f"\n{leaning}", style="cyan")
        if cell["people"]:
            text.append(f"\nn{cell['people']}")
        text.append(f"\nh{cell['harms_reported']}/{cell['studies']}", style="dim")
    elif asked:
        text.append("0", style="dim")
    if cell["beside"]:
        text.append(("\n" if text.plain else "") + f"({cell['beside']})", style="yellow")
    return text


def _legend(by: str, short: bool) -> Text:
    text = Text(style="dim")
    for sign, meaning in (
        ("r", "randomised"),
        ("o", "not randomised, or design not known"),
        ("+ = − ±", "primary outcome: favours intervention, no significant difference, favours comparator, mixed"),
        ("n", "people"),
        ("h", "studies that tell harms, of all"),
        ("0", "no study"),
        ("(1)", "shown, not counted"),
    ):
        text.append(sign, style="bold").append(f" {meaning} · ")
    if short and by == "route":
        text.append("×1", style="bold").append(" once · ").append("×n", style="bold").append(
            " repeated or over days · "
        )
        text.append("spinal", style="bold").append(" epidural or intrathecal · ")
        text.append("other", style="bold").append(" also several, or not stated · ")
    text.right_crop(3)
    return text


def _member(name: str) -> Route | Window:
    return Route(name) if name in set(Route) else Window(name)
