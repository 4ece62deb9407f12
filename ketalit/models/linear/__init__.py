"""Exact solutions of dx/dt = A x + b, for rate schemes and compartments alike.

solve.py     the course: one segment, or many
schemes.py   rate schemes: from arrows to matrices, steady states, time constants, detailed balance

Matrices act on columns: A[i, j] is the rate at which j turns into i. All functions take leading batch dimensions:
parameter sets, voltages, doses.

>>> scheme = generator([(0, 1, 2.0), (1, 0, 1.0)], 2)
>>> steady_state(scheme)
array([0.33333333, 0.66666667])
>>> time_constants(scheme)
array([0.33333333])
>>> propagate(scheme, [1.0, 0.0], [0.5, 1.0])
array([[0.48208677, 0.51791323],
       [0.36652471, 0.63347529]])
"""

from __future__ import annotations

from .schemes import cycle_affinity, detailed_balance, generator, probabilities, steady_state, time_constants
from .solve import (
    MAX_CONDITION,
    ROUNDING,
    Array,
    Decomposition,
    Segment,
    decompose,
    propagate,
    propagator,
    trajectory,
)

__all__ = [
    "MAX_CONDITION",
    "ROUNDING",
    "Array",
    "Decomposition",
    "Segment",
    "cycle_affinity",
    "decompose",
    "detailed_balance",
    "generator",
    "probabilities",
    "propagate",
    "propagator",
    "steady_state",
    "time_constants",
    "trajectory",
]
