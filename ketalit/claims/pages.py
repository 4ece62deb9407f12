"""What the pages of claims and of audits share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import templates
from ..vocabulary import Verdict

NO_ADVICE = "Verdicts are on statements, not on people or clinics. This page gives no medical advice."
UNVERIFIED = "basis not verified throughout"
TONES: Mapping[Verdict, str] = {  # gravest first
    Verdict.CONTRADICTED: "bad",
    Verdict.MIS_STATED: "bad",
    Verdict.UNSUPPORTED: "doubt",
    Verdict.OVERSTATED: "doubt",
    Verdict.NOT_CHECKABLE: "doubt",
    Verdict.PARTLY: "part",
    Verdict.SUPPORTED: "good",
}


def render(template: str, **values: Any) -> str:
    """A page of claims or of an audit, from a template of the package.

    >>> "<script" in render("claims.html", title="<script>", counts="", topics=[], tones={})
    False
    """
    return templates.render(template, no_advice=NO_ADVICE, unverified=UNVERIFIED, **values)
