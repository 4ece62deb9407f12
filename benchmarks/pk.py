"""How fast the kinetics are, beside LSODA on the same compartments in the same run.

    python -m benchmarks.pk [ROUNDS]

24 h, 720 points: an infusion of 0.5 mg/kg over 40 min. LSODA is scipy's solve_ivp at rtol 1e-6, given the Jacobian and
restarted at the end of the infusion, so that it does not step over it. Contestants take turns of about 20 ms; the
least of the rounds counts. Errors are relative to the peak, against LSODA at rtol 1e-12. The band is of 200 people, by
all models that publish how people differ, beside one person by the same call, of all models that cover the infusion.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from ketalit.models.parameters import parameters_of
from ketalit.models.pharmacokinetics import MODELS, Dose, band, concentrations
from ketalit.models.pharmacokinetics.asking import person_of, with_doses
from ketalit.models.pharmacokinetics.compartments import Compartments, Input, course

DOSE = Dose("0.5 mg/kg", over="40 min", form="racemic")
TIMES = np.linspace(0, 24, 720)
LIMIT_LSODA, LIMIT_BAND = 40.0, 20.0
TURN = 20.0  # ms


def lsoda(model: Compartments, inputs: list[Input], rtol: float) -> np.ndarray:
    """Plasma ketamine by solve_ivp, from event to event."""
    (dose,) = inputs
    place, end = model.names.index(dose.compartment), dose.duration_h
    inflow = np.zeros(model.matrix.shape[-1])
    inflow[place] = dose.amount / end
    state, found = np.zeros_like(inflow), np.empty(TIMES.size)
    for first, last, flow in ((0.0, end, inflow), (end, TIMES[-1], np.zeros_like(inflow))):
        inside = (first <= TIMES) & (last > TIMES) if last < TIMES[-1] else first <= TIMES
        solved = solve_ivp(
            lambda t, x, flow=flow: model.matrix @ x + flow,
            (first, last),
            state,
            method="LSODA",
            t_eval=np.union1d(TIMES[inside], [last]),
            jac=lambda t, x: model.matrix,
            rtol=rtol,
            atol=rtol * 1e-3,
        )
        found[inside], state = model.reading("ketamine") @ solved.y[:, : inside.sum()], solved.y[:, -1]
    return found


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
    return {name: min(times) for name, times in spent.items()}


def main(rounds: int = 20) -> int:
    print(__doc__.splitlines()[0], "\n")
    results: dict[str, dict[str, float]] = {}
    for key, described in MODELS.items():
        weight = 10.0 if described.for_children else 70.0
        person = person_of(described, weight, (), parameters_of(None))
        model, inputs = with_doses(described, person, (DOSE,))
        exact = lsoda(model, inputs, 1e-12)
        spent = turns(
            {
                "ours": lambda m=model, i=inputs: course(m, i, TIMES),
                "LSODA": lambda m=model, i=inputs: lsoda(m, i, 1e-6),
            },
            rounds,
        )
        results[key] = {
            **spent,
            "ratio": spent["LSODA"] / spent["ours"],
            "error": float(np.abs(course(model, inputs, TIMES)["ketamine"] - exact).max() / exact.max()),
            "error of LSODA": float(np.abs(lsoda(model, inputs, 1e-6) - exact).max() / exact.max()),
        }
        row = results[key]
        print(
            f"{described.label:28} {len(model.names):2} compartments  ours {row['ours']:6.3f} ms"
            f"  LSODA {row['LSODA']:7.2f} ms  {row['ratio']:5.0f}x"
            f"  error {row['error']:.0e}, of LSODA {row['error of LSODA']:.0e}"
        )
    spent = turns(
        {"one": lambda: concentrations(DOSE, TIMES), "band": lambda: band(DOSE, TIMES, people=200)}, max(3, rounds // 2)
    )
    results["band of 200"] = {**spent, "ratio": spent["band"] / spent["one"]}
    print(
        f"\n200 people {spent['band']:.1f} ms, one {spent['one']:.2f} ms: {spent['band'] / spent['one']:.1f} times one"
    )
    for key in results:
        if key in MODELS and not MODELS[key].for_children:
            spent = turns(
                {
                    "one": lambda k=key: concentrations(DOSE, TIMES, models=[k]),
                    "band": lambda k=key: band(DOSE, TIMES, models=[k]),
                },
                max(3, rounds // 2),
            )
            print(f"  {MODELS[key].label:28} {spent['band']:6.1f} ms and {spent['one']:5.2f} ms")
    slow = [key for key in MODELS if results[key]["ratio"] < LIMIT_LSODA]
    missed = bool(slow) or results["band of 200"]["ratio"] > LIMIT_BAND
    print(
        "\nLimits:",
        f"{LIMIT_LSODA:g} times faster than LSODA, band at most {LIMIT_BAND:g} times one:",
        "missed" if missed else "kept",
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(*(int(one) for one in sys.argv[1:])))
