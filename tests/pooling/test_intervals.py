"""Are the intervals those of metafor, and does never-narrower keep its word?"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.pooling import METHODS, pool
from ketalit.pooling.estimators import fit, q_profile
from ketalit.pooling.intervals import INTERVALS, confidence_interval, prediction_interval

from .oracles import CLOSED, ITERATIVE, NAMES, close, effects, holding, needs_oracles, oracle

RANDOM = [method for method in METHODS if method != "FE"]


@needs_oracles
@pytest.mark.parametrize("method", RANDOM)
@pytest.mark.parametrize("name", NAMES)
def test_knapp_hartung(name, method):
    expected = oracle(name)["models"][method].get("hksj")
    if expected is None:
        assert len(effects(name)[0]) == 1
        return
    y, v = effects(name)
    found = pool(y, v, method, "knapp-hartung")
    rel = CLOSED if method == "DL" else ITERATIVE
    close(found.estimate, expected["est"], rel)
    # of two nearly equal effects the error is the small rest of a difference; worst seen 2e-10
    close(found.se, expected["se"], rel, floor=1e-14 * math.sqrt(v.mean()))
    close([found.ci_low, found.ci_high], [expected["ci_lb"], expected["ci_ub"]], rel, floor=1e-11 * found.se_wald)
    assert found.df == expected["ddf"]
    if expected["stat"] is None:  # all effects the same: the error is 0, and we say that this means nothing
        assert found.se == 0
        assert any("do not believe it" in warning for warning in found.warnings)
    else:
        close(found.statistic, expected["stat"], rel)
        close(found.p, expected["p"], rel)


@needs_oracles
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NAMES)
def test_never_narrower_is_the_wider_of_the_two(name, method):
    wald, hartung, never = (pool(*effects(name), method, kind) for kind in INTERVALS)
    width = [one.ci_high - one.ci_low for one in (wald, hartung, never)]
    assert width[2] == max(width)
    assert (never.ci_low, never.ci_high) in {(wald.ci_low, wald.ci_high), (hartung.ci_low, hartung.ci_high)}


def test_a_knapp_hartung_interval_that_is_far_too_narrow():
    # two strata of one trial, ketamine against ketorolac: 9.9 times narrower than Wald's
    y, v = [-4.90, -4.66], [84.34768, 151.393087777778]
    wald, hartung, never = (pool(y, v, "REML", kind) for kind in INTERVALS)
    assert [round(one, 1) for one in (wald.ci_low, wald.ci_high)] == [-19.2, 9.6]
    assert [round(one, 1) for one in (hartung.ci_low, hartung.ci_high)] == [-6.3, -3.4]
    assert (never.ci_low, never.ci_high) == (wald.ci_low, wald.ci_high)
    assert math.isinf(never.df)
    assert any("the Wald interval is given" in warning for warning in never.warnings)
    assert any("may be too narrow" in warning for warning in hartung.warnings)


@needs_oracles
@pytest.mark.parametrize("method", RANDOM)
@pytest.mark.parametrize("name", NAMES)
def test_prediction_interval(name, method):
    y, v = effects(name)
    given = oracle(name)["models"][method].get("prediction_interval", {}).get("t_k_minus_2_HTS_Riley")
    found = pool(y, v, method, "wald").prediction_interval
    if len(y) < 5:
        assert found is None
    else:
        close(found, given, CLOSED if method == "DL" else ITERATIVE, floor=1e-10 * math.sqrt(v.mean()))


def test_no_prediction_interval_below_five_studies_or_for_a_fixed_effect():
    y, v = [0.1, 0.4, 0.3, 0.9, 0.2], [0.01] * 5
    assert pool(y[:4], v[:4]).prediction_interval is None
    assert pool(y, v, "FE").prediction_interval is None
    low, high = pool(y, v).prediction_interval
    assert low < pool(y, v).ci_low < pool(y, v).ci_high < high


def test_prediction_interval_by_hand():
    # t with 3 degrees of freedom is 3.1824 at 97.5 %
    found = pool([0.1, 0.4, 0.3, 0.9, 0.2], [0.01] * 5, "DL", "wald")
    half = 3.182446305284263 * math.sqrt(found.tau2 + found.se_wald**2)
    assert found.prediction_interval == pytest.approx((found.estimate - half, found.estimate + half))


@needs_oracles
@pytest.mark.parametrize("name", holding("qprofile_ci"))
def test_q_profile(name):
    y, v = effects(name)
    for method, expected in oracle(name)["qprofile_ci"].items():
        found = pool(y, v, method)
        close(found.tau2_ci, expected["tau2"][1:], ITERATIVE, floor=1e-10 * v.mean())
        close(np.sqrt(found.tau2_ci), expected["tau"][1:], ITERATIVE, floor=1e-5 * math.sqrt(v.mean()))
        close(found.i2_ci, expected["I2"][1:], ITERATIVE, floor=1e-8)


def test_q_profile_puts_q_at_the_quantiles_of_chi_squared():
    y, v = np.array([0.1, 0.9, -0.4, 1.6]), np.array([0.05, 0.1, 0.2, 0.15])
    for tau2, quantile in zip(q_profile(y, v), (9.348403604496148, 0.21579528262389785), strict=True):
        w = 1 / (v + tau2)
        assert (w * (y - (w * y).sum() / w.sum()) ** 2).sum() == pytest.approx(quantile, rel=1e-9)


def test_q_profile_does_not_depend_on_the_unit():
    # PyMARE's is off by 46 times here
    y, v = np.array([1.0, 1.2, 0.9, 1.4, 0.5]), np.array([1.0, 2.0, 1.5, 3.0, 1.0]) * 1e-2
    large, small = q_profile(y, v), q_profile(y * 1e-6, v * 1e-12)
    assert small[0] * 1e12 == pytest.approx(large[0], rel=1e-9)
    assert small[1] * 1e12 == pytest.approx(large[1], rel=1e-9)


studies = st.lists(st.tuples(st.floats(-20, 20), st.floats(1e-3, 50)), min_size=2, max_size=12)


@settings(max_examples=60, deadline=None)
@given(studies, st.sampled_from(METHODS), st.floats(0.5, 0.99))
def test_never_narrower_than_wald_for_any_data(found, method, level):
    y, v = [one for one, _ in found], [one for _, one in found]
    wald, never = (pool(y, v, method, kind, level=level) for kind in ("wald", "never-narrower"))
    assert never.ci_low <= wald.ci_low + 1e-12
    assert never.ci_high >= wald.ci_high - 1e-12


def test_coverage_with_three_trials_and_much_heterogeneity():
    # the shared simulation has .84 for REML Wald, .94 for Knapp-Hartung, .95 for never-narrower at k = 3, I² 75 %
    rng = np.random.default_rng(20)
    v = rng.uniform(0.5, 1.5, size=(4000, 3))
    y = rng.normal(0, np.sqrt(v + 3.0))
    found = fit(y, v, "REML")
    covered = {}
    for kind in INTERVALS:
        low, high, _, _ = confidence_interval(found, kind)
        covered[kind] = float(((low < 0) & (high > 0)).mean())
    assert 0.80 < covered["wald"] < 0.90
    assert 0.93 < covered["knapp-hartung"] < 0.97
    assert covered["never-narrower"] >= max(covered["wald"], covered["knapp-hartung"])


def test_a_prediction_interval_holds_what_it_says():
    rng = np.random.default_rng(21)
    v = np.full((4000, 10), 0.2)
    y = rng.normal(0, np.sqrt(v + 1.0))
    low, high = prediction_interval(fit(y, v, "REML"))
    further = rng.normal(0, 1, 4000)
    assert 0.93 < ((low < further) & (further < high)).mean() < 0.97
