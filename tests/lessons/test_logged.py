"""Logs of a class: does each learner count once for a question, and is nothing bad taken or left out in silence?"""

import pandas as pd
import pytest

from ketalit.errors import InputError
from ketalit.lessons import question as module
from ketalit.lessons.clinic.calibration import ALL_MINE, MINE, Calibration, trust
from ketalit.lessons.logged import by_question, read_answers
from ketalit.lessons.question import ANSWERS, Answer

HEAD = "when,lesson,item,given,correct,confidence\n"


@pytest.fixture
def log(tmp_path):
    def written(name, *rows):
        path = tmp_path / name
        path.write_text(HEAD + "".join(f"2026-11-23T09:00:00+00:00,{row}\n" for row in rows))
        return path

    return written


@pytest.fixture
def class_of_two(log):
    return [
        log("a.csv", "01,mg,doubles,True,90", "01,peak,9 mV,False,"),
        log("b.csv", "01,mg,hardly changes,False,70", "01,mg,doubles,True,100", "01,peak,−30 mV,True,"),
    ]


def test_the_first_answer_of_each_learner_counts(class_of_two):
    table = read_answers(class_of_two)
    assert table[["learner", "item", "correct"]].to_numpy().tolist() == [
        [1, "mg", True], [1, "peak", False], [2, "mg", False], [2, "peak", True],
    ]  # fmt: skip
    assert trust(table, "the class").answers == 2  # only where it was asked
    assert trust(table, "the class").sure == pytest.approx(0.8)
    assert trust(table, "the class").brier == pytest.approx((0.1**2 + 0.7**2) / 2)


def test_the_hardest_question_comes_first(log):
    logs = [log("a.csv", "01,x,right,True,", "01,y,no,False,"), log("b.csv", "01,x,right,True,", "01,y,yes,True,")]
    found = by_question(read_answers(logs))
    assert found[["item", "answers", "right", "commonest_wrong"]].to_numpy().tolist() == [
        ["y", 2, 0.5, "no"], ["x", 2, 1.0, ""],
    ]  # fmt: skip


def test_what_the_lessons_write_is_read_back(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_LOG", [])
    monkeypatch.setenv(ANSWERS, str(tmp_path / "answers.csv"))
    given = Answer("08", "K36", 'partly "supported", a\nnew line', True, 70)
    module._keep(given)
    module._keep(Answer("01", "peak", "-30 mV", False))
    table = read_answers([tmp_path / "answers.csv"])
    assert table["given"].tolist() == [given.given, "-30 mV"]
    assert table["correct"].tolist() == [True, False]
    assert table["confidence"].dropna().tolist() == [70]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "a.csv"),
        (b"name,mark\nx,1\n", "a.csv, line 1"),
        ((HEAD + "now,01,mg,doubles,perhaps,90\n").encode(), "a.csv, line 2, correct"),
        ((HEAD + "now,01,mg\n").encode(), "line 2"),
    ],
)
def test_what_is_no_log_is_refused_with_its_place(tmp_path, content, told):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_answers([path])


def test_a_log_given_twice_or_missing_is_refused(log, tmp_path):
    one, two = log("a.csv", "01,x,right,True,"), log("b.csv", "01,x,right,True,")
    with pytest.raises(InputError, match="the same as"):
        read_answers([one, two])
    with pytest.raises(InputError, match="no such log"):
        read_answers([tmp_path / "c.csv"])


def test_calibration_of_all_lessons_reads_the_log(class_of_two, monkeypatch):
    monkeypatch.setattr(module, "_LOG", [Answer("08", "K1", "supported", True, 60)])
    monkeypatch.setenv(ANSWERS, str(class_of_two[0]))
    panel = Calibration(whose=ALL_MINE)
    assert "You gave 1 answer in all lessons, 90 % sure" in panel.seen()
    panel.set(whose=MINE)
    assert "You gave 1 answer in this notebook, 60 % sure" in panel.seen()


def test_an_empty_log_is_an_empty_table(log):
    table = read_answers([log("a.csv")])
    assert table.empty
    assert by_question(table).empty
    assert isinstance(table, pd.DataFrame)
