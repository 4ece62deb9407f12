"""Write a report to a file of the kind its name asks for."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from ..files import write_atomically
from .report import Report, to_json

SUFFIXES = (".html", ".md", ".json")


def save(report: Report, path: Path | str) -> Path:
    """Write a report: .html a page, .md Markdown, .json for scripts.

    Returns:
        The path.

    Raises:
        InputError: another suffix, no such folder, or a file that cannot be written there; nothing was changed.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> save(Report(title="A review", at="2026-11-01T09:00:00"), folder / "report.md").name
    'report.md'
    """
    from . import html, markdown

    path = Path(path)
    writers = {".html": html.render, ".md": markdown.render, ".json": to_json}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise InputError(
            f"“{path.suffix or path.name}” is no kind of file a report can be written to",
            where=str(path),
            expected=f"a name ending in one of: {' '.join(SUFFIXES)}",
        )
    return write_atomically(path, writer(report).encode())
