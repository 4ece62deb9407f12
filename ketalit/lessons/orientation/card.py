"""A statement made in public, with its verdict and what that rests on."""

from __future__ import annotations

import pandas as pd

from ...claims import CheckedClaim, claims_frame, count_verdicts
from ...figures import Axis, Bars, Picture, draw
from ...figures import Panel as Axes
from ...vocabulary import Checked, Verdict
from ..control import Choice
from ..panel import Panel, Setting
from .common import claims

CLAIMS = {
    "It works in CRPS": "K57",
    "It makes the brain reboot": "K17",
    "It improves functioning": "K60",
    "It closes the channel": "K22",
    "It acts at glutamine receptors": "K02",
    "It carries no risk of addiction": "K36",
    "People respond differently": "K13",
}
_LOOKS = {Checked.NONE: "by nobody yet", Checked.ONE: "once", Checked.TWO: "twice"}


class ClaimCard(Panel):
    """A statement made in public, with the verdict of the bundled review and what it rests on."""

    name = "card"
    title = "The card of a claim"
    notice = (
        "The bars count the verdicts on all statements of the review; that of this one stands out. Under them: the "
        "works it rests on and where in them it was read, what speaks against leaning on it, what would change it."
    )
    find = (
        "a claim that trials have looked for and not found; and one that is a matter of wrong words, not of evidence."
    )
    limits = (
        "A verdict is on a statement, not on a clinic or a person, and is no advice. It was given by people reading "
        "abstracts for the most part; “checked” says how many looked at the sources. The claims are put in our words."
    )
    controls = (
        Choice(
            key="claim", label="Claim", value="It works in CRPS", options=tuple(CLAIMS),
            about="Statements from pages of clinics, put shortly",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> CheckedClaim:
        return claims()[CLAIMS[now.claim]]

    def words(self, result: CheckedClaim) -> str:
        claim = result.claim
        return f"Verdict: {claim.verdict}. {claim.explanation}. Checked {_LOOKS[claim.checked or Checked.NONE]}."

    def draw(self, result: CheckedClaim, before: CheckedClaim | None, words: str) -> Picture:
        counts = count_verdicts(list(claims().values()))
        names = tuple(str(verdict) for verdict in Verdict)
        rest = [counts.get(verdict, 0) if verdict is not result.claim.verdict else 0 for verdict in Verdict]
        this = [counts.get(verdict, 0) if verdict is result.claim.verdict else 0 for verdict in Verdict]
        marks = [
            Bars(names, rest, flat=True, ink="muted", label="statements of the review, by verdict"),
            Bars(names, this, flat=True, series=1, label="those with the same verdict as this one"),
        ]
        basis = "; ".join(map(str, result.basis)) or "no record of this review"
        notes = [f"Rests on: {basis}."]
        notes += [f"Caution: {caveat}." for caveat in result.caveats]
        notes.append(f"Would change it: {result.claim.would_change}.")
        return draw(
            Axes(marks, Axis("Number of statements", zero=True), Axis(kind="names", names=names), height=150),
            title=f"“{result.claim.claim}”",
            subtitle=f"{result.claim.verdict}; checked {_LOOKS[result.claim.checked or Checked.NONE]}",
            description=words,
            note=" ".join(notes),
        )

    def data(self, result: CheckedClaim) -> pd.DataFrame:
        return claims_frame([result]).reset_index()
