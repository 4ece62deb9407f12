"""The tables of a library file."""

from __future__ import annotations

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


def create_tables(database: sqlite3.Connection) -> None:
    """Make the tables, inside whatever transaction is open (`executescript` would commit it)."""
    for statement in filter(str.strip, _TABLES.split(";\n")):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {SCHEMA}")
