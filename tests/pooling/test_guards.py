"""Do the guards speak where they must, and only there? All trials are synthetic, but those that are named in a comment."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.pooling import EffectRow, effect_of, guards, pool, pool_effects
from ketalit.pooling.effects import Effect


def row(study="A", **columns):
    given = {
        "record": "x", "comparison": "IV", "outcome": "pain", "measure": "MD", "scale_low": 0, "scale_high": 10,
        "n1": 30, "mean1": 2.7, "sd1": 2.8, "n2": 30, "mean2": 4.4, "sd2": 2.6,
    }  # fmt: skip
    return EffectRow(study=study, **(given | columns))


@pytest.mark.parametrize(
    ("k", "said"),
    [
        (1, "One study"),
        (2, "Only 2 studies"),
        (3, "Only 3 studies"),
        (4, "Only 4 studies"),
        (5, "fewer than 10"),
        (9, "fewer than 10"),
    ],
)
def test_few_studies(k, said):
    warnings = pool([0.1 * n for n in range(k)], [0.01] * k).warnings
    assert sum(said in one for one in warnings) == 1


def test_ten_studies_that_differ_are_left_in_peace():
    assert pool([0.1 * (n % 4) for n in range(10)], [0.001] * 10).warnings == ()


def test_sems_in_the_place_of_sds():
    # Sigtermans 2009, pain after a week: 2.68 ± 0.51 and 5.45 ± 0.48, SEMs of 30 people
    wrong = effect_of(row("Sigtermans 2009", mean1=2.68, sd1=0.51, mean2=5.45, sd2=0.48))
    said = guards.of_effects([wrong])
    assert "the standardised difference is -5.6" in said[0]
    assert "an SD of 0.49 is small for a scale from 0 to 10. If it is an SEM, the SD is about 2.7" in said[1]
    right = effect_of(row("Sigtermans 2009", mean1=2.68, sd1=0.51, mean2=5.45, sd2=0.48, spread="SEM"))
    assert guards.of_effects([right]) == []


def test_an_sd_far_below_those_of_the_other_trials():
    effects = [effect_of(row(name)) for name in "BCD"] + [effect_of(row("Odd", sd1=0.85, sd2=0.85, mean1=4.0))]
    assert any(one.startswith("Odd: an SD of 0.85") for one in guards.of_effects(effects))
    assert guards.of_effects(effects[:3]) == []


def test_a_large_standardised_difference():
    said = guards.of_effects([Effect(study="A", yi=-3.59, vi=0.1, measure="SMD")])
    assert "A: the standardised difference is -3.6" in said[0]
    assert guards.of_effects([Effect(study="A", yi=-1.9, vi=0.1, measure="SMD")]) == []
    assert guards.of_effects([Effect(study="A", yi=-35.0, vi=0.1, measure="MD")]) == []


def test_changes_beside_final_values():
    mixed = [effect_of(row("A")), effect_of(row("B", score="change"))]
    assert any("Final values and changes are mixed" in one for one in guards.of_effects(mixed))
    assert guards.mixed_scores(mixed)
    assert not guards.mixed_scores(mixed[:1])


def test_one_trial_twice():
    one, other = effect_of(row("A", hours=24)), effect_of(row("A", hours=168, mean2=4.5))
    said = guards.of_effects([one, other])
    assert said == [
        "A comes 2 times: its people are counted more than once. It is one trial, not 2: choose one row, combine the "
        "groups, or use a robust variance (CR2)."
    ]
    doses = [effect_of(row("A", mean1=mean)) for mean in (2.0, 3.0)]
    assert "with the same comparison group" in guards.of_effects(doses)[0]
    split = [effect_of(row("A", mean1=mean, shared=2)) for mean in (2.0, 3.0)]
    assert "with the same comparison group" not in guards.of_effects(split)[0]


def test_strata_of_one_trial():
    """As Dadabayev 2020 stands in the Cochrane data: two rows, two comparison groups."""
    strata = [effect_of(row("A", mean2=mean)) for mean in (4.5, 5.0)]
    unsure = "counted more than once, unless these are groups of different people. It is one trial, not 2"
    assert [unsure in one for one in guards.of_effects(strata)] == [True]
    named = [effect_of(row(f"A 2020 ({part})", mean2=mean)) for part, mean in (("x", 4.5), ("not x", 5.0))]
    assert guards.of_effects(named)[0].startswith("A 2020 (x) and A 2020 (not x) look like one trial: its people are")
    periods = [effect_of(row("A", design="crossover", mean2=mean)) for mean in (4.5, 5.0)]
    (said,) = guards.of_effects(periods)
    assert said.startswith("A comes 2 times, a crossover: its people are counted more than once. It is one trial")
    apart = [effect_of(row(name)) for name in ("A 2011a", "A 2011b", "B, 2011")]
    assert not any("one trial" in one for one in guards.of_effects(apart))


def test_a_prediction_interval_wider_than_the_scale():
    wild = [effect_of(row(str(n), mean1=4.4 + gap)) for n, gap in enumerate((-4, 4, -3, 3, 5))]
    said = pool_effects(wild).warnings
    assert any("wider than the whole scale (10)" in one for one in said)
    calm = [effect_of(row(str(n), mean1=3 + 0.1 * n)) for n in range(5)]
    assert not any("wider than the whole scale" in one for one in pool_effects(calm).warnings)


@pytest.mark.parametrize(
    ("numbers", "p", "fits"),
    [
        # as printed; the shared notes say which do not fit
        ((-1.83, -2.35, -1.31), 0.0001, True),  # Orhurhu 2019, "< .0001"
        ((-1.11, -1.74, -0.48), 0.87, False),  # Michelet 2018, eight weeks
        ((-0.82, -1.42, -0.23), 0.75, False),  # Michelet 2018, twelve weeks
        ((-1.12, -2.33, 0.09), 0.07, True),
        ((-1.12, -2.33, 0.09), 0.001, False),  # Michelet 2018, four weeks
        ((-0.65, -1.47, 0.16), 0.11, True),  # Collins 2010
        ((-1.18, -1.98, -0.37), 0.004, True),  # Collins 2010
        ((-1.05, -1.72, -0.39), 0.002, True),  # updated review of IV ketamine, 2024
    ],
)
def test_p_against_its_interval(numbers, p, fits):
    assert (guards.p_against_interval(*numbers, p) == "") == fits


@pytest.mark.parametrize(
    ("numbers", "p", "fits"),
    [
        ((3.26, 1.05, 10.09), 0.04, True),  # Ferraro 2025
        ((4.06, 1.18, 13.95), 0.03, True),  # Guimaraes Pereira 2022
        ((0.82, 0.72, 0.94), 0.03, False),  # Sun 2023: the interval means .004
    ],
)
def test_p_against_the_interval_of_a_ratio(numbers, p, fits):
    assert (guards.p_against_interval(*numbers, p, log=True) == "") == fits


@settings(max_examples=100, deadline=None)
@given(st.floats(-5, 5), st.floats(0.05, 3))
def test_a_p_that_was_computed_from_the_same_numbers_fits(estimate, se):
    middle, low, high = round(estimate, 2), round(estimate - 1.96 * se, 2), round(estimate + 1.96 * se, 2)
    p = math.erfc(abs(estimate / se) / math.sqrt(2))
    if 0 < p < 1:
        assert guards.p_against_interval(middle, low, high, p) == ""


def test_no_warning_comes_twice():
    assert guards.joined(["a", "b"], ["b", "c"]) == ("a", "b", "c")


PLAIN = {"study": "A", "record": "a", "comparison": "drug vs placebo", "outcome": "pain", "measure": "MD"}


@pytest.mark.parametrize(
    ("columns", "codes"),
    [
        ({"mean1": 4.0, "sd1": 2.0, "n1": 30, "mean2": 5.0, "sd2": 5.08, "n2": 30}, []),
        ({"mean1": 10.5}, ["range"]),
        ({"mean1": -1.0, "score": "change"}, []),
        ({"scale_low": 10, "scale_high": 0}, ["range"]),
        ({"sd1": 5.1, "n1": 30}, ["spread"]),  # half of 0s, half of 10s have 5.085
        ({"sd1": 5.1, "n1": 10}, []),  # … and 5.27 if there are ten
        ({"sd1": 5.1, "n1": 30, "score": "change"}, []),
        ({"sd1": 5.1, "n1": 30, "spread": "unclear"}, []),
        ({"sd1": 0.9, "n1": 30, "spread": "SEM"}, []),
        ({"sd1": 1.1, "n1": 30, "spread": "SEM"}, ["spread"]),
        ({"n1": 31, "n2": 30}, ["people"]),
        ({"n1": 60, "design": "crossover"}, []),
        ({"n1": 61, "design": "crossover"}, ["people"]),
        ({"events1": 31, "n1": 30}, ["people"]),
        ({"better": "higher"}, ["direction"]),
        ({"better": "lower"}, []),
    ],
)
def test_a_row_that_cannot_be_right(columns, codes):
    ends = {"scale_low": 0, "scale_high": 10}
    beside = [EffectRow(**PLAIN, better="lower"), EffectRow(**PLAIN)]
    assert [code for code, _ in guards.of_row(EffectRow(**PLAIN | ends | columns), beside, people=60)] == codes


def test_the_greatest_sd_on_a_scale_is_that_of_its_ends():
    """Whatever numbers there are on a scale, their SD is let pass; numbers at both ends have the greatest."""
    for n in (2, 7, 30):
        numbers = [0.0] * (n // 2) + [10.0] * (n - n // 2)
        sd = math.sqrt(sum((one - sum(numbers) / n) ** 2 for one in numbers) / (n - 1))
        row = EffectRow(**PLAIN, scale_low=0, scale_high=10, n1=n, sd1=sd * (1 - 1e-9))
        assert list(guards.of_row(row)) == []
