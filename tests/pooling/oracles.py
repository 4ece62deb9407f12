"""The oracles of the shared material: metafor 5.1-12 and meta 8.4-0 on R 4.2.2, 12 significant digits.

Two tolerances serve nearly everywhere, each with the worst error seen in `tests/pooling`:

    CLOSED     1e-8   closed forms; worst 5e-12, and 1e-10 for an end of an interval near 0: the inputs themselves
                      have 12 digits
    ITERATIVE  1e-6   REML, ML, PM and Q-profile; worst 8e-12, and 1e-10 for p values in the far tail. metafor ran with
                      a limit relative to the variances

What differs more is said where it does. Values that are 0 but for rounding are compared with the size of what they
were computed from (`floor`).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED

FOLDER = SHARED / "pooling" / "oracles"
KETAMINE = SHARED / "pooling" / "ketamine"
needs_oracles = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared oracles are not beside the project")

CLOSED, ITERATIVE = 1e-8, 1e-6

NAMES = sorted(path.stem for path in FOLDER.glob("*.json") if path.stem not in {"manifest", "_effect_sizes"})

# What the oracles hold and ketalit does not offer, each with the reason. `test_oracles.py` holds this list complete.
NOT_OFFERED = {
    "models.EB": "Empirical Bayes is Paule-Mandel by another road",
    "models.HE": "Hedges' estimator is inefficient, and nobody asked for it",
    "models.HS": "Hunter-Schmidt is biased downwards",
    "models.SJ": "Sidik-Jonkman overestimates small variances",
    "models.*.se_tau2": "a Wald interval of tau² is a bad one; the Q-profile is given",
    "models.*.H2": "I² in another form",
    "models.*.wald_t": "t with the Wald error is neither classic nor Knapp-Hartung",
    "models.*.hksj_adhoc": "the q >= 1 rule; never-narrower is offered instead",
    "models.*.hksj.prediction_interval": "one prediction interval is enough",
    "models.*.prediction_interval.z": "covers 77 to 83 % at three or four studies",
    "models.*.prediction_interval.t_k_minus_1": "one prediction interval is enough: t with k - 2",
    "qprofile_ci.*.H2": "I² in another form",
    "I2_test_based_HT2002.lb": "the interval of I² comes from that of tau²",
    "I2_test_based_HT2002.ub": "the interval of I² comes from that of tau²",
    "begg_rank": "Begg's test has less power than Egger's",
    "rosenthal_fail_safe_n": "answers a question that nobody should ask",
    "R_meta_package_REML.HK_ci_with_adhoc_ci_rule": "the ad hoc rule",
    "R_meta_package_REML.HK_se": "the ad hoc rule",
    "R_meta_package_REML.I2_lb": "the interval of I² comes from that of tau²",
    "R_meta_package_REML.I2_ub": "the interval of I² comes from that of tau²",
    "R_meta_package_REML.predict": "of its five prediction intervals, the HTS one is tested with the models",
    "effect.SMDH": "SMD with unequal variances: no review of pain uses it",
    "effect.VR": "ratio of variances",
    "effect.CVR": "ratio of coefficients of variation",
    "effect.AS": "arcsine difference: cannot be explained to a reader",
    "effect.PFT": "Freeman-Tukey proportions mislead when they are turned back",
    "effect.ZCOR": "correlations are no treatment effects",
}


@cache
def oracle(name: str) -> dict[str, Any]:
    """One data set with its expected results."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def cases() -> dict[str, dict[str, Any]]:
    """The effect sizes and conversions, by id."""
    found = json.loads((FOLDER / "_effect_sizes.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in found["cases"]}


def effects(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Effects and variances of a data set."""
    data = oracle(name)
    return np.atleast_1d(np.asarray(data["yi"], float)), np.atleast_1d(np.asarray(data["vi"], float))


def holding(*keys: str) -> list[str]:
    """The data sets that hold results under a key."""
    return [name for name in NAMES if all(key in oracle(name) for key in keys)]


def close(ours: Any, theirs: Any, rel: float, floor: float = 0.0) -> None:
    """Fail unless every number is within `rel` of the expected one, or within `floor` of it."""
    mine, expected = np.atleast_1d(np.asarray(ours, float)), np.atleast_1d(np.asarray(theirs, float))
    assert mine.shape == expected.shape
    wrong = ~(np.abs(mine - expected) <= rel * np.abs(expected) + floor)
    assert not wrong.any(), f"{mine[wrong]} is not {expected[wrong]}"
