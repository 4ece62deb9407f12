"""The review of lesson 8, and what stands over all of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...review import Review
from ..chosen import chosen_folder
from ..kept import review_in
from ..shown import Shown, boxed

LEGAL = "Evidence for teaching: no advice, and not for dosing patients. Verdicts are on statements, not on people."
# A page's text area follows the theme as the other controls do.
STYLE = (
    "<style>.ket-panel textarea { font: inherit; color: var(--ket-ink); background: var(--ket-ground);"
    " border: 1px solid var(--ket-edge); border-radius: 4px; padding: 6px 8px; box-sizing: border-box; width: 100%; }"
    " .ket-panel textarea:focus-visible { outline: 3px solid #0072b2 !important; outline-offset: 2px; }"
    " .ket-panel .widget-textarea { display: block; height: auto; margin: 6px 2px; }"
    " .ket-panel .widget-textarea > label { display: block; width: auto; text-align: left; font-weight: 600;"
    " color: inherit; }"
    " .ket-panel .ket-sheet { max-width: 84ch; padding-left: 1.8em; }"
    " .ket-panel .ket-sheet > li { margin: .4em 0; }"
    " .ket-panel .ket-sheet :is(summary, p) { margin: 2px 0; }"
    " .ket-panel .ket-card { border-left: 4px solid #0072b2; padding: 2px 12px; max-width: 84ch; }</style>"
)


def the_review() -> Review:
    """The review that the lessons work on, read once."""
    return review_in(chosen_folder())


class Desk(Shown):
    """A part of the lesson with what is worked on it under its head."""

    box: Any = None

    def head(self) -> str:
        """What stands over it, HTML."""
        raise NotImplementedError

    def parts(self) -> Sequence[widgets.Widget]:
        """What is under the head, from top to bottom."""
        raise NotImplementedError

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            self.box = boxed([widgets.HTML(STYLE + self.head()), *self.parts()])
        return self.box


def text_box(label: str, rows: int, text: str = "") -> widgets.Textarea:
    """A box to write into."""
    box = widgets.Textarea(value=text, description=label, rows=rows, continuous_update=True)
    box.layout.width = "min(100%, 84ch)"
    return box
