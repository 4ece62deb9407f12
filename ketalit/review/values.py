"""screening.csv and extraction.csv: what people decided on records and read in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from ..fields import FIELDS, Field
from ..findings import Finding, Value
from ..rows import Problem, did_you_mean, read_rows
from ..vocabulary import Missing
from .model import Extraction, ExtractionRow, Screening
from .names import Names


def read_screening(path: Path, problems: list[Problem], names: Names) -> Iterator[Screening]:
    """Rows of screening.csv, each with the id of its record."""
    name = "screening.csv"
    for line, row in read_rows(path / name, Screening, problems):
        record = names.id_of(row.record, name, line, problems)
        if record:
            yield dataclasses.replace(row, record=record)


def read_extraction(path: Path, problems: list[Problem], names: Names) -> Iterator[Extraction]:
    """Rows of extraction.csv as findings, each with the id of its record."""
    name = "extraction.csv"
    for line, row in read_rows(path / name, ExtractionRow, problems):
        record = names.id_of(row.record, name, line, problems)
        if not record:
            continue
        field = FIELDS.get(row.field)
        if field is None:
            what = f"unknown field{did_you_mean(row.field, FIELDS)}"
            problems.append(Problem(file=name, line=line, column="field", what=what, found=row.field))
            continue
        missing = Missing(row.value) if row.value in tuple(Missing) else None
        try:
            value = None if missing else read_value(field, row.value)
        except ValueError as error:
            problem = Problem(
                file=name,
                line=line,
                column="value",
                what=f"{field.name} is wrong",
                found=row.value,
                expected=str(error),
            )
            problems.append(problem)
            continue
        finding = Finding(
            field=row.field,
            value=value,
            missing=missing,
            unit=row.unit or (field.unit if value is not None else ""),
            quote=row.quote,
            origin=row.origin,
            checked=row.checked,
            locator=row.locator,
            source=row.source,
            who=row.who,
            when=row.when,
            note=row.note,
        )
        yield Extraction(record, finding, line)


def read_value(field: Field, text: str) -> Value:
    """A cell of extraction.csv as a value of its field.

    Raises:
        ValueError: says what was expected.

    >>> read_value(FIELDS["randomised"], "true"), read_value(FIELDS["n_total"], "60")
    (True, 60)
    """
    if field.kind is bool:
        if text not in {"true", "false"}:
            raise ValueError("true or false")
        return text == "true"
    if issubclass(field.kind, StrEnum):
        if text not in field.choices:
            raise ValueError(f"one of: {', '.join(field.choices)}{did_you_mean(text, field.choices)}")
        return str(field.kind(text))
    if field.kind in {int, float}:
        try:
            return int(text) if field.kind is int else float(text)
        except ValueError:
            raise ValueError("a whole number" if field.kind is int else "a number, with a decimal point") from None
    if not text:
        raise ValueError(f"a value, or one of: {', '.join(Missing)}")
    return text
