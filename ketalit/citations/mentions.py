"""Find the words of a text that speak of a work without naming it exactly: "a 2009 study by Dr. X".

A mention needs something to go by: a year, a person, a journal, a title or a well-known body beside a word for
a work. "Studies have shown" gives nothing to go by and is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .bibliography import PARTICLES, YEAR, Bibliography, alike, last_name
from .references import covered


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention: offsets of its words and of its sentence, and what the words say."""

    start: int
    end: int
    sentence: tuple[int, int]
    said: Bibliography
    note: str = ""


_W = r"[^\s;:()\[\]“”\"!?\x00]+"
_NOUN = (
    r"(?i:meta[- ]?analys[ei]s|(?:systematic|literature|narrative|scoping)\s+reviews?|reviews?"
    r"|case\s+(?:series|reports?)|stud(?:y|ies)|trials?|RCTs?|articles?|papers?|reports?|surveys?|guidelines?"
    r"|publications?|editorials?|commentar(?:y|ies)|experiments?|research|analys[ei]s|investigations?|consensus)"
)
# Repetition is bounded throughout: a hostile page must not make the search slow.
_NAME = r"[A-ZÀ-Þ][\w'’-]{0,40}[^\W\d_]"
_LAST = PARTICLES + _NAME
_TITLED = r"(?:Drs?|Prof|Professor)\b\.?\s+"
_FULL_NAME = rf"(?:(?:{_NAME}|[A-Z]\.)\s+){{0,3}}{_LAST}"
_PERSON = rf"(?:{_TITLED})?{_FULL_NAME}"
_DOCTOR = _TITLED + _FULL_NAME
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# A capitalised word before a year in brackets is not always a name.
_NO_NAME = r"(?:Pain|Ketamine|Copyright|Updated|Published|Journal|Source|Since|From|In|Until|By|Before|After)"
_ONE_NAME = rf"(?<![Tt]he )(?!(?:{_MONTH}|{_NO_NAME})\b){_NAME}"
_ORGANISATION = (
    r"(?:NIH|NIMH|NIDA|FDA|WHO|CDC|VA|Cochrane|Harvard|Yale|Stanford|Oxford|Cambridge|UCLA|UCSF|MIT|Mayo(?:\s+Clinic)?"
    r"|Johns\s+Hopkins|[A-Z]\w+\s+University|University\s+of\s+[A-Z]\w+|National\s+Institutes?\s+of\s+(?:Mental\s+)?Health)"
)
_INSTITUTION = re.compile(
    r"\b(?:University|Institutes?|College|Hospital|Cent(?:er|re)|School|Clinic|Department|Association|Society)\b"
)
_CAPITAL = r"[A-Z][\w&’'-]{0,40}"
_MORE = rf"(?:\s+(?:(?:(?:of|and|the|in|for)\s+){{0,3}}{_CAPITAL}|&)){{0,10}}"
_JOURNAL = rf"(?:the\s+)?(?:(?i:journal)\s+)?(?P<journal>(?:U\.S\.|{_CAPITAL}){_MORE})"
_CALLED = r",?\s+(?:(?:titled|entitled|called|named)\s*)?,?\s*[“\"](?P<title>[A-Z][^”\"\x00]{14,250})[”\"]"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # a 2009 study · 2011 article
        rf"\b{YEAR}(?:\s+{_W}){{0,4}}?\s+{_NOUN}\b",
        # a study (published) in (Pain in) 2019
        rf"\b{_NOUN}\s+(?:in|from|of|by|at|published|conducted|performed|released|done|appearing)"
        rf"(?:\s+{_W}){{0,8}}?\s+\(?{YEAR}\b",
        rf"\b{_NOUN}\s+\({YEAR}\)",
        # In 2021, studies · In March 2006 researchers
        rf"\b[Ii]n\s+(?:(?:early|late|mid)[ -])?(?:{_MONTH}\s+)?{YEAR},?\s+(?:{_W}\s+){{0,5}}?"
        rf"(?:{_NOUN}|(?i:researchers|scientists|investigators))\b",
        # study by Dr. X · trial led by Jane Doe and colleagues
        rf"\b{_NOUN}(?:\s+{_W}){{0,4}}?\s+(?:led\s+|conducted\s+|published\s+|authored\s+|written\s+|done\s+)?by\s+{_PERSON}"
        rf"(?:\s+et\s+al\b\.?|\s+and\s+(?:colleagues|(?:his|her|their)\s+team))?",
        # Dr. X's study · Smith and colleagues' trial
        rf"\b(?:{_DOCTOR}|{_LAST}\s+(?:et\s+al\.?|and\s+colleagues))['’](?:s\b)?\s+(?:{_W}\s+){{0,3}}?{_NOUN}\b",
        # Smith et al. (2009) · Smith and colleagues · Smith and Jones (2009) · Smith (2009) · (Smith, 2009)
        rf"\b{_LAST}(?:\s+[A-Z]{{1,3}}\b)?,?\s+(?:et\s+al\b\.?|and\s+(?:colleagues|co-?workers))(?:,?\s*[(\[]?{YEAR}\b)?",
        rf"\b{_LAST},?\s+(?:and|&)\s+{_LAST},?\s*\(?{YEAR}\b",
        rf"\b{_ONE_NAME}\s+\({YEAR}[a-z]?\)",
        rf"\((?:see\s+)?{_ONE_NAME},?\s+{YEAR}[a-z]?\)",
        # an article published in U.S. Pharmacist · a study in the journal Pain
        rf"\b{_NOUN}(?:\s+{_W}){{0,4}}?\s+"
        rf"(?:(?:published|printed|featured|appearing|reported)\s+in|in\s+the\s+(?i:journal))\s+{_JOURNAL}",
        # an NIH meta-analysis
        rf"\b(?:[Aa]n?|[Oo]ne|[Tt]he)\s+(?:{_W}\s+){{0,2}}?{_ORGANISATION}(?:['’]s)?\s+(?:{_W}\s+){{0,2}}?{_NOUN}\b",
        # the study titled “…”
        rf"\b{_NOUN}{_CALLED}",
    )
)
_SPEAKS = re.compile(
    rf"\b{_DOCTOR}\s+(?:\w{{1,20}}ly\s+|also\s+)?"
    r"(?:writes?|wrote|asserts?|asserted|says?|said|states?|stated|notes?|noted|concludes?|concluded|reports?|reported|found|"
    r"explains?|explained|argues?|argued|suggests?|suggested|observed|adds?|added)\b"
)
_TITLE_IN_QUOTES = re.compile(_NOUN + _CALLED)
_TITLE_AFTER_COMMA = re.compile(rf"{_NOUN},\s+(?P<title>[A-Z][^,“”\"\x00]{{14,200}}?)(?=,|\s[“\"]|[.]?$)")
# What holds one of these is a statement about the result, not a title.
_VERB = re.compile(
    r"(?i)\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|helps?|helped|finds?|found|shows?|showed|"
    r"provides?|provided|reduces|reduced|does|did|works?|improves|improved)\b"
)
_JOURNAL_AND_YEAR = re.compile(rf"{_NOUN}\s+(?:published\s+|appearing\s+)?in\s+{_JOURNAL}(?=,?\s+(?:in\s+)?\(?{YEAR})")
_ARTICLE = re.compile(r"(?i)\b(?:an?|the|one)\s+(?:\w+\s+)?$")
# Against pages that are one endless sentence, or nothing but names: the time must not grow with the square of them.
_LONGEST = 600  # characters of one mention, and after it, in which its title is looked for
_MOST_PAIRS = 50_000  # of names that are held against each other for slips of the pen; beyond, only equal ones count


def find_mentions(text: str, sentences: Sequence[tuple[int, int]]) -> list[Mention]:
    """Mentions in a text, in order. What is to be left alone (links, identifiers) is blanked with NUL beforehand.

    >>> text = "A 2009 study by Dr. David Borsook found this. Studies have shown more."
    >>> for mention in find_mentions(text, [(0, 45), (46, 70)]):
    ...     print(text[mention.start : mention.end], mention.said.year, mention.said.names)
    A 2009 study by Dr. David Borsook 2009 ('David Borsook',)
    """
    found = [_mention(text, span, sentence) for sentence in sentences for span in _spans(text, sentence)]
    lasts = {last_name(name) for mention in found for name in mention.said.names}
    # "Dr. X writes" speaks of a work only where the page mentions one of X's elsewhere.
    quotes = [
        replace(
            _mention(text, spoken.span(), sentence), note="words of a person whose work the page mentions elsewhere"
        )
        for sentence in sentences
        for spoken in _SPEAKS.finditer(text, *sentence)
    ]
    few = len(quotes) * len(lasts) <= _MOST_PAIRS
    taken = covered(len(text), [(mention.start, mention.end) for mention in found])
    found += [
        quote
        for quote in quotes
        if not any(taken[quote.start : quote.end])
        and any(
            last in lasts or (few and any(alike(last, other) for other in lasts))
            for last in map(last_name, quote.said.names)
        )
    ]
    return sorted(found, key=lambda mention: mention.start)


def _spans(text: str, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    """Stretches of a sentence that mention a work; matches that overlap are one mention."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found.span() for pattern in _PATTERNS for found in pattern.finditer(text, *sentence)):
        if merged and start < merged[-1][1]:
            first, last = merged[-1]
            merged[-1] = (first, max(last, min(end, first + _LONGEST)))
        else:
            merged.append((start, end))
    return merged


def _mention(text: str, span: tuple[int, int], sentence: tuple[int, int]) -> Mention:
    start, end = span
    article = _ARTICLE.search(text[max(sentence[0], start - 60) : start])
    start -= len(article.group()) if article else 0
    if text[start:end].count("(") > text[start:end].count(")") and text[end : end + 1] == ")":
        end += 1
    words = text[start:end]
    year = re.search(rf"\b{YEAR}\b", words)
    journal = _journal(words)
    said = Bibliography(
        year=int(year.group()) if year else None,
        names=tuple(name for name in _names(words) if name not in journal),
        title=_title(text[start : min(sentence[1], end + _LONGEST)]),
        journal=journal,
    )
    return Mention(start, end, sentence, said)


def _journal(words: str) -> str:
    for pattern in (*_PATTERNS, _JOURNAL_AND_YEAR):
        if "journal" in pattern.groupindex and (found := pattern.search(words)):
            return found["journal"]
    return ""


def _title(words: str) -> str:
    """A title that follows the mention, in quotes or, after "according to a meta-analysis,", without."""
    if quoted := _TITLE_IN_QUOTES.search(words):
        return quoted["title"].strip(" .,")
    bare = _TITLE_AFTER_COMMA.search(words[:320])
    if bare and len(bare["title"].split()) >= 4 and not _VERB.search(bare["title"]):
        return bare["title"].strip(" .,")
    return ""


def _names(words: str) -> tuple[str, ...]:
    """Names of persons in a mention, without titles: ("David Borsook",)."""
    found = re.findall(_DOCTOR, words)
    found += re.findall(rf"\bby\s+({_PERSON})", words)
    found += re.findall(rf"({_LAST})(?:\s+[A-Z]{{1,3}}\b)?,?\s+(?:et\s+al\b|and\s+(?:colleagues|co-?workers))", words)
    for pair in re.finditer(rf"({_LAST}),?\s+(?:and|&)\s+({_LAST}),?\s*\(?{YEAR}", words):
        found += pair.groups()
    found += re.findall(rf"\b({_ONE_NAME})\s+\({YEAR}", words) + re.findall(rf"\(({_ONE_NAME}),?\s+{YEAR}", words)
    names = [re.sub(rf"^{_TITLED}|['’]s?$", "", name).strip() for name in found]
    persons = [name for name in names if name and not _INSTITUTION.search(name)]
    # "Borsook" beside "David Borsook" is the same name once more.
    return tuple(
        name
        for place, name in enumerate(persons)
        if name not in persons[:place] and not any(other.endswith(f" {name}") for other in persons)
    )
