"""Cut a text into sentences without losing its offsets.

A line feed always ends a sentence. Otherwise a full stop, question or exclamation mark followed by white
space ends one when what follows can begin a sentence and what stands before is neither an abbreviation
("et al.", "vs.", "Dr.") nor an initial ("J. Smith", "U.S. Pharmacist"). Decimals ("P<.05") have no white
space after the point and are never touched.
"""

from __future__ import annotations

import re

# Candidates for an end: the mark, closing quotes and brackets, footnote marks that touch it ("pain.[3]", "pain.(1,2)",
# "pain.²", "pain.3"), white space, then something that may begin a sentence. The last branch but one mends a forgotten
# space ("was stopped.Results were"). No part of a run is tried twice, so that the time grows with the length of a text:
# a run of marks is entered at its first mark only, and what a possessive repeat (*+) took it keeps.
_END = re.compile(
    r"""[.?!\n](?:  # to begin with one of a few signs lets the search leap
        (?<=[.?!]) (?<![.?!]{2}) [.?!]*+ [\])"'”’»]*+ ;?
        (?: \[\d[\d,;\s–-]*+\] | \[\^\w{1,20}\] | \(\d[\d,;\s–-]{0,20}\) | [⁰¹²³⁴-⁹][⁰¹²³⁴-⁹,–-]*+
          | (?<=[a-z][.]) \d{1,3}(?:[,–-]\d{1,3})* )*+ \s+
        (?=[A-Z0-9(\["'“‘«<>≥≤±α-ωÀ-Þ•])
      | (?<=[a-z\])][a-z)\]][.?!]) (?=[A-Z][a-z]+[ ,])
      | (?<=\n) \n*
    )""",
    re.VERBOSE,
)
_BEFORE_WORD = re.compile(r"[\s(\[,;/“\"']")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]$|(?:[a-z]\.)+[a-z]$")
# The rest of a decimal that was torn at its point ("3. 1%"), as many a MEDLINE abstract holds.
_BROKEN_DECIMAL = re.compile(r"\d+(?:\.\d+)?(?:[%),;±]|\+/| ?[-–]\d| (?:mg|kg|ml|mm|cm|to|vs|versus|and)\b)")
_NEXT_WORD = re.compile(r"[A-Za-z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Always followed by the rest of their sentence.
_NEVER_LAST = _words(
    "al vs v e.g eg i.e cf dr drs prof mr mrs ms st fig figs eq eqs ref refs tab approx ca resp incl viz "
    "dept univ vol pp ed eds nos sp spp ssp var gen lt col capt rev"
)
# May end a sentence; inside one when a digit follows ("No. 5", "Jan. 3") or a name ("Inc. Boston").
_LAST_UNLESS_DIGIT = _words("no nr p jan feb mar apr jun jul aug sep sept oct nov dec sec ch art min")
_LONGER = max(map(len, _NEVER_LAST | _LAST_UNLESS_DIGIT)) + 1  # letters of a word that is no abbreviation
# Words that begin a sentence even after an initial: "hepatitis C. The virus …", "in the U.S. We found …".
_STARTERS = _words(
    "A An The This These Those That We Our It Its In On At Of For From To With Without By As If When While Although "
    "However Therefore Thus Moreover Furthermore Further After Before During Both All Each No Not There Here "
    "Patients Participants Subjects Results Methods Conclusion Conclusions Background Objective They He She Only"
)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Sentences of a text as half-open offsets, in order, without the white space between them.

    >>> text = "Smith et al. gave 0.5 mg/kg vs. placebo (P<.05). Pain fell."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['Smith et al. gave 0.5 mg/kg vs. placebo (P<.05).', 'Pain fell.']
    """
    sentences: list[tuple[int, int]] = []
    start = 0
    for candidate in _END.finditer(text):
        if _ends_sentence(text, start, candidate):
            _append(sentences, text, start, candidate.end())
            start = candidate.end()
    _append(sentences, text, start, len(text))
    return sentences


def _append(sentences: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    chunk = text[start:end]
    left = start + len(chunk) - len(chunk.lstrip())
    right = start + len(chunk.rstrip())
    if left < right:
        sentences.append((left, right))


def _ends_sentence(text: str, start: int, candidate: re.Match[str]) -> bool:
    mark = candidate.start()
    if mark - start >= _LONGER and text[mark - _LONGER : mark].isalpha():
        return True
    if "\n" in candidate.group() or text[mark] in "?!":
        return True
    word = _BEFORE_WORD.split(text[max(start, mark - 40) : mark])[-1]
    if word[-1:].isdigit() and _BROKEN_DECIMAL.match(text, candidate.end()):
        return False
    lowered = word.lower()
    if lowered in _NEVER_LAST:
        return False
    if lowered in _LAST_UNLESS_DIGIT and text[candidate.end() : candidate.end() + 1].isdigit():
        return False
    if _INITIALS.match(word):
        following = _NEXT_WORD.match(text, candidate.end())
        return bool(following) and following is not None and following.group() in _STARTERS
    return True
