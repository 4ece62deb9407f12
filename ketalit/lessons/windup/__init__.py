"""Lesson 3: wind-up.

`train`: a train of C-fibre stimuli. `blocked`: block before a train or within it. `rate_and_block`: growth for every
rate and every block. `clocks`: seconds, hours, months. `common`: the train, its runs and its looks.
"""

from __future__ import annotations

from .blocked import BlockedTrain
from .clocks import Clocks
from .rate_and_block import RateAndBlock
from .train import Train

__all__ = ["BlockedTrain", "Clocks", "RateAndBlock", "Train"]
