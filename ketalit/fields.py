"""The fields of a study: the one place that says which there are, what they mean and what they may hold.

The reader fills them, `extraction.csv` corrects them, the table shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .vocabulary import Blinding, Comparator, Design, Direction, Setting


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: column name in code and files.
        title: column heading for people.
        kind: type of its values: str, int, float, bool, or the StrEnum that lists them.
        help: what it means, in a sentence.
        unit: unit of its numbers.
        minimum, maximum: bounds outside which a number cannot be right.
        span: whether its text tells a length of time, which can be compared with another.
    """

    name: str
    title: str
    kind: type
    help: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    span: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The closed list of values, empty where any value of the kind will do."""
        return tuple(self.kind) if issubclass(self.kind, StrEnum) else ()


_PEOPLE = ("people", 1, 10_000_000)

_ALL = (
    Field("design", "Design", Design, "Study design, one of the closed list."),
    Field("randomised", "Randomised", bool, "Whether subjects were allocated at random."),
    Field("blinding", "Blinding", Blinding, "Who did not know the treatment."),
    Field("comparator", "Comparator", Comparator, "What kind of comparison was made."),
    Field("comparator_detail", "Compared with", str, "The comparator as given, with dose."),
    Field("n_randomised", "n randomised", int, "Subjects randomised (in a crossover: people, not periods).", *_PEOPLE),
    Field("n_analysed", "n analysed", int, "Subjects in the primary analysis.", *_PEOPLE),
    Field("n_total", "n", int, "Subjects randomised; failing that enrolled or analysed.", *_PEOPLE),
    Field("n_studies", "Studies", int, "Studies in a review or meta-analysis.", "studies", 0, 100_000),
    Field("arms", "Arms", int, "Number of groups or, in a crossover, of treatments.", "arms", 1, 50),
    Field("periods", "Periods", int, "Periods of a crossover.", "periods", 2, 50),
    Field("sequence", "Order", str, "Order of the treatments in a crossover, as the report puts it."),
    Field("washout", "Washout", str, "Time between the periods of a crossover.", span=True),
    Field("setting", "Setting", Setting, "On whom the study was done."),
    Field("condition", "Condition", str, "The condition studied."),
    Field("drug_form", "Form", str, "Form of the drug; a form not stated is not assumed racemic."),
    Field("route", "Route", str, "Route of administration."),
    Field("dose", "Dose as given", str, "The dose in the report's own terms."),
    Field("dose_mg_per_kg", "Dose", float, "Bolus or total dose per body weight, where computable.", "mg/kg", 0, 100),
    Field("dose_mg_per_kg_per_h", "Rate", float, "Infusion rate per body weight, where computable.", "mg/kg/h", 0, 20),
    Field("duration", "Duration", str, "How long the drug was given."),
    Field("primary_outcome", "Primary outcome", str, "The outcome named primary, else the first main outcome."),
    Field("scale", "Scale", str, "Scale of the primary outcome with its range."),
    Field("followup", "Follow-up", str, "Longest follow-up of the primary outcome.", span=True),
    Field("primary_direction", "Direction", Direction, "Which side the primary outcome favours."),
    Field("result", "Result", str, "The main result, with numbers as given."),
    Field("adverse_events", "Adverse events", str, "Adverse events with counts and denominators as given."),
    Field("adverse_events_asked", "How harms were asked for", str, "Spontaneous report, checklist, scale, test."),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}

_DESIGN = (
    *("design", "randomised", "blinding", "comparator", "comparator_detail", "n_total", "n_randomised"),
    *("n_analysed", "arms", "setting", "condition", "drug_form", "route", "dose", "dose_mg_per_kg"),
    *("dose_mg_per_kg_per_h", "duration", "followup"),
)
_OUTCOMES = (
    *("design", "n_total", "condition", "comparator_detail", "followup", "primary_direction", "result"),
    *("adverse_events", "adverse_events_asked", "primary_outcome", "scale", "dose"),
)
_SAFETY = (
    *("design", "n_total", "condition", "route", "dose", "duration", "followup"),
    *("adverse_events", "adverse_events_asked"),
)

RESULTS, HARMS = ("result", "primary_direction"), "adverse_events"

# Views of the evidence table, columns in order. Wherever a result stands, harms stand beside it.
VIEWS: dict[str, tuple[str, ...]] = {
    "design": _DESIGN,
    "outcomes": _OUTCOMES,
    "safety": _SAFETY,
    "full": (*_OUTCOMES, *(name for name in FIELDS if name not in _OUTCOMES)),
}
