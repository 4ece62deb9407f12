"""Read the primary outcome, its scale, how long it was followed, which side it favours, and the harms as stated."""

from __future__ import annotations

from . import leaning, numbers, primary
from .direction import read_direction
from .followup import FOLLOWUP, hours, read_followup
from .harms import HARMS, read_harms
from .primary import read_outcome
from .result import RESULT, read_result
from .scale import NAMED, read_scale

RULES = (*primary.OUTCOMES, *FOLLOWUP, HARMS, *leaning.RULES, *numbers.RULES, RESULT, NAMED)

__all__ = [
    "FOLLOWUP",
    "RULES",
    "hours",
    "read_direction",
    "read_followup",
    "read_harms",
    "read_outcome",
    "read_result",
    "read_scale",
]
