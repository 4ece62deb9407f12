"""Numbered source notes for formats that are read on paper: equal sources share a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..table import EvidenceTable
from .wording import CONFLICT, source_line, with_unit


@dataclass(slots=True)
class Notes:
    """Notes in the order in which they are first referred to.

    >>> notes = Notes()
    >>> notes.number("PMID:1"), notes.number("PMID:2"), notes.number("PMID:1")
    (1, 2, 1)
    """

    texts: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """The number of a note, a new one where the text is new."""
        if text not in self._numbers:
            self.texts.append(text)
            self._numbers[text] = len(self.texts)
        return self._numbers[text]


def note_text(candidates: list[Any]) -> str:
    """Where the value shown comes from, its remark, and what other origins say where they differ."""
    shown, *others = candidates
    line = f"{shown.study}: {source_line(shown)}"
    remark = f". {shown.note}" if shown.note else ""
    if shown.conflict:
        said = "; ".join(
            f"{with_unit(other)} ({source_line(other)})"
            for other in others
            if not other.missing and other.text != shown.text
        )
        remark += f". {CONFLICT} differs: {said}"
    return line + remark


def annotated_rows(
    table: EvidenceTable, notes: Notes, write: Callable[[Any, int | None, bool], str]
) -> list[tuple[Any, list[str]]]:
    """For each study its identity and its cells, each written by `write(cell, number of its note, retracted)`."""
    behind = table.candidates()
    rows = []
    for study in table.rows():
        texts = []
        for column in table.fields:
            candidates = behind[study.Index, column.name]
            number = notes.number(note_text(candidates)) if candidates[0].origin else None
            texts.append(write(candidates[0], number, study.status == "retracted"))
        rows.append((study, texts))
    return rows
