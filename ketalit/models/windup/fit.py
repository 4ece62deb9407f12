"""How well the surrogate follows the model that it stands for, and how it was fitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ...errors import InputError
from ..edge import listed
from ..parameters import Overrides, Parameters, parameters_of
from .reference import Curve, reference_curves
from .surrogate import SITES, Array, surrogate_map, wind_up

NAMES = ("first", "gain", "decay", "ceiling", "threshold_everywhere", "threshold_wdr")


def fitted_curves() -> tuple[Curve, ...]:
    """The reference curves of the fit: all frequencies and every NMDA block, but no other change of the model.

    Returns:
        The curves: six frequencies without block, and block in either place at 1 Hz.

    Source: our rebuilt model of Aguiar 2010 (`reference_curves`).

    >>> sorted({curve.frequency for curve in fitted_curves()})
    [0.1, 0.3, 0.5, 1.0, 1.5, 2.0]
    """
    return tuple(curve for curve in reference_curves() if not curve.changed)


def errors(
    curves: Iterable[Curve] | None = None, *, parameters: Overrides | Parameters | None = None
) -> dict[str, float]:
    """Root mean square error of the surrogate, in spikes per stimulus, for each curve.

    Args:
        curves: those to compare with; none: those of the fit.
        parameters: numbers in place of declared ones.

    Returns:
        Spikes per stimulus, for each condition.

    Raises:
        InputError: no curve is given, or something else than curves.

    Source: computed here.

    >>> worst = max(errors().items(), key=lambda pair: pair[1])
    >>> worst[0], round(worst[1], 1)
    ('1Hz', 1.9)
    """
    chosen = parameters_of(parameters)
    return {
        curve.condition: _root_mean_square(
            wind_up(
                curve.fraction,
                site=curve.site,
                frequency=curve.frequency,
                stimuli=len(curve.spikes),
                parameters=chosen,
            )
            - curve.spikes
        )
        for curve in _curves(curves)
    }


def fit(curves: Sequence[Curve] | None = None) -> dict[str, float]:
    """Fit the surrogate by least squares, every spike count alike, from round numbers.

    Args:
        curves: those to fit to; none: those of `fitted_curves`.

    Returns:
        The numbers by the last part of their names, `windup.surrogate.first` and so on.

    Raises:
        InputError: no curve is given, or something else than curves.

    Source: least squares (`scipy.optimize.least_squares`).

    >>> round(fit()["first"], 1)  # action potentials
    3.4
    """
    from scipy.optimize import least_squares

    used = _curves(curves)
    start = parameters_of(None).array("windup.reference.start")

    def misses(numbers: Array) -> Array:
        return np.concatenate([_predicted(numbers, curve) - curve.spikes for curve in used])

    found = least_squares(misses, start, x_scale=np.abs(start))
    return dict(zip(NAMES, map(float, found.x), strict=True))


def left_out() -> dict[str, float]:
    """Error for each curve of a surrogate fitted to all the others, in spikes per stimulus: how far it may be trusted.

    Without the curve at 2 Hz nothing shows the ceiling, and it stays where the fit begins.

    Returns:
        Spikes per stimulus, for each condition.

    Source: computed here.

    >>> missed = left_out()  # about a second
    >>> {name: round(error, 1) for name, error in missed.items() if error > 2.5}
    {'1.5Hz': 5.9, '2Hz': 18.3}
    """
    curves = fitted_curves()
    missed = {}
    for curve in curves:
        numbers = np.array(list(fit([other for other in curves if other is not curve]).values()))
        missed[curve.condition] = _root_mean_square(_predicted(numbers, curve) - curve.spikes)
    return missed


def _curves(given: Iterable[Curve] | None) -> tuple[Curve, ...]:
    """Those given, at least one; none: those of the fit."""
    if given is None:
        return fitted_curves()
    expected = "one or more curves, such as those of reference_curves()"
    found = listed(given, "curves", expected)
    if not found or not all(isinstance(curve, Curve) for curve in found):
        what = "something is no curve" if found else "nothing is given"
        raise InputError(what, where="curves", expected=expected)
    return found


def _predicted(numbers: Array, curve: Curve) -> Array:
    shared, thresholds = numbers[: -len(SITES)], numbers[-len(SITES) :]
    used = (*shared, thresholds[SITES.index(curve.site)])
    window = parameters_of(None).value("aguiar.window")
    return surrogate_map(curve.fraction, 1000 / curve.frequency, len(curve.spikes), used, window)


def _root_mean_square(misses: Array) -> float:
    return float(np.sqrt(np.mean(misses**2)))
