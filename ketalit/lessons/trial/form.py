"""Four fields of the second invented record to be filled, and a key that answers each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from ...reading import read_record
from ...reading.notebook import STYLE, MarkedText
from ...telling import count_of
from ...vocabulary import Direction
from ..control import Choice, Control, Number
from ..shown import Shown, boxed, plain
from .common import value_of
from .records import CROSSOVER, record_of

_CHOOSE = "choose …"


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form.

    Attributes:
        control: what it is answered with.
        right: the answer of the key.
        why: what is said to each answer; "" stands for any other.
    """

    control: Choice | Number
    right: Any
    why: Mapping[Any, str]


def _choice(key: str, label: str, *options: str) -> Choice:
    return Choice(key=key, label=label, value=_CHOOSE, options=(_CHOOSE, *options))


_LATE, _SOON, _SLEEP = "pain in the second week", "pain one hour after the infusion", "sleep"
FORM: tuple[Asked, ...] = (
    Asked(
        Number(
            key="n_randomised", label="n randomised", unit="people", value=0, low=0, high=100, step=1,
            about="0: not filled in yet",
        ),
        24,
        {
            24: "24 people were randomised, to an order. In a crossover people are counted, not periods.",
            21: "21 completed both periods: that is the number analysed, and has a column of its own.",
            42: "42 are observations, two for each of the 21 who finished. Counting them would double the people.",
            48: "That is the number of infusions planned. Everybody got both; people are counted.",
            "": "Find the sentence that says how many people were put in an order by chance.",
        },
    ),
    Asked(
        _choice(
            "dose_mg_per_kg_per_h", "Infusion rate in mg/kg/h", "0.29 mg/kg/h", "20 mg/kg/h", "not reported",
            "not checked", "not applicable",
        ),
        "not reported",
        {
            "0.29 mg/kg/h": "That takes 70 kg for granted. Nobody says what these people weighed: a guess once typed "
            "looks like a fact.",
            "20 mg/kg/h": "The report says mg/h, not mg/kg/h: seventyfold too much for somebody of 70 kg.",
            "not reported": "20 mg/h stands under “dose as given”; without a body weight it cannot be put per kg, and "
            "the full text may give one.",
            "not checked": "You have looked: the abstract gives no weight. “Not checked” is for whoever has not.",
            "not applicable": "An infusion has a rate; it is only not told in this unit.",
        },
    ),
    Asked(
        _choice("primary_outcome", "Primary outcome", _SOON, _LATE, _SLEEP, "not reported"),
        _LATE,
        {
            _SOON: "It has the smaller P, and it comes first; neither makes it primary. The methods name another one.",
            _LATE: "Named in the methods, with its scale and its time.",
            _SLEEP: "Reported because it came out well; the methods do not name it.",
            "not reported": "It is named: the last sentence of the methods.",
        },
    ),
    Asked(
        _choice(
            "primary_direction", "Direction of the primary outcome", Direction.INTERVENTION,
            Direction.NO_DIFFERENCE, Direction.COMPARATOR, "not applicable",
        ),
        Direction.NO_DIFFERENCE,
        {
            Direction.INTERVENTION: "That is the conclusion's tone, and true of the first hour. The primary "
            "outcome: 48 against 52 mm, P = 0.31.",
            Direction.NO_DIFFERENCE: "48 against 52 mm in the second week, P = 0.31. The conclusion speaks of the "
            "first hour and does not say so.",
            Direction.COMPARATOR: "Less pain is better, and the lower mean is ketamine's; but P = 0.31.",
            "not applicable": "Two treatments were compared, so there is a direction to be read, even if it is “none”.",
        },
    ),
)  # fmt: skip


class ExtractionForm(Shown):
    """The second invented record, four fields to be filled, and a key that answers each.

    In code: `form.fields["n_randomised"].value = 24`, `form.compare.click()`, `form.seen()`.
    """

    title = "Fill four fields"

    def __init__(self) -> None:
        self.record = record_of(CROSSOVER)
        self.read = {one.field: one for one in read_record(self.record)}
        self.fields = {asked.control.key: Control(asked.control) for asked in FORM}
        self.said = {key: widgets.HTML() for key in self.fields}
        self.compare = widgets.Button(description="Compare with the key", tooltip="Says what each answer is worth")
        self.reset = widgets.Button(description="Reset", tooltip="Empty the form")
        self.score = widgets.HTML()
        self.compare.on_click(lambda _: self._compare())
        self.reset.on_click(lambda _: self._clear())
        for key, field in self.fields.items():
            # what was said is of another answer from now on
            field.observe(lambda _, said=self.said[key]: setattr(said, "value", ""), "value")
        rows = [one for key in self.fields for one in (self.fields[key], self.said[key])]
        buttons = widgets.HBox([self.compare, self.reset])
        form = widgets.VBox([*rows, buttons, self.score]).add_class("ket-form")
        text = widgets.VBox([widgets.HTML(f"{STYLE}{MarkedText(self.record).html}")])
        beside = widgets.HBox([text, form]).add_class("ket-pair")
        self.box = boxed([widgets.HTML(f"<h3>{self.title}</h3>"), beside])

    def seen(self) -> str:
        """What the learner reads: the feedback that is shown, and the score."""
        return " ".join(filter(None, (plain(one.value) for one in [*self.said.values(), self.score])))

    def _compare(self) -> None:
        right = 0
        for asked in FORM:
            key = asked.control.key
            given = self.fields[key].value
            if given == asked.control.value:
                self.said[key].value = '<div class="ket-feedback"><p class="ket-wrong">Not filled in yet.</p></div>'
                continue
            correct = given == asked.right
            right += correct
            mark, look = ("Right.", "") if correct else ("The key differs.", ' class="ket-wrong"')
            why = escape(asked.why.get(given, asked.why.get("", "")))
            rules = f"<small>The rules of the reader say: {escape(self._by_rules(key))}.</small>"
            self.said[
                key
            ].value = f'<div class="ket-feedback"><p{look}><strong>{mark}</strong> {why}<br>{rules}</p></div>'
        self.score.value = f'<p role="status">{right} of {count_of(len(FORM), "field")} as in the key.</p>'

    def _by_rules(self, key: str) -> str:
        found = self.read[key]
        return f"{value_of(found)} ({found.confidence})" if found.confidence else value_of(found)

    def _clear(self) -> None:
        for key, field in self.fields.items():
            field.value = field.declared.value
            self.said[key].value = ""
        self.score.value = ""

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        return self.box

    def twin(self) -> str:
        """The record and the four questions without their answers, HTML."""
        rows = "".join(
            f"<li>{escape(asked.control.label)}"
            + (f": {escape(' · '.join(asked.control.options[1:]))}" if isinstance(asked.control, Choice) else "")
            + "</li>"
            for asked in FORM
        )
        text = MarkedText(self.record).html
        return f"<h3>{self.title}</h3>{STYLE}{text}<ol>{rows}</ol><p>Run this cell to fill and compare.</p>"

    def __repr__(self) -> str:
        return f"{self.title}: {', '.join(asked.control.label for asked in FORM)} (Run this cell to fill and compare.)"
