"""Bring a library of an older ketalit to the present schema."""

from __future__ import annotations

import sqlite3

from .model import RunKind
from .schema import create_tables

WHOLE_FILE = "file"  # source of a stored file of records, as schema 1 kept them


def upgrade(database: sqlite3.Connection) -> None:
    """Schema 1 to 2, inside whatever transaction is open.

    Schema 1 kept whole files. The library cannot cut records out of them (it knows bytes), so each becomes one content
    of source "file" and id "file:NAME", seen in one run of kind import. A second, different file of the same name is
    "file:NAME (2)": schema 1 showed the records of both.

    Raises:
        sqlite3.Error: as SQLite says it; the transaction is the caller's to roll back.

    >>> database = sqlite3.connect(":memory:")
    >>> _ = database.execute("CREATE TABLE answer (sha256 TEXT PRIMARY KEY, name TEXT, added TEXT, bytes BLOB)")
    >>> _ = database.executemany("INSERT INTO answer VALUES (?, 'set.xml', '2026-11-22', x'')", [("a",), ("b",)])
    >>> upgrade(database)
    >>> database.execute("SELECT id, sha256 FROM sighting").fetchall()
    [('file:set.xml', 'a'), ('file:set.xml (2)', 'b')]
    """
    answers = database.execute("SELECT sha256, name, added FROM answer ORDER BY rowid").fetchall()
    create_tables(database)
    if answers:
        # Nothing of today goes in: the same library, upgraded on another day, must pack to the same archive.
        dates = [added for _, _, added in answers]
        note = "files kept by an earlier ketalit"
        run = (1, RunKind.IMPORT, min(dates), max(dates), "", "", note)
        database.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)", run)
        database.execute("INSERT INTO content SELECT sha256, bytes FROM answer ORDER BY rowid")
    taken: set[str] = set()
    for sha256, name, added in answers:
        row = (file_id(name, taken), WHOLE_FILE, 1, sha256, name, added)
        taken.add(row[0])
        database.execute("INSERT INTO sighting VALUES (NULL, 1, ?, ?, ?, ?, ?, ?)", row)
    database.execute("DROP TABLE answer")


def file_id(name: str, taken: set[str]) -> str:
    """The id of a stored file of that name that none has yet.

    >>> file_id("set.xml", {"file:set.xml"})
    'file:set.xml (2)'
    """
    candidate, number = f"file:{name}", 1
    while candidate in taken:
        number += 1
        candidate = f"file:{name} ({number})"
    return candidate
