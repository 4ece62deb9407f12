"""Is every universe what pooling by hand gives, and are shares of variance those of an analysis of variance?"""

import math

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.pooling import Effect, EffectRow, effect_of, multiverse, pool

TRIALS = [
    Effect(study=name, yi=y, vi=v, measure="MD")
    for name, y, v in [("A", -1.27, 60.2), ("B", -18.0, 90.0), ("C", -27.7, 49.0), ("D", 4.0, 120.0)]
]


def row(study, hours=24.0, **columns):
    given = {
        "record": study, "comparison": "IV", "outcome": "pain", "measure": "MD", "scale_low": 0, "scale_high": 10,
        "n1": 20, "mean1": 4.0, "sd1": 2.0, "n2": 20, "mean2": 5.0, "sd2": 2.2,
    }  # fmt: skip
    return EffectRow(study=study, hours=hours, **(given | columns))


def test_every_universe_is_pooling_by_hand():
    found = multiverse(TRIALS).table
    # 4 estimators with 3 intervals and FE with one, times all trials and all but each
    assert len(found) == 13 * 5
    for one in found.itertuples():
        kept = [trial for trial in TRIALS if trial.study != one.left_out]
        expected = pool([t.yi for t in kept], [t.vi for t in kept], one.method, one.interval)
        assert (one.k, one.estimate, one.ci_low, one.ci_high, one.tau2) == pytest.approx(
            (expected.k, expected.estimate, expected.ci_low, expected.ci_high, expected.tau2), rel=1e-8, abs=1e-10
        )
        assert one.excludes_zero == (expected.ci_low > 0 or expected.ci_high < 0)


def test_shares_are_those_of_an_analysis_of_variance():
    found = multiverse(TRIALS, methods=["DL", "REML"], intervals=["wald", "knapp-hartung"])
    table = found.table
    for choice in ("method", "interval", "left_out"):
        for quantity in ("estimate", "ci_low", "ci_high"):
            means = table.groupby(choice, observed=True)[quantity].mean()
            counts = table.groupby(choice, observed=True)[quantity].count()
            between = float((counts * (means - table[quantity].mean()) ** 2).sum() / len(table))
            assert found.shares.loc[choice, quantity] == pytest.approx(between / table[quantity].var(ddof=0))
    assert found.shares.loc["interval", "estimate"] == pytest.approx(0, abs=1e-20)
    assert found.moved_most_by() == "left_out"


def test_the_three_ketamine_trials_turn_with_the_interval():
    # immediate pain after IV ketamine, 0 to 100: which trials are in moves the effect, which interval the conclusion
    found = multiverse(TRIALS[:3])
    assert found.moved_most_by("estimate") == "left_out"
    assert found.moved_most_by("excludes_zero") == "interval"
    assert 0 < found.table["excludes_zero"].mean() < 1


def test_windows_take_the_latest_value_inside():
    rows = [row(study, time, mean1=mean) for study in "AB" for time, mean in ((2, 1.0), (24, 2.0), (168, 4.5))]
    found = multiverse(rows, windows={"a day": (0, 24), "a week": (25, 200), "whenever": (-math.inf, math.inf)})
    by_window = found.table[found.table.left_out == "nobody"].groupby("window", observed=True)["estimate"].first()
    assert by_window.to_dict() == pytest.approx({"a day": -3.0, "a week": -0.5, "whenever": -0.5})
    assert found.moved_most_by() == "window"


def test_a_window_with_fewer_than_two_trials_is_skipped_and_counted():
    rows = [row("A", 2), row("B", 2), row("A", 100)]
    found = multiverse(rows, windows={"early": (0, 10), "late": (50, 200)}, inclusion="all")
    assert set(found.table["window"]) == {"early"}
    assert found.skipped == 13
    with pytest.raises(InputError, match="no universe has two trials"):
        multiverse(rows, windows={"late": (50, 200)})


def test_leaving_out_a_trial_that_is_not_there_is_no_universe_of_its_own():
    rows = [row("A", 2), row("B", 2), row("C", 100), row("A", 100)]
    found = multiverse(rows, windows={"early": (0, 10)})
    assert set(found.table["left_out"]) == {"nobody"}


def test_a_row_without_a_time_needs_an_open_window():
    rows = [row("A", None), row("B", None), row("C", 5), row("D", 5)]
    assert multiverse(rows).table["k"].max() == 4
    assert multiverse(rows, windows={"early": (0, 10)}).table["k"].max() == 2


def test_the_correlation_is_a_choice_only_where_a_crossover_reports_none():
    pair = {"design": "crossover", "n2": None}
    rows = [row("A", **pair), row("B", mean1=3.0), row("C", r=0.6, **pair)]
    found = multiverse(rows, correlations=(0.3, 0.7))
    assert set(found.table["r"]) == {"0.3", "0.7"}
    one = found.table.query("r == '0.7' and method == 'FE' and left_out == 'nobody'").iloc[0]
    kept = [effect_of(one, r=0.7) for one in rows]
    assert one.estimate == pytest.approx(pool([e.yi for e in kept], [e.vi for e in kept], "FE").estimate)
    assert set(multiverse(rows[1:]).table["r"]) == {"as reported"}


def test_standardised_differences_come_back_as_points():
    rows = [row("A"), row("B", mean1=3.0, sd1=1.5, sd2=2.0), row("C", mean1=4.5, sd2=3.0)]
    found = multiverse(rows, measures=["MD", "SMD"], methods=["FE"], inclusion="all", scale=(0, 100))
    assert found.unit == "points of the scale"
    both = found.table.set_index("measure")["estimate"]
    kept = [effect_of(one, measure="SMD") for one in rows]
    g = pool([e.yi for e in kept], [e.vi for e in kept], "FE").estimate
    assert both["SMD"] == pytest.approx(g * 22)  # median SD of the second groups, 2.2, on 0 to 100
    assert both["MD"] == pytest.approx(
        pool(*zip(*[(e.yi, e.vi) for e in (effect_of(r, scale=(0, 100)) for r in rows)], strict=True), "FE").estimate
    )


def test_ratios_and_differences_of_risks_share_an_axis():
    table = {"mean1": None, "mean2": None, "measure": "RR"}
    rows = [row("A", events1=8, events2=4, **table), row("B", events1=10, events2=5, n2=25, **table)]
    found = multiverse(rows, measures=["RR", "OR", "RD"], methods=["FE"], inclusion="all")
    by = found.table.set_index("measure")["estimate"]
    assert found.unit == "difference of risks, at 20 % without treatment"
    kept = [effect_of(one, measure="OR") for one in rows]
    odds = math.exp(pool([e.yi for e in kept], [e.vi for e in kept], "FE").estimate) * 0.25
    assert by["OR"] == pytest.approx(odds / (1 + odds) - 0.2)
    kept = [effect_of(one, measure="RR") for one in rows]
    assert by["RR"] == pytest.approx(
        0.2 * math.exp(pool([e.yi for e in kept], [e.vi for e in kept], "FE").estimate) - 0.2
    )


def test_all_subsets_and_each_trial_as_a_choice():
    found = multiverse(TRIALS, inclusion="subsets", methods=["DL"], intervals=["wald"])
    assert len(found.table) == 2**4 - 4 - 1
    assert set(found.shares.index) == {f"trial {one.study}" for one in TRIALS}
    again = multiverse(TRIALS, inclusion="subsets", methods=["DL"], intervals=["wald"], subsets=6)
    assert len(again.table) == 6
    assert again.table.equals(
        multiverse(TRIALS, inclusion="subsets", methods=["DL"], intervals=["wald"], subsets=6).table
    )


def test_ten_thousand_universes():
    rng = np.random.default_rng(1)
    trials = [Effect(study=str(n), yi=float(rng.normal()), vi=float(rng.uniform(0.1, 1))) for n in range(12)]
    found = multiverse(trials, inclusion="subsets", subsets=800)
    assert len(found.table) == 800 * 13


def test_it_says_in_words_what_it_found():
    said = repr(multiverse(TRIALS))
    assert said.startswith("65 universes of 4 trials, in MD")
    assert "the estimate is moved most by: left_out" in said
    with pytest.raises(InputError, match="one of estimate, ci_low"):
        multiverse(TRIALS).moved_most_by("p")


@pytest.mark.parametrize(
    ("effects", "options", "said"),
    [
        ([], {}, "0 trials. Expected: two at least"),
        (TRIALS[:1], {}, "1 trial. Expected: two at least"),
        (TRIALS, {"methods": []}, "methods is empty"),
        (TRIALS, {"methods": ["EB"]}, "methods is “EB”"),
        (TRIALS, {"methods": ["FE"], "intervals": ["knapp-hartung"]}, "FE is combined with no Wald interval"),
        (TRIALS, {"inclusion": "some"}, "one of all, leave-one-out, subsets"),
        (TRIALS, {"measures": ["SMD"]}, "effects without their rows have one measure"),
        ([row("A"), row("B")], {"measures": ["MD", "RR"]}, "MD, RR cannot stand on one axis"),
        ([row("A"), row("B", scale_high=100)], {"measures": ["MD", "SMD"]}, "the trials use different scales"),
        ([row("A"), row("B", score="change")], {"measures": ["SMD"]}, "changes and of final values"),
        ([row("A"), row("B", sd1=-1.0)], {}, "sd1 is -1"),
        ([*TRIALS, Effect(study="E", yi=0.1, vi=0.1, measure="SMD")], {}, "the effects are MD, SMD"),
    ],
)
def test_broken_input(effects, options, said):
    with pytest.raises(InputError) as caught:
        multiverse(effects, **options)
    assert said in str(caught.value)


def test_windows_that_are_named():
    """A source that names its windows: two of them are never pooled together unasked."""
    rows = [row("A", None, window="short"), row("A", None, window="long", mean2=6.0)]
    rows += [row("B", None, window="short"), row("B", None, window="long", mean2=7.0)]
    found = multiverse(rows, inclusion="all")
    assert sorted(set(found.table["window"])) == ["long", "short"]
    assert set(found.table["k"]) == {2}
    only = multiverse(rows, inclusion="all", windows={"late": "long"})
    assert set(only.table["window"]) == {"late"}
    for window, gap in (("short", -1.0), ("long", -2.5)):  # means 4 against 5 and 5, then against 6 and 7
        at = found.table[(found.table["window"] == window) & (found.table["method"] == "FE")]
        assert at["estimate"].item() == pytest.approx(gap)
