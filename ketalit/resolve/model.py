"""What a citation is resolved to: a record, or candidates with the evidence for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ..citations import Citation
from ..records.model import Record


class Library(Protocol):
    """What is searched: anything with records by id, such as a `Review`."""

    @property
    def records(self) -> Mapping[str, Record]: ...  # noqa: D102


class Outcome(StrEnum):
    """How far a citation was resolved."""

    FOUND = "in the library"
    LOOKED_UP = "not in the library, looked up"
    NOT_FOUND = "not in the library, and NCBI does not know it"
    NOT_HERE = "not in this library; needs a network to look up"
    WEB_ARTICLE = "magazine or web article, not in PubMed by its link alone"
    UNRESOLVED = "unresolved: its words alone identify no work"
    NO_ENTRY = "the page has no entry for this footnote"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a candidate, with its points (0: something to know that counts for nothing)."""

    reason: str
    points: int
    strong: bool = False  # about this work rather than about its year or topic


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the work; the evidence says why, and nothing more is claimed."""

    record: Record
    evidence: tuple[Evidence, ...]

    @property
    def strong(self) -> bool:
        """Whether any of its evidence is."""
        return any(item.strong for item in self.evidence)

    @property
    def score(self) -> int:
        """Sum of the points of its evidence."""
        return sum(item.points for item in self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a citation was resolved to.

    Attributes:
        number: its place in the result, from 1; what `same_work` refers to.
        record: the work, where an identifier leads to it.
        status: current, corrected, retracted, …; "not checked" for a record that never came from NLM.
        rests_on: facts of the record that this depends on and that are unverified ("pmid", "bibliography").
        candidates: best first, for what no identifier resolves.
        same_work: numbers of other citations of the same work, with `same_because`.
        notes: what else somebody should know, one sentence each.
    """

    number: int
    citation: Citation
    outcome: Outcome
    record: Record | None = None
    status: str = ""
    rests_on: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    same_work: tuple[int, ...] = ()
    same_because: str = ""
    notes: tuple[str, ...] = ()

    @property
    def all_notes(self) -> list[str]:
        """The note of the citation itself, if any, and those of its resolution."""
        return [note for note in (self.citation.note, *self.notes) if note]
