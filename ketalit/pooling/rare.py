"""Pool tables of events without the variance of each: for rare events, where a correction of zero cells would decide.

Both take all trials to share one effect. Trials without an event count in RD only.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from . import door, guards
from .quantiles import normal
from .result import Pooled

Array = npt.NDArray[np.float64]


def mantel_haenszel(
    events1: Any, n1: Any, events2: Any, n2: Any, measure: str = "RR", *, level: float = 0.95
) -> Pooled:
    """Mantel-Haenszel: OR, RR or RD, without any correction of zero cells.

    Standard errors: OR by Robins, Breslow & Greenland 1986 (Biometrics 42:311), RR by Greenland & Robins 1985
    (Biometrics 41:55), RD by Sato, Greenland & Robins 1989 (Biometrics 45:1323).
    Q compares the trials whose own effect needs no correction. Ratios are logarithms.

    >>> pooled = mantel_haenszel([2, 2, 1], [357, 391, 774], [0, 1, 1], [176, 207, 185], "OR")
    >>> print(f"{pooled.ratio[0]:.2f}")
    1.06

    Raises:
        InputError: the tables are none, or hold no event (no person without one) in either group.
    """
    a, b, c, d = _tables(events1, n1, events2, n2, "Mantel-Haenszel")
    door.choice(measure, ("OR", "RR", "RD"), "measure", "Mantel-Haenszel")
    one, two = a + b, c + d
    total = one + two
    if measure == "RD":
        share = one * two / total
        estimate = float(((a * two - c * one) / total).sum() / share.sum())
        # P and Q of the paper
        first = (c * (one / total) ** 2 - a * (two / total) ** 2 + one / total * two / total * (two - one) / 2).sum()
        second = (a * d / total + c * b / total).sum() / 2
        se = math.sqrt((estimate * first + second) / share.sum() ** 2)
    else:
        above, below = (a * d, b * c) if measure == "OR" else (a * two, c * one)
        share, top = below / total, above / total
        if top.sum() == 0 or share.sum() == 0:
            what = "no table has an event in one of the groups, so the ratio is 0 or infinite"
            raise InputError(what, where="Mantel-Haenszel", expected="an event in each group", next_step="Use RD")
        estimate = math.log(top.sum() / share.sum())
        if measure == "OR":
            p, q = (a + d) / total, (b + c) / total
            se = math.sqrt(
                (p * top).sum() / (2 * top.sum() ** 2)
                + (p * share + q * top).sum() / (2 * top.sum() * share.sum())
                + (q * share).sum() / (2 * share.sum() ** 2)
            )
        else:
            se = math.sqrt(((one * two * (a + c) - a * c * total) / total**2).sum() / (top.sum() * share.sum()))
    scatter, used = _scatter(estimate, measure, a, b, c, d)
    return _pooled(estimate, se, share, scatter, used, "MH", measure, level)


def peto(events1: Any, n1: Any, events2: Any, n2: Any, *, level: float = 0.95) -> Pooled:
    """Peto's one-step odds ratio, for events below 1 % and groups of similar size.

    Yusuf et al. 1985, https://doi.org/10.1016/S0033-0620(85)80003-7

    >>> pooled = peto([2, 2, 1], [357, 391, 774], [0, 1, 1], [176, 207, 185])
    >>> print(f"{pooled.ratio[0]:.2f}")
    1.06

    Raises:
        InputError: the tables are none, or hold no event at all.
    """
    a, b, c, d = _tables(events1, n1, events2, n2, "Peto")
    one, two, had = a + b, c + d, a + c
    total = one + two
    variance = one * two * had * (total - had) / (total**2 * (total - 1))
    if variance.sum() == 0:
        raise InputError("no table has both people with and without an event", where="Peto", expected="events")
    excess = a - one * had / total
    estimate = float(excess.sum() / variance.sum())
    here = variance > 0
    q = float((excess[here] ** 2 / variance[here]).sum() - excess.sum() ** 2 / variance.sum())
    se = 1 / math.sqrt(variance.sum())
    return _pooled(estimate, se, variance, max(0.0, q), int(here.sum()), "Peto", "Peto", level)


def _tables(events1: Any, n1: Any, events2: Any, n2: Any, where: str) -> tuple[Array, Array, Array, Array]:
    named = {"events1": events1, "n1": n1, "events2": events2, "n2": n2}
    columns = {name: door.column(values, name, where) for name, values in named.items()}
    sizes = {len(column) for column in columns.values()}
    if len(sizes) > 1:
        raise InputError("the columns differ in length", where=where, expected="one number for each trial in each")
    if sizes == {0}:
        raise InputError("there are no trials", where=where, expected="at least one")
    for arm in ("1", "2"):
        events, people = columns[f"events{arm}"], columns[f"n{arm}"]
        for place, (had, n) in enumerate(zip(events, people, strict=True)):
            if n < 1 or not 0 <= had <= n:
                what = f"{had:g} of {n:g} people in group {arm} of trial {place + 1}"
                raise InputError(what, where=where, expected="people in each group, and events from 0 to all of them")
    a, c = columns["events1"], columns["events2"]
    return a, columns["n1"] - a, c, columns["n2"] - c


def _scatter(estimate: float, measure: str, a: Array, b: Array, c: Array, d: Array) -> tuple[float, int]:
    """Q around the pooled effect, and the number of trials whose own effect and variance need no correction."""
    one, two = a + b, c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "RD":
            effect, variance = a / one - c / two, a * b / one**3 + c * d / two**3
        elif measure == "RR":
            effect, variance = np.log(a / one) - np.log(c / two), 1 / a - 1 / one + 1 / c - 1 / two
        else:
            effect, variance = np.log(a * d) - np.log(b * c), 1 / a + 1 / b + 1 / c + 1 / d
    here = np.isfinite(effect) & np.isfinite(variance) & (variance > 0)
    used = int(here.sum())
    return float(((effect[here] - estimate) ** 2 / variance[here]).sum()) if used > 1 else 0.0, used


def _pooled(
    estimate: float, se: float, share: Array, q: float, used: int, method: str, measure: str, level: float
) -> Pooled:
    k = share.size
    half = normal((1 + door.confidence(level, method)) / 2) * se
    idle = int((share == 0).sum())
    said = [f"{idle} of {k} trials add nothing to the weights: no events where they would be needed."] if idle else []
    return Pooled(
        estimate=estimate,
        se=se,
        ci_low=estimate - half,
        ci_high=estimate + half,
        df=math.inf,
        tau2=0.0,
        i2=max(0.0, 100 * (q - (used - 1)) / q) if q > 0 else 0.0,
        i2_q=max(0.0, 100 * (q - (used - 1)) / q) if q > 0 else 0.0,
        q=q,
        prediction_interval=None,
        weights=share / share.sum(),
        warnings=guards.joined(said, guards.few(k)),
        method=method,
        interval="wald",
        level=level,
        k=k,
        measure=measure,
        se_wald=se,
        tabular=True,
        q_df=max(0, used - 1),
    )
