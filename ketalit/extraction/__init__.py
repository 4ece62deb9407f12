"""Check what was read: accept or correct values, alone or as two people blind to each other.

Alone, values go to extraction.csv. As two, each works in a file of their own (`double=True`), `compare` tells how well
they agree, `settle` writes what they agree on, and `rule` decides what they do not. In the terminal `extract` asks, in
a notebook `ReviewPanel`; without them:

>>> import tempfile
>>> from pathlib import Path
>>> from ketalit.review import load_review, new_review
>>> folder = new_review(Path(tempfile.mkdtemp(), "my-review"))
>>> for who, people in (("AB", 58), ("CD", 57)):
...     saved = accept(folder, "sigtermans2009", "blinding", value="double", who=who, double=True)
...     saved = accept(folder, "sigtermans2009", "n_analysed", value=people, who=who, double=True)
>>> [conflict.what for conflict in compare(folder).conflicts]
['AB: 58 people; CD: 57 people']
>>> ruled = rule(folder, "sigtermans2009", "n_analysed", value=57, who="EF", note="figure 1")
>>> [(entry.who, entry.shown) for entry in (*settle(folder).added, ruled.entry)]
[('AB+CD', 'double'), ('AB+CD+EF', '57 people')]
"""

from __future__ import annotations

from ..records.text import find_quote
from .accept import Given, Saved, accept, as_given, decide
from .compare import Comparison, Conflict, FieldAgreement, Settled, compare, rule, settle
from .desk import Desk
from .entries import Entries, Entry, load_entries, read_entries
from .panel import ReviewPanel
from .progress import Standing, next_record, progress, progress_text
from .proposals import Proposal, proposals
from .report import comparison_text, saved_text, settled_text
from .terminal import Session, extract

__all__ = [
    "Comparison",
    "Conflict",
    "Desk",
    "Entries",
    "Entry",
    "FieldAgreement",
    "Given",
    "Proposal",
    "ReviewPanel",
    "Saved",
    "Session",
    "Settled",
    "Standing",
    "accept",
    "as_given",
    "compare",
    "comparison_text",
    "decide",
    "extract",
    "find_quote",
    "load_entries",
    "next_record",
    "progress",
    "progress_text",
    "proposals",
    "read_entries",
    "rule",
    "saved_text",
    "settle",
    "settled_text",
]
