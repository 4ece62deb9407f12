"""Tables of articles (XHTML and CALS) as rectangular grids with their row and column spans resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from .model import Table
from .xml import name, text_of

if TYPE_CHECKING:
    import pandas as pd

_Element = etree._Element
_MOST_CELLS = 200_000  # of a row group; spans are not followed beyond
_WIDEST = 1000  # HTML's own limit for colspan; a table of a million columns is an attack


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    rows: int = 1
    columns: int = 1
    at: int | None = None  # CALS may name the column
    header: bool = False


def frame(table: Table) -> pd.DataFrame:
    """The table as a DataFrame of strings, one column per grid column.

    Header rows become the columns: one row an Index, several a MultiIndex, none 0, 1, 2, … A cell that
    spans is repeated in every place it covers. Two columns may bear the same name, as printed.

    >>> list(frame(Table(locator="table1", grid=(("arm", "n"), ("ketamine", "30")), header_rows=1)).columns)
    ['arm', 'n']
    """
    import pandas as pd  # heavy, and only needed here

    header, body = table.grid[: table.header_rows], table.grid[table.header_rows :]
    columns = None if not header else pd.Index(header[0]) if len(header) == 1 else pd.MultiIndex.from_arrays([*header])
    return pd.DataFrame([list(row) for row in body], columns=columns, dtype="str")


def grid_of(table: _Element) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Grid and number of header rows of a <table> (XHTML) or <tgroup> (CALS).

    Spans are resolved as HTML defines it: a row span ends with its row group, a column span is at most 1000.
    Header rows are those of thead; without one, the leading rows made of th alone.
    """
    rows: list[list[str]] = []
    header_rows = 0
    leading = True
    for group, is_head in _groups(table):
        cells = [list(_cells(row, table)) for row in group]
        filled = _fill(cells)
        if is_head and leading:
            header_rows += len(filled)
        elif leading and not header_rows:
            for row in cells:
                if not row or not all(cell.header for cell in row):
                    break
                header_rows += 1
            leading = False
        else:
            leading = False
        rows += filled
    width = max(map(len, rows), default=0)
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows), min(header_rows, len(rows))


def _groups(table: _Element) -> Iterator[tuple[list[_Element], bool]]:
    """Row groups in the order of display (thead, tbody …, tfoot), with whether they are a head."""
    heads, bodies, feet = [], [], []
    loose: list[_Element] = []
    for child in table:
        tag = name(child)
        rows = [row for row in child if name(row) in ("tr", "row")]
        if tag == "thead":
            heads.append((rows, True))
        elif tag == "tbody":
            bodies.append((rows, False))
        elif tag == "tfoot":
            feet.append((rows, False))
        elif tag in ("tr", "row"):
            loose.append(child)
    yield from heads
    if loose:
        yield loose, False
    yield from bodies
    yield from feet


def _cells(row: _Element, table: _Element) -> Iterator[_Cell]:
    names = {spec.get("colname"): index for index, spec in enumerate(_colspecs(table))}
    for cell in row:
        tag = name(cell)
        if tag in ("td", "th"):
            yield _Cell(text_of(cell), _span(cell, "rowspan"), _span(cell, "colspan"), header=tag == "th")
        elif tag == "entry":
            first = names.get(cell.get("namest") or cell.get("colname"))
            last = names.get(cell.get("nameend"))
            wide = last - first + 1 if first is not None and last is not None and last >= first else 1
            yield _Cell(text_of(cell), _span(cell, "morerows", 1), wide, first)


def _colspecs(table: _Element) -> list[_Element]:
    return [child for child in table if name(child) == "colspec"]


def _span(cell: _Element, attribute: str, extra: int = 0) -> int:
    """A span as a number from 1 to 1000; rowspan 0 means "to the end of the group"."""
    value = (cell.get(attribute) or "").strip()
    if not (value.isascii() and value.isdigit()):
        return 1
    number = int(value[:6]) + extra
    return _WIDEST if number == 0 and attribute == "rowspan" else max(1, min(number, _WIDEST))


def _fill(rows: list[list[_Cell]]) -> list[list[str]]:
    """The cells of one row group in their places."""
    places: list[dict[int, str]] = [{} for _ in rows]
    filled = 0
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.at is not None:
                column = cell.at
            while column in places[index]:
                column += 1
            down = min(cell.rows, len(rows) - index)
            wide = cell.columns
            filled += down * wide
            if filled > _MOST_CELLS:
                down = wide = 1
            for below in range(index, index + down):
                for across in range(column, column + wide):
                    places[below].setdefault(across, cell.text)
            column += wide
    return [[place.get(column, "") for column in range(max(place, default=-1) + 1)] for place in places]
