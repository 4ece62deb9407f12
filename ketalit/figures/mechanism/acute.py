"""Pictures of what is felt within minutes, and of how it lags behind the concentration in plasma."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..axes import Axis
from ..diagram import percent
from ..marks import Band, Line, Mark, Points
from ..panels import Panel, draw
from ..picture import Picture
from ..scale import numbers
from .reading import capital, digits, duration, listed

if TYPE_CHECKING:
    from ...models.response import Response


def acute_pain(found: Sequence[Response], ketamine: Collection[Any], *, subtitle: str = "", note: str = "") -> Picture:
    """Relief against time and against plasma, two panels a model.

    Without a delay, one concentration would mean one relief, whether on its way up or down. The effect site follows
    plasma with a half-life, so the way down lies apart from the way up: a loop.

    Args:
        found: of `models.response.acute_pain`, for one course of concentrations.
        ketamine: that course, total in plasma (t,), ng/mL.
        subtitle: conditions.
        note: under the picture, before what holds of each model.

    Raises:
        InputError: no response, or one of another length than the concentrations.

    >>> from ketalit.figures.mechanism import acute_pain as picture
    >>> from ketalit.models.response import acute_pain
    >>> minutes, plasma = ["0 min", "10 min", "30 min"], [0, 300, 0]
    >>> picture(acute_pain(minutes, plasma, half_life="6 min")[-1:], plasma).description
    'Simons 2022, Emax: 26 % at most, 0 min after plasma is highest.'
    """
    plasma = numbers(ketamine)
    if not found or any(one.middle.shape != (len(plasma),) for one in found):
        expected = "responses to one course, and its concentrations"
        raise InputError("there is nothing to draw", where="picture of acute pain", expected=expected)
    top = max(range(len(plasma)), key=plasma.__getitem__)
    panels, told = [], []
    for one in found:
        times, middle = numbers(one.times_h), numbers(one.middle)
        best = max(range(len(middle)), key=lambda place: _relief(one, middle[place]))
        y = Axis(f"{capital(one.quantity)} ({one.unit or '%'})", zero=True, percent=not one.unit)
        for name, x, across in ((one.label, Axis("Time", "time"), times), ("… against plasma", _PLASMA, plasma)):
            marks: list[Mark] = []
            if across is times and not (one.low == one.high).all():
                marks.append(Band(times, one.low, one.high, label="range of the estimates", ink="s0"))
            inside, outside = _parted(middle, one.extrapolated.tolist())
            if one.extrapolated.any():
                marks.append(Line(across, outside, label="beyond the scale of pain", ink="s0", dash="", faint=True))
            rising, falling = inside[: top + 1], inside[top:]
            marks += [
                Line(across[: top + 1], rising, label="until plasma is highest", series=0),
                Line(across[top:], falling, label="after that", ink="s0", dash="7 3.5"),
                Points([across[top]], [middle[top]], label="plasma highest", series=1),
                Points([across[best]], [middle[best]], label="relief largest", series=2),
            ]
            panels.append(Panel(marks, x, y, name))
        most = f"{digits(middle[best], 2)} {one.unit}" if one.unit else percent(middle[best])
        later = times[best] - times[top]
        when = f"{duration(later)} after" if later >= 0 else f"{duration(-later)} before"
        told.append(f"{one.label}: {most} at most, {when} plasma is highest")
    remarks = " ".join(f"{one.label}: {one.note.rpartition('; ')[0]}." for one in found)
    caution = found[0].note.rpartition("; ")[2]
    return draw(
        panels,
        title="Relief within minutes, and how it lags behind plasma",
        subtitle=subtitle,
        description=listed(told),
        note=" ".join(f"{note} {remarks} {caution}".split()),
        height=150,
    )


_PLASMA = Axis("Ketamine in plasma (ng/mL)", zero=True)


def _parted(values: Sequence[float], beyond: Sequence[bool]) -> tuple[list[float], list[float]]:
    """The values that are not beyond something, and those that are with their neighbours; gaps for the rest."""
    near = [any(beyond[max(0, place - 1) : place + 2]) for place in range(len(values))]
    inside = [math.nan if out else value for value, out in zip(values, beyond, strict=True)]
    return inside, [value if out else math.nan for value, out in zip(values, near, strict=True)]


def _relief(one: Response, value: float) -> float:
    """How much relief a value is: a fall of pain, or a share of the largest effect."""
    return -value if one.unit else value


def response(found: Sequence[Response], *, title: str = "What people feel", note: str = "") -> Picture:
    """Acute responses over time, one panel a model: they measure different things in different units.

    Args:
        found: of `models.response.acute_pain` or `psychotomimetic`, for one course of concentrations.
        title: of the picture.
        note: under the picture.

    >>> from ketalit.figures.mechanism import response
    >>> from ketalit.models.response import psychotomimetic
    >>> response(psychotomimetic([0, 0, 1], [0, 100, 100])).description.partition(";")[0]
    'Simons 2022, drug high: 58 % at most'
    """
    panels, told = [], []
    for one in found:
        share = not one.unit
        marks: list[Mark] = [
            Band(one.times_h, one.low, one.high, label="range of the estimates", ink="s0"),
            Line(one.times_h, one.middle, ink="s0", label="published estimate"),
        ]
        label = f"{capital(one.quantity)} ({one.unit or '%'})"
        panels.append(Panel(marks, Axis("Time", "time"), Axis(label, zero=True, percent=share), one.label))
        largest = max(numbers(one.middle), key=abs)
        told.append(f"{one.label}: {percent(largest) if share else f'{digits(largest, 2)} {one.unit}'} at most")
    return draw(panels, title=title, description=listed(told), note=note, height=160)
