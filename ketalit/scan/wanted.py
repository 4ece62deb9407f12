"""Which records a scan keeps: those that a review's searches do not rule out and that meet the conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..errors import InputError
from ..records.model import Record
from ..review import Review
from ..table.selection import Condition, parse_conditions
from .columns import asked_of, is_of_reader
from .terms import Indexed, Query, Raw

_DRUGS = ("ketamine", "esketamine")  # as `read_record` takes them


@dataclass(frozen=True)
class Wanted:
    """What a scan keeps. Plain data, so that it can be sent to a worker and written into the folder.

    Attributes:
        drugs: whose dose, route and form are read.
        searches: names and queries; a record is kept where one of them does not rule it out. None: every record.
        where: conditions (`ketalit.table.selection`) that must all hold.
        review: title of the review that the searches come from.

    Raises:
        InputError: a query or a condition cannot be read.

    >>> wanted = Wanted(searches=(("mine", "ketamine"),), where=("year>=2010",))
    >>> wanted.found_by(Record(source="pubmed", title="Ketamine for pain"))
    ('mine',)
    """

    drugs: tuple[str, ...] = _DRUGS
    searches: tuple[tuple[str, str], ...] = ()
    where: tuple[str, ...] = ()
    review: str = ""

    def __post_init__(self) -> None:
        _ = self.queries, self.conditions  # faults are told before any file is opened

    @cached_property
    def queries(self) -> tuple[tuple[str, Query], ...]:
        """The searches, ready to be held against records."""
        return tuple((name, Query(query)) for name, query in self.searches)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions."""
        return parse_conditions(self.where, asked_of())

    @property
    def early(self) -> tuple[Condition, ...]:
        """The conditions that can be tested before a record is read by the rules, which takes longest."""
        return tuple(one for one in self.conditions if not is_of_reader(one.column.name))

    @property
    def late(self) -> tuple[Condition, ...]:
        """The conditions that need what the rules read."""
        return tuple(one for one in self.conditions if is_of_reader(one.column.name))

    def may_keep(self, raw: bytes) -> bool:
        """Whether the bytes of a record need a closer look."""
        if not self.searches:
            return True
        look = Raw(raw)
        return any(query.may_keep(look) for _, query in self.queries)

    def found_by(self, record: Record) -> tuple[str, ...] | None:
        """Names of the searches that do not rule a record out; None where all of them do."""
        if not self.searches:
            return ()
        indexed = Indexed(record)
        return tuple(name for name, query in self.queries if query.keeps_indexed(indexed)) or None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a local filter of these searches does not do as PubMed would, in sentences."""
        told = []
        for name, query in self.queries:
            if query.unjudged:
                told.append(
                    f"“{name}”: cannot be judged from a record and rules nothing out: {', '.join(query.unjudged)}"
                )
            if query.headings:
                count = len(query.headings)
                what = "its heading stands" if count == 1 else f"each of its {count} headings stands"
                told.append(f"“{name}”: {what} for itself alone; PubMed adds what is below it in MeSH's tree")
        return tuple(told)


def wanted_by(review: Review | None = None, where: Sequence[str] = ()) -> Wanted:
    """What a review asks for: its saved PubMed searches, failing these the names of its drugs.

    Args:
        review: the review; None keeps every record.
        where: further conditions.

    Raises:
        InputError: the review has neither searches of PubMed nor drugs, or something cannot be read.

    >>> wanted_by(None, ["year>=2020"]).where
    ('year>=2020',)
    """
    if review is None:
        return Wanted(where=tuple(where))
    searches = tuple((search.name, search.query) for search in review.searches if search.database == "pubmed")
    if not searches and review.drugs:
        searches = (("drug names", " OR ".join(f'"{drug}"' for drug in review.drugs)),)
    if not searches:
        raise InputError(
            "has no saved search of PubMed and names no drugs, so there is nothing to look for",
            where=str(review.path / "review.toml"),
            next_step="`ketalit search QUERY --save NAME`, or scan with --where alone",
        )
    return Wanted(tuple(review.drugs), searches, tuple(where), review.title)
