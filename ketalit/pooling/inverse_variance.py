"""Pool studies by inverse variance: the way in for numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError
from . import door, guards
from .effects import Effect
from .estimators import METHODS, Fit, fit, weights
from .intervals import INTERVALS, LEAST_FOR_PREDICTION, confidence_interval, prediction_interval
from .result import Pooled, percent_between


def pool(
    yi: Any,
    vi: Any,
    method: str = "REML",
    interval: str = "never-narrower",
    *,
    level: float = 0.95,
    measure: str = "",
    warnings: tuple[str, ...] = (),
) -> Pooled:
    """Pool effects by their variances.

    Args:
        yi: effects, one for each study; ratios as logarithms.
        vi: their sampling variances, the squares of the standard errors.
        method: how the variance between studies is estimated: FE (taken as 0), DL, REML, PM or ML.
        interval: wald (z), knapp-hartung (t with k - 1, unmodified) or never-narrower (the wider of the two).
            With FE and Knapp-Hartung the standard error is that of weighted least squares.
        level: of confidence.
        measure: MD, SMD, RR, OR, RD, …; with a ratio the result can be read as one.
        warnings: more of them, put before those found here.

    One study comes back as it is, with tau² = 0 and a Wald interval. Cochrane's choice until 2024 was DL and wald.

    >>> three = pool([-1.27, -18.0, -27.7], [60.2, 90.0, 49.0])  # IV ketamine, pain 0 to 100, shortly after
    >>> print(f"{three.estimate:.1f} ({three.ci_low:.1f} to {three.ci_high:.1f})")
    -15.8 (-49.8 to 18.2)
    >>> classic = pool([-1.27, -18.0, -27.7], [60.2, 90.0, 49.0], "DL", "wald")
    >>> print(f"{classic.estimate:.1f} ({classic.ci_low:.1f} to {classic.ci_high:.1f})")
    -15.8 (-32.1 to 0.5)

    Raises:
        InputError: no studies, columns of different length, a variance of 0 or less, anything that is no finite
            number, or an option that does not exist.
    """
    effects, variances = door.studies(yi, vi)
    door.choice(method, METHODS, "method", "pool")
    door.choice(interval, INTERVALS, "interval", "pool")
    level = door.confidence(level, "pool")
    found = fit(effects, variances, method)
    low, high, se, df = confidence_interval(found, interval, level)
    k, tau2, q = int(found.k), float(found.tau2), float(found.q)
    i2_q = max(0.0, 100 * (q - (k - 1)) / q) if q > 0 and k > 1 else 0.0
    return Pooled(
        estimate=float(found.estimate),
        se=float(se),
        ci_low=float(low),
        ci_high=float(high),
        df=float(df),
        tau2=tau2,
        # FE estimates no tau², and 0 % beside a large Q would be a lie
        i2=i2_q if method == "FE" else percent_between(tau2, float(found.typical)),
        i2_q=i2_q,
        q=q,
        prediction_interval=_prediction(found, method, level),
        weights=weights(variances, found.tau2),
        warnings=(*warnings, *guards.of_fit(found, method, interval, float(df))),
        method=method,
        interval=interval,
        level=level,
        k=k,
        measure=measure,
        se_wald=float(found.se),
        se_kh=float(found.se_kh),
        typical_variance=float(found.typical),
        q_df=k - 1,
        yi=effects,
        vi=variances,
    )


def _prediction(found: Fit, method: str, level: float) -> tuple[float, float] | None:
    if method == "FE" or found.k < LEAST_FOR_PREDICTION:
        return None
    low, high = prediction_interval(found, level)
    return float(low), float(high)


def pool_effects(
    effects: Sequence[Effect],
    method: str = "REML",
    interval: str = "never-narrower",
    *,
    level: float = 0.95,
    mixed_scores: bool = False,
) -> Pooled:
    """Pool effects, with a look at what they are: the guards of `ketalit.pooling.guards` speak in `warnings`.

    Args:
        effects: one for each trial, of one measure.
        method, interval, level: as in `pool`.
        mixed_scores: let standardised differences of changes stand beside those of final values.

    >>> two = [Effect(study="A", yi=-1.0, vi=0.2, measure="MD"), Effect(study="B", yi=-0.4, vi=0.3, measure="MD")]
    >>> pool_effects(two).measure
    'MD'

    Raises:
        InputError: no effects, more than one measure or scale, or standardised differences of mixed scores.
    """
    where = "pool"
    found = sorted({effect.measure for effect in effects})
    if len(found) > 1:
        step = "`ketalit pool --measure` brings them to one, where both groups are given"
        what = f"{', '.join(found)} are pooled together"
        raise InputError(what, where=where, expected="effects of one measure", next_step=step)
    measure = found[0] if found else ""
    scales = {effect.scale for effect in effects if effect.scale}
    if len(scales) > 1:
        shown = ", ".join(f"{low:g} to {high:g}" for low, high in sorted(scales))
        low, high = max(scales, key=lambda ends: ends[1] - ends[0])
        step = f"`ketalit pool --scale {low:g}-{high:g}` (in Python scale=({low:g}, {high:g})) brings them to one, "
        step += "`--measure SMD` does without"
        raise InputError(f"points of different scales: {shown}", where=where, expected="one scale", next_step=step)
    if measure == "SMD" and guards.mixed_scores(effects) and not mixed_scores:
        what = "standardised differences of changes and of final values are pooled together"
        raise InputError(what, where=where, expected="one kind of score", next_step="mixed_scores=True allows it")
    said = guards.of_effects(effects)
    result = pool(
        [effect.yi for effect in effects],
        [effect.vi for effect in effects],
        method,
        interval,
        level=level,
        measure=measure,
        warnings=tuple(said),
    )
    if scales and (beyond := guards.against_scale(result, max(high - low for low, high in scales))):
        return replace(result, warnings=(*result.warnings, *beyond))
    return result
