"""The lessons as files: executed, prose and calls only, alike in shape, one with the text they are made from.

nbval compares nothing in a notebook that was not executed, and a cell that computes again what a panel shows goes on
agreeing with itself when the panel is broken; so both are refused here. Each guard is tried on a lesson spoilt on
purpose.
"""

import ast
import builtins
import json
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

from ketalit.lessons.course import described
from ketalit.lessons.editions import Edition, edition, for_instructor

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEXTS = sorted((ROOT / "notebooks").glob("*.py"))
HEADINGS = ["The scene", "Predict", "Observe", "Explain", "Check", "Limits", "References"]
WORKED = "For the instructor: the panels, worked"
LIVE = "application/vnd.jupyter.widget-view+json"
DOSING = "Teaching model, not for dosing patients."
READ = ("seen", "code", "locked")  # what a panel, a prediction or a check says of itself
LINES = (ast.ImportFrom, ast.Assign, ast.Expr)  # of a code cell
LARGEST = 300_000  # bytes


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def lines(cells):
    return [line for cell in cells for line in ast.parse(cell.source).body]


def executed_in_order(notebook):
    cells = code_cells(notebook)
    if [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
        yield "not executed from first to last"
    if sum(bool(cell.outputs) for cell in cells) <= len(cells) / 2:
        yield "hardly any cell shows anything"


def without_failures(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                yield f"a cell failed or warned: {cell.source}"


def without_widget_state(notebook):
    if "widgets" in notebook.metadata:
        yield "holds the state of widgets"
    if any(LIVE in output.get("data", {}) for cell in code_cells(notebook) for output in cell.outputs):
        yield "holds a view of a widget, which shows as an error without its state"


def imports_and_calls_only(notebook):
    for line in lines(code_cells(notebook)):
        if not isinstance(line, LINES):
            yield f"neither an import nor a call: {ast.unparse(line)}"
        if isinstance(line, ast.ImportFrom) and not (line.module or "").startswith("ketalit.lessons."):
            yield f"imports what no lesson needs: {ast.unparse(line)}"
        for part in ast.walk(line):
            if isinstance(part, ast.Lambda | ast.BinOp | ast.Compare | ast.comprehension | ast.JoinedStr):
                yield f"computes: {ast.unparse(line)}"


def instructor_reads_the_panels(notebook):
    cells = [cell for cell in code_cells(notebook) if for_instructor(cell)]
    printed = 0
    for line in lines(cells):
        if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Call)):
            continue
        call = line.value
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            shown = call.args[0].func if isinstance(call.args[0], ast.Call) else call.args[0]
            if len(call.args) > 1 or not (isinstance(shown, ast.Attribute) and shown.attr in READ):
                yield f"prints something else than what is read on the screen: {ast.unparse(line)}"
            printed += getattr(shown, "attr", "") == "seen"
    if not printed:
        yield "no cell for the instructor reads a panel with seen()"
    if any(output.output_type != "stream" for cell in cells for output in cell.outputs):
        yield "a cell for the instructor shows something that it does not read"


def student_edition_stands_alone(notebook):
    known = set(dir(builtins))
    for line in lines(cell for cell in code_cells(notebook) if not for_instructor(cell)):
        names = [part for part in ast.walk(line) if isinstance(part, ast.Name)]
        for name in (one.id for one in names if isinstance(one.ctx, ast.Load)):
            if name not in known:
                yield f"the student edition lacks {name}: {ast.unparse(line)}"
        known |= {one.id for one in names if isinstance(one.ctx, ast.Store)}
        known |= {one.asname or one.name for one in line.names} if isinstance(line, ast.ImportFrom) else set()


def in_the_common_shape(notebook):
    first = notebook.cells[0]
    said = described(first)
    if said is None:
        yield "the first cell lacks title, minutes or objectives"
    elif not 3 <= len(said[2]) <= 5:
        yield f"{len(said[2])} objectives, not 3 to 5"
    headings = [
        (found, for_instructor(cell))
        for cell in prose(notebook)
        for found in re.findall(r"^## (.+)$", cell.source, re.MULTILINE)
    ]
    if headings != [*((heading, False) for heading in HEADINGS), (WORKED, True)]:
        yield f"other sections: {headings}"
    plan = notebook.cells[1]
    if plan.cell_type != "markdown" or not for_instructor(plan):
        yield "no plan for the instructor after the first cell"
    shown = [output.get("data", {}).get("text/html", "") for cell in code_cells(notebook) for output in cell.outputs]
    if any(DOSING in html for html in shown) and DOSING not in first.source:
        yield "doses appear, and the first cell does not say what they are not for"


def links_agree_with_their_words(notebook):
    for cell in prose(notebook):
        for words, address in re.findall(r"\[([^\]]+)\]\(([^)\s]+)\)", cell.source):
            for number in re.findall(r"PMID:? ?(\d+)", words):
                if f"/{number}" not in address:
                    yield f"“{words}” leads to {address}"


def without_paths_of_a_machine(notebook):
    text = nbformat.writes(notebook)
    for root in ("/home/", "/Users/", "/root/", "/tmp/", "C:\\\\"):
        if root in text:
            yield f"a path of a machine: {root}"


GUARDS = [
    executed_in_order,
    without_failures,
    without_widget_state,
    imports_and_calls_only,
    instructor_reads_the_panels,
    student_edition_stands_alone,
    in_the_common_shape,
    links_agree_with_their_words,
    without_paths_of_a_machine,
]


def test_there_are_lessons():
    assert NOTEBOOKS


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_lesson(path, guard):
    assert not list(guard(nbformat.read(path, as_version=4)))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_file_stays_small(path):
    assert path.stat().st_size <= LARGEST


@pytest.mark.parametrize("stem", sorted({path.stem for path in [*NOTEBOOKS, *TEXTS]}))
def test_notebook_and_text_say_the_same(stem):
    """`make lessons` makes the one from the other; only outputs and ids are the notebook's own."""
    pair = [ROOT / "notebooks" / f"{stem}{suffix}" for suffix in (".py", ".ipynb")]
    assert [path.suffix for path in pair if path.exists()] == [".py", ".ipynb"]
    text, notebook = (
        [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in jupytext.read(path).cells]
        for path in pair
    )
    assert notebook == text


# --- the guards guard --------------------------------------------------------------------------------------------


def sound():
    """A lesson in which no guard finds anything."""
    code = (
        ('Predict("91", "item", Toy())', []),
        ('toy = Toy()\ntoy.gain.value = -2\nprint(toy.seen())\nprint(toy.code)', ["instructor"]),
    )  # fmt: skip
    first = f"# Toy\n\n**5 minutes** · read. {DOSING}\n\nAt the end you can\n\n1. move it;\n2. read it;\n3. doubt it."
    notebook = nbformat.v4.new_notebook()
    new = nbformat.v4.new_markdown_cell
    tagged = {"tags": ["instructor"]}
    notebook.cells = [
        new(first),
        new("Five minutes are enough.", metadata=tagged),
        nbformat.v4.new_code_cell("from ketalit.lessons.toy import Predict, Toy", execution_count=1),
        *(new(f"## {heading}") for heading in HEADINGS),
        new("1. A work. [PMID 12345](https://pubmed.ncbi.nlm.nih.gov/12345/)"),
        new(f"## {WORKED}", metadata=tagged),
    ]
    for count, (source, tags) in enumerate(code, 2):
        output = (
            nbformat.v4.new_output("stream", text="Output is −2.\ntoy~gain=-2\n")
            if tags
            else nbformat.v4.new_output("execute_result", {"text/html": f"<p>{DOSING}</p>"}, execution_count=count)
        )
        cell = nbformat.v4.new_code_cell(source, execution_count=count, outputs=[output], metadata={"tags": tags})
        notebook.cells.append(cell)
    return notebook


def stripped(notebook):
    for cell in code_cells(notebook):
        cell.execution_count, cell.outputs = None, []


def skipped(notebook):
    code_cells(notebook)[-1].execution_count = 7


def warned(notebook):
    code_cells(notebook)[1].outputs.append(nbformat.v4.new_output("stream", name="stderr", text="careful"))


def alive(notebook):
    code_cells(notebook)[1].outputs[0].data[LIVE] = {"model_id": "1"}


def stateful(notebook):
    notebook.metadata["widgets"] = {}


def source(at, text):
    def spoil(notebook):
        code_cells(notebook)[at].source = text

    return spoil


def heading(notebook):
    notebook.cells = [cell for cell in notebook.cells if cell.source != "## Limits"]


def objectives(notebook):
    notebook.cells[0].source = notebook.cells[0].source.replace("3. doubt it.", "")


def unplanned(notebook):
    notebook.cells[1].metadata = {}


def undosed(notebook):
    notebook.cells[0].source = notebook.cells[0].source.replace(DOSING, "")


def misled(notebook):
    notebook.cells[-4].source = notebook.cells[-4].source.replace("/12345/", "/54321/")


def local(notebook):
    code_cells(notebook)[-1].outputs[0].text = "/home/somebody/ketalit"


SPOILT = [
    (executed_in_order, stripped),
    (executed_in_order, skipped),
    (without_failures, warned),
    (without_widget_state, alive),
    (without_widget_state, stateful),
    (imports_and_calls_only, source(1, "def show():\n    return Toy()")),
    (imports_and_calls_only, source(1, "Toy(gain=2 * 3)")),
    (imports_and_calls_only, source(1, "for gain in (1, 2):\n    print(Toy(gain=gain))")),
    (imports_and_calls_only, source(0, "from ketalit.models.receptor import unblocked")),
    (imports_and_calls_only, source(0, "import numpy as np")),
    (instructor_reads_the_panels, source(2, "toy = Toy()")),
    (instructor_reads_the_panels, source(2, "toy = Toy()\nprint(toy.seen())\nprint(unblocked(-70, 1))")),
    (instructor_reads_the_panels, source(2, "toy = Toy()\nprint(toy.seen())\nprint(toy.now)")),
    (student_edition_stands_alone, source(1, "toy.widget()")),
    (in_the_common_shape, heading),
    (in_the_common_shape, objectives),
    (in_the_common_shape, unplanned),
    (in_the_common_shape, undosed),
    (links_agree_with_their_words, misled),
    (without_paths_of_a_machine, local),
]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_guard_lets_a_sound_lesson_pass(guard):
    assert not list(guard(sound()))


@pytest.mark.parametrize(("guard", "spoil"), SPOILT, ids=lambda one: one.__name__)
def test_guard_refuses_a_spoilt_lesson(guard, spoil):
    notebook = sound()
    spoil(notebook)
    assert list(guard(notebook))


# --- nbval sees what is wrong, and only that -------------------------------------------------------------------


def nbval(path):
    asked = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", str(ROOT / "tests" / "nbval.cfg")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *asked, str(path)],
        capture_output=True,
        text=True,
        cwd=path.parent,
        check=False,
    )
    return done.returncode, done.stdout


PICTURE = re.compile(r"(base64,)[A-Za-z0-9+/=]{20}")


@pytest.mark.long
def test_a_picture_may_differ_in_its_bytes_and_a_reading_may_not(tmp_path):
    lesson = next(path for path in NOTEBOOKS if path.stem.startswith("01-"))
    student = edition(json.loads(lesson.read_text(encoding="utf-8")), Edition.STUDENT)
    student["cells"] = [cell for cell in student["cells"] if cell["cell_type"] == "code"][:2]
    text = json.dumps(student)
    path = tmp_path / "lesson.ipynb"

    assert PICTURE.search(text)
    path.write_text(PICTURE.sub(r"\g<1>AAAAAAAAAAAAAAAAAAAA", text), encoding="utf-8")
    assert nbval(path)[0] == 0

    path.write_text(text.replace("mM magnesium,", "mM calcium,"), encoding="utf-8")
    code, out = nbval(path)
    assert code == 1
    assert "1 failed, 1 passed" in out
