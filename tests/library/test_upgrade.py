"""A library of an older ketalit opens, and loses nothing."""

import hashlib
import sqlite3
import zlib

import pytest

from ketalit.errors import InputError
from ketalit.library import FILE, SCHEMA, Damage, Library, RunKind, check_library, pack

from . import files_of, raw

FILES = [
    ("set.xml", "2026-03-01", b"<PubmedArticleSet/>"),
    ("export.nbib", "2026-02-01", b"PMID- 101\n"),
    ("set.xml", "2026-04-01", b"<PubmedArticleSet></PubmedArticleSet>"),
]


def schema_1(path, files=FILES):
    """A library as the first ketalit made it."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "CREATE TABLE answer (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, added TEXT NOT NULL, bytes BLOB NOT NULL)"
        )
        database.execute("PRAGMA user_version = 1")
        for name, added, content in files:
            row = (hashlib.sha256(content).hexdigest(), name, added, zlib.compress(content))
            database.execute("INSERT INTO answer VALUES (?, ?, ?, ?)", row)
    database.close()
    return path


EXPECTED = [
    ("file:set.xml", "file", "set.xml", "2026-03-01", FILES[0][2]),
    ("file:export.nbib", "file", "export.nbib", "2026-02-01", FILES[1][2]),
    ("file:set.xml (2)", "file", "set.xml", "2026-04-01", FILES[2][2]),
]


@pytest.fixture
def path(tmp_path):
    return schema_1(tmp_path / FILE)


def shown(path, write=False):
    with Library.open(path, write=write) as library:
        return [(item.id, item.source, item.file, item.first_seen, item.content) for item in library.contents()]


def test_reading_shows_it_upgraded_and_changes_nothing(path):
    before = files_of(path.parent)
    assert shown(path) == EXPECTED
    assert check_library(path) == []
    assert files_of(path.parent) == before


def test_writing_upgrades_it_for_good(path):
    assert shown(path, write=True) == EXPECTED
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert database.execute("SELECT name FROM sqlite_master WHERE name = 'answer'").fetchone() is None
    database.close()
    with Library.open(path, write=True) as library:
        [run] = library.runs()
        assert (run.kind, run.started, run.finished) == (RunKind.IMPORT, "2026-02-01", "2026-04-01")
        library.store(library.begin(RunKind.FETCH), [raw(1)])
    assert shown(path)[:-1] == EXPECTED


def test_one_that_holds_nothing_is_upgraded_too(tmp_path):
    path = schema_1(tmp_path / FILE, [])
    assert shown(path) == shown(path, write=True) == []
    with Library.open(path) as library:
        assert library.runs() == []


def test_damage_is_carried_over_and_found(path):
    with sqlite3.connect(path) as database:
        database.execute("UPDATE answer SET bytes = x'00' WHERE name = 'export.nbib'")
    database.close()
    for write in (False, True):
        with pytest.raises(InputError, match=r"file:export\.nbib \(export\.nbib\).*no longer those"):
            shown(path, write=write)
        [damage] = check_library(path)
        assert isinstance(damage, Damage)
        assert damage.id == "file:export.nbib"


def test_before_and_after_the_upgrade_it_packs_to_the_same_archive(path):
    (path.parent / "review.toml").write_text("format = 1\n")
    outside = path.parent.parent
    before = pack(path.parent, outside / f"{path.parent.name}-1.tar.gz").read_bytes()
    shown(path, write=True)
    assert pack(path.parent, outside / f"{path.parent.name}-2.tar.gz").read_bytes() == before
