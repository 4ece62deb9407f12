"""People per 1,000 at a stated baseline risk."""

import math

import pytest

from ketalit.errors import InputError
from ketalit.pooling import pool
from ketalit.synthesis import absolute


def result(value, low, high, measure):
    """A pooled result of one made-up trial with this interval."""
    se = (math.log(high) - math.log(low)) / (2 * 1.959963984540054)
    return pool([math.log(value)], [se**2], measure=measure)


def test_a_risk_ratio():
    """RR 3.26 (1.05 to 10.09) at 96 of 1,000: 96 × 3.26 = 313, from 101 to 969, by hand."""
    found = absolute(result(3.26, 1.053, 10.09, "RR"), 0.096, "by hand")
    assert found.with_treatment == pytest.approx(312.96, abs=0.01)
    assert (found.with_low, found.with_high) == pytest.approx((101.1, 968.6), abs=0.5)
    assert found.difference == pytest.approx(216.96, abs=0.01)
    assert not found.warnings
    assert str(found).startswith("217 more of 1,000 (from 5 to 873 more): 313 instead of 96 (by hand)")


def test_an_odds_ratio_goes_through_odds():
    """OR 2 at a risk of 0.3: odds 3/7 × 2 = 6/7, risk 6/13."""
    assert absolute(result(2, 1.5, 2.7, "OR"), 0.3, "by hand").with_treatment == pytest.approx(6000 / 13)


def test_a_risk_difference_is_added():
    found = absolute(pool([-0.05], [0.0004], measure="RD"), 0.2, "by hand")
    assert (found.difference, found.low, found.high) == pytest.approx((-50, -89.2, -10.8), abs=0.1)
    assert str(found).startswith("50 fewer of 1,000 (from 11 to 89 fewer): 150 instead of 200")


def test_a_risk_never_leaves_the_possible():
    found = absolute(result(5.29, 2.43, 11.52, "RR"), 0.3, "by hand")
    assert (found.with_low, found.with_high) == (pytest.approx(729, abs=0.5), 1000)
    assert "it is cut there" in found.warnings[0]
    assert absolute(pool([-0.3], [0.0004], measure="RD"), 0.2, "by hand").with_treatment == 0


def test_an_interval_that_runs_both_ways_says_so():
    assert "from 80 fewer to 280 more" in str(absolute(result(1.2, 0.6, 2.4, "RR"), 0.2, "by hand"))


def test_the_number_needed_runs_through_infinity_where_the_interval_does():
    found = absolute(result(1.2, 0.6, 2.4, "RR"), 0.2, "by hand")
    assert found.number_needed(more_is_better=False) == "NNTH 25.0, 95 % CI NNTH 3.6 to ∞ to NNTB 12.5"


@pytest.mark.parametrize(
    ("baseline", "source", "measure", "said"),
    [
        (0.1, " ", "RR", "the baseline risk has no source"),
        (0, "x", "RR", "baseline risk is 0"),
        (12, "x", "RR", "baseline risk is 12"),
        ("high", "x", "RR", "baseline risk is “high”"),
        (0.1, "x", "SMD", "the measure is SMD. Expected: RR, OR, Peto or RD"),
        (0.1, "x", "", "the measure is not known"),
    ],
)
def test_what_cannot_be_said_in_people(baseline, source, measure, said):
    with pytest.raises(InputError, match=said):
        absolute(pool([0.1], [0.1], measure=measure), baseline, source)
