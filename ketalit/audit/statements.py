"""Cut a page into sentences and say which of them can be checked, and why.

A sentence can be checked when it holds a number, a word of certainty, of mechanism, of effect or of harm, or points to
a study. Questions, headings, addresses and invitations to call are passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..sentences import split_sentences
from .model import StatementKind
from .quantities import QuantityKind, quantities

_LONGEST = 1500  # letters of a sentence; what is longer is no prose and is cut there
# A sentence that begins so leans on the one before it.
_LEANS = re.compile(
    r"(?i)(?:this|these|those|that|it|its|they|their|such|the (?:effects?|benefits?|results?|relief)|participants|"
    r"activating|other|here|so|from|the (?:treatment|therapy|drug|article|study))\b"
)
_LIST_ITEM = re.compile(r"(?:[-*•–]|\d{1,2}[.)]) ")
_ENDS = re.compile(r"[.!?;:…][\"'”’)\]\d,]*$")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_INVITES = re.compile(
    r"(?i)\b(?:contact|call|visit|e-?mail|schedule|book|click|learn more|read more|sign up|follow) (?:us|our|now|today|"
    r"here|an?|your|the|at|about|on)\b|\bfree (?:phone )?consultation|\breach out to us\b|\ball rights reserved\b|"
    r"\bcookies?\b|©|\breading time\b|\b(?:call|phone|tel)[: ]+\+?[\d(]"
)
# What tells the reader to do something says nothing that can be checked.
_ASKS = re.compile(
    r"(?i)(?:please |- )?(?:talk|mention|ask|tell|speak|contact|content|visit|call|schedule|reach|learn|click|book|"
    r"share|read)\b"
)
_STUDY = re.compile(
    r"(?i)\b(?:stud(?:y|ies)|trials?|research(?:ers)?|meta-?analys[ei]s|evidence|"
    r"according to|published|survey|scientists)\b"
)
_CERTAINTY = re.compile(
    r"(?i)\b(?:always|never|no (?:chance|risk|doubt|danger|side|long|evidence|stud)\w*|zero risk|prove[dns]?|proven|"
    r"guarantee\w*|certain(?:ly|ty)|cur(?:e|es|ed|ing)|reboot\w*|reset\w*|eliminat\w*|miracle|safest|solv(?:e|es|ed)|"
    r"every(?:one|body)|nobody|all patients|completely|permanent\w*|dramatic\w*|cannot)\b"
)
_MECHANISM = re.compile(
    r"(?i)\b(?:receptors?|nmda|n-methyl\S*|glutam\w+|gaba\b|gamma-aminobutyric|channels?|opioid\w*|opiate\w*|dopamine|"
    r"serotonin|sensiti[sz]ation|neuro\w+|neurons?|nerves?|antagonist|agonist|pathways?|spinal|dorsal horn|brain|"
    r"hormon\w+|enzyme\w*|bind\w*|half-life|metaboli\w+|plasma|liver)\b"
)
_EFFECT = re.compile(
    r"(?i)\b(?:reliev\w+|relief|reduc\w+|decreas\w+|increas\w+|improv\w+|effective\w*|efficacy|benefit\w*|treats?|"
    r"treated|respon\w+|works?\b|help(?:s|ed|ful)?|lower(?:s|ed)?|rais(?:e|es|ed)|block\w*|stops?|promising|recommended|"
    r"option|caus\w+|lasts?|lasted|repair\w*|heal\w*|change[sd]?|shorten\w*|slow\w*|"
    r"(?:doubl|tripl|halv)(?:es?|ed|ing)\b(?!-)|enhanc\w+|strengthen\w*|weaken\w*|protect\w*|worsen\w*|f[ae]ll(?:s|en)?|drop(?:s|ped)?)\b"
)
_HARM = re.compile(
    r"(?i)\b(?:side[- ]effects?|adverse|safe\w*|risks?|tolerated|nausea|vomit\w*|dizz\w+|hallucinat\w+|dissociat\w+|"
    r"headaches?|blood pressure|heart|addict\w*|dependen\w+|abuse|overdose|toxic\w*|injury|cystitis|interact\w*|"
    r"contraindicat\w+|monitor\w*|fast(?:ing)?|abstain|tired|drows\w+|secretions?|chok\w+)\b"
)
_HISTORY = re.compile(
    r"(?i)\b(?:approved|patented|discovered|invented|decades?|not a new|new (?:drug|approach)|fda|world health)\b"
)
_CUES = (
    (_CERTAINTY, StatementKind.CERTAINTY),
    (_MECHANISM, StatementKind.MECHANISM),
    (_EFFECT, StatementKind.EFFECT),
    (_HARM, StatementKind.HARM),
    (_STUDY, StatementKind.STUDY),
    (_HISTORY, StatementKind.HISTORY),
)
_OF_NUMBERS = {
    QuantityKind.DOSE: StatementKind.DOSE,
    QuantityKind.RATE: StatementKind.DOSE,
    QuantityKind.AMOUNT: StatementKind.DOSE,
    QuantityKind.DURATION: StatementKind.DURATION,
    QuantityKind.SHARE: StatementKind.PERCENTAGE,
    QuantityKind.YEAR: StatementKind.HISTORY,
}
# This alone says too little: "our brains are unique".
_WEAK = StatementKind.MECHANISM


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a page. `before`: those it leans on; `lead`: the line that leads up to it as a list item."""

    start: int
    end: int
    text: str
    before: str = ""
    lead: str = ""
    checkable: bool = True


def page_sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a page in order, each with what it leans on; headings and questions are not checkable.

    >>> [(one.text, one.lead) for one in page_sentences("Effects include:\\n- Nausea\\nPain fell.") if one.checkable]
    [('- Nausea', 'Effects include:'), ('Pain fell.', '')]
    """
    before = lead = ""
    last = 0
    spans = split_sentences(text)
    lines = Counter(_bare(text[start:end]) for start, end in spans)
    for start, stop in spans:
        end = min(stop, start + _LONGEST)
        sentence = text[start:end]
        gap = text[last:start]
        first_in_line = "\n" in gap or not last
        if "\n\n" in gap:
            before = ""
        item = bool(_LIST_ITEM.match(sentence)) and first_in_line
        lead = lead if item else ""
        prose = bool(_ENDS.search(sentence)) or item or len(sentence.split()) > 12
        heading = not prose or (item and lines[_bare(sentence)] > 1)  # an entry of the page's own contents
        checkable = not heading and not sentence.endswith(("?", ":")) and bool(re.search(r"[^\W\d_]{2}", sentence))
        checkable = checkable and bool(re.search(r"[^\W\d_]{3}", _ADDRESS.sub("", sentence)))
        checkable = checkable and not _ASKS.match(sentence)
        leans = not item and bool(_LEANS.match(sentence))
        yield Sentence(start, end, sentence, before if leans else "", lead, checkable)
        if sentence.endswith(":"):
            lead = sentence
        before = "" if heading else f"{before if leans else ''} {sentence}".strip()[-_LONGEST:]
        last = end


def _bare(sentence: str) -> str:
    return _LIST_ITEM.sub("", sentence, count=1).strip().casefold()


def kinds_of(sentence: str) -> tuple[StatementKind, ...]:
    """Why a sentence can be checked; empty where it cannot.

    >>> [str(kind) for kind in kinds_of("There is no chance of addiction to ketamine.")]
    ['certainty', 'harm']
    >>> kinds_of("Call us today for a free consultation."), kinds_of("Our rooms are cosy and private.")
    ((), ())
    """
    if _INVITES.search(sentence):
        return ()
    found = [_OF_NUMBERS[one.kind] for one in quantities(sentence)]
    found += [kind for pattern, kind in _CUES if pattern.search(sentence)]
    kinds = tuple(kind for kind in StatementKind if kind in found)
    return () if kinds == (_WEAK,) else kinds
