"""From drip to dorsal horn: what a schedule does to plasma, to the free drug, to receptors, to wind-up and to pain.

    schedule → plasma → free in brain and cord → NMDA receptors blocked → wind-up
                   └──→ effect site → pain, perception

Every step has its own models and its own doubts, and no step is tested by the next. So all kinetic models run side by
side, each step carries its range, and the result says which step is the weakest, and why.

>>> found = drip_to_dorsal_horn("depression infusion", [0, 40 / 60, 4])
>>> [course.model for course in found.courses]
['domino1984', 'clements1981', 'otto2021', 'perezruixo2021', 'simons2022']
>>> course = found.of("otto2021")
>>> course.plasma.round(), course.free.middle.round(2), course.block["GluN2B"].middle.round(2)
(array([  0., 158.,  25.]), array([0.  , 0.31, 0.06]), array([0.  , 0.06, 0.01]))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .edge import FREQUENCY, HOURS, MAGNESIUM, VOLTAGE, Kind, one_of, rising
from .parameters import Overrides, Parameters, parameters_of
from .pharmacokinetics import Dose, Form, Kinetics, LeftOut, Schedule, concentrations
from .pharmacokinetics.asking import POINTS, preset_schedule
from .pharmacokinetics.dosing import checked_schedule
from .receptor.pore import RECEPTORS, half_block
from .response import NOT_ADVICE, Response, acute_pain, psychotomimetic
from .targets import Free, free_from_total, occupancy
from .windup import errors, wind_up

Array = npt.NDArray[np.float64]
FINE_H, FINE_POINTS = 3, 36  # how long after a start or an end times are finer, and how many there are
FORM_NOTE = "pain was modelled for S-ketamine; here all ketamine counts as that, which says too much for the racemate"


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """A course with its range: (t,) each, for the lowest, the label's and the highest share of free drug."""

    low: Array
    middle: Array
    high: Array


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain, and how far its own doubt moves the end, all other steps held at their middle.

    Attributes:
        name: "kinetics", "free drug", "receptor", "wind-up" or "response".
        low, high: the end that results, as a share: of the undisturbed last response of a train, or of the pain scale.
        what: what the share is of.
        reason: why the step is in doubt.
    """

    name: str
    low: float
    high: float
    what: str
    reason: str

    @property
    def width(self) -> float:
        """How far apart the ends are, 0 to 1."""
        return self.high - self.low


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The whole chain by one kinetic model; arrays (t,) at the same times.

    Attributes:
        model, label: the kinetic model.
        times_h: hours.
        plasma: ketamine, total, ng/mL; `norketamine` where the model gives it.
        free: free concentration in brain and spinal cord, µM, behind plasma by the delay of the effect site.
        block: share of NMDA receptors blocked, for each receptor.
        wind_up: action potentials that the last stimulus of a train evokes, for each receptor.
        pain, perception: what the models of response say.
        notes: what a reader of these curves should know.
    """

    model: str
    label: str
    times_h: Array = field(repr=False)
    plasma: Array = field(repr=False)
    norketamine: Array | None = field(repr=False)
    free: Free = field(repr=False)
    block: dict[str, Range] = field(repr=False)
    wind_up: dict[str, Array] = field(repr=False)
    pain: tuple[Response, ...] = field(repr=False)
    perception: tuple[Response, ...] = field(repr=False)
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chain:
    """What `drip_to_dorsal_horn` returns.

    Attributes:
        courses: one for each kinetic model that covers the schedule; `left_out`: the others with the reason.
        links: the steps, each with what its doubt does to the end.
        weakest_link: the step that leaves the end most open, in words, and what no range covers.
        undisturbed: action potentials of the last response without ketamine.
        caution: what this is not.
    """

    courses: tuple[Course, ...]
    left_out: tuple[LeftOut, ...]
    links: tuple[Link, ...]
    weakest_link: str
    undisturbed: float
    caution: str = NOT_ADVICE

    def of(self, model: str) -> Course:
        """The course by one kinetic model."""
        named = {one.model: one for one in self.courses}
        return named[one_of(model, named, "course")]

    def __repr__(self) -> str:
        by = ", ".join(one.label for one in self.courses)
        return f"From drip to dorsal horn by {by}. {self.weakest_link} {self.caution}"


def drip_to_dorsal_horn(
    schedule: str | Dose | Iterable[Dose],
    times_h: npt.ArrayLike | None = None,
    weight_kg: Any = 70,
    *,
    models: Iterable[str] | None = None,
    interactions: Iterable[str] = (),
    voltage: Any = None,
    magnesium: Any = None,
    frequency: Any = None,
    parameters: Overrides | Parameters | None = None,
) -> Chain:
    """The whole way of a schedule, by every kinetic model that covers it.

    - Plasma C(t): population models, solved exactly.
    - Free drug: f C_e(t) / M, with C_e at the effect site and f the disputed unbound share.
    - Block: B = [K] f_Mg / ([K] f_Mg + K_d(V)), settled: it follows within seconds to minutes wherever channels open
      now and then, faster than plasma changes except after an injection.
    - Wind-up: a train of stimuli to a model of the dorsal horn that keeps 1 - B of its NMDA conductance; the response
      to the last stimulus.
    - Pain and perception: directly from plasma, as they were measured; they do not pass through the receptor.

    Args:
        schedule: a dose, doses, or the name of a preset of `ketalit.models.pharmacokinetics`.
        times_h: hours (t,), not decreasing; without them 721 from 0 to a day after the last dose.
        weight_kg: body weight ("70 kg").
        models, interactions: as of `concentrations`.
        voltage: of the membrane ("-66 mV"); declared: that of the recordings.
        magnesium: outside ("1 mM"); declared: that of the recordings.
        frequency: of the train ("1 Hz"); declared: 1 Hz.
        parameters: numbers in place of declared ones.

    Returns:
        A course for each kinetic model, those left out, the steps with their doubt, and the weakest step in words.

    Raises:
        InputError: no kinetic model covers the schedule, or something that cannot be used.

    Sources: those of each number, see `ketalit.models.parameters`.

    >>> from ketalit.models.pharmacokinetics import Dose
    >>> found = drip_to_dorsal_horn(Dose("0.5 mg/kg", over="40 min", form="S"))
    >>> [link.name for link in found.links]
    ['kinetics', 'free drug', 'receptor', 'wind-up', 'response']
    """
    chosen = parameters_of(parameters)
    doses = preset_schedule(schedule) if isinstance(schedule, str) else checked_schedule(schedule)
    asked, grid = _times(times_h, doses)
    kinetics = concentrations(doses, grid, weight_kg, models, interactions, parameters=chosen)
    if not kinetics.models:
        reasons = "; ".join(f"{one.label}: {one.reason}" for one in kinetics.left_out)
        raise InputError(f"no kinetic model covers the schedule ({reasons})")
    volts = _given(voltage, VOLTAGE, "recording.rat", chosen)
    millimolar = _given(magnesium, MAGNESIUM, "recording.magnesium", chosen)
    hertz = _given(frequency, FREQUENCY, "windup.frequency", chosen)
    half = {
        name: float(half_block(receptor=name, voltage=volts, magnesium=millimolar, parameters=chosen))
        for name in RECEPTORS
    }
    at = np.searchsorted(grid, asked)
    free = free_from_total(np.stack([one.effect_site for one in kinetics.models]), parameters=chosen)
    block = _blocked(Free(free.low[:, at], free.middle[:, at], free.high[:, at]), half)
    spikes = _last_response(1 - block[1], hertz, "everywhere", chosen)
    undisturbed = float(_last_response(np.ones(1), hertz, "everywhere", chosen)[0])
    pain, perception = _responses(kinetics, chosen)
    about = () if all(dose.form is Form.S for dose in doses) else (FORM_NOTE,)
    links = _links(free, [one for several in pain.values() for one in several], half, hertz, undisturbed, chosen)
    courses = tuple(
        Course(
            one.model,
            one.label,
            asked,
            one.ketamine[at],
            None if one.norketamine is None else one.norketamine[at],
            Free(free.low[place, at], free.middle[place, at], free.high[place, at]),
            {name: Range(*block[:, number, place]) for number, name in enumerate(RECEPTORS)},
            {name: spikes[number, place] for number, name in enumerate(RECEPTORS)},
            tuple(_at(response, at) for response in pain[one.model]),
            tuple(_at(response, at) for response in perception[one.model]),
            (*one.notes, *about),
        )
        for place, one in enumerate(kinetics.models)
    )
    return Chain(courses, kinetics.left_out, links, _weakest(links), undisturbed)


def _times(times_h: npt.ArrayLike | None, doses: Schedule) -> tuple[Array, Array]:
    """The times asked for, and those computed at: finer after each start and end, so that peaks and delays are met.

    An effect site follows its input from one time to the next in a straight line; an injection is a jump, which the
    last number before its moment marks.
    """
    last = max(dose.end_h for dose in doses)
    asked = np.linspace(0, last + 24, POINTS) if times_h is None else rising(HOURS, times_h)
    edges = np.array(sorted({edge for dose in doses for edge in (dose.at_h, dose.end_h)}))
    after = (edges[:, None] + FINE_H * np.linspace(0, 1, FINE_POINTS) ** 3).ravel()
    even = np.linspace(edges[0], max(asked[-1], edges[0]), POINTS) if times_h is not None else asked
    grid = np.concatenate([asked, even, after, np.nextafter(edges, -np.inf)])
    return asked, np.unique(grid[grid <= asked[-1]])


def _given(value: Any, kind: Kind, name: str, chosen: Parameters) -> float:
    return float(chosen.value(name)) if value is None else kind.one(value)


def _blocked(free: Free, half: dict[str, float]) -> Array:
    """Share blocked (range, receptor, model, t)."""
    concentration = np.stack([free.low, free.middle, free.high])
    return np.stack([occupancy(concentration, one) for one in half.values()], axis=1)


def _last_response(left: Array, hertz: float, site: str, chosen: Parameters) -> Array:
    return np.asarray(wind_up(left, site=site, frequency=hertz, parameters=chosen)[..., -1])


def _responses(
    kinetics: Kinetics, chosen: Parameters
) -> tuple[dict[str, tuple[Response, ...]], dict[str, tuple[Response, ...]]]:
    """Pain and perception by each kinetic model, together for those that give norketamine and those that do not."""
    pain: dict[str, tuple[Response, ...]] = {}
    perception: dict[str, tuple[Response, ...]] = {}
    metabolite = [one for one in kinetics.models if one.norketamine is not None]
    for group in (metabolite, [one for one in kinetics.models if one.norketamine is None]):
        if not group:
            continue
        when, parent = group[0].times_h, np.stack([one.ketamine for one in group])
        given = (
            np.stack([one.norketamine for one in group if one.norketamine is not None]) if group is metabolite else None
        )
        together = acute_pain(when, parent, given, parameters=chosen), psychotomimetic(when, parent, parameters=chosen)
        for place, one in enumerate(group):
            pain[one.model], perception[one.model] = (tuple(_at(r, place) for r in some) for some in together)
    return pain, perception


def _at(response: Response, place: Any) -> Response:
    """One course out of several, or a course at some of its times."""
    arrays = {name: getattr(response, name)[place] for name in ("low", "middle", "high", "extrapolated")}
    return replace(response, **arrays, times_h=response.times_h if isinstance(place, int) else response.times_h[place])


def _links(
    free: Free,
    pain: list[Response],
    half: dict[str, float],
    hertz: float,
    undisturbed: float,
    chosen: Parameters,
) -> tuple[Link, ...]:
    """One step at a time through its range, at the highest free concentration, the others at their middle."""
    peaks = free.middle.max(axis=-1)
    typical = float(np.median(peaks))
    constants = np.array(list(half.values()))
    middle = float(np.median(constants))
    shares = np.array([_over(one, free.middle) for one in (free.low, free.middle, free.high)])
    varied = {
        "kinetics": occupancy(peaks, middle),
        "free drug": occupancy(typical * shares, middle),
        "receptor": occupancy(typical, constants),
        "wind-up": np.atleast_1d(occupancy(typical, middle)),
    }
    ends = _last_response(1 - np.concatenate(list(varied.values())), hertz, "everywhere", chosen)
    kept = dict(zip(varied, np.split(ends, np.cumsum([one.size for one in varied.values()])[:-1]), strict=True))
    elsewhere = _last_response(1 - varied["wind-up"], hertz, "wdr", chosen)
    missed = _surrogate_error(chosen) * np.array([-1, 1]) if typical else np.zeros(2)
    kept["wind-up"] = np.clip(np.concatenate([kept["wind-up"], elsewhere])[:, None] + missed, 0, undisturbed)

    def ends_of(name: str) -> tuple[float, float]:
        shares = kept[name] / undisturbed if undisturbed else np.zeros(1)
        return float(shares.min()), float(shares.max())

    what = "of the undisturbed last response"
    models = f"{len(peaks)} kinetic models, fitted to other people, blood and forms of the drug"
    if len(peaks) == 1:
        models = "one kinetic model alone covers it, so that its doubt is not seen"
    receptors = "subunits differ, and which ones carry wind-up in people is not known"
    surrogate = "a fit, with its error, to a model of rat neurones; where in the circuit the drug acts matters too"
    relief = [end for one in pain for end in _relief(one, chosen)]
    split = "models of pain disagree, even on whether norketamine works against ketamine"
    return (
        Link("kinetics", *ends_of("kinetics"), what, models),
        Link("free drug", *ends_of("free drug"), what, "the bound share is disputed"),
        Link("receptor", *ends_of("receptor"), what, receptors),
        Link("wind-up", *ends_of("wind-up"), what, surrogate),
        Link("response", min(relief), max(relief), "of the pain scale, relief at its best", split),
    )


def _over(some: Array, middle: Array) -> float:
    """A constant ratio of two courses, which may be zero at some times."""
    return float(some.max() / middle.max()) if middle.max() > 0 else 1.0


def _relief(one: Response, chosen: Parameters) -> tuple[float, float]:
    """The best relief, lowest and highest: a share of the pain scale, or of the largest effect of a model."""
    if one.unit == "cm":
        scale: float = chosen.value("response.linear.scale")
        best = [min(1.0, max(0.0, float(-course.min()) / scale)) for course in (one.low, one.high)]
    else:
        best = [float(one.low.max()), float(one.high.max())]
    return min(best), max(best)


def _surrogate_error(chosen: Parameters) -> float:
    """The largest error of the surrogate of wind-up in any train that it was fitted to, spikes per stimulus."""
    return _declared_error() if chosen is parameters_of() else max(errors(parameters=chosen).values())


@cache
def _declared_error() -> float:
    return max(errors().values())


_NOT_COVERED = (
    "No range covers the last step: how much less wind-up in a model neurone means how much less pain in a person has"
    " not been measured"
)


def _weakest(links: tuple[Link, ...]) -> str:
    """The step that leaves the end most open, in words."""
    worst = max(links, key=lambda link: link.width)
    if not worst.width:
        return f"No step moves the end at this schedule. {_NOT_COVERED}."
    order = sorted(links, key=lambda link: -link.width)
    others = ", ".join(f"{link.name} {f'{100 * link.width:.0f}' if link.width else 'not seen'}" for link in order[1:])
    return (
        f"Weakest link: {worst.name} ({worst.reason}). By it alone the end lies anywhere from {100 * worst.low:.0f} to"
        f" {100 * worst.high:.0f} % {worst.what}. The other steps, in percentage points: {others}. {_NOT_COVERED}."
    )
