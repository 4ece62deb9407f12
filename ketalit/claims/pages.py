"""Pages that need nothing else and run nothing, from the templates; shared by claims and audits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

from .. import __version__
from ..escaping import terminal
from ..vocabulary import Verdict

NO_ADVICE = "Verdicts are on statements, not on people or clinics. This page gives no medical advice."
UNVERIFIED = "basis not verified throughout"
TONES: Mapping[Verdict, str] = {  # gravest first
    Verdict.CONTRADICTED: "bad",
    Verdict.MIS_STATED: "bad",
    Verdict.UNSUPPORTED: "doubt",
    Verdict.OVERSTATED: "doubt",
    Verdict.NOT_CHECKABLE: "doubt",
    Verdict.PARTLY: "good",
    Verdict.SUPPORTED: "good",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def render(template: str, **values: Any) -> str:
    """A page from a template of the package.

    >>> "<script" in render("audit_claims.html", title="<script>", counts="", topics=[], tones={})
    False
    """
    environment = _environment()
    css = Markup(environment.loader.get_source(environment, "audit.css")[0])
    page: str = environment.get_template(template).render(
        policy=_POLICY, css=css, no_advice=NO_ADVICE, unverified=UNVERIFIED, version=__version__, **values
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
