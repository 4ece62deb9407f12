"""A second site for ketamine, reached through the membrane, that makes opening rarer and is never trapped.

Abbott, Liu and Popescu 2024 found it beside the pore, ten times as sensitive and incomplete in its effect. Orser and
others 1997 had inferred it from single channels. Optional everywhere: clinical meaning unknown.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..edge import yes
from ..linear import Array
from ..parameters import Overrides, Parameters, parameters_of
from .edge import drug_um


def site_effect(
    concentration: npt.ArrayLike, *, excised: bool = False, parameters: Overrides | Parameters | None = None
) -> Array:
    """What the second site leaves of the openings: 1 - a [B] / ([B] + K), with K 0.1 µM (Abbott 2024).

    Args:
        concentration: free drug, µM.
        excised: a patch torn off the cell, where ketamine is less potent (Orser 1997).
        parameters: numbers in place of the declared ones.

    Returns:
        Numbers from 0 to 1, in the shape of `concentration`.

    Raises:
        InputError: a concentration below zero or not finite, or an `excised` that is neither True nor False.

    Sources: Abbott 2024 for K; a is fitted here to Orser 1997.

    >>> site_effect([0, 0.1, 1]).round(2)
    array([1.  , 0.67, 0.4 ])
    """
    chosen = parameters_of(parameters)
    reaching = _reaching(concentration, excised, chosen)
    occupied = reaching / (reaching + chosen.value("allosteric.half_effect"))
    return np.asarray(1 - chosen.value("allosteric.full_effect") * occupied)


def two_sites(
    concentration: npt.ArrayLike, *, excised: bool = False, parameters: Overrides | Parameters | None = None
) -> Array:
    """The open probability left by pore and second site together, relative to none: site_effect / (1 + [B] / K).

    For channels that are seldom open, as in single-channel recordings. Of its four numbers the two half effects were
    measured elsewhere; the size of the second effect and the weaker potency in excised patches are fitted to the four
    open probabilities of Orser 1997, and so prove nothing about them.

    Args:
        concentration, excised, parameters: as for `site_effect`.

    Returns:
        Numbers from 0 to 1, in the shape of `concentration`.

    Raises:
        InputError: as for `site_effect`.

    Sources: Abbott 2024, Orser 1997; the product of the two sites, which are taken as independent, is ours.

    >>> two_sites([0.1, 1]).round(2), two_sites([1, 10], excised=True).round(2)
    (array([0.61, 0.2 ]), array([0.69, 0.26]))
    """
    chosen = parameters_of(parameters)
    pore = 1 + _reaching(concentration, excised, chosen) / chosen.value("allosteric.pore_half_block")
    return np.asarray(site_effect(concentration, excised=excised, parameters=chosen) / pore)


def _reaching(concentration: npt.ArrayLike, excised: bool, chosen: Parameters) -> Array:
    weaker = chosen.value("allosteric.excised_potency") if yes(excised, "excised") else 1
    return drug_um(concentration, "ketamine", chosen) / weaker
