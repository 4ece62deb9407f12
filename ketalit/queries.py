"""The parts of a PubMed query, with which every reading of one begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PART = re.compile(
    r"[\"“”](?P<quoted>[^\"“”]*)[\"“”]|\[(?P<tag>[^\[\]]*)\]|(?P<open>\()|(?P<close>\))"
    r"|(?P<operator>(?:AND|OR|NOT)(?![^\s()\"“”]))|(?P<word>[^\s()\[\]\"“”]+)|(?P<alone>\S)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query.

    Attributes:
        kind: "word", "quoted", "tag", "open", "close", "operator", or "alone": a bracket or a quotation mark that has
            no other half.
        text: what it says, without quotation marks and square brackets.
        start, end: where it stands in the query.
    """

    kind: str
    text: str
    start: int
    end: int


def parts(query: str) -> Iterator[Part]:
    """All of a query but its spaces, from left to right.

    >>> [(part.kind, part.text) for part in parts('"chronic pain"[tiab] AND (ketamin*)')]  # doctest: +ELLIPSIS
    [('quoted', 'chronic pain'), ('tag', 'tiab'), ('operator', 'AND'), ('open', '('), ('word', 'ketamin*'), ...]
    """
    for found in _PART.finditer(query):
        kind = found.lastgroup or ""
        yield Part(kind, found[kind], found.start(), found.end())
