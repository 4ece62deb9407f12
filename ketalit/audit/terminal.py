"""An audit for the terminal: what is known of each statement, then the works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..claims.pages import UNVERIFIED
from ..claims.terminal import STYLES
from ..escaping import one_line
from .model import Audit, Statement
from .wording import NOT_CHECKED, by_verdict, candidates, page_name, resembled, summary, work

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text


def to_rich(audit: Audit) -> Group:
    """The audit as lines."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[Text | Padding] = [Text(f"{one_line(page_name(audit))}", style="bold"), Text(summary(audit)), Text("")]
    for one in audit.statements:
        parts.append(Text(f"{one.number:>3}  ", style="dim") + Text(one_line(one.text)))
        parts += [Padding(line, (0, 0, 0, 5)) for line in _below(one)]
        parts.append(Text(""))
    if audit.works:
        parts.append(Text("Works it cites", style="bold"))
    for found in map(work, audit.works):
        name = f" → {found['record']}" if found["record"] else ""
        line = f"{found['number']:>3}  {found['cited']}{name}: {found['standing']}"
        parts.append(Text(one_line(line), style="red" if found["flagged"] else ""))
    parts.append(Text(""))
    for group in by_verdict(audit):
        parts.append(Text(f"{group['name']}: {', '.join(map(str, group['numbers']))}"))
    parts.append(Text("A match can be wrong: read the claim. `--to audit.html` shows all with its basis.", style="dim"))
    return Group(*parts)


def _below(one: Statement) -> list[Text]:
    from rich.text import Text

    lines = []
    for match in one.matches:
        claim = match.claim.claim
        head = Text(f"{claim.verdict}", style=STYLES[claim.verdict]) + Text(f"  {claim.id} “{one_line(claim.claim)}”")
        if match.claim.unverified:
            head.append(f"  ({UNVERIFIED})", style="yellow")
        lines += [head, Text(one_line(claim.explanation), style="dim")]
        if match.claim.basis:
            lines.append(Text(f"rests on: {one_line('; '.join(map(str, match.claim.basis)))}", style="dim"))
    if not one.matches:
        lines.append(Text(NOT_CHECKED, style="blue"))
    lines += [Text(one_line(line), style="dim") for line in resembled(one)]
    for comparison in one.comparisons:
        lines += [Text(one_line(line), style="cyan") for line in comparison.lines]
    if found := candidates(one):
        lines.append(
            Text(one_line(f"could be looked up in: {'; '.join(item['record'] for item in found)}"), style="dim")
        )
    return lines
