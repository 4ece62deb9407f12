"""Central sensitisation, which is not wind-up: measured values of people, and no dynamics.

Wind-up grows within one train of stimuli and is gone seconds after it. Sensitisation outlasts its cause by an hour and
more, and has two parts: stronger pain from the very fibres that were stimulated (homotopic, like long-term
potentiation), and pain from pinprick around them (heterotopic). 0.25 mg/kg of ketamine given beforehand prevented the
first and left the second (Klein 2007). How large either is at other doses, or when ketamine comes later, is not known
from that study, so no function of dose is offered.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Overrides, Parameters, Source, parameters_of


@dataclass(frozen=True, slots=True)
class Sensitisation:
    """What high-frequency stimulation did to one kind of pain.

    Attributes:
        kind: "homotopic" or "heterotopic".
        stimulus: what evokes the pain, and where.
        alone: pain after the stimulation, as a multiple of the pain before it.
        after_ketamine: the same, with ketamine given before the stimulation.
        dose_mg_per_kg: how much ketamine, intravenously.
        observed_min: how long it was followed, minutes.
        sources: the work it comes from.
        note: what a reader has to know.
    """

    kind: str
    stimulus: str
    alone: float
    after_ketamine: float
    dose_mg_per_kg: float
    observed_min: float
    sources: tuple[Source, ...]
    note: str

    @property
    def prevented(self) -> float:
        """Share of the increase that ketamine prevented, 0 to 1."""
        return 1 - (self.after_ketamine - 1) / (self.alone - 1)


def sensitisation(*, parameters: Overrides | Parameters | None = None) -> tuple[Sensitisation, ...]:
    """Both parts of sensitisation by high-frequency stimulation in healthy volunteers.

    Args:
        parameters: numbers in place of declared ones.

    Returns:
        Multiples of the pain before, the dose in mg/kg and minutes followed, for each part.

    Source: Klein 2007.

    >>> for part in sensitisation():
    ...     print(part.kind, part.alone, part.after_ketamine, part.prevented)
    homotopic 1.51 1.0 1.0
    heterotopic 2.0 2.0 0.0
    """
    chosen = parameters_of(parameters)
    return (
        _part(
            chosen, "homotopic", "electrical, at the conditioned site", "like long-term potentiation; NMDA-dependent"
        ),
        _part(
            chosen,
            "heterotopic",
            "pinprick, around the conditioned site",
            "secondary hyperalgesia; pain from light touch was unaffected by ketamine, too",
        ),
    )


def _part(chosen: Parameters, kind: str, stimulus: str, note: str) -> Sensitisation:
    def multiple(name: str) -> float:
        return float(1 + chosen.value(f"sensitisation.{name}") / 100)

    return Sensitisation(
        kind=kind,
        stimulus=stimulus,
        alone=multiple(kind),
        after_ketamine=multiple(f"{kind}_ketamine"),
        dose_mg_per_kg=chosen.value("sensitisation.dose"),
        observed_min=chosen.value("sensitisation.observed"),
        sources=chosen[f"sensitisation.{kind}"].source,
        note=note,
    )
