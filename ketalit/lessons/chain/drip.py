"""An infusion from drip to dorsal horn: one time cursor through every link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...figures import Axis, Band, Line, Picture, Points, Region, Rule, draw
from ...figures import Panel as Axes
from ...figures.mechanism.reading import digits, duration
from ...models.chain import Chain, drip_to_dorsal_horn
from ...models.pharmacokinetics import Schedule
from ..control import Number, Spec
from ..drawing import Array, earlier, share_axis
from ..infusion.common import BY_LABEL, WEIGHT
from ..infusion.given import window
from ..panel import Panel, Setting
from ..telling import between, percent
from .common import every_day, infusions, model_choice, on_scale, percents, receptor_choice, two

_SCARCE = 12  # more infusions than this are not shaded


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one infusion.

    Attributes:
        schedule: the doses.
        receptor: whose block is read.
        found: the chain, by one kinetic model.
        looked: place of the cursor, h.
        said: the doses in words.
    """

    schedule: Schedule
    receptor: str
    found: Chain
    looked: float
    said: str

    def at(self, values: Array) -> float:
        """What a course holds at the cursor."""
        return float(np.interp(self.looked, self.found.courses[0].times_h, values))


@lru_cache(maxsize=16)
def _chain(schedule: Schedule, model: str, voltage: float, magnesium: float) -> Chain:
    end = window(schedule)
    turns = [moment + np.array([0, 0.02, 0.06, 0.15, 0.4]) for dose in schedule for moment in (dose.at_h, dose.end_h)]
    times = np.unique(np.concatenate([np.linspace(0, end, 91), *turns]).clip(0, end))
    return drip_to_dorsal_horn(
        schedule, times, WEIGHT, models=[BY_LABEL[model]], voltage=voltage, magnesium=magnesium
    )  # fmt: skip


class Drip(Panel):
    """An infusion, and what becomes of it at every link: plasma, free drug, receptors, dorsal horn, pain, perception.

    >>> Drip().seen()[:61]
    'At most 6 % of GluN2B is blocked. At 40 min: plasma 157 ng/mL'
    """

    name = "drip"
    title = "From drip to dorsal horn"
    notice = (
        "One time cursor runs through six pictures. Watch how each link bends the curve before it, and which of them "
        "changes its height most."
    )
    find = "the share of GluN2B that is blocked at 1 mM magnesium, and at none, with all else unchanged."
    limits = (
        "Five models put in a row; no step was tested on the one before it. The shaded range is that of the unbound "
        "share alone. Block is taken to be settled. Pain and perception come straight from plasma, by models of "
        "volunteers given S-ketamine: they do not pass through the receptor. The fast map of wind-up misses the full "
        "model of two rat neurones by up to 2 spikes, and how fewer spikes become less pain has not been measured."
    )
    parameters = (
        "unbound.label", "unbound.csf_to_plasma", "unbound.textbook", "ketamine.half_block.human_GluN2A",
        "ketamine.half_block.GluN2A", "ketamine.half_block.GluN2B", "ketamine.half_block.GluN2C",
        "ketamine.half_block.GluN2D", "ketamine.electrical_distance", "magnesium.half_block", "magnesium.slope",
        "response.effect_site.half_life", "response.linear.ketamine", "response.linear.norketamine",
        "response.emax.c50_antinociception", "response.emax.c50_high", "windup.surrogate.decay",
    )  # fmt: skip
    dosing = True
    controls: ClassVar[Sequence[Spec]] = (
        Number(
            key="rate", label="Infusion rate", unit="mg/kg/h", value=0.75, low=0, high=2, step=0.05,
            about="How fast the infusion runs; 0 is none",
        ),
        Number(
            key="length", label="Infusion lasts", unit="h", value=0.6667, low=0.1, high=168, log=True,
            about="How long one infusion runs",
        ),
        Number(
            key="days", label="Once a day, for", unit="days", value=1, low=1, high=10, step=1,
            about="On how many days the same is given, 24 hours apart",
        ),
        model_choice(),
        receptor_choice(),
        Number(
            key="voltage", label="Membrane voltage", unit="mV", value=-66, low=-90, high=0, step=1,
            about="Of the neurone; −66 mV is that of the recordings, near rest",
        ),
        Number(
            key="magnesium", label="Magnesium outside", unit="mM", value=1, low=0, high=2, step=0.1,
            about="It competes with ketamine for the pore; 0 is what many dishes hold",
        ),
        Number(
            key="time", label="Time cursor, along the time axis", unit="%", value=18, low=0, high=100, step=1,
            plays=True, about="Where along the time axis every picture is read; Play walks through it",
        ),
    )  # fmt: skip
    presets = infusions()

    def compute(self, now: Setting) -> Way:
        days = round(now.days)
        schedule = every_day(now.rate, now.length, days)
        said = f"{now.rate:.3g} mg/kg/h for {duration(now.length)}" + (f", on {days} days" if days > 1 else "")
        found = _chain(schedule, now.model, now.voltage, now.magnesium)
        return Way(schedule, now.receptor, found, window(schedule) * now.time / 100, said)

    def words(self, result: Way) -> str:
        course = result.found.courses[0]
        block, spikes = course.block[result.receptor], course.wind_up[result.receptor]
        linear = " or ".join(dict.fromkeys(on_scale(result.at(one.middle)) for one in course.pain if one.unit == "cm"))
        emax = next(one for one in course.pain if not one.unit)
        return (
            f"At most {percent(float(block.middle.max()))} of {result.receptor} is blocked. At "
            f"{duration(result.looked)}: plasma {digits(result.at(course.plasma))} ng/mL; free "
            f"{between((result.at(course.free.low), result.at(course.free.high)), two)} µM; "
            f"{percents(result.at(block.low), result.at(block.high))} blocked; last response "
            f"{result.at(spikes):.1f} of {result.found.undisturbed:.1f} spikes; pain {linear}, or "
            f"{percent(result.at(emax.middle))} of the largest relief."
        )

    def draw(self, result: Way, before: Way | None, words: str) -> Picture:
        course = result.found.courses[0]
        block = course.block[result.receptor]
        old = before.found.courses[0] if before and before.found is not result.found else None
        if before and old is None and before.receptor != result.receptor:
            old = course
        was = before.receptor if before else ""

        def plot(
            title: str, axis: Axis, lines: Sequence[Any], past: Callable[[Any], Array] | None, band: Any = None
        ) -> Axes:
            marks: list[Any] = [*running]
            if band is not None:
                marks.append(Band(course.times_h, band.low, band.high, series=0, label="range of the unbound share"))
            if old is not None and past is not None:
                marks.append(earlier(old.times_h, past(old), "before", dash="2 3", width=1.2))
            marks += lines
            marks.append(Rule(x=result.looked))
            return Axes(marks, time, axis, title)

        doses = [dose for dose in result.schedule if dose.over_h]
        running = [Region((dose.at_h, dose.end_h), fits=False) for dose in doses] if len(doses) <= _SCARCE else []
        time = Axis("Time", "time", limits=(0, window(result.schedule)))
        share = 1.15 * max(float(block.high.max()), 0.02)

        def one(values: Array, series: int = 0, label: str = "", dash: str | None = None) -> list[Any]:
            line = Line(course.times_h, values, series=series, label=label, dash=dash)
            return [line, Points([result.looked], [result.at(values)], series=series)]

        pain = []
        for at, model in enumerate(course.pain):
            shown = -model.middle / 10 if model.unit == "cm" else model.middle
            pain += one(shown, series=at + 1, label=f"relief: {model.label}")
        high = next(model for model in course.perception if model.model == "emax_high")
        return draw(
            [
                plot("1  In plasma", Axis("Ketamine (ng/mL)", zero=True), one(course.plasma), lambda past: past.plasma),
                plot(
                    "2  Free around the cells", Axis("Ketamine (µM)", zero=True), one(course.free.middle),
                    lambda past: past.free.middle, course.free,
                ),
                plot(
                    f"3  In the pore of {result.receptor}",
                    share_axis("Blocked (%)", min(share, 1)),
                    one(block.middle), lambda past: past.block[was].middle, block,
                ),
                plot(
                    "4  In the dorsal horn", Axis("Spikes, last response", limits=(0, 17)),
                    one(course.wind_up[result.receptor]), lambda past: past.wind_up[was],
                ),
                plot("5  Pain in an experiment", Axis("Relief (%)", percent=True, zero=True), pain, None),
                plot(
                    "6  Perception", share_axis("Drug high (%)"), one(high.middle, 4), None,
                ),
            ],
            title=f"{result.said[:1].upper()}{result.said[1:]}",
            subtitle=f"{course.label}; {WEIGHT:g} kg; cursor at {duration(result.looked)}",
            description=words,
            note=(
                "Relief: per cent of a 10 cm scale (Olofsen 2012) or of the largest effect (Simons 2022); below 0 "
                "means more pain. Links 5 and 6 start from plasma, not from link 4."
            ),
            height=104,
        )  # fmt: skip

    def data(self, result: Way) -> pd.DataFrame:
        course = result.found.courses[0]
        block = course.block[result.receptor]
        columns = {
            "time_h": course.times_h,
            "plasma_ng_per_mL": course.plasma,
            "free_low_uM": course.free.low,
            "free_uM": course.free.middle,
            "free_high_uM": course.free.high,
            "blocked_low_share": block.low,
            "blocked_share": block.middle,
            "blocked_high_share": block.high,
            "last_response_spikes": course.wind_up[result.receptor],
        }
        for one in course.pain:
            columns[f"pain_{one.model}_{one.unit or 'share'}"] = one.middle
        return pd.DataFrame(columns)
