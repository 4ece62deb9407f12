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

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


def to_rich(record: Record, findings: Sequence[Finding], *, abstract_only: bool = False) -> RenderableType:
    """Title, abstract and those paragraphs of the body that hold a finding, each finding marked and named."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    canonical = canonical_text(record, abstract_only=abstract_only)
    identifiers = " ".join(record.identifiers) or record.id or "no identifier"
    head = Text(terminal(f"{record.short}  {identifiers}"), style="bold")
    if record.status in FLAGGED:
        head.append(f"  {record.status}", style="bold red")
    values = Table(box=None, header_style="dim", padding=(0, 1))
    for heading in ("field", "value", "sure?", "rule or reason"):
        values.add_column(heading, overflow="fold")
    for finding in findings:
        if finding.missing is None:
            unit = finding.unit or FIELDS[finding.field].unit
            value = Text(terminal(f"{finding.value} {unit}".strip()), style="bold")
            values.add_row(finding.field, value, str(finding.confidence or ""), Text(terminal(finding.rule)))
        else:
            values.add_row(finding.field, Text(finding.missing, style="dim"), "", Text(terminal(finding.reason)))
    return Group(head, *_marked(canonical, findings), "", values, "")


def _marked(canonical: CanonicalText, findings: Sequence[Finding]) -> Iterator[Text]:
    """Parts of the text; what was read is underlined, and where a quote ends its field is named."""
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
            quoted = any(one.start <= start < one.end for one in inside)
            shown.append(terminal(canonical.text[start:end]), style="not dim underline" if quoted else "not dim")
            names = [one.field for one in inside if one.end == end]
            if names:
                shown.append(f" [{', '.join(names)}]", style="cyan not dim")
        yield shown
