"""A library handed over by a stranger: it is refused, or read within limits; never a traceback, never full memory."""

from __future__ import annotations

import contextlib
import hashlib
import resource
import sqlite3
import zlib
from pathlib import Path

import pytest

from ketalit.errors import InputError, KetalitError
from ketalit.library import (
    FILE,
    Library,
    Raw,
    RunKind,
    SavedSearch,
    State,
    check_library,
    pack,
    quarantine,
    schema,
    store,
)
from ketalit.review import load_review, new_review

from . import SOURCE, in_child, raw, stored


@pytest.fixture
def review(tmp_path):
    """A review whose library has rows in every table."""
    folder = new_review(tmp_path / "review", empty=True)
    with Library.open(folder / FILE, write=True) as library:
        run = library.begin(RunKind.REFRESH, ids=["PMID:1", "PMID:2", "PMID:3"])
        library.store(run, [raw(1), raw(3)], {"PMID:1": (State.RETURNED, ""), "PMID:2": (State.ABSENT, "no such")})
        library.add_search(run, SavedSearch("main", "ketamine", "pubmed", 1, ("1",), "", (), "", "", (), "2026", run))
        library.finish(run)
    change(folder / FILE, "UPDATE content SET bytes = x'5a' WHERE rowid = 2")
    quarantine(folder / FILE, check_library(folder / FILE))
    return folder


def change(path, *statements):
    """What another program may write into the file."""
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(*statement) if isinstance(statement, tuple) else database.execute(statement)


def replaced(path, name, by):
    """Another thing of the same name in place of a table."""
    change(path, f"ALTER TABLE {name} RENAME TO old_{name}", by, f"DROP TABLE IF EXISTS old_{name}")


COLUMNS = "place, run, id, source, version, sha256, file, at"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("view sighting", f"CREATE VIEW sighting AS {ENDLESS} i AS place, 1, i, 's', 1, 'x', '', '' FROM n"),
        ("table sighting", f"CREATE TABLE sighting ({COLUMNS} AS (hex(zeroblob(100000000))))"),
        (
            "table sighting",
            "CREATE VIRTUAL TABLE sighting USING fts5(place, run, id, source, version, sha256, file, at)",
        ),
    ],
)
def test_rows_that_are_computed_are_refused_before_one_is_read(review, what, statement):
    replaced(review / FILE, "sighting", statement)
    for write in (False, True):
        with pytest.raises(InputError, match=rf"holds what no ketalit makes \(.*{what}.*library pack"):
            Library.open(review / FILE, write=write)


def test_a_trigger_is_refused_before_anything_is_written(review):
    change(review / FILE, "CREATE TRIGGER evil AFTER INSERT ON run BEGIN DELETE FROM content; END")
    with pytest.raises(InputError, match="trigger evil"):
        Library.open(review / FILE, write=True)


def test_what_analyze_leaves_is_no_stranger(review):
    change(review / FILE, "ANALYZE")
    with Library.open(review / FILE) as library:
        assert library.ids() == ["PMID:1"]


@pytest.mark.parametrize("table", ["sighting", "ledger", "search"])
def test_absurd_numbers_of_rows_are_refused_without_counting_them(review, table):
    change(review / FILE, f"UPDATE {table} SET place = 9000000000000000000 WHERE place = (SELECT max(place) FROM {table})",
           f"INSERT INTO {table} SELECT * FROM (SELECT * FROM {table} LIMIT 0)")  # fmt: skip
    with contextlib.closing(sqlite3.connect(review / FILE)) as database:
        (rows,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    if rows == 1:
        assert load_review(review)
    else:
        with pytest.raises(InputError, match=f"rows in table {table} are more than any review has"):
            load_review(review)


# A process of its own, whose memory is limited by the system: more would kill it


LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited as Linux does it")
ROOM = 1 << 30  # bytes; what SQLite, NumPy and their kind reserve is in it


def within(room, act):
    def limited():
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + room, resource.RLIM_INFINITY))
        act()

    return in_child(limited)


def refused(act, match):
    def check():
        with pytest.raises(InputError, match=match):
            act()

    return check


def bomb(path, number, size):
    """A record of so many bytes that takes a thousandth of it in the file; its hash is right."""
    piece, packer, sha256 = b" " * (1 << 20), zlib.compressobj(), hashlib.sha256()
    packed = b""
    for _ in range(size >> 20):
        sha256.update(piece)
        packed += packer.compress(piece)
    packed += packer.flush()
    change(
        path,
        ("INSERT INTO content VALUES (?, ?)", (sha256.hexdigest(), packed)),
        (
            "INSERT INTO sighting VALUES (NULL, 1, ?, ?, 1, ?, '', '2026-01-01')",
            (f"PMID:{number}", SOURCE, sha256.hexdigest()),
        ),
    )


@LINUX
def test_a_record_that_unpacks_to_more_than_any_has_is_not_unpacked(review):
    bomb(review / FILE, 9, 2 << 30)
    assert within(ROOM, refused(lambda: load_review(review), "PMID:9.*more than any record has")) == 0
    assert within(ROOM, lambda: check_library(review / FILE)) == 0
    assert "PMID:9" in {damage.id for damage in check_library(review / FILE) if not damage.pending}
    quarantine(review / FILE, check_library(review / FILE))
    assert load_review(review)


def test_many_that_are_bombs_together_are_told(review, monkeypatch):
    monkeypatch.setattr(store, "_ROOM", 1 << 22)
    bomb(review / FILE, 10, 3 << 20)
    with Library.open(review / FILE) as library:
        assert [len(one.content) for one in library.contents()][1:] == [3 << 20]
    bomb(review / FILE, 11, 2 << 20)
    with pytest.raises(InputError, match="far larger inside than outside"):
        load_review(review)


def test_what_could_not_be_read_again_is_not_stored(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "LARGEST", 1000)
    with Library.open(tmp_path / FILE, write=True) as library:
        run = library.begin(RunKind.FETCH)
        with pytest.raises(InputError, match="larger than any record"):
            library.store(run, [raw(1), Raw("PMID:2", SOURCE, b" " * 1001)])
        assert library.ids() == []
        assert library.store(run, [Raw("PMID:2", SOURCE, b" " * 1000)]) == 1
        assert library.ids() == ["PMID:2"]


@LINUX
def test_a_value_beyond_the_limit_is_told(review):
    change(review / FILE, "UPDATE search SET ids = '[\"' || hex(zeroblob(150000000)) || '\"]'")
    assert within(ROOM, refused(lambda: load_review(review), "too big")) == 0


# Any type of value may stand in any column of SQLite


VALUES = [
    None, 0, -1, 2**63 - 1, 1.5, "", "x", "[", "[1]", '{"a": 1}', "\ud800".encode("utf-8", "surrogatepass"), b"\xff\x00", b"",
]  # fmt: skip
PLACES = [
    (table, column)
    for table, columns in {
        "run": ("id", "kind", "started", "finished", "tool", "report", "note"),
        "content": ("sha256", "bytes"),
        "sighting": ("place", "run", "id", "source", "version", "sha256", "file", "at"),
        "ledger": ("place", "run", "id", "state", "reason"),
        "search": ("place", "run", "name", "query", "database", "count", "ids", "translation", "notes", "build",
                   "updated", "slices", "at"),
        "quarantine": ("sha256", "bytes", "what", "at"),
    }.items()
    for column in columns
]  # fmt: skip


def test_every_column_is_tried():
    database = sqlite3.connect(":memory:")
    schema.create_tables(database)
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = {(table, row[1]) for table in tables for row in database.execute(f"PRAGMA table_info({table})")}
    database.close()
    assert columns == set(PLACES)


@pytest.mark.parametrize(("table", "column"), PLACES, ids=".".join)
def test_values_that_no_ketalit_writes_are_told_or_harmless(review, table, column):
    whole = (review / FILE).read_bytes()
    for value in VALUES:
        (review / FILE).write_bytes(whole)
        try:
            change(review / FILE, (f"UPDATE {table} SET {column} = ?", (value,)))
        except sqlite3.IntegrityError:  # the table itself refuses it
            continue
        for act in (
            lambda: load_review(review),
            lambda: check_library(review / FILE),
            lambda: pack(review, review.parent / "packed.tar.gz"),
            lambda: quarantine(review / FILE, check_library(review / FILE)),
            lambda: everything(review / FILE),
        ):
            with contextlib.suppress(KetalitError):
                act()


def everything(path):
    """All that can be asked of a library, and a fetch on top of it."""
    stored(path, [raw(1), raw(2)])
    with Library.open(path) as library:
        for run in library.runs():
            library.ledger(run.id)
        for name in (*library.ids(), *library.gone(), *library.quarantined()):
            library.versions(name)
        library.sightings(RunKind.REFRESH), library.searches(), library.unfinished()
        list(library.contents(current=False))
