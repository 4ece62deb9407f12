"""Lesson 5: from drip to dorsal horn: what each link holds, which guess matters most, and what no link explains.

`drip`: the whole chain over time. `tornado`: which guess matters most. `targets`: what else is bound.
`outlasts`: relief after the drug has gone. `common`: the infusions, and how ranges and pain are told.
"""

from __future__ import annotations

from ..infusion.common import ADULTS
from .drip import Drip
from .outlasts import Outlasts
from .targets import MOST, NAMED, Targets
from .tornado import BLOCK, SPIKES, Tornado

__all__ = ["ADULTS", "BLOCK", "MOST", "NAMED", "SPIKES", "Drip", "Outlasts", "Targets", "Tornado"]
