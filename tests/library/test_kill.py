"""`kill -9` at every step and in the middle of every write: what was reported stored is there, and nothing by halves."""

import itertools
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from ketalit.library import (
    FILE,
    Cache,
    Library,
    Raw,
    RunKind,
    SavedSearch,
    State,
    check_library,
    pack,
    quarantine,
    unpack,
)
from ketalit.library import cache as cache_module
from ketalit.review import load_review, new_review
from ketalit.searching import save_search

from . import SOURCE, in_child, raw, stored, texts
from .test_upgrade import EXPECTED, schema_1, shown

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed as POSIX does it")

FILE_EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "shutil.rmtree"}


def die_at_step(number, folder):
    """This process kills itself at its n-th statement, piece of a statement, or touch of a file in the folder."""
    steps = itertools.count(1)

    def step(*_):
        if next(steps) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*arguments, **more):
        database = connect_as_ever(*arguments, **more)
        database.set_trace_callback(step)
        database.set_progress_handler(step, 100)  # every 100 instructions of SQLite's machine
        return database

    def hook(event, arguments):
        if event in FILE_EVENTS and str(arguments[0]).startswith(str(folder)):
            step()

    connect_as_ever = sqlite3.connect
    sqlite3.connect = connect  # in this process, which is about to die
    sys.addaudithook(hook)


def die_at_size(size):
    """This process is killed by the system at the write that would make any file longer than that: half a page, half
    a frame, half a header stays written."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def kill_everywhere(folder, prepare, act, verify, *, every=1, sizes=()):
    """Let `act` die at each step until it gets through, then at each size; after each death, `verify`.

    `prepare` gets a new folder; `act` and `verify` get the same one.
    Returns how often it died.
    """
    deaths = 0

    def once(name, die):
        place = folder / name
        place.mkdir()
        prepare(place)
        code = in_child(lambda: (die(place), act(place)))
        assert code in {0, -signal.SIGKILL, -signal.SIGXFSZ}
        verify(place)
        shutil.rmtree(place)
        return code != 0

    for number in itertools.count(1, every):
        if not once(f"step {number}", lambda place, number=number: die_at_step(number, place)):
            break
        deaths += 1
    assert number > 3
    for size in sizes:
        deaths += once(f"size {size}", lambda place, size=size: die_at_size(size))
    return deaths


NOISE = random.Random(1)
FIRST = [Raw(f"PMID:{number}", SOURCE, NOISE.randbytes(20_000)) for number in (11, 12, 13)]
SECOND = [Raw(f"PMID:{number}", SOURCE, NOISE.randbytes(20_000)) for number in (21, 22)]
SEARCH = SavedSearch("main", "ketamine", "pubmed", 5, ("11",), "", (), "", "", (), "2026-11-22", 1)


def fetch(place):
    """A whole fetch; after each call that came back, one letter is added to the file `told`."""
    told = os.open(place / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Library.open(place / FILE, write=True) as library:
        run = library.begin(RunKind.FETCH)
        os.write(told, b"b")
        library.request(run, [item.id for item in FIRST + SECOND])
        os.write(told, b"r")
        library.store(run, FIRST, {item.id: (State.RETURNED, "") for item in FIRST})
        os.write(told, b"1")
        library.store(run, SECOND, {item.id: (State.RETURNED, "") for item in SECOND})
        os.write(told, b"2")
        library.add_search(run, SEARCH)
        os.write(told, b"s")
        library.finish(run)
        os.write(told, b"f")
    os.close(told)


def verify_fetch(place):
    told = (place / "told").read_text() if (place / "told").exists() else ""
    path = place / FILE
    assert [damage for damage in check_library(path) if not damage.pending] == []
    with Library.open(path) as library:
        content = {item.id: item.content for item in library.contents()}
        assert content.pop("PMID:1") == raw(1).content
        runs = library.runs()[1:]
        assert len(runs) >= ("b" in told)
        states = {line.id: line.state for run in runs for line in library.ledger(run.id)}
        assert len(states) in ({5} if "r" in told else {0, 5})
        for mark, batch in (("1", FIRST), ("2", SECOND)):
            expected = {item.id: item.content for item in batch}
            here = {name: content[name] for name in expected if name in content}
            assert here in ([expected] if mark in told else [{}, expected])
            if states:
                assert {states[name] for name in expected} == {State.RETURNED if here else None}
        assert len(library.searches()) >= ("s" in told)
        assert sum(bool(run.finished) for run in runs) >= ("f" in told)
    fetch(place)  # the next run completes
    assert [damage for damage in check_library(path) if not damage.pending] == []
    with Library.open(path) as library:
        assert {item.id: item.content for item in library.contents()} == {
            item.id: item.content for item in (raw(1), *FIRST, *SECOND)
        }
        assert library.runs()[-1].finished
    assert {file.name for file in place.iterdir()} == {FILE, "told"}


def test_a_fetch_killed_anywhere(tmp_path):
    deaths = kill_everywhere(
        tmp_path,
        lambda place: stored(place / FILE, [raw(1)]),
        fetch,
        verify_fetch,
        # The shared memory of WAL takes 32 kB at once; beyond that, every size tears another write to journal or file.
        sizes=[0, 4096, 20_000, *range(32_900, 200_000, 8_300)],
    )
    assert deaths > 60


@pytest.mark.long
def test_a_fetch_killed_in_the_middle_of_every_write(tmp_path):
    sizes = range(32_700, 200_000, 619)
    kill_everywhere(tmp_path, lambda place: stored(place / FILE, [raw(1)]), fetch, verify_fetch, every=40, sizes=sizes)


def test_the_first_opening_killed_anywhere(tmp_path):
    def verify(place):
        assert texts(place / FILE) == []
        assert texts(stored(place / FILE, [raw(1)])) == [("PMID:1", "1")]

    deaths = kill_everywhere(
        tmp_path,
        lambda place: None,
        lambda place: Library.open(place / FILE, write=True).close(),
        verify,
        sizes=[0, 100, 5000, 33_000, 40_000, 50_000],
    )
    assert deaths > 15


def test_an_upgrade_killed_anywhere(tmp_path):
    def verify(place):
        assert shown(place / FILE) == EXPECTED
        assert check_library(place / FILE) == []
        assert shown(place / FILE, write=True) == EXPECTED
        assert check_library(place / FILE) == []

    deaths = kill_everywhere(
        tmp_path,
        lambda place: schema_1(place / FILE),
        lambda place: shown(place / FILE, write=True),
        verify,
        sizes=range(32_800, 70_000, 3_000),
    )
    assert deaths > 30


def test_a_quarantine_killed_anywhere(tmp_path):
    def prepare(place):
        stored(place / FILE, [raw(1), raw(2)])
        with sqlite3.connect(place / FILE) as database:
            database.execute("UPDATE content SET bytes = x'5a' WHERE rowid = 1")
        database.close()

    def act(place):
        quarantine(place / FILE, check_library(place / FILE))

    def verify(place):
        [damage] = check_library(place / FILE)
        assert damage.id == "PMID:1"
        with Library.open(place / FILE) as library:
            kept = "SELECT bytes FROM quarantine UNION ALL SELECT bytes FROM content WHERE bytes = x'5a'"
            assert library._database.execute(kept).fetchall() == [(b"\x5a",)]
        act(place)
        [damage] = check_library(place / FILE)
        assert damage.pending
        stored(place / FILE, [raw(1)])
        assert texts(place / FILE) == [("PMID:1", "1"), ("PMID:2", "2")]

    assert kill_everywhere(tmp_path, prepare, act, verify, sizes=range(32_800, 60_000, 5_000)) > 30


@pytest.fixture(scope="module")
def a_review(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a review") / "review"
    folder.mkdir()
    (folder / "review.toml").write_text("format = 1\n")
    (folder / "screening.csv").write_text("record,decision\n")
    stored(folder / FILE, [raw(1), *FIRST], [raw(1, "changed")])
    return folder


def test_a_pack_killed_anywhere(tmp_path, a_review):
    whole = pack(a_review, tmp_path / "whole.tar.gz").read_bytes()

    def verify(place):
        assert (place / "a.tar.gz").read_bytes() in {b"the archive before", whole}
        assert check_library(a_review / FILE) == []
        assert pack(a_review, place / "a.tar.gz").read_bytes() == whole
        assert {path.name for path in place.iterdir() if not path.name.startswith(".")} == {"a.tar.gz"}

    deaths = kill_everywhere(
        tmp_path,
        lambda place: (place / "a.tar.gz").write_bytes(b"the archive before"),
        lambda place: pack(a_review, place / "a.tar.gz"),
        verify,
        sizes=range(33_000, len(whole), 3_000),
    )
    assert deaths > 15


def test_an_unpack_killed_anywhere(tmp_path, a_review):
    archive = pack(a_review, tmp_path / "whole.tar.gz")

    def verify(place):
        if (place / "copy").exists():
            assert pack(place / "copy", place / "b.tar.gz").read_bytes() == archive.read_bytes()
        else:
            copy = unpack(archive, place / "copy")
            assert pack(copy, place / "b.tar.gz").read_bytes() == archive.read_bytes()

    deaths = kill_everywhere(
        tmp_path,
        lambda place: None,
        lambda place: unpack(archive, place / "copy"),
        verify,
        sizes=range(1, 140_000, 20_000),
    )
    assert deaths > 40


QUERY = "ketamine AND pain " * 500


def test_a_review_file_killed_anywhere_is_the_old_one_or_the_new_one(tmp_path):
    new_review(tmp_path / "before", empty=True)
    old = (tmp_path / "before" / "review.toml").read_bytes()
    new = save_search(tmp_path / "before", "broad", QUERY).read_bytes()
    seen = set()

    def verify(place):
        seen.add((place / "mine" / "review.toml").read_bytes())
        assert load_review(place / "mine").title
        assert save_search(place / "mine", "broad", QUERY).read_bytes() == new  # the same command goes on
        assert {
            path.name for path in place.rglob("*") if ".part" in path.name and not path.name.startswith(".")
        } == set()

    deaths = kill_everywhere(
        tmp_path,
        lambda place: (new_review(place / "mine", empty=True), (place / "mine" / "review.toml").write_bytes(old)),
        lambda place: save_search(place / "mine", "broad", QUERY),
        verify,
        sizes=range(0, len(new), 1_000),
    )
    assert deaths > 10
    assert seen == {old, new}


def test_a_cache_killed_anywhere_holds_the_value_or_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_module, "changed_since_start", lambda: False)
    value = NOISE.randbytes(60_000)

    def add(place):
        with Cache(place) as cache:
            cache.add({b"key": value})

    def verify(place):
        with Cache(place) as cache:
            assert cache.get(b"key") in {None, value}
        for _ in range(2):  # a file that the first finds damaged is begun anew by the second
            add(place)
        with Cache(place) as cache:
            assert cache.get(b"key") == value

    assert kill_everywhere(tmp_path, lambda place: None, add, verify, sizes=range(0, 70_000, 5_000)) > 10


# Several writers, killed at random


def content_of(name):
    luck = random.Random(name)
    return luck.randbytes(luck.randint(1, 30_000))


def write_for_ever(path: Path, diary: Path):
    """Store batch after batch; each that was reported stored goes into the diary."""
    line = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in itertools.count():
        with Library.open(path, write=True) as library:
            run = library.begin(RunKind.FETCH)
            for part in range(3):
                names = [f"PMID:{os.getpid()}{number:04}{part}{item}" for item in range(5)]
                library.request(run, names)
                raws = [Raw(name, SOURCE, content_of(name)) for name in names]
                library.store(run, raws, dict.fromkeys(names, (State.RETURNED, "")))
                os.write(line, f"{json.dumps(names)}\n".encode())
            library.finish(run)


def start(path, diary):
    pid = os.fork()
    if pid == 0:
        try:
            write_for_ever(path, diary)
        finally:
            os._exit(70)
    return pid


@pytest.mark.parametrize("kills", [12, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # forks of a process that may have threads
def test_random_kills_of_four_writers(tmp_path, kills):
    path, diary = tmp_path / FILE, tmp_path / "diary"
    luck = random.Random(kills)
    writers = [start(path, diary) for _ in range(4)]
    try:
        for _ in range(kills):
            time.sleep(luck.uniform(0.02, 0.25))
            victim = luck.randrange(4)
            os.kill(writers[victim], signal.SIGKILL)
            assert os.waitstatus_to_exitcode(os.waitpid(writers[victim], 0)[1]) == -signal.SIGKILL
            writers[victim] = start(path, diary)
        time.sleep(0.5)
    finally:
        for pid in writers:
            os.kill(pid, signal.SIGKILL)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in writers] == [-signal.SIGKILL] * 4
    told = [name for line in diary.read_text().splitlines() for name in json.loads(line)]
    assert len(told) > kills
    assert [damage for damage in check_library(path) if not damage.pending] == []
    with Library.open(path) as library:
        here = {item.id: item.content for item in library.contents()}
        assert set(told) <= here.keys()
        assert all(content == content_of(name) for name, content in here.items())
        for run in library.runs():
            lines = library.ledger(run.id)
            assert {line.id for line in lines if line.state} == {line.id for line in lines if line.id in here}
            assert sum(line.state is not None for line in lines) % 5 == 0
    stored(path, [raw(1)])
    assert {file.name for file in tmp_path.iterdir()} == {FILE, "diary"}
