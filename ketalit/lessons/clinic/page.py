"""A page of your own, held against a review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...audit import Audit, Statement, audit
from ...audit.wording import HOW, candidates, resembled, said, summary
from ...claims.pages import NO_ADVICE
from ...errors import InputError
from ...review import Review
from ..control import Control, Text
from ..shown import plain
from ..telling import linked
from .common import LEGAL, Desk, the_review

LONGEST = 40_000  # letters of a page that are read
_EMPTY = "Paste the text of a page first."
_FIRST = "Grade the sentences for yourself first. Then press “Hold it against the review”."


class PageAudit(Desk):
    """A box for the text of a page; its statements come back with the verdicts of the review, or "not yet checked".

    Nothing is held against the review before the button is pressed: whoever reads is to grade first.

    Args:
        path: a page to begin with; default: an empty box.
        review: default: the one that the lessons work on.

    In code: `page.paste("…")`, `page.check.click()`, `page.seen()`.

    Raises:
        InputError: the page cannot be read.

    >>> page = PageAudit()
    >>> page.paste("There is no chance of addiction to ketamine.")
    >>> "contradicted" in page.seen()
    True
    """

    def __init__(self, path: Path | str = "", review: Review | None = None) -> None:
        self.review = review or the_review()
        try:
            start = Path(path).read_text(encoding="utf-8") if path else ""
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("this page cannot be read", where=str(path)) from error
        self.start = start
        self.page = Control(Text(key="page", label="Text of a page", value=start, rows=12))
        self.check = widgets.Button(description="Hold it against the review", tooltip="Nothing leaves this computer")
        self.reset = widgets.Button(description="Reset", tooltip="The page that was here first")
        self.found = widgets.HTML()
        self.audit: Audit | None = None
        self.check.on_click(lambda _: self._check())
        self.reset.on_click(lambda _: self._begin())
        self._begin()

    def paste(self, text: str) -> None:
        """Put a text into the box and check it."""
        self.page.value = text
        self._check()

    def seen(self) -> str:
        """What the learner reads under the box."""
        return plain(self.found.value)

    def _begin(self) -> None:
        """The first page again, and nothing told of it yet."""
        self.page.value = self.start
        told = _FIRST if self.start.strip() else _EMPTY
        self.audit, self.found.value = None, f'<p role="status">{told}</p>'

    def _check(self) -> None:
        text = self.page.value
        if not text.strip():
            self.audit, self.found.value = None, f'<p role="status">{_EMPTY}</p>'
            return
        cut = f" Only its first {LONGEST:,} letters were read." if len(text) > LONGEST else ""
        try:
            self.audit = audit(text[:LONGEST], self.review)
        except InputError as error:
            self.audit, self.found.value = None, f'<p role="status">This cannot be read: {escape(str(error))}</p>'
            return
        self.found.value = _sheet(self.audit, cut)

    def parts(self) -> Sequence[widgets.Widget]:
        """The box, its buttons, and what was found."""
        return self.page, widgets.HBox([self.check, self.reset]), self.found

    def head(self) -> str:
        """What it does, and that it is no advice."""
        return (
            f"<h3>A page of your own</h3><p>{LEGAL} {escape(HOW)} What you paste stays in this kernel; nothing is "
            "sent or stored.</p>"
        )

    def twin(self) -> str:
        """The page, and folded its statements with what is known of them, HTML."""
        text = self.page.value
        sheet = self.found.value if self.audit else _sheet(audit(text[:LONGEST], self.review), "")
        folded = (
            f'<p style="white-space: pre-line">{escape(text)}</p><details><summary>Grade its sentences for yourself, '
            f"then open.</summary>{sheet}</details>"
            if text.strip()
            else self.found.value
        )
        return f"{self.head()}{folded}<p>Run this cell to paste a page of your own.</p>"

    def __repr__(self) -> str:
        return "A page to be held against a review. (Run this cell to do so, or to paste a page of your own.)"


def _sheet(found: Audit, cut: str) -> str:
    items = "".join(map(_statement, found.statements)) or "<li>No sentence of it can be checked.</li>"
    return f'<p role="status">{escape(summary(found))}{cut}</p><ol class="ket-sheet">{items}</ol><p>{NO_ADVICE}</p>'


def _statement(one: Statement) -> str:
    why: list[str] = []
    for match in one.matches:
        claim = match.claim.claim
        part = " The page makes a part of this claim; the verdict is on the whole." if match.part else ""
        works = "; ".join(linked(str(base), base.link) for base in match.claim.basis) or "no record of this review"
        why.append(
            f"<p>It says what claim {escape(claim.id)} says (“{escape(claim.claim)}”): "
            f"<strong>{claim.verdict}</strong>.{part} {escape(claim.explanation)}. Rests on: {works}.</p>"
        )
    why += [f"<p>{escape(line)}</p>" for line in resembled(one)]
    for comparison in one.comparisons:
        why.append(f"<p>{escape(comparison.quantity.text)}, beside the table: {escape(' '.join(comparison.lines))}</p>")
    could = "; ".join(f"{linked(item['short'], item['link'])} ({escape(item['words'])})" for item in candidates(one))
    why += [f"<p>It could be looked up in: {could}.</p>"] if could else []
    text = re.sub(r"^\s*[-*•–]\s+", "", one.text)
    verdict = f"<strong>{escape(said(one))}</strong>"
    more = f"<details><summary>{verdict}: why?</summary>{''.join(why)}</details>" if why else f"<p>{verdict}</p>"
    return f"<li>{escape(text)}{more}</li>"
