"""Which rows of a table, in which order: simple conditions such as "n_total>=30" and sort keys such as "-year".

Two kinds of text are understood: lengths of time, which `followup>=12 weeks` compares, and names of conditions, of
which `condition~CRPS` finds every one that means the same.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from ..errors import InputError
from ..models.quantity import magnitude
from ..reading.normal import normalise
from ..reading.outcome import hours
from ..telling import count_of, cut
from ..vocabulary import Missing, name_pattern, names_meant

OPERATORS = ("<=", ">=", "!=", "=", "~", "<", ">")

_CONDITION = re.compile(r"([\w-]+)\s*(<=|>=|!=|==?|~|<|>)\s*(.*)", re.DOTALL)
_AND = re.compile(r"(?<!\S)AND(?!\S)")
_BOOLEAN = {"true": "yes", "false": "no"}
_ORDERED = frozenset({"<", ">", "<=", ">="})
_QUOTED = re.compile(r"[\"“](.*)[\"”]", re.DOTALL)
_A = re.compile(r"\ban?(?= (?:minute|hour|day|week|month|year)\b)")
_ALIKE = 0.005  # lengths of time that differ by less are the same: 12 months, 52 weeks and a year


@dataclass(frozen=True, slots=True)
class Column:
    """What can be asked of a column.

    Attributes:
        name: its name.
        number: whether it holds numbers.
        choices: the only values it may hold; empty: any.
        unit: of its numbers, where a number may be asked for in another one.
        span: whether its text tells a length of time.
        title: its heading.
    """

    name: str
    number: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    span: bool = False
    title: str = ""

    @property
    def words(self) -> bool:
        """Whether it holds free text."""
        return not self.number and not self.choices


@dataclass(frozen=True, slots=True)
class Condition:
    """`column operator value`, e.g. n_total >= 30.

    Attributes:
        column: what is asked of.
        operator: one of `OPERATORS`.
        value: as it was written, without quotation marks.
        number: the value in the unit of the column (hours where it is a length of time), where numbers are compared.
        meant: other names that mean the same as the value.
    """

    column: Column
    operator: str
    value: str
    number: float | None = None
    meant: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.column.name}{self.operator}{self.value}"


def parse_conditions(where: str | Sequence[str] | None, columns: Mapping[str, Column]) -> tuple[Condition, ...]:
    """Conditions, all of which must hold. One text may hold several, joined by AND in capitals.

    = and != compare the whole text, ~ looks for a part of it (all three in any case); <= >= < > compare numbers.
    What a cell shows is what is compared, so `dose=not reported` finds the cells that say so. Lengths of time
    (`followup>=12 weeks`) and doses (`dose_mg_per_kg>=500 µg/kg`) may be in any unit. `condition~CRPS` takes every
    name of that condition (`ketalit.vocabulary.CONDITION_NAMES`); in quotation marks only what is written.

    Raises:
        InputError: not a condition, an unknown field, a word the field can never hold, not a number, or a wrong unit.

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
    if condition.operator in _ORDERED:
        values, number = numbers(condition.column, typed), float(condition.number or 0)
        alike = np.isclose(values, number, rtol=_ALIKE) if condition.column.span else values == number
        beyond = values < number if condition.operator.startswith("<") else values > number
        found = beyond | alike if condition.operator.endswith("=") else beyond & ~alike
        return pd.Series(found, index=typed.index, dtype=bool)
    text, wanted = shown[name].astype("string").fillna("").str.casefold(), condition.value.casefold()
    if condition.operator == "~":
        part = text.str.contains(wanted, regex=False).astype(bool)
        for other in (condition.value, *condition.meant) if condition.meant else ():
            part |= text.str.contains(name_pattern(other)).astype(bool)
        return part
    if condition.column.number and condition.number is not None:
        same = pd.Series(numbers(condition.column, typed) == condition.number, index=typed.index)
    else:
        same = text.eq(_BOOLEAN.get(wanted, wanted)).astype(bool)
    return ~same if condition.operator == "!=" else same


def numbers(column: Column, typed: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The numbers of a column, of a length of time its hours; nan where there is none."""
    values = typed[column.name]
    if column.span:
        return np.array([np.nan if pd.isna(text) else told_hours(text) or np.nan for text in values], dtype=float)
    return values.to_numpy(dtype=float, na_value=np.nan)


def told_hours(text: str) -> float:
    """The longest time that a text tells, in hours (months of 730 h); 0 where it tells none.

    >>> told_hours("3 and 6 months") / 730, told_hours("a week") == told_hours("seven days"), told_hours("session")
    (6.0, True, 0.0)
    """
    return hours(_A.sub("1", normalise(text).text))


def explained(condition: Condition, typed: pd.DataFrame, shown: pd.DataFrame, among: pd.Series[bool]) -> str:
    """What is to be known of the answer to a condition that one does not see in it; empty: nothing.

    Which other names a name stood for, which rows could not be compared, and what would have found a row where there
    is none.

    Args:
        condition: what was asked.
        typed, shown: as for `holds`.
        among: the rows that meet all other conditions.
    """
    column, asked = condition.column, f"“{condition}”"
    if condition.operator in _ORDERED:
        typed, shown = typed[among], shown[among]
        without = np.isnan(numbers(column, typed))
        if not without.any():
            return ""
        missing = typed[column.name].isna().to_numpy()
        kinds = {str(kind): int((shown[column.name] == str(kind)).sum()) for kind in Missing}
        told = [f"{count} {kind}" for kind, count in kinds.items() if count]
        words = list(dict.fromkeys(shown[column.name][without & ~missing]))
        if words:
            named = ", ".join(f"“{cut(str(word), 40)}”" for word in words[:3])
            told.append(f"{int((without & ~missing).sum())} in words only ({named}{', …' if len(words) > 3 else ''})")
        what = "length of time" if column.span else "number"
        left_out = f"{asked} leaves out {count_of(int(without.sum()), 'study', 'studies')} without a {what}"
        return f"{left_out}: {', '.join(told)}" if told else left_out
    if condition.meant:
        names, literal = ", ".join(condition.meant), f'{column.name}~"{condition.value}"'
        return f"{asked} finds these names too: {names} (in quotation marks, {literal}, none of them)"
    if condition.operator == "=" and column.words and not holds(condition, typed, shown).any():
        part = dataclasses.replace(condition, operator="~", meant=_meant(column, "~", condition.value))
        count = int(holds(part, typed, shown).sum())
        return f"no {column.name} is “{condition.value}” and nothing else; “{part}” finds it within " + (
            f"{count_of(count, 'study', 'studies')}" if count else "a longer text, but here there is none"
        )
    return ""


def order(frame: pd.DataFrame, sort: str | None, columns: Mapping[str, Column]) -> list[int]:
    """Positions of the rows in the wanted order.

    Keys are separated by commas; a minus sign before one means descending. Words of a closed list go in the
    order of that list, numbers and lengths of time by size, other text by letter; what has no value goes last either
    way.

    Raises:
        InputError: an unknown field.

    >>> frame = pd.DataFrame({"year": pd.array([2009, None, 2014], dtype="Int64")})
    >>> order(frame, "-year", {"year": Column("year", number=True)})
    [2, 0, 1]
    """
    positions = list(range(len(frame)))
    for key in reversed([key.strip() for key in (sort or "").split(",") if key.strip()]):
        column = _column(key.removeprefix("-"), columns, f"--sort {sort}")
        values = (numbers(column, frame) if column.span else frame[column.name]).tolist()
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
    if quoted := _QUOTED.fullmatch(value):
        return _checked(Condition(column, operator, quoted[1]), where)
    return _checked(Condition(column, operator, value, meant=_meant(column, operator, value)), where)


def _meant(column: Column, operator: str, value: str) -> tuple[str, ...]:
    return names_meant(value) if column.name == "condition" and operator == "~" else ()


def _checked(condition: Condition, where: str) -> Condition:
    """A condition that can be asked, with its number."""
    column, operator, value = condition.column, condition.operator, condition.value
    if operator in _ORDERED:
        if not column.number and not column.span:
            raise InputError(
                f"“{column.name}” holds no numbers", where=where, expected=f"one of = != ~ with “{column.name}”"
            )
        return dataclasses.replace(condition, number=_number(condition, where))
    if operator == "~":
        return condition
    if column.choices:
        allowed = (*column.choices, *Missing, *_BOOLEAN)
        if value.casefold() not in {choice.casefold() for choice in allowed}:
            raise InputError(
                f"“{column.name}” never holds “{value}”",
                where=where,
                expected=f"one of: {', '.join(column.choices)}",
                next_step=_did_you_mean(value, allowed),
            )
    elif column.number and value.casefold() not in set(Missing):
        return dataclasses.replace(condition, number=_number(condition, where, f"a number or: {', '.join(Missing)}"))
    return condition


def _number(condition: Condition, where: str, expected: str = "") -> float:
    """The value of a condition as a number in the unit of its column."""
    column, operator, value = condition.column, condition.operator, condition.value
    unit = "h" if column.span else column.unit
    if _is_number(value) and not column.span:
        return float(value)
    if not unit or (column.unit and not re.match(r"[\d.]", value)):
        raise InputError(f"“{value}” is not a number", where=where, expected=expected or f"a number after {operator}")
    example = f"“{column.name}{operator}12 weeks” (min, h, days, weeks, months, years)" if column.span else ""
    if column.span and _is_number(value):
        raise InputError(f"“{value}” has no unit", where=where, expected=f"a length of time, such as {example}")
    try:
        return magnitude(value, unit)
    except InputError as problem:
        expected = (
            f"a length of time, such as {example}" if column.span else f"a number, or one with a unit like {unit}"
        )
        raise InputError(problem.what, where=where, expected=expected, next_step=problem.next_step) from problem


def _column(name: str, columns: Mapping[str, Column], where: str) -> Column:
    if name not in columns:
        raise unknown_field(name, {column.name: column.title for column in columns.values()}, where)
    return columns[name]


def unknown_field(name: str, titles: Mapping[str, str], where: str) -> InputError:
    """The error of a name that no field has; says which was meant, by its name or by its heading.

    >>> print(unknown_field("n", {"arms": "Arms", "n_total": "n"}, "--sort n").args[0])
    --sort n: unknown field “n”. Expected: one of: arms, n_total. Did you mean “n_total”?
    """
    headed = next((one for one, title in titles.items() if title.casefold() == name.casefold()), "")
    near = f"Did you mean “{headed}”?" if headed else _did_you_mean(name, titles)
    return InputError(f"unknown field “{name}”", where=where, expected=f"one of: {', '.join(titles)}", next_step=near)


def _did_you_mean(word: str, known: Sequence[str] | Mapping[str, object]) -> str:
    near = get_close_matches(word.casefold(), [*known], n=1)
    return f"Did you mean “{near[0]}”?" if near else ""


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)  # "nan" is not a number to compare with
    except ValueError:
        return False
