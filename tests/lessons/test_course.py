"""The course's list says what the notebooks' first cells say, and nothing is listed that does not say it."""

import json
import re
from html.parser import HTMLParser

import pytest

from ketalit.errors import InputError
from ketalit.lessons import course
from ketalit.lessons.course import described, lesson_path, lessons, notebooks_folder, read_lesson

FIRST = """# A synthetic lesson: made for a test

**25 minutes** · for graduate students; no programming needed beyond pressing *Run*.

At the end you can

1. read a *curve* whose description runs over
   two lines;
2. press `Run`;
3. stop.

Teaching model, not for dosing patients.
"""


def write(path, first=FIRST):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": first.splitlines(keepends=True)}]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def test_a_lesson_is_described_by_its_first_cell(tmp_path):
    one = read_lesson(write(tmp_path / "03-made-up.ipynb"))
    assert (one.number, one.title, one.minutes) == ("03", "A synthetic lesson: made for a test", 25)
    assert one.objectives == ("read a curve whose description runs over two lines", "press Run", "stop")


def test_lessons_come_in_order_and_other_files_are_none(tmp_path):
    for name in ("10-last.ipynb", "02-second.ipynb", "Untitled.ipynb"):
        write(tmp_path / name)
    (tmp_path / "02-second.py").write_text("")
    assert [one.number for one in lessons(tmp_path)] == ["02", "10"]


@pytest.mark.parametrize("left_out", ["# A synthetic", "25 minutes", "At the end", "1. "])
def test_what_a_lesson_does_not_say_is_named(tmp_path, left_out):
    first = FIRST.replace(left_out, "")
    first = first.replace("2. ", "").replace("3. ", "") if left_out == "1. " else first
    path = write(tmp_path / "03-made-up.ipynb", first)
    with pytest.raises(
        InputError, match=r"03-made-up.ipynb: this notebook does not say what it is about\. Expected: a"
    ):
        read_lesson(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": []}', "\x00"])
def test_a_damaged_notebook_is_named(tmp_path, text):
    path = tmp_path / "03-made-up.ipynb"
    path.write_text(text)
    with pytest.raises(InputError, match="03-made-up"):
        read_lesson(path)


@pytest.mark.parametrize("asked", ["2", "02", "second", "02-second", "02-second.ipynb", " Second "])
def test_a_lesson_is_found_by_number_and_name(tmp_path, asked):
    wanted = write(tmp_path / "02-second.ipynb")
    write(tmp_path / "12-twelfth.ipynb")
    assert lesson_path(asked, tmp_path) == wanted


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("secnd", "there is no lesson “secnd”, did you mean “second”?"),
        ("9", "there is no lesson “9”. Expected: 02 to 12, as `ketalit lessons` lists them."),
        ("", "there is no lesson “”. Expected: 02 to 12, as `ketalit lessons` lists them."),
    ],
)
def test_an_unknown_lesson_is_told_with_what_there_is(tmp_path, asked, told):
    write(tmp_path / "02-second.ipynb")
    write(tmp_path / "12-twelfth.ipynb")
    with pytest.raises(InputError) as error:
        lesson_path(asked, tmp_path)
    assert str(error.value) == told


def test_an_installation_without_lessons_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "_HERE", tmp_path / "site-packages" / "ketalit" / "lessons")
    with pytest.raises(InputError, match="no lessons"):
        notebooks_folder()


def test_the_package_s_own_notebooks_come_before_whatever_lies_beside_it(tmp_path, monkeypatch):
    here = tmp_path / "ketalit" / "lessons"
    for folder in (here / "notebooks", tmp_path / "notebooks"):
        folder.mkdir(parents=True)
        write(folder / "01-one.ipynb")
    monkeypatch.setattr(course, "_HERE", here)
    assert notebooks_folder() == here / "notebooks"


def test_every_lesson_says_what_it_is_about():
    for path in sorted(notebooks_folder().glob("*.ipynb")):
        cell = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
        assert described(cell), path.name


# --- the course page ----------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page loads by itself, the descriptions of its pictures, and how many equations it has."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.alts, self.equations = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "img", "iframe"):
            self.loads.append(given.get("src") or "")
        if tag == "link" and "stylesheet" in (given.get("rel") or ""):
            self.loads.append(given.get("href") or "")
        if tag == "img" and (given.get("src") or "").startswith("data:"):
            self.alts.append(given.get("alt") or "")
        self.equations += tag == "math"


@pytest.fixture
def pages(book):
    """The pages of the lessons in the book, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (book / "lessons").glob("*.html")}


@pytest.mark.long
def test_the_course_page_has_every_lesson_and_nothing_for_the_instructor(pages):
    assert set(pages) == {path.stem for path in notebooks_folder().glob("*.ipynb")}
    for text in pages.values():
        assert "For the instructor" not in text
        assert ".seen()" not in text


@pytest.mark.long
def test_the_course_page_asks_no_other_host(pages):
    for name, text in pages.items():
        assert not [address for address in Page(text).loads if re.match(r"(https?:)?//", address)], name
        assert "unpkg.com" not in text


@pytest.mark.long
def test_the_course_page_keeps_descriptions_and_draws_equations(pages):
    gate = Page(pages["01-the-magnesium-gate"])
    assert gate.equations
    assert "$$" not in pages["01-the-magnesium-gate"]
    assert any("magnesium" in alt and "mV" in alt for alt in gate.alts)
    assert all(gate.alts)
