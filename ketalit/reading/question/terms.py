"""Words of a question and of a text brought into one form: stems, and abbreviations with what they stand for."""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
_ENDING = re.compile(
    r"(?:i[sz]ations?|i[sz](?:ed|ing|es?)|ational|ations?|atives?|ptions?|tions?|sions?|ments?|ness|ities|ity|"
    r"ically|ical|ics?|ingly|ings?|edly|ed|ies|ia|"
    r"ers?|ou?rs?|is|es|als?|ously|ous|ives?|ly|ance|ence|ents?|ants?|e|y|s)$"
)
_SAME = (
    ("death", "died", "dying", "die", "dead", "fatal", "mortal"),
    ("vomit", "emes", "emet"),
    ("h", "hour", "hrs"),
    ("min", "minut", "mins"),
    ("week", "wk", "weekly"),
    ("tim", "length", "dur"),
)
_ALIKE = {short: group[0] for group in _SAME for short in group}
_STOP_WORDS = """
the of and in to a an with for on at by or as was were is are be been from than that this these those there between
among after during before into their its it both each all any no not who which when where while but had have has did do
does we our they using per if also only same other more less
"""
STOP = frozenset(_STOP_WORDS.split())
# Words that frame an outcome without being one; they count for little.
_FRAME_WORDS = """
mean median average total overall number proportion percent percentage rate frequency occurrence incidence level value
score change difference amount patient participant subject people group measure treatment baseline effect significant
reduction increase decrease improvement quantity degree extent first time point week month day year hour minute post
operation postoperative scale index outcome data result study follow end final use record report experience develop
people woman man child adult
"""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word in lower case; words that mean the same thing share one.

    >>> stem("consumption") == stem("consumed"), stem("deaths") == stem("mortality")
    (True, True)
    """
    if word[0].isdigit() or len(word) < 4:
        return _ALIKE.get(word, word)
    word = word.replace("ae", "e").replace("oe", "e")  # British and American spelling
    found = _ENDING.search(word, 3)
    short = word[: found.start()] if found else word
    if len(short) > 4 and short.endswith("s") and not short.endswith("ss"):
        short = short[:-1]
    return _ALIKE.get(short, short)[:6]


_FRAME_STEMS = frozenset(stem(word) for word in _FRAME_WORDS.split())


def is_frame(token: str) -> bool:
    """Whether a stem only frames an outcome ("mean", "score")."""
    return token in _FRAME_STEMS


_SIDE_EFFECT = re.compile(r"\bside[- ]effects?\b|\badverse (?:effects?|reactions?)\b")


def stems(norm: str) -> list[str]:
    """Stems of the words of a normal form, in order, without the words that say nothing.

    >>> stems("the mean pain scores at 24 hours")
    ['mean', 'pain', 'scor', '24', 'h']
    """
    norm = _SIDE_EFFECT.sub("adverse event", norm)
    return [stem(word) for word in WORD.findall(norm) if word not in STOP]


_BRACKET = re.compile(r"\(([A-Za-z][\w./'+-]{1,11})(?:[,;] [^()]{0,40})?\)")


def abbreviations(text: str) -> dict[str, tuple[str, ...]]:
    """Abbreviations that a text defines, "long form (LF)", with the stems of the long form.

    The letters of the abbreviation must be found in the words before it, from the right, the first at the start of a
    word (Schwartz & Hearst 2003).

    >>> abbreviations("Pain on a visual analogue scale (VAS) was recorded.")
    {'vas': ('visu', 'analog', 'scal')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for match in _BRACKET.finditer(text):
        short = match.group(1)
        letters = [char for char in short.lower() if char.isalnum()]
        if len(letters) > 2 and letters[-1] == "s" and short[-1] == "s":
            letters = letters[:-1]  # a plural, "AEs"
        if not any(char.isupper() for char in short) or len(letters) < 2:
            continue
        before = text[max(0, match.start() - 90) : match.start()].rstrip().lower()
        start = _long_form(letters, before)
        if start is None:
            continue
        words = before[start:]
        if len(words.split()) <= min(len(letters) + 5, 2 * len(letters)) and len(words) > len(short):
            found.setdefault("".join(WORD.findall(short.lower())), tuple(stems(words)))
            found.setdefault("".join(letters), tuple(stems(words)))
    return found


def _long_form(letters: list[str], before: str) -> int | None:
    at = len(before)
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (before[at] != letters[place] or (place == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    return at
