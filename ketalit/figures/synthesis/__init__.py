"""Pictures of trials and what they add up to: plain numbers in, whoever computed them.

rows.py         what stands in the rows of a forest plot
forest.py       forest plots; chart.py lays them out
sensitivity.py  without each study, and as studies came in
funnel.py       funnel plots with contours
curve.py        specification curves of a multiverse
traffic.py      traffic lights of risk of bias; judgements.py has their signs
of_pooling.py   the same straight from what `ketalit.pooling` gives
telling.py      how numbers are written
"""

from __future__ import annotations

from .curve import multiverse
from .forest import forest
from .funnel import funnel
from .judgements import JUDGEMENTS, NOT_ASSESSED, ROB2
from .of_pooling import cumulative_of, forest_of, funnel_of, leave_one_out_of, multiverse_of, threshold_of
from .rows import Study, Threshold, Total
from .sensitivity import cumulative, leave_one_out
from .traffic import traffic_light

__all__ = [
    "JUDGEMENTS",
    "NOT_ASSESSED",
    "ROB2",
    "Study",
    "Threshold",
    "Total",
    "cumulative",
    "cumulative_of",
    "forest",
    "forest_of",
    "funnel",
    "funnel_of",
    "leave_one_out",
    "leave_one_out_of",
    "multiverse",
    "multiverse_of",
    "threshold_of",
    "traffic_light",
]
