"""The library of a review: what came from NCBI, byte for byte, in one SQLite file that nobody edits by hand."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .errors import InputError

FILE = "library.sqlite"
SCHEMA = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS answer (
  sha256 TEXT PRIMARY KEY,  -- of the bytes as they came
  name   TEXT NOT NULL,     -- file or request they came from
  added  TEXT NOT NULL,     -- ISO date
  bytes  BLOB NOT NULL      -- zlib
)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes that NCBI sent (or that a file from NCBI held), where they came from and when they were added."""

    content: bytes
    name: str
    added: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes, the name they are kept under."""
        return hashlib.sha256(self.content).hexdigest()


def add(library: Path, answers: Iterable[Answer]) -> int:
    """Store answers in one transaction; those already there are left alone.

    Returns:
        How many were new.

    Raises:
        InputError: the file is no library, of a newer ketalit, or cannot be written; nothing was changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     answer = Answer(b"<PubmedArticleSet/>", "set.xml", "2026-11-22")
    ...     [add(Path(folder, FILE), [answer]), add(Path(folder, FILE), [answer])]
    [1, 0]
    """
    with _open(library) as database, database:
        database.execute(_TABLES)
        database.execute(f"PRAGMA user_version = {SCHEMA}")
        before = database.total_changes
        database.executemany(
            "INSERT OR IGNORE INTO answer VALUES (?, ?, ?, ?)",
            [(item.sha256, item.name, item.added, zlib.compress(item.content)) for item in answers],
        )
        return database.total_changes - before


def answers(library: Path) -> Iterator[Answer]:
    """What the library holds, oldest first; nothing when there is no library yet.

    Raises:
        InputError: the file is no library or of a newer ketalit, or an answer is no longer what was stored.
    """
    if not library.exists():
        return
    with _open(library) as database:
        for sha256, name, added, packed in database.execute("SELECT * FROM answer ORDER BY rowid"):
            try:
                answer = Answer(zlib.decompress(packed), name, added)
            except zlib.error:
                answer = Answer(b"", name, added)
            if answer.sha256 != sha256:
                raise InputError(
                    f"the bytes of {name}, added {added}, are no longer those that were stored",
                    where=str(library),
                    next_step="Import that file again into a fresh library, or restore a backup",
                )
            yield answer


def today() -> str:
    """Today's ISO date."""
    return date.today().isoformat()


@contextmanager
def _open(library: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(library, timeout=30)) as database:
            if database.execute("PRAGMA user_version").fetchone()[0] > SCHEMA:
                raise InputError("was written by a newer ketalit", where=str(library), next_step="Update ketalit")
            database.execute("PRAGMA journal_mode = WAL")
            yield database
    except sqlite3.DatabaseError as error:
        raise InputError(f"cannot be used as a library ({error})", where=str(library)) from error
