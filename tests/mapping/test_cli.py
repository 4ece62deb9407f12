"""Questions: does `ketalit map` do what its options say, and leave with the right code?"""

import json

import pytest


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def test_map(ketalit):
    code, out, _ = ketalit("map")
    assert code == 0
    assert "49 of 64 cells" in out
    assert max(map(len, out.splitlines())) <= 80


def test_by_follow_up(ketalit):
    code, out, _ = ketalit("map", "--by", "followup")
    assert code == 0
    assert "19 of 32 cells" in out


def test_one_window(ketalit):
    code, out, _ = ketalit("map", "--followup", "beyond", "--json")
    data = json.loads(out)
    assert code == 0
    assert {study["followup"] for study in data["studies"]} == {"Beyond 3 months"}


def test_why(ketalit):
    code, out, _ = ketalit("map", "--why")
    assert code == 0
    assert "condition/crps" in out


def test_files(ketalit, tmp_path):
    names = [tmp_path / "map.svg", tmp_path / "map.html", tmp_path / "map.csv"]
    code, out, _ = ketalit("map", *(part for name in names for part in ("--to", name)))
    assert code == 0
    assert out.count("wrote ") == 4
    assert all(name.exists() for name in (*names, tmp_path / "map.studies.csv"))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--by", "rute"], "Did you mean “route”"),
        (["--followup", "century"], "Beyond 3 months"),
        (["--to", "map.gif"], ".svg"),
        (["--to", "no/such/folder/map.svg"], "folder"),
        (["-r", "no-such-review"], "no-such-review"),
    ],
)
def test_faults_are_told_in_a_sentence(ketalit, tmp_path, monkeypatch, args, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = ketalit("map", *args)
    assert code == 1
    assert said in err
    assert "Traceback" not in err + out
    assert not list(tmp_path.iterdir())
