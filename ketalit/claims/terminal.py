"""Claims for the terminal: a table of all, or one topic in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..escaping import one_line
from ..vocabulary import Verdict
from .export import by_topic, counts_line
from .model import CheckedClaim
from .pages import UNVERIFIED

if TYPE_CHECKING:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

STYLES = {
    Verdict.SUPPORTED: "green",
    Verdict.PARTLY: "green",
    Verdict.OVERSTATED: "yellow",
    Verdict.UNSUPPORTED: "yellow",
    Verdict.MIS_STATED: "red",
    Verdict.CONTRADICTED: "red",
    Verdict.NOT_CHECKABLE: "dim",
}


def to_rich(claims: Sequence[CheckedClaim], *, full: bool = False) -> Group:
    """Claims as a table of verdicts with the key of each, or each with all that is known of it (`full`)."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    if not claims:
        return Group(Text(f"{counts_line(claims)} `-r bundled` shows those that ship."))
    if full:
        counts = [Text(counts_line(claims))] if len(claims) > 1 else []
        return Group(*(line for one in claims for line in _in_full(one)), *counts)
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for topic, group in by_topic(claims):
        table.add_row("", "", Text(f"\n{one_line(topic)}", style="bold"))
        for one in group:
            verdict = Text(str(one.claim.verdict), style=STYLES[one.claim.verdict])
            mark = " ?" if one.unverified else ""
            table.add_row(Text(one_line(one.claim.id) + mark), verdict, Text(one_line(one.claim.claim)))
    key = one_line(claims[0].claim.id)
    hint = (
        f"`ketalit claims {key}` shows one in full, with links to what its verdict rests on; so do --topic and --full."
    )
    hint += f" ? {UNVERIFIED}."
    return Group(table, "", Text(counts_line(claims)), Text(hint, style="dim"))


def basis_lines(one: CheckedClaim, *, titles: bool = False, indent: int = 2) -> list[Padding]:
    """The works a verdict rests on, each with its key, identifier and address, or else with its title to look for."""
    from rich.padding import Padding
    from rich.text import Text

    lines = []
    for base in one.basis:
        known = base.record if base.link.startswith("https://doi.org/") else base.known_as  # the link shows a DOI
        told = Text(f"{one_line(str(base))} ({one_line(known)})")
        if titles or not base.link:
            told.append(f": {one_line(base.title)}")
        if base.link:
            told.append(f" {base.link}", style="dim")
        lines.append(Padding(told, (0, 0, 0, indent), expand=False))
    return lines


def _in_full(one: CheckedClaim) -> list[Text | Padding]:
    from rich.padding import Padding
    from rich.text import Text

    def below(line: str, style: str = "") -> Padding:
        return Padding(Text(one_line(line), style=style), (0, 0, 0, 2), expand=False)

    claim = one.claim
    head = Text(f"{one_line(claim.id)}  ", style="bold") + Text(str(claim.verdict), style=STYLES[claim.verdict])
    if one.unverified:
        head.append(f"  ({UNVERIFIED})", style="yellow")
    lines: list[Text | Padding] = [head, below(f"claim: {claim.claim}"), below(f"evidence: {claim.explanation}")]
    if one.basis:
        lines += [below("rests on:"), *basis_lines(one, titles=True, indent=4)]
    lines += [below(f"caution: {caveat}", "yellow") for caveat in one.caveats]
    if claim.note:
        lines.append(below(f"note: {claim.note}", "dim"))
    if claim.would_change:
        lines.append(below(f"would change it: {claim.would_change}"))
    return [*lines, *([below(one.provenance, "dim")] if one.provenance else []), Text("")]
