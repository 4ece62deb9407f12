"""How often somebody is right who says how sure they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import numpy as np
import pandas as pd

from ...figures import ErrorBars, Line, Picture, Points, draw
from ...figures import Panel as Axes
from ...figures import Words as Note
from ...figures.mechanism.reading import capital
from ...telling import count_of
from ..control import Choice, Number
from ..drawing import share_axis
from ..logged import read_answers
from ..panel import Panel, Setting
from ..question import ANSWERS, answers
from ..telling import percent

MINE = "my answers"
ALL_MINE = "my answers, all lessons"
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
        "“My answers” are those given in this notebook since it was started; “all lessons” are those in the log that "
        "`ketalit lab` keeps, the first to each question. The made-up learners are ours, only to compare."
    )
    controls = (
        Choice(
            key="whose", label="Whose answers", value=MINE, options=(MINE, ALL_MINE, *_LEARNERS),
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
        self.again.on_click(lambda _: self._mine())
        super().__init__(**settings)

    def widget(self) -> widgets.VBox:
        """All of it as one widget; always the same."""
        fresh = self.box is None
        box = super().widget()
        if fresh:
            box.children = (*box.children[:1], widgets.HBox([self.again]), *box.children[1:])
        return box

    def _mine(self) -> None:
        """Draw the answers given so far, whosever were drawn before."""
        if self.whose.value == MINE:
            self._moved()
        else:
            self.whose.value = MINE

    def compute(self, now: Setting) -> Trust:
        groups = int(now.groups)
        if now.whose == MINE:
            return trust(answers(), MINE, groups)
        if now.whose == ALL_MINE:
            log = Path(os.environ.get(ANSWERS, ""))
            return trust(read_answers([log]) if log.is_file() else answers(), ALL_MINE, groups)
        return _trust(now.whose, [(float(sure), right) for sure, right in _LEARNERS[now.whose]], _BINS[groups])

    def words(self, result: Trust) -> str:
        if not result.answers:
            place = " in this notebook" if result.whose == MINE else ""
            then = "Grade some claims, then draw again; or look at a made-up learner."
            return f"No answer with a confidence{place} yet. {then}"
        if result.whose == MINE:
            return said(result, "You", "in this notebook")
        if result.whose == ALL_MINE:
            return said(result, "You", "in all lessons")
        return said(result, "The made-up learner")

    def draw(self, result: Trust, before: Trust | None, words: str) -> Picture:
        return drawn(result, before, words)

    def data(self, result: Trust) -> pd.DataFrame:
        rows = [(one.sure, one.right, one.low, one.high, one.answers) for one in result.bins]
        return pd.DataFrame(rows, columns=["sure_share", "right_share", "low_95", "high_95", "answers"])


def trust(given: pd.DataFrame, whose: str, groups: int = 3) -> Trust:
    """How right answers were, held against how sure whoever gave them was.

    Args:
        given: answers with the columns correct and confidence (%); those without a confidence are left out.
        whose: in the picture.
        groups: into how many groups of confidence they are put, 2 to 5.

    >>> both = pd.DataFrame({"correct": [True, False], "confidence": [90, 90]})
    >>> trust(both, "two").right
    0.5
    """
    asked = given.dropna(subset="confidence")
    pairs = [(float(sure), bool(right)) for sure, right in zip(asked["confidence"], asked["correct"], strict=True)]
    return _trust(whose, pairs, _BINS[groups])


def said(result: Trust, who: str, place: str = "") -> str:
    """What is to be read off the picture of a `Trust` that has answers: "You gave 20 answers in this notebook, …"."""
    apart = 100 * (result.sure - result.right)
    lean = "as right as sure" if abs(apart) < 5 else f"{abs(apart):.0f} points too {'sure' if apart > 0 else 'timid'}"
    few = f" Fewer than {FEW} answers: too few to say more." if result.answers < FEW else ""
    verb = "were" if who == "You" else "was"
    here = f" {place}" if place else ""
    return (
        f"{who} gave {count_of(result.answers, 'answer')}{here}, {percent(result.sure)} sure on average, and "
        f"{verb} right in {percent(result.right)}: {lean}. Brier score {result.brier:.2f}; always saying 50 % "
        f"earns 0.25.{few}"
    )


def drawn(result: Trust, before: Trust | None, words: str) -> Picture:
    """Being right against being sure, with the result of before, or None, as hollow points."""
    marks: list[Any] = [Line([0, 1], [0, 1], label="as right as sure", ink="muted", dash="5 3")]
    if before and before.bins and before.bins != result.bins:
        x, y = [one.sure for one in before.bins], [one.right for one in before.bins]
        marks.append(Points(x, y, label=f"before: {before.whose}", ink="muted", hollow=True, sizes=5))
    if result.bins:
        x = [one.sure for one in result.bins]
        marks += [
            ErrorBars(x, [one.low for one in result.bins], [one.high for one in result.bins]),
            Points(x, [one.right for one in result.bins], label=result.whose, sizes=6),
            *map(_beside, result.bins),
        ]
    else:
        marks.append(Note(0.5, 0.8, "no answers yet", anchor="middle"))
    return draw(
        Axes(marks, share_axis("How sure (%)"), share_axis("Right (%)"), height=260),
        title="Confidence held against being right",
        subtitle=capital(result.whose),
        description=words,
    )


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
