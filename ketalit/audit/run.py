"""Hold a page against a review: its statements, the claims they make, its numbers, the works it cites."""

from __future__ import annotations

import bisect

from ..citations import find_citations
from ..claims import checked_claims
from ..page import Page, page_of_text
from ..resolve import Resolution, resolve
from ..review import Review
from ..table import evidence_table
from .candidates import Finder
from .comparing import Comparer
from .matching import Matcher
from .model import Audit, Statement
from .statements import kinds_of, page_sentences
from .words import terms


def audit(page: Page | str, review: Review) -> Audit:
    """Hold a page against a review.

    Nothing is looked up and nothing is written. A verdict comes from the review's claims.csv or not at all.

    Args:
        page: the page, or its text.
        review: the review.

    >>> from ketalit.review import load_review
    >>> found = audit("There is no chance of addiction to ketamine. Ketamine cures hiccups.", load_review())
    >>> [(one.matches[0].claim.claim.id, str(one.verdicts[0])) if one.matches else "not yet checked"
    ...     for one in found.statements]
    [('K36', 'contradicted'), 'not yet checked']
    """
    page = page if isinstance(page, Page) else page_of_text(page)
    works = resolve(find_citations(page), review)
    matcher = Matcher(checked_claims(review), review.drugs)
    finder = Finder(review, _conditions(review))
    comparer = Comparer(review)
    listed = _listed(works)
    citing = _citing(works)
    found: list[Statement] = []
    sentences = 0
    for sentence in page_sentences(page.text):
        sentences += 1
        if not sentence.checkable or any(start <= sentence.start and sentence.end <= end for start, end in listed):
            continue
        kinds = kinds_of(sentence.text)
        matches, alike = matcher.find(sentence.text, frozenset(terms(sentence.before)), sentence.lead)
        if not matches and not kinds and not (sentence.lead and kinds_of(sentence.lead)):
            continue
        found.append(
            Statement(
                number=len(found) + 1,
                text=sentence.text,
                start=sentence.start,
                end=sentence.end,
                kinds=kinds,
                matches=matches,
                resembles=alike,
                candidates=() if matches else finder.find(sentence.text),
                comparisons=comparer.compare(sentence.text, lead=sentence.lead),
                works=tuple(citing.within(sentence.start, sentence.end)),
            )
        )
    return Audit(page=page, title=review.title, statements=tuple(found), works=works, sentences=sentences)


def _conditions(review: Review) -> dict[str, str]:
    frame = evidence_table(review, screened="all").frame
    conditions = frame["condition"].fillna("")
    return {
        record: str(condition)
        for records, condition in zip(frame["records"], conditions, strict=True)
        for record in str(records).split("; ")
    }


def _listed(works: tuple[Resolution, ...]) -> list[tuple[int, int]]:
    """Entries of a list of references: they make no statements."""
    return [
        (found.citation.passage.start, found.citation.passage.end)
        for found in works
        if found.citation.title and found.citation.kind != "unresolved mention"
    ]


class _citing:
    """Which works the sentences of a page cite."""

    def __init__(self, works: tuple[Resolution, ...]):
        spans = [
            (part.start, found.number)
            for found in works
            for part in (found.citation.passage, *found.citation.sentences)
        ]
        self._spans = sorted(set(spans))
        self._starts = [start for start, _ in self._spans]

    def within(self, start: int, end: int) -> list[int]:
        first, last = bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)
        return sorted({number for _, number in self._spans[first:last]})
