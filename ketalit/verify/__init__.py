"""Hold what a person entered about a work against what NCBI holds; say what agrees, and change nothing unasked."""

from .accept import accept, matched
from .ask import verify
from .citation import citation_queries
from .compare import LIKE, compare, decide, likeness, same_author
from .model import NAMES, Compared, Outcome, Verification
from .shown import as_json, to_rich

__all__ = [
    "LIKE",
    "NAMES",
    "Compared",
    "Outcome",
    "Verification",
    "accept",
    "as_json",
    "citation_queries",
    "compare",
    "decide",
    "likeness",
    "matched",
    "same_author",
    "to_rich",
    "verify",
]
