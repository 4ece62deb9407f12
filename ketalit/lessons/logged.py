"""The log of answers that `ketalit lab` keeps: one learner's, or a whole class's, read back as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import InputError
from ..rows import Problem, read_rows

COLUMNS = ("learner", "when", "lesson", "item", "given", "correct", "confidence")
_FIRST = ["learner", "lesson", "item"]  # a question counts once for each learner


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of a log; the columns of `question.Answer`, and when (UTC, ISO 8601)."""

    when: str
    lesson: str
    item: str
    given: str
    correct: bool
    confidence: float | None = None


def read_answers(paths: Sequence[Path]) -> pd.DataFrame:
    """The first answer of every learner to every question: whoever tries again has read what was wrong.

    Args:
        paths: logs, one of each learner. Two with the same content are refused: somebody would count twice.

    Returns:
        One row an answer: learner (1, 2, … as the files come; no names), when, lesson, item, given, correct (bool),
        confidence (%; missing where it was not asked).

    Raises:
        InputError: a file is missing, damaged or no log, or comes twice; nothing is left out silently.

    >>> log = getfixture("tmp_path") / "answers.csv"
    >>> head = "when,lesson,item,given,correct,confidence"
    >>> _ = log.write_text(head + "\\n2026-11-23T09:00:00+00:00,01,find-peak,2 mV,False,\\n")
    >>> read_answers([log])[["learner", "lesson", "correct"]].to_numpy().tolist()
    [[1, '01', False]]
    """
    rows: list[tuple[object, ...]] = []
    seen: dict[bytes, Path] = {}
    for learner, path in enumerate(paths, 1):
        if not path.is_file():
            raise InputError("there is no such log", where=str(path), expected="an answers.csv of `ketalit lab`")
        if not (content := path.read_bytes()).strip():
            raise InputError("this log is empty", where=str(path), expected="an answers.csv of `ketalit lab`")
        if content in seen:
            raise InputError(f"this log is the same as {seen[content]}", where=str(path), next_step="Give it once")
        seen[content] = path
        problems: list[Problem] = []
        for _, one in read_rows(path, Logged, problems):
            rows.append((learner, one.when, one.lesson, one.item, one.given, one.correct, one.confidence))
        if problems:
            raise InputError(str(problems[0]), next_step="Ask for the log as `ketalit lab` wrote it")
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"correct": bool, "confidence": float})
    return table.drop_duplicates(_FIRST, ignore_index=True)


def by_question(table: pd.DataFrame) -> pd.DataFrame:
    """Each question of `read_answers`: lesson, item, answers, right (share), sure (% on average), commonest_wrong.

    Those that fewest had right come first: what a class should talk about.
    """
    rows = [
        (
            lesson,
            item,
            len(group),
            group["correct"].mean(),
            group["confidence"].mean(),
            next(iter(group.loc[~group["correct"], "given"].value_counts().index), ""),
        )
        for (lesson, item), group in table.groupby(["lesson", "item"], sort=True)
    ]
    found = pd.DataFrame(rows, columns=["lesson", "item", "answers", "right", "sure", "commonest_wrong"])
    return found.sort_values("right", kind="stable", ignore_index=True)
