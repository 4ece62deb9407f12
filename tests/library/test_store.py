"""What is stored comes back, byte for byte, in every order of runs, beside other processes and on bad disks."""

import dataclasses
import os
import resource
import sqlite3
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ketalit.errors import InputError
from ketalit.library import (
    FILE,
    SCHEMA,
    LedgerLine,
    Library,
    Raw,
    RunKind,
    SavedSearch,
    State,
)
from ketalit.library import database as database_module

from . import SOURCE, files_of, in_child, raw, stored, texts


@pytest.fixture
def path(tmp_path):
    return tmp_path / FILE


# What comes back


def test_a_missing_library_reads_as_an_empty_one_and_is_not_made(path):
    with Library.open(path) as library:
        assert list(library.contents()) == library.runs() == library.searches() == library.ids() == []
        assert library.gone() == {}
    assert not files_of(path.parent)


def test_bytes_come_back_as_they_came(path):
    content = bytes(range(256)) * 40
    with Library.open(path, write=True) as library:
        run = library.begin(RunKind.IMPORT, "from a colleague")
        item = Raw("smith2009", "RIS", content, file="export.ris", at="2026-11-22T10:00:00+00:00")
        assert library.store(run, [item]) == 1
        library.finish(run, '{"records": 1}')
    with Library.open(path) as library:
        [back] = library.contents()
        assert (back.id, back.source, back.version, back.content) == ("smith2009", "RIS", 1, content)
        assert (back.file, back.first_seen, back.last_seen, back.run) == ("export.ris", "2026-11-22", "2026-11-22", 1)
        [run] = library.runs()
        assert (run.kind, run.note, run.report, bool(run.finished)) == (
            RunKind.IMPORT,
            "from a colleague",
            '{"records": 1}',
            True,
        )


def test_the_same_batch_again_changes_nothing(path):
    with Library.open(path, write=True) as library:
        run = library.begin(RunKind.FETCH)
        batch = [raw(1), raw(2)]
        assert [library.store(run, batch), library.store(run, batch)] == [2, 0]
        assert library._database.execute("SELECT count(*) FROM sighting").fetchone() == (2,)


def test_bytes_that_come_again_later_are_kept_once_and_seen_twice(path):
    stored(path, [raw(1, at="2026-01-05")], [raw(1, at="2026-02-05")])
    with Library.open(path) as library:
        [item] = library.contents()
        assert (item.first_seen, item.last_seen, item.run) == ("2026-01-05", "2026-02-05", 2)
        assert library._database.execute("SELECT count(*) FROM content").fetchone() == (1,)


def test_a_record_that_changes_and_changes_back_has_its_first_text(path):
    stored(path, [raw(1, "A")], [raw(1, "B")], [raw(1, "A")])
    shown = [[text for _, text in texts(path, as_of=run)] for run in (0, 1, 2, 3)]
    assert shown == [[], ["1 A"], ["1 B"], ["1 A"]]
    assert [text for _, text in texts(path, current=False)] == ["1 A", "1 B"]
    with Library.open(path) as library:
        assert [item.content for item in library.versions("PMID:1")] == [raw(1, "B").content, raw(1, "A").content]
        assert library.versions("PMID:2") == []


def test_so_it_does_within_one_run(path):
    with Library.open(path, write=True) as library:
        run = library.begin(RunKind.FETCH)
        for text in "ABA":
            library.store(run, [raw(1, text)])
    assert texts(path) == [("PMID:1", "1 A")]


def test_the_highest_version_of_a_pmid_is_the_current_one(path):
    stored(path, [raw(1, "second", version=2)], [raw(1, "first", version=1)])
    assert texts(path) == [("PMID:1", "1 second")]


def test_runs_say_what_is_later_and_clocks_do_not(path):
    stored(path, [raw(1, "old", at="2030-01-01")], [raw(1, "new", at="1999-01-01")])
    assert texts(path) == [("PMID:1", "1 new")]


def test_of_two_runs_at_once_the_later_one_counts_whichever_stores_last(path):
    with Library.open(path, write=True) as one, Library.open(path, write=True) as other:
        first, second = one.begin(RunKind.FETCH), other.begin(RunKind.REFRESH)
        other.store(second, [raw(1, "of the second run")])
        other.store(second, [raw(5)])
        one.store(first, [raw(6), raw(1, "of the first run")])
    assert texts(path) == [("PMID:6", "6"), ("PMID:1", "1 of the second run"), ("PMID:5", "5")]


def test_sources_of_one_id_stand_beside_each_other_in_the_order_first_seen(path):
    pmc = Raw("PMID:1", "JATS", b"<article/>")
    stored(path, [raw(2), raw(1)], [pmc, raw(1, "changed"), raw(0)])
    with Library.open(path) as library:
        assert [(item.id, item.source) for item in library.contents()] == [
            ("PMID:2", SOURCE),
            ("PMID:1", SOURCE),
            ("PMID:1", "JATS"),
            ("PMID:0", SOURCE),
        ]
        assert library.ids() == ["PMID:2", "PMID:1", "PMID:0"]
        assert library.ids(as_of=1) == ["PMID:2", "PMID:1"]


batches = some.lists(
    some.lists(some.tuples(some.integers(1, 3), some.integers(1, 2), some.sampled_from("ABC")), max_size=4), max_size=6
)


@given(batches)
@settings(max_examples=40, deadline=None)
def test_it_shows_what_a_plain_list_of_all_that_came_would(tmp_path_factory, batches):
    path = stored(
        tmp_path_factory.mktemp("library") / FILE,
        *([raw(number, text, version=version) for number, version, text in batch] for batch in batches),
    )
    for as_of in range(len(batches) + 1):
        came = [item for batch in batches[:as_of] for item in batch]
        expected = {}
        for number, version, text in came:
            if number not in expected or version >= expected[number][0]:
                expected[number] = (version, text)
        assert texts(path, as_of=as_of) == [
            (f"PMID:{number}", f"{number} {text}") for number, (_, text) in expected.items()
        ]


def test_sightings_say_what_came_in_which_run(path):
    stored(path, [raw(1, file="a.xml", at="2026-01-05"), raw(2)], kind=RunKind.IMPORT)
    stored(path, [raw(1)])
    with Library.open(path) as library:
        assert [(item.run, item.id) for item in library.sightings()] == [(1, "PMID:1"), (1, "PMID:2"), (2, "PMID:1")]
        first, _ = library.sightings(RunKind.IMPORT)
        assert (first.file, first.at, first.sha256) == ("a.xml", "2026-01-05", next(library.contents()).sha256)


# Ledgers, runs, searches


def test_every_requested_id_ends_somewhere(path):
    with Library.open(path, write=True) as library:
        run = library.begin(RunKind.FETCH, ids=["PMID:4", "PMID:3"])
        library.request(run, ["PMID:3", "PMID:2", "PMID:1"])
        library.store(run, [raw(4)], {"PMID:4": (State.RETURNED, ""), "PMID:2": (State.FAILED, "cut short")})
        library.store(run, [], {"PMID:2": (State.ABSENT, "NCBI holds no such record")})
        library.request(run, ["PMID:4", "PMID:9"])
        assert library.ledger(run) == [
            LedgerLine("PMID:4", State.RETURNED, ""),
            LedgerLine("PMID:3", None, ""),
            LedgerLine("PMID:2", State.ABSENT, "NCBI holds no such record"),
            LedgerLine("PMID:1", None, ""),
            LedgerLine("PMID:9", None, ""),
        ]
        assert [run.id for run in library.unfinished()] == [run]
        library.finish(run)
        assert library.unfinished() == []


def test_gone_is_what_was_last_found_absent_or_deleted(path):
    returned, absent, failed = (State.RETURNED, ""), (State.ABSENT, "a"), (State.FAILED, "f")
    deleted = (State.DELETED, "d")
    with Library.open(path, write=True) as library:
        for states in (
            {"PMID:1": returned, "PMID:2": absent, "PMID:3": deleted, "PMID:4": absent},
            {"PMID:1": deleted, "PMID:2": failed, "PMID:3": returned},
        ):
            run = library.begin(RunKind.REFRESH)
            library.store(run, [], states)
        library.request(library.begin(RunKind.REFRESH), ["PMID:4"])
        assert library.gone().keys() == {"PMID:1", "PMID:2", "PMID:4"}
        assert library.gone()["PMID:1"] == LedgerLine("PMID:1", State.DELETED, "d")
        assert library.gone(as_of=1).keys() == {"PMID:2", "PMID:3", "PMID:4"}


def test_nothing_is_added_to_a_run_that_is_finished_or_was_never_begun(path):
    with Library.open(path, write=True) as library:
        run = library.begin(RunKind.FETCH)
        library.finish(run)
        for add in (
            lambda: library.store(run, [raw(1)]),
            lambda: library.request(run, ["PMID:1"]),
            lambda: library.add_search(run, SEARCH),
        ):
            with pytest.raises(InputError, match="run 1 is finished"):
                add()
        for add in (lambda: library.store(7, [raw(1)]), lambda: library.finish(7)):
            with pytest.raises(InputError, match="there is no run 7"):
                add()
        library.finish(run, "again")
        assert library.runs()[0].report == "again"
        assert list(library.contents()) == []


SEARCH = SavedSearch(
    name="main",
    query="ketamine AND “chronic pain”",
    database="pubmed",
    count=2,
    ids=("1", "20"),
    translation='"ketamine"[MeSH Terms]',
    notes=("phrase ignored: and",),
    build="Build-2026.11.22.03.05",
    updated="2026/11/22 03:05",
    slices=("2010/01/01 to 2012/12/31: 2",),
    at="2026-11-22T10:00:00+00:00",
    run=1,
)


def test_searches_keep_exactly_what_they_found(path):
    with Library.open(path, write=True) as library:
        for number in (1, 2):
            run = library.begin(RunKind.SEARCH)
            library.add_search(run, dataclasses.replace(SEARCH, count=number))
        library.add_search(run, dataclasses.replace(SEARCH, name="other"))
    with Library.open(path) as library:
        assert library.searches("main") == [
            dataclasses.replace(SEARCH, count=1),
            dataclasses.replace(SEARCH, count=2, run=2),
        ]
        assert [search.name for search in library.searches()] == ["main", "main", "other"]
        assert library.searches(as_of=1) == [dataclasses.replace(SEARCH, count=1)]
        assert library.searches("none") == []


def test_a_file_name_that_is_no_text_is_kept_as_far_as_it_is(path):
    stored(path, [raw(1, file="caf\udce9.ris")])
    with Library.open(path) as library:
        assert next(library.contents()).file == "caf?.ris"


def test_an_id_that_is_no_text_is_refused_with_its_batch(path):
    with pytest.raises(InputError, match="cannot hold"):
        stored(path, [raw(1), Raw("PMID:\udce9", SOURCE, b"")])
    assert texts(path) == []


# What is not, or no longer, a library


def test_changed_bytes_are_refused_by_name(path):
    stored(path, [raw(1, file="set.xml"), raw(2)])
    for damage in ("zeroblob(3)", "(SELECT bytes FROM content WHERE rowid = 2)", "'text'"):
        with sqlite3.connect(path) as database:
            database.execute(f"UPDATE content SET bytes = {damage} WHERE rowid = 1")
        database.close()
        with pytest.raises(InputError, match=r"PMID:1 \(set\.xml\).*no longer those.*library check --repair"):
            texts(path)


def test_storing_the_whole_bytes_again_makes_a_damaged_record_whole(path):
    stored(path, [raw(1)])
    with sqlite3.connect(path) as database:
        database.execute("UPDATE content SET bytes = x'00'")
    database.close()
    stored(path, [raw(1)])
    assert texts(path) == [("PMID:1", "1")]


@pytest.mark.parametrize("write", [False, True])
def test_a_library_of_a_newer_ketalit_is_refused_and_left_alone(path, write):
    stored(path, [raw(1)])
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 97}")
    database.close()
    before = files_of(path.parent)
    with pytest.raises(InputError, match=r"newer ketalit \(schema 99.*Update ketalit"):
        Library.open(path, write=write)
    assert files_of(path.parent) == before


@pytest.mark.parametrize("write", [False, True])
def test_what_is_no_library_is_refused_and_left_alone(path, write):
    path.write_text("not a database, and long enough to be looked at" * 100)
    before = path.read_bytes()
    with pytest.raises(InputError, match="no SQLite file"):
        Library.open(path, write=write)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, SCHEMA])
@pytest.mark.parametrize("write", [False, True])
def test_the_database_of_another_program_is_refused_and_left_alone(path, write, version):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE bookmarks (address)")
        database.execute(f"PRAGMA user_version = {version}")
    database.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="another program"):
        Library.open(path, write=write)
    assert path.read_bytes() == before


@pytest.mark.parametrize("write", [False, True])
def test_a_file_cut_short_is_refused(path, write):
    stored(path, [raw(number, "x" * 5000) for number in range(50)])
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputError, match="damaged"), Library.open(path, write=write) as library:
        list(library.contents())


def test_an_empty_file_is_a_library_that_holds_nothing_yet(path):
    path.touch()
    assert texts(path) == []
    assert path.read_bytes() == b""
    stored(path, [raw(1)])
    assert texts(path) == [("PMID:1", "1")]


def test_a_folder_in_its_place_and_a_missing_folder_are_refused(path):
    with pytest.raises(InputError, match="there is|folder is missing"):
        Library.open(path.parent / "none" / FILE, write=True)
    path.mkdir()
    for write in (False, True):
        with pytest.raises(InputError, match=FILE):
            Library.open(path, write=write)


def test_a_value_that_no_ketalit_writes_is_refused(path):
    stored(path, [raw(1)])
    with sqlite3.connect(path) as database:
        database.execute("UPDATE run SET kind = 'magic'")
    database.close()
    with Library.open(path) as library, pytest.raises(InputError, match="magic"):
        library.runs()


# Beside other processes


def test_a_reader_sees_what_is_committed_while_another_process_writes(path):
    stored(path, [raw(1)])
    with Library.open(path, write=True) as writer:
        run = writer.begin(RunKind.FETCH)
        with writer.writing() as database:
            database.execute("UPDATE run SET note = 'half done'")
            assert in_child(lambda: _expect(texts(path) == [("PMID:1", "1")])) == 0
        writer.store(run, [raw(2)])
        assert texts(path) == [("PMID:1", "1"), ("PMID:2", "2")]


def test_reading_leaves_no_file_behind(path):
    stored(path, [raw(1)])
    before = files_of(path.parent)
    assert before.keys() == {FILE}
    with Library.open(path) as library:
        assert len(list(library.contents())) == 1
        with pytest.raises(InputError, match="read-only"):
            library.begin(RunKind.FETCH)
    assert files_of(path.parent) == before


def test_many_processes_may_make_the_library_at_once(path):
    def child():
        if os.fork() == 0:
            with Library.open(path, write=True) as library:
                run = library.begin(RunKind.FETCH, str(os.getpid()))
                library.store(run, [raw(os.getpid())])
                library.finish(run)
            os._exit(0)

    def all_of_them():
        for _ in range(6):
            child()
        for _ in range(6):
            _expect(os.wait()[1] == 0)

    assert in_child(all_of_them) == 0
    with Library.open(path) as library:
        assert [run.id for run in library.runs()] == [1, 2, 3, 4, 5, 6]
        assert len(list(library.contents())) == 6


def test_a_library_locked_for_too_long_is_said(path, monkeypatch):
    monkeypatch.setattr(database_module, "PATIENCE", 0.2)
    stored(path, [raw(1)])
    with Library.open(path, write=True) as library:
        run = library.begin(RunKind.FETCH)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(InputError, match=r"being written by another process.*try again"):
            library.store(run, [raw(2)])
        assert time.monotonic() - began > 0.15
        assert texts(path) == [("PMID:1", "1")]
        other.execute("ROLLBACK")
        other.close()
        assert library.store(run, [raw(2)]) == 1


# Bad disks and folders


def _expect(truth):
    if not truth:
        raise AssertionError


@pytest.fixture
def read_only(tmp_path, path, somebody):
    folder = tmp_path / "read only"
    folder.mkdir()
    library = stored(folder / FILE, [raw(1)])
    library.chmod(0o444)
    folder.chmod(0o555)
    yield library
    folder.chmod(0o755)


def test_a_library_in_a_read_only_folder_can_be_read(read_only, somebody):
    before = files_of(read_only.parent)
    assert somebody(lambda: _expect(texts(read_only) == [("PMID:1", "1")])) == 0
    assert files_of(read_only.parent) == before


def test_and_not_written(read_only, somebody):
    before = files_of(read_only.parent)

    def write():
        with pytest.raises(InputError, match="read-only"):
            stored(read_only, [raw(2)])

    assert somebody(write) == 0
    assert files_of(read_only.parent) == before


def test_one_that_was_killed_cannot_be_settled_in_a_read_only_folder_and_says_so(tmp_path, path, somebody):
    folder = tmp_path / "killed"
    folder.mkdir()

    def write():
        library = Library.open(folder / FILE, write=True)
        library.store(library.begin(RunKind.FETCH), [raw(1)])
        os._exit(0)  # without closing

    assert in_child(write) == 0
    (folder / f"{FILE}-shm").unlink()
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)

    def read():
        with pytest.raises(InputError, match=r"not closed.*Copy the whole folder"):
            texts(folder / FILE)

    assert somebody(read) == 0
    folder.chmod(0o755)
    assert texts(folder / FILE) == [("PMID:1", "1")]


def test_a_file_that_is_not_ours_to_read_is_refused(path, somebody):
    stored(path, [raw(1)])
    path.chmod(0)

    def read():
        with pytest.raises(InputError, match="not yours to open"):
            texts(path)

    assert somebody(read) == 0


def test_where_nothing_can_be_made_beside_it_it_is_still_read(path, monkeypatch):
    stored(path, [raw(1)])
    monkeypatch.setattr(database_module.os, "access", lambda *_: False)
    with Library.open(path) as library:
        assert [item.id for item in library.contents()] == ["PMID:1"]
        assert files_of(path.parent).keys() == {FILE}


def test_a_full_disk_is_said_and_the_library_stays_whole(path):
    stored(path, [raw(1)])

    def write():
        with Library.open(path, write=True) as library:
            run = library.begin(RunKind.FETCH)
            resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 60_000, resource.RLIM_INFINITY))
            with pytest.raises(InputError, match=r"disk is full.*try again"):
                library.store(run, [Raw("PMID:2", SOURCE, os.urandom(1_000_000))], {"PMID:2": (State.RETURNED, "")})
            assert library.ledger(run) == []
            assert library.store(run, [raw(3)]) == 1  # it can go on

    assert in_child(write) == 0
    assert texts(path) == [("PMID:1", "1"), ("PMID:3", "3")]


def test_so_is_a_file_that_may_not_grow(path):
    stored(path, [raw(1)])
    with Library.open(path, write=True) as library:
        run = library.begin(RunKind.FETCH)
        pages = library._database.execute("PRAGMA page_count").fetchone()[0]
        library._database.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(InputError, match="the disk is full"):
            library.store(run, [Raw("PMID:2", SOURCE, os.urandom(1_000_000))])
    assert texts(path) == [("PMID:1", "1")]


def test_a_network_folder_without_locks_is_said():
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_LOCK
    with (
        pytest.raises(InputError, match=r"network folder without file locks.*local disk"),
        database_module.saying(FILE),
    ):
        raise error


def test_a_file_system_without_wal_keeps_its_journal_and_works(path, monkeypatch):
    monkeypatch.setattr(database_module, "_write_ahead", lambda database: None)
    stored(path, [raw(1)], [raw(2)])
    assert texts(path) == [("PMID:1", "1"), ("PMID:2", "2")]


def test_a_path_may_hold_spaces_marks_and_letters_of_any_script(tmp_path):
    folder = tmp_path / "revue n° 1 ? #2 % 痛み"
    folder.mkdir()
    assert texts(stored(folder / FILE, [raw(1)])) == [("PMID:1", "1")]
