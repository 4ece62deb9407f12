"""What the primary outcome is about, as stems of words, so that a clause can be told to be about it."""

from __future__ import annotations

import re

from ...vocabulary import Confidence
from ..engine import Hit, Source

_STOP_WORDS = """
the of and in to a an with for on at by or as was were is are be from than that this these those between among
group groups patients after during mean total change changes using measured assessed effect effects primary
outcome study treatment score scores level levels rate rates number time difference differences incidence
reduction reductions improvement improvements increase decrease decline
"""
_STOP = frozenset(_STOP_WORDS.split())
_SAME_THING = (  # words for one outcome
    frozenset({"safety", "advers", "aes", "tolera"}),
    frozenset({"pain", "vas", "nrs", "vrs", "analge"}),
    frozenset({"mortal", "death", "surviv", "deaths"}),
)
_WORDS = re.compile(r"[a-z]{2,}")
_IN_BRACKETS = re.compile(r" \(([a-z]{2,6})\)")


class Topic:
    """The primary outcome, or each of several, as a set of stems; and the abbreviations that the text explains.

    >>> Topic([{"muscle", "streng"}], {"ms": {"muscle", "streng"}}).share("ms was higher")
    1.0
    """

    def __init__(self, items: list[set[str]], short: dict[str, set[str]]):
        self.items = [set().union(*(short.get(word, {word}) for word in item)) for item in items]
        self.short = short

    def share(self, clause: str) -> float:
        """The largest share of the stems of an item that a clause holds."""
        return max(self.shares(clause), default=0.0)

    def shares(self, clause: str) -> list[float]:
        """The share of the stems of each item that a clause holds."""
        if not self.items:
            return []
        words = stems(clause)
        for name in words & self.short.keys():
            words |= self.short[name]
        for pool in _SAME_THING:
            if words & pool:
                words |= pool
        return [len(item & words) / len(item) for item in self.items]

    def holds(self, word: str) -> bool:
        """Whether a word is one of the outcome's."""
        return any(word[:6] in item for item in self.items)


def topic_of(source: Source, outcome: Hit | None) -> Topic:
    """The topic of a text: its primary outcome, unless that was only guessed from the first result."""
    if outcome is None or outcome.confidence is Confidence.UNCLEAR:
        return Topic([], {})
    text = re.sub(r"\([^)]*\)?", " ", str(outcome.value).lower())
    items = [words for item in re.split(r",|;|/|\band\b|\bor\b", text) if (words := stems(item))]
    return Topic(items[:4], source.once(_abbreviations))


def stems(text: str) -> set[str]:
    """The first six letters of the words that mean something.

    >>> sorted(stems("the intensity of pain"))
    ['intens', 'pain']
    """
    return {word[:6] for word in _WORDS.findall(text) if word not in _STOP}


def _abbreviations(source: Source) -> dict[str, set[str]]:
    return abbreviations(source.norm)


def abbreviations(norm: str) -> dict[str, set[str]]:
    """The abbreviations that a text explains, with the stems of the words they stand for.

    >>> sorted(abbreviations("we measured muscle protein synthesis (mps)")["mps"])
    ['muscle', 'protei', 'synthe']
    """
    found = {}
    for match in _IN_BRACKETS.finditer(norm):
        short = match.group(1)
        words = re.findall(r"[a-z]+", norm[max(0, match.start() - 80) : match.start()])[-len(short) - 2 :]
        for start, word in enumerate(words):
            if word[0] == short[0] and _spells("".join(one[0] for one in words[start:]), short):
                found[short] = stems(" ".join(words[start:]))
                break
    return found


def _spells(initials: str, short: str) -> bool:
    """Whether initials spell an abbreviation, small words left out."""
    letters = iter(initials)
    return all(letter in letters for letter in short)
