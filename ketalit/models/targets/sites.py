"""The targets of ketamine other than (and beside) the pore of the NMDA receptor, and where their constants stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What kind of target it is, in the words of the pages that name it."""

    NMDA = "NMDA receptor"
    NICOTINIC = "nicotinic"
    MUSCARINIC = "muscarinic"
    OPIOID = "opioid"
    SIGMA = "sigma"
    MONOAMINE = "monoamine"
    SEROTONIN = "serotonin receptor"
    GABA = "GABA-A and glycine"
    HCN = "HCN1"
    SODIUM = "Na⁺ channel"
    POTASSIUM = "K⁺ channel"
    CALCIUM = "Ca²⁺ channel"


class Measure(StrEnum):
    """What the constant K is."""

    KI = "Ki, binding"
    UPTAKE = "Ki, uptake"
    IC50 = "IC50, half inhibition"
    EC50 = "EC50, half effect"


class Lean(StrEnum):
    """To which side the occupancy shown is likely to be wrong."""

    MORE = "may be more"
    LESS = "may be less"
    EITHER = "either way"


@dataclass(frozen=True, slots=True)
class Site:
    """One target.

    Attributes:
        name: short name, e.g. "opioid_mu".
        label: name for people.
        family: the word a clinic page would use.
        measure: what K is.
        constants: names of the parameters that hold K, each in µM.
        lean: to which side the occupancy is likely to be wrong, and `why`.
        substance: what binds; ketamine, or a metabolite at its own concentration.
    """

    name: str
    label: str
    family: Family
    measure: Measure
    constants: tuple[str, ...]
    lean: Lean
    why: str
    substance: str = "ketamine"


_ROOM = "measured at room temperature in cells that made the receptor alone"
_OOCYTE = "measured in oocytes; native receptors differ"
_NONE_ELSEWHERE = "another laboratory found no affinity"
_USE = "block depends on voltage and use"
_RAT = "some effects of S-ketamine in rats need opioid receptors: function may say more than binding"


def _site(name: str, label: str, family: Family, measure: Measure, ends: str, lean: Lean, why: str) -> Site:
    return Site(name, label, family, measure, tuple(f"targets.{name}.{end}" for end in ends.split()), lean, why)


def _nmda(name: str, label: str, measure: Measure, constant: str, lean: Lean, why: str) -> Site:
    return Site(name, f"NMDA receptor, {label}", Family.NMDA, measure, (constant,), lean, why)


def _metabolite(name: str, label: str, substance: str, why: str) -> Site:
    constant = f"targets.{name}.current"
    return Site(name, label, Family.NICOTINIC, Measure.IC50, (constant,), Lean.EITHER, why, substance)


SITES: tuple[Site, ...] = (
    _nmda(
        "nmda_2a_no_magnesium",
        "pore, GluN2A, no magnesium",
        Measure.IC50,
        "ketamine.half_block.GluN2A",
        Lean.LESS,
        "there is always magnesium, except where a cell is depolarised",
    ),
    _nmda(
        "nmda_2a",
        "pore, GluN2A, 1 mM magnesium",
        Measure.IC50,
        "ketamine.half_block_in_magnesium.GluN2A",
        Lean.MORE,
        "depolarisation drives magnesium out and lets ketamine in",
    ),
    _nmda(
        "nmda_2c",
        "pore, GluN2C, 1 mM magnesium",
        Measure.IC50,
        "ketamine.half_block_in_magnesium.GluN2C",
        Lean.EITHER,
        "no second laboratory",
    ),
    _nmda(
        "nmda_allosteric",
        "second (allosteric) site",
        Measure.EC50,
        "allosteric.half_effect",
        Lean.LESS,
        "reached through the membrane, and occupied is not closed",
    ),
    _site(
        "nicotinic_a3b4",
        "α3β4 nicotinic receptor",
        Family.NICOTINIC,
        Measure.IC50,
        "current",
        Lean.LESS,
        "three to nine times weaker in oocytes",
    ),
    _site(
        "nicotinic_b4", "nicotinic receptors with β4", Family.NICOTINIC, Measure.IC50, "current", Lean.EITHER, _OOCYTE
    ),
    _site(
        "nicotinic_a7",
        "α7 nicotinic receptor",
        Family.NICOTINIC,
        Measure.IC50,
        "current",
        Lean.MORE,
        "a metabolite acts there at nanomolar concentrations",
    ),
    _site(
        "nicotinic_b2", "nicotinic receptors with β2", Family.NICOTINIC, Measure.IC50, "current", Lean.EITHER, _OOCYTE
    ),
    _site("nicotinic_a4b2", "α4β2 nicotinic receptor", Family.NICOTINIC, Measure.IC50, "current", Lean.EITHER, _OOCYTE),
    _site(
        "muscarinic_m1",
        "M1 muscarinic receptor",
        Family.MUSCARINIC,
        Measure.IC50,
        "product pure",
        Lean.LESS,
        "the preservative of the product, not ketamine, makes most of the stronger value",
    ),
    _site(
        "serotonin_5ht3",
        "5-HT3 serotonin receptor",
        Family.SEROTONIN,
        Measure.IC50,
        "current",
        Lean.LESS,
        "another laboratory found inhibition only above anaesthetic concentrations",
    ),
    _site("hcn1", "HCN1 channel", Family.HCN, Measure.IC50, "recalled oocyte", Lean.EITHER, "sources differ eightfold"),
    _site(
        "bk_potassium",
        "BK potassium channel",
        Family.POTASSIUM,
        Measure.IC50,
        "current",
        Lean.EITHER,
        "sources differ 26-fold, and neither was read",
    ),
    _site("opioid_mu", "µ-opioid receptor", Family.OPIOID, Measure.KI, "binding secondary", Lean.MORE, _RAT),
    _site("opioid_kappa", "κ-opioid receptor", Family.OPIOID, Measure.KI, "binding", Lean.MORE, _RAT),
    _site("opioid_delta", "δ-opioid receptor", Family.OPIOID, Measure.KI, "binding", Lean.EITHER, _ROOM),
    _site("nociceptin", "nociceptin receptor", Family.OPIOID, Measure.KI, "binding", Lean.EITHER, _ROOM),
    _site("sigma_2", "σ2 site", Family.SIGMA, Measure.KI, "binding", Lean.EITHER, "no source read"),
    _site(
        "norepinephrine_transporter",
        "noradrenaline transporter",
        Family.MONOAMINE,
        Measure.UPTAKE,
        "uptake",
        Lean.LESS,
        _NONE_ELSEWHERE,
    ),
    _site(
        "dopamine_transporter",
        "dopamine transporter",
        Family.MONOAMINE,
        Measure.UPTAKE,
        "uptake",
        Lean.LESS,
        _NONE_ELSEWHERE,
    ),
    _site(
        "serotonin_transporter",
        "serotonin transporter",
        Family.MONOAMINE,
        Measure.UPTAKE,
        "uptake",
        Lean.LESS,
        _NONE_ELSEWHERE,
    ),
    _site(
        "gaba_a",
        "GABA-A and glycine receptors",
        Family.GABA,
        Measure.IC50,
        "current",
        Lean.MORE,
        "receptors outside synapses answer to 100 µM, with more current, not less",
    ),
    _site(
        "sodium_dorsal_horn",
        "Na⁺ channels of dorsal horn neurones",
        Family.SODIUM,
        Measure.IC50,
        "current",
        Lean.EITHER,
        _USE,
    ),
    _site(
        "sodium_ganglion", "Na⁺ channels of sensory neurones", Family.SODIUM, Measure.IC50, "current", Lean.EITHER, _USE
    ),
    _site(
        "potassium_dorsal_horn",
        "K⁺ channels of dorsal horn neurones",
        Family.POTASSIUM,
        Measure.IC50,
        "current",
        Lean.EITHER,
        "one kind of channel of many",
    ),
    _site(
        "calcium_l",
        "L-type Ca²⁺ channel",
        Family.CALCIUM,
        Measure.IC50,
        "current",
        Lean.EITHER,
        "the work itself was not read",
    ),
    _metabolite(
        "dehydronorketamine_nicotinic_a7",
        "α7 nicotinic receptor",
        "dehydronorketamine",
        "its free concentration in the brain is not known",
    ),
    _metabolite("norketamine_nicotinic_a3b4", "α3β4 nicotinic receptor", "norketamine", "no second laboratory"),
)
"""Every target of ketamine known here, and two of its metabolites."""
