"""Lesson 4: how much, how fast, how long, and to whom: ketamine in plasma and at the effect site over time.

`doses`: a bolus, an infusion and the effect site. `stopping`: after the pump stops. `body`: the same in another body.
`given`: what the models compute of a schedule. `published`: examples. `common`: models, numbers and words of all.
"""

from __future__ import annotations

from .body import BY_WEIGHT, CEILING, FIXED, Body
from .common import ALL
from .doses import Doses, EffectSite
from .published import expressible
from .stopping import Stopping

__all__ = ["ALL", "BY_WEIGHT", "CEILING", "FIXED", "Body", "Doses", "EffectSite", "Stopping", "expressible"]
