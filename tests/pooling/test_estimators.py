"""Do the estimators give metafor's numbers, whatever the unit, order and number of studies?

Asked of: 22 oracles; numbers that were published; statsmodels (Paule-Mandel only, its DL is wrong where Q < df) and
PyMARE where they are installed; and properties that hold for any data.
"""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.pooling import METHODS, pool
from ketalit.pooling.estimators import climb, fit, weights

from .oracles import CLOSED, ITERATIVE, close, effects, holding, needs_oracles, oracle

TOLERANCE = {"FE": CLOSED, "DL": CLOSED, "REML": ITERATIVE, "PM": ITERATIVE, "ML": ITERATIVE}

# IV ketamine against placebo, pain 0 to 100 immediately after: Ferraro 2025, Cochrane CD015373.pub2, Analysis 1.1
KETAMINE = [-1.266102, -18.0, -27.7], [60.1566558587504, 90.0000026775208, 49.0499996142996]


@needs_oracles
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", holding("models"))
def test_oracle(name, method):
    y, v = effects(name)
    expected = oracle(name)["models"][method]
    found = pool(y, v, method, "wald")
    rel = TOLERANCE[method]
    # tau² = 0 is a matter of rounding for metafor too: 1e-13 beside variances of 70 in one data set
    close(found.tau2, expected["tau2"], rel, floor=1e-10 * v.mean())
    for ours, theirs in (("estimate", "est"), ("se", "se"), ("ci_low", "ci_lb"), ("ci_high", "ci_ub"), ("p", "p")):
        # an end of an interval may be near 0, the rest of a subtraction
        close(getattr(found, ours), expected[theirs], rel, floor=1e-11 * found.se)
    close(found.statistic, expected["stat"], rel)
    close(found.q, expected["Q"], CLOSED)
    close(found.q_p, expected["Q_p"], ITERATIVE)
    assert found.q_df == expected["Q_df"]
    close(found.i2, expected["I2"], rel, floor=1e-8)
    close(found.tau, expected["tau"], rel, floor=1e-5 * math.sqrt(v.mean()))
    if "weights_pct" in expected:
        close(100 * found.weights, expected["weights_pct"], rel)


@needs_oracles
@pytest.mark.parametrize("name", holding("R_meta_package_REML"))
def test_i2_from_q_is_that_of_the_other_r_package(name):
    expected = oracle(name)["R_meta_package_REML"]
    found = pool(*effects(name))
    close(found.estimate, expected["est"], ITERATIVE)
    close(found.i2_q, 100 * expected["I2"], CLOSED)
    if "I2_test_based_HT2002" in oracle(name):
        close(found.i2_q, oracle(name)["I2_test_based_HT2002"]["I2"], CLOSED)


@pytest.mark.parametrize(
    ("method", "interval", "printed"),
    [
        ("FE", "wald", (-16.3, -25.3, -7.4)),
        ("DL", "wald", (-15.8, -32.1, 0.5)),
        ("REML", "wald", (-15.8, -31.7, 0.1)),
        ("PM", "wald", (-15.8, -31.3, -0.3)),
        ("REML", "knapp-hartung", (-15.8, -49.8, 18.2)),
        ("REML", "never-narrower", (-15.8, -49.8, 18.2)),
    ],
)
def test_three_trials_give_six_answers(method, interval, printed):
    found = pool(*KETAMINE, method, interval)
    assert (round(found.estimate, 1), round(found.ci_low, 1), round(found.ci_high, 1)) == printed


def test_the_published_cochrane_result_is_reproduced():
    found = pool(*KETAMINE, "DL", "wald")
    assert (round(found.estimate, 2), round(found.ci_low, 2), round(found.ci_high, 2)) == (-15.79, -32.09, 0.51)


def test_a_standard_data_set():
    # BCG vaccine, 13 trials: Colditz 1994 as in Viechtbauer 2010, https://doi.org/10.18637/jss.v036.i03, where REML
    # gives tau² 0.3132, I² 92.22 %, Q 152.2330, estimate -0.7145, SE 0.1798, interval -1.0669 to -0.3622
    tables = [
        (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867), (33, 5069, 47, 5808),
        (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391), (29, 7499, 45, 7277),
        (17, 1716, 65, 1665), (186, 50634, 141, 27338), (5, 2498, 3, 2341), (27, 16913, 29, 17854),
    ]  # fmt: skip
    y = [math.log(a / n1) - math.log(c / n2) for a, n1, c, n2 in tables]
    v = [1 / a - 1 / n1 + 1 / c - 1 / n2 for a, n1, c, n2 in tables]
    found = pool(y, v, "REML", "wald")
    numbers = found.tau2, found.i2, found.q, found.estimate, found.se, found.ci_low, found.ci_high
    assert [round(one, 4) for one in numbers] == [0.3132, 92.2214, 152.2330, -0.7145, 0.1798, -1.0669, -0.3622]


@pytest.mark.parametrize("method", METHODS)
def test_one_study_comes_back_as_it_is(method):
    found = pool([-0.8], [0.09], method)
    assert (found.estimate, found.tau2, found.q, found.i2, found.k) == (-0.8, 0, 0, 0, 1)
    assert found.se == pytest.approx(0.3)
    assert found.ci_low == pytest.approx(-0.8 - 1.959963984540054 * 0.3)
    assert found.tau2_ci is None
    assert found.prediction_interval is None
    assert "One study" in found.warnings[0]


def test_tau2_is_not_negative_where_q_is_below_its_degrees_of_freedom():
    # statsmodels' DL does not stop at 0, and turns the sign of this one: short-term pain after IV ketamine
    y, v = [2.0, 15.0, -10.3, -7.0], [242.000002965, 477.966666667, 157.000000148, 40.9999997893]
    for method in METHODS:
        found = pool(y, v, method, "wald")
        assert (found.tau2, round(found.estimate, 2)) == (0, -5.32)


def test_q_keeps_its_digits_far_from_zero():
    # sums of squares by subtraction give 0 here
    found = pool([1e6, 1e6 + 1e-3, 1e6 + 2e-3], [1e-6] * 3, "FE")
    assert found.q == pytest.approx(2.0, rel=1e-6)


def test_two_maxima_the_higher_one_is_found():
    # two precise trials agree, three vague ones are far away: the restricted likelihood has a maximum near 0 and one
    # far from it; a fine grid says which is higher
    y, v = np.array([0.0, 0.02, 6.0, -7.0, 6.5]), np.array([1e-4, 1e-4, 9.0, 9.0, 9.0])
    grid = np.concatenate([[0], np.geomspace(1e-7, 1e3, 200_000)])
    w = 1 / (v + grid[:, None])
    mean = (w * y).sum(1) / w.sum(1)
    value = -0.5 * (np.log(v + grid[:, None]).sum(1) + np.log(w.sum(1)) + (w * (y - mean[:, None]) ** 2).sum(1))
    assert float(fit(y, v, "REML").tau2) == pytest.approx(grid[value.argmax()], rel=2e-4, abs=1e-6)


def test_a_maximum_at_zero_and_a_higher_one_between_the_starting_values():
    # the restricted likelihood is -13.4999 at 0, and -13.4876 at 6.71
    y, v = np.array([0.0, 0.0, 8.0, 8.0]), np.array([1.5, 1.5, 48.0, 12.75])
    assert float(fit(y, v, "REML").tau2) == pytest.approx(6.71, abs=0.01)
    rows = fit(np.stack([y, y, [0.0, 1.0, 0.5, 0.2]]), np.stack([v, v * 4, v]), "REML")
    assert rows.tau2[0] == pytest.approx(6.71, abs=0.01)
    assert rows.tau2[2] == 0


@pytest.mark.parametrize("method", METHODS)
def test_many_rows_at_once_are_the_same_as_one_by_one(method):
    rng = np.random.default_rng(7)
    y, v = rng.normal(size=(50, 9)), rng.uniform(0.05, 3, size=(50, 9))
    absent = rng.random((50, 9)) < 0.4
    absent[:, :2] = False
    rows = fit(y, np.where(absent, np.inf, v), method)
    for place in range(50):
        one = fit(y[place][~absent[place]], v[place][~absent[place]], method)
        for ours, theirs in zip(rows, one, strict=True):
            close(ours[place], theirs, 1e-9, floor=1e-12)


def test_rows_beyond_one_chunk():
    y, v = np.tile([0.1, 0.5, -0.2], (40_000, 1)), np.tile([0.01, 0.02, 0.03], (40_000, 1))
    found = fit(y, v, "REML")
    assert found.tau2.shape == (40_000,)
    assert np.ptp(found.tau2) == 0
    assert found.tau2[0] == pytest.approx(float(fit(y[0], v[0], "REML").tau2), rel=1e-12)


def test_a_search_that_does_not_settle_says_so():
    turn = iter(range(10_000))

    def restless(tau2):  # never twice the same score
        score = np.asarray(1.0 if next(turn) % 2 else -1.0)
        return score, np.asarray(-1.0), np.asarray(np.nan)

    with pytest.raises(Exception, match="does not settle"), np.errstate(all="ignore"):
        climb(lambda grid: np.full(grid.shape, np.nan), restless, np.asarray(np.nan))


# --- what holds for any data ------------------------------------------------------------------------------------

number = st.floats(-20, 20).map(lambda one: round(one, 6))
variance = st.floats(1e-3, 50)
data = st.lists(st.tuples(number, variance), min_size=2, max_size=12)
method = st.sampled_from(METHODS)
few = settings(max_examples=60, deadline=None)


def columns(studies):
    return [one for one, _ in studies], [one for _, one in studies]


@few
@given(data, method, st.floats(-1000, 1000).map(lambda one: round(one, 3)))
def test_shifting_all_effects_shifts_the_estimate_and_nothing_else(studies, how, shift):
    y, v = columns(studies)
    found, moved = pool(y, v, how), pool([one + shift for one in y], v, how)
    assert moved.estimate - shift == pytest.approx(found.estimate, rel=1e-6, abs=1e-7)
    # a shift of 1000 leaves 13 digits to a distance of 1
    assert moved.tau2 == pytest.approx(found.tau2, rel=1e-6, abs=1e-6 * max(v))


@few
@given(data, method, st.integers(-12, 12))
def test_another_unit_changes_no_digit_that_counts(studies, how, power):
    y, v = columns(studies)
    unit = 10.0**power
    found, other = pool(y, v, how), pool([one * unit for one in y], [one * unit**2 for one in v], how)
    assert other.estimate == pytest.approx(found.estimate * unit, rel=1e-8, abs=1e-10 * unit)
    assert other.tau2 == pytest.approx(found.tau2 * unit**2, rel=1e-7, abs=1e-10 * min(v) * unit**2)
    assert other.ci_high - other.ci_low == pytest.approx((found.ci_high - found.ci_low) * unit, rel=1e-7)


@few
@given(data, method, st.randoms(use_true_random=False))
def test_the_order_of_studies_does_not_matter(studies, how, random):
    mixed = studies[:]
    random.shuffle(mixed)
    found, other = pool(*columns(studies), how), pool(*columns(mixed), how)
    assert other.estimate == pytest.approx(found.estimate, rel=1e-8, abs=1e-10)
    assert other.q == pytest.approx(found.q, rel=1e-8, abs=1e-10)


@few
@given(data, method)
def test_weights_sum_to_one_and_the_estimate_lies_among_the_effects(studies, how):
    y, v = columns(studies)
    found = pool(y, v, how)
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights > 0).all()
    assert min(y) - 1e-9 <= found.estimate <= max(y) + 1e-9
    assert found.tau2 >= 0


@few
@given(data)
def test_paule_mandel_makes_q_its_degrees_of_freedom(studies):
    y, v = (np.asarray(one) for one in columns(studies))
    tau2 = pool(y, v, "PM").tau2
    w = 1 / (v + tau2)
    q = float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())
    assert q == pytest.approx(len(y) - 1, rel=1e-8) if tau2 > 0 else q <= len(y) - 1 + 1e-9


@few
@given(data, st.sampled_from(["REML", "ML"]))
def test_no_other_tau2_is_more_likely(studies, how):
    y, v = (np.asarray(one) for one in columns(studies))
    tau2 = pool(y, v, how).tau2

    def likelihood(t):
        w = 1 / (v + t)
        value = np.log(v + t).sum() + (w * (y - (w * y).sum() / w.sum()) ** 2).sum()
        return -(value + np.log(w.sum()) * (how == "REML"))

    others = np.concatenate([[0], np.geomspace(1e-6, 1e4, 400), tau2 * np.array([0.9, 0.99, 1.01, 1.1])])
    assert likelihood(tau2) >= max(likelihood(t) for t in others) - 1e-9


def test_weights_of_absent_studies_are_zero():
    assert weights([[1.0, math.inf]], [0.5]).tolist() == [[1.0, 0.0]]


# --- other programs ---------------------------------------------------------------------------------------------


def test_paule_mandel_is_that_of_statsmodels():
    meta = pytest.importorskip("statsmodels.stats.meta_analysis", reason="statsmodels is not installed")
    rng = np.random.default_rng(3)
    for _ in range(50):
        k = int(rng.integers(3, 20))
        v = rng.uniform(0.02, 1, k)
        y = rng.normal(0.3, 0.6, k)
        # with a smaller tolerance than its default it takes an overshoot by rounding for tau² = 0
        theirs = meta.combine_effects(y, v, method_re="iterated")
        ours = pool(y, v, "PM", "wald")
        # worst seen 5e-7 of the mean variance: statsmodels stops where Q is within 1e-5 of its aim
        close(ours.tau2, max(0.0, theirs.tau2), 1e-5, floor=1e-6 * v.mean())


def test_reml_is_that_of_pymare():
    pymare = pytest.importorskip("pymare.estimators", reason="PyMARE is not installed")
    rng = np.random.default_rng(4)
    for _ in range(40):
        k = int(rng.integers(3, 20))
        v = rng.uniform(0.02, 1, k)
        y = rng.normal(0.3, 0.9, k)
        for how in ("REML", "ML"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = pymare.VarianceBasedLikelihoodEstimator(method=how).fit(
                    y[:, None], v[:, None], np.ones((k, 1))
                )
            ours = pool(y, v, how, "knapp-hartung")
            # worst seen 4e-7: the tolerance of its bounded search
            close(ours.tau2, float(np.ravel(theirs.params_["tau2"])[0]), 1e-5, floor=1e-6 * v.mean())
            close(ours.estimate, float(np.ravel(theirs.params_["fe_params"])[0]), 1e-5, floor=1e-7)
            close(ours.se, math.sqrt(float(np.ravel(theirs.params_["inv_cov"])[0])), 1e-5)


# --- broken input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "v", "said"),
    [
        ([], [], "there are no studies"),
        ([1, 2], [1], "2 effects but 1 variances"),
        ([1, 2], [1, 0], "vi[1] is 0. Expected: a sampling variance above 0"),
        ([1, 2], [1, -3], "vi[1] is -3"),
        ([1, math.nan], [1, 1], "yi[1] is nan. Expected: a finite number"),
        ([1, 2], [1, math.inf], "vi[1] is inf"),
        ([1, "2,5"], [1, 1], "yi[1] is “2,5”. Expected: a number"),
        (["1", "2"], [1, 1], "yi[0] is “1”"),
        ([1, None], [1, 1], "yi[1] is empty"),
        ([True, 2.0], [1, 1], None),
        ([1e200, 2], [1, 1], "yi[0] is 1e+200. Expected: a number of ordinary size"),
        ([1, 2], [1, 1e-200], "vi[1] is 1e-200"),
        ([[1, 2], [3, 4]], [1, 1], "yi has 2 dimensions"),
        ([[1, 2], [3]], [1, 1], "yi"),
        ("text", [1], "yi[0] is “text”"),
        (None, None, "yi[0] is empty"),
    ],
)
def test_broken_input_is_answered_by_a_sentence(y, v, said):
    if said is None:  # numpy has made numbers of it before anybody could look
        assert pool(y, v).k == 2
        return
    with pytest.raises(InputError) as caught:
        pool(y, v)
    assert said in str(caught.value)
    assert str(caught.value).startswith("pool: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "RMEL"}, "did you mean “REML”"),
        ({"method": "reml"}, "one of FE, DL, REML, PM, ML"),
        ({"interval": "hksj"}, "one of wald, knapp-hartung, never-narrower"),
        ({"level": 95}, "level is 95. Expected: a number above 0 and below 1"),
    ],
)
def test_an_option_that_does_not_exist(options, said):
    with pytest.raises(InputError, match=said.split(".")[0].replace("“", ".").replace("”", ".")):
        pool([1, 2], [1, 1], **options)
