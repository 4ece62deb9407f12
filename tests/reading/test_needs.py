"""Is a pattern ever held back where it would match?"""

import json
import re

import pytest

from ketalit.reading import RULES
from ketalit.reading.engine import Source
from ketalit.reading.needs import ANY, Cue, needs_of, words_in
from ketalit.reading.normal import normalise
from ketalit.reading.outcome import leaning, numbers
from ketalit.records.model import Record, Section
from ketalit.records.text import canonical_text
from tests.shared import SHARED, needs_shared

RULE = {rule.name: rule for rule in RULES} | {rule.name: rule for rule in numbers.RULES}


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


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        (
            "followup/",
            (
                "Pain was measured at 2, 6 and 24 h after surgery.",
                "They were seen on the 2nd day after surgery.",
                "Pain was scored at week 26.",
                "Pain was scored until day (pod) 3.",
                "It was measured up to postoperative month 3.",
                "After 1,200 days of treatment pain was less.",
                "They were followed up for 2-3 years.",
            ),
        ),
        (
            "n/",
            (
                "Of 80 screened, 60 were then randomised.",
                "Of 80 screened, 60 (75%) underwent randomisation.",
                "In all, 30 have been finally randomised.",
                "We randomised 55 and 52 subjects to drug X and drug Y.",
                "There were 20 women with chronic pain and 21 women with none.",
                "They had drug X or placebo (n = 15/group).",
                "They had drug X or placebo (30 per group).",
                "There were 30 patients in each of the two groups.",
                "At 12 months data were available for 368 of them.",
                "The children who completed all visits (n = 40) were older.",
            ),
        ),
        (
            "arms/",
            ("They made up three equal groups.", "It was a 3-arm trial.", "There were 4 new dose regimens."),
        ),
        (
            "comparator/listed",
            (
                "They were given drug X, drug Y, or placebo.",
                "They received either drug X or drug Y or a matching placebo.",
                "They received placebo (n = 20), drug X or drug Y.",
            ),
        ),
        (
            "number/",
            (
                "It was 3.1 (1.2).",
                "It was 3.1 (SD 1.2).",
                "It was 3 +/- 1.",
                "It was 12 [8 to 20].",
                "It was 17% (5/30).",
            ),
        ),
    ],
)
def test_a_hint_hides_no_way_of_saying_it(field, texts):
    rules = [rule for rule in RULE.values() if rule.name.startswith(field) and rule.hint]
    norms = [normalise(text).text for text in texts]
    found = [(rule.name, norm) for rule in rules for norm in norms if rule.regex.search(norm)]
    assert {norm for _, norm in found} == set(norms)
    assert not [one for one in found if not RULE[one[0]].search(one[1], words_in(one[1]))]


@needs_shared
def test_most_searches_are_spared():
    sentences = [sentence for source in recorded(50) for sentence in source.sentences]
    tried = sum(rule.cue.fits(one.words) for rule in RULES for one in sentences)
    assert tried < 0.35 * len(RULES) * len(sentences)
