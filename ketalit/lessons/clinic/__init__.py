"""Lesson 8: the claim clinic. All of it works on any review folder.

`cards`: grade claims. `page`: hold a page against a review. `rewrite`: say a claim honestly, with `checklist`. `gaps`:
see what is missing. `calibration`: know yourself. `common`: the review, and what stands over all of it.
A verdict comes from the review's claims.csv or not at all.
"""

from __future__ import annotations

from .calibration import FEW, MINE, Calibration
from .cards import GRADES, ClaimCards
from .checklist import absolutes, check_list
from .gaps import EVERY, FOLLOWUP, HARMS, ROUTE, TRIALS, Gaps
from .page import LONGEST, PageAudit
from .rewrite import Rewrite

__all__ = [
    "EVERY", "FEW", "FOLLOWUP", "GRADES", "HARMS", "LONGEST", "MINE", "ROUTE", "TRIALS",
    "Calibration", "ClaimCards", "Gaps", "PageAudit", "Rewrite", "absolutes", "check_list",
]  # fmt: skip
