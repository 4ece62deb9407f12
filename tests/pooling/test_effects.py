"""Does a row of effects.csv become the effect it holds, with every conversion on record? All rows are synthetic."""

import csv
import dataclasses
import math

import pytest

from ketalit.errors import InputError
from ketalit.pooling import EffectRow, effect_of, effects_of, measures, pool_effects
from ketalit.pooling.conversions import sd_from_ci
from ketalit.pooling.effects import COLUMNS, Effect, Layout, Measure, Score, Spread
from ketalit.rows import read_rows

MEANS = {"n1": 30, "mean1": 2.7, "sd1": 2.8, "n2": 28, "mean2": 5.4, "sd2": 2.6}
EVENTS = {"n1": 30, "events1": 28, "n2": 30, "events2": 5}


def row(**columns):
    given = {"study": "Synthetic 2020", "record": "x1", "comparison": "IV", "outcome": "pain", "measure": Measure.MD}
    return EffectRow(**(given | columns))


@pytest.mark.parametrize(
    ("measure", "compute"),
    [
        ("MD", measures.mean_difference),
        ("SMD", measures.standardised_mean_difference),
        ("ROM", measures.ratio_of_means),
    ],
)
def test_means(measure, compute):
    found = effect_of(row(measure=measure, **MEANS))
    expected = compute(*(MEANS[key] for key in ("n1", "mean1", "sd1", "n2", "mean2", "sd2")))
    assert (found.yi, found.vi, found.measure) == (expected.yi, expected.vi, measure)
    assert (found.n1, found.sd2) == (30, 2.6)


@pytest.mark.parametrize(
    ("measure", "compute"),
    [
        ("RR", measures.risk_ratio),
        ("OR", measures.odds_ratio),
        ("RD", measures.risk_difference),
        ("Peto", measures.peto_odds_ratio),
    ],
)
def test_events(measure, compute):
    found = effect_of(row(measure=measure, **EVENTS))
    expected = compute(28, 30, 5, 30)
    assert (found.yi, found.vi) == (expected.yi, expected.vi)


def test_another_measure_than_the_rows():
    assert effect_of(row(**MEANS), measure="SMD").measure == "SMD"
    assert effect_of(row(**MEANS), measure="SMD (RevMan)").measure == "SMD"


@pytest.mark.parametrize(
    ("spread", "columns", "sd"),
    [
        (Spread.SEM, {"sd1": 0.5}, 0.5 * math.sqrt(30)),
        (Spread.CI, {"low1": 1.7, "high1": 3.7}, sd_from_ci(1.7, 3.7, 30).value),
    ],
)
def test_spreads_that_are_no_sd(spread, columns, sd):
    both = columns | {f"{key[:-1]}2": value + (2.7 if spread == Spread.CI else 0) for key, value in columns.items()}
    found = effect_of(row(spread=spread, n1=30, mean1=2.7, n2=30, mean2=5.4, **both))
    assert found.sd1 == pytest.approx(sd)
    assert len(found.steps) == 3


def test_medians():
    quartiles = {"low1": 1, "high1": 4, "low2": 3, "high2": 8}
    found = effect_of(row(spread="quartiles", n1=25, mean1=2.5, n2=25, mean2=4, **quartiles))
    # Luo's mean of 3, 4, 8 at n = 25 is 5.0734, Wan's SD 3.9306
    assert found.sd2 == pytest.approx(3.93059054618)
    assert found.yi == pytest.approx(0.7156 * 2.5 + 0.2844 * 2.5 - 5.0734)
    assert all(step.assumed for step in found.steps[:2])
    assert effect_of(row(spread="range", n1=25, mean1=5, n2=25, mean2=5, low1=1, high1=9, low2=1, high2=9)).sd1 == (
        pytest.approx(2.03643503842)
    )


def test_an_unexplained_spread_is_not_computed_with():
    with pytest.raises(InputError, match="nobody knows whether the spread is an SD or an SEM"):
        effect_of(row(spread="unclear", **MEANS))


def test_a_crossover_uses_its_own_correlation_or_says_that_one_is_assumed():
    pair = {"design": Layout.CROSSOVER, "n1": 20, "mean1": 5.2, "sd1": 2.1, "mean2": 6.4, "sd2": 1.9}
    known = effect_of(row(r=0.59, **pair), r=0.3)
    assert known.vi == pytest.approx(measures.paired_difference(20, 5.2, 2.1, 6.4, 1.9, 0.59).vi)
    assert not any(step.assumed for step in known.steps)
    for given, r in ((None, 0.5), (0.3, 0.3), (0.7, 0.7)):
        found = effect_of(row(**pair), r=given)
        assert found.vi == pytest.approx(measures.paired_difference(20, 5.2, 2.1, 6.4, 1.9, r).vi)
        assert [step.output for step in found.steps if step.assumed] == [{"r": r}]
    raw = effect_of(row(r=0.5, **pair), measure="SMD")
    assert raw.yi == pytest.approx(-0.584323918534, rel=1e-9)


def test_a_shared_comparison_group_is_divided():
    found = effect_of(row(measure="RR", shared=2, **EVENTS))
    expected = measures.risk_ratio(28, 30, 2.5, 15)
    assert (found.yi, found.vi, found.n2) == (expected.yi, expected.vi, 15)
    assert found.steps[0].name == "shared control arm"


def test_a_difference_on_another_scale():
    found = effect_of(row(scale_low=0, scale_high=10, **MEANS), scale=(0, 100))
    plain = effect_of(row(**MEANS))
    assert found.yi == pytest.approx(10 * plain.yi)
    assert found.vi == pytest.approx(100 * plain.vi)
    assert found.sd1 == pytest.approx(28)
    assert (found.scale, found.steps[-1].name) == ((0, 100), "other scale")
    with pytest.raises(InputError, match="the ends of its scale are not given"):
        effect_of(row(**MEANS), scale=(0, 100))


@pytest.mark.parametrize(
    ("columns", "yi", "se"),
    [
        ({"estimate": -1.5, "se": 0.4}, -1.5, 0.4),
        ({"estimate": -1.83, "ci_low": -2.35, "ci_high": -1.31}, -1.83, 0.265310997601),
        ({"estimate": -1.5, "p": 0.03}, -1.5, 0.691215451436),
        ({"measure": "RR", "estimate": 3.26, "ci_low": 1.05, "ci_high": 10.09}, 1.18172719538, 0.577243941227),
    ],
)
def test_a_printed_comparison(columns, yi, se):
    found = effect_of(row(**columns))
    assert found.yi == pytest.approx(yi)
    assert math.sqrt(found.vi) == pytest.approx(se)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (MEANS | {"sd2": -2.6}, "Synthetic 2020, pain, group 2: sd2 is -2.6. Expected: a number above 0."),
        (MEANS | {"n1": 1}, "group 1: n1 is 1. Expected: at least 2 people."),
        (MEANS | {"n1": 0}, "n1 is 0"),
        (MEANS | {"sd1": None}, "group 1: sd1 is empty"),
        (MEANS | {"mean2": "5,4"}, "group 2: mean2 is “5,4”"),
        ({}, "there is nothing to compute MD from"),
        (EVENTS, "there is nothing to compute MD from. Expected: means of both groups"),
        ({"measure": "RR", "n1": 10, "events1": 0, "n2": 10, "events2": 0}, "nobody has the outcome in both arms"),
        ({"measure": "RR", "n1": 10, "events1": 2, "n2": None, "events2": 0}, "n2 is empty"),
        ({"measure": "RR", "design": "crossover", **EVENTS}, "events of a crossover"),
        ({"estimate": -1.5}, "the estimate has no spread"),
        ({"measure": "RR", "estimate": 2.0, "se": 0.3}, "the SE of a ratio is no use"),
        ({"measure": "RR", "estimate": -2.0, "p": 0.3}, "estimate is -2. Expected: a number above 0"),
        (MEANS | {"design": "crossover"}, "30 and 28 people in a crossover"),
        (MEANS | {"design": "crossover", "measure": "ROM", "n2": None}, "ROM of a crossover is not offered"),
    ],
)
def test_broken_rows(columns, said):
    with pytest.raises(InputError) as caught:
        effect_of(row(**columns))
    assert said in str(caught.value)
    assert str(caught.value).startswith("Synthetic 2020, pain")


def test_an_unknown_measure():
    with pytest.raises(InputError, match="measure is .NNT."):
        effect_of(row(**MEANS), measure="NNT")


def test_what_gives_no_effect_is_told_with_its_reason():
    found, left = effects_of([row(**MEANS), row(study="Broken 2021", **(MEANS | {"sd1": 0}))])
    assert [effect.study for effect in found] == ["Synthetic 2020"]
    assert left[0].row.study == "Broken 2021"
    assert "sd1 is 0" in left[0].reason


def test_a_file_can_be_read_into_rows(tmp_path):
    path = tmp_path / "effects.csv"
    given = row(hours=168, score=Score.CHANGE, spread=Spread.SEM, locator="Table 2", checked="one", **MEANS)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerow(["" if value is None else value for value in dataclasses.asdict(given).values()])
        writer.writerow(["Broken", "x2", "IV", "pain", "MD", "soon", *[""] * (len(COLUMNS) - 6)])
    problems = []
    assert [found for _, found in read_rows(path, EffectRow, problems)] == [given]
    assert [(problem.line, problem.column) for problem in problems] == [(3, "hours")]


def effect(study, **columns):
    return Effect(**({"study": study, "yi": -1.0, "vi": 0.2, "measure": "MD"} | columns))


def test_pooling_effects_refuses_what_cannot_stand_together():
    with pytest.raises(InputError, match="MD, SMD are pooled together"):
        pool_effects([effect("A"), effect("B", measure="SMD")])
    with pytest.raises(InputError, match=r"points of different scales: 0 to 10, 0 to 100.* pool --scale 0-100"):
        pool_effects([effect("A", scale=(0, 10)), effect("B", scale=(0, 100))])
    with pytest.raises(InputError, match="there are no studies"):
        pool_effects([])
    mixed = [effect_of(row(study=score, measure="SMD", score=score, **MEANS)) for score in ("final", "change")]
    with pytest.raises(InputError, match="changes and of final values"):
        pool_effects(mixed)
    assert any("are mixed" in warning for warning in pool_effects(mixed, mixed_scores=True).warnings)
    assert pool_effects([effect_of(one.row, measure="MD") for one in mixed]).k == 2


def test_ratios_are_read_back():
    found = pool_effects([effect("A", measure="RR", yi=math.log(2)), effect("B", measure="RR", yi=math.log(2))])
    assert found.ratio[0] == pytest.approx(2)
    assert "RR 2.00" in repr(found)
    assert pool_effects([effect("A")]).ratio is None


def test_a_scale_is_given_from_its_lower_end_and_its_own_scale_changes_nothing():
    pain = row(**MEANS, scale_low=0, scale_high=10)
    assert effect_of(pain, scale=(0, 10)).yi == effect_of(pain).yi
    assert [one.name for one in effect_of(pain, scale=(0, 10)).steps] == [one.name for one in effect_of(pain).steps]
    for wrong, scale in ((row(**MEANS, scale_low=10, scale_high=0), (0, 100)), (pain, (100, 0))):
        with pytest.raises(InputError, match="a scale runs downwards"):
            effect_of(wrong, scale=scale)


def test_the_numbers_of_the_groups_are_those_that_were_computed_with():
    """Their difference is the effect, on whatever scale, from whatever spread, with a group that is shared."""
    ends = {"scale_low": 1, "scale_high": 11}
    for columns in ({}, {"spread": "SEM"}, {"shared": 2}, {"score": "change"}, {"design": "crossover", "n2": 30}):
        found = effect_of(row(**(MEANS | ends | columns)), scale=(0, 100))
        assert found.mean1 - found.mean2 == pytest.approx(found.yi)
        if "design" not in columns:
            assert found.sd1**2 / found.n1 + found.sd2**2 / found.n2 == pytest.approx(found.vi)
    assert effect_of(row(**MEANS, **ends), scale=(0, 100)).mean1 == pytest.approx(17)  # 2.7 on 1 to 11
    assert effect_of(row(**MEANS, **ends), scale=(0, 10)).mean1 == pytest.approx(1.7)  # as wide, from another end
    assert effect_of(row(**MEANS, **ends, score="change"), scale=(0, 100)).mean1 == pytest.approx(27)
    events = effect_of(row(measure="RR", **EVENTS, shared=2))
    assert (events.events1, events.n1, events.events2, events.n2) == (28, 30, 2.5, 15)
    assert effect_of(row(measure="RD", **EVENTS)).mean1 is None
