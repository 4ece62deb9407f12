"""What trials add up to, and how fragile that is. It knows no papers: numbers come in, numbers and warnings go out.

effects.py            a row of effects.csv becomes an effect with its variance
measures.py           MD, SMD, RR, OR, RD, Peto, paired ones: formulas
conversions.py        SE from CI, SD from SEM, mean from median, …; each with a record of itself
inverse_variance.py   pool: FE, DL, REML, PM, ML with three intervals
rare.py               Mantel-Haenszel and Peto, for rare events
influence.py          leave-one-out, cumulative, subgroups
regression.py         meta-regression
bias.py               Egger, Peters, trim and fill
dependent.py          several effects of one trial
multiverse.py         all defensible choices at once
guards.py             warnings in plain words
reexpress.py          a result in points, numbers needed to treat, shares
planning.py           how many people a trial needs, from the difference worth finding and an SD
cochrane.py           data packages of Cochrane reviews, and whether we agree with them
rscript.py            the same with metafor

Underneath: estimators.py and intervals.py (arrays, any number of meta-analyses at once), universes.py (what can be
chosen before pooling), quantiles.py, result.py, and door.py, which refuses broken input with a sentence.
"""

from .bias import Asymmetry, TrimFill, egger, peters, trim_and_fill
from .cochrane import Agreement, Analysis, agreement, read_package
from .conversions import Converted, Step
from .dependent import Robust, robust
from .effects import Effect, EffectRow, effect_of, effects_of
from .estimators import METHODS
from .influence import Subgroups, cumulative, leave_one_out, subgroups
from .intervals import INTERVALS
from .inverse_variance import pool, pool_effects
from .multiverse import Multiverse, multiverse
from .planning import highest_sd, people_needed, power_of
from .rare import mantel_haenszel, peto
from .regression import Regression, meta_regression
from .result import Pooled
from .rscript import r_script

__all__ = [
    "INTERVALS",
    "METHODS",
    "Agreement",
    "Analysis",
    "Asymmetry",
    "Converted",
    "Effect",
    "EffectRow",
    "Multiverse",
    "Pooled",
    "Regression",
    "Robust",
    "Step",
    "Subgroups",
    "TrimFill",
    "agreement",
    "cumulative",
    "effect_of",
    "effects_of",
    "egger",
    "highest_sd",
    "leave_one_out",
    "mantel_haenszel",
    "meta_regression",
    "multiverse",
    "people_needed",
    "peters",
    "peto",
    "pool",
    "pool_effects",
    "power_of",
    "r_script",
    "read_package",
    "robust",
    "subgroups",
    "trim_and_fill",
]
