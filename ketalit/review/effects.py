"""effects.csv: numbers of comparisons, for pooling."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..rows import Problem, did_you_mean, read_rows
from ..vocabulary import Checked
from .names import Names

if TYPE_CHECKING:
    from ..pooling.effects import EffectRow

EffectKind = TypeVar("EffectKind", bound="EffectRow")

_TERMS = ("immediate term", "short term", "medium term", "long term")
_BETTER = ("lower", "higher")
_NUMBERS = {"float": "a number, with a decimal point", "int": "a whole number"}


def effect_rows(path: Path, kind: type[EffectKind], problems: list[Problem]) -> Iterator[tuple[int, EffectKind]]:
    """Rows of a file of effects with their lines. Whether an effect follows from each is not looked at here.

    Older files have their hours in a column `time`, and named windows at the end of `outcome`. Of the first the new
    name is told; the second is read, and told as a problem that hinders nothing.

    Args:
        path: the file.
        kind: `EffectRow`, or what adds columns to it.
        problems: gets what is wrong.

    Raises:
        InputError: the file is not UTF-8 text.
    """
    said: list[Problem] = []
    for line, read in read_rows(path, kind, said):
        row = _with_window(read, path.name, line, said)
        if row is not None:
            yield line, row
    for problem in said:
        number = re.match(r"Expected `(float|int)", problem.expected)
        if number:
            problems.append(dataclasses.replace(problem, expected=_NUMBERS[number[1]]))
        elif problem.column == "time" and problem.what.startswith("unknown column"):
            expected = "the column hours; a named window stands in the column window"
            problems.append(dataclasses.replace(problem, what="this column has another name now", expected=expected))
        else:
            problems.append(problem)


def _with_window(row: EffectKind, file: str, line: int, problems: list[Problem]) -> EffectKind | None:
    """The row, with a window that stands at the end of its outcome in the place of windows; None for two times."""
    outcome, comma, term = (part.strip() for part in row.outcome.rpartition(","))
    if comma and term in _TERMS:
        place = Problem(file=file, line=line, column="outcome", found=row.outcome, what="")
        if row.window not in {"", term}:
            what = f"the outcome says “{term}”, the window “{row.window}”"
            problems.append(dataclasses.replace(place, what=what, expected="one time"))
            return None
        what, expected = "the follow-up window stands in the outcome", f"“{outcome}”, and “{term}” in window"
        problems.append(dataclasses.replace(place, what=what, expected=expected, fatal=False))
        row = dataclasses.replace(row, outcome=outcome, window=term)
    if row.window and row.hours is not None:
        what, expected = f"there are a window and {row.hours:g} hours", "one of the two"
        problems.append(Problem(file=file, line=line, column="window", what=what, found=row.window, expected=expected))
        return None
    return row


def read_effects(path: Path, problems: list[Problem], names: Names) -> Iterator[tuple[int, EffectRow]]:
    """Rows of effects.csv that can be read, with their lines."""
    name = "effects.csv"
    if not (path / name).exists():
        return
    from ..pooling.effects import EffectRow

    said: list[Problem] = []
    for line, row in effect_rows(path / name, EffectRow, said):
        for column, found, allowed in (
            ("better", row.better, ("", *_BETTER)),
            ("checked", row.checked, tuple(Checked)),
        ):
            if found not in allowed:
                expected = f"one of: {', '.join(filter(None, allowed))}"
                what = f"the cell is wrong{did_you_mean(found, allowed)}"
                said.append(Problem(file=name, line=line, column=column, what=what, found=found, expected=expected))
        if row.shared < 1:
            what, expected = "no group is used by fewer than one comparison", "1, or the number of comparisons"
            found = str(row.shared)
            said.append(Problem(file=name, line=line, column="shared", what=what, found=found, expected=expected))
        record = names.id_of(row.record, name, line, said)
        if record:
            yield line, dataclasses.replace(row, record=record)
    problems += said
