"""The command: what it prints, and what it leaves with."""

import json

import pytest
from typer.testing import CliRunner

from ketalit.cli import app
from ketalit.errors import IncompleteError, InputError


def run(*arguments):
    return CliRunner().invoke(app, ["freeze", *map(str, arguments)])


def test_freeze_and_verify(tmp_path):
    made = run("--to", tmp_path / "snapshot", "--date", "2026-11-22", "--author", "Doe, Jane")
    assert made.exit_code == 0
    fingerprint = made.output.split("fingerprint ")[1].split()[0]
    held = run("--verify", tmp_path / "snapshot")
    assert held.exit_code == 0
    assert f"fingerprint {fingerprint}" in held.output
    assert "Doe" in (tmp_path / "snapshot" / "README.md").read_text(encoding="utf-8")
    (tmp_path / "snapshot" / "methods.md").write_text("changed")
    held = run("--verify", tmp_path / "snapshot")
    assert isinstance(held.exception, IncompleteError)
    assert held.exception.exit_code == 4
    assert "changed: methods.md" in held.output


def test_as_json(tmp_path):
    made = json.loads(run("--to", tmp_path / "snapshot.zip", "--json").output)
    held = json.loads(run("--verify", tmp_path / "snapshot.zip", "--json").output)
    assert made["fingerprint"] == held["fingerprint"]
    assert held["ok"]


def test_a_full_folder_is_refused(tmp_path):
    (tmp_path / "a").write_text("")
    refused = run("--to", tmp_path)
    assert isinstance(refused.exception, InputError)
    assert "is not empty" in str(refused.exception)


@pytest.mark.parametrize("target", ["nowhere", "file"])
def test_what_is_no_snapshot_is_refused(target, tmp_path):
    (tmp_path / "file").write_text("")
    assert isinstance(run("--verify", tmp_path / target).exception, InputError)
