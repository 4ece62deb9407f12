"""Are conversions those of the Cochrane Handbook and of metafor, and does each leave a record?"""

import math

import pytest

from ketalit.errors import InputError
from ketalit.pooling import conversions as c
from ketalit.pooling import reexpress as r

from .oracles import CLOSED, cases, close, needs_oracles


def interval(given, **more):
    return c.se_from_ci(given["lb"], given["ub"], level=given["level"], **more).value


def nnt(difference, **more):
    return r.number_needed(difference, **more).value.value


CONVERSIONS = {
    "SE_from_CI_normal": lambda i: {"se": interval(i)},
    "SE_from_CI_t": lambda i: {"se": interval(i, df=i["df"])},
    "SE_from_ratio_CI": lambda i: {"se_log": interval(i, log=True)},
    "SE_from_p_two_sided_t": lambda i: {"se": c.se_from_p(i["est"], i["p"], df=i["df"]).value},
    "SE_from_p_two_sided_z": lambda i: {"se": c.se_from_p(i["est"], i["p"]).value},
    "SD_from_SEM": lambda i: {"sd": c.sd_from_sem(i["sem"], i["n"]).value},
    "SD_from_mean_CI_t": lambda i: {"sd": c.sd_from_ci(i["lb"], i["ub"], i["n"]).value},
    "SD_change_imputed": lambda i: {"sd_change": c.change_sd(i["sd_base"], i["sd_final"], i["r"]).value},
    "r_from_change_SD": lambda i: {"r": c.correlation_from_change(i["sd_base"], i["sd_final"], i["sd_change"]).value},
    "combine_two_dose_arms": lambda i: c.combine_arms(
        c.Arm(i["n1"], i["m1"], i["sd1"]), c.Arm(i["n2"], i["m2"], i["sd2"])
    ).value._asdict(),
    "median_IQR_n25": lambda i: c.from_median(i["median"], i["n"], q1=i["q1"], q3=i["q3"]).value._asdict(),
    "median_IQR_skewed_n25": lambda i: c.from_median(i["median"], i["n"], q1=i["q1"], q3=i["q3"]).value._asdict(),
    "median_range_n25": lambda i: c.from_median(i["median"], i["n"], low=i["min"], high=i["max"]).value._asdict(),
    "five_number_n25": lambda i: c.from_median(
        i["median"], i["n"], q1=i["q1"], q3=i["q3"], low=i["min"], high=i["max"]
    ).value._asdict(),
    "median_IQR_wan2014_n25": lambda i: c.from_median(
        i["median"], i["n"], q1=i["q1"], q3=i["q3"], mean="Wan"
    ).value._asdict(),
    "median_IQR_luo2018_n25": lambda i: c.from_median(i["median"], i["n"], q1=i["q1"], q3=i["q3"]).value._asdict(),
    "conv_wald_RR": lambda i: {
        "yi": math.log(i["out"]),
        "vi": c.se_from_ci(i["ci_lb"], i["ci_ub"], log=True).value ** 2,
    },
    "SMD_to_lnOR_logistic": lambda i: dict(
        zip(("lnOR", "se"), r.smd_to_log_odds_ratio(i["g"], i["se"]).value, strict=True)
    ),
    "SMD_to_scale_points": lambda i: {"points": r.smd_to_points(i["g"], i["sd_ref"], "the oracle").value},
    "NNT_from_RR": lambda i: {
        "RD": r.risk_with(i["CER"], rr=i["RR"]).value - i["CER"],
        "NNTB": nnt(r.risk_with(i["CER"], rr=i["RR"]).value - i["CER"], more_is_better=False),
    },
    "NNT_from_OR": lambda i: {
        "EER": r.risk_with(i["CER"], odds_ratio=i["OR"]).value,
        "NNT": nnt(r.risk_with(i["CER"], odds_ratio=i["OR"]).value - i["CER"]),
    },
    "SMD_to_NNT_Furukawa": lambda i: {
        "EER": r.risk_with_smd(i["CER"], i["g"]).value,
        "NNT": nnt(r.risk_with_smd(i["CER"], i["g"]).value - i["CER"]),
    },
    "proportion_beyond_MCID": lambda i: {"prop": r.share_beyond(i["mu"], i["tau"], i["mcid"]).value},
}


@needs_oracles
@pytest.mark.parametrize("name", CONVERSIONS)
def test_conversion(name):
    found, expected = CONVERSIONS[name](cases()[name]["input"]), cases()[name]["expected"]
    compared = set(found) & set(expected)
    assert compared
    for key in compared:
        close(found[key], expected[key], CLOSED)


@needs_oracles
def test_every_conversion_case_is_tested():
    ours = {name for name, case in cases().items() if not {"yi", "se"} <= set(case["expected"])}
    assert ours - set(CONVERSIONS) == {"NNT_from_RD_CI_crossing_zero"}  # has a test of its own, below


def test_a_number_needed_to_treat_goes_through_infinity():
    # Altman 1998: the interval of a difference that includes 0 has no "NNT 7 to -25"
    found = r.number_needed(0.05, -0.04, 0.14)
    assert found.value.text == "NNTB 20.0, 95 % CI NNTH 25.0 to ∞ to NNTB 7.1"
    assert found.value.value == pytest.approx(20)
    assert r.number_needed(0.1, 0.05, 0.2).value.text == "NNTB 10.0, 95 % CI NNTB 20.0 to NNTB 5.0"
    assert r.number_needed(-0.1, -0.2, -0.05).value.text == "NNTH 10.0, 95 % CI NNTH 5.0 to NNTH 20.0"
    fewer = r.number_needed(-0.1, -0.2, -0.05, more_is_better=False).value.text
    assert fewer == "NNTB 10.0, 95 % CI NNTB 20.0 to NNTB 5.0"
    assert r.number_needed(0.0).value == (math.inf, "∞")


def test_a_published_conversion():
    # Sigtermans 2009: SEMs 0.51 and 0.48 of 30 people; Cochrane holds SDs of 27.93384951 and 26.29068276 on 0 to 100,
    # which RevMan's calculator has from the eighth digit on in its own way
    assert 10 * c.sd_from_sem(0.51, 30).value == pytest.approx(27.93384951, rel=1e-7)
    assert 10 * c.sd_from_sem(0.48, 30).value == pytest.approx(26.29068276, rel=1e-7)


def test_a_step_tells_formula_numbers_and_source():
    value, step = c.sd_from_sem(0.51, 30)
    assert step.output == {"SD": value}
    assert step.inputs == {"SEM": 0.51, "n": 30}
    assert (
        str(step)
        == "SD from SEM: SD = SEM × √n; SEM = 0.51, n = 30; SD = 2.793 [Cochrane Handbook 6.5, section 6.5.2.2]"
    )
    assert not step.assumed


def test_what_rests_on_an_assumption_says_so():
    assumed = [
        c.from_median(4, 25, q1=3, q3=8).step,
        c.change_sd(2.1, 1.9, 0.5).step,
        r.smd_to_points(-0.4, 2.2, "one trial").step,
        r.risk_with(0.3, rr=0.5).step,
    ]
    assert all(step.assumed and str(step).endswith("(assumed)") for step in assumed)


def test_means_of_skewed_data():
    # Luo 2018 at n = 16, where n^0.75 is 8 and n^0.55 is 4.5947934: the oracles are symmetric and hold no weight down
    assert c.from_median(4, 16, low=1, high=20).value.mean == pytest.approx((4 * 10.5 + 8 * 4) / 12)
    ends, middle = 2.2 / 10.2, 0.7 - 0.72 / 4.5947934
    expected = ends * 10.5 + middle * 5 + (1 - ends - middle) * 4
    assert c.from_median(4, 16, q1=2, q3=8, low=1, high=20).value.mean == pytest.approx(expected)


def test_combining_arms_is_pooling_their_people():
    one, other = [1.0, 2.0, 4.0, 7.0], [3.0, 3.5, 9.0]

    def arm(values):
        mean = sum(values) / len(values)
        return c.Arm(len(values), mean, math.sqrt(sum((x - mean) ** 2 for x in values) / (len(values) - 1)))

    found, expected = c.combine_arms(arm(one), arm(other)).value, arm(one + other)
    assert found == pytest.approx(expected)


def test_there_and_back():
    r_found = c.correlation_from_change(2.1, 1.9, c.change_sd(2.1, 1.9, 0.37).value).value
    assert r_found == pytest.approx(0.37)
    se = 0.31
    low, high = -1.5 - 1.959963984540054 * se, -1.5 + 1.959963984540054 * se
    assert c.se_from_ci(low, high).value == pytest.approx(se)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: c.se_from_ci(2, 1), "the interval runs from 2 to 1"),
        (lambda: c.se_from_ci(0, 2, log=True), "low is 0. Expected: a number above 0"),
        (lambda: c.se_from_p(-1, 0), "p is 0. Expected: a number above 0 and below 1"),
        (lambda: c.se_from_p(0, 0.5), "the estimate is 0"),
        (lambda: c.se_from_p(-1, "< 0.05"), "p is “< 0.05”"),
        (lambda: c.sd_from_sem(-0.5, 30), "SEM is -0.5"),
        (lambda: c.sd_from_sem(0.5, 1), "n is 1. Expected: at least 2 people"),
        (lambda: c.from_median(5, 20), "a median alone has no SD"),
        (lambda: c.from_median(9, 20, q1=3, q3=8), "do not rise"),
        (lambda: c.correlation_from_change(2, 2, 5), "the three SDs give r = -2.12"),
        (lambda: c.change_sd(2, 2, 1.5), "r is 1.5"),
        (lambda: c.split_control(30, 0), "number of comparisons is 0"),
        (lambda: c.split_control(30, 1.5), "1.5 comparisons"),
        (lambda: c.combine_arms(c.Arm(1, 2, 3), c.Arm(5, 2, 3)), "n is 1"),
        (lambda: r.risk_with(0.5), "rr and odds_ratio are both given or both missing"),
        (lambda: r.risk_with(0.5, rr=3.0), "gives a risk of 1.5"),
        (lambda: r.number_needed(0.1, 0.2, 0.3), "0.1 is not inside its interval"),
        (lambda: r.number_needed(0.1, 0.05), "one end of the interval is missing"),
        (lambda: r.number_needed(1.5), "the risk difference is 1.5"),
        (lambda: r.share_beyond(-1, -0.1, -1), "tau is -0.1"),
    ],
)
def test_broken_input(call, said):
    with pytest.raises(InputError) as caught:
        call()
    assert said in str(caught.value)


def test_the_share_beyond_a_threshold_without_spread_is_all_or_nothing():
    assert r.share_beyond(-1.5, 0, -1).value == 1
    assert r.share_beyond(-0.5, 0, -1).value == 0
    assert r.share_beyond(1.5, 0, 1).value == 1
