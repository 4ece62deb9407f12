"""Rulings on conflicts: `adjudication.csv`, with the columns record, stage, decision, reason, who, when, note.

Rows are only ever added; the last on a record and stage counts.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from ..errors import InputError
from ..escaping import one_line
from ..files import write_atomically
from ..review import Review
from ..rows import Problem, read_rows
from .outcomes import Ruling
from .sheet import read_sheet
from .votes import Choice, Vote, check_vote, name_of, now, record_names

FILE = "adjudication.csv"


def load_rulings(folder: Path, review: Review) -> tuple[Ruling, ...]:
    """All rulings, oldest first.

    Raises:
        InputError: a row cannot be used; names file, line and column.
    """
    rulings, problems = read_rulings(folder, review)
    if problems:
        more = f"{len(problems) - 1} more in {FILE}" if len(problems) > 1 else ""
        raise InputError(str(problems[0]).rstrip("."), next_step=more)
    return rulings


def read_rulings(folder: Path, review: Review) -> tuple[tuple[Ruling, ...], list[Problem]]:
    """All rulings that can be read, and every problem found on the way (for `ketalit check`)."""
    problems: list[Problem] = []
    names = record_names(review)
    found: list[Ruling] = []
    for line, row in read_rows(Path(folder) / FILE, Ruling, problems):
        try:
            found.append(dataclasses.replace(row, record=name_of(row.record, names)))
            check_ruling(row, review)
        except InputError as error:
            problems.append(Problem(file=FILE, line=line, what=error.what, expected=error.expected))
    return tuple(found), problems


def check_ruling(ruling: Ruling, review: Review) -> None:
    """Hold a ruling to the same rules as a vote, and to naming who ruled.

    Raises:
        InputError: it breaks one.
    """
    said = Vote(record=ruling.record, stage=ruling.stage, decision=ruling.decision, reason=ruling.reason)
    check_vote(said, review)
    if not ruling.who.strip() and ruling.decision is not Choice.WITHDRAWN:
        raise InputError("nobody is named who ruled", expected="initials, such as “EF” or “AB+CD, discussed”")


def save_ruling(folder: Path, ruling: Ruling) -> Ruling:
    """Add a ruling to the file, whole; returns it as saved.

    Raises:
        InputError: the file cannot be written.
    """
    cleaned = {"who": one_line(ruling.who), "when": ruling.when or now(), "note": one_line(ruling.note)}
    ruling = dataclasses.replace(ruling, **cleaned)  # type: ignore[arg-type]
    columns = [field.name for field in dataclasses.fields(Ruling)]
    path = Path(folder) / FILE
    cells = {name: str(getattr(ruling, name)) for name in columns}
    write_atomically(path, read_sheet(path, columns).edited(added=[cells]))
    return ruling
