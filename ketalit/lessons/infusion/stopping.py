"""How long a concentration takes to fall after an infusion, and what that hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Line, Picture, Points, Rule, draw
from ...figures import Panel as Axes
from ...figures.mechanism.reading import duration
from ...models.pharmacokinetics import MODELS, Dose, concentrations, half_lives
from ..control import Choice, Number
from ..drawing import Array, earlier, share_axis
from ..panel import Panel, Setting
from ..telling import between
from .common import ADULTS, FASTEST, KINETICS, SERIES, WEIGHT, durations, nanograms
from .published import long_and_short

_AFTER = np.concatenate([[0], np.geomspace(1 / 120, 96, 160)])  # h after stopping
_LENGTHS = np.geomspace(0.1, 120, 14)  # h


@dataclass(frozen=True, slots=True)
class Fall:
    """What happens after an infusion is stopped.

    Attributes:
        site: "ketamine" or "effect_site".
        left: share left that is waited for.
        shares: model to its concentration over that at the stop, at `_AFTER`.
        stood: model to its concentration at the stop, ng/mL.
        falls: model to the time until `left`, h.
        by_length: model to that time after each of `_LENGTHS`, h.
    """

    rate: float
    length: float
    left: float
    site: str
    shares: Mapping[str, Array]
    stood: Mapping[str, float]
    falls: Mapping[str, float]
    by_length: Mapping[str, Array]

    @property
    def where(self) -> str:
        """The site in words."""
        return "plasma" if self.site == "ketamine" else "effect site"


def _fall(length: float, site: str, rate: float = 0.2) -> dict[str, tuple[float, Array]]:
    """Model to its concentration when an infusion of a length is stopped, ng/mL, and the shares of it left after."""
    found = concentrations(Dose(f"{rate} mg/kg/h", length), length + _AFTER, WEIGHT, ADULTS)
    courses = {one.model: getattr(one, site) for one in found.models}
    return {model: (float(values[0]), values / values[0]) for model, values in courses.items()}


_any_rate = cache(_fall)  # shares do not hang on the rate


def _until(shares: Array, left: float) -> float:
    """When a share is left, h; the effect site may still rise after the stop."""
    top = int(shares.argmax())
    return float(np.interp(-left, -shares[top:], _AFTER[top:]))


_FILLING = " After a short infusion the effect site is still filling when the pump stops, so its fall begins late."


class Stopping(Panel):
    """How long a concentration takes to fall after an infusion, and what that hangs on.

    >>> Stopping(length=4).seen()  # doctest: +ELLIPSIS
    'After 4 h, plasma falls to 50 % in 16 min (Domino 1984) to 95 min (Clements and Nimmo 1981). ...'
    """

    name = "stopping"
    title = "After the pump stops"
    notice = (
        "Left: the fall after the infusion that you set. Right: the same for every length. Move the length, then the "
        "rate: which of them changes the time?"
    )
    find = "how long plasma takes to fall by half after 24 h, by the fastest and the slowest model."
    limits = (
        "A concentration is not an effect. What is felt, and how long pain stays less, need a model of effect on top "
        "(lesson 5), and neither is known well. Typical persons of 70 kg; nothing here says when anybody may stand "
        "up, drive or go home."
    )
    parameters = (*KINETICS, "response.effect_site.half_life")
    sources = (
        (
            "Bailey JM. Context-sensitive half-times: what are they and how valuable are they in anaesthesiology? "
            "Clin Pharmacokinet 2002;41:793-9",
            "https://doi.org/10.2165/00003088-200241110-00001",
        ),
    )
    dosing = True
    controls = (
        Number(
            key="length", label="Stopped after", unit="h", value=4, low=0.1, high=120, log=True,
            about="How long the infusion ran before it was stopped",
        ),
        Number(
            key="left", label="Wait until this much is left", unit="%", value=50, low=10, high=90, step=5,
            about="Share of the concentration at the stop; 50 % gives the context-sensitive half-time",
        ),
        Number(
            key="rate", label="Infusion rate", unit="mg/kg/h", value=0.2, low=0.05, high=FASTEST, step=0.05,
            about="How fast the infusion ran",
        ),
        Choice(key="site", label="Where", value="plasma", options=("plasma", "effect site")),
    )  # fmt: skip
    presets = long_and_short()

    def compute(self, now: Setting) -> Fall:
        site, left = ("ketamine" if now.site == "plasma" else "effect_site"), now.left / 100
        here = _fall(now.length, site, now.rate)
        return Fall(
            now.rate,
            now.length,
            left,
            site,
            {model: shares for model, (_, shares) in here.items()},
            {model: stood for model, (stood, _) in here.items()},
            {model: _until(shares, left) for model, (_, shares) in here.items()},
            {
                model: np.array([_until(_any_rate(float(length), site)[model][1], left) for length in _LENGTHS])
                for model in here
            },
        )

    def words(self, result: Fall) -> str:
        where = result.where if result.site == "ketamine" else f"the {result.where}"
        fast, slow = (choose(result.falls, key=result.falls.__getitem__) for choose in (min, max))
        halves = durations(_slowest(model) for model in result.falls)
        return (
            f"After {duration(result.length)}, {where} falls to {100 * result.left:g} % in "
            f"{duration(result.falls[fast])} ({MODELS[fast].label}) to {duration(result.falls[slow])} "
            f"({MODELS[slow].label}). The terminal half-lives of the five models are {halves}. "
            f"Level at the stop: {between(result.stood.values(), nanograms)} ng/mL."
        )

    def draw(self, result: Fall, before: Fall | None, words: str) -> Picture:
        longest = max(result.falls.values())
        end = max(1.4 * longest, 0.5)
        there = 1.3 * end >= _AFTER
        highest = max(float(shares.max()) for shares in result.shares.values())
        fall: list[Any] = []
        lengths: list[Any] = []
        if before and (before.length, before.site) != (result.length, result.site):
            fall += [
                earlier(_AFTER[there], one[there], self._was(before), dash="2 3", width=1.2)
                for one in before.shares.values()
            ]
        if before and (before.left, before.site) != (result.left, result.site):
            lengths += [
                earlier(_LENGTHS, hours, self._was(before), dash="2 3", width=1.2)
                for hours in before.by_length.values()
            ]
        for model, shares in result.shares.items():
            fall.append(Line(_AFTER[there], shares[there], label=MODELS[model].label, series=SERIES[model]))
            fall.append(Points([result.falls[model]], [result.left], series=SERIES[model]))
            lengths.append(Line(_LENGTHS, result.by_length[model], label=MODELS[model].label, series=SERIES[model]))
            lengths.append(Points([result.length], [result.falls[model]], series=SERIES[model]))
        fall.append(Rule(y=result.left, name=f"{100 * result.left:g} % left"))
        lengths.append(Rule(x=result.length, name=duration(result.length)))
        most = max(float(hours.max()) for hours in result.by_length.values())
        return draw(
            [
                Axes(
                    fall,
                    Axis("Time after the stop", "time", limits=(0, end)),
                    share_axis("Share of the level at the stop (%)", 1.05 * highest),
                    f"The fall, {result.where}",
                ),
                Axes(
                    lengths,
                    Axis("Length of the infusion (h)", "log", limits=(0.1, 120)),
                    Axis(f"Time until {100 * result.left:g} % is left", "time", limits=(0, 1.08 * most)),
                    "The same after any length",
                ),
            ],
            title=f"Stopped after {duration(result.length)}",
            subtitle=f"{result.rate:.3g} mg/kg/h, {WEIGHT:g} kg, {result.where}",
            description=words,
            note="Five published models, the typical person of each. The curves on the right hold for any rate."
            + (_FILLING if result.site == "effect_site" else ""),
            height=250,
        )

    @staticmethod
    def _was(before: Fall) -> str:
        return f"before: {duration(before.length)}, {100 * before.left:g} %, {before.where}"

    def data(self, result: Fall) -> pd.DataFrame:
        return pd.concat(
            [
                pd.DataFrame(
                    {
                        "model": MODELS[model].label,
                        "infusion_h": _LENGTHS,
                        f"{result.site}_hours_until_{100 * result.left:g}_percent": hours,
                    }
                )
                for model, hours in result.by_length.items()
            ],
            ignore_index=True,
        )


@cache
def _slowest(model: str) -> float:
    return float(half_lives(model, WEIGHT)[-1]) / 60
