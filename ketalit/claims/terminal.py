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
    """Claims as a table of verdicts, or each with all that is known of it (`full`)."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    if not claims:
        return Group(Text(f"{counts_line(claims)} `-r bundled` shows those that ship."))
    if full:
        return Group(*(line for one in claims for line in _in_full(one)), counts_line(claims))
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
    hint = f"? {UNVERIFIED}. `ketalit claims --topic TOPIC` shows why, and the basis of every verdict."
    return Group(table, "", Text(counts_line(claims)), Text(hint, style="dim"))


def _in_full(one: CheckedClaim) -> list[Text]:
    from rich.text import Text

    claim = one.claim
    head = Text(f"{one_line(claim.id)}  ", style="bold") + Text(str(claim.verdict), style=STYLES[claim.verdict])
    if one.unverified:
        head.append(f"  ({UNVERIFIED})", style="yellow")
    lines = [head, Text(f"  claim: {one_line(claim.claim)}"), Text(f"  evidence: {one_line(claim.explanation)}")]
    if one.basis:
        lines.append(Text(f"  rests on: {one_line('; '.join(map(str, one.basis)))}"))
    lines += [Text(f"  caution: {one_line(caveat)}", style="yellow") for caveat in one.caveats]
    if claim.note:
        lines.append(Text(f"  note: {one_line(claim.note)}", style="dim"))
    if claim.would_change:
        lines.append(Text(f"  would change it: {one_line(claim.would_change)}"))
    checked = f"checked {one_line(claim.when)}, " if claim.when else ""
    return [*lines, Text(f"  {checked}made on {one_line(claim.page)}", style="dim"), Text("")]
