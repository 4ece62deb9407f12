"""A ratio as people per 1,000. It means nothing without the risk it starts from, so that is stated with its source."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import InputError
from ..pooling import Pooled
from ..pooling.door import number
from ..pooling.reexpress import number_needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Absolute:
    """How many people of 1,000 have the outcome without and with the treatment.

    Attributes:
        baseline: the risk without it, 0 to 1, and `source`, where that is from.
        with_treatment, with_low, with_high: people of 1,000 with it, and the ends of the interval.
        difference, low, high: how many more, or fewer if negative.
        warnings: what a reader has to know.
    """

    baseline: float
    source: str
    with_treatment: float
    with_low: float
    with_high: float
    warnings: tuple[str, ...] = ()

    @property
    def without(self) -> float:
        """People of 1,000 without the treatment."""
        return 1000 * self.baseline

    @property
    def difference(self) -> float:
        """How many more of 1,000 with the treatment; negative for fewer."""
        return self.with_treatment - self.without

    @property
    def low(self) -> float:
        """Lower end of the interval of the difference."""
        return self.with_low - self.without

    @property
    def high(self) -> float:
        """Upper end of the interval of the difference."""
        return self.with_high - self.without

    def number_needed(self, *, more_is_better: bool) -> str:
        """The number needed to treat, for benefit or harm, with its interval; it holds at this baseline risk only."""
        shares = (self.difference / 1000, self.low / 1000, self.high / 1000)
        return number_needed(*shares, more_is_better=more_is_better).value.text

    def __str__(self) -> str:
        sign = "more" if self.difference >= 0 else "fewer"
        low, high = sorted((abs(self.low), abs(self.high)))
        said = f"from {low:.0f} to {high:.0f} {sign}"
        if self.low < 0 < self.high:
            said = f"from {-self.low:.0f} fewer to {self.high:.0f} more"
        return (
            f"{abs(self.difference):.0f} {sign} of 1,000 ({said}): {self.with_treatment:.0f} instead of "
            f"{self.without:.0f} ({self.source})"
        )


def absolute(result: Pooled, baseline: float, source: str) -> Absolute:
    """A pooled risk ratio, odds ratio or risk difference as people per 1,000, at a stated baseline risk.

    Args:
        result: pooled RR, OR, Peto or RD.
        baseline: risk without the treatment, above 0 and below 1; uncertainty of it is not in the interval.
        source: where it is from.

    >>> from ketalit.pooling import pool
    >>> doubled = pool([0.693147], [0.09], measure="RR")
    >>> print(absolute(doubled, 0.1, "a register"))
    100 more of 1,000 (from 11 to 260 more): 200 instead of 100 (a register)

    Formulas: Cochrane Handbook, chapters 14 and 15.

    Raises:
        InputError: another measure, no source, or a risk that is none.
    """
    where = "absolute effect"
    risk = number(baseline, "baseline risk", where, above=0, below=1)
    if not source.strip():
        raise InputError("the baseline risk has no source", where=where, expected="where it is from")
    if result.measure not in {"RR", "OR", "Peto", "RD"}:
        what = f"the measure is {result.measure or 'not known'}"
        raise InputError(what, where=where, expected="RR, OR, Peto or RD")
    risks = [_risk(result.measure, end, risk) for end in (result.estimate, result.ci_low, result.ci_high)]
    bounded = [min(max(one, 0.0), 1.0) for one in risks]
    said: tuple[str, ...] = ()
    if bounded != risks:
        said = ("At this baseline risk the result would go beyond 0 or 1,000 of 1,000; it is cut there.",)
    middle, low, high = (1000 * one for one in bounded)
    return Absolute(
        baseline=risk, source=source.strip(), with_treatment=middle, with_low=low, with_high=high, warnings=said
    )


def _risk(measure: str, effect: float, baseline: float) -> float:
    """The risk with treatment that an effect means; ratios are logarithms."""
    if measure == "RD":
        return baseline + effect
    ratio = math.exp(min(effect, 700.0))  # beyond it floats end; the risk is cut at 1 anyhow
    if measure == "RR":
        return baseline * ratio
    odds = ratio * baseline / (1 - baseline)
    return odds / (1 + odds)
