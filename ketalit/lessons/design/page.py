"""The page of a plan on the screen: what is asked, the codes of panels, a check list, and two files to save."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...errors import InputError
from ...files import write_atomically
from ...rows import did_you_mean
from ...telling import count_of
from ..control import Control, Switch, Text
from ..panel import Panel
from ..shown import Shown, boxed, plain
from .asked import ASKS, CHECK_LIST
from .codes import panel_of
from .plan import NOT_FOR_PATIENTS
from .sheet import Sheet


class StudyPage(Shown):
    """One page of a plan, made of state codes of panels, answers and a check list; saved as HTML or Markdown.

    Args:
        codes: state codes to begin with, one a panel.

    In code: `page.codes.value = "design~…"`, `page.answer("question", "…")`, `page.tick("harms")`,
    `page.make.click()`, `page.seen()`, `page.html()`, `page.markdown()`, `page.save("plan.html")`.

    >>> page = StudyPage(["design~difference=20", "tornado"])
    >>> page.tick("size")
    >>> "1 of 12" in page.seen()
    True
    """

    def __init__(self, codes: Sequence[str] = ("design",)) -> None:
        label = "State codes of your panels, one a line (“Copy code”)"
        self.codes = Control(Text(key="codes", label=label, value="\n".join(codes), rows=4))
        self.asks = {
            key: Control(Text(key=key, label=label, value="", rows=rows)) for key, (label, rows) in ASKS.items()
        }
        self.list = {key: Control(Switch(key=key, label=label, value=False)) for key, label in CHECK_LIST.items()}
        self.make = widgets.Button(description="Make the page", tooltip="From all that stands above")
        self.told = widgets.HTML()
        self.box: Any = None
        self.panels: list[Panel] = []
        self.wrong: list[str] = []
        self._read: str | None = None
        self.make.on_click(lambda _: self._make())
        for control in self.list.values():
            control.observe(lambda _: self._make(), "value")
        self._make()

    def answer(self, ask: str, words: str) -> None:
        """Write an answer.

        Raises:
            InputError: nothing of that name is asked.
        """
        if ask not in self.asks:
            raise InputError(f"nothing called “{ask}” is asked{did_you_mean(ask, self.asks)}", expected=", ".join(ASKS))
        self.asks[ask].value = words
        self._make()

    def tick(self, *items: str) -> None:
        """Tick items of the check list.

        Raises:
            InputError: there is no such item.
        """
        for item in items:
            if item not in self.list:
                raise InputError(f"no item “{item}”{did_you_mean(item, self.list)}", expected=", ".join(CHECK_LIST))
            self.list[item].value = True

    @property
    def open(self) -> list[str]:
        """Items of the check list that are not ticked."""
        return [CHECK_LIST[key] for key, control in self.list.items() if not control.value]

    @property
    def unanswered(self) -> list[str]:
        """What is asked and not answered."""
        return [ASKS[key][0] for key, box in self.asks.items() if not box.value.strip()]

    def seen(self) -> str:
        """What the learner reads under the button."""
        return plain(self.told.value.partition("<!--page-->")[0])

    def _make(self) -> None:
        if self._read != self.codes.value:
            self._restore()
        done = len(CHECK_LIST) - len(self.open)
        told = [f"{count_of(len(self.panels), 'panel')} on the page. Check list: {done} of {len(CHECK_LIST)} ticked."]
        told += [f"Not answered yet: {'; '.join(self.unanswered)}."] if self.unanswered else []
        told += [f"Left out: {one.rstrip('.')}." for one in self.wrong]
        links = " ".join(
            f'<a download="study-plan.{suffix}" href="data:text/{kind};charset=utf-8;base64,'
            f'{base64.b64encode(text.encode()).decode()}">Save as {name}</a>'
            for suffix, kind, name, text in (
                ("html", "html", "HTML", self.html()),
                ("md", "markdown", "Markdown", self.markdown()),
            )
        )
        self.told.value = (
            f'<p role="status">{escape(" ".join(told))}</p><p>{links}</p><!--page-->'
            "<details><summary>Look at the page</summary><div class='ket-page ket-scroll' tabindex='0' role='region'"
            f" aria-label='The page, scrolls'>{self.sheet.body()}</div></details>"
        )

    def _restore(self) -> None:
        """The panels of the codes, and what is wrong with codes that are none."""
        self._read, self.panels, self.wrong = self.codes.value, [], []
        for line in filter(str.strip, self._read.splitlines()):
            try:
                self.panels.append(panel_of(line))
            except InputError as error:
                self.wrong.append(str(error))

    @property
    def sheet(self) -> Sheet:
        """The page as it stands now."""
        answers = {key: box.value.strip() for key, box in self.asks.items()}
        return Sheet(answers, {key for key, control in self.list.items() if control.value}, self.panels)

    def html(self) -> str:
        """The page as one HTML file that needs nothing else."""
        return self.sheet.html()

    def markdown(self) -> str:
        """The page as Markdown, without its pictures."""
        return self.sheet.markdown()

    def save(self, path: Path | str) -> Path:
        """Write the page to a file; its ending, .html or .md, says how.

        Raises:
            InputError: another ending.
        """
        path = Path(path)
        if path.suffix not in {".html", ".md"}:
            raise InputError(f"a page cannot be saved as “{path.name}”", expected="a name that ends in .html or .md")
        return write_atomically(path, (self.html() if path.suffix == ".html" else self.markdown()).encode())

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            listed = widgets.VBox([*self.list.values()])
            heading = widgets.HTML("<p><strong>Check list.</strong> Tick what your page or your talk says.</p>")
            self.box = boxed(
                [
                    widgets.HTML(self._head()),
                    *self.asks.values(),
                    self.codes,
                    heading,
                    listed,
                    self.make,
                    self.told,
                ]
            )
        return self.box

    @staticmethod
    def _head() -> str:
        return (
            "<h3>Your study on one page</h3><p>Answer, paste the codes of your panels, tick, and make the page. What "
            f"you write stays in this kernel. <strong>{NOT_FOR_PATIENTS}</strong></p>"
        )

    def twin(self) -> str:
        """What is asked and the check list, HTML."""
        asks = "".join(f"<li>{label}</li>" for label, _ in ASKS.values())
        items = "".join(f"<li>☐ {escape(label)}</li>" for label in CHECK_LIST.values())
        return (
            f"{self._head()}<p>What is asked:</p><ul>{asks}</ul><p>Check list:</p><ul>{items}</ul>"
            "<p>Run this cell to make your page.</p>"
        )

    def __repr__(self) -> str:
        return f"A page of a study plan. {self.seen()} (Run this cell to write it.)"
