"""Lesson 8: the claim clinic. Grade claims, hold a page against a review, rewrite, see what is missing, know yourself.

All of it works on any review folder. A verdict comes from the review's claims.csv or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import numpy as np
import pandas as pd

from ..audit import Audit, Statement, StatementKind, audit
from ..audit.matching import Matcher
from ..audit.quantities import QuantityKind, quantities
from ..audit.statements import kinds_of
from ..audit.wording import HOW, candidates, resembled, said, summary
from ..claims import CheckedClaim, checked_claims
from ..claims.pages import NO_ADVICE
from ..errors import InputError
from ..figures import Axis, ErrorBars, Line, Picture, Points, draw
from ..figures import Panel as Axes
from ..figures import Words as Note
from ..figures.evidence import Cell, Dot, Kind, Words, dot_map
from ..mapping import EvidenceMap, evidence_map
from ..mapping.build import KINDS
from ..mapping.wording import SIGNS, caveat_line, ordered, tip
from ..review import Review, load_review
from ..rows import did_you_mean
from ..telling import count_of
from ..vocabulary import Checked, Direction, Verdict
from .chosen import chosen_folder
from .control import Choice, Control, Number
from .gate import percent
from .panel import Panel, Preset, Setting
from .question import Question, answers
from .shown import Shown, boxed, plain

LESSON = "08"
_LEGAL = "Evidence for teaching: no advice, and not for dosing patients. Verdicts are on statements, not on people."
# A page's text area follows the theme as the other controls do.
_STYLE = (
    "<style>.ket-panel textarea { font: inherit; color: var(--ket-ink); background: var(--ket-ground);"
    " border: 1px solid var(--ket-edge); border-radius: 4px; padding: 6px 8px; box-sizing: border-box; width: 100%; }"
    " .ket-panel textarea:focus-visible { outline: 3px solid #0072b2 !important; outline-offset: 2px; }"
    " .ket-panel .widget-textarea { display: block; height: auto; margin: 6px 2px; }"
    " .ket-panel .widget-textarea > label { display: block; width: auto; text-align: left; font-weight: 600;"
    " color: inherit; }"
    " .ket-panel .ket-sheet { max-width: 84ch; padding-left: 1.8em; }"
    " .ket-panel .ket-sheet > li { margin: .4em 0; }"
    " .ket-panel .ket-sheet :is(summary, p) { margin: 2px 0; }"
    " .ket-panel .ket-card { border-left: 4px solid #0072b2; padding: 2px 12px; max-width: 84ch; }</style>"
)


@cache
def _review(folder: Path) -> Review:
    return load_review(folder)


def _the_review() -> Review:
    return _review(chosen_folder())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _linked(words: str, url: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener">{escape(words)}</a>' if url else escape(words)


# --- one claim at a time ----------------------------------------------------------------------------------------------

GRADES = {
    Verdict.SUPPORTED: "sources say it, as strongly as the statement does",
    Verdict.PARTLY: "a part of it is borne out; another part, or its reach, is not",
    Verdict.OVERSTATED: "something is there, but less than the words promise",
    Verdict.UNSUPPORTED: "nobody was found to have shown it; which does not show the opposite",
    Verdict.CONTRADICTED: "there is evidence, and it points the other way",
    Verdict.MIS_STATED: "the matter is real, the words or the numbers are wrong",
    Verdict.NOT_CHECKABLE: "nothing in it, or no source for it, could be looked up",
}
_ALL = "all topics"
_NEIGHBOURS = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.OVERSTATED, Verdict.UNSUPPORTED, Verdict.CONTRADICTED)
_NEAR = "These two grades are neighbours, and careful readers may differ. Say which part of the claim decides for you."
_BACK = {  # (graded, verdict): what the difference teaches
    (Verdict.CONTRADICTED, Verdict.UNSUPPORTED): (
        "Nobody has shown it, and nobody has shown the opposite either: absence of evidence is not evidence of absence."
    ),
    (Verdict.UNSUPPORTED, Verdict.CONTRADICTED): (
        "More than a lack of evidence: some was found, and it points the other way."
    ),
    (Verdict.SUPPORTED, Verdict.UNSUPPORTED): (
        "It may sound right, and even follow from a mechanism. A mechanism is a reason to look, not a result."
    ),
    (Verdict.SUPPORTED, Verdict.OVERSTATED): (
        "Something is there, but less than the words promise. Which word would you take back?"
    ),
    (Verdict.SUPPORTED, Verdict.CONTRADICTED): (
        "Evidence was found, and it points the other way. What made the claim sound safe?"
    ),
    (Verdict.SUPPORTED, Verdict.MIS_STATED): "The matter is real; read the words and the numbers once more.",
    (Verdict.NOT_CHECKABLE, Verdict.UNSUPPORTED): (
        "One can say what would show it, so it can be checked. It was looked for and not found."
    ),
}
_LOOKED = {Checked.NONE: "nobody has looked at the sources yet", Checked.ONE: "one look", Checked.TWO: "two looks"}


class ClaimCards(Shown):
    """The claims of a review one at a time: graded first, with how sure one is, and only then shown with their basis.

    Args:
        topic: start with the claims of one topic; default: all.
        review: default: the one that the lessons work on.

    In code: `cards.open("K36")`, `cards.grade("contradicted", confidence=80)`, `cards.next.click()`, `cards.seen()`.

    >>> cards = ClaimCards()
    >>> cards.open("K36")
    >>> cards.grade("supported", confidence=90)
    >>> "Evidence was found, and it points the other way." in cards.seen()
    True
    """

    def __init__(self, topic: str = _ALL, review: Review | None = None) -> None:
        self.claims = checked_claims(review or _the_review())
        topics = (_ALL, *dict.fromkeys(one.claim.topic for one in self.claims))
        about = "Claims of one topic, or all"
        self.topic = Control(Choice(key="topic", label="Topic", value=_ALL, options=topics, about=about))
        self.previous = widgets.Button(description="Previous claim", tooltip="The claim before this one")
        self.next = widgets.Button(description="Next claim", tooltip="The claim after this one")
        self.where = widgets.HTML()
        self.slot = widgets.VBox([])
        self.card = widgets.HTML()
        self.told = widgets.HTML()
        self.at = 0
        self.questions: dict[str, Question] = {}
        self.box: Any = None
        self.topic.observe(lambda _: self._go(0), "value")
        self.previous.on_click(lambda _: self._go(self.at - 1))
        self.next.on_click(lambda _: self._go(self.at + 1))
        self.topic.value = topic
        self._go(0)

    @property
    def pile(self) -> Sequence[CheckedClaim]:
        """The claims of the chosen topic."""
        return [one for one in self.claims if self.topic.value in {_ALL, one.claim.topic}]

    @property
    def claim(self) -> CheckedClaim:
        """The claim that is shown.

        Raises:
            InputError: the review has none.
        """
        if not self.claims:
            raise InputError("this review holds no claims", next_step="Write some into its claims.csv")
        return self.pile[self.at]

    def open(self, name: str) -> None:
        """Show the claim of this id, among all topics.

        Raises:
            InputError: there is none.
        """
        names = [one.claim.id for one in self.claims]
        if name not in names:
            raise InputError(f"there is no claim “{name}”{did_you_mean(name, names)}")
        self.topic.value = _ALL
        self._go(names.index(name))

    def grade(self, verdict: str, confidence: int = 50) -> None:
        """Grade the claim that is shown, with how sure one is in %. A claim is graded once.

        Raises:
            InputError: there is no such grade, or no claim.
        """
        self.questions[self.claim.claim.id].answer(verdict, confidence)

    def seen(self) -> str:
        """What the learner reads: the claim, what was said to the grade, and the card when it is open."""
        asked = self.slot.children[0] if self.slot.children else None
        parts = [plain(self.where.value)]
        if asked is not None:
            parts += [asked.spec["question"], plain(asked.feedback)]
        return " ".join(part for part in [*parts, plain(self.card.value), plain(self.told.value)] if part)

    def _go(self, at: int) -> None:
        if not self.claims:
            self.where.value = "<p>This review holds no claims: its claims.csv is empty or missing.</p>"
            self.previous.disabled = self.next.disabled = True
            return
        pile = self.pile
        self.at = min(max(at, 0), len(pile) - 1)
        one = pile[self.at]
        self.previous.disabled, self.next.disabled = self.at == 0, self.at == len(pile) - 1
        topic = "" if self.topic.value == _ALL else f" on {self.topic.value}"
        self.where.value = (
            f'<p role="status">Claim {self.at + 1} of {len(pile)}{escape(topic)} ({escape(one.claim.id)}), in the '
            "review's words. Before you search: how would you grade it, and how sure are you?</p>"
        )
        self.slot.children = [self._question(one)]
        self._show()

    def _question(self, one: CheckedClaim) -> Question:
        name = one.claim.id
        if name not in self.questions:
            options = [{"answer": str(grade), "correct": grade is one.claim.verdict} for grade in GRADES]
            item = {"id": name, "type": "multiple_choice", "question": f"“{one.claim.claim}”", "answers": options}
            asked = Question(LESSON, item, send="This is my grade", asks_confidence=True)
            asked.observe(partial(self._graded, one), "given")
            self.questions[name] = asked
        return self.questions[name]

    def _graded(self, one: CheckedClaim, change: Any) -> None:
        asked = change["owner"]
        if change["new"] is None:
            return
        asked.closed = True
        if not asked.skipped:
            given, sure = change["new"].given, change["new"].confidence
            wrong = "" if change["new"].correct else ' class="ket-wrong"'
            asked.feedback = (
                f"<p{wrong}>You said “{escape(given)}”, {sure} % sure. The review says: "
                f"<strong>{one.claim.verdict}</strong>. {_back(Verdict(given), one.claim.verdict)}</p>"
            )
        self._show()

    def _show(self) -> None:
        asked = self.questions[self.claim.claim.id]
        self.card.value = _card(self.claim) if asked.closed else ""
        graded = [one.given for one in self.questions.values() if one.given and not one.skipped]
        if not graded:
            self.told.value = ""
            return
        sure = sum(one.confidence or 0 for one in graded) / len(graded)
        alike = sum(one.correct for one in graded)
        self.told.value = (
            f"<p>So far {count_of(len(graded), 'claim')} graded, {alike} as the review has it; on average you were "
            f"{sure:.0f} % sure.</p>"
        )

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            steps = widgets.HBox([self.previous, self.next])
            head = widgets.HTML(_STYLE + _head())
            self.box = boxed([head, self.topic, steps, self.where, self.slot, self.card, self.told])
        return self.box

    def twin(self) -> str:
        """The claim without a kernel, and its card to be unfolded, HTML."""
        if not self.claims:
            return str(self.where.value)
        asked = self.questions[self.claim.claim.id]
        return (
            f"{_head()}{self.where.value}{asked.listed()}<details><summary>Grade it for yourself, then open.</summary>"
            f"{_card(self.claim)}</details><p>Run this cell to grade the others.</p>"
        )

    def __repr__(self) -> str:
        return f"{count_of(len(self.claims), 'claim')} to be graded (Run this cell to grade them.)"


def _head() -> str:
    grades = "".join(f"<li><strong>{grade}</strong>: {words};</li>" for grade, words in GRADES.items())
    return (
        f"<h3>Claims, one at a time</h3><p>{_LEGAL}</p>"
        f"<details><summary>What the grades mean</summary><ul>{grades}</ul></details>"
    )


def _back(given: Verdict, verdict: Verdict) -> str:
    """What is said to a grade beside the verdict.

    >>> _back(Verdict.SUPPORTED, Verdict.PARTLY)[:34]
    'These two grades are neighbours, a'
    """
    if given is verdict:
        return "Now compare the reasons, not only the grade."
    if (given, verdict) in _BACK:
        return _BACK[given, verdict]
    both = {given, verdict} <= set(_NEIGHBOURS)
    if both and abs(_NEIGHBOURS.index(given) - _NEIGHBOURS.index(verdict)) == 1:
        return _NEAR
    return f"That grade means: {GRADES[verdict]}."


def _card(one: CheckedClaim) -> str:
    """Verdict, reason, basis with places and links, cautions, what would change it, date; HTML."""
    claim = one.claim
    basis = "".join(
        f"<li>{_linked(str(base), base.link)}: {escape(base.title)}"
        + (f" ({escape(str(base.status))})" if str(base.status) not in {"not checked", "current"} else "")
        + "</li>"
        for base in one.basis
    )
    when = f" on {escape(claim.when)}" if claim.when else ""
    lines = [
        f"<p><strong>{claim.verdict}</strong>: {escape(claim.explanation)}.</p>",
        f"<p>It rests on:</p><ul>{basis}</ul>" if basis else "<p>It rests on no record of this review.</p>",
        *(f"<p>Caution: {escape(caveat)}.</p>" for caveat in one.caveats if basis or "no record" not in caveat),
        f"<p>Note: {escape(claim.note)}.</p>" if claim.note else "",
        f"<p><strong>What would change it:</strong> {escape(claim.would_change)}.</p>" if claim.would_change else "",
        f"<p>Checked{when}: {_LOOKED[claim.checked or Checked.NONE]}.</p>",
    ]
    return f'<div class="ket-card">{"".join(lines)}</div>'


# --- a page of your own -----------------------------------------------------------------------------------------------

LONGEST = 40_000  # letters of a page that are read


class PageAudit(Shown):
    """A box for the text of a page; its statements come back with the verdicts of the review, or "not yet checked".

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
        self.review = review or _the_review()
        try:
            start = Path(path).read_text(encoding="utf-8") if path else ""
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("this page cannot be read", where=str(path)) from error
        self.start = start
        self.page = widgets.Textarea(value=start, description="Text of a page", rows=12, continuous_update=True)
        self.check = widgets.Button(description="Hold it against the review", tooltip="Nothing leaves this computer")
        self.reset = widgets.Button(description="Reset", tooltip="The page that was here first")
        self.found = widgets.HTML()
        self.audit: Audit | None = None
        self.box: Any = None
        self.check.on_click(lambda _: self._check())
        self.reset.on_click(lambda _: self.paste(self.start))
        self._check()

    def paste(self, text: str) -> None:
        """Put a text into the box and check it."""
        self.page.value = text
        self._check()

    def seen(self) -> str:
        """What the learner reads under the box."""
        return plain(self.found.value)

    def _check(self) -> None:
        text = self.page.value
        if not text.strip():
            self.audit, self.found.value = None, '<p role="status">Paste the text of a page first.</p>'
            return
        cut = f" Only its first {LONGEST:,} letters were read." if len(text) > LONGEST else ""
        try:
            self.audit = audit(text[:LONGEST], self.review)
        except InputError as error:
            self.audit, self.found.value = None, f'<p role="status">This cannot be read: {escape(str(error))}</p>'
            return
        self.found.value = _sheet(self.audit, cut)

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            buttons = widgets.HBox([self.check, self.reset])
            self.page.layout.width = "min(100%, 84ch)"
            self.box = boxed([widgets.HTML(_STYLE + self._head()), self.page, buttons, self.found])
        return self.box

    def _head(self) -> str:
        return (
            f"<h3>A page of your own</h3><p>{_LEGAL} {escape(HOW)} What you paste stays in this kernel; nothing is "
            "sent or stored.</p>"
        )

    def twin(self) -> str:
        """The page's statements with what is known of them, HTML."""
        return f"{self._head()}{self.found.value}<p>Run this cell to paste a page of your own.</p>"

    def __repr__(self) -> str:
        return f"A page held against a review. {self.seen()[:300]}… (Run this cell to paste a page of your own.)"


def _sheet(found: Audit, cut: str) -> str:
    items = "".join(map(_statement, found.statements)) or "<li>No sentence of it can be checked.</li>"
    return f'<p role="status">{escape(summary(found))}{cut}</p><ol class="ket-sheet">{items}</ol><p>{NO_ADVICE}</p>'


def _statement(one: Statement) -> str:
    why: list[str] = []
    for match in one.matches:
        claim = match.claim.claim
        part = " The page makes a part of this claim; the verdict is on the whole." if match.part else ""
        works = "; ".join(_linked(str(base), base.link) for base in match.claim.basis) or "no record of this review"
        why.append(
            f"<p>It says what claim {escape(claim.id)} says (“{escape(claim.claim)}”): "
            f"<strong>{claim.verdict}</strong>.{part} {escape(claim.explanation)}. Rests on: {works}.</p>"
        )
    why += [f"<p>{escape(line)}</p>" for line in resembled(one)]
    for comparison in one.comparisons:
        why.append(f"<p>{escape(comparison.quantity.text)}, beside the table: {escape(' '.join(comparison.lines))}</p>")
    could = "; ".join(f"{_linked(item['short'], item['link'])} ({escape(item['words'])})" for item in candidates(one))
    why += [f"<p>It could be looked up in: {could}.</p>"] if could else []
    text = re.sub(r"^\s*[-*•–]\s+", "", one.text)
    verdict = f"<strong>{escape(said(one))}</strong>"
    more = f"<details><summary>{verdict}: why?</summary>{''.join(why)}</details>" if why else f"<p>{verdict}</p>"
    return f"<li>{escape(text)}{more}</li>"


# --- say it honestly --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a checkable sentence has. `asks`: what is missing without it; `found`: the words that give it."""

    name: str
    asks: str
    found: tuple[str, ...]


_WHO = r"people|patients|adults|children|volunteers|participants|women|men|mice|rats|animals|neurones|neurons|cells"
_PAIN = r"pain|syndrome|CRPS|fibromyalgia|migraines?|headaches?|neuropath\w+|neuralgia|cancer|depression|arthritis|PTSD"
_PEOPLE = re.compile(
    rf"(?i)\b(?:healthy )?(?:{_WHO})\b(?: (?:with|who (?:have|had)|after) (?:[\w'-]+ ){{0,4}}?(?:{_PAIN})\b)?"
    rf"|\b(?:in|with) (?:(?!the\b|a\b)[\w'-]+ ){{0,3}}?(?!pain\b)(?:{_PAIN})\b"
)
_MANY = re.compile(rf"(?i)\bn ?= ?\d+|\b\d[\d,]* (?:(?!of\b)[\w-]+ ){{0,2}}?(?:{_WHO})\b")
_BESIDE = re.compile(
    r"(?i)\b(?:(?:active )?placebo|saline|sham|versus|vs|compared (?:with|to)|usual care|no treatment|midazolam|"
    r"controls?|uncontrolled|without (?:a )?(?:comparison|comparator)|than (?:with |in |after )?(?!\d)\w+)\b"
)
_SIZE = re.compile(
    r"(?i)[-−]?\d[\d.,]* ?(?:points?|mm)\b(?: (?:of|on a scale of) \d[\d–-]*)?|"
    r"\b(?:RR|OR|SMD|MD|NNT)\b[ =:]*[-−]?\d[\d.]*|\b\d[\d.]* times\b|"
    r"\bno (?:significant |clear |lasting )?(?:difference|benefit|improvement|effect)\b|"
    r"\bnot? (?:better|worse|more|less) than\b"
)
_HEDGE = re.compile(
    r"(?i)\b(?:very )?(?:low|moderate|high)(?:[ -]to[ -](?:very )?\w+)? certainty\b|"
    r"\b95 ?% CI\b|\bconfidence interval\b|\bhigh risk of bias\b|\breviews disagree\b|"
    r"\b(?:uncertain(?:ty)?|unclear|may|might|could|suggests?)\b|"
    r"\b(?:small|single|one|two|few|no) (?:[\w-]+ )?trials?\b|"
    r"\bnot (?:been )?(?:shown|studied|known|established)\b|\bnobody has (?:shown|studied)\b"
)


def check_list(text: str) -> tuple[Part, ...]:
    """Which parts of a checkable statement a text gives, by reading rules; nothing is said of its truth.

    >>> parts = check_list("In 60 people with CRPS pain was 2.7 points lower than with placebo at week 1.")
    >>> [part.name for part in parts if not part.found]
    ['dose', 'certainty']
    """
    numbers = quantities(text)

    def of(*kinds: QuantityKind) -> tuple[str, ...]:
        return tuple(one.text for one in numbers if one.kind in kinds)

    def by(pattern: re.Pattern[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(" ".join(one.group().split()) for one in pattern.finditer(text)))

    shares = of(QuantityKind.SHARE)
    weeks = tuple(one.group() for one in re.finditer(r"(?i)\b(?:at |by )?(?:week|day|month|hour) \d+\b", text))
    return (
        Part("dose", "how much, and over what time?", of(QuantityKind.DOSE, QuantityKind.RATE, QuantityKind.AMOUNT)),
        Part("population", "in whom, with which condition?", by(_PEOPLE)),
        Part("number", "in how many?", by(_MANY)),
        Part("comparator", "compared with what?", by(_BESIDE)),
        Part("time", "when was it measured?", tuple(dict.fromkeys((*of(QuantityKind.DURATION), *weeks)))),
        Part("size", "how large is the difference, in which unit?", tuple(dict.fromkeys((*by(_SIZE), *shares)))),
        Part("certainty", "how sure is anybody, and why?", by(_HEDGE)),
    )  # fmt: skip


def absolutes(text: str) -> tuple[str, ...]:
    """Words of a text that leave no doubt, as the audit of pages knows them.

    >>> absolutes("There is no chance of harm, and it always cures."), absolutes("It is not proven; low certainty.")
    (('no chance', 'always', 'cures'), ())
    """
    tokens = re.findall(r"[\w'’-]+", text)
    found: list[str] = []
    if StatementKind.CERTAINTY not in kinds_of(text):
        return ()
    for at, word in enumerate(tokens):
        denied = bool(at) and tokens[at - 1].lower() in {"no", "not", "never", "nor", "neither"}
        pair = " ".join(tokens[at : at + 2])
        if (
            word.lower() == "no"
            and StatementKind.CERTAINTY in kinds_of(pair)
            and not re.match("(?i)no (?:evid|stud)", pair)
        ):
            found.append(pair)
        elif not denied and not word.lower().startswith("certainty") and StatementKind.CERTAINTY in kinds_of(word):
            found.append(word)
    return tuple(dict.fromkeys(found))


class Rewrite(Shown):
    """A claim to be said honestly, with a check list that follows the writing.

    Args:
        claim: id of the claim to begin with; default: the first whose verdict is not "supported".
        review: default: the one that the lessons work on.

    In code: `box.write("In 60 people …")`, `box.claim.value = …`, `box.reset.click()`, `box.seen()`.

    Raises:
        InputError: there is no such claim.
    """

    def __init__(self, claim: str = "", review: Review | None = None) -> None:
        review = review or _the_review()
        every = checked_claims(review)
        self.matcher = Matcher(every, review.drugs)
        self.claims = {_brief(one): one for one in every if one.claim.verdict is not Verdict.SUPPORTED}
        self.drafts: dict[str, str] = {}
        self.text = widgets.Textarea(description="Your words", rows=5, continuous_update=True)
        self.reset = widgets.Button(description="Reset", tooltip="Back to the words of the claim")
        self.beside = widgets.HTML()
        self.told = widgets.HTML()
        self.box: Any = None
        names = tuple(self.claims) or ("no claim",)
        start = next((name for name, one in self.claims.items() if one.claim.id == claim), "" if claim else names[0])
        if not start:
            ids = [one.claim.id for one in self.claims.values()]
            raise InputError(f"there is no claim “{claim}” to be rewritten{did_you_mean(claim, ids)}")
        about = "Claims whose verdict is not “supported”"
        self.claim = Control(Choice(key="claim", label="Claim", value=start, options=names, about=about))
        self.claim.observe(lambda _: self._open(), "value")
        self.text.observe(lambda _: self._check(), "value")
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

    def _open(self) -> None:
        one = self.claims.get(self.claim.value)
        self.beside.value = (
            f"<p>Verdict: <strong>{one.claim.verdict}</strong>. What the review holds: "
            f"{escape(one.claim.explanation)}.</p>"
            if one
            else "<p>This review holds no claim to be rewritten. Write a sentence of your own.</p>"
        )
        self.text.value = self.drafts.get(self.claim.value, self._said())
        self._check()

    def _check(self) -> None:
        text = self.text.value
        self.drafts[self.claim.value] = text
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
            lines.append(f"It still says what the claim says ({same.claim.claim.verdict}).")
        elif one:
            near = next((other for other in alike if other.claim.claim.id == one.claim.id), None)
            lines.append(
                f"It is close to the claim, but {near.why}." if near else "It no longer says what the claim says."
            )
        self.told.value = (
            f'<p role="status">{" ".join(lines)}</p><table>{rows}</table><p><small>Found or missing, by reading rules: '
            "they know words, not whether the sentence is true, and not every sentence needs every part.</small></p>"
        )

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            self.text.layout.width = "min(100%, 84ch)"
            buttons = widgets.HBox([self.reset])
            head = widgets.HTML(_STYLE + self._head())
            self.box = boxed([head, self.claim, self.beside, self.text, buttons, self.told])
        return self.box

    def _head(self) -> str:
        return f"<h3>Say it honestly</h3><p>{_LEGAL}</p>"

    def twin(self) -> str:
        """The claim, what is held about it, and the check list of its words, HTML."""
        return (
            f"{self._head()}<p>“{escape(self.text.value)}”</p>{self.beside.value}{self.told.value}"
            "<p>Run this cell to rewrite it.</p>"
        )

    def __repr__(self) -> str:
        return f"Rewrite: “{self.text.value}” {plain(self.told.value)[:120]} (Run this cell to rewrite it.)"


def _brief(one: CheckedClaim) -> str:
    words = one.claim.claim
    return f"{one.claim.id}: {words if len(words) <= 72 else words[:70].rsplit(' ', 1)[0] + ' …'}"


# --- where there is no trial ------------------------------------------------------------------------------------------

ROUTE, FOLLOWUP = "route", "follow-up"
EVERY, TRIALS, HARMS = "all studies", "randomised trials", "randomised trials that tell of harms"
_AXES = {ROUTE: "route", FOLLOWUP: "followup"}
_INKS = {
    Direction.INTERVENTION: "s0",
    Direction.NO_DIFFERENCE: "s4",
    Direction.COMPARATOR: "s1",
    Direction.MIXED: "s3",
}
_SIGNS = [*(Kind(str(one), ink, SIGNS[one]) for one, ink in _INKS.items()), Kind("no direction", "muted")]
_SIGN_AT = {kind.label: at for at, kind in enumerate(_SIGNS)}


@cache
def _map(folder: Path) -> EvidenceMap:
    return evidence_map(_review(folder))


@cache
def _laid(folder: Path, by: str) -> tuple[list[str], list[str], frozenset[tuple[str, str]], tuple[Any, ...]]:
    """Rows inside the review's question, columns, the cells that stand for a question, and the studies in order."""
    found = _map(folder)
    rows, columns = found.asked(by)
    asked = frozenset((row, column) for row in rows for column in columns)
    studies = tuple(one for one in ordered(found, by) if one.condition in rows)
    return rows, found.columns(by), asked, studies


@dataclass(frozen=True, slots=True)
class Landscape:
    """A map with some of its studies.

    Attributes:
        by, count, least: as chosen.
        studies: those that are drawn.
        cells: how many stand for a question.
        without_trial, without_study: how many of these hold no counted randomised trial, or no counted study.
    """

    by: str
    count: str
    least: float
    studies: tuple[Any, ...]
    cells: int
    without_trial: int
    without_study: int

    @property
    def counted(self) -> list[Any]:
        """Studies that count."""
        return [one for one in self.studies if one.counted]


class Gaps(Panel):
    """The evidence map: conditions by route or follow-up, and what is left of it when one asks for more."""

    name = "gaps"
    title = "Where there is no trial"
    notice = (
        "Each dot is a study; a shaded cell holds no randomised trial. Ask for trials, then for trials of some "
        "size, then for those that tell of harms, and watch cells empty."
    )
    find = "how many cells still hold a randomised trial when you ask for at least 60 people."
    limits = (
        "A map of one review, which may lack studies: an empty cell says that it holds none. Rules read condition, "
        "route and follow-up out of each report and can err. Follow-up is when the primary outcome was last measured. "
        "Conditions outside the review's question are left out here (`ketalit map` draws them); pale studies were not "
        "included."
    )
    controls = (
        Choice(
            key="by", label="Columns", value=ROUTE, options=(ROUTE, FOLLOWUP),
            about="What stands across the conditions",
        ),
        Choice(
            key="count", label="Show", value=EVERY, options=(EVERY, TRIALS, HARMS),
            about="Which studies are asked for",
        ),
        Number(
            key="least", label="Size of the study, at least", unit="people", value=0, low=0, high=200, step=10,
            about="A study of unknown size is shown at 0 only",
        ),
    )  # fmt: skip
    presets = (
        Preset("trials of 60 people or more", {"count": TRIALS, "least": 60}),
        Preset("followed for how long?", {"by": FOLLOWUP, "count": TRIALS}),
    )

    def compute(self, now: Setting) -> Landscape:
        _, _, asked, studies = _laid(chosen_folder(), _AXES[now.by])
        axis = _AXES[now.by]
        kept = tuple(one for one in studies if _wanted(one, now.count, now.least))
        trial = {(one.condition, getattr(one, axis)) for one in kept if one.counted and one.kind == KINDS[0]}
        study = {(one.condition, getattr(one, axis)) for one in kept if one.counted}
        return Landscape(now.by, now.count, now.least, kept, len(asked), len(asked - trial), len(asked - study))

    def words(self, result: Landscape) -> str:
        shown = len(result.counted)
        trials = sum(one.kind == KINDS[0] for one in result.counted)
        size = f" of at least {result.least:g} people" if result.least else ""
        left, kind = "", count_of(shown, "randomised trial")
        if result.count == EVERY:
            left = f", {result.without_study} no study {'of that size' if result.least else 'at all'}"
            kind = f"{count_of(shown, 'study', 'studies')}, {trials} randomised"
        harms = " that tells of harms" if result.count == HARMS else ""
        return (
            f"Of {result.cells} cells of condition by {result.by}, {result.without_trial} hold no randomised trial"
            f"{size}{harms}{left}. Counted: {kind}. An empty cell is an open question, not an answer."
        )

    def draw(self, result: Landscape, before: Landscape | None, words: str) -> Picture:
        folder, axis = chosen_folder(), _AXES[result.by]
        rows, columns, asked, _ = _laid(folder, axis)
        held = {(one.condition, getattr(one, axis)) for one in result.counted if one.kind == KINDS[0]}
        cells = {
            (at, beside): Cell(
                shaded=(row, column) in asked - held, empty="0" if (row, column) in asked else ""
            )
            for at, row in enumerate(rows)
            for beside, column in enumerate(columns)
        }  # fmt: skip
        dots = [
            Dot(
                row=rows.index(one.condition),
                column=columns.index(getattr(one, axis)),
                size=None if one.people is pd.NA else float(one.people),
                filled={KINDS[0]: True, KINDS[1]: False}.get(one.kind),
                kind=_SIGN_AT[one.direction or "no direction"],
                faint=not one.counted,
                tip=tip(one),
            )
            for one in result.studies
        ]
        found = _map(folder)
        then = ""
        if before and before.by == result.by and before.without_trial != result.without_trial:
            then = f"Before: {before.without_trial} of {before.cells} cells without a randomised trial. "
        return dot_map(
            dots,
            [(row, "") for row in rows],
            columns,
            kinds=_SIGNS,
            cells=cells,
            legend=Words(
                filled="randomised",
                ring="not randomised",
                broken="design other or not known",
                faint="pale: not counted" if any(not one.counted for one in result.studies) else "",
                shaded="no randomised trial",
            ),
            title=f"{found.title}: what was studied, by {result.by}",
            subtitle=_capital(result.count) + (f", {result.least:g} people or more" if result.least else ""),
            description=words,
            note=f"{then}{caveat_line(found)}",
            width=720,
        )  # fmt: skip

    def data(self, result: Landscape) -> pd.DataFrame:
        names = [
            "citation",
            "year",
            "condition",
            "route",
            "followup",
            "design",
            "people",
            "direction",
            "harms",
            "counted",
        ]
        return pd.DataFrame([[getattr(one, name) for name in names] for one in result.studies], columns=names)


def _wanted(one: Any, count: str, least: float) -> bool:
    if least and (one.people is pd.NA or one.people < least):
        return False
    if count == EVERY:
        return True
    return one.kind == KINDS[0] and (count == TRIALS or one.harms == "reported")


# --- as right as you are sure? ----------------------------------------------------------------------------------------

MINE = "my answers"
_LEARNERS = {  # (% sure, right), made up
    "made up: always 90 % sure": [(90, at < 12) for at in range(20)],
    "made up: always 60 % sure": [(60, at < 12) for at in range(20)],
    "made up: knows when it knows": [(90, at < 9) for at in range(10)] + [(30, at < 3) for at in range(10)],
}
FEW = 20  # answers below which a curve says little
_BINS = {2: (0, 50, 101), 3: (0, 40, 70, 101), 4: (0, 30, 50, 70, 101), 5: (0, 20, 40, 60, 80, 101)}


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers given with about the same confidence. `sure` and `right` as shares; `low`, `high`: 95 % interval."""

    sure: float
    right: float
    low: float
    high: float
    answers: int


@dataclass(frozen=True, slots=True)
class Trust:
    """Confidence held against being right. `brier`: mean squared difference; None without answers."""

    whose: str
    answers: int
    sure: float
    right: float
    brier: float | None
    bins: tuple[Bin, ...]


class Calibration(Panel):
    """How often somebody is right who says how sure they are."""

    name = "calibration"
    title = "As right as you are sure?"
    notice = (
        "On the diagonal, people who say 70 % are right seven times in ten. Under it they are too sure, above it too "
        "timid. The bars are 95 % intervals: with few answers they span nearly everything."
    )
    find = "which of the three made-up learners earns the lowest Brier score. All three are right 12 times in 20."
    limits = (
        "“Right” is the answer of the bank, or the review's verdict; a different verdict can be defended. Grades with "
        "seven choices are harder than questions with three. Intervals are Wilson's and take answers as independent. "
        "Answers are those of this kernel; nobody else sees them. The made-up learners are ours, only to compare."
    )
    controls = (
        Choice(
            key="whose", label="Whose answers", value=MINE, options=(MINE, *_LEARNERS),
            about="Yours, or an illustration",
        ),
        Number(
            key="groups", label="Groups of confidence", value=3, low=2, high=5, step=1,
            about="Into how many groups the answers are put",
        ),
    )  # fmt: skip

    def __init__(self, **settings: Any) -> None:
        self.again = widgets.Button(
            description="Draw it with my latest answers", tooltip="After more claims are graded"
        )
        self.again.on_click(lambda _: self._moved())
        super().__init__(**settings)

    def widget(self) -> widgets.VBox:
        """All of it as one widget; always the same."""
        fresh = self.box is None
        box = super().widget()
        if fresh:
            box.children = (*box.children[:1], widgets.HBox([self.again]), *box.children[1:])
        return box

    def compute(self, now: Setting) -> Trust:
        if now.whose == MINE:
            given = answers().dropna(subset="confidence")
            pairs = [
                (float(sure), bool(right)) for sure, right in zip(given["confidence"], given["correct"], strict=True)
            ]
        else:
            pairs = [(float(sure), right) for sure, right in _LEARNERS[now.whose]]
        return _trust(now.whose, pairs, _BINS[int(now.groups)])

    def words(self, result: Trust) -> str:
        if not result.answers or result.brier is None:
            return "No answer with a confidence yet. Grade some claims, then draw again; or look at a made-up learner."
        apart = 100 * (result.sure - result.right)
        lean = (
            "as right as sure" if abs(apart) < 5 else f"{abs(apart):.0f} points too {'sure' if apart > 0 else 'timid'}"
        )
        few = f" Fewer than {FEW} answers: too few to say more." if result.answers < FEW else ""
        who = "You" if result.whose == MINE else "The made-up learner"
        verb = "were" if result.whose == MINE else "was"
        return (
            f"{who} gave {count_of(result.answers, 'answer')}, {percent(result.sure)} sure on average, and {verb} "
            f"right in {percent(result.right)}: {lean}. Brier score {result.brier:.2f}; always saying 50 % earns "
            f"0.25.{few}"
        )

    def draw(self, result: Trust, before: Trust | None, words: str) -> Picture:
        marks: list[Any] = [Line([0, 1], [0, 1], label="as right as sure", ink="muted", dash="5 3")]
        if before and before.bins and before.bins != result.bins:
            x, y = [one.sure for one in before.bins], [one.right for one in before.bins]
            marks.append(Points(x, y, label=f"before: {before.whose}", ink="muted", hollow=True, sizes=5))
        if result.bins:
            x = [one.sure for one in result.bins]
            marks += [
                ErrorBars(x, [one.low for one in result.bins], [one.high for one in result.bins]),
                Points(x, [one.right for one in result.bins], label=result.whose, sizes=6),
                *(
                    _beside(one)
                    for one in result.bins
                ),
            ]  # fmt: skip
        else:
            marks.append(Note(0.5, 0.8, "no answers yet", anchor="middle"))
        return draw(
            Axes(
                marks,
                Axis("How sure (%)", limits=(0, 1), percent=True),
                Axis("Right (%)", limits=(0, 1), percent=True),
                height=260,
            ),
            title="Confidence held against being right",
            subtitle=_capital(result.whose),
            description=words,
        )

    def data(self, result: Trust) -> pd.DataFrame:
        rows = [(one.sure, one.right, one.low, one.high, one.answers) for one in result.bins]
        return pd.DataFrame(rows, columns=["sure_share", "right_share", "low_95", "high_95", "answers"])


def _trust(whose: str, pairs: Sequence[tuple[float, bool]], edges: Sequence[int]) -> Trust:
    if not pairs:
        return Trust(whose, 0, 0.0, 0.0, None, ())
    sure = np.array([one for one, _ in pairs]) / 100
    right = np.array([one for _, one in pairs], dtype=float)
    bins = []
    for low, high in pairwise(edges):
        inside = (sure * 100 >= low) & (sure * 100 < high)
        if count := int(inside.sum()):
            share = float(right[inside].mean())
            bins.append(Bin(float(sure[inside].mean()), share, *_wilson(share, count), count))
    brier = float(((sure - right) ** 2).mean())
    return Trust(whose, len(pairs), float(sure.mean()), float(right.mean()), brier, tuple(bins))


def _beside(one: Bin) -> Note:
    """How many answers a point stands for, on the side where the diagonal is not."""
    told = count_of(one.answers, "answer")
    if one.sure > 0.7:
        return Note(one.sure, one.right, told, anchor="end", dx=-10, dy=-8)
    return Note(one.sure, one.right, told, dx=10, dy=16)


def _wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    >>> [round(end, 3) for end in _wilson(0.5, 10)]
    [0.237, 0.763]
    """
    z = 1.959964
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))) / (1 + z * z / count)
    return max(middle - half, 0.0), min(middle + half, 1.0)
