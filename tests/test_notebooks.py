"""The lessons are committed executed (nbval compares nothing in a notebook that was not), and are prose and calls only."""

import ast
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_a_lesson():
    assert NOTEBOOKS


def test_every_cell_was_run_in_order(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert sum(bool(cell.outputs) for cell in cells) > len(cells) / 2


def test_no_cell_failed_or_warned(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


def test_cells_define_nothing(notebook):
    for cell in code_cells(notebook):
        kinds = {type(node) for node in ast.walk(ast.parse(cell.source))}
        assert not kinds & {ast.FunctionDef, ast.ClassDef, ast.Lambda}


def test_no_path_of_a_machine_is_left(notebook):
    text = nbformat.writes(notebook)
    assert not any(root in text for root in ("/home/", "/Users/", "/root/", "/tmp/", "C:\\\\"))
