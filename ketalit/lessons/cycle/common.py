"""The two days of lesson 9: the synthetic review after its refresh in May, and six months later."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...prisma import Found, read_entered, read_sources
from ...refresh import Report, refresh
from ...refresh.demo import SYNTHETIC, Recorded
from ...review import Review, load_review

SYNTHETIC_WORDS = "A synthetic review: no work, person or number in it exists."
MAY, NOVEMBER = "1 May 2026", "1 November 2026"
_DATES = "2026-05-01", "2026-11-01"

STYLE = (
    "<style>.ket-panel :is(ins, mark, del) { color: inherit; padding: 0 2px; border-radius: 2px; }"
    " .ket-panel mark { background: none; outline: 2px solid #0072b2; margin: 0 2px; }"
    " .ket-panel ins { background: none; text-decoration: underline; text-decoration-thickness: 2px;"
    " font-weight: 700; }"
    " .ket-panel del { background: none; opacity: .85; }"
    " .ket-panel .ket-text { max-width: 76ch; border-left: 4px solid var(--ket-edge); padding: 2px 12px; }"
    " .ket-panel pre { font: 13px/1.5 var(--jp-code-font-family, monospace); color: inherit; white-space: pre-wrap;"
    " word-break: normal; overflow-wrap: anywhere; border: 1px solid var(--ket-edge); border-radius: 6px;"
    " padding: 8px 12px; max-width: 84ch; margin: 6px 0; background: none; }"
    " .ket-panel pre.ket-prose { font: inherit; } .ket-panel pre :is(ins, del) { text-decoration: none; }"
    " .ket-panel pre ins { font-weight: 400; } .ket-panel .ket-steps { padding-left: 1.8em; }</style>"
)


@dataclass(frozen=True, slots=True)
class Day:
    """The review after the refresh of one day: its report, its files as read then, and what its searches found."""

    report: Report
    review: Review
    found: Sequence[Found]
    entered: Sequence[str]


@cache
def days() -> tuple[Day, Day]:
    """Both refreshes, made once in a folder that is gone afterwards."""
    found = []
    with tempfile.TemporaryDirectory(prefix="ketalit-") as temporary:
        folder = Path(temporary) / "synthetic-refresh"
        shutil.copytree(SYNTHETIC, folder)
        for date in _DATES:
            report = refresh(folder, Recorded(folder, date))
            found.append(Day(report, load_review(folder), read_sources(folder), read_entered(folder)))
    return found[0], found[1]
