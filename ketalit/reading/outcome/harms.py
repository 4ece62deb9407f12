"""Harms, as the report states them."""

from __future__ import annotations

import re

from ...vocabulary import Confidence
from ..engine import CONCLUSION, RESULTS, UNKNOWN, Hit, Rule, Source

_LIKELY = Confidence.LIKELY

HARMS = Rule(
    "adverse-events/stated",
    r"\b(?:adverse (?:events?|effects?|reactions?|drug)|side[ -]effects?|complications?|tolerat(?:ed|ion|"
    r"ability)|safety|nausea|vomiting|dizziness|hallucinat\w*|dysphori\w*|psychotomimetic|psychomimetic|"
    r"dissociat(?:ive|ion)|sedation|drowsiness|withdrawals?)\b",
    "Nausea occurred in 5 of 30 patients given drug X.",
    "a sentence of the results that names harms",
    keys=(
        "adverse",
        "side",
        "complication",
        "tolera",
        "safety",
        "nausea",
        "vomit",
        "dizz",
        "hallucin",
        "dysphori",
        "psych",
        "dissociat",
        "sedation",
        "drows",
        "withdraw",
    ),
    zones=(RESULTS, UNKNOWN, CONCLUSION),
    confidence=_LIKELY,
)
_HARM_STATED = re.compile(
    r"\d|\bno\b|\bnone\b|\bsimilar\b|\bmore\b|\bless\b|\bfewer\b|\bhigher\b|\blower\b|\bdiffer|"
    r"\bwell[ -]tolerated\b|\bcommon\b|\bwithout\b|\bincidence\b"
)

_HAPPENED = re.compile(
    r"\b(?:was|were|occurred|reported|had|developed|experienced|observed|noted|seen|required|caused|did|"
    r"showed|complained|suffered|produced|received)\b"
)


def read_harms(source: Source) -> Hit | None:
    """The first sentence of the results that says something of harms, as it stands."""
    for match, sentence in source.find(HARMS):
        if match and _HARM_STATED.search(sentence.norm) and _HAPPENED.search(sentence.norm):
            return Hit(source.quote(sentence.start, sentence.end)[0], sentence.start, sentence.end, HARMS.name, _LIKELY)
    return None
