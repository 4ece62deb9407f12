"""What changed between two texts, word by word, and whether a quote stands in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from .report import Piece

CONTEXT = 7  # unchanged words shown on each side of a change
_LONGEST = 4_000  # words; comparing takes time in the square of it
_SIGNS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "·": "."})
_ENDING = re.compile(r"([,;:.)]+)$")
_Step = tuple[str, int, int, int, int]
_LEFT_OUT = re.compile(r"\[?(?:…|\.{3})\]?")


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most.

    >>> same_words("n  = 60.", "n = 60.")
    True
    """
    return one.split() == other.split()


def changed_words(before: str, after: str) -> tuple[Piece, ...]:
    """The changes from one text to another, each with a few unchanged words around it.

    >>> [(piece.kind, piece.text) for piece in changed_words("We treated 60 patients.", "We treated 54 patients.")]
    [('same', 'We treated'), ('gone', '60'), ('new', '54'), ('same', 'patients.')]
    """
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > _LONGEST:
        return (Piece("skipped", f"{len(old):,} words then, {len(new):,} now: too long to set side by side"),)
    pieces: list[Piece] = []
    steps = _whole_sentences(SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old, new)
    for at, (step, i1, i2, j1, j2) in enumerate(steps):
        if step == "equal":
            pieces += _context(new[j1:j2], first=at == 0, last=at == len(steps) - 1)
        else:
            pieces += [_piece("gone", old[i1:i2])] if i2 > i1 else []
            pieces += [_piece("new", new[j1:j2])] if j2 > j1 else []
    return tuple(pieces)


def _whole_sentences(opcodes: Sequence[_Step], old: list[str], new: list[str]) -> list[_Step]:
    """Steps in which what was added or left out ends with its full stop rather than beginning with the one before."""
    steps = list(opcodes)
    for at in range(1, len(steps) - 1):
        (_, a1, a2, b1, b2), (step, i1, i2, j1, j2), (_, c1, c2, d1, d2) = steps[at - 1 : at + 2]
        words, first, end = (new, j1, j2) if step == "insert" else (old, i1, i2)
        if step in {"insert", "delete"} and _ENDING.match(words[first]) and words[first] == words[end]:
            steps[at - 1] = ("equal", a1, a2 + 1, b1, b2 + 1)
            steps[at] = (step, i1 + 1, i2 + 1, j1 + 1, j2 + 1)
            steps[at + 1] = ("equal", c1 + 1, c2, d1 + 1, d2)
    return [one for one in steps if one[2] > one[1] or one[4] > one[3]]


def _words(text: str) -> list[str]:
    """Words, and by themselves the punctuation marks that end them: so that only a number changes, not its comma."""
    return [part for word in text.split() for part in _ENDING.split(word, maxsplit=1) if part]


def _piece(kind: str, words: list[str]) -> Piece:
    text = "".join(word if at == 0 or _ENDING.match(word) else f" {word}" for at, word in enumerate(words))
    return Piece(kind, text, bool(_ENDING.match(words[0])))


def _context(words: list[str], *, first: bool, last: bool) -> list[Piece]:
    """Unchanged words next to a change; what lies farther off is left out."""
    ahead, behind = ([] if first else words[:CONTEXT]), ([] if last else words[-CONTEXT:])
    if len(ahead) + len(behind) >= len(words):
        return [_piece("same", words)]
    while behind and _ENDING.match(behind[0]):
        behind = behind[1:]
    left_out = Piece("skipped", "…")
    return [*([_piece("same", ahead)] if ahead else []), left_out, *([_piece("same", behind)] if behind else [])]


def stands_in(quote: str, text: str) -> bool:
    """Whether a quote stands in a text, whatever the white space, capitals, dashes and quotation marks.

    A quote with an ellipsis stands there when its pieces do, in order.

    >>> stands_in("Sixty patients … placebo", "METHODS: Sixty  patients took ketamine or placebo.")
    True
    """
    text, position = _plain(text), 0
    pieces = [piece for part in _LEFT_OUT.split(quote) if (piece := _plain(part))]
    for piece in pieces:
        found = text.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return bool(pieces)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).casefold().split())
