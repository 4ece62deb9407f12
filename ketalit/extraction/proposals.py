"""What can be said of each field of a record before a person decides: what was read by rule, by NLM, by others."""

from __future__ import annotations

from dataclasses import dataclass

from ..fields import FIELDS, Field
from ..findings import Finding
from ..reading import read_record, record_findings
from ..review import Extraction, Review
from ..screening.votes import name_of, record_names
from ..vocabulary import Missing, Origin
from .entries import Entries, Entry, entry_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What stands ready for one field.

    Attributes:
        record: id of the record.
        field: the field.
        reader: what the reader says, with quote, offsets, rule and confidence; None for fields it does not read.
        candidates: what can be accepted, best first: what the reader found (or that it is not reported), what NLM's
            own fields say, what the review shipped. To somebody who rules between two: what each of them read.
        standing: rows of extraction.csv on it. To one of two who work blind: without what other people entered.
        mine: what this person said last.
    """

    record: str
    field: Field
    reader: Finding | None = None
    candidates: tuple[Finding, ...] = ()
    standing: tuple[Extraction, ...] = ()
    mine: Entry | None = None


def proposals(
    review: Review, record: str, *, who: str = "", double: bool = False, own: Entries | None = None
) -> tuple[Proposal, ...]:
    """What stands ready for every field of a record. Pure.

    Args:
        review: the review.
        record: in any usual spelling.
        who: initials of the person who is going to decide.
        double: two people work blind to each other: nothing is told of what anybody else entered.
        own: then, what this person read so far.

    Raises:
        InputError: there is no such record.

    >>> from ketalit.review import load_review
    >>> found = proposals(load_review(), "sigtermans2009")
    >>> [(one.field.name, one.candidates[0].value) for one in found[:2]]
    [('design', 'parallel RCT'), ('randomised', True)]
    """
    known = review.records[name_of(record, record_names(review))]
    entered = [row for row in review.extraction if row.record == known.id]
    if double:
        entered = [row for row in entered if row.finding.origin is not Origin.PERSON]
    said = own.current if own else {}
    nlm = {one.field: one for one in record_findings(known)} if known.source != "person" else {}
    read = {one.field: one for one in read_record(known, drugs=review.drugs)}
    found = []
    for field in FIELDS.values():
        standing = tuple(row for row in entered if row.finding.field == field.name)
        reader = read.get(field.name)
        curated = [row.finding for row in standing if row.finding.origin is not Origin.PERSON]
        ready = [one for one in (reader, nlm.get(field.name), *curated) if one and _says_something(one)]
        mine = said.get((known.id, field.name)) if double else _of(who, standing)
        found.append(
            Proposal(
                record=known.id,
                field=field,
                reader=reader,
                candidates=tuple(sorted(ready, key=lambda one: one.missing is not None)),
                standing=standing,
                mine=mine,
            )
        )
    return tuple(found)


def _says_something(finding: Finding) -> bool:
    return finding.missing is not Missing.NOT_CHECKED


def _of(who: str, standing: tuple[Extraction, ...]) -> Entry | None:
    rows = [row for row in standing if who and row.finding.who == who and row.finding.origin is Origin.PERSON]
    return entry_of(rows[-1]) if rows else None
