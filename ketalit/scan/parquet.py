"""Parquet files written whole or not at all, with their columns described inside."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import InputError
from ..telling import adds
from .columns import TABLES

PART = ".part"  # the ending of a file that is being written


def arrow() -> Any:
    """The library that writes Parquet.

    Raises:
        InputError: it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        what = "a scan writes Parquet, which needs pyarrow"
        raise InputError(what, next_step=adds("scan")) from None
    return pyarrow


def schema(table: str) -> Any:
    """The Arrow schema of "records", "findings" or "seen"; each column carries its description and unit."""
    pa = arrow()
    fields = []
    for one in TABLES[table]:
        plain = one.type.removeprefix("list<").removesuffix(">")
        kind = getattr(pa, {"bool": "bool_"}.get(plain, plain))()
        about = {"description": one.help} | ({"unit": one.unit} if one.unit else {})
        fields.append(pa.field(one.name, pa.list_(kind) if one.type.startswith("list<") else kind, metadata=about))
    return pa.schema(fields)


class Writer:
    """Writes a table to a temporary name in the same folder; `commit` gives it its own. Leaving early removes it.

    Args:
        path: the file to be.
        table: which columns, see `schema`.
    """

    def __init__(self, path: Path, table: str):
        pa = arrow()
        self.path, self.table, self.rows = path, table, 0
        self._schema = schema(table)
        self._part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
        self._file = _opened(self._part)
        self._writer = pa.parquet.ParquetWriter(self._file, self._schema, compression="zstd")

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._writer.close()
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)

    def write_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows as one row group."""
        if rows:
            self.write(arrow().Table.from_pylist(list(rows), schema=self._schema))

    def write_columns(self, columns: Mapping[str, Any]) -> None:
        """Write columns as one row group."""
        self.write(arrow().Table.from_pydict(dict(columns), schema=self._schema))

    def write(self, table: Any) -> None:
        """Write an Arrow table as one row group; nothing where it has no rows."""
        if table.num_rows:
            self._guarded(lambda: self._writer.write_table(table, row_group_size=table.num_rows))
            self.rows += table.num_rows

    def close(self) -> None:
        """Finish the temporary file and bring it to the disk."""

        def finish() -> None:
            self._writer.close()
            self._file.flush()
            os.fsync(self._file.fileno())

        self._guarded(finish)

    def commit(self) -> None:
        """Give the finished file its name."""
        self._guarded(lambda: self._part.replace(self.path))

    def _guarded(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as error:  # a full disk, most of all
            raise CannotWrite(f"cannot be written ({error.strerror or error})", where=str(self.path)) from error


class CannotWrite(InputError):
    """The output cannot be written: a fault of the folder, not of the file that was read."""


def _opened(path: Path) -> Any:
    try:
        return path.open("xb")
    except OSError as error:
        raise CannotWrite(f"cannot be written ({error.strerror or error})", where=str(path.parent)) from error


def row_groups(path: Path, columns: Sequence[str] | None = None) -> Iterable[Any]:
    """The row groups of a file, one at a time, as Arrow tables."""
    pa = arrow()
    with pa.parquet.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, columns=columns)
