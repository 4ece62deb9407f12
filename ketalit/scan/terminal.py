"""The report of a scan for the terminal and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ..escaping import one_line
from ..telling import count_of
from .run import ScanReport

if TYPE_CHECKING:
    from rich.console import RenderableType

_SHOWN = 20


def as_plain(report: ScanReport) -> dict[str, Any]:
    """The report as plain data for JSON."""
    plain: dict[str, Any] = msgspec.to_builtins(report, enc_hook=str)
    return plain


def to_rich(report: ScanReport) -> RenderableType:
    """The report for the terminal: what was read, what counts, what could not be read."""
    from rich.text import Text

    lines = Text()
    rate = f", {report.rate:,.0f} records/s" if report.rate else ""
    lines.append(
        f"{count_of(len(report.scanned), 'file')} scanned{rate}; {len(report.up_to_date):,} were up to date.\n"
    )
    lines.append(f"{count_of(report.current, 'record')} count now", "bold")
    lines.append(
        f", with {count_of(report.findings, 'finding')}: {report.kept:,} kept of {report.seen:,} in "
        f"{count_of(report.files, 'file')}, less what was revised or withdrawn later.\n"
    )
    for note in report.notes:
        lines.append(f"Not as PubMed: {one_line(note)}\n", "dim")
    for failed in report.failed:
        lines.append(f"{one_line(failed.file)}: {one_line(failed.reason)}\n", "red")
    for problem in report.problems[:_SHOWN]:
        lines.append(f"{one_line(problem)}\n", "yellow")
    if len(report.problems) > _SHOWN:
        lines.append(f"… and {len(report.problems) - _SHOWN:,} more, in manifest.json\n", "yellow")
    lines.append(f"Start with {report.folder / 'current' / 'records.parquet'}; README.md there tells the rest.")
    return lines
