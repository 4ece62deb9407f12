"""Pictures of the NMDA receptor: what the drug does to current, to voltage, over time, and state by state."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..axes import Axis
from ..diagram import Arrow, Box, diagram, percent
from ..marks import Line, Mark, Points
from ..notes import Region, Rule
from ..panels import Panel, draw
from ..picture import Picture
from ..scale import numbers
from .reading import capital, crossing, digits, listed

if TYPE_CHECKING:
    from ...models.receptor import Contrast, Scheme, Train

ROOM_TEMPERATURE = "Rates were mostly measured at room temperature in cells that make one kind of receptor."

_STORY = {
    "trapped": "trapped in the open pore",
    "competitive": "in place of glutamate",
    "shuts": "keeps the channel shut",
}
# Where the states of a five-state gating stand: column and row.
_PLACES = {"C0": (0, 1), "C1": (1, 1), "C2": (2, 1), "O": (3, 1), "D": (2, 0)}
_BLOCKED_PLACES = {f"{name}K": (column, 3 - row) for name, (column, row) in _PLACES.items()}


def dose_response(
    concentration: Collection[Any],
    left: Mapping[str, Collection[Any]],
    *,
    reached: tuple[float, float] | None = None,
    subtitle: str = "",
    note: str = ROOM_TEMPERATURE,
) -> Picture:
    """The current that a drug leaves, against its concentration.

    Args:
        concentration: free drug, µM, rising.
        left: name of a curve to the share of current left, 0 to 1 (`models.receptor.dose_response`).
        reached: the range of free concentrations to be shaded as those at which people feel less pain, µM.
        subtitle: conditions.
        note: under the picture.

    >>> from ketalit.figures.mechanism import dose_response
    >>> dose_response([0.1, 1, 10], {"no magnesium": [0.9, 0.5, 0.1]}).description
    'Half of the current is left: no magnesium at 1 µM.'
    """
    marks: list[Mark] = []
    if reached:
        marks.append(Region(reached, name="free at analgesic levels", fits=False))
    marks.append(Rule(y=0.5, name="half"))
    marks += [Line(concentration, share, label=name, series=at) for at, (name, share) in enumerate(left.items())]
    halves = {name: crossing(concentration, share, 0.5, ratio=True) for name, share in left.items()}
    told = [f"{name} at {digits(half, 2)} µM" if half else f"{name} nowhere" for name, half in halves.items()]
    return draw(
        Panel(
            marks,
            Axis("Free concentration (µM)", "log", limits=_ends(concentration)),
            Axis("Current left (%)", limits=(0, 1.12), percent=True),
        ),
        title="Magnesium shields the receptor from ketamine",
        subtitle=subtitle,
        description="Half of the current is left: " + listed(told),
        note=note,
        names_at_ends=False,
    )


def current_voltage(
    voltage: Collection[Any],
    current: Mapping[str, Collection[Any]],
    *,
    subtitle: str = "",
    note: str = ROOM_TEMPERATURE,
) -> Picture:
    """Current against voltage.

    Args:
        voltage: mV, rising.
        current: name of a curve to current in pA per nS (`models.receptor.current_voltage`); inward is negative.
        subtitle: conditions.
        note: under the picture.

    >>> from ketalit.figures.mechanism import current_voltage as picture
    >>> from ketalit.models.receptor import current_voltage
    >>> volts = [-80, -60, -40, -20, 0, 20]
    >>> picture(volts, {"1 mM magnesium": current_voltage(volts, magnesium=1)}).description
    '1 mM magnesium: the largest inward current is 2.8 pA per nS, at -20 mV.'
    """
    told = []
    for name, values in current.items():
        lowest, where = min(zip(numbers(values), numbers(voltage), strict=True))
        told.append(f"{name}: the largest inward current is {digits(-lowest, 2)} pA per nS, at {where:g} mV")
    return draw(
        Panel(
            [Line(voltage, values, label=name, series=at) for at, (name, values) in enumerate(current.items())],
            Axis("Voltage (mV)", limits=_ends(voltage)),
            Axis("Current (pA per nS; inward is negative)"),
        ),
        title="Current through NMDA receptors against voltage",
        subtitle=subtitle,
        description=listed(told),
        note=note,
        height=280,
    )


def use_dependence(trains: Sequence[Train], *, subtitle: str = "", note: str = ROOM_TEMPERATURE) -> Picture:
    """Block under pulses at several frequencies, against time and against the number of the pulse.

    Args:
        trains: results of `models.receptor.pulse_train`, with the same drug and voltage.
        subtitle: conditions.
        note: under the picture.

    >>> from ketalit.figures.mechanism import use_dependence
    >>> from ketalit.models.receptor import pulse_train
    >>> train = pulse_train(10, 200, concentration=0.5, voltage=-60, magnesium=1)
    >>> use_dependence([train]).description
    '10 Hz settles at 3.9 % with a time constant of 4.2 s.'
    """
    by_time: list[Mark] = []
    by_pulse: list[Mark] = []
    for at, train in enumerate(trains):
        name = f"{train.frequency:g} Hz"
        count = len(train.times)
        by_time.append(Line(train.times, train.blocked, label=name, series=at))
        by_pulse.append(Line(range(1, count + 1), train.blocked, label=name, series=at))
    settled = [train.settled for train in trains]
    rule = Rule(y=settled[0], name="where block settles")
    y = Axis("Channels blocked (%)", limits=(0, 1.15 * max(settled)), percent=True)  # room for words over the rule
    told = [
        f"{train.frequency:g} Hz settles at {percent(train.settled)} with a time constant of "
        f"{digits(train.time_constant, 2)} s"
        for train in trains
    ]
    return draw(
        [
            Panel([rule, *by_time], Axis("Time (s)", "log"), y, "Time to block depends on use …"),
            Panel([rule, *by_pulse], Axis("Pulses", "log"), y, "… counted in pulses, far less so"),
        ],
        title="How soon block comes depends on use; where it settles does not",
        subtitle=subtitle,
        description=listed(told),
        note=note,
        height=220,
    )


def recovery(
    times: Collection[Any],
    blocked: Mapping[str, Collection[Any]],
    *,
    subtitle: str = "",
    note: str = ROOM_TEMPERATURE,
) -> Picture:
    """Block after the drug was washed out.

    Args:
        times: s from the start of the washout.
        blocked: name of a curve to the share of channels still blocked, 0 to 1 (`models.receptor.washout`).
        subtitle: conditions.
        note: under the picture.

    >>> from ketalit.figures.mechanism import recovery
    >>> from ketalit.models.receptor import washout
    >>> after = washout([0, 60], concentration=10, voltage=-70, magnesium=0, glutamate=1000)
    >>> recovery(after.times, {"with agonist": after.blocked}).description
    'with agonist: 93 % at the start, <0.1 % after 60 s.'
    """
    told = []
    for name, values in blocked.items():
        first, last = numbers(values)[0], numbers(values)[-1]
        told.append(f"{name}: {percent(first)} at the start, {percent(last)} after {digits(numbers(times)[-1])} s")
    return draw(
        Panel(
            [Line(times, values, label=name, series=at) for at, (name, values) in enumerate(blocked.items())],
            Axis("Time since the drug was washed out", "time", unit="s"),
            Axis("Channels blocked (%)", limits=(0, 1), percent=True),
        ),
        title="Washed out, but still in the pore",
        subtitle=subtitle,
        description=listed(told),
        note=note,
    )


def states(
    scheme: Scheme,
    occupancy: Collection[Any] | None = None,
    *,
    subtitle: str = "",
    note: str = "Rates per second. The lower half has the drug in the pore; it passes through the open channel only.",
) -> Picture:
    """The scheme of a receptor with a trapped blocker: states, rates, and how many channels are in each.

    Args:
        scheme: of `models.receptor.scheme`, with a gating of five states.
        occupancy: share of channels in each state; without it, where the scheme settles.
        subtitle: conditions.
        note: under the picture.

    Raises:
        InputError: a scheme with other states, or a batch of schemes.

    >>> from ketalit.figures.mechanism import states
    >>> from ketalit.models.receptor import scheme
    >>> states(scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=5)).description.partition(".")[0]
    '29 % of channels are blocked'
    """
    places = _PLACES | _BLOCKED_PLACES
    if set(scheme.states) != set(places) or scheme.matrix.ndim != 2:
        raise InputError(
            f"states {', '.join(scheme.states)}", where="picture of a scheme", expected="one scheme of ten states"
        )
    shares = numbers(scheme.steady() if occupancy is None else occupancy)
    boxes = [
        Box(name, *places[name], filled=share, series=1 if name.endswith("K") else 0)
        for name, share in zip(scheme.states, shares, strict=True)
    ]
    rates = scheme.matrix.tolist()
    count = range(len(scheme.states))
    arrows = [
        Arrow(
            scheme.states[start], scheme.states[end], digits(rates[end][start]), _arrow_ink(scheme.states, start, end)
        )
        for start in count
        for end in count
        if start != end and rates[end][start] > 0
    ]
    blocked = sum(share for name, share in zip(scheme.states, shares, strict=True) if name.endswith("K"))
    most = sorted(zip(shares, scheme.states, strict=True), reverse=True)[:3]
    return diagram(
        boxes,
        arrows,
        title="Ketamine gets in only through the open gate, and is shut in",
        subtitle=subtitle,
        description=f"{percent(blocked)} of channels are blocked. Fullest states: "
        + listed(f"{name} {percent(share)}" for share, name in most),
        note=note,
    )


def stories(contrasts: Sequence[Contrast], *, subtitle: str = "", note: str = "", width: float = 640.0) -> Picture:
    """The right story of block and two wrong ones, in the experiments that tell them apart.

    Args:
        contrasts: of `models.receptor.contrasts`.
        subtitle: conditions.
        note: under the picture; without one, what recordings show.
        width: of the picture, px.

    >>> from ketalit.figures.mechanism import stories
    >>> from ketalit.models.receptor import contrasts
    >>> stories(contrasts(concentration=1, voltage=40)).description.partition(";")[0]
    'more agonist: trapped 58 % to 58 %, competitive 28 % to <0.1 %, shuts 56 % to 52 %'
    """
    panels = []
    for contrast in contrasts:
        marks: list[Mark] = []
        for at, (name, shares) in enumerate(contrast.outcome.items()):
            # Side by side, so that points of one height do not hide one another.
            places = [place + 0.12 * (at - 1) for place in range(len(shares))]
            marks.append(Line(places, shares, series=at, width=1.2))
            marks.append(Points(places, shares, label=_STORY.get(name, name), series=at, sizes=5))
        y = Axis(capital(f"{contrast.measured} (%)"), limits=(0, 1), percent=True)
        panels.append(
            Panel(
                marks,
                Axis(kind="names", names=tuple(_minus(one) for one in contrast.conditions)),
                y,
                capital(contrast.experiment),
            )
        )
    told = [
        f"{contrast.experiment}: "
        + ", ".join(f"{name} {' to '.join(map(percent, shares))}" for name, shares in contrast.outcome.items())
        for contrast in contrasts
    ]
    seen = " ".join(f"{capital(one.experiment)}: {one.observed.rstrip('.')}." for one in contrasts)
    return draw(
        panels,
        title="Three stories of block, and the experiments that tell them apart",
        subtitle=subtitle,
        description=listed(told),
        note=note or f"Recordings. {seen}",
        width=width,
        height=130,
    )


def _arrow_ink(names: Sequence[str], start: int, end: int) -> str:
    return "s1" if {names[start], names[end]} == {"O", "OK"} else "muted"


def _minus(text: str) -> str:
    return re.sub(r"-(?=\d)", "−", text)


def _ends(values: Collection[Any]) -> tuple[float, float]:
    plain = numbers(values)
    return plain[0], plain[-1]
