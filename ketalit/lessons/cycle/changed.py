"""A text that changed under checked values, and a decision on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...fields import FIELDS
from ...records.text import canonical_text
from ...refresh import Kind
from ...refresh.report import CheckedValue, Piece
from ..control import Choice, Control
from ..question import Question
from ..shown import Shown, boxed, plain
from ..telling import minus
from .common import MAY, NOVEMBER, STYLE, SYNTHETIC_WORDS, days
from .decisions import QUESTIONS, logged

_LESSON = "09"
THEN, NOW, WORDS = f"as of {MAY}", f"as of {NOVEMBER}", "both, with the changes marked"


class ChangedText(Shown):
    """An abstract before and after, with the checked values that rest on it, and a decision on each.

    In code: `changed.value.value = "Result"`, `changed.text.value = WORDS`, `changed.decide("…")`, `changed.seen()`.

    >>> changed = ChangedText()
    >>> changed.decide("nothing: a person has checked it")
    >>> "no longer there" in changed.seen()
    True
    """

    def __init__(self) -> None:
        (self.change,) = days()[1].report.of(Kind.CHECKED_TEXT)
        self.values = {FIELDS[one.field].title: one for one in self.change.values}
        self.text = Control(
            Choice(key="text", label="Abstract", value=WORDS, options=(THEN, NOW, WORDS), about="Which text is shown")
        )
        self.value = Control(
            Choice(
                key="value",
                label="Checked value",
                value=next(iter(self.values)),
                options=tuple(self.values),
                about="A value that rests on this text; its quote is framed where it stands",
            )
        )
        self.questions = {title: self._question(one) for title, one in self.values.items()}
        self.shown = widgets.HTML()
        self.slot = widgets.VBox([])
        self.log = widgets.HTML()
        self.box: Any = None
        self.text.observe(lambda _: self._show(), "value")
        self.value.observe(lambda _: self._show(), "value")
        self._show()

    def decide(self, decision: str) -> None:
        """Decide on the value that is shown.

        Raises:
            InputError: that is not one of the decisions offered.
        """
        self.questions[self.value.value].answer(decision)

    def seen(self) -> str:
        """What the learner reads: the text, the value, what was said to the decision, and the row as it stands then."""
        asked = self.questions[self.value.value]
        parts = [plain(self.shown.value), asked.spec["question"], plain(asked.feedback), plain(self.log.value)]
        return " ".join(filter(None, [*parts, self.text.message, self.value.message]))

    def _question(self, value: CheckedValue) -> Question:
        question, answers = QUESTIONS[value.field]
        options = [{"answer": answer, "correct": right, "feedback": said} for answer, right, said in answers]
        item = {"id": f"decide-{value.field}", "type": "multiple_choice", "question": question, "answers": options}
        asked = Question(_LESSON, item, send="This is my decision")
        asked.observe(partial(self._decided, value), "given")
        return asked

    def _decided(self, value: CheckedValue, change: Any) -> None:
        asked, given = change["owner"], change["new"]
        if given is None:
            return
        _, answers = QUESTIONS[value.field]
        said = next(said for answer, _, said in answers if answer == given.given)
        mark = "That can be defended." if given.correct else "Think again; you can decide anew."
        wrong = "" if given.correct else ' class="ket-wrong"'
        asked.feedback = f"<p{wrong}><strong>{mark}</strong> {escape(said)}</p>"
        self._show()

    def _show(self) -> None:
        value = self.values[self.value.value]
        asked = self.questions[self.value.value]
        with self.shown.hold_sync():
            self.shown.value = self._text(value)
        self.slot.children = [asked]
        self.log.value = logged(value, asked.given.given) if asked.given and asked.given.correct else ""

    def _text(self, value: CheckedValue) -> str:
        if self.text.value == WORDS:
            shown, legend = _pieces(self.change.words), "<del>Struck</del>: gone. <ins>Underlined</ins>: new. "
        else:
            day = days()[self.text.value == NOW]
            text = canonical_text(day.review.records[self.change.record], abstract_only=True).text
            shown, legend = _framed(text.partition("\n")[2], value.quote), ""
        return (
            f'<div class="ket-text"><p><small>{legend}Abstract of {escape(self.change.citation)}, '
            f"{escape(self.text.value)}</small></p><p>{shown}</p></div>"
            f'<p role="status"><strong>{escape(FIELDS[value.field].title)}: {escape(minus(value.value))}.'
            f"</strong> Checked by a person on {value.when} (extraction.csv, line {value.line}) from "
            f"“{escape(value.quote)}”. On {NOVEMBER}, {escape(value.found)}.</p>"
        )

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            controls = widgets.VBox([self.text, self.value]).add_class("ket-controls")
            shown = widgets.VBox([self.shown, self.slot, self.log]).add_class("ket-shown")
            beside = widgets.HBox([controls, shown]).add_class("ket-beside")
            self.box = boxed([widgets.HTML(STYLE + _changed_head()), beside])
        return self.box

    def twin(self) -> str:
        """The text, the value and the question without a kernel, HTML."""
        asked = self.questions[self.value.value]
        return (
            f"{STYLE}{_changed_head()}{self.shown.value}{asked.listed()}<p>Run this cell to see the other values and "
            "to decide.</p>"
        )

    def __repr__(self) -> str:
        return f"An abstract that changed under checked values. {self.seen()} (Run this cell to decide.)"


def _changed_head() -> str:
    return (
        f"<h3>The text changed under checked values</h3><p>{SYNTHETIC_WORDS} Teaching model, not for dosing patients."
        "</p><p><strong>What to notice.</strong> Of three values that a person checked, two have lost their quotes. "
        "Nothing was overwritten; nothing is decided either. Decide on all three.</p>"
    )


def _pieces(words: Sequence[Piece]) -> str:
    """What changed word by word, HTML."""
    tags = {"gone": "del", "new": "ins"}
    out = []
    for piece in words:
        text = escape(piece.text)
        tag = tags.get(piece.kind)
        out.append(("" if piece.glued else " ") + (f"<{tag}>{text}</{tag}>" if tag else text))
    return "".join(out).strip()


def _framed(text: str, quote: str) -> str:
    """A text with the quote framed where it stands, HTML.

    >>> _framed("in 60 men", "60 men"), _framed("in 54 men", "60 men")
    ('in <mark>60 men</mark>', 'in 54 men')
    """
    before, found, after = text.strip().partition(quote)
    framed = f"{escape(before)}<mark>{escape(found)}</mark>{escape(after)}" if found else escape(text.strip())
    return framed.replace("\n", "<br>")
