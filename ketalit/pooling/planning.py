"""How many people a trial needs: power of a t-test of two groups, and how high the SD that it rests on may be.

Nothing here is rounded to a habit: the noncentral t distribution is used down to two people in each group.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import InputError

ALPHA = 0.05  # two-sided
SURE = 0.8  # how sure one wants to be that a true SD is not above its upper limit


def power_of(people: Any, difference: float, sd: float, alpha: float = ALPHA) -> Any:
    """The power of a t-test of two groups: how often it finds a difference that is there.

    Args:
        people: in each group, 2 or more; one or an array.
        difference, sd: true difference of the means, and SD in each group, in the same unit; SD above zero.
        alpha: share of false alarms, two-sided.

    Returns:
        0 to 1, in the shape of `people`, by the noncentral t distribution.

    Source: Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. 1988, chapter 2.

    >>> round(float(power_of(64, 0.5, 1)), 3)
    0.801
    """
    from scipy import special  # heavy, and needed only here

    n = np.asarray(people, float)
    freedom, shift = 2 * n - 2, abs(difference) / sd * np.sqrt(n / 2)
    edge = special.stdtrit(freedom, 1 - alpha / 2)
    found = 1 - special.nctdtr(freedom, shift, edge) + special.nctdtr(freedom, shift, -edge)
    # Far out the distribution is not computed; there the test all but never misses.
    return np.where(np.isnan(found), 1.0, found)


def people_needed(difference: float, sd: float, power: float, alpha: float = ALPHA) -> int:
    """The smallest number of people in each of two groups that gives a t-test this power.

    Args:
        difference, sd, alpha: as of `power_of`.
        power: below 1.

    Raises:
        InputError: no difference: no number of people would find it.

    Source: as of `power_of`; the search begins at the number by the normal distribution.

    >>> people_needed(0.5, 1, 0.8), people_needed(0.2, 1, 0.8)
    (64, 394)
    """
    from scipy import special

    if not difference:
        raise InputError("A difference of 0 cannot be found by any number of people.")
    quantiles = special.ndtri(1 - alpha / 2) + special.ndtri(power)
    about = 2 * (quantiles * sd / difference) ** 2  # by the normal distribution; a few too small
    tried = np.arange(max(2, math.floor(about) - 2), math.ceil(about) + 8)
    return int(tried[np.argmax(power_of(tried, difference, sd, alpha) >= power)])


def highest_sd(sd: float, people: float) -> float:
    """The upper limit of a true SD: it is below it with a certainty of 80 %, if values are normal.

    Args:
        sd: measured, pooled over two groups.
        people: in both groups together, more than 2.

    Returns:
        In the unit of `sd`: sd · √(freedom / χ²), with χ² at its 20 % point and `people` − 2 degrees of freedom.

    Source: Browne RH. On the use of a pilot sample for sample size determination. Stat Med 1995;14:1933-40.

    >>> round(highest_sd(27.1, 60), 1)
    29.5
    """
    from scipy import special

    freedom = people - 2
    return float(sd * math.sqrt(freedom / special.chdtri(freedom, SURE)))
