"""A lesson's two editions, cut from one notebook, and the copies that people work in.

`python -m ketalit.lessons.editions FOLDER` lays the student edition out there; the course page is made from it.
"""

from __future__ import annotations

import hashlib
import json
import re
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
_RECORD = ".ketalit-lessons.json"  # what was laid out in a folder, so that its copies can be told from people's work
_TO_RUN = re.compile(r"\s*First choose \*Run ▸ Run\s+All\s+Cells\*,\s+then\s+read\s+from\s+the\s+top\.")
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


def projected(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook for a projector, where everything has been run: its first cell does not say how to begin.

    >>> first = {"source": "**50 minutes**. First choose *Run ▸ Run All\\nCells*, then read from the top."}
    >>> projected({"cells": [first]})
    {'cells': [{'source': '**50 minutes**.'}]}
    """
    first, *others = notebook["cells"]
    source = first["source"] if isinstance(first["source"], str) else "".join(first["source"])
    return {**notebook, "cells": [{**first, "source": _TO_RUN.sub("", source)}, *others]}


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


def copies(to: Path, which: Edition, source: Path | None = None, *, projector: bool = False) -> list[Copy]:
    """What laying the course out in a folder would write and what it would leave alone; nothing is written.

    Args:
        to: the folder; it need not exist.
        which: the edition.
        source: where the notebooks are; without, those that come with ketalit.
        projector: leave out what only makes sense to somebody with a notebook.
    """
    source = source or notebooks_folder()
    recorded = _recorded(to)
    found = []
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if not path.is_file() or path.suffix == _MADE_FROM or any(part[0] in "._" for part in inside.parts):
            continue
        content = path.read_bytes()
        if path.suffix == ".ipynb":
            cut = edition(json.loads(content), which)
            cut = projected(cut) if projector else cut
            content = (json.dumps(cut, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
        target = to / inside
        stands = target.read_bytes() if target.is_file() else None
        untouched = stands is None or stands == content or recorded.get(inside.as_posix()) == _hash(stands)
        found.append(Copy(target, content, kept=not untouched))
    return found


def lay_out(to: Path, planned: Sequence[Copy]) -> None:
    """Write the copies; what somebody has worked in stays.

    Raises:
        InputError: the folder cannot be made or written in.
    """
    for one in planned:
        if one.kept or (one.path.exists() and one.path.read_bytes() == one.content):
            continue
        try:
            one.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot be made into a folder ({error.strerror})", where=str(to)) from error
        write_atomically(one.path, one.content)


def record(to: Path, planned: Sequence[Copy]) -> None:
    """Remember what was laid out in a folder: copies that nobody has touched since can be renewed later."""
    laid = {one.path.relative_to(to).as_posix(): _hash(one.content) for one in planned if not one.kept}
    text = json.dumps(_recorded(to) | laid, indent=1, sort_keys=True) + "\n"
    write_atomically(to / _RECORD, text.encode())


def _recorded(folder: Path) -> dict[str, str]:
    """Name of a file to the hash of what was laid out there; empty where nothing is known."""
    try:
        found = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


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
