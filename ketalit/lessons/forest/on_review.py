"""A panel whose controls offer what the review holds that the lessons work on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import InputError
from ...figures import Axis, Words, draw
from ...figures import Panel as Axes
from ...identifiers import source_link
from ..chosen import chosen_folder
from ..control import Choice, Spec
from ..kept import review_in
from ..panel import Panel
from .analyses import NOTHING, Analysis, analyses_of, first_of


class OnReview(Panel):
    """A panel whose controls offer what the review holds that the lessons work on."""

    def __init__(self, **settings: Any) -> None:
        self.folder = chosen_folder()
        self.analyses = analyses_of(self.folder)
        # The class declares them for all; here each panel has its own, since they depend on the review.
        vars(self)["controls"] = self.offered()
        vars(self)["sources"] = _sources(self.folder)
        said = "Nothing to pool in this review."
        blank = Axes([Words(0.5, 0.5, said, anchor="middle")], Axis(limits=(0, 1)), Axis(limits=(0, 1)))
        self.picture = draw(blank, title=self.title, description=said, height=60)  # until there is another
        super().__init__(**settings)

    def offered(self) -> tuple[Spec, ...]:
        """The controls for this review."""
        raise NotImplementedError

    def frame(self) -> pd.DataFrame:
        """The numbers behind the picture; none where nothing could be pooled."""
        return pd.DataFrame() if self._result is None else super().frame()

    def choice(self, names: Sequence[str] = (), first: str = "") -> Choice:
        """The control for an analysis."""
        offered = tuple(names or self.analyses) or (NOTHING,)
        start = first or first_of(self.analyses)
        return Choice(
            key="analysis", label="Comparison, outcome, time", value=start if start in offered else offered[0],
            options=offered, about="As the effects.csv of the review has them",
        )  # fmt: skip

    def taken(self, name: str) -> Analysis:
        """The analysis of that name.

        Raises:
            InputError: the review has none.
        """
        if name not in self.analyses:
            raise InputError(
                "this review holds no effect, so there is nothing to pool",
                where=str(self.folder.name),
                expected="rows in its effects.csv",
            )
        return self.analyses[name]


@cache
def _sources(folder: Path) -> tuple[tuple[str, str], ...]:
    """The records that the numbers were read in, with their addresses."""
    review = review_in(folder)
    found = {}
    for row in review.effects or ():
        record = review.records.get(review.names.get(row.record, row.record))
        words = ", ".join(filter(None, (record.short if record else row.record, row.source)))
        found[f"The numbers: {words}"] = source_link(row.source)
    return tuple(found.items())
