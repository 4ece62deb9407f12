"""Screen the records of a review: two stages, two reviewers blind to each other, agreement, rulings, final decisions.

`votes/<initials>.csv` holds what each reviewer decided, `adjudication.csv` the rulings on conflicts, and screening.csv
the decisions that count. How a record moves on is in `outcomes`; what each reviewer is asked, in `queue`. In the
terminal `screen` and `rule_all` ask; without it:

>>> import tempfile
>>> from pathlib import Path
>>> from ketalit.review import load_review, new_review
>>> folder = new_review(Path(tempfile.mkdtemp(), "my-review"))
>>> for reviewer, second in (("AB", Choice.MAYBE), ("CD", Choice.EXCLUDE)):
...     first, other = queue(folder, reviewer, Stage.TITLE_ABSTRACT).todo  # the two that are a "maybe" there
...     saved = vote(folder, reviewer, Stage.TITLE_ABSTRACT, first, Choice.EXCLUDE, reason="background: mechanism")
...     saved = vote(folder, reviewer, Stage.TITLE_ABSTRACT, other, second)
>>> agreement(folder, Stage.TITLE_ABSTRACT).kappas[0].table
((0, 1), (0, 1))
>>> [conflict.what for conflict in adjudicate(folder).conflicts]
['AB: maybe; CD: exclude']
>>> ruling = rule(folder, other, Stage.TITLE_ABSTRACT, Choice.EXCLUDE, reason="protocol", who="EF")
>>> len(write_decisions(folder).kept), len(write_decisions(folder, replace=True).replaced)
(2, 2)
>>> [row.who for row in load_review(folder).screening if row.record in {first, other}]
['AB+CD', 'EF']
"""

from __future__ import annotations

from .adjudicate import Adjudication, Written, adjudicate, rule, write_decisions
from .agreement import Agreement, Kappa, agreement, cohen_kappa
from .outcomes import Outcome, Result, Ruling, outcomes
from .queue import Queue, queue, vote
from .report import adjudication_text, agreement_text, written_text
from .rulings import load_rulings, read_rulings
from .terminal import Session, rule_all, screen
from .votes import NOT_RETRIEVED, Choice, Stage, Vote, Votes, load_votes, read_votes

__all__ = [
    "NOT_RETRIEVED",
    "Adjudication",
    "Agreement",
    "Choice",
    "Kappa",
    "Outcome",
    "Queue",
    "Result",
    "Ruling",
    "Session",
    "Stage",
    "Vote",
    "Votes",
    "Written",
    "adjudicate",
    "adjudication_text",
    "agreement",
    "agreement_text",
    "cohen_kappa",
    "load_rulings",
    "load_votes",
    "outcomes",
    "queue",
    "read_rulings",
    "read_votes",
    "rule",
    "rule_all",
    "screen",
    "vote",
    "write_decisions",
    "written_text",
]
