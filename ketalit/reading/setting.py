"""Read on whom a study was done: patients, volunteers or animals."""

from __future__ import annotations

import re
from dataclasses import replace

from ..vocabulary import Confidence, Design, Setting
from .design import ANIMALS
from .engine import AIM, BACKGROUND, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Source
from .needs import Cue

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
_HEALTHY = (
    r"(?:healthy|normal|pain-free|asymptomatic|untrained|trained|physically active|recreationally (?:active|"
    r"trained)|resistance-trained|well-trained|sedentary)"
)
VOLUNTEERS = (
    Rule(
        "setting/healthy",
        rf"\b{_HEALTHY},? (?:[\w-]+,? ){{0,5}}?(?:volunteers|subjects|participants|adults?|individuals|"
        rf"humans|men|women|males?|females?|people|children|students|infants|persons|athletes|"
        rf"girls|boys|young)\b|\bvolunteers\b",
        "Ten healthy volunteers had drug X.",
        "the subjects were healthy",
        Setting.VOLUNTEERS,
        ("healthy", "normal", "volunteers", "pain-free", "asymptomatic", "trained", "active", "sedentary"),
        (TITLE, AIM, METHODS, UNKNOWN, RESULTS, BACKGROUND),
    ),
    Rule(
        "setting/general-population",
        r"\b(?:students|school ?children|schools?|workers|employees|athletes|players|cyclists|runners|"
        r"household(?:s|ers)?|general population|pregnant women|health professionals|soldiers|recruits|"
        r"adolescents|villages|villagers|firefighters|teachers|drivers|swimmers|communit(?:y|"
        r"ies)|infants|mothers|parents|preschool\w*|kindergartens?|toddlers|families|older (?:adults|people)|elderly|"
        r"nurses|residents|military|"
        r"universit(?:y|ies)(?!(?: [\w-]+){0,2} (?:hospital|medical|teaching|clinic|dental|affiliated)))\b",
        "Forty office workers took part.",
        "the subjects were not patients",
        Setting.VOLUNTEERS,
        zones=(TITLE, AIM, METHODS, UNKNOWN, RESULTS),
        confidence=_LIKELY,
    ),
)
DISEASES = Rule(
    "setting/diseases",
    r"\bpost-?operative|\bmigraine|\bheadache|\barthritis\b|\bosteoarthritis\b|\bhypertensi|\basthma\b|\bstroke\b|"
    r"\bepilep|\bschizophreni|\bautis|\bdementia\b|\bfibromyalgia\b",
    "Twelve adults with autism had both treatments.",
    "a disease is named, and nobody healthy",
    Setting.PATIENTS,
    confidence=_UNCLEAR,
)
HEALTHY_CONTROLS = Rule(
    "setting/healthy-controls",
    r"\b(?:healthy|normal) (?:[\w-]+ ){0,2}?controls\b",
    "They were measured beside healthy controls.",
    "the only subjects named were healthy",
    Setting.VOLUNTEERS,
    confidence=_UNCLEAR,
)
PATIENTS = Rule(
    "setting/patients",
    r"\b(?:out|in)?patients?\b|\bsurgery\b|\bundergoing\b|\bdiagnos(?:ed|is)\b|\bsuffer(?:ing|ed)?\b|"
    r"\bdisease\b|\bdisorders?\b|\bsyndrome\b|\bpain\b|\bcancer\b|\binjur(?:y|ies)\b|\binfection\b|"
    r"\bsymptoms?\b|\b(?:people|adults|children|women|men|individuals|subjects|participants|adolescents|veterans) "
    r"(?:living )?with (?!(?:and|or|no|normal|healthy|mean|an? (?:mean|body|bmi|history)|"
    r"access|experience|low|high)\b)|"
    r"\bparturients\b|\bcesarean|\bcaesarean|\bpreterm\b|\btherapy\b|\bdiabetes\b",
    "Patients with neuropathic pain had drug X.",
    "the subjects had a condition or a procedure",
    Setting.PATIENTS,
    confidence=_LIKELY,
)
# Xylazine and medetomidine are not given to people.
VETERINARY = Rule(
    "setting/veterinary-anaesthesia",
    r"\bketamine(?: hydrochloride)?\W+(?:and |plus |with )?(?:xylazine|medetomidine)\b|"
    r"\b(?:xylazine|medetomidine)\W+(?:and |plus |with )?ketamine\b",
    "Nerves were cut under ketamine-xylazine anaesthesia.",
    "an anaesthesia for animals was used",
    Setting.ANIMALS,
    ("xylazine", "medetomidine"),
    confidence=_LIKELY,
    ours=False,
)
RULES = (VETERINARY, *VOLUNTEERS, HEALTHY_CONTROLS, PATIENTS, DISEASES)


def read_setting(source: Source, design: Design | None) -> Hit | None:
    """On whom the study was done."""
    if design is Design.ANIMAL:
        found = source.first((ANIMALS,))
        return replace(found, value=Setting.ANIMALS, rule="setting/animals") if found else None
    if (drugged := source.first((VETERINARY,))) and not re.search(r"\bpatients?\b", source.norm):
        return drugged
    healthy = source.first(VOLUNTEERS[:1])
    patients = sum(1 for _ in _PATIENTS.finditer(source.norm))
    sick = source.first((PATIENTS,))
    treated = sick is not None and any(_TREATED.search(one.norm, one.words) for one in source.sentences)
    if healthy and not treated and (not patients or (patients <= 2 and _who(source) != "patients")):
        return healthy
    treated = treated or (sick is not None and sick.start < source.title_end)
    if patients or treated:
        return sick
    return source.first(VOLUNTEERS[1:]) or sick or source.first((HEALTHY_CONTROLS, DISEASES))


_PATIENTS = re.compile(r"patient(?:(?<=\bpatient)|(?<=\bin.{7})|(?<=\bout.{7}))s?\b")  # fast: it begins with letters
# What happens to people who need it, healthy as they may be otherwise.
_TREATED = Cue(
    r"\b(?:undergoing|scheduled (?:for|to undergo))"
    r"(?! (?:[\w-]+ ){0,2}(?:scan|mri|imaging|pet|test|exercise|training))|"
    r"\belective\b|\bin (?:spontaneous |active |early )?labou?r\b|\bthird molars?\b|\bhospitali[sz]ed\b|\bventilated\b"
)


def _who(source: Source) -> str:
    """The noun of the subjects in the methods."""
    for sentence in source.zone(METHODS, AIM):
        if found := re.search(
            r"\b(patients|volunteers|subjects|participants|children|women|men|adults)\b", sentence.norm
        ):
            return found.group(1)
    return ""
