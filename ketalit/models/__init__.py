"""The science under the lessons: receptor, other targets, dorsal horn, kinetics, response. It knows no papers.

parameters.py        every number once, with unit, source and standing; overrides
quantity.py          text with units becomes plain numbers
edge.py              what a function was given, made into such numbers or refused
linear/              dx/dt = A x + b, solved exactly
receptor/            NMDA receptor: gating, magnesium, ketamine in the pore, experiments
targets/             other targets: occupancy against free concentration
windup/              dorsal horn: wind-up, and central sensitisation apart from it
pharmacokinetics/    published population models side by side
response/            effect-site delay, acute effects, the slow one on its own clock
chain.py             from drip to dorsal horn
listing.py           numbers, presets, kinetic models and targets as people read them: `ketalit parameters`

>>> from ketalit import models
>>> models.cited("magnesium.slope").text, models.listing.presets()[0].name
('0.062 1/mV', 'depression infusion')

Every function takes `parameters=`: names of declared numbers with others in their place.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import linear, listing, pharmacokinetics, receptor, response, targets, windup
    from .chain import drip_to_dorsal_horn
    from .linear import Segment, detailed_balance, generator, propagate, steady_state, time_constants, trajectory
    from .listing import cited
    from .parameters import Parameter, Parameters, Source, Status, parameters_of
    from .pharmacokinetics import Dose

_HOME = {
    "Dose": "pharmacokinetics",
    "Parameter": "parameters",
    "Parameters": "parameters",
    "Segment": "linear",
    "Source": "parameters",
    "Status": "parameters",
    "cited": "listing",
    "detailed_balance": "linear",
    "drip_to_dorsal_horn": "chain",
    "generator": "linear",
    "parameters_of": "parameters",
    "propagate": "linear",
    "steady_state": "linear",
    "time_constants": "linear",
    "trajectory": "linear",
}
_ROOMS = ("linear", "listing", "pharmacokinetics", "receptor", "response", "targets", "windup")

__all__ = [
    "Dose",
    "Parameter",
    "Parameters",
    "Segment",
    "Source",
    "Status",
    "cited",
    "detailed_balance",
    "drip_to_dorsal_horn",
    "generator",
    "linear",
    "listing",
    "parameters_of",
    "pharmacokinetics",
    "propagate",
    "receptor",
    "response",
    "steady_state",
    "targets",
    "time_constants",
    "trajectory",
    "windup",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name not in _HOME:  # name and obj let Python say which name is near
        raise AttributeError(f"module 'ketalit.models' has no attribute '{name}'", name=name, obj=sys.modules[__name__])
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
