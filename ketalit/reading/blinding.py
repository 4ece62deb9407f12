"""Read who did not know the treatment."""

from __future__ import annotations

import re
from dataclasses import replace

from ..vocabulary import Blinding, Confidence
from .engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source

_STUDY = (TITLE, AIM, METHODS, RESULTS, UNKNOWN, BACKGROUND, CONCLUSION)
_BLIND = r"(?:blind|mask)(?:ed|ing)?"
_WATCHER = (
    r"(?:assess(?:or|ment|ed)s?|observers?|evaluat(?:or|ion)s?|rat(?:er|ing)s?|examiners?|interviewers?|"
    r"outcome|analysts?|radiologists?|pathologists?|readers?|reviewers?|statisticians?|end-?points?)"
)

RULES = (
    Rule(
        "blinding/double",
        rf"\b(?:double|triple|quadruple)[ -]*{_BLIND}\b|\bdouble[ -]dummy\b|\b(?:patients?|participants?|"
        rf"subjects?|volunteers)(?:,| and|/)[^.;]{{0,60}}\b(?:assessors?|investigators?|observers?|staff|"
        rf"physicians?|clinicians?|researchers?|personnel|anesthesiologists?|anaesthesiologists?|surgeons?|"
        rf"nurses?|providers?)\b[^.;]{{0,60}} (?:were|was) (?:all |both )?(?:{_BLIND}|unaware)",
        "A double-blind, placebo-controlled trial",
        "the text says so; triple blinding includes it",
        Blinding.DOUBLE,
        ("double", "triple", "quadruple", "blind", "mask", "unaware"),
        _STUDY,
    ),
    Rule(
        "blinding/assessor",
        rf"\b{_WATCHER}s?(?:[ -]| (?:was|were) | who (?:was|were) )(?:[\w-]+ ){{0,2}}{_BLIND}\b|\b{_BLIND} "
        rf"(?:[\w-]+ ){{0,2}}{_WATCHER}\b|\b(?:investigators?|researchers?)[ -](?:was |were |who (?:was|were) )?"
        rf"{_BLIND}|\b(?:clinicians?|physicians?|surgeons?|nurses?|dentists?|technicians?|personnel|staff|therapists?|"
        rf"[a-z]+ologists?|ana?esthetists?) (?:(?:was|were|who (?:was|were)) )?(?:[\w-]+ )?{_BLIND} "
        rf"(?:to|of|for|as)\b|"
        rf"\bthird[- ]party[- ]{_BLIND}|"
        rf"\b{_WATCHER}s? (?:\w+ ){{0,3}}unaware of|\b{_BLIND} (?:end-?point|assessment)",
        "A blinded observer assessed pain.",
        "those who measured the outcome did not know",
        Blinding.ASSESSOR,
        ("blind", "mask", "unaware"),
        _STUDY,
    ),
    Rule(
        "blinding/single",
        rf"\bsingle[ -]*{_BLIND}\b|\b(?:patients?|participants?|subjects?)[ -](?:were |was )?{_BLIND}\b",
        "A single-blind crossover study",
        "the text says so",
        Blinding.SINGLE,
        ("single", "blind", "mask"),
        _STUDY,
    ),
    Rule(
        "blinding/open",
        rf"\bopen[ -]*label(?:l?ed)?\b|\b(?:non|un|not)[ -]?{_BLIND}\b|\bopen(?:,|-| )(?:[\w-]+,? "
        rf"){{0,3}}?(?:trial|study|rct|randomised)\b|\bwithout {_BLIND}",
        "An open-label trial of drug X",
        "the text says so",
        Blinding.OPEN,
        ("open", "blind", "mask"),
        _STUDY,
    ),
)


def read_blinding(source: Source) -> Hit | None:
    """Who did not know the treatment, where the text says it of this study."""
    if not any(key in source.norm for key in ("blind", "mask", "open", "dummy", "unaware")):
        return None
    return source.first(RULES) or _blinding_early(source)


# A sentence taken for background that tells of a trial now done: "This multicentre, double-blind study …".
_NOW = re.compile(
    r"\b(?:this|the present|prospective|randomised|multicent\w+|placebo-controlled|parallel|crossover|cross-over)\b|"
    r"\b(?:was|were) (?:[\w-]+ )?(?:studied|compared|evaluated|assessed|investigated|"
    r"performed|conducted|carried out|done)"
)
_NOT_NOW = re.compile(
    r"\b(?:previous\w*|earlier|recent\w*|several|future|further|larger?|needed|warranted|required|lack of|few|trials|"
    r"studies|have (?:been )?shown|has (?:been )?shown|planned)\b"
)


def _blinding_early(source: Source) -> Hit | None:
    for sentence in source.zone(BACKGROUND):
        if sentence.ours or _NOT_NOW.search(sentence.norm) or not _NOW.search(sentence.norm):
            continue
        for rule in RULES:
            if match := rule.regex.search(sentence.norm):
                return replace(source.hit(rule, match, sentence), confidence=Confidence.LIKELY)
    return None
