"""The records of a review: those entered by hand, and those that its library holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..library import FILE, Cache, Library, RunKind, State
from ..records.combine import Combined
from ..records.model import NLM_SOURCES, Record, from_json
from ..records.pieces import iter_stored
from ..records.problems import Problem as Unread
from ..rows import Problem, read_text
from .model import Search


def read_records(path: Path, problems: list[Problem]) -> dict[str, Record]:
    """The records of records.jsonl by id; lines that hold none, or a work for the second time, become problems."""
    records: dict[str, Record] = {}
    lines: dict[str, int] = {}
    name = "records.jsonl"
    if (path / name).exists():
        for number, line in enumerate(read_text(path / name).split("\n"), 1):
            if not line.strip():
                continue
            try:
                record = from_json(line)
            except (msgspec.ValidationError, msgspec.DecodeError) as error:
                problems.append(Problem(file=name, line=number, what=f"is not a record: {error}"))
                continue
            if not record.id:
                what, expected = "the record has no name", "a key, PMID, PMCID or DOI"
                problems.append(Problem(file=name, line=number, what=what, expected=expected))
                continue
            twice = [other for other in (record.id, *record.identifiers) if other in lines]
            if twice:
                what = f"{twice[0]} stands on line {lines[twice[0]]} already"
                problems.append(Problem(file=name, line=number, what=what, expected="each work once"))
                continue
            lines |= dict.fromkeys((record.id, *record.identifiers), number)
            records[record.id] = record
    return records


@dataclass(frozen=True, slots=True)
class Held:
    """What the library of a review holds, as far as the review shows it."""

    records: list[Record]
    refreshed: str
    searches: Mapping[str, Search]  # the last run of each
    gone: Mapping[str, str]  # PMIDs that PubMed does not hold (any more), and the date it first said so

    def last_run(self, search: Search) -> Search:
        """A saved search with what its last run found; as it is, where its query was changed since."""
        ran = self.searches.get(search.name)
        if ran is None or (ran.query, ran.database) != (search.query, search.database):
            return search
        return dataclasses.replace(search, last_run=ran.last_run, count=ran.count, translation=ran.translation)

    def with_notes(self, record: Record) -> Record:
        """A record, with a note where PubMed does not hold it (any more)."""
        since = self.gone.get(f"PMID:{record.pmid}") if record.pmid else None
        if since is None:
            return record
        if record.source in NLM_SOURCES:
            note = f"not in PubMed any more since {since}"
        else:
            note = f"PubMed, asked on {since}, holds no record with the PMID {record.pmid}"
        return dataclasses.replace(record, notes=(*record.notes, note))


def read_library(path: Path, as_of: int | None, problems: list[Problem]) -> Held:
    """What a library file holds, all of it or up to a run; records that cannot be read become problems."""
    said: list[Unread] = []
    with Library.open(path) as library, Cache() as cache:
        records = list(iter_stored(library.contents(as_of=as_of), problems=said, cache=cache))
        runs = [run for run in library.runs() if as_of is None or run.id <= as_of]
        asked = [run.finished for run in runs if run.kind in {RunKind.FETCH, RunKind.REFRESH} and run.finished]
        searches = {
            search.name: Search(
                name=search.name,
                query=search.query,
                database=search.database,
                last_run=search.at[:10],
                count=search.count,
                translation=search.translation,
            )
            for search in library.searches(as_of=as_of)
        }
        gone: dict[str, str] = {}
        missing = {name for name in library.gone(as_of) if name.startswith("PMID:")}
        for run in reversed(runs) if missing else ():
            for line in library.ledger(run.id):
                if line.id in missing and line.state is State.RETURNED:
                    missing.discard(line.id)
                elif line.id in missing and line.state in {State.ABSENT, State.DELETED}:
                    gone[line.id] = run.started[:10]
    problems += [
        Problem(file=FILE, what=f"{problem.where} cannot be read: {problem.reason}", fatal=False) for problem in said
    ]
    return Held(records, asked[-1][:10] if asked else "", searches, gone)


def clashes(combined: Combined) -> Iterator[Problem]:
    """Entries whose unverified identifier leads to another work."""
    for entry, record in combined.clashes:
        what = f"the unverified identifier of {entry.id} belongs to another work: “{record.title}”"
        yield Problem(file="records.jsonl", what=what, expected=entry.title, fatal=False)


def with_shared(combined: Combined) -> Iterator[Record]:
    """The records, those that share a DOI with another PMID with a note that says so."""
    others: dict[str, list[str]] = {}
    for doi, ids in combined.shared.items():
        for name in ids:
            rest = ", ".join(other for other in ids if other != name)
            note = (
                f"the DOI {doi.removeprefix('DOI:')} is also that of {rest}, which PubMed holds as a record of its own"
            )
            others.setdefault(name, []).append(note)
    for record in combined.records:
        notes = others.get(record.id, ())
        yield dataclasses.replace(record, notes=(*record.notes, *notes)) if notes else record
