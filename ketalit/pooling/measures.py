"""Effect sizes and their sampling variances, from what arms and pairs report.

Group 1 is the one under study, group 2 the comparison: a difference is 1 minus 2, a ratio 1 over 2. Ratios are
logarithms. Formulas are those of metafor's escalc with its defaults: Viechtbauer 2010,
https://doi.org/10.18637/jss.v036.i03, but where a variant is named.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..errors import InputError
from .conversions import CHAPTER, Step, correlation
from .door import number, people

HEDGES = "Hedges 1981, https://doi.org/10.3102/10769986006002107"
PETO = "Yusuf et al. 1985, https://doi.org/10.1016/S0033-0620(85)80003-7"
ESCALC = "metafor escalc, https://doi.org/10.18637/jss.v036.i03"


class Size(NamedTuple):
    """An effect size.

    Attributes:
        yi: the effect; a logarithm for a ratio.
        vi: its sampling variance.
        steps: how it was computed.
    """

    yi: float
    vi: float
    steps: tuple[Step, ...]


def small_sample_factor(df: float) -> float:
    """Hedges' J, exact: Γ(m/2) / (√(m/2) Γ((m-1)/2)), by which a standardised difference is made unbiased.

    >>> round(small_sample_factor(13), 6), round(1 - 3 / (4 * 13 - 1), 6)
    (0.940982, 0.941176)
    """
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def mean_difference(n1: float, mean1: float, sd1: float, n2: float, mean2: float, sd2: float) -> Size:
    """MD: difference of the means of two independent arms, in units of the scale.

    >>> size = mean_difference(30, 26.8, 27.9, 30, 54.5, 26.3)
    >>> round(size.yi, 1), round(size.vi, 1)
    (-27.7, 49.0)

    Raises:
        InputError: fewer than two people in an arm, an SD of 0 or less, or anything that is no number.
    """
    n1, mean1, sd1, n2, mean2, sd2 = arms = _means("MD", n1, mean1, sd1, n2, mean2, sd2)
    yi, vi = mean1 - mean2, sd1**2 / n1 + sd2**2 / n2
    return _size("MD", "mean₁ - mean₂; v = SD₁²/n₁ + SD₂²/n₂", _named(arms), yi, vi, f"{CHAPTER} 6")


def standardised_mean_difference(
    n1: float, mean1: float, sd1: float, n2: float, mean2: float, sd2: float, *, variant: str = "Hedges"
) -> Size:
    """SMD: Hedges' g with the exact J, or as RevMan has it (`variant="RevMan"`).

    Hedges: g = J (mean₁ - mean₂) / pooled SD, v = 1/n₁ + 1/n₂ + g²/(2(n₁ + n₂)).
    RevMan: J = 1 - 3/(4N - 9), v = N/(n₁n₂) + g²/(2(N - 3.94)).

    >>> arms = (8, 10, 4, 7, 13, 5)
    >>> for variant in ("Hedges", "RevMan"):
    ...     size = standardised_mean_difference(*arms, variant=variant)
    ...     print(variant, round(size.yi, 6), round(size.vi, 6))
    Hedges -0.628816 0.281037
    RevMan -0.628946 0.28574
    """
    n1, mean1, sd1, n2, mean2, sd2 = arms = _means("SMD", n1, mean1, sd1, n2, mean2, sd2)
    total = n1 + n2
    pooled = math.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (total - 2))
    d = (mean1 - mean2) / pooled
    if variant == "Hedges":
        yi = small_sample_factor(total - 2) * d
        vi = 1 / n1 + 1 / n2 + yi**2 / (2 * total)
        formula = "g = J (mean₁ - mean₂)/SD, exact J; v = 1/n₁ + 1/n₂ + g²/(2N)"
        return _size("SMD", formula, _named(arms) | {"SD": pooled}, yi, vi, HEDGES)
    if variant != "RevMan":
        raise InputError(f"variant is “{variant}”", where="SMD", expected="Hedges or RevMan")
    yi = (1 - 3 / (4 * total - 9)) * d
    vi = total / (n1 * n2) + yi**2 / (2 * (total - 3.94))
    formula = "g = (1 - 3/(4N-9)) (mean₁ - mean₂)/SD; v = N/(n₁n₂) + g²/(2(N-3.94))"
    return _size("SMD (RevMan)", formula, _named(arms) | {"SD": pooled}, yi, vi, "RevMan 5 statistical algorithms")


def ratio_of_means(n1: float, mean1: float, sd1: float, n2: float, mean2: float, sd2: float) -> Size:
    """ROM: log ratio of two means of a scale with a true zero, both above it, with Lajeunesse's correction of bias.

    >>> round(ratio_of_means(20, 45, 12, 22, 60, 15).yi, 4)
    -0.2873
    """
    n1, mean1, sd1, n2, mean2, sd2 = arms = _means("ROM", n1, mean1, sd1, n2, mean2, sd2)
    for name, mean in (("mean1", mean1), ("mean2", mean2)):
        number(mean, name, "ROM", above=0)
    part1, part2 = (sd1 / mean1) ** 2 / n1, (sd2 / mean2) ** 2 / n2
    yi, vi = math.log(mean1 / mean2) + (part1 - part2) / 2, part1 + part2
    formula = "ln(mean₁/mean₂) + (u₁ - u₂)/2; v = u₁ + u₂; u = SD²/(n mean²)"
    return _size("ROM", formula, _named(arms), yi, vi, "Lajeunesse 2015, https://doi.org/10.1890/14-2402.1")


def risk_ratio(events1: float, n1: float, events2: float, n2: float, *, correction: float = 0.5) -> Size:
    """RR: log risk ratio; `correction` is added to all four cells where one of them is 0.

    >>> round(math.exp(risk_ratio(28, 30, 5, 30).yi), 2)
    5.6

    Raises:
        InputError: nobody, or everybody, has the outcome in both arms; more events than people; an empty arm.
    """
    a, b, c, d, steps = _cells("RR", events1, n1, events2, n2, correction)
    yi = math.log(a / (a + b)) - math.log(c / (c + d))
    vi = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    formula = "ln(a/n₁) - ln(c/n₂); v = 1/a - 1/n₁ + 1/c - 1/n₂"
    return _size("RR", formula, _table(a, b, c, d), yi, vi, f"{CHAPTER} 6", steps)


def odds_ratio(events1: float, n1: float, events2: float, n2: float, *, correction: float = 0.5) -> Size:
    """OR: log odds ratio; `correction` as in `risk_ratio`.

    >>> round(odds_ratio(28, 30, 5, 30).yi, 4)
    4.2485
    """
    a, b, c, d, steps = _cells("OR", events1, n1, events2, n2, correction)
    yi, vi = math.log(a) - math.log(b) - math.log(c) + math.log(d), 1 / a + 1 / b + 1 / c + 1 / d
    formula = "ln(ad/(bc)); v = 1/a + 1/b + 1/c + 1/d"
    return _size("OR", formula, _table(a, b, c, d), yi, vi, f"{CHAPTER} 6", steps)


def risk_difference(events1: float, n1: float, events2: float, n2: float, *, correction: float = 0.5) -> Size:
    """RD: difference of risks; `correction` as in `risk_ratio`, so that no variance is 0. Zero in both arms is fine.

    >>> round(risk_difference(28, 30, 5, 30).yi, 4)
    0.7667
    """
    a, b, c, d, steps = _cells("RD", events1, n1, events2, n2, correction)
    n1, n2 = a + b, c + d
    yi, vi = a / n1 - c / n2, a * b / n1**3 + c * d / n2**3
    formula = "a/n₁ - c/n₂; v = ab/n₁³ + cd/n₂³"
    return _size("RD", formula, _table(a, b, c, d), yi, vi, f"{CHAPTER} 6", steps)


def peto_odds_ratio(events1: float, n1: float, events2: float, n2: float, *, correction: float = 0.0) -> Size:
    """Peto: log odds ratio by Peto's one-step method, for rare events and arms of similar size; needs no correction.

    >>> round(peto_odds_ratio(2, 68, 0, 32).yi, 4)
    1.4856
    """
    a, b, c, d, steps = _cells("Peto", events1, n1, events2, n2, correction)
    observed, expected, variance = peto_parts(a, b, c, d)
    inputs = _table(a, b, c, d) | {"E": expected, "V": variance}
    return _size("Peto", "(a - E)/V; v = 1/V", inputs, (observed - expected) / variance, 1 / variance, PETO, steps)


def peto_parts(a: float, b: float, c: float, d: float) -> tuple[float, float, float]:
    """Observed and expected events of arm 1, and their hypergeometric variance.

    >>> peto_parts(2, 66, 0, 32)[:2]
    (2, 1.36)
    """
    n1, n2, had = a + b, c + d, a + c
    total = n1 + n2
    return a, n1 * had / total, n1 * n2 * had * (total - had) / (total**2 * (total - 1))


def paired_difference(n: float, mean1: float, sd1: float, mean2: float, sd2: float, r: float) -> Size:
    """MD of the same people under both conditions, as in a crossover: v = (SD₁² + SD₂² - 2 r SD₁ SD₂)/n.

    >>> [round(paired_difference(20, 5.2, 2.1, 6.4, 1.9, r).vi, 4) for r in (0.3, 0.5, 0.7)]
    [0.2813, 0.2015, 0.1217]
    """
    arms = _pair("paired MD", n, mean1, sd1, mean2, sd2, r)
    vi = _change_variance(arms) / arms["n"]
    if vi <= 0:
        raise InputError("the differences have no spread", where="paired MD", expected="r below 1")
    formula, source = "mean₁ - mean₂; v = (SD₁² + SD₂² - 2 r SD₁ SD₂)/n", f"{CHAPTER} 23"
    return _size("MD", formula, arms, arms["mean₁"] - arms["mean₂"], vi, source)


def paired_smd(
    n: float, mean1: float, sd1: float, mean2: float, sd2: float, r: float, *, standardiser: str = "raw"
) -> Size:
    """SMD of the same people under both conditions.

    Args:
        n: number of people.
        mean1, sd1, mean2, sd2: mean and SD under each condition.
        r: correlation of the two.
        standardiser: "raw" divides by the SD of people, so that it can stand beside parallel trials; "change" divides
            by the SD of the differences, and cannot.

    >>> [round(paired_smd(20, 5.2, 2.1, 6.4, 1.9, 0.5, standardiser=one).yi, 4) for one in ("raw", "change")]
    [-0.5843, -0.5738]
    """
    where = "paired SMD"
    arms = _pair(where, n, mean1, sd1, mean2, sd2, r)
    size, difference = arms["n"], arms["mean₁"] - arms["mean₂"]
    if standardiser == "raw":
        pooled = math.sqrt((arms["SD₁"] ** 2 + arms["SD₂"] ** 2) / 2)
        yi = small_sample_factor(2 * (size - 1) / (1 + r**2)) * difference / pooled
        vi = 2 * (1 - r) / size + yi**2 * (1 + r**2) / (4 * size)
        formula = "g = J (mean₁ - mean₂)/√((SD₁² + SD₂²)/2); v = 2(1-r)/n + g²(1+r²)/(4n)"
        return _size("SMD", formula, arms, yi, vi, ESCALC + " (SMCRP)")
    if standardiser != "change":
        raise InputError(f"standardiser is “{standardiser}”", where=where, expected="raw or change")
    spread = _change_variance(arms)
    if spread <= 0 or size < 3:
        raise InputError("the differences have no usable SD", where=where, expected="r below 1 and 3 people or more")
    yi = small_sample_factor(size - 1) * difference / math.sqrt(spread)
    formula = "g = J (mean₁ - mean₂)/SD of differences; v = 1/n + g²/(2n)"
    return _size("SMD (of changes)", formula, arms, yi, 1 / size + yi**2 / (2 * size), ESCALC + " (SMCC)")


def proportion(events: float, n: float, *, scale: str = "PLO") -> Size:
    """A share of people in one arm, as log odds (PLO) or as it is (PR). Without a comparison it is no effect.

    >>> round(proportion(11, 16).yi, 4)
    0.7885
    """
    size, had = people(n, "n", "proportion", 1), number(events, "events", "proportion")
    if not 0 < had < size:
        what = f"{had:g} of {size:g} have the outcome"
        raise InputError(what, where="proportion", expected="at least one with and one without it")
    inputs, source = {"events": had, "n": size}, ESCALC
    if scale == "PR":
        share = had / size
        return _size("PR", "p; v = p(1-p)/n", inputs, share, share * (1 - share) / size, source)
    if scale != "PLO":
        raise InputError(f"scale is “{scale}”", where="proportion", expected="PLO or PR")
    rest = size - had
    return _size("PLO", "ln(x/(n-x)); v = 1/x + 1/(n-x)", inputs, math.log(had / rest), 1 / had + 1 / rest, source)


def _means(where: str, *arms: float) -> tuple[float, float, float, float, float, float]:
    n1, mean1, sd1, n2, mean2, sd2 = arms
    return (
        people(n1, "n1", where),
        number(mean1, "mean1", where),
        number(sd1, "sd1", where, above=0),
        people(n2, "n2", where),
        number(mean2, "mean2", where),
        number(sd2, "sd2", where, above=0),
    )


def _pair(where: str, n: float, mean1: float, sd1: float, mean2: float, sd2: float, r: float) -> dict[str, float]:
    size, first, spread1, _, second, spread2 = _means(where, n, mean1, sd1, n, mean2, sd2)
    together = correlation(r, where)
    return {"n": size, "mean₁": first, "SD₁": spread1, "mean₂": second, "SD₂": spread2, "r": together}


def _change_variance(arms: dict[str, float]) -> float:
    return arms["SD₁"] ** 2 + arms["SD₂"] ** 2 - 2 * arms["r"] * arms["SD₁"] * arms["SD₂"]


def _cells(
    where: str, events1: float, n1: float, events2: float, n2: float, correction: float
) -> tuple[float, float, float, float, tuple[Step, ...]]:
    """The four cells, with the correction where it is needed, and the step that says so."""
    cells: list[float] = []
    for arm, (events, n) in enumerate(((events1, n1), (events2, n2)), 1):
        size, had = people(n, f"n{arm}", where, 1), number(events, f"events{arm}", where)
        if not 0 <= had <= size:
            raise InputError(f"events{arm} is {had:g} of {size:g} people", where=where, expected="0 to all of them")
        cells += [had, size - had]
    a, b, c, d = cells
    nobody = a == c == 0
    if where != "RD" and (nobody or b == d == 0):
        what = f"{'nobody' if nobody else 'everybody'} has the outcome in both arms"
        raise InputError(what, where=where, expected="an event in one arm at least", next_step="RD can be computed")
    added = number(correction, "correction", where) if min(cells) == 0 else 0.0
    if where in {"RR", "OR"} and min(cells) + added <= 0:
        raise InputError("a cell is 0", where=where, expected="a correction above 0, or Mantel-Haenszel or Peto")
    if not added:
        return a, b, c, d, ()
    step = Step("zero cell", f"{added:g} added to all four cells", _table(*cells), {}, f"{CHAPTER} 10", True)
    a, b, c, d = (cell + added for cell in cells)
    return a, b, c, d, (step,)


def _named(arms: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(("n₁", "mean₁", "SD₁", "n₂", "mean₂", "SD₂"), arms, strict=True))


def _table(a: float, b: float, c: float, d: float) -> dict[str, float]:
    return {"a": a, "b": b, "c": c, "d": d}


def _size(
    name: str, formula: str, inputs: dict[str, float], yi: float, vi: float, source: str, before: tuple[Step, ...] = ()
) -> Size:
    return Size(yi, vi, (*before, Step(name, formula, inputs, {"yi": yi, "vi": vi}, source)))
