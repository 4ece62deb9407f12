"""Ketamine and memantine in the open pore: how fast they come and leave, how much they block once settled.

    entry    k [B] f(V, Mg)                  leaving    K(V) k
    K(V) = K exp(δ (V - V0) F/RT)            block = [B] / ([B] + K(V) / f(V, Mg))

Magnesium competes for the pore: it is at equilibrium there, and slows entry by the factor f. The settled block depends
on neither agonist nor stimulation; how fast it is reached does.

>>> round(float(steady_block(1.0, voltage=-70, magnesium=0)), 3)
0.585
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from .. import linear
from ..edge import SHARE, one_of, together
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .edge import drug_um, magnesium_mm, voltage_mv
from .gating import DEFAULT, FIVE_STATE, SUBUNITS, gates, open_probability
from .magnesium import unblocked

DRUGS = ("ketamine", "memantine")
HUMAN = "human GluN2A"
RECEPTORS = (HUMAN, *SUBUNITS)


@dataclass(frozen=True, slots=True)
class Blocker:
    """A drug in the pore of one receptor, as it is at an open channel.

    Attributes:
        drug, receptor: which they are.
        binding: entry into the open channel, 1/µM/s; the same at all voltages.
        dissociation: K at the voltage `reference`, µM.
        reference: mV.
        fold: mV for an e-fold change of K.
        leak: passage through the shut gate, 1/s.
    """

    drug: str
    receptor: str
    binding: float
    dissociation: float
    reference: float
    fold: float
    leak: float

    def affinity(self, voltage: npt.ArrayLike) -> Array:
        """K(V): the concentration (µM) that blocks half of the open channels without magnesium."""
        return np.asarray(self.dissociation * np.exp((voltage_mv(voltage) - self.reference) / self.fold))

    def unbinding(self, voltage: npt.ArrayLike) -> Array:
        """The rate (1/s) at which the blocker leaves an open channel."""
        return np.asarray(self.binding * self.affinity(voltage))


def blocker(
    drug: str = "ketamine",
    receptor: str = HUMAN,
    *,
    constrained_by: str = "half block",
    gate: str = DEFAULT,
    parameters: Overrides | Parameters | None = None,
) -> Blocker:
    """The rates of a drug at an open channel, from what was measured on channels that are open part of the time.

    Args:
        drug: "ketamine" or "memantine".
        receptor: "human GluN2A" (Gilling 2009), or the rat's GluN2A to GluN2D (Kotermanski and Johnson 2009).
        constrained_by: the three measured numbers do not agree. "half block": K is the half block, and the entry rate
            follows from the rate of leaving; "rates": both rates hold, and K follows (twice as large for ketamine).
        gate: the gating whose open probability turns apparent rates into those at an open channel.
        parameters: numbers in place of the declared ones.

    The entry rate of the human receptor serves for all: contacts in the pore set how fast a blocker leaves, not how
    fast it comes (Chou 2022).

    Returns:
        The blocker at an open channel: 1/µM/s, µM, mV, 1/s.

    Raises:
        InputError: an unknown drug, receptor or constraint.

    Sources: Gilling 2009 (human), Kotermanski and Johnson 2009 (rat); the division by the open probability is ours.

    >>> ketamine = blocker()
    >>> round(ketamine.binding, 2), round(float(ketamine.unbinding(-70)), 2)
    (1.41, 1.0)
    """
    one_of(drug, DRUGS, "drug")
    one_of(receptor, RECEPTORS, "receptor")
    one_of(constrained_by, ("half block", "rates"), "constraint")
    chosen = parameters_of(parameters)
    measured = chosen.value(f"{drug}.half_block.{HUMAN.replace(' ', '_')}")
    if constrained_by == "rates":
        measured = chosen.value(f"{drug}.unbinding") / chosen.value(f"{drug}.binding")
    binding = chosen.value(f"{drug}.unbinding") / measured / _saturated(gate, chosen)
    reference, dissociation = chosen.value("recording.human_GluN2A"), measured
    if receptor != HUMAN:
        reference, dissociation = chosen.value("recording.rat"), chosen.value(f"{drug}.half_block.{receptor}")
    fold = chosen.value("membrane.thermal_voltage") / chosen.value(f"{drug}.electrical_distance")
    return Blocker(drug, receptor, binding, dissociation, reference, fold, _leak(drug, chosen))


def half_block(
    drug: str = "ketamine",
    receptor: str = HUMAN,
    *,
    voltage: npt.ArrayLike,
    magnesium: npt.ArrayLike,
    constrained_by: str = "half block",
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """The concentration that blocks half of the channels at rest, K(V) / f(V, Mg), in µM.

    Args:
        drug, receptor, constrained_by: as for `blocker`.
        voltage: mV.
        magnesium: mM.
        parameters: numbers in place of the declared ones.

    Against voltage it is U-shaped in magnesium: depolarising drives out magnesium first, then the drug.

    Returns:
        µM, in the common shape of `voltage` and `magnesium`.

    Raises:
        InputError: a voltage beyond ±500 mV, magnesium below zero, shapes that do not fit together, or an unknown
            drug, receptor or constraint.

    Source: Woodhull 1973 (J Gen Physiol) for block that feels a part of the membrane's field; f is competition with
    magnesium at equilibrium (Jahr and Stevens 1990).

    >>> half_block(voltage=[-80, -20, 40], magnesium=1).round(1)
    array([21.3,  6.6, 22.2])
    """
    pore = blocker(drug, receptor, constrained_by=constrained_by, parameters=parameters)
    volts, outside = voltage_mv(voltage), magnesium_mm(magnesium)
    return np.asarray(pore.affinity(volts) / free_of_magnesium(receptor, volts, outside, parameters=parameters))


def steady_block(
    concentration: npt.ArrayLike,
    drug: str = "ketamine",
    receptor: str = HUMAN,
    *,
    voltage: npt.ArrayLike,
    magnesium: npt.ArrayLike,
    constrained_by: str = "half block",
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """The share of channels blocked when block has settled: [B] / ([B] + K(V) / f(V, Mg)).

    Args:
        concentration: free drug at the receptor, µM; text may give "100 ng/mL".
        drug, receptor, voltage, magnesium, constrained_by, parameters: as for `half_block`.

    Returns:
        Numbers from 0 to 1, in the common shape of `concentration`, `voltage` and `magnesium`.

    Raises:
        InputError: a voltage beyond ±500 mV, magnesium or a concentration below zero, shapes that do not fit together,
            or an unknown drug, receptor or constraint.

    Source: one blocker a channel, at equilibrium (law of mass action); half block as in `half_block`.

    >>> steady_block(0.5, receptor="GluN2C", voltage=-66, magnesium=[0, 1]).round(2)
    array([0.5, 0.3])
    """
    chosen = parameters_of(parameters)
    settings: dict[str, Any] = {"voltage": voltage, "magnesium": magnesium, "constrained_by": constrained_by}
    half = half_block(drug, receptor, **settings, parameters=chosen)
    free = drug_um(concentration, drug, chosen)
    together(concentration=free, conditions=half)
    return np.asarray(free / (free + half))


def settling_rate(
    concentration: npt.ArrayLike,
    opened: npt.ArrayLike,
    drug: str = "ketamine",
    receptor: str = HUMAN,
    *,
    voltage: npt.ArrayLike,
    magnesium: npt.ArrayLike,
    constrained_by: str = "half block",
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """How fast block sets in, and without drug how fast it lifts: P (k [B] f + K k), in 1/s.

    An approximation: gating is taken to be fast, so that a channel is open the share P of the time. The scheme of
    `block.scheme` is exact.

    Args:
        concentration: free drug, µM; 0 for recovery.
        opened: P, the open probability; 0 while there is no agonist, and then nothing happens.
        drug, receptor, voltage, magnesium, constrained_by, parameters: as for `half_block`.

    Returns:
        1/s, in the common shape of the arguments.

    Raises:
        InputError: a voltage beyond ±500 mV, magnesium or a concentration below zero, shapes that do not fit together,
            an open probability outside 0 to 1, or an unknown drug, receptor or constraint.

    Source: worked out here: entry and leaving of the blocker, each while the channel is open.

    >>> round(1 / float(settling_rate(0, 0.2197, voltage=-70, magnesium=0)), 1)  # recovery with agonist, s
    4.5
    """
    chosen = parameters_of(parameters)
    pore = blocker(drug, receptor, constrained_by=constrained_by, parameters=chosen)
    volts, share = voltage_mv(voltage), SHARE.many(opened, "open probability")
    free, unblocked_share = (
        drug_um(concentration, drug, chosen),
        free_of_magnesium(receptor, volts, magnesium, parameters=chosen),
    )
    together(concentration=free, opened=share, conditions=unblocked_share)
    return np.asarray(share * (pore.binding * free * unblocked_share + pore.unbinding(volts)))


def free_of_magnesium(
    receptor: str,
    voltage: npt.ArrayLike,
    magnesium: npt.ArrayLike,
    *,
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """f(V, Mg) of one receptor.

    For the human receptor that of Jahr and Stevens. For the rat's subunits its steepness is kept, and the affinity is
    the one that explains by competition alone how magnesium weakens ketamine: with s = IC50(Mg) / IC50(0), magnesium
    at [Mg] leaves 1/s of the open channels free. It is no independent knowledge of magnesium.

    Args:
        receptor: as for `blocker`.
        voltage: mV.
        magnesium: mM.
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1, in the common shape of `voltage` and `magnesium`.

    Raises:
        InputError: an unknown receptor, a voltage beyond ±500 mV, magnesium below zero, or numbers put in by which
            magnesium would make ketamine stronger.

    Source: Jahr and Stevens 1990; for the rat's subunits ours, from the shifts of Kotermanski and Johnson 2009.

    >>> [round(float(free_of_magnesium(name, -66, 1)), 2) for name in ("human GluN2A", "GluN2A", "GluN2C")]
    [0.06, 0.06, 0.43]
    """
    one_of(receptor, RECEPTORS, "receptor")
    chosen = parameters_of(parameters)
    if receptor == HUMAN:
        return unblocked(voltage, magnesium, parameters=chosen)
    shift = chosen.value(f"ketamine.half_block_in_magnesium.{receptor}") / chosen.value(
        f"ketamine.half_block.{receptor}"
    )
    if shift <= 1:
        raise InputError("magnesium makes ketamine stronger", where=receptor, expected="a half block that it raises")
    there = chosen.value("recording.magnesium") / (shift - 1)  # blocks half of the open channels at `recording.rat`
    volts, outside = voltage_mv(voltage), magnesium_mm(magnesium)
    together(voltage=volts, magnesium=outside)
    steepness = chosen.value("magnesium.slope") * (volts - chosen.value("recording.rat"))
    return np.asarray(1 / (1 + outside / (there * np.exp(steepness))))


def trapped_on_washout(rate: Mapping[str, float], leaving: float) -> float:
    """The share of blockers that the gate traps when agonist and drug are washed off at once, in closed form.

    From two bound glutamates (C2) a blocked channel loses one at the rate u, or opens at the rate o; open, it shuts at
    the rate c or is left by the blocker at the rate b. So h = u / (u + o b / (b + c)) of those in C2 or D stay blocked,
    and h c / (b + c) of the open ones.

    Args:
        rate: rates of a five-state gating, 1/s.
        leaving: b, 1/s.

    Returns:
        From 0 to 1.

    Source: worked out here from the five-state scheme.

    >>> from ketalit.models.parameters import parameters_of
    >>> round(trapped_on_washout(parameters_of().numbers("gating.destexhe1996"), 1.0), 3)
    0.951
    """
    again = rate["closing"] / (leaving + rate["closing"])
    shut = rate["unbinding"] / (rate["unbinding"] + rate["opening"] * (1 - again))
    desensitised, opened = rate["desensitisation"] / rate["recovery"], rate["opening"] / rate["closing"]
    return float(shut * (1 + desensitised + opened * again) / (1 + desensitised + opened))


def _saturated(gate: str, chosen: Parameters) -> float:
    """The open probability of a scheme at saturating glutamate, without magnesium."""
    if gate in FIVE_STATE:
        return float(open_probability(chosen.value("recording.glutamate"), gate, parameters=chosen))
    opening = gates(chosen.value("recording.glutamate"), gate, parameters=chosen)
    free = [name for name in opening.states if name not in opening.in_magnesium]
    edges = [
        (free.index(first), free.index(last), rate) for first, last, rate in opening.edges if {first, last} <= set(free)
    ]
    return float(linear.steady_state(linear.generator(edges, len(free)))[free.index(opening.open)])


def _leak(drug: str, chosen: Parameters) -> float:
    """The rate of passing the shut gate that leaves as much block after the washout of Mealing 1999 as was seen there.

    The scheme without it loses what gets out before the agonist has left; the leak explains the rest.
    """
    rate = chosen.numbers(f"gating.{DEFAULT}")
    kept = trapped_on_washout(rate, chosen.value(f"{drug}.unbinding") / _saturated(DEFAULT, chosen))
    lost = float(np.log(kept / chosen.value(f"{drug}.trapped")))
    return max(0.0, lost) / float(chosen.value("trapping.washout"))
