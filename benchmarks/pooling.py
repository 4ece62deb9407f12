"""How fast pooling is, beside PyMARE and statsmodels (and metafor, where R has it) in the same run.

    python -m benchmarks.pooling [ROUNDS]

REML with a Knapp-Hartung interval, of 3, 13 and 40 studies: ours from lists to a result with its warnings, PyMARE from
arrays to its interval. Contestants take turns of about 20 ms; the median of the rounds counts. Others that are not
installed are left out, and said to be. Then a multiverse of 10,000 universes.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ketalit.pooling import Effect, multiverse, pool

RESULTS = Path(__file__).parent / "results"
LIMIT_PYMARE, LIMIT_MULTIVERSE = 15.0, 5.0
TURN = 20.0  # ms
SIZES = (3, 13, 40)


def turns(contestants: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of one run of each, taking turns."""
    spent: dict[str, list[float]] = {name: [] for name in contestants}
    repeats = dict.fromkeys(contestants, 1)
    for number in range(rounds + 2):
        for name, run in contestants.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                run()
            one = 1000 * (time.perf_counter() - start) / repeats[name]
            if number:  # the first is for warming up, and to see how many fill a turn
                spent[name].append(one)
            repeats[name] = max(1, int(TURN / one))
    return {name: statistics.median(times) for name, times in spent.items()}


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

        found["PyMARE"] = theirs
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


def main(rounds: int = 20) -> int:
    warnings.simplefilter("ignore")
    print(__doc__.splitlines()[0], "\n")
    rng = np.random.default_rng(1)
    results: dict[str, dict[str, float]] = {}
    for k in SIZES:
        v = rng.uniform(0.02, 0.4, k)
        y = rng.normal(-0.5, np.sqrt(v + 0.1))
        spent = turns(contestants(y, v), rounds)
        if (there := metafor(y, v)) is not None:
            spent["metafor"] = there
        results[f"{k} studies"] = spent
        shown = "  ".join(f"{name} {one:.3f} ms" for name, one in spent.items())
        print(f"{k:2} studies  {shown}")
        if "PyMARE" in spent:
            ratio = spent["PyMARE"] / spent["ours"]
            spent["PyMARE / ours"] = ratio
            print(f"            PyMARE takes {ratio:.0f} times as long")
    trials = [Effect(study=str(n), yi=float(rng.normal()), vi=float(rng.uniform(0.1, 1))) for n in range(12)]
    start = time.perf_counter()
    count = len(multiverse(trials, inclusion="subsets", subsets=800).table)
    seconds = time.perf_counter() - start
    results["multiverse"] = {"universes": count, "seconds": seconds}
    print(f"\n{count:,} universes of 12 trials: {seconds:.2f} s")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "pooling.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    ratios = [spent["PyMARE / ours"] for spent in results.values() if "PyMARE / ours" in spent]
    missed = seconds > LIMIT_MULTIVERSE or any(ratio < LIMIT_PYMARE for ratio in ratios)
    beside = f"{LIMIT_PYMARE:g} times faster than PyMARE" if ratios else "PyMARE is not installed"
    print(f"Limits: {beside}, 10,000 universes in {LIMIT_MULTIVERSE:g} s:", "missed" if missed else "kept")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(*(int(one) for one in sys.argv[1:])))
