"""The exact solver beside a stepping one, in one run: receptor protocol, trains of pulses, batches.

    python -m benchmarks.models [ROUNDS]

The protocol has seven steps of voltage and drug in 30 s, 1,004 times, and 15 states (Kampa's gating with magnesium and
ketamine). Contestants take turns; the least of their times counts. The error is the largest in any state at the
end of any step, against a reference in extended precision that shares no code with either.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from ketalit.models import linear
from ketalit.models.receptor import course, pulse_train, scheme
from ketalit.models.receptor.block import Scheme
from tests.models.extended import exponential

FASTER_THAN_LSODA, LARGEST_ERROR = 20.0, 1e-9
STEPS = [  # start in s, mV, glutamate in µM, ketamine in µM
    (0.0, -60, 0, 0),
    (1.0, -60, 1000, 0),
    (5.0, -60, 1000, 10),
    (12.0, 40, 1000, 10),
    (15.0, -60, 1000, 0),
    (22.0, -60, 0, 0),
    (26.0, 40, 1000, 0),
]
TIMES = np.linspace(0, 30, 1004)


def steps(scale: float = 1.0, gate: str = "kampa2004") -> list[tuple[float, Scheme]]:
    return [
        (
            start,
            scheme(
                glutamate=glutamate,
                voltage=voltage,
                magnesium=1.0,
                concentration=ketamine * scale,
                gate=gate,
                leak=True,
            ),
        )
        for start, voltage, glutamate, ketamine in STEPS
    ]


def stepped(protocol: list[tuple[float, Scheme]], rtol: float = 1e-6) -> tuple[np.ndarray, np.ndarray]:
    """The same course by LSODA with its Jacobian, restarted at every step; and the states at the ends of steps."""
    state, found, ends = protocol[0][1].rest(), [], []
    edges = [start for start, _ in protocol[1:]] + [TIMES[-1]]
    for (start, one), end in zip(protocol, edges, strict=True):
        matrix = one.matrix
        inside = TIMES[(start <= TIMES) & ((end > TIMES) | (end == TIMES[-1]))]
        solved = solve_ivp(
            lambda _, x, rates=matrix: rates @ x,
            (start, end),
            state,
            method="LSODA",
            t_eval=np.append(inside[inside < end], end),
            rtol=rtol,
            atol=rtol * 1e-3,
            jac=lambda _, __, rates=matrix: rates,
        )
        state = solved.y[:, -1]
        found.append(solved.y.T[: inside.size])
        ends.append(state)
    return np.concatenate(found), np.array(ends)


def reference(protocol: list[tuple[float, Scheme]]) -> np.ndarray:
    """The states at the ends of steps, in extended precision."""
    state = protocol[0][1].rest().astype(np.longdouble)
    edges = [start for start, _ in protocol[1:]] + [TIMES[-1]]
    ends = []
    for (start, one), end in zip(protocol, edges, strict=True):
        state = exponential(one.matrix, end - start) @ state
        ends.append(state.astype(float))
    return np.array(ends)


def exact(protocol: list[tuple[float, Scheme]]) -> np.ndarray:
    return course(protocol, TIMES).states


def least_ms(work: Callable[[], object], rounds: int) -> float:
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - start))
    return min(spent)  # other work on the machine only ever adds


def main(rounds: int = 9) -> int:
    protocol = steps()
    edges = np.array([start for start, _ in protocol[1:]] + [TIMES[-1]])
    truth = reference(protocol)
    ours = course(protocol, edges).states
    _, theirs = stepped(protocol)
    error, error_lsoda = float(np.abs(ours - truth).max()), float(np.abs(theirs - truth).max())
    exact_ms = least_ms(lambda: exact(protocol), 5 * rounds)
    whole_ms = least_ms(lambda: exact(steps()), 5 * rounds)
    lsoda_ms = least_ms(lambda: stepped(protocol), rounds)
    batch = steps(np.linspace(0.1, 2, 200), "destexhe1996")
    one = steps(1.0, "destexhe1996")
    batch_ms, one_ms = least_ms(lambda: exact(batch), rounds), least_ms(lambda: exact(one), 5 * rounds)
    train_ms = least_ms(lambda: pulse_train(50, 1500, concentration=0.5, voltage=-60, magnesium=1), rounds)
    matrix = scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=1, gate="kampa2004").matrix
    decompose_ms = least_ms(lambda: linear.decompose(matrix), 20 * rounds)
    print("| receptor protocol, 15 states, 30 s, 1,004 points | ms | × ours | largest error |")
    print("|---|---|---|---|")
    print(f"| ours | {exact_ms:.2f} | 1 | {error:.1e} |")
    print(f"| ours, with the schemes built from parameters | {whole_ms:.2f} | {whole_ms / exact_ms:.1f} | |")
    times = lsoda_ms / exact_ms
    print(f"| solve_ivp LSODA, rtol 1e-6, with Jacobian | {lsoda_ms:.1f} | {times:.0f} | {error_lsoda:.1e} |")
    print("\n| | ms |")
    print("|---|---|")
    print(f"| one decomposition, 15 states | {decompose_ms:.2f} |")
    print(f"| ten states, one set | {one_ms:.2f} |")
    print(f"| ten states, 200 sets at once ({batch_ms / one_ms:.0f} × one) | {batch_ms:.1f} |")
    print(f"| train of 1,500 pulses at 50 Hz | {train_ms:.2f} |")
    fine = times >= FASTER_THAN_LSODA and error <= LARGEST_ERROR
    bar = f"At least {FASTER_THAN_LSODA:.0f} × LSODA with an error of at most {LARGEST_ERROR:.0e}"
    print(f"\n{bar}: {'yes' if fine else 'NO'}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
