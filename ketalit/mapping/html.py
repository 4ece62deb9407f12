"""The map as one HTML page that needs nothing else and runs nothing: pictures, counts, and the studies behind them."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from markupsafe import Markup

from .. import templates
from .build import EvidenceMap
from .groups import Window
from .picture import picture
from .regimen import REGIMENS, WINDOWS
from .wording import (
    BY,
    MAP_ADVICE,
    background_line,
    caveat_line,
    cell_words,
    gaps_line,
    not_counted,
    ordered,
    selection_line,
    totals_line,
)

_WIDTHS = {"wide": 1100.0, "middle": 700.0, "narrow": 340.0}


def render(found: EvidenceMap, by: str = "route") -> str:
    """The page. Equal maps give equal pages.

    >>> from ketalit.mapping import evidence_map
    >>> from ketalit.review import load_review
    >>> "<script" in render(evidence_map(load_review(), where="condition~phantom"))
    False
    """
    axes = [by, *(axis for axis in BY if axis != by)]
    return templates.render(
        "map.html",
        title=found.title,
        question=found.question,
        totals=totals_line(found),
        background=background_line(found),
        caveat=caveat_line(found),
        selection=selection_line(found),
        no_advice=MAP_ADVICE,
        maps=[_map(found, axis) for axis in axes],
        groups=_groups(found),
        left_out=list(found.left_out.itertuples()),
        rules=found.rules,
        windows=[(str(name), WINDOWS[name]) for name in Window],
        regimens=REGIMENS.values(),
    )


def _map(found: EvidenceMap, by: str) -> dict[str, Any]:
    counts = found.cells("condition", by)
    columns = found.columns(by)
    background = found.background
    rows = []
    for row in found.rows():
        cells = [
            {
                "lines": [line for line in cell_words(counts.loc[row, column]).split("; ") if line],
                "anchor": _anchor(row, column if by == "route" else ""),
            }
            for column in columns
        ]
        rows.append({"name": row, "background": row in background, "cells": cells})
    return {
        "heading": f"By {BY[by]}",
        "by": by,
        "gaps": gaps_line(found, by),
        "columns": columns,
        "rows": rows,
        "pictures": [
            {"class": name, "svg": Markup(picture(found, by, width=width).svg)} for name, width in _WIDTHS.items()
        ],
    }


def _groups(found: EvidenceMap) -> list[dict[str, Any]]:
    """The studies behind each cell: conditions, in them routes, in them studies."""
    groups: dict[str, dict[str, list[Any]]] = {row: {} for row in found.rows()}
    for study in ordered(found):
        groups[study.condition].setdefault(study.route, []).append(study)
    return [
        {
            "name": row,
            "anchor": _anchor(row, ""),
            "cells": [
                {"name": route, "anchor": _anchor(row, route), "studies": [_study(one) for one in studies]}
                for route, studies in cells.items()
            ],
        }
        for row, cells in groups.items()
        if cells
    ]


def _study(study: Any) -> dict[str, Any]:
    given = "; ".join(one for one in (study.route_text, study.dose_text, study.duration_text) if one)
    return {
        "id": study.Index,
        "citation": study.citation,
        "title": study.title,
        "link": study.link,
        "counted": study.counted,
        "not_counted": "" if study.counted else not_counted(study),
        "design": study.design or "not known",
        "people": "not known" if study.people is pd.NA else f"{study.people:,}",
        "condition": study.condition_text or "not told",
        "given": given or "not told",
        "followup": study.followup_text or study.followup.lower(),
        "window": study.followup.lower() if study.followup_text.lower() not in {"", study.followup.lower()} else "",
        "direction": study.direction or "no direction",
        "harms": study.adverse_events,
        "harms_missing": study.harms != "reported",
        "because": [
            (name, why, rule or "no rule")
            for name, why, rule in (
                ("Condition", study.condition_why, study.condition_rule),
                ("Route", study.route_why, study.route_rule),
                ("Follow-up", study.followup_why, study.followup_rule),
            )
        ],
    }


def _anchor(row: str, column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{row} {column}".lower()).strip("-")
