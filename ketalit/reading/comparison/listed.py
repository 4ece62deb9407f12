"""Treatments listed beside placebo: "drug X 10 mg, drug Y or placebo"."""

from __future__ import annotations

import re

from ..engine import Hit, Source
from .rules import LISTED_WITH_PLACEBO


def find_listed(source: Source) -> Hit | None:
    """Treatments listed beside placebo, in the note of the hit; its value is their number, each dose counted."""
    for match, sentence in source.find(LISTED_WITH_PLACEBO):
        text = _AT_DOSES.sub("", _BRACKETS.sub("", match["items"] or match["after"]))
        items = _treatments(re.split(r",(?: and| or)? |(?<!\d) (?:and|or) ", _LEADING.sub("", text)))
        number = 1 + sum(2 if re.match(r"(?:[\w-]+ )?\d[\d.]* (?:or|and) \d", item) else 1 for item in items)
        if number >= 3 and not any(_PART.match(item) for item in items):
            return source.hit(LISTED_WITH_PLACEBO, match, sentence, number, note="; ".join([*items, "placebo"]))
    return None


_LEADING = re.compile(
    r"^(?:.*\b(?:received?|receiving|either|given) )?"
    r"(?:[^,]*\b(?:to|received?|receiving|either|of|with|between|given) )?"
)
_AT_DOSES = re.compile(r"(?<=, )(?:at|in) (?:daily )?(?:doses?|dosages?) of ")
_BRACKETS = re.compile(r" ?\([^()]*\)")


def _treatments(items: list[str]) -> list[str]:
    """Of what stands between commas the treatments: no "20 mg daily" after a drug, no "an opioid" beside its name."""
    kept = [item for place, item in enumerate(items) if not (place and adds_dose(items[place - 1], item))]
    named = [item for item in kept if not item.startswith(("a ", "an "))]
    return named or kept


def adds_dose(treatment: str, item: str) -> bool:
    """Whether an item of a list is the dose of the treatment before it, not a treatment of its own.

    >>> adds_dose("drug x", "20 mg daily"), adds_dose("drug x 10 mg", "20 mg")
    (True, False)
    """
    return _ONLY_DOSE.match(item) is not None and _DOSE.search(treatment) is None


_DOSE = re.compile(r"\d ?(?:mg|µg|mcg|microg\w*|g|ml|iu|units?|%)")
_ONLY_DOSE = re.compile(
    r"\d[\d.]* ?(?:mg|µg|mcg|microg\w*|g|ml|iu|units?)\b\S*(?: (?:once|twice|daily|orally|per|a|every|each|in|"
    r"three).*)?$"
)
# What stands between commas and is no treatment: "a multicentre, parallel …".
_PART = re.compile(
    r".*\b(?:controlled|blind|blinded|parallel|multicentre|multicenter|patients|respectively|which|baseline)\b|\W"
)
# Words that lists of different drugs share.
_COMMON = frozenset(
    {
        *(
            "dose",
            "doses",
            "daily",
            "once",
            "twice",
            "oral",
            "orally",
            "group",
            "groups",
            "treatment",
            "treated",
            "active",
        ),
        *("with", "plus", "weeks", "days", "high", "drug", "intravenous", "stimulation", "matching", "infusion"),
        *("infusions", "tablets", "each", "receptor", "agonist", "antagonist"),
    }
)


def several_drugs(items: list[str]) -> bool:
    """Whether one of the treatments is another drug than the first: "0.1 mg drug X" and "0.2 mg drug X" are one."""
    words = [[word for word in re.findall(r"[a-z]{4,}", item) if word not in _COMMON] for item in items]
    named = [one for one in words if one]
    return any(named[0][0] != other[0] and not set(other) <= set(named[0]) for other in named[1:])
