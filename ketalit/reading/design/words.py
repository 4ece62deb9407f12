"""Words that several rules share, and the helpers that let a rule be written as a list."""

from __future__ import annotations

from ...vocabulary import Confidence
from ..engine import AIM, BACKGROUND, METHODS, RESULTS, TITLE, UNKNOWN

LIKELY, UNCLEAR = Confidence.LIKELY, Confidence.UNCLEAR
NOW = (TITLE, AIM, METHODS, RESULTS, UNKNOWN)
OWN = (TITLE, AIM, METHODS, UNKNOWN, BACKGROUND)  # background sentences count only where they say "we" or "this study"
NOW_OR_OWN = (*NOW, BACKGROUND)


def one_of(words: str) -> str:
    """A pattern for one of these words, set apart by bars; grouped by first letter, which makes the search faster.

    >>> one_of("rats?|mice|rabbits?")
    '(?:r(?:ats?|abbits?)|m(?:ice))'
    """
    groups: dict[str, list[str]] = {}
    for word in words.split("|"):
        groups.setdefault(word[0], []).append(word[1:])
    return "(?:" + "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in groups.items()) + ")"


def any_of(*patterns: str) -> str:
    """One pattern that matches where any of these does.

    >>> any_of("case report", "single case")
    'case report|single case'
    """
    return "|".join(patterns)


def keys(words: str) -> tuple[str, ...]:
    """The words, set apart by bars, of which a text must hold one before a pattern is tried.

    >>> keys("case| will ")
    ('case', ' will ')
    """
    return tuple(words.split("|"))


SPECIES = one_of(
    "rats?|mice|mouse|murine|rabbits?|dogs?|canines?|cats?|feline|horses?|equine|ponies|mares?|pigs?|piglets?|porcine|"
    "swine|sheep|ovine|lambs?|goats?|calves|cows?|cattle|bovine|heifers?|bulls?|steers?|monkeys?|macaques?|baboons?|"
    "primates|hamsters?|gerbils?|guinea[ -]pigs?|chickens?|broilers?|hens?|zebrafish|drosophila|frogs?|ferrets?|"
    "rodents?|poultry|puppies|beagles?|sprague[ -]dawley|wistar|c57bl"
)
PERSON = one_of(
    "patients?|men|women|volunteers?|children|infants?|adults?|humans?|adolescents?|participants?|people|persons?|"
    "neonates?|parturients"
)
CLUSTERS = (
    r"(?:clusters?|villages?|schools?|classrooms?|practices?|clinics?|hospitals?|wards?|nursing homes?|homes?|"
    r"residence halls|halls|communit(?:y|ies)|households?|health cent(?:er|re)s?|physicians|gps|"
    r"general practitioners|pharmacies|worksites?|companies|districts?|churches|facilities|centres|centers)"
)
