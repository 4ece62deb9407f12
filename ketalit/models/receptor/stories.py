"""Two wrong stories about ketamine, as schemes, so that one can see where they fail beside the right one.

"trapped"       the drug enters the open pore and is shut in: what recordings show
"competitive"   the drug takes glutamate's place on the resting receptor
"shuts"         the drug settles on the shut channel and keeps it shut

All three have the same affinity and the same rates of the binding step. Four experiments tell them apart.

>>> for contrast in contrasts(concentration=1, voltage=40):
...     shares = {story: [round(share, 2) for share in found] for story, found in contrast.outcome.items()}
...     print(contrast.experiment, shares)
more agonist {'trapped': [0.58, 0.58], 'competitive': [0.28, 0.0], 'shuts': [0.56, 0.52]}
depolarisation {'trapped': [0.58, 0.04], 'competitive': [0.0, 0.0], 'shuts': [0.52, 0.52]}
drug without agonist {'trapped': [0.0], 'competitive': [0.58], 'shuts': [0.58]}
washout without agonist {'trapped': [0.95], 'competitive': [0.0], 'shuts': [0.0]}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import linear
from ..edge import AGONIST, CONCENTRATION, VOLTAGE, one_of
from ..parameters import Overrides, Parameters, parameters_of
from .block import Scheme, scheme
from .edge import molar_mass
from .gating import gates, half_activation
from .pore import HUMAN, blocker

STORIES = ("trapped", "competitive", "shuts")


@dataclass(frozen=True, slots=True)
class Contrast:
    """One experiment as every story would have it end.

    Attributes:
        experiment: what is done.
        measured: what the numbers are.
        conditions: one label for each number.
        outcome: for each story its numbers, from 0 to 1.
        observed: what recordings show, and who made them.
    """

    experiment: str
    measured: str
    conditions: tuple[str, ...]
    outcome: Mapping[str, tuple[float, ...]]
    observed: str


def story(
    name: str,
    *,
    glutamate: Any,
    voltage: Any,
    concentration: Any,
    parameters: Overrides | Parameters | None = None,
) -> Scheme:
    """The scheme of one story, for ketamine on human GluN2A without magnesium.

    Args:
        name: "trapped", "competitive" or "shuts".
        glutamate: µM.
        voltage: mV; only the trapped blocker, deep in the pore, feels it.
        concentration: free drug, µM.
        parameters: numbers in place of the declared ones.

    Returns:
        The scheme of one set of conditions: states, matrix (n, n) in 1/s.

    Raises:
        InputError: no story is called so, a concentration below zero, or several numbers where one is wanted.

    Source: the two wrong ones are drawn up here, so that they differ from the right one in one thing each.

    >>> story("competitive", glutamate=1000, voltage=-70, concentration=1).states
    ('C0', 'C1', 'C2', 'D', 'O', 'C0K')
    """
    one_of(name, STORIES, "story")
    chosen = parameters_of(parameters)
    glutamate, voltage = AGONIST.one(glutamate, "glutamate"), VOLTAGE.one(voltage)
    concentration = CONCENTRATION.one(concentration, molar_mass=molar_mass("ketamine", chosen))
    if name == "trapped":
        return scheme(
            glutamate=glutamate, voltage=voltage, magnesium=0.0, concentration=concentration, parameters=chosen
        )
    pore, gating = blocker(parameters=chosen), gates(glutamate, parameters=chosen)
    shut = gating.states[:1] if name == "competitive" else tuple(one for one in gating.states if one != gating.open)
    leaving = float(pore.unbinding(pore.reference))  # outside the membrane's field voltage does nothing
    edges = list(gating.edges)
    edges += [(f"{first}K", f"{last}K", rate) for first, last, rate in gating.edges if {first, last} <= set(shut)]
    for one in shut:
        edges += [(one, f"{one}K", pore.binding * concentration), (f"{one}K", one, leaving)]
    states = (*gating.states, *(f"{one}K" for one in shut))
    place = {state: number for number, state in enumerate(states)}
    matrix = linear.generator([(place[first], place[last], rate) for first, last, rate in edges], len(states))
    return Scheme(states, matrix, place[gating.open], tuple(place[f"{one}K"] for one in shut), np.asarray(1.0))


def lost(
    name: str,
    *,
    glutamate: Any,
    voltage: Any,
    concentration: Any,
    parameters: Overrides | Parameters | None = None,
) -> float:
    """The share of the settled current that the drug takes away in one story: 1 - I(with) / I(without).

    Args:
        name, glutamate, voltage, concentration, parameters: as for `story`.

    Returns:
        From 0 to 1.

    Raises:
        InputError: as for `story`, and no glutamate, without which there is no current to lose.

    >>> round(lost("trapped", glutamate=1000, voltage=-70, concentration=1), 3)
    0.585
    """
    with_drug, without = (
        story(name, glutamate=glutamate, voltage=voltage, concentration=drug, parameters=parameters)
        for drug in (concentration, 0.0)
    )
    return float(1 - with_drug.conductance(with_drug.steady()) / without.conductance(without.steady()))


def contrasts(
    *, concentration: Any, voltage: Any, parameters: Overrides | Parameters | None = None
) -> tuple[Contrast, ...]:
    """Four experiments that tell the stories apart, each with what was observed.

    Args:
        concentration: free ketamine, µM.
        voltage: mV to depolarise to; elsewhere it is that of the recordings.
        parameters: numbers in place of the declared ones.

    Returns:
        Four experiments; shares from 0 to 1 for each story.

    Raises:
        InputError: a concentration below zero, a voltage beyond ±500 mV, or several numbers where one is wanted.

    Sources of what was observed: Gilling 2009, Mealing 1999.

    >>> contrasts(concentration=1, voltage=40)[0].conditions
    ('2 µM glutamate', '1000 µM glutamate')
    """
    chosen = parameters_of(parameters)
    voltage = VOLTAGE.one(voltage)
    concentration = CONCENTRATION.one(concentration, molar_mass=molar_mass("ketamine", chosen))
    rest, plenty = chosen.value(f"recording.{HUMAN.replace(' ', '_')}"), chosen.value("recording.glutamate")
    little, minutes = half_activation(parameters=chosen), chosen.value("trapping.washout")

    def each(*settings: tuple[float, float]) -> dict[str, tuple[float, ...]]:
        return {
            name: tuple(
                lost(name, glutamate=agonist, voltage=mv, concentration=concentration, parameters=chosen)
                for agonist, mv in settings
            )
            for name in STORIES
        }

    def alone(name: str) -> tuple[float, ...]:
        given = story(name, glutamate=0.0, voltage=rest, concentration=concentration, parameters=chosen)
        return (float(given.blocked(linear.propagate(given.matrix, given.rest(), [minutes])[0])),)

    def kept(name: str) -> tuple[float, ...]:
        given = story(name, glutamate=plenty, voltage=rest, concentration=concentration, parameters=chosen)
        washed = story(name, glutamate=0.0, voltage=rest, concentration=0.0, parameters=chosen)
        before = linear.propagate(given.matrix, given.rest(), [chosen.value("trapping.coapplication")])[0]
        after = linear.propagate(washed.matrix, before, [minutes])[0]
        return (float(washed.blocked(after) / given.blocked(before)),)

    trapped = chosen["ketamine.trapped"]
    return (
        Contrast(
            "more agonist",
            "share of the current lost",
            (f"{little:.0f} µM glutamate", f"{plenty:.0f} µM glutamate"),
            each((little, rest), (plenty, rest)),
            "agonist does not drive ketamine off: block is uncompetitive (Gilling 2009)",
        ),
        Contrast(
            "depolarisation",
            "share of the current lost",
            (f"{rest:.0f} mV", f"{voltage:.0f} mV"),
            each((plenty, rest), (plenty, voltage)),
            f"ketamine feels {chosen.value('ketamine.electrical_distance'):.0%} of the field (Gilling 2009)",
        ),
        Contrast(
            "drug without agonist",
            "share of channels blocked before the first opening",
            (f"{minutes:.0f} s",),
            {name: alone(name) for name in STORIES},
            "use-dependent: block waits for the channel to open (Mealing 1999)",
        ),
        Contrast(
            "washout without agonist",
            "share of the block that stays",
            (f"{minutes:.0f} s",),
            {name: kept(name) for name in STORIES},
            f"{trapped.value:.0%} ± {trapped.se:.0%} stayed (Mealing 1999); the rest may leak through the gate",
        ),
    )
