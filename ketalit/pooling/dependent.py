"""Several effects of the same people: a variance that holds whatever their correlation (CR2). PyMARE computes it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from ..errors import InputError, KetalitError
from . import door
from .quantiles import student, student_tails

METHODS = ("REML", "ML", "DL", "FE")
FEW_CLUSTERS = 10
FEW_DF = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Robust:
    """A pooled effect with a cluster-robust interval.

    Attributes:
        estimate, se, ci_low, ci_high, p: as for `Pooled`, with CR2 standard errors and t.
        df: Satterthwaite's degrees of freedom; below 4 the p is not to be trusted.
        tau2: variance between effects.
        k, clusters: number of effects, and of trials they come from.
        method: how tau² was estimated.
        warnings: in plain words.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p: float
    df: float
    tau2: float
    k: int
    clusters: int
    method: str
    warnings: tuple[str, ...]


def robust(yi: Any, vi: Any, trials: Sequence[str], method: str = "REML", *, level: float = 0.95) -> Robust:
    """Pool effects of which some come from the same trial.

    The effect and tau² are those of independent rows; the standard error allows for any dependence within a trial:
    CR2 with Satterthwaite's degrees of freedom, Tipton 2015, https://doi.org/10.1037/met0000011. Needs the package
    PyMARE (0.0.13), which is not installed with ketalit.

    Args:
        yi, vi: effects and their variances.
        trials: the trial that each effect comes from.
        method: REML, ML, DL or FE.
        level: of confidence.

    Raises:
        InputError: fewer than two trials, or what `pool` refuses.
        KetalitError: PyMARE is not installed.
    """
    where = "robust variance"
    effects, variances = door.studies(yi, vi, where)
    door.choice(method, METHODS, "method", where)
    level = door.confidence(level, where)
    names = [str(one) for one in trials]
    if len(names) != effects.size:
        raise InputError(f"{len(names)} trials for {effects.size} effects", where=where, expected="one for each")
    count = len(set(names))
    if count < 2:
        raise InputError("all effects come from one trial", where=where, expected="two trials at least")
    try:
        estimators = import_module("pymare.estimators")
    except ImportError as error:
        next_step = "Install PyMARE 0.0.13"
        raise KetalitError("a robust variance needs PyMARE", where=where, next_step=next_step) from error
    if method == "FE":
        model = estimators.WeightedLeastSquares(tau2=0.0)
    elif method == "DL":
        model = estimators.DerSimonianLaird()
    else:
        model = estimators.VarianceBasedLikelihoodEstimator(method=method.lower())
    # its search has tolerances of its own, so it gets numbers of ordinary size
    scale = float(np.sqrt(variances.mean()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of few trials; so do we, below
        model.fit(
            y=effects[:, None] / scale,
            v=variances[:, None] / scale**2,
            X=np.ones((effects.size, 1)),
            g=np.asarray(names),
        )
    found = model.params_
    estimate = float(np.ravel(found["fe_params"])[0]) * scale
    se = float(np.sqrt(np.ravel(found["inv_cov"])[0])) * scale
    df = float(np.ravel(found["dof"])[0])
    half = float(student((1 + level) / 2, df)) * se
    said = []
    if count < FEW_CLUSTERS:
        said.append(f"Only {count} trials: a robust variance needs many more to be trusted.")
    if df < FEW_DF:
        said.append(f"{df:.1f} degrees of freedom: below 4 the p is not to be trusted.")
    return Robust(
        estimate=estimate,
        se=se,
        ci_low=estimate - half,
        ci_high=estimate + half,
        p=float(student_tails(estimate / se, df)),
        df=df,
        tau2=float(np.ravel(found["tau2"])[0]) * scale**2,
        k=effects.size,
        clusters=count,
        method=method,
        warnings=tuple(said),
    )
