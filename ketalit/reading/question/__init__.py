"""Ask a record about one comparison and one outcome: which way did it go, and which sentence says so?

How an answer is found:

1. `index`: the sentences of title, abstract and body (and the rows of the tables) are cut and stemmed once per record.
2. `arms`: what the text calls the two sides: their own words, "control", "group B" as the methods define it, a dose.
3. `answer`: every line that holds enough of the outcome's words is read; lines that name both groups, state a
   significance and stand among the results weigh more; lines that agree add up, and the best of these is quoted.
4. `change`, `amounts` and `rows`: the clause that names the outcome is read by the rules of `wording`.
"""

from __future__ import annotations

from .answer import Answer, direction_of
from .rows import ROW
from .wording import CHANGE_RULES, Change

RULES = (*CHANGE_RULES, ROW)

__all__ = ["RULES", "Answer", "Change", "direction_of"]
