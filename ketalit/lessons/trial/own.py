"""A record of one's own, pasted or taken from the review."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...errors import InputError
from ...review import Review
from ..chosen import chosen_review
from ..control import Control, Text
from ..shown import plain
from ..telling import linked
from .records import text_of
from .text import ReadText


class OwnRecord(ReadText):
    """A record of your own: pasted, or taken from the review by PMID, DOI or name. No network is asked.

    Args:
        review: default: the one that the lessons work on.

    In code: `own.wanted.value = "19604642"; own.find.click()`, or `own.type("title\\nabstract")`.
    """

    title = "A record of your own"
    notice = (
        "Paste a title, a line break and an abstract; nothing leaves this computer. Or name a record of the review. "
        "Then look for what the rules miss: they abstain where none fits, and now and then one fits wrongly."
    )

    def __init__(self, review: Review | None = None) -> None:
        self.review = review or chosen_review()
        self.wanted = Control(Text(key="wanted", label="Record of the review (PMID, DOI or name)", value=""))
        self.find = widgets.Button(description="Show it", tooltip="Its title and abstract, as the review holds them")
        self.message = widgets.HTML()
        super().__init__("", self.review.drugs or ("ketamine", "esketamine"))
        self.find.on_click(lambda _: self._find())

    def seen(self) -> str:
        """What the learner reads: what was found in the review, and what the rules read."""
        return f"{plain(self.message.value)} {super().seen()}".strip()

    def _asking(self) -> list[widgets.Widget]:
        return [self.wanted, self.find, self.message]

    def _find(self) -> None:
        try:
            record = self.review.find(self.wanted.value.strip())
        except InputError as error:
            self._say(escape(str(error)))
            return
        self.before = self._read(text_of(record))[1]
        self.type(text_of(record))
        if record.abstract:
            self._say("This is what the review holds.")
            return
        name = f"PubMed, PMID {record.pmid}" if record.pmid else record.title
        link = linked(name, f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/" if record.pmid else "")
        self._say(
            f"The review holds no abstract of it. Open {link} and paste it under the title; or, with a network, "
            f"<code>ketalit fetch</code> brings the abstracts into a review folder of yours."
        )

    def _say(self, html: str) -> None:
        self.message.value = f'<p role="status">{html}</p>'
