"""Whole numbers that may count people: what they look like, and what they must not be."""

from __future__ import annotations

import re

from ..engine import Hit, Rule, Source

# A whole number that is not part of a decimal, a range, a ratio, a percentage, an age or a dose. What stands before it
# is looked at from behind its first digit, so that a search leaps from digit to digit.
NUMBER = (
    r"(\d(?<![\w./:±<>≥≤-]\d)(?<![\d.] \d)\d*)(?![\d./:%])(?! ?(?:%|-\d|to \d|(?:-| )?(?:years?|yrs?|months?|weeks?|"
    r"days?|hours?|hrs?|h|min|minutes?|mg|ml|kg|cm|mm|g|µg|mcg|mm ?hg|mmol|bpm|beats|points?|times|doses?|items?|"
    r"cent(?:er|re)s?|sites?|hospitals?|countries|visits?|sessions?|attacks?)\b(?!-old)))"
)
_PERSONS = (
    r"(?:(?:out-?|in-?)?patients|participants|subjects|volunteers|people|persons|individuals|women|men|males|"
    r"females|children|adults|adolescents|teenagers|infants|newborns|neonates|babies|toddlers|"
    r"boys|girls|parturients|mothers|fathers|parents|cases|smokers|drinkers|students|workers|employees|nurses|"
    r"physicians|doctors|clinicians|practitioners|gps|residents|survivors|sufferers|migraineurs|asthmatics|"
    r"diabetics|couples|veterans|donors|recipients|users|athletes|players|cyclists|runners|controls|youths?|"
    r"humans|pregnanc(?:y|ies)|primigravid\w*|primipara\w*|twins|schoolchildren|preschoolers|caregivers|carers|"
    r"drivers|soldiers|recruits|attendees|non-attenders|members|households|providers|professionals|respondents)"
)
BEASTS = (
    r"(?:rats|mice|dogs|cats|horses|mares|ponies|foals|rabbits|pigs|piglets|gilts|sows|sheep|ewes|goats|lambs|"
    r"calves|cows|cattle|steers|monkeys|macaques|hamsters|gerbils|ferrets|animals|chickens|broilers|hens|birds|fish|"
    r"pups|llamas|alpacas)"
)
KIND = rf"(?:{_PERSONS}|{BEASTS})"
# Words between a number and its noun: a clause on physical status, then up to seven words that begin nothing new.
_ASA = r"(?:(?:asa|american society of an(?:a)?esthesiolog\w+)[^.;()]{0,45}? )?"
ADJECTIVES = (
    rf"{_ASA}(?:[(\[][^()\[\]%]{{1,60}}[)\]] )?(?:type (?:[12]|ii?) |"
    rf"(?!(?:or|with|of|in|to|from|for|at|on|by|among|who|that|than|into|per|were|was|had|during|after|before|"
    rf"between)\b|group|\d)[\w()/'+,-]+ ){{0,7}}?"
)
PEOPLE = rf"{NUMBER} {ADJECTIVES}{KIND}\b"
WERE = r"(?:were|was|have been|had been|are|will be|to be)"
_SCREENED = re.compile(
    r"\b(?:screened|(?:assessed|evaluated|examined) for eligib|offered|assed for eligib|approached|invited|"
    r"eligible (?:patients|"
    r"participants|subjects) (?:were )?(?:identified|approached)|reviewed|titles|adverse|died|deaths?)\b"
)
_LEVEL = re.compile(
    r"\b(?:status|class|grades?|asa|groups?|phases?|types?|stages?|levels?|scores?|days?|weeks?|visits?|"
    r"parts?|figure|table|arm)(?: \d+| i+)?(?:,? ?(?:or|and|-|to))? ?$"
)
_CLUSTERS = re.compile(
    r"\b(?:schools|villages|universities|halls|practices|hospitals|clinics|wards|homes|communities|clusters|"
    r"households|districts|centers|centres|groups|arms|trials|studies)\b"
)


def number_in(match: re.Match[str]) -> int | None:
    """The number that a rule's match holds."""
    groups = [group for group in match.groups() if group and group.isdigit()]
    if not groups:
        return None
    value = int(groups[0]) if len(groups[0]) < 8 else 0
    return value if 0 < value < 10_000_000 else None


_BEAST = re.compile(rf" {ADJECTIVES}{BEASTS}\b")
_ASKED = re.compile(r"\b(?:screened|approached|invited) (?:a total of )?$")
_YEAR_BEFORE = re.compile(
    r"(?:in|from|since|between|until|to|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|and) $"
)
_RANGE = re.compile(r" ?(?:to|-|and|or) \d")
_OF = re.compile(r"(?:^|[.;:,(] )of (?:the |these |all )?$")
_GROUP_OF = re.compile(r"\b(?:groups|arms) (?:each )?(?:of|with|comprising|containing) $")
_SUBSET = re.compile(r"[,)] \d+ (?![^,.;]{0,12}%)")


# "six men and six women", "32 patients were seen in the drug X group and 29 in the drug Y group"
_SEX = r"(?:[\w-]+ )?(?:men|women|males|females|boys|girls)\b"
TWO_PARTS = re.compile(
    rf"(?P<one>\d(?<![\w.]\d)\d*) (?:{_SEX}(?: \([^()]*\))?(?:,| and) (?:and )?(?P<men>\d+) {_SEX}|"
    r"[^.;,()\d]{2,60}? (?P<verb>in|to|received) (?:the )?[^.;,()\d]{2,40}(?:,| and| versus|"
    r" vs) (?:and )?(?P<other>\d+) (?!(?:years?|months?|weeks?|days?|hours?|min)\b)"
    r"(?:[\w-]+ ){0,3}?(?P=verb)\b)"
)
_ONE_GROUP = re.compile(
    r" (?:[\w-]+ ){0,2}(?:placebo|controls?|sham)(?:-treated)? [\w-]+|"
    r" [^.;,()\d]{0,40}\b(?:assigned|randomised|allocated) to (?:the|an?) (?:[\w-]+ ){1,2}(?:group|"
    r"arm)\b(?![^.;]{0,60} (?:or|and)\b)"
)


def alike(values: list[int]) -> bool:
    """Whether numbers are so near each other that they may count the parts of one whole.

    >>> alike([30, 28]), alike([60, 4])
    (True, False)
    """
    return max(values) <= 3 * min(values)


def plausible(norm: str, match: re.Match[str], value: int, *, beasts: bool = True) -> bool:
    """Whether a number that a rule found may count subjects of this study."""
    group = next(index for index, text in enumerate(match.groups(), start=1) if text)
    start, end = match.span(group)
    before = norm[max(0, start - 24) : start]
    if (
        value < 2
        or _LEVEL.search(before)
        or _ASKED.search(before)
        or _GROUP_OF.search(before)
        or _RANGE.match(norm, end)
    ):
        return False
    if 1900 <= value <= 2030 and _YEAR_BEFORE.search(before):
        return False
    following = norm[end : end + 40].lstrip()
    if (
        following
        and _CLUSTERS.match(following.partition("-care ")[2] or following)
        and "household" not in match.group()
    ):
        return False
    if _OF.search(before) and _SUBSET.search(norm, end, match.end()):
        return False  # "of 80 patients seen, 60 were randomised"
    if _ONE_GROUP.match(norm, end) or any(
        pair.start() <= start < pair.end() and alike([int(pair["one"]), int(pair["men"] or pair["other"])])
        for pair in TWO_PARTS.finditer(norm)
    ):
        return False
    if not beasts and _BEAST.match(norm, end):
        return False
    first = start if end + 2 < match.end() else match.start()  # "patients who died (n = 41)"
    return not _SCREENED.search(norm, first, match.end() + 30)


def value_of(hit: Hit) -> int:
    """The value of a hit that holds a number."""
    return hit.value if isinstance(hit.value, int) else 0


def added(values: list[int]) -> str:
    """A sum with its terms.

    >>> added([31, 29])
    '31 + 29 = 60'
    """
    return f"{' + '.join(map(str, values))} = {sum(values)}"


def small_count(source: Source, rule: Rule) -> Hit | None:
    """A count between 2 and 12 that a rule finds."""
    for match, sentence in source.find(rule):
        value = number_in(match)
        if value and 2 <= value <= 12:
            return source.hit(rule, match, sentence, value)
    return None
