"""A lesson's two editions, cut from one notebook, and the copies that people work in.

`python -m ketalit.lessons.editions FOLDER` lays the student edition out there; the course page is made from it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..files import write_atomically
from .course import notebooks_folder

TAG = "instructor"
_PAIRED = "jupytext"  # where jupytext is installed, it would write that text beside a copy
_MADE_FROM = ".py"  # the text that a notebook is made from is for authors


class Edition(StrEnum):
    """Who a copy is for."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


def edition(notebook: Mapping[str, Any], which: Edition) -> dict[str, Any]:
    """A lesson's notebook for students, without the cells tagged “instructor”, or for instructors, with all.

    Neither is paired with the text that the notebook is made from.

    >>> cells = [{"source": "Read."}, {"source": "5 minutes", "metadata": {"tags": ["instructor"]}}]
    >>> edition({"cells": cells, "metadata": {}}, Edition.STUDENT)
    {'cells': [{'source': 'Read.'}], 'metadata': {}}
    """
    cells = [cell for cell in notebook["cells"] if which is Edition.INSTRUCTOR or not for_instructor(cell)]
    metadata = {name: value for name, value in notebook["metadata"].items() if name != _PAIRED}
    return {**notebook, "cells": cells, "metadata": metadata}


def for_instructor(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is cut from the student edition."""
    return TAG in cell.get("metadata", {}).get("tags", [])


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of the course, and where it would go.

    Attributes:
        path: where.
        content: what would stand there.
        kept: somebody's own version stands there already and stays.
    """

    path: Path
    content: bytes
    kept: bool


def copies(to: Path, which: Edition, source: Path | None = None) -> list[Copy]:
    """What laying the course out in a folder would write and what it would leave alone; nothing is written.

    Args:
        to: the folder; it need not exist.
        which: the edition.
        source: where the notebooks are; without, those that come with ketalit.
    """
    source = source or notebooks_folder()
    found = []
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if not path.is_file() or path.suffix == _MADE_FROM or any(part[0] in "._" for part in inside.parts):
            continue
        content = path.read_bytes()
        if path.suffix == ".ipynb":
            cut = edition(json.loads(content), which)
            content = (json.dumps(cut, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
        target = to / inside
        found.append(Copy(target, content, target.exists() and target.read_bytes() != content))
    return found


def lay_out(to: Path, planned: Sequence[Copy]) -> None:
    """Write the copies that overwrite nothing.

    Raises:
        InputError: the folder cannot be made or written in.
    """
    for one in planned:
        if one.kept or one.path.exists():
            continue
        try:
            one.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot be made into a folder ({error.strerror})", where=str(to)) from error
        write_atomically(one.path, one.content)


def fresh(folder: Path, today: date) -> Path:
    """A folder of this name and day that does not exist yet.

    >>> fresh(Path("ketalit-lessons"), date(2026, 11, 22)).name
    'ketalit-lessons-2026-11-22'
    """
    dated = folder.with_name(f"{folder.name}-{today.isoformat()}")
    return next(
        path for path in (dated, *(dated.with_name(f"{dated.name}-{n}") for n in range(2, 1000))) if not path.exists()
    )


def main(names: Sequence[str]) -> int:
    """Lay the student edition out in the folders named."""
    for name in names:
        lay_out(Path(name), copies(Path(name), Edition.STUDENT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
