"""A pooled effect in other words: points of a scale, numbers needed to treat, the share of effects beyond a threshold.

Each is a `Converted`: value and record, as in `conversions`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..errors import InputError
from .conversions import CHAPTER, Converted, Step
from .door import number
from .quantiles import normal, normal_below


class Nnt(NamedTuple):
    """A number needed to treat.

    Attributes:
        value: people to be treated for one more to have the outcome, or for one more to be spared; infinite for none.
        text: how to write it: NNTB for benefit, NNTH for harm; an interval that includes no effect runs through
            infinity.
    """

    value: float
    text: str


def smd_to_points(g: float, sd: float, whose: str) -> Converted[float]:
    """A standardised difference in points of a scale whose SD is known, and said.

    >>> print(smd_to_points(-0.42, 2.2, "placebo arm of the largest trial").step.inputs)
    {'SMD': -0.42, 'SD': 2.2}
    >>> round(smd_to_points(-0.42, 2.2, "placebo arm of the largest trial").value, 3)
    -0.924
    """
    where = "points from SMD"
    effect, spread = number(g, "SMD", where), number(sd, "SD", where, above=0)
    formula = f"points = SMD × SD; SD of {whose}"
    step = Step(where, formula, {"SMD": effect, "SD": spread}, {"points": effect * spread}, f"{CHAPTER} 15", True)
    return Converted(effect * spread, step)


def smd_to_log_odds_ratio(g: float, se: float) -> Converted[tuple[float, float]]:
    """A standardised difference as a log odds ratio and its standard error, if both distributions are logistic.

    >>> [round(one, 4) for one in smd_to_log_odds_ratio(-0.5, 0.2).value]
    [-0.9069, 0.3628]
    """
    where = "log OR from SMD"
    effect, error = number(g, "SMD", where), number(se, "SE", where, above=0)
    factor = math.pi / math.sqrt(3)
    value = (effect * factor, error * factor)
    source = "Chinn 2000, https://doi.org/10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M"
    inputs, output = {"SMD": effect, "SE": error}, {"ln OR": value[0], "SE": value[1]}
    return Converted(value, Step(where, "ln OR = SMD × π/√3", inputs, output, source, assumed=True))


def risk_with(baseline: float, *, rr: float | None = None, odds_ratio: float | None = None) -> Converted[float]:
    """The risk under treatment that a ratio gives at a stated risk without it.

    >>> round(risk_with(0.4, rr=0.7).value, 4), round(risk_with(0.3, odds_ratio=2.0).value, 4)
    (0.28, 0.4615)
    """
    where = "risk under treatment"
    risk = number(baseline, "baseline risk", where, above=0, below=1)
    if (rr is None) == (odds_ratio is None):
        raise InputError("rr and odds_ratio are both given or both missing", where=where, expected="one of the two")
    if rr is not None:
        ratio = number(rr, "RR", where, above=0)
        value, formula, letter = risk * ratio, "risk = baseline × RR", "RR"
        if value > 1:
            what = f"RR {ratio:g} at a baseline risk of {risk:g} gives a risk of {value:g}"
            raise InputError(what, where=where, expected="a baseline risk at which the risk stays below 1")
    else:
        ratio = number(odds_ratio, "OR", where, above=0)
        odds = ratio * risk / (1 - risk)
        value, formula, letter = odds / (1 + odds), "odds = baseline odds × OR", "OR"
    inputs = {"baseline risk": risk, letter: ratio}
    return Converted(value, Step(where, formula, inputs, {"risk": value}, f"{CHAPTER} 15", assumed=True))


def risk_with_smd(baseline: float, g: float, *, lower_is_better: bool = True) -> Converted[float]:
    """The share of responders under treatment that a standardised difference gives at a stated share without it.

    >>> round(risk_with_smd(0.3, -0.5).value, 4)
    0.4903
    """
    where = "response from SMD"
    risk, effect = number(baseline, "baseline response", where, above=0, below=1), number(g, "SMD", where)
    value = float(normal_below(normal(risk) + (-effect if lower_is_better else effect)))
    source = "Furukawa & Leucht 2011, https://doi.org/10.1371/journal.pone.0019070"
    inputs = {"baseline response": risk, "SMD": effect}
    return Converted(value, Step(where, "Φ(Φ⁻¹(baseline) + benefit)", inputs, {"response": value}, source, True))


def number_needed(
    difference: float, low: float | None = None, high: float | None = None, *, more_is_better: bool = True
) -> Converted[Nnt]:
    """The number needed to treat of a risk difference, with the interval that goes through infinity where it must.

    >>> print(number_needed(0.05, -0.04, 0.14).value.text)
    NNTB 20.0, 95 % CI NNTH 25.0 to ∞ to NNTB 7.1
    >>> print(number_needed(-0.12, more_is_better=False).value.text)
    NNTB 8.3
    """
    where = "NNT"
    effect = number(difference, "risk difference", where)
    if not -1 <= effect <= 1:
        raise InputError(f"the risk difference is {effect:g}", where=where, expected="one between -1 and 1")
    if (low is None) != (high is None):
        raise InputError("one end of the interval is missing", where=where, expected="both, or neither")
    inputs = {"RD": effect}
    text = _needed(effect, more_is_better)
    if low is not None and high is not None:
        bottom, top = number(low, "low", where), number(high, "high", where)
        if not bottom <= effect <= top:
            what = f"{effect:g} is not inside its interval {bottom:g} to {top:g}"
            raise InputError(what, where=where, expected="the interval of this risk difference")
        inputs |= {"low": bottom, "high": top}
        worse, better = (bottom, top) if more_is_better else (top, bottom)
        through = " to ∞ to " if bottom < 0 < top else " to "
        text += f", 95 % CI {_needed(worse, more_is_better)}{through}{_needed(better, more_is_better)}"
    value = 1 / abs(effect) if effect else math.inf
    source = "Altman 1998, https://doi.org/10.1136/bmj.317.7168.1309"
    return Converted(Nnt(value, text), Step(where, "NNT = 1 / |risk difference|", inputs, {"NNT": value}, source))


def share_beyond(mean: float, tau: float, threshold: float) -> Converted[float]:
    """The share of true effects on the far side of a threshold, if they are spread normally around the pooled one.

    The far side is the one away from 0: below a negative threshold, above a positive one.

    >>> round(share_beyond(-1.58, 1.15, -1.0).value, 4)
    0.693
    """
    where = "share of effects beyond a threshold"
    centre, spread = number(mean, "mean", where), number(tau, "tau", where)
    edge = number(threshold, "threshold", where)
    if spread < 0:
        raise InputError(f"tau is {spread:g}", where=where, expected="0 or more")
    distance = (edge - centre) if edge < 0 else (centre - edge)
    value = float(normal_below(distance / spread)) if spread else float(distance > 0)
    source = "Mathur & VanderWeele 2019, https://doi.org/10.1002/sim.8057"
    inputs = {"mean": centre, "tau": spread, "threshold": edge}
    return Converted(value, Step(where, "Φ((threshold - mean) / tau)", inputs, {"share": value}, source, assumed=True))


def _needed(difference: float, more_is_better: bool) -> str:
    if difference == 0:
        return "∞"
    kind = "NNTB" if (difference > 0) == more_is_better else "NNTH"
    return f"{kind} {1 / abs(difference):.1f}"
