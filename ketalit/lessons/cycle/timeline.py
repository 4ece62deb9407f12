"""What the refresh of each day reports, one kind of news at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from ...figures import Axis, Line, Picture, Points, draw
from ...figures import Panel as Axes
from ...refresh import Kind
from ...refresh.report import Change
from ...refresh.wording import headline, sections
from ...telling import count_of
from ..control import Choice
from ..panel import Panel, Setting
from .common import MAY, NOVEMBER, SYNTHETIC_WORDS, days

ALL, DRIFT, SAME = "everything", "search drift", "as it was"
_SHOWN = (
    Kind.RETRACTED, Kind.CONCERN, Kind.CORRECTED, Kind.SUPERSEDED, Kind.NEW, Kind.CHECKED_TEXT, Kind.GONE,
)  # fmt: skip
PARTS = (ALL, *map(str, _SHOWN), DRIFT)
_BRIEF = {str(Kind.CHECKED_TEXT): "text changed", str(Kind.NEW): "new", str(Kind.MINOR): "headings added"}
_MOVES = {
    str(Kind.RETRACTED): (
        "Read the notice. Leave the study out of every sum and say so; make every file again that you exported before."
    ),
    str(Kind.CONCERN): (
        "Nothing is settled yet. Do what the protocol says about such studies, and show the result without it."
    ),
    str(Kind.CORRECTED): (
        "Open the erratum. It corrects a dose, and the dose is a checked value: hold the one against the other."
    ),
    str(Kind.SUPERSEDED): "Look in the newer version for studies that you lack, and cite it instead.",
    str(Kind.NEW): "Screen all of them as you screened the others. A notice is found like a study, and is none.",
    str(Kind.CHECKED_TEXT): "Hold each value against the new text, keep it or change it, and write down why.",
    str(Kind.GONE): "Look for it by its DOI; it may have been merged into another record. What you stored is kept.",
    DRIFT: "Read how the query is understood now, repair it, and write both versions down with their dates.",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of one record: `kind` names the part of the report it stands in; `known`: it was there in May."""

    record: str
    citation: str
    kind: str
    decision: str
    known: bool


@cache
def _happened() -> tuple[Happened, ...]:
    """All records, in the order of the report; those that nothing happened to come last."""
    first, second = days()
    decided = {row.record: str(row.decision) for row in first.review.screening}

    def one(record: str, citation: str, kind: str, *, known: bool = True) -> Happened:
        return Happened(record, citation, kind, decided.get(record, "not screened"), known)

    changes = [one(item.record, _name(item), str(item.kind), known=item.kind is not Kind.NEW)
               for item in second.report.changes]  # fmt: skip
    lost = [one(item.record, item.citation, DRIFT)
            for search in second.report.searches for item in search.lost if not item.gone]  # fmt: skip
    at = next((at for at, item in enumerate(changes) if item.kind == Kind.MINOR), len(changes))
    changes[at:at] = lost
    told = {item.record for item in changes}
    rest = [one(name, record.short, SAME) for name, record in first.review.records.items() if name not in told]
    return (*changes, *rest)


def _name(change: Change) -> str:
    """How a record is called in a picture; a notice has editors for authors, and a long name."""
    return "Retraction notice 2026" if change.design == "retraction" else change.citation


@dataclass(frozen=True, slots=True)
class Told:
    """A part of the report of a day."""

    day: str
    part: str

    def tells(self, one: Happened) -> bool:
        """Whether the record stands in this part."""
        return self.day == NOVEMBER and (one.kind == self.part or (self.part == ALL and one.kind != SAME))


class Timeline(Panel):
    """What the refresh of each day reports, one kind of news at a time.

    >>> Timeline(part="retracted").seen()[:41]
    '1 November 2026, retracted: Basalt 2016. '
    """

    name = "cycle"
    title = "Two days, one report"
    notice = (
        "Each line is a record, in the order in which the report of November tells of it. Step to 1 May and back, then "
        "go through the parts one at a time: what happened, what the table does by itself, and what is left to you."
    )
    find = "the two parts of the report that change the table, although nobody has decided anything."
    limits = (
        f"{SYNTHETIC_WORDS} One of everything in six months is a teaching device, not a rate. A refresh sees what "
        "PubMed says of a record; a retraction of which PubMed does not know yet, or a work that PubMed does not hold, "
        "it cannot see."
    )
    sources = (
        ("How NLM links errata, retractions and other notices", "https://www.nlm.nih.gov/bsd/policy/errata.html"),
    )
    controls = (
        Choice(
            key="day", label="Refreshed on", value=NOVEMBER, options=(MAY, NOVEMBER),
            about="The first refresh, or the one six months later",
        ),
        Choice(
            key="part", label="Part of the report", value=ALL, options=PARTS,
            about="In the order of the report: most important first",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> Told:
        return Told(now.day, now.part)

    def words(self, result: Told) -> str:
        first, second = (day.report for day in days())
        if result.day == MAY:
            return f"{MAY}. {headline(first)}"
        if result.part == ALL:
            return headline(second)
        names = ", ".join(one.citation for one in _happened() if result.tells(one))
        return f"{NOVEMBER}, {result.part}: {names}. {_table_does(result)} {_MOVES[result.part]}"

    def draw(self, result: Told, before: Told | None, words: str) -> Picture:
        records = _happened()
        names = tuple(one.citation for one in records)
        told = [one for one in records if result.tells(one)]
        there = [one for one in records if one.known]
        marks: list[Any] = []
        if result.day == NOVEMBER:
            for one in there:
                chosen = one in told and result.part != ALL
                marks.append(
                    Line(
                        [MAY, NOVEMBER],
                        [one.citation] * 2,
                        ink="s1" if chosen else "muted",
                        width=2.2 if chosen else 1.0,
                    )
                )
        marks.append(_dots(MAY, there, label="a record of the review", ink="muted", shape="circle"))
        if result.day == NOVEMBER:
            flagged = [one for one in told if one.known and one.kind != Kind.GONE]
            stands = [one for one in there if one not in flagged and one.kind != Kind.GONE]
            marks += [
                _dots(NOVEMBER, stands, ink="muted", shape="circle"),
                _dots(NOVEMBER, flagged, label="something happened to it", ink="s1", shape="diamond", size=7),
            ]
            for shape, label, ink, group in (
                ("cross", "gone from PubMed", "s1", [one for one in records if one.kind == Kind.GONE]),
                ("triangle", "new", "s0", [one for one in records if not one.known]),
            ):
                chosen = group[0] in told
                size = 7 if chosen else 5
                marks.append(
                    _dots(NOVEMBER, group, label=label, ink=ink if chosen else "muted", shape=shape, size=size)
                )
        marks = [mark for mark in marks if not isinstance(mark, Points) or len(mark.x)]
        beside = tuple(_BRIEF.get(one.kind, one.kind) if one in told else "" for one in records)
        return draw(
            Axes(
                marks,
                Axis(kind="names", names=(MAY, NOVEMBER)),
                Axis(kind="names", names=names, beside=beside if any(beside) else ()),
                height=24 * len(names),
            ),
            title="The records of a review on two days",
            subtitle=f"SYNTHETIC. Shown: {result.part}, refresh of {result.day}",
            description=words,
            note=_note(result),
        )

    def data(self, result: Told) -> pd.DataFrame:
        rows = [
            (one.record, one.citation, one.decision if one.known else "not there", one.kind, result.tells(one))
            for one in _happened()
        ]
        return pd.DataFrame(rows, columns=["record", "citation", "in_may", "in_november", "shown"])


def _dots(day: str, records: Sequence[Happened], *, label: str = "", ink: str, shape: str, size: float = 5) -> Points:
    names = [one.citation for one in records]
    return Points([day] * len(names), names, label=label, ink=ink, shape=shape, sizes=size)


def _table_does(result: Told) -> str:
    """What the table does by itself with the records of a part of the report."""
    means = days()[1].report.consequences
    told = {one.record for one in _happened() if result.tells(one)}
    rows = [f"{row.citation} is {row.what}" for row in means.rows if row.study in told]
    cells = Counter("stays" if cell.kept else "reads otherwise" for cell in means.cells if cell.study in told)
    if cells:
        rows.append(
            f"{count_of(cells['reads otherwise'], 'cell')} that the program reads changed, and "
            f"{count_of(cells['stays'], 'cell')} that a person checked stayed"
        )
    return f"In the table: {'; '.join(rows)}." if rows else "The table counts as before."


def _note(result: Told) -> str:
    if result.day == MAY:
        return "The first refresh compares with what was entered by hand, and finds all of it current."
    if result.part == ALL:
        return "From top to bottom as in the report. Choose a part to read what it says, and what is left to you."
    name = next((kind.name.lower().replace("_", "-") for kind in Kind if kind == result.part), "drift")
    section = next(one for one in sections(days()[1].report) if one.name == name)
    said = [f"{item.head}: {'; '.join(item.lines)}" if item.lines else item.head for item in section.items]
    # The values and the words that changed have a panel of their own.
    told = [section.intro, *(f"{one}." if not one.endswith(".") else one for one in said)]
    return f"The report: {' '.join(filter(None, told))}"
