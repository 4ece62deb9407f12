"""A panel: an interactive figure with its controls. A lesson declares what moves, what is computed and what is read."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, unquote
from weakref import WeakSet

import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd

from ..errors import InputError
from ..figures import Picture
from ..models.listing import cited
from .control import Choice, Control, Spec, key_named
from .shown import Shown, boxed, plain
from .telling import linked
from .view import View

_OWN = "as you set it"
# What would end a setting, or a part of an address.
_ESCAPED = str.maketrans({sign: quote(sign) for sign in "%&+#="} | {"~": "%7E"})


_MADE: WeakSet[Panel] = WeakSet()  # so that a code finds its panel, which has no name in a lesson's cells


def restore(code: str) -> None:
    """Put the panel of this notebook that a code belongs to at its settings; one behind a prediction opens with them.

    Raises:
        InputError: no panel here has that name, or the code is wrong; nothing moves.
    """
    name = str(code).strip().split("~")[0]
    found = [panel for panel in _MADE if panel.name == name]
    if not found:
        here = ", ".join(sorted({panel.name for panel in _MADE})) or "none yet: run the cells first"
        raise InputError(f"no panel of this notebook has the name “{name}”", expected=f"the code of one of: {here}")
    for panel in found:
        panel.restore(code)


@dataclass(frozen=True, slots=True)
class Preset:
    """Named settings.

    Attributes:
        name: on the screen.
        settings: key of a control to its value; the others go to their start.
        source: where they come from, e.g. "PMID 19604642"; "" when they are only an illustration.
        url: where to read it.
    """

    name: str
    settings: Mapping[str, Any]
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Setting(Mapping[str, Any]):
    """What the controls stand at: a mapping whose values are attributes too.

    >>> Setting({"rate": 0.2}).rate
    0.2
    """

    values_: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.values_[key]

    def __iter__(self) -> Any:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)

    def __getattr__(self, key: str) -> Any:
        try:
            return self.values_[key]
        except KeyError:
            raise AttributeError(key) from None


class Panel(Shown):
    """An interactive figure with controls, a reading in words, a previous setting to compare with, and a static twin.

    A subclass declares the class attributes and four pure methods: `compute` (settings to a result), `draw` (result,
    and the result before it or None, to a picture), `words` (result to what can be read off it) and `data` (result to
    the numbers behind it). It holds no science; that is in `models`, `pooling`, `table` and `claims`.

    Attributes:
        name: in state codes and names of files.
        title: over the panel.
        controls: what can be moved.
        presets: named settings.
        notice: what to look at, in a sentence.
        find: a number to be found with it.
        limits: what the model leaves out.
        parameters: names of the numbers it rests on, as `ketalit parameters` lists them.
        sources: other works it rests on: (words, address).
        dosing: doses are shown, so that the panel says it is not for dosing patients.

    A panel shows itself at the end of a cell. In code: `panel.set(rate=0.4)`, `panel.rate.value = 0.4`,
    `panel.reset.click()`, `panel.seen()`, `panel.code`, `panel.restore(code)`, `panel.frame()`, `panel.picture`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    controls: ClassVar[Sequence[Spec]] = ()
    presets: ClassVar[Sequence[Preset]] = ()
    notice: ClassVar[str] = ""
    find: ClassVar[str] = ""
    limits: ClassVar[str] = ""
    parameters: ClassVar[Sequence[str]] = ()
    sources: ClassVar[Sequence[tuple[str, str]]] = ()
    dosing: ClassVar[bool] = False

    picture: Picture

    def __init__(self, **settings: Any) -> None:
        self.moves: dict[str, Control] = {spec.key: Control(spec) for spec in self.controls}
        names = (_OWN, *(preset.name for preset in self.presets))
        self.example = Control(
            Choice(key="example", label="Example", value=_OWN, options=names, about="Known settings")
        )
        self.reset = widgets.Button(description="Reset", tooltip="Every control back to where it started")
        self.view = View(self.name, self._asked)
        self.box: Any = None
        self._quiet = False
        self._held = False
        self._result: Any = None
        self._before: Any = None
        _MADE.add(self)
        self.reset.on_click(lambda _: self.set(**{key: spec.declared.value for key, spec in self.moves.items()}))
        self.example.observe(self._take_example, "value")
        for control in self.moves.values():
            control.observe(self._moved, "value")
            control.observe(self._rested, "holding")
        self._show()
        if settings:
            self.set(**settings)
            self._before = None
            self._show()
        for code in parse_qs(os.environ.get("QUERY_STRING", "")).get("s", []):
            if code.split("~")[0] == self.name:
                try:
                    self.restore(code)
                except InputError as error:
                    told = f"<strong>The settings in the address cannot be taken.</strong> {escape(str(error))} "
                    self.view.words = told + self.view.words

    # --- what a lesson declares ----------------------------------------------------------------------------------

    def compute(self, now: Setting) -> Any:
        """The result for these settings.

        Raises:
            InputError: no such thing can be computed; its words stand beside the figure.
        """
        raise NotImplementedError

    def draw(self, result: Any, before: Any, words: str) -> Picture:
        """The picture; `before` is the result of the previous settings, or None; `words` is its description."""
        raise NotImplementedError

    def words(self, result: Any) -> str:
        """What is to be read off the picture, in a few plain sentences."""
        raise NotImplementedError

    def data(self, result: Any) -> pd.DataFrame:
        """The numbers behind the picture, with units in the names of the columns."""
        raise NotImplementedError

    # --- what a person or a cell does ----------------------------------------------------------------------------

    def __getattr__(self, key: str) -> Any:
        try:
            return self.__dict__["moves"][key]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no “{key}”") from None

    @property
    def now(self) -> Setting:
        """What the controls stand at."""
        return Setting({key: control.value for key, control in self.moves.items()})

    def set(self, **settings: Any) -> None:
        """Put several controls at once; one redraw. What cannot be taken is said beside its control.

        Raises:
            InputError: there is no control of that name.
        """
        for key in settings:
            key_named(key, list(self.moves), self.title)
        self._quiet = True
        try:
            for key, value in settings.items():
                self.moves[key].value = value
        finally:
            self._quiet = False
        self._moved()

    def seen(self) -> str:
        """What the learner reads now: the text of the reading on the screen, and what is said beside controls."""
        told = [control.message for control in self.moves.values() if control.message]
        return " ".join([plain(self.view.words), *told])

    @property
    def code(self) -> str:
        """These settings in a short text that can be shared: the panel's name and what differs from the start."""
        changed = {key: value for key, value in self.now.items() if value != self.moves[key].declared.value}
        return "~".join(
            [self.name, *(f"{key}={_as_text(value).translate(_ESCAPED)}" for key, value in changed.items())]
        )

    def restore(self, code: str) -> None:
        """Take the settings of a code; the other controls go to their start.

        Raises:
            InputError: it is the code of another panel, or no code.
        """
        name, *parts = str(code).strip().split("~")
        if name != self.name:
            raise InputError(f"“{name}” is not the code of this panel", expected=f"{self.name}~…")
        settings = {key: control.declared.value for key, control in self.moves.items()}
        for part in parts:
            key, equals, text = part.partition("=")
            if not equals:
                raise InputError(f"“{part}” is no setting", where=f"code {code}", expected="name=value")
            settings[key] = self.moves[key_named(key, list(self.moves), self.title)].declared.from_text(unquote(text))
        self.set(**settings)

    def frame(self) -> pd.DataFrame:
        """The numbers behind the picture."""
        return self.data(self._result)

    # --- what happens --------------------------------------------------------------------------------------------

    def _moved(self, change: Any = None) -> None:
        if self._quiet:
            return
        # While one movement lasts, the comparison stays what was there when it began.
        if not self._held:
            self._before = self._result
        self._held = any(control.holding for control in self.moves.values())
        if self.example.value != _OWN and not self._is(self.example.value):
            self.example.value = _OWN
        self._show()

    def _rested(self, change: Any) -> None:
        if not change["new"]:
            self._held = False

    def _show(self) -> None:
        try:
            result = self.compute(self.now)
        except InputError as error:
            self.view.words = f"<strong>Nothing can be shown for these settings.</strong> {escape(str(error))}"
            self.view.stale = True
            return
        words = self.words(result)
        self._result = result
        self.picture = _described(self.draw(result, self._before, words), words)
        with self.view.hold_sync():
            self.view.svg = self.picture.svg
            self.view.words = escape(words)
            self.view.stale = False

    def _take_example(self, change: Any) -> None:
        preset = next((one for one in self.presets if one.name == change["new"]), None)
        if preset and not self._is(preset.name):
            self.set(**({key: control.declared.value for key, control in self.moves.items()} | dict(preset.settings)))

    def _is(self, name: str) -> bool:
        """The controls stand as in the example of that name."""
        settings = next(dict(one.settings) for one in self.presets if one.name == name)
        return all(control.value == settings.get(key, control.declared.value) for key, control in self.moves.items())

    def _asked(self, what: str) -> dict[str, Any]:
        if what == "code":
            return {"code": self.code}
        return {"csv": self.frame().to_csv(index=False), "save": what == "save"}

    # --- how it is shown -----------------------------------------------------------------------------------------

    def widget(self) -> widgets.VBox:
        """All of it as one widget; always the same."""
        if self.box is None:
            left = [self.example] if self.presets else []
            controls = widgets.VBox([*left, *self.moves.values(), self.reset]).add_class("ket-controls")
            beside = widgets.HBox([controls, widgets.VBox([self.view]).add_class("ket-shown")]).add_class("ket-beside")
            self.box = boxed([widgets.HTML(self._head()), beside, widgets.HTML(self._foot())])
        return self.box

    def _head(self) -> str:
        lines = [f"<h3>{escape(self.title)}</h3>"]
        lines += [f"<p><strong>What to notice.</strong> {escape(self.notice)}</p>"] if self.notice else []
        lines += [f"<p><strong>Find:</strong> {escape(self.find)}</p>"] if self.find else []
        lines += ["<p><strong>Teaching model, not for dosing patients.</strong></p>"] if self.dosing else []
        return "".join(lines)

    def _foot(self) -> str:
        rows = [cited(name) for name in self.parameters]
        table = "".join(
            f"<tr><td>{escape(row.name)}</td><td>{escape(row.text)}</td><td>{escape(row.status)}</td>"
            f"<td>{linked(row.source, row.url)}</td></tr>"
            for row in rows
        )
        head = "<tr><th>number</th><th>value</th><th>standing</th><th>source</th></tr>"
        presets = [(f"Example “{one.name}”: {one.source or 'an illustration'}", one.url) for one in self.presets]
        works = "".join(f"<li>{linked(words, url)}</li>" for words, url in [*self.sources, *presets])
        model = "Limits of the model, and where its numbers come from"
        fold = model if rows else "Limits, and where the numbers come from"
        return (
            f"<details><summary>{fold}</summary>"
            + (f"<p>{escape(self.limits)}</p>" if self.limits else "")
            + (f"<table>{head}{table}</table>" if rows else "")
            + (f"<ul>{works}</ul>" if works else "")
            + "</details>"
        )

    def __repr__(self) -> str:
        return f"{self.title}. {self.seen()} (Run this cell for the controls.)"

    def twin(self) -> str:
        """The panel without a kernel, as HTML: the picture with its reading, and where the controls stand."""
        stand = "; ".join(repr(control) for control in self.moves.values())
        return (
            f"{self._head()}<figure>{self.picture._repr_html_()}<figcaption>{self.view.words}<br>"
            f"<small>{escape(stand)}. Run this cell for the controls.</small></figcaption></figure>"
        )


def _as_text(value: Any) -> str:
    """A setting in a code: a number as its box shows it, every digit kept.

    >>> _as_text(20.0), _as_text(0.15), _as_text(True)
    ('20', '0.15', 'True')
    """
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _described(picture: Picture, words: str) -> Picture:
    """The picture, saying what the reading under it says, whatever its maker says of it."""
    if picture.description == words:
        return picture
    svg = re.sub("<desc>.*?</desc>", lambda _: f"<desc>{escape(words)}</desc>", picture.svg, count=1, flags=re.DOTALL)
    return replace(picture, svg=svg, description=words)
