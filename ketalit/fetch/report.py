"""What came of a fetch, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass

from ..entrez.ids import Rejected
from ..library import LedgerLine, State
from ..telling import count_of

_SHOWN = 10  # ids of one fate in the terminal; the library's ledger has all


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What came of a fetch.

    Attributes:
        run: of the library; 0 when there was nothing to ask for, and so no run.
        requested: ids asked for; those of returned, absent, deleted and failed together.
        held: ids that the library held already and that were not asked for again.
        rejected: texts that are no identifier.
        alarms: what should not have happened, or should be known.
        new: records that the library did not hold before.
        changed: records whose bytes differ from those it held.
        requests: sent, repetitions included.
        offline: whether a network was needed and there was none.
    """

    run: int = 0
    requested: int = 0
    returned: tuple[LedgerLine, ...] = ()
    absent: tuple[LedgerLine, ...] = ()
    deleted: tuple[LedgerLine, ...] = ()
    failed: tuple[LedgerLine, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    alarms: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    new: int = 0
    changed: int = 0
    requests: int = 0
    offline: bool = False

    @property
    def complete(self) -> bool:
        """Whether NCBI has answered for every id: none failed, none was lost on the way."""
        return not self.failed and self.requested == sum(map(len, (self.returned, self.absent, self.deleted)))

    def __str__(self) -> str:
        """For the terminal: the sums in one line, then everything that is not as it should be.

        >>> line = LedgerLine("PMID:2", State.ABSENT, "PubMed does not hold it")
        >>> print(FetchReport(1, 2, (LedgerLine("PMID:1", State.RETURNED, ""),), (line,), new=1))
        2 requested: 1 returned, 1 absent, 0 deleted, 0 failed (1 new, 0 changed; 0 requests).
          absent: PMID:2: PubMed does not hold it
        """
        sums = ", ".join(f"{len(getattr(self, state.value)):,} {state.value}" for state in State)
        new = f"{self.new:,} new, {self.changed:,} changed; {count_of(self.requests, 'request')}"
        lines = (
            [f"{self.requested:,} requested: {sums} ({new})."] if self.requested else ["There was nothing to ask for."]
        )
        if self.held:
            lines.append(f"{count_of(len(self.held), 'record')} held already and not asked for again.")
        lines += [f"  {line.id}: {line.reason}" for line in self.returned if "full text" in line.reason]
        trouble: dict[tuple[State, str], list[str]] = {}  # a lost connection is said once, not for each of 500 ids
        for line in (*self.absent, *self.deleted, *self.failed):
            trouble.setdefault((line.state or State.FAILED, line.reason), []).append(line.id)
        for (state, reason), ids in trouble.items():
            shown = ", ".join(ids[:_SHOWN]) + (f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else "")
            lines.append(f"  {state}: {shown}: {reason}")
        lines += [f"  “{item.text}” rejected: {item.reason}" for item in self.rejected]
        lines += [f"  note: {alarm}" for alarm in self.alarms]
        return "\n".join(lines)
