"""The controls of a plan. What they offer depends on the review."""

from __future__ import annotations

from ...mapping import Route
from ...mapping.build import KINDS
from ..control import Choice, Number, Spec
from .held import Held

OWN_SD = "an SD of your own, without a source"
COMPARATORS = ("saline", "active placebo", "another drug for pain", "no infusion, open")


def offered(held: Held) -> tuple[Spec, ...]:
    """The controls of a plan: conditions and SDs are those of the review."""
    conditions, spreads = held.conditions, (*held.spreads, OWN_SD)
    studies = held.found.studies
    randomised = studies[
        studies["counted"].astype(bool) & (studies["kind"] == KINDS[0]) & (studies["route"] == str(Route.IV_REPEATED))
    ]
    most = randomised["condition"].mode()
    start = "CRPS" if "CRPS" in set(randomised["condition"]) else (most.iloc[0] if len(most) else conditions[0])
    first = max(held.spreads.values(), key=lambda one: one.people, default=None)
    sources = [one for one in held.spreads.values() if one.row.study == "sigtermans2009"]
    chosen = sources[0].name if sources else first.name if first else OWN_SD
    return (
        Choice(
            key="condition", label="Condition", value=str(start), options=conditions,
            about="A row of the review's evidence map",
        ),
        Number(
            key="rate", label="Infusion rate", unit="mg/kg/h", value=0.35, low=0, high=2, step=0.05,
            about="How fast the infusion runs; 0 is none",
        ),
        Number(
            key="length", label="Infusion lasts", unit="h", value=4, low=0.1, high=168, log=True,
            about="How long one infusion runs",
        ),
        Number(
            key="days", label="Once a day, for", unit="days", value=10, low=1, high=10, step=1,
            about="On how many days the same is given",
        ),
        Choice(
            key="comparator", label="Compared with", value=COMPARATORS[0], options=COMPARATORS,
            about="What the other group gets",
        ),
        Number(
            key="weeks", label="Primary outcome in week", value=4, low=1, high=52, step=1,
            about="When the one outcome that decides is measured, counted from the start",
        ),
        Choice(key="spread", label="SD from", value=chosen, options=spreads,
            about="A trial of the review's effects.csv",
        ),
        Number(
            key="own", label="Your own SD, where no trial is taken", unit="points of 100", value=25, low=5, high=60,
            step=1, about="Say on your page where it is from",
        ),
        Number(
            key="difference", label="Difference worth finding", unit="points of 100", value=10, low=1, high=50,
            step=1,
            about="Between the means of the two groups, on a scale of pain from 0 to 100",
        ),
        Number(
            key="power", label="Power", unit="%", value=80, low=50, high=99, step=1,
            about="How often the trial finds that difference, if it is there",
        ),
        Number(
            key="lost", label="Lost before the outcome", unit="%", value=10, low=0, high=50, step=5,
            about="People who will not be there when the outcome is measured",
        ),
    )  # fmt: skip
