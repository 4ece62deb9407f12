"""The evidence table as Parquet: typed columns, and with each what it means, its unit and why a value is missing.

Like the CSV, it is two files: one with the values, one row a study; and one with every candidate value and its source.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ..table import IDENTITY, NO_ADVICE, EvidenceTable
from ..table.cells import CELL_TYPES
from .csv import plain_value
from .wording import MISSING_HELP

MISSING = "_missing"
"""Ending of the column that says why the column before it holds no value; null where it holds one."""

_TYPES = {"Int64": "int64", "Float64": "double", "boolean": "bool", "string": "string", "object": "string"}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name, pandas' name of its type, its values, and what is to be known of it."""

    name: str
    kind: str
    values: Sequence[object]
    about: Mapping[str, str] = field(default_factory=dict)


def values_parquet(table: EvidenceTable) -> bytes:
    """One row per study: identity, then each field in its own type, followed by why it is missing.

    The metadata of a field's column are its title, help and unit; those of the file its title and caveats.

    Raises:
        ModuleNotFoundError: pyarrow is not installed.
    """
    shown = table.winners()
    rows = list(table.rows())
    columns = [_Column("study", "string", [row.Index for row in rows])]
    columns += [_Column(name, kind, [getattr(row, name) for row in rows]) for name, kind in IDENTITY.items()]
    for one in table.fields:
        about = {"title": one.title, "help": one.help, "unit": one.unit}
        kind = {bool: "boolean", int: "Int64", float: "Float64"}.get(one.kind, "string")
        columns.append(_Column(one.name, kind, [getattr(row, one.name) for row in rows], about))
        why = [shown[row.Index, one.name].missing or None for row in rows]
        columns.append(_Column(f"{one.name}{MISSING}", "string", why, {"help": f"why {one.name} has no value"}))
    return _file(table, columns)


def sources_parquet(table: EvidenceTable) -> bytes:
    """One row per candidate value, with all the columns of `ketalit.table.cells.CELL_TYPES`; `value` as text.

    Raises:
        ModuleNotFoundError: pyarrow is not installed.
    """
    columns = []
    for name, kind in CELL_TYPES.items():
        values = list(table.cells[name])
        if kind == "object":
            values = [plain_value(value) if value is not None else None for value in values]
        columns.append(_Column(name, kind, values))
    return _file(table, columns)


def _file(table: EvidenceTable, columns: Iterable[_Column]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields, arrays = [], []
    for column in columns:
        kind = pa.type_for_alias(_TYPES[column.kind])
        fields.append(pa.field(column.name, kind, metadata=_filled(column.about)))
        arrays.append(pa.array([None if pd.isna(value) else value for value in column.values], type=kind))  # type: ignore[call-overload]
    about = {"title": table.title, "question": table.question, "how_found": table.how_found, "note": NO_ADVICE}
    about |= {str(kind): meaning for kind, meaning in MISSING_HELP}
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=_filled(about))), buffer)
    return buffer.getvalue()


def _filled(about: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in about.items() if text}
