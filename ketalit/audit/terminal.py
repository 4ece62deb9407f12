"""An audit for the terminal: what is known of each statement, then the works, then the statements by verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..claims.pages import UNVERIFIED
from ..claims.terminal import STYLES, basis_lines
from ..escaping import one_line
from .model import Audit, Statement
from .wording import (
    IN_PART,
    NOT_CHECKED,
    by_verdict,
    candidates,
    cited,
    held_against,
    page_name,
    resembled,
    summary,
    verdict_line,
    work,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Group, RenderableType
    from rich.padding import Padding
    from rich.text import Text

_HINT = (
    "A match can be wrong: read the claim beside the statement. `ketalit claims KEY` tells all of a claim, "
    "`ketalit show KEY` all of a work; `--to audit.html` is the page with its statements marked."
)


def to_rich(audit: Audit) -> Group:
    """The audit as lines."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(justify="right", style="dim", min_width=3)
    rows.add_column()
    first: dict[str, int] = {}  # the statement that makes a claim first
    for one in audit.statements:
        rows.add_row(str(one.number), Group(Text(one_line(one.text)), *_below(audit, one, first), ""))
    works = Table.grid(padding=(0, 2, 0, 0))
    works.add_column(justify="right", style="dim", min_width=3)
    works.add_column()
    for found in map(work, audit.works):
        works.add_row(str(found["number"]), Group(*_work(found), ""))
    parts: list[RenderableType] = [
        Text(one_line(page_name(audit)), style="bold"),
        Text(one_line(held_against(audit)), style="dim"),
        Text(summary(audit)),
        "",
    ]
    if audit.statements:
        parts.append(rows)
    if audit.works:
        parts += [Text("Works it cites", style="bold"), works]
    if glance := by_verdict(audit):
        parts += [Text("Statements by verdict", style="bold"), *(Text(verdict_line(line)) for line in glance)]
    return Group(*parts, Text(_HINT, style="dim"))


def _below(audit: Audit, one: Statement, first: dict[str, int]) -> Iterator[Text | Padding]:
    from rich.text import Text

    for match in one.matches:
        claim = match.claim.claim
        head = Text(f"{claim.verdict}", style=STYLES[claim.verdict]) + Text(f"  {claim.id} “{one_line(claim.claim)}”")
        if match.claim.unverified:
            head.append(f"  ({UNVERIFIED})", style="yellow")
        yield head
        if match.part:
            yield Text(IN_PART, style="yellow")
        if first.setdefault(claim.id, one.number) != one.number:
            yield Text(f"the same claim as in statement {first[claim.id]}: its basis stands there", style="dim")
            continue
        yield Text(one_line(claim.explanation), style="dim")
        yield Text("rests on:" if match.claim.basis else "rests on no record of this review", style="dim")
        yield from basis_lines(match.claim)
    if not one.matches:
        yield Text(NOT_CHECKED, style="blue")
    yield from (Text(one_line(line), style="dim") for line in resembled(one))
    for comparison in one.comparisons:
        yield Text(one_line(comparison.heading), style="cyan")
        yield from (_opened(line, "", "cyan") for line in comparison.lines)
    if found := candidates(one):
        yield Text("could be looked up in:", style="dim")
        for item in found:
            yield _opened(f"{item['short']} ({item['record']}), shares: {item['words']}", item["link"])
    for item in cited(one, audit.works):
        name = f": {item['name']}" if item["name"] else ", listed below"
        yield Text(one_line(f"cites work {item['number']}{name} {item['link']}"), style="dim")


def _work(found: dict[str, Any]) -> Iterator[Text | Padding]:
    from rich.text import Text

    yield Text(one_line(found["cited"]))
    style = "red" if found["flagged"] else "dim"
    name = f"{found['record']} ({found['key']}): {found['title']}" if found["record"] else ""
    if name:
        yield _opened(name, found["link"])
    yield Text(one_line(found["standing"]), style=style)
    yield from (Text(one_line(line), style="dim") for line in found["lines"])
    for item in found["candidates"]:
        yield _opened(f"could be {item['short']} ({item['record']}): {item['why']}", item["link"])


def _opened(name: str, link: str, style: str = "dim") -> Padding:
    """A text set in, with the address of what it names."""
    from rich.padding import Padding
    from rich.text import Text

    told = Text(one_line(name), style=style)
    if link:
        told.append(f" {link}")
    return Padding(told, (0, 0, 0, 2), expand=False)
