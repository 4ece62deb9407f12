"""For how long the drug was given."""

from __future__ import annotations

import re

from ...vocabulary import Confidence
from ..engine import BACKGROUND, CONCLUSION, RESULTS, TITLE, Hit, Rule, Source
from ..needs import Cue
from ..units import NUMBER
from .basis import OVER, SPAN, Dose
from .drugs import OTHER_DRUG, Naming

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR

_DURATION = (
    r"\b(?:for|over|during|throughout|lasting|until) (?:a |the )?(?:period of |total of |course of |next |"
    rf"maximum of |up to |about )?({SPAN})(?<!a h)(?!' (?:follow|observ))(?! (?:of age|old|later|before|prior|"
    r"follow|apart))|"
    rf"\b(?!an? )({SPAN})'?[ -](?:(?:period of|of|long|continuous|intravenous|iv|i\.v\.|daily|open-label|intrathecal|"
    r"epidural|topical|oral|ketamine|s\(\+\)-ketamine|esketamine|subcutaneous) ){0,4}"
    r"(?:infusions?|course|treatment|therapy|administration|application)\b|"
    rf"\b(from {NUMBER} to {SPAN})|"
    rf"\b(?:treatment|phase|period|term|course)\b[^.;()]{{0,25}}\(({SPAN}|days? \d+ ?(?:-|to) ?(?:day )?\d+)\)"
)
_GIVING = re.compile(
    r"\binfus|\breceiv|\badminist|\bgiven\b|\btreat|\bover\b|\bdaily\b|\bcourse\b|\bcontinu|\bappli|\bused\b"
)
_THE_GIVING = Cue(
    r"\b(?:infusions?|treatments?|(?:study|test|trial) (?:drugs?|medications?|solutions?)|the drugs?|both drugs) "
    rf"(?:(?:[\w-]+ ){{0,3}}?(?:was|were|lasted|continued|started|given)|over|for)\b|\b{SPAN}'?[ -](?:[\w()+-]+ )?"
    r"(?:infusion|treatment|therapy|administration)\b|\btreatment \(days"
)
_NO_GIVING = re.compile(
    r"follow|relief|history|pain (?:for|over)|assess|record|measur|monitor|observ|isolat|surviv|fast|free"
)
DURATION_RULE = Rule(
    "duration/near-drug",
    _DURATION,
    "Ketamine was infused for 4 h.",
    "a span of time in a sentence with the drug and its giving",
    confidence=_LIKELY,
)


def read_duration(source: Source, naming: Naming, dose: Hit | None, doses: tuple[Dose, ...]) -> Hit | None:
    """How long the drug was given: a span of time in a sentence that gives the drug, that of the dose first; else in
    one that speaks of the infusion or the treatment alone."""
    with_dose = {sentence.start for sentence, _ in naming if dose and sentence.start <= dose.start < sentence.end}
    named = sorted((sentence for sentence, _ in naming), key=lambda sentence: sentence.start not in with_dose)
    starts = {sentence.start for sentence in named}
    others = [sentence for sentence in source.sentences if sentence.start not in starts and sentence.zone != TITLE]
    for sentence in (*named, *others):
        if not sentence.ours or sentence.zone in (BACKGROUND, CONCLUSION):
            continue
        if sentence.zone == RESULTS and (source.structured or sentence.start not in with_dose):
            continue
        if sentence.start not in starts:
            if not _THE_GIVING.search(sentence.norm, sentence.words) or OTHER_DRUG.search(sentence.norm):
                continue
        elif sentence.start not in with_dose and not _GIVING.search(sentence.norm):
            continue
        spans = [
            (match, group)
            for match in DURATION_RULE.cue.finditer(sentence.norm, sentence.words)
            if not _NO_GIVING.search(sentence.norm[max(0, match.start() - 45) : match.start()])
            for group in [match.lastindex or 0]
        ]
        for one in doses if sentence.start in with_dose else ():
            found = OVER.match(sentence.norm, one.end - sentence.start)
            spans += [(found, 1)] if found else []
        if spans:
            match, group = spans[0]
            if sentence.start in with_dose:  # the whole regimen, not its first step
                match, group = max(spans, key=lambda span: _length(span[0].group(span[1])))
            start, end = source.whole(*sentence.span(match, group))
            confidence = _LIKELY if sentence.start in starts else _UNCLEAR
            return Hit(source.quote(start, end)[0], start, end, "duration/near-drug", confidence)
    return None


def _length(span: str) -> float:
    """About how many hours the last number of a span of time stands for.

    >>> _length("40 min") < _length("4 h") < _length("1-2 days") < _length("a week")
    True
    """
    numbers = re.findall(NUMBER, span)
    unit = re.search(r"(m)in|(mo)nth|(w)(?:ee)?k|(d)ay|(y)ear|(h)", span)
    hours = {"m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0, "mo": 730.0, "y": 8766.0}
    return (float(numbers[-1]) if numbers else 1.0) * (hours[unit.group(unit.lastindex or 0)] if unit else 1.0)
