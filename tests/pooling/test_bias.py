"""Do the tests of small-study effects give metafor's numbers, and keep silent where they must?"""

import math

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.pooling import egger, peters, pool, trim_and_fill

from .oracles import CLOSED, close, effects, holding, needs_oracles, oracle

TEN = np.linspace(-1, 1, 10), np.linspace(0.01, 0.4, 10)


@needs_oracles
@pytest.mark.parametrize("name", holding("egger_lm"))
def test_egger(name):
    expected = oracle(name)["egger_lm"]
    found = egger(*effects(name), demonstration=True)
    assert found.df == expected["df"]
    close(found.limit, expected["limit_estimate_as_se_to_0"], CLOSED)
    close([found.limit_low, found.limit_high], expected["limit_ci"], CLOSED)
    if name == "awk_identical_effects":
        # a line through equal points: the slope is 0 and its t is made of rounding, there and here
        assert abs(found.slope) < 1e-12
        assert found.se < 1e-12
        return
    for ours, theirs in (("t", "intercept_bias_t"), ("p", "p"), ("slope", "slope_on_se"), ("se", "slope_se")):
        close(getattr(found, ours), expected[theirs], CLOSED)


def test_egger_is_the_intercept_of_the_original_form():
    y, v = TEN
    y = y + np.sin(np.arange(10))
    design = np.column_stack([np.ones(10), 1 / np.sqrt(v)])
    coefficients, rest, *_ = np.linalg.lstsq(design, y / np.sqrt(v), rcond=None)
    se = math.sqrt(rest[0] / 8 * np.linalg.inv(design.T @ design)[0, 0])
    found = egger(y, v)
    assert found.slope == pytest.approx(coefficients[0])
    assert found.t == pytest.approx(coefficients[0] / se)
    assert found.limit == pytest.approx(coefficients[1])


def test_peters_by_hand():
    rng = np.random.default_rng(5)
    n1, n2 = rng.integers(20, 300, 12), rng.integers(20, 300, 12)
    a, c = rng.binomial(n1, 0.3), rng.binomial(n2, 0.2)
    b, d = n1 - a, n2 - c
    y = np.log(a * d / (b * c))
    w = 1 / (1 / (a + c) + 1 / (b + d))
    design = np.column_stack([np.ones(12), 1 / (n1 + n2)])
    inverse = np.linalg.inv(design.T @ (w[:, None] * design))
    coefficients = inverse @ design.T @ (w * y)
    sigma2 = (w * (y - design @ coefficients) ** 2).sum() / 10
    found = peters(a, n1, c, n2)
    assert found.slope == pytest.approx(coefficients[1])
    assert found.t == pytest.approx(coefficients[1] / math.sqrt(sigma2 * inverse[1, 1]))
    assert found.df == 10


@pytest.mark.parametrize("k", [1, 3, 9])
def test_below_ten_studies_the_reason_is_given_instead(k):
    y, v = TEN[0][:k], TEN[1][:k]
    with pytest.raises(InputError, match=f"Egger: {k} studies. Expected: 10 or more"):
        egger(y, v)
    with pytest.raises(InputError, match="Peters: .* Expected: 10 or more"):
        peters([3] * k, [30] * k, [5] * k, range(30, 30 + k))
    if k < 3:
        with pytest.raises(InputError, match="three at least"):
            egger(y, v, demonstration=True)


def test_trials_without_an_event_do_not_count_as_trials_for_peters():
    with pytest.raises(InputError, match="9 studies"):
        peters([3] * 9 + [0], [30] * 10, [5] * 9 + [0], range(30, 40))


def test_studies_of_one_size_have_no_funnel():
    with pytest.raises(InputError, match="of the same size"):
        egger(TEN[0], [0.1] * 10)
    with pytest.raises(InputError, match="equally precise"):
        trim_and_fill([1, 2, 3], [0.1] * 3)


def reference_tau2(y, v):
    """Restricted maximum likelihood by Fisher scoring that stops, as metafor's does by default, at a change of 1e-5."""
    tau2, change = max(0.0, np.var(y, ddof=1) - v.mean()), 1.0
    while change > 1e-5:
        w = 1 / (v + tau2)
        p = np.diag(w) - np.outer(w, w) / w.sum()
        step = (y @ p @ p @ y - np.trace(p)) / (p * p).sum()
        while tau2 + step < 0:
            step /= 2
        tau2, change = tau2 + step, abs(step)
    return tau2


@needs_oracles
@pytest.mark.parametrize("key", ["FE_L0", "FE_R0", "DL_L0", "DL_R0", "REML_L0", "REML_R0"])
@pytest.mark.parametrize("name", holding("trim_and_fill"))
def test_trim_and_fill(name, key):
    y, v = effects(name)
    expected, (method, estimator) = oracle(name)["trim_and_fill"][key], key.split("_")
    if name == "awk_identical_effects" and estimator == "R0":
        assert "error" in expected
        with pytest.raises(InputError, match="no effect lies below the centre"):
            trim_and_fill(y, v, method, "wald", estimator=estimator)
        return
    found = trim_and_fill(y, v, method, "wald", estimator=estimator)
    if "error" in expected:
        # metafor finds its matrix singular at this scale; the same numbers times a million are the expectation
        assert name == "awk_tiny_scale"
        large = trim_and_fill(y * 1e6, v * 1e12, method, "wald", estimator=estimator)
        assert found.filled == large.filled
        assert found.pooled.estimate == pytest.approx(large.pooled.estimate * 1e-6, rel=1e-9)
        return
    assert found.filled == expected["k0"]
    if found.filled:
        assert found.side == expected["side"]
    if method == "REML" and found.filled:
        # here the reference stopped at a change of 1e-5: it is met to 3e-7 by stopping there too, and ours is the
        # maximum itself, up to 1e-4 away in tau²
        whole = np.concatenate([y, found.yi]), np.concatenate([v, found.vi])
        close(reference_tau2(*whole), expected["tau2"], 1e-6)
        close(found.pooled.tau2, expected["tau2"], 2e-4)
        close(found.pooled.estimate, expected["est"], 1e-5)
        close(found.pooled.se, expected["se"], 1e-4)
        return
    close(found.pooled.estimate, expected["est"], CLOSED)
    close(found.pooled.se, expected["se"], CLOSED)
    close(found.pooled.tau2, expected["tau2"], 1e-6, floor=1e-10 * v.mean())


def test_filled_studies_mirror_real_ones_and_the_result_says_what_it_is():
    y, v = [0.1, 0.2, 0.3, 0.5, 0.9], [0.01, 0.02, 0.05, 0.1, 0.2]
    found = trim_and_fill(y, v, "FE", "wald")
    centre = pool(y[: 5 - found.filled], v[: 5 - found.filled], "FE").estimate
    assert sorted(2 * centre - found.yi) == pytest.approx(sorted(y)[5 - found.filled :])
    assert found.side == "left"
    assert found.pooled.k == 5 + found.filled
    assert "sensitivity analysis" in found.pooled.warnings[0]


def test_the_side_can_be_given_and_a_mirror_changes_only_signs():
    y, v = np.array([0.1, 0.2, 0.3, 0.5, 0.9]), np.array([0.01, 0.02, 0.05, 0.1, 0.2])
    left, right = trim_and_fill(y, v, side="left"), trim_and_fill(-y, v, side="right")
    assert left.filled == right.filled
    assert left.pooled.estimate == pytest.approx(-right.pooled.estimate)
    with pytest.raises(InputError, match="one of left, right"):
        trim_and_fill(y, v, side="top")
    with pytest.raises(InputError, match="one of L0, R0"):
        trim_and_fill(y, v, estimator="Q0")
    with pytest.raises(InputError, match="three at least"):
        trim_and_fill(y[:2], v[:2])


def test_tables_that_cannot_be_are_refused_by_peters():
    with pytest.raises(InputError, match="differ in length"):
        peters([1, 2], [9], [1, 2], [9, 9])
    with pytest.raises(InputError, match="more events than people"):
        peters([1, 10], [9, 9], [1, 2], [9, 9])
