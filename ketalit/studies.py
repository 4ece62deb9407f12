"""Reports grouped into studies, so that everything counts studies and never reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .records.model import Record
from .review import Review, Screening
from .vocabulary import Decision, Status

_SAYS = {Decision.INCLUDE: 0, Decision.MAYBE: 1, Decision.EXCLUDE: 2}


@dataclass(frozen=True, slots=True)
class Study:
    """What was done; it may have several reports.

    Attributes:
        id: the `study` of screening.csv, else the id of the main report.
        records: ids of its reports, the main one first.
        decision: the decision on it: that of its most favourably screened report that is not retracted;
            None when nobody has screened any.
        reason: the reason given with that decision.
    """

    id: str
    records: tuple[str, ...]
    decision: Decision | None
    reason: str


def studies(review: Review) -> tuple[Study, ...]:
    """The studies of a review, in the order of their first record.

    Reports belong together when a person said so (`study` in screening.csv) or when they share a trial
    registry number, unless a person put them into different studies.

    >>> from ketalit.review import load_review
    >>> len(studies(load_review())) <= len(load_review().records)
    True
    """
    screening = {row.record: row for row in review.screening}
    groups = _groups(review.records.values(), screening)
    return tuple(_study(group, screening, review) for group in groups)


def _groups(records: Iterable[Record], screening: dict[str, Screening]) -> Iterator[list[str]]:
    group_of: dict[str, list[str]] = {}
    groups: list[list[str]] = []
    for record in records:
        named = screening[record.id].study if record.id in screening else ""
        names = [f"study {named}"] if named else [f"registry {entry.number}" for entry in record.registrations]
        group = next((group_of[name] for name in names if name in group_of), None)
        if group is None:
            group = []
            groups.append(group)
        group.append(record.id)
        # A registry number leads later reports of the same trial to a study that a person named.
        for name in (*names, *(f"registry {entry.number}" for entry in record.registrations)):
            group_of.setdefault(name, group)
    yield from groups


def _study(group: list[str], screening: dict[str, Screening], review: Review) -> Study:
    def rank(record: str) -> tuple[bool, int]:
        row = screening.get(record)
        return review.records[record].status is Status.RETRACTED, _SAYS[row.decision] if row else len(_SAYS)

    ordered = tuple(sorted(group, key=rank))  # stable: reports of equal rank keep the order of the file
    main = screening.get(ordered[0])
    named = next((screening[record].study for record in group if record in screening and screening[record].study), "")
    return Study(named or ordered[0], ordered, main.decision if main else None, main.reason if main else "")
