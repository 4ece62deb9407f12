"""Wind-up of dorsal-horn neurones under repeated C-fibre input, with the NMDA contribution switchable.

surrogate.py       the fast map from one stimulus to the next
fit.py             its error, and how it was fitted
reference.py       curves of the model behind it, run beforehand (two CSV files)
aguiar/            that model, rebuilt; needs the extra `neuron`
sensitisation.py   central sensitisation: something else, on another clock
"""

from __future__ import annotations

from .fit import errors, fit, fitted_curves, left_out
from .reference import Curve, authors_runs, reference_curve, reference_curves
from .sensitisation import Sensitisation, sensitisation
from .surrogate import wind_up

__all__ = [
    "Curve",
    "Sensitisation",
    "authors_runs",
    "errors",
    "fit",
    "fitted_curves",
    "left_out",
    "reference_curve",
    "reference_curves",
    "sensitisation",
    "wind_up",
]
