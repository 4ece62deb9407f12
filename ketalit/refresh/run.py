"""Rerun the saved searches of a review, read its records again, and report what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..entrez.search import SearchResult, in_order
from ..errors import InputError, KetalitError, OfflineError
from ..library import FILE, Library, Raw, Run, RunKind, SavedSearch, State
from ..records.model import Record
from ..records.pieces import iter_stored
from ..review import Review, Search, load_review, read_review
from ..telling import Say, silent
from .compare import Baseline, compare
from .consequences import consequences
from .report import Counts, Pool, Report, from_json, to_json
from .searches import Rerun, prefixed, search_news

if TYPE_CHECKING:
    from ..entrez.ncbi import Source


def refresh(
    folder: Path | str,
    source: Source,
    *,
    dry_run: bool = False,
    pools: Sequence[Pool] = (),
    say: Say = silent,
) -> Report:
    """Rerun the saved searches of a review, read every known record again, and say what changed and what it means.

    Every PMID of the review is read again (entered, fetched, screened, or found by one of its searches before), by
    explicit id and compared by content: nothing depends on NCBI's dates. Compared is with the last *finished*
    refresh; what an interrupted one had stored already is still news. For the first refresh that is what was entered
    by hand: that such a record is current is then no news, that it is retracted is. What other commands brought in
    since is compared with the version they brought. Hits of searches in other databases than PubMed are named, not
    read; open full texts are not fetched again. No file that people edit is written, ever.

    An unchanged review costs 1 request for the state of the database, 1 for each search of up to 9,999 hits and 1 for
    every 500 records.

    Args:
        folder: the review.
        source: NCBI (`ketalit.entrez.Ncbi`) or something that answers like it.
        dry_run: ask, compare and report, but write nothing at all.
        pools: pooled estimates of the review; the report says which rest on an affected record.
        say: gets a line on what is being waited for.

    Returns:
        The report. When it is not `complete` the run counts as unfinished: what came is stored, the baseline stays,
        and the next refresh tells everything again.

    Raises:
        InputError: the folder is no review, a query or the API key is refused, or the library cannot be written.
        OfflineError, NcbiError: nothing could be asked at all; nothing was changed.
    """
    folder = Path(folder)
    review = load_review(folder)
    past = _look_back(folder)
    asked = _Asked(source, say, _sent(source))
    reruns = tuple(asked.search(search, past.searches.get(search.name)) for search in review.searches)
    ids = _pmids(review, past, reruns)
    batches = asked.records(ids)
    first = next(batches, None)
    if asked.error is not None and not asked.answered:
        raise asked.error
    if dry_run:
        for _ in batches:
            pass
        after = _as_if_stored(folder, asked.brought)
        return _report(past, review, after, asked, reruns, ids, dry_run=True, pools=pools)
    with Library.open(folder / FILE, write=True) as library:
        run = library.begin(RunKind.REFRESH)
        for rerun in reruns:
            if rerun.now is not None:
                library.add_search(run, rerun.now)
        library.request(run, [f"PMID:{pmid}" for pmid in ids])
        for batch in (first, *batches) if first else ():
            library.store(run, *batch)
        report = _report(past, review, load_review(folder), asked, reruns, ids, dry_run=False, pools=pools)
        if report.complete:
            library.finish(run, to_json(report))
    return report


def _as_if_stored(folder: Path, brought: Iterable[Record]) -> Review:
    """The review as it would be with these records in its library, each in the place of the one it would follow."""
    fresh: dict[str, Record] = {}
    for record in brought:
        if record.pmid not in fresh or fresh[record.pmid].version <= record.version:
            fresh[record.pmid] = record
    records = []
    with Library.open(folder / FILE) as library:
        for held in iter_stored(library.contents(), problems=[]):
            newer = fresh.get(held.pmid) if held.source == "pubmed" else None
            follows = newer is not None and newer.version >= held.version
            records.append(fresh.pop(held.pmid) if follows else held)
            if newer is not None and not follows:
                del fresh[held.pmid]
    return load_review(folder, as_of=0, more=[*records, *fresh.values()])


def last_report(folder: Path | str) -> Report | None:
    """The report of the last finished refresh of a review; None when there was none.

    Raises:
        InputError: the folder is no review, or its library or the report cannot be read.

    >>> from ketalit.review import BUNDLED
    >>> last_report(BUNDLED) is None
    True
    """
    return next((report for _, report in reports(folder)), None)


def reports(folder: Path | str) -> tuple[tuple[int, Report], ...]:
    """The reports of all finished refreshes of a review, each with the number of its run, the latest first.

    Raises:
        InputError: the folder is no review, or its library or a report cannot be read.

    >>> from ketalit.review import BUNDLED
    >>> reports(BUNDLED)
    ()
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError("there is no such folder", where=str(folder), expected="a review folder")
    with Library.open(folder / FILE) as library:
        finished = [run for run in library.runs() if run.kind is RunKind.REFRESH and run.finished and run.report]
    return tuple((run.id, from_json(run.report)) for run in reversed(finished))


def unfinished_since(folder: Path | str) -> str:
    """When a refresh was begun after the last finished one, and not finished; empty where none was.

    >>> from ketalit.review import BUNDLED
    >>> unfinished_since(BUNDLED)
    ''
    """
    with Library.open(Path(folder) / FILE) as library:
        finished = _finished(library)
        begun = [run for run in library.unfinished() if run.kind is RunKind.REFRESH]
    return next((run.started for run in begun if not finished or run.id > finished.id), "")


@dataclass(frozen=True, slots=True)
class _Past:
    """The last finished refresh, what it left behind, and what was brought in since."""

    baseline: Baseline
    before: Review  # what the consequences are held against
    searches: dict[str, SavedSearch]
    known: frozenset[str]  # what searches ever found, and records whose stored bytes were found damaged
    since: str


def _finished(library: Library) -> Run | None:
    return next((run for run in reversed(library.runs()) if run.kind is RunKind.REFRESH and run.finished), None)


def _look_back(folder: Path) -> _Past:
    with Library.open(folder / FILE) as library:
        finished = _finished(library)
        as_of = finished.id if finished else 0
        gone = frozenset(library.gone(as_of=as_of))
        others = [run.id for run in library.runs() if run.id > as_of and run.kind is not RunKind.REFRESH]
        executions = library.searches()
        searches = {search.name: search for search in executions if search.run <= as_of}
        for search in executions:
            if search.run in others:  # the first since then, for a search that no refresh has run yet
                searches.setdefault(search.name, search)
        brought = tuple(_brought_since(library, as_of, others))
        damaged = library.quarantined()
    told, _ = read_review(folder, as_of=as_of)
    seen, _ = read_review(folder, as_of=as_of, more=brought) if brought else (told, [])
    assert told is not None  # the folder was loaded before
    assert seen is not None
    since = (from_json(finished.report).at if finished.report else finished.finished) if finished else ""
    return _Past(
        baseline=Baseline(
            told=told.records,
            seen=seen.records,
            # Before the first refresh, what somebody searched for and fetched was told by those commands.
            found=_found(
                search for search in executions if search.run <= as_of or (not finished and search.run in others)
            ),
            gone=gone,
        ),
        before=seen,
        searches=searches,
        known=_found(executions) | set(damaged),
        since=since,
    )


def _found(executions: Iterable[SavedSearch]) -> frozenset[str]:
    return frozenset(name for search in executions for name in prefixed(search.ids, search.database))


def _brought_since(library: Library, as_of: int, runs: Sequence[int]) -> Iterator[Record]:
    """Records that other commands brought in after the last finished refresh, each as it first came.

    What an unfinished refresh stored is left out: nobody has been told of it yet.
    """
    known = set(library.ids(as_of=as_of))
    for run in runs:
        for stored in library.contents(as_of=run):
            if stored.run == run and stored.id not in known:
                known.add(stored.id)
                yield from iter_stored([stored], problems=[])


def _pmids(review: Review, past: _Past, reruns: Sequence[Rerun]) -> tuple[str, ...]:
    """All PMIDs to read again, in order."""
    found = {name for rerun in reruns if rerun.now for name in prefixed(rerun.now.ids, rerun.now.database)}
    names = {*review.names, *found, *past.known}
    return in_order([name.removeprefix("PMID:") for name in names if name.startswith("PMID:")])


@dataclass(slots=True)
class _Asked:
    """The conversation with NCBI, and what came of it so far."""

    source: Source
    say: Say
    sent_before: int
    brought: list[Record] = field(default_factory=list)
    states: dict[str, tuple[State, str]] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    error: KetalitError | None = None  # the first that kept anything from being asked
    answered: bool = False
    at: str = ""

    @property
    def requests(self) -> int:
        """Requests sent for this refresh; 0 where the source does not count."""
        return _sent(self.source) - self.sent_before

    def search(self, search: Search, before: SavedSearch | None) -> Rerun:
        self.say(f"Searching {search.database} for “{search.name}”")
        try:
            result = self.source.search(search.query, database=search.database)
        except InputError:
            raise  # the query has to be corrected first
        except KetalitError as error:
            self.error = self.error or error
            if isinstance(error, OfflineError) and not self.answered:
                raise
            return Rerun(search, None, before, error.what)
        self.answered = True
        self.at = max(self.at, result.at)
        return Rerun(search, _saved(search, result), before)

    def records(self, ids: Sequence[str]) -> Iterator[tuple[Sequence[Raw], dict[str, tuple[State, str]]]]:
        """What came, batch by batch, ready to be stored."""
        from ..fetch import deliver

        done = 0
        for batch in self.source.fetch(ids, database="pubmed") if ids else ():
            delivered = deliver(batch, "pubmed")
            if batch.error is None:
                self.answered = True
                self.at = max(self.at, batch.at)
            else:
                self.error = self.error or batch.error
            done += len(batch.requested)
            self.say(f"Read {done:,} of {len(ids):,} records")
            self.brought += delivered.records
            self.states |= delivered.states
            self.alarms += delivered.alarms
            yield delivered.raws, dict(delivered.states)


def _sent(source: Source) -> int:
    return int(getattr(getattr(source, "transport", source), "requests", 0))


def _saved(search: Search, result: SearchResult) -> SavedSearch:
    return SavedSearch(
        name=search.name,
        query=search.query,
        database=search.database,
        count=result.count,
        ids=result.ids,
        translation=result.translation,
        notes=tuple(str(note) for note in result.notes),
        build=result.build,
        updated=result.updated,
        slices=tuple(str(part) for part in result.slices),
        at=result.at,
        run=0,
    )


def _report(
    past: _Past,
    review: Review,
    after: Review,
    asked: _Asked,
    reruns: Sequence[Rerun],
    ids: Sequence[str],
    *,
    dry_run: bool,
    pools: Sequence[Pool],
) -> Report:
    asked.say(f"Comparing {len(ids):,} records")
    unanswered = (State.FAILED, "no answer came")
    states = {f"PMID:{pmid}": asked.states.get(f"PMID:{pmid}", unanswered) for pmid in ids}
    found = {rerun.search.name: prefixed(rerun.now.ids, rerun.now.database) for rerun in reruns if rerun.now}
    changes = compare(past.baseline, after, states, found)
    held = {f"PMID:{record.pmid}": record for record in after.records.values() if record.pmid}
    failed = {name: reason for name, (state, reason) in states.items() if state is State.FAILED}
    count = Counter(state for state, _ in states.values())
    return Report(
        title=review.title,
        at=asked.at or datetime.now(UTC).isoformat(timespec="seconds"),
        since=past.since,
        dry_run=dry_run,
        trouble=tuple(_trouble(reruns, failed, len(ids))),
        failed=tuple(f"{name}: {reason}" if reason else name for name, reason in failed.items()),
        alarms=tuple(dict.fromkeys(asked.alarms)),
        changes=changes,
        searches=tuple(search_news(rerun, held, states) for rerun in reruns),
        consequences=consequences(past.before, after, changes, pools),
        counts=Counts(
            asked=len(states),
            returned=count[State.RETURNED],
            absent=count[State.ABSENT],
            deleted=count[State.DELETED],
            failed=count[State.FAILED],
            requests=asked.requests,
            nameless=sum(not record.pmid for record in review.records.values()),
            unscreened=len(after.records.keys() - {row.record for row in after.screening}),
        ),
    )


def _trouble(reruns: Sequence[Rerun], failed: dict[str, str], total: int) -> Iterator[str]:
    for rerun in reruns:
        if rerun.now is None:
            yield f"The search “{rerun.search.name}” could not be run: {rerun.error}"
    for reason, count in Counter(failed.values()).items():
        yield f"{count:,} of {total:,} records could not be read again: {reason or 'no reason given'}"
