"""The same scan on Dask: the same bytes as in one process, a worker killed in mid-run included."""

from __future__ import annotations

import dataclasses
import os
import signal
from pathlib import Path

import pytest

from ketalit import __version__
from ketalit.errors import InputError
from ketalit.scan import Wanted, run, scan
from ketalit.scan.cluster import _outcome
from ketalit.scan.one import scan_file

from .conftest import Baseline, trial, withdrawn

pytest.importorskip("distributed", reason="the extra “scan” is not installed")
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("default")]  # the warnings are Dask's own

WANTED = Wanted(searches=(("k", "ketamine"),), where=("n_total>=20",))


def six_files(baseline: Baseline, records: int = 200) -> None:
    for number in range(1, 7):
        first = 10_000 * number
        fresh = (trial(first + at, people=10 + (at + number) % 90) for at in range(records))
        revised = (trial(first - 10_000 + at, people=200) for at in range(0, records, 5))
        baseline.put(number, *fresh, *(revised if number > 1 else ()), withdrawn(first - 10_000 + 1))
    path = baseline.files / "pubmed25n0004.xml.gz"
    path.write_bytes(path.read_bytes()[:-100])


def compare(baseline: Baseline, other: Path, **options):
    report = baseline.scan(WANTED)
    assert [failed.file for failed in report.failed] == ["pubmed25n0004.xml.gz"]
    here, baseline.out = baseline.content(), other
    there = baseline.scan(WANTED, **options)
    assert there.failed == report.failed
    assert (there.seen, there.kept, there.current) == (report.seen, report.kept, report.current)
    assert baseline.content() == here
    assert not baseline.left_over()


def test_workers_on_this_machine_write_the_same_bytes(baseline, tmp_path):
    six_files(baseline)
    compare(baseline, tmp_path / "there", workers=2)


def test_a_worker_killed_in_mid_run_changes_nothing(baseline, tmp_path):
    from distributed import LocalCluster

    six_files(baseline, records=600)
    killed: list[int] = []
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:

        def kill_one(line: str) -> None:
            if " of 6 files" in line and not killed:
                killed.append(cluster.workers[0].process.pid)
                os.kill(killed[0], signal.SIGKILL)  # only a process that this test has started

        compare(baseline, tmp_path / "there", scheduler=cluster.scheduler_address, say=kill_one)
    assert killed


def test_a_file_that_every_worker_dies_of_is_named(baseline, monkeypatch):
    """As where memory does not suffice: after some tries it is given up; a file that waited beside it is not blamed."""
    from dask import config
    from distributed import LocalCluster

    for number in (1, 2):
        baseline.put(number, trial(1000 + number))
    monkeypatch.setattr(run, "attempt", deadly)
    # Dask starts a worker again unless it died while it started: so there is one that need not be.
    with (
        config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
    ):
        report = baseline.scan(scheduler=cluster.scheduler_address)
    assert [failed.file for failed in report.failed] == ["pubmed25n0001.xml.gz"]
    assert "several workers died" in report.failed[0].reason
    assert report.scanned == ("pubmed25n0002.xml.gz",)


def test_no_worker_left_is_told(baseline, monkeypatch):
    from dask import config
    from distributed import LocalCluster

    for number in (1, 2):
        baseline.put(number, trial(1000 + number))
    with (
        config.set({"distributed.scheduler.no-workers-timeout": 1}),
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster,
        pytest.raises(InputError, match="no worker is left"),
    ):
        baseline.scan(scheduler=cluster.scheduler_address)


def deadly(path, folder, wanted):
    if "0001" in path.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return scan_file(path, folder, wanted)


def test_no_scheduler_is_one_sentence(baseline, monkeypatch):
    from ketalit.scan import cluster

    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    baseline.put(1, trial(1001))
    with pytest.raises(InputError, match="does not answer as a Dask scheduler"):
        scan([baseline.files], baseline.out, scheduler="tcp://127.0.0.1:9")


def test_a_worker_with_another_ketalit_is_told(baseline):
    path = baseline.put(1, trial(1001))
    baseline.scan()

    class Finished:
        def __init__(self, version: str):
            self.version = version

        def result(self):
            return dataclasses.replace(scan_file(path, baseline.out, Wanted()), ketalit=self.version)

    assert "install the same everywhere" in _outcome(Finished("0.0.0"))
    assert _outcome(Finished(__version__)).kept == 1
