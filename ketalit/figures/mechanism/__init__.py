"""Pictures of the models: each function takes what a model function returned, and draws it.

receptor.py    dose-response, current against voltage, use-dependence, recovery, the scheme, wrong stories
windup.py      wind-up, and its map over frequency and block
body.py        concentrations and their bands, the slow effect, from drip to dorsal horn
acute.py       responses within minutes, and how they lag behind plasma
targets.py     occupancy of all targets
gallery.py     all of them with ordinary settings: the page of pictures
"""

from __future__ import annotations

from .acute import acute_pain, response
from .body import bands, chain, kinetics, slow_relief
from .gallery import gallery
from .receptor import current_voltage, dose_response, recovery, states, stories, use_dependence
from .targets import occupancy
from .windup import wind_up, wind_up_map

__all__ = [
    "acute_pain",
    "bands",
    "chain",
    "current_voltage",
    "dose_response",
    "gallery",
    "kinetics",
    "occupancy",
    "recovery",
    "response",
    "slow_relief",
    "states",
    "stories",
    "use_dependence",
    "wind_up",
    "wind_up_map",
]
