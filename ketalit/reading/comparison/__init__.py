"""Read what a treatment was compared with.

`rules` holds the rules; `listed` reads lists of treatments beside placebo; `decide` weighs them with design and groups.
"""

from .decide import find_rival, read_comparator, tells_of_others
from .listed import adds_dose, find_listed
from .rules import RULES

__all__ = ["RULES", "adds_dose", "find_listed", "find_rival", "read_comparator", "tells_of_others"]
