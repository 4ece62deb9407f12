"""What is left after weeks: relief in CRPS on a clock of days, apart from all that happens in minutes.

The numbers are those of Dahan 2011: C50 10.5 ng/mL, half-life of onset and offset 10.9 days. The abstract gives no
equation, and two can be written with these numbers. They are not alike, so both are given:

- effect compartment: the slow compartment holds a concentration, dC_e/dt = k (C - C_e), and relief is
  C_e/(C_e + C50). A high concentration for four days leaves C_e far above C50, so relief comes early and stays long.
- turnover: relief itself is slow, dE/dt = k (C/(C + C50) - E). It can then never have more of its largest value
  after four days than 1 - 2^(-4.2/10.9) = 0.23.

Only the first gives the published course: lowest pain at the end of week 1, relief 50 days beyond the infusion.
This C50 is some 30 times below those for pain within minutes. It is another effect; do not draw both on one curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..edge import SHARE, count
from ..parameters import Overrides, Parameter, Parameters, Source, parameters_of
from .acute import NOT_ADVICE, _course
from .delay import Array, delayed

BAND = 0.05, 0.95  # what the band leaves out below and above


@dataclass(frozen=True, slots=True)
class SlowRelief:
    """Relief as a share of the largest, with the uncertainty of the estimates.

    Attributes:
        model: "effect_compartment" or "turnover".
        label: name for people.
        times_h: (t,) hours.
        median: (t,) relief with the published values; low and high: (t,) 5th and 95th percentile when both estimates
            are drawn from what their standard errors leave open. Uncertainty of the average, not between people.
        sources: the works behind it.
        note: what a reader has to know.
    """

    model: str
    label: str
    times_h: Array
    low: Array
    median: Array
    high: Array
    sources: tuple[Source, ...]
    note: str

    def above(self, share: float) -> float:
        """Hours for which relief (at the published values) is above a share of the largest."""
        return float(np.sum(np.diff(self.times_h) * (self.median[1:] > SHARE.one(share))))


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial behind it (Sigtermans 2009): pain on a scale of 0 to 10, as published; nothing here is modelled.

    Attributes:
        difference: ketamine less placebo at the end of week 1; below zero is less pain. standard_error: of it, if the
            ± of the abstract are standard errors, as a Cochrane review took them.
        p_week_12: of the difference in week 12.
        responders: share of people with an effect, ketamine and placebo (Dahan 2011), and standard errors.
        psychomimetic: share of people with psychomimetic effects, ketamine and placebo.
    """

    pain_ketamine: float
    pain_placebo: float
    difference: float
    standard_error: float
    p_week_12: float
    responders: tuple[float, float]
    responders_se: tuple[float, float]
    psychomimetic: tuple[float, float]
    sources: tuple[Source, ...]


def slow_relief(
    times_h: npt.ArrayLike,
    ketamine: npt.ArrayLike,
    *,
    draws: int = 200,
    seed: int = 0,
    parameters: Overrides | Parameters | None = None,
) -> tuple[SlowRelief, ...]:
    """Relief of CRPS over weeks, in both readings of the published numbers.

    Args:
        times_h: (t,) hours; spaced as finely as the concentration needs.
        ketamine: S-ketamine, total in plasma (t,), ng/mL.
        draws: how often the two estimates are drawn for the band; 0 gives none.
        seed: of the draws; the same seed gives the same band.
        parameters: numbers to put in place of declared ones.

    Returns:
        Both readings; median, low and high (t,), shares from 0 to 1.

    Raises:
        InputError: times out of order, a concentration below zero, several courses, or draws that are no whole number.

    Source: Dahan 2011, parameters under "response.crps"; the equations are ours (see the module).

    >>> import numpy as np
    >>> hours = np.array([0, 0, 100.8, 100.8, 168, 50 * 24 + 100.8])
    >>> plasma = np.array([0, 230, 230, 0, 0, 0])
    >>> for one in slow_relief(hours, plasma):
    ...     print(one.model, one.median.round(2)[[3, 4, 5]], one.low.round(2)[4], one.high.round(2)[4])
    effect_compartment [0.84 0.81 0.18] 0.72 0.91
    turnover [0.22 0.19 0.01] 0.13 0.27
    """
    chosen = parameters_of(parameters)
    number, seed = count(draws, "draws", least=0), count(seed, "seed", least=0)
    when, plasma = _course(times_h, ketamine, "ketamine", chosen.value("ketamine.molar_mass"))
    if plasma.ndim != 1:
        raise InputError(f"courses of shape {plasma.shape}", where="slow_relief", expected="one course")
    c50, half_life = chosen["response.crps.c50"], chosen["response.crps.half_life"]
    published = np.array([_one(c50)]), np.array([_one(half_life)])
    random = np.random.default_rng(seed)
    drawn = _drawn(c50, number, random), _drawn(half_life, number, random)
    potencies, delays = (np.concatenate(pair) for pair in zip(published, drawn, strict=True))
    delays = delays * 24
    held = delayed(when, plasma, delays)
    compartment = held / (held + potencies[:, None])
    turnover = delayed(when, plasma / (plasma + potencies[:, None]), delays)
    sources = tuple(dict.fromkeys([*c50.source, *half_life.source]))
    note = f"fitted to S-ketamine in one trial; no equation was read; {NOT_ADVICE}"
    return (
        _banded("effect_compartment", "slow compartment, then C50", when, compartment, sources, note),
        _banded("turnover", "C50, then slow turnover", when, turnover, sources, f"misses the published course; {note}"),
    )


def crps_trial(*, parameters: Overrides | Parameters | None = None) -> Trial:
    """The published course of the CRPS trial, as data.

    Args:
        parameters: numbers to put in place of declared ones.

    Returns:
        Points on a scale of 0 to 10, and shares from 0 to 1.

    Sources: Sigtermans 2009, Dahan 2011.

    >>> trial = crps_trial()
    >>> round(trial.difference, 2), round(trial.standard_error, 2), trial.p_week_12
    (-2.77, 0.7, 0.07)
    """
    chosen = parameters_of(parameters)
    trial = chosen.under("response.crps_trial")
    treated, control = trial["pain_ketamine"], trial["pain_placebo"]
    chances = chosen["response.crps.responders"], chosen["response.crps.responders_placebo"]
    psychomimetic = chosen.value("response.crps_trial.psychomimetic")
    return Trial(
        _one(treated),
        _one(control),
        _one(treated) - _one(control),
        math.hypot(_error(treated), _error(control)),
        _one(trial["p_week_12"]),
        (_one(chances[0]), _one(chances[1])),
        (_error(chances[0]), _error(chances[1])),
        (psychomimetic[0], psychomimetic[1]),
        tuple(dict.fromkeys([*treated.source, *chances[0].source])),
    )


def _one(parameter: Parameter) -> float:
    return float(np.asarray(parameter.value, float))


def _error(parameter: Parameter) -> float:
    return 0.0 if parameter.se is None else float(np.asarray(parameter.se, float))


def _drawn(parameter: Parameter, draws: int, random: np.random.Generator) -> Array:
    """Values that an estimate and its standard error leave open: log-normal with that mean and that deviation.

    It gives back the published intervals, which are skewed: 4.1 to 22 for C50 (published 4.4 to 21 ng/mL), 5.1 to 20
    for the half-life (5.3 to 20.5 days).
    """
    mean = _one(parameter)
    variance = math.log1p((_error(parameter) / mean) ** 2)
    return mean * np.exp(math.sqrt(variance) * random.standard_normal(draws) - variance / 2)


def _banded(model: str, label: str, when: Array, courses: Array, sources: tuple[Source, ...], note: str) -> SlowRelief:
    drawn = courses[1:] if len(courses) > 1 else courses
    low, high = np.quantile(drawn, BAND, axis=0)
    return SlowRelief(model, label, when, low, courses[0], high, sources, note)
