"""Two editions out of one notebook; and no copy ever replaces what somebody has worked in."""

import json
from datetime import date

import pytest

from ketalit.errors import InputError
from ketalit.lessons.course import notebooks_folder
from ketalit.lessons.editions import Edition, copies, edition, for_instructor, fresh, lay_out, main, projected, record


def notebook():
    def cell(source, *tags):
        return {"cell_type": "markdown", "id": source, "metadata": {"tags": list(tags)}, "source": source}

    cells = [cell("title"), cell("plan", "instructor"), cell("kept", "other"), cell("answers", "other", "instructor")]
    metadata = {"kernelspec": {"name": "python3"}, "jupytext": {"formats": "ipynb,py:percent"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "notebooks"
    (folder / ".ipynb_checkpoints").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "01-one.ipynb").write_text(json.dumps(notebook()))
    (folder / "01-one.py").write_text("# the text it is made from")
    (folder / ".ipynb_checkpoints" / "01-one.ipynb").write_text("{}")
    (folder / "data" / "trial.jsonl").write_bytes(b'{"synthetic": true}\n')
    return folder


def written(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_students_get_what_is_not_for_the_instructor():
    assert [cell["source"] for cell in edition(notebook(), Edition.STUDENT)["cells"]] == ["title", "kept"]
    assert edition(notebook(), Edition.INSTRUCTOR)["cells"] == notebook()["cells"]


@pytest.mark.parametrize("which", Edition)
def test_a_copy_is_not_tied_to_the_text_it_was_made_from(which):
    assert edition(notebook(), which)["metadata"] == {"kernelspec": {"name": "python3"}}


def test_an_edition_leaves_its_source_alone():
    given = notebook()
    edition(given, Edition.STUDENT)
    assert given == notebook()


def test_the_lessons_themselves_lose_answers_and_worked_panels():
    cut = 0
    for path in notebooks_folder().glob("0[0-5]*.ipynb"):
        given = json.loads(path.read_text(encoding="utf-8"))
        student = json.dumps(edition(given, Edition.STUDENT))
        assert '"instructor"' not in student
        assert ".seen()" not in student
        cut += sum(map(for_instructor, given["cells"]))
    assert cut


def test_a_folder_gets_notebooks_and_what_they_read(source, tmp_path):
    to = tmp_path / "new" / "work"
    lay_out(to, copies(to, Edition.STUDENT, source))
    found = written(to)
    assert sorted(found) == ["01-one.ipynb", "data/trial.jsonl"]
    assert found["data/trial.jsonl"] == b'{"synthetic": true}\n'
    assert b"answers" not in found["01-one.ipynb"]


def test_planning_writes_nothing(source, tmp_path):
    copies(tmp_path / "work", Edition.STUDENT, source)
    assert not (tmp_path / "work").exists()


def test_what_a_learner_changed_is_kept_and_told(source, tmp_path):
    to = tmp_path / "work"
    lay_out(to, copies(to, Edition.STUDENT, source))
    (to / "01-one.ipynb").write_text("mine")
    (to / "data" / "trial.jsonl").unlink()
    planned = copies(to, Edition.INSTRUCTOR, source)
    lay_out(to, planned)
    assert [one.path.name for one in planned if one.kept] == ["01-one.ipynb"]
    assert written(to) == {"01-one.ipynb": b"mine", "data/trial.jsonl": b'{"synthetic": true}\n'}


def test_copies_that_nobody_touched_are_renewed_with_the_lessons(source, tmp_path):
    to = tmp_path / "work"
    first = copies(to, Edition.STUDENT, source)
    lay_out(to, first)
    record(to, first)
    (to / "data" / "trial.jsonl").write_bytes(b"mine")
    (source / "data" / "trial.jsonl").write_bytes(b"newer")
    newer = notebook()
    newer["cells"][0]["source"] = "newer"
    (source / "01-one.ipynb").write_text(json.dumps(newer))
    for _ in range(2):
        planned = copies(to, Edition.STUDENT, source)
        lay_out(to, planned)
        record(to, planned)
        assert [one.path.name for one in planned if one.kept] == ["trial.jsonl"]
    assert b"newer" in written(to)["01-one.ipynb"]
    assert written(to)["data/trial.jsonl"] == b"mine"


def test_a_spoilt_record_protects_everything(source, tmp_path):
    lay_out(tmp_path, copies(tmp_path, Edition.STUDENT, source))
    (tmp_path / ".ketalit-lessons.json").write_text("{")
    (tmp_path / "01-one.ipynb").write_text("mine")
    assert [one.path.name for one in copies(tmp_path, Edition.STUDENT, source) if one.kept] == ["01-one.ipynb"]


def test_on_a_projector_nobody_is_told_to_run_cells():
    for path in notebooks_folder().glob("*.ipynb"):
        first = projected(json.loads(path.read_text(encoding="utf-8")))["cells"][0]["source"]
        assert "Run All" not in first
        assert "minutes**" in first


def test_nothing_is_told_of_copies_that_were_not_touched(source, tmp_path):
    to = tmp_path / "work"
    lay_out(to, copies(to, Edition.STUDENT, source))
    assert not any(one.kept for one in copies(to, Edition.STUDENT, source))


def test_a_file_in_the_way_is_told(source, tmp_path):
    (tmp_path / "work").write_text("not a folder")
    with pytest.raises(InputError, match="cannot be made into a folder"):
        lay_out(tmp_path / "work", copies(tmp_path / "work", Edition.STUDENT, source))


def test_a_fresh_folder_is_new_however_often_one_asks(tmp_path):
    day = date(2026, 2, 3)
    names = []
    for _ in range(3):
        folder = fresh(tmp_path / "lessons", day)
        folder.mkdir()
        names.append(folder.name)
    assert names == ["lessons-2026-02-03", "lessons-2026-02-03-2", "lessons-2026-02-03-3"]


def test_the_course_page_is_made_from_the_student_edition(tmp_path):
    assert main([str(tmp_path / "lessons")]) == 0
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "lessons").glob("*.ipynb")]
    assert len(texts) == len(list(notebooks_folder().glob("*.ipynb")))
    assert not any('"instructor"' in text for text in texts)
