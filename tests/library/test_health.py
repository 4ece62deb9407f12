"""Damage is found, named, put aside, and made good by fetching again."""

import os
import sqlite3

import pytest

from ketalit.errors import InputError
from ketalit.library import FILE, Library, Raw, RunKind, check_library, quarantine

from . import SOURCE, files_of, raw, stored, texts


@pytest.fixture
def path(tmp_path):
    return stored(tmp_path / FILE, [raw(1), raw(2, "old")], [raw(2, "new"), raw(3)])


def tamper(path, *statements):
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


DAMAGE_1 = "UPDATE content SET bytes = zeroblob(9) WHERE sha256 = (SELECT sha256 FROM sighting WHERE id = 'PMID:1')"


def test_a_whole_library_has_no_damage_and_is_not_touched(path):
    before = files_of(path.parent)
    assert check_library(path) == []
    assert files_of(path.parent) == before


def test_damaged_bytes_are_put_aside_and_come_again(path):
    tamper(path, DAMAGE_1)
    [damage] = check_library(path)
    assert (damage.id, damage.what, damage.pending) == ("PMID:1", "the bytes are not those that were stored", False)
    assert quarantine(path, [damage]) == ["PMID:1"]
    [waiting] = check_library(path)
    assert (waiting.id, waiting.pending) == ("PMID:1", True)
    assert [name for name, _ in texts(path)] == ["PMID:2", "PMID:3"]
    with Library.open(path) as library:
        assert library.quarantined() == ["PMID:1"]
        assert library.ids() == ["PMID:2", "PMID:3"]
        assert library._database.execute("SELECT bytes FROM quarantine").fetchone() == (bytes(9),)
        assert library.versions("PMID:1") == []
    stored(path, [raw(1)])
    assert check_library(path) == []
    assert [name for name, _ in texts(path)] == ["PMID:1", "PMID:2", "PMID:3"]
    assert texts(path, as_of=1) == [("PMID:1", "1"), ("PMID:2", "2 old")]


def test_so_they_do_when_the_record_has_changed_meanwhile(path):
    tamper(path, DAMAGE_1)
    quarantine(path, check_library(path))
    stored(path, [raw(1, "corrected")])
    assert check_library(path) == []
    assert ("PMID:1", "1 corrected") in texts(path)
    assert texts(path, as_of=2) == [("PMID:2", "2 new"), ("PMID:3", "3")]


def test_an_older_text_does_not_pass_for_the_present_one(path):
    tamper(
        path,
        "UPDATE content SET bytes = x'' WHERE sha256 = (SELECT max(sha256) FROM sighting WHERE id = 'PMID:2' AND run = 2)",
    )
    assert quarantine(path, check_library(path)) == ["PMID:2"]
    assert [name for name, _ in texts(path)] == ["PMID:1", "PMID:3"]
    with Library.open(path) as library:
        assert [item.content for item in library.versions("PMID:2")] == [raw(2, "old").content]


def test_lost_history_is_put_aside_without_asking_for_it_again(path):
    tamper(
        path,
        "UPDATE content SET bytes = x'' WHERE sha256 = (SELECT max(sha256) FROM sighting WHERE id = 'PMID:2' AND run = 1)",
    )
    assert quarantine(path, check_library(path)) == []
    assert check_library(path) == []
    assert ("PMID:2", "2 new") in texts(path)


def test_what_was_made_whole_meanwhile_is_left_alone(path):
    tamper(path, DAMAGE_1)
    damages = check_library(path)
    stored(path, [raw(1)])
    assert quarantine(path, damages) == []
    assert check_library(path) == []


def test_missing_bytes_are_named(path):
    tamper(path, "DELETE FROM content WHERE sha256 = (SELECT sha256 FROM sighting WHERE id = 'PMID:3')")
    [damage] = check_library(path)
    assert (damage.id, damage.what) == ("PMID:3", "the bytes are missing")
    assert quarantine(path, [damage]) == ["PMID:3"]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM run WHERE id = 2", "a row of table sighting belongs to no run"),
        ("DELETE FROM sighting WHERE id = 'PMID:1'", "bytes that belong to no record"),
        ("UPDATE run SET kind = 'magic' WHERE id = 1", "kind “magic” in table run is none that ketalit writes"),
        ("INSERT INTO ledger VALUES (1, 1, 'PMID:1', 'magic', '')", "state “magic” in table ledger"),
        (
            "INSERT INTO search VALUES (1, 1, 'main', '', '', 0, '[', '', '[]', '', '', '[]', '')",
            "the ids that search “main” found cannot be read",
        ),
    ],
)
def test_rows_that_belong_nowhere_are_named(path, statement, what):
    tamper(path, statement)
    assert what in str(check_library(path))


def test_a_run_cut_short_is_to_be_taken_up_again_and_no_harm(path):
    with Library.open(path, write=True) as library:
        library.request(library.begin(RunKind.FETCH), ["PMID:8", "PMID:9"])
    [damage] = check_library(path)
    assert damage.pending
    assert damage.what == "run 3 is not finished: 2 ids wait for their answer"
    assert quarantine(path, [damage]) == []


def test_every_flipped_byte_of_the_contents_is_found(tmp_path):
    """A byte flipped anywhere in the file is found, said, or in space that nothing uses: never another text."""
    path = stored(tmp_path / FILE, [Raw(f"PMID:{number}", SOURCE, os.urandom(3000)) for number in range(20)])
    whole = path.read_bytes()
    with Library.open(path) as library:
        truth = {item.content for item in library.contents()}
    found = 0
    for place in range(100, len(whole), 397):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            damages = check_library(path)
            with Library.open(path) as library:
                assert {item.content for item in library.contents()} <= truth
                assert damages or len(library.runs()) == 1
        except InputError:
            found += 1
        else:
            found += bool(damages)
    assert found > len(range(100, len(whole), 397)) / 2
