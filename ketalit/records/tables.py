"""Tables of articles (XHTML and CALS) as rectangular grids with their row and column spans resolved."""

from __future__ import annotations

import re
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
_MOST_HEADERS = 4  # header rows looked for where the markup does not say
_PICTURES = ("graphic", "inline-graphic", "media", "inline-media")

_WORD = re.compile(r"[^\W\d_]+")
_IN_VALUES = frozenset(
    ["a", "b", "c", "d", "e", "p", "to", "vs", "and", "sd", "se", "sem"]
)  # footnote marks, ranges, "p = 0.03"
_AS_VALUES = frozenset(["ns", "na", "yes", "no", "x"])
_COUNT = re.compile(r"\(?\s*n\s*=\s*[\d,\s]+\)?", re.IGNORECASE)  # a group's size stands in a header
_TIME = re.compile(r"[A-Za-z]\d+")  # as in T0, V2


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    rows: int = 1
    columns: int = 1
    at: int | None = None  # CALS may name the column
    strong: bool = False  # th, or bold throughout
    header: bool = False
    shown: bool = True  # text or a picture: not blank, not a rule


@dataclass(frozen=True, slots=True)
class _Place:
    """One square of a grid; `starts` where a cell that shows something begins in it."""

    cell: _Cell
    starts: bool


_BLANK = _Place(_Cell("", shown=False), starts=False)


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
    """Grid and number of header rows of a <table> (XHTML) or <tgroup> (CALS), as a reader of the page sees them.

    Spans are resolved as HTML defines it: a row span ends with its row group, a column span is at most 1000. Rows
    and columns in which nothing begins (drawn rules, spacers) are not part of the table.

    Header rows are those of thead, failing that the leading rows made of th alone; then the rows that go on
    naming columns: at least two labels and no value, either all in bold, or beside a blank first cell, or, as long
    as no column has a name yet, over columns of values.

    >>> from .xml import parse
    >>> names, rule = "<td/><td>before</td><td>after</td>", "<td colspan='3'><hr/></td>"
    >>> values = "<td>saline</td><td>7</td><td>6</td>"
    >>> grid_of(parse(f"<table><tr>{names}</tr><tr>{rule}</tr><tr>{values}</tr></table>".encode()))
    ((('', 'before', 'after'), ('saline', '7', '6')), 1)
    """
    rows: list[list[_Place]] = []
    header_rows = 0
    leading = True
    for group, is_head in _groups(table):
        filled = [row for row in _fill([list(_cells(row, table)) for row in group]) if any(p.starts for p in row)]
        leading = leading and (is_head or not header_rows)
        for row in filled if leading else ():
            leading = is_head or all(place.cell.header for place in row if place.starts or not place.cell.shown)
            header_rows += leading
            if not leading:
                break
        leading = leading and is_head
        rows += filled
    width = max(map(len, rows), default=0)
    rows = [row + [_BLANK] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column].starts for row in rows)]
    rows = [[row[column] for column in kept] for row in rows]
    grid = tuple(tuple(place.cell.text for place in row) for row in rows)
    return grid, _all_header_rows(rows, header_rows)


def _all_header_rows(rows: list[list[_Place]], marked: int) -> int:
    """The header rows that the markup marks, and those after them that go on naming columns."""
    number = marked
    while number < min(len(rows) - 1, _MOST_HEADERS) and _names_columns(rows, number):
        number += 1
    return number


def _names_columns(rows: list[list[_Place]], number: int) -> bool:
    """Whether a row below the header (of `number` rows so far) is one more header row."""
    row, below = rows[number], rows[number + 1 :]
    labels = [place.cell for place in row if place.starts]
    if len({label.text for label in labels}) < 2 or any(map(_is_value, labels)):
        return False
    if all(label.strong for label in labels):
        return not all(place.cell.strong for later in below for place in later if place.starts)
    if not row[0].cell.shown and number:
        return True
    named = {place.cell.text for header in rows[:number] for place in header if place.starts}
    if len(named) > 1:
        return False
    columns = [column for column, place in enumerate(row) if place.cell.shown and column]
    over_values = [column for column in columns if _holds_values(below, column)]
    return len(columns) > 1 and 2 * len(over_values) > len(columns)  # two columns may be a list of pairs


def _holds_values(rows: list[list[_Place]], column: int) -> bool:
    cells = [row[column].cell for row in rows if row[column].starts]
    return 2 * sum(map(_is_value, cells)) > len(cells)


def _is_value(cell: _Cell) -> bool:
    """Whether a cell holds a value as opposed to a label: "12 (40%)", "< 0.001a", "3 to 5", "NS", "–"; not "n = 40"."""
    words = {word.lower() for word in _WORD.findall(cell.text)}
    if not cell.text or _COUNT.fullmatch(cell.text) or _TIME.fullmatch(cell.text):
        return False
    if any(map(str.isdigit, cell.text)):
        return words <= _IN_VALUES
    return not words or words <= _AS_VALUES


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
    for node in row:
        tag = name(node)
        if tag not in ("td", "th", "entry"):
            continue
        text = text_of(node)
        shown = bool(text.strip()) or any(name(inner) in _PICTURES for inner in node.iter())
        strong = tag == "th" or (shown and _in_bold(node, text))
        if tag == "entry":
            first = names.get(node.get("namest") or node.get("colname"))
            last = names.get(node.get("nameend"))
            wide = last - first + 1 if first is not None and last is not None and last >= first else 1
            yield _Cell(text if shown else "", _span(node, "morerows", 1), wide, first, strong, shown=shown)
        else:
            down, wide = _span(node, "rowspan"), _span(node, "colspan")
            yield _Cell(text if shown else "", down, wide, None, strong, tag == "th", shown)


def _in_bold(node: _Element, text: str) -> bool:
    """Whether all words of a cell are set in bold; marks and units in brackets may stand outside."""
    bold = "".join(text_of(part) for part in node if name(part) in ("bold", "b"))
    if not bold and len(node) == 1 and name(node[0]) in ("p", "italic"):
        return _in_bold(node[0], text)
    rest = re.sub(r"\([^()]*\)", "", text)
    return bool(bold) and sum(map(str.isalnum, bold)) >= sum(map(str.isalnum, rest)) - 1


def _colspecs(table: _Element) -> list[_Element]:
    return [child for child in table if name(child) == "colspec"]


def _span(cell: _Element, attribute: str, extra: int = 0) -> int:
    """A span as a number from 1 to 1000; rowspan 0 means "to the end of the group"."""
    value = (cell.get(attribute) or "").strip()
    if not (value.isascii() and value.isdigit()):
        return 1
    number = int(value[:6]) + extra
    return _WIDEST if number == 0 and attribute == "rowspan" else max(1, min(number, _WIDEST))


def _fill(rows: list[list[_Cell]]) -> list[list[_Place]]:
    """The cells of one row group in their places."""
    places: list[dict[int, _Place]] = [{} for _ in rows]
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
            here, covered = _Place(cell, cell.shown), _Place(cell, starts=False)
            for below in range(index, index + down):
                for across in range(column, column + wide):
                    places[below].setdefault(across, here if (below, across) == (index, column) else covered)
            column += wide
    return [[place.get(column, _BLANK) for column in range(max(place, default=-1) + 1)] for place in places]
