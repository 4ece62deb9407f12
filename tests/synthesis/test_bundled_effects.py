"""effects.csv of the bundled review, against what was published and against the shared copy of the Cochrane data."""

import csv
import math
from collections import defaultdict

import pytest

from ketalit.review import load_review
from ketalit.synthesis import choose
from tests.pooling.oracles import CLOSED, ITERATIVE, KETAMINE, close
from tests.shared import needs_shared

REVIEW = load_review()


def published(name):
    with (KETAMINE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def analysis_of(row):
    """Comparison and analysis of a row: "analysis 1.9, row …" is ("1", "9")."""
    return tuple(row.locator.removeprefix("analysis ").partition(",")[0].split("."))


ANALYSES = defaultdict(list)
for one in REVIEW.effects:
    ANALYSES[analysis_of(one)].append(one)


def chosen(key):
    first = ANALYSES[key][0]
    found = choose(REVIEW, comparison=first.comparison, outcome=first.outcome, time=first.time or None)
    assert found.rows == tuple(ANALYSES[key])  # an analysis is one choice, and a choice is one analysis
    return found


# --- against what was seen in print: no shared material is needed ------------------------------------------


@pytest.mark.parametrize(
    ("comparison", "outcome", "time", "people", "printed"),
    [
        # as a digest of the review printed them in August 2025
        ("IV ketamine vs placebo", "pain intensity", "immediate", 173, (-15.79, -32.09, 0.51)),
        ("IV ketamine vs placebo", "adverse events", None, 140, (3.26, 1.05, 10.09)),
    ],
)
def test_the_two_results_that_were_seen_in_print(comparison, outcome, time, people, printed):
    found = choose(REVIEW, comparison=comparison, outcome=outcome, time=time)
    result = found.pool("DL", "wald")
    shown = result.ratio or (result.estimate, result.ci_low, result.ci_high)
    assert tuple(round(one, 2) for one in shown) == printed
    assert found.people == people


def test_sigtermans_follows_from_the_sems_of_its_abstract():
    """2.68 ± 0.51 and 5.45 ± 0.48 on 0 to 10, 30 people in each group (PMID 19604642)."""
    (row,) = [row for row in ANALYSES["1", "1"] if row.study == "sigtermans2009"]
    assert (row.mean1, row.mean2) == pytest.approx((26.8, 54.5))
    assert (row.sd1, row.sd2) == pytest.approx((0.51 * 30**0.5 * 10, 0.48 * 30**0.5 * 10), abs=1e-4)
    assert row.checked == "two"


def test_where_sources_differ_the_note_says_so():
    notes = {(row.study, analysis_of(row)): row.note for row in REVIEW.effects}
    assert "76 % vs 18 %" in notes["sigtermans2009", ("1", "12")]
    assert "SEM" in notes["sigtermans2009", ("1", "1")]
    assert all("first period" in note for (study, _), note in notes.items() if study == "pickering2020")
    assert all("strata" in note for (study, _), note in notes.items() if study == "dadabayev2020")
    assert all("two dose groups" in note for (study, _), note in notes.items() if study == "lumanauw2019")


def test_every_row_is_cited():
    for row in REVIEW.effects:
        assert (row.record, row.source) == ("ferraro2025", "PMID:40819842")
        assert row.locator.startswith("analysis ")
        assert row.checked in {"one", "two"}
        assert row.better in {"lower", "higher"}
        assert row.outcome.startswith("pain reduced") == (row.better == "higher")


def test_a_trial_of_this_review_goes_by_the_name_it_has_here():
    known = {row.study for row in REVIEW.screening if row.study}
    assert len({row.study for row in REVIEW.effects} & known) == 6
    for row in REVIEW.effects:
        assert (row.study in known) != ("[study]" in row.note)


def test_nobody_has_judged():
    assert REVIEW.risk_of_bias == REVIEW.ratings == ()


# --- against the shared copy ------------------------------------------------------------------------------


@needs_shared
def test_numbers_are_those_of_the_copy():
    names = {
        "n1": "exp_n", "mean1": "exp_mean", "sd1": "exp_sd", "events1": "exp_events",
        "n2": "ctl_n", "mean2": "ctl_mean", "sd2": "ctl_sd", "events2": "ctl_events",
    }  # fmt: skip
    copy = defaultdict(list)
    for row in published("cochrane_CD015373_study_level.csv"):
        means = row["outcome_type"] == "continuous"
        ours = [ours for ours in names if ours.startswith(("n", "mean", "sd") if means else ("n", "events"))]
        numbers = tuple((name, float(row[names[name]])) for name in ours)
        copy[row["comparison_id"], row["analysis"], row["study"]].append(numbers)
    seen = 0
    for key, rows in ANALYSES.items():
        for row in rows:
            numbers = tuple((name, getattr(row, name)) for name in names if getattr(row, name) is not None)
            assert numbers in copy[*key, row.locator.partition(", row ")[2]], row.where
            seen += 1
    assert seen == 47


@needs_shared
def test_effects_intervals_and_weights_are_those_of_the_copy():
    copy = {}
    for line in published("cochrane_CD015373_study_level.csv"):
        if line["published_effect"]:
            numbers = tuple(float(line[f"published_{name}"]) for name in ("effect", "ci_lb", "ci_ub", "weight_pct"))
            copy.setdefault((line["comparison_id"], line["analysis"], line["study"]), []).append(numbers)
    for key in ANALYSES:
        found = chosen(key)
        if not found.effects:
            continue
        weights = found.pool("DL", "wald").weights
        for effect, weight in zip(found.effects, weights, strict=True):
            half = 1.959963984540054 * math.sqrt(effect.vi)
            back = math.exp if effect.measure == "RR" else float
            ours = (*map(back, (effect.yi, effect.yi - half, effect.yi + half)), 100 * weight)
            printed = copy[*key, effect.locator.partition(", row ")[2]]
            # six decimals are printed
            assert any(ours == pytest.approx(one, rel=1e-6, abs=2e-6) for one in printed), (key, effect.study)


def reproduced():
    return [row for row in published("reproduction_CD015373.csv") if row["DL_est"]] if KETAMINE.is_dir() else []


POOLED = [row for row in reproduced() if (row["comparison"], row["analysis"]) in ANALYSES]


@needs_shared
def test_every_pooled_analysis_of_these_outcomes_is_here():
    pooled = {(row["comparison"], row["analysis"]) for row in POOLED}
    assert pooled == {key for key in ANALYSES if len(chosen(key).effects) > 1}
    assert len(pooled) == 9
    absent = {row["outcome"] for row in reproduced() if int(row["comparison"]) <= 6} - {
        row["outcome"] for row in POOLED
    }
    assert absent == {"Headache", "Tolerability"}  # neither pain nor one of the harms that were taken


@pytest.mark.parametrize("analysis", POOLED, ids=lambda one: f"{one['comparison']}.{one['analysis']}")
def test_a_pooled_analysis(analysis):
    """Against metafor on the same copy: FE, DL, REML and Paule-Mandel, each with both intervals."""
    found = chosen((analysis["comparison"], analysis["analysis"]))
    assert len(found.effects) == int(analysis["k"])
    back = math.exp if analysis["measure"] == "RR" else float
    largest = max(effect.vi for effect in found.effects)
    for method in ("FE", "DL", "REML", "PM"):
        rel = CLOSED if method in {"FE", "DL"} else ITERATIVE
        wald, hartung = found.pool(method, "wald"), found.pool(method, "knapp-hartung")
        numbers = {"est": wald.estimate, "lb": wald.ci_low, "ub": wald.ci_high}
        if method != "FE":
            numbers |= {"HKSJ_lb": hartung.ci_low, "HKSJ_ub": hartung.ci_high}
        for name, ours in numbers.items():
            close(back(ours), float(analysis[f"{method}_{name}"]), rel)
        close(wald.tau2, float(analysis[f"{method}_tau2"]), rel, floor=1e-12 * largest)
