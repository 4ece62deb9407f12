"""The map itself: every study of patients placed, cells counted, and the gaps between them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..identifiers import source_link
from ..review import Review
from ..table import evidence_table
from ..table.evidence import SCREENED, one_of
from ..vocabulary import (
    NOT_RANDOMISED_DESIGNS,
    RANDOMISED_DESIGNS,
    Decision,
    Design,
    Direction,
    Missing,
    Setting,
    Status,
)
from .groups import AXES, REST, Condition, Route, Window
from .regimen import regimen, window
from .rules import CONDITIONS, ROUTES, Placement, Rule, place

STUDY_TYPES = {
    "citation": "string",
    "year": "Int64",
    "title": "string",
    "link": "string",  # address of the main report; empty where it has no identifier
    "counted": "boolean",  # false: shown beside the counts, because of the screening decision
    "decision": "string",  # include, exclude, maybe, unscreened
    "reason": "string",  # given with the decision
    "condition": "string",  # one of `Condition`
    "route": "string",  # one of `Route`
    "followup": "string",  # one of `Window`
    "design": "string",  # empty: not known
    "kind": "string",  # one of `KINDS`
    "people": "Int64",
    "direction": "string",  # one of `Direction`; empty: none
    "harms": "string",  # reported, not reported, not checked, not applicable
    "adverse_events": "string",  # as the table has them
    "condition_text": "string",  # what was read
    "route_text": "string",
    "dose_text": "string",
    "duration_text": "string",
    "followup_text": "string",
    "condition_rule": "string",  # by which rule it was placed
    "condition_why": "string",
    "route_rule": "string",
    "route_why": "string",
    "followup_rule": "string",
    "followup_why": "string",
}
LEFT_OUT_TYPES = {"citation": "string", "title": "string", "link": "string", "reason": "string"}

KINDS = ("randomised", "not randomised", "other or not known")
HARMS = ("reported", *(str(kind) for kind in Missing))
_DIRECTIONS = {str(direction): str(direction).replace(" ", "_") for direction in Direction}
COUNTS = (
    "studies",  # counted studies
    "randomised",
    "not_randomised",
    "design_other",
    "people",  # in studies whose design is known and whose people are their own
    "without_n",  # … those of them whose number of people is not known
    *_DIRECTIONS.values(),
    "no_direction",
    *(f"harms_{name.replace(' ', '_')}" for name in HARMS),
    "beside",  # studies shown but not counted
)
_OWN_PEOPLE = frozenset(str(design) for design in RANDOMISED_DESIGNS | NOT_RANDOMISED_DESIGNS)
_NOT_PATIENTS = {
    Setting.VOLUNTEERS: "healthy volunteers",
    Setting.ANIMALS: "animals",
    Setting.NONE: "no subjects of its own",
}


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many cells hold nothing.

    Attributes:
        cells: rows times columns that stand for a question (`EvidenceMap.asked`).
        without_trial: … that hold no counted randomised trial.
        without_study: … that hold no counted study at all.
        beside: … of those without any study, in which one stands that is not counted.
    """

    cells: int
    without_trial: int
    without_study: int
    beside: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EvidenceMap:
    """An evidence map.

    Attributes:
        studies: one row a study on the map, index its id, columns as in `STUDY_TYPES`.
        left_out: studies of the review that are not on it, index their id, columns as in `LEFT_OUT_TYPES`.
        title, question, how_found: of the review.
        screened: which screening decision is counted.
        where: conditions that every study on the map meets.
        followup: the one window that is shown; empty: all.
        background: conditions of which the review left out every study that it holds: not its question, whatever
            is asked for.
        rules: the rules for conditions and routes.
    """

    studies: pd.DataFrame
    left_out: pd.DataFrame
    title: str
    question: str
    how_found: str
    screened: str
    where: tuple[str, ...]
    followup: str
    background: frozenset[str]
    rules: tuple[Rule, ...]

    def cells(self, *by: str) -> pd.DataFrame:
        """Every cell, the empty ones too: one row for each combination of groups, columns as in `COUNTS`.

        Args:
            by: of condition, route and followup; default: all three.

        >>> from ketalit.review import load_review
        >>> counts = evidence_map(load_review()).cells("condition", "route")
        >>> int(counts.loc[("Cancer pain", "Oral"), "randomised"])
        2
        """
        axes = by or tuple(AXES)
        groups = [[str(group) for group in AXES[one_of("axis", axis, tuple(AXES))]] for axis in axes]
        found: dict[tuple[str, ...], list[Any]] = {}
        row: Any
        for row in self.studies.itertuples():
            found.setdefault(tuple(getattr(row, axis) for axis in axes), []).append(row)
        rows = [_counts(found.get(key, ())) for key in itertools.product(*groups)]
        index = pd.MultiIndex.from_product(groups, names=axes)
        return pd.DataFrame(rows, index=index, columns=list(COUNTS)).astype("Int64")

    def rows(self) -> list[str]:
        """The conditions that are drawn: all, but what could not be placed only where there is any."""
        return self._drawn("condition")

    def columns(self, by: str) -> list[str]:
        """The routes or windows that are drawn: all, but the rest only where there is any."""
        if by == "followup" and self.followup:
            return [self.followup]
        return self._drawn(one_of("axis", by, ("route", "followup")))

    def asked(self, by: str) -> tuple[list[str], list[str]]:
        """The rows and columns whose empty cells are gaps: no background, no rest."""
        left = self.background | REST
        return [one for one in self.rows() if one not in left], [one for one in self.columns(by) if one not in left]

    def gaps(self, by: str = "route") -> Gaps:
        """How many cells of condition by route (or by followup) hold nothing.

        >>> from ketalit.review import load_review
        >>> gaps = evidence_map(load_review()).gaps()
        >>> gaps.cells >= gaps.without_trial >= gaps.without_study >= gaps.beside
        True
        """
        rows, columns = self.asked(by)
        counts = self.cells("condition", by)
        counts = counts.loc[[(row, column) for row in rows for column in columns]]
        return Gaps(
            len(counts),
            int((counts.randomised == 0).sum()),
            int((counts.studies == 0).sum()),
            int(((counts.studies == 0) & (counts.beside > 0)).sum()),
        )

    def totals(self) -> dict[str, int]:
        """What the whole map counts, by the names of `COUNTS`."""
        return _counts(list(self.studies.itertuples()))

    def __repr__(self) -> str:
        from .wording import gaps_line, totals_line

        return f"{self.title}, evidence map: {totals_line(self)} {gaps_line(self, 'route')}"

    def _repr_html_(self) -> str:
        from .picture import picture

        return picture(self)._repr_html_()

    def _drawn(self, by: str) -> list[str]:
        present = set(self.studies[by])
        return [str(group) for group in AXES[by] if group not in REST or str(group) in present]


def evidence_map(
    review: Review,
    *,
    screened: str = "include",
    where: str | Sequence[str] | None = None,
    followup: str = "",
    conditions: Sequence[Rule] = CONDITIONS,
    routes: Sequence[Rule] = ROUTES,
) -> EvidenceMap:
    """The evidence map of a review: studies of patients by condition, route and follow-up.

    One study is one entry, however many reports it has. What is retracted or itself a notice is never on it. Studies
    with another screening decision than `screened` are shown but not counted: what was left out is no gap either.

    Args:
        review: the review.
        screened: the screening decision that is counted: include, maybe, exclude, unscreened or all.
        where: conditions that must all hold, as for the evidence table, e.g. "year>=2010".
        followup: show one window only, a word of `Window` or its beginning.
        conditions, routes: the rules that put studies into rows and columns.

    Raises:
        InputError: an unknown decision, window, field or word; says what was meant.

    >>> from ketalit.review import load_review
    >>> found = evidence_map(load_review())
    >>> found.studies.loc["sigtermans2009", ["condition", "route", "followup"]].tolist()
    ['CRPS', 'IV, repeated or over days', '1 week to 3 months']
    """
    one_of("screening decision", screened, SCREENED)
    only = _window_named(followup)
    table = evidence_table(review, view="full", sort=None, screened="all")
    chosen = evidence_table(review, where=where, sort=None, screened="all") if where else table
    wanted = set(chosen.frame.index)
    winners = table.winners()
    reasons = {row.record: row.reason for row in review.screening}
    placed, left_out = [], []
    within: set[str] = set()  # conditions of which a study is not left out
    without: set[str] = set()
    for study in table.rows():
        shown = {field.name: winners[study.Index, field.name] for field in table.fields}
        identity = _identity(study)
        if excluded := _no_place(study, shown):
            if study.Index in wanted:
                left_out.append({**identity, "reason": excluded})
            continue
        row = {**identity, **_placed(study, shown, conditions, routes)}
        row["counted"] = screened in {"all", study.decision}
        row["reason"] = reasons.get(str(study.records).split("; ", maxsplit=1)[0], "")
        left = study.decision == Decision.EXCLUDE and not row["counted"]
        (without if left else within).add(str(row["condition"]))
        if study.Index not in wanted:
            continue
        if only and row["followup"] != only:
            left_out.append({**identity, "reason": f"follow-up: {row['followup']}"})
        else:
            placed.append(row)
    return EvidenceMap(
        studies=_frame(placed, STUDY_TYPES),
        left_out=_frame(left_out, LEFT_OUT_TYPES),
        title=review.title,
        question=review.question,
        how_found=review.how_found,
        screened=screened,
        where=chosen.where,
        followup=only,
        background=frozenset(without - within - REST),
        rules=(*conditions, *routes),
    )


def _identity(study: Any) -> dict[str, object]:
    links = map(source_link, str(study.identifiers).split("; "))
    link = next((address for address in links if address), "")
    return {"study": study.Index, "citation": study.citation, "year": study.year, "title": study.title, "link": link}


def _no_place(study: Any, shown: Mapping[str, Any]) -> str:
    """Why a study has no place on the map; empty: it has one."""
    if study.status in {Status.RETRACTED, Status.NOTICE}:
        return str(study.status)
    if (setting := shown["setting"].value) in _NOT_PATIENTS:
        return _NOT_PATIENTS[Setting(str(setting))]
    design = shown["design"].value
    if design is None:
        # A report of which neither is known could be anything.
        return "" if setting else "neither its design nor on whom it was done is known"
    if design in _OWN_PEOPLE or (design == Design.OTHER and setting):
        return ""
    return str(design)


def _placed(
    study: Any, shown: Mapping[str, Any], conditions: Sequence[Rule], routes: Sequence[Rule]
) -> dict[str, object]:
    def text(name: str) -> str:
        cell = shown[name]
        return "" if cell.missing else str(cell.text)

    def missing(name: str) -> str:
        return str(shown[name].missing)

    followup = window(text("followup"), text("duration"), missing=missing("followup"))
    condition = place(
        conditions,
        text("condition"),
        title=str(study.title),
        several=Condition.OTHER,
        none=Condition.NOT_PLACED,
        missing=missing("condition"),
    )
    route = place(routes, text("route"), several=Route.OTHER, none=Route.OTHER, missing=missing("route"))
    design = text("design")
    if route.group is Route.IV_ONCE:
        how = regimen(
            text("route"),
            text("dose"),
            text("duration"),
            crossover=design == Design.CROSSOVER_RCT,
            followup=Window(followup.group),
        )
        route = Placement(how.group, f"{route.rule}, {how.rule}", how.why)
    return {
        "decision": study.decision,
        **_spread("condition", condition),
        **_spread("route", route),
        **_spread("followup", followup),
        "design": design,
        "kind": KINDS[0]
        if design in RANDOMISED_DESIGNS
        else KINDS[1]
        if design in NOT_RANDOMISED_DESIGNS
        else KINDS[2],
        "people": shown["n_total"].value,
        "direction": text("primary_direction"),
        "harms": missing("adverse_events") or "reported",
        "adverse_events": str(shown["adverse_events"].text),
        **{f"{name}_text": text(name) for name in ("condition", "route", "dose", "duration", "followup")},
    }


def _spread(axis: str, found: Placement) -> dict[str, object]:
    return {axis: str(found.group), f"{axis}_rule": found.rule, f"{axis}_why": found.why}


def _counts(rows: Sequence[Any]) -> dict[str, int]:
    counted = [row for row in rows if row.counted]
    own = [row for row in counted if row.design in _OWN_PEOPLE]
    counts = dict.fromkeys(COUNTS, 0)
    counts["studies"] = len(counted)
    counts["beside"] = len(rows) - len(counted)
    counts["people"] = sum(int(row.people) for row in own if row.people is not pd.NA)
    counts["without_n"] = sum(row.people is pd.NA for row in own)
    for row in counted:
        counts[{KINDS[0]: "randomised", KINDS[1]: "not_randomised"}.get(row.kind, "design_other")] += 1
        counts[_DIRECTIONS.get(row.direction, "no_direction")] += 1
        counts[f"harms_{row.harms.replace(' ', '_')}"] += 1
    return counts


def _frame(rows: list[dict[str, object]], types: Mapping[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["study", *types])
    return frame.astype({"study": "string", **types}).set_index("study")


def _window_named(word: str) -> str:
    if not word:
        return ""
    found = [str(name) for name in Window if name.lower().startswith(word.strip().lower())]
    return found[0] if len(found) == 1 else one_of("follow-up window", word, tuple(map(str, Window)))
