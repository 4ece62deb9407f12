"""Questions of a lesson: predict before a panel opens, check after it; a bank of them in JSON; a log of the answers.

The bank has the format of jupyterquiz (a list of questions with `question`, `type` and `answers`), so that other tools
can use it, with an `id` and a `kind` (predict, check, transfer) more. Which answer is right never leaves the kernel
before somebody has answered.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd
import traitlets

from ..errors import InputError
from ..rows import did_you_mean
from .control import FRONT, STYLE
from .panel import Panel
from .shown import Shown, boxed, plain

BANK = Path(__file__).parent / "bank"
INSTRUCTOR = "KETALIT_INSTRUCTOR"  # set: a prediction can be skipped
ANSWERS = "KETALIT_ANSWERS"  # the file that answers are written to; unset: they are kept in memory only

Given = int | float | Sequence[int] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One given answer.

    Attributes:
        lesson, item: which question.
        given: what was answered, as text.
        correct: whether it was right.
        confidence: how sure the learner was, %; None where it was not asked.
    """

    lesson: str
    item: str
    given: str
    correct: bool
    confidence: int | None = None


_LOG: list[Answer] = []


def answers() -> pd.DataFrame:
    """The answers given since the kernel started, one row each: lesson, item, given, correct, confidence (%)."""
    return pd.DataFrame([asdict(one) for one in _LOG], columns=list(Answer.__dataclass_fields__))


@cache
def bank(lesson: str) -> Mapping[str, Mapping[str, Any]]:
    """The questions of a lesson, by id, in order.

    Raises:
        InputError: there is no such bank.

    >>> bank("01")["halve-magnesium"]["kind"]
    'predict'
    """
    path = BANK / f"{lesson}.json"
    if not path.is_file():
        known = sorted(one.stem for one in BANK.glob("*.json"))
        raise InputError(f"there are no questions for lesson “{lesson}”", expected=", ".join(known))
    return {item["id"]: item for item in json.loads(path.read_text(encoding="utf-8"))}


def judge(item: Mapping[str, Any], given: Given) -> tuple[bool, str]:
    """Whether an answer is right, and what is said to whoever gave it.

    Args:
        item: a question of a bank.
        given: place of the chosen answer; places, where several may be right; or a number.

    Where several may be right, each one wrongly chosen has its line; of those that are missing only the number is told.

    >>> right = {"type": "range", "range": [2, 3], "correct": True, "feedback": "Yes."}
    >>> judge({"type": "numeric", "answers": [right]}, 2.5), judge({"type": "numeric", "answers": [right]}, 9)
    ((True, 'Yes.'), (False, 'Not that.'))
    """
    options = item["answers"]
    if item["type"] == "many_choice":
        chosen = set(given) if isinstance(given, Sequence) else set()
        if chosen == set(_right(item)):
            return True, _feedback_of_right(item) or "Right."
        lines = [
            f"“{one['answer']}”: {one.get('feedback') or 'does not belong here.'}"
            for at, one in enumerate(options)
            if at in chosen and not one["correct"]
        ]
        if missing := len(set(_right(item)) - chosen):
            more = " more" if chosen & set(_right(item)) else ""
            lines.append(f"One{more} is missing." if missing == 1 else f"{missing}{more} are missing.")
        return False, "\n".join(lines)
    if item["type"] == "numeric":
        number = given if isinstance(given, int | float) else float("nan")
        for one in options:
            low, high = one.get("range") or (one.get("value"), one.get("value"))
            if one["type"] != "default" and low <= number <= high:
                return bool(one["correct"]), one.get("feedback", "")
        return False, next((one["feedback"] for one in options if one["type"] == "default"), "Not that.")
    one = options[int(given)]  # type: ignore[arg-type]
    return bool(one["correct"]), one.get("feedback", "")


def _right(item: Mapping[str, Any]) -> list[int]:
    return [at for at, one in enumerate(item["answers"]) if one["correct"]]


def _feedback_of_right(item: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (item["answers"][at].get("feedback", "") for at in _right(item))))


def solution(item: Mapping[str, Any]) -> str:
    """The right answer of a question, as text.

    >>> right = {"type": "range", "range": [2, 3], "correct": True}
    >>> solution({"type": "numeric", "unit": "mV", "answers": [right]})
    '2 to 3 mV'
    """
    if item["type"] != "numeric":
        return text_of(item, _right(item))
    ranges = [one.get("range") or [one["value"]] for one in (item["answers"][at] for at in _right(item))]
    told = " or ".join(" to ".join(f"{end:g}".replace("-", "−") for end in dict.fromkeys(ends)) for ends in ranges)
    return f"{told} {item.get('unit', '')}".rstrip()


def text_of(item: Mapping[str, Any], given: Given) -> str:
    """An answer as text."""
    if item["type"] == "numeric":
        return f"{given} {item.get('unit', '')}".rstrip()
    places = given if isinstance(given, Sequence) else [given]
    return "; ".join(str(item["answers"][int(at)]["answer"]) for at in places if at is not None)


class Question(anywidget.AnyWidget):
    """A question on the screen.

    Attributes:
        feedback: what is said after an answer, HTML.
        closed: no answer is taken any more.
        given: the last answer, or None.
        tries: how many answers were given.
    """

    _esm = FRONT / "question.js"
    _css = STYLE
    spec = traitlets.Dict().tag(sync=True)
    feedback = traitlets.Unicode().tag(sync=True)
    closed = traitlets.Bool(False).tag(sync=True)
    given = traitlets.Instance(Answer, allow_none=True)

    def __init__(self, lesson: str, item: Mapping[str, Any], *, send: str, asks_confidence: bool = False) -> None:
        self.lesson, self.item = lesson, item
        shown = {key: item[key] for key in ("question", "type", "unit") if key in item}
        options = [one["answer"] for one in item["answers"]] if item["type"] != "numeric" else []
        may_skip = asks_confidence and bool(os.environ.get(INSTRUCTOR))
        super().__init__(
            spec=shown | {"options": options, "send": send, "asks_confidence": asks_confidence, "may_skip": may_skip}
        )
        self.skipped = False
        self.tries = 0
        self.on_msg(lambda _, content, __: self._received(content))

    def answer(self, given: Given | str, confidence: int | None = None) -> None:
        """Answer: the place of an answer or its text, places, or a number.

        Raises:
            InputError: there is no such answer.
        """
        if self.item["type"] != "numeric" and isinstance(given, str):
            texts = self.spec["options"]
            if given not in texts:
                raise InputError(f"“{given}” is not one of the answers{did_you_mean(given, texts)}")
            given = texts.index(given)
        if isinstance(given, str):
            raise InputError(f"“{given}” is not a number")
        self._received({"answer": given, "confidence": confidence})

    def _received(self, content: Mapping[str, Any]) -> None:
        if self.closed:
            return
        if content.get("skip"):
            if not self.spec["may_skip"]:
                return
            self.skipped = True
            self.given = Answer(self.lesson, self.item["id"], "", False)
            return
        given = content.get("answer")
        if given is None or given == []:
            self.given = None
            self.feedback = "<p>Choose an answer first.</p>" if self.spec["options"] else "<p>Write a number first.</p>"
            return
        correct, _ = judge(self.item, given)
        answer = Answer(self.lesson, self.item["id"], text_of(self.item, given), correct, content.get("confidence"))
        _keep(answer)
        self.place = given
        self.tries += 1
        if answer == self.given:
            self.given = None  # so that the same answer given again is answered again
        self.given = answer

    def tell(self, words: str, *, closed: bool) -> None:
        """Say something (HTML) to the answer and close the question or not: one change on the screen."""
        with self.hold_sync():
            self.feedback = words
            self.closed = closed

    def listed(self) -> str:
        """The question without a kernel, HTML."""
        options = "".join(f"<li>{escape(str(one))}</li>" for one in self.spec["options"])
        return f"<p><strong>{escape(self.spec['question'])}</strong></p>" + (f"<ul>{options}</ul>" if options else "")

    def __repr__(self) -> str:
        return f"Question({self.item['id']}: {self.spec['question']})"


class Verdict(anywidget.AnyWidget):
    """What is said under a panel, where somebody who has just looked at it reads on.

    Attributes:
        words: HTML.
    """

    _esm = FRONT / "verdict.js"
    _css = STYLE
    words = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        return f"Verdict({plain(self.words)})"


def _keep(answer: Answer) -> None:
    _LOG.append(answer)
    if not (name := os.environ.get(ANSWERS)):
        return
    row = pd.DataFrame([{"when": datetime.now(UTC).isoformat(timespec="seconds"), **asdict(answer)}])
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        # Many kernels may write to one file: each row goes down whole, in one piece.
        with open(name, "ab", buffering=0) as file:
            file.write(row.to_csv(header=not file.tell(), index=False).encode())
    except OSError as error:
        warnings.warn(f"an answer could not be written to {name}: {error.strerror}", stacklevel=2)


def _try(question: Question) -> str:
    """What follows a wrong answer: another one differs on the page, even where its feedback is the same."""
    number = f": {question.given.given}" if question.given and question.item["type"] == "numeric" else ""
    return "Try again." if question.tries == 1 else f"That was try {question.tries}{escape(number)}."


def _looks(correct: bool) -> str:
    return "" if correct else ' class="ket-wrong"'


def _listed(feedback: str) -> str:
    """Feedback of one line as it is, of several as a list; HTML."""
    lines = [escape(line) for line in feedback.split("\n")]
    return lines[0] if len(lines) == 1 else "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


class Predict(Shown):
    """A panel behind a question: it opens when somebody has predicted, and the prediction comes back beside it.

    Args:
        lesson: number of the lesson, "01".
        item: id of the question in its bank.
        panel: what opens.

    In code: `predict.answer("it doubles", confidence=70)`, `predict.compare.click()`, `predict.seen()`.
    """

    def __init__(self, lesson: str, item: str, panel: Panel) -> None:
        questions = bank(lesson)
        if item not in questions:
            raise InputError(f"lesson {lesson} has no question “{item}”{did_you_mean(item, questions)}")
        self.panel = panel
        self.question = Question(lesson, questions[item], send="This is my prediction", asks_confidence=True)
        self.compare = widgets.Button(description="I have looked: compare", tooltip="Your prediction beside the result")
        self.verdict = Verdict()
        self.shown = widgets.VBox([])
        self.box = boxed([self.question, self.shown])
        self.compare.on_click(lambda _: self._compare())
        self.question.observe(lambda _: self._open(), "given")

    def answer(self, given: Given | str, confidence: int = 50) -> None:
        """Predict, with how sure one is in %; opens the panel."""
        self.question.answer(given, confidence)

    @property
    def locked(self) -> bool:
        """Nobody has predicted yet."""
        return not self.shown.children

    def seen(self) -> str:
        """What the learner reads under the question, and in the panel when it is open."""
        told = plain(self.verdict.words) or plain(self.question.feedback)
        return " ".join(filter(None, [told, "" if self.locked else self.panel.seen()]))

    def _open(self) -> None:
        if self.question.given is None:
            return
        said = "Shown without an answer." if self.question.skipped else f"{self._said()} Try it, then compare."
        self.question.tell(f"<p>{said}</p>", closed=True)
        self.shown.children = [self.panel.widget(), self.compare, self.verdict]

    def _compare(self) -> None:
        if self.locked:
            return
        item = self.question.item
        right = f"Right: {escape(solution(item)).rstrip('.')}."
        if self.question.skipped:  # nothing was predicted
            self.verdict.words = f"<div>{right} {escape(_feedback_of_right(item))}</div>"
            return
        correct, feedback = judge(item, self.question.place)
        verdict = "That fits what the panel shows." if correct else f"The panel shows something else. {right}"
        self.verdict.words = f"<div{_looks(correct)}>{self._said()} {verdict} {_listed(feedback)}</div>"

    def _said(self) -> str:
        given = self.question.given
        return f"You predicted “{escape(given.given)}”, {given.confidence} % sure." if given else ""

    def widget(self) -> widgets.VBox:
        """Question and panel as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """The question, and the panel to be unfolded, HTML."""
        return (
            f"{self.question.listed()}<details><summary>Answer for yourself, then open.</summary>"
            f"{self.panel.twin()}</details>"
        )

    def __repr__(self) -> str:
        return f"Predict: {self.question.spec['question']} (Run this cell to answer.)"


class Check(Shown):
    """The questions at the end of a lesson, with what each answer is worth saying.

    Args:
        lesson: number of the lesson, "01".

    In code: `check.questions["find-peak"].answer(2)`, `check.seen()`.
    """

    def __init__(self, lesson: str) -> None:
        items = [item for item in bank(lesson).values() if item["kind"] != "predict"]
        self.questions = {item["id"]: Question(lesson, item, send="Check") for item in items}
        self.score = widgets.HTML()
        for question in self.questions.values():
            question.observe(self._answered, "given")
        self.box = boxed([*self.questions.values(), self.score])
        self._tell()

    def _answered(self, change: Any) -> None:
        if change["new"] is None:
            return
        question = change["owner"]
        correct, feedback = judge(question.item, question.place)
        mark = "Right." if correct else f"Not this one. {_try(question)}"
        words = f"<div{_looks(correct)}><strong>{mark}</strong> {_listed(feedback)}</div>"
        question.tell(words, closed=correct)
        self._tell()

    def _tell(self) -> None:
        right = sum(question.closed for question in self.questions.values())
        self.score.value = f'<p role="status">{right} of {len(self.questions)} answered rightly.</p>'

    def seen(self) -> str:
        """What the learner reads: the feedback that is shown, and the score."""
        return " ".join(
            plain(text) for text in [*(one.feedback for one in self.questions.values()), self.score.value] if text
        )

    def widget(self) -> widgets.VBox:
        """All questions as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """The questions without their answers, HTML."""
        return "".join(question.listed() for question in self.questions.values()) + "<p>Run this cell to answer.</p>"

    def __repr__(self) -> str:
        return f"{len(self.questions)} questions (Run this cell to answer.)"
