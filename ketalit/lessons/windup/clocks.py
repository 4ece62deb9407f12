"""Wind-up, sensitisation, relief that lasts and chronic pain, each on its clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Bars, Picture, Points, Region, Rule, draw
from ...figures import Panel as Axes
from ...models import parameters_of
from ...models.windup import Sensitisation, sensitisation
from ..control import Choice, Switch
from ..drawing import Array
from ..panel import Panel, Setting

_ICD11 = (
    "Treede RD et al. Pain 2019;160:19–27 (chronic pain in ICD-11)",
    "https://doi.org/10.1097/j.pain.0000000000001384",
)

_SECOND, _MINUTE, _HOUR, _DAY = 1.0, 60.0, 3600.0, 86400.0
_MOMENTS = {
    "1 s": _SECOND, "5 s": 5 * _SECOND, "10 s": 10 * _SECOND, "1 min": _MINUTE,
    "10 min": 10 * _MINUTE, "1 h": _HOUR, "1 day": _DAY, "1 week": 7 * _DAY, "1 month": 30 * _DAY,
    "3 months": 91 * _DAY, "1 year": 365 * _DAY,
}  # fmt: skip
# Where room is scarce.
_SHORT = {"1 day": "1 d", "1 week": "7 d", "1 month": "30 d", "3 months": "91 d", "1 year": "1 y"}
_CHRONIC = 91 * _DAY  # three months: the definition of ICD-11
_ROWS = ("wind-up (model)", "sensitisation (Klein)", "CRPS relief (Dahan)", "“chronic” (ICD-11)")

_PAIN = 0, 2.2  # multiples that are drawn


@dataclass(frozen=True, slots=True)
class Clock:
    """What there is at one moment after its cause.

    Attributes:
        after: name of the moment.
        ketamine: bars of the experiment with ketamine are shown.
        parts: both kinds of sensitisation.
        left: (4, moments) from 0 to 1, a row for each of the four clocks; NaN where nobody measured.
    """

    after: str
    ketamine: bool
    parts: tuple[Sensitisation, ...]
    left: Array

    @property
    def here(self) -> Array:
        """The column of the moment."""
        return np.asarray(self.left[:, list(_MOMENTS).index(self.after)])


class Clocks(Panel):
    """Wind-up, sensitisation, relief that lasts and chronic pain, each on its clock.

    >>> Clocks(after="1 min").seen()[:70]
    'After 1 min, nothing is left of wind-up’s memory; sensitisation was st'
    """

    name = "clocks"
    title = "Seconds, hours, months"
    notice = (
        "Above, what one experiment in volunteers measured: two kinds of stronger pain after high-frequency "
        "stimulation, without ketamine and with it. Below, what is there how long after its cause; the larger the dot, "
        "the more; a ring means: not followed so long."
    )
    find = "the first moment at which less than 5 % of wind-up’s memory is left."
    limits = (
        "The rows are of different kinds: the first comes from the model, the second was measured in volunteers (Klein "
        "2007) and followed for 60 minutes, the third (Dahan 2011) is the half-life fitted to one trial in CRPS, drawn "
        "as a store that halves every 10.9 days (what that store would be is unknown), the fourth is a definition. The "
        "bar of 1 with ketamine stands for “ineffective”; the abstract gives no number. In a burn, ketamine did "
        "reduce secondary hyperalgesia (Ilkjaer 1996), so the result around the site is not a rule. "
        "Chronic pain is not one mechanism."
    )
    parameters = (
        "windup.surrogate.decay",
        "sensitisation.dose",
        "sensitisation.observed",
        "sensitisation.homotopic",
        "sensitisation.homotopic_ketamine",
        "sensitisation.heterotopic",
        "sensitisation.heterotopic_ketamine",
        "response.crps.half_life",
    )
    sources = (
        _ICD11,
        ("Ilkjaer S et al. Br J Anaesth 1996;76:829–34 (identifier not verified)", ""),
    )
    dosing = True
    controls = (
        Choice(
            key="after", label="How long after its cause", value="1 h", options=tuple(_MOMENTS),
            about="After the last stimulus; for relief after the infusion; for pain after it began",
        ),
        Switch(
            key="ketamine", label="Ketamine 0.25 mg/kg beforehand", value=True,
            about="Given into a vein four minutes before the stimulation",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> Clock:
        chosen = parameters_of()
        seconds = np.array(list(_MOMENTS.values()))
        decay = chosen.value("windup.surrogate.decay") / 1000
        half = chosen.value("response.crps.half_life") * _DAY
        parts = sensitisation(parameters=chosen)
        followed = parts[0].observed_min * _MINUTE
        left = [
            np.exp(-seconds / decay),
            np.where(seconds <= followed, 1, math.nan),
            0.5 ** (seconds / half),
            np.where(seconds >= _CHRONIC, 1, 0),
        ]
        return Clock(now.after, now.ketamine, parts, np.array(left))

    def words(self, result: Clock) -> str:
        memory, sensitised, relief, chronic = result.here
        same, around = result.parts
        kept = f"{100 * memory:.0f} %" if memory >= 0.005 else "nothing"
        measured = "was still measured" if sensitised == 1 else "was not followed so long"
        if result.ketamine:
            drug = (
                f"Ketamine prevented the {_rise(same.alone)} rise at the site, not the {_rise(around.alone)} around it."
            )
        else:
            drug = f"Pain rose by {_rise(same.alone)} at the site, by {_rise(around.alone)} around it."
        called = "is" if chronic else "is not yet"
        return (
            f"After {result.after}, {kept} is left of wind-up’s memory; sensitisation {measured}; "
            f"{100 * relief:.0f} % of what carries relief in CRPS is left; pain {called} called chronic. {drug}"
        )

    def draw(self, result: Clock, before: Clock | None, words: str) -> Picture:
        parts = result.parts
        places = np.arange(len(parts))
        pain: list[Any] = [
            Bars(places - 0.18 * result.ketamine, [part.alone for part in parts], flat=True, series=1,
                 label="without ketamine"),
        ]  # fmt: skip
        if result.ketamine:
            pain.append(
                Bars(places + 0.18, [part.after_ketamine for part in parts], flat=True, label="ketamine beforehand")
            )
        pain.append(Rule(x=1))
        moments = tuple(_MOMENTS)
        at = moments.index(result.after)
        dots: list[Any] = [Region(x=(at - 0.5, at + 0.5), ink="s3")]
        for row, shares in enumerate(result.left):
            known = np.nan_to_num(shares)
            sizes = (7 * np.sqrt(np.where(known >= 0.005, known, 0))).tolist()  # areas are shares
            dots.append(Points(range(len(moments)), [row] * len(moments), series=row, shape="circle", sizes=sizes))
            unknown = np.flatnonzero(np.isnan(shares)).tolist()
            dots.append(Points(unknown, [row] * len(unknown), series=row, shape="circle", hollow=True, sizes=3))
        return draw(
            [
                Axes(
                    pain,
                    Axis("Pain after high-frequency stimulation, as a multiple of before (1: unchanged)", limits=_PAIN),
                    Axis("", "names", names=("same site, electrical", "around it, pinprick")),
                    height=110,
                ),
                Axes(
                    dots,
                    Axis("Time after the cause", "names", names=tuple(_SHORT.get(one, one) for one in moments)),
                    Axis("", "names", names=_ROWS),
                    height=150,
                ),
            ],
            title="What is there, and how long after its cause",
            description=words,
            columns=1,
        )

    def data(self, result: Clock) -> pd.DataFrame:
        return pd.DataFrame({"after": list(_MOMENTS), **dict(zip(_ROWS, result.left, strict=True))})


def _rise(multiple: float) -> str:
    return f"{100 * (multiple - 1):.0f} %"
