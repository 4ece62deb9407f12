"""A review is a folder: load it, with file, line and column in every complaint, and start a new one."""

from __future__ import annotations

from .effects import effect_rows
from .load import BUNDLED, DUPLICATES, load_review, read_review
from .model import (
    Certainty,
    Claim,
    Domain,
    Duplicate,
    Extraction,
    ExtractionRow,
    Judgement,
    Likeness,
    Rating,
    Review,
    RiskOfBias,
    Screening,
    Search,
)
from .new import new_review
from .settings import FORMAT
from .values import read_value

__all__ = [
    "BUNDLED",
    "DUPLICATES",
    "FORMAT",
    "Certainty",
    "Claim",
    "Domain",
    "Duplicate",
    "Extraction",
    "ExtractionRow",
    "Judgement",
    "Likeness",
    "Rating",
    "Review",
    "RiskOfBias",
    "Screening",
    "Search",
    "effect_rows",
    "load_review",
    "new_review",
    "read_review",
    "read_value",
]
