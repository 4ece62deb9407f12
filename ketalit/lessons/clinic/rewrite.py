"""A claim to be said honestly, with a check list that follows the writing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...audit.matching import Matcher
from ...claims import CheckedClaim, checked_claims
from ...errors import InputError
from ...review import Review
from ...rows import did_you_mean
from ...vocabulary import Verdict
from ..control import Choice, Control, Text
from ..shown import plain
from .checklist import absolutes, check_list
from .common import LEGAL, Desk, the_review


class Rewrite(Desk):
    """A claim to be said honestly, with a check list that follows the writing.

    What the review holds opens on request, once the words in the box are no longer those of the claim.

    Args:
        claim: id of the claim to begin with; default: the first whose verdict is not "supported".
        review: default: the one that the lessons work on.

    In code: `box.write("In 60 people …")`, `box.look.click()`, `box.claim.value = …`, `box.reset.click()`,
    `box.seen()`.

    Raises:
        InputError: there is no such claim.
    """

    def __init__(self, claim: str = "", review: Review | None = None) -> None:
        review = review or the_review()
        every = checked_claims(review)
        self.matcher = Matcher(every, review.drugs)
        self.claims = {_brief(one): one for one in every if one.claim.verdict is not Verdict.SUPPORTED}
        self.drafts: dict[str, str] = {}
        self.looked: set[str] = set()
        self.text = Control(Text(key="words", label="Your words", value="", rows=5))
        self.look = widgets.Button(
            description="What the review holds", tooltip="Its verdict and why; after a first try"
        )
        self.reset = widgets.Button(description="Reset", tooltip="Back to the words of the claim")
        self.beside = widgets.HTML()
        self.told = widgets.HTML()
        names = tuple(self.claims) or ("no claim",)
        start = next((name for name, one in self.claims.items() if one.claim.id == claim), "" if claim else names[0])
        if not start:
            ids = [one.claim.id for one in self.claims.values()]
            known = f"one of {', '.join(ids[:12])}{' …' if ids[12:] else ''}" if ids else ""
            raise InputError(
                f"there is no claim “{claim}” to be rewritten{did_you_mean(claim, ids)}",
                expected=known,
                next_step="" if ids else "`Rewrite()` takes a sentence of your own; this review holds no claims",
            )
        about = "Claims whose verdict is not “supported”"
        self.claim = Control(Choice(key="claim", label="Claim", value=start, options=names, about=about))
        self.claim.observe(lambda _: self._open(), "value")
        self.text.observe(lambda _: self._check(), "value")
        self.look.on_click(lambda _: self._look())
        self.reset.on_click(lambda _: self.write(self._said()))
        self._open()

    def write(self, text: str) -> None:
        """Write into the box."""
        self.text.value = text

    def seen(self) -> str:
        """What the learner reads: the evidence beside the box, and the check list."""
        return f"{plain(self.beside.value)} {plain(self.told.value)}"

    def _said(self) -> str:
        one = self.claims.get(self.claim.value)
        return f"{one.claim.claim}." if one else ""

    def _look(self) -> None:
        """Open what the review holds; the button is no way round a first try."""
        if self._tried():
            self.looked.add(self.claim.value)
        self._tell()
        self._check()

    def _tried(self) -> bool:
        return self.claim.value in self.claims and self.text.value.split() not in ([], self._said().split())

    def _tell(self) -> None:
        one = self.claims.get(self.claim.value)
        if not one:
            self.beside.value = "<p>This review holds no claim to be rewritten. Write a sentence of your own.</p>"
            return
        held = (
            _held(one)
            if self.claim.value in self.looked
            else "<p>Write a first try before you look at what the review holds.</p>"
        )
        self.beside.value = f"<p>The claim: “{escape(one.claim.claim)}”</p>{held}"

    def _open(self) -> None:
        self._tell()
        self.text.value = self.drafts.get(self.claim.value, self._said())
        self._check()

    def _check(self) -> None:
        text = self.text.value
        self.drafts[self.claim.value] = text
        self.look.disabled = self.claim.value in self.looked or not self._tried()
        parts = check_list(text)
        rows = "".join(
            f'<tr><th scope="row">{part.name}</th><td>'
            + (f"found: {escape(', '.join(part.found))}" if part.found else f"<em>missing: {part.asks}</em>")
            + "</td></tr>"
            for part in parts
        )
        lines = [f"{sum(bool(part.found) for part in parts)} of {len(parts)} parts found."]
        if strong := absolutes(text):
            lines.append(f"Words that leave no doubt: {escape(', '.join(strong))}. Does the evidence?")
        matches, alike = self.matcher.find(text)
        one = self.claims.get(self.claim.value)
        same = next((match for match in matches if one and match.claim.claim.id == one.claim.id), None)
        if same:
            verdict = f" ({same.claim.claim.verdict})" if self.claim.value in self.looked else ""
            lines.append(f"It still says what the claim says{verdict}.")
        elif one:
            near = next((other for other in alike if other.claim.claim.id == one.claim.id), None)
            lines.append(
                f"It is close to the claim, but {near.why}."
                if near
                else "By its words it is another statement than the claim; whether it is truer, no list can tell."
            )
        self.told.value = (
            f'<p role="status">{" ".join(lines)}</p><table>{rows}</table><p><small>Found or missing, by reading rules: '
            "they know words, not whether the sentence is true, and not every sentence needs every part.</small></p>"
        )

    def parts(self) -> Sequence[widgets.Widget]:
        """The claim and what is held about it, the box, and the check list."""
        return self.claim, self.beside, self.text, widgets.HBox([self.look, self.reset]), self.told

    def head(self) -> str:
        """That it is no advice."""
        return f"<h3>Say it honestly</h3><p>{LEGAL}</p>"

    def twin(self) -> str:
        """The claim, what is held about it, and the check list of its words, HTML."""
        return (
            f"{self.head()}<p>“{escape(self.text.value)}”</p>{self._folded()}{self.told.value}"
            "<p>Run this cell to rewrite it.</p>"
        )

    def _folded(self) -> str:
        one = self.claims.get(self.claim.value)
        if not one:
            return str(self.beside.value)
        return f"<details><summary>Write it for yourself, then open.</summary>{_held(one)}</details>"

    def __repr__(self) -> str:
        return f"Rewrite: “{self.text.value}” {plain(self.told.value)[:120]} (Run this cell to rewrite it.)"


def _held(one: CheckedClaim) -> str:
    """Verdict and reason, HTML."""
    return (
        f"<p>Verdict: <strong>{one.claim.verdict}</strong>. What the review holds: {escape(one.claim.explanation)}.</p>"
    )


def _brief(one: CheckedClaim) -> str:
    words = one.claim.claim
    return f"{one.claim.id}: {words if len(words) <= 72 else words[:70].rsplit(' ', 1)[0] + ' …'}"
