"""Questions: are starts ever closer than allowed, over processes and threads, and what if nothing can be written?"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import platformdirs
import pytest

from ketalit.entrez import limiter as module
from ketalit.entrez.limiter import HORIZON, Limiter, next_start

# Says when it started, on the clock that all processes share.
WORKER = """
import sys, time
from pathlib import Path
from ketalit.entrez.limiter import Limiter
folder, rate, starts = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
limiter = Limiter(folder, "test", rate)
for _ in range(starts):
    limiter.wait()
    print(time.monotonic(), flush=True)
"""


def most_in_a_second(times):
    times = sorted(times)
    return max(sum(start <= other < start + 1 for other in times) for start in times)


@pytest.mark.parametrize(("rate", "starts"), [(3, 1), (10, 4)])
def test_eight_processes_never_exceed_the_rate(tmp_path, rate, starts):
    command = [sys.executable, "-c", WORKER, str(tmp_path), str(rate), str(starts)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    times = [float(line) for process in processes for line in process.communicate(timeout=240)[0].split()]
    assert len(times) == 8 * starts
    assert most_in_a_second(times) <= rate


def test_threads_of_one_process_never_exceed_the_rate(tmp_path):
    limiters = [Limiter(tmp_path, "test", 10) for _ in range(3)]

    def start(number):
        limiters[number % 3].wait()
        return time.monotonic()

    with ThreadPoolExecutor(12) as pool:
        times = list(pool.map(start, range(24)))
    assert most_in_a_second(times) <= 10
    assert max(times) - min(times) < 20  # and no slower than need be


def test_names_do_not_wait_for_each_other(tmp_path):
    Limiter(tmp_path, "one", 1).wait()
    assert Limiter(tmp_path, "other", 1).wait() == 0


def test_a_pause_holds_for_everybody_and_is_said(tmp_path):
    said = []
    Limiter(tmp_path, "test", 10).pause(1.3)
    assert 1.2 < Limiter(tmp_path, "test", 10, say=said.append).wait() < 2
    assert said == ["waiting 1 s: NCBI asks for a pause"]


def test_a_shorter_pause_does_not_end_a_longer_one(tmp_path):
    limiter = Limiter(tmp_path, "test", 10)
    limiter.pause(0.5)
    limiter.pause(0.1)
    limiter.pause(-100)
    assert limiter.wait() > 0.4


@pytest.mark.parametrize(
    ("now", "row", "start"),
    [
        (50.0, None, 50.0),
        (50.0, (49.0, 51.0), 51.0),
        (50.0, (40.0, 41.0), 41.0),  # long past: at once
        (5.0, (9000.0, 9000.3), 5.0),  # the clock began anew: the machine was restarted
        (50.0, (49.0, 50.0 + HORIZON + 1), 50.0),  # no queue is that long
    ],
)
def test_what_is_stored_never_makes_anybody_wait_long(now, row, start):
    assert next_start(now, row) == start


def test_a_clock_that_is_set_back_changes_nothing(tmp_path, monkeypatch):
    limiter = Limiter(tmp_path, "test", 10)
    limiter.wait()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert limiter.wait() < 0.2


@pytest.fixture
def fallback(tmp_path, monkeypatch):
    """A folder for temporary files of our own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_without_a_folder_it_is_the_users_state(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_state_path", lambda _name: tmp_path / "state")
    Limiter(None, "test", 10).wait()
    assert (tmp_path / "state" / "limiter.sqlite").is_file()


def test_a_folder_that_cannot_be_written_is_replaced_by_one_of_this_user(fallback):
    (fallback / "file").write_text("in the way")
    said = []
    for folder in (fallback / "file" / "below", fallback / "file"):
        Limiter(folder, "test", 10, say=said.append).wait()
    (found,) = fallback.glob("ketalit-*/limiter.sqlite")
    assert not said
    if hasattr(os, "getuid"):
        assert found.parent.stat().st_mode & 0o077 == 0


def test_without_any_folder_the_process_keeps_the_pace_and_says_so_once(fallback, monkeypatch):
    (fallback / "file").write_text("in the way")
    monkeypatch.setattr(tempfile, "tempdir", str(fallback / "file"))
    said = []
    limiters = [Limiter(fallback / "file", "alone", 10, say=said.append), Limiter(fallback / "file", "alone", 10)]
    times = []
    threads = [
        threading.Thread(target=lambda number=number: (limiters[number % 2].wait(), times.append(time.monotonic())))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most_in_a_second(times) <= 10
    assert len(said) == 1
    assert "within this process only" in said[0]


def test_somebody_elses_folder_among_the_temporary_files_is_not_used(fallback, monkeypatch):
    if not hasattr(os, "getuid"):
        pytest.skip("this system has no owners of files")
    (fallback / "elsewhere").mkdir()
    (fallback / f"ketalit-{os.getuid()}").symlink_to(fallback / "elsewhere")
    (fallback / "file").write_text("in the way")
    said = []
    Limiter(fallback / "file", "test", 10, say=said.append).wait()
    assert len(said) == 1
    assert not list((fallback / "elsewhere").iterdir())


def test_a_damaged_file_stops_nobody(tmp_path, fallback):
    state = tmp_path / "state"
    state.mkdir()
    (state / "limiter.sqlite").write_bytes(b"this is no database, however long it is" * 100)
    limiter = Limiter(state, "test", 10)
    limiter.wait()
    assert limiter.wait() > 0
    assert list(fallback.glob("ketalit-*/limiter.sqlite"))


def test_a_killed_waiter_leaves_no_slot_behind(tmp_path):
    Limiter(tmp_path, "test", 3).wait()
    command = [sys.executable, "-c", WORKER, str(tmp_path), "3", "1000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert Limiter(tmp_path, "test", 3).wait() <= 1.1 / 3


def test_who_is_held_up_after_getting_a_turn_takes_another(tmp_path, monkeypatch):
    limiter = Limiter(tmp_path, "test", 10)
    turn, turns = limiter._turn, []

    def held_up(move):
        turns.append(turn(move))
        if len(turns) == 1:
            time.sleep(2 * module.LATE)
        return turns[-1]

    monkeypatch.setattr(limiter, "_turn", held_up)
    limiter.wait()
    assert turns[-1][0] - turns[0][0] >= 1.1 / 10 - 0.001


def test_one_row_a_name_however_often_it_is_used(tmp_path):
    limiter = Limiter(tmp_path, "test", 100)
    for _ in range(5):
        limiter.wait()
    with sqlite3.connect(tmp_path / "limiter.sqlite") as database:
        assert database.execute("SELECT count(*) FROM pace").fetchone() == (1,)
    database.close()


def test_it_says_nothing_unless_told_to():
    assert module.silent("a line") is None
