"""The evidence table: one row per study, one typed column per field, and behind each cell where it comes from."""

from __future__ import annotations

import dataclasses
import json
from collections import namedtuple
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import InputError
from ..escaping import json_in_terminal, terminal
from ..fields import FIELDS, HARMS, RESULTS, VIEWS, Field
from ..records.model import Record
from ..review import Review, Search, load_review
from ..studies import Study, studies
from ..vocabulary import NOT_RANDOMISED_DESIGNS, RANDOMISED_DESIGNS, Decision, Missing, Setting, Status
from .cells import CELL_TYPES, cells
from .selection import Column, explained, holds, order, parse_conditions, unknown_field

NO_ADVICE = "This table states evidence. It gives no medical advice."
SCREENED = (*Decision, "unscreened", "all")
CHOSEN = "chosen"  # the view of a table whose columns were named one by one
_STUDY = frozenset({"study", "citation", "year"})  # what the first column of every table says

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
        view, where, sort, screened: what was asked for; view is "chosen" where columns were named one by one.
        fields: the fields shown, in order.
        notes: what has to be known of what was asked for, in sentences: names that a name stood for, studies that
            could not be compared, a column added.
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
    notes: tuple[str, ...]
    totals: Totals
    records: tuple[Record, ...]
    title: str
    question: str
    how_found: str
    searches: tuple[Search, ...]
    whole: EvidenceTable | None = None
    """Of a table of chosen columns: the same studies with all the other columns behind these."""

    def __len__(self) -> int:
        """Number of studies shown, those that are not counted too."""
        return len(self.frame)

    def __bool__(self) -> bool:
        """True, with studies or without."""
        return True

    def __getitem__(self, name: str) -> pd.Series[Any]:
        """A column of `frame` by its name.

        Raises:
            InputError: this table has no such column.

        >>> str(evidence_table()["n_total"].dtype)
        'Int64'
        """
        if name not in self.frame:
            raise unknown_field(
                name, {one: FIELDS[one].title if one in FIELDS else "" for one in map(str, self.frame)}, "the table"
            )
        return self.frame[name]

    def head(self, n: int = 5) -> pd.DataFrame:
        """The first rows of `frame`."""
        return self.frame.head(n)

    def __getattr__(self, name: str) -> Any:
        told = f"; its DataFrame does: `.frame.{name}`" if name[:1] != "_" and hasattr(pd.DataFrame, name) else ""
        raise AttributeError(f"the evidence table has no “{name}”{told}", name=name, obj=self)

    def rows(self) -> Iterator[Any]:
        """The rows of `frame` as named tuples; `Index` is the study."""
        return iter(self.frame.itertuples())

    def candidates(self, among: Collection[str] | None = None) -> dict[tuple[str, str], list[Any]]:
        """For each study and field its rows of `cells` as named tuples, the one shown first.

        Args:
            among: ids of the studies wanted; default: all.
        """
        found: dict[tuple[str, str], list[Any]] = {}
        cells = self.cells if among is None else self.cells[self.cells.study.isin(list(among))]
        for row in _tuples(cells):
            found.setdefault((row.study, row.field), []).append(row)
        return found

    def winners(self, among: Collection[str] | None = None) -> dict[tuple[str, str], Any]:
        """The row shown for each study and field; `among` as for `candidates`."""
        cells = self.cells[self.cells.winner.to_numpy(dtype=bool)]
        cells = cells if among is None else cells[cells.study.isin(list(among))]
        return {(row.study, row.field): row for row in _tuples(cells)}

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

    def __str__(self) -> str:
        return f"{self.title}, {view_words(self.view)}: {self.totals}"

    def __repr__(self) -> str:
        return f"{self}. As a DataFrame: .frame"

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
        whole = {"title": self.title, "view": self.view, "notes": self.notes, "totals": totals, "studies": rows}
        return json_in_terminal(json.dumps(whole, ensure_ascii=False, indent=2, default=dict))


def view_words(view: str) -> str:
    """What to call the columns of a table, e.g. "design view"."""
    return "chosen columns" if view == CHOSEN else f"{view} view"


def view_fields(view: str) -> tuple[Field, ...]:
    """The fields of a view, in order.

    Raises:
        InputError: there is no such view.

    >>> [field.name for field in view_fields("safety")][:3]
    ['design', 'n_total', 'condition']
    """
    if view not in VIEWS and ("," in view or view in FIELDS):
        raise InputError(f"unknown view “{view}”", next_step=f"Columns of your own: `--columns {view}`")
    one_of("view", view, tuple(VIEWS))
    return tuple(FIELDS[name] for name in VIEWS[view])


def column_fields(columns: str | Sequence[str]) -> tuple[Field, ...]:
    """The fields named, in order; adverse events come beside a result, asked for or not.

    Args:
        columns: names of fields, in one text with commas between them, or one by one. "study", "citation" and "year"
            may be among them: the first column of every table says these.

    Raises:
        InputError: no name, or one that no field has.

    >>> [field.name for field in column_fields("study, design, result, dose")]
    ['design', 'result', 'adverse_events', 'dose']
    """
    names = _named(columns)
    if not names:
        raise InputError("no column is named", expected="fields with commas between them, e.g. “design,n_total,dose”")
    where = f"columns “{', '.join(names)}”"
    chosen: dict[str, Field] = {}
    for name in names:
        if name in IDENTITY.keys() - _STUDY:
            what = (
                f"“{name}” is no column to choose: it is told of every study, in .csv, .xlsx and .parquet as a column"
            )
            raise InputError(what, where=where, next_step=f"Leave “{name}” out")
        if name not in FIELDS and name not in _STUDY:
            raise unknown_field(name, {field.name: field.title for field in FIELDS.values()}, where)
        if name in FIELDS:
            chosen[name] = FIELDS[name]
        if name in RESULTS and HARMS not in names:
            chosen[HARMS] = FIELDS[HARMS]
    return tuple(chosen.values())


def evidence_table(
    review: Review | Path | str | None = None,
    *,
    view: str | None = None,
    columns: str | Sequence[str] | None = None,
    where: str | Sequence[str] | None = None,
    sort: str | None = "design,-year",
    screened: str = "include",
) -> EvidenceTable:
    """The evidence table of a review.

    Args:
        review: the review, or its folder; default: the bundled one.
        view: design (the default), outcomes, safety or full. Harms stand beside benefits in every view that shows
            results.
        columns: instead of a view, the fields to show, e.g. "design,n_total,dose,followup"; see `column_fields`.
        where: conditions that must all hold, e.g. "n_total>=30" or "condition~CRPS AND year>=2010"
            (`ketalit.table.selection`); any field may be named, shown or not.
        sort: keys such as "design,-year"; None keeps the order of the review.
        screened: which studies: include, maybe, exclude, unscreened or all.

    Raises:
        InputError: no review, both a view and columns, or an unknown view, field, word or screening decision; says
            what was meant.

    >>> table = evidence_table(view="outcomes", where="design=crossover RCT")
    >>> "adverse_events" in table.frame.columns
    True
    >>> [field.name for field in evidence_table(columns="dose,design").fields]
    ['dose', 'design']
    """
    if view is not None and columns is not None:
        raise InputError("both a view and columns are given", expected="one of the two", next_step="Leave one out")
    shown_fields = view_fields(view or "design") if columns is None else column_fields(columns)
    one_of("screening decision", screened, SCREENED)
    asked = _columns()
    conditions = parse_conditions(where, asked)
    order(pd.DataFrame(columns=list(asked)), sort, asked)  # an unknown key is told before anything is read
    review = _opened(review)
    everything = studies(review)
    chosen = [study for study in everything if screened in {"all", _decision(study)}]

    names = {field.name for field in shown_fields}
    found = cells(review, chosen, whole=names if columns is None else FIELDS.keys())
    winners = found[found.winner.astype(bool)]
    identity = pd.DataFrame([_identity(study, review) for study in chosen], columns=["study", *IDENTITY])
    identity = identity.astype({"study": "string", **IDENTITY}).set_index("study")
    typed = identity.join(_wide(winners, "value", identity.index))
    shown = identity.join(_wide(winners, "text", identity.index))
    typed["study"] = shown["study"] = typed.index
    held = [holds(condition, typed, shown) for condition in conditions]
    every = pd.Series(True, index=typed.index)
    keep = every.copy()
    for one in held:
        keep &= one
    positions = order(typed, sort, asked)
    frame = typed.iloc[[at for at in positions if keep.iloc[at]]]
    frame = frame[[*IDENTITY, *(field.name for field in FIELDS.values())]]

    notes = []
    for at, condition in enumerate(conditions):
        others = every.copy()
        for one in (*held[:at], *held[at + 1 :]):
            others &= one
        notes.append(explained(condition, typed, shown, others))
    if columns is not None and HARMS in names and HARMS not in _named(columns):
        notes.append(f"“{HARMS}” stands beside the result though it was not asked for: no benefit without its harms")

    rows = {study.id: study for study in chosen}
    kept = [rows[name] for name in frame.index]
    place = {name: at for at, name in enumerate(frame.index)}
    behind = found[found.study.isin(frame.index)]
    behind = behind.sort_values("study", key=lambda column: column.map(place), kind="stable").reset_index(drop=True)
    every_field = (*shown_fields, *(field for field in FIELDS.values() if field.name not in names))
    whole = EvidenceTable(
        frame=frame[[*IDENTITY, *(field.name for field in every_field)]],
        cells=behind,
        view=CHOSEN if columns is not None else view or "design",
        where=(where,) if isinstance(where, str) else tuple(where or ()),
        sort=sort or "",
        screened=screened,
        fields=every_field,
        notes=tuple(filter(None, notes)),
        totals=_totals(frame, kept, everything),
        records=tuple(review.records[name] for study in kept for name in study.records),
        title=review.title,
        question=review.question,
        how_found=review.how_found,
        searches=review.searches,
    )
    return dataclasses.replace(
        whole,
        frame=frame[[*IDENTITY, *(field.name for field in shown_fields)]],
        cells=behind[behind.field.isin(names)].reset_index(drop=True),
        fields=shown_fields,
        whole=whole if columns is not None else None,
    )


def _named(columns: str | Sequence[str]) -> list[str]:
    """The names in a choice of columns."""
    texts = [columns] if isinstance(columns, str) else columns
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def _opened(review: Review | Path | str | None) -> Review:
    """A review: itself, the one in a folder, or the bundled one."""
    if review is None or isinstance(review, Path | str):
        return load_review(review)
    if not hasattr(review, "screening"):  # in a notebook, which no type checker reads
        what, step = f"{review!r} is not a review", "evidence_table(load_review(folder))"
        raise InputError(what, expected="a review or its folder", next_step=step)
    return review


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
            unit=field.unit if field.kind is float else "",
            span=field.span,
            title=field.title,
        )
        for field in FIELDS.values()
    }
    return {"study": Column("study"), **identity, **fields}


_Row = namedtuple("_Row", CELL_TYPES)  # type: ignore[misc]  # the columns are listed once, with cells


def _tuples(cells: pd.DataFrame) -> Iterator[Any]:
    """Rows of cells as named tuples; column by column is many times as fast as `itertuples` on these types."""
    return map(_Row._make, zip(*(cells[name].tolist() for name in CELL_TYPES), strict=True))


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
