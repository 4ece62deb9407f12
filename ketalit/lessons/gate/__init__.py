"""Lesson 1: magnesium in the pore.

`voltage`: current against voltage. `step`: a step of voltage in time. `pair`: two inputs that meet.
`common`: the voltage at rest, and magnesium as all three offer it.
"""

from __future__ import annotations

from .pair import PairedInput
from .step import VoltageStep
from .voltage import MagnesiumGate

__all__ = ["MagnesiumGate", "PairedInput", "VoltageStep"]
