"""Verifications for people (terminal) and for scripts (JSON)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ..escaping import one_line
from .model import Outcome, Verification

if TYPE_CHECKING:
    from rich.console import RenderableType


def as_json(verifications: Sequence[Verification]) -> list[dict[str, Any]]:
    """Verifications as plain data for JSON.

    Keys: record, short, name, value, outcome, why, how, compared (fact, here, ncbi, agrees), found, ncbi, candidates.
    """
    return [msgspec.to_builtins(one) for one in verifications]


MOST = 100  # lines of one outcome that are shown; nobody reads thousands in a terminal


def to_rich(verifications: Sequence[Verification]) -> RenderableType:
    """Verifications for the terminal: mismatches with both values side by side, then unknowns, then matches.

    Of each at most `MOST`, with a line on how many more there are, and where.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    def text(words: str, style: str = "") -> Text:
        return Text(one_line(words), style=style)

    def behind(one: Verification, names: str) -> Iterator[RenderableType]:
        yield text(f"{names}: {one.why}{_found_words(one)}")
        if one.outcome is Outcome.MISMATCH:
            sides = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
            for column in ("", "here", f"NCBI (PMID {one.ncbi}, found by {one.how})"):
                sides.add_column(column)
            for fact in one.compared:
                style = {True: "", False: "bold red", None: "dim"}[fact.agrees]
                sides.add_row(text(fact.fact, "dim"), text(fact.here or "-", style), text(fact.ncbi or "-", style))
            yield sides
        for candidate in one.candidates:
            yield text(f"may be meant: {candidate}", "dim")

    if not verifications:
        return text("Nothing here is unverified.")
    grid = Table.grid(padding=(0, 2, 0, 0))
    styles = {Outcome.MISMATCH: "bold red", Outcome.UNKNOWN: "yellow", Outcome.MATCH: "green"}
    for outcome, style in styles.items():
        alike: dict[object, list[Verification]] = {}
        for one in verifications:
            if one.outcome is outcome:  # names of a record of which the same is to be said share a line
                alike.setdefault((one.record, one.why, one.how, one.ncbi, one.candidates), []).append(one)
        for some in list(alike.values())[:MOST]:
            names = ", ".join(f"{one.name} {one.value}".strip() for one in some)
            grid.add_row(text(outcome, style), text(some[0].record, "bold"), Group(*behind(some[0], names)))
        if (more := len(alike) - MOST) > 0:
            grid.add_row(text(outcome, style), "", text(f"… and {more:,} more; --json gives all of them", "dim"))
    counts = Counter(one.outcome for one in verifications)
    tally = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
    records = len({one.record for one in verifications})
    total = f"{len(verifications)} names of {records} records: {tally}. Nothing was changed."
    return Group(grid, "", text(total, "bold"))


def _found_words(one: Verification) -> str:
    found = ", ".join(f"{kind.upper()} {value}" for kind, value in one.found.items())
    by = f", found by {one.how}" if one.how and one.how != "PMID" and one.outcome is Outcome.MATCH else ""
    return by + (f"; NCBI adds {found}" if found else "")
