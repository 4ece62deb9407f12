"""Is a pattern ever held back where it would match?"""

import json
import re

import pytest

from ketalit.reading import RULES
from ketalit.reading.engine import Source
from ketalit.reading.needs import ANY, Cue, needs_of, words_in
from ketalit.reading.outcome import leaning
from ketalit.records.model import Record, Section
from ketalit.records.text import canonical_text
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize(
    ("pattern", "fitting", "lacking"),
    [
        (r"\bpain\b", "no pain.", "painful"),
        (r"\beffects?\b", "an effect", "effective"),
        (r"\beffects?\b", "(effects)", "effector"),
        (r"\b(?:rats?|mice)\b", "12 rats", "the rate"),
        (r"random(?:ly|ised)", "nonrandomised", "random"),
        (r"non-?inferior", "non-inferior", "superior"),
        (r"\bno (?:differ\w*|effect)", "no difference", "a difference"),
        (r"\d+ ?(?:patients|women)", "12 patients", "patients"),
        (r"\d+ ?(?:patients|women)", "12women", "12 men"),
        (r"p ?[<=] ?0", "p=0.1", "p 0.1"),
        (r"[\d.]+ ?%", "5 %", "5"),
        (r"before and after", "before and after", "before or after"),
        (r"no (?:gain|loss)|lack of effect", "a lack of effect", "an effect"),
        (r"c57bl|\brats?\b", "a rat", "12 men"),
        (r"\d+ ?±", "3 ± 1", "3 + 1"),
    ],
)
def test_what_a_pattern_needs(pattern, fitting, lacking):
    assert re.search(pattern, fitting)
    needs = needs_of(pattern)
    assert needs & words_in(fitting) == needs
    assert needs & words_in(lacking) != needs


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\w+", "pain"),
        (r"a?b?", ""),
        (r"\b(?:s?pain|)\b", "a"),
        (r"\bs?\b", "x"),
        (r"(?:pain){2,}", "painpain"),
        (r"(?:ab )+c", "ab ab c"),
        (r"pain(?! relief)s", "pains"),
        (r"(?=pain)p\w+", "pain"),
        (r"(?i)PAIN", "pain"),
        (r"(?i:PAIN)", "pain"),
        (r"(?<!no )pain\B", "painful"),
        (r"(pain|ache) \1", "ache ache"),
        (r"5mg\b", "5mg"),
        (r"d2", "d2"),
        (r"[a-z]\d", "x٣"),
        (r"café\b", "a café."),
        (r"µg|mg", "µg"),
        (r"≤ ?\d", "p≤٣"),
        (r"[≤±<]", "≤"),
        (r"naïve", "naïve"),
        (r"ve\b", "naïve"),
        (r"pain\d*%?", "pain"),
        (r"a_b", "a_b"),
        (r"pain", "\ud800 pain"),
        (r"^pain$", "pain"),
        (r"[^a]in", "pin"),
    ],
)
def test_nothing_that_matches_is_held_back(pattern, text):
    assert re.search(pattern, text)
    needs = needs_of(pattern)
    assert needs & words_in(text) == needs


def test_a_cue_made_late_is_tried_everywhere():
    words_in("a text that was read before")
    late = Cue(r"\bpain\b")
    assert late.needs == 0
    assert late.search("no pain", words_in("no pain"))


def test_words_that_nobody_looked_at_may_be_any():
    assert leaning.DENIES.search("pain did not differ", ANY)


def recorded(first: int):
    with (SHARED / "recorded" / "corpus_ketamine_pain.jsonl").open(encoding="utf-8") as lines:
        for _, line in zip(range(first), lines, strict=False):
            held = json.loads(line)
            parts = held["abstract"] or []
            sections = [{"text": parts}] if isinstance(parts, str) else parts
            abstract = tuple(Section(text=one["text"] or "", label=one.get("label") or "") for one in sections)
            record = Record(source="pubmed", pmid=held["pmid"], title=held["title"] or "", abstract=abstract)
            yield Source(canonical_text(record))


@needs_shared
def test_no_rule_is_held_back_where_it_matches():
    sentences = [sentence for source in recorded(200) for sentence in source.sentences]
    hidden = {
        rule.name
        for rule in RULES
        for one in sentences
        if rule.regex.search(one.norm) and not rule.search(one.norm, one.words)
    }
    assert not hidden


@needs_shared
def test_most_searches_are_spared():
    sentences = [sentence for source in recorded(50) for sentence in source.sentences]
    tried = sum(rule.cue.fits(one.words) for rule in RULES for one in sentences)
    assert tried < 0.35 * len(RULES) * len(sentences)
