"""The tables of a library file."""

from __future__ import annotations

import re
import sqlite3

FILE = "library.sqlite"
SCHEMA = 2

_TABLES = """
CREATE TABLE run (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  started  TEXT NOT NULL,  -- UTC, ISO
  finished TEXT NOT NULL,  -- empty while it is not
  tool     TEXT NOT NULL,  -- version of ketalit
  report   TEXT NOT NULL,
  note     TEXT NOT NULL
);
CREATE TABLE content (
  sha256 TEXT PRIMARY KEY,  -- of the bytes as they came
  bytes  BLOB NOT NULL      -- zlib
);
CREATE TABLE sighting (     -- these bytes came for this id in this run
  place   INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES run (id),
  id      TEXT NOT NULL,
  source  TEXT NOT NULL,
  version INTEGER NOT NULL,
  sha256  TEXT NOT NULL,
  file    TEXT NOT NULL,
  at      TEXT NOT NULL
);
CREATE INDEX sighting_of ON sighting (id, source, version, run);
CREATE TABLE ledger (       -- this id was asked for in this run
  place  INTEGER PRIMARY KEY,
  run    INTEGER NOT NULL REFERENCES run (id),
  id     TEXT NOT NULL,
  state  TEXT,              -- NULL while it waits
  reason TEXT NOT NULL,
  UNIQUE (run, id)
);
CREATE TABLE search (
  place       INTEGER PRIMARY KEY,
  run         INTEGER NOT NULL REFERENCES run (id),
  name        TEXT NOT NULL,
  query       TEXT NOT NULL,
  database    TEXT NOT NULL,
  count       INTEGER NOT NULL,
  ids         TEXT NOT NULL,  -- JSON, as are notes and slices
  translation TEXT NOT NULL,
  notes       TEXT NOT NULL,
  build       TEXT NOT NULL,
  updated     TEXT NOT NULL,
  slices      TEXT NOT NULL,
  at          TEXT NOT NULL
);
CREATE TABLE quarantine (   -- damaged bytes, taken out of content
  sha256 TEXT PRIMARY KEY,
  bytes  BLOB,
  what   TEXT NOT NULL,
  at     TEXT NOT NULL
);
"""


_FIRST = "CREATE TABLE answer (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, added TEXT NOT NULL, bytes BLOB NOT NULL)"


def _bare(sql: str) -> str:
    """A statement without its comments and blanks."""
    return re.sub(r"--[^\n]*|\s", "", sql)


TABLES = re.findall(r"CREATE TABLE (\w+)", f"{_TABLES} {_FIRST}")  # those of schema 1 too
_OURS = frozenset(map(_bare, (*_TABLES.split(";\n"), _FIRST)))


def strangers(database: sqlite3.Connection) -> list[str]:
    """What a library holds beside the tables of ketalit, or in their place: "view sighting".

    A view, a trigger, a computed column or a virtual table acts when the file is read or written: out of a few bytes
    it can make rows without end.

    >>> database = sqlite3.connect(":memory:")
    >>> create_tables(database)
    >>> _ = database.execute("CREATE VIEW all_ids AS SELECT id FROM sighting")
    >>> strangers(database)
    ['view all_ids']
    """
    statements = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return [
        f"{kind} {name}"
        for kind, name, sql in statements
        if _bare(sql) not in _OURS and not (kind == "table" and name.startswith("sqlite_stat"))  # left by ANALYZE
    ]


def create_tables(database: sqlite3.Connection) -> None:
    """Make the tables, inside whatever transaction is open (`executescript` would commit it)."""
    for statement in filter(str.strip, _TABLES.split(";\n")):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {SCHEMA}")
