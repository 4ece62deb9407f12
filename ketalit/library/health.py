"""Find what is not as it was stored, and put damaged bytes aside so that they can be fetched again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from .model import Damage, RunKind, State
from .store import Library, now, unpacked


def check_library(path: Path) -> list[Damage]:
    """Look at every page, every hash and every reference of a library; changes nothing.

    Returns:
        What is not as it was stored, and (`pending`) what is to be taken up again. Empty: all is well.

    Raises:
        InputError: the file cannot be opened as a library at all.

    >>> check_library(Path("nowhere", "library.sqlite"))
    []
    """
    with Library.open(path) as library, library.reading() as database:
        # Nothing more is asked of a file whose pages or values are damaged, and nothing should be written into it.
        if damages := list(_pages(database)) or list(_types(database)):
            return damages
        return [
            *_bytes(database),
            *_references(database),
            *(Damage(name, "is in quarantine and has not come again", pending=True) for name in library.quarantined()),
            *_cut_short(database),
        ]


def quarantine(path: Path, damages: Sequence[Damage]) -> list[str]:
    """Move damaged bytes out of the way, in one transaction; they are kept in the table `quarantine`.

    What has been made whole meanwhile is left alone.

    Returns:
        Ids to fetch or import again: those whose present bytes are gone. Older bytes that are lost cannot come again.

    Raises:
        InputError: the library cannot be written; nothing was changed.

    >>> quarantine(Path("nowhere", "library.sqlite"), [])
    []
    """
    hashes = dict.fromkeys(damage.sha256 for damage in damages if damage.sha256 and not damage.pending)
    if not hashes:
        return []
    reasons = {damage.sha256: damage.what for damage in damages}
    with Library.open(path, write=True) as library:
        with library.writing() as database:
            for sha256 in hashes:
                row = database.execute("SELECT bytes FROM content WHERE sha256 = ?", (sha256,)).fetchone()
                if row is None or unpacked(row[0], sha256) is None:
                    values = (sha256, row[0] if row else None, reasons[sha256], now())
                    database.execute("INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?)", values)
                    database.execute("DELETE FROM content WHERE sha256 = ?", (sha256,))
        mine = {damage.id for damage in damages}
        return [name for name in library.quarantined() if name in mine]


def _cut_short(database: sqlite3.Connection) -> Iterator[Damage]:
    for (run,) in database.execute("SELECT id FROM run WHERE finished = '' ORDER BY id").fetchall():
        waiting = "SELECT count(*) FROM ledger WHERE run = ? AND state IS NULL"
        (count,) = database.execute(waiting, (run,)).fetchone()
        more = f": {count} ids wait for their answer" if count else ""
        yield Damage("", f"run {run} is not finished{more}", pending=True)


def _pages(database: sqlite3.Connection) -> Iterator[Damage]:
    advice = "restore a backup, or move the file away and fetch again"
    try:
        for (said,) in database.execute("PRAGMA integrity_check"):
            if said != "ok":
                yield Damage("", f"the file itself is damaged ({said}): {advice}")
    except sqlite3.DatabaseError as error:
        yield Damage("", f"the file itself is damaged ({error}): {advice}")


def _bytes(database: sqlite3.Connection) -> Iterator[Damage]:
    names: dict[str, list[str]] = {}
    for sha256, name in database.execute("SELECT DISTINCT sha256, id FROM sighting ORDER BY run, place"):
        names.setdefault(sha256, []).append(name)
    for (sha256,) in database.execute("SELECT sha256 FROM content").fetchall():
        (packed,) = database.execute("SELECT bytes FROM content WHERE sha256 = ?", (sha256,)).fetchone()
        if unpacked(packed, sha256) is None:
            for name in names.get(sha256, [""]):
                yield Damage(name, "the bytes are not those that were stored", sha256)
    present = "SELECT sha256 FROM content UNION ALL SELECT sha256 FROM quarantine"
    for sha256, name in database.execute(f"SELECT DISTINCT sha256, id FROM sighting WHERE sha256 NOT IN ({present})"):
        yield Damage(name, "the bytes are missing", sha256)


def _references(database: sqlite3.Connection) -> Iterator[Damage]:
    for table, *_ in database.execute("PRAGMA foreign_key_check"):
        yield Damage("", f"a row of table {table} belongs to no run")
    for sha256, *_ in database.execute("SELECT sha256 FROM content WHERE sha256 NOT IN (SELECT sha256 FROM sighting)"):
        yield Damage("", "bytes that belong to no record", sha256)
    for table, column, kind in (("run", "kind", RunKind), ("ledger", "state", State)):
        marks = ", ".join("?" * len(kind))
        rows = database.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN ({marks})", list(kind))
        for (found,) in rows:
            yield Damage("", f"{column} “{found}” in table {table} is none that ketalit writes")
    for (name,) in database.execute("SELECT name FROM search WHERE NOT json_valid(ids)"):
        yield Damage("", f"the ids that search “{name}” found cannot be read")


def _types(database: sqlite3.Connection) -> Iterator[Damage]:
    """SQLite lets any type of value stand in any column. Whether bytes are the right ones, their hash says."""
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    for (table,) in tables.fetchall():
        for _, column, declared, filled, _, key in database.execute(f"PRAGMA table_info({table})").fetchall():
            wrong = f"SELECT 1 FROM {table} WHERE typeof({column}) NOT IN (lower(?), ?) LIMIT 1"
            allowed = (declared, "" if filled or key else "null")
            if declared != "BLOB" and database.execute(wrong, allowed).fetchone():
                yield Damage("", f"a value of column {column} in table {table} is no {declared}")
