"""What happened to each saved search since the last refresh: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..library import State
from ..records.model import Record
from ..review import Search
from .report import Drift, Lost, SearchNews

if TYPE_CHECKING:
    from ..library import SavedSearch


@dataclass(frozen=True, slots=True)
class Rerun:
    """A saved search with its result of now and of the last finished refresh; None where there is none."""

    search: Search
    now: SavedSearch | None
    before: SavedSearch | None
    error: str = ""


def prefixed(ids: Sequence[str], database: str) -> tuple[str, ...]:
    """The ids of a search as names of records.

    >>> prefixed(["12"], "pubmed"), prefixed(["12"], "pmc")
    (('PMID:12',), ('PMCID:PMC12',))
    """
    prefix = "PMCID:PMC" if database == "pmc" else "PMID:"
    return tuple(prefix + identifier for identifier in ids)


def search_news(rerun: Rerun, held: Mapping[str, Record], states: Mapping[str, tuple[State, str]]) -> SearchNews:
    """What is new, lost and not as it was.

    Args:
        rerun: the search with both results.
        held: records of the review by "PMID:…".
        states: what became of each id asked for.
    """
    search, now, before = rerun.search, rerun.now, rerun.before
    if now is None:
        count = before.count if before else 0
        return SearchNews(
            name=search.name, query=search.query, database=search.database, count=count, error=rerun.error
        )
    found = prefixed(now.ids, search.database)
    then = prefixed(before.ids, before.database) if before else ()
    edited = before is not None and before.query.split() != search.query.split()
    still = set(found)
    known = set(then)
    return SearchNews(
        name=search.name,
        query=search.query,
        database=search.database,
        count=now.count,
        count_before=before.count if before else None,
        new=tuple(identifier for identifier in found if identifier not in known),
        lost=tuple(_lost(identifier, held, states, edited) for identifier in then if identifier not in still),
        drift=tuple(_drift(now, before, edited)) if before else (),
        notes=now.notes,
        build=now.build,
        build_before=before.build if before else "",
    )


def _lost(identifier: str, held: Mapping[str, Record], states: Mapping[str, tuple[State, str]], edited: bool) -> Lost:
    state = states.get(identifier, (None, ""))[0]
    gone = state in {State.ABSENT, State.DELETED}
    if gone:
        why = "NCBI no longer holds it"
    elif edited:
        why = "the query was edited"
    else:
        why = "still in PubMed, and kept here" if state is State.RETURNED else "kept here"
    record = held.get(identifier)
    return Lost(
        record=record.id if record else identifier, citation=record.short if record else identifier, why=why, gone=gone
    )


def _drift(now: SavedSearch, before: SavedSearch, edited: bool) -> list[Drift]:
    if edited:
        return [Drift(what="query edited", before=before.query, after=now.query)]
    drift = []
    if now.translation.split() != before.translation.split():
        drift.append(
            Drift(what="NCBI reads the query in another way", before=before.translation, after=now.translation)
        )
    drift += [Drift(what="NCBI says", after=note) for note in now.notes if note not in before.notes]
    drift += [Drift(what="NCBI no longer says", before=note) for note in before.notes if note not in now.notes]
    return drift
