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

    path = check_target(path)
    writers = {".html": html.render, ".md": markdown.render, ".json": to_json}
    return write_atomically(path, writers[path.suffix.lower()](report).encode())


def check_target(path: Path | str) -> Path:
    """The path, if a report can be written to it; asked before a refresh, which takes time and is told once.

    Raises:
        InputError: another suffix than .html, .md or .json, or no such folder.

    >>> check_target("report.html").name
    'report.html'
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"“{path.suffix or path.name}” is no kind of file a report can be written to",
            where=str(path),
            expected=f"a name ending in one of: {' '.join(SUFFIXES)}",
        )
    if not path.parent.is_dir():
        raise InputError(f"there is no folder “{path.parent}”", where=str(path), next_step="Make it first")
    return path
