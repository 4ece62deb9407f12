"""A report as one HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

from markupsafe import Markup

from .. import __version__
from ..escaping import terminal
from ..table import NO_ADVICE
from .report import Report
from .wording import headline, sections, subtitle, value_lines

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def render(report: Report) -> str:
    """The page. Equal reports give equal pages.

    >>> "<script" in render(Report(title="<script>alert(1)</script>", at="2026-11-01T09:00:00"))
    False
    """
    environment = _environment()
    page: str = environment.get_template("refresh.html").render(
        policy=_POLICY,
        css=Markup(environment.loader.get_source(environment, "refresh.css")[0]),
        report=report,
        subtitle=subtitle(report),
        headline=headline(report),
        sections=sections(report),
        value_lines=value_lines,
        no_advice=NO_ADVICE,
        version=__version__,
    )
    return page


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("ketalit"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: object) -> object:
    """Text without control codes and reordering marks; markup of our own passes."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else terminal(value)
