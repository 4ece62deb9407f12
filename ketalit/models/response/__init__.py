"""What ketamine does to people: pain and perception within minutes, relief in CRPS over weeks. Two clocks, never one.

delay.py    the effect site, which follows plasma with a half-life
acute.py    pain and perception within minutes, every published model
slow.py     relief in CRPS on its clock of days, and the trial behind it

>>> from ketalit.models.parameters import parameters_of
>>> chosen = parameters_of(None)
>>> minutes, days = chosen.value("response.effect_site.half_life"), chosen.value("response.crps.half_life")
>>> f"{days * 24 * 60 / minutes:,.0f} times slower"
'2,573 times slower'
"""

from __future__ import annotations

from .acute import NOT_ADVICE, Response, acute_pain, psychotomimetic, rebound
from .delay import delayed
from .slow import SlowRelief, Trial, crps_trial, slow_relief

__all__ = [
    "NOT_ADVICE",
    "Response",
    "SlowRelief",
    "Trial",
    "acute_pain",
    "crps_trial",
    "delayed",
    "psychotomimetic",
    "rebound",
    "slow_relief",
]
