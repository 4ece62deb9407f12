"""The closed vocabularies: every word a cell of the evidence table may hold where it may not hold any word.

And, for the condition, whose words are free: names that mean the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Design(StrEnum):
    """Study designs, the closed list."""

    PARALLEL_RCT = "parallel RCT"
    CROSSOVER_RCT = "crossover RCT"
    CLUSTER_RCT = "cluster RCT"
    OTHER_RANDOMISED = "randomised trial, other"
    NON_RANDOMISED = "non-randomised trial"
    SINGLE_ARM = "single-arm trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CROSS_SECTIONAL = "cross-sectional"
    CASE_SERIES = "case series"
    CASE_REPORT = "case report"
    SYSTEMATIC_REVIEW = "systematic review"
    META_ANALYSIS = "meta-analysis"
    NARRATIVE_REVIEW = "narrative review"
    GUIDELINE = "guideline"
    PROTOCOL = "protocol"
    SECONDARY_ANALYSIS = "secondary analysis"
    ANIMAL = "animal study"
    LABORATORY = "laboratory study"
    QUALITATIVE = "qualitative"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    EDITORIAL = "editorial or letter"
    OTHER = "other"


RANDOMISED_DESIGNS = frozenset({Design.PARALLEL_RCT, Design.CROSSOVER_RCT, Design.CLUSTER_RCT, Design.OTHER_RANDOMISED})


# Studies of people who were not allocated at random.
NOT_RANDOMISED_DESIGNS = frozenset(
    {
        Design.NON_RANDOMISED,
        Design.SINGLE_ARM,
        Design.COHORT,
        Design.CASE_CONTROL,
        Design.CROSS_SECTIONAL,
        Design.CASE_SERIES,
        Design.CASE_REPORT,
        Design.QUALITATIVE,
    }
)


class Blinding(StrEnum):
    """Who did not know the treatment."""

    OPEN = "open"
    SINGLE = "single"
    ASSESSOR = "assessor"
    DOUBLE = "double"


class Comparator(StrEnum):
    """What the intervention was compared with."""

    PLACEBO = "placebo"
    ACTIVE = "active"
    PLACEBO_AND_ACTIVE = "placebo+active"
    NO_TREATMENT = "no treatment/usual care"
    DOSE = "dose comparison"


class Setting(StrEnum):
    """On whom (or what) the study was done; "none" for works without subjects of their own."""

    PATIENTS = "human patients"
    VOLUNTEERS = "healthy volunteers"
    ANIMALS = "animals"
    NONE = "none"


class Direction(StrEnum):
    """Which side the primary outcome favours, as the report states it."""

    INTERVENTION = "favours intervention"
    NO_DIFFERENCE = "no significant difference"
    COMPARATOR = "favours comparator"
    MIXED = "mixed"


class Missing(StrEnum):
    """Why a cell holds no value. Three different things, never merged."""

    NOT_REPORTED = "not reported"  # somebody or something looked, and the source does not say
    NOT_CHECKED = "not checked"  # nobody has looked in a source that could say
    NOT_APPLICABLE = "not applicable"  # the question makes no sense for this design


class Origin(StrEnum):
    """Where a value comes from, strongest first."""

    PERSON = "person"  # checked by a person in extraction.csv
    CURATED = "curated"  # shipped with the bundled review, with how often it was checked
    RECORD = "record"  # NLM's own field, e.g. publication type
    READER = "reader"  # our reading of the text, with quote and offsets


class Checked(StrEnum):
    """How many independent looks at the source stand behind a curated value."""

    NONE = "none"
    ONE = "one"
    TWO = "two"


class Confidence(StrEnum):
    """How sure the reader is."""

    SURE = "sure"
    LIKELY = "likely"
    UNCLEAR = "unclear"


class Status(StrEnum):
    """Status of a record, read from its correction links and publication types."""

    CURRENT = "current"
    CORRECTED = "corrected"
    CONCERN = "expression of concern"
    RETRACTED = "retracted"
    NOTICE = "is itself a notice"
    NOT_CHECKED = "not checked"  # entered by hand; NLM's record was not seen


FLAGGED = frozenset({Status.CORRECTED, Status.CONCERN, Status.RETRACTED, Status.NOTICE})


class Decision(StrEnum):
    """Screening decisions."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"


class Verdict(StrEnum):
    """What the literature says of a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly supported"
    OVERSTATED = "overstated"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    MIS_STATED = "mis-stated"
    NOT_CHECKABLE = "not checkable"


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one condition.

    Attributes:
        same: names of the same thing; who asks for one means all of them.
        older: names that went out of use or mean a kind of it; who asks for one of these means no other.
    """

    same: tuple[str, ...]
    older: tuple[str, ...] = ()


# Only what is the same beyond doubt: no near conditions, no causes, no groups (the evidence map is there for these).
CONDITION_NAMES = (
    Names(
        ("CRPS", "complex regional pain syndrome"),
        ("reflex sympathetic dystrophy", "causalgia", "algodystrophy", "Sudeck dystrophy", "Sudeck atrophy"),
    ),
    Names(("fibromyalgia",), ("fibrositis",)),
    Names(("PHN", "post-herpetic neuralgia")),
    Names(("CIPN", "chemotherapy-induced peripheral neuropathy")),
    Names(("trigeminal neuralgia", "tic douloureux")),
    Names(("ischaemic pain", "ischemic pain")),
    Names(("limb ischaemia", "limb ischemia")),
    Names(("PTSD", "post-traumatic stress disorder")),
    Names(("MDD", "major depressive disorder", "major depression")),
)


def names_meant(text: str) -> tuple[str, ...]:
    """The names that a text stands for besides itself; none where it is not the name of a condition that has others.

    Capitals, hyphens and the plural do not matter; a name with anything beside it means only what it says.

    >>> names_meant("post-herpetic neuralgia"), names_meant("Causalgia"), names_meant("CRPS type 1")
    (('PHN',), (), ())
    """
    for names in CONDITION_NAMES:
        if any(name_pattern(name).fullmatch(text.strip()) for name in names.same):
            others = (*names.same, *names.older)
            return tuple(name for name in others if not name_pattern(name).fullmatch(text.strip()))
    return ()


@cache
def name_pattern(name: str) -> re.Pattern[str]:
    """A name as whole words, in any case, with or without its hyphens, in the singular or the plural.

    >>> bool(name_pattern("post-herpetic neuralgia").search("postherpetic neuralgias of the face"))
    True
    """
    words = [re.escape(word) for word in re.split(r"[ -]", name)]
    words[-1] = f"{words[-1][:-1]}(?:y|ies)" if words[-1].endswith("y") else f"{words[-1]}(?:s|es)?"
    whole = r"[\s-]?".join(words)
    return re.compile(rf"(?<!\w){whole}(?!\w)", re.IGNORECASE)
