"""By which route the drug was given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...vocabulary import Confidence
from ..engine import AIM, BACKGROUND, METHODS, UNKNOWN, Hit, Rule, Sentence, Source
from ..needs import Cue
from ..units import DOSE, NUMBER
from .drugs import OTHER_DRUG, Naming, distance, names_other, other_in

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR

_ROUTES = (
    (
        "intravenous",
        r"(?<!group )(?<!grade )(?<!phase )(?<!class )(?<!type )\bi\.? ?v\b\.?|\bintra-?venous(?:ly)?\b|"
        r"\binfusion into a vein\b",
    ),
    (
        "intranasal",
        r"\bintra-?nasal(?:ly)?\b|\bnasal(?:ly)?\b(?! (?:tolera|intub|cann|oxy|cong|symp))|\bin\b(?=-ketamine)",
    ),
    ("intramuscular", r"\bintra-?muscular(?:ly)?\b|\bi\.? ?m\.|\bim\b"),
    ("subcutaneous", r"\bsub-?cutaneous(?:ly)?\b|\bs\.? ?c\.|\bsc\b"),
    ("sublingual", r"\bsub-?lingual(?:ly)?\b|\bwafers?\b"),
    (
        "topical",
        r"\btopical(?:ly)?\b|\bcreams?\b|\bgels?\b|\bointments?\b|\b(?:oral |mouth ?)(?:rinses?|wash\w*)\b|\bgargl\w+",
    ),
    (
        "oral",
        r"\boral(?:ly)?\b(?! (?:intake|mucos|surg|anti))|\bper os\b|\bp\.? ?o\b\.?|\b(?:capsule|tablet|lozenge)s?\b",
    ),
    ("transdermal", r"\btransdermal(?:ly)?\b|\bpatch(?:es)?\b"),
    ("caudal", r"\bcaudal(?:ly)?\b"),
    ("epidural", r"\bepidural(?:ly)?\b|\bextradural(?:ly)?\b|\bperidural(?:ly)?\b"),
    ("intrathecal", r"\bintra-?thecal(?:ly)?\b|\bspinal(?:ly)? injection|\bsubarachnoid\b"),
    ("perineural", r"\bperi-?neural(?:ly)?\b|\b(?:nerve|plexus|plane|paravertebral) blocks?\b"),
    ("rectal", r"\brectal(?:ly)?\b|\bsuppositor\w+"),
    ("inhaled", r"\binhal(?:ed|ation)\b|\bnebuli[sz]ed\b"),
    ("intraperitoneal", r"\bintra-?peritoneal(?:ly)?\b|\bi\.? ?p\.|\bip\b"),
    ("intra-articular", r"\bintra-?articular(?:ly)?\b"),
    ("infiltration", r"\binfiltrat\w+"),
)
_ROUTE = re.compile(  # the first letters only save time
    rf"\b(?=[inswtcgompler])(?:{'|'.join(f'(?P<r{place}>{pattern})' for place, (_, pattern) in enumerate(_ROUTES))})"
)
_OF_ALL = Cue(
    r"\b(?:drugs?|medications?|agents?|infusions?|injections?|solutions?|treatments?)\b[^.;]{0,40}?"
    rf"(?:{_ROUTE.pattern})".replace("?P<", "?P<x")
)
_OTHERS_DOSE = re.compile(
    rf"(?:{OTHER_DRUG.pattern})[^.;]{{0,12}}{NUMBER} ?(?:mg|µg|microg|mcg|g|ml)[\w/.()-]*\)?,? ?\(?$"
)
_LINKS = re.compile(
    r"[\s,/+]*(?:(?:and|or|plus|either|with|versus|vs|infused|infusions? of|the|a|"
    r"hydrochloride|sodium|citrate)[\s,/+]*)*"
)
ROUTE_RULES = (
    Rule(
        "route/near-drug",
        _ROUTE.pattern,
        "Ketamine was given intravenously.",
        "a route named in a sentence with the drug",
        confidence=_LIKELY,
    ),
    Rule(
        "route/of-the-drugs",
        _OF_ALL.pattern,
        "The drugs were given intravenously.",
        "the only route named, told of all drugs together",
        confidence=_UNCLEAR,
    ),
)


def read_route(source: Source, naming: Naming, dose: Hit | None) -> Hit | None:
    """The route that stands by the dose; else the one nearest to the drug in the first sentence with one in reach;
    else the only one in the sentence with the dose, or that of "the drugs"."""
    told = [
        (sentence, routes, drugs)
        for sentence, drugs in naming
        if (sentence.ours or sentence.zone != BACKGROUND) and (routes := [*_routes(sentence.norm, drugs)])
    ]
    with_dose = [one for one in told if dose and one[0].start <= dose.start < one[0].end]
    for sentence, routes, _ in with_dose:
        first = dose.start - sentence.start if dose else 0
        last = dose.end - sentence.start if dose else 0
        near = [(max(route.start() - last, first - route.end(), 0), route) for route in routes]
        away, route = min(near, key=lambda pair: pair[0])
        if away <= 30:
            return _route_hit(source, sentence, route, _LIKELY)
    for reach in (30, 90):
        for sentence, routes, drugs in told:
            away, route = min(
                ((min(distance(route, drug) for drug in drugs), route) for route in routes), key=lambda pair: pair[0]
            )
            if away <= reach and not (away > 30 and other_in(sentence.norm, route.end(), route.end() + 40, drugs)):
                return _route_hit(source, sentence, route, _LIKELY if away <= 30 else _UNCLEAR)
    for sentence, routes, drugs in with_dose:
        only = len({route.lastgroup for route in routes}) == 1
        adverb = routes[0].group().endswith("ly")  # "intravenously with this, that or the other"
        if only and (adverb or not other_in(sentence.norm, routes[0].end(), routes[0].end() + 30, drugs)):
            return _route_hit(source, sentence, routes[0], _UNCLEAR)
    for sentence in source.sentences:
        if (
            sentence.ours
            and sentence.zone in (METHODS, AIM, UNKNOWN)
            and (found := _OF_ALL.search(sentence.norm, sentence.words))
        ):
            all_routes = [*_ROUTE.finditer(sentence.norm)]
            if len({one.lastgroup for one in all_routes}) == 1:
                route = next((one for one in all_routes if one.start() >= found.start()), all_routes[0])
                return _route_hit(source, sentence, route, _UNCLEAR, "route/of-the-drugs")
    return None


def _routes(norm: str, drugs: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The routes in a sentence but those of other drugs ("oral midazolam", "midazolam 0.5 mg/kg orally")."""
    for route in _ROUTE.finditer(norm):
        if names_other(norm, route.end() + 1, drugs) and not _shared(norm, route, drugs):
            continue
        if _OTHERS_DOSE.search(norm[max(0, route.start() - 45) : route.start()]) and not any(
            route.start() - 45 <= drug.start() < route.start() for drug in drugs
        ):
            continue
        yield route


def _shared(norm: str, route: re.Match[str], drugs: list[re.Match[str]]) -> bool:
    """Whether a route stands before a list of drugs and ours is one of them ("intravenous fentanyl or ketamine")."""
    for drug in drugs:
        if route.end() <= drug.start() <= route.end() + 120:
            between = DOSE.sub("", re.sub(r"\([^)]*\)", "", norm[route.end() : drug.start()]))
            return _LINKS.fullmatch(OTHER_DRUG.sub("", between)) is not None
    return False


def _route_hit(
    source: Source, sentence: Sentence, route: re.Match[str], confidence: Confidence, rule: str = "route/near-drug"
) -> Hit:
    kind = _ROUTES[int(str(route.lastgroup)[1:])][0]
    return Hit(kind, *source.whole(*sentence.span(route)), rule, confidence)
