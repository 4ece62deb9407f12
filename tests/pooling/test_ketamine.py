"""Every pooled result of the shared ketamine numbers that can be computed again is, and compared."""

import csv
import math

import pytest

from ketalit.pooling import EffectRow, effects_of, pool
from ketalit.pooling.guards import p_against_interval

from .oracles import CLOSED, ITERATIVE, KETAMINE, close

pytestmark = pytest.mark.skipif(not KETAMINE.is_dir(), reason="the shared ketamine numbers are not beside the project")


def rows(name):
    with (KETAMINE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def analyses():
    return [row for row in rows("reproduction_CD015373.csv") if row["DL_est"]] if KETAMINE.is_dir() else []


def effects(analysis):
    """The effects of an analysis of the Cochrane review, one for each row."""
    found = []
    seen = set()
    for row in rows("cochrane_CD015373_study_level.csv"):
        key = row["comparison_id"], row["analysis"], row["outcome"]
        if key != (analysis["comparison"], analysis["analysis"], analysis["outcome"]) or tuple(row.items()) in seen:
            continue
        seen.add(tuple(row.items()))
        names = {
            "n1": "exp_n", "mean1": "exp_mean", "sd1": "exp_sd", "events1": "exp_events",
            "n2": "ctl_n", "mean2": "ctl_mean", "sd2": "ctl_sd", "events2": "ctl_events",
        }  # fmt: skip
        numbers = {ours: float(row[theirs]) for ours, theirs in names.items() if row[theirs]}
        measure = {"SMD": "SMD (RevMan)"}.get(analysis["measure"], analysis["measure"])
        found.append(
            EffectRow(
                study=row["study"],
                record="",
                comparison=row["comparison"],
                outcome=row["outcome"],
                measure=measure,
                **numbers,
            )
        )
    return effects_of(found)[0]


def test_there_are_26_pooled_analyses():
    assert len(analyses()) == 26


@pytest.mark.parametrize("analysis", analyses(), ids=lambda one: f"{one['comparison']}.{one['analysis']}")
def test_a_pooled_analysis(analysis):
    found = effects(analysis)
    assert len(found) == int(analysis["k"])
    y, v = [one.yi for one in found], [one.vi for one in found]
    printed = math.exp if analysis["measure"] == "RR" else float
    for method in ("FE", "DL", "REML", "PM"):
        # worst seen 3e-15 for FE, DL and PM, 2e-11 for REML
        rel = CLOSED if method in {"FE", "DL"} else ITERATIVE
        wald, hartung = pool(y, v, method, "wald"), pool(y, v, method, "knapp-hartung")
        numbers = {"est": wald.estimate, "lb": wald.ci_low, "ub": wald.ci_high}
        if method != "FE":
            numbers |= {"HKSJ_lb": hartung.ci_low, "HKSJ_ub": hartung.ci_high}
        for name, ours in numbers.items():
            close(printed(ours), float(analysis[f"{method}_{name}"]), rel)
        close(wald.tau2, float(analysis[f"{method}_tau2"]), rel, floor=1e-12 * max(v))  # their 0 may be 8e-15
    result = pool(y, v)
    close([result.q, result.q_p, result.i2_q], [float(analysis[key]) for key in ("Q", "Q_p", "DL_I2")], CLOSED)
    if result.prediction_interval:
        ends = [printed(end) for end in result.prediction_interval]
        close(ends, [float(analysis["REML_PI_HTS_lb"]), float(analysis["REML_PI_HTS_ub"])], ITERATIVE)


@pytest.mark.parametrize(
    ("label", "printed"),
    [(("1", "1"), (-15.79, -32.09, 0.51)), (("1", "9"), (3.26, 1.05, 10.09))],
)
def test_the_two_results_that_were_seen_in_print(label, printed):
    (analysis,) = [one for one in analyses() if (one["comparison"], one["analysis"]) == label]
    found = effects(analysis)
    measure = analysis["measure"]
    result = pool([one.yi for one in found], [one.vi for one in found], "DL", "wald", measure=measure)
    shown = result.ratio or (result.estimate, result.ci_low, result.ci_high)
    assert tuple(round(one, 2) for one in shown) == printed


def test_printed_p_values_are_held_against_their_intervals():
    flagged = []
    for row in rows("published_pooled.csv"):
        text = row["p_as_reported"].split(" ")[0].lstrip("<")
        try:
            p = float(text)
        except ValueError:
            continue
        if row["estimate"] and row["ci_lb"] and 0 < p < 1:
            log = row["measure"] == "RR"
            numbers = (float(row[key]) for key in ("estimate", "ci_lb", "ci_ub"))
            below = row["p_as_reported"].startswith("<")
            if p_against_interval(*numbers, p, log=log) and not (below and float(row["p_from_ci"]) < p):
                flagged.append(row["review"].split(" ")[0])
    # five of Michelet 2018 and two of Sun 2023, as the file itself notes; no other review is accused
    assert flagged == ["Michelet"] * 5 + ["Sun"] * 2
