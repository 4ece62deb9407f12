"""Decide what was compared with what, from the rules, the design and the number of groups."""

from __future__ import annotations

import re
from dataclasses import replace

from ...vocabulary import Comparator, Confidence, Design
from ..engine import Hit, Source
from ..needs import Cue
from .listed import find_listed, several_drugs
from .rules import (
    ACTIVE,
    ACTIVE_TOO,
    CONTROL_HAD,
    CONTROL_ONLY,
    DOSED_GROUPS,
    DOSES,
    PLACEBO,
    RIVAL,
    RIVAL_AND_PLACEBO,
    SAME_DRUG,
    TITLE_ACTIVE,
    TITLE_VERSUS,
    UNEXPOSED,
    UNTREATED,
    WITHOUT,
)

_COMPARING = frozenset(
    {
        Design.PARALLEL_RCT,
        Design.CROSSOVER_RCT,
        Design.CLUSTER_RCT,
        Design.OTHER_RANDOMISED,
        Design.NON_RANDOMISED,
        Design.PROTOCOL,
        Design.SECONDARY_ANALYSIS,
        Design.META_ANALYSIS,
        Design.ANIMAL,
        Design.COHORT,
    }
)

# Studies that may have compared two treatments although nobody was allocated.
_OBSERVING = frozenset({Design.COHORT, Design.SINGLE_ARM, None})
# Where nothing counts groups, these may well have had one.
_PERHAPS_COMPARING = frozenset({Design.COHORT, Design.PROTOCOL, Design.SECONDARY_ANALYSIS})
_PLACEBO_GROUP = re.compile(
    r"\b(?:placebo|sham|saline|vehicle)(?:[ -]treated)? (?:group|arm|patients|subjects|recipients)\b|"
    r"\b(?:or|and) (?:with )?(?:a )?(?:matching )?placebo\b(?! (?:plus|\+))|"
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|superior to|over) (?:with )?placebo\b"
)

_TRIALS = Cue(
    r"\b(?:\d+|several|(?:well-|placebo-)?controlled|clinical|comparative|randomised|double-blind|multicent\w+)"
    r"(?:,? [\w-]+){0,4} (?:trials|studies)\b"
)
_OWN = Cue(
    r"\b(?:this|the present|present|our|in an?|an?|the) (?:[\w-]+,? ){0,8}?(?:study|trial)\b|\bwe\b|"
    r"\b(?:was|were) (?:[\w-]+ )?(?:random|allocated|assigned|enrolled|recruited)|\bto (?:compare|evaluate|assess|"
    r"determine)\b"
)


def tells_of_others(source: Source) -> bool:
    """Whether a text tells of the trials of others alone, as a review of a drug does."""
    return (
        source.has_abstract
        and not source.structured
        and _OWN.search(source.norm, source.words) is None  # the likelier, and sooner found
        and _TRIALS.search(source.norm, source.words) is not None
    )


def read_comparator(source: Source, design: Design | None, arms: int | None) -> Hit | None:
    """What kind of comparison was made."""
    if design not in _COMPARING or (design in _PERHAPS_COMPARING and not arms):
        return source.first((TITLE_VERSUS, UNEXPOSED)) if design in _OBSERVING else None
    if design is not Design.META_ANALYSIS and source.once(tells_of_others):
        return None
    placebo = source.first((PLACEBO,))
    if placebo and not (arms == 2 and _in_every_group(source)):
        if both := source.first((ACTIVE_TOO,)):
            return both
        if arms != 2 and find_rival(source):
            return replace(placebo, value=Comparator.PLACEBO_AND_ACTIVE, rule=RIVAL.name, confidence=Confidence.LIKELY)
        if arms and arms >= 3 and not _one_drug(source):
            return Hit(
                Comparator.PLACEBO_AND_ACTIVE,
                placebo.start,
                placebo.end,
                "comparator/placebo-of-three",
                Confidence.LIKELY,
            )
        return placebo
    if doses := source.first((DOSES, DOSED_GROUPS, SAME_DRUG)):
        return doses
    for rule in (UNTREATED, TITLE_ACTIVE, CONTROL_HAD, WITHOUT, CONTROL_ONLY, ACTIVE):
        if found := source.first((rule,)):
            return _treated_control(source) or found if rule is CONTROL_ONLY else found
    return None


_LETTERED_CONTROL = re.compile(r"\bcontrols?(?: group)?,? \((?:group )?([a-z]{1,2}|\d)\b")


def _treated_control(source: Source) -> Hit | None:
    """What the letter of the control group was given: "control (group S)", then "group S had drug Y"."""
    if letter := _LETTERED_CONTROL.search(source.norm, source.title_end):
        given = re.compile(
            rf"\bgroup {letter.group(1)}\b[^.;]{{0,40}}?\b(?:received|had|was given|were given|underwent)\b"
            r"(?! (?:no|nothing|only|usual|routine|standard))"
        ).search(source.norm, letter.end())
        if given:
            return Hit(Comparator.ACTIVE, *given.span(), "comparator/control-letter", Confidence.LIKELY)
    return None


def find_rival(source: Source) -> Hit | None:
    """Where the title compares two active treatments, while the abstract tells of a placebo group."""
    rival = source.first((RIVAL,))
    if rival and _PLACEBO_GROUP.search(source.norm, source.title_end):
        return rival
    if found := source.first((RIVAL_AND_PLACEBO,)):
        return found
    listed = find_listed(source)
    return listed if listed and several_drugs(listed.note.split("; ")[:-1]) else None


# Who had drug X had the placebo of drug Y, and the other way round.
_IN_EVERY_GROUP = re.compile(
    r"(?:\band|\bplus|\+|\bwith) (?:[\w-]+ ){0,3}placebo\b.{0,100}?\b(?:or|versus|vs|and|;|,)\b.{0,100}?"
    r"(?:\bplacebo\b(?: [\w-]+){0,3} (?:and|plus|\+|with) (?!placebo)|(?:\band|\bplus|\+) (?:[\w-]+ ){0,3}placebo\b)|"
    r"\(placebo\)[^()]{0,100}\(placebo\)|\bdouble[ -]dummy\b"
)


def _in_every_group(source: Source) -> bool:
    """Whether placebo only hid which of two drugs was given."""
    twice = source.norm.count("placebo", source.title_end) > 1 or "dummy" in source.norm
    if _PLACEBO_GROUP.search(source.norm, source.title_end):
        return False
    if twice and _IN_EVERY_GROUP.search(source.norm, source.title_end):
        return True
    if "-controlled" in source.norm or _SAME_BASE.search(source.title):
        return False
    return source.first((RIVAL,)) is not None


_SAME_BASE = re.compile(r"\b(?:alone|without|plus|add\w*|adjuvant|combin\w+|sub-?therapeutic)\b")


def _one_drug(source: Source) -> bool:
    """Whether three groups or more are doses of one drug and placebo."""
    listed = find_listed(source)
    if listed and not several_drugs(listed.note.split("; ")[:-1]):
        return True
    return bool(
        re.search(
            r"\b(?:\d+|different|various|both|either|several|increasing) doses\b|"
            r"\b(?:low|high)[ -]dose\b|\beither dose\b|"
            r"\bdose[- ](?:response|ranging|finding)|"
            r"(?<!group )\b\d+(?: ?(?:mg|µg)(?:/kg)?)?,? (?:or|and) \d+(?:\.\d+)? ?(?:mg|µg|mcg|microg\w*|g)\b"
            r"(?!.{0,60} (?:and|or) [a-z]+ \d[\d.]* ?(?:mg|µg|g))|"
            r"\d ?(?:mg|µg|g)[^,;()]{0,20}(?: \([^()]*\))?, \d[\d.]* ?(?:mg|µg|"
            r"g)[^,;()]{0,20}(?: \([^()]*\))?,? (?:or|and) ",
            source.norm,
        )
    )
