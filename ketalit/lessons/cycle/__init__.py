"""Lesson 9: refresh a review. What happened between two days, a text that changed, the table after the decisions.

`timeline`: what the report says. `changed`: a text that changed under checked values. `decisions`: what may be decided
on these. `after`: the table after all decisions. `outcomes`: what each combination of them comes to. `yours`: a review
of one's own. `common`: the two days.
Everything but `yours` is about the synthetic review that ships with ketalit: no work or number in it exists.
"""

from __future__ import annotations

from .after import AfterDecisions
from .changed import NOW, THEN, WORDS, ChangedText
from .common import MAY, NOVEMBER
from .decisions import CHANGE_IT, CHANGE_RESULT, KEEP_NOTED, KEEP_READ
from .outcomes import CHANGED, COUNTED, EXCLUDED, KEPT, OUT, SCREENED, STRUCK, WAITING
from .timeline import ALL, DRIFT, PARTS, Timeline
from .yours import YourReview, cost

__all__ = [
    "ALL", "CHANGED", "CHANGE_IT", "CHANGE_RESULT", "COUNTED", "DRIFT", "EXCLUDED", "KEEP_NOTED", "KEEP_READ", "KEPT",
    "MAY", "NOVEMBER", "NOW", "OUT", "PARTS", "SCREENED", "STRUCK", "THEN", "WAITING", "WORDS",
    "AfterDecisions", "ChangedText", "Timeline", "YourReview", "cost",
]  # fmt: skip
