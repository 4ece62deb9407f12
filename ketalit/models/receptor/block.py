"""The receptor as a rate scheme: gating with a blocker that is trapped in the pore when the gate shuts.

Every state of the gating scheme has a twin with the blocker in the pore. The two open states are joined, and gating is
the same with and without the blocker (symmetric trapping), so that the scheme keeps detailed balance: at rest it
drives nothing in circles, and the settled block is that of `pore.steady_block` whatever the agonist does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from .. import linear
from ..edge import together, yes
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .edge import agonist_um, drug_um, magnesium_mm, voltage_mv
from .gating import DEFAULT, Edge, gates, opening_with_glycine
from .pore import HUMAN, blocker, free_of_magnesium
from .second_site import site_effect


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A receptor under constant conditions.

    Attributes:
        states: names; …K has the blocker in its pore.
        matrix: rates (..., n, n), 1/s.
        open: place of the state that conducts.
        bound: places of the states with the blocker in the pore.
        conducting: share of the open channels that magnesium leaves free.
    """

    states: tuple[str, ...]
    matrix: Array
    open: int
    bound: tuple[int, ...]
    conducting: Array

    def rest(self) -> Array:
        """All channels in the resting state, without a blocker."""
        return np.asarray(np.eye(len(self.states))[0])

    def steady(self) -> Array:
        """Where the scheme comes to rest, (..., n): A p = 0, Σ p = 1.

        Raises:
            InputError: without glutamate or glycine no channel opens, and a drug neither comes nor goes.
        """
        try:
            return linear.steady_state(self.matrix)
        except InputError as problem:
            what = "where it rests depends on where it began: channels never open, so a drug neither comes nor goes"
            raise InputError(what, where="steady state", expected="glutamate and glycine above zero") from problem

    def time_constants(self) -> Array:
        """How fast it comes to rest, (..., n-1) s, shortest first; the last is usually that of block."""
        return linear.time_constants(self.matrix)

    def conductance(self, states: Array) -> Array:
        """The share of all channels that let current through, of states (..., n)."""
        return np.asarray(states[..., self.open] * self.conducting)

    def blocked(self, states: Array) -> Array:
        """The share of all channels with the blocker in the pore, open or shut."""
        return np.asarray(states[..., list(self.bound)].sum(axis=-1))


def scheme(
    *,
    glutamate: npt.ArrayLike,
    voltage: npt.ArrayLike,
    magnesium: npt.ArrayLike,
    concentration: npt.ArrayLike = 0.0,
    drug: str = "ketamine",
    receptor: str = HUMAN,
    gate: str = DEFAULT,
    glycine: npt.ArrayLike = np.inf,
    leak: bool = False,
    second_site: bool = False,
    constrained_by: str = "half block",
    parameters: Overrides | Parameters | None = None,
) -> Scheme:
    """The receptor under constant conditions: ten states, or fifteen with Kampa's gating.

    Args:
        glutamate: µM.
        voltage: mV.
        magnesium: mM.
        concentration: free drug, µM.
        drug, receptor, constrained_by: as for `blocker`.
        gate: one of `gating.SETS`.
        glycine: µM; saturating where none is given. With less of it channels open less, and block sets in later.
        leak: the drug also passes the shut gate, slowly, as trapping that is not complete suggests (Mealing 1999). It
            does so both ways, entry being slower by [B] f / K, else the scheme would be a perpetual motion.
        second_site: the drug also makes opening rarer, from a site reached through the membrane (Abbott 2024).
        parameters: numbers in place of the declared ones.

    Arguments that are arrays make a batch.

    Returns:
        The scheme, its matrix (..., n, n) in the common shape of the arguments, n 10 or 15.

    Raises:
        InputError: a voltage beyond ±500 mV, a concentration below zero, endless glutamate, shapes that do not fit
            together, an unknown drug, receptor, gating or constraint, or a second site of another drug than ketamine.

    Sources: gating that of `gate`, the drug's rates those of `blocker`; symmetric trapping is taken for granted.

    >>> receptor = scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=0.5)
    >>> receptor.states
    ('C0', 'C1', 'C2', 'D', 'O', 'C0K', 'C1K', 'C2K', 'DK', 'OK')
    >>> round(float(receptor.blocked(receptor.steady())), 3)
    0.039
    """
    chosen = parameters_of(parameters)
    pore = blocker(drug, receptor, constrained_by=constrained_by, gate=gate, parameters=chosen)
    volts, outside = voltage_mv(voltage), magnesium_mm(magnesium)
    agonist, free, sweet = agonist_um(glutamate), drug_um(concentration, drug, chosen), agonist_um(glycine, "glycine")
    together(glutamate=agonist, voltage=volts, magnesium=outside, concentration=free, glycine=sweet)
    gating = gates(agonist, gate, voltage=volts, magnesium=outside, parameters=chosen)
    opening = np.asarray(1.0)  # what glycine and the second site leave of the rate of opening
    if np.isfinite(sweet).any():
        opening = opening * opening_with_glycine(sweet, receptor.removeprefix("human "), gate, parameters=chosen)
    if yes(second_site, "second_site"):
        if drug != "ketamine":
            raise InputError(f"no second site is known of {drug}", expected="ketamine")
        opening = opening * site_effect(free, parameters=chosen)
    edges = [_rarer(edge, gating.open, opening) for edge in gating.edges]
    empty = [name for name in gating.states if name not in gating.in_magnesium]
    edges += [(f"{first}K", f"{last}K", rate) for first, last, rate in edges if first in empty and last in empty]
    conducting = np.asarray(1.0)
    if not gating.in_magnesium:
        conducting = free_of_magnesium(receptor, volts, outside, parameters=chosen)
    reaching = free * conducting
    edges += [
        (gating.open, f"{gating.open}K", pore.binding * reaching),
        (f"{gating.open}K", gating.open, pore.unbinding(volts)),
    ]
    if yes(leak, "leak"):
        inward = pore.leak * reaching / pore.affinity(volts)
        for name in empty:
            edges += [(name, f"{name}K", inward), (f"{name}K", name, pore.leak)] if name != gating.open else []
    states = (*gating.states, *(f"{name}K" for name in empty))
    place = {name: number for number, name in enumerate(states)}
    matrix = linear.generator([(place[first], place[last], rate) for first, last, rate in edges], len(states))
    bound = tuple(place[f"{name}K"] for name in empty)
    return Scheme(states, matrix, place[gating.open], bound, conducting)


def _rarer(edge: Edge, opened: str, share: Array) -> Edge:
    """An arrow that opens the channel, slowed; any other as it is."""
    first, last, rate = edge
    return (first, last, np.asarray(rate) * share) if last == opened and first != f"{opened}Mg" else edge
