"""Say which works the citations of a page are: found in the library, or with candidates and the reasons for them.

An identifier finds its record. Everything else only gets candidates: records ranked by evidence that is shown, point
by point, and never claimed to be the work.
"""

from .candidates import same_journal
from .json import as_json
from .model import Candidate, Evidence, Library, Outcome, Resolution
from .online import look_up_at
from .resolver import resolve
from .same_work import one_work_sentences
from .terminal import render_text

__all__ = [
    "Candidate",
    "Evidence",
    "Library",
    "Outcome",
    "Resolution",
    "as_json",
    "look_up_at",
    "one_work_sentences",
    "render_text",
    "resolve",
    "same_journal",
]
