"""The map as dots."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..figures import Picture
from ..figures.evidence import Cell, Dot, Kind, Words, dot_map
from ..vocabulary import Direction
from .build import KINDS, EvidenceMap
from .wording import BY, MAP_ADVICE, SIGNS, background_line, gaps_line, in_words, ordered, tip, totals_line

_INKS = {
    Direction.INTERVENTION: "s0",
    Direction.NO_DIFFERENCE: "s4",
    Direction.COMPARATOR: "s1",
    Direction.MIXED: "s3",
}
_KINDS = [
    *(Kind(str(direction), ink, SIGNS[direction]) for direction, ink in _INKS.items()),
    Kind("no direction", "muted"),
]
_PLACES = {kind.label: place for place, kind in enumerate(_KINDS)}
_FILLED = {KINDS[0]: True, KINDS[1]: False}


def picture(found: EvidenceMap, by: str = "route", *, width: float = 980.0) -> Picture:
    """The map as a picture: one dot a study, rows of conditions, columns of routes or of follow-up.

    Args:
        found: the map.
        by: route or followup.
        width: of the picture, px; below 640 the cells of a row stand under one another.

    >>> from ketalit.mapping import evidence_map
    >>> from ketalit.review import load_review
    >>> shown = picture(evidence_map(load_review(), where="condition~phantom"))
    >>> "Eichenberger 2008: crossover RCT, 20 people" in shown.svg
    True
    """
    rows, columns = found.rows(), found.columns(by)
    asked_rows, asked_columns = found.asked(by)
    counts = found.cells("condition", by)
    cells = {}
    for at, row in enumerate(rows):
        for beside, column in enumerate(columns):
            cell: Any = counts.loc[(row, column)]
            note = f"harms {cell['harms_reported']}/{cell['studies']}" if cell["studies"] else ""
            asked = row in asked_rows and column in asked_columns
            cells[at, beside] = Cell(note=note, shaded=asked and not cell["randomised"], empty="0" if asked else "")
    dots = [
        Dot(
            row=rows.index(study.condition),
            column=columns.index(getattr(study, by)),
            size=None if study.people is pd.NA else float(study.people),
            filled=_FILLED.get(study.kind),
            kind=_PLACES[study.direction or "no direction"],
            faint=not study.counted,
            tip=tip(study),
        )
        for study in ordered(found, by)
    ]
    background = found.background
    return dot_map(
        dots,
        [(row, "background" if row in background else "") for row in rows],
        columns,
        kinds=_KINDS,
        cells=cells,
        legend=Words(
            filled="randomised",
            ring="not randomised",
            broken="design other or not known",
            faint="pale: not counted" if (~found.studies.counted).any() else "",
            shaded="no randomised trial",
        ),
        title=f"{found.title}: studies by {BY[by]}",
        description=f"{totals_line(found)} {in_words(found, by)}",
        subtitle=gaps_line(found, by),
        note=f"{totals_line(found)} {background_line(found)} Harms a/b: told in a of b studies. A map of this review, "
        f"which may lack studies. {MAP_ADVICE}",
        width=width,
    )
