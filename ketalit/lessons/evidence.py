"""The evidence table as a widget: filter, sort, and behind each cell who says so, where, and in which words."""

from __future__ import annotations

from html import escape
from typing import Any

import anywidget
import ipywidgets as widgets  # type: ignore[import-untyped]
import traitlets

from ..errors import InputError
from ..export.wording import LEGEND, MISSING_HELP, heading, mark, source_line, with_unit
from ..fields import FIELDS, VIEWS
from ..review import Review
from ..table import EvidenceTable, evidence_table
from ..table.evidence import NO_ADVICE
from ..telling import count_of
from .chosen import chosen_review
from .control import FRONT, STYLE, key_named
from .shown import Shown, boxed, plain

_SORT = "design,-year"
_LONG = 120  # letters
# Several studies at once: a higher window, and a low heading row.
_ROOM = (
    "<style>.ket-panel .ket-scroll { max-height: min(40em, 80vh); }"
    " .ket-panel .ket-scroll thead :is(th, button) { font-size: .92em; line-height: 1.2; padding-block: 1px; }</style>"
)


class _Table(anywidget.AnyWidget):
    """The table on the screen; what is asked of it goes to Python, which says what stands there."""

    _esm = FRONT / "table.js"
    _css = STYLE
    views = traitlets.List(traitlets.Unicode(), list(VIEWS)).tag(sync=True)
    view = traitlets.Unicode("outcomes").tag(sync=True)
    where = traitlets.Unicode().tag(sync=True)
    sort = traitlets.Unicode(_SORT).tag(sync=True)
    table = traitlets.Dict().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    behind = traitlets.Unicode().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)


class EvidenceBrowser(Shown):
    """The evidence table of a review, to be filtered, sorted and asked where a value comes from.

    Args:
        review: default: the one that the lessons work on.
        view: design, outcomes, safety or full.
        where: a condition as `ketalit table --where` takes it.

    In code: `browser.ask(where="condition~CRPS", sort="-n_total")`, `browser.open("sigtermans2009", "dose")`,
    `browser.seen()`.

    >>> browser = EvidenceBrowser(where="condition~CRPS AND n_total>=60")
    >>> browser.open("sigtermans2009", "n_total")
    >>> "PMID:19604642" in browser.seen()
    True
    """

    def __init__(self, review: Review | None = None, *, view: str = "outcomes", where: str = "") -> None:
        self.review = review or chosen_review()
        self.shown: EvidenceTable
        self.widget_ = _Table(view=view, where=where, key=_key())
        self.box: Any = None
        self._show()
        self.widget_.observe(lambda _: self._ask(), ["view", "where", "sort"])
        self.widget_.on_msg(lambda _, content, __: self.open(str(content.get("study")), str(content.get("field"))))

    def ask(self, **asked: str) -> None:
        """Another `view`, `where` or `sort`. What cannot be answered is said above the table, which stays.

        Raises:
            InputError: nothing of that name can be asked.
        """
        for name in asked:
            key_named(name, ("view", "where", "sort"), "The evidence table")
        with self.widget_.hold_trait_notifications():
            for name, value in asked.items():
                setattr(self.widget_, name, value)

    def open(self, study: str, field: str) -> None:
        """Show what stands behind a cell of the table."""
        try:
            rows = self.shown.candidates()[study, field]
        except KeyError:
            self.widget_.behind = f"<p>This table has no “{escape(field)}” of “{escape(study)}”.</p>"
            return
        self.widget_.behind = (
            f"<h4>{escape(str(self.shown.frame.at[study, 'citation']))}: {escape(FIELDS[field].title)}</h4>"
            + "".join(_candidate(row, first=at == 0) for at, row in enumerate(rows))
        )

    def seen(self) -> str:
        """What the learner reads: how many studies, what is wrong with the question, and what stands behind a cell."""
        parts = [self.widget_.message, self.widget_.table["told"], plain(_apart(self.widget_.behind))]
        return " ".join(filter(None, parts))

    def _ask(self) -> None:
        try:
            self._show()
        except InputError as error:
            self.widget_.message = _complaint(error)

    def _show(self) -> None:
        asked = self.widget_
        self.shown = evidence_table(self.review, view=asked.view, where=asked.where or None, sort=asked.sort)
        asked.message, asked.behind = "", ""
        asked.table = _plain_table(self.shown, self._none_meets() if self.shown.frame.empty else "")

    def _none_meets(self) -> str:
        """That no study is left, and what to change."""
        studies = len(evidence_table(self.review).frame)
        if not (self.widget_.where and studies):
            return "No study meets this."
        every = f"all {count_of(studies, 'study', 'studies')}" if studies > 1 else "the one study"
        return f"No study meets “{self.widget_.where}”. Change the filter, or empty it to see {every} of this review."

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            self.box = boxed([widgets.HTML(f"{_ROOM}<h3>The evidence table</h3>"), self.widget_])
        return self.box

    def twin(self) -> str:
        """The table without a kernel, HTML."""
        none = f"<p>{escape(self.widget_.table['told'])}</p>" if self.shown.frame.empty else ""
        return f"{none}{self.shown._repr_html_()}"

    def __repr__(self) -> str:
        return f"{self.shown} (Run this cell to filter, sort and open cells.)"


def _plain_table(table: EvidenceTable, none: str) -> dict[str, Any]:
    """A table for the screen; `none` is said where it has no row."""
    winners = table.winners()
    rows = [
        {
            "study": row.Index,
            "name": row.citation,
            "struck": not row.counted,
            "cells": [_cell(winners[row.Index, field.name]) for field in table.fields],
        }
        for row in table.rows()
    ]
    columns = [{"key": "citation", "title": "Study"}]
    columns += [{"key": field.name, "title": heading(field)} for field in table.fields]
    return {"columns": columns, "rows": rows, "told": none or f"{table.totals}. {NO_ADVICE}"}


def _key() -> str:
    """What the marks behind values mean, and the words where there is no value, HTML."""
    pairs = [*LEGEND, *((str(kind), told) for kind, told in MISSING_HELP)]
    return "<dl>" + "".join(f"<dt>{escape(sign)}</dt><dd>{escape(told)}</dd>" for sign, told in pairs) + "</dl>"


def _apart(html: str) -> str:
    """HTML in which a heading ends as a sentence does, for reading it as one text."""
    return html.replace("</h4>", ".</h4>")


def _complaint(error: InputError) -> str:
    """What is wrong with a question. All names there are would be a wall of them; those shown stand under the table."""
    if len(error.expected) < _LONG:
        return str(error)
    return " ".join(filter(None, [f"{error.where}: {error.what}.", error.next_step, "Names stand under the table."]))


def _cell(cell: Any) -> dict[str, Any]:
    missing = bool(cell.missing)
    return {
        "text": str(cell.text) if missing else with_unit(cell),
        "mark": "" if missing else mark(cell),
        "missing": missing,
    }


def _candidate(row: Any, *, first: bool) -> str:
    source = escape(source_line(row)) or "nobody has looked"
    if row.link:
        source = f'<a href="{escape(row.link)}" target="_blank" rel="noopener">{source}</a>'
    quote = f"<br><q>{escape(row.quote)}</q>" if row.quote else ""
    note = f"<br><small>{escape(row.note)}</small>" if row.note else ""
    standing = "" if first else "Another source: "
    return f"<p>{standing}<strong>{escape(with_unit(row))}.</strong> {source}{quote}{note}</p>"
