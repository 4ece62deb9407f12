"""The library: bytes, searches, runs and where every requested id ended."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from .. import __version__
from ..errors import InputError
from .database import open_for_reading, open_for_writing, saying, transaction
from .model import LedgerLine, Raw, Run, RunKind, SavedSearch, Sighting, State, Stored

LARGEST = 1 << 28  # bytes of one content; a record is a quarter of it at most, earlier ketalits kept whole files
_ROOM, _RATIO = 1 << 28, 50  # bytes that all contents may unpack to; beyond that, so many times their packed size
_EVER = 2**62  # a run that no library reaches
_ASKED = tuple[str, State | None, str]  # columns of a row; SQLite lets any type stand in any of them
_RAN = tuple[int, RunKind, str, str, str, str, str]
_SIGHTED = tuple[str, str, int, str, str, str, int, int]
_FOUND = tuple[str, str, str, int, str, str, str, str, str, str, str, int]
_NOTHING_SAID: Mapping[str, tuple[State, str]] = {}


class Library:
    """What came from NCBI, or out of a file, byte for byte, in one SQLite file.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Library.open(Path(folder.name, "library.sqlite"), write=True) as library:
    ...     run = library.begin(RunKind.FETCH)
    ...     library.request(run, ["PMID:1", "PMID:2"])
    ...     new = library.store(
    ...         run,
    ...         [Raw("PMID:1", "PubMed XML", b"<PubmedArticle/>")],
    ...         {"PMID:1": (State.RETURNED, ""), "PMID:2": (State.ABSENT, "NCBI holds no such record")},
    ...     )
    ...     library.finish(run)
    ...     print(new, [stored.content for stored in library.contents()], list(library.gone()))
    1 [b'<PubmedArticle/>'] ['PMID:2']
    >>> folder.cleanup()
    """

    def __init__(self, path: Path, database: sqlite3.Connection):
        self.path = path
        self._database = database

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        """Open a library; close it with `with` or `close`.

        For reading, a missing file is an empty library, one of schema 1 is shown as it would be after its upgrade, and
        nothing is written: it works in a read-only folder, and beside a process that writes. For writing, the file is
        made, or upgraded, where necessary.

        Raises:
            InputError: of a newer ketalit, no library, damaged, locked for 30 s, or not to be written; nothing was
                changed.

        >>> with Library.open(Path("nowhere", "library.sqlite")) as library:
        ...     library.runs()
        []
        """
        path = Path(path)
        return cls(path, open_for_writing(path) if write else open_for_reading(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. What was stored is safe already."""
        self._database.close()

    # Writing. Every method is one transaction: after a kill at any moment, all of it is there or nothing.

    def begin(self, kind: RunKind, note: str = "", ids: Iterable[str] = ()) -> int:
        """Start a run, and note the ids it will ask for: together, so that no other process finds a run without ids.

        Returns:
            Its id, higher than that of every run before it.

        Raises:
            InputError: cannot be written.
        """
        with self.writing():
            insert = "INSERT INTO run (kind, started, finished, tool, report, note) VALUES (?, ?, '', ?, '', ?)"
            run = self._database.execute(insert, (kind, now(), __version__, note)).lastrowid
            assert run is not None
            self._ask(run, ids)
        return run

    def request(self, run: int, ids: Iterable[str]) -> None:
        """Note ids as asked for in a run, before they are asked for; those noted already keep their state.

        Raises:
            InputError: no such run, or finished; cannot be written.
        """
        with self.writing(run):
            self._ask(run, ids)

    def store(self, run: int, raws: Sequence[Raw], states: Mapping[str, tuple[State, str]] = _NOTHING_SAID) -> int:
        """Store what came in one batch, and where each of its ids ended with the reason, in one transaction.

        Storing the same batch again changes nothing. Damaged bytes of the same hash are replaced by the whole ones.

        Returns:
            How many contents were new to the library.

        Raises:
            InputError: no such run, or finished; bytes beyond any record; cannot be written; nothing of the batch was
                stored.
        """
        at = now()
        for raw in raws:
            if len(raw.content) > LARGEST:
                raise InputError(f"is larger than any record ({len(raw.content):,} bytes)", where=raw.id)
        hashed = [(raw, hashlib.sha256(raw.content).hexdigest()) for raw in raws]
        with self.writing(run):
            new = 0
            for raw, sha256 in hashed:
                new += self._keep(sha256, raw.content)
                self._see(run, raw, sha256, at)
            self._database.executemany(
                "INSERT INTO ledger (run, id, state, reason) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (run, id) DO UPDATE SET state = excluded.state, reason = excluded.reason",
                [(run, name, state, reason) for name, (state, reason) in states.items()],
            )
        return new

    def add_search(self, run: int, search: SavedSearch) -> None:
        """Keep one execution of a search; its `run` is the one given here.

        Raises:
            InputError: no such run, or finished; cannot be written.
        """
        with self.writing(run):
            row = (
                *(run, search.name, search.query, search.database, search.count, json.dumps(search.ids)),
                *(search.translation, json.dumps(search.notes), search.build, search.updated),
                *(json.dumps(search.slices), search.at),
            )
            marks = ", ".join("?" * len(row))
            self._database.execute(f"INSERT INTO search VALUES (NULL, {marks})", row)

    def finish(self, run: int, report: str = "") -> None:
        """Note a run as finished; nothing can be added to it from then on.

        To finish it again only replaces the report: another process may have taken it for one that was cut short.

        Raises:
            InputError: no such run; cannot be written.
        """
        with self.writing():
            update = "UPDATE run SET finished = ?, report = ? WHERE id = ?"
            if not self._database.execute(update, (now(), report, run)).rowcount:
                raise InputError(f"there is no run {run}", where=str(self.path))

    @contextmanager
    def writing(self, run: int | None = None) -> Iterator[sqlite3.Connection]:
        """One transaction of this library; with a run, one that may still be added to.

        Raises:
            InputError: no such run, or finished; cannot be written; nothing of what was done inside was stored.
        """
        with saying(self.path), transaction(self._database):
            if run is not None:
                row = self._database.execute("SELECT finished FROM run WHERE id = ?", (run,)).fetchone()
                if row is None:
                    raise InputError(f"there is no run {run}", where=str(self.path))
                if row[0]:
                    next_step = "Start again: all that was stored is kept"
                    what = f"run {run} is finished already, perhaps by another process that took it up"
                    raise InputError(what, where=str(self.path), next_step=next_step)
            yield self._database

    # Reading. `as_of` is the id of a run: the library as it was when that run ended.

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """All that is read inside is of one moment, whatever other processes store meanwhile.

        Raises:
            InputError: the library cannot be read.
        """
        with saying(self.path):
            self._database.execute("BEGIN")
            try:
                yield self._database
            finally:
                self._database.execute("ROLLBACK")

    def contents(self, *, as_of: int | None = None, current: bool = True) -> Iterator[Stored]:
        """What the library holds, in the order in which it was first seen.

        Args:
            as_of: id of the last run to look at; without it, all.
            current: one per id and source, the highest version as it came last; otherwise all different bytes there
                ever were for them.

        Records whose bytes are in quarantine are left out; `quarantined` names them.

        Raises:
            InputError: the bytes of a record are not those that were stored (names the record), or all of them are far
                larger unpacked than packed.
        """
        histories = self._histories("run <= ?", (_EVER if as_of is None else as_of,))
        packed = given = 0
        with saying(self.path):
            for history in histories.values():
                for seen in [_newest(history)] if current else history:
                    stored, size = self._stored(seen)
                    if stored is not None:
                        packed, given = packed + size, given + len(stored.content)
                        if given > max(_ROOM, _RATIO * packed):
                            what = f"is far larger inside than outside: more than {_RATIO} times"
                            raise InputError(what, where=str(self.path), next_step="It was not read further")
                        yield stored

    def ids(self, as_of: int | None = None) -> list[str]:
        """Ids whose present bytes are here and not in quarantine, in the order first seen; reads no contents.

        Raises:
            InputError: the library cannot be read.
        """
        here = self._histories("run <= ?", (_EVER if as_of is None else as_of,))
        missing = set(self.quarantined())
        return [name for name in dict.fromkeys(name for name, _ in here) if name not in missing]

    def versions(self, id: str) -> list[Stored]:
        """All different bytes there ever were for an id, oldest first; bytes that came back stand where they came last.

        Raises:
            InputError: the bytes are not those that were stored.
        """
        with saying(self.path):
            seen = [item for history in self._histories("id = ?", (id,)).values() for item in history]
            seen.sort(key=lambda item: (item.run, item.place))
            return [stored for item in seen if (stored := self._stored(item)[0]) is not None]

    def sightings(self, kind: RunKind | None = None) -> list[Sighting]:
        """What came in every run, or in those of one kind, oldest first; reads no contents.

        Raises:
            InputError: the library cannot be read.
        """
        rows = self._rows(
            tuple[int, str, str, int, str, str, str],
            "SELECT run, sighting.id, source, version, sha256, file, at FROM sighting JOIN run ON run.id = run"
            " WHERE kind = ifnull(?, kind) ORDER BY run, place",
            (kind,),
        )
        return [Sighting(*row) for row in rows]

    def searches(self, name: str | None = None, as_of: int | None = None) -> list[SavedSearch]:
        """Executions of searches, or of one search, oldest first.

        Raises:
            InputError: the library cannot be read.
        """
        columns = "name, query, database, count, ids, translation, notes, build, updated, slices, at, run"
        rows = self._rows(
            _FOUND,
            f"SELECT {columns} FROM search WHERE run <= ? AND name = ifnull(?, name) ORDER BY run, place",
            (_EVER if as_of is None else as_of, name),
        )
        with saying(self.path):
            return [_search(*row) for row in rows]

    def runs(self) -> list[Run]:
        """All runs, oldest first.

        Raises:
            InputError: the library cannot be read.
        """
        rows = self._rows(_RAN, "SELECT id, kind, started, finished, tool, report, note FROM run ORDER BY id")
        return [Run(*row) for row in rows]

    def unfinished(self) -> list[Run]:
        """Runs that were cut short, or that another process is busy with, oldest first.

        Raises:
            InputError: the library cannot be read.
        """
        return [run for run in self.runs() if not run.finished]

    def ledger(self, run: int) -> list[LedgerLine]:
        """Where each id asked for in a run ended, in the order they were asked for.

        Raises:
            InputError: the library cannot be read.
        """
        rows = self._rows(_ASKED, "SELECT id, state, reason FROM ledger WHERE run = ? ORDER BY place", (run,))
        return [LedgerLine(*row) for row in rows]

    def gone(self, as_of: int | None = None) -> dict[str, LedgerLine]:
        """Ids that NCBI, when it last answered for them, did not hold (any more).

        A failed or still waiting request says nothing about this.

        Raises:
            InputError: the library cannot be read.
        """
        rows = self._rows(
            tuple[str, State, str, int],
            "SELECT id, state, reason, max(run) FROM ledger WHERE state IN (?, ?, ?) AND run <= ? GROUP BY id"
            " ORDER BY place",
            (State.RETURNED, State.ABSENT, State.DELETED, _EVER if as_of is None else as_of),
        )
        lines = [LedgerLine(*row[:3]) for row in rows]
        return {line.id: line for line in lines if line.state is not State.RETURNED}

    def quarantined(self) -> list[str]:
        """Ids of records whose present bytes were found damaged and have not come again.

        Raises:
            InputError: the library cannot be read.
        """
        lost = self._lost()
        if not lost:
            return []
        newest = [_newest(history) for history in self._histories("run <= ?", (_EVER,)).values()]
        return list(dict.fromkeys(seen.id for seen in newest if seen.sha256 in lost))

    def _rows(self, kind: object, query: str, values: Sequence[object] = ()) -> list[Any]:
        """All rows, each of this type."""
        with saying(self.path):
            return [msgspec.convert(row, kind) for row in self._database.execute(query, values)]

    def _ask(self, run: int, ids: Iterable[str]) -> None:
        insert = "INSERT OR IGNORE INTO ledger (run, id, state, reason) VALUES (?, ?, NULL, '')"
        self._database.executemany(insert, [(run, name) for name in ids])

    def _keep(self, sha256: str, content: bytes) -> bool:
        """Keep bytes, in place of damaged ones of that hash; whether they are new."""
        row = self._database.execute("SELECT bytes FROM content WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None or unpacked(row[0], sha256) is None:
            self._database.execute("REPLACE INTO content VALUES (?, ?)", (sha256, zlib.compress(content)))
        return row is None

    def _see(self, run: int, raw: Raw, sha256: str, at: str) -> None:
        """Note a sighting, unless it says what the one before it in this run said."""
        file = raw.file.encode(errors="replace").decode()  # a file name may hold bytes that are no text
        before = self._database.execute(
            "SELECT sha256, file FROM sighting WHERE id = ? AND source = ? AND version = ? AND run = ?"
            " ORDER BY place DESC LIMIT 1",
            (raw.id, raw.source, raw.version, run),
        ).fetchone()
        if before != (sha256, file):
            row = (run, raw.id, raw.source, raw.version, sha256, file, raw.at or at)
            self._database.execute("INSERT INTO sighting VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row)

    def _histories(self, which: str, values: Sequence[object]) -> dict[tuple[str, str], list[_Seen]]:
        """By id and source, in the order first seen: the different bytes, each with its first and last sighting."""
        columns = "id, source, version, sha256, file, at, run, place"
        first: dict[tuple[str, str, int, str], str] = {}
        last: dict[tuple[str, str, int, str], tuple[str, str, int, int]] = {}
        with saying(self.path):
            rows = self._database.execute(f"SELECT {columns} FROM sighting WHERE {which} ORDER BY run, place", values)
            for row in rows:
                name, source, version, sha256, file, at, run, place = msgspec.convert(row, _SIGHTED)
                key = (name, source, version, sha256)
                first.setdefault(key, at)
                last[key] = (file, at, run, place)
        histories: dict[tuple[str, str], list[_Seen]] = {}
        for key, (file, at, run, place) in last.items():
            histories.setdefault(key[:2], []).append(_Seen(*key, file, first[key][:10], at[:10], run, place))
        return histories

    def _lost(self) -> set[str]:
        """Hashes in quarantine whose bytes did not come again."""
        rows = self._rows(tuple[str], "SELECT sha256 FROM quarantine WHERE sha256 NOT IN (SELECT sha256 FROM content)")
        return {sha256 for (sha256,) in rows}

    def _stored(self, seen: _Seen) -> tuple[Stored | None, int]:
        """A sighting with its bytes, checked, and how many they are packed; None when they are in quarantine."""
        row = self._database.execute("SELECT bytes FROM content WHERE sha256 = ?", (seen.sha256,)).fetchone()
        if row is None and seen.sha256 in self._lost():
            return None, 0
        content = unpacked(row[0], seen.sha256) if row else None
        if content is None:
            raise InputError(
                f"the bytes of {seen.id}{f' ({seen.file})' if seen.file else ''}, stored on {seen.last_seen}, are no"
                " longer those that were stored, or more than any record has",
                where=str(self.path),
                next_step="`ketalit library check --repair` puts them aside, to be fetched or imported again",
            )
        found = Stored(
            *(seen.id, seen.source, seen.version, content, seen.sha256),
            *(seen.file, seen.first_seen, seen.last_seen, seen.run),
        )
        return found, len(row[0])


@dataclass(frozen=True, slots=True)
class _Seen:
    id: str
    source: str
    version: int
    sha256: str
    file: str
    first_seen: str
    last_seen: str
    run: int
    place: int


def _newest(history: list[_Seen]) -> _Seen:
    return max(history, key=lambda seen: (seen.version, seen.run, seen.place))


def unpacked(packed: bytes, sha256: str) -> bytes | None:
    """Bytes as they came, out of their compressed form; None when they are not those of that hash, or beyond LARGEST.

    >>> unpacked(zlib.compress(b"<a/>"), hashlib.sha256(b"<a/>").hexdigest())
    b'<a/>'
    """
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(packed, LARGEST)
    except (zlib.error, TypeError):
        return None
    return content if unpacker.eof and hashlib.sha256(content).hexdigest() == sha256 else None


def now() -> str:
    """The UTC time in ISO form, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _search(
    name: str,
    query: str,
    database: str,
    count: int,
    ids: str,
    translation: str,
    notes: str,
    build: str,
    updated: str,
    slices: str,
    at: str,
    run: int,
) -> SavedSearch:
    found, said, parts = (msgspec.json.decode(text, type=tuple[str, ...]) for text in (ids, notes, slices))
    return SavedSearch(name, query, database, count, found, translation, said, build, updated, parts, at, run)
