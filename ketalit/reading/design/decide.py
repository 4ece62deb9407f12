"""Decide what kind of study a record reports, and whether its subjects were allocated at random.

The order of the questions is the rule: what the record *is* (a notice, a letter, a protocol, a review) comes
before what it talks about, animals come before trials, a second look at a trial before the trial, and allocation
at random before every observational label.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...records.model import Record
from ...vocabulary import NOT_RANDOMISED_DESIGNS, RANDOMISED_DESIGNS, Confidence, Design
from ..engine import RESULTS, TITLE, Hit, Rule, Source
from ..needs import Cue
from ..tags import Tag, design_tags
from .allocation import (
    ALTERNATIVES,
    ASSESSED_BLIND,
    BLINDED,
    BLINDED_HERE,
    CLUSTER,
    CROSSED,
    CROSSOVER,
    NOT_RANDOM,
    OTHER_RANDOM,
    PARALLEL,
    PLACEBO_CONTROLLED,
    RANDOM_ALLOCATION,
    SIDE_BY_SIDE,
)
from .kinds import ANIMALS, CELLS, INVENTED, LABORATORY, NARRATIVE, NOTICES, PROTOCOLS, REVIEWS, SECOND_LOOKS
from .unallocated import (
    COMPARED,
    DESCRIBED,
    FOLLOWED,
    GIVEN,
    OBSERVATIONAL,
    ONE_PERSON,
    TRIALS,
    UNCERTAIN,
)
from .words import LIKELY, PERSON

_TRIAL_AND_ANALYSIS = re.compile(r"\brandomised (?:[\w-]+ )*trial (?:and|with|including)\b")
_COUNTED = Cue(rf"\b\d+ (?:[\w-]+,? ){{0,6}}{PERSON}\b|\bn ?= ?\d|\b{PERSON} \(\d")
_MEASURED = re.compile(
    r"\bp ?[<=≤]|\bsignificant(?:ly)?\b|\bwe (?:found|measured|studied|observed|tested|show|used)|\bn ?= ?\d"
)
_SAMPLED = re.compile(
    r"random\w*(?: [\w-]+)? (?:select|sampl|chos|recruit|pick)\w*\b(?! (?:for|to) (?:receive|undergo|have|treatment|"
    r"either)\b(?! (?:an?|the) (?:[\w-]+ )?(?:survey|questionnaire|letter|invitation)))|random(?:ised)?[- ]effects?"
)
_SEARCH_LABEL = re.compile(
    r"(?:search (?:strategy|methods)|data sources?|selection criteria|study selection|data extraction)\b"
)
_REVIEW_NAMED = re.compile(r"\b(?:review|overview|update|spotlight)|^\W*[\w-]+(?:/[\w-]+)?\W*$")
_PEOPLE = re.compile(rf"\b{PERSON}\b")
_ANYBODY = re.compile(
    rf"\b(?:{PERSON}|subjects?|individuals?|students?|nurses?|physicians|doctors|residents|trainees|athletes|players|"
    r"smokers|workers|users|mothers|parents|fathers|boys?|girls?|(?:fe)?males?|couples|cases|health(?:y|care))\b"
)

RULES = (
    *NOTICES,
    *PROTOCOLS,
    *REVIEWS,
    *SECOND_LOOKS,
    *RANDOM_ALLOCATION,
    BLINDED,
    BLINDED_HERE,
    *ALTERNATIVES,
    ASSESSED_BLIND,
    CROSSED,
    NOT_RANDOM,
    CROSSOVER,
    PARALLEL,
    CLUSTER,
    OTHER_RANDOM,
    *OBSERVATIONAL,
    *FOLLOWED,
    *TRIALS,
    *UNCERTAIN,
    COMPARED,
    GIVEN,
    SIDE_BY_SIDE,
    PLACEBO_CONTROLLED,
    DESCRIBED,
    ONE_PERSON,
    ANIMALS,
    INVENTED,
    LABORATORY,
    CELLS,
    *NARRATIVE,
)


def _named(*names: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.name in names)


_ALLOCATED = _named("randomised/allocated-at-random", "randomised/we-randomised")
_RANDOM_TITLE = _named("randomised/title", "randomised/title-placebo-controlled")
_OBSERVED_TITLE = _named("design/qualitative", "design/case-control", "design/cohort-title", "design/cross-sectional")
_CASE_TITLE = _named("design/case-report-title")
_TOPIC = _named("design/cohort-topic")
_PLAN_TITLE, _PLAN_SAID, _PLAN_TEXT = _named("design/protocol-title", "design/protocol-text", "design/protocol-will")
_REVIEW_TITLE, _REVIEW_TEXT = _named("design/review-title", "design/review-text")

_ARTICLE_TYPES = {
    "retraction": Design.RETRACTION,
    "correction": Design.CORRECTION,
    "addendum": Design.CORRECTION,
    "expression-of-concern": Design.CORRECTION,
    "editorial": Design.EDITORIAL,
    "letter": Design.EDITORIAL,
    "reply": Design.EDITORIAL,
    "article-commentary": Design.EDITORIAL,
    "discussion": Design.EDITORIAL,
    "news": Design.EDITORIAL,
    "introduction": Design.EDITORIAL,
    "obituary": Design.EDITORIAL,
    "protocol": Design.PROTOCOL,
    "case-report": Design.CASE_REPORT,
    "review-article": Design.NARRATIVE_REVIEW,
    "systematic-review": Design.SYSTEMATIC_REVIEW,
}
# What a journal's type may also be put on.
_FITS = {
    Design.CASE_REPORT: (Design.CASE_REPORT, Design.CASE_SERIES, Design.NARRATIVE_REVIEW),
    Design.NARRATIVE_REVIEW: (
        Design.NARRATIVE_REVIEW,
        Design.SYSTEMATIC_REVIEW,
        Design.META_ANALYSIS,
        Design.GUIDELINE,
        Design.RETRACTION,
        Design.CORRECTION,
    ),
}
# Types a journal uses for one thing only. The rest (letter, case-report, review-article) are also put on trials.
_FIRM_TYPES = (
    "retraction",
    "correction",
    "addendum",
    "expression-of-concern",
    "editorial",
    "article-commentary",
    "protocol",
    "systematic-review",
    "reply",
    "news",
    "obituary",
)

PRIMARY_STUDIES = (
    RANDOMISED_DESIGNS | NOT_RANDOMISED_DESIGNS | {Design.SECONDARY_ANALYSIS, Design.ANIMAL, Design.LABORATORY}
)


def read_randomised(source: Source) -> Hit | None:
    """Whether subjects were allocated at random; None where the text does not say."""
    for rule in RANDOM_ALLOCATION:
        for match, sentence in source.find(rule):
            if not _about_sampling(source, hit := source.hit(rule, match, sentence)):
                return hit
    return source.first((NOT_RANDOM,))


def _about_sampling(source: Source, hit: Hit) -> bool:
    """A sample drawn at random is not an allocation at random."""
    after = source.norm[hit.start : hit.end + 60]
    return bool(_SAMPLED.match(after[after.find("random") :])) and "assign" not in after[: hit.end - hit.start + 20]


def read_design(source: Source, record: Record) -> Hit | None:
    """The design, one of the closed list, from text, article type and NLM's tags; None where nothing tells it.

    A tag fills what the text leaves open and confirms what it says; where the two disagree, the text counts, its
    confidence is lowered, and the note says so.

    >>> from ketalit.records.model import Record, Term
    >>> from ketalit.records.text import canonical_text
    >>> record = Record(source="pubmed", pmid="1", title="Drug X in phantom pain: a case series",
    ...                 publication_types=(Term(name="Randomized Controlled Trial"),))
    >>> found = read_design(Source(canonical_text(record)), record)
    >>> found.value.value, found.note
    ('case series', 'tagged randomized controlled trial, text describes case series')
    """
    found = _in_text(source, record)
    kind = _ARTICLE_TYPES.get(record.article_type)
    if found and kind in _FITS and found.value not in _FITS[kind]:
        found = _noted(found, f"article type {record.article_type}, text describes {found.value}")
    tag = next(design_tags(record), None)
    return found if tag is None else _weigh(source, found, tag)


def _noted(found: Hit, note: str) -> Hit:
    """A hit that something contradicts: the note says what, and sure becomes likely."""
    confidence = LIKELY if found.confidence is Confidence.SURE else found.confidence
    return replace(found, confidence=confidence, note="; ".join(filter(None, (found.note, note))))


def _weigh(source: Source, found: Hit | None, tag: Tag) -> Hit:
    """The hit of the text against the strongest tag."""
    by_chance = tag.design in RANDOMISED_DESIGNS
    if found is None:
        return _by_tag(source, tag)
    if found.value == tag.design or found.value in tag.fits or (by_chance and found.value in RANDOMISED_DESIGNS):
        if tag.design is Design.META_ANALYSIS and found.value is Design.SYSTEMATIC_REVIEW:
            return replace(found, value=tag.design, note="a systematic review, tagged meta-analysis")
        if found.confidence is Confidence.UNCLEAR:
            return replace(found, confidence=LIKELY)
        agreed = tag.firm and found.value == tag.design
        return replace(found, confidence=Confidence.SURE) if agreed and tag.design is not Design.PARALLEL_RCT else found
    untold = found.value in (Design.NON_RANDOMISED, Design.SINGLE_ARM) and not source.first((NOT_RANDOM,))
    notice = tag.design in (Design.RETRACTION, Design.CORRECTION)  # NLM knows its own notices
    if notice or (tag.firm and (found.confidence is Confidence.UNCLEAR or (by_chance and untold))):
        return _by_tag(source, tag)
    return _noted(found, f"tagged {tag.name}, text describes {found.value}") if tag.fits else found


def _by_tag(source: Source, tag: Tag) -> Hit:
    """The design that a tag stands for; of a randomised trial, the structure that the text tells."""
    name = "randomised" if tag.name == "randomized controlled trial" else tag.name.replace(" ", "-")
    kind = "nlm" if tag.where == "publication type" else "mesh"
    hit = Hit(tag.design, -1, -1, f"design/{kind}-{name}", LIKELY if tag.firm else Confidence.UNCLEAR)
    if tag.design is not Design.PARALLEL_RCT:
        return hit
    structure = _randomised_design(source, hit)
    return hit if structure.start < 0 else replace(structure, confidence=LIKELY)


def _in_text(source: Source, record: Record) -> Hit | None:
    """The design as title, abstract and the journal's article type tell it."""
    kind = _ARTICLE_TYPES.get(record.article_type)
    by_type = Hit(kind, -1, -1, f"design/article-type-{record.article_type}", Confidence.SURE) if kind else None
    found = source.first(NOTICES)
    # A publisher puts "RETRACTED:" before the title of the retracted article itself, which keeps its abstract.
    marked = found and found.rule.startswith("design/retraction") and source.title.lstrip("[ ").startswith("retracted")
    if found and not (marked and source.has_abstract):
        return found
    if by_type and record.article_type in _FIRM_TYPES:
        return by_type
    chance = source.once(read_randomised)
    random = chance if chance and chance.value else None
    if found := source.first((_PLAN_TITLE, _PLAN_SAID)) or _planned(source):
        return found
    if found := _review(source, random):
        return found
    if found := _animals(source):
        return found
    if (found := source.first(SECOND_LOOKS)) and not _TRIAL_AND_ANALYSIS.search(source.title):
        return found
    if found := source.first((INVENTED,)):
        return found
    if random and by_type and not source.structured and random.start > source.title_end:
        return by_type  # an unstructured text of this type tells of other people's trials
    if random and (told := _tells_of_trials(source, random)):
        return told
    if random and (bench := source.first((LABORATORY,))) and not _ANYBODY.search(source.norm):
        return bench  # specimens, not people, were allocated
    if random and not _observed_first(source):
        return _one_treatment(source) or _randomised_design(source, random)
    if by_type and by_type.value is Design.EDITORIAL:
        return by_type
    said_not = chance is not None and chance.value is False
    blind = None if said_not else _blinded(source)
    if blind and not (source.first(_CASE_TITLE) or source.once(_told)):
        return _randomised_design(source, blind)
    return _without_chance(source, by_type, said_not=said_not)


def _planned(source: Source) -> Hit | None:
    """Two or more sentences in the future tense, none of them about later studies."""
    found = list(source.find(_PLAN_TEXT))
    if not found:
        return None
    sentences = {sentence.start for _, sentence in found}
    label = any(
        "method" in part.label.lower() and re.search(r"design|analysis", part.label.lower())
        for part in source.canonical.parts
    )
    has_results = any(sentence.zone == RESULTS for sentence in source.sentences)
    if len(sentences) >= 2 or label or not has_results:
        return source.hit(_PLAN_TEXT, *found[0])
    return None


def _review(source: Source, random: Hit | None) -> Hit | None:
    """A review; one whose title says "systematic review" but which pooled is a meta-analysis."""
    found = source.first(REVIEWS) or _searching_section(source)
    if found is None:
        return None
    if (
        found.rule in ("design/searched", "design/guideline", "design/meta-analysis-done")
        and random
        and "/title" in random.rule
    ):
        return None
    return found


def _searching_section(source: Source) -> Hit | None:
    """A section headed as the search or the selection of studies, as Cochrane reviews have."""
    for part in source.canonical.parts:
        if _SEARCH_LABEL.match(part.label.lower()):
            start, end = (source.normal.forth(offset) for offset in (part.start, part.end))
            return Hit(Design.SYSTEMATIC_REVIEW, start, min(end, start + 60), "design/searching-section", LIKELY)
    return None


def _animals(source: Source) -> Hit | None:
    """Animals are the subjects when the title names them, or when they are named more often than people."""
    animals = list(source.find(ANIMALS))
    if not animals:
        return None
    people = len(_PEOPLE.findall(source.norm))
    titled = animals[0][1].zone == TITLE and not _PEOPLE.search(source.norm, 0, source.title_end)
    if titled and (not source.has_abstract or len(animals) >= people):
        return source.hit(ANIMALS, *animals[0])
    if (len(animals) >= 3 and len(animals) > 2 * people) or (len(animals) >= 2 and not people):
        return source.hit(ANIMALS, *animals[0])
    return None


def _observed_first(source: Source) -> bool:
    """The title names an observational design and no allocation: the trial is where the people came from."""
    found = source.first(_OBSERVED_TITLE)
    if not found or found.start >= source.title_end:
        return False
    title_random = source.first(_RANDOM_TITLE)
    return title_random is None or bool(
        re.search(
            r"\bfor an? (?:[\w-]+ )*randomi|\bfrom (?:an?|the) |\bbaseline\b|\bof an? (?:[\w-]+ )*randomi", source.title
        )
    )


def _one_treatment(source: Source) -> Hit | None:
    """The topic of a work that calls itself randomised, asks what goes with an outcome, and tells of no groups."""
    topic = source.first(_TOPIC)
    if not topic or topic.start > 25 or not source.has_abstract or source.first(_ALLOCATED):
        return None
    compared = (SIDE_BY_SIDE, CROSSOVER, PARALLEL, COMPARED, *ALTERNATIVES)
    if any(sentence.zone != TITLE for rule in compared for _, sentence in source.find(rule)):
        return None
    return replace(topic, confidence=Confidence.UNCLEAR, note="called randomised, but no groups are told of")


def _randomised_design(source: Source, because: Hit) -> Hit:
    """The structure of a randomised trial; no surer than that it is one."""
    if structure := source.first((CLUSTER,)) or source.first((OTHER_RANDOM,)):
        return replace(structure, confidence=because.confidence)
    crossover, parallel = source.first((CROSSOVER,)), source.first((PARALLEL,))
    if crossover and ("cross" in source.norm[crossover.start : crossover.end] or not parallel):
        return replace(crossover, confidence=because.confidence)
    if parallel:
        return replace(parallel, confidence=because.confidence)
    confidence = LIKELY if because.confidence is Confidence.SURE else because.confidence
    return replace(because, value=Design.PARALLEL_RCT, confidence=confidence)


def _without_chance(source: Source, by_type: Hit | None, *, said_not: bool) -> Hit | None:
    """The design of a work that does not speak of chance, from what is said to what is only implied."""
    if found := source.first(OBSERVATIONAL):
        return found
    counted, reviewed = source.once(_counts_people), source.once(_told)
    tissue = source.first((LABORATORY,)) or (None if counted else source.first((CELLS,)))
    if not (said_not or by_type or reviewed or tissue) and (found := _implied(source, counted=counted)):
        return _randomised_design(source, found)
    if found := source.first((*FOLLOWED, *TRIALS)):
        return _armed(source, found)
    if reviewed:
        return (reviewed.rule == _REVIEW_TEXT.name and source.first((ONE_PERSON,))) or reviewed
    if found := source.first(UNCERTAIN):
        return _armed(source, found)
    if found := by_type or tissue:
        return found
    if (compared := source.first((COMPARED,))) and any(True for _ in source.find(GIVEN)):
        return compared
    return source.first((DESCRIBED, ONE_PERSON) if counted else (ONE_PERSON,)) or (None if counted else _talk(source))


def _implied(source: Source, *, counted: bool) -> Hit | None:
    """What is hardly said but of allocation by chance; a crossover study need not count its people."""
    if counted and (found := source.first(ALTERNATIVES)):
        return found
    given = any(True for _ in source.find(GIVEN))
    if given and (found := source.first((CROSSED,))):
        return found
    return source.first((ASSESSED_BLIND,)) if counted and given and source.first((COMPARED,)) else None


def _counts_people(source: Source) -> bool:
    """Whether the abstract counts people, as reviews and work on cells do not."""
    return any(_COUNTED.search(one.norm, one.words) for one in source.sentences if one.zone != TITLE)


def _told(source: Source) -> Hit | None:
    """A review by its title, or by its text where that counts nobody.

    A title that only sounds like one ("what is the best dose?") counts where nobody is counted; a title of one word,
    the name of a drug, is that of a review.
    """
    titled, counted = source.first((_REVIEW_TITLE,)), source.once(_counts_people)
    if titled and (not counted or _REVIEW_NAMED.search(source.title)):
        return titled
    return None if counted else source.first((_REVIEW_TEXT,))


def _tells_of_trials(source: Source, random: Hit) -> Hit | None:
    """A review without headings whose text tells of randomised trials, but not of subjects who were allocated."""
    if source.structured or random.start <= source.title_end:
        return None
    told = source.once(_told)
    if told and told.rule == _REVIEW_TEXT.name:  # trials too are "discussed", but do not review
        reviews = "review" in source.norm[told.start : told.end]
        return told if reviews and random.rule == "randomised/design-words" else None
    return told


def _blinded(source: Source) -> Hit | None:
    """A blinded comparison of this study's own; without headings, what opens the abstract need not say "this"."""
    return source.first((BLINDED,)) or (None if source.structured else source.first((BLINDED_HERE,)))


def _armed(source: Source, found: Hit) -> Hit:
    """Single-arm or compared: a trial with a placebo or a control group is not single-arm, whatever it calls itself."""
    beside = source.first((SIDE_BY_SIDE, PLACEBO_CONTROLLED))
    if found.value is Design.SINGLE_ARM and beside:
        return replace(
            found, value=Design.NON_RANDOMISED, confidence=Confidence.UNCLEAR, note="more than one arm is told of"
        )
    if found.value is Design.NON_RANDOMISED and found.rule == "design/clinical-trial" and not beside:
        return replace(found, value=Design.SINGLE_ARM)
    return found


def _talk(source: Source) -> Hit | None:
    """An abstract without counted people, measurements or results of its own is taken for a review."""
    if not source.has_abstract or len(source.norm) - source.title_end < 300 or _MEASURED.search(source.norm):
        return None
    opening = next(sentence for sentence in source.sentences if sentence.zone != TITLE)
    start, end = source.whole(opening.start, opening.end)
    return Hit(Design.NARRATIVE_REVIEW, start, end, "design/no-subjects", Confidence.UNCLEAR)
