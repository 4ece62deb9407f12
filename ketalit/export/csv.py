"""The evidence table as CSV: one file with the values, and beside it one with the source of every value.

Both are UTF-8. In the first, a cell without a value says why ("not reported", "not checked", "not applicable"), so
that the three stay apart; pandas reads it back with `read_csv(path, na_values=list(Missing))`.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from ..escaping import spreadsheet
from ..table import IDENTITY, EvidenceTable


def values_csv(table: EvidenceTable) -> bytes:
    """One row per study: identity, then the fields under their names."""
    shown = table.winners()
    rows = [
        {
            "study": study.Index,
            **{name: plain_value(getattr(study, name)) for name in IDENTITY},
            **{field.name: _plain(shown[study.Index, field.name]) for field in table.fields},
        }
        for study in table.rows()
    ]
    return _encode(pd.DataFrame(rows, columns=["study", *IDENTITY, *(field.name for field in table.fields)]))


def sources_csv(table: EvidenceTable) -> bytes:
    """One row per candidate value, with all the columns of `ketalit.table.cells.CELL_TYPES`."""
    frame = table.cells.assign(value=[plain_value(value) for value in table.cells.value])
    return _encode(frame)


def _plain(cell: object) -> str:
    return getattr(cell, "missing", "") or plain_value(getattr(cell, "value", None))


def plain_value(value: object) -> str:
    """A value as extraction.csv writes it, e.g. true, 0.5, parallel RCT; empty where there is none."""
    if pd.api.types.is_bool(value):
        return "true" if value else "false"
    return "" if value is None or value is pd.NA else f"{value:g}" if isinstance(value, float) else str(value)


def _cell(value: object) -> object:
    return _safe(value) if isinstance(value, str) else plain_value(value) if pd.api.types.is_bool(value) else value


def _encode(frame: pd.DataFrame) -> bytes:
    safe = frame.astype("object").map(_cell)
    return safe.to_csv(index=False, lineterminator="\n").encode()


_safe = lru_cache(maxsize=10_000)(spreadsheet)  # the same texts come again and again
