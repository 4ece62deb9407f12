"""A record for the terminal: its text with the findings marked in it, and the findings one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ..escaping import terminal
from ..fields import FIELDS
from ..findings import Finding
from ..records.model import Record
from ..records.text import Text as CanonicalText
from ..records.text import canonical_text
from ..vocabulary import FLAGGED
from .notebook import KINDS, kind_of

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_COLOURS = {"design": "cyan", "people": "yellow", "treatment": "green", "outcome": "magenta", "harms": "red"}


def to_rich(
    record: Record, findings: Sequence[Finding], *, abstract_only: bool = False, values: bool = True
) -> RenderableType:
    """Title, abstract and those paragraphs of the body that hold a finding, each finding marked by kind and named.

    Args:
        record: the record.
        findings: what was read in it.
        abstract_only: leave the full text out.
        values: list the findings below the text, with rule and how sure.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    canonical = canonical_text(record, abstract_only=abstract_only)
    identifiers = " ".join(record.identifiers) or record.id or "no identifier"
    head = Text(terminal(f"{record.short}  {identifiers}"), style="bold")
    if record.status in FLAGGED:
        head.append(f"  {record.status}", style="bold red")
    if not values:
        return Group(head, *_marked(canonical, findings))
    table = Table(box=None, header_style="dim", padding=(0, 1))
    for heading in ("field", "value", "sure?", "rule or reason"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        if finding.missing is None:
            unit = finding.unit or FIELDS[finding.field].unit
            value = Text(terminal(f"{finding.value} {unit}".strip()), style="bold")
            field = Text(finding.field, style=_COLOURS[kind_of(finding.field)])
            table.add_row(field, value, str(finding.confidence or ""), Text(terminal(finding.rule)))
        else:
            table.add_row(finding.field, Text(finding.missing, style="dim"), "", Text(terminal(finding.reason)))
    return Group(head, *_marked(canonical, findings), "", table, "", _legend(), "")


def _legend() -> Text:
    """The kinds in their colours."""
    from rich.text import Text

    return Text.assemble(
        ("marked:", "dim"), *(part for kind in KINDS for part in (" ", (kind, f"underline {_COLOURS[kind]}")))
    )


def _marked(canonical: CanonicalText, findings: Sequence[Finding]) -> Iterator[Text]:
    """Parts of the text; what was read is underlined in the colour of its kind, its field named at its end."""
    from rich.text import Text

    quotes = [finding for finding in findings if finding.quote]
    for part in canonical.parts:
        inside = [finding for finding in quotes if part.start <= finding.start < part.end]
        if part.kind == "body" and not inside:
            continue
        label = part.label if part.kind == "abstract" else part.locator
        shown = Text(f"{terminal(label)}: " if label else "", style="dim")
        edges = sorted({part.start, part.end, *(edge for one in inside for edge in (one.start, one.end))})
        for start, end in pairwise(edges):
            over = [one for one in inside if one.start <= start < one.end]
            style = "not dim"
            if over:
                narrowest = min(over, key=lambda one: one.end - one.start)
                style += f" underline {_COLOURS[kind_of(narrowest.field)]}"
            shown.append(terminal(canonical.text[start:end]), style=style)
            names = [one.field for one in inside if one.end == end]
            if names:
                shown.append(f" [{', '.join(names)}]", style="bold not dim")
        yield shown
