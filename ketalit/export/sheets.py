"""A wide table on landscape A4 pages: how wide each column is, and which columns stand on a page together.

Word and LaTeX share this, and what they print in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..escaping import one_line
from ..table import EvidenceTable
from ..vocabulary import FLAGGED, Missing, Status
from .notes import Notes, annotated_rows
from .wording import CONFLICT, MISSING_HELP, MISSING_SHORT, UNVERIFIED, heading, mark, with_unit

PAGE = 26.7  # cm: the long side of A4 without margins of 1.5 cm
STUDY = 3.0  # cm: the first column, which every part repeats
_LETTER = 0.15  # cm: a letter of 8 points with what stands between it and the next
_BOLD = 1.15  # how much wider a bold letter is
_PADDING = 0.3
_LINES = 6  # that most cells of a column should not exceed
_NARROW, _WIDE = 1.3, 6.0


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell: its text on one line, the number of its source (0: none), and whether it is struck through."""

    text: str
    note: int = 0
    struck: bool = False


@dataclass(frozen=True, slots=True)
class PrintedStudy:
    """A row. `name`: first author and year; `remark`: what has to be known of it, e.g. "?" or "RETRACTED"."""

    name: str
    remark: str
    identifier: str
    struck: bool
    cells: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Columns that fit on a page beside the study: their places among the fields, and the widths in cm."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]


def printed(table: EvidenceTable, notes: Notes) -> list[PrintedStudy]:
    """The rows of a table as they are printed: short codes where there is no value, marks, numbers of sources."""

    def write(cell: Any, number: int | None, retracted: bool) -> str:
        # annotated_rows wants a text; what it wrote is taken apart again below
        text = MISSING_SHORT[Missing(cell.missing)] if cell.missing else one_line(with_unit(cell))
        text += f" {mark(cell)}" if not cell.missing and mark(cell) else ""
        text += f" {CONFLICT}" if cell.conflict else ""
        return f"{number or 0}\0{int(retracted and not cell.missing)}\0{text}"

    found = []
    for study, texts in annotated_rows(table, notes, write):
        remark = UNVERIFIED if study.identifier_status != "verified" else ""
        if study.status in FLAGGED:
            remark = f"{remark} {str(study.status).upper()}".strip()
        cells = (text.split("\0", 2) for text in texts)
        found.append(
            PrintedStudy(
                name=one_line(study.citation),
                remark=remark,
                identifier=one_line(str(study.identifiers).split("; ", maxsplit=1)[0]),
                struck=study.status == Status.RETRACTED,
                cells=tuple(Printed(text, int(number), bool(int(struck))) for number, struck, text in cells),
            )
        )
    return found


def parts(table: EvidenceTable, rows: Sequence[PrintedStudy]) -> list[Part]:
    """The columns of a table in parts, each as wide as a page; at least one, even without columns.

    >>> from ..review import load_review
    >>> from ..table import evidence_table
    >>> table = evidence_table(load_review(), view="full")
    >>> found = parts(table, printed(table, Notes()))
    >>> sum((part.columns for part in found), ()) == tuple(range(len(table.fields)))
    True
    >>> max(sum(part.widths) for part in found) <= PAGE - STUDY + 1e-9
    True
    """
    room = PAGE - STUDY
    found: list[list[tuple[int, float]]] = [[]]
    for place, field in enumerate(table.fields):
        width = _width(heading(field), [row.cells[place].text for row in rows])
        if found[-1] and sum(wide for _, wide in found[-1]) + width > room:
            found.append([])
        found[-1].append((place, width))
    return [_fitted(part, room) for part in found]


def abbreviations(rows: Iterable[PrintedStudy], part: Part) -> list[tuple[str, str]]:
    """The codes that stand in this part in place of values, each with its meaning, for a footnote under the table."""
    used = {row.cells[place].text.split(" ")[0] for row in rows for place in part.columns}
    return [(MISSING_SHORT[kind], f"{kind}: {help}") for kind, help in MISSING_HELP if MISSING_SHORT[kind] in used]


def caption(table: EvidenceTable, number: int, count: int) -> str:
    """The words above a part, e.g. "Table 1, part 2 of 3. Ketamine for chronic pain"."""
    of = f", part {number} of {count}" if count > 1 else ""
    return f"Table 1{of}. {one_line(table.title)}"


def _width(title: str, texts: Sequence[str]) -> float:
    """Wide enough for its longest word, and so that most of its cells are not too high."""
    words = [_BOLD * len(word) for word in _words(title)] + [len(word) for text in texts for word in _words(text)]
    lengths = sorted(map(len, texts)) or [0]
    most = lengths[int(0.9 * (len(lengths) - 1))]
    wanted = max(*words, most / _LINES) * _LETTER + _PADDING
    return min(max(wanted, _NARROW), _WIDE)


def _words(text: str) -> list[str]:
    return re.split(r"[\s/-]", text)


def _fitted(part: Sequence[tuple[int, float]], room: float) -> Part:
    """Columns stretched to the width of the page, but not to more than half as much again."""
    wide = sum(width for _, width in part)
    stretch = min(room / wide, 1.5) if wide else 1.0
    return Part(tuple(place for place, _ in part), tuple(width * stretch for _, width in part))
