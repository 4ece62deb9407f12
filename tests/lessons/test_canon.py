"""A notebook made twice is the same to the byte; and what would not be, or does not work, is refused."""

import json
import os
from pathlib import Path

import pytest

from ketalit.errors import InputError
from ketalit.lessons.canon import canonical, main

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
HEAD = "# %% [markdown]\n# # A synthetic lesson\n\n# %%\n"


@pytest.fixture
def made(tmp_path):
    """The notebook of the code of one cell."""

    def make(code):
        text = tmp_path / "91-synthetic.py"
        text.write_text(HEAD + code, encoding="utf-8")
        return json.loads(canonical(text))

    return make


def outputs(notebook):
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


@pytest.mark.long
def test_a_lesson_made_twice_is_the_same_to_the_byte():
    text = NOTEBOOKS / "01-the-magnesium-gate.py"
    first = canonical(text)
    assert canonical(text) == first
    assert first == text.with_suffix(".ipynb").read_text(encoding="utf-8"), "`make lessons` was not run"


def test_a_widget_is_kept_as_its_twin_only(made):
    notebook = made("import ipywidgets\nipywidgets.IntSlider(value=3)")
    (output,) = outputs(notebook)
    assert "widgets" not in notebook["metadata"]
    assert list(output["data"]) == ["text/plain"]


def test_what_is_printed_in_pieces_is_one_output(made):
    (output,) = outputs(made("import time\nprint('one', flush=True)\ntime.sleep(0.3)\nprint('two', flush=True)"))
    assert "".join(output["text"]) == "one\ntwo\n"


def test_settings_of_whoever_makes_it_do_not_reach_the_lesson(made, monkeypatch):
    for name in ("KETALIT_INSTRUCTOR", "KETALIT_REVIEW", "KETALIT_ANSWERS", "QUERY_STRING"):
        monkeypatch.setenv(name, "set")
    (output,) = outputs(made("import os\nprint([n for n in os.environ if n.startswith(('KETALIT_', 'QUERY_'))])"))
    assert "".join(output["text"]) == "[]\n"
    assert os.environ["KETALIT_INSTRUCTOR"] == "set"


def test_a_cell_that_fails_is_named(made):
    with pytest.raises(InputError, match=r"91-synthetic\.py: a cell fails: ZeroDivisionError: division by zero"):
        made("1 / 0")


def test_a_cell_that_warns_is_refused(made):
    with pytest.raises(InputError, match="a cell warns: .*careful"):
        made("import warnings\nwarnings.warn('careful')")


def test_a_failing_lesson_leaves_the_old_notebook(tmp_path, capsys):
    text = tmp_path / "91-synthetic.py"
    text.write_text(HEAD + "1 / 0")
    text.with_suffix(".ipynb").write_text("old")
    assert main([str(text)]) == 1
    assert text.with_suffix(".ipynb").read_text() == "old"
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_an_error_for_people_is_one_sentence_in_a_notebook():
    """In a real kernel: no traceback, no line of ours, only what happened and what to do."""
    import nbformat
    from nbclient import NotebookClient

    code = "from ketalit.errors import InputError\nraise InputError('no such dose', expected='0 to 1 mg/kg')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    (output,) = notebook.cells[0].outputs
    assert output.traceback == ["no such dose. Expected: 0 to 1 mg/kg."]
    assert output.ename == "InputError"
