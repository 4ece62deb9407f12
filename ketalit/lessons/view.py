"""What a panel shows: a picture, what it says in words, and the numbers behind it."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from .control import FRONT, STYLE


class View(anywidget.AnyWidget):
    """The picture and its reading on the screen, with buttons that save and copy.

    Attributes:
        svg: the picture.
        words: the reading under it, HTML.
        name: of saved files.
        stale: the picture is not of the settings asked for, and the reading says why.
    """

    _esm = FRONT / "view.js"
    _css = STYLE
    svg = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    stale = traitlets.Bool(False).tag(sync=True)

    def __init__(self, name: str, answer: Any) -> None:
        """`answer`: takes "copy", "save" or "code" and returns what is sent back to the browser."""
        super().__init__(name=name)
        self.on_msg(lambda _, content, __: self.send(answer(str(content.get("ask", "")))))

    def __repr__(self) -> str:
        return f"View({self.name})"
