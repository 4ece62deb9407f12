"""The claims of a review: statements held against the literature, each with verdict, basis and what would change it."""

from .export import SUFFIXES, export
from .model import Basis, CheckedClaim, as_json, checked_claims, claims_frame, count_verdicts
from .terminal import to_rich

__all__ = [
    "SUFFIXES",
    "Basis",
    "CheckedClaim",
    "as_json",
    "checked_claims",
    "claims_frame",
    "count_verdicts",
    "export",
    "to_rich",
]
