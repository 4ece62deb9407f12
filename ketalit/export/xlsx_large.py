"""A workbook of very many studies, written row by row in little memory.

It holds what the other one does but the notes on cells, the links, and rows as high as their text: with these, 50,000
studies take hours, and more links than a sheet may have. Where each value comes from stands in the sheets of sources.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..escaping import is_formula, terminal
from ..table import EvidenceTable
from ..table.cells import CELL_TYPES, display
from .wording import heading, with_unit
from .zips import without_times

FROM = 1_000  # studies; a workbook of more is a large one
MOST_ROWS = 1_048_575  # of a sheet, its heading aside (Microsoft, "Excel specifications and limits")
_BOLD = Font(name="Calibri", size=11, bold=True)


def render(table: EvidenceTable, identity: Mapping[str, str], about: Iterable[tuple[str, str]]) -> bytes:
    """The bytes of an .xlsx file.

    Args:
        table: the evidence table.
        identity: columns that say which study it is, and their headings.
        about: the lines of the sheet to read first.
    """
    book = Workbook(write_only=True)
    titles = [*identity.values(), *map(heading, table.fields)]
    _sheet(book, "Evidence", titles, _studies(table, identity), "B2")
    columns = [name for name in CELL_TYPES if name != "value"]
    rows = (
        [display(value) if isinstance(value, bool) else value for value in row]
        for row in zip(*(table.cells[name].tolist() for name in columns), strict=True)
    )
    for number in itertools.count(1):
        first = list(itertools.islice(rows, 1))
        if number > 1 and not first:
            break
        part = itertools.chain(first, itertools.islice(rows, MOST_ROWS - 1))
        _sheet(book, "Sources" if number == 1 else f"Sources {number}", columns, part, "A2")
    _sheet(book, "Read me", [], about, None)
    buffer = io.BytesIO()
    book.save(buffer)
    return without_times(buffer.getvalue())


def _studies(table: EvidenceTable, identity: Iterable[str]) -> Iterable[list[object]]:
    shown = table.winners()
    for study in table.rows():
        identifiers = dict(name.split(":", 1) for name in reversed(str(study.identifiers).split("; ")) if name)
        named = {"study": study.Index, **identifiers}
        cells = [shown[study.Index, field.name] for field in table.fields]
        yield [
            *(named.get(name, getattr(study, name, "")) for name in identity),
            *(
                cell.value if field.kind in {int, float} and not cell.missing else with_unit(cell)
                for field, cell in zip(table.fields, cells, strict=True)
            ),
        ]


def _sheet(book: Any, title: str, titles: Sequence[str], rows: Iterable[Iterable[object]], frozen: str | None) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = frozen
    for column in range(1, max(len(titles), 2) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 20
    if titles:
        head = [WriteOnlyCell(sheet, name) for name in titles]
        for cell in head:
            cell.font = _BOLD
        sheet.append(head)
    for row in rows:
        sheet.append([_value(sheet, value) for value in row])


def _value(sheet: Any, value: object) -> object:
    """A value as it is written; a text is always a text, whatever it begins with, and an empty one is no cell."""
    if not isinstance(value, str):
        return None if pd.isna(value) else value  # type: ignore[call-overload]
    text, formula = _safe(value)
    if not formula:
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


@lru_cache(maxsize=10_000)
def _safe(text: str) -> tuple[str, bool]:
    """A harmless text, and whether a spreadsheet could take it for a formula; the same come again and again."""
    harmless = terminal(text)
    return harmless, is_formula(harmless)
