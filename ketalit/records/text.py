"""The one canonical text of a record, into which all offsets point.

Definition (version 1). Runs of space, tab, CR and LF inside a part become one space and its ends are
trimmed; every other character stays as in the stored bytes. The parts follow each other, each ended by
a line feed: title; each abstract section as "LABEL: text" (or "text" without a label); then, where the
full text is open, each paragraph. Abstract-only text is thus a prefix of the full text, and offsets
agree in both.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from .model import Record


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the canonical text: `kind` is title, abstract or body; offsets exclude a printed label."""

    kind: str
    start: int
    end: int
    label: str = ""
    category: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Canonical text with its parts in order."""

    text: str
    parts: tuple[Part, ...]

    @property
    def sha256(self) -> str:
        """Hash of the text, to notice when it changed under a checked value."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def locate(self, start: int) -> str:
        """Where in the source an offset lies: "title", "abstract" or the paragraph's locator."""
        for part in self.parts:
            if start < part.end:
                return part.locator or part.kind
        return ""


def canonical_text(record: Record, *, abstract_only: bool = False) -> Text:
    """The canonical text of a record (definition above).

    >>> from .model import Section
    >>> record = Record(source="pubmed", title="A  trial", abstract=(Section(text="n = 8.", label="METHODS"),))
    >>> canonical_text(record).text
    'A trial\\nMETHODS: n = 8.\\n'
    """
    pieces: list[str] = []
    parts: list[Part] = []
    position = 0

    def add(kind: str, raw: str, label: str = "", category: str = "", locator: str = "", prefix: str = "") -> None:
        nonlocal position
        body = _one_space(raw)
        if not body:
            return
        start = position + len(prefix)
        parts.append(Part(kind, start, start + len(body), label, category, locator))
        pieces.append(f"{prefix}{body}\n")
        position = start + len(body) + 1

    add("title", record.title)
    for section in record.abstract:
        label = _one_space(section.label)
        add("abstract", section.text, label, section.category, prefix=f"{label}: " if label else "")
    if record.full_text and not abstract_only:
        for paragraph in record.full_text.paragraphs:
            add("body", paragraph.text, paragraph.section, paragraph.section_type, paragraph.locator)
    return Text("".join(pieces), tuple(parts))


def _one_space(raw: str) -> str:
    """A text with its runs of white space made one space; five replacements are faster than a pattern."""
    text = raw.replace("\t", " ").replace("\r", " ").replace("\n", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def find_quote(record: Record, words: str) -> tuple[str, int, int]:
    """Words somebody copied out of a record, as they stand in its canonical text: text, start and end.

    White space and capitals do not matter; offsets are -1 where the words do not stand there.

    >>> record = Record(source="person", key="a", title="A trial in  60 men")
    >>> find_quote(record, "in 60 Men")
    ('in 60 men', 8, 17)
    """
    text = canonical_text(record).text
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = re.search(pattern, text) or re.search(pattern, text, re.IGNORECASE) if pattern else None
    return (found.group(), found.start(), found.end()) if found else (words, -1, -1)
