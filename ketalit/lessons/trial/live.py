"""An invented record: as it is printed, and to be changed while the rules read it."""

from __future__ import annotations

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...reading.notebook import STYLE, MarkedText
from ...records.text import canonical_text
from ..control import Choice, Control
from ..shown import Shown, boxed, plain
from .records import CHANGES, PRINTED, TRIAL, changed_by, record_of
from .text import ReadText

_OWN = "your own words"


class TheRecord(Shown):
    """An invented record, unmarked, to be read before anything is asked."""

    def __init__(self, text: str = TRIAL) -> None:
        self.record = record_of(text)
        self.box = boxed([widgets.HTML(self.twin())])

    def seen(self) -> str:
        """What the learner reads."""
        return plain(MarkedText(self.record).html)

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """It without a kernel, HTML."""
        return f"{STYLE}{MarkedText(self.record).html}"

    def __repr__(self) -> str:
        return canonical_text(self.record).text


class LiveText(ReadText):
    """The invented trial, to be changed by hand or by ready-made changes.

    In code: `text.change.value = "dose as 25 mg/h"`, `text.type("…")`.

    >>> text = LiveText()
    >>> text.change.value = "dose as 25 mg/h"
    >>> text.findings["dose_mg_per_kg_per_h"].missing.value
    'not reported'
    """

    title = "One record, read by rules"
    notice = (
        "The name of a field stands where the words end that it was read from; rest the pointer on it, or go to it "
        "with the Tab key, to see value, rule and how sure. Change a word on the left: what is read changes at once."
    )

    def __init__(self) -> None:
        self.change = Control(
            Choice(
                key="change", label="A ready-made change", value=PRINTED, options=(*CHANGES, _OWN),
                about="Changes the text below; you can also type in it",
            )
        )  # fmt: skip
        super().__init__(TRIAL)
        self.change.observe(lambda _: self._take(), "value")

    def _asking(self) -> list[widgets.Widget]:
        return [self.change]

    def _take(self) -> None:
        if self.change.value != _OWN:
            self.type(changed_by(self.change.value))

    def _typed(self) -> None:
        super()._typed()
        if self.change.value == _OWN or self.area.value != changed_by(self.change.value):
            known = (name for name in CHANGES if changed_by(name) == self.area.value)
            self.change.value = next(known, _OWN)
