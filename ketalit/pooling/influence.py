"""How much a result rests on single studies, on their order, and on groups of them. Tables, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from . import door, guards
from .estimators import METHODS, Fit, fit
from .intervals import INTERVALS, confidence_interval
from .inverse_variance import pool
from .quantiles import chi2_tail, normal
from .regression import METHODS as REGRESSION_METHODS
from .regression import meta_regression
from .result import Pooled, percent_between

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subgroups:
    """Results by group, and the test of their difference.

    Groups are compared by this test only. That one is "significant" and another is not says nothing.

    Attributes:
        groups: name to result.
        q_between, df, p: test that all groups have the same effect.
        differences: each later group minus the first: estimate, low, high (Wald).
        common_tau2: whether one tau² was estimated for all groups.
    """

    groups: dict[str, Pooled]
    q_between: float
    df: int
    p: float
    differences: dict[str, tuple[float, float, float]]
    common_tau2: bool


def leave_one_out(
    yi: Any,
    vi: Any,
    method: str = "REML",
    interval: str = "never-narrower",
    *,
    labels: Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The result without each study in turn, all in one computation.

    Returns:
        One row a study, by its label: estimate, se, ci_low, ci_high, tau2, i2, q without it; `change` of the estimate;
        its externally standardised residual `rstudent`, above 2 or so for an outlier; `cooks_distance` and `dffits` as
        in Viechtbauer & Cheung 2010, https://doi.org/10.1002/jrsm.11. se is that of the interval.

    >>> table = leave_one_out([0.1, 0.3, 0.2, 1.4], [0.02, 0.02, 0.02, 0.02], labels=["A", "B", "C", "D"])
    >>> table["change"].abs().idxmax()
    'D'

    Raises:
        InputError: a single study, or what `pool` refuses.
    """
    where = "leave-one-out"
    effects, variances, names, level = _arguments(yi, vi, method, interval, labels, level, where)
    k = effects.size
    if k < 2:
        raise InputError("there is one study", where=where, expected="two at least")
    without = np.where(np.eye(k, dtype=bool), np.inf, variances)
    rest, whole = fit(effects, without, method), fit(effects, variances, method)
    table = _table(rest, method, interval, level, names)
    shift = whole.estimate - rest.estimate
    share = 1 / (variances + whole.tau2) * whole.se**2
    spread = rest.tau2 + variances
    table["change"] = -shift
    table["rstudent"] = (effects - rest.estimate) / np.sqrt(spread + rest.se**2)
    table["cooks_distance"] = (shift / whole.se) ** 2
    table["dffits"] = shift / np.sqrt(share * spread)
    return table


def cumulative(
    yi: Any,
    vi: Any,
    order: Any,
    method: str = "REML",
    interval: str = "never-narrower",
    *,
    labels: Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The result as studies came in, by year or any other order; ties keep the order given.

    Returns:
        One row a study, by its label, in order: k, estimate, se, ci_low, ci_high, tau2, i2, q of all up to it, and
        `order`. The intervals are not corrected for having looked again and again.

    >>> cumulative([0.4, 0.1, 0.2], [0.04, 0.04, 0.04], [2009, 2001, 2005], labels=["C", "A", "B"]).index.tolist()
    ['A', 'B', 'C']

    Raises:
        InputError: as `pool`, or an order that is not one number for each study.
    """
    where = "cumulative"
    effects, variances, names, level = _arguments(yi, vi, method, interval, labels, level, where)
    when = door.column(order, "order", where)
    if when.size != effects.size:
        what = f"{when.size} places for {effects.size} studies"
        raise InputError(what, where=where, expected="one for each study")
    place = np.argsort(when, kind="stable")
    later = np.triu(np.ones((effects.size, effects.size), bool), 1)
    found = fit(effects[place], np.where(later, np.inf, variances[place]), method)
    table = _table(found, method, interval, level, [names[at] for at in place])
    table["order"] = when[place]
    return table


def subgroups(
    yi: Any,
    vi: Any,
    groups: Sequence[str],
    method: str = "REML",
    interval: str = "never-narrower",
    *,
    common_tau2: bool = False,
    level: float = 0.95,
) -> Subgroups:
    """Pool each group and test whether the groups differ.

    Args:
        yi, vi: effects and their variances.
        groups: the group of each study.
        method, interval, level: as in `pool`.
        common_tau2: estimate one tau² for all groups, better where groups are small, with Wald intervals; else one
            for each.

    >>> found = subgroups([0.1, 0.2, 0.6, 0.7], [0.01] * 4, ["oral", "oral", "IV", "IV"], "FE")
    >>> round(found.q_between, 2), found.df, round(found.p, 6)
    (25.0, 1, 1e-06)

    Raises:
        InputError: fewer than two groups, or as `pool`.
    """
    where = "subgroups"
    effects, variances, _, level = _arguments(yi, vi, method, interval, None, level, where)
    named = [str(group) for group in groups]
    if len(named) != effects.size:
        what = f"{len(named)} groups for {effects.size} studies"
        raise InputError(what, where=where, expected="one for each study")
    names = list(dict.fromkeys(named))
    if len(names) < 2:
        raise InputError("all studies are in one group", where=where, expected="two groups at least")
    members = {name: np.asarray([one == name for one in named]) for name in names}
    found = {name: pool(effects[at], variances[at], method, interval, level=level) for name, at in members.items()}
    estimates = np.asarray([one.estimate for one in found.values()])
    errors = np.asarray([one.se_wald for one in found.values()])
    if common_tau2 and method != "FE":
        door.choice(method, REGRESSION_METHODS, "method", f"{where} with common_tau2")
        dummies = {name: members[name].astype(float) for name in names[1:]}
        model = meta_regression(effects, variances, dummies, method=method, test="z", demonstration=True)
        found = {name: _given(effects[at], variances[at], model.tau2, method, level) for name, at in members.items()}
        estimates = np.asarray([one.estimate for one in found.values()])
        errors = np.asarray([one.se_wald for one in found.values()])
    w = 1 / errors**2
    q = float((w * (estimates - (w * estimates).sum() / w.sum()) ** 2).sum())
    df = len(names) - 1
    z = normal((1 + level) / 2)
    gaps = {
        name: (float(d), float(d - z * s), float(d + z * s))
        for name, d, s in zip(
            names[1:], estimates[1:] - estimates[0], np.sqrt(errors[1:] ** 2 + errors[0] ** 2), strict=True
        )
    }
    return Subgroups(
        groups=found, q_between=q, df=df, p=float(chi2_tail(q, df)), differences=gaps, common_tau2=common_tau2
    )


def _given(effects: Array, variances: Array, tau2: float, method: str, level: float) -> Pooled:
    """A group pooled with a tau² that is known: a fixed-effect analysis of variances that hold it."""
    alone, with_tau2 = (
        pool(effects, variances, "FE", "wald"),
        pool(effects, variances + tau2, "FE", "wald", level=level),
    )
    return replace(
        alone,
        **{name: getattr(with_tau2, name) for name in ("estimate", "se", "ci_low", "ci_high", "weights", "level")},
        se_wald=with_tau2.se_wald,
        se_kh=with_tau2.se_kh,
        tau2=tau2,
        i2=percent_between(tau2, alone.typical_variance),
        method=method,
        warnings=tuple(guards.few(alone.k)),
    )


def _arguments(
    yi: Any, vi: Any, method: str, interval: str, labels: Sequence[str] | None, level: float, where: str
) -> tuple[Array, Array, list[str], float]:
    effects, variances = door.studies(yi, vi, where)
    door.choice(method, METHODS, "method", where)
    door.choice(interval, INTERVALS, "interval", where)
    return effects, variances, door.labels_of(labels, effects.size, where), door.confidence(level, where)


def _table(found: Fit, method: str, interval: str, level: float, names: list[str]) -> pd.DataFrame:
    import pandas as pd

    low, high, se, _ = confidence_interval(found, interval, level)
    df = found.k - 1
    from_q = np.maximum(0, 100 * np.divide(found.q - df, found.q, out=np.zeros_like(found.q), where=found.q > 0))
    i2 = [percent_between(float(t), float(s)) for t, s in zip(found.tau2, found.typical, strict=True)]
    columns = {
        "k": found.k,
        "estimate": found.estimate,
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "tau2": found.tau2,
        "i2": from_q if method == "FE" else i2,
        "q": found.q,
    }
    return pd.DataFrame(columns, index=pd.Index(names, name="study"))
