"""The fields of a study: the one place that says which there are, what they mean and what they may hold.

The reader fills them, `extraction.csv` corrects them, the table shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .vocabulary import Blinding, Comparator, Design, Direction, Setting

VIEWS = ("design", "outcomes", "safety", "full")


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: column name in code and files.
        title: column heading for people.
        kind: type of its values: str, int, float, bool, or the StrEnum that lists them.
        unit: unit of its numbers.
        views: views of the evidence table that show it (besides "full", which shows all).
        help: what it means, in a sentence.
        minimum, maximum: bounds outside which a number cannot be right.
    """

    name: str
    title: str
    kind: type
    help: str
    views: tuple[str, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The closed list of values, empty where any value of the kind will do."""
        return tuple(self.kind) if issubclass(self.kind, StrEnum) else ()


_D, _O, _S = ("design",), ("outcomes",), ("safety",)
_MILLIONS = 10_000_000

_ALL = (
    Field("design", "Design", Design, "Study design, one of the closed list.", _D + _O + _S),
    Field("randomised", "Randomised", bool, "Whether subjects were allocated at random.", _D),
    Field("blinding", "Blinding", Blinding, "Who did not know the treatment.", _D),
    Field("comparator", "Comparator", Comparator, "What kind of comparison was made.", _D + _O),
    Field("comparator_detail", "Compared with", str, "The comparator as given, with dose.", _D + _O),
    Field(
        "n_randomised",
        "n randomised",
        int,
        "Subjects randomised (in a crossover: people, not periods).",
        _D,
        "people",
        1,
        _MILLIONS,
    ),
    Field("n_analysed", "n analysed", int, "Subjects in the primary analysis.", _D + _O, "people", 1, _MILLIONS),
    Field(
        "n_total",
        "n",
        int,
        "Subjects randomised; failing that enrolled or analysed.",
        _D + _O + _S,
        "people",
        1,
        _MILLIONS,
    ),
    Field("n_studies", "Studies", int, "Studies in a review or meta-analysis.", (), "studies", 0, 100_000),
    Field("arms", "Arms", int, "Number of groups or, in a crossover, of treatments.", _D, "arms", 1, 50),
    Field("setting", "Setting", Setting, "On whom the study was done.", _D),
    Field("condition", "Condition", str, "The condition studied.", _D + _O + _S),
    Field("drug_form", "Form", str, "Form of the drug; a form not stated is not assumed racemic.", _D),
    Field("route", "Route", str, "Route of administration.", _D + _S),
    Field("dose", "Dose as given", str, "The dose in the report's own terms.", _D + _O + _S),
    Field(
        "dose_mg_per_kg",
        "Dose",
        float,
        "Bolus or total dose per body weight, where it can be computed.",
        _D,
        "mg/kg",
        0,
        100,
    ),
    Field(
        "dose_mg_per_kg_per_h",
        "Rate",
        float,
        "Infusion rate per body weight, where it can be computed.",
        _D,
        "mg/kg/h",
        0,
        20,
    ),
    Field("duration", "Duration", str, "How long the drug was given.", _D + _S),
    Field("primary_outcome", "Primary outcome", str, "The outcome named primary, else the first main outcome.", _O),
    Field("scale", "Scale", str, "Scale of the primary outcome with its range.", _O),
    Field("followup", "Follow-up", str, "Longest follow-up of the primary outcome.", _D + _O + _S),
    Field("result", "Result", str, "The main result, with numbers as given.", _O),
    Field("primary_direction", "Direction", Direction, "Which side the primary outcome favours.", _O),
    Field("adverse_events", "Adverse events", str, "Adverse events with counts and denominators as given.", _O + _S),
    Field(
        "adverse_events_asked",
        "How harms were asked for",
        str,
        "Spontaneous report, checklist, scale, laboratory test.",
        _O + _S,
    ),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
