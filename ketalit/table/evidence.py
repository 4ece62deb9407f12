"""The evidence table: one row per study, one typed column per field, and behind each cell where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from typing import Any

import pandas as pd

from ..errors import InputError
from ..escaping import terminal
from ..fields import FIELDS, VIEWS, Field
from ..records.model import Record
from ..review import Review, Search
from ..studies import Study, studies
from ..vocabulary import NOT_RANDOMISED_DESIGNS, RANDOMISED_DESIGNS, Decision, Missing, Setting, Status
from .cells import cells
from .selection import Column, holds, order, parse_conditions

NO_ADVICE = "This table states evidence. It gives no medical advice."
SCREENED = (*Decision, "unscreened", "all")

IDENTITY = {
    "citation": "string",  # first author and year of the main report
    "year": "Int64",
    "title": "string",  # of the main report
    "records": "string",  # ids of the reports, main one first
    "identifiers": "string",  # of the main report
    "identifier_status": "string",  # verified, unverified (entered from memory, not yet seen), none
    "status": "string",  # of the main report: current, corrected, expression of concern, retracted, is itself a notice
    "decision": "string",  # include, exclude, maybe, unscreened
    "counted": "boolean",  # false for what is retracted or itself a notice: shown, never counted
}

# Designs whose n are people seen by that study; reviews would count the same people again.
_PRIMARY = RANDOMISED_DESIGNS | NOT_RANDOMISED_DESIGNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a table counts: studies, not reports; nothing that is retracted.

    Attributes:
        studies: studies counted.
        reports: reports of these studies.
        people: people in the primary studies among them (reviews would count them again, animals are none).
        without_n: primary studies whose number of people is not known.
        retracted, notices: rows shown but not counted.
        by_design: studies counted, by design.
        decisions: all studies of the review by screening decision, shown here or not.
    """

    studies: int
    reports: int
    people: int
    without_n: int
    retracted: int
    notices: int
    by_design: Mapping[str, int]
    decisions: Mapping[str, int]

    def __str__(self) -> str:
        parts = [f"{_count(self.studies, 'study', 'studies')} ({_count(self.reports, 'report', 'reports')})"]
        people = f"{_count(self.people, 'person', 'people')} in primary studies"
        if self.without_n:
            people += f" ({self.without_n} of unknown size)"
        parts.append(people)
        if self.retracted:
            parts.append(f"{self.retracted} retracted, shown struck through and not counted")
        if self.notices:
            parts.append(f"{_count(self.notices, 'notice', 'notices')}, not counted")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EvidenceTable:
    """An evidence table.

    Attributes:
        frame: indexed by study id; the columns of `IDENTITY`, then the fields of the view, as typed values
            (Int64, Float64, boolean, string); a cell without a value is missing in it, and why stands in `cells`.
        cells: every candidate value of these studies and fields (`ketalit.table.cells.CELL_TYPES`).
        view, where, sort, screened: what was asked for.
        fields: the fields shown, in order.
        totals: what the table counts.
        records: the reports of the studies shown, in the order of the table.
        title, question, how_found, searches: of the review.
    """

    frame: pd.DataFrame
    cells: pd.DataFrame
    view: str
    where: tuple[str, ...]
    sort: str
    screened: str
    fields: tuple[Field, ...]
    totals: Totals
    records: tuple[Record, ...]
    title: str
    question: str
    how_found: str
    searches: tuple[Search, ...]

    def rows(self) -> Iterator[Any]:
        """The rows of `frame` as named tuples; `Index` is the study."""
        return iter(self.frame.itertuples())

    def candidates(self) -> dict[tuple[str, str], list[Any]]:
        """For each study and field its rows of `cells` as named tuples, the one shown first."""
        found: dict[tuple[str, str], list[Any]] = {}
        row: Any
        for row in self.cells.itertuples(index=False):
            found.setdefault((row.study, row.field), []).append(row)
        return found

    def winners(self) -> dict[tuple[str, str], Any]:
        """The row shown for each study and field."""
        return {key: rows[0] for key, rows in self.candidates().items()}

    def shown(self) -> pd.DataFrame:
        """The table as people read it: texts, with the words of `Missing` where there is no value.

        >>> from ketalit.review import load_review
        >>> evidence_table(load_review(), where="n_total>=400").shown().loc["gewandter2014", "n"]
        '462'
        """
        winners = self.winners()
        rows = {
            study.Index: {
                "Study": study.citation,
                **{field.title: winners[study.Index, field.name].text for field in self.fields},
            }
            for study in self.rows()
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=["Study", *(one.title for one in self.fields)])

    def trace(self, study: str, field: str) -> pd.DataFrame:
        """Everything behind one cell, the value shown first: who says what, and where it can be read.

        Raises:
            InputError: this table has no such study or field.

        >>> from ketalit.review import load_review
        >>> evidence_table(load_review()).trace("sigtermans2009", "n_total").loc[0, "link"]
        'https://pubmed.ncbi.nlm.nih.gov/19604642/'
        """
        one_of("study", study, tuple(self.frame.index))
        one_of("field", field, tuple(one.name for one in self.fields))
        rows = self.cells[(self.cells.study == study) & (self.cells.field == field)]
        return rows[["text", "origin", "checked", "source", "locator", "link", "quote", "note"]].reset_index(drop=True)

    def __repr__(self) -> str:
        return f"{self.title}, {self.view} view: {self.totals}"

    def _repr_html_(self) -> str:
        shown = self.shown()
        left = 'style="text-align: left; vertical-align: top"'  # notebooks align cells to the right
        head = "".join(f'<th scope="col" {left}>{escape(str(title))}</th>' for title in shown.columns)
        rows = "".join(
            f"<tr>{''.join(f'<td {left}>{escape(terminal(text))}</td>' for text in row)}</tr>"
            for row in shown.itertuples(index=False)
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{table}<p>{escape(str(self.totals))}. {NO_ADVICE}</p>"

    def to_json(self) -> str:
        """The table as JSON: the studies with, for each field, the value shown and its source."""
        shown = self.winners()
        keys = (
            "text",
            "missing",
            "unit",
            "origin",
            "checked",
            "confidence",
            "locator",
            "source",
            "link",
            "quote",
            "note",
        )
        rows = []
        for study in self.rows():
            identity = {name: _plain(getattr(study, name)) for name in IDENTITY}
            values = {}
            for field in self.fields:
                cell = shown[study.Index, field.name]
                values[field.name] = {
                    "value": cell.value,
                    **{key: getattr(cell, key) for key in keys if getattr(cell, key)},
                    "conflict": bool(cell.conflict),
                }
            rows.append({"study": study.Index, **identity, "fields": values})
        totals = {name: getattr(self.totals, name) for name in Totals.__slots__}
        whole = {"title": self.title, "view": self.view, "totals": totals, "studies": rows}
        return json.dumps(whole, ensure_ascii=False, indent=2, default=dict)


def view_fields(view: str) -> tuple[Field, ...]:
    """The fields of a view, in order.

    Raises:
        InputError: there is no such view.

    >>> [field.name for field in view_fields("safety")][:3]
    ['design', 'n_total', 'condition']
    """
    one_of("view", view, tuple(VIEWS))
    return tuple(FIELDS[name] for name in VIEWS[view])


def evidence_table(
    review: Review,
    *,
    view: str = "design",
    where: str | Sequence[str] | None = None,
    sort: str | None = "design,-year",
    screened: str = "include",
) -> EvidenceTable:
    """The evidence table of a review.

    Args:
        review: the review.
        view: design, outcomes, safety or full. Harms stand beside benefits in every view that shows results.
        where: conditions that must all hold, e.g. "n_total>=30" or "condition~CRPS AND year>=2010"
            (`ketalit.table.selection`); any field may be named, shown or not.
        sort: keys such as "design,-year"; None keeps the order of the review.
        screened: which studies: include, maybe, exclude, unscreened or all.

    Raises:
        InputError: no review, or an unknown view, field, word or screening decision; says what was meant.

    >>> from ketalit.review import load_review
    >>> table = evidence_table(load_review(), view="outcomes", where="design=crossover RCT")
    >>> "adverse_events" in table.frame.columns
    True
    """
    if not hasattr(review, "screening"):  # a folder or nothing, in a notebook that no type checker reads
        what, step = f"{review!r} is not a review", "evidence_table(load_review(folder))"
        raise InputError(what, expected="what load_review() gives", next_step=step)
    shown_fields = view_fields(view)
    one_of("screening decision", screened, SCREENED)
    columns = _columns()
    conditions = parse_conditions(where, columns)
    everything = studies(review)
    chosen = [study for study in everything if screened in {"all", _decision(study)}]

    names = {field.name for field in shown_fields}
    found = cells(review, chosen, whole=names)
    winners = found[found.winner.astype(bool)]
    identity = pd.DataFrame([_identity(study, review) for study in chosen], columns=["study", *IDENTITY])
    identity = identity.astype({"study": "string", **IDENTITY}).set_index("study")
    typed = identity.join(_wide(winners, "value", identity.index))
    shown = identity.join(_wide(winners, "text", identity.index))
    typed["study"] = shown["study"] = typed.index
    keep = pd.Series(True, index=typed.index)
    for condition in conditions:
        keep &= holds(condition, typed, shown)
    positions = order(typed, sort, columns)
    frame = typed.iloc[[at for at in positions if keep.iloc[at]]]
    frame = frame[[*IDENTITY, *(field.name for field in FIELDS.values())]]

    rows = {study.id: study for study in chosen}
    kept = [rows[name] for name in frame.index]
    place = {name: at for at, name in enumerate(frame.index)}
    behind = found[found.study.isin(frame.index) & found.field.isin(names)]
    behind = behind.sort_values("study", key=lambda column: column.map(place), kind="stable")
    return EvidenceTable(
        frame=frame[[*IDENTITY, *(field.name for field in shown_fields)]],
        cells=behind.reset_index(drop=True),
        view=view,
        where=(where,) if isinstance(where, str) else tuple(where or ()),
        sort=sort or "",
        screened=screened,
        fields=shown_fields,
        totals=_totals(frame, kept, everything),
        records=tuple(review.records[name] for study in kept for name in study.records),
        title=review.title,
        question=review.question,
        how_found=review.how_found,
        searches=review.searches,
    )


def fill_rates(table: EvidenceTable) -> pd.DataFrame:
    """How full each column is, over the studies that count.

    Columns: `studies`; `filled`, `not_reported`, `not_checked`, `not_applicable` (numbers of studies);
    `filled_share` = filled / (studies - not applicable), the strict one; `answered_share` = (filled + not
    reported + not applicable) / studies: somebody looked and the table says what came of it.

    >>> from ketalit.review import load_review
    >>> list(fill_rates(evidence_table(load_review())).columns)[-2:]
    ['filled_share', 'answered_share']
    """
    counted = table.frame.index[table.frame["counted"].astype(bool)]
    winners = table.cells[table.cells.winner.astype(bool) & table.cells.study.isin(counted)]
    rows = []
    for field in table.fields:
        missing = winners.loc[winners.field == field.name, "missing"]
        counts = {"filled": int((missing == "").sum())}
        counts |= {str(kind).replace(" ", "_"): int((missing == kind).sum()) for kind in Missing}
        applicable = len(missing) - counts["not_applicable"]
        rows.append(
            {
                "field": field.name,
                "studies": len(missing),
                **counts,
                "filled_share": counts["filled"] / applicable if applicable else None,
                "answered_share": 1 - counts["not_checked"] / len(missing) if len(missing) else None,
            }
        )
    names = ["field", "studies", "filled", *(str(kind).replace(" ", "_") for kind in Missing)]
    rates = pd.DataFrame(rows, columns=[*names, "filled_share", "answered_share"]).set_index("field")
    return rates.astype(dict.fromkeys(names[1:], "Int64") | {"filled_share": "Float64", "answered_share": "Float64"})


def _columns() -> dict[str, Column]:
    """What may be named in a condition or as a sort key."""
    closed = {"identifier_status": ("verified", "unverified", "none"), "status": tuple(Status)}
    closed |= {"decision": (*Decision, "unscreened"), "counted": ("yes", "no")}
    identity = {
        name: Column(name, number=kind == "Int64", choices=closed.get(name, ())) for name, kind in IDENTITY.items()
    }
    fields = {
        field.name: Column(
            field.name,
            number=field.kind in {int, float},
            choices=("yes", "no") if field.kind is bool else field.choices,
        )
        for field in FIELDS.values()
    }
    return {"study": Column("study"), **identity, **fields}


def _dtype(field: Field) -> str:
    return {bool: "boolean", int: "Int64", float: "Float64"}.get(field.kind, "string")


def _wide(winners: pd.DataFrame, column: str, index: pd.Index[Any]) -> pd.DataFrame:
    """Winners as one row per study; values in the type of their field, texts as texts."""
    wide = winners.pivot(index="study", columns="field", values=column).reindex(index=index, columns=list(FIELDS))
    return wide.astype({name: _dtype(field) if column == "value" else "string" for name, field in FIELDS.items()})


def _decision(study: Study) -> str:
    return str(study.decision) if study.decision else "unscreened"


def _identity(study: Study, review: Review) -> dict[str, object]:
    main = review.records[study.records[0]]
    if not main.identifiers:
        verified = "none"
    else:
        verified = "unverified" if {"pmid", "pmcid", "doi"} & set(main.unverified) else "verified"
    return {
        "study": study.id,
        "citation": main.short,
        "year": main.year,
        "title": main.title,
        "records": "; ".join(study.records),
        "identifiers": "; ".join(main.identifiers),
        "identifier_status": verified,
        "status": str(main.status),
        "decision": _decision(study),
        "counted": main.status not in {Status.RETRACTED, Status.NOTICE},
    }


def _totals(frame: pd.DataFrame, kept: Sequence[Study], everything: Sequence[Study]) -> Totals:
    counted = frame[frame["counted"].astype(bool)]
    reports = {study.id: len(study.records) for study in kept}
    people = counted[counted["design"].isin([str(design) for design in _PRIMARY])]
    people = people[~people["setting"].isin([str(Setting.ANIMALS), str(Setting.NONE)]).fillna(False)]
    decisions = [_decision(study) for study in everything]
    return Totals(
        studies=len(counted),
        reports=sum(reports[name] for name in counted.index),
        people=int(people["n_total"].sum()),
        without_n=int(people["n_total"].isna().sum()),
        retracted=int((frame["status"] == Status.RETRACTED).sum()),
        notices=int((frame["status"] == Status.NOTICE).sum()),
        by_design={str(name): int(number) for name, number in counted["design"].value_counts(sort=False).items()},
        decisions={name: decisions.count(name) for name in SCREENED if name in decisions},
    )


def one_of(what: str, word: str, known: Sequence[str]) -> str:
    """A word of a closed list, as it came.

    Raises:
        InputError: the list does not hold it; says what was meant.

    >>> one_of("axis", "route", ("route", "followup"))
    'route'
    """
    if word not in known:
        near = get_close_matches(word, known, n=1)
        raise InputError(
            f"unknown {what} “{word}”",
            expected=f"one of: {', '.join(known)}",
            next_step=f"Did you mean “{near[0]}”?" if near else "",
        )
    return word


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"


def _plain(value: object) -> object:
    return None if value is pd.NA else value.item() if hasattr(value, "item") else value
