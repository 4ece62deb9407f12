"""Read how many studies a review kept."""

from __future__ import annotations

from ...vocabulary import Confidence
from ..engine import AIM, METHODS, RESULTS, UNKNOWN, Hit, Rule, Source
from .numbers import number_in

_LIKELY = Confidence.LIKELY
STUDIES = (
    Rule(
        "n-studies/included",
        r"(?<![\d.,/-])(\d+)(?: [\w-]+){0,6}? (?:trials|studies|rcts|articles|papers|publications|reports|"
        r"reviews)\b(?:[^.;]{0,60}?)(?:\b(?:were|was|met|fulfilled|that met)\b (?:[\w-]+ ){0,3}?(?:includ|"
        r"eligib|identif|select|analy|criteria|inclusion|determined eligible|pooled|found|retriev)|"
        r"\b(?:included|contributed|involving|enrolling|with a total))",
        "Eleven trials met the inclusion criteria.",
        "the number of studies kept",
        zones=(AIM, METHODS, RESULTS, UNKNOWN),
    ),
    Rule(
        "n-studies/data-from",
        r"\b(?:data|information|results|evidence|analysis|included|includ\w+|identified|found|analy[sz]ed|"
        r"performed on|on|from|of)\b(?: [\w-]+){0,4}? (\d+) (?:[\w,-]+ ){0,7}?(?:trials|studies|rcts|"
        r"articles|papers)\b",
        "We included data from 11 trials.",
        "the number of studies used",
        zones=(AIM, METHODS, RESULTS, UNKNOWN),
        confidence=_LIKELY,
    ),
    Rule(
        "n-studies/eligible",
        r"\b(\d+) (?:were|was) (?:[\w-]+ )?(?:eligible|included|determined eligible|selected)|^(\d+) "
        r"(?:[\w-]+ ){0,4}(?:trials|studies|rcts)\b",
        "900 titles were read and 7 were included.",
        "the number kept of those read",
        zones=(RESULTS, UNKNOWN, METHODS),
        confidence=_LIKELY,
    ),
)


def read_studies(source: Source) -> Hit | None:
    """Studies in a review."""
    for rule in STUDIES:
        for match, sentence in source.find(rule):
            value = number_in(match)
            if value and value < 3000 and not (1990 <= value <= 2030):
                return source.hit(rule, match, sentence, value)
    return None


RULES = STUDIES
