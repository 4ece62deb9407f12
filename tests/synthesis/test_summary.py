"""A summary of findings; trials and judgements are synthetic, the numbers follow by hand."""

import math

import pandas as pd
import pytest

from ketalit.review import Certainty, Rating, load_review
from ketalit.synthesis import Threshold, summary
from ketalit.synthesis.summary import COLUMNS

from .synthetic import review, row


def only(*rows, rated=(), **options):
    frame = summary(review(*rows, ratings=rated), **options)
    assert len(frame) == 1
    return frame.iloc[0]


def rating(**facts):
    named = {"comparison": "drug vs placebo", "outcome": "pain", "certainty": Certainty.LOW, "who": "AB"}
    return Rating(**{**named, "when": "2026-11-22", "reasons": ("imprecision", "risk of bias"), **facts})


def test_columns_and_types_are_those_that_are_documented():
    for one in (summary(review(row())), summary(review())):
        assert {name: str(kind) for name, kind in one.dtypes.items()} == COLUMNS


def test_a_mean_difference():
    line = only(row(), row(study="basalt2016"))
    assert (line.trials, line.k, line.n, line.scale, line.better) == (2, 2, 80, "0 to 10", "lower")
    half = 1.959963984540054 * math.sqrt(0.4 / 2)
    assert [line.effect, line.ci_low, line.ci_high] == pytest.approx([-1, -1 - half, -1 + half])
    assert pd.isna(line.with_per_1000)
    assert line.events == ""
    assert line.tau == 0  # two trials that say the same
    assert pd.isna(only(row()).tau)  # one trial cannot tell


def test_a_risk_ratio_is_shown_as_a_ratio_with_people_per_1000():
    line = only(row(events1=8.0, events2=4.0))
    assert (line.effect, line.events) == (pytest.approx(2), "8/20 vs 4/20")
    assert (line.without_per_1000, line.with_per_1000) == (pytest.approx(200), pytest.approx(400))
    half = 1.959963984540054 * math.sqrt(1 / 8 - 1 / 20 + 1 / 4 - 1 / 20)
    assert line.ci_low == pytest.approx(2 * math.exp(-half))
    assert line.difference_low == pytest.approx(200 * 2 * math.exp(-half) - 200)


def test_a_stated_baseline_is_used_and_named():
    line = only(row(events1=8.0, events2=4.0), baselines={"pain": (0.1, "a register")})
    assert (line.without_per_1000, line.with_per_1000, line.baseline_source) == (100, pytest.approx(200), "a register")


def test_without_events_in_the_comparison_groups_no_absolute_effect_is_made_up():
    line = only(row(events1=3.0, events2=0.0))
    assert pd.isna(line.with_per_1000)
    assert "State a risk" in line.warnings


def test_an_outcome_that_nobody_had_is_shown():
    line = only(row(events1=0.0, events2=0.0))
    assert (line.trials, line.k, line.events) == (1, 0, "0/20 vs 0/20")
    assert pd.isna(line.effect)
    assert "nobody has the outcome" in line.left_out


def test_a_prediction_interval_from_five_trials_on():
    means = [3.0, 4.0, 4.4, 5.0, 2.0]
    rows = [row(study=f"trial{place}", mean1=mean) for place, mean in enumerate(means)]
    assert only(*rows).prediction_low < only(*rows).ci_low
    assert pd.isna(only(*rows[:4]).prediction_low)


def test_certainty_is_that_of_a_person_or_none():
    assert only(row()).certainty == "not assessed"
    line = only(row(), rated=(rating(),))
    assert (line.certainty, line.reasons, line.who) == ("low", "imprecision; risk of bias", "AB")


def test_a_rating_of_another_time_is_not_taken():
    rated = (rating(time="medium term"),)
    assert only(row(window="short term"), rated=rated).certainty == "not assessed"


def test_windows_of_hours_are_rows_and_their_names_find_ratings():
    rows = (row(hours=24.0), row(hours=168.0, mean1=3.0), row(hours=500.0))
    assert list(summary(review(*rows)).time) == ["24 h", "168 h", "500 h"]
    windows = {"first week": (0, 168), "later": (169, math.inf)}
    frame = summary(review(*rows, ratings=(rating(time="later"),)), windows=windows)
    assert list(frame.time) == ["first week", "later"]
    assert list(frame.certainty) == ["not assessed", "low"]
    assert frame.effect[0] == pytest.approx(-2)  # the latest value of the week


def test_scales_that_differ_are_said_and_the_other_rows_are_shown():
    rows = (row(), row(study="basalt2016", scale_high=100.0), row(outcome="sleep"))
    frame = summary(review(*rows))
    assert "points of different scales" in frame.warnings[0]
    assert pd.isna(frame.effect[0])
    assert frame.effect[1] == pytest.approx(-1)
    assert summary(review(*rows), scale=(0, 100)).effect.notna().all()


def test_a_threshold_stands_in_points_of_the_result():
    line = only(row(), threshold=Threshold(points=1, source="me"))
    assert (line.threshold, line.threshold_source, line.against_threshold) == (-1, "me", "interval on both sides")
    assert pd.isna(only(row(events1=8.0, events2=4.0), threshold=Threshold(points=1, source="me")).threshold)


def test_the_bundled_review_is_not_assessed_and_puts_harms_beside_benefits():
    frame = summary(load_review())
    assert set(frame.certainty) == {"not assessed"}
    assert frame.risk_of_bias.str.fullmatch(r"\d+ not assessed").all()
    for comparison in ("IV ketamine vs placebo", "oral ketamine vs placebo", "topical ketamine vs placebo"):
        outcomes = set(frame.outcome[frame.comparison == comparison])
        assert "pain intensity" in outcomes
        assert outcomes & {"adverse events", "serious adverse events"}
