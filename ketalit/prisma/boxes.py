"""The boxes of the diagram in words, the same for every form it is shown in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..escaping import one_line
from .counts import Column, PrismaCounts

NOT_RECORDED = "not recorded"
DATABASES = "Identification of studies via databases"
OTHER = "Identification of studies via other methods"


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its heading with the number, and lines under it. `side`: it stands beside the flow (what leaves it)."""

    phase: str
    heading: str
    number: int | None
    lines: tuple[tuple[str, int | None], ...] = ()
    side: bool = False


def column_boxes(column: Column) -> Iterator[Box]:
    """The boxes of a column from top to bottom; what leaves the flow directly after the box it leaves."""
    sources = tuple((_named(source.name, source.when, source.note), source.records) for source in column.sources)
    yield Box("Identification", "Records identified", column.identified, sources)
    yield Box("Identification", "Duplicate records removed before screening", column.duplicates, side=True)
    yield Box("Screening", "Records screened", column.screened)
    yield Box("Screening", "Records excluded on title and abstract", column.excluded_early, side=True)
    yield Box("Screening", "Reports sought for retrieval", column.sought)
    yield Box("Screening", "Reports not retrieved", column.not_retrieved, side=True)
    yield Box("Screening", "Reports assessed for eligibility", column.assessed)
    excluded = column.excluded
    number = None if excluded is None else sum(count for _, count in excluded)
    lines = tuple((one_line(reason), count) for reason, count in excluded or ())
    yield Box("Screening", "Reports excluded", number, lines, side=True)


def included_box(counts: PrismaCounts) -> Box:
    """The box at the bottom."""
    return Box(
        "Included", "Studies included in review", counts.studies, (("Reports of included studies", counts.reports),)
    )


def shown(number: int | None) -> str:
    """A number as a box holds it.

    >>> shown(3), shown(None)
    ('n = 3', 'not recorded')
    """
    return NOT_RECORDED if number is None else f"n = {number}"


def sums(counts: PrismaCounts) -> str:
    """Whether the numbers add up, as a heading for the differences."""
    if counts.differences:
        return "The numbers do not add up to the end, because:"
    if counts.databases.screened is None and counts.other.screened is None:
        return "What is recorded is too little to be added up."
    return "The numbers add up."


def _named(name: str, when: str, note: str) -> str:
    more = ", ".join(part for part in (when, note) if part)
    return one_line(f"{name} ({more})" if more else name)
