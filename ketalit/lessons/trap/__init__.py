"""Lesson 2: a drug that enters the open channel and is shut in.

`wash`: block while the drug is there and after it. `states`: a receptor, state by state. `half_block`: one drug, many
IC50s. `stories`: three stories held against four experiments. `common`: drugs, conditions and numbers of all four.
"""

from __future__ import annotations

from .half_block import HalfBlock
from .states import Trap
from .stories import Stories
from .wash import Wash

__all__ = ["HalfBlock", "Stories", "Trap", "Wash"]
