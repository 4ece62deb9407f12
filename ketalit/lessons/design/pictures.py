"""The three pictures of a plan: what is given, how many people, what others did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...figures import Axis, Band, Bars, Line, Points, Region, Rule, Words
from ...figures import Panel as Axes
from ...figures.mechanism.reading import digits
from ...mapping.build import KINDS
from ...pooling import highest_sd, power_of
from ..drawing import earlier, share_axis
from ..infusion.common import ADULTS
from .plan import Plan, window_of

_MOST = 10  # studies that are listed in the picture


def doses(result: Plan, before: Plan | None) -> Axes:
    """What the doses do to plasma."""
    marks: list[Any] = []
    if len(result.schedule) == 1:
        marks.append(Region((0, result.schedule[0].end_h), name="runs", fits=False))
    if before and before.schedule != result.schedule:
        ends = before.low, before.high
        marks += [earlier(before.times_h, values, "before", dash="2 3", width=1.2) for values in ends]
    marks.append(
        Band(result.times_h, result.low, result.high, label=f"plasma, lowest to highest of {len(ADULTS)} models")
    )
    marks += [Line(result.times_h, values, width=1.2, dash="") for values in (result.low, result.high)]
    end = float(result.times_h[-1])
    top = max(1.08 * float(result.high.max()), 1.0)
    return Axes(
        marks, Axis("Time", "time", limits=(0, end)), Axis("Ketamine (ng/mL)", limits=(0, top)), "What is given", 90
    )


def people(result: Plan, before: Plan | None) -> Axes:
    """Power against people in each group."""
    until = max(2.2 * (result.careful or result.people), 20)
    groups = np.unique(np.geomspace(2, until, 60).round())
    difference = float(result.now.difference)
    marks: list[Any] = []
    if before and (before.sd, before.now.difference) != (result.sd, result.now.difference):
        power = power_of(groups, before.now.difference, before.sd)
        marks.append(earlier(groups, power, "before", dash="2 3", width=1.2))
    marks.append(Line(groups, power_of(groups, difference, result.sd), series=2, label=f"{difference:g} points"))
    if result.spread:
        high = highest_sd(result.sd, result.spread.people)
        marks.append(
            Line(
                groups, power_of(groups, difference, high), series=2, dash="6 3", width=1.4,
                label=f"the same, SD at its upper limit, {digits(high)}",
            )
        )  # fmt: skip
    half = difference / 2
    marks.append(Line(groups, power_of(groups, half, result.sd), series=3, label=f"half of it, {half:g} points"))
    marks.append(Rule(y=result.now.power / 100, name=f"{result.now.power:g} %"))
    if result.known.largest and result.known.largest / 2 < until:
        group = result.known.largest / 2
        marks += [Rule(x=group), Words(group, 0.03, "a group of the largest trial so far", dx=5)]
    marks.append(Points([result.people], [result.now.power / 100], series=2, sizes=5))
    x = Axis("People in each group", limits=(0, float(until)))
    return Axes(marks, x, share_axis("Power (%)"), "How many people", 130)


def others(result: Plan) -> Axes:
    """The plan among the largest studies of the condition."""
    sized = [one for one in result.known.studies if one.people is not pd.NA]
    shown = sorted(sized, key=lambda one: -int(one.people))[:_MOST]
    if not shown:
        nothing = Words(0, "none", "The map holds no study of this condition with a known size.", dx=10, dy=4)
        return Axes([nothing], Axis("People", limits=(0, 1)), Axis("", "names", names=("none",)))
    sizes = [float(result.enrolled), *(float(one.people) for one in shown)]
    marks: list[Any] = [Bars([0], sizes[:1], flat=True, series=2, thick=11, label="planned")]
    for ink, (label, kinds) in enumerate((("randomised", KINDS[:1]), ("other designs", KINDS[1:]))):
        at = [place for place, one in enumerate(shown, start=1) if one.kind in kinds]
        if at:
            marks.append(Bars(at, [sizes[place] for place in at], flat=True, series=ink, thick=11, label=label))
    names = ("this plan", *(f"{one.citation}{'' if one.counted else ' (not counted)'}" for one in shown))
    beside = (
        f"{result.enrolled}, {window_of(result.now.weeks).value.lower()}",
        *(f"{int(one.people)}, {one.followup.lower()}" for one in shown),
    )
    left = f"; the {_MOST} largest of {len(sized)}" if len(sized) > _MOST else ""
    x = Axis(f"People in the study{left}", limits=(0, 1.05 * max(sizes)))
    return Axes(marks, x, Axis("", "names", names=names, beside=beside), "What others did")
