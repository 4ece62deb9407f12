"""What the changes mean for the evidence table and for pooled estimates: pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from ..export.wording import heading, origin_words, with_unit
from ..fields import FIELDS
from ..records.model import Record
from ..review import Review
from ..table import EvidenceTable, evidence_table
from ..vocabulary import Origin
from .report import CellChange, Change, Consequences, Kind, Pool, PoolChange, RowChange

_STANDS = {Origin.PERSON, Origin.CURATED}
_HARMLESS = {Kind.MINOR, Kind.NEW}


def consequences(before: Review, after: Review, changes: Sequence[Change], pools: Sequence[Pool] = ()) -> Consequences:
    """Hold the evidence table of before against that of after: included studies, all fields.

    Where no record changed nothing is computed.

    Args:
        before, after: the review with the records of then and of now, and the same decisions and checked values.
        changes: what happened to the records.
        pools: pooled estimates of the review.
    """
    affected = [change for change in changes if change.kind not in _HARMLESS]
    touched = tuple(_pools(pools, affected))
    if list(before.records) == list(after.records) and all(
        _same(record, after.records[name]) for name, record in before.records.items()
    ):
        return Consequences(pools=touched, pools_known=len(pools))
    then, now = (evidence_table(review, view="full", screened="include", sort=None) for review in (before, after))
    return Consequences(
        rows=tuple(_rows(then, now)),
        cells=tuple(_cells(then, now)),
        totals_before=str(then.totals),
        totals=str(now.totals),
        pools=touched,
        pools_known=len(pools),
    )


def _same(one: Record, other: Record) -> bool:
    """Whether two records are the same for a table; notes on where they stand in PubMed are not."""
    return one == other or dataclasses.replace(one, notes=()) == dataclasses.replace(other, notes=())


def _rows(then: EvidenceTable, now: EvidenceTable) -> Iterator[RowChange]:
    old, new = ({row.Index: row for row in table.rows()} for table in (then, now))
    for study, row in new.items():
        if study not in old:
            yield RowChange(study=study, citation=row.citation, what="is a row of the table now")
        elif bool(old[study].counted) != bool(row.counted):
            what = f"counts again ({row.status})" if row.counted else f"no longer counted: {row.status}"
            yield RowChange(study=study, citation=row.citation, what=what, stops_counting=not row.counted)
        elif old[study].records != row.records:
            what = f"its reports are {row.records} (before: {old[study].records})"
            yield RowChange(study=study, citation=row.citation, what=what)
    for study, row in old.items():
        if study not in new:
            reports = set(str(row.records).split("; "))
            home = next((other for other in new.values() if reports & set(str(other.records).split("; "))), None)
            what = f"is now a report of {home.citation} ({home.Index})" if home else "is no row of the table any more"
            yield RowChange(study=study, citation=row.citation, what=what, stops_counting=bool(row.counted))


def _cells(then: EvidenceTable, now: EvidenceTable) -> Iterator[CellChange]:
    old, new = then.candidates(), now.candidates()
    names = {row.Index: row.citation for row in now.rows()}
    for (study, field), candidates in new.items():
        if (study, field) not in old:
            continue
        was, is_ = old[study, field][0], candidates[0]
        reads, read = _other(candidates), _other(old[study, field])
        kept = was.text == is_.text and is_.origin in _STANDS and reads != read and bool(reads)
        if was.text == is_.text and not kept:
            continue
        yield CellChange(
            study=study,
            citation=names[study],
            field=field,
            heading=heading(FIELDS[field]),
            before=with_unit(was),
            after=with_unit(is_),
            origin_before=origin_words(was),
            origin=origin_words(is_),
            kept=kept,
            reads=reads if kept else "",
        )


def _other(candidates: Sequence[Any]) -> str:
    """Where the value shown was entered and is in conflict: what the record itself reads as."""
    best = candidates[0]
    if not best.conflict:
        return ""
    return next(
        (
            with_unit(row)
            for row in candidates[1:]
            if not row.missing and row.text != best.text and row.origin != best.origin
        ),
        "",
    )


def _pools(pools: Sequence[Pool], affected: Sequence[Change]) -> Iterator[PoolChange]:
    for pool in pools:
        hit = [change for change in affected if {change.record, *change.identifiers} & set(pool.records)]
        if hit:
            records = tuple(f"{change.citation}: {change.kind}" for change in hit)
            yield PoolChange(name=pool.name, text=pool.text, records=records)
