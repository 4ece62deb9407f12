"""Bring a text into the one spelling the rules are written in, and find the way back to the original.

Lower case; dashes, spaces, quotes and decimal points in their ASCII forms; "-ise" in *randomise*; number words and
grouped thousands as plain digits. Only the last of these changes lengths, and `Normal` remembers where.

>>> normalise("Sixty‑five men; 1,200 doses of 0·5 mg; randomized").text
'65 men; 1200 doses of 0.5 mg; randomised'
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = (
    {word: value for value, word in enumerate(_UNITS + _TEENS, start=1)}
    | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
    | {"fourty": 40}
)
_SMALL = rf"(?:(?:{'|'.join(_TENS)}|fourty)(?:[ -]?(?:{'|'.join(_UNITS)}))?|{'|'.join(_TEENS + _UNITS)})"
_BELOW_1000 = rf"(?:(?:{_SMALL}|a)[ -]hundred(?:,?(?:[ -]and)?[ -]{_SMALL})?|{_SMALL})"
_TOKEN = re.compile(rf"{'|'.join(_TENS)}|fourty|hundred|thousand|{'|'.join(_TEENS + _UNITS)}")

_THIN = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
# A look back after the first digit instead of before it lets the search leap from digit to digit. A short look ahead
# spares most of the looks back. Both patterns are tried only where a hint of them is found, for which less is searched.
_GROUP = re.compile(r",\d{3}")
_NOUN = r" (?:men|women|patients|participants|people|subjects|adults|children|individuals|pregnancies)\b"
_HUNDREDS = re.compile(rf" \d{{3}}{_NOUN}")
_GROUPED = re.compile(r"[1-9](?=\d{0,2},\d)(?<![\d.,]\d)\d{0,2}(?:,\d{3})+(?![\d,]*\d)")
_SPACED = re.compile(
    r"[1-9](?=\d{0,2} \d)(?<![\d.,]\d)(?<![\d.,] \d)(?<!group \d)(?<!phase \d)(?<!grade \d)(?<!class \d)(?<!type \d)"
    rf"\d{{0,2}} \d{{3}}(?={_NOUN})"
)
_IN_WORDS = re.compile(rf"{_BELOW_1000}(?:[ -]thousand(?:,?(?:[ -]and)?[ -]{_BELOW_1000})?)?\b")
# Every number in words begins with one of these ("eigh": eight, eighteen, eighty).
_BEGINNINGS = (
    *("one", "tw", "three", "four", "fiv", "six", "seven", "eigh", "nin", "ten", "eleven", "thirt", "fift", "fort"),
    *("a hundred", "a-hundred"),
)
_THIN_THOUSANDS = re.compile(rf"[1-9](?=\d{{0,2}}[{_THIN}])(?<![\d.,]\d)\d{{0,2}}(?:[{_THIN}]\d{{3}})+(?!\d)")
_TO_COMMA = str.maketrans(dict.fromkeys(_THIN, ","))
_SPECIAL = re.compile(r"[^\x00-\x08\x0a-\x7f]")
_DOT = re.compile(r"[·∙‧](?<=\d.)(?=\d)")
_ONE_FOR_ONE = (
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys(_THIN + "\t\u200b\u200c\u200d\ufeff\u2060", " ")
    | dict.fromkeys("‘’‛′", "'")
    | dict.fromkeys("“”„″", '"')
    | {"×": "x", "μ": "µ", "γ": "µ", "⁄": "/", "∕": "/", "⩽": "≤", "⩾": "≥"}
)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal form and the stretches in which it is longer or shorter than the original.

    `changes` holds, in order, the starts and ends of these stretches: in the normal form and in the original; the ends
    stand in `ends` and `original_ends` once more, to be searched.
    """

    text: str
    ends: tuple[int, ...] = ()
    original_ends: tuple[int, ...] = ()
    changes: tuple[tuple[int, int, int, int], ...] = ()

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch of the normal form stands for.

        >>> normal = normalise("Of sixty-five men, two left.")
        >>> normal.back(normal.text.index("5 men"), normal.text.index(", 2"))
        (3, 17)
        """
        return self._back(start, last=False), self._back(end, last=True)

    def _back(self, offset: int, *, last: bool) -> int:
        place = bisect_left(self.ends, offset)
        if place < len(self.changes):
            norm_start, _, start, end = self.changes[place]
            if offset > norm_start:
                return end if last else start
        if place == 0:
            return offset
        _, norm_end, _, end = self.changes[place - 1]
        return offset - norm_end + end

    def forth(self, offset: int) -> int:
        """The offset in the normal form of an offset in the original that lies in no changed stretch."""
        place = bisect_right(self.original_ends, offset)
        if place == 0:
            return offset
        _, norm_end, _, end = self.changes[place - 1]
        return offset - end + norm_end


def normalise(text: str) -> Normal:
    """The normal form of a text (see the module).

    >>> [normalise(words).text for words in ("One hundred and six", "two thousand three hundred", "a hundred")]
    ['106', '2300', '100']
    """
    lower = text.lower()
    if len(lower) != len(text):  # a few letters have a longer lower case
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    pieces: list[str] = []
    changes: list[tuple[int, int, int, int]] = []
    position = length = 0
    if not lower.isascii():
        special = set(_SPECIAL.findall(lower))
        if not special.isdisjoint(_THIN):
            lower = _THIN_THOUSANDS.sub(lambda match: match.group().translate(_TO_COMMA), lower)
        if not special.isdisjoint("·∙‧"):
            lower = _DOT.sub(".", lower)
        for char in special & _ONE_FOR_ONE.keys():  # a handful: faster than str.translate
            lower = lower.replace(char, _ONE_FOR_ONE[char])
    lower = lower.replace("randomiz", "randomis")
    found = [*_words(lower)]
    if _GROUP.search(lower):
        found += _GROUPED.finditer(lower)
    if _HUNDREDS.search(lower):
        found += _SPACED.finditer(lower)
    for match in sorted(found, key=re.Match.start):
        start, end = match.span()
        if start < position:
            continue
        words = match.group()
        digits = words.replace(",", "").replace(" ", "") if words[0].isdigit() else str(_value(words))
        pieces += (lower[position:start], digits)
        length += start - position
        changes.append((length, length + len(digits), start, end))
        length += len(digits)
        position = end
    pieces.append(lower[position:])
    ends, original_ends = tuple([change[1] for change in changes]), tuple([change[3] for change in changes])
    return Normal("".join(pieces), ends, original_ends, tuple(changes))


def _words(lower: str) -> Iterator[re.Match[str]]:
    """The numbers in words. Looking for how they begin is ten times faster than trying the pattern everywhere."""
    starts = []
    for beginning in _BEGINNINGS:
        start = lower.find(beginning)
        while start >= 0:
            if not start or not (lower[start - 1].isalnum() or lower[start - 1] == "_"):
                starts.append(start)
            start = lower.find(beginning, start + 1)
    end = 0
    for start in sorted(starts):
        if start >= end and (match := _IN_WORDS.match(lower, start)):
            end = match.end()
            yield match


def _value(words: str) -> int:
    """Value of a number in words.

    >>> _value("two hundred and forty-five")
    245
    """
    total, current = 0, 0
    for token in _TOKEN.findall(words):
        if token == "hundred":
            current = max(current, 1) * 100
        elif token == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += _VALUES[token]
    return total + current
