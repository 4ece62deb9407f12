"""Tell from the words of a text which patterns cannot match there, so that they need not be tried.

A pattern is taken apart once for what every match of it must hold: `\\b(?:no|little) effects?\\b` needs "no" or
"little", and "effect" or "effects". Each such need has a bit. One pass over the words of a text tells which needs they
fulfil; to compare the bits then takes nanoseconds where a search takes microseconds. Nothing is ever hidden: what is
not understood of a pattern is not needed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import reduce
from importlib import import_module
from operator import or_
from threading import Lock
from typing import Any

_PARSER: Any = import_module("re._parser")  # private to the standard library, and the same in all versions from 3.11 on
_DIGIT = "0"  # stands for any number
_OTHER = "?"  # stands for any letter, digit or sign beyond ASCII
_SIGNS = "%=<>"
_KEPT = "abcdefghijklmnopqrstuvwxyz" + _SIGNS + _OTHER
_PLAIN = bytes(byte if chr(byte) in _KEPT else ord(_DIGIT if chr(byte).isdecimal() else " ") for byte in range(128)) * 2
_TOKEN = re.compile(rf"[a-z]+|[{_DIGIT}{_OTHER}{_SIGNS}]")
# What tells less than its length, for it is in every second or fourth sentence.
_COMMON = {_DIGIT: 1, "and": 1, "in": 1, "of": 1, "the": 1, "patients": 2, "to": 2, "was": 2, "were": 2, "with": 2}
_MOST = 100_000  # words whose bits are remembered


class _Bits(dict[bytes, int]):
    """The bits of words: of each the needs that it fulfils, worked out when the word is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.needs: dict[frozenset[str], int] = {}
        self.tree: dict[str, Any] = {}  # the pieces, letter by letter; under "" the bits of the piece that ends there

    def of(self, pieces: frozenset[str]) -> int:
        """The bit of a need, which any of these pieces fulfils."""
        if pieces not in self.needs:
            self.needs[pieces] = bit = 1 << len(self.needs)
            for piece in pieces:
                node = self.tree
                for letter in piece:
                    node = node.setdefault(letter, {})
                node[""] = node.get("", 0) | bit
            self.clear()  # any word may hold a piece of it
        return self.needs[pieces]

    def __missing__(self, word: bytes) -> int:
        bits = 0
        for token in _TOKEN.findall(word.decode()):
            padded = f" {token} " if token.isalpha() else token
            for start in range(len(padded)):
                node = self.tree
                for letter in padded[start:]:
                    if letter not in node:
                        break
                    node = node[letter]
                    bits |= node.get("", 0)
        if len(self) > _MOST:
            self.clear()
        self[word] = bits
        return bits


class Cue:
    """A pattern that is tried only where its words are.

    What it needs is worked out when the first text is read, for all cues there are; a later one is tried everywhere.
    It is compiled when it is first tried, as many a command reads nothing, or a text or two.

    >>> Cue(r"\\bno effect").search(norm := "there was no effect", words_in(norm)).span()
    (10, 19)
    """

    __slots__ = ("needs", "pattern", "regex")
    regex: re.Pattern[str]

    def __init__(self, pattern: str):
        self.pattern = pattern
        self.needs = 0
        if not _BITS.needs:
            _WAITING.append(self)

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """The compiled pattern, asked for the first time."""
        if name != "regex":
            raise AttributeError(name)
        self.regex = compiled = re.compile(self.pattern)
        return compiled

    def fits(self, words: int) -> bool:
        """Whether these are all the words that the pattern needs."""
        needs = self.needs
        return needs & words == needs

    def search(self, norm: str, words: int, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match in a text whose words these are; an `end` that cuts a word in two may hide it."""
        needs = self.needs
        return self.regex.search(norm, start, end) if needs & words == needs else None

    def finditer(self, norm: str, words: int) -> Iterable[re.Match[str]]:
        """All matches in a text whose words these are."""
        return self.regex.finditer(norm) if self.fits(words) else ()

    def sub(self, new: str, norm: str, words: int) -> str:
        """A text whose words these are, with all matches replaced."""
        return self.regex.sub(new, norm) if self.fits(words) else norm


_BITS = _Bits()
_WAITING: list[Cue] = []  # cues that have not been taken apart
_LOCK = Lock()
ANY = -1  # the words of a text that has not been looked at: there may be any


def words_in(norm: str) -> int:
    """The needs that the words of a text in normal form fulfil, as bits."""
    if _WAITING:
        with _LOCK:
            needs = [needs_of(cue.pattern) for cue in _WAITING]
            for cue, bits in zip(_WAITING, needs, strict=True):
                cue.needs = bits
            _WAITING.clear()
    words = norm.encode("ascii", "replace").translate(_PLAIN).split()  # four times as fast as a pattern
    return reduce(or_, map(_BITS.__getitem__, words), 0)


def needs_of(pattern: str) -> int:
    """What every match of a pattern needs, as bits: a text whose words fulfil less holds none.

    >>> needs = needs_of(r"\\b(?:no|little) effects?\\b")
    >>> [needs & words_in(text) == needs for text in ("no effect", "effective", "not effective", "little of no effect")]
    [True, False, False, True]
    """
    parsed = _PARSER.parse(pattern)
    if parsed.state.flags & re.IGNORECASE:
        return 0
    return sum(_BITS.of(pieces) for pieces in set(_of_sequence(list(parsed), "", "")))


def _worth(pieces: frozenset[str]) -> float:
    """How much a need tells: by its shortest piece, the likeliest to be in a text for another reason.

    >>> _worth(frozenset({_DIGIT})) < _worth(frozenset({" with "})) < _worth(frozenset({" at "}))
    True
    """
    return min(map(_worth_of_piece, pieces))


def _worth_of_piece(piece: str) -> float:
    word = piece.strip()
    if word in _COMMON:
        return _COMMON[word]
    return len(word) + (len(piece) - len(word)) / 2 if word.isalpha() else 3.5


def _of_sequence(items: list[Any], left: str, right: str) -> Iterator[frozenset[str]]:
    """The needs of a part of a pattern. An edge of a word is written as a space: `left` is the beginning of a word that
    stands before the part, "" where that is not known; `right` is " " where the part ends at an edge.
    """
    items = [item for item in items if item[0].name not in ("ASSERT", "ASSERT_NOT")]  # they take up no room
    run = left
    for place, item in enumerate(items):
        if (letter := _letter(item)) is not None:
            run += letter
            continue
        if (signs := _edge(item)) is not None:
            run += " "
            if signs:
                yield signs
            continue
        after = right if place + 1 == len(items) else " " if _edge(items[place + 1]) is not None else ""
        yield from _of_run(run)
        word = run[max(run.rfind(" "), 0) :]
        if after and len(word) > 2 and (plural := _plural(item)):
            yield frozenset({f"{word} ", f"{word}{plural} "})
        else:
            yield from _of_group(item, word, after)
        run = ""
    yield from _of_run(run + right)


def _of_run(run: str) -> Iterator[frozenset[str]]:
    """The needs of letters that follow each other: each word, with the edges that it is known to have."""
    words = run.split(" ")
    for place, word in enumerate(words):
        piece = " " * (place > 0) + word + " " * (place + 1 < len(words))
        if word and len(piece) > 2:
            yield frozenset({piece})


def _of_group(item: Any, left: str, right: str) -> Iterator[frozenset[str]]:
    """The needs of a group, of a repeated part, of alternatives (of each its best one)."""
    name, value = item[0].name, item[1]
    if name == "SUBPATTERN":
        if not value[1]:
            yield from _of_sequence(list(value[3]), left, right)
    elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
        yield from _of_sequence(list(value[2]), "", "")
    elif name == "BRANCH":
        ranked = [sorted(_of_sequence(list(one), left, right), key=_worth, reverse=True) for one in value[1]]
        if all(ranked):  # the best need of each; and the second best, where it has one
            yield frozenset().union(*(needs[0] for needs in ranked))
            yield frozenset().union(*(needs[:2][-1] for needs in ranked))


def _plural(item: Any) -> str | None:
    """The letter that a word may end with or not ("s?")."""
    name, value = item[0].name, item[1]
    if name == "MAX_REPEAT" and tuple(value[:2]) == (0, 1) and len(value[2]) == 1:
        return _letter(value[2][0])
    return None


def _letter(item: Any) -> str | None:
    """The letter that an item stands for."""
    name, value = item[0].name, item[1]
    return chr(value) if name == "LITERAL" and "a" <= chr(value) <= "z" else None


def _edge(item: Any) -> frozenset[str] | None:
    """Of an item that is the edge of a word (an anchor, a space, a digit, a sign), the signs of which it needs one."""
    name, value = item[0].name, item[1]
    if name == "AT":
        return None if value.name == "AT_NON_BOUNDARY" else frozenset()
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0 and len(value[2]) == 1:
        return _edge(value[2][0])
    if name == "LITERAL":
        return _sign(chr(value)) if not "a" <= chr(value) <= "z" else None
    if name == "IN":
        members = [_member(*one) for one in value]
        edges = [member for member in members if member is not None]
        if len(edges) < len(members):
            return None
        return frozenset().union(*edges) if all(edges) else frozenset()
    return None


def _member(op: Any, value: Any) -> frozenset[str] | None:
    """The same for a member of a set of characters."""
    if op.name == "LITERAL":
        return _edge((op, value))
    if op.name == "CATEGORY" and value.name == "CATEGORY_DIGIT":
        return frozenset(_DIGIT + _OTHER)
    if op.name == "CATEGORY" and value.name == "CATEGORY_SPACE":
        return frozenset()
    if op.name == "RANGE" and chr(value[0]) >= "0" and chr(value[1]) <= "9":
        return frozenset(_DIGIT)
    return None


def _sign(char: str) -> frozenset[str]:
    if not char.isascii():
        return frozenset(_OTHER)
    return frozenset(_DIGIT if char.isdecimal() else char if char in _SIGNS else "")
