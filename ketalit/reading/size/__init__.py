"""Read how many subjects, studies and groups there were.

- `people`: subjects randomised, enrolled, analysed, by the words around a number or by adding up groups.
- `arms`: groups, or treatments in a crossover.
- `crossover`: periods, order of treatments, washout.
- `studies`: studies in a review.
- `numbers` and `groups` hold what these share.
"""

from __future__ import annotations

from . import arms, crossover, people, studies
from .arms import read_arms
from .crossover import read_periods, read_sequence, read_washout
from .people import read_analysed, read_randomised_number, read_total
from .studies import read_studies

RULES = (*people.RULES, *studies.RULES, *arms.RULES, *crossover.RULES)

__all__ = [
    "RULES",
    "read_analysed",
    "read_arms",
    "read_periods",
    "read_randomised_number",
    "read_sequence",
    "read_studies",
    "read_total",
    "read_washout",
]
