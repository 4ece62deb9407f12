"""Queries for PubMed that find a work by its citation."""

from __future__ import annotations

import re

from ..records.model import Record
from .compare import plain

# Words that PubMed ignores (PubMed Help, "Stopwords") or that hardly narrow a search for a title.
_SMALL = (
    "about after all also among and any are because been before being between both but can could did does during each "
    "effect effects for from had has have how into its may might more most not our over patients see some study such "
    "than that the their them then there these they this those three through thus trial two under upon use using "
    "versus very was were what when which while with within without would"
)
_SMALL_WORDS = frozenset(_SMALL.split())


def citation_queries(record: Record) -> tuple[str, ...]:
    """Queries that find a work by title words, first author and year, the narrower first; none without a title.

    >>> from ketalit.records.model import Author
    >>> citation_queries(Record(source="person", title="Ketamine and chronic pain", authors=(Author(last="Borsook"),)))
    ('ketamine[ti] AND chronic[ti] AND pain[ti] AND Borsook[au]',)
    """
    words = [word for word in dict.fromkeys(plain(record.title).split()) if len(word) > 2 and word not in _SMALL_WORDS]
    if len(words) < 2:
        return ()
    last = re.sub(r"[^\w\s'-]", "", record.authors[0].last) if record.authors else ""
    rest = [f"{last}[au]"] if last else []
    if record.year:
        rest.append(f'("{record.year - 1}"[dp] : "{record.year + 1}"[dp])')
    telling = sorted(sorted(words, key=len, reverse=True)[:3], key=words.index)
    choices = [words[:8], telling] if rest and len(words) > 3 else [words[:8]]
    return tuple(" AND ".join([*(f"{word}[ti]" for word in chosen), *rest]) for chosen in choices)
