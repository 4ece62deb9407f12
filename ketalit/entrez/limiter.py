"""One pace for all threads and processes of a user.

Starts are spaced: whoever wants to start takes a lock, looks whether the moment of the next start has come, and
if so sets the next one. Nobody sleeps while holding the lock, and nothing is reserved for somebody who may die waiting.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from ..telling import Say, silent

HORIZON = 120.0  # seconds; a next start further ahead than this is a relic, not a queue
# Seconds that `rate` starts share: connections take unequally long, so what starts even arrives uneven. A gap of 0.37 s
# is also what Bio.Entrez came to, having met the limit at 0.333 s.
RESERVE = 1.1
LATE = 0.05  # seconds; who is held up longer than this on a busy machine after getting a turn takes another

_TABLE = "CREATE TABLE IF NOT EXISTS pace (name TEXT PRIMARY KEY, written REAL NOT NULL, next REAL NOT NULL)"
_here: dict[str, tuple[float, float]] = {}  # the same row, for when no file can be written
_here_lock = threading.Lock()


class Limiter:
    """Lets at most `rate` starts happen in any second, over all processes that share the folder.

    Args:
        folder: where the shared file lies; None: the user's state folder. If it cannot be written, a folder of this
            user among the temporary files; if that fails too, the pace is kept within this process only, and said.
        name: what is paced, for example the host that is asked; each name has its own pace.
        rate: starts a second.
        say: told, in one line, when somebody waits because a pause was asked for.

    >>> import tempfile
    >>> limiter = Limiter(Path(tempfile.mkdtemp()), "example", 10)
    >>> limiter.wait() == 0.0, 0.0 < limiter.wait() < 1.0
    (True, True)
    """

    def __init__(self, folder: Path | None, name: str, rate: int, *, say: Say = silent):
        self._name = f"{name}@{platform.node()}"  # a home shared by machines has several monotonic clocks
        self._gap = RESERVE / rate
        self._say = say
        self._folders = _folders(folder)
        self._file = self._next_file()

    def wait(self) -> float:
        """Wait for the moment to start.

        Returns:
            Seconds waited.
        """
        waited, told = 0.0, False
        while True:
            now, start = self._turn(lambda now, start: now + self._gap if start <= now else start)
            left = start - now
            if left <= 0:
                if time.monotonic() - now < LATE:
                    return waited
                continue
            if left > self._gap + 1 and not told:
                self._say(f"waiting {left:.0f} s: NCBI asks for a pause")
                told = True
            time.sleep(left)
            waited += left

    def pause(self, seconds: float) -> None:
        """Nobody starts for so many seconds (0 to 120), in no process."""
        seconds = min(max(seconds, 0.0), HORIZON)
        self._turn(lambda now, start: max(start, now + seconds))

    def _turn(self, move: Callable[[float, float], float]) -> tuple[float, float]:
        """Move the next start, given now and when it was; returns these two."""
        while self._file is not None:
            try:
                with closing(sqlite3.connect(self._file, timeout=30, isolation_level=None)) as database:
                    # Losing the last moments in a power cut costs nothing.
                    database.execute("PRAGMA synchronous = OFF")
                    database.execute("BEGIN IMMEDIATE")
                    database.execute(_TABLE)
                    row = database.execute("SELECT written, next FROM pace WHERE name = ?", [self._name]).fetchone()
                    now = time.monotonic()
                    start = next_start(now, row)
                    moved = move(now, start)
                    if moved != start or row is None:
                        database.execute("REPLACE INTO pace VALUES (?, ?, ?)", [self._name, now, moved])
                    database.execute("COMMIT")
                    return now, start
            except (sqlite3.Error, OSError):
                self._file = self._next_file()
        with _here_lock:
            now = time.monotonic()
            start = next_start(now, _here.get(self._name))
            _here[self._name] = (now, move(now, start))
            return now, start

    def _next_file(self) -> Path | None:
        for folder in self._folders:
            return folder / "limiter.sqlite"
        self._say("the pace of requests is kept within this process only: no folder for state can be written")
        return None


def next_start(now: float, row: tuple[float, float] | None) -> float:
    """When the next start may happen, on the clock of `now`.

    Args:
        now: monotonic seconds.
        row: when the row was written and the next start it allows; None: nobody has started yet.

    A row written after `now` is from before a reboot, when the clock stood higher.

    >>> next_start(100.0, (99.9, 100.25)), next_start(5.0, (99.9, 100.25)), next_start(100.0, (99.0, 9999.0))
    (100.25, 5.0, 100.0)
    """
    if row is None:
        return now
    written, start = row
    return now if written > now or start - now > HORIZON else start


def _folders(folder: Path | None) -> Iterator[Path]:
    """Folders that can be written, best first."""
    for find in (_state_folder if folder is None else lambda: folder, _temporary_folder):
        try:
            path = find()
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
        except (OSError, RuntimeError, KeyError):  # KeyError, RuntimeError: there is no home
            continue
        yield path


def _state_folder() -> Path:
    import platformdirs

    return platformdirs.user_state_path("ketalit")


def _temporary_folder() -> Path:
    """A folder that only this user can write."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    path = Path(tempfile.gettempdir()) / f"ketalit-{user}"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or (hasattr(os, "getuid") and path.stat().st_uid != os.getuid()):
        raise PermissionError(f"{path} belongs to somebody else")
    return path
