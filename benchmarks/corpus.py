"""The recorded abstracts (`../shared/recorded/corpus_*.jsonl`) as records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ketalit.records.model import MeshHeading, Record, Section, Term

from .reading import LABELLED

RECORDED = LABELLED.parent / "recorded"
KETAMINE = RECORDED / "corpus_ketamine.jsonl"
KETAMINE_AND_PAIN = RECORDED / "corpus_ketamine_pain.jsonl"


def records(path: Path) -> Iterator[Record]:
    """The records of a corpus, in its order."""
    with path.open(encoding="utf-8") as lines:
        yield from map(_record, map(json.loads, lines))


def _record(row: dict[str, Any]) -> Record:
    parts = row["abstract"] if isinstance(row["abstract"], list) else [{"text": row["abstract"] or ""}]
    pmid = str(row["pmid"] or "")
    return Record(
        source="pubmed",
        key=pmid or str(row.get("pmcid") or row["title"]),
        pmid=pmid if pmid.isdigit() else "",
        title=str(row["title"] or ""),
        abstract=tuple(
            Section(text=part["text"], label=part.get("label") or "", category=part.get("nlm") or "")
            for part in parts
            if part["text"]
        ),
        publication_types=tuple(Term(name=name) for name in row.get("pubtypes") or ()),
        mesh=tuple(MeshHeading(name=name) for name in row.get("mesh") or ()),
    )
