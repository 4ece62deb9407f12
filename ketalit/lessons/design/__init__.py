"""Capstone: an infusion study of one pain condition: what is known, what is given, how many people, on one page.

`panel`: plan a study. `controls`: what can be set. `pictures`: what is drawn. `plan`: a study as planned. `held`: what
the review holds. `page`: the plan on one page. `asked`: what the page asks for. `sheet`: how it is written.
`codes`: from a state code back to its panel.
It works on any review folder. Nothing here advises anybody to run such a study, or to take a drug.
"""

from __future__ import annotations

from .asked import ASKS, CHECK_LIST
from .codes import panel_of, panels_by_name
from .controls import COMPARATORS, OWN_SD
from .page import StudyPage
from .panel import Design
from .plan import window_of

__all__ = [
    "ASKS", "CHECK_LIST", "COMPARATORS", "OWN_SD", "Design", "StudyPage", "panel_of", "panels_by_name", "window_of",
]  # fmt: skip
