"""The bundled review, whose trials and claims lesson 0 shows."""

from __future__ import annotations

from functools import cache

from ...claims import CheckedClaim, checked_claims
from ...review import BUNDLED
from ..kept import review_in


@cache
def claims() -> dict[str, CheckedClaim]:
    """The checked claims by their ids.

    >>> str(claims()["K36"].claim.verdict)
    'contradicted'
    """
    return {one.claim.id: one for one in checked_claims(review_in(BUNDLED))}


@cache
def short(study: str) -> str:
    """First author and year of a study.

    >>> short("sigtermans2009")
    'Sigtermans 2009'
    """
    review = review_in(BUNDLED)
    return review.records[review.names.get(study, study)].short
