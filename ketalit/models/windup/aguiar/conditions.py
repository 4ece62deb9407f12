"""The conditions of the reference curves: frequency of stimulation, NMDA block, and channels taken away."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...parameters import Overrides, parameters_of


@dataclass(frozen=True, slots=True)
class Condition:
    """One train of stimuli: `frequency` in Hz, `fraction` of NMDA conductance left at `site`, other changes."""

    frequency: float
    fraction: float = 1
    site: str = "everywhere"
    changed: str = ""
    parameters: Overrides = field(default_factory=dict)


def conditions() -> dict[str, Condition]:
    """All of them by name.

    >>> conditions()["nmda_wdr_0.7"]
    Condition(frequency=1.0, fraction=0.7, site='wdr', changed='', parameters={})
    """
    value = parameters_of(None).value
    usual = value("windup.frequency")
    made = {f"{one:g}Hz": Condition(one) for one in value("windup.reference.frequencies")}
    for site in ("everywhere", "wdr"):
        for left in value("windup.reference.fractions"):
            made[f"nmda_{site}_{left:g}"] = Condition(usual, left, site)
    delta, relay = value("aguiar.compensation")
    more_ampa: Overrides = {
        "aguiar.delta.weight": (delta, *value("aguiar.delta.weight")[1:]),
        "aguiar.interneurone.weight": (relay, *value("aguiar.interneurone.weight")[1:]),
    }
    for left in value("windup.reference.compensated"):
        made[f"more_ampa_nmda_wdr_{left:g}"] = Condition(usual, left, "wdr", "more AMPA", more_ampa)
    soma = value("aguiar.wdr.calcium")[0]
    without: dict[str, tuple[str, Overrides]] = {
        "no_cation": ("no CAN current", {"aguiar.wdr.cation": 0}),
        "no_nk1_wdr": ("no NK1 receptors on the WDR neurone", {"aguiar.c.weight_wdr": 0}),
        "no_calcium_dendrite": ("no L-type calcium current in the dendrite", {"aguiar.wdr.calcium": (soma, 0)}),
    }
    for name, (changed, parameters) in without.items():
        made[name] = Condition(usual, changed=changed, parameters=parameters)
    return made
