"""What other drugs, juice and herbs do to ketamine: what each study measured, and what the models make of it.

A study measures how the area under the curve (AUC) changes after a swallowed dose. The models need to know where: in
the gut wall, which swallowed drug passes once, or in the liver, which all of it passes. In the well-stirred liver
AUC(oral) = dose Fgut / CLint, and the clearance of what is in the blood is CL = Qh E with E = CLint / (Qh + CLint).

- An inhibitor of CYP3A (grapefruit, clarithromycin) is taken to stop the gut wall; the liver gets the rest of the rise.
- Ticlopidine inhibits CYP2B6, which the gut wall hardly has: the liver gets all of it.
- Rifampicin was measured by both ways, which gives both factors.
- St John's wort induces as rifampicin does: its effect is divided in the same proportion.
- Itraconazole changed nothing that was measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...errors import InputError
from ..edge import listed, one_of
from ..parameters import Overrides, Parameter, Parameters, parameters_of

PREFIX = "pharmacokinetics.interactions"
MODEL = "pharmacokinetics.perezruixo2021"

INTERACTIONS: dict[str, str] = {
    "grapefruit": "grapefruit juice, inhibits CYP3A in the gut wall",
    "clarithromycin": "inhibits CYP3A",
    "ticlopidine": "inhibits CYP2B6",
    "itraconazole": "inhibits CYP3A, yet exposure did not change",
    "rifampicin": "induces CYP3A4 and CYP2B6",
    "st_johns_wort": "St John's wort, induces CYP3A4",
}


@dataclass(frozen=True, slots=True)
class Influence:
    """Factors on a model: escape from the gut wall, intrinsic clearance of the liver, clearance from the blood, and
    clearance of norketamine."""

    gut: float = 1.0
    liver: float = 1.0
    clearance: float = 1.0
    norketamine: float = 1.0

    def with_(self, other: Influence) -> Influence:
        """Both together, as a product."""
        return Influence(
            self.gut * other.gut,
            self.liver * other.liver,
            self.clearance * other.clearance,
            self.norketamine * other.norketamine,
        )


def influence(interactions: Iterable[str], *, parameters: Overrides | Parameters | None = None) -> Influence:
    """The factors that `interactions` put on the models; none gives factors of 1.

    Several at once are multiplied: no study measured them together.

    Args:
        interactions: names out of `INTERACTIONS`.
        parameters: numbers in place of declared ones.

    Returns:
        Factors; 1 changes nothing.

    Raises:
        InputError: an unknown name.

    Source: the well-stirred liver, see the module; ratios of the studies that `measured` names.

    >>> grapefruit = influence(["grapefruit"])
    >>> round(grapefruit.gut, 2), round(grapefruit.liver, 2), round(grapefruit.clearance, 2)
    (1.56, 0.52, 0.8)
    """
    chosen = parameters_of(parameters)
    total = Influence()
    for name in checked(interactions):
        gut, liver = _gut_and_liver(name, chosen)
        extraction = extraction_ratio(parameters=chosen)
        clearance = liver / (1 - extraction + extraction * liver)
        norketamine = f"{PREFIX}.{name}.norketamine_clearance"
        total = total.with_(
            Influence(gut, liver, clearance, chosen.value(norketamine) if norketamine in chosen else 1.0)
        )
    return total


def checked(interactions: Iterable[str]) -> tuple[str, ...]:
    """Names of interactions, each once.

    Raises:
        InputError: one is unknown.
    """
    names = listed(interactions, "interactions", f"some of {', '.join(INTERACTIONS)}")
    return tuple(dict.fromkeys(one_of(name, INTERACTIONS, "interaction") for name in names))


def measured(interaction: str, *, parameters: Overrides | Parameters | None = None) -> dict[str, Parameter]:
    """What was measured of one interaction: ratios with over without, each with its study.

    Args:
        interaction: a name out of `INTERACTIONS`.
        parameters: numbers in place of declared ones.

    Returns:
        What was measured (AUC, peak and so on) to its number.

    Raises:
        InputError: an unknown name.

    >>> {name: one.value for name, one in measured("clarithromycin").items()}
    {'auc': 2.6, 'peak': 3.6, 'norketamine_ratio': 0.46}
    """
    (name,) = checked([interaction])
    return parameters_of(parameters).under(f"{PREFIX}.{name}")


def extraction_ratio(*, parameters: Overrides | Parameters | None = None) -> float:
    """E = CLint / (Qh + CLint): what one passage through the liver takes away (Perez-Ruixo 2021, typical person).

    >>> round(extraction_ratio(), 3)
    0.722
    """
    chosen = parameters_of(parameters)
    rates = chosen.value(f"{MODEL}.liver_elimination") + chosen.value(f"{MODEL}.liver_to_norketamine")
    intrinsic = chosen.value(f"{MODEL}.liver_volume") * rates
    return float(intrinsic / (chosen.value(f"{MODEL}.liver_flow") + intrinsic))


def _gut_and_liver(name: str, chosen: Parameters) -> tuple[float, float]:
    """The factors on escape from the gut and on intrinsic clearance: AUC(oral) changes by gut / liver."""
    fold: float = chosen.value(f"{PREFIX}.{name}.auc")
    if name in {"grapefruit", "clarithromycin"}:
        escape = chosen.value(f"{PREFIX}.gut_escape_when_inhibited") / chosen.value(f"{MODEL}.gut_fraction")
        gut = min(escape, fold)
        return gut, gut / fold
    if name == "rifampicin":
        liver = _rifampicin_liver(chosen)
        return fold * liver, liver
    if name == "st_johns_wort":
        share = np.log(_rifampicin_liver(chosen)) / -np.log(chosen.value(f"{PREFIX}.rifampicin.auc"))
        liver = float(fold**-share)
        return fold * liver, liver
    return 1.0, 1 / fold


def _rifampicin_liver(chosen: Parameters) -> float:
    """The factor x on intrinsic clearance behind the measured ratio r of intravenous AUCs: 1/r = x/(1 - E + E x)."""
    extraction = extraction_ratio(parameters=chosen)
    ratio = 1 / chosen.value(f"{PREFIX}.rifampicin.auc_intravenous")
    remaining = 1 - extraction * ratio
    if remaining <= 0:
        raise InputError(
            "the intravenous AUC under rifampicin falls further than blood flow to the liver allows",
            expected=f"a ratio above {extraction:.2f}",
        )
    return float(ratio * (1 - extraction) / remaining)
