"""`ketalit lessons`, `lab` and `present` as a teacher and a learner meet them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

import pytest

from ketalit.cli import teaching
from ketalit.lessons import course
from ketalit.review import BUNDLED

FIRST = "# A synthetic lesson\n\n**25 minutes** · read.\n\nAt the end you can\n\n1. run;\n2. read;\n3. stop."


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A course of two synthetic lessons."""
    folder = tmp_path / "course" / "notebooks"
    folder.mkdir(parents=True)
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": FIRST},
        {"cell_type": "markdown", "id": "b", "metadata": {"tags": ["instructor"]}, "source": "The answer is 42."},
    ]
    for name in ("01-one.ipynb", "02-two.ipynb"):
        text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(course, "_HERE", folder.parent / "ketalit" / "lessons")
    return folder


@pytest.fixture
def served(monkeypatch, tmp_path_factory):
    """The servers that would have been started: (arguments, settings, files beside the notebook)."""
    calls = []

    def serve(command, settings, told_at=None):
        paths = [Path(part) for part in command if part.endswith(".ipynb") and not part.startswith("--")]
        calls.append((command, settings, {path.name: path.read_text(encoding="utf-8") for path in paths}))
        return 0

    monkeypatch.setattr(teaching, "_serve", serve)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path_factory.mktemp("jupyter")))  # where notebooks are signed
    monkeypatch.setattr(teaching, "_is_root", lambda: False)  # a machine that runs tests often runs them as root
    return calls


# --- lessons ------------------------------------------------------------------------------------------------------


def test_lessons_are_listed(ketalit, notebooks):
    code, out, _ = ketalit("lessons")
    assert code == 0
    listed = [line for line in out.splitlines() if re.search(r"^0[12] +A synthetic lesson +25 *$", line)]
    assert len(listed) == 2
    assert "run" not in out
    assert "`ketalit lessons 02`" in out


def test_the_list_of_lessons_fits_a_small_terminal(ketalit, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    out = ketalit("lessons")[1]
    assert len(out.splitlines()) < 24
    for number in range(11):
        assert re.search(rf"^{number:02} .+ \d+ *$", out, re.MULTILINE)


def test_lessons_for_scripts(ketalit, notebooks):
    listed = json.loads(ketalit("lessons", "--json")[1])
    assert [one["number"] for one in listed] == ["01", "02"]
    assert listed[0] == {
        "number": "01",
        "title": "A synthetic lesson",
        "minutes": 25,
        "objectives": ["run", "read", "stop"],
        "notebook": "01-one.ipynb",
    }


def test_one_lesson_says_how_to_open_it(ketalit, notebooks):
    out = ketalit("lessons", 2)[1]
    assert "1. run\n  2. read\n  3. stop" in out
    assert "`ketalit lab 02`" in out


def test_an_unknown_lesson_is_one_sentence(ketalit, notebooks):
    for command in ("lessons", "lab", "present"):
        code, out, err = ketalit(command, "7")
        assert (code, out) == (1, "")
        assert err == "ketalit: there is no lesson “7”. Expected: 01 to 02, as `ketalit lessons` lists them.\n"


# --- lab ----------------------------------------------------------------------------------------------------------


def test_lab_copies_the_lessons_and_opens_them(ketalit, notebooks, served, tmp_path):
    code, _, err = ketalit("lab")
    work = tmp_path / "ketalit-lessons"
    assert code == 0
    assert str(work) in err
    assert sorted(path.name for path in work.iterdir()) == [
        ".ketalit-lessons.json", "01-one.ipynb", "02-two.ipynb",
    ]  # fmt: skip
    assert "42" not in (work / "01-one.ipynb").read_text()
    command, settings, _ = served[0]
    assert command[0] == "jupyterlab"
    assert f"--ServerApp.root_dir={work}" in command
    assert settings["KETALIT_ANSWERS"] == str(work / "answers.csv")
    assert not {"KETALIT_INSTRUCTOR", "KETALIT_REVIEW", "KETALIT_PRESENT"} & set(settings)


def test_lab_opens_the_lesson_asked_for(ketalit, notebooks, served, tmp_path):
    ketalit("lab", "two", "--to", "mine", "--no-browser", "--port", 9999)
    command, *_ = served[0]
    assert "--LabApp.default_url=/lab/tree/02-two.ipynb" in command
    assert {"--no-browser", "--port=9999"} <= set(command)
    assert (tmp_path / "mine" / "02-two.ipynb").is_file()


@pytest.mark.parametrize("command", [("lab",), ("present", "1")])
def test_a_taken_port_is_told_and_not_silently_another(ketalit, notebooks, served, tmp_path, command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = ketalit(*command, "--port", port)
    assert code == 1
    assert f"port {port} cannot be used" in err
    assert err.count("\n") == 1
    assert not served
    assert not (tmp_path / "ketalit-lessons").exists()
    assert ketalit(*command, "--port", 70_000)[0] == 2


def test_without_a_port_a_free_one_is_named(ketalit, notebooks, served, monkeypatch):
    ketalit("present", 1)
    (usual,) = (int(part[7:]) for part in served[0][0] if part.startswith("--port="))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", usual))
        taken.listen()
        ketalit("present", 1)
    (other,) = (int(part[7:]) for part in served[1][0] if part.startswith("--port="))
    assert other != usual


def test_copies_are_signed_and_what_somebody_changed_is_not(ketalit, notebooks, served, tmp_path):
    from nbformat import read
    from nbformat.sign import NotebookNotary

    first, second = (tmp_path / "ketalit-lessons" / name for name in ("01-one.ipynb", "02-two.ipynb"))
    ketalit("lab")
    text = first.read_text()
    first.write_text(text.replace("25 minutes", "26 minutes"))
    ketalit("lab")
    notary = NotebookNotary()
    assert not notary.check_signature(read(first, as_version=4))
    assert notary.check_signature(read(second, as_version=4))


def test_lab_keeps_what_a_learner_changed(ketalit, notebooks, served, tmp_path):
    ketalit("lab")
    mine = tmp_path / "ketalit-lessons" / "01-one.ipynb"
    mine.write_text("my notes")
    err = ketalit("lab")[2]
    assert mine.read_text() == "my notes"
    assert "Kept as you left them: 01-one.ipynb. `--fresh` makes new copies elsewhere." in err
    assert "02-two" not in err

    ketalit("lab", "--fresh")
    (new,) = tmp_path.glob("ketalit-lessons-2*")
    assert mine.read_text() == "my notes"
    assert json.loads((new / "01-one.ipynb").read_text())["cells"]


def test_root_is_told_how_in_one_sentence(ketalit, notebooks, served, tmp_path, monkeypatch):
    monkeypatch.setattr(teaching, "_is_root", lambda: True)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "1")
    code, _, err = ketalit("lab")
    assert code == 1
    assert err.count("\n") == 1
    assert "`ketalit lab --allow-root`" in err
    assert not served
    assert not (tmp_path / "ketalit-lessons").exists()

    assert ketalit("lab", "--allow-root")[0] == 0
    assert "--allow-root" in served[0][0]
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "jupyter_server_config.json").write_text('{"ServerApp": {"allow_root": true}}')
    monkeypatch.delenv("JUPYTER_NO_CONFIG")
    assert ketalit("lab")[0] == 0
    assert "--allow-root" not in served[1][0]


def test_an_instructor_s_copies_stand_apart_and_may_skip(ketalit, notebooks, served, tmp_path):
    ketalit("lab")
    ketalit("lab", "--edition", "instructor")
    assert "42" in (tmp_path / "ketalit-lessons-instructor" / "01-one.ipynb").read_text()
    assert "KETALIT_INSTRUCTOR" not in served[0][1]
    assert served[1][1]["KETALIT_INSTRUCTOR"] == "1"


def test_lab_on_a_review_of_one_s_own(ketalit, notebooks, served, tmp_path, monkeypatch):
    monkeypatch.chdir(BUNDLED.parent)
    ketalit("lab", "--to", tmp_path / "work", "--review", BUNDLED.name)
    assert served[0][1]["KETALIT_REVIEW"] == str(BUNDLED)


def test_a_folder_that_is_no_review_stops_before_anything_is_copied(ketalit, notebooks, served, tmp_path):
    code, _, err = ketalit("lab", "--review", tmp_path)
    assert code == 1
    assert err.startswith("ketalit: ")
    assert err.count("\n") == 1
    assert not served
    assert not (tmp_path / "ketalit-lessons").exists()


@pytest.mark.parametrize(
    ("command", "module", "told"),
    [
        (("lab",), "jupyterlab", 'JupyterLab is not installed. `pip install "ketalit[lab]"`'),
        (("present", "1"), "voila", 'Voila is not installed. `pip install "ketalit[present]"`'),
        (("present", "1"), "anywidget", 'anywidget is not installed. `pip install "ketalit[present]"`'),
    ],
)
def test_what_is_missing_is_named_with_how_to_get_it(ketalit, notebooks, served, monkeypatch, command, module, told):
    monkeypatch.setattr(teaching, "find_spec", lambda name: None if name == module else find_spec(name))
    code, _, err = ketalit(*command)
    assert code == 1
    assert told in err
    assert err.count("\n") == 1
    assert not served


# --- present ------------------------------------------------------------------------------------------------------


def test_present_shows_the_student_edition_in_large_type(ketalit, notebooks, served):
    assert ketalit("present", 1)[0] == 0
    command, settings, files = served[0]
    assert command[0] == "voila"
    assert "42" not in files["01-one.ipynb"]
    assert settings["KETALIT_PRESENT"] == "1"
    assert "KETALIT_INSTRUCTOR" not in settings
    assert (Path(settings["JUPYTER_PATH"].split(os.pathsep)[0]) / "voila" / "templates" / "ketalit").is_dir()


def test_an_instructor_presents_without_notes_and_may_skip(ketalit, notebooks, served):
    ketalit("present", 1, "--instructor")
    _, settings, files = served[0]
    assert settings["KETALIT_INSTRUCTOR"] == "1"
    assert "42" not in files["01-one.ipynb"]


def test_present_leaves_nothing_behind(ketalit, notebooks, served, tmp_path):
    ketalit("present", 1)
    (shown,) = (Path(part) for part in served[0][0] if part.endswith(".ipynb"))
    assert not shown.parent.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course"]


# --- with the real servers ----------------------------------------------------------------------------------------


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def start(tmp_path):
    """Start the command with a server; give its process and port once it answers."""
    started = []
    settings = tmp_path / "settings"
    settings.mkdir()
    # A machine that runs tests often runs them as root, which Jupyter does not let pass otherwise.
    (settings / "jupyter_server_config.json").write_text('{"ServerApp": {"allow_root": true}}')
    known = {"TMPDIR": str(tmp_path), "JUPYTER_TOKEN": "synthetic", "JUPYTER_CONFIG_DIR": str(settings)}

    def run(*args, path):
        port = free_port()
        command = [sys.executable, "-c", "from ketalit.cli import main; main()", *args]
        with (settings / "terminal.txt").open("w") as terminal:
            process = subprocess.Popen(
                [*command, "--port", str(port), "--no-browser"],
                cwd=tmp_path,
                env={**os.environ, **known},
                stdout=terminal,
                stderr=terminal,
            )
        started.append(process)
        deadline = time.monotonic() + 240
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                    return process, port, answer.read().decode()
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def answers(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.long
def test_jupyterlab_serves_the_copies_and_stops_with_the_command(start, tmp_path):
    process, port, text = start("lab", "1", path="/api/contents?token=synthetic")
    names = [one["name"] for one in json.loads(text)["content"]]
    assert "01-the-magnesium-gate.ipynb" in names
    with urlopen(f"http://127.0.0.1:{port}/lab?token=synthetic", timeout=60) as page:
        (config,) = re.findall(r'id="jupyter-config-data" type="application/json">(.*?)</script>', page.read().decode())
    assert "@jupyterlab/apputils-extension:announcements" in json.loads(config)["disabledExtensions"]
    with urlopen(f"http://127.0.0.1:{port}/?token=synthetic", timeout=60) as page:  # what is printed and opened
        assert "/lab/tree/01-the-magnesium-gate.ipynb" in page.url
    process.send_signal(signal.SIGTERM)
    process.wait(120)
    assert not answers(port)
    said = (tmp_path / "settings" / "terminal.txt").read_text()
    assert "Warning" not in said


@pytest.mark.long
def test_voila_hides_code_asks_no_other_host_and_cleans_up(start, tmp_path):
    process, port, page = start("present", "1", path="/")
    assert "The magnesium gate" in page
    assert "from ketalit.lessons" not in page
    assert "For the instructor" not in page
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://[^"]+', page.replace("data-left-out", ""))
    assert "--jp-content-font-size1: 22px" in page
    assert list(tmp_path.glob("ketalit-*"))
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 0
    assert not answers(port)
    (said,) = (tmp_path / "settings" / "terminal.txt").read_text().splitlines()  # no notes that look like faults
    assert f"http://localhost:{port}/" in said
    assert not list(tmp_path.glob("ketalit-*"))


# --- answers ------------------------------------------------------------------------------------------------------


def test_answers_of_a_class(ketalit, tmp_path):
    head = "when,lesson,item,given,correct,confidence\n"
    (tmp_path / "a.csv").write_text(f"{head}2026-11-23,01,mg,[bold]doubles,True,90\n")
    (tmp_path / "b.csv").write_text(f"{head}2026-11-23,01,mg,[bold]no change,False,70\n")
    code, out, _ = ketalit("answers", "a.csv", "b.csv")
    assert code == 0
    assert "[bold]no change" in out
    assert "2 learners. The class gave 2 answers, 80 % sure on average, and was right in 50 %" in " ".join(out.split())
    assert ketalit("answers", "a.csv", "b.csv", "--to", "class.svg", "--to", "class.csv")[0] == 0
    assert "The class gave 2 answers" in (tmp_path / "class.svg").read_text()
    assert len((tmp_path / "class.csv").read_text().splitlines()) == 3


def test_answers_refuses_what_it_cannot_write_before_it_reads(ketalit, tmp_path):
    code, out, err = ketalit("answers", "missing.csv", "--to", "class.docx")
    assert (code, out) == (1, "")
    assert "class.docx" in err
