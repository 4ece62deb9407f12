"""Look at what a query finds before anything is kept, and keep a query in a review."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from . import reading
from .entrez import Ncbi, SearchResult
from .errors import InputError
from .escaping import terminal
from .fetch import SearchReport, deliver
from .files import write_atomically
from .records.model import Record
from .review import load_review
from .rows import read_text
from .telling import Say, silent

if TYPE_CHECKING:
    from rich.console import RenderableType

NEWEST = 10


@dataclass(frozen=True, slots=True)
class Look:
    """What a query finds, and its newest records; `missing` says why these cannot be shown."""

    result: SearchResult
    newest: tuple[Record, ...] = ()
    missing: str = ""


def look(query: str, source: Ncbi, *, split: bool = True, say: Say = silent) -> Look:
    """Run a query and read its newest records (the highest PMIDs). Keeps nothing.

    Requests: those of `Ncbi.search`, and 1 for the records.

    Raises:
        InputError: the query cannot be used.
        OfflineError, NcbiError: there is no answer that can be used.
    """
    say("searching pubmed")
    result = source.search(query, split=split)
    newest: list[Record] = []
    missing = ""
    for batch in source.fetch(result.ids[-NEWEST:]):
        newest += deliver(batch).records
        missing = str(batch.error) if batch.error else missing
    return Look(result, tuple(sorted(newest, key=lambda record: -int(record.pmid or 0))), missing)


def save_search(folder: Path, name: str, query: str) -> Path:
    """Keep a query under a name at the end of review.toml; what stands there stays byte for byte.

    Raises:
        InputError: the folder is no review, it has another search of that name, or the name is no name.

    >>> import tempfile
    >>> from ketalit.review import load_review, new_review
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     folder = new_review(Path(parent, "mine"), empty=True)
    ...     _ = save_search(folder, "broad", 'ketamine AND "chronic pain"')
    ...     [search.query for search in load_review(folder).searches]
    ['ketamine AND "chronic pain"']
    """
    if not re.fullmatch(r"[\w][\w .-]{0,39}", name):
        raise InputError(f"“{name}” is no name for a search", expected="up to 40 letters, digits, spaces, “-” or “.”")
    review = load_review(folder)
    path = folder / "review.toml"
    same = next((search for search in review.searches if search.name == name), None)
    if same and same.query == query:
        return path
    if same:
        raise InputError(
            f"has a search “{name}” already: {same.query}", where=str(path), next_step="Choose another name, or edit it"
        )
    # A TOML basic string is written as JSON writes one.
    quoted = [msgspec.json.encode(text).decode() for text in (name, query)]
    entry = f'\n[[searches]]\nname = {quoted[0]}\ndatabase = "pubmed"\nquery = {quoted[1]}\n'
    return write_atomically(path, (read_text(path).rstrip("\n") + "\n" + entry).encode())


def as_json(found: Look | SearchReport) -> dict[str, Any]:
    """What a search found as plain data; `ids` are PMIDs."""
    if isinstance(found, SearchReport):
        plain: dict[str, Any] = msgspec.to_builtins(found)
        return plain
    newest = [{"pmid": one.pmid, "short": one.short, "title": one.title, "reads": _reads(one)} for one in found.newest]
    return {**msgspec.to_builtins(found.result), "newest": newest, "missing": found.missing}


def to_rich(found: Look | SearchReport, *, hint: str = "") -> RenderableType:
    """For the terminal: how many, how it was understood, what was ignored, the newest; then what to do next."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    if isinstance(found, SearchReport):
        return Text("\n".join(filter(None, [terminal(str(found)), hint])))
    result = found.result
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    facts.add_row("understood as", Text(terminal(result.translation or "not said")))
    facts.add_row("database", Text(terminal(f"{result.database}, updated {result.updated} ({result.build})")))
    for note in result.notes:
        facts.add_row("note", Text(terminal(str(note)), style="yellow"))
    if result.slices:
        facts.add_row("split", f"by Entrez date into {len(result.slices)} parts, which add up")
    rows = Table(box=None, padding=(0, 1), show_header=False, title="Newest", title_justify="left", title_style="bold")
    rows.add_column(no_wrap=True)
    rows.add_column(max_width=22)
    rows.add_column()
    for record in found.newest:
        reads = Text(f"\n{terminal(_reads(record))}", style="dim")
        rows.add_row(
            record.pmid, Text(terminal(record.short)), Text(terminal(record.title or record.book_title)) + reads
        )
    parts: list[RenderableType] = [
        Text(f"{result.count:,} {'hit' if result.count == 1 else 'hits'}", style="bold"),
        facts,
    ]
    parts += ["", rows] if found.newest else []
    parts += [Text(terminal(f"The newest cannot be shown: {found.missing}"), style="yellow")] if found.missing else []
    parts += ["", Text(hint, style="dim")] if hint else []
    return Group(*parts)


def _reads(record: Record) -> str:
    """Design and number of people, as the reader reads them."""
    found = {finding.field: finding.value for finding in reading.read_record(record)}
    people = found.get("n_total")
    said = [str(found.get("design") or ""), f"n {people}" if people else ""]
    return ", ".join(filter(None, said)) or "design and size not stated"
