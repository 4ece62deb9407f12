"""The evidence table as a workbook: the table with a note on every cell, a sheet of sources, a sheet to read first."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ..escaping import is_formula, terminal
from ..fields import FIELDS, Field
from ..identifiers import source_link
from ..table import NO_ADVICE, EvidenceTable
from ..table.cells import CELL_TYPES, display
from ..vocabulary import Status
from . import xlsx_large
from .notes import note_text
from .wording import (
    MISSING_HELP,
    ORIGIN_HELP,
    decisions_line,
    empty_line,
    heading,
    rates_rows,
    searches_lines,
    selection_line,
    with_unit,
)
from .zips import without_times

_TOP = Alignment(vertical="top", wrap_text=True)
_NUMBER = Alignment(vertical="top", horizontal="right", indent=1)
_FONTS = {
    "plain": Font(name="Calibri", size=11),
    "bold": Font(name="Calibri", size=11, bold=True),
    "link": Font(name="Calibri", size=11, color="0563C1", underline="single"),
    "faint": Font(name="Calibri", size=11, italic=True, color="6B6B6B"),
    "struck": Font(name="Calibri", size=11, strike=True),
}
_FILLS = {"header": PatternFill("solid", fgColor="DDE6EE"), "conflict": PatternFill("solid", fgColor="FFF0C2")}
# The looks that cells of a workbook have had: openpyxl takes most of its time to compare one with all of them.
_LOOKS: WeakKeyDictionary[Any, dict[tuple[object, ...], Any]] = WeakKeyDictionary()
_MISSING_COLUMNS = ("not_reported", "not_checked", "not_applicable")
_LONGEST_NOTE = 1500  # characters
_LINE, _MOST_LINES = 15, 20  # height of a line in points; a row may be at most 409 points high

# Identity columns of the first sheet: heading and width.
_IDENTITY = {
    "study": ("Study", 18),
    "citation": ("Report", 20),
    "year": ("Year", 7),
    "title": ("Title", 44),
    "PMID": ("PMID", 11),
    "PMCID": ("PMCID", 13),
    "DOI": ("DOI", 36),
    "identifier_status": ("Identifier", 11),
    "status": ("Status", 12),
}


def render(table: EvidenceTable) -> bytes:
    """The bytes of an .xlsx file."""
    if len(table.frame) > xlsx_large.FROM:
        return xlsx_large.render(table, {name: title for name, (title, _) in _IDENTITY.items()}, _about(table))
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    _evidence(sheet, table)
    _sources(book.create_sheet("Sources"), table)
    _read_me(book.create_sheet("Read me"), table)
    buffer = io.BytesIO()
    book.save(buffer)
    return without_times(buffer.getvalue())


def _evidence(sheet: Worksheet, table: EvidenceTable) -> None:
    sheet.title = "Evidence"
    titles = [title for title, _ in _IDENTITY.values()]
    widths = [width for _, width in _IDENTITY.values()]
    _header(sheet, [*titles, *map(heading, table.fields)], [*widths, *map(_width, table.fields)])
    behind = table.candidates()
    for number, study in enumerate(table.rows(), 2):
        retracted = study.status == Status.RETRACTED
        font = "struck" if retracted else "plain"
        identifiers = dict(name.split(":", 1) for name in reversed(str(study.identifiers).split("; ")) if name)
        for column, name in enumerate(_IDENTITY, 1):
            if name in {"PMID", "PMCID", "DOI"}:
                value = identifiers.get(name, "")
                _put(sheet, number, column, value, font, link=source_link(f"{name}:{value}"))
            else:
                _put(sheet, number, column, study.Index if name == "study" else getattr(study, name), font)
        for column, field in enumerate(table.fields, len(_IDENTITY) + 1):
            candidates = behind[study.Index, field.name]
            shown = candidates[0]
            native = shown.value if field.kind in {int, float} and not shown.missing else with_unit(shown)
            fill = "conflict" if shown.conflict else ""
            cell = _put(sheet, number, column, native, "faint" if shown.missing else font, fill)
            cell.comment = _comment(note_text(candidates) if shown.origin else shown.note or shown.missing)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    _fit_heights(sheet)
    _fit_pages(sheet, 2)
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"


def _sources(sheet: Worksheet, table: EvidenceTable) -> None:
    wide = {"text": 40, "quote": 50, "note": 40, "study": 18, "record": 18, "field": 20, "source": 20, "link": 40}
    columns = [name for name in CELL_TYPES if name != "value"]
    _header(sheet, columns, [wide.get(name, 12) for name in columns])
    for number, values in enumerate(zip(*(table.cells[name].tolist() for name in columns), strict=True), 2):
        for column, (name, value) in enumerate(zip(columns, values, strict=True), 1):
            if value is not pd.NA and value != "":
                shown = display(value) if isinstance(value, bool) else value
                _put(sheet, number, column, shown, link=value if name == "link" else "")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _fit_heights(sheet)
    _fit_pages(sheet, 1)
    sheet.print_title_rows = "1:1"


def _read_me(sheet: Worksheet, table: EvidenceTable) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 100
    for number, (name, text) in enumerate(_about(table), 1):
        _put(sheet, number, 1, name, "bold")
        _put(sheet, number, 2, text)
    _fit_heights(sheet)
    _fit_pages(sheet, 1)


def _about(table: EvidenceTable) -> list[tuple[str, str]]:
    """What the sheet to read first says, as pairs of a name and a text."""
    lines = [
        ("Review", table.title),
        ("Question", table.question),
        ("How the studies were found", table.how_found),
        *(("Saved search", line) for line in searches_lines(table)),
        ("Shown", selection_line(table)),
        ("Counted", f"{table.totals}. {decisions_line(table)}"),
        ("No row", empty_line(table)),
        ("Sheet “Evidence”", "a note on each cell says where it comes from; a yellow cell has another value elsewhere"),
        (
            "Sheet “Sources”",
            "every candidate value with link, and quote where the text is held; “winner”: it is shown",
        ),
        *((f"Origin “{origin}”", meaning) for origin, meaning in ORIGIN_HELP.items()),
        *((f"“{missing}”", meaning) for missing, meaning in MISSING_HELP),
        ("Please note", NO_ADVICE),
        (
            "How full each column is",
            "filled: of the studies a field applies to; answered: by a value or why there is none",
        ),
        *((rate["title"], _rate_line(rate)) for rate in rates_rows(table)),
    ]
    return [(name, text) for name, text in lines if text]


def _rate_line(rate: dict[str, str]) -> str:
    counts = [f"{rate[name]} {name.replace('_', ' ')}" for name in ("filled", *_MISSING_COLUMNS)]
    return f"filled {rate['filled_share']}, answered {rate['answered_share']}: {', '.join(counts)}"


def _header(sheet: Worksheet, titles: Sequence[str], widths: Sequence[float]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), 1):
        cell = _put(sheet, 1, column, title, "bold", "header")
        sheet.column_dimensions[get_column_letter(column)].width = width
        if title in {known.title for known in FIELDS.values()}:
            help_text = next(known.help for known in FIELDS.values() if known.title == title)
            cell.comment = _comment(help_text)


def _fit_heights(sheet: Worksheet) -> None:
    """Make rows as high as their longest text needs: not every program does so when it opens a file."""
    for row in sheet.iter_rows():
        lines = [
            sum(
                math.ceil(1.15 * max(1, len(line)) / sheet.column_dimensions[cell.column_letter].width)
                for line in str(cell.value).splitlines()
            )
            for cell in row
            if isinstance(cell, Cell) and cell.value is not None
        ]
        sheet.row_dimensions[row[0].row or 1].height = _LINE * min(max(lines, default=1), _MOST_LINES)


def _fit_pages(sheet: Worksheet, pages: int) -> None:
    """Print on A3 landscape, so many pages wide and as many long as it takes."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8  # 8: A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(field: Field) -> float:
    if field.kind is str:
        return 30
    return 18 if field.choices else max(9, len(field.title) * 0.8)


def _put(
    sheet: Worksheet, row: int, column: int, value: object, font: str = "plain", fill: str = "", *, link: str = ""
) -> Any:
    """Write a value; a text is always a text, whatever it begins with. Returns the cell."""
    cell: Any = sheet.cell(row, column)
    formula = False
    if isinstance(value, str):
        text = terminal(value)
        cell.value = text
        cell.data_type = "s"
        formula = is_formula(text)
    elif not pd.isna(value):  # type: ignore[call-overload]
        cell.value = value
    if link:
        cell.hyperlink = link
        font = "link"
    looks = _LOOKS.setdefault(sheet.parent, {})
    key = (font, fill, isinstance(value, str), formula)
    if key not in looks:
        cell.font = _FONTS[font]
        cell.alignment = _TOP if isinstance(value, str) else _NUMBER
        if fill:
            cell.fill = _FILLS[fill]
        cell.quotePrefix = formula  # keeps it a text when a person edits the cell
        looks[key] = cell._style
    cell._style = looks[key]
    return cell


def _comment(text: str) -> Comment:
    text = terminal(text)[:_LONGEST_NOTE]
    comment = Comment(text, "ketalit")
    comment.width, comment.height = 320, 40 + 18 * (len(text) // 45 + 1)
    return comment
