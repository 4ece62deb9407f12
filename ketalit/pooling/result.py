"""What pooling gives back, and how it reads."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .estimators import q_profile
from .quantiles import chi2_tail, normal_tails, student_tails

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]

RATIOS = frozenset({"RR", "OR", "ROM", "Peto"})  # measures that are pooled as logarithms


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pooled:
    """A pooled effect. Ratios (RR, OR, ROM, Peto) are logarithms throughout; `ratio` turns them back.

    Attributes:
        estimate, ci_low, ci_high: the effect and its confidence interval.
        se: the standard error that the interval was made with, Wald's or Knapp and Hartung's.
        df: degrees of freedom of t; infinite where the interval is a Wald interval.
        tau2: variance between studies, in squared units of the effect.
        i2: percent of the variability that is not sampling error, from tau² (for FE, which has none, from Q).
        i2_q: the same from Q: max(0, (Q - df) / Q), as RevMan gave it until 2024.
        q: Cochran's Q, with `q_df` degrees of freedom, k - 1.
        prediction_interval: where a further study's true effect would lie; None below five studies, and for FE.
        weights: share of each study, in the order given; they sum to 1.
        warnings: what a reader has to know, in plain words.
        method, interval, level, k: how it was computed, and from how many studies.
        measure: MD, SMD, RR, … where it is known.
        yi, vi: what went in.
        q_df: degrees of freedom of Q.
        tabular: pooled from tables of events, without a variance of each trial.
        se_wald, se_kh: both standard errors; `se_kh` is not a number for one study.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    df: float
    tau2: float
    i2: float
    i2_q: float
    q: float
    prediction_interval: tuple[float, float] | None
    weights: Array
    warnings: tuple[str, ...]
    method: str
    interval: str
    level: float
    k: int
    measure: str = ""
    se_wald: float = math.nan
    se_kh: float = math.nan
    typical_variance: float = 0.0
    q_df: int = 0
    tabular: bool = False
    yi: Array = field(default_factory=lambda: np.empty(0))
    vi: Array = field(default_factory=lambda: np.empty(0))

    @property
    def tau(self) -> float:
        """The standard deviation of true effects between studies, in units of the effect."""
        return math.sqrt(self.tau2)

    @cached_property
    def tau2_ci(self) -> tuple[float, float] | None:
        """Q-profile confidence interval of tau², computed when it is asked for; None for one study, and for tables."""
        if self.k < 2 or self.tabular:
            return None
        low, high = q_profile(self.yi, self.vi, self.level)
        return float(low), float(high)

    @property
    def i2_ci(self) -> tuple[float, float] | None:
        """Interval of the tau²-based I², in percent, from that of tau²."""
        if self.tau2_ci is None:
            return None
        low, high = (percent_between(end, self.typical_variance) for end in self.tau2_ci)
        return low, high

    @property
    def statistic(self) -> float:
        """Estimate over standard error; infinite where that is 0."""
        return self.estimate / self.se if self.se else math.copysign(math.inf, self.estimate)

    @property
    def p(self) -> float:
        """Two-sided p of no effect, from the same distribution as the interval."""
        if math.isinf(self.df):
            return float(normal_tails(self.statistic))
        return float(student_tails(self.statistic, self.df))

    @property
    def q_p(self) -> float:
        """p of Cochran's Q."""
        return float(chi2_tail(self.q, self.q_df))

    @property
    def ratio(self) -> tuple[float, float, float] | None:
        """Estimate and interval as ratios; None where the measure is not known to be one."""
        if self.measure not in RATIOS:
            return None
        return math.exp(self.estimate), math.exp(self.ci_low), math.exp(self.ci_high)

    def to_df(self) -> pd.DataFrame:
        """One row: the numbers of the result, intervals as two columns each.

        >>> from ketalit.pooling import pool
        >>> pool([0.1, 0.3, 0.2], [0.01, 0.02, 0.02]).to_df()[["k", "method", "estimate"]].round(4)
           k method  estimate
        0  3   REML     0.175
        """
        import pandas as pd

        nothing = (math.nan, math.nan)
        tau2_low, tau2_high = self.tau2_ci or nothing
        pi_low, pi_high = self.prediction_interval or nothing
        row = {
            "k": self.k,
            "method": self.method,
            "interval": self.interval,
            "measure": self.measure,
            "estimate": self.estimate,
            "se": self.se,
            "ci_low": self.ci_low,
            "ci_high": self.ci_high,
            "p": self.p,
            "tau2": self.tau2,
            "tau2_low": tau2_low,
            "tau2_high": tau2_high,
            "i2": self.i2,
            "i2_q": self.i2_q,
            "q": self.q,
            "q_p": self.q_p,
            "prediction_low": pi_low,
            "prediction_high": pi_high,
            "warnings": " ".join(self.warnings),
        }
        return pd.DataFrame([row])

    def __repr__(self) -> str:
        percent = f"{100 * self.level:g} % CI"
        name = f"log {self.measure}" if self.measure in RATIOS else self.measure or "effect"
        kind = "Wald" if math.isinf(self.df) else f"Knapp-Hartung, t with {self.df:g} df"
        lines = [
            f"{self.k} {'study' if self.k == 1 else 'studies'}, {self.method}, {self.interval} interval",
            f"{name} {_short(self.estimate)}, {percent} {_range(self.ci_low, self.ci_high)} ({kind}), p {_p(self.p)}",
        ]
        if self.ratio:
            middle, low, high = self.ratio
            lines.append(f"{self.measure} {_short(middle)}, {percent} {_range(low, high)}")
        if self.tau2_ci:
            low, high = self.tau2_ci
            lines.append(f"tau {_short(self.tau)}, {percent} {_range(math.sqrt(low), math.sqrt(high))}")
        if self.prediction_interval:
            lines.append(f"prediction interval {_range(*self.prediction_interval)}")
        if self.k > 1:
            from_tau2 = "" if self.tabular or self.method == "FE" else f"{self.i2:.0f} % (from tau²), "
            test = f"Q {_short(self.q)}, df {self.q_df}, p {_p(self.q_p)}"
            lines.append(f"I² {from_tau2}{self.i2_q:.0f} % (from Q); {test}")
        return "\n".join([*lines, *(f"! {warning}" for warning in self.warnings)])


def percent_between(tau2: float, typical: float) -> float:
    """I² from tau² and the typical variance within studies, in percent.

    100 tau² / (tau² + typical): Higgins & Thompson 2002, https://doi.org/10.1002/sim.1186

    >>> percent_between(3.0, 1.0)
    75.0
    """
    return 100 * tau2 / (tau2 + typical) if tau2 > 0 else 0.0


def _short(value: float) -> str:
    """Two decimals, or three significant digits of what is smaller or very large."""
    size = abs(value)
    return f"{value:.2f}" if 0.1 <= size < 1e4 or size == 0 else f"{value:.3g}"


def _range(low: float, high: float) -> str:
    return f"{_short(low)} to {_short(high)}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
