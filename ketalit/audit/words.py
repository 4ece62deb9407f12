"""Words brought to one form, so that a statement and a claim that mean the same share them.

Synonyms are of general English and of medicine; nothing here is about one drug. Names of drugs come from the review.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from ..reading.normal import normalise
from ..reading.question.terms import stem
from .quantities import quantities

# Phrases that are one thing, before the text is cut into words. Case counts only where it tells ("WHO").
_PHRASES = (
    (r"\bWHO\b|\b(?i:world health organi[sz]ation)(?: \(WHO\))?", "whoagency"),
    (r"(?i:\bfood and drug administration(?: \(FDA\))?)", "fda"),
    (r"(?i:\bn-?methyl-?d-?\s?aspart?(?:ate|e)\b(?: \(?nmda\)?)?)", "nmda"),
    (r"(?i:\bcomplex regional pain syndromes?\b,?(?: \(?crps\)?)?)", "crps"),
    (r"(?i:\bpost-?\s?traumatic stress disorder\b(?: \(?ptsd\)?)?)", "ptsd"),
    (r"(?i:\bgamma-?aminobutyric acid\b(?: a\b)?(?: \(?gaba\)?)?)", "gaba"),
    (r"(?i:\btempor(?:al|o) ?-?mandibular(?: joint)?(?: \(tmj\))?|\bjaw joint|\bjoint of the jaw|\bTMJ\b)", "tmj"),
    (r"(?i:\bnon-?steroidal anti-?inflammator(?:y|ies)(?: (?:drugs?|medications?|medicines?))?)", "nsaid"),
    (r"(?i:\bside[- ]effects?|\badverse (?:effects?|events?|reactions?))", "sideeffect"),
    (r"(?i:\blong[- ]?term|\blong[- ]lasting|\bover the long term)", "longterm"),
    (r"(?i:\bfirst[- ]line(?:-of-defen[sc]e)?)", "firstline"),
    (r"(?i:\bover-?activ\w+|\bover-?activation)", "overactive"),
    (r"(?i:\bover[- ]the[- ]counter)", "overcounter"),
    (r"(?i:\bbreak(?:s|ing)? off|\bdrop(?:s|ping)? out|\bneed to terminate)", "stop"),
    (r"(?i:\bunder[- ]the[- ]tongue)", "sublingual"),
    (r"(?i:\bgo(?:es)? up\b)", "rise"),
    (r"(?i:\bwip(?:e|es|ing) out\b)", "eliminate"),
    (r"(?i:\b(?:hard|difficult|impossible) to (?:say|tell|predict|foresee)\b)", "not predict"),
    (r"(?i:\bclub drug|\bdate rape drug)", "misuse"),
    (r"(?i:\blower(?:s|ed|ing)\b)", "reduce"),
    (
        r"(?i:(?:\bnot|n['’]t)(?: been)? (?:work(?:ing|ed)?|help(?:ed|ing)?|effective)\b"
        r"|\bwork(?:s|ed)? (?:poorly|badly)\b|\bless effective\b|\bunresponsive\b|\bfailures?\b)",
        "fail",
    ),
    (r"(?i:\bwear(?:s|ing)? off\b)", "end"),
)
# Each line: words that count as one. The first names the group.
_SAME = """
addict addiction addicted addictive dependence dependent
misuse abuse abused misused
reboot reset restart resets reboots
opioid opiate opium
infusion drip infused
intravenous iv vein
relief relieve relieved alleviate ease analgesia analgesic soothe
reduce decrease lessen diminish reduction
increase raise rise elevate elevated raised boost grow up
block blocks blocking blockade blockage inhibit inhibition antagonist antagonise
unblock open opens
close shut shuts closing
stop interrupt halt cease prevent keep terminate
sleepy drowsy sleepiness drowsiness sedation
tired fatigue
depression depressed depressive antidepressant
new novel emerging
recent recently
medicine medication drug prescription pharmaceutical remedy
function functioning functionality
animal veterinary veterinarian vet
fast abstain fasting
secretion saliva salivation
choke choking
gaba gabaergic
receptor neuroreceptor
neuron neurone nerve
signal impulse
transmission transmit neurotransmission
headache cephalalgia
heart cardiac cardiovascular
anaesthetic anaesthesia anesthetic anesthesia anesthetise
dysphoria
hallucination hallucinate
guideline guidance
effective efficacy efficacious effectiveness
demonstrate proven prove show shown demonstrated
study studies trial research investigate explore explored studied
determine establish determined
long prolonged lasting enduring lasts last endure
few handful
patient people person individual participant somebody someone everybody everyone anybody nobody
work respond response responder react reaction responsive
option alternative
fail failed unsuccessful
safe safety
tolerate tolerated
strong powerful potent
surgery surgical postoperative operation
sparing spare
recovery recover
promising promise hopeful
opposite reverse
risk chance danger
sublingual lozenge
nasal intranasal nose
oral orally mouth
booster
home
relax relaxation
adult
dose dosage dosing
usual usually typical typically normally commonly
series course
benefit help helpful beneficial
improve improvement better
experience report reported reports
psychiatric mental
hour hourly
temporary transient
end subside disappear resolve fade
soon shortly
start begin
condition disease disorder illness
talk discuss discussion tell
many multiple several numerous variety
find found discover discovered
contact touch
route way method
integral matter important
daily day
"""
_STOP_WORDS = """
the of and in to a an with for on at by or as was were is are be been from than that this these those there between
among after during before into their its it both each all any no not who which when where while but had have has did do
does we our they them he she his her you your i using per if also only same other more less can could may might must
shall should will would so such too very just quite rather some own about over under again then once here what why how
because through up out off down s t re ve ll d m one get gets got give gives gave given make makes made take takes took
taken like e g i.e thing things etc possibly often even still however although though known called call often
considered certain particular particularly range number kind being type types form forms
"""
_STOP = frozenset(_STOP_WORDS.split())


# Words that frame a statement rather than make it; they count for little.
_GENERAL_WORDS = """
act system approach list work find use used effect study treatment treat therapy patient certain experience report
usual need first right seek manage management provide offer potential possible include activity matter call set setting
few result significant chronic pain people option benefit show integral
"""
GENERAL = 0.4


@cache
def _groups() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in _SAME.strip().splitlines():
        words = line.split()
        for word in words:
            found.setdefault(stem(word), stem(words[0]))
    return found


@lru_cache(maxsize=20_000)
def term_of(word: str) -> str:
    """The term that a word in lower case stands for.

    >>> term_of("reboots") == term_of("reset"), term_of("opiate") == term_of("opioids")
    (True, True)
    """
    short = stem(word)
    return _groups().get(short, short)


@cache
def _general() -> frozenset[str]:
    return frozenset(term_of(word) for word in _GENERAL_WORDS.split())


def is_general(term: str) -> bool:
    """Whether a term frames a statement rather than makes it.

    >>> is_general(term_of("study")), is_general(term_of("receptor"))
    (True, False)
    """
    return term in _general()


_TOKEN = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """A text in lower case with its phrases made single words and its numbers made digits.

    >>> plain("WHO lists it; two thirds have TMJ pain")
    'whoagency lists it; 2 thirds have tmj pain'
    """
    for pattern, word in _PHRASES:
        text = re.sub(pattern, f" {word} ", text)
    return re.sub(r" {2,}", " ", normalise(text).text).strip()


def terms(text: str) -> list[str]:
    """The terms of a text in order, without words that say nothing, without numbers and their units.

    >>> terms("The brain reboots in 3 weeks.") == terms("brains reset")
    True
    """
    for one in reversed(quantities(text)):
        text = f"{text[: one.start]} {text[one.end :]}"
    return [term_of(word) for word in _TOKEN.findall(plain(text)) if word not in _STOP and len(word) > 1]


class Rarity:
    """How much each term tells, learnt from texts: rare terms more."""

    def __init__(self, texts: Iterable[Iterable[str]]):
        counts: Counter[str] = Counter()
        self.total = 0
        for one in texts:
            counts.update(set(one))
            self.total += 1
        self._weights = {word: math.log(1 + self.total / count) for word, count in counts.items()}
        self._unseen = math.log(1 + self.total) if self.total else 1.0

    def __call__(self, term: str) -> float:
        """Weight of a term, in natural logarithms; that of a general word is cut."""
        return self._weights.get(term, self._unseen) * (GENERAL if is_general(term) else 1.0)
