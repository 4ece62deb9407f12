"""A text that is read by rules while it is typed: what the invented record and a record of one's own have in common."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...fields import FIELDS
from ...findings import Finding
from ...reading import READER_FIELDS, read_record
from ...reading.notebook import STYLE, MarkedText, legend
from ...records.model import Record
from ...vocabulary import Confidence
from ..control import Control, Text
from ..shown import Shown, boxed, plain
from ..telling import minus
from .common import TEN, value_of
from .records import record_of


class ReadText(Shown):
    """A text to be changed, and beside it the same text with what was read marked in it, and ten fields.

    In code: `text.type("…")`, `text.reset.click()`, `text.findings`, `text.seen()`.
    """

    title = "A text, read by rules"
    notice = ""
    label = "The text: title in the first line, then the abstract"

    def __init__(self, text: str, drugs: Sequence[str] = ("ketamine", "esketamine")) -> None:
        self.drugs = drugs
        self.original = text
        self.area = Control(Text(key="text", label=self.label, value=text, rows=16))
        self.reset = widgets.Button(description="Reset", tooltip="The text as it stood at first")
        self.told = widgets.HTML()
        self.marked = widgets.HTML()
        self.record: Record
        self.findings: dict[str, Finding] = {}
        self.before = self._read(text)[1]
        self.area.observe(lambda _: self._typed(), "value")
        self.reset.on_click(lambda _: self.type(self.original))
        left = widgets.VBox([*self._asking(), self.area, self.reset])
        right = widgets.VBox([self.told, self.marked])
        beside = widgets.HBox([left, right]).add_class("ket-pair")
        self.box = boxed([widgets.HTML(self._head()), beside])
        self._typed()

    def type(self, text: str) -> None:
        """Put this text in the place of the one that stands there."""
        self.area.value = text

    def seen(self) -> str:
        """What the learner reads: how many fields are filled, which are not, and what has changed."""
        return plain(self.told.value)

    def words(self) -> str:
        """How many of the ten fields are filled, which are empty and why, and which values are other than at first."""
        if not self.area.value.strip():
            return "There is no text yet."
        if not self.record.abstract:
            return "There is a title and no abstract: nothing of the ten fields has been checked."
        ten = [self.findings[name] for name in TEN]
        filled = sum(one.missing is None for one in ten)
        said = f"{filled} of 10 fields filled."
        empty = "; ".join(f"{FIELDS[one.field].title} ({one.missing})" for one in ten if one.missing)
        if empty:
            said += f" Empty: {empty}."
        doubtful = [FIELDS[one.field].title for one in ten if one.confidence is Confidence.UNCLEAR]
        if doubtful:
            said += f" Unclear: {', '.join(doubtful)}."
        changed = [name for name in READER_FIELDS if self._changed(name)]
        told = [f"{FIELDS[name].title} {_short(value_of(self.findings[name]))}" for name in changed]
        more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
        return minus(said + (f" Changed: {'; '.join(told[:3])}{more}." if told else ""))

    def _asking(self) -> list[widgets.Widget]:
        return []

    def _read(self, text: str) -> tuple[Record, dict[str, Finding]]:
        record = record_of(text)
        return record, {one.field: one for one in read_record(record, drugs=self.drugs)}

    def _typed(self) -> None:
        self.record, self.findings = self._read(self.area.value)
        self.told.value = f'<p class="ket-readout" role="status">{escape(self.words())}</p>'
        self.marked.value = self._shown() if self.area.value.strip() else ""

    def _changed(self, name: str) -> bool:
        return value_of(self.findings[name]) != value_of(self.before[name])

    def _shown(self) -> str:
        text = MarkedText(self.record, tuple(self.findings.values()))
        if not self.record.abstract:
            return f"{STYLE}{text.html}"
        rows = "".join(self._row(self.findings[name]) for name in TEN)
        head = "".join(f'<th scope="col">{name}</th>' for name in ("field", "read", "how sure", "from the words"))
        return f"{STYLE}{legend()}{text.html}<table><tr>{head}</tr>{rows}</table>"

    def _row(self, one: Finding) -> str:
        was = (
            f"<br><small>before: {escape(value_of(self.before[one.field]))}</small>" if self._changed(one.field) else ""
        )
        words = f"<q>{escape(_short(one.quote))}</q>" if one.quote else escape(one.reason)
        value = escape(value_of(one))
        value = f"<em>{value}</em>" if one.missing else value
        return (
            f'<tr><th scope="row">{escape(FIELDS[one.field].title)}</th><td>{value}{was}</td>'
            f"<td>{escape(one.confidence or '')}</td><td>{words}</td></tr>"
        )

    def _head(self) -> str:
        notice = f"<p><strong>What to notice.</strong> {escape(self.notice)}</p>" if self.notice else ""
        return f"<h3>{escape(self.title)}</h3>{notice}"

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """The marked text and the ten fields without a kernel, HTML."""
        return f"{self._head()}{self.marked.value}<p>{escape(self.words())} Run this cell to change the text.</p>"

    def __repr__(self) -> str:
        return f"{self.title}. {self.seen()} (Run this cell to change the text.)"


def _short(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
