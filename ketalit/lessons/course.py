"""The course: which lessons there are, where they stand, and what each says of itself in its first cell."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..rows import did_you_mean

_HERE = Path(__file__).parent
_NAME = re.compile(r"(\d\d)-[a-z0-9-]+")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_MINUTES = re.compile(r"\*\*(\d+) minutes\*\*")
_OBJECTIVES = "At the end you can"
_FIRST = f"a first cell with “# Title”, “**50 minutes**” and “{_OBJECTIVES}” over a numbered list"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson, as its notebook's first cell describes it.

    Attributes:
        number: "01", as its file and its questions are named.
        title: in words.
        minutes: how long a class takes over it.
        objectives: what a learner can do at its end.
        path: its notebook.
    """

    number: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    path: Path


def notebooks_folder() -> Path:
    """Where the notebooks are: in the installed package, or at the top of a checkout.

    Raises:
        InputError: neither has them.
    """
    for folder in (_HERE / "notebooks", _HERE.parents[1] / "notebooks"):
        if any(_numbered(folder)):
            return folder
    raise InputError("this installation has no lessons", next_step="Install ketalit again, from a wheel or a checkout")


def lessons(folder: Path | None = None) -> list[Lesson]:
    """The lessons, in order.

    Args:
        folder: where their notebooks are; without, those that come with ketalit.

    Raises:
        InputError: a notebook cannot be read, or does not say what it is about.
    """
    folder = folder or notebooks_folder()
    return [read_lesson(path) for path in _numbered(folder)]


def lesson_path(asked: str, folder: Path | None = None) -> Path:
    """The notebook of a lesson's number ("1", "01") or name ("the-magnesium-gate").

    Raises:
        InputError: there is none.

    >>> lesson_path("1") == lesson_path("the-magnesium-gate")
    True
    """
    paths = _numbered(folder or notebooks_folder())
    wanted = asked.strip().lower().removesuffix(".ipynb")
    for path in paths:
        if wanted in (path.stem, path.stem[3:], path.stem[:2], path.stem[:2].removeprefix("0")):
            return path
    hint = did_you_mean(wanted, [path.stem[3:] for path in paths])
    known = f"{paths[0].stem[:2]} to {paths[-1].stem[:2]}, as `ketalit lessons` lists them" if paths else ""
    raise InputError(f"there is no lesson “{asked}”{hint}", expected="" if hint else known)


def read_lesson(path: Path) -> Lesson:
    """What a notebook says of itself.

    Raises:
        InputError: it cannot be read, or its first cell lacks title, minutes or objectives.
    """
    try:
        first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        raise InputError("this is no notebook that can be read", where=str(path)) from None
    said = described(first)
    name = _NAME.fullmatch(path.stem)
    if said is None or not name:
        raise InputError("this notebook does not say what it is about", where=str(path), expected=_FIRST)
    return Lesson(name[1], *said, path)


def described(cell: dict[str, Any]) -> tuple[str, int, tuple[str, ...]] | None:
    """Title, minutes and objectives in a lesson's first cell; None when one of them is missing.

    >>> text = "# The gate\\n\\n**50 minutes** · read.\\n\\nAt the end you can\\n\\n1. read a *curve*;\\n2. say why."
    >>> described({"cell_type": "markdown", "source": text})
    ('The gate', 50, ('read a curve', 'say why'))
    """
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    head, _, listed = source.partition(_OBJECTIVES)
    title, minutes = _TITLE.search(head), _MINUTES.search(head)
    items = [item.strip().split("\n\n")[0] for item in re.split(r"^\s*\d+\.\s+", listed, flags=re.MULTILINE)[1:]]
    if not (title and minutes and items):
        return None
    plain = tuple(" ".join(re.sub(r"[*`]", "", item).split()).rstrip(";.,") for item in items)
    return title[1].strip(), int(minutes[1]), plain


def _numbered(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.ipynb") if _NAME.fullmatch(path.stem))
