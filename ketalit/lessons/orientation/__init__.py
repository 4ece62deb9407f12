"""Lesson 0: how to use a panel, and how strong a claim is.

`curve`: a smooth curve to practise on. `answers`: one question answered in four ways. `card`: the card of a claim.
`common`: the review that the last two speak of.
"""

from __future__ import annotations

from .answers import MEASURED, MODELLED, OPINION, POOLED, FourAnswers
from .card import CLAIMS, ClaimCard
from .curve import FirstCurve

__all__ = ["CLAIMS", "MEASURED", "MODELLED", "OPINION", "POOLED", "ClaimCard", "FirstCurve", "FourAnswers"]
