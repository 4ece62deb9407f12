"""Read what was given: form, route, dose and duration of the drugs a review is about."""

from .basis import Basis, Dose
from .drugs import drug_pattern
from .given import RULES, Given, read_given

__all__ = ["RULES", "Basis", "Dose", "Given", "drug_pattern", "read_given"]
