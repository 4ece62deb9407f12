"""Extraction in a notebook: the text with what was read marked in it, beside it one row a field to accept or correct.

Only boxes, HTML, buttons, text boxes and dropdowns, which every front end of Jupyter draws; all can be reached and
worked with the keyboard. Without a kernel, or without ipywidgets, the same text and values show as plain HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..findings import Finding
from ..mainshell import hear_in_order
from ..reading.notebook import STYLE, MarkedText, kind_of, legend
from ..vocabulary import Missing
from .accept import Given, as_given
from .desk import Desk, others_told, stands, told, typed_value
from .entries import value_text
from .proposals import Proposal
from .report import saved_text

if TYPE_CHECKING:
    from ipywidgets import VBox  # type: ignore[import-untyped]

_STYLE = """<style>
.ketalit-panel {line-height: 1.45; color: var(--jp-ui-font-color1, CanvasText)}
.ketalit-panel p {margin: .15em 0; overflow-wrap: anywhere}
.ketalit-panel q {font-style: italic; opacity: .85}
.ketalit-panel .said {font-weight: 600}
.ketalit-panel .wrong {font-weight: 600; text-decoration: underline wavy}
.ketalit-panel th, .ketalit-panel td {text-align: left; vertical-align: top; padding: .2em .6em .2em 0}
.ketalit-panel th .ketalit-text {overflow-wrap: normal}
.ketalit-row {border-bottom: 1px solid rgba(128, 128, 128, .4)}
.ketalit-row button:focus-visible, .ketalit-row select:focus-visible, .ketalit-row input:focus-visible \
{outline: 2px solid currentColor !important; outline-offset: 1px}
</style>"""
_CHOOSE = "choose …"


class ReviewPanel:
    """A record to be checked in a notebook: its marked text on the left, one row for each field on the right.

    Args:
        folder: the review.
        record: in any usual spelling.
        who: initials; of somebody who rules, "EF" or "AB+CD".
        double: two people work blind to each other, each in a file of their own.
        between: initials of two people; shows only what they differ on, and rules on it.
        fields: names of the fields that are asked, in order; default: all.

    Raises:
        InputError: the review cannot be read, or there is no such record or field.

    >>> from ketalit.review import BUNDLED
    >>> panel = ReviewPanel(BUNDLED, "sigtermans2009", "AB", fields=["n_total"])
    >>> panel
    Sigtermans 2009 · sigtermans2009 · AB: 1 field, 0 answered
    """

    def __init__(
        self,
        folder: Path | str,
        record: str,
        who: str,
        *,
        double: bool = False,
        between: Sequence[str] = (),
        fields: Sequence[str] = (),
    ) -> None:
        self.desk = Desk(folder, record, who, double=double, between=between, fields=fields)
        self._proposals = self.desk.proposals()
        self.rows: dict[str, Row] = {}

    def __repr__(self) -> str:
        count = f"{len(self._proposals)} field{'' if len(self._proposals) == 1 else 's'}"
        return f"{self.desk.heading}: {count}, {sum(one.mine is not None for one in self._proposals)} answered"

    @cached_property
    def widget(self) -> VBox:
        """The panel as a widget."""
        from ipywidgets import HTML, HBox, Layout, VBox

        self.rows = {one.field.name: Row(self, one) for one in self._proposals}
        left = HTML(self._text(), layout=Layout(flex="1 1 340px", min_width="0", max_height="85vh", overflow="auto"))
        shown = [row.widget for row in self.rows.values()] or [HTML(f"<p>{escape(self._nothing)}</p>")]
        right = VBox(shown, layout=Layout(flex="1 1 340px", min_width="0", max_height="85vh", overflow="hidden auto"))
        sides = HBox([left, right], layout=Layout(flex_flow="row wrap", width="100%"))
        return VBox([HTML(f"{STYLE}{_STYLE}{self._head()}"), sides], layout=Layout(width="100%"))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        bundle = {"text/plain": repr(self), "text/html": self.html}
        try:
            bundle |= self.widget._repr_mimebundle_() or {}
        except ImportError:
            return bundle
        return bundle | {"text/plain": repr(self)}

    @property
    def html(self) -> str:
        """The same text and values as plain HTML."""
        rows = "".join(
            f'<tr><th scope="row">{_title(one)}</th><td>{_evidence(one, self.desk)}</td></tr>'
            for one in self._proposals
        )
        table = f'<table class="ketalit-panel">{rows}</table>' if rows else f"<p>{escape(self._nothing)}</p>"
        return f"{STYLE}{_STYLE}{self._head()}\n{self._text()}\n{table}"

    @property
    def _nothing(self) -> str:
        return "No conflict on this record." if self.desk.between else "Nothing to decide."

    def _head(self) -> str:
        return f'<div class="ketalit-panel"><p><b>{escape(self.desk.heading)}</b></p></div>{legend()}'

    def _text(self) -> str:
        return MarkedText(self.desk.record, self.desk.findings).html


class Row:
    """One field: what is proposed, a control with its value, the words it was read from, and buttons.

    The control holds the first proposal; between two people nothing, so that neither is preferred. Saving a proposal
    unchanged accepts it.
    """

    def __init__(self, panel: ReviewPanel, proposal: Proposal) -> None:
        from ipywidgets import HTML, Button, Dropdown, HBox, Layout, Text, VBox

        hear_in_order()
        self.panel, self.proposal = panel, proposal
        field = proposal.field
        self.chosen: Finding | None = None
        wide = Layout(width="auto", flex="0 0 auto", min_width="0")
        named = {"description_width": "9.5rem"}
        # Told as a whole when the box is left; while a word is typed, a button might overtake its end.
        written = {"style": named, "layout": wide, "continuous_update": False}
        self.told = HTML(self._told())
        words = field.choices or (("true", "false") if field.kind is bool else ())
        if words:
            options = [(_CHOOSE, ""), *((_yes_no(word), str(word)) for word in words)]
            self.value = Dropdown(options=options, description=field.title, style=named, layout=wide)
        else:
            unit = f" ({field.unit})" if field.unit else ""
            self.value = Text(description=f"{field.title}{unit}", tooltip=field.help, **written)
        self.quote = Text(description="read from", placeholder="words of the text", **written)
        self.save = Button(description="Accept", button_style="primary", layout=Layout(width="auto"))
        self.silent = Button(description="Not reported", layout=Layout(width="auto"))
        self.senseless = Button(description="Not applicable", layout=Layout(width="auto"))
        others = proposal.candidates if panel.desk.between else proposal.candidates[1:]
        self.others = [self._other(one) for one in others]
        self.save.tooltip = f"{field.title}: take the value in the box"
        self.silent.tooltip = f"{field.title}: I looked, and the source does not say"
        self.senseless.tooltip = f"{field.title}: the question makes no sense for this study"
        self.value.observe(lambda _: self._name_button(), "value")
        self.save.on_click(lambda _: self.take())
        self.silent.on_click(lambda _: self.write({"missing": Missing.NOT_REPORTED}))
        self.senseless.on_click(lambda _: self.write({"missing": Missing.NOT_APPLICABLE}))
        buttons = HBox([self.save, self.silent, self.senseless, *self.others], layout=Layout(flex_flow="row wrap"))
        self.widget = VBox(
            [self.told, self.value, self.quote, buttons],
            layout=Layout(width="auto", flex="0 0 auto", padding="0 0 .6em .6em", margin="0 0 .4em 0"),
        )
        self.widget.add_class("ketalit-row")
        first = next(iter(proposal.candidates), None)
        if first is not None and not panel.desk.between:
            self.choose(first)
        self._name_button()

    def choose(self, candidate: Finding) -> None:
        """Put a candidate into the control, to be saved as it is or changed."""
        self.chosen = candidate
        self.value.value = "" if candidate.missing else value_text(candidate.value)
        self.quote.value = candidate.quote

    def take(self) -> None:
        """Save what is in the control: the candidate where it was left as it is, else a correction."""
        given: Given
        if self.chosen is not None and self._unchanged():
            given = {**as_given(self.chosen), "note": "" if self.panel.desk.between else self.chosen.note}
        else:
            given = {"quote": self.quote.value}
            if self.chosen is not None and self.chosen.quote == self.quote.value:
                given["locator"] = self.chosen.locator  # short words may stand in several places
            try:
                given["value"] = typed_value(self.proposal, str(self.value.value or ""))
            except InputError as error:
                self._complain(str(error))
                return
        self.write(given)

    def write(self, given: Given) -> None:
        """Save a decision and say what became of it, or what is wrong with it."""
        try:
            saved = self.panel.desk.save(self.proposal.field.name, given)
        except InputError as error:
            self._complain(str(error))
            return
        self.told.value = self._told(_line(saved_text(saved), "said"))
        self.save.description = "Saved"
        self.save.button_style = "success"

    def _complain(self, what: str) -> None:
        self.told.value = self._told(_line(f"{what} Nothing saved.", "wrong"))

    def _unchanged(self) -> bool:
        one = self.chosen
        if one is None:
            return False
        text = "" if one.missing else value_text(one.value)
        return bool(self.value.value == text and self.quote.value == one.quote)

    def _name_button(self) -> None:
        one = self.chosen
        text = "" if one is None or one.missing else value_text(one.value)
        same = one is not None and self.value.value == text
        self.save.description = (f"Accept “{one.missing}”" if one and one.missing else "Accept") if same else "Save"
        self.save.button_style = "primary"

    def _other(self, candidate: Finding) -> Any:
        from ipywidgets import Button, Layout

        said = str(candidate.missing) if candidate.missing else value_text(candidate.value)
        by = candidate.who if self.panel.desk.between else str(candidate.origin)
        text = f"{by}: {said if len(said) < 40 else said[:38] + '…'}"
        button = Button(description=text, tooltip=f"{self.proposal.field.title}: {told(candidate)}")
        button.layout = Layout(width="auto", max_width="100%")
        button.on_click(lambda _: self.choose(candidate))
        return button

    def _told(self, said: str = "") -> str:
        head = f"<p>{_title(self.proposal)}</p>"
        return f'<div class="ketalit-panel">{head}{_evidence(self.proposal, self.panel.desk)}{said}</div>'


def _yes_no(word: str) -> str:
    return {"true": "yes", "false": "no"}.get(str(word), str(word))


def _line(text: str, style: str = "") -> str:
    live = ' role="status"' if style else ""
    return f'<p class="{style}"{live}>{escape(text)}</p>' if style else f"<p>{escape(text)}</p>"


def _title(one: Proposal) -> str:
    """The name of a field in the colour of its kind; the pointer on it tells what it means."""
    kind, said = kind_of(one.field.name), escape(one.field.help)
    return f'<span class="ketalit-text" title="{said}"><mark class="{kind}">{escape(one.field.title)}</mark></span>'


def _evidence(one: Proposal, desk: Desk) -> str:
    """What is proposed for a field and what stands already, as HTML."""
    lines = []
    for candidate in one.candidates:
        quote = f" <q>{escape(candidate.quote)}</q>" if candidate.quote else ""
        note = f" <small>{escape(candidate.note)}</small>" if candidate.note else ""
        lines.append(f"<p>{escape(told(candidate))}{quote}{note}</p>")
    if not one.candidates:
        lines.append(_line(f"nothing proposed{f': {one.reader.reason}' if one.reader and one.reader.reason else ''}"))
    if not desk.between:
        lines += [_line(said) for said in others_told(one, desk.who)]
    if one.mine:
        lines.append(_line(stands(one.mine)))
    return "".join(lines)
