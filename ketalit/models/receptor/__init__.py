"""The NMDA receptor and what ketamine does to it.

magnesium.py     magnesium in the pore, by voltage and concentration
gating.py        published schemes of opening by glutamate, chosen by name; glycine
pore.py          ketamine and memantine in the open pore: rates, half block, settled block
block.py         both together as a rate scheme with a trapped blocker
second_site.py   the further site, reached through the membrane; optional
protocols.py     steps, trains of pulses, washout
currents.py      current against voltage, current against dose
subunits.py      GluN2A to GluN2D side by side; mirror images of ketamine
stories.py       the competitive and the channel-closing story, and why they are wrong

Times are in s, voltages in mV, drugs and glutamate in µM, magnesium in mM. Most rates were measured at room temperature
and are not scaled to that of a body; no temperature coefficient for ketamine was found.
"""

from __future__ import annotations

from .block import Scheme, scheme
from .currents import current_voltage, dose_response
from .gating import SETS, SUBUNITS, coagonism, gates, half_activation, open_probability
from .magnesium import half_block as magnesium_half_block
from .magnesium import unblocked
from .pore import DRUGS, HUMAN, RECEPTORS, Blocker, blocker, half_block, settling_rate, steady_block
from .protocols import Course, Train, course, pulse_train, washout
from .second_site import site_effect, two_sites
from .stories import STORIES, Contrast, contrasts, lost, story
from .subunits import SubunitBlock, deactivation, measured_shift, mixture_occupancy, peak_open_probability, profile

__all__ = [
    "DRUGS",
    "HUMAN",
    "RECEPTORS",
    "SETS",
    "STORIES",
    "SUBUNITS",
    "Blocker",
    "Contrast",
    "Course",
    "Scheme",
    "SubunitBlock",
    "Train",
    "blocker",
    "coagonism",
    "contrasts",
    "course",
    "current_voltage",
    "deactivation",
    "dose_response",
    "gates",
    "half_activation",
    "half_block",
    "lost",
    "magnesium_half_block",
    "measured_shift",
    "mixture_occupancy",
    "open_probability",
    "peak_open_probability",
    "profile",
    "pulse_train",
    "scheme",
    "settling_rate",
    "site_effect",
    "steady_block",
    "story",
    "two_sites",
    "unblocked",
    "washout",
]
