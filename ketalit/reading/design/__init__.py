"""Read what kind of study a record reports.

`kinds`, `allocation` and `unallocated` hold the rules as lists; `decide` weighs them with NLM's tags and the journal's
article type.
"""

from .decide import PRIMARY_STUDIES, RULES, read_design, read_randomised
from .kinds import ANIMALS

__all__ = ["ANIMALS", "PRIMARY_STUDIES", "RULES", "read_design", "read_randomised"]
