"""What papers print, turned into what is pooled; every conversion comes with a record of itself.

A function gives a `Converted`: its `value`, and the `step` that says what was computed, from what, and by whose
formula. Section numbers are of the Cochrane Handbook, version 6.5.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from ..errors import InputError
from .door import number, people
from .quantiles import normal, student

Value = TypeVar("Value")

HANDBOOK = "Cochrane Handbook 6.5, section"
CHAPTER = "Cochrane Handbook 6.5, chapter"
WAN = "Wan et al. 2014, https://doi.org/10.1186/1471-2288-14-135"
LUO = "Luo et al. 2018, https://doi.org/10.1177/0962280216669183"
SHI = "Shi et al. 2020, https://doi.org/10.1002/jrsm.1429"


@dataclass(frozen=True, slots=True)
class Step:
    """One conversion.

    Attributes:
        name: what was obtained.
        formula: how, as text.
        inputs: what went in.
        output: what came out.
        source: whose formula it is.
        assumed: it rests on something that the report does not say.

    >>> print(sd_from_sem(0.51, 30).step)
    SD from SEM: SD = SEM × √n; SEM = 0.51, n = 30; SD = 2.793 [Cochrane Handbook 6.5, section 6.5.2.2]
    """

    name: str
    formula: str
    inputs: Mapping[str, float] = field(default_factory=dict)
    output: Mapping[str, float] = field(default_factory=dict)
    source: str = ""
    assumed: bool = False

    def __str__(self) -> str:
        parts = [f"{self.name}: {self.formula}", _listed(self.inputs), _listed(self.output)]
        ending = " (assumed)" if self.assumed else ""
        return "; ".join(part for part in parts if part) + (f" [{self.source}]" if self.source else "") + ending


class Converted(NamedTuple, Generic[Value]):
    """A value, and the record of how it was obtained."""

    value: Value
    step: Step


class MeanSd(NamedTuple):
    """A mean and its standard deviation."""

    mean: float
    sd: float


class Arm(NamedTuple):
    """Size, mean and standard deviation of an arm."""

    n: float
    mean: float
    sd: float


def se_from_ci(
    low: float, high: float, *, level: float = 0.95, df: float | None = None, log: bool = False
) -> Converted[float]:
    """Standard error from a confidence interval; with `df` from t, with `log` on the logarithmic scale of a ratio.

    >>> round(se_from_ci(-2.35, -1.31).value, 4), round(se_from_ci(1.05, 10.09, log=True).value, 4)
    (0.2653, 0.5772)
    """
    where = "SE from CI"
    least = 0.0 if log else -math.inf
    bottom, top = number(low, "low", where, above=least), number(high, "high", where, above=least)
    if bottom >= top:
        raise InputError(f"the interval runs from {low:g} to {high:g}", where=where, expected="low below high")
    quantile = _critical(level, df, where)
    width = math.log(top) - math.log(bottom) if log else top - bottom
    formula = ("(ln high - ln low)" if log else "(high - low)") + (" / (2 t)" if df else " / (2 z)")
    inputs = {"low": bottom, "high": top, "t" if df else "z": quantile}
    return _one("SE from CI", "SE = " + formula, inputs, "SE", width / (2 * quantile), f"{CHAPTER} 6")


def se_from_p(estimate: float, p: float, *, df: float | None = None) -> Converted[float]:
    """Standard error from an estimate and its exact two-sided p; with `df` from t. A p given as "< 0.05" is no use.

    >>> round(se_from_p(-1.5, 0.03).value, 4), round(se_from_p(-1.5, 0.03, df=38).value, 4)
    (0.6912, 0.6653)
    """
    where = "SE from p"
    effect, tails = number(estimate, "estimate", where), number(p, "p", where, above=0, below=1)
    if effect == 0:
        raise InputError("the estimate is 0, whatever its SE", where=where, expected="an estimate other than 0")
    quantile = _critical(1 - tails, df, where)
    letter = "t" if df else "z"
    inputs = {"estimate": effect, "p": tails, letter: quantile}
    return _one(where, f"SE = |estimate| / {letter}", inputs, "SE", abs(effect) / quantile, f"{CHAPTER} 6")


def sd_from_sem(sem: float, n: float) -> Converted[float]:
    """Standard deviation of people from the standard error of their mean.

    >>> round(sd_from_sem(0.51, 30).value, 4)
    2.7934
    """
    where = "SD from SEM"
    spread, size = number(sem, "SEM", where, above=0), people(n, "n", where)
    inputs = {"SEM": spread, "n": size}
    return _one(where, "SD = SEM × √n", inputs, "SD", spread * math.sqrt(size), f"{HANDBOOK} 6.5.2.2")


def sd_from_ci(low: float, high: float, n: float, *, level: float = 0.95) -> Converted[float]:
    """Standard deviation from the confidence interval of one arm's mean, by t with n - 1.

    >>> round(sd_from_ci(4.1, 6.3, 12).value, 4)
    1.7313
    """
    where = "SD from CI"
    size = people(n, "n", where)
    se = se_from_ci(low, high, level=level, df=size - 1).value
    inputs = {"low": low, "high": high, "n": size}
    formula = "SD = √n (high - low) / (2 t), t with n - 1"
    return _one(where, formula, inputs, "SD", se * math.sqrt(size), f"{HANDBOOK} 6.5.2.2")


def from_median(
    median: float,
    n: float,
    *,
    q1: float | None = None,
    q3: float | None = None,
    low: float | None = None,
    high: float | None = None,
    mean: str = "Luo",
) -> Converted[MeanSd]:
    """Mean and SD from a median with quartiles, with smallest and largest value, or with all four.

    They are right for symmetric data; the record says that this is assumed. The mean is Luo's, or for quartiles alone
    Wan's (`mean="Wan"`); the SD is Wan's, from five numbers Shi's.

    >>> mean, sd = from_median(4, 25, q1=3, q3=8).value
    >>> round(mean, 4), round(sd, 4)
    (5.0734, 3.9306)
    """
    where = "mean and SD from median"
    middle, size = number(median, "median", where), people(n, "n", where)
    given = {"min": low, "q1": q1, "median": middle, "q3": q3, "max": high}
    known = {name: number(value, name, where) for name, value in given.items() if value is not None}
    if list(known.values()) != sorted(known.values()):
        raise InputError(f"{_listed(known)} do not rise", where=where, expected="min, q1, median, q3, max in order")
    quartiles, range_ = "q1" in known and "q3" in known, "min" in known and "max" in known
    inner, outer = normal((0.75 * size - 0.125) / (size + 0.25)), normal((size - 0.375) / (size + 0.25))
    if quartiles and range_:
        one, two = 2.2 / (2.2 + size**0.75), 0.7 - 0.72 / size**0.55
        centre = one * (known["min"] + known["max"]) / 2 + two * (known["q1"] + known["q3"]) / 2
        centre += (1 - one - two) * middle
        ends = (known["max"] - known["min"]) / ((2 + 0.14 * size**0.6) * outer)
        sd = ends + (known["q3"] - known["q1"]) / ((2 + 2 / (0.07 * size**0.6)) * inner)
        formula = "SD = (max - min)/θ₁ + (q3 - q1)/θ₂; mean weighted from all five"
        source = f"{LUO}; {SHI}"
    elif quartiles:
        weight = 0.7 + 0.39 / size
        centre = weight * (known["q1"] + known["q3"]) / 2 + (1 - weight) * middle
        formula, source = "SD = (q3 - q1) / (2 Φ⁻¹((0.75n - 0.125)/(n + 0.25)))", f"{LUO}; {WAN}"
        if mean == "Wan":
            centre, source = (known["q1"] + middle + known["q3"]) / 3, WAN
        sd = (known["q3"] - known["q1"]) / (2 * inner)
    elif range_:
        weight = 4 / (4 + size**0.75)
        centre = weight * (known["min"] + known["max"]) / 2 + (1 - weight) * middle
        sd = (known["max"] - known["min"]) / (2 * outer)
        formula, source = "SD = (max - min) / (2 Φ⁻¹((n - 0.375)/(n + 0.25)))", f"{LUO}; {WAN}"
    else:
        raise InputError(
            "a median alone has no SD", where=where, expected="q1 and q3, or the smallest and the largest value"
        )
    output = {"mean": centre, "SD": sd}
    step = Step(where, formula, known | {"n": size}, output, source, assumed=True)
    return Converted(MeanSd(centre, sd), step)


def change_sd(sd_base: float, sd_final: float, r: float) -> Converted[float]:
    """SD of changes from those before and after and their correlation, which is nearly always assumed.

    >>> round(change_sd(2.1, 1.9, 0.5).value, 4)
    2.0075
    """
    where = "SD of change"
    base, final = number(sd_base, "SD before", where, above=0), number(sd_final, "SD after", where, above=0)
    together = correlation(r, where)
    value = math.sqrt(base**2 + final**2 - 2 * together * base * final)
    formula = "SD = √(before² + after² - 2 r before after)"
    inputs = {"before": base, "after": final, "r": together}
    return Converted(value, Step(where, formula, inputs, {"SD": value}, f"{HANDBOOK} 6.5.2.8", assumed=True))


def correlation_from_change(sd_base: float, sd_final: float, sd_change: float) -> Converted[float]:
    """Correlation of before and after, from the three SDs that a trial may print.

    >>> round(correlation_from_change(2.1, 1.9, 2.0).value, 4)
    0.5038
    """
    where = "r from SD of change"
    base, final = number(sd_base, "SD before", where, above=0), number(sd_final, "SD after", where, above=0)
    change = number(sd_change, "SD of change", where, above=0)
    r = (base**2 + final**2 - change**2) / (2 * base * final)
    if not -1 <= r <= 1:
        raise InputError(f"the three SDs give r = {r:.2f}", where=where, expected="SDs of the same people and scale")
    inputs = {"before": base, "after": final, "change": change}
    formula = "r = (before² + after² - change²) / (2 before after)"
    return _one(where, formula, inputs, "r", r, f"{HANDBOOK} 6.5.2.8")


def combine_arms(first: Arm, second: Arm) -> Converted[Arm]:
    """Two arms as if they had been one, as for two doses against one placebo arm.

    >>> n, mean, sd = combine_arms(Arm(30, 55, 36), Arm(29, 65, 40)).value
    >>> n, round(mean, 3), round(sd, 3)
    (59.0, 59.915, 38.024)
    """
    where = "arms combined"
    (n1, m1, s1), (n2, m2, s2) = (
        (people(arm[0], "n", where), number(arm[1], "mean", where), number(arm[2], "SD", where, above=0))
        for arm in (first, second)
    )
    n = n1 + n2
    mean = (n1 * m1 + n2 * m2) / n
    between = n1 * n2 / n * (m1 - m2) ** 2
    sd = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2 + between) / (n - 1))
    inputs = {"n₁": n1, "mean₁": m1, "SD₁": s1, "n₂": n2, "mean₂": m2, "SD₂": s2}
    formula = "SD² = ((n₁-1)SD₁² + (n₂-1)SD₂² + n₁n₂/(n₁+n₂) (mean₁-mean₂)²) / (n₁+n₂-1)"
    step = Step(where, formula, inputs, {"n": n, "mean": mean, "SD": sd}, f"{HANDBOOK} 6.5.2.10")
    return Converted(Arm(n, mean, sd), step)


def split_control(n: float, comparisons: int, events: float | None = None) -> Converted[tuple[float, float | None]]:
    """A control arm shared by several comparisons, divided between them, so that nobody is counted twice.

    >>> split_control(30, 2, events=4).value
    (15.0, 2.0)
    """
    where = "shared control arm"
    size = people(n, "n", where, 1)
    parts = number(comparisons, "number of comparisons", where, above=0)
    if parts != int(parts):
        raise InputError(f"{parts:g} comparisons", where=where, expected="a whole number")
    had = None if events is None else number(events, "events", where) / parts
    inputs = {"n": size, "comparisons": parts} | ({} if events is None else {"events": float(events)})
    output = {"n": size / parts} | ({} if had is None else {"events": had})
    step = Step(where, "n and events divided by the number of comparisons", inputs, output, f"{CHAPTER} 23")
    return Converted((size / parts, had), step)


def correlation(r: float, where: str) -> float:
    """A correlation, -1 and 1 included.

    Raises:
        InputError: it is none.
    """
    found = number(r, "r", where)
    if not -1 <= found <= 1:
        raise InputError(f"r is {found:g}", where=where, expected="a correlation between -1 and 1")
    return found


def _critical(level: float, df: float | None, where: str) -> float:
    upper = (1 + number(level, "level", where, above=0, below=1)) / 2
    return normal(upper) if df is None else float(student(upper, number(df, "df", where, above=0)))


def _one(
    name: str, formula: str, inputs: Mapping[str, float], letter: str, value: float, source: str
) -> Converted[float]:
    return Converted(value, Step(name, formula, inputs, {letter: value}, source))


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value:.4g}" for name, value in values.items())
