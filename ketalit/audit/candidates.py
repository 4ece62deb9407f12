"""Records in which a statement could be checked: those whose title, condition and headings share its telling words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..review import Review
from .model import Candidate
from .words import Rarity, is_general, plain, term_of, terms

MOST = 3
# Words of what happens rather than of what to; they find the wrong records.
_HAPPENS = (
    "reduce increase improve relieve cause change last block prevent condition medicine health pain injury recent "
    "low randomise placebo control compare double blind infusion"
)
SHARED = 2  # words that a record has to share at least
SHARE = 0.3  # of the statement's words, by weight


@cache
def _happens() -> frozenset[str]:
    return frozenset(term_of(word) for word in _HAPPENS.split())


class Finder:
    """The records of a review, prepared.

    Args:
        review: the review.
        conditions: the condition studied, by record.
    """

    def __init__(self, review: Review, conditions: Mapping[str, str]):
        self._topic = frozenset(term for drug in review.drugs for term in terms(drug))
        self._records = {}
        for name, record in review.records.items():
            headings: list[Any] = [heading.name for heading in record.mesh]
            text = ". ".join([record.title, conditions.get(name, ""), *headings])
            self._records[name] = (record, frozenset(terms(text)) - self._topic)
        self._rarity = Rarity(words for _, words in self._records.values())

    def find(self, sentence: str) -> tuple[Candidate, ...]:
        """Records that share most with a sentence, best first; none where none shares enough.

        >>> from ketalit.review import load_review
        >>> finder = Finder(load_review(), {})
        >>> [one.record.id for one in finder.find("Sodium channels of nerves were blocked.")][:1]
        ['wagner2001']
        """
        words_of = {term_of(word): word for word in re.findall(r"[^\W\d_]+", plain(sentence))}
        wanted = {term for term in terms(sentence) if not is_general(term)} - self._topic - _happens()
        whole = sum(map(self._rarity, wanted))
        ranked = []
        for record, words in self._records.values():
            shared = wanted & words
            held = sum(map(self._rarity, shared))
            if len(shared) >= SHARED and held >= SHARE * whole:
                ranked.append(
                    (-held, record.id, Candidate(record, tuple(sorted(words_of.get(term, term) for term in shared))))
                )
        return tuple(candidate for _, _, candidate in sorted(ranked, key=lambda one: one[:2])[:MOST])
