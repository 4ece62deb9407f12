"""Bring files of records (PubMed XML, JATS, MEDLINE) into the library of a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import InputError
from .library import FILE, Answer, add, today
from .records.files import read_bytes
from .records.problems import Problem
from .review import load_review


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of it: records in the files, how many of them the review did not have, what could not be read."""

    records: int
    new: int
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """Whether every record of the files could be read."""
        return not any(problem.lost for problem in self.problems)


def bring_in(folder: Path, files: Sequence[Path]) -> Intake:
    """Store files, byte for byte, in the library of a review. Nothing is stored unless each holds records.

    Raises:
        InputError: the folder is no review, or a file cannot be read or holds no record; nothing was changed.
    """
    before = set(load_review(folder).records)
    answers: list[Answer] = []
    problems: list[Problem] = []
    count = 0
    for file in files:
        content = _read(file)
        result = read_bytes(content, file.name)
        problems += result.problems
        count += len(result.records)
        answers.append(Answer(content, file.name, today()))
    add(folder / FILE, answers)
    return Intake(count, len(set(load_review(folder).records) - before), tuple(problems))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(file)) from error
