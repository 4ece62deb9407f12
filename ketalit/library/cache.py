"""Keep what was worked out of bytes, so that it is not worked out again. It may be deleted at any moment.

One SQLite file in the user's cache folder serves all reviews: a value goes by the hash of all it was worked out of. The
name of the file holds the fingerprint of this ketalit and of the libraries it reads with, so that another version
finds nothing of this one. Values are compressed with a checksum. Whatever goes wrong (no right to write, a full disk,
another process at work, a damaged file) is as if nothing had been kept.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

from .. import __version__

PATIENCE = 2.0  # seconds to wait for another process, then go without
LARGEST = 2_000_000_000  # bytes; a file that has grown beyond is begun anew
_OLD = 30 * 86_400  # seconds after which the file of another version is cleared away
_FAST = 1  # level of compression: the rest saves little and takes twice as long
_PACKAGE = Path(__file__).parents[1]
_STARTED = time.time()
_READERS = ("lxml", "msgspec", "rispy", "pybtex", "openpyxl", "pint")  # libraries that readers rest on


class Cache:
    """What is kept, by key. The file is opened, and made, when something is first asked for.

    Args:
        folder: where it is; without one, KETALIT_CACHE or the user's cache folder.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Cache(Path(folder.name)) as cache:
    ...     cache.add({b"key": b"value"})
    ...     cache.get(b"key"), cache.get(b"another")
    (b'value', None)
    >>> folder.cleanup()
    """

    def __init__(self, folder: Path | None = None):
        self._folder = folder

    @functools.cached_property
    def _database(self) -> sqlite3.Connection | None:
        """The open file; None where nothing can be kept."""
        database = None
        try:
            if changed_since_start():
                return None
            path = (self._folder or cache_folder()) / f"read-{fingerprint()}.sqlite"
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _clear_away(path.parent)
            elif path.stat().st_size > LARGEST:
                path.unlink()
            database = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            database.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
        except (sqlite3.Error, OSError) as error:
            if database is not None:
                database.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
                with suppress(OSError):
                    path.unlink()  # the next command begins it anew
            return None
        return database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if database := self.__dict__.pop("_database", None):
            database.close()

    def get(self, key: bytes) -> bytes | None:
        """What is kept under a key; None where it is nothing, or damaged."""
        if self._database is None:
            return None
        try:
            row = self._database.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
            return zlib.decompress(row[0]) if row else None
        except (sqlite3.Error, zlib.error, TypeError):
            return None

    def add(self, found: Mapping[bytes, bytes]) -> None:
        """Keep values under their keys, all in one transaction."""
        if self._database is None or not found:
            return
        rows = [(key, zlib.compress(value, _FAST)) for key, value in found.items()]
        with suppress(sqlite3.Error):
            try:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany("REPLACE INTO kept VALUES (?, ?)", rows)
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise


def cache_folder() -> Path:
    """Where things are kept: KETALIT_CACHE, else the user's cache folder."""
    if given := os.environ.get("KETALIT_CACHE", "").strip():
        return Path(given)
    import platformdirs

    return platformdirs.user_cache_path("ketalit")


@functools.cache
def fingerprint() -> str:
    """All that decides how bytes are read: this ketalit's own files, Python, and the libraries that readers rest on."""
    found = hashlib.sha256(f"{__version__} {sys.version}\n".encode())
    for name in _READERS:
        with suppress(PackageNotFoundError):
            found.update(f"{name} {version(name)}\n".encode())
    for path in _own_files():
        content = path.read_bytes()
        found.update(f"{path.relative_to(_PACKAGE)} {len(content)}\n".encode() + content)
    return found.hexdigest()[:16]


@functools.cache
def changed_since_start() -> bool:
    """Whether ketalit was changed on disk after this process had loaded it: what it runs has no fingerprint then."""
    return any(max(told.st_mtime, told.st_ctime) > _STARTED for told in (path.stat() for path in _own_files()))


@functools.cache
def _own_files() -> tuple[Path, ...]:
    return tuple(sorted((*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.toml"))))


def _clear_away(folder: Path) -> None:
    """Remove what other versions kept and have not used for long."""
    for path in folder.glob("read-*.sqlite*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _OLD:
                path.unlink()
