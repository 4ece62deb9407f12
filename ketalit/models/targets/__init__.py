"""Ketamine's other targets: how much of each is occupied at a free concentration, so that claims can be weighed.

Occupancy is C/(C + K) for one ligand and one site without cooperation (Clark, Hill, Langmuir). K is a binding constant
or, where only a function was measured, the concentration of half effect; then "occupied" reads "affected". K is for the
drug that is free in the water around the target, so the total concentration in plasma has to be made smaller first.

>>> for found in rank("0.5 µM")[:2]:
...     print(found.site.label, f"{100 * found.low:.0f} to {100 * found.high:.0f} %")
NMDA receptor, second (allosteric) site 83 to 83 %
NMDA receptor, pore, GluN2A, no magnesium 60 to 60 %
>>> half = needed("opioid_mu", share=0.5)
>>> f"half of the µ receptors: {half.total_low:,.0f} to {half.total_high:,.0f} ng/mL in plasma"
'half of the µ receptors: 7,294 to 24,783 ng/mL in plasma'
"""

from __future__ import annotations

from .occupancy import Free, Needed, Occupied, at_site, free_from_total, needed, occupancy, rank, site_named, summary
from .sites import SITES, Family, Lean, Measure, Site

__all__ = [
    "SITES",
    "Family",
    "Free",
    "Lean",
    "Measure",
    "Needed",
    "Occupied",
    "Site",
    "at_site",
    "free_from_total",
    "needed",
    "occupancy",
    "rank",
    "site_named",
    "summary",
]
