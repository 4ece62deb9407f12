"""Read the condition studied, where the title or the aim says who was treated."""

from __future__ import annotations

import re

from ..vocabulary import Confidence
from .engine import AIM, METHODS, TITLE, Hit, Rule, Source

_END = (
    r"(?=[.,;:(?]| (?:in|after|following|undergoing|using|with|by|and|who|treated|compared|versus|vs|receiving|"
    r"during|under|from|at|on|were|was|is|are|a|to|through|who|without|randomised|refractory to|had|has|have|took|take|"
    r"given|got|received|receive|between|before|whose|aged)\b|$)"
)

RULES = (
    Rule(
        "condition/people-with",
        rf"\b(?:patients|people|adults|children|subjects|individuals|women|men|participants|adolescents|"
        rf"veterans|outpatients|inpatients|persons|volunteers|sufferers) (?:(?:suffering|affected|"
        rf"diagnosed|presenting) (?:from|by|with)|with|who (?:had|have|suffer(?:ed)? from)) (?:an? |the "
        rf")?((?:[\w'/-]+ ){{0,6}}?[\w'/-]+){_END}",
        "Drug X in adults with complex regional pain syndrome: a trial",
        "the people are named by what they have",
        zones=(TITLE, AIM, METHODS),
        confidence=Confidence.LIKELY,
    ),
    Rule(
        "condition/undergoing",
        rf"\b(?:undergoing|scheduled for|after|following) (?:an? |the |elective )?((?:[\w'/-]+ "
        rf"){{0,4}}?(?:surgery|surgeries|\w+ectomy|\w+plasty|\w+otomy|section|fusion|repair|biopsy|"
        rf"delivery|replacement|extraction|procedures?|laparoscop\w+|endoscop\w+|tonsillectomy)){_END}",
        "Drug X for pain after lumbar spinal surgery",
        "the people are named by what was done to them",
        zones=(TITLE, AIM),
        confidence=Confidence.LIKELY,
    ),
    Rule(
        "condition/treatment-of",
        rf"\b(?:treatment|management|relief|therapy|prevention|control) (?:of|for) (?:an? |the |patients "
        rf"with )?((?:[\w'/-]+ ){{0,5}}?[\w'/-]+){_END}",
        "Drug X for the treatment of phantom limb pain",
        "what was to be treated",
        zones=(TITLE, AIM),
        confidence=Confidence.LIKELY,
    ),
    Rule(
        "condition/for-pain",
        rf"\b(?:for|in|of|on) (?:the )?((?:[\w'/-]+ ){{0,4}}?(?:pain|neuralgia|neuropathy|fibromyalgia|"
        rf"migraine|headaches?|depression|syndrome|arthritis|osteoarthritis|cancer)){_END}",
        "Drug X for neuropathic pain",
        "what the drug was for",
        zones=(TITLE,),
        confidence=Confidence.LIKELY,
    ),
)
# What people were given, or when, is not what they have.
_NOT_IN_CONDITIONS = re.compile(r"\basa |\b(?:ketamine|infusions?|injections?|placebo|saline|treatment with)\b|\d{3}")
_NOT_CONDITIONS = re.compile(
    r"^(?:placebo|ketamine|no|low|high|mean|severe|moderate|mild|american|asa|age|ages|aged|this|these|"
    r"their|patients|pain scores?|use|and|chronic|acute|treatment)$"
)


def read_condition(source: Source) -> Hit | None:
    """The condition studied, in the text's own words."""
    for rule in RULES:
        for match, sentence in source.find(rule):
            start, end = source.whole(*sentence.span(match, 1))
            words = source.norm[start:end]
            if not _NOT_CONDITIONS.match(words) and not _NOT_IN_CONDITIONS.search(words):
                return Hit(source.quote(start, end)[0], start, end, rule.name, rule.confidence)
    return None
