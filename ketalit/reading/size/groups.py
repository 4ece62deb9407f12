"""Sizes of groups, "(n = 31)", and their sum."""

from __future__ import annotations

import re
from functools import lru_cache

from ...vocabulary import Confidence
from ..engine import AIM, BACKGROUND, METHODS, RESULTS, UNKNOWN, Hit, Sentence, Source
from ..needs import Cue
from .numbers import added

_LIKELY = Confidence.LIKELY
_IN_BRACKETS = Cue(
    r"\((\d+) (?:patients|subjects|participants|women|men|children|adults|infants|neonates|volunteers|individuals)\)"
)
ARM_SIZES = re.compile(
    r"(?:[(\[,;] ?|\bgroups?,? |\barms?,? )(?:[\w -]{1,24},? )?n ?= ?(\d+)(?! ?(?:/|per|each|in each))\b|"
    + _IN_BRACKETS.pattern
)


@lru_cache(maxsize=4)
def _sized(source: Source) -> tuple[tuple[Sentence, list[re.Match[str]]], ...]:
    """The sentences of aim, methods and results that give sizes of groups, with the sizes."""
    norm = source.norm
    if not ("n =" in norm or "n=" in norm or _IN_BRACKETS.fits(source.words)):
        return ()
    return tuple(
        (sentence, found)
        for sentence in source.zone(METHODS, RESULTS, UNKNOWN, AIM, *(() if source.structured else (BACKGROUND,)))
        if ("n =" in sentence.norm or "n=" in sentence.norm or _IN_BRACKETS.search(sentence.norm, sentence.words))
        and (found := list(ARM_SIZES.finditer(sentence.norm)))
    )


def sum_of_arms(source: Source, *, assigned_only: bool = False) -> Hit | None:
    """The sum of "(n = …)" in one sentence of the methods or results, where there are two to six of them."""
    for sentence, found in _sized(source):
        sizes = _assigned(sentence.norm, found)
        values = [int(match.group(1) or match.group(2)) for match in sizes]
        if not 2 <= len(values) <= 6 or min(values) < 2:
            continue
        if assigned_only and not re.search(r"random|assign|allocat|divid", sentence.norm):
            continue
        if not _LOSSES.search(sentence.norm):
            start, end = source.whole(sentence.span(sizes[0])[0], sentence.span(sizes[-1])[1])
            return Hit(sum(values), start, end, "n/sum-of-groups", _LIKELY, note=added(values))
    return None


_LOSSES = re.compile(
    r"\d ?%|\b(?:did not|deaths?|died|withdr\w+|excluded|dropped|drop-?outs?|lost to|discontinu\w+|adverse|"
    r"because of|switched)\b"
)


def sum_over_sentences(source: Source) -> Hit | None:
    """The sum of group sizes told in one sentence each: "Group A (n = 20) had X. Group B (n = 21) had Y."."""
    sized = [
        (sentence, found[0])
        for sentence, found in _sized(source)
        if len(found) == 1 and sentence.zone != RESULTS and _GROUP_NAMED.search(sentence.norm, 0, found[0].end())
    ]
    values = [int(match.group(1) or match.group(2)) for _, match in sized]
    if not 2 <= len(values) <= 6 or min(values) * 3 < max(values):
        return None
    (first, size), (last, other) = sized[0], sized[-1]
    start, end = source.whole(first.span(size)[0], last.span(other)[1])
    return Hit(sum(values), start, end, "n/sum-over-sentences", Confidence.UNCLEAR, note=added(values))


_GROUP_NAMED = re.compile(r"\bgroups?\b|\barms?\b|\bcontrols?\b")


def _assigned(norm: str, sizes: list[re.Match[str]]) -> list[re.Match[str]]:
    """Of the sizes in a sentence those of the groups made by chance, where the groups before it are given too."""
    if len(sizes) < 3 or not (verb := re.search(r"\brandomi|\brandomly|\bassigned|\ballocated", norm)):
        return sizes
    before = [match for match in sizes if match.end() < verb.start()]
    after = sizes[len(before) :]
    total = sum(int(match.group(1) or match.group(2)) for match in after)
    whole = sum(int(match.group(1) or match.group(2)) for match in before)
    return after if len(after) > 1 and whole >= total else sizes
