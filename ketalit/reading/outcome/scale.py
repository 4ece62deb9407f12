"""The scale of the primary outcome, with its range where that is printed beside it."""

from __future__ import annotations

import re

from ...vocabulary import Confidence
from ..engine import AIM, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source
from ..needs import Cue

_LIKELY = Confidence.LIKELY

SCALES: tuple[tuple[str, str], ...] = (
    ("visual analogue scale", r"\bvisual[ -]analog(?:ue)?(?:[ -]scales?| pain)?|\bvas\b"),
    (
        "numerical rating scale",
        (
            r"\bnumeric(?:al)?(?: pain)?[ -](?:rating|pain|analog(?:ue)?)(?:[ -](?:scales?|scores?))?|\bnrs\b|"
            r"\bnprs\b|\bverbal numeric(?:al)? rating|\bvnrs\b"
        ),
    ),
    ("verbal rating scale", r"\bverbal (?:rating|descriptor|pain|analog(?:ue)?)(?: scales?)?|\bvrs\b|\bvds\b"),
    ("Brief Pain Inventory", r"\bbrief pain inventory\b|\bbpi\b"),
    ("McGill Pain Questionnaire", r"\bmcgill\b|\bsf-mpq\b|\bmpq\b"),
    ("Neuropathic Pain Scale", r"\bneuropathic pain (?:scale|symptom inventory)\b|\bnps\b|\bnpsi\b"),
    ("WOMAC", r"\bwomac\b|\bwestern ontario\b"),
    ("Oswestry Disability Index", r"\boswestry\b"),
    ("Roland-Morris Disability Questionnaire", r"\broland[ -]morris\b"),
    ("Fibromyalgia Impact Questionnaire", r"\bfibromyalgia impact questionnaire\b|\bfiq\b"),
    ("Pain Disability Index", r"\bpain disability index\b"),
    ("SF-36", r"\bsf-?36\b|\bshort[ -]form[ -](?:36|health survey)"),
    ("MADRS", r"\bmadrs\b|\bmontgomery\b"),
    ("Hamilton rating scale", r"\bham-?d\b|\bhamilton\b"),
    ("Beck Depression Inventory", r"\bbeck depression\b|\bbdi\b"),
    ("Hospital Anxiety and Depression Scale", r"\bhospital anxiety\b|\bhads\b"),
    ("faces scale", r"\bfaces (?:pain )?(?:rating )?scale"),
    ("global impression of change", r"\bglobal (?:impression|perceived effect)|\bpgic?\b"),
    ("Ramsay Sedation Scale", r"\bramsay\b"),
)
_RANGE = re.compile(
    r"^[^.;]{0,30}?\(?(?:vas|nrs|vrs|nprs)?[;:, ]*(?:range:? ?|scored? )?(0(?:\.0)? ?(?:-|to) ?(?:100|"
    r"10)\b)(?! ?%)|^[^.;]{0,20}?\(?(\d{1,3})[- ](?:point|mm|cm)"
)


_SCALES = tuple((name, Cue(pattern)) for name, pattern in SCALES)

NAMED = Rule(
    "scale/named",
    "|".join(pattern for _, pattern in SCALES),
    "Pain was scored on a visual analogue scale.",
    "a scale named in the text",
    confidence=_LIKELY,
)


def read_scale(source: Source, outcome: Hit | None) -> Hit | None:
    """A scale named in the text, that of the outcome's own sentence first, with its range where printed beside it."""
    sentences = [one for one in source.sentences if one.ours and one.zone in (METHODS, AIM, RESULTS, UNKNOWN, TITLE)]
    if outcome:
        sentences.sort(key=lambda one: not one.start <= outcome.start < one.end)
    named = [(name, cue) for name, cue in _SCALES if cue.fits(source.words)]
    for sentence in sentences if named else ():
        found = [
            (match.start(), name, match) for name, cue in named if (match := cue.search(sentence.norm, sentence.words))
        ]
        if found:
            _, name, match = min(found, key=lambda one: one[0])
            beside = _RANGE.match(sentence.norm[match.end() :])
            end = match.end() + (beside.end() if beside else 0)
            value = name
            if beside:
                value += f" {beside.group(1)}" if beside.group(1) else f", {beside.group(2)} points"
            return Hit(
                value, *source.whole(sentence.start + match.start(), sentence.start + end), "scale/named", _LIKELY
            )
    return None
