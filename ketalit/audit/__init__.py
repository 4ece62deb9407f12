"""Hold a page against a review: which of its statements are known, with which verdict, and which nobody has checked."""

from .export import SUFFIXES, as_json, export
from .model import Audit, Candidate, Comparison, Likeness, Match, Resemblance, Statement, StatementKind
from .run import audit
from .terminal import to_rich

__all__ = [
    "SUFFIXES",
    "Audit",
    "Candidate",
    "Comparison",
    "Likeness",
    "Match",
    "Resemblance",
    "Statement",
    "StatementKind",
    "as_json",
    "audit",
    "export",
    "to_rich",
]
