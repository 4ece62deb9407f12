"""Does a result read well, and travel?"""

import math

import pytest

from ketalit.pooling import pool

KETAMINE = [-1.266102, -18.0, -27.7], [60.1566558587504, 90.0000026775208, 49.0499996142996]


def test_it_reads_as_a_person_would_write_it():
    lines = repr(pool(*KETAMINE, measure="MD")).splitlines()
    assert lines[0] == "3 studies, REML, never-narrower interval"
    assert lines[1] == "MD -15.80, 95 % CI -49.81 to 18.21 (Knapp-Hartung, t with 2 df), p 0.184"
    assert lines[2] == "tau 11.50, 95 % CI 0.00 to 83.71"
    assert lines[3] == "I² 67 % (from tau²), 69 % (from Q); Q 6.44, df 2, p 0.040"
    assert lines[4].startswith("! Only 3 studies: the answer depends on the options chosen")


def test_the_interval_of_i2_is_told_by_that_of_tau2():
    # the shared notes: I² 67 %, Q-profile interval 0 to 99 %; tau 11.5, 0 to 83.7
    low, high = pool(*KETAMINE).i2_ci
    assert (round(low), round(high)) == (0, 99)


def test_one_row_for_a_table():
    frame = pool(*KETAMINE).to_df()
    assert frame.shape == (1, 19)
    first = frame.iloc[0]
    assert (first.k, first.method, first.interval) == (3, "REML", "never-narrower")
    assert first.estimate == pool(*KETAMINE).estimate
    assert math.isnan(first.prediction_low)
    assert pool([1.0], [1.0]).to_df().loc[0, "k"] == 1


def test_ratios_are_shown_as_ratios():
    lines = repr(pool([math.log(2), math.log(3)], [0.1, 0.1], measure="RR")).splitlines()
    assert lines[1].startswith("log RR 0.90")
    assert lines[2].startswith("RR 2.45, 95 % CI")


def test_a_result_cannot_be_changed_by_accident():
    found = pool(*KETAMINE)
    with pytest.raises(AttributeError):
        found.estimate = 0.0
    given = [1.0, 2.0]
    found = pool(given, [1.0, 1.0])
    given[0] = 99.0
    assert found.yi.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("level", [0.8, 0.9, 0.99])
def test_another_level(level):
    found, usual = pool(*KETAMINE, level=level), pool(*KETAMINE)
    assert f"{100 * level:g} % CI" in repr(found)
    assert (found.ci_high - found.ci_low < usual.ci_high - usual.ci_low) == (level < 0.95)
    assert found.p == usual.p


def test_the_prediction_interval_is_told_where_there_is_one():
    five = pool([0.1, 0.4, 0.3, 0.9, 0.2], [0.01] * 5)
    low, high = five.prediction_interval
    (told,) = [line for line in repr(five).splitlines() if line.startswith("prediction interval")]
    assert told == f"prediction interval {low:.2f} to {high:.2f}"
    assert not any(line.startswith("prediction") for line in repr(pool(*KETAMINE)).splitlines())
    assert pool([1.0], [1.0]).i2_ci is None
