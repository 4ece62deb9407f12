"""Open a library file: for writing, or for reading without leaving a trace; say for people what SQLite says."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from ..errors import InputError
from ..telling import cut
from .schema import SCHEMA, TABLES, create_tables, strangers
from .upgrade import upgrade

PATIENCE = 30.0  # seconds to wait for another process to finish its transaction
LARGEST = 1 << 28  # bytes of one value in the file; a compressed record takes a few kB, full text some 100 kB
MOST_ROWS = 10_000_000  # of one table; 50,000 records, seen anew every month for ten years, are 6 million

_SAID = {  # primary result codes of SQLite: what it means to a person, what to do next
    sqlite3.SQLITE_BUSY: (
        "is being written by another process, for {patience:.0f} s already",
        "Wait for it to end, then try again",
    ),
    sqlite3.SQLITE_FULL: ("could not be written: the disk is full", "Make room, then try again"),
    sqlite3.SQLITE_IOERR: (
        "could not be read or written: the disk is full or faulty, or a network folder without file locks",
        "Make room, or move the review to a local disk, then try again",
    ),
    sqlite3.SQLITE_READONLY: (
        "cannot be written: the file or its folder is read-only",
        "Copy the review, or ask for the right",
    ),
    sqlite3.SQLITE_PERM: ("cannot be opened: permission denied", "Ask for the right to this file"),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened: the folder is missing or read-only, or the file is not yours to open",
        "Copy the review to a folder of your own",
    ),
    sqlite3.SQLITE_NOTADB: ("cannot be used as a library: it is no SQLite file", "Restore a backup, or move it away"),
    sqlite3.SQLITE_CORRUPT: (
        "cannot be used as a library: the file is damaged",
        "`ketalit library check` says where; restore a backup, or move it away and fetch again",
    ),
}


@contextmanager
def saying(path: Path) -> Iterator[None]:
    """Turn what SQLite raises inside, or a value no ketalit writes, into an InputError that says what to do.

    >>> with saying(Path("library.sqlite")):
    ...     sqlite3.connect(":memory:").execute("SELECT 1 FROM absent")
    Traceback (most recent call last):
    ketalit.errors.InputError: library.sqlite: cannot be used as a library (no such table: absent).
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        what, next_step = _SAID.get(code, (f"cannot be used as a library ({error})", ""))
        raise InputError(what.format(patience=PATIENCE), where=str(path), next_step=next_step) from error
    except (ValueError, OverflowError, msgspec.MsgspecError) as error:
        # Such as a letter that is none, a state nobody knows, bytes where a text belongs.
        raise InputError(f"cannot hold, or should not hold, this ({error})", where=str(path)) from error


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of what is written inside, or nothing; waits its turn among processes."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection to a library that is made or upgraded where necessary.

    Raises:
        InputError: of a newer ketalit, another program's, damaged, absurdly large, locked, or not writable; nothing was
            changed.
    """
    with saying(path):
        database = _connect(path, "rwc")
        try:
            _schema(database, path)  # refuses what is not ours, before anything is changed
            _write_ahead(database)
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            if _schema(database, path) != SCHEMA:
                with transaction(database):
                    _bring_up(database, _schema(database, path))  # another process may have been faster
        except BaseException:
            database.close()
            raise
    return database


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing and leaves no file behind; an empty library where there is none.

    Raises:
        InputError: of a newer ketalit, another program's, damaged, or absurdly large.
    """
    with saying(path):
        database = _reader(path) if path.exists() else _memory()
        try:
            schema = _schema(database, path)
            if schema != SCHEMA:
                copy = _memory()
                database.backup(copy)
                database.close()
                database = copy
                _bring_up(database, schema)
            database.execute("PRAGMA query_only = ON")
        except BaseException:
            database.close()
            raise
    return database


def _memory() -> sqlite3.Connection:
    return _guarded(sqlite3.connect(":memory:", isolation_level=None))


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return _guarded(sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None))


def _guarded(database: sqlite3.Connection) -> sqlite3.Connection:
    """A library may come from a stranger: no value that fills the memory, no cell beyond its page."""
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    return database


def _reader(path: Path) -> sqlite3.Connection:
    """A connection that leaves nothing behind.

    A reader of a WAL file makes a -wal and a -shm beside it. Where it may write, it also clears them away when it
    closes; a read-only connection would leave them. Where it cannot make them (no right, no room) and there are none,
    nobody is writing, and SQLite may be told that the file does not change.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        with suppress(sqlite3.OperationalError):
            return _tried(path, "rw")
    journals = [path.with_name(f"{path.name}-{ending}") for ending in ("wal", "journal")]
    unsettled = any(journal.exists() and journal.stat().st_size for journal in journals)
    try:
        return _tried(path, "ro" if unsettled else "ro&immutable=1")
    except sqlite3.OperationalError as error:
        if unsettled and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN:
            raise InputError(
                "was not closed by the process that wrote it, and cannot be settled in a read-only folder",
                where=str(path),
                next_step="Copy the whole folder to a place of your own and open it there",
            ) from error
        raise


def _tried(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that has read something: SQLite opens lazily."""
    database = _connect(path, mode)
    try:
        database.execute("PRAGMA query_only = ON")
        database.execute("PRAGMA user_version").fetchone()
    except BaseException:
        database.close()
        raise
    return database


def _schema(database: sqlite3.Connection, path: Path) -> int | None:
    """Schema of a library, None of a file that holds nothing yet.

    Raises:
        InputError: of a newer ketalit, another program's, or absurdly large.
    """
    # In one statement: another process may be making the tables at this moment.
    both = "SELECT (SELECT user_version FROM pragma_user_version), group_concat(name) FROM sqlite_master"
    schema, names = database.execute(both).fetchone()
    tables = (names or "").split(",")
    if schema > SCHEMA:
        raise InputError(
            f"was written by a newer ketalit (schema {schema}, this one knows {SCHEMA})",
            where=str(path),
            next_step="Update ketalit; nothing was changed",
        )
    if not schema and not names:
        return None
    if ("sighting" if schema == SCHEMA else "answer") not in tables:
        raise InputError("cannot be used as a library: the tables of another program are in it", where=str(path))
    if found := strangers(database):
        what = f"cannot be used as a library: it holds what no ketalit makes ({cut(', '.join(found), 200)})"
        next_step = "If it was given to you, ask for one made by `ketalit library pack`; else drop what was added"
        raise InputError(what, where=str(path), next_step=next_step)
    for table in set(TABLES).intersection(tables):
        # An upper bound that costs nothing: to count the rows would read all of them.
        (rows,) = database.execute(f"SELECT max(rowid) - min(rowid) + 1 FROM {table}").fetchone()
        if (rows or 0) > MOST_ROWS:
            what = f"cannot be used as a library: {rows:,} rows in table {table} are more than any review has"
            raise InputError(what, where=str(path))
    return int(schema)


def _bring_up(database: sqlite3.Connection, schema: int | None) -> None:
    if schema is None:
        create_tables(database)
    elif schema < SCHEMA:
        upgrade(database)


def _write_ahead(database: sqlite3.Connection) -> None:
    """Change the file to WAL. SQLite does not wait its turn for this, so we do; a file system that cannot do it keeps
    the journal it has, which is as safe and only slower.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
