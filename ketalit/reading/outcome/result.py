"""The main result: the sentence that gives the primary outcome with its numbers, as it stands."""

from __future__ import annotations

from ...vocabulary import Confidence
from ..engine import METHODS, Hit, Rule, Sentence, Source
from .direction import parts_of
from .numbers import contradictions, lowered, numbers_in
from .topic import topic_of

RESULT = Rule(
    "result/sentence",
    r"\b(?:was|were|had|did|is|are|showed|occurred|improved|decreased|increased|reduced|differed|fell|rose)\b",
    "Pain was 3.1 (SD 1.2) with drug X and 4.0 (SD 1.4) with placebo (p = 0.03).",
    "the first sentence of the results that gives the primary outcome, or else a comparison, in numbers",
    confidence=Confidence.LIKELY,
)


def read_result(source: Source, outcome: Hit | None, total: int | None = None) -> Hit | None:
    """The main result with its numbers as given; `total` is the number of subjects, to check denominators against."""
    topic = topic_of(source, outcome)
    results, _ = parts_of(source)
    best: tuple[float, Sentence] | None = None
    for sentence in results:
        if sentence.zone == METHODS or not RESULT.regex.search(sentence.norm):
            continue
        kinds = {number.kind for number in numbers_in(sentence.norm)}
        weight = topic.share(sentence.norm) + 0.3 * min(len(kinds), 2)
        if kinds and (best is None or weight > best[0]):
            best = weight, sentence
    if best is None:
        return None
    sentence = best[1]
    notes = contradictions(sentence.norm, total)
    sure = RESULT.confidence if best[0] >= 0.8 else Confidence.UNCLEAR
    return Hit(
        source.quote(sentence.start, sentence.end)[0],
        sentence.start,
        sentence.end,
        RESULT.name,
        lowered(sure) if notes else sure,
        "; ".join(notes),
    )
