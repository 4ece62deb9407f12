"""Read what was given: form, route, dose and duration of the drugs a review is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..vocabulary import Confidence
from .engine import AIM, BACKGROUND, CONCLUSION, METHODS, RESULTS, TITLE, UNKNOWN, Hit, Rule, Sentence, Source
from .units import DOSE, normalise_dose

_LIKELY, _UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
_ORDER = (METHODS, AIM, UNKNOWN, TITLE, RESULTS, CONCLUSION, BACKGROUND)
# What in a sentence is some other drug: stems that end the names of most (WHO, "stem book"), and common others.
_OTHER_DRUG = re.compile(
    r"\b(?!ketamine|esketamine|medicine|baseline|routine|combine|determine|examine|urine|outline|machine|"
    r"line|fine|online|spine|discipline|alone|zone|bone|hormone|"
    r"protocol|control|alcohol|cholesterol|level|pain|trial|total|clamp)[a-z]+(?:caine|azepam|azolam|anil|"
    r"entanil|orphine|codone|morphone|tamol|aminophen|profen|idine|idate|pofol|"
    r"othane|flurane|curium|curonium|gabalin|pentin|setron|statin|olol|arin|azine|oxetine|triptan|mycin|"
    r"cillin|idone|barbital|mab|pril|sartan|pam|adol|orolac|coxib|"
    r"feine|artane|setin|promine|triptyline|naloxone|loxone|trexone|methadone|asone|solone|phrine|phedrine|"
    r"pyrrolate|stigmine|phane|phan|rine|mine|tine|dine|line)\b|"
    r"\b(?:magnesium|saline|placebo|aspirin|nicotine|insulin|propofol|tramadol|atropine|neostigmine|"
    r"nitrous oxide|thiopental|fentanyl|sevoflurane)\b"
)
_ROUTES = (
    ("intravenous", r"\bi\.? ?v\b\.?|\bintravenous(?:ly)?\b|\binfusion into a vein\b"),
    ("intranasal", r"\bintra-?nasal(?:ly)?\b|\bnasal (?:spray|esketamine|ketamine)\b|\bnasally\b|\bin\b(?=-ketamine)"),
    ("intramuscular", r"\bintra-?muscular(?:ly)?\b|\bi\.m\.|\bim\b"),
    ("subcutaneous", r"\bsub-?cutaneous(?:ly)?\b|\bs\.c\."),
    ("sublingual", r"\bsublingual(?:ly)?\b|\bwafers?\b"),
    ("oral", r"\boral(?:ly)?\b|\bper os\b|\bp\.o\.|\bcapsules?\b|\btablets?\b|\blozenges?\b"),
    ("topical", r"\btopical(?:ly)?\b|\bcream\b|\bgel\b|\bointment\b|\bmouthwash\b|\bgargl"),
    ("transdermal", r"\btransdermal(?:ly)?\b|\bpatch(?:es)?\b"),
    ("epidural", r"\bepidural(?:ly)?\b|\bextradural\b|\bcaudal(?:ly)?\b"),
    ("intrathecal", r"\bintra-?thecal(?:ly)?\b|\bspinal(?:ly)?\b injection|\bsubarachnoid\b"),
    ("rectal", r"\brectal(?:ly)?\b|\bsuppositor"),
    ("inhaled", r"\binhal(?:ed|ation)\b|\bnebuli[sz]ed\b"),
    ("intra-articular", r"\bintra-?articular(?:ly)?\b"),
    ("infiltration", r"\binfiltrat"),
)
_ROUTE = re.compile("|".join(f"(?P<r{place}>{pattern})" for place, (_, pattern) in enumerate(_ROUTES)))
_FREE = (
    r"(?:[\s,;:()/]|of|the|an?|to|iv|i\.v\.|intravenous|im|intramuscular|oral|intranasal|bolus|single|dose|"
    r"doses|low|low-dose|racemic|injection|infusion|subanesthetic|subanaesthetic|hydrochloride|with|continuous|"
    r"either|cri|normal|hcl|inj|intravenously|s\(\+\)-?|nasal|\d+ ml|solution|concentration)*"
)
_AT_ONCE = rf"(?![,;:)]){_FREE}"  # the name that follows an amount with no stop between
_DURATION = re.compile(
    r"\b(?:for|over|during|within|lasting|until) (?:a |the )?(?:period of |total of |first |maximum of "
    r")?((?:\d+(?:\.\d+)?(?: ?(?:-|to|or) ?\d+)?|a|an)[ -]?(?:consecutive )?(?:minutes?|mins?|hours?|hrs?|"
    r"h|days?|weeks?|wks?|months?|years?))\b|"
    r"\b(\d+(?:\.\d+)?(?: ?(?:-|to) ?\d+)?[ -](?:minutes?|mins?|hours?|h|days?|weeks?|"
    r"months?))[ -](?:(?:long|continuous|intravenous|iv|i\.v\.) )?(?:infusion|course|treatment|therapy)"
)

DRUG = Rule(
    "drug/named",
    r"\bketamine\b",
    "Ketamine 0.5 mg/kg was given.",
    "the text names a drug that the review is about (the pattern is built from the review's own list)",
)
FORMS = (
    Rule(
        "drug-form/s",
        r"\besketamine\b|(?<![\w,])\(?s\)?(?:\(\+\))?[ -]?(?:\(\+\)[ -]?)?ketamine\b|\bs-\(\+\)-?ketamine|"
        r"\(\+\)[ -]ketamine",
        "S(+)-ketamine was infused.",
        "the text names the S enantiomer",
        "S-ketamine",
    ),
    Rule(
        "drug-form/r",
        r"\barketamine\b|(?<![\w,])\(?r\)?(?:\(-\))?[ -](?:\(-\)[ -]?)?ketamine\b",
        "Arketamine was infused.",
        "the text names the R enantiomer",
        "R-ketamine",
    ),
    Rule(
        "drug-form/racemic",
        r"\bracemic (?:[\w-]+ ){0,2}?ketamine|\bketamine racemate|\br,s-ketamine|\(r,s\)-ketamine|"
        r"\bracemic mixture|\bracemate\b",
        "Racemic ketamine was infused.",
        "the text says that both enantiomers were given; a form not stated is never assumed racemic",
        "racemic",
    ),
)
RULES = (
    DRUG,
    *FORMS,
    Rule(
        "route/near-drug",
        _ROUTE.pattern,
        "Ketamine was given intravenously.",
        "a route named in a sentence with the drug",
        confidence=_LIKELY,
    ),
    Rule(
        "dose/near-drug",
        DOSE.pattern,
        "Ketamine 0.5 mg/kg was given.",
        "an amount that stands with the drug and with no other drug",
        confidence=_LIKELY,
    ),
    Rule(
        "duration/near-drug",
        _DURATION.pattern,
        "Ketamine was infused for 4 h.",
        "a span of time in a sentence with the drug and its giving",
        confidence=_LIKELY,
    ),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a text says of a drug: each a hit or None. `named` is None where the drug is not mentioned at all."""

    named: Hit | None = None
    form: Hit | None = None
    route: Hit | None = None
    dose: Hit | None = None
    bolus: Hit | None = None
    rate: Hit | None = None
    duration: Hit | None = None


@cache
def drug_pattern(drugs: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these drugs, with what chemists put before a name, but not its metabolites.

    >>> [bool(drug_pattern(("ketamine",)).search(name)) for name in ("s(+)-ketamine", "norketamine")]
    [True, False]
    """
    names = "|".join(re.escape(name.lower()) for name in drugs)
    return re.compile(rf"(?<![a-z])(?:\(?[rs](?:,[rs])?\)?(?:\([+-]\))?-?|es|ar)?(?:{names})\b")


def read_given(source: Source, drugs: tuple[str, ...]) -> Given:
    """Form, route, dose and duration of the drugs, from the sentences that name them."""
    if not drugs or not any(name.lower() in source.norm for name in drugs):
        return Given()
    pattern = drug_pattern(drugs)
    found = [(sentence, list(pattern.finditer(sentence.norm))) for sentence in source.sentences]
    naming = [(sentence, matches) for sentence, matches in found if matches]
    if not naming:
        return Given()
    naming.sort(
        key=lambda pair: (not pair[0].ours, _ORDER.index(pair[0].zone) if pair[0].zone in _ORDER else 9, pair[0].start)
    )
    sentence, matches = min(naming, key=lambda pair: pair[0].start)
    named = Hit(matches[0].group(), *source.whole(*sentence.span(matches[0])), DRUG.name)
    dose, bolus, rate = _dose(source, naming)
    return Given(named, source.first(FORMS), _route(source, naming), dose, bolus, rate, _duration(source, naming, dose))


def _route(source: Source, naming: list[tuple[Sentence, list[re.Match[str]]]]) -> Hit | None:
    """The route named nearest to the drug, in the first sentence that has one within reach."""
    for reach in (30, 90):
        for sentence, drugs in naming:
            if sentence.zone == BACKGROUND and not sentence.ours:
                continue
            routes = [
                (min(_distance(route, drug) for drug in drugs), route) for route in _ROUTE.finditer(sentence.norm)
            ]
            near = [pair for pair in routes if pair[0] <= reach]
            if near:
                distance, match = min(near, key=lambda pair: pair[0])
                between = sentence.norm[match.end() : match.end() + 40]
                if distance > 30 and _OTHER_DRUG.search(between):
                    continue
                kind = next(name for place, (name, _) in enumerate(_ROUTES) if match.group(f"r{place}"))
                return Hit(
                    kind,
                    *source.whole(*sentence.span(match)),
                    "route/near-drug",
                    _LIKELY if distance <= 30 else _UNCLEAR,
                )
    return None


def _distance(one: re.Match[str], other: re.Match[str]) -> int:
    return max(one.start() - other.end(), other.start() - one.end(), 0)


def _dose(
    source: Source, naming: list[tuple[Sentence, list[re.Match[str]]]]
) -> tuple[Hit | None, Hit | None, Hit | None]:
    """The doses of the first sentence that gives any: as printed, and per body weight where one is."""
    for sentence, drugs in naming:
        if not sentence.ours:
            continue
        amounts = [match for match in DOSE.finditer(sentence.norm) if _belongs(sentence.norm, match, drugs)]
        if not amounts:
            continue
        start, end = source.whole(sentence.span(amounts[0])[0], sentence.span(amounts[-1])[1])
        pieces = dict.fromkeys(source.quote(*sentence.span(match))[0] for match in amounts)
        dose = Hit(" + ".join(pieces), start, end, "dose/near-drug", _LIKELY)
        per_weight: dict[str, Hit] = {}
        doubled: set[str] = set()
        for match in amounts:
            result = normalise_dose(match.group(1), match.group(2))
            hit = Hit(result.value, *source.whole(*sentence.span(match)), "dose/per-weight", _LIKELY, result.note)
            if (held := per_weight.get(result.field)) and held.value != hit.value:
                doubled.add(result.field)
            if held is None or held.value is None:
                per_weight[result.field] = hit
        for field in doubled:
            held = per_weight[field]
            per_weight[field] = Hit(
                None, held.start, held.end, held.rule, _LIKELY, "the text gives more than one dose; the field holds one"
            )
        return dose, per_weight.get("dose_mg_per_kg"), per_weight.get("dose_mg_per_kg_per_h")
    return None, None, None


def _belongs(norm: str, amount: re.Match[str], drugs: list[re.Match[str]]) -> bool:
    """Whether an amount is of the drug: the drug follows at once, or stands before with no other drug between."""
    after = norm[amount.end() :]
    for drug in drugs:
        if drug.start() >= amount.end() and re.fullmatch(_AT_ONCE, norm[amount.end() : drug.start()]):
            return True
    if (found := re.match(_AT_ONCE, after)) and _OTHER_DRUG.match(after, found.end()):
        return False
    before = [drug for drug in drugs if drug.end() <= amount.start()]
    if not before:
        return False
    between = norm[before[-1].end() : amount.start()]
    if len(between) > 110 or _OTHER_DRUG.search(between):
        return False
    return not re.search(r"\b(?:plus|added to|compared|versus|vs|aged|weigh)\b", between)


def _duration(source: Source, naming: list[tuple[Sentence, list[re.Match[str]]]], dose: Hit | None) -> Hit | None:
    """How long the drug was given: a span of time in a sentence that gives the drug, that of the dose first."""
    giving = re.compile(r"\binfus|\breceiv|\badminist|\bgiven\b|\btreat|\bover\b|\bdaily\b|\bcourse\b|\bcontinu")
    with_dose = {id(sentence) for sentence, _ in naming if dose and sentence.start <= dose.start < sentence.end}
    for sentence, _ in sorted(naming, key=lambda pair: id(pair[0]) not in with_dose):
        if not sentence.ours or sentence.zone in (BACKGROUND, RESULTS, CONCLUSION):
            continue
        if id(sentence) not in with_dose and not giving.search(sentence.norm):
            continue
        for match in _DURATION.finditer(sentence.norm):
            if re.search(
                r"follow|relief|history|pain (?:for|over)|assess|record|measur",
                sentence.norm[max(0, match.start() - 40) : match.start()],
            ):
                continue
            group = 1 if match.group(1) else 2
            start, end = source.whole(*sentence.span(match, group))
            return Hit(source.quote(start, end)[0], start, end, "duration/near-drug", _LIKELY)
    return None
