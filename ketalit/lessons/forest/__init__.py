"""Lesson 7: what trials add up to, and how much hangs on choices. It runs on any review that holds effects.

`plot`: the forest plot under each estimator and interval. `added`: an invented trial and the weights. `without`:
without each trial, and the funnel. `times`: the same question at other times. `ways`: every defensible way to pool at
once. `analyses`: what the review holds. `on_review`: a panel whose controls offer that.
"""

from __future__ import annotations

from .added import AddATrial
from .analyses import INTERVALS
from .plot import Forest
from .times import OverTime
from .ways import Universes
from .without import FUNNEL, LeaveOut

__all__ = ["FUNNEL", "INTERVALS", "AddATrial", "Forest", "LeaveOut", "OverTime", "Universes"]
