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
            self.box = boxed([widgets.HTML(self.head()), *self.parts()])
        return self.box
