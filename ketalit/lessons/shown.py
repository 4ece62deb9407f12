"""What all of a lesson has: a widget for whoever has a kernel, the same as HTML and text for whoever has none."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

PRESENTING = "KETALIT_PRESENT"  # set by `ketalit present`: larger letters


class Shown:
    """Something that shows itself at the end of a cell."""

    def widget(self) -> widgets.Widget:
        """It as one widget; always the same."""
        raise NotImplementedError

    def twin(self) -> str:
        """It without a kernel, HTML."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **how: Any) -> dict[str, Any]:
        live = self.widget()._repr_mimebundle_(**how)
        live = live[0] if isinstance(live, tuple) else live
        return {**live, "text/plain": repr(self), "text/html": self.twin()}


def boxed(children: Sequence[widgets.Widget]) -> widgets.VBox:
    """Widgets under each other, in the looks of a lesson."""
    box = widgets.VBox(list(children)).add_class("ket-panel")
    return box.add_class("ket-present") if os.environ.get(PRESENTING) else box


def plain(html: str) -> str:
    """What a reader reads of HTML.

    >>> plain("<p>at most <b>5 &micro;M</b></p>")
    'at most 5 µM'
    """
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
