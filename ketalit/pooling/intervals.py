"""Intervals around a pooled effect.

    wald             z, standard error 1 / sqrt(sum of weights)
    knapp-hartung    t with k - 1, standard error from the scatter of the studies, unmodified:
                     Hartung & Knapp 2001, https://doi.org/10.1002/sim.791
    never-narrower   the wider of the two, as Knapp-Hartung can be far too narrow where studies happen to agree:
                     Wiksten 2016, https://doi.org/10.1002/sim.6879; Jackson 2017, https://doi.org/10.1002/sim.7411

Prediction interval: where the true effect of a further study would lie, t with k - 2, Higgins, Thompson & Spiegelhalter
2009, https://doi.org/10.1111/j.1467-985X.2008.00552.x. Below five studies it is wider than most scales and not given.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .estimators import Fit
from .quantiles import normal, student

Array = npt.NDArray[np.float64]

INTERVALS = ("wald", "knapp-hartung", "never-narrower")
LEAST_FOR_PREDICTION = 5


class Interval(NamedTuple):
    """Confidence intervals, one for each row.

    Attributes:
        low, high: the ends.
        se: the standard error it was made with.
        df: degrees of freedom of t; infinite for z.
    """

    low: Array
    high: Array
    se: Array
    df: Array


def confidence_interval(found: Fit, kind: str = "never-narrower", level: float = 0.95) -> Interval:
    """The confidence interval of each row of a fit. One study has a Wald interval whatever is asked for.

    >>> from ketalit.pooling.estimators import fit
    >>> three = fit([-1.27, -18.0, -27.7], [60.2, 90.0, 49.0], "REML")
    >>> [tuple(round(float(end), 1) for end in confidence_interval(three, kind)[:2]) for kind in INTERVALS]
    [(-31.7, 0.1), (-49.8, 18.2), (-49.8, 18.2)]
    """
    upper = (1 + level) / 2
    wald = normal(upper) * found.se
    df = found.k - 1.0
    hartung = student(upper, df) * found.se_kh  # not a number for one study
    if kind == "wald":
        is_t = np.zeros(df.shape, bool)
    elif kind == "knapp-hartung":
        is_t = df > 0
    else:
        is_t = hartung > wald
    half = np.where(is_t, hartung, wald)
    return Interval(
        found.estimate - half,
        found.estimate + half,
        np.where(is_t, found.se_kh, found.se),
        np.where(is_t, df, np.inf),
    )


def prediction_interval(found: Fit, level: float = 0.95) -> tuple[Array, Array]:
    """The prediction interval of each row; not a number below five studies.

    estimate ± t(k - 2) sqrt(tau² + se²), with the model's standard error.
    """
    df = np.where(found.k >= LEAST_FOR_PREDICTION, found.k - 2.0, 0.0)
    half = student((1 + level) / 2, df) * np.sqrt(found.tau2 + found.se**2)
    return found.estimate - half, found.estimate + half
