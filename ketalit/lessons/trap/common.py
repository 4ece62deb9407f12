"""Drugs, conditions and numbers of the panels of lesson 2."""

from __future__ import annotations

from typing import Any

from ..control import Number

PLENTY = 1000.0  # µM glutamate, saturating
RECORDED: dict[str, Any] = {"voltage": -70.0, "magnesium": 0.0}  # as in the recordings of block and recovery
DRUGS = ("ketamine", "memantine")
WIDE = 560.0  # px; small enough that letters stay large on a projector

BLOCKERS = (
    "ketamine.half_block.human_GluN2A",
    "ketamine.unbinding",
    "ketamine.electrical_distance",
    "memantine.half_block.human_GluN2A",
    "memantine.unbinding",
    "memantine.electrical_distance",
)
GATING = tuple(
    f"gating.destexhe1996.{rate}"
    for rate in ("binding", "unbinding", "opening", "closing", "desensitisation", "recovery")
)
ROOM = "Rates come from different cells, mostly at room temperature. "

VOLTAGE = Number(
    key="voltage", label="Voltage", unit="mV", value=-70, low=-100, high=60, step=5,
    about="Voltage of the membrane, inside against outside",
)  # fmt: skip
