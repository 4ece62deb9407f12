"""Do Mantel-Haenszel and Peto give metafor's numbers, zero cells and all?"""

import math

import pytest

from ketalit.errors import InputError
from ketalit.pooling import mantel_haenszel, measures, peto, pool

from .oracles import CLOSED, close, holding, needs_oracles, oracle


def table(name):
    found = oracle(name)["binary"]["table"]
    # a row with an empty cell (linde2005 has one) is left out by the reference too
    rows = [one for one in zip(found["ai"], found["n1i"], found["ci"], found["n2i"], strict=True) if None not in one]
    return [list(column) for column in zip(*rows, strict=True)]


@needs_oracles
@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
@pytest.mark.parametrize("name", holding("binary"))
def test_mantel_haenszel(name, measure):
    found, expected = mantel_haenszel(*table(name), measure), oracle(name)["binary"][f"MH_{measure}"]
    for ours, theirs in (("estimate", "est"), ("se", "se"), ("ci_low", "ci_lb"), ("ci_high", "ci_ub"), ("p", "p")):
        close(getattr(found, ours), expected[theirs], CLOSED)
    if expected["Q"] is None:
        # one trial has a risk of 0 or 1 in both groups, hence no variance: metafor gives no Q, we leave the trial out
        assert found.q_df < expected["k_used"] - 1
    else:
        close(found.q, expected["Q"], CLOSED)
        assert found.q_df == expected["k_used"] - 1
    assert found.weights.sum() == pytest.approx(1)


@needs_oracles
@pytest.mark.parametrize("name", holding("binary"))
def test_peto(name):
    found, expected = peto(*table(name)), oracle(name)["binary"]["Peto_OR"]
    for ours, theirs in (("estimate", "est"), ("se", "se"), ("ci_low", "ci_lb"), ("ci_high", "ci_ub"), ("p", "p")):
        close(getattr(found, ours), expected[theirs], CLOSED)


@needs_oracles
def test_the_published_result_of_rare_events_and_what_a_correction_makes_of_it():
    # rosiglitazone and infarction: Nissen 2007, https://doi.org/10.1056/NEJMoa072761, OR 1.43 (1.03 to 1.98)
    columns = table("nissen2007_MI_logOR_rare")
    found = peto(*columns)
    assert [round(one, 2) for one in found.ratio] == [1.43, 1.03, 1.98]
    sizes = [measures.odds_ratio(*row) for row in zip(*columns, strict=True) if row[0] + row[2] > 0]
    corrected = pool([one.yi for one in sizes], [one.vi for one in sizes], "FE", "wald", measure="OR")
    assert [round(one, 2) for one in corrected.ratio] == [1.29, 0.94, 1.76]


def test_one_table_is_its_own_ratio():
    found = mantel_haenszel([28], [30], [5], [30], "OR")
    assert found.estimate == pytest.approx(measures.odds_ratio(28, 30, 5, 30).yi)
    assert mantel_haenszel([28], [30], [5], [30], "RR").ratio[0] == pytest.approx(5.6)
    assert mantel_haenszel([28], [30], [5], [30], "RD").estimate == pytest.approx(23 / 30)


def test_mantel_haenszel_by_hand():
    # sum of a d / n over sum of b c / n
    found = mantel_haenszel([10, 3], [50, 30], [4, 2], [48, 32], "OR")
    expected = (10 * 44 / 98 + 3 * 30 / 62) / (40 * 4 / 98 + 27 * 2 / 62)
    assert found.ratio[0] == pytest.approx(expected)


def test_a_trial_without_events_adds_nothing_to_a_ratio_and_says_so():
    with_, without = ([2, 0], [50, 40], [5, 0], [50, 40]), ([2], [50], [5], [50])
    assert mantel_haenszel(*with_, "RR").estimate == mantel_haenszel(*without, "RR").estimate
    assert peto(*with_).estimate == pytest.approx(peto(*without).estimate)
    assert any("1 of 2 trials add nothing" in warning for warning in peto(*with_).warnings)
    assert mantel_haenszel(*with_, "RD").estimate != mantel_haenszel(*without, "RD").estimate


def test_no_tau2_is_pretended():
    found = mantel_haenszel([2, 3], [50, 40], [5, 9], [50, 40])
    assert (found.tau2, found.tau2_ci, found.prediction_interval) == (0, None, None)
    assert math.isnan(found.to_df().loc[0, "tau2_low"])
    assert "MH" in repr(found)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (([1, 2], [10], [1, 2], [10, 10]), "the columns differ in length"),
        (([], [], [], []), "there are no trials"),
        (([11], [10], [1], [10]), "11 of 10 people in group 1 of trial 1"),
        (([1, 1], [10, 10], [1, 1], [10, 0]), "1 of 0 people in group 2 of trial 2"),
        (([0], [10], [0], [10]), "event"),
        ((["two"], [10], [1], [10]), "events1[0] is “two”"),
        (([math.nan], [10], [1], [10]), "events1[0] is nan"),
    ],
)
def test_broken_tables(columns, said):
    for call in (peto, mantel_haenszel):
        with pytest.raises(InputError) as caught:
            call(*columns)
        assert said in str(caught.value)


def test_an_unknown_measure():
    with pytest.raises(InputError, match="one of OR, RR, RD"):
        mantel_haenszel([1], [10], [2], [10], "HR")
