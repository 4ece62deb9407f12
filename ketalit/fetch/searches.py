"""Run a search and keep what it found, with everything NCBI said of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..entrez.ncbi import Ncbi
from ..entrez.search import SearchResult
from ..errors import InputError
from ..library import FILE, Library, RunKind, SavedSearch
from ..review import Search, read_review
from ..telling import Say, count_of, silent
from .into import fetch_into
from .report import FetchReport


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What a search found, and what differs from the last time the same search was run.

    Attributes:
        search: as it was stored.
        previous: the execution before it; None when there was none.
        appeared, gone: PMIDs found now and not then, and the other way round.
        drift: whether NCBI understood the same query in another way than then.
        fetched: what came of fetching the records; None when that was not asked for.
        requests: sent for the search.
    """

    search: SavedSearch
    previous: SavedSearch | None = None
    appeared: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    drift: bool = False
    fetched: FetchReport | None = None
    requests: int = 0

    def __str__(self) -> str:
        """For the terminal: count, what NCBI made of the query, what it ignored, what differs."""
        search = self.search
        name = f"“{search.name}”" if search.name else "The search"
        lines = [
            f"{name} has {count_of(search.count, 'hit')} in {search.database} (updated {search.updated or 'unknown'})."
        ]
        lines += [f"  {note}" for note in search.notes]
        lines.append(f"  understood as: {search.translation or 'not said'}")
        if search.slices:
            lines.append(f"  split by Entrez date into {count_of(len(search.slices), 'part')}, which add up")
        if self.previous:
            since = self.previous.at[:10]
            lines.append(f"  since {since}: {len(self.appeared):,} new, {len(self.gone):,} gone")
            lines += [f"  gone: {', '.join(self.gone)}"] if self.gone else []
            lines += [f"  understood on {since} as: {self.previous.translation}"] if self.drift else []
        if self.fetched:
            lines.append(str(self.fetched))
        return "\n".join(lines)


def search_into(
    folder: Path,
    query_or_name: str,
    source: Ncbi,
    *,
    fetch: bool = False,
    full_text: bool = False,
    found: SearchResult | None = None,
    say: Say = silent,
) -> SearchReport:
    """Run a search, keep it in the library of a review with everything NCBI said of it, and fetch its records.

    Requests: those of `Ncbi.search`, and with `fetch` those of `fetch_into`.

    Args:
        folder: of the review.
        query_or_name: a query, or the name of a saved search of the review.
        source: NCBI.
        fetch: whether to fetch the records found (PubMed only).
        full_text: whether with their full texts.
        found: what this very search has just found, when it was run already; it is not run again.
        say: told what is going on.

    Raises:
        InputError: the folder is no review, or the query cannot be used; nothing was stored.
        OfflineError, NcbiError: there is no answer that can be used; nothing was stored.
    """
    saved = _saved_search(folder, query_or_name)
    name, query, database = (saved.name, saved.query, saved.database) if saved else ("", query_or_name, "pubmed")
    if fetch and database != "pubmed":
        raise InputError(f"the search “{name}” is one of {database}", expected="pubmed, to fetch what it finds")
    if found is None:
        say(f"searching {database}")
    result = found or source.search(query, database=database)
    with Library.open(folder / FILE, write=True) as library:
        earlier = [item for item in library.searches(name) if item.database == database]
        if not name:
            earlier = [item for item in earlier if item.query == result.query]
        run = library.begin(RunKind.SEARCH, name)
        search = SavedSearch(
            *(name, saved.query if saved else result.query, database, result.count, result.ids, result.translation),
            *(tuple(map(str, result.notes)), result.build, result.updated, tuple(map(str, result.slices))),
            *(result.at, run),
        )
        library.add_search(run, search)
        library.finish(run)
    previous = earlier[-1] if earlier else None
    before, now = set(previous.ids if previous else ()), set(result.ids)
    fetched = fetch_into(folder, result.ids, source, full_text=full_text, say=say) if fetch and result.ids else None
    return SearchReport(
        search,
        previous,
        tuple(pmid for pmid in result.ids if previous and pmid not in before),
        tuple(pmid for pmid in (previous.ids if previous else ()) if pmid not in now),
        bool(previous and previous.query == search.query and previous.translation != search.translation),
        fetched,
        result.requests,
    )


def _saved_search(folder: Path, name: str) -> Search | None:
    """The saved search of that name; None where the review has none.

    Raises:
        InputError: the folder is no review.
    """
    review, problems = read_review(folder)
    if review is None:
        raise InputError(str(problems[0]).rstrip("."))
    return next((search for search in review.searches if search.name == name), None)
