"""What the body does with ketamine: published models side by side, any schedule, interactions, bands of people.

dosing.py          doses, schedules, routes
presets.py         schedules that trials and clinic pages name
published.py       the models, each as compartments
compartments.py    linear compartments, solved exactly for one person or many
interactions.py    other drugs, juice and herbs
variability.py     how people differ
courses.py         concentrations over time by all models; bands
summary.py         clearance, half-lives, bioavailability, context-sensitive half-time

Models disagree, so all that cover a route are returned and none is chosen. Most were fitted to S-ketamine in healthy
people; each course says so. Doses are taken as milligrams of base.
"""

from .asking import LeftOut
from .courses import CAUTION, Bands, Kinetics, ModelBand, ModelCourse, band, concentrations
from .dosing import Dose, Form, Route, Schedule, regimen
from .interactions import INTERACTIONS, Influence, influence, measured
from .presets import PRESETS, Preset
from .published import MODELS, Model
from .summary import (
    Comparison,
    Exposure,
    TerminalHalfLife,
    against_meta_analysis,
    area,
    bioavailability,
    clearance,
    context_sensitive_half_time,
    enantiomer_clearances,
    exposure,
    half_lives,
    steady_state,
    terminal_half_life,
    volume_at_steady_state,
)

__all__ = [
    "CAUTION",
    "INTERACTIONS",
    "MODELS",
    "PRESETS",
    "Bands",
    "Comparison",
    "Dose",
    "Exposure",
    "Form",
    "Influence",
    "Kinetics",
    "LeftOut",
    "Model",
    "ModelBand",
    "ModelCourse",
    "Preset",
    "Route",
    "Schedule",
    "TerminalHalfLife",
    "against_meta_analysis",
    "area",
    "band",
    "bioavailability",
    "clearance",
    "concentrations",
    "context_sensitive_half_time",
    "enantiomer_clearances",
    "exposure",
    "half_lives",
    "influence",
    "measured",
    "regimen",
    "steady_state",
    "terminal_half_life",
    "volume_at_steady_state",
]
