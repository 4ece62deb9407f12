"""rob.csv and summary.csv: what people judged of results, each with reason, author and date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..rows import Problem, read_rows
from .model import Certainty, Rating, RiskOfBias

if TYPE_CHECKING:
    from ..pooling.effects import EffectRow

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_risk_of_bias(path: Path, problems: list[Problem], effects: Iterable[EffectRow]) -> Iterator[RiskOfBias]:
    """Rows of rob.csv, held against the effects they are on."""
    name = "rob.csv"
    times: dict[tuple[str, str, str], set[str]] = {}
    for effect in effects:
        for comparison in (effect.comparison, ""):
            times.setdefault((effect.study, comparison, effect.outcome), set()).add(effect.time)
    for line, row in read_rows(path / name, RiskOfBias, problems):
        problems += _unsigned(name, line, row, row.judgement, row.reason, "reason")
        found = ", ".join(filter(None, (row.comparison, row.outcome)))
        problems += _astray(name, line, times.get((row.study, row.comparison, row.outcome)), found, row.time or None)
        yield row


def read_ratings(path: Path, problems: list[Problem], effects: Iterable[EffectRow]) -> Iterator[Rating]:
    """Rows of summary.csv, held against the effects they are on."""
    name = "summary.csv"
    times: dict[tuple[str, str], set[str]] = {}
    for effect in effects:
        times.setdefault((effect.comparison, effect.outcome), set()).add(effect.time)
    seen: dict[tuple[str, ...], int] = {}
    for line, row in read_rows(path / name, Rating, problems):
        # high certainty is what randomised trials start with, so it alone needs no reason
        why = "; ".join(row.reasons) or ("none" if row.certainty is Certainty.HIGH else "")
        problems += _unsigned(name, line, row, row.certainty, why, "reasons")
        problems += _astray(name, line, times.get((row.comparison, row.outcome)), row.outcome, row.time)
        key = (row.comparison, row.outcome, row.time)
        if key in seen:
            what = f"stands on line {seen[key]} already"
            problems.append(Problem(file=name, line=line, column="outcome", what=what, found=", ".join(key)))
        seen[key] = line
        yield row


def _astray(file: str, line: int, times: set[str] | None, outcome: str, time: str | None) -> Iterator[Problem]:
    """A judgement on what effects.csv does not hold. Where it gives hours, a reader's windows may have any name."""
    if times is None:
        what = "effects.csv holds no such result"
        yield Problem(file=file, line=line, column="outcome", what=what, found=outcome, fatal=False)
    elif time is not None and time not in times and not any(one.endswith(" h") for one in times):
        shown = ", ".join(sorted(filter(None, times)))
        what, expected = "effects.csv holds no such time", f"one of: {shown}" if shown else "an empty cell"
        yield Problem(file=file, line=line, column="time", what=what, found=time, expected=expected, fatal=False)


def _unsigned(
    file: str, line: int, row: RiskOfBias | Rating, verdict: str, reason: str, column: str
) -> Iterator[Problem]:
    """A judgement without its reason, its author or its date; nobody answers for such a one."""
    if verdict == "not assessed":
        return
    for name, found, expected in (
        (column, reason, "why it was judged so"),
        ("who", row.who, "the person who judged"),
        ("when", _ISO_DATE.fullmatch(row.when), "the date, as YYYY-MM-DD"),
    ):
        if not found:
            cell = row.when if name == "when" else ""
            what = f"“{verdict}” is given without it"
            yield Problem(file=file, line=line, column=name, what=what, found=cell, expected=expected)
