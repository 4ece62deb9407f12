"""Which rows are chosen; the trials are synthetic."""

import pytest

from ketalit.errors import InputError
from ketalit.pooling import pool
from ketalit.synthesis import choose

from .synthetic import review, row


def chosen(rows, **asked):
    return choose(review(*rows), **{"comparison": "drug vs placebo", "outcome": "pain", **asked})


def test_rows_of_another_comparison_or_outcome_stay_out():
    rows = [row(), row(study="basalt2016", comparison="drug vs nothing"), row(study="coral2017", outcome="sleep")]
    assert [one.study for one in chosen(rows).rows] == ["amber2015"]


def test_a_term_at_the_end_of_the_outcome_is_its_time():
    rows = [row(window="short term"), row(window="medium term", mean1=4.5)]
    assert [one.yi for one in chosen(rows, time="medium term").effects] == [-0.5]
    assert chosen(rows, time="short").time == "short term"
    assert chosen(rows, time="any").time == "any"
    assert len(chosen(rows, time="any").effects) == 2


def test_an_outcome_that_has_a_comma_of_its_own_is_left_alone():
    only = chosen([row(outcome="pain, at rest")], outcome="pain, at rest")
    assert (only.outcome, only.time) == ("pain, at rest", "")


def test_several_times_must_be_chosen_from():
    rows = [row(window="short term"), row(window="medium term")]
    with pytest.raises(InputError, match="there are several times. Expected: one of: short term; medium term"):
        chosen(rows)


def test_of_a_window_the_latest_value_of_each_trial_counts():
    rows = [row(hours=24.0), row(hours=168.0, mean1=3.0), row(hours=800.0), row(study="basalt2016", hours=48.0)]
    within = chosen(rows, time=(0, 168))
    assert [(one.study, one.hours) for one in within.effects] == [("amber2015", 168), ("basalt2016", 48)]
    assert within.time == "0 to 168 h"


def test_a_row_without_hours_is_told_where_a_window_is_asked_for():
    within = chosen([row(hours=24.0), row(study="basalt2016")], time=(0, 48))
    assert [one.row.study for one in within.left_out] == ["basalt2016"]
    assert "its time is not given in hours" in within.left_out[0].reason


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"comparison": "drug vs placbo"}, "no comparison “drug vs placbo”, did you mean “drug vs placebo”?"),
        ({"outcome": "mood"}, "drug vs placebo: no outcome “mood”. Expected: one of: pain"),
        ({"time": "long"}, "no time “long”. Expected: one of: 24 h"),
        ({"time": (48, 96)}, "nothing from 48 to 96 h. Expected: a window that holds one of: 24"),
        ({"time": (96, 48)}, "the window runs from 96 to 48 h"),
        ({"time": 24}, "the time is 24"),
        ({"time": ("a", "b")}, "Expected: a named window, hours as “168 h”, or the first and the last hour"),
    ],
)
def test_what_is_not_there_is_answered_by_a_sentence(asked, said):
    with pytest.raises(InputError) as error:
        chosen([row(hours=24.0)], **asked)
    assert said in str(error.value)


def test_a_review_without_effects():
    with pytest.raises(InputError, match="there are no effects. Expected: rows in effects.csv"):
        chosen([])


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"sd1": -2.0}, "sd1 is -2. Expected: a number above 0"),
        ({"n1": 1.0}, "n1 is 1"),
        ({"n2": 0.0}, "an arm with people in it"),
        ({"mean1": float("nan")}, "mean1 is nan"),
        ({"events1": 3.0, "events2": 0.0, "n1": 2.0}, "3"),
    ],
)
def test_broken_numbers_are_left_out_with_the_reason_and_nothing_is_left_to_pool(broken, said):
    only = chosen([row(**broken)])
    assert said in only.left_out[0].reason
    with pytest.raises(InputError, match="no row gives an effect"):
        only.pool()


def test_case_does_not_matter():
    assert chosen([row()], comparison="Drug VS Placebo").comparison == "drug vs placebo"


def test_pooling_is_that_of_the_pooling_room():
    rows = [row(study=name, mean1=mean) for name, mean in [("a", 3.0), ("b", 4.0), ("c", 4.4)]]
    ours = chosen(rows).pool("DL", "wald")
    theirs = pool([-2.0, -1.0, -0.6], [0.4] * 3, "DL", "wald")  # 4/20 + 4/20
    assert (ours.estimate, ours.ci_low, ours.tau2) == pytest.approx((theirs.estimate, theirs.ci_low, theirs.tau2))


def test_means_can_be_taken_to_another_scale():
    assert chosen([row()], scale=(0, 100)).effects[0].yi == pytest.approx(-10)


def test_people_of_a_crossover_count_once():
    assert chosen([row(design="crossover"), row(study="basalt2016")]).people == 20 + 40


def test_the_baseline_is_the_risk_of_the_comparison_groups_together():
    rows = [
        row(events1=4.0, events2=2.0),
        row(study="basalt2016", events1=0.0, events2=0.0, n2=30.0),
    ]
    risk, source = chosen(rows).baseline
    assert risk == pytest.approx(2 / 50)  # the trial without an event counts here, though it gives no ratio
    assert "2 of 50 people" in source
    assert chosen([row()]).baseline is None


def test_a_comparison_group_that_is_divided_counts_once():
    rows = [row(events1=4.0, events2=6.0, n2=30.0, shared=2), row(events1=5.0, events2=6.0, n2=30.0, shared=2)]
    assert chosen(rows).baseline[1].endswith("6 of 30 people")
