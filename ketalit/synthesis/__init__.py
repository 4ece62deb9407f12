"""From the numbers of a review to what they add up to, and to what people judged of it.

choose.py       rows of effects.csv of one comparison, outcome and time, ready to be pooled
absolute.py     a ratio as people per 1,000, at a baseline risk that is stated
thresholds.py   what counts as a difference that matters: values with their sources, for the reader to choose from
bias.py         judgements of the risk of bias, by result and domain
summary.py      one row for each outcome: a summary of findings
entering.py     enter a row of effects.csv, or take it back; terminal.py asks for it

Certainty and risk of bias come from people only. What nobody has judged is "not assessed".

>>> from ketalit.review import load_review
>>> from ketalit.synthesis import choose
>>> chosen = choose(load_review(), comparison="IV ketamine vs placebo", outcome="pain intensity", time="immediate")
>>> print(chosen)
IV ketamine vs placebo, pain intensity, immediate term: 3 trials, 173 people
>>> classic = chosen.pool("DL", "wald")
>>> print(f"{classic.estimate:.2f} ({classic.ci_low:.2f} to {classic.ci_high:.2f})")
-15.79 (-32.09 to 0.51)
"""

from .absolute import Absolute, absolute
from .bias import DOMAINS, risk_of_bias
from .choose import Chosen, choose
from .summary import summary
from .thresholds import CAUTION, THRESHOLDS, Threshold

__all__ = [
    "CAUTION",
    "DOMAINS",
    "THRESHOLDS",
    "Absolute",
    "Chosen",
    "Threshold",
    "absolute",
    "choose",
    "risk_of_bias",
    "summary",
]
