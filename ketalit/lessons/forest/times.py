"""The same question at each time that the review holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...errors import InputError
from ...figures import Axis, ErrorBars, Line, Picture, Points, Rule, Words, draw
from ...figures import Panel as Axes
from ...figures.synthesis.of_pooling import changer
from ...pooling import Pooled
from ...telling import count_of
from ..chosen import chosen_folder
from ..control import Choice, Spec
from ..panel import Setting
from .analyses import NOTHING, Analysis, questions_of
from .on_review import OnReview

_WINDOWS = ("immediate term", "short term", "medium term", "long term")

_MOST_NAMED = 6  # trials that can be told apart by colour


@dataclass(frozen=True, slots=True)
class Times:
    """One question at all times of the review, and the time that is read."""

    question: str
    time: str
    times: tuple[str, ...]
    at: Mapping[str, tuple[Analysis, Pooled]]

    @property
    def before(self) -> str:
        """The last earlier time with a result; "" for none."""
        earlier = [time for time in self.times[: self.times.index(self.time)] if time in self.at]
        return earlier[-1] if earlier else ""


class OverTime(OnReview):
    """The same question at each time that the review holds."""

    name = "times"
    title = "The same question at other times"
    notice = (
        "Thin lines join what one trial found at two times. Count them, and look who "
        "stands behind each diamond. Is there a diamond at every time?"
    )
    find = "how many trials stand at the immediate and at the short term both."
    limits = (
        "The names of the times are the source's; trials within one time were measured minutes to days after the drug. "
        "Pooled: REML, Knapp–Hartung, never narrower than Wald. “Nobody” means no row in this review: such a trial may "
        "exist and be missing here."
    )

    def __init__(self, **settings: Any) -> None:
        self.questions = questions_of(chosen_folder())
        super().__init__(**settings)

    def offered(self) -> tuple[Spec, ...]:
        named = list(self.questions) or [NOTHING]
        first = max(named, key=lambda name: len(self.questions.get(name, ())))
        times = _times(self.questions)
        return (
            Choice(
                key="question", label="Comparison and outcome", value=first, options=tuple(named),
                about="Those whose rows name a time",
            ),
            Choice(
                key="time", label="Time", value=times[0], options=times, about="As the source calls them",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Times:
        if now.question not in self.questions:
            raise InputError("no effect of this review names a time", expected="hours or window in its effects.csv")
        held = self.questions[now.question]
        found = {time: (one, one.chosen.pool()) for time, one in held.items()}
        return Times(now.question, now.time, _times(self.questions), found)

    def words(self, result: Times) -> str:
        when = result.time.capitalize()
        if result.time not in result.at:
            return f"{when}: no trial in this review. Not measured is not the same as lasting, nor as gone."
        one, pooled = result.at[result.time]
        how = "one trial" if pooled.k == 1 else f"{pooled.k} trials"
        said = f"{when}: {how}, {count_of(one.chosen.people, 'person', 'people')}, {one.judged(pooled)}."
        if not result.before:
            return said
        earlier = {effect.study for effect in result.at[result.before][0].effects}
        now = {effect.study for effect in one.effects}
        stayed, fresh = len(earlier & now), len(now - earlier)
        return (
            f"{said} Of the {count_of(len(earlier), 'trial')} at {result.before}, {stayed or 'none'} "
            f"{'is' if stayed == 1 else 'are'} still here; {fresh or 'none'} {'is' if fresh < 2 else 'are'} new."
        )

    def draw(self, result: Times, before: Times | None, words: str) -> Picture:
        ratio = any(one.ratio for one, _ in result.at.values())
        found: dict[str, list[tuple[str, float]]] = {}
        pooled: list[tuple[str, float, float, float]] = []
        for time in result.times:
            if time in result.at:
                one, mean = result.at[time]
                changed = changer(mean)
                for name, value in zip(one.names, mean.yi, strict=True):
                    found.setdefault(name, []).append((time, changed(value)))
                pooled.append((time, changed(mean.estimate), changed(mean.ci_low), changed(mean.ci_high)))
        few = len(found) <= _MOST_NAMED
        zero = 1.0 if ratio else 0.0
        marks: list[Any] = [Rule(y=zero, ink="ink", dash="")]
        for time, middle, low, high in pooled:  # under the trials, which they would hide
            here = time == result.time
            marks.append(ErrorBars([time], [low], [high], ink="axis", cap=0 if here else 5, width=9 if here else 1.6))
            label = "pooled" if here else ""
            look: dict[str, Any] = {"ink": "ink" if here else "muted", "shape": "diamond", "hollow": True}
            marks.append(Points([time], [middle], sizes=9, label=label, **look))
        for series, (name, values) in enumerate(found.items()):
            look = {"series": series} if few else {"ink": "muted"}
            times, effects = [time for time, _ in values], [value for _, value in values]
            if len(values) > 1:
                marks.append(Line(times, effects, width=1.4, **look))
            marks.append(Points(times, effects, label=name if few else "", sizes=4, **look))
        empty = [time for time in result.times if time not in result.at]
        marks += [Words(time, zero, "nobody measured", anchor="middle", dy=-6) for time in empty]
        one = next(iter(result.at.values()))[0]
        return draw(
            Axes(
                marks,
                Axis("Time after treatment, as the source calls it", kind="names", names=result.times),
                Axis(one.axis, "log" if ratio else "linear", zero=not ratio),
                height=280,
            ),
            title=one.question,
            subtitle="Points: trials. Diamonds: pooled, with their 95 % intervals",
            description=words,
        )

    def data(self, result: Times) -> pd.DataFrame:
        rows = [one.rows(pooled).assign(time=time) for time, (one, pooled) in result.at.items()]
        return pd.concat(rows, ignore_index=True)


def _times(questions: Mapping[str, Mapping[str, Analysis]]) -> tuple[str, ...]:
    """All times in order: by the names that reviews use, among them those that this one lacks, or by hours."""
    held = dict.fromkeys(time for one in questions.values() for time in one)
    hours = {time: row.hours for one in questions.values() for time, found in one.items() for row in found.chosen.rows}
    named = _WINDOWS if any(time in _WINDOWS for time in held) else ()
    rest = sorted((time for time in held if time not in named), key=lambda time: hours.get(time) or 0.0)
    return (*named, *rest) or (NOTHING,)
