"""Three stories of how ketamine blocks, and what each says of four experiments."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ...figures import Picture
from ...figures.diagram import percent
from ...figures.mechanism import stories
from ...figures.mechanism.reading import capital
from ...models.receptor import Contrast, contrasts
from ..control import Choice, Number
from ..panel import Panel, Setting
from ..telling import minus
from .common import BLOCKERS, GATING, ROOM, WIDE

_ALL = "all four"
_EXPERIMENTS = ("more agonist", "depolarisation", "drug without agonist", "washout without agonist", _ALL)
_STORIES = {"trapped": "The trap", "competitive": "in place of glutamate", "shuts": "keeps it shut"}


class Stories(Panel):
    """Three stories of how ketamine blocks, and what each says of four experiments.

    >>> Stories().seen().split(". ")[1]
    'The trap: 58 %, 58 %; in place of glutamate: 28 %, <0.1 %; keeps it shut: 56 %, 52 %'
    """

    name = "stories"
    title = "Three stories, four experiments"
    notice = "The stories share one affinity. Which of them survives each recording?"
    find = "the share of the block that each story keeps after two minutes of wash without agonist."
    limits = (
        ROOM + "The two wrong stories are drawn up for teaching, each to differ from the right one in one thing. "
        "No magnesium, no passage through the shut gate, no second site."
    )
    parameters = (*BLOCKERS[:3], "ketamine.trapped", "trapping.washout", *GATING)
    controls = (
        Choice(
            key="experiment", label="Experiment", value=_EXPERIMENTS[0], options=_EXPERIMENTS, about="What is done"
        ),
        Number(
            key="concentration", label="Ketamine", unit="µM", value=1, low=0.1, high=10, step=0.1,
            about="Free ketamine",
        ),
        Number(
            key="voltage", label="Depolarise to", unit="mV", value=40, low=-70, high=60, step=5,
            about="For the experiment “depolarisation”; elsewhere −70 mV",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> tuple[Contrast, ...]:
        found = contrasts(concentration=now.concentration, voltage=now.voltage)
        return tuple(one for one in found if now.experiment in (one.experiment, _ALL))

    def words(self, result: tuple[Contrast, ...]) -> str:
        if len(result) > 1:
            told = "; ".join(f"{one.experiment} {', '.join(map(percent, one.outcome['trapped']))}" for one in result)
            return f"What the story of the trap says: {told}. Choose one experiment to read all three stories."
        (one,) = result
        told = "; ".join(f"{_STORIES[name]}: {', '.join(map(percent, one.outcome[name]))}" for name in _STORIES)
        conditions = ", ".join(one.conditions)
        return (
            minus(f"{capital(one.experiment)} ({conditions}), {one.measured}. ")
            + f"{told}. Recordings: {re.sub(r'(?<=[0-9])%', ' %', one.observed)}."
        )

    def draw(self, result: tuple[Contrast, ...], before: Any, words: str) -> Picture:
        return stories(result, width=WIDE)

    def data(self, result: tuple[Contrast, ...]) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"experiment": one.experiment, "condition": condition, "story": name, one.measured: share}
                for one in result
                for name, shares in one.outcome.items()
                for condition, share in zip(one.conditions, shares, strict=True)
            ]
        )
