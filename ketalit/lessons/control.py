"""Controls: a number, a choice, a switch or a text, declared as data, and the widget that shows any of them.

The browser's part, `front/control.js`, is native elements with a label, a unit and a spoken value: ipywidgets' own
sliders have no accessible name (ipywidgets#2650) and lose the arrow keys to JupyterLab.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..errors import InputError
from ..mainshell import hear_in_order
from ..rows import did_you_mean

hear_in_order()

FRONT = Path(__file__).parent / "front"
STYLE = FRONT / "lessons.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What every control has.

    Attributes:
        key: its name in code, state codes and data.
        label: its name on the screen.
        value: where it starts, and goes back to.
        about: what it does, in a sentence; shown on hovering.
        unit: of a number; "" for none.
    """

    key: str
    label: str
    value: Any
    about: str = ""
    unit: str = ""
    kind = ""

    def read(self, asked: Any, stands: Any) -> tuple[Any, str]:
        """The value taken for what was asked of a control that stands at `stands`, and what to tell the learner.

        Nothing ("") is told when what was asked is taken as it is.
        """
        raise NotImplementedError

    def from_text(self, text: str) -> Any:
        """The value that a state code holds as text; not checked yet."""
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Spec):
    """A slider with a box for the exact number.

    Attributes:
        low, high, step: its range in `unit`. A logarithmic one has no step; its `low` is above zero.
        log: equal ways are equal factors.
        plays: it has buttons that play and step through its range, for time.

    >>> rate = Number(key="rate", label="Infusion rate", unit="mg/kg/h", value=0.2, low=0, high=1, step=0.05)
    >>> rate.read(0.4, 0.2), rate.read(7, 0.2)
    ((0.4, ''), (1, '7 mg/kg/h lies outside 0 to 1; 1 mg/kg/h is shown.'))
    """

    low: float
    high: float
    step: float = 0.0
    log: bool = False
    plays: bool = False
    kind = "number"

    def read(self, asked: Any, stands: Any) -> tuple[float, str]:
        try:
            number = float(asked)
        except (TypeError, ValueError):
            number = math.nan
        if isinstance(asked, bool) or math.isnan(number):
            return stands, f"“{asked}” is not a number; {self._told(stands)} is shown."
        taken = min(max(number, self.low), self.high)
        if taken != number:
            return (
                taken,
                f"{self._told(number)} lies outside {_short(self.low)} to {_short(self.high)}; "
                f"{self._told(taken)} is shown.",
            )
        return asked, ""

    def from_text(self, text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            return text

    def _told(self, value: float) -> str:
        return f"{_short(value)} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Spec):
    """One of several named things.

    >>> drug = Choice(key="drug", label="Drug", value="ketamine", options=("ketamine", "memantine"))
    >>> drug.read("aspirin", "ketamine")
    ('ketamine', '“aspirin” is not offered; ketamine is shown.')
    """

    options: Sequence[str]
    kind = "choice"

    def read(self, asked: Any, stands: Any) -> tuple[str, str]:
        return (asked, "") if asked in self.options else (stands, f"“{asked}” is not offered; {stands} is shown.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Spec):
    """On or off.

    >>> Switch(key="ghost", label="Show the last setting", value=True).read("no", True)
    (True, '“no” is neither on nor off; nothing was changed.')
    """

    kind = "switch"

    def read(self, asked: Any, stands: Any) -> tuple[bool, str]:
        if isinstance(asked, bool):
            return asked, ""
        return stands, f"“{asked}” is neither on nor off; nothing was changed."

    def from_text(self, text: str) -> Any:
        return {"True": True, "False": False}.get(text, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Spec):
    """Words to be written.

    Attributes:
        rows: how many lines are seen at once.

    >>> Text(key="why", label="Why?", value="").read("It wears off.", "")
    ('It wears off.', '')
    """

    rows: int = 1
    kind = "text"

    def read(self, asked: Any, stands: Any) -> tuple[str, str]:
        return (asked, "") if isinstance(asked, str) else (stands, f"“{asked}” is not a text; nothing was changed.")


class Control(anywidget.AnyWidget):
    """The widget of a `Spec`.

    Attributes:
        value: what it stands at; anything impossible that is assigned is replaced, and `message` says so.
        message: what the learner is told about the last value; "" for nothing.
        holding: somebody is moving it at this moment, so what was before stays the comparison.
        heard: the last move in the browser that has been taken.
    """

    _esm = FRONT / "control.js"
    _css = STYLE
    spec = traitlets.Dict().tag(sync=True)
    value = traitlets.Any().tag(sync=True)
    value.allow_none = False  # so that it is checked as well; given as an argument, it would be overlooked
    message = traitlets.Unicode().tag(sync=True)
    heard = traitlets.Unicode().tag(sync=True)
    holding = traitlets.Bool(False)

    def __init__(self, declared: Spec) -> None:
        self.declared = declared
        super().__init__(spec=_sent(declared), value=declared.value)
        self.on_msg(lambda _, move, __: self._move(move))

    def declare(self, declared: Spec) -> None:
        """Become another control in the same place, at its start; e.g. a slider over more rows."""
        self.declared = declared
        with self.hold_sync():
            self.spec = _sent(declared)
            self.value = declared.value

    def _move(self, move: Mapping[str, Any]) -> None:
        """Take what somebody did in the browser, and tell it that it was heard."""
        with self.hold_sync():
            self.heard = str(move.get("move", ""))
            for name in ("holding", "message", "value"):  # the value last: what follows from it asks for the others
                if name in move:
                    setattr(self, name, move[name])

    @traitlets.validate("value")
    def _checked(self, proposal: Any) -> Any:
        taken, told = self.declared.read(proposal["value"], self.value)
        if told or not self.holding:  # the browser has said its own words about what it sends
            self.message = told
        return taken

    def __repr__(self) -> str:
        if isinstance(self.value, bool):
            return f"{self.declared.label}: {'on' if self.value else 'off'}"
        value = self.value if isinstance(self.value, str) else _short(self.value)
        return f"{self.declared.label}: {value} {self.declared.unit}".rstrip()


def _sent(declared: Spec) -> dict[str, Any]:
    return asdict(declared) | {"kind": declared.kind}


def _short(value: float) -> str:
    return f"{value:.12g}".replace("-", "−")


def key_named(name: str, keys: Sequence[str], where: str) -> str:
    """`name` when it is one of `keys`.

    Raises:
        InputError: it is none of them.
    """
    if name not in keys:
        raise InputError(f"{where} has no “{name}”{did_you_mean(name, keys)}", expected=", ".join(keys))
    return name
