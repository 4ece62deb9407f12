"""What a reader could not read, or has to tell, about one place in its input."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..errors import InputError


class Kind(StrEnum):
    """What sort of thing is reported. The first three mean that something in the input is not in the result."""

    QUARANTINED = "quarantined"  # a record that cannot be read; its neighbours are kept
    TRUNCATED = "truncated"  # the input ends before its own end mark
    UNAVAILABLE = "unavailable"  # the source says that it does not hand out this record
    DELETED = "deleted"  # NLM withdrew these PMIDs (DeleteCitation)
    EMPTY = "empty"  # a valid set without records
    NOTICE = "notice"  # worth knowing; nothing is missing


@dataclass(frozen=True, slots=True)
class Problem:
    """One report: where it was found, what it is, and the PMIDs it names.

    >>> print(Problem("set.xml, record 3 (PMID 12345)", "not well-formed"))
    set.xml, record 3 (PMID 12345): not well-formed
    """

    where: str
    reason: str
    kind: Kind = Kind.QUARANTINED
    pmids: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether something in the input is missing from the result."""
        return self.kind in (Kind.QUARANTINED, Kind.TRUNCATED, Kind.UNAVAILABLE)

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


def report(problem: Problem, problems: list[Problem] | None) -> None:
    """Put a problem on the caller's list. Without a list nothing may be lost quietly, so a loss is raised.

    Raises:
        InputError: `problems` is None and the problem means a loss.
    """
    if problems is not None:
        problems.append(problem)
    elif problem.lost:
        raise InputError(
            problem.reason,
            where=problem.where,
            next_step="To keep the readable records, pass a list as `problems` or use read_file",
        )
