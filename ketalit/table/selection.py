"""Which rows of a table, in which order: simple conditions such as "n_total>=30" and sort keys such as "-year"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from ..errors import InputError
from ..telling import cut
from ..vocabulary import Missing

OPERATORS = ("<=", ">=", "!=", "=", "~", "<", ">")

_CONDITION = re.compile(r"([\w-]+)\s*(<=|>=|!=|==?|~|<|>)\s*(.*)", re.DOTALL)
_AND = re.compile(r"(?<!\S)AND(?!\S)")
_BOOLEAN = {"true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Column:
    """What can be asked of a column: is it a number, and which values are the only ones it may hold?"""

    name: str
    number: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """`column operator value`, e.g. n_total >= 30."""

    column: Column
    operator: str
    value: str


def parse_conditions(where: str | Sequence[str] | None, columns: Mapping[str, Column]) -> tuple[Condition, ...]:
    """Conditions, all of which must hold. One text may hold several, joined by AND in capitals.

    = and != compare the whole text, ~ looks for a part of it (all three in any case); <= >= < > compare numbers.
    What a cell shows is what is compared, so `dose=not reported` finds the cells that say so.

    Raises:
        InputError: not a condition, an unknown field, a word the field can never hold, or not a number.

    >>> parse_conditions("n_total>=30", {"n_total": Column("n_total", number=True)})[0].operator
    '>='
    """
    texts = [where] if isinstance(where, str) else where or ()
    return tuple(_parse(part.strip(), columns) for text in texts for part in _AND.split(text))


def holds(condition: Condition, typed: pd.DataFrame, shown: pd.DataFrame) -> pd.Series[bool]:
    """Row by row, whether a condition holds. A cell without a number is neither above nor below one.

    Args:
        condition: what to ask.
        typed: the table with its values.
        shown: the table as displayed, with "not reported" and its like.
    """
    name = condition.column.name
    if condition.operator in {"<", ">", "<=", ">="}:
        number = float(condition.value)
        values = typed[name]
        compared = {
            "<": values.lt(number),
            ">": values.gt(number),
            "<=": values.le(number),
            ">=": values.ge(number),
        }[condition.operator]
        return compared.fillna(False).astype(bool)
    text, wanted = shown[name].astype("string").fillna("").str.casefold(), condition.value.casefold()
    if condition.operator == "~":
        return text.str.contains(wanted, regex=False).astype(bool)
    if condition.column.number and _is_number(wanted):
        same = typed[name].eq(float(wanted)).fillna(False).astype(bool)
    else:
        same = text.eq(_BOOLEAN.get(wanted, wanted)).astype(bool)
    return ~same if condition.operator == "!=" else same


def order(frame: pd.DataFrame, sort: str | None, columns: Mapping[str, Column]) -> list[int]:
    """Positions of the rows in the wanted order.

    Keys are separated by commas; a minus sign before one means descending. Words of a closed list go in the
    order of that list, numbers by size, other text by letter; what has no value goes last either way.

    Raises:
        InputError: an unknown field.

    >>> frame = pd.DataFrame({"year": pd.array([2009, None, 2014], dtype="Int64")})
    >>> order(frame, "-year", {"year": Column("year", number=True)})
    [2, 0, 1]
    """
    positions = list(range(len(frame)))
    for key in reversed([key.strip() for key in (sort or "").split(",") if key.strip()]):
        column = _column(key.removeprefix("-"), columns, f"--sort {sort}")
        values = frame[column.name].tolist()
        present = [at for at in positions if not pd.isna(values[at])]
        absent = [at for at in positions if pd.isna(values[at])]
        ranks = {at: _sort_value(values[at], column) for at in present}
        positions = sorted(present, key=ranks.__getitem__, reverse=key.startswith("-")) + absent
    return positions


def _sort_value(value: object, column: Column) -> tuple[float, str]:
    if isinstance(value, int | float):
        return float(value), ""
    text = str(value)
    return (column.choices.index(text), "") if text in column.choices else (len(column.choices), text.casefold())


def _parse(text: str, columns: Mapping[str, Column]) -> Condition:
    where = f"condition “{cut(text, 80)}”"
    found = _CONDITION.fullmatch(text)
    if not found:
        raise InputError("not a condition", where=where, expected="e.g. “n_total>=30”, “condition~CRPS”, “year=2009”")
    name, operator, value = found.groups()
    operator = "=" if operator == "==" else operator
    column = _column(name, columns, where)
    if operator in {"<", ">", "<=", ">="}:
        if not column.number:
            raise InputError(f"“{name}” holds no numbers", where=where, expected=f"one of = != ~ with “{name}”")
        if not _is_number(value):
            raise InputError(f"“{value}” is not a number", where=where, expected=f"a number after {operator}")
    elif operator != "~" and column.choices:
        allowed = (*column.choices, *Missing, *_BOOLEAN)
        if value.casefold() not in {choice.casefold() for choice in allowed}:
            raise InputError(
                f"“{name}” never holds “{value}”",
                where=where,
                expected=f"one of: {', '.join(column.choices)}",
                next_step=_did_you_mean(value, allowed),
            )
    elif operator != "~" and column.number and not _is_number(value) and value.casefold() not in set(Missing):
        raise InputError(f"“{value}” is not a number", where=where, expected=f"a number or: {', '.join(Missing)}")
    return Condition(column, operator, value)


def _column(name: str, columns: Mapping[str, Column], where: str) -> Column:
    if name not in columns:
        near = _did_you_mean(name, columns)
        raise InputError(
            f"unknown field “{name}”", where=where, expected=f"one of: {', '.join(columns)}", next_step=near
        )
    return columns[name]


def _did_you_mean(word: str, known: Sequence[str] | Mapping[str, object]) -> str:
    near = get_close_matches(word.casefold(), [*known], n=1)
    return f"Did you mean “{near[0]}”?" if near else ""


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)  # "nan" is not a number to compare with
    except ValueError:
        return False
