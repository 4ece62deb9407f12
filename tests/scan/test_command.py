"""`ketalit scan` as a person runs it: exit codes, JSON, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

import ketalit.cli
from ketalit.errors import IncompleteError, InputError
from ketalit.scan import done

from .conftest import trial


def ketalit_scan(*arguments: str):
    result = CliRunner().invoke(ketalit.cli.app, ["scan", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_scan_is_told_and_exits_well(baseline):
    baseline.put(1, trial(1001))
    result = ketalit_scan(baseline.files, "--to", baseline.out)
    assert result.exit_code == 0
    assert "1 record count" in " ".join(result.stdout.split())


def test_json_for_scripts(baseline):
    baseline.put(1, trial(1001, people=10), trial(1002, people=50))
    result = ketalit_scan(baseline.files, "--to", baseline.out, "--where", "n_total>=30", "--json")
    told = json.loads(result.stdout)
    assert (told["seen"], told["kept"], told["current"]) == (2, 1, 1)


def test_a_damaged_file_leaves_with_4(baseline):
    baseline.put(1, trial(1001))
    (baseline.files / "pubmed25n0002.xml.gz").write_bytes(b"\x1f\x8bnothing")
    with pytest.raises(IncompleteError) as error:
        ketalit_scan(baseline.files, "--to", baseline.out)
    assert error.value.exit_code == 4


def test_one_kind_of_workers_only(baseline):
    baseline.put(1, trial(1001))
    with pytest.raises(InputError, match="exclude each other"):
        ketalit_scan(baseline.files, "--to", baseline.out, "--workers", "2", "--scheduler", "tcp://127.0.0.1:1")


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("more", [(), ("--workers", "2")])
def test_ctrl_c_leaves_whole_files_and_the_same_command_goes_on(baseline, more):
    """SIGINT to the whole group, as a terminal sends it, while files are being written."""
    for number in range(1, 9):
        baseline.put(number, *(trial(10_000 * number + at) for at in range(500)))
    if more:
        pytest.importorskip("distributed")
    command = [
        sys.executable,
        "-c",
        "from ketalit.cli import main; main()",
        "scan",
        str(baseline.files),
        "--to",
        str(baseline.out),
        *more,
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 120
    while len(list((baseline.out / "done").glob("*.json"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # the group of the one process started here
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert not baseline.left_over()
    marked = [path.stem for path in (baseline.out / "done").glob("*.json")]
    assert 2 <= len(marked) < 8
    assert all(done.read_mark(baseline.out, name) for name in marked)
    report = baseline.scan()
    assert len(report.up_to_date) >= len(marked)
    assert report.current == 8 * 500
