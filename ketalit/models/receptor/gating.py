"""How glutamate opens the channel: published rate schemes, to be chosen by name.

Five states (C0, C1, C2, D, O: none, one or two glutamates bound, desensitised, open), or Kampa's ten, in which
magnesium enters and leaves the pore at finite rates.

>>> round(float(open_probability(1000)), 4)  # in saturating glutamate
0.2197
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import one_of, together
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .edge import agonist_um, magnesium_mm, voltage_mv

FIVE_STATE = ("destexhe1996", "clements1992", "clements_westbrook1991", "edmonds_colquhoun1992", "lester_jahr1992")
SETS = (*FIVE_STATE, "kampa2004")
DEFAULT = "destexhe1996"
SUBUNITS = ("GluN2A", "GluN2B", "GluN2C", "GluN2D")

Edge = tuple[str, str, npt.ArrayLike]
Pair = tuple[str, str, npt.ArrayLike, npt.ArrayLike]


@dataclass(frozen=True, slots=True)
class Gating:
    """The arrows of a gating scheme, in 1/s: (from, to, rate). The first state is the resting one.

    Attributes:
        states: of a channel without blocker.
        edges: arrows between them.
        open: the one that conducts, and that a blocker can enter.
        in_magnesium: states with magnesium in the pore; none where magnesium is taken to be at equilibrium.
    """

    states: tuple[str, ...]
    edges: tuple[Edge, ...]
    open: str
    in_magnesium: tuple[str, ...] = ()


def gates(
    glutamate: npt.ArrayLike,
    name: str = DEFAULT,
    *,
    voltage: npt.ArrayLike = 0.0,
    magnesium: npt.ArrayLike = 0.0,
    parameters: Overrides | Parameters | None = None,
) -> Gating:
    """The scheme called `name` at a concentration of glutamate.

    Args:
        glutamate: µM.
        name: one of `SETS`. "kampa2004" has ten states: slow unblock by magnesium, with an open probability so low,
            and so far from detailed balance, that it should be used for that alone.
        voltage: mV; used by "kampa2004".
        magnesium: mM; used by "kampa2004".
        parameters: numbers in place of the declared ones.

    Returns:
        The scheme; its rates have the shape of the arguments.

    Raises:
        InputError: no scheme is called so.

    Sources: of each set those of its numbers, `parameters_of().under("gating.destexhe1996")` and so on.

    >>> gates(1000).states
    ('C0', 'C1', 'C2', 'D', 'O')
    """
    one_of(name, SETS, "gating")
    chosen, agonist = parameters_of(parameters), agonist_um(glutamate)
    if not np.isfinite(agonist).all():
        raise InputError("inf is not finite", where="glutamate", expected="µM, where 1000 saturates every scheme")
    rate = chosen.numbers(f"gating.{name}")
    if name == "kampa2004":
        return _kampa(rate, agonist, voltage_mv(voltage), magnesium_mm(magnesium))
    bind = rate["binding"] * agonist
    pairs: list[Pair] = [
        ("C0", "C1", bind, rate["unbinding"]),
        ("C1", "C2", bind, rate["unbinding"]),
        ("C2", "D", rate["desensitisation"], rate["recovery"]),
        ("C2", "O", rate["opening"], rate["closing"]),
    ]
    return Gating(("C0", "C1", "C2", "D", "O"), tuple(_both_ways(pairs)), "O")


def open_probability(
    glutamate: npt.ArrayLike, name: str = DEFAULT, *, parameters: Overrides | Parameters | None = None
) -> Array:
    """The steady open probability of a five-state scheme, in closed form.

    P = e / (1 + r + r² + d + e) with r = unbinding / (binding [Glu]), d = desensitisation / recovery and
    e = opening / closing: every step is balanced by its reverse.

    Args:
        glutamate: µM; infinite for saturation.
        name: a five-state set.
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1, in the shape of `glutamate`.

    Raises:
        InputError: glutamate below zero, or no five-state set of that name.

    Source: worked out here from the scheme; the rates are those of the set, by default of Destexhe, Mainen and
    Sejnowski 1996.

    >>> open_probability([1, 10, 1000]).round(3)
    array([0.052, 0.198, 0.22 ])
    """
    step, resting, opened = _ratios(name, parameters)
    with np.errstate(divide="ignore"):  # without glutamate the ratio is infinite, and the channel shut
        ratio = step / agonist_um(glutamate)
    return np.asarray(opened / (1 + ratio + ratio**2 + resting + opened))


def half_activation(name: str = DEFAULT, *, parameters: Overrides | Parameters | None = None) -> float:
    """The glutamate (µM) at which a five-state scheme is open half as often as at most.

    From r² + r = 1 + d + e in the terms of `open_probability`.

    Args:
        name: a five-state set.
        parameters: numbers in place of the declared ones.

    Returns:
        µM.

    Raises:
        InputError: no five-state set is called so.

    Source: worked out here from the scheme, as `open_probability`.

    >>> round(half_activation(), 2)
    2.04
    """
    step, resting, opened = _ratios(name, parameters)
    return float(step * 2 / (np.sqrt(1 + 4 * (1 + resting + opened)) - 1))


def coagonism(
    glutamate: npt.ArrayLike,
    glycine: npt.ArrayLike,
    subunit: str,
    *,
    parameters: Overrides | Parameters | None = None,
) -> Array:
    """The share of receptors with glutamate and glycine on all four sites, two sites each, independent of each other.

    For either agonist g = ([A] / ([A] + K))² with K = EC50 (√2 - 1), so that g = 1/2 at its EC50; the result is the
    product. It scales open probability and current.

    Args:
        glutamate: µM.
        glycine: µM (or as much D-serine as does the same).
        subunit: GluN2A to GluN2D.
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1, in the common shape of `glutamate` and `glycine`.

    Raises:
        InputError: a concentration below zero, shapes that do not fit together, or an unknown subunit.

    Source: the law of mass action for two equal sites of each agonist, ours; EC50s of Traynelis 2010, some of them
    recalled (`parameters_of().under("subunit.GluN2A")` says which).

    >>> round(float(coagonism(float("inf"), 1.1, "GluN2A")), 3)
    0.5
    """
    chosen = parameters_of(parameters)
    one_of(subunit, SUBUNITS, "subunit")
    given = {"glutamate": agonist_um(glutamate), "glycine": agonist_um(glycine, "glycine")}
    together(**given)
    share = np.asarray(1.0)
    for agonist, concentration in given.items():
        site = chosen.value(f"subunit.{subunit}.{agonist}_half_activation") * (np.sqrt(2) - 1)
        with np.errstate(divide="ignore"):
            share = share / (1 + site / concentration) ** 2
    return np.asarray(share)


def opening_with_glycine(
    glycine: npt.ArrayLike, subunit: str, name: str = DEFAULT, *, parameters: Overrides | Parameters | None = None
) -> Array:
    """The factor on the rate of opening of a five-state scheme that leaves the share g of its open probability.

    g is that of `coagonism` in saturating glutamate, where EC50s of glycine are measured; there P falls to g P when
    the rate of opening falls to g / (1 + (1 - g) e / (1 + d)), in the terms of `open_probability`.

    Args:
        glycine: µM; infinite for saturation.
        subunit: GluN2A to GluN2D.
        name: a five-state set.
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1, in the shape of `glycine`.

    Raises:
        InputError: glycine below zero, an unknown subunit, or no five-state set of that name.

    Source: worked out here from the scheme, so that its steady state agrees with `coagonism`.

    >>> float(opening_with_glycine(float("inf"), "GluN2B"))
    1.0
    """
    share = coagonism(np.inf, glycine, subunit, parameters=parameters)
    _, desensitised, opened = _ratios(name, parameters)
    return np.asarray(share / (1 + (1 - share) * opened / (1 + desensitised)))


def _ratios(name: str, parameters: Overrides | Parameters | None) -> tuple[float, float, float]:
    """Of a five-state set: the glutamate that balances one binding step (µM), d and e."""
    if not isinstance(name, str) or name not in FIVE_STATE:
        raise InputError(f"“{name}” is no five-state gating", expected=", ".join(FIVE_STATE))
    rate = parameters_of(parameters).numbers(f"gating.{name}")
    return (
        rate["unbinding"] / rate["binding"],
        rate["desensitisation"] / rate["recovery"],
        rate["opening"] / rate["closing"],
    )


def _kampa(rate: Mapping[str, float], glutamate: Array, voltage: Array, magnesium: Array) -> Gating:
    """Kampa and others 2004: U - Cl - O and Cl - D1 - D2, without and with magnesium (…Mg) in the pore."""
    distance = (voltage - rate["magnesium_reference"]) / rate["magnesium_thermal_voltage"] * rate["magnesium_valence"]
    inward = np.exp(-distance * rate["magnesium_depth"]) * magnesium * 1000  # mM to µM
    outward = np.exp(distance * (1 - rate["magnesium_depth"]))
    pairs: list[Pair] = []
    for tail, prefix in (("", ""), ("Mg", "blocked_")):
        pairs += [
            (f"U{tail}", f"Cl{tail}", rate[f"{prefix}binding"] * glutamate, rate[f"{prefix}unbinding"]),
            (f"Cl{tail}", f"O{tail}", rate[f"{prefix}opening"], rate[f"{prefix}closing"]),
            (f"Cl{tail}", f"D1{tail}", rate[f"{prefix}desensitisation"], rate[f"{prefix}recovery"]),
            (f"D1{tail}", f"D2{tail}", rate[f"{prefix}deep_desensitisation"], rate[f"{prefix}deep_recovery"]),
        ]
    entry = rate["magnesium_binding_closed"] * inward
    pairs += [(one, f"{one}Mg", entry, rate[f"magnesium_unbinding_{one}"] * outward) for one in ("U", "Cl", "D1", "D2")]
    pairs += [("O", "OMg", rate["magnesium_binding_open"] * inward, rate["magnesium_unbinding_open"] * outward)]
    free = ("U", "Cl", "D1", "D2", "O")
    blocked = tuple(f"{one}Mg" for one in free)
    return Gating(free + blocked, tuple(_both_ways(pairs)), "O", blocked)


def _both_ways(pairs: Iterable[Pair]) -> Iterator[Edge]:
    for first, last, onward, back in pairs:
        yield first, last, onward
        yield last, first, back
