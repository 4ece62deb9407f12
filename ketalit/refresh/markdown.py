"""A report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from .. import __version__
from ..escaping import markdown
from ..table import NO_ADVICE
from .report import Piece, Report
from .wording import Item, Section, headline, sections, subtitle, value_lines


def render(report: Report) -> str:
    """The report as a Markdown document.

    >>> print(render(Report(title="A", at="2026-11-01T09:00:00", since="2026-10-01T09:00:00")).splitlines()[0])
    # A: what changed
    """
    parts = [
        f"# {markdown(report.title)}: what changed",
        f"{markdown(subtitle(report))}.",
        f"**{markdown(headline(report))}**",
        *(part for section in sections(report) for part in _section(section)),
        f"{NO_ADVICE} Made with ketalit {__version__}.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {markdown(section.title)}"
    yield markdown(section.intro)
    yield "\n".join(line for item in section.items for line in _item(item))
    yield "\n".join(f"- {markdown(line)}" for line in section.lines)


def _item(item: Item) -> Iterator[str]:
    head = markdown(item.head)
    head = f"~~{head}~~" if item.struck else f"**{head}**"
    links = " ".join(f"[{name}]({address})" for name, address in item.links)
    title = f"*{markdown(item.title)}*" if item.title else ""
    yield "- " + " · ".join(part for part in (head, markdown(item.aside), title, links) if part)
    for line in item.lines:
        yield f"  - {markdown(line)}"
    for value in item.values:
        said, found = value_lines(value)
        yield f"  - **{markdown(said)}**: {'**' if value.lost else ''}{markdown(found)}{'**' if value.lost else ''}"
    if item.words:
        yield f"  - {''.join(_piece(piece) for piece in item.words).strip()}"


def _piece(piece: Piece) -> str:
    text = markdown(piece.text)
    shown = {"gone": f"~~{text}~~", "new": f"**{text}**"}.get(piece.kind, text)
    return shown if piece.glued and piece.kind == "same" else f" {shown}"  # marks need a space before them
