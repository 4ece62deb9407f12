"""The numbers of a PRISMA 2020 flow diagram, counted from what really happened in a review.

Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement. BMJ 2021;372:n71. Nothing is typed in: records
identified come from the searches and imports in the library, duplicates from merging, the stages from votes and
rulings, what is included from screening.csv. What was not recorded is None, never 0.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..library import FILE, WHOLE_FILE, Library, RunKind, SavedSearch
from ..records.files import read_bytes
from ..records.model import from_json
from ..review import DUPLICATES, Likeness, Review, Screening, load_review
from ..rows import read_text
from ..screening.outcomes import Outcome, Result, Ruling, outcomes
from ..screening.rulings import load_rulings
from ..screening.votes import NOT_RETRIEVED, Stage, Votes, load_votes, record_names
from ..studies import studies
from ..telling import count_of
from ..vocabulary import Decision

_WITHOUT_REASON = "no reason given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where records came from: a search, an imported file, or another way. `when`: ISO date, empty where not known."""

    name: str
    records: int
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the diagram: databases, or other methods. None: not recorded.

    Attributes:
        sources: where its records came from.
        identified: records, all sources together, duplicates included.
        duplicates: how many of them were duplicates (of one another, within this column).
        screened: records with a decision on title and abstract.
        excluded_early: left out on title and abstract.
        sought: reports whose full text was wanted.
        not_retrieved: of these, could not be got hold of.
        assessed: full texts with a decision.
        excluded: left out at full text, by reason, the commonest first.
    """

    sources: tuple[Source, ...] = ()
    identified: int | None = None
    duplicates: int | None = None
    screened: int | None = None
    excluded_early: int | None = None
    sought: int | None = None
    not_retrieved: int | None = None
    assessed: int | None = None
    excluded: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrismaCounts:
    """All numbers of the diagram.

    Attributes:
        title: of the review.
        databases, other: the two columns.
        studies: studies included in the review.
        reports: reports of them.
        excluded_without_stage: left out in screening.csv by records nobody voted on, by reason: whether by title,
            abstract or full text is not recorded.
        differences: where the numbers do not add up, and why, in words; empty when they do.
        notes: what has to be known to read the numbers.
    """

    title: str
    databases: Column
    other: Column
    studies: int
    reports: int
    excluded_without_stage: tuple[tuple[str, int], ...] = ()
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search or an imported file brought.

    `ids` are names of records ("PMID:1", or a key), `count` how many records there were, those twice in a file
    counted twice; 0 where that is the number of ids.
    """

    name: str
    ids: frozenset[str]
    when: str = ""
    note: str = ""
    count: int = 0

    @property
    def records(self) -> int:
        """How many records it brought."""
        return max(self.count, len(self.ids))


def count_prisma(folder: Path | str | None = None, *, single: bool | None = None) -> PrismaCounts:
    """Count the flow of records through a review; without a folder, the bundled one.

    Args:
        folder: the review.
        single: one vote is enough; left out, it is so where only one person has voted on titles and abstracts.

    Raises:
        InputError: the review, its votes or its library cannot be read.

    >>> counts = count_prisma()  # the bundled review was found by citation: no search was run, nobody voted
    >>> counts.databases.identified, counts.other.screened, counts.reports
    (None, None, 57)
    """
    review = load_review(folder)
    votes, rulings = load_votes(review.path, review), load_rulings(review.path, review)
    return prisma_of(review, votes, rulings, read_sources(review.path), read_entered(review.path), single=single)


def prisma_of(
    review: Review,
    votes: Mapping[str, Votes],
    rulings: Sequence[Ruling],
    found: Sequence[Found],
    entered: Sequence[str],
    *,
    single: bool | None = None,
) -> PrismaCounts:
    """As `count_prisma`, from what was read before. Pure.

    Args:
        review: the review.
        votes: of each reviewer.
        rulings: on conflicts.
        found: what searches and imported files brought.
        entered: names of the records that were entered by hand, one an entry.
        single: as in `count_prisma`.
    """
    voters = [name for name in votes if votes[name].current(Stage.TITLE_ABSTRACT)]
    one = len(voters) == 1 if single is None else single
    first = outcomes(votes, rulings, Stage.TITLE_ABSTRACT, single=one)
    second = outcomes(votes, rulings, Stage.FULL_TEXT, single=one)
    recorded = bool(first)
    names = record_names(review)
    everything = {names.get(name, name) for source in found for name in source.ids}
    from_databases = [record for record in review.records if record in everything]
    others = [record for record in review.records if record not in everything]
    identified = sum(source.records for source in found)
    databases = dataclasses.replace(
        _stages(from_databases, first, second, recorded and bool(found)),
        sources=tuple(
            Source(name=source.name, records=source.records, when=source.when, note=source.note) for source in found
        ),
        identified=identified if found else None,
        duplicates=identified - len(everything) if found else None,
    )
    fetched = len(set(others) - {names.get(name, name) for name in entered})
    ways = (("entered by hand (citation searching, hand searching)", len(entered)), ("fetched by identifier", fetched))
    # Without searches and votes nobody knows how many works were seen and not entered.
    known = recorded or bool(found)
    other = dataclasses.replace(
        _stages(others, first, second, recorded),
        sources=tuple(Source(name=name, records=count) for name, count in ways if count),
        identified=len(entered) + fetched if known else None,
        duplicates=len(entered) + fetched - len(others) if known else None,
    )
    decided = {row.record: row for row in review.screening}
    unstaged = Counter(
        row.reason or _WITHOUT_REASON
        for row in decided.values()
        if row.decision is Decision.EXCLUDE and row.record not in first
    )
    return PrismaCounts(
        title=review.title,
        databases=databases,
        other=other,
        studies=sum(study.decision is Decision.INCLUDE for study in studies(review)),
        reports=sum(row.decision is Decision.INCLUDE for row in decided.values()),
        excluded_without_stage=tuple(unstaged.most_common()),
        differences=(
            *_not_brought_in(everything, review),
            *_undecided_pairs(review),
            *_differences(review, decided, first, second, recorded),
        ),
        notes=tuple(_notes(review, voters, recorded, bool(found), one)),
    )


def _stages(
    records: Collection[str], first: Mapping[str, Outcome], second: Mapping[str, Outcome], recorded: bool
) -> Column:
    """The boxes from screening on, for these records."""
    if not recorded:
        return Column()
    forward = [record for record in records if record in first and first[record].result is Result.FORWARD]
    early = sum(record in first and first[record].result is Result.EXCLUDED for record in records)
    ended = [
        second[record]
        for record in forward
        if record in second and second[record].result not in {Result.OPEN, Result.CONFLICT}
    ]
    missing = sum(one.reason == NOT_RETRIEVED for one in ended)
    reasons = Counter(
        one.reason or _WITHOUT_REASON for one in ended if one.result is Result.EXCLUDED and one.reason != NOT_RETRIEVED
    )
    return Column(
        screened=len(forward) + early,
        excluded_early=early,
        sought=len(forward),
        not_retrieved=missing,
        assessed=len(ended) - missing,
        excluded=tuple(reasons.most_common()),
    )


def _not_brought_in(everything: Collection[str], review: Review) -> Iterable[str]:
    absent = sum(name not in review.records for name in everything)
    if absent:
        yield f"Found by searches, but not in the review (not fetched, or gone): {count_of(absent, 'record')}."


def _undecided_pairs(review: Review) -> Iterable[str]:
    last = {row.pair: row.decision for row in review.duplicates}
    if proposed := sum(decision is Likeness.PROPOSED for decision in last.values()):
        yield f"Perhaps duplicates, to be decided in {DUPLICATES}: {count_of(proposed, 'pair')}."


def _differences(
    review: Review,
    decided: Mapping[str, Screening],
    first: Mapping[str, Outcome],
    second: Mapping[str, Outcome],
    recorded: bool,
) -> Iterable[str]:
    records = list(review.records)
    included = {name for name, row in decided.items() if row.decision is Decision.INCLUDE}
    if not recorded:
        undecided = sum(name not in decided for name in records)
        if undecided:
            yield f"Without any decision: {count_of(undecided, 'record')}."
        return
    no_votes = [record for record in records if record not in first]
    by_hand = sum(record in decided and decided[record].decision is not Decision.MAYBE for record in no_votes)
    if by_hand:
        yield (
            f"Decided in screening.csv without votes, and therefore counted neither as screened nor as assessed: "
            f"{count_of(by_hand, 'record')}."
        )
    untouched = len(no_votes) - by_hand
    results = Counter(first[record].result for record in records if record in first)
    unfinished = untouched + results[Result.OPEN]
    if unfinished:
        yield f"Votes on title and abstract are missing: {count_of(unfinished, 'record')}."
    if results[Result.CONFLICT]:
        yield f"Conflicts on title and abstract not ruled on: {count_of(results[Result.CONFLICT], 'record')}."
    forward = [record for record in records if record in first and first[record].result is Result.FORWARD]
    later = Counter(second[record].result if record in second else Result.OPEN for record in forward)
    if later[Result.OPEN]:
        yield f"Sought, but not assessed to the end: {count_of(later[Result.OPEN], 'report')}."
    if later[Result.CONFLICT]:
        yield f"Conflicts at full text not ruled on: {count_of(later[Result.CONFLICT], 'report')}."
    if later[Result.AWAITING]:
        yield f"Assessed, but awaiting classification: {count_of(later[Result.AWAITING], 'report')}."
    agreed = {record for record in forward if record in second and second[record].result is Result.INCLUDED}
    if more := len(agreed - included):
        yield f"Included by votes, but not in screening.csv: {count_of(more, 'report')}."
    if more := len((included - agreed) & first.keys()):
        yield f"Included in screening.csv, but not by votes at full text: {count_of(more, 'report')}."


def _notes(review: Review, voters: Sequence[str], recorded: bool, searched: bool, single: bool) -> Iterable[str]:
    if not searched:
        yield "No search of a database is recorded in the library and no file of one was imported."
        if review.how_found:
            yield f"How works were found: {review.how_found}"
    if not recorded:
        yield "Nobody voted on records one by one: the stages of screening are not recorded."
    elif single:
        yield f"Screened by one reviewer ({', '.join(voters)}), which is not double screening."


def read_entered(folder: Path) -> tuple[str, ...]:
    """Names of the records in records.jsonl, those entered by hand, one a line."""
    path = folder / "records.jsonl"
    lines = read_text(path).split("\n") if path.exists() else []
    return tuple(from_json(line).id for line in lines if line.strip())


def read_sources(folder: Path) -> tuple[Found, ...]:
    """What the searches and imports in a library brought, one a search (all its runs together) or imported file.

    Raises:
        InputError: the library cannot be read.
    """
    with Library.open(folder / FILE) as library:
        return (*_searches(library.searches()), *_imports(library))


def _searches(searches: Iterable[SavedSearch]) -> Iterable[Found]:
    by_name: dict[tuple[str, str], list[SavedSearch]] = {}
    for search in searches:
        by_name.setdefault((search.database, search.name), []).append(search)
    for (database, name), runs in by_name.items():
        ids = frozenset(_with_prefix(id, database) for run in runs for id in run.ids)
        note = ""
        if len(runs) > 1:
            note = f"{len(runs)} runs since {runs[0].at[:10]}; the last found {runs[-1].count}"
        title = {"pubmed": "PubMed", "pmc": "PubMed Central"}.get(database, database)
        yield Found(f"{title}, search “{name}”" if name else title, ids, runs[-1].at[:10], note)


def _with_prefix(id: str, database: str) -> str:
    digits = id.removeprefix("PMC")
    if ":" in id or not digits.isdecimal():
        return id
    return f"PMCID:PMC{digits}" if database == "pmc" else f"PMID:{id}"


def _imports(library: Library) -> Iterable[Found]:
    """Imported files, each with the ids of its records, in the order they came first."""
    whole = {stored.id: stored.content for stored in library.contents() if stored.source == WHOLE_FILE}
    by_file: dict[str, set[str]] = {}
    when: dict[str, str] = {}
    counts: dict[str, int] = {}
    for run in library.runs():
        if run.kind is RunKind.IMPORT:
            for name, count in _reported(run.report).items():
                counts[name] = max(count, counts.get(name, 0))
    started = {run.id: run.started for run in library.runs()}
    for seen in library.sightings(RunKind.IMPORT):
        name = seen.file or seen.id
        ids = [record.id for record in read_bytes(whole[seen.id], name).records] if seen.id in whole else [seen.id]
        by_file.setdefault(name, set()).update(ids)
        when[name] = (started[seen.run] or seen.at)[:10]
    for name, found in by_file.items():
        yield Found(f"imported file {name}", frozenset(found), when[name], count=counts.get(name, 0))


def _reported(report: str) -> dict[str, int]:
    """How many records each file of an import held, as its run says; empty where it does not."""
    try:
        return msgspec.json.decode(report, type=dict[str, int])
    except msgspec.DecodeError:
        return {}
