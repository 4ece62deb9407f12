"""Three ways of not knowing, counted over the cells of the table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ...fields import FIELDS
from ...figures import Axis, Bars, Picture, draw
from ...figures import Panel as Axes
from ...table import fill_rates
from ..chosen import chosen_folder
from ..control import Choice, Switch
from ..panel import Panel, Setting
from .common import TEN, table_of

_GROUPS = {"all": "", "randomised": "randomised=yes", "not randomised": "randomised=no"}
_COLUMNS = (*TEN, "adverse_events", "adverse_events_asked")
_STANDS = {
    "filled": "filled",
    "not_reported": "not reported",
    "not_checked": "not checked",
    "not_applicable": "not applicable",
}
_STAR = "▸ "


@dataclass(frozen=True, slots=True)
class Silence:
    """How full the columns of a table are.

    Attributes:
        counts: for each field the number of studies that are filled, not reported, not checked, not applicable.
        field: the one that is read.
        merged: whether whatever is not filled counts as the same.
    """

    group: str
    counts: pd.DataFrame
    field: str
    merged: bool


class ThreeSilences(Panel):
    """How many cells of each column are filled, and in which sense the others are empty.

    >>> ThreeSilences(column="Form").seen()
    'Form, all studies: 12 of 56 filled. In 41 somebody looked and the source is silent; in 3 nobody has looked.'
    """

    name = "silence"
    title = "Three ways of not knowing"
    notice = (
        "The bars are cells of the real table, one bar for each column. The white of a spreadsheet would hide that "
        "“not reported” is a fact about a report, and “not checked” a fact about us."
    )
    find = "the column in which silence is commonest, and in how many of its cells it is our own."
    limits = (
        "Counted over the studies of the review that count (no retracted ones, no notices). “Not reported” often rests "
        "on an abstract alone: the full text may say it."
    )
    controls = (
        Choice(
            key="column", label="Column that is read", value="How harms were asked for",
            options=tuple(FIELDS[name].title for name in _COLUMNS),
        ),
        Choice(key="group", label="Studies", value="all", options=tuple(_GROUPS)),
        Switch(key="merged", label="Merge all silences into one", value=False, about="As an empty cell would"),
    )  # fmt: skip

    def compute(self, now: Setting) -> Silence:
        field = next(name for name in _COLUMNS if FIELDS[name].title == now.column)
        return Silence(now.group, _counts(chosen_folder(), _GROUPS[now.group]), field, now.merged)

    def words(self, result: Silence) -> str:
        filled, silent, unread, senseless = (int(result.counts[name].loc[result.field]) for name in _STANDS)
        studies = filled + silent + unread + senseless
        name = f"{FIELDS[result.field].title}, {result.group} studies"
        if not studies:
            return f"{name}: this review has none."
        if result.merged:
            senseless_too = f", and in {senseless} the question makes no sense" if senseless else ""
            return (
                f"{name}: {filled} of {studies} filled, {studies - filled} empty. Nobody can tell any more that in "
                f"{unread} of these the silence is ours{senseless_too}."
            )
        said = (
            f"{name}: {filled} of {studies} filled. In {silent} somebody looked and the source is silent; in {unread} "
            "nobody has looked."
        )
        return said + (f" In {senseless} the question makes no sense." if senseless else "")

    def draw(self, result: Silence, before: Silence | None, words: str) -> Picture:
        counts = result.counts
        names = [_STAR + FIELDS[name].title if name == result.field else FIELDS[name].title for name in counts.index]
        parts = counts[list(_STANDS)].rename(columns=_STANDS)
        if result.merged:
            parts = pd.DataFrame({"filled": parts["filled"], "empty": parts.drop(columns="filled").sum(axis=1)})
        looks: dict[str, dict[str, Any]] = {
            "filled": {"series": 0}, "not reported": {"series": 1}, "not checked": {"series": 3},
            "not applicable": {"ink": "grid"}, "empty": {"ink": "muted"},
        }  # fmt: skip
        ends = {str(name): list(column) for name, column in parts.cumsum(axis=1).items()}
        # The names in their order first; then the bars from the longest to the shortest, each over the last.
        marks = [Bars([], [], flat=True, label=name, **looks[name]) for name in ends]
        marks += [Bars(names, ends[name], flat=True, **looks[name]) for name in reversed(ends)]
        return draw(
            Axes(marks, Axis("Studies", zero=True), Axis(kind="names", names=tuple(names))),
            title="How full the columns are",
            description=words,
        )

    def data(self, result: Silence) -> pd.DataFrame:
        return result.counts.reset_index()


@cache
def _counts(folder: Path, where: str) -> pd.DataFrame:
    return fill_rates(table_of(folder, where)).loc[list(_COLUMNS), list(_STANDS)].astype(int)
