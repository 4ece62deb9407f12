"""Meta-regression: effects explained by what differs between the studies.

y = X b + u + e, with tau² for what X does not explain. Thompson & Higgins 2002, https://doi.org/10.1002/sim.1187;
Knapp & Hartung 2003, https://doi.org/10.1002/sim.1482.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from . import door
from .estimators import climb
from .quantiles import chi2_tail, f_tail, normal, normal_tails, student, student_tails
from .result import percent_between

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]

METHODS = ("FE", "DL", "REML", "ML")
STUDIES_A_COVARIATE = 10  # Cochrane Handbook 6.5, chapter 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Regression:
    """A meta-regression.

    Attributes:
        terms: names of the coefficients, the intercept first.
        coefficients, se, ci_low, ci_high, p: one of each for each term.
        df: degrees of freedom of t; infinite for z.
        tau2: variance between studies that is not explained.
        i2: percent of the remaining variability that is not sampling error (FE: from Q).
        q_residual, q_residual_p: test of what is not explained, k - p degrees of freedom.
        q_model, q_model_p, q_model_df: test of all covariates together; F with the second df for Knapp-Hartung.
        r2: percent of tau² that the covariates explain; None for FE, or where there is none to explain.
        k: number of studies.
        method, test: how it was computed.
        covariance: of the coefficients.
    """

    terms: tuple[str, ...]
    coefficients: Array
    se: Array
    ci_low: Array
    ci_high: Array
    p: Array
    df: float
    tau2: float
    i2: float
    q_residual: float
    q_residual_p: float
    q_model: float
    q_model_p: float
    q_model_df: tuple[int, int | None]
    r2: float | None
    k: int
    method: str
    test: str
    covariance: Array

    def to_df(self) -> pd.DataFrame:
        """One row for each term."""
        import pandas as pd

        return pd.DataFrame(
            {
                "coefficient": self.coefficients,
                "se": self.se,
                "ci_low": self.ci_low,
                "ci_high": self.ci_high,
                "p": self.p,
            },
            index=pd.Index(self.terms, name="term"),
        )


def meta_regression(
    yi: Any,
    vi: Any,
    covariates: Mapping[str, Any],
    *,
    method: str = "REML",
    test: str = "knapp-hartung",
    level: float = 0.95,
    demonstration: bool = False,
) -> Regression:
    """Explain effects by covariates.

    Args:
        yi, vi: effects and their variances.
        covariates: name to one number, or one word, for each study. Words become a column for each word but the
            first in alphabetical order.
        method: FE, DL, REML or ML.
        test: "z" or "knapp-hartung" (t and F with k - p).
        level: of confidence.
        demonstration: allow fewer than ten studies for each covariate, to show why not.

    >>> found = meta_regression([0.1, 0.4, 0.4, 0.9], [0.04] * 4, {"dose": [1, 2, 3, 4]}, demonstration=True)
    >>> found.terms, found.coefficients.round(3).tolist()
    (('intercept', 'dose'), [-0.15, 0.24])

    Raises:
        InputError: fewer than ten studies for each covariate, covariates that repeat each other, or broken input.
    """
    where = "meta-regression"
    effects, variances = door.studies(yi, vi, where)
    door.choice(method, METHODS, "method", where)
    door.choice(test, ("z", "knapp-hartung"), "test", where)
    terms, design = _design(covariates, effects.size, where)
    k, p = design.shape
    if k < STUDIES_A_COVARIATE * (p - 1) and not demonstration:
        what = f"{k} studies for {p - 1} {'covariate' if p == 2 else 'covariates'}"
        expected = f"{STUDIES_A_COVARIATE} studies for each"
        raise InputError(what, where=where, expected=expected, next_step="demonstration=True computes it all the same")
    if k <= p or np.linalg.matrix_rank(design / np.abs(design).max(0)) < p:
        raise InputError(
            f"{k} studies cannot tell {p} coefficients apart", where=where, expected="different covariates"
        )
    level = door.confidence(level, where)
    return _regress(effects, variances, design, terms, method, test, level)


def _regress(
    y: Array, v: Array, design: Array, terms: tuple[str, ...], method: str, test: str, level: float
) -> Regression:
    k, p = design.shape
    scale = float(np.exp2(np.round(np.log2(v.min()) / 2)))  # results in any unit; a power of two changes no digit
    y_, v_ = y / scale, v / scale**2
    tau2, q, trace = _tau2(y_, v_, design, method)
    coefficients, covariance, residual = _solve(y_, v_, design, tau2)
    df = math.inf
    if test == "knapp-hartung":
        covariance = covariance * float((residual**2 / (v_ + tau2)).sum()) / (k - p)
        df = k - p
    se = np.sqrt(np.diag(covariance))
    statistic = coefficients / se
    half = (normal((1 + level) / 2) if math.isinf(df) else float(student((1 + level) / 2, df))) * se
    tails = normal_tails(statistic) if math.isinf(df) else student_tails(statistic, df)
    model = float(coefficients[1:] @ np.linalg.solve(covariance[1:, 1:], coefficients[1:])) if p > 1 else 0.0
    model_p = float(chi2_tail(model, p - 1))
    if not math.isinf(df) and p > 1:
        model /= p - 1
        model_p = float(f_tail(model, p - 1, df))
    alone = _tau2(y_, v_, np.ones((k, 1)), method)[0]
    explained = None if method == "FE" or alone == 0 else max(0.0, 100 * (1 - tau2 / alone))
    i2 = percent_between(tau2, (k - p) / trace)
    if method == "FE":
        i2 = max(0.0, 100 * (q - (k - p)) / q) if q > 0 else 0.0
    return Regression(
        terms=terms,
        coefficients=coefficients * scale,
        se=se * scale,
        ci_low=(coefficients - half) * scale,
        ci_high=(coefficients + half) * scale,
        p=tails,
        df=df,
        tau2=tau2 * scale**2,
        i2=i2,
        q_residual=q,
        q_residual_p=float(chi2_tail(q, k - p)),
        q_model=model,
        q_model_p=model_p,
        q_model_df=(p - 1, None if math.isinf(df) else k - p),
        r2=explained,
        k=k,
        method=method,
        test=test,
        covariance=covariance * scale**2,
    )


def _design(covariates: Mapping[str, Any], k: int, where: str) -> tuple[tuple[str, ...], Array]:
    terms, columns = ["intercept"], [np.ones(k)]
    for name, values in covariates.items():
        listed: Sequence[Any] = list(values)
        if len(listed) != k:
            what = f"{name} has {len(listed)} values for {k} studies"
            raise InputError(what, where=where, expected="one for each study")
        if all(isinstance(one, str) for one in listed):
            for word in sorted(set(listed))[1:]:
                terms.append(f"{name}: {word}")
                columns.append(np.asarray([float(one == word) for one in listed]))
        else:
            terms.append(name)
            columns.append(door.column(listed, name, where))
    return tuple(terms), np.column_stack(columns)


def _solve(y: Array, v: Array, design: Array, tau2: float) -> tuple[Array, Array, Array]:
    """Coefficients, their covariance, residuals; by QR, as years and intercepts are nearly parallel."""
    root = 1 / np.sqrt(v + tau2)
    q, r = np.linalg.qr(design * root[:, None])
    inverse = np.linalg.inv(r)
    coefficients: Array = inverse @ (q.T @ (root * y))
    return coefficients, inverse @ inverse.T, y - design @ coefficients


def _tau2(y: Array, v: Array, design: Array, method: str) -> tuple[float, float, float]:
    """tau², and for weights 1 / v the residual Q and the trace of P."""
    k, p = design.shape

    def projection(tau2: float) -> tuple[Array, Array]:
        """P, which takes y to its weighted residuals, and R of the weighted design."""
        root = 1 / np.sqrt(v + tau2)
        q, r = np.linalg.qr(design * root[:, None])
        return root[:, None] * (np.eye(k) - q @ q.T) * root, r

    fixed, _ = projection(0.0)
    q, trace = float(y @ fixed @ y), float(np.trace(fixed))
    if method == "FE":
        return 0.0, q, trace
    if method == "DL":
        return max(0.0, (q - (k - p)) / trace), q, trace
    restricted = method == "REML"

    def likelihood(grid: Array) -> Array:
        values = []
        for tau2 in grid:
            matrix, r = projection(float(tau2))
            value = np.log(v + tau2).sum() + y @ matrix @ y
            values.append(-(value + 2 * np.log(np.abs(np.diag(r))).sum()) if restricted else -value)
        return np.asarray(values)

    def derivatives(tau2: Array) -> tuple[Array, Array, Array]:
        matrix, _ = projection(float(tau2))
        pulled = matrix @ y
        bend = pulled @ matrix @ pulled
        if restricted:
            first, second = np.trace(matrix), (matrix * matrix).sum()
        else:
            w = 1 / (v + tau2)
            first, second = w.sum(), (w * w).sum()
        return (pulled @ pulled - first) / 2, np.asarray(bend - second / 2), np.asarray(second / 2)

    loose = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(climb(likelihood, derivatives, np.asarray(loose @ loose + v.max()))), q, trace
