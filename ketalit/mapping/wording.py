"""What every rendering of a map says: totals, gaps, caveats, a cell in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..table import NO_ADVICE
from ..telling import count_of
from ..vocabulary import Direction
from .build import EvidenceMap
from .groups import AXES

MAP_ADVICE = NO_ADVICE.replace("This table", "This map")
BY = {"route": "condition and route", "followup": "condition and follow-up"}

# The sign of each direction; it stands for it wherever there is no colour.
SIGNS = {
    Direction.INTERVENTION: "+",
    Direction.NO_DIFFERENCE: "=",
    Direction.COMPARATOR: "−",
    Direction.MIXED: "±",
}
SIGN_COLUMNS = {str(direction).replace(" ", "_"): sign for direction, sign in SIGNS.items()}


def totals_line(found: EvidenceMap) -> str:
    """What is on the map.

    >>> from ketalit.mapping import evidence_map
    >>> from ketalit.review import load_review
    >>> totals_line(evidence_map(load_review(), where="condition~ischaem"))
    '2 studies: 2 randomised, 0 not; 43 people. Harms told in 1 of 2.'
    """
    counts = found.totals()
    kinds = f"{counts['randomised']} randomised, {counts['not_randomised']} not"
    if counts["design_other"]:
        kinds += f", {counts['design_other']} of other or unknown design"
    people = count_of(counts["people"], "person", "people")
    if counts["without_n"]:
        people += f" ({counts['without_n']} of unknown size)"
    if counts["design_other"]:
        people += f" (not counting the {counts['design_other']})"
    line = f"{count_of(counts['studies'], 'study', 'studies')}: {kinds}; {people}."
    if counts["studies"]:
        line += f" Harms told in {counts['harms_reported']} of {counts['studies']}."
    if counts["beside"]:
        line += f" {counts['beside']} more shown, not counted: their screening decision is not “{found.screened}”."
    return line


def gaps_line(found: EvidenceMap, by: str) -> str:
    """How many cells are empty: the message of a map.

    >>> from ketalit.mapping import evidence_map
    >>> from ketalit.review import load_review
    >>> gaps_line(evidence_map(load_review(), where="year=1800"), "followup")[:44]
    'Of studies where year=1800: 32 of 32 cells o'
    """
    gaps = found.gaps(by)
    if not gaps.cells:
        return ""
    among = [f"with follow-up {found.followup.lower()}"] if found.followup else []
    among += [f"where {condition}" for condition in found.where]
    only = f"Of studies {', '.join(among)}: " if among else ""
    line = (
        f"{only}{gaps.without_trial} of {count_of(gaps.cells, 'cell')} of {BY[by]} hold no randomised trial, "
        f"{gaps.without_study} no study at all"
    )
    return f"{line} (among these {gaps.beside} with one that is shown but not counted)." if gaps.beside else f"{line}."


def background_line(found: EvidenceMap) -> str:
    """Which rows are no question of the review, so that nobody takes their empty cells for gaps."""
    names = [row for row in found.rows() if row in found.background]
    if not names:
        return ""
    return (
        f"Background: {', '.join(names)}. The review left these studies out and holds only some of them; "
        "empty cells there are not counted."
    )


def caveat_line(found: EvidenceMap) -> str:
    """What an empty cell does not mean."""
    return f"An empty cell says that this review holds no such study, not that there is none. {found.how_found}".strip()


def selection_line(found: EvidenceMap) -> str:
    """What was asked for."""
    parts = [f"screening decision {found.screened}"]
    parts += [f"where {condition}" for condition in found.where]
    if found.followup:
        parts.append(f"follow-up: {found.followup}")
    return "; ".join(parts)


def directions(cell: Any) -> str:
    """The directions of a cell by their signs, e.g. "+6 =1 ±1"."""
    return " ".join(f"{sign}{cell[name]}" for name, sign in SIGN_COLUMNS.items() if cell[name])


def cell_words(cell: Any) -> str:
    """A cell in words; empty where nothing stands in it.

    >>> from ketalit.mapping import evidence_map
    >>> from ketalit.review import load_review
    >>> cells = evidence_map(load_review()).cells("condition", "route")
    >>> cell_words(cells.loc[("Cancer pain", "Oral")])
    '2 randomised, 244 people; no significant difference 2; harms told in 0 of 2'
    """
    parts = []
    if cell["studies"]:
        kinds = [
            f"{cell[name]} {words}"
            for name, words in (
                ("randomised", "randomised"),
                ("not_randomised", "not randomised"),
                ("design_other", "of other or unknown design"),
            )
            if cell[name]
        ]
        people = [count_of(int(cell["people"]), "person", "people")] if cell["people"] else []
        parts.append(", ".join([*kinds, *people]))
        leaning = [f"{name.replace('_', ' ')} {cell[name]}" for name in SIGN_COLUMNS if cell[name]]
        parts += [", ".join(leaning)] if leaning else []
        parts.append(f"harms told in {cell['harms_reported']} of {cell['studies']}")
    if cell["beside"]:
        parts.append(f"{cell['beside']} not counted")
    return "; ".join(parts)


def in_words(found: EvidenceMap, by: str) -> str:
    """The whole map in words, row by row, for who cannot see it."""
    counts = found.cells("condition", by)
    lines = []
    for row in found.rows():
        said = [f"{one}: {words}" for one in found.columns(by) if (words := cell_words(counts.loc[row, one]))]
        lines.append(f"{row}. {'. '.join(said) or 'No study'}.")
    return " ".join([gaps_line(found, by), *lines])


def tip(study: Any) -> str:
    """What a dot tells when a mouse is held over it."""
    people = "number of people not known" if study.people is pd.NA else count_of(int(study.people), "person", "people")
    parts = [
        f"{study.citation}: {study.design or 'design not known'}, {people}",
        study.direction or "no direction",
        f"{study.route}; follow-up {study.followup_text or study.followup.lower()}",
        "harms told" if study.harms == "reported" else f"harms {study.harms}",
    ]
    if not study.counted:
        parts.append(not_counted(study))
    return ". ".join(str(part) for part in parts)


def not_counted(study: Any) -> str:
    """Why a study is shown and not counted."""
    said = {"exclude": "excluded", "maybe": "undecided", "unscreened": "not screened", "include": "included"}
    return f"not counted: {said[study.decision]}" + (f" ({study.reason})" if study.reason else "")


def placed_because(study: Any) -> list[str]:
    """Why a study stands where it stands: a line each for condition, route and follow-up."""
    return [
        f"condition: {study.condition_why} [{study.condition_rule or 'no rule'}]",
        f"route: {study.route_why} [{study.route_rule or 'no rule'}]",
        f"follow-up: {study.followup_why} [{study.followup_rule}]",
    ]


def ordered(found: EvidenceMap, by: str = "route") -> list[Any]:
    """The studies in the order of the map, largest first within a cell."""
    rows, columns = ([str(group) for group in AXES[axis]] for axis in ("condition", by))

    def key(study: Any) -> tuple[Any, ...]:
        size = 0 if study.people is pd.NA else int(study.people)
        return rows.index(study.condition), columns.index(getattr(study, by)), not study.counted, -size, study.citation

    return sorted(found.studies.itertuples(), key=key)
