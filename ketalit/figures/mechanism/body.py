"""Pictures of what the body does with ketamine, and ketamine with the body, over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from ...errors import InputError
from ..axes import Axis
from ..diagram import percent
from ..marks import Band, Line, Mark
from ..notes import Region
from ..panels import Panel, draw
from ..picture import Picture
from ..scale import numbers
from .reading import capital, digits, duration, listed
from .windup import fast_map_limits

if TYPE_CHECKING:
    from ...models.chain import Chain
    from ...models.pharmacokinetics import Bands, Dose, Kinetics, LeftOut
    from ...models.response import SlowRelief


class _Noted(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def notes(self) -> tuple[str, ...]: ...


class _Sampled(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def sampling(self) -> str: ...


_HEADROOM = 1.12  # for the words over what is shaded
_SHADED = 12  # at most so many infusions are shaded; more would be a curtain


def kinetics(found: Kinetics, *, norketamine: bool = False, logarithmic: bool = False, note: str = "") -> Picture:
    """Concentrations in plasma over time, by every model that covers the route.

    Args:
        found: of `models.pharmacokinetics.concentrations`.
        norketamine: a second panel with it.
        logarithmic: the axis of concentrations.
        note: under the picture, before what was left out and the caution.

    Raises:
        InputError: no model covers the schedule; `left_out` says why.

    >>> from ketalit.figures.mechanism import kinetics
    >>> from ketalit.models.pharmacokinetics import concentrations
    >>> kinetics(concentrations("depression infusion", models=["otto2021"])).description
    'Fanta 2015 with Otto 2021: at most 158 ng/mL, 40 min after the start.'
    """
    _some(found.models, found.left_out)
    panels = []
    for name, values in (("ketamine", "ketamine"), ("norketamine", "norketamine"))[: 2 if norketamine else 1]:
        marks: list[Mark] = [*_infusions(found.schedule)]
        for at, model in enumerate(found.models):
            course = getattr(model, values)
            if course is not None:
                marks.append(Line(model.times_h, course, label=model.label, series=at))
        y = Axis(f"{name.capitalize()} in plasma (ng/mL)", "log")
        if not logarithmic:
            top = max(max(numbers(mark.y)) for mark in marks if isinstance(mark, Line))
            y = Axis(y.label, limits=(0, _HEADROOM * top))
        panels.append(Panel(marks, Axis("Time", "time"), y))
    told = []
    for model in found.models:
        peak, when = max(zip(numbers(model.ketamine), numbers(model.times_h), strict=True))
        told.append(f"{model.label}: at most {digits(peak)} ng/mL, {duration(when)} after the start")
    return draw(
        panels,
        title="One schedule, several published models",
        subtitle=_said(found.schedule, found.weight_kg),
        description=listed(told),
        note=_note(f"{note} {_remarks(found.models)} {_sampling(found.models)}", found.left_out, found.caution),
        height=260,
        columns=1 if norketamine else 2,
    )


def bands(found: Bands, *, note: str = "") -> Picture:
    """How people differ, one panel a model, all with the same axes.

    Args:
        found: of `models.pharmacokinetics.band`.
        note: under the picture, before what was left out and the caution.

    Raises:
        InputError: no model covers the schedule and says how people differ; `left_out` says why.

    >>> from ketalit.figures.mechanism import bands
    >>> from ketalit.models.pharmacokinetics import band
    >>> bands(band("depression infusion", models=["otto2021"])).description
    'Fanta 2015 with Otto 2021: at its peak 157 ng/mL, between people 110 to 210.'
    """
    _some(found.models, found.left_out)
    top = max(max(numbers(model.ketamine[-1])) for model in found.models)
    panels, told = [], []
    for model in found.models:
        low, middle, high = model.ketamine[0], model.ketamine[len(model.percentiles) // 2], model.ketamine[-1]
        first, centre, last = (
            model.percentiles[0],
            model.percentiles[len(model.percentiles) // 2],
            model.percentiles[-1],
        )
        marks: list[Mark] = [
            *_infusions(found.schedule),
            Band(model.times_h, low, high, label=f"{first:g} to {last:g} of 100 people", ink="s0"),
            Line(
                model.times_h, middle, label="the median person" if centre == 50 else f"percentile {centre:g}", ink="s0"
            ),
        ]
        y = Axis("Ketamine in plasma (ng/mL)", limits=(0, _HEADROOM * top))
        panels.append(Panel(marks, Axis("Time", "time"), y, model.label))
        place = max(range(len(model.times_h)), key=lambda place: float(middle[place]))
        told.append(
            f"{model.label}: at its peak {digits(float(middle[place]))} ng/mL, between people "
            f"{digits(float(low[place]))} to {digits(float(high[place]))}"
        )
    return draw(
        panels,
        title="The same dose in different people",
        subtitle=f"{_said(found.schedule, found.weight_kg)}; {found.people} people drawn for each model",
        description=listed(told),
        note=_note(f"{note} {_remarks(found.models)} {_sampling(found.models)}", found.left_out, found.caution),
        height=170,
    )


def slow_relief(found: Sequence[SlowRelief], *, subtitle: str = "", note: str = "") -> Picture:
    """Relief in CRPS on its own clock.

    Args:
        found: of `models.response.slow_relief`.
        subtitle: conditions.
        note: under the picture.

    >>> from ketalit.figures.mechanism import slow_relief as picture
    >>> from ketalit.models.response import slow_relief
    >>> picture(slow_relief([0, 0, 96, 96, 1200], [0, 230, 230, 0, 0])).description.partition(";")[0]
    'slow compartment, then C50: 83 % of the largest relief at most, 4 days after the start'
    """
    panels, told = [], []
    for one in found:
        marks: list[Mark] = [
            Band(one.times_h, one.low, one.high, label="5 to 95 % of what the estimates leave open", ink="s0"),
            Line(one.times_h, one.median, label="published estimates", ink="s0"),
        ]
        panels.append(
            Panel(
                marks,
                Axis("Time", "time"),
                Axis("Relief (% of the largest)", limits=(0, 1), percent=True),
                capital(one.label),
            )
        )
        best, when = max(zip(numbers(one.median), numbers(one.times_h), strict=True))
        told.append(f"{one.label}: {percent(best)} of the largest relief at most, {duration(when)} after the start")
    return draw(
        panels,
        title="The slow effect in CRPS, on a clock of days",
        subtitle=subtitle,
        description=listed(told),
        note=note,
        height=200,
    )


def chain(found: Chain, *, receptor: str = "GluN2B", subtitle: str = "", note: str = "") -> Picture:
    """From drip to dorsal horn: four links over the same time.

    Args:
        found: of `models.drip_to_dorsal_horn`.
        receptor: whose block is drawn, and the wind-up that it leaves.
        subtitle: conditions.
        note: under the picture, before the weakest link and the limits of the fast map of wind-up.

    Raises:
        InputError: the chain has no such receptor.

    >>> from ketalit.figures.mechanism import chain
    >>> from ketalit.models import drip_to_dorsal_horn
    >>> chain(drip_to_dorsal_horn("depression infusion", models=["otto2021"])).description.partition(" Weakest")[0]
    'Fanta 2015 with Otto 2021: block of GluN2B at most 6.1 %.'
    """
    from ...models.edge import one_of

    courses = found.courses
    one_of(receptor, courses[0].block, "receptor")
    x = Axis("Time", "time")
    links = (
        ("1  In plasma", Axis("Ketamine (ng/mL)", zero=True), [one.plasma for one in courses]),
        ("2  Free around the cells", Axis("Ketamine (µM)", zero=True), [one.free.middle for one in courses]),
        (
            f"3  In the pore: {receptor}",
            Axis("Blocked (%)", zero=True, percent=True),
            [one.block[receptor].middle for one in courses],
        ),
        (
            "4  In the dorsal horn",
            Axis("Spikes of the last response", zero=True),
            [one.wind_up[receptor] for one in courses],
        ),
    )
    panels = [
        Panel(
            [
                Line(one.times_h, values, label=one.label, series=at)
                for at, (one, values) in enumerate(zip(courses, lines, strict=True))
            ],
            x,
            y,
            title,
        )
        for title, y, lines in links
    ]
    told = [
        f"{one.label}: block of {receptor} at most {percent(max(numbers(one.block[receptor].middle)))}"
        for one in courses
    ]
    return draw(
        panels,
        title="From drip to dorsal horn",
        subtitle=subtitle,
        description=f"{listed(told)} {found.weakest_link}",
        note=_note(
            f"{note} {found.weakest_link} {fast_map_limits()} {_remarks(courses)}", found.left_out, found.caution
        ),
        height=160,
    )


def _some(models: Sequence[object], left_out: Sequence[LeftOut]) -> None:
    """Look that there is something to draw."""
    if not models:
        reasons = "; ".join(f"{one.label}: {one.reason}" for one in left_out)
        raise InputError(f"no model has anything to draw ({reasons})", where="picture of concentrations")


def _infusions(schedule: Sequence[Dose]) -> Iterable[Region]:
    running = [dose for dose in schedule if dose.over_h]
    if len(running) <= _SHADED:
        for at, dose in enumerate(running):
            name = "drug runs" if at == 0 and len(running) == 1 else ""
            yield Region((dose.at_h, dose.at_h + dose.over_h), name=name, fits=False)


def _said(schedule: Sequence[Dose], weight_kg: float) -> str:
    first = str(schedule[0])
    more = f", and {len(schedule) - 1} more" if len(schedule) > 1 else ""
    return f"{first}{more}; {weight_kg:g} kg"


def _note(note: str, left_out: Sequence[LeftOut], caution: str) -> str:
    without = " ".join(f"Without {one.label}: {one.reason.rstrip('.')}." for one in left_out)
    return " ".join(" ".join((note, without, caution)).split())


def _remarks(models: Iterable[_Noted]) -> str:
    """What holds of a model's curve, each remark once with the models it holds of."""
    labels: dict[str, list[str]] = {}
    for one in models:
        for remark in one.notes:
            labels.setdefault(remark, []).append(one.label)
    return " ".join(f"{capital(remark)}: {', '.join(those)}." for remark, those in labels.items())


def _sampling(models: Iterable[_Sampled]) -> str:
    labels: dict[str, list[str]] = {}
    for one in models:
        labels.setdefault(one.sampling, []).append(one.label)
    return "Blood sampled: " + "; ".join(f"{how} ({', '.join(those)})" for how, those in labels.items()) + "."
