"""The result without each trial in turn, and the funnel plot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import InputError
from ...figures import Picture
from ...figures.synthesis import funnel_of, leave_one_out_of
from ...figures.synthesis.of_pooling import changer
from ...figures.synthesis.telling import Telling
from ...pooling import Pooled, leave_one_out, pool
from ..control import Choice, Number, Spec
from ..panel import Setting
from .analyses import HALF, Analysis, analyses_of, pooled_of
from .on_review import OnReview

WITHOUT, FUNNEL = "without each trial in turn", "funnel plot"


@dataclass(frozen=True, slots=True)
class Less:
    """An analysis, and the same without one trial."""

    name: str
    one: Analysis
    shown: str
    place: int
    whole: Pooled
    rest: Pooled
    table: pd.DataFrame


class LeaveOut(OnReview):
    """The result without each trial in turn, and the funnel plot."""

    name = "without"
    title = "Take a trial away"
    notice = (
        "Step through the trials: the one in that row is left out, the others are pooled again. The shade is the "
        "interval of all trials. Then look at the funnel: what would you dare to read from three points?"
    )
    find = "the trial without which the estimate comes nearest to zero, and the one without which it goes furthest."
    limits = (
        "REML, Knapp–Hartung, never narrower than Wald. That a trial moves the result much is no reason to drop it: "
        "ask first what was different about it. A funnel needs ten trials or more, and even then its shape has other "
        "causes than trials that were never published (reference 11)."
    )

    def offered(self) -> tuple[Spec, ...]:
        analysis = self.choice([name for name, one in self.analyses.items() if len(one.names) > 1])
        return (
            analysis,
            self._place(analysis.value),
            Choice(
                key="shown", label="Shown", value=WITHOUT, options=(WITHOUT, FUNNEL),
                about="Two pictures of the same trials",
            ),
        )  # fmt: skip

    def _place(self, analysis: str) -> Number:
        """The slider over the trials of an analysis; it ends at the last of them."""
        one = self.analyses.get(analysis)
        return Number(
            key="place", label="Leave out the trial in row (0: keep all)", value=0, low=0,
            high=len(one.names) if one else 1, step=1, about="Counted from the top",
        )  # fmt: skip

    def _moved(self, change: Any = None) -> None:
        # Another analysis has another number of trials; its slider ends at the last of them, and keeps all at first.
        place, spec = self.moves["place"], self._place(self.moves["analysis"].value)
        if spec != place.declared:
            quiet, self._quiet = self._quiet, True
            place.declare(spec)
            self._quiet = quiet
        super()._moved(change)

    def compute(self, now: Setting) -> Less:
        one = self.taken(now.analysis)
        whole = pooled_of(self.folder, now.analysis)
        if whole.k < 2:
            raise InputError("one trial, and without it nothing is left", where=now.analysis, expected="two at least")
        place = int(now.place)
        kept = [at for at in range(whole.k) if at != place - 1]
        rest = pool(whole.yi[kept], whole.vi[kept], measure=whole.measure)
        return Less(now.analysis, one, now.shown, place, whole, rest, _table(self.folder, now.analysis))

    def words(self, result: Less) -> str:
        one, whole = result.one, result.whole
        parts = [f"All {whole.k} trials: {one.read(whole)}."]
        if result.place:
            parts.append(f"Without {one.names[result.place - 1]}: {one.read(result.rest)}.")
        if result.shown == FUNNEL:
            telling = Telling.of([2 * HALF * math.sqrt(v) for v in whole.vi])
            ends = telling.between(*(math.sqrt(end) for end in (whole.vi.min(), whole.vi.max())))
            few = "fewer than 10: the shape of this funnel tells nothing." if result.rest.k < 10 else "a funnel."
            parts.append(f"Standard errors {ends}; {result.rest.k} trials, {few}")
        return " ".join(parts)

    def draw(self, result: Less, before: Less | None, words: str) -> Picture:
        one, at = result.one, result.place - 1
        if result.shown == FUNNEL:
            names = [name for place, name in enumerate(one.names) if place != at]
            left = f"Left out: {one.names[at]}." if at >= 0 else ""
            return funnel_of(result.rest, names, measure=one.axis, title=one.title, subtitle=left, height=260)
        marked = result.table.rename(index={one.names[at]: f"▸ {one.names[at]}"} if at >= 0 else {})
        return leave_one_out_of(
            marked, result.whole, measure=one.axis, title=one.title, subtitle=WITHOUT.capitalize(), width=660
        )

    def data(self, result: Less) -> pd.DataFrame:
        changed, unit = changer(result.whole), result.one.kind[0]
        table = result.table
        rows = pd.DataFrame(
            {f"{name}_{unit}": [changed(v) for v in table[name]] for name in ("estimate", "ci_low", "ci_high")},
            index=table.index,
        )
        return rows.rename_axis("without").reset_index()


@cache
def _table(folder: Path, name: str) -> pd.DataFrame:
    whole = pooled_of(folder, name)
    return leave_one_out(whole.yi, whole.vi, labels=analyses_of(folder)[name].names)
