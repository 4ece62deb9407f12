"""effects.csv, rob.csv and summary.csv of a review folder: what loads, and what is said of what does not."""

import pytest

from ketalit.pooling.effects import COLUMNS
from ketalit.records.model import Record, to_json
from ketalit.review import Certainty, Domain, Judgement, load_review, new_review, read_review

HEAD = "study,record,comparison,outcome,window,measure,n1,mean1,sd1,n2,mean2,sd2"
ROW = "amber2015,alpha2001,drug vs placebo,pain,short term,MD,20,4,2,20,5,2"


@pytest.fixture
def folder(tmp_path):
    """A synthetic review of one record and one row of effects."""
    (tmp_path / "review.toml").write_text('format = 1\ntitle = "Synthetic"\n')
    record = Record(source="person", key="alpha2001", pmid="101", title="A synthetic trial")
    (tmp_path / "records.jsonl").write_bytes(to_json(record))
    (tmp_path / "effects.csv").write_text(f"{HEAD}\n{ROW}\n")
    return tmp_path


def said(folder):
    return [str(problem) for problem in read_review(folder)[1]]


def test_rows_load_with_their_lines_and_name_a_record_in_any_spelling(folder):
    (folder / "effects.csv").write_text(f"{HEAD}\n\n{ROW.replace('alpha2001', 'PMID: 101')}\n")
    review = load_review(folder)
    assert [row.record for row in review.effects] == ["alpha2001"]
    assert review.effect_lines == (3,)
    assert review.effects[0].time == "short term"


def test_a_review_without_these_files_has_none(folder):
    (folder / "effects.csv").unlink()
    review = load_review(folder)
    assert (review.effects, review.risk_of_bias, review.ratings) == ((), (), ())


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        (HEAD, ROW.replace(",2,20,5", ",two,20,5"), "line 2, sd1: the cell is wrong (found “two”). Expected: a number, with a decimal point."),
        (HEAD, ROW.replace("20,4,2", "20,4,\"1,5\""), "line 2, sd1: the cell is wrong (found “1,5”)"),
        (HEAD, ROW.replace("MD", "mean"), "line 2, measure: the cell is wrong (found “mean”). Expected: one of: MD, SMD"),
        (HEAD, ROW.replace("alpha2001", "beta"), "line 2, record: unknown record"),
        (HEAD, ROW.replace("amber2015", ""), "line 2, study: the cell is empty"),
        (HEAD.replace("sd1", "sd_1"), ROW, "line 1, sd_1: unknown column, did you mean “sd1”?"),
        (f"{HEAD},better", f"{ROW},lowr", "line 2, better: the cell is wrong, did you mean “lower”? (found “lowr”)"),
        (f"{HEAD},checked", f"{ROW},thrice", "line 2, checked: the cell is wrong (found “thrice”). Expected: one of: none, one, two"),
        (f"{HEAD},shared", f"{ROW},0", "line 2, shared: no group is used by fewer than one comparison (found “0”)"),
        (f"{HEAD},shared", f"{ROW},1.5", "line 2, shared: the cell is wrong (found “1.5”). Expected: a whole number."),
        (f"{HEAD},hours", f"{ROW},24", "line 2, window: there are a window and 24 hours (found “short term”). Expected: one of the two."),
        (f"{HEAD},time", f"{ROW},24", "line 1, time: this column has another name now. Expected: the column hours"),
        (HEAD, ROW.replace("pain", '"pain, long term"'), "line 2, outcome: the outcome says “long term”, the window “short term”"),
        (f"{HEAD},spread", f"{ROW},SE", "line 2, spread: the cell is wrong (found “SE”). Expected: one of: SD, SEM, CI"),
    ],
)  # fmt: skip
def test_each_problem_of_effects_is_told_with_its_place(folder, head, row, told):
    (folder / "effects.csv").write_text(f"{head}\n{row}\n")
    assert any(f"effects.csv, {told}" in problem for problem in said(folder)), said(folder)


def test_a_window_at_the_end_of_an_outcome_is_read_and_told(folder):
    old = ROW.replace("pain,short term", '"pain, short term",')
    (folder / "effects.csv").write_text(f"{HEAD}\n{old}\n")
    review = load_review(folder)
    assert [(row.outcome, row.window) for row in review.effects] == [("pain", "short term")]
    assert said(folder) == [
        "effects.csv, line 2, outcome: the follow-up window stands in the outcome (found “pain, short term”). "
        "Expected: “pain”, and “short term” in window."
    ]


ROB = "study,outcome,domain,judgement,time,reason,who,when"
SUM = "comparison,outcome,certainty,time,reasons,who,when"


def test_judgements_load(folder):
    (folder / "rob.csv").write_text(f"{ROB}\namber2015,pain,D4,high,,patients were not blind,AB,2026-11-22\n")
    (folder / "summary.csv").write_text(
        f"{SUM}\ndrug vs placebo,pain,very low,short term,imprecision; risk of bias,AB,2026-11-22\n"
    )
    review = load_review(folder)
    assert not review.problems
    assert (review.risk_of_bias[0].domain, review.risk_of_bias[0].judgement) == (Domain.MEASUREMENT, Judgement.HIGH)
    assert (review.ratings[0].certainty, review.ratings[0].reasons) == (
        Certainty.VERY_LOW,
        ("imprecision", "risk of bias"),
    )


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("rob.csv", f"{ROB}\namber2015,pain,D1,low,,sealed envelopes,,2026-11-22\n", "line 2, who: “low” is given without it. Expected: the person who judged."),
        ("rob.csv", f"{ROB}\namber2015,pain,D1,low,,,AB,2026-11-22\n", "line 2, reason: “low” is given without it"),
        ("rob.csv", f"{ROB}\namber2015,pain,D1,low,,why,AB,yesterday\n", "line 2, when: “low” is given without it (found “yesterday”)"),
        ("rob.csv", f"{ROB}\namber2015,pain,D1,medium,,why,AB,2026-11-22\n", "line 2, judgement: the cell is wrong (found “medium”). Expected: one of: low, some concerns, high, not assessed"),
        ("rob.csv", f"{ROB}\namber2015,pain,D6,low,,why,AB,2026-11-22\n", "line 2, domain: the cell is wrong (found “D6”)"),
        ("rob.csv", f"{ROB}\nbasalt2016,pain,D1,not assessed,,,,\n", "line 2, outcome: effects.csv holds no such result"),
        ("rob.csv", f"{ROB},comparison\namber2015,pain,D1,not assessed,,,,,drug vs drug\n", "line 2, outcome: effects.csv holds no such result (found “drug vs drug, pain”)"),
        ("rob.csv", f"{ROB}\namber2015,pain,D1,not assessed,long term,,,\n", "line 2, time: effects.csv holds no such time (found “long term”). Expected: one of: short term."),
        ("summary.csv", f"{SUM}\ndrug vs placebo,pain,low,short term,,AB,2026-11-22\n", "line 2, reasons: “low” is given without it"),
        ("summary.csv", f"{SUM}\ndrug vs placebo,pain,good,short term,x,AB,2026-11-22\n", "line 2, certainty: the cell is wrong (found “good”)"),
        ("summary.csv", f"{SUM}\ndrug vs placebo,pain,low,,x,AB,2026-11-22\n", "line 2, time: effects.csv holds no such time"),
        ("summary.csv", f"{SUM}\ndrug vs nothing,pain,not assessed,,,,\n", "line 2, outcome: effects.csv holds no such result"),
        ("summary.csv", f"{SUM}\n" + 2 * "drug vs placebo,pain,high,short term,,AB,2026-11-22\n", "line 3, outcome: stands on line 2 already"),
    ],
)  # fmt: skip
def test_a_judgement_nobody_answers_for_is_refused(folder, file, text, told):
    (folder / file).write_text(text, encoding="utf-8")
    assert any(f"{file}, {told}" in problem for problem in said(folder)), said(folder)


def test_high_certainty_needs_no_reason(folder):
    (folder / "summary.csv").write_text(f"{SUM}\ndrug vs placebo,pain,high,short term,,AB,2026-11-22\n")
    assert not said(folder)


def test_where_hours_are_given_a_rating_may_name_a_window_of_the_reader(folder):
    (folder / "effects.csv").write_text(f"{HEAD},hours\n{ROW.replace('short term', '')},24\n")
    (folder / "summary.csv").write_text(f"{SUM}\ndrug vs placebo,pain,high,first week,,AB,2026-11-22\n")
    assert not said(folder)


def test_a_new_review_has_the_headings(tmp_path):
    path = new_review(tmp_path / "mine", empty=True)
    assert (path / "effects.csv").read_text().strip() == ",".join(COLUMNS)
    assert (path / "rob.csv").read_text().startswith("study,comparison,outcome,time,domain,judgement")
    assert not load_review(path).effects
