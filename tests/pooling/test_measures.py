"""Are effect sizes those of metafor's escalc, and do broken arms get a sentence?"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.pooling import measures as m

from .oracles import CLOSED, NOT_OFFERED, cases, close, needs_oracles


def of_case(name, given):
    """The effect size that a case asks for; None where it is another kind of case."""
    means = (
        tuple(given[key] for key in ("n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"))
        if "m1i" in given and "n1i" in given
        else ()
    )
    table = tuple(given[key] for key in ("ai", "n1i", "ci", "n2i")) if "ai" in given else ()
    pair = (
        tuple(given[key] for key in ("ni", "m1i", "sd1i", "m2i", "sd2i", "ri"))
        if "ri" in given and "m1i" in given
        else ()
    )
    kind = name.split("_")[0]
    if kind == "SMD":
        if not means:
            return None
        return m.standardised_mean_difference(*means, variant="RevMan" if "RevMan" in name else "Hedges")
    of_pairs = {"MC": m.paired_difference, "SMCRP": m.paired_smd}
    of_tables = {"RR": m.risk_ratio, "OR": m.odds_ratio, "RD": m.risk_difference}
    if kind in of_pairs:
        return of_pairs[kind](*pair)
    if kind == "SMCC":
        return m.paired_smd(*pair, standardiser="change")
    if kind in of_tables:
        return of_tables[kind](*table)
    if kind == "PETO":
        # escalc adds a half to the cells of a table with an empty one; Peto's method does not need it
        return m.peto_odds_ratio(*table, correction=0.5)
    if kind in {"PLO", "PR"}:
        return m.proportion(given["xi"], given["ni"], scale=kind)
    return {"MD": m.mean_difference, "ROM": m.ratio_of_means}[kind](*means) if kind in {"MD", "ROM"} else None


@needs_oracles
def test_effect_sizes():
    tested, named = set(), set()
    for name, case in cases().items():
        if f"effect.{name.split('_')[0]}" in NOT_OFFERED:
            named.add(name)
            continue
        found = of_case(name, case["input"])
        if found is None:
            continue
        expected = case["expected"]
        close(found.yi, expected["yi"], CLOSED)
        close(math.sqrt(found.vi), expected["se"], CLOSED)
        assert found.steps[-1].output == {"yi": found.yi, "vi": found.vi}
        tested.add(name)
    assert (len(tested), len(named)) == (31, 6)


def test_hedges_g_by_hand():
    # J(13) = Γ(6.5) / (√6.5 Γ(6)) = 0.9409822; d = -3 / √((7·16 + 6·25)/13)
    d = -3 / math.sqrt((7 * 16 + 6 * 25) / 13)
    found = m.standardised_mean_difference(8, 10, 4, 7, 13, 5)
    assert found.yi == pytest.approx(0.9409822 * d, rel=1e-6)
    assert found.vi == pytest.approx(1 / 8 + 1 / 7 + found.yi**2 / 30)


def test_an_sem_taken_for_an_sd_makes_five_times_the_effect():
    # Sigtermans 2009, pain after a week: 2.68 ± 0.51 and 5.45 ± 0.48, standard errors of 30 people each
    wrong = m.standardised_mean_difference(30, 2.68, 0.51, 30, 5.45, 0.48)
    right = m.standardised_mean_difference(30, 2.68, 0.51 * 30**0.5, 30, 5.45, 0.48 * 30**0.5)
    assert (round(wrong.yi, 2), round(right.yi, 2)) == (-5.52, -1.01)


def test_a_crossover_taken_for_two_groups_is_a_crossover_without_correlation():
    parallel = m.mean_difference(20, 5.2, 2.1, 20, 6.4, 1.9)
    assert m.paired_difference(20, 5.2, 2.1, 6.4, 1.9, 0.0).vi == pytest.approx(parallel.vi)
    assert m.paired_difference(20, 5.2, 2.1, 6.4, 1.9, 0.7).vi < parallel.vi / 3


def test_a_zero_cell_is_corrected_and_said():
    found = m.risk_ratio(3, 3, 0, 4)
    assert found.yi == pytest.approx(math.log((3.5 / 4) / (0.5 / 5)))
    assert [(step.name, step.assumed) for step in found.steps] == [("zero cell", True), ("RR", False)]
    assert len(m.risk_ratio(28, 30, 5, 30).steps) == 1


def test_peto_needs_no_correction():
    found = m.peto_odds_ratio(2, 68, 0, 32)
    variance = 68 * 32 * 2 * 98 / (100**2 * 99)
    assert found.yi == pytest.approx((2 - 68 * 2 / 100) / variance)
    assert found.vi == pytest.approx(1 / variance)


ARMS = {"n1": 10, "mean1": 5.0, "sd1": 2.0, "n2": 12, "mean2": 6.0, "sd2": 2.5}


@pytest.mark.parametrize("function", [m.mean_difference, m.standardised_mean_difference, m.ratio_of_means])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sd1": -2.0}, "sd1 is -2. Expected: a number above 0."),
        ({"sd2": 0}, "sd2 is 0. Expected: a number above 0."),
        ({"n1": 1}, "n1 is 1. Expected: at least 2 people."),
        ({"n2": 0}, "n2 is 0. Expected: at least 2 people."),
        ({"mean1": "5,2"}, "mean1 is “5,2”. Expected: a number."),
        ({"mean2": None}, "mean2 is empty. Expected: a number."),
        ({"sd1": math.nan}, "sd1 is nan."),
    ],
)
def test_broken_arms(function, change, said):
    with pytest.raises(InputError) as caught:
        function(**(ARMS | change))
    assert said in str(caught.value)


def test_a_ratio_of_means_needs_means_above_zero():
    with pytest.raises(InputError, match="ROM: mean1 is -1"):
        m.ratio_of_means(**(ARMS | {"mean1": -1.0}))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ((0, 10, 0, 12), "nobody has the outcome in both arms"),
        ((10, 10, 12, 12), "everybody has the outcome in both arms"),
        ((11, 10, 2, 12), "events1 is 11 of 10 people"),
        ((-1, 10, 2, 12), "events1 is -1 of 10 people"),
        ((1, 0, 2, 12), "n1 is 0. Expected: an arm with people in it"),
        ((1, 10, None, 12), "events2 is empty"),
    ],
)
@pytest.mark.parametrize("function", [m.risk_ratio, m.odds_ratio, m.peto_odds_ratio])
def test_broken_tables(function, table, said):
    with pytest.raises(InputError) as caught:
        function(*table)
    assert said in str(caught.value)


def test_a_difference_of_risks_exists_without_any_event():
    found = m.risk_difference(0, 30, 0, 28)
    assert abs(found.yi) < 0.01
    assert found.vi > 0


@pytest.mark.parametrize(("r", "said"), [(1.2, "r is 1.2"), (1.0, "no spread"), ("half", "r is “half”")])
def test_broken_correlations(r, said):
    with pytest.raises(InputError) as caught:
        m.paired_difference(20, 5, 2.0, 6, 2.0, r)
    assert said in str(caught.value)


def test_unknown_variants():
    with pytest.raises(InputError, match="Hedges or RevMan"):
        m.standardised_mean_difference(**ARMS, variant="Cohen")
    with pytest.raises(InputError, match="raw or change"):
        m.paired_smd(20, 5, 2.0, 6, 2.0, 0.5, standardiser="mean")
    with pytest.raises(InputError, match="PLO or PR"):
        m.proportion(3, 10, scale="PFT")
    with pytest.raises(InputError, match="0 of 10 have the outcome"):
        m.proportion(0, 10)


sizes = st.integers(2, 300)
sds = st.floats(0.1, 50)
means = st.floats(-100, 100)


@settings(max_examples=60, deadline=None)
@given(sizes, means, sds, sizes, means, sds)
def test_exchanging_the_arms_turns_the_sign(n1, m1, s1, n2, m2, s2):
    for function in (m.mean_difference, m.standardised_mean_difference):
        one, other = function(n1, m1, s1, n2, m2, s2), function(n2, m2, s2, n1, m1, s1)
        assert one.yi == pytest.approx(-other.yi, abs=1e-12)
        assert one.vi == pytest.approx(other.vi)


@settings(max_examples=60, deadline=None)
@given(sizes, sizes, st.data())
def test_ratios_turn_with_the_arms_and_odds_with_the_outcome(n1, n2, data):
    a, c = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    if a + c in {0, n1 + n2}:
        return
    assert m.risk_ratio(a, n1, c, n2).yi == pytest.approx(-m.risk_ratio(c, n2, a, n1).yi, abs=1e-9)
    odds, turned = m.odds_ratio(a, n1, c, n2), m.odds_ratio(n1 - a, n1, n2 - c, n2)
    assert odds.yi == pytest.approx(-turned.yi, abs=1e-9)
    assert odds.vi == pytest.approx(turned.vi)


def test_what_has_no_spread_has_no_ratio_to_it():
    with pytest.raises(InputError, match="no usable SD"):
        m.paired_smd(10, 5, 2, 4, 2, 1, standardiser="change")
    with pytest.raises(InputError, match="a cell is 0"):
        m.risk_ratio(0, 10, 5, 10, correction=0)
    assert m.risk_difference(0, 10, 5, 10, correction=0).yi == -0.5
