"""The evidence map: conditions by route or follow-up, and what is left of it when one asks for more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ...figures import Picture
from ...figures.evidence import Cell, Dot, Kind, Words, dot_map
from ...figures.mechanism.reading import capital
from ...mapping import EvidenceMap, evidence_map
from ...mapping.build import KINDS
from ...mapping.wording import SIGNS, caveat_line, ordered, tip
from ...telling import count_of
from ...vocabulary import Direction
from ..chosen import chosen_folder
from ..control import Choice, Number
from ..kept import review_in
from ..panel import Panel, Preset, Setting

ROUTE, FOLLOWUP = "route", "follow-up"
EVERY, TRIALS, HARMS = "all studies", "randomised trials", "randomised trials that tell of harms"
_AXES = {ROUTE: "route", FOLLOWUP: "followup"}
_COLUMNS = [
    "citation", "year", "condition", "route", "followup", "design", "people", "direction", "harms", "counted",
]  # fmt: skip
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
    return evidence_map(review_in(folder))


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
        axis = _AXES[now.by]
        _, _, asked, studies = _laid(chosen_folder(), axis)
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
            (at, beside): Cell(shaded=(row, column) in asked - held, empty="0" if (row, column) in asked else "")
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
            subtitle=capital(result.count) + (f", {result.least:g} people or more" if result.least else ""),
            description=words,
            note=f"{then}{caveat_line(found)}",
            width=720,
        )  # fmt: skip

    def data(self, result: Landscape) -> pd.DataFrame:
        rows = [[getattr(one, name) for name in _COLUMNS] for one in result.studies]
        return pd.DataFrame(rows, columns=_COLUMNS)


def _wanted(one: Any, count: str, least: float) -> bool:
    if least and (one.people is pd.NA or one.people < least):
        return False
    if count == EVERY:
        return True
    return one.kind == KINDS[0] and (count == TRIALS or one.harms == "reported")
