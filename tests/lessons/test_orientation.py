"""Lesson 0 against the published numbers it shows, and as a learner moves it."""

import re

import pytest

from ketalit.claims import checked_claims
from ketalit.lessons.orientation import (
    CLAIMS,
    MEASURED,
    MODELLED,
    OPINION,
    POOLED,
    ClaimCard,
    FirstCurve,
    FourAnswers,
)
from ketalit.lessons.question import Check, Predict, bank
from ketalit.review import load_review
from ketalit.vocabulary import Verdict

PANELS = [FirstCurve, FourAnswers, ClaimCard]


def left_by_hand(concentration: float, half: float) -> float:
    """The law of mass action for one site."""
    return half / (half + concentration)


@pytest.mark.parametrize(("concentration", "half"), [(0, 0.71), (0.71, 0.71), (6.4, 0.71), (10, 0.2), (1, 10)])
def test_the_curve_is_one_line_of_algebra(concentration, half):
    panel = FirstCurve(concentration=concentration, half=half)
    assert f"leaves {100 * left_by_hand(concentration, half):.0f} % of the current" in panel.seen()
    shown = panel.frame().set_index("ketamine_uM")["current_left_share"]
    assert shown.loc[5.0] == pytest.approx(left_by_hand(5, half))


def test_what_was_measured_is_one_number_of_gilling_and_does_not_follow_the_slider():
    panel = FirstCurve(half=3, measured=True)
    assert "0.71 ± 0.03 µM" in panel.seen()
    assert "measured" in panel.picture.svg
    panel.measured.value = False
    assert "Every point of this curve is computed." in panel.seen()
    assert "measured" not in panel.picture.svg


def test_the_trial_has_the_published_difference():
    seen = FourAnswers(kind=MEASURED).seen()
    assert "60 people" in seen
    assert f"{10 * (5.45 - 2.68):.0f} points" in seen  # Sigtermans 2009: 2.68 and 5.45 of 10 after week 1
    row = FourAnswers(kind=MEASURED).frame().iloc[0]
    error = 10 * (0.51**2 + 0.48**2) ** 0.5
    assert row["difference_points_of_100"] == pytest.approx(-27.7, abs=0.05)
    assert row["low_95_points"] == pytest.approx(-27.7 - 1.96 * error, abs=0.1)
    assert row["high_95_points"] == pytest.approx(-27.7 + 1.96 * error, abs=0.1)


def test_the_pooled_estimate_is_near_that_of_the_cochrane_review_and_its_interval_holds_zero():
    rows = FourAnswers(kind=POOLED).frame().set_index("study")
    pooled = rows.loc["pooled"]
    weights = [1 / ((row["high_95_points"] - row["low_95_points"]) / 3.92) ** 2 for _, row in rows.iloc[:3].iterrows()]
    fixed = sum(w * d for w, d in zip(weights, rows["difference_points_of_100"].iloc[:3], strict=True)) / sum(weights)
    assert len(rows) == 4
    assert rows["difference_points_of_100"].min() < pooled["difference_points_of_100"] < 0
    assert abs(pooled["difference_points_of_100"] - fixed) < 5
    assert pooled["low_95_points"] < 0 < pooled["high_95_points"]


def test_two_models_of_the_same_numbers_differ_severalfold():
    shown = FourAnswers(kind=MODELLED).frame()
    first, second = (shown[column].max() for column in shown.columns[1:])
    assert second == pytest.approx(1 - 2 ** (-4.2 / 10.9), rel=0.06)  # slow turnover can never reach more by then
    assert first > 3 * second
    assert shown["weeks"].is_monotonic_increasing


def test_an_opinion_has_no_numbers():
    panel = FourAnswers(kind=OPINION)
    assert panel.frame().empty
    assert not re.search(r"\d", panel.seen())


def test_uncertainty_can_be_switched_off_and_then_is_not_told():
    for kind in (MEASURED, POOLED):
        panel = FourAnswers(kind=kind)
        with_it = panel.picture.svg
        assert "95 % interval" in panel.seen()
        panel.spread.value = False
        assert "95 % interval" not in panel.seen()
        assert len(panel.picture.svg) < len(with_it)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_card_shows_what_the_review_holds(name):
    panel = ClaimCard(claim=name)
    held = next(one for one in checked_claims(load_review()) if one.claim.id == CLAIMS[name])
    assert f"Verdict: {held.claim.verdict}." in panel.seen()
    assert held.claim.explanation in panel.seen()
    assert panel.frame()["id"].tolist() == [CLAIMS[name]]
    assert panel.picture.title == f"“{held.claim.claim}”"
    drawn = " ".join(re.sub(r"<[^>]+>", " ", panel.picture.svg).split())
    assert all(base.short.split()[0].strip("“") in drawn for base in held.basis)
    assert "Would change it" in drawn


def test_the_cards_span_the_verdicts_and_the_answers_fit_them():
    verdicts = {name: ClaimCard(claim=name).frame()["verdict"].iloc[0] for name in CLAIMS}
    assert len(set(verdicts.values())) >= 4
    assert verdicts["It works in CRPS"] == Verdict.PARTLY
    assert verdicts["It makes the brain reboot"] == Verdict.UNSUPPORTED
    assert verdicts["It improves functioning"] == Verdict.CONTRADICTED
    assert verdicts["It acts at glutamine receptors"] == Verdict.MIS_STATED


EXTREMES = [
    (FirstCurve, {"concentration": 0, "half": 0.1}),
    (FirstCurve, {"concentration": 10, "half": 10, "measured": True}),
    (FourAnswers, {"kind": MODELLED, "spread": False}),
    (FourAnswers, {"kind": OPINION}),
    (ClaimCard, {"claim": "It closes the channel"}),
]


@pytest.mark.parametrize(("kind", "settings"), EXTREMES)
def test_every_setting_draws_reads_short_and_comes_back_from_its_code(kind, settings):
    panel, other = kind(**settings), kind()
    assert "nan" not in panel.picture.svg
    assert panel.picture.description == panel.seen()
    assert len(panel.seen().split()) <= 45
    other.restore(panel.code)
    assert other.seen() == panel.seen()


def test_what_lies_outside_is_said_beside_the_control():
    assert "12 µM lies outside 0 to 10; 10 µM is shown." in FirstCurve(concentration=12).seen()
    assert "“a rumour” is not offered" in FourAnswers(kind="a rumour").seen()


def test_what_was_before_is_drawn_when_the_curve_has_changed():
    panel = FirstCurve()
    panel.concentration.value = 3
    assert "before" not in panel.picture.svg
    panel.half.value = 2
    assert "before: 0.71 µM" in panel.picture.svg


def test_a_prediction_opens_the_card_and_comes_back():
    for option in bank("00")["which-has-trials"]["answers"]:
        predict = Predict("00", "which-has-trials", ClaimCard())
        assert predict.locked
        predict.answer(option["answer"], confidence=90)
        assert not predict.locked
        predict.compare.click()
        assert option["feedback"] in predict.seen()


def test_each_kind_is_the_right_answer_once_and_every_answer_is_told_something_of_its_own():
    right = []
    for item in bank("00").values():
        told = [answer["feedback"] for answer in item["answers"]]
        assert all(told)
        assert len(set(told)) == len(told)
        if item["kind"] == "check":
            right += [answer["answer"] for answer in item["answers"] if answer["correct"]]
    assert sorted(right) == ["measured", "modelled", "opinion", "pooled"]


def test_the_check_can_be_answered_rightly_throughout():
    check = Check("00")
    for name, given in {
        "kind-of-point": "measured", "kind-of-curve": "modelled", "kind-of-diamond": "pooled",
        "kind-of-page": "opinion", "transfer-app": [0, 2],
    }.items():  # fmt: skip
        check.questions[name].answer(given)
    assert "5 of 5 answered rightly." in check.seen()
