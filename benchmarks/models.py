"""The exact solver beside a stepping one, in one run: receptor protocol, trains of pulses, batches.

The protocol has seven steps of voltage and drug in 30 s, 1,004 times, and 15 states (Kampa's gating with magnesium and
ketamine). The stepping one is scipy's solve_ivp with LSODA at rtol 1e-6, given the Jacobian. The error is the largest
in any state at the end of any step, against a reference in extended precision that shares no code with either.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from ketalit.models import linear
from ketalit.models.receptor import course, pulse_train, scheme
from ketalit.models.receptor.block import Scheme
from tests.models.extended import exponential

from .measuring import Bound, Report, in_turns, times_table

LSODA = "LSODA of scipy"

LIMIT_LSODA, LARGEST_ERROR = 1 / 20, 1e-9
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


def measure(report: Report, rounds: int) -> None:
    """Note how fast the receptor is, and how exact."""
    protocol = steps()
    edges = np.array([start for start, _ in protocol[1:]] + [TIMES[-1]])
    truth = reference(protocol)
    ours = course(protocol, edges).states
    _, theirs = stepped(protocol)
    error, error_lsoda = float(np.abs(ours - truth).max()), float(np.abs(theirs - truth).max())
    batch = steps(np.linspace(0.1, 2, 200), "destexhe1996")
    one = steps(1.0, "destexhe1996")
    matrix = scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=1, gate="kampa2004").matrix
    spent = in_turns(
        {
            "receptor protocol, ours": lambda: exact(protocol),
            "… with the schemes built from parameters": lambda: exact(steps()),
            LSODA: lambda: stepped(protocol),
            "ten states, one set": lambda: exact(one),
            "ten states, 200 sets at once": lambda: exact(batch),
            "train of 1,500 pulses at 50 Hz": lambda: pulse_train(
                50, 1500, concentration=0.5, voltage=-60, magnesium=1
            ),
            "one decomposition, 15 states": lambda: linear.decompose(matrix),
        },
        rounds,
    )
    report.ratio(
        "receptor protocol, 15 states, 30 s", LSODA, spent["receptor protocol, ours"], spent[LSODA], LIMIT_LSODA
    )
    report.bounds.append(Bound("largest error of the receptor protocol", error, "of 1", LARGEST_ERROR))
    report.say(
        "## Receptor",
        times_table(spent),
        f"Largest error in any state: {error:.1e}; of LSODA {error_lsoda:.1e}.",
    )
