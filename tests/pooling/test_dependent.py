"""Effects that share people: a robust variance, computed by PyMARE where it is installed."""

import math
import sys

import numpy as np
import pytest

from ketalit.errors import InputError, KetalitError
from ketalit.pooling import pool, robust

Y = np.array([0.1, 0.3, 0.25, -0.2, 0.6, 0.5, 0.9, 0.0, 0.2, 0.4])
TRIALS = ["A", "A", "A", "B", "C", "C", "D", "E", "E", "F"]


@pytest.fixture
def pymare():
    return pytest.importorskip("pymare", reason="PyMARE is not installed")


def test_cr2_by_hand(pymare):
    # equal variances and one mean: the residuals of a trial are stretched by 1/√(1 - h), h its share of the rows, so
    # the variance is Σ (sum of a trial's residuals)² / (1 - h), over N²
    found = robust(Y, [0.04] * 10, TRIALS, "FE")
    residual = Y - Y.mean()
    total = 0.0
    for trial in set(TRIALS):
        mine = np.asarray([one == trial for one in TRIALS])
        total += residual[mine].sum() ** 2 / (1 - mine.mean())
    assert found.estimate == pytest.approx(Y.mean())
    assert found.se == pytest.approx(math.sqrt(total) / 10)
    assert (found.k, found.clusters) == (10, 6)


@pytest.mark.parametrize("method", ["REML", "ML", "DL", "FE"])
def test_estimate_and_tau2_are_those_of_independent_rows(pymare, method):
    v = np.linspace(0.02, 0.1, 10)
    found, plain = robust(Y, v, TRIALS, method), pool(Y, v, method)
    assert found.estimate == pytest.approx(plain.estimate, rel=1e-6)
    assert found.tau2 == pytest.approx(plain.tau2, rel=1e-5, abs=1e-8)
    assert found.se != pytest.approx(plain.se_wald, rel=1e-3)


def test_a_trial_of_its_own_for_each_effect_is_near_knapp_hartung(pymare):
    v = [0.04] * 10
    found, plain = robust(Y, v, range(10)), pool(Y, v, "REML", "knapp-hartung")
    assert found.se == pytest.approx(plain.se, rel=1e-6)
    assert found.df == pytest.approx(9, rel=1e-6)


def test_few_trials_are_warned_of(pymare):
    said = robust(Y, [0.04] * 10, ["A"] * 5 + ["B"] * 5).warnings
    assert any("Only 2 trials" in one for one in said)
    assert any("below 4" in one for one in said)


def test_enough_trials_and_degrees_of_freedom_are_left_in_peace(pymare):
    six = robust(Y, [0.04] * 10, TRIALS)
    assert 4 < six.df < 5
    assert [one[:13] for one in six.warnings] == ["Only 6 trials"]
    assert robust(Y, [0.04] * 10, range(10)).warnings == ()


def test_the_unit_does_not_matter(pymare):
    v = np.linspace(0.02, 0.1, 10)
    found, small = robust(Y, v, TRIALS), robust(Y * 1e-6, v * 1e-12, TRIALS)
    assert small.estimate * 1e6 == pytest.approx(found.estimate, rel=1e-6)
    assert small.se * 1e6 == pytest.approx(found.se, rel=1e-5)


def test_without_pymare_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymare", None)
    monkeypatch.setitem(sys.modules, "pymare.estimators", None)
    with pytest.raises(KetalitError, match=r"needs PyMARE. Install PyMARE 0\.0\.13"):
        robust(Y, [0.04] * 10, TRIALS)


@pytest.mark.parametrize(
    ("trials", "method", "said"),
    [
        (["A"] * 10, "REML", "all effects come from one trial"),
        (["A", "B"], "REML", "2 trials for 10 effects"),
        (TRIALS, "PM", "one of REML, ML, DL, FE"),
    ],
)
def test_broken_input(trials, method, said):
    with pytest.raises(InputError, match=said):
        robust(Y, [0.04] * 10, trials, method)
