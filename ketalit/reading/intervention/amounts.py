"""Which of the amounts in a sentence are of the drug."""

from __future__ import annotations

import itertools
import re

from ..engine import CONCLUSION, RESULTS, Sentence, Source
from ..needs import Cue
from ..units import DOSE, NUMBER, UNIT, plain_unit
from .drugs import OTHER_DRUG, distance, names_other, other_in

_MOST = 100  # amounts of one sentence that are looked at; real ones have a dozen
_FREE = (
    rf"(?:[\s,;:()/]|(?:of|the|an?|to|i\.?v|intravenous(?:ly)?|i\.?m|intramuscular|s\.?c|subcutaneous|p\.?o|oral|i\.?t|"
    r"intrathecal|spinal|i\.?p|intranasal|nasal|caudal|epidural|topical|transdermal|rectal|bolus|single|doses?|low|"
    r"low-dose|racemic|injection|infusion|subana?esthetic|hydrochloride|with|continuous|either|cri|normal|hcl|inj|"
    rf"{NUMBER} ml|solution|concentration|hyperbaric|isobaric|plain|preservative-free|"
    r"(?:controlled|slow|sustained|extended|immediate)[ -]release)\b\.?|s\(\+\)-?)*"
)
_AT_ONCE = rf"(?![,;:)]){_FREE}"  # the name that follows an amount with no stop between
_NO_DOSE_BEFORE = re.compile(  # spread, bounds, and steps of a titration
    r"(?:\+/-|±|\+-|[<>≤≥=]) ?$|\b(?:increas|decreas|reduc|rais|lower)\w* by $|\b(?:increments|steps) of $"
)
_NO_DOSE_AFTER = re.compile(r"\)?(?: of)?[ -](?:[\w-]+ ){0,3}?equivalen")
_NOUN = re.compile(
    r" (?:of )?(?!ketamine|esketamine|s-|intra|infus|dose|bolus|twice|once|every|daily|weekly|follow|given|before|"
    r"after|during|until|administ|respectively|group|oral|over|with|body|preop|postop|prior|times|increment|per\b)[a-z]{6,}"
)
_USED_UP = re.compile(r"\b(?:consum|requir|reduc|spar|concentration|level|rescue|difference)\w*\b[^.;]{0,70}$")
_LAST_OTHER = re.compile(rf"({OTHER_DRUG.pattern})(?: |,|/|and|or|plus|with)*$")
_STRENGTH_AFTER = re.compile(r"(?=[),;./]|$)| (?:and|or|plus|with|in|cream|gel|ointment|lotion)\b")
_APPLIED = Cue(r"\b(?:topical|cream|gel|ointment|lotion|patch|mouth ?wash|rinse|gargle|eutectic)")


def amounts_of(source: Source, sentence: Sentence, drugs: list[re.Match[str]]) -> list[re.Match[str]]:
    """The amounts in a sentence that are doses of the drug; a strength only where there is no more, and applied."""
    norm = sentence.norm
    found: list[re.Match[str]] = []
    for match in reversed([*itertools.islice(DOSE.finditer(norm), _MOST)]):
        if _belongs(norm, match, drugs) or (found and _same_list(norm, match, found[0], drugs)):
            found.insert(0, match)
    if sentence.zone in (RESULTS, CONCLUSION):  # what was used up is a result, not a regimen
        found = [match for match in found if not _USED_UP.search(norm[max(0, match.start() - 90) : match.start()])]
    amounts = [
        match
        for match in found
        if match.group(2) != "%"
        and ("/" not in (unit := plain_unit(match.group(2))) or unit[-1] != "l" or volume_of(norm, match))
    ]
    if amounts or not _APPLIED.search(source.norm, source.words):
        return amounts
    return [
        match
        for match in found
        if match.group(2) == "%"
        and sentence.zone not in (RESULTS, CONCLUSION)
        and min(distance(match, drug) for drug in drugs) <= 15
        and (_STRENGTH_AFTER.match(norm, match.end()) or any(drug.start() == match.end() + 1 for drug in drugs))
    ]


def _same_list(norm: str, amount: re.Match[str], later: re.Match[str], drugs: list[re.Match[str]]) -> bool:
    """Whether an amount stands in one list with the next one, which is ours ("2 mg, 4 mg, or 8 mg of the drug")."""
    if later.end() > min((drug.start() for drug in drugs if drug.start() > amount.end()), default=0):
        return False
    if plain_unit(amount.group(2)) != plain_unit(later.group(2)):
        return False
    link = norm[amount.end() : later.start()]
    if link in (" or ", " and "):  # two amounts may be those of two drugs; three are a list
        return re.search(rf"{UNIT},? $", norm[max(0, amount.start() - 25) : amount.start()]) is not None
    return link in (", ", ", or ", ", and ")


def volume_of(norm: str, strength: re.Match[str]) -> str:
    """The volume of which a strength is told: "0.4" of "0.4 ml of 50 mg/ml"; "" where there is none."""
    found = re.search(
        rf"({NUMBER}) ?ml (?:of )?(?:[a-z]*ketamine )?\(?$", norm[max(0, strength.start() - 30) : strength.start()]
    )
    return found.group(1) if found else ""


def _belongs(norm: str, amount: re.Match[str], drugs: list[re.Match[str]]) -> bool:
    """Whether an amount is of the drug: the drug follows at once, or stands before with no other drug between."""
    if _NO_DOSE_BEFORE.search(norm[max(0, amount.start() - 20) : amount.start()]):
        return False
    if _NO_DOSE_AFTER.match(norm[amount.end() : amount.end() + 60]):
        return False
    for drug in drugs:
        if drug.start() >= amount.end() and re.fullmatch(_AT_ONCE, norm[amount.end() : drug.start()]):
            return True
        if drug.start() == amount.end() + 2 and re.search(r"\bdos\w+(?: of)? $", norm[: amount.start()]):
            return True  # "at doses of 1 to 2 mg, ketamine"
    if (found := re.match(_AT_ONCE, norm[amount.end() :])) and names_other(norm, amount.end() + found.end(), drugs):
        return False
    before = [drug for drug in drugs if drug.end() <= amount.start()]
    if not before:
        return False
    between = norm[before[-1].end() : amount.start()]
    if len(between) > 110 or other_in(norm, before[-1].end(), amount.start(), drugs):
        return False
    if re.search(r"\b(?:plus|added to|compared|versus|vs|aged|weigh\w*)\b", between):
        return False
    if re.search(r"\b(?:and|or|with|than)[ (]*$", between) and _NOUN.match(norm, amount.end()):
        return False  # "ketamine 10 mg and 5 mg something"
    return _in_turn(norm, amount, before[-1], drugs)


def _in_turn(norm: str, amount: re.Match[str], drug: re.Match[str], drugs: list[re.Match[str]]) -> bool:
    """Whether, where two drugs stand before two amounts ("fentanyl and ketamine, 1 µg/kg and 0.5 mg/kg"), the order
    gives this amount to this drug."""
    start = max(0, drug.start() - 40)
    other = _LAST_OTHER.search(norm[start : drug.start()])
    if other is None or start + other.end(1) in {one.end() for one in drugs}:
        return True
    amounts = [found for found in DOSE.finditer(norm, drug.end()) if found.start() - drug.end() < 110]
    if len(amounts) < 2:
        return True
    joint = norm[amounts[0].end() : amounts[1].start()]
    if not re.fullmatch(r"\)?,? (?:and|or|vs|versus) \(?", joint):
        return True
    told = "respectively" in norm[amounts[1].end() : amounts[1].end() + 40]
    first, second = plain_unit(amounts[0].group(2)), plain_unit(amounts[1].group(2))
    return (first == second and not told) or amount.start() != amounts[0].start()
