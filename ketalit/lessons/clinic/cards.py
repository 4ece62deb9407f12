"""The claims of a review one at a time: graded first, and only then shown with their basis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...claims import CheckedClaim, checked_claims
from ...errors import InputError
from ...review import Review
from ...rows import did_you_mean
from ...telling import count_of
from ...vocabulary import Checked, Verdict
from ..control import Choice, Control
from ..question import Question
from ..shown import plain
from ..telling import linked
from .common import LEGAL, Desk, the_review

LESSON = "08"

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


class ClaimCards(Desk):
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
        self.claims = checked_claims(review or the_review())
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

    def parts(self) -> Sequence[widgets.Widget]:
        """The topic, the steps, the claim with its question, its card, and how many were graded."""
        return self.topic, widgets.HBox([self.previous, self.next]), self.where, self.slot, self.card, self.told

    def head(self) -> str:
        """What the grades mean, and that a verdict is no advice."""
        grades = "".join(f"<li><strong>{grade}</strong>: {words};</li>" for grade, words in GRADES.items())
        return (
            f"<h3>Claims, one at a time</h3><p>{LEGAL}</p>"
            f"<details><summary>What the grades mean</summary><ul>{grades}</ul></details>"
        )

    def twin(self) -> str:
        """The claim without a kernel, and its card to be unfolded, HTML."""
        if not self.claims:
            return str(self.where.value)
        asked = self.questions[self.claim.claim.id]
        return (
            f"{self.head()}{self.where.value}{asked.listed()}<details><summary>Grade it for yourself, then open."
            f"</summary>{_card(self.claim)}</details><p>Run this cell to grade the others.</p>"
        )

    def __repr__(self) -> str:
        return f"{count_of(len(self.claims), 'claim')} to be graded (Run this cell to grade them.)"


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
        f"<li>{linked(str(base), base.link)}: {escape(base.title)}"
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
