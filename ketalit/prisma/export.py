"""The counts of a flow diagram as files: the diagram, a Markdown page, or data."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from ..files import write_atomically
from .counts import PrismaCounts
from .flow import WIDTH, prisma_svg
from .text import prisma_json, prisma_markdown

PICTURES = (".svg", ".png", ".pdf")
_TEXTS = {".md": prisma_markdown, ".json": prisma_json}


def check_target(path: Path) -> None:
    """Asked of every file before the first is written.

    Raises:
        InputError: the diagram cannot be written as such a file.

    >>> check_target(Path("flow.png"))
    >>> check_target(Path("flow.docx"))
    Traceback (most recent call last):
    ketalit.errors.InputError: flow.docx: cannot write “.docx”. Expected: .svg, .png, .pdf, .md, .json.
    """
    if path.suffix.lower() not in (*PICTURES, *_TEXTS):
        raise InputError(f"cannot write “{path.suffix}”", where=str(path), expected=", ".join((*PICTURES, *_TEXTS)))


def export(counts: PrismaCounts, path: Path) -> Path:
    """Write .svg, .png or .pdf (the diagram; the last two need the extra `figures`), .md or .json, whole or not at all.

    Raises:
        InputError: another ending, nothing to convert with, or the file cannot be written.
    """
    check_target(path)
    suffix = path.suffix.lower()
    if suffix in _TEXTS:
        return write_atomically(path, _TEXTS[suffix](counts).encode())
    from ..figures.export import save
    from ..figures.picture import Picture

    title = f"PRISMA 2020 flow diagram: {counts.title}"
    return save(Picture(prisma_svg(counts), WIDTH, 0, title, ""), path)  # the text alternative is in the SVG already
