"""The main result: the sentence that gives the primary outcome with its numbers, as it stands."""

from __future__ import annotations

from operator import itemgetter

from ...vocabulary import Confidence
from ..engine import METHODS, Hit, Rule, Sentence, Source
from .direction import parts_of
from .numbers import RULES, contradictions, lowered, numbers_in
from .topic import topic_of

RESULT = Rule(
    "result/sentence",
    r"\b(?:was|were|had|did|is|are|showed|occurred|improved|decreased|increased|reduced|differed|fell|rose)\b",
    "Pain was 3.1 (SD 1.2) with drug X and 4.0 (SD 1.4) with placebo (p = 0.03).",
    "the first sentence of the results that gives the primary outcome, or else a comparison, in numbers",
    confidence=Confidence.LIKELY,
)
_A_KIND = 0.3  # what each kind of numbers adds to the weight of a sentence, at most two of them


def read_result(source: Source, outcome: Hit | None, total: int | None = None) -> Hit | None:
    """The main result with its numbers as given; `total` is the number of subjects, to check denominators against."""
    topic = topic_of(source, outcome)
    results, _ = source.once(parts_of)
    shares = [(topic.share(one.norm), one) for one in results if one.zone != METHODS]
    best: tuple[float, int, Sentence] | None = None
    for share, sentence in sorted(shares, key=lambda pair: -pair[0]):
        if best and share + 2 * _A_KIND < best[0]:
            break  # numbers cannot make up for it any more
        if RESULT.search(sentence.norm, sentence.words) and (kinds := _kinds(sentence)):
            found = share + _A_KIND * kinds, -sentence.start, sentence
            best = found if best is None else max(best, found, key=itemgetter(0, 1))
    if best is None:
        return None
    weight, _, sentence = best
    notes = contradictions(sentence.norm, total)
    sure = RESULT.confidence if weight >= 0.8 else Confidence.UNCLEAR
    return Hit(
        source.quote(sentence.start, sentence.end)[0],
        sentence.start,
        sentence.end,
        RESULT.name,
        lowered(sure) if notes else sure,
        "; ".join(notes),
    )


def _kinds(sentence: Sentence) -> int:
    """How many kinds of numbers a sentence gives; 2 stands for more."""
    kinds = 0
    for rule in RULES:
        if rule.cue.fits(sentence.words) and any(True for _ in numbers_in(sentence.norm, (rule,))):
            kinds += 1
            if kinds == 2:
                break
    return kinds
