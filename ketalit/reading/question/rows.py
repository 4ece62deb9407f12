"""Read a row of a table that gives an outcome for both groups with a probability."""

from __future__ import annotations

import re

from ...records.model import Table
from ..engine import Rule
from ..normal import normalise
from .arms import Arms
from .change import Reading
from .wording import Change

ROW = Rule(
    "question/table-row",
    r"^(?:p|p[- ]?values?|significance|sig\.?)\b",
    "P value",
    "a row with a number for each group and a probability in the column that is headed so",
)
_PROBABILITY = re.compile(r"^[<>=≤≥p ]*((?:0|1)?\.\d+|1|0)(?:[*a-z†‡§ ]{0,3})$|^(n\.?s\.?)$")
_OURS = re.compile(r"(?:intervention|treatment|experimental|study|active|treated|test|cases?)\b")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?) ?%|\((\d+(?:\.\d+)?)\)")


def read_row(table: Table, number: int, arms: Arms) -> Reading | None:
    """What a row says of the two sides, where its columns can be told apart by their headings."""
    heads = [
        normalise(" ".join(dict.fromkeys(row[column] for row in table.grid[: table.header_rows]))).text
        for column in range(len(table.grid[number]))
    ]
    cells = [normalise(cell).text.strip() for cell in table.grid[number]]
    p_value = _p_value(heads, cells)
    if p_value is None:
        return None
    if p_value > 0.05:
        return Reading(Change.NO_DIFFERENCE, ROW.name, True, True)
    columns: list[tuple[bool | None, float]] = []
    for head, cell in zip(heads[1:], cells[1:], strict=True):
        value = _value(cell)
        if value is None or ROW.regex.search(head):
            continue
        sides = {one.intervention for one in arms.mentions(head)}
        if not sides and _OURS.match(head):
            sides = {True}
        columns.append((sides.pop() if len(sides) == 1 else None, value))
    if len(columns) == 2 and sum(side is None for side, _ in columns) == 1:  # two columns: the one implies the other
        known = next(side for side, _ in columns if side is not None)
        columns = [(not known if side is None else side, value) for side, value in columns]
    ours = next((value for side, value in columns if side is True), None)
    theirs = next((value for side, value in columns if side is False), None)
    if ours is None or theirs is None or ours == theirs:
        return None
    return Reading(Change.INCREASED if ours > theirs else Change.DECREASED, ROW.name, True, True)


def _p_value(heads: list[str], cells: list[str]) -> float | None:
    for head, cell in zip(heads[1:], cells[1:], strict=True):
        match = _PROBABILITY.match(cell)
        if match and ROW.regex.search(head):
            if match.group(2):
                return 1.0
            value = float(match.group(1))
            return (
                min(value, 0.049) if "<" in cell and value <= 0.05 else 1.0 if ">" in cell and value >= 0.05 else value
            )
    return None


def _value(cell: str) -> float | None:
    match = _PERCENT.search(cell) if "±" not in cell and "-" not in cell else None
    if match and "%" in cell:
        return float(match.group(1) or match.group(2))
    number = _NUMBER.search(cell)
    return float(number.group()) if number else None
