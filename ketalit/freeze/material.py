"""All that a snapshot is written from, read once."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..extraction import Comparison, Entries, load_entries
from ..extraction.compare import compare_of
from ..library import FILE, Library, Run, SavedSearch
from ..prisma import PrismaCounts, prisma_of, read_entered, read_sources
from ..prisma.counts import Found
from ..review import BUNDLED, Review, load_review
from ..screening import Ruling, Votes, load_rulings, load_votes
from ..table import EvidenceTable, evidence_table

VIEW = "full"  # of the table: every column


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A review as it is frozen.

    Attributes:
        date: ISO date that the snapshot bears.
        authors: as given, "Family, Given" or the name of a group.
        review, table, counts: the review, its table in full, its flow of records.
        votes, rulings, entries: of the people who screened and extracted.
        found: what each search and imported file brought; `searches` every run of a search, `runs` every run.
    """

    date: str
    authors: tuple[str, ...]
    review: Review
    table: EvidenceTable
    counts: PrismaCounts
    votes: Mapping[str, Votes]
    rulings: tuple[Ruling, ...]
    entries: Mapping[str, Entries]
    found: tuple[Found, ...]
    searches: tuple[SavedSearch, ...]
    runs: tuple[Run, ...]

    @property
    def bundled(self) -> bool:
        """Whether this is the review that ships with ketalit."""
        return self.review.path.resolve() == BUNDLED.resolve()

    @property
    def unrun(self) -> tuple[str, ...]:
        """Names of saved searches that, as they stand, were never run."""
        return tuple(search.name for search in self.review.searches if not search.last_run)

    def comparison(self) -> Comparison | str:
        """How well two people agreed in extracting; else why that cannot be said, empty where no two worked blind."""
        if len(self.entries) < 2:
            return ""
        try:
            return compare_of(self.review, self.entries)
        except InputError as error:
            return error.what


def state_of(folder: Path) -> tuple[object, ...]:
    """What a review stands at: two that are equal were taken of the same files and the same library."""
    files = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(place, name) for name in names if not name.startswith((".", FILE))):
            with contextlib.suppress(FileNotFoundError):
                found = path.stat()
                files.append((str(path), found.st_ino, found.st_size, found.st_mtime_ns))
    with Library.open(folder / FILE) as library:
        return sorted(files), [(run.id, run.finished) for run in library.runs()]


def read_material(folder: Path | str | None, date: str, authors: tuple[str, ...]) -> Material:
    """Read a review; without a folder, the bundled one.

    Raises:
        InputError: the review, its votes or its library cannot be read, or the date lies before what is in it.
    """
    review = load_review(folder)
    votes, rulings = load_votes(review.path, review), tuple(load_rulings(review.path, review))
    found = read_sources(review.path)
    with Library.open(review.path / FILE) as library:
        searches, runs = tuple(library.searches()), tuple(library.runs())
    latest = max((run.started[:10] for run in runs), default="")
    if date < latest:
        what = f"the review holds something brought in on {latest}; a snapshot of {date} could not have held it"
        raise InputError(what, expected=f"{latest} or later")
    return Material(
        date=date,
        authors=authors,
        review=review,
        table=evidence_table(review, view=VIEW),
        counts=prisma_of(review, votes, rulings, found, read_entered(review.path)),
        votes=votes,
        rulings=rulings,
        entries=load_entries(review.path, review),
        found=found,
        searches=searches,
        runs=runs,
    )
