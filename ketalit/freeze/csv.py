"""CSV files of a snapshot: UTF-8, one header, and nothing a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from ..escaping import spreadsheet


def csv_of(rows: Iterable[Mapping[str, str]], names: Sequence[str]) -> bytes:
    r"""Rows as CSV.

    >>> csv_of([{"a": "=1+1", "b": "x"}], ["a", "b"])
    b"a,b\n'=1+1,x\n"
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([spreadsheet(row[name]) for name in names] for row in rows)
    return buffer.getvalue().encode()
