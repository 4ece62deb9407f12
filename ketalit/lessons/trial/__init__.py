"""Lesson 6: a trial becomes a row. Every part but the two invented records works on any review folder.

`live`: the invented record, read as it is changed. `own`: a record of one's own. `dose`: doses in one unit.
`silence`: in which sense cells are empty. `form`: four fields to be filled. `records`: the invented records. `text`: a
text that is read while it is typed. `units`: the arithmetic of doses. `common`: the ten fields, and the table.
What is read out of a text comes from `ketalit.reading`, what a study says from the evidence table.
"""

from __future__ import annotations

from .common import TEN
from .dose import DoseNormaliser
from .form import FORM, ExtractionForm
from .live import LiveText, TheRecord
from .own import OwnRecord
from .records import CHANGES, CROSSOVER, TRIAL, changed_by, record_of, text_of
from .silence import ThreeSilences

__all__ = [
    "CHANGES", "CROSSOVER", "FORM", "TEN", "TRIAL",
    "DoseNormaliser", "ExtractionForm", "LiveText", "OwnRecord", "TheRecord", "ThreeSilences",
    "changed_by", "record_of", "text_of",
]  # fmt: skip
