"""CSV files as typed rows, with line and column in every complaint."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
import re
import tomllib
import typing
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from .errors import InputError, sentences
from .escaping import one_line
from .telling import cut

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in a file: where, what stands there, what was expected.

    >>> print(Problem(file="a.csv", line=3, column="n", what="the cell is wrong", found="x", expected="a number"))
    a.csv, line 3, n: the cell is wrong (found “x”). Expected: a number.
    """

    file: str
    what: str
    line: int = 0
    column: str = ""
    found: str = ""
    expected: str = ""
    fatal: bool = True

    def __str__(self) -> str:
        column = f", {cut(self.column, 200)}" if self.column else ""
        place = self.file + (f", line {self.line}" if self.line else "") + column
        found = f" (found “{cut(self.found, 200)}”)" if self.found else ""
        said = sentences(f"{place}: {self.what}{found}", f"Expected: {self.expected}" if self.expected else "")
        return one_line(said)


def read_rows(path: Path, kind: type[Row], problems: list[Problem]) -> Iterator[tuple[int, Row]]:
    """Rows of a CSV file as a dataclass, each with the line it begins on; nothing when there is no such file.

    Columns are the fields of `kind`; those with a default may be missing. Cells are trimmed, an empty cell is the
    default. A field that is a tuple takes a cell with semicolons. Empty rows are passed over.

    Args:
        path: the file.
        kind: dataclass of a row.
        problems: gets what is wrong; a wrong row is left out, a wrong header leaves out all.

    Raises:
        InputError: the file is not UTF-8 text.
    """
    if not path.exists():
        return
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    line = 1
    header: list[str] | None = None
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if header is None:
                    header = [cell.strip() for cell in cells]
                    wrong = list(_header_problems(header, kind, path.name, line))
                    problems += wrong
                    if wrong:
                        return
                else:
                    row = _read_row(cells, header, kind, path.name, line)
                    if isinstance(row, Problem):
                        problems.append(row)
                    else:
                        yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file=path.name, line=line, what=f"is not valid CSV from here on: {error}"))


def read_text(path: Path) -> str:
    """Text of a UTF-8 file, with or without a byte order mark.

    Raises:
        InputError: it is in another encoding.
        FileNotFoundError: there is no such file.
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        expected = "a file saved as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
        raise InputError("is not UTF-8 text", where=f"{path}, line {line}", expected=expected) from error


# A key of many parts: the parser takes time with the square of them. No part begins in the middle of a word.
_PART = r"""(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_ENDLESS_KEY = re.compile(rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{100}}")


def read_toml(text: str) -> dict[str, typing.Any]:
    """What a TOML text says.

    Raises:
        ValueError: it is not valid TOML, a number in it is too long, or a key has more than 100 parts.
        RecursionError: its brackets are too deep.

    >>> read_toml('a.b = "c"')
    {'a': {'b': 'c'}}
    """
    if _ENDLESS_KEY.search(text):
        raise ValueError("a key has more than 100 parts")
    return tomllib.loads(text)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A hint at the nearest word, to be put after a complaint; empty where none is near.

    >>> did_you_mean("feild", ["field", "value"])
    ', did you mean “field”?'
    """
    near = get_close_matches(word, list(words), n=1)
    return f", did you mean “{near[0]}”?" if near else ""


def _header_problems(header: list[str], kind: type, file: str, line: int) -> Iterator[Problem]:
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        what = "the cells are not separated by commas"
        yield Problem(file=file, line=line, what=what, found=header[0][:60], expected="commas between cells")
        return
    for column in header:
        if column not in fields:
            what = f"unknown column{did_you_mean(column, fields)}"
            yield Problem(file=file, line=line, column=column, what=what, expected=", ".join(fields))
    for column in {column for column in header if header.count(column) > 1}:
        yield Problem(file=file, line=line, column=column, what="the column is there twice")
    for field in fields.values():
        if field.default is dataclasses.MISSING and field.name not in header:
            yield Problem(file=file, line=line, column=field.name, what="the column is missing")


def _read_row(cells: list[str], header: list[str], kind: type[Row], file: str, line: int) -> Row | Problem:
    if len(cells) != len(header):
        what = f"{'more' if len(cells) > len(header) else 'fewer'} cells than the header"
        return Problem(file=file, line=line, what=what, expected=f"{len(header)}; text with commas in double quotes")
    types = _types(typing.cast(Hashable, kind))
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=True) if cell.strip()}
    try:
        return msgspec.convert({name: _parts(cell, types[name]) for name, cell in row.items()}, kind, strict=False)
    except msgspec.ValidationError as error:
        said = str(error)
        column = next(iter(re.findall(r"\$\.(\w+)", said) or re.findall(r"`(\w+)`$", said)), "")
        found = row.get(column, "")
        what = "the cell is wrong" if found else "the cell is empty"
        return Problem(
            file=file, line=line, column=column, what=what, found=found, expected=_choices(types, column) or said
        )


@functools.cache  # looking them up takes longer than reading the row
def _types(kind: Hashable) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _parts(cell: str, type_of_cell: object) -> str | list[str]:
    if typing.get_origin(type_of_cell) is tuple:
        return [part.strip() for part in cell.split(";") if part.strip()]
    return cell


def _choices(types: Mapping[str, object], column: str) -> str:
    """The closed list a column is held to, as words; empty where there is none."""
    declared = types.get(column)
    for one in (declared, *typing.get_args(declared)):
        if isinstance(one, type) and issubclass(one, StrEnum):
            return f"one of: {', '.join(one)}"
    return ""
