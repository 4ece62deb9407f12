"""A report for the terminal, of any width. Colour helps; nothing is said by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..escaping import one_line
from ..table import NO_ADVICE
from .report import Piece, Report
from .wording import Item, Section, headline, sections, subtitle, value_lines

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

MOST = 20  # entries of a section, and lines of an entry; files hold all
_LONGEST = 400


def to_rich(report: Report) -> RenderableType:
    """The report as something that rich prints.

    >>> import rich
    >>> rich.print(to_rich(Report(title="A review", at="2026-11-01T09:00:00", since="2026-10-01T09:00:00")))
    A review
    As of 2026-11-01, compared with 2026-10-01
    Nothing changed since 2026-10-01: 0 searches, 0 records, 0 requests.
    <BLANKLINE>
    This table states evidence. It gives no medical advice.
    """
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = [
        Text(one_line(report.title), style="bold"),
        Text(one_line(subtitle(report)), style="dim"),
        Text(one_line(headline(report)), style="bold red" if not report.complete else "bold"),
    ]
    if report.changes or report.alarms or report.needs_attention:
        for section in sections(report):
            parts += _section(section)
    parts += [Text(), Text(NO_ADVICE, style="dim")]
    return Group(*parts)


def _section(section: Section) -> list[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    style = "bold red" if section.grave else "dim bold" if section.quiet else "bold cyan"
    parts: list[RenderableType] = [Text(), Text(one_line(section.title), style=style)]
    if section.intro:
        parts.append(Text(one_line(section.intro), style="dim"))
    for item in section.items[:MOST]:
        parts.append(Padding(_item(item), (0, 0, 0, 2), expand=False))
        parts += [Padding(line, (0, 0, 0, 4), expand=False) for line in _below(item, quiet=section.quiet)]
    if (more := len(section.items) - MOST) > 0:
        parts.append(Text(f"  … and {more:,} more; the report as a file (.html, .md, .json) has them all", "yellow"))
    parts += [Text(_short(line), style="dim" if section.quiet else "") for line in section.lines[:MOST]]
    if (more := len(section.lines) - MOST) > 0:
        parts.append(Text(f"… and {more:,} more; the report as a file (.html, .md, .json) has them all", "yellow"))
    return parts


def _item(item: Item) -> Text:
    from rich.text import Text

    head = Text(one_line(item.head), style="bold strike" if item.struck else "bold")
    if item.aside:
        head.append(f"  {one_line(item.aside)}", style="not bold not strike dim")
    return head


def _below(item: Item, *, quiet: bool) -> list[Text]:
    from rich.text import Text

    lines = [Text(_short(item.title))] if item.title else []
    lines += [Text(_short(line), style="dim" if quiet else "") for line in item.lines[:MOST]]
    if (more := len(item.lines) - MOST) > 0:
        lines.append(Text(f"… and {more:,} more in the report as a file", style="yellow"))
    for value in item.values:
        said, found = value_lines(value)
        lines.append(Text(_short(said), style="bold"))
        lines.append(Text(f"  {_short(found)}", style="red" if value.lost else "dim"))
    if item.words:
        lines.append(_words(item.words))
    if item.links:
        lines.append(Text(" ".join(address for _, address in item.links[:1]), style="dim underline"))
    return lines


def _words(words: tuple[Piece, ...]) -> Text:
    """Changed words in brackets, [before → now], among those around them."""
    from rich.text import Text

    text = Text()
    kinds = [piece.kind for piece in words]
    for at, (piece, following) in enumerate(zip(words, [*kinds[1:], ""], strict=True)):
        plain, replaces = one_line(piece.text), at > 0 and kinds[at - 1] == "gone"
        if piece.kind == "new" and replaces:
            text.append(" → ").append(plain, style="green").append("]")
            continue
        alone = piece.kind in {"gone", "new"}
        text.append(" " if at and (alone or not piece.glued) else "")
        if piece.kind == "gone":
            opening, closing = ("[", "") if following == "new" else ("[left out: ", "]")
            text.append(opening).append(plain, style="red").append(closing)
        elif piece.kind == "new":
            text.append("[added: ").append(plain, style="green").append("]")
        else:
            text.append(plain, style="dim")
    return text


def _short(text: str) -> str:
    plain = one_line(text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + "…"
