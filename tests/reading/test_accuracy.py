"""Does the reader agree with two people who read the same abstracts, and with NLM's own tags?

The floors lie a little below what was measured when they were set, so that a change that costs accuracy is noticed.
"""

import pytest

from benchmarks import reading
from tests.shared import needs_shared

FLOORS = {
    "design": 0.96,
    "randomised": 0.92,
    "blinding": 0.96,
    "comparator": 0.83,
    "n_total": 0.94,
    "n_analysed": 0.95,
    "n_studies": 0.97,
    "arms": 0.87,
    "setting": 0.92,
    "primary_direction": 0.71,
    "followup": 0.76,
    "dose": 0.97,
    "primary_outcome": 0.55,
}


@pytest.fixture(scope="module")
def rows():
    return list(reading.gold())


@needs_shared
def test_agreement_with_the_gold_labels(rows):
    scores = reading.score_gold(rows)
    below = {name: scores[name].accuracy for name, floor in FLOORS.items() if scores[name].accuracy < floor}
    assert below == {}


@needs_shared
def test_designs_are_told_apart_on_both_halves(rows):
    for name in reading.HALVES:
        score = reading.score_gold(reading.of_half(rows, name))["design"]
        assert score.accuracy >= 0.95, name
        assert score.coverage >= 0.97, name
        assert score.macro_f1(5)[0] >= 0.93, name


@needs_shared
def test_randomised_trials_are_told_from_others(rows):
    on_gold, on_medline = reading.detection_on_gold(rows), reading.score_medline()
    assert on_gold.sensitivity >= 0.97
    assert on_gold.specificity >= 0.93
    assert on_medline.sensitivity >= 0.96
    assert on_medline.specificity >= 0.96
    without_mesh = reading.score_medline(mesh=False)
    assert without_mesh.sensitivity >= 0.955
    assert without_mesh.specificity >= 0.96
