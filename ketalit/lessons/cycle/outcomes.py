"""The synthetic review after every combination of decisions: who is counted, what one row says, and the flow."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from ...prisma import PrismaCounts, prisma_of
from ...review import Review, Screening
from ...table import EvidenceTable, evidence_table
from ...vocabulary import Decision, Origin
from .common import days
from .decisions import DECIDED, WHO, changed_row

WAITING, SCREENED = "not screened yet", "trial in; review and notice out"
KEPT, CHANGED = "kept: 60 people, −1.4", "changed: 54 people, −0.6"
COUNTED, OUT = "counted, with its flag", "left out until it is settled"
STRUCK, EXCLUDED = "struck through by the refresh", "left out by a decision"
_NEW = (
    ("PMID:99000010", Decision.INCLUDE, ""),
    ("PMID:99000011", Decision.EXCLUDE, "secondary evidence: systematic review"),
    ("PMID:99000012", Decision.EXCLUDE, "a notice, not a study"),
)


def decided(review: Review, *, new: str, checked: str, concern: str, retracted: str) -> Review:
    """The synthetic review of November after these decisions: as if screening.csv and extraction.csv were edited.

    Args:
        review: the review after the refresh of November.
        new, checked, concern, retracted: as the controls of `AfterDecisions` offer them.
    """
    changes = {}
    if concern == OUT:
        changes["dolomite2018"] = "expression of concern"
    if retracted == EXCLUDED:
        changes["basalt2016"] = "retracted"
    screening = [
        dataclasses.replace(row, decision=Decision.EXCLUDE, reason=changes[row.record], who=WHO, when=DECIDED)
        if row.record in changes
        else row
        for row in review.screening
    ]
    if new == SCREENED:
        screening += [
            Screening(record=record, decision=decision, reason=reason, who=WHO, when=DECIDED)
            for record, decision, reason in _NEW
        ]
    extraction = review.extraction
    if checked == CHANGED:
        extraction = tuple(changed_row(row) if row.record == "amber2015" else row for row in extraction)
    return dataclasses.replace(review, screening=tuple(screening), extraction=extraction)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The review after decisions.

    Attributes:
        new, checked, concern, retracted: the decisions.
        people: study to people, counted or not; `uncounted` are shown and do not count.
        cells: number of people, result and direction of Amber 2015 as the table shows them.
        totals: the line below the table.
        prisma: counts of the flow.
        waiting: records nobody has decided on.
    """

    new: str
    checked: str
    concern: str
    retracted: str
    people: Mapping[str, int]
    uncounted: frozenset[str]
    cells: Mapping[str, tuple[str, Origin | None]]
    totals: str
    prisma: PrismaCounts
    waiting: int


def _table(review: Review) -> EvidenceTable:
    return evidence_table(review, view="outcomes", screened="include", sort="year")


def _people(table: EvidenceTable) -> dict[str, int]:
    return {row.citation: int(row.n_total) for row in table.rows()}


def _uncounted(table: EvidenceTable) -> frozenset[str]:
    return frozenset(row.citation for row in table.rows() if not row.counted)


def _waiting(review: Review) -> int:
    known = {row.record for row in review.screening}
    return sum(name not in known for name in review.records)


@cache
def outcomes() -> dict[tuple[str, ...], Outcome]:
    """Every combination of decisions, computed once: a table takes longer than a movement may."""
    day = days()[1]
    found: dict[tuple[str, ...], Outcome] = {}
    for choice in product((WAITING, SCREENED), (KEPT, CHANGED), (COUNTED, OUT), (STRUCK, EXCLUDED)):
        new, checked, concern, retracted = choice
        review = decided(day.review, new=new, checked=checked, concern=concern, retracted=retracted)
        table = _table(review)
        shown = table.winners()
        found[choice] = Outcome(
            *choice,
            people=_people(table),
            uncounted=_uncounted(table),
            cells={
                name: (str(shown["amber2015", name].text), shown["amber2015", name].origin)
                for name in ("n_total", "result", "primary_direction")
            },
            totals=str(table.totals),
            prisma=prisma_of(review, {}, [], day.found, day.entered),
            waiting=_waiting(review),
        )
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """The same of May, when nothing was left to decide."""

    people: Mapping[str, int]
    uncounted: frozenset[str]
    totals: str
    prisma: PrismaCounts
    waiting: int


@cache
def in_may() -> Before:
    """What the review of May holds."""
    day = days()[0]
    table = _table(day.review)
    flow = prisma_of(day.review, {}, [], day.found, day.entered)
    return Before(_people(table), _uncounted(table), str(table.totals), flow, _waiting(day.review))
