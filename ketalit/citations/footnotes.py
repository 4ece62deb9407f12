"""Find the footnote numbers in a text, and the entries of its lists of references that they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .references import Block, Entry, covered


@dataclass(frozen=True, slots=True)
class Mark:
    """Footnote numbers in running text. `sure`: a footnote by its form alone, with or without an entry."""

    start: int
    end: int
    labels: tuple[str, ...]
    sure: bool


_NUMBERS = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20}"
_BRACKETED = re.compile(rf"\[\^?({_NUMBERS}|(?<=\^)[\w-]{{1,20}})\]")
_PARENTHESISED = re.compile(rf"\(({_NUMBERS})\)")
# "pain.3", "infusion.”1,2": superscripts whose height was lost.
_GLUED = re.compile(r"(?:(?<=[a-z%)][.,”\"’;])|(?<=[.,][”\"’]))(\d{1,3}(?:[,–-]\d{1,3}){0,10})(?=\s|$)")
_NOT_A_NOTE = re.compile(
    r"(?i)(?:\b(?:CI|IQR|range|scale|scores?|NRS|VAS|ratio|n|grade|age[ds]?|from|phase)|[=<>%])\s?[:,]?\s?$"
)
_LISTING = re.compile(r"(?:^|\n|[:;,]\s|\b(?:and|or|either)\s)$")
_UNIT = re.compile(r"(?:\d|\b[cmkd]?m|\bkg/m)$")


def footnote_marks(
    text: str, blocks: Sequence[Block], raised: Sequence[tuple[int, int]] = (), anchors: Sequence[tuple[int, int]] = ()
) -> list[Mark]:
    """Footnote numbers outside the lists themselves.

    "[3]", "[^3]", superscripts and links inside the page count by their form; "(3)" and a number glued to the end of
    a sentence only where a list has an entry of that number.

    Args:
        text: the text, with links blanked and superscript digits as plain ones.
        blocks: the lists of references.
        raised: offsets of superscripts.
        anchors: offsets of links to a place in the page.
    """
    taken = covered(len(text), [(entry.start, entry.end) for block in blocks for entry in block])
    known = {entry.label for block in blocks for entry in block}
    printed = {entry.label for block in blocks for entry in block if not entry.counted}
    marks: list[Mark] = []

    def add(start: int, end: int, numbers: str, sure: bool, among: set[str] = known) -> None:
        labels = expand(numbers)
        if labels and (sure or set(labels) <= among) and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            marks.append(Mark(start, end, labels, sure))

    for found in _BRACKETED.finditer(text):
        if not _NOT_A_NOTE.search(text, max(0, found.start() - 30), found.start()) and not _starts_line(
            text, found.start()
        ):
            add(found.start(), found.end(), found.group(1), True)
    for start, end in anchors:
        if re.fullmatch(rf"\s*\[?{_NUMBERS}\]?\s*", text[start:end]):
            add(start, end, text[start:end].strip(" []"), True)
    for start, end in raised:
        if not _UNIT.search(text, max(0, start - 6), start):
            add(start, end, text[start:end].strip(" []()"), bool(known))
    for found in _PARENTHESISED.finditer(text):
        before = text[max(0, found.start() - 30) : found.start()]
        if not _LISTING.search(before) and not _NOT_A_NOTE.search(before):
            add(found.start(), found.end(), found.group(1), False)
    for found in _GLUED.finditer(text):
        add(found.start(), found.end(), found.group(1), False, printed)
    return sorted(marks, key=lambda mark: mark.start)


def _starts_line(text: str, position: int) -> bool:
    return not text[text.rfind("\n", 0, position) + 1 : position].strip()


def expand(numbers: str) -> tuple[str, ...]:
    """The single numbers of a footnote mark; () of what cannot be one.

    >>> expand("1,3-5"), expand("0-10")
    (('1', '3', '4', '5'), ())
    """
    labels: list[str] = []
    for part in re.split(r"\s*[,;]\s*", numbers):
        ends = re.fullmatch(r"(\d{1,3})\s?[–-]\s?(\d{1,3})", part)
        if ends:
            first, last = int(ends.group(1)), int(ends.group(2))
            if not 0 < first < last <= first + 50:
                return ()
            labels += map(str, range(first, last + 1))
        elif re.fullmatch(r"\d{1,3}", part) and int(part):
            labels.append(str(int(part)))
        elif re.fullmatch(r"[A-Za-z][\w-]*", part):
            labels.append(part)
        else:
            return ()
    return tuple(dict.fromkeys(labels))


def marks_by_entry(blocks: Sequence[Block], marks: Sequence[Mark]) -> dict[Entry, list[Mark]]:
    """The marks that mean each entry: a number means the next list that has it, failing that the last before."""
    having: dict[str, list[Entry]] = {}
    for block in blocks:
        for label, entry in {entry.label: entry for entry in reversed(block)}.items():
            having.setdefault(label, []).append(entry)
    found: dict[Entry, list[Mark]] = {}
    for mark in marks:
        for label in mark.labels:
            entries = having.get(label, [])
            home = next((entry for entry in entries if entry.start > mark.start), entries[-1] if entries else None)
            if home:
                found.setdefault(home, []).append(mark)
    return found
