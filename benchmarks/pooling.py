"""How fast pooling is, beside PyMARE and statsmodels (and metafor, where R has it), and whether it agrees with oracles.

    python -m benchmarks.pooling [ROUNDS]

REML with a Knapp-Hartung interval, of 3, 13 and 40 studies: ours from lists to a result with its warnings, PyMARE from
arrays to its interval. Contestants take turns of about 20 ms; times are CPU times. Others that are not installed are
left out, and said to be. Then a multiverse of 10,000 universes, and every number that the tests hold against an oracle.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ketalit.pooling import Effect, multiverse, pool

from .measuring import Bound, Report, in_turns, table, times_table

LIMIT_PYMARE, LIMIT_MULTIVERSE = 1 / 15, 5.0
SIZES = (3, 13, 40)
CLOSED, ITERATIVE = 1e-8, 1e-6
ABOUT = (
    "metafor 5.1-12 and meta 8.4-0 on R 4.2.2, 12 significant digits. Every comparison of `tests/pooling` is counted. "
    "Errors are relative; a number that is 0 but for rounding is compared with the size of what it was computed from. "
    "Each number keeps its tolerance, or the test fails. Above 1e-6 there is trim and fill with REML only, where the "
    "reference stopped at a change of 1e-5; stopping there too gives its numbers to 1e-6."
)


def contestants(y: np.ndarray, v: np.ndarray) -> dict[str, Callable[[], object]]:
    """What is timed on one data set; PyMARE and statsmodels where they are installed."""
    listed, variances, ones = y.tolist(), v.tolist(), np.ones((y.size, 1))
    found: dict[str, Callable[[], object]] = {
        "ours": lambda: pool(listed, variances),
        "ours, tau² interval too": lambda: pool(listed, variances).tau2_ci,
        "ours, DL and Wald": lambda: pool(listed, variances, "DL", "wald"),
    }
    if find_spec("pymare"):
        estimators = import_module("pymare.estimators")
        dataset = import_module("pymare").Dataset(y=y, v=v, X=ones, add_intercept=False)

        def theirs() -> object:
            model = estimators.VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(dataset)
            found: object = model.summary().get_fe_stats()
            return found

        found["PyMARE, REML"] = theirs
    if find_spec("statsmodels"):
        meta = import_module("statsmodels.stats.meta_analysis")
        found["statsmodels, PM"] = lambda: meta.combine_effects(y, v, method_re="iterated").summary_frame()
    return found


def metafor(y: np.ndarray, v: np.ndarray) -> float | None:
    """Milliseconds of one rma with REML and Knapp-Hartung; None where R or metafor is not installed."""
    if not shutil.which("Rscript"):
        return None
    numbers = [f"c({','.join(repr(float(one)) for one in values)})" for values in (y, v)]
    script = (
        f"suppressMessages(library(metafor)); y <- {numbers[0]}; v <- {numbers[1]}; "
        "rma(y, v, test='knha'); t <- system.time(for (i in 1:200) rma(y, v, test='knha')); cat(t[['elapsed']] * 5)"
    )
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else None


QUANTITIES = {
    "test_oracle": "estimate, SE, interval, p, weights, Q, tau², I²",
    "test_i2_from_q_is_that_of_the_other_r_package": "I² from Q, of the R package meta",
    "test_knapp_hartung": "Knapp-Hartung: SE, interval, p",
    "test_q_profile": "Q-profile intervals of tau² and I²",
    "test_prediction_interval": "prediction interval",
    "test_leave_one_out": "leave-one-out",
    "test_influence": "residuals, Cook's distances, DFFITS",
    "test_cumulative": "cumulative",
    "test_subgroups": "subgroups and the test of their difference",
    "test_meta_regression": "meta-regression",
    "test_egger": "Egger's test",
    "test_eggers_test_as_a_mixed_model": "Egger's test as a mixed model",
    "test_trim_and_fill": "trim and fill",
    "test_mantel_haenszel": "Mantel-Haenszel",
    "test_peto": "Peto",
    "test_effect_sizes": "effect sizes",
    "test_conversion": "conversions",
    "test_a_pooled_analysis": "pooled results of Cochrane CD015373",
}
"""The tests that compare with numbers from outside, and what they compare."""


class Compared(NamedTuple):
    """Numbers that one test held against an oracle: how many, within what, and the worst relative error."""

    test: str
    data: str
    numbers: int
    tolerance: float
    error: float


def agreement() -> list[Compared] | None:
    """Every comparison that the tests make with an oracle; None where the oracles are not beside the project.

    The tests run as they are; only their way to compare is listened to. An error is relative to the expected number,
    or, for one that is 0 but for rounding, to the size of what it was computed from.
    """
    import pytest

    from tests.pooling import oracles

    if not oracles.FOLDER.is_dir():
        return None
    compare, found = oracles.close, []

    def listening(ours: object, theirs: object, rel: float, floor: float = 0.0) -> None:
        compare(ours, theirs, rel, floor)
        mine, expected = np.atleast_1d(np.asarray(ours, float)), np.atleast_1d(np.asarray(theirs, float))
        gap = np.abs(mine - expected)[mine != expected]
        size = (np.abs(expected) + floor / rel)[mine != expected]
        name, _, case = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].split(" ")[0].rstrip("]").partition("[")
        data = [one for one in oracles.NAMES if one in case]
        found.append(Compared(name, max(data, key=len, default=""), mine.size, rel, float(max(gap / size, default=0))))

    oracles.close = listening
    try:
        failed = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", str(Path(oracles.__file__).parent)])
    finally:
        oracles.close = compare
    if failed:
        raise SystemExit("the tests of pooling fail: no table of agreement")
    return [one for one in found if one.test in QUANTITIES]


def tables_of(found: Sequence[Compared]) -> tuple[str, str]:
    """The agreement by quantity, and by data set, as Markdown."""
    quantities, data_sets = [], []
    for test, what in QUANTITIES.items():
        for rel in sorted({one.tolerance for one in found if one.test == test}):
            held = [one for one in found if one.test == test and one.tolerance == rel]
            worst = max(held, key=lambda one: one.error)
            sets = len({one.data for one in held} - {""}) or ""
            count = sum(one.numbers for one in held)
            quantities.append([what, worst.data, sets, count, f"{rel:.0e}", f"{worst.error:.1e}"])
    for name in sorted({one.data for one in found} - {""}):
        held = [one for one in found if one.data == name]
        closed = max((one.error for one in held if one.tolerance <= CLOSED), default=0.0)
        rest = max((one.error for one in held if CLOSED < one.tolerance <= ITERATIVE), default=0.0)
        data_sets.append([name, sum(one.numbers for one in held), f"{closed:.1e}", f"{rest:.1e}"])
    head = ["quantity", "worst in", "data sets", "numbers", "tolerance", "worst relative error"]
    by_data = ["data set", "numbers", "worst, closed forms (1e-8)", "worst, iterative (1e-6)"]
    return table(head, quantities, numbers=4), table(by_data, data_sets, numbers=3)


def main(rounds: int = 20) -> None:
    warnings.simplefilter("ignore")
    about = " ".join(__doc__.split("\n\n")[2].split())
    report = Report("pooling", "Pooling: agreement and speed", about, ("numpy", "pymare", "statsmodels"))
    rng = np.random.default_rng(1)
    for k in SIZES:
        v = rng.uniform(0.02, 0.4, k)
        y = rng.normal(-0.5, np.sqrt(v + 0.1))
        spent = in_turns(contestants(y, v), rounds)
        for peer, limit in (("PyMARE, REML", LIMIT_PYMARE), ("statsmodels, PM", None)):
            if peer in spent:
                report.ratio(f"REML with its interval, {k} studies", peer, spent["ours"], spent[peer], limit)
        if (there := metafor(y, v)) is not None:
            spent["metafor, R"] = [there / 1000]
        report.say(f"## {k} studies", times_table(spent))
    trials = [Effect(study=str(n), yi=float(rng.normal()), vi=float(rng.uniform(0.1, 1))) for n in range(12)]
    start = time.process_time()
    count = len(multiverse(trials, inclusion="subsets", subsets=800).table)
    seconds = time.process_time() - start
    report.bounds.append(Bound(f"multiverse of {count:,} universes of 12 trials", seconds, "CPU s", LIMIT_MULTIVERSE))
    found = agreement()
    report.say("## Agreement with oracles", *([ABOUT, *tables_of(found)] if found else ["The oracles are not here."]))
    report.write()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
