"""Questions: does a prediction lock and come back, does every answer get its own words, and do answers stay secret?"""

import csv
import json
from multiprocessing import get_context

import pytest
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances as instances

from ketalit.errors import InputError
from ketalit.lessons import question as module
from ketalit.lessons.question import Check, Predict, answers, bank, judge, solution, text_of

from .toy import QUESTIONS, Toy, write_bank


@pytest.fixture(autouse=True)
def toy_bank(tmp_path, monkeypatch):
    Widget.close_all()
    write_bank(tmp_path)
    monkeypatch.setattr(module, "BANK", tmp_path)
    monkeypatch.setattr(module, "_LOG", [])
    bank.cache_clear()
    yield tmp_path
    bank.cache_clear()


@pytest.fixture
def predict():
    return Predict("toy", "guess", Toy())


@pytest.fixture
def check():
    return Check("toy")


def sent_to_the_browser():
    """Everything that any widget holds for the browser now, as text."""
    return json.dumps([widget.get_state() for widget in instances.values()], default=repr)


FEEDBACKS = [answer["feedback"] for item in QUESTIONS for answer in item["answers"]]


# --- predictions -----------------------------------------------------------------------------------------------------


def test_a_panel_opens_when_somebody_has_predicted(predict):
    assert predict.locked
    assert predict.seen() == ""
    predict.answer("twice", confidence=90)
    assert not predict.locked
    assert predict.panel.widget() in predict.shown.children
    assert "You predicted “twice”, 90 % sure." in predict.seen()
    assert predict.panel.seen() in predict.seen()
    assert "MISTAKE" not in predict.seen()


@pytest.mark.parametrize(
    ("given", "verdict", "feedback"),
    [
        ("twice", "The panel shows something else. Right: half.", "MISTAKE-ONE"),
        ("half", "fits what the panel shows", "GOOD-ONE"),
    ],
)
def test_the_prediction_comes_back_beside_the_result(predict, given, verdict, feedback):
    predict.answer(given, confidence=40)
    predict.panel.heads.value = 4
    predict.compare.click()
    assert feedback in predict.verdict.words  # under the panel, where one has looked
    for words in (f"You predicted “{given}”, 40 % sure.", verdict, feedback, "Each of 4"):
        assert words in predict.seen()


def test_a_prediction_is_made_once(predict):
    predict.answer("twice")
    predict.answer("half")
    assert "“twice”" in predict.seen()
    assert len(answers()) == 1


def test_without_an_answer_nothing_opens_and_nothing_is_compared(predict):
    predict.question._received({"answer": None, "confidence": 50})
    predict.compare.click()
    assert predict.locked
    assert predict.seen() == "Choose an answer first."
    assert answers().empty


def test_only_an_instructor_may_skip(monkeypatch):
    assert not Predict("toy", "guess", Toy()).question.spec["may_skip"]
    monkeypatch.setenv("KETALIT_INSTRUCTOR", "1")
    predict = Predict("toy", "guess", Toy())
    assert predict.question.spec["may_skip"]
    predict.question._received({"skip": True})
    assert not predict.locked
    # Said before the question closes: what is disabled loses the keyboard, and the words are where it goes.
    assert predict.seen() == f"Shown without an answer. {predict.panel.seen()}"
    predict.compare.click()
    assert predict.seen() == f"Right: half. GOOD-ONE {predict.panel.seen()}"
    assert answers().empty


def test_a_student_who_sends_skip_by_hand_stays_out(predict):
    predict.question._received({"skip": True})
    assert predict.locked


def test_check_questions_cannot_be_skipped(monkeypatch, check):
    monkeypatch.setenv("KETALIT_INSTRUCTOR", "1")
    assert not any(question.spec["may_skip"] for question in Check("toy").questions.values())


# --- checks ----------------------------------------------------------------------------------------------------------


def test_a_second_wrong_number_does_not_look_like_a_dead_button(check):
    question = check.questions["count"]
    told = []
    for number in (50, 51):  # both get the words for any other number
        question.answer(number)
        told.append(question.feedback)
    assert "Try again." in told[0]
    assert "That was try 2: 51" in told[1]
    check.questions["far"].answer("other")
    check.questions["far"].answer("other")
    assert "That was try 2." in check.questions["far"].feedback


@pytest.mark.parametrize(
    ("item", "given", "correct", "feedback"),
    [
        ("count", 25, True, "GOOD-TWO"),
        ("count", 400, False, "MISTAKE-TIMES"),
        ("count", 50, False, "MISTAKE-OTHER"),
        ("which", [0, 2], True, "TWO-IS-EVEN FOUR-IS-EVEN"),
        ("which", [0, 1, 2], False, "“three”: THREE-IS-ODD"),
        ("which", [0], False, "One more is missing."),
        ("which", [1], False, "“three”: THREE-IS-ODD 2 are missing."),
        ("far", "other", False, "MISTAKE-PIE"),
        ("far", 1, True, "GOOD-PIE"),
    ],
)
def test_every_answer_gets_its_own_words(check, item, given, correct, feedback):
    question = check.questions[item]
    question.answer(given)
    assert ("Right." if correct else "Not this one.") in check.seen()
    assert feedback in check.seen()
    assert question.closed is correct
    assert ("ket-wrong" in question.feedback) is not correct
    assert f"{int(correct)} of 3 answered rightly." in check.seen()
    others = {words for words in FEEDBACKS if words not in feedback}
    assert not any(words in check.seen() for words in others)


def test_a_wrong_answer_may_be_mended_and_a_right_one_stands(check):
    question = check.questions["count"]
    question.answer(50)
    question._received({"answer": None})
    assert "Write a number first." in check.seen()
    question.answer(50)
    assert "MISTAKE-OTHER" in check.seen()
    question.answer(25)
    question.answer(50)
    assert "GOOD-TWO" in check.seen()
    assert answers()["given"].tolist() == ["50 g", "50 g", "25 g"]


def test_predictions_are_not_asked_again(check):
    assert list(check.questions) == ["count", "which", "far"]


def test_an_answer_that_is_not_offered_is_refused(check):
    with pytest.raises(InputError, match="not one of the answers"):
        check.questions["far"].answer("the same")
    with pytest.raises(InputError, match="not a number"):
        check.questions["count"].answer("25")


def test_lessons_and_questions_are_looked_up_with_a_hint():
    with pytest.raises(InputError, match="no questions for lesson"):
        Check("tow")
    with pytest.raises(InputError, match="guess"):
        Predict("toy", "gess", Toy())


def test_numbers_at_the_edges_of_a_range_count():
    item = QUESTIONS[1]
    assert [judge(item, one)[1] for one in (200, 600, 199.9, 600.1, float("nan"))] == [
        "MISTAKE-TIMES", "MISTAKE-TIMES", "MISTAKE-OTHER", "MISTAKE-OTHER", "MISTAKE-OTHER",
    ]  # fmt: skip
    assert text_of(item, 2.5) == "2.5 g"
    assert text_of(QUESTIONS[2], [0, 2]) == "two; four"


def test_the_right_answer_can_be_named():
    assert [solution(item) for item in QUESTIONS] == ["half", "25 g", "two; four", "the same <i>"]


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_answers_are_not_in_the_page_before_they_are_given(predict, check):
    pages = [sent_to_the_browser(), predict.twin(), check.twin(), repr(predict), repr(check)]
    for page in pages:
        assert not [words for words in FEEDBACKS if words in page]
        assert "correct" not in page
    assert "How much has each of four?" in pages[0]
    check.questions["count"].answer(50)
    told = sent_to_the_browser()
    assert [words for words in FEEDBACKS if words in told] == ["MISTAKE-OTHER"]


def test_twins_ask_but_do_not_tell(predict, check):
    assert "Twice the heads: what has each?" in predict.twin()
    assert predict.twin().index("<details>") < predict.twin().index("<figure>")
    assert "the same &lt;i&gt;" in check.twin()


# --- the log ---------------------------------------------------------------------------------------------------------


def test_answers_are_kept_with_how_sure_one_was(predict, check):
    predict.answer("half", confidence=80)
    check.questions["which"].answer([0, 1])
    kept = answers()
    assert kept["item"].tolist() == ["guess", "which"]
    assert kept["correct"].tolist() == [True, False]
    assert kept["confidence"].iloc[0] == 80
    assert kept["given"].tolist() == ["half", "two; three"]


def _answer_often(folder, log):
    import os

    os.environ["KETALIT_ANSWERS"] = str(log)
    module.BANK = folder
    for _ in range(20):
        Check("toy").questions["far"].answer(0)


def test_rows_of_many_kernels_are_written_whole(toy_bank):
    log = toy_bank / "a new folder" / "answers.csv"
    runners = [get_context("spawn").Process(target=_answer_often, args=(toy_bank, log)) for _ in range(2)]
    for one in runners:
        one.start()
    for one in runners:
        one.join()
    with log.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows = [row for row in rows if row["lesson"] != "lesson"]  # two that begin at one moment may both write the head
    assert len(rows) == 40
    assert {tuple(row.values())[1:] for row in rows} == {("toy", "far", "other", "False", "")}
    assert all(row["when"][10] == "T" for row in rows)


def test_a_log_that_cannot_be_written_does_not_take_the_answer_away(toy_bank, monkeypatch, check):
    monkeypatch.setenv("KETALIT_ANSWERS", str(toy_bank))  # a folder
    with pytest.warns(UserWarning, match="could not be written"):
        check.questions["count"].answer(25)
    assert "GOOD-TWO" in check.seen()
    assert len(answers()) == 1
