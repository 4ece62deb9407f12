"""A panel about nothing, with every kind of control, and a bank of questions for it; made up for the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ketalit.errors import InputError
from ketalit.figures import Axis, Line, Picture, draw
from ketalit.figures import Panel as Axes
from ketalit.lessons.control import Choice, Number, Switch
from ketalit.lessons.panel import Panel, Preset, Setting


@dataclass(frozen=True)
class Share:
    """A whole shared by some."""

    whole: float
    heads: float
    each: float


class Toy(Panel):
    """A cake and those who share it."""

    name = "toy"
    title = "A cake & those who share it"
    notice = "Twice the heads, half the share."
    find = "the share of four."
    limits = "Crumbs are left out."
    controls = (
        Number(key="whole", label="Cake", unit="g", value=100, low=0, high=500, step=10),
        Number(key="heads", label="Heads", value=2, low=0, high=10, step=1, plays=True),
        Number(key="dose", label="Sugar", unit="g/L", value=1.0, low=0.01, high=1000, log=True),
        Number(key="shift", label="Shift", unit="mV", value=-70, low=-100, high=60, step=5),
        Choice(key="kind", label="Kind", value="plain", options=("plain", "50 % + nuts & <b>~figs~</b>=all#1")),
        Switch(key="grid", label="Grid", value=True),
    )
    presets = (Preset("party", {"heads": 8}, "a made-up source"), Preset("big", {"whole": 500, "grid": False}))

    def __init__(self, **settings: Any) -> None:
        self.drawn: list[tuple[Share, Share | None]] = []
        super().__init__(**settings)

    def compute(self, now: Setting) -> Share:
        if now.heads == 0:
            raise InputError("nobody <is> here to share")
        return Share(now.whole, now.heads, now.whole / now.heads)

    def words(self, result: Share) -> str:
        return f"Each of {result.heads:g} has {result.each:.1f} g & no more."

    def draw(self, result: Share, before: Share | None, words: str) -> Picture:
        self.drawn.append((result, before))
        marks = [Line([0, 1], [0, result.each], label="now")]
        if before:
            marks.append(Line([0, 1], [0, before.each], label=f"before: {before.heads:g}", ink="muted"))
        axes = Axes(marks, Axis("Time (h)"), Axis("Share (g)"))
        return draw(axes, title=self.title, description=words)

    def data(self, result: Share) -> pd.DataFrame:
        return pd.DataFrame({"heads": [result.heads], "share_g": [result.each]})


QUESTIONS = [
    {
        "id": "guess",
        "kind": "predict",
        "question": "Twice the heads: what has each?",
        "type": "multiple_choice",
        "answers": [
            {"answer": "twice", "correct": False, "feedback": "MISTAKE-ONE"},
            {"answer": "half", "correct": True, "feedback": "GOOD-ONE"},
        ],
    },
    {
        "id": "count",
        "kind": "check",
        "question": "How much has each of four?",
        "type": "numeric",
        "unit": "g",
        "answers": [
            {"type": "value", "value": 25, "correct": True, "feedback": "GOOD-TWO"},
            {"type": "range", "range": [200, 600], "correct": False, "feedback": "MISTAKE-TIMES"},
            {"type": "default", "correct": False, "feedback": "MISTAKE-OTHER"},
        ],
    },
    {
        "id": "which",
        "kind": "check",
        "question": "Which are even?",
        "type": "many_choice",
        "answers": [
            {"answer": "two", "correct": True, "feedback": "TWO-IS-EVEN"},
            {"answer": "three", "correct": False, "feedback": "THREE-IS-ODD"},
            {"answer": "four", "correct": True, "feedback": "FOUR-IS-EVEN"},
        ],
    },
    {
        "id": "far",
        "kind": "transfer",
        "question": "And with a pie?",
        "type": "multiple_choice",
        "answers": [
            {"answer": "other", "correct": False, "feedback": "MISTAKE-PIE"},
            {"answer": "the same <i>", "correct": True, "feedback": "GOOD-PIE"},
        ],
    },
]


def write_bank(folder: Path) -> None:
    """The bank of lesson “toy”, in `folder`."""
    (folder / "toy.json").write_text(json.dumps(QUESTIONS), encoding="utf-8")
