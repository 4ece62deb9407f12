"""A report as one HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

from .. import templates
from ..table import NO_ADVICE
from .report import Report
from .wording import headline, sections, subtitle, value_lines


def render(report: Report) -> str:
    """The page. Equal reports give equal pages.

    >>> "<script" in render(Report(title="<script>alert(1)</script>", at="2026-11-01T09:00:00"))
    False
    """
    return templates.render(
        "refresh.html",
        report=report,
        subtitle=subtitle(report),
        headline=headline(report),
        sections=sections(report),
        value_lines=value_lines,
        no_advice=NO_ADVICE.replace("This table", "This report"),
    )
