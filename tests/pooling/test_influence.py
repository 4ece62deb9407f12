"""Leave-one-out, cumulative, subgroups: metafor's numbers, and the same as pooling by hand."""

import math

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.pooling import METHODS, cumulative, leave_one_out, pool, subgroups

from .oracles import CLOSED, ITERATIVE, close, effects, holding, needs_oracles, oracle

Y, V = [0.1, 0.5, -0.2, 0.9, 0.4], [0.02, 0.05, 0.03, 0.2, 0.01]


@needs_oracles
@pytest.mark.parametrize("name", holding("leave_one_out"))
def test_leave_one_out(name):
    y, v = effects(name)
    for method, expected in oracle(name)["leave_one_out"].items():
        found = leave_one_out(y, v, method, "wald")
        rel = ITERATIVE if method == "REML" else CLOSED
        error = 1e-10 * math.sqrt(v.mean())  # of what is nearly 0; 3e-10 relative is the worst seen without it
        for ours, theirs in (("estimate", "est"), ("se", "se"), ("ci_low", "ci_lb"), ("ci_high", "ci_ub")):
            close(found[ours], expected[theirs], rel, floor=error)
        close(found["tau2"], expected["tau2"], rel, floor=1e-9 * v.mean())
        close(found["i2"], expected["I2"], rel, floor=1e-6)
        close(found["q"], expected["Q"], CLOSED, floor=1e-9)


@needs_oracles
@pytest.mark.parametrize("name", holding("influence_REML"))
def test_influence(name):
    expected = oracle(name)["influence_REML"]
    found = leave_one_out(*effects(name), "REML", "wald")
    for ours, theirs in (("rstudent", "rstudent"), ("cooks_distance", "cooks_d"), ("dffits", "dffits")):
        close(found[ours], expected[theirs], ITERATIVE, floor=1e-10)
    close(pool(*effects(name)).weights, expected["hat"], ITERATIVE)


@needs_oracles
@pytest.mark.parametrize("name", holding("cumulative"))
def test_cumulative(name):
    y, v = effects(name)
    for method, expected in oracle(name)["cumulative"].items():
        place = np.asarray(expected["order_1based"]) - 1
        years = np.empty(len(y))
        years[place] = expected["year"]
        # the reference breaks ties in its own way, so the place decides
        order = np.empty(len(y))
        order[place] = np.arange(len(y))
        found = cumulative(y, v, order, method, "wald")
        rel = ITERATIVE if method == "REML" else CLOSED
        close(found["estimate"], expected["est"], rel)
        close(found["se"], expected["se"], rel)
        close(found["tau2"], expected["tau2"], rel, floor=1e-9 * v.mean())
        assert sorted(years) == list(years[place])


@needs_oracles
@pytest.mark.parametrize("name", holding("subgroup"))
def test_subgroups(name):
    y, v = effects(name)
    column = {"bcg_logRR": "alloc", "haeuser2009_fibromyalgia_pain_SMD": "type"}[name]
    groups = csv_column(name, column)
    for key, common in (("separate_tau2", False), ("common_tau2", True)):
        expected = oracle(name)["subgroup"][key]
        found = subgroups(y, v, groups, "REML", "wald", common_tau2=common)
        each = [found.groups[level] for level in expected["levels"]]
        close([one.estimate for one in each], expected["est"], ITERATIVE)
        close([one.se for one in each], expected["se"], ITERATIVE)
        close([one.tau2 for one in each], expected["tau2"], ITERATIVE)
        assert [one.k for one in each] == expected["k"]
        close(found.q_between, expected["Q_between"], ITERATIVE)
        close(found.p, expected["p"], ITERATIVE)
        assert found.df == expected["df"]


def csv_column(name, column):
    import csv

    from .oracles import FOLDER

    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("interval", ["wald", "knapp-hartung", "never-narrower"])
def test_tables_are_what_pooling_by_hand_gives(method, interval):
    without = leave_one_out(Y, V, method, interval, labels=list("ABCDE"))
    growing = cumulative(Y, V, range(5), method, interval)
    for place in range(5):
        rest = [one for one in range(5) if one != place]
        one = pool([Y[i] for i in rest], [V[i] for i in rest], method, interval)
        row = without.iloc[place]
        assert (row.estimate, row.ci_low, row.ci_high, row.tau2, row.i2) == pytest.approx(
            (one.estimate, one.ci_low, one.ci_high, one.tau2, one.i2), rel=1e-8, abs=1e-12
        )
        assert row.change == pytest.approx(one.estimate - pool(Y, V, method).estimate)
        first = pool(Y[: place + 1], V[: place + 1], method, interval)
        row = growing.iloc[place]
        assert (row.k, row.estimate, row.ci_low, row.ci_high) == pytest.approx(
            (place + 1, first.estimate, first.ci_low, first.ci_high), rel=1e-8
        )
    assert without.index.tolist() == list("ABCDE")


def test_ties_keep_their_order():
    found = cumulative(Y, V, [2000, 1999, 2000, 1999, 2000], labels=list("ABCDE"))
    assert found.index.tolist() == ["B", "D", "A", "C", "E"]
    assert found["order"].tolist() == [1999, 1999, 2000, 2000, 2000]


def test_an_outlier_stands_out():
    found = leave_one_out([0.1, 0.2, 0.15, 3.0, 0.12, 0.18], [0.01] * 6)
    assert found["rstudent"].abs().idxmax() == "4"
    assert found["rstudent"]["4"] > 3


def test_the_difference_of_two_groups():
    found = subgroups(Y, V, ["a", "b", "a", "b", "a"], "FE", "wald")
    a, b = pool([Y[0], Y[2], Y[4]], [V[0], V[2], V[4]], "FE"), pool([Y[1], Y[3]], [V[1], V[3]], "FE")
    gap, se = b.estimate - a.estimate, math.hypot(a.se_wald, b.se_wald)
    assert found.differences["b"] == pytest.approx((gap, gap - 1.959963985 * se, gap + 1.959963985 * se))
    assert found.q_between == pytest.approx((gap / se) ** 2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: leave_one_out([1.0], [1.0]), "there is one study"),
        (lambda: leave_one_out(Y, V, labels=["A"]), "1 labels for 5 studies"),
        (lambda: leave_one_out(Y, V, "EB"), "one of FE, DL"),
        (lambda: cumulative(Y, V, [1, 2]), "2 places for 5 studies"),
        (lambda: cumulative(Y, V, ["a"] * 5), "order[0] is “a”"),
        (lambda: subgroups(Y, V, ["a"] * 5), "all studies are in one group"),
        (lambda: subgroups(Y, V, ["a"]), "1 groups for 5 studies"),
        (lambda: subgroups(Y, V, list("aabbb"), "PM", common_tau2=True), "one of FE, DL, REML, ML"),
    ],
)
def test_broken_input(call, said):
    with pytest.raises(InputError) as caught:
        call()
    assert said in str(caught.value)
