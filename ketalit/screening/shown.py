"""What a reviewer is shown of a record, with the words marked that the review looks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..escaping import one_line, terminal
from ..identifiers import parse_identifier
from ..queries import parts
from ..reading import read_record
from ..records.model import Record
from ..telling import count_of

if TYPE_CHECKING:
    from rich.console import Console

# Words are marked where the field tag behind them, if any, is one of text or of subject.
_IN_TEXT = {"", "ti", "ab", "tiab", "tw", "all", "ot", "mh", "majr", "nm", "mesh", "mesh terms", "mesh major topic"} | {
    *("title", "abstract", "title/abstract", "text word", "all fields", "other term", "supplementary concept")
}
_SMALL = {"a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "with"}


def render_record(record: Record, words: Sequence[str], console: Console, *, full_text: bool = False) -> None:
    """Show a record to be judged: title, source, abstract with words of interest marked, what ketalit reads in it.

    Args:
        record: the record.
        words: to be marked where there are colours, such as the names of drugs; "*" ends one that is cut short.
        console: where to.
        full_text: say also where its full text is to be found.
    """
    from rich.text import Text

    def text(shown: str, style: str = "") -> None:
        marked = Text(terminal(shown), style=style)
        for pattern in patterns:
            marked.highlight_regex(pattern, "bold yellow")
        console.print(marked)

    # Longer words first: "S-ketamine" is marked whole, not from its hyphen on.
    wanted = "|".join(map(_as_pattern, sorted((word for word in words if word.strip("* ")), key=len, reverse=True)))
    marks = bool(wanted) and not console.no_color
    patterns = [re.compile(rf"(?<!\w)(?:{wanted})(?!\w)", re.IGNORECASE)] if marks else []
    text(one_line(record.title or record.book_title) or "No title", "bold")
    source = one_line(record.journal.abbreviation or record.journal.title) or "journal not known"
    console.print(Text(f"{one_line(record.short)}  ·  {source}  ·  {record.id}", "dim"))
    for section in record.abstract:
        text(f"{one_line(section.label)}: {section.text}" if section.label else section.text)
    if not record.abstract:
        text("No abstract here.", "italic")
    read = {finding.field: finding for finding in read_record(record) if finding.value is not None}
    said = [f"{name} {read[key].value}" for key, name in (("design", "design"), ("n_total", "n =")) if key in read]
    console.print(Text(f"Read by ketalit, to be checked: {', '.join(said) or 'neither design nor n'}", "cyan"))
    if full_text:
        body = f"; {count_of(len(record.full_text.paragraphs), 'paragraph')} in the library" if record.full_text else ""
        links = [parse_identifier(name).url for name in reversed(record.identifiers)]
        text(f"Full text: {' · '.join(links) or 'no identifier to find it by'}{body}")


def query_words(query: str) -> list[str]:
    """Words and phrases that a query looks for in texts, without those it excludes; "*" stands for the end of a word.

    >>> query_words('(ketamin*[ti] OR "chronic pain"[tiab]) AND nerve injury AND trial[pt] NOT (rats[ti] OR mice[ti])')
    ['ketamin*', 'chronic pain', 'nerve', 'injury']
    """
    found: list[str] = []
    words: list[str] = []  # of the term that is being read; a phrase in quotes is one of them
    depth, excluded = 0, -1  # how deep in brackets; how deep a NOT stands whose term has not ended

    def end(tag: str = "") -> None:
        nonlocal excluded
        name, near, _ = tag.lower().partition(":")
        if words and excluded < 0 and name.strip() in _IN_TEXT:
            phrase = " ".join(words)
            meant = (phrase.split() if near else [phrase]) if name else words
            found.extend(word.partition("/")[0] for word in meant if word.lower() not in _SMALL)
        if words and excluded == depth:
            excluded = -1
        words.clear()

    for part in parts(query):
        if part.kind in {"quoted", "word"}:
            words.append(" ".join(part.text.split()))
            continue
        end(part.text if part.kind == "tag" else "")
        depth += (part.kind == "open") - (part.kind == "close")
        if part.kind == "close" and excluded == depth:
            excluded = -1
        if part.kind == "operator" and part.text == "NOT" and excluded < 0:
            excluded = depth
    end()
    return list(dict.fromkeys(word for word in found if word))


def _as_pattern(word: str) -> str:
    """A word as a regular expression, whatever stands between its parts: "non-cancer" finds "non cancer" too."""
    parts = [re.escape(part) for part in re.split(r"[\s‐‑-]+", word.strip().rstrip("*")) if part]
    return r"[\s‐‑-]+".join(parts) + (r"\w*" if word.rstrip().endswith("*") else "")
