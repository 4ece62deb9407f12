"""What an answer to a request for records means: bytes to keep, and where each id ended. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..entrez.ncbi import Batch
from ..errors import InputError
from ..library import Raw, State
from ..records.answers import Format
from ..records.cutting import chunks_of, cut, recoded
from ..records.ids import clean_pmcid
from ..records.jats import iter_jats
from ..records.model import Record
from ..records.problems import Kind, Problem
from ..records.pubmed import iter_pubmed

ABSENT = "PubMed does not hold it: deleted, merged into another record, or never given"
_ELEMENTS = {
    "pubmed": ("PubmedArticle", "PubmedBookArticle", "DeleteCitation"),
    "pmc": ("article",),
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one batch brought.

    Attributes:
        raws: the records that were asked for, byte for byte.
        records: the same, read.
        states: where each id of the batch ended, with the reason, by its name ("PMID:1").
        alarms: what should not have happened, or should be known.
    """

    raws: tuple[Raw, ...]
    records: tuple[Record, ...]
    states: Mapping[str, tuple[State, str]]
    alarms: tuple[str, ...] = ()


def deliver(batch: Batch, source: Literal["pubmed", "pmc"] = "pubmed") -> Delivered:
    """What a batch brought, and where each of its ids ended. Pure.

    An id is returned (its record can be read), deleted (NLM says so), absent (a whole and readable answer leaves it
    out), or failed. What cannot be read is never called absent. A record that was not asked for is dropped.

    >>> record = b"<PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>"
    >>> batch = Batch(("1", "2"), b"<PubmedArticleSet>" + record + b"</PubmedArticleSet>", "2026-11-01T00:00:00+00:00")
    >>> delivered = deliver(batch)
    >>> [raw.id for raw in delivered.raws], delivered.states["PMID:2"][0].value
    (['PMID:1'], 'absent')
    """
    names = {_value(asked, source): _name(asked, source) for asked in batch.requested}
    if batch.error:
        return Delivered((), (), dict.fromkeys(names.values(), (State.FAILED, str(batch.error))))
    problems: list[Problem] = []
    reader = iter_pubmed if source == "pubmed" else iter_jats
    try:
        records = list(reader(batch.body, problems=problems))
        contents = _contents(batch.body, source)
    except InputError as error:
        return Delivered((), (), dict.fromkeys(names.values(), (State.FAILED, str(error))))
    kept: dict[tuple[str, int], Record] = {}
    alarms = []
    for record in records:
        value = record.pmid if source == "pubmed" else record.pmcid
        if value not in names:
            alarms.append(f"{record.id} came without being asked for, and was dropped")
        elif (known := kept.setdefault((value, record.version), record)).sha256 != record.sha256:
            alarms.append(f"{known.id} came twice in one answer with different text; the first is kept")
    alarms += [problem.reason for problem in problems if problem.kind is Kind.NOTICE]
    withdrawn = {pmid for problem in problems if problem.kind is Kind.DELETED for pmid in problem.pmids}
    if unasked := sorted(withdrawn - names.keys()):
        alarms.append(f"NLM withdraws records that were not asked for: {', '.join(unasked)}")
    format_ = Format.PUBMED if source == "pubmed" else Format.JATS
    return Delivered(
        raws=tuple(
            Raw(names[value], format_.value, contents[record.sha256], version, at=batch.at)
            for (value, version), record in kept.items()
        ),
        records=tuple(kept.values()),
        states={
            name: _state(value, [record for key, record in kept.items() if key[0] == value], withdrawn, problems)
            for value, name in names.items()
        },
        alarms=tuple(alarms),
    )


def _value(asked: str, source: str) -> str:
    return clean_pmcid(asked) if source == "pmc" else asked.strip().lstrip("0")


def _name(asked: str, source: str) -> str:
    return f"{'PMCID' if source == 'pmc' else 'PMID'}:{_value(asked, source)}"


def _contents(body: bytes, source: str) -> dict[str, bytes]:
    """The bytes of each record by their hash, as the reader of records computes it.

    In another encoding than UTF-8 a record could not be read alone: it is set between a declaration and its root.
    """
    encoding, chunks = recoded(chunks_of(body))
    pieces = [piece.raw for piece in cut(chunks, _ELEMENTS[source]) if piece.kind == "record"]
    before = after = b""
    if encoding != "utf-8":
        root = {"pubmed": b"PubmedArticleSet", "pmc": b"pmc-articleset"}[source]
        before = f'<?xml version="1.0" encoding="{encoding}"?>\n'.encode() + b"<%b>" % root
        after = b"</%b>\n" % root
    return {hashlib.sha256(raw).hexdigest(): before + raw + after for raw in pieces}


def _state(value: str, found: list[Record], withdrawn: set[str], problems: list[Problem]) -> tuple[State, str]:
    """Where one id ended."""
    if value in withdrawn:
        return State.DELETED, "withdrawn by NLM (DeleteCitation)"
    if found:
        closed = found[0].source == "pmc" and found[0].full_text is None
        return State.RETURNED, found[0].notes[-1] if closed and found[0].notes else ""
    lost = [problem for problem in problems if problem.lost]
    number = re.compile(rf"\D0*{value.removeprefix('PMC')}\b")
    for problem in lost:
        if problem.kind is Kind.UNAVAILABLE:
            if number.search(problem.reason.partition(":")[0]):
                return State.ABSENT, problem.reason
        elif value in problem.pmids:
            return State.FAILED, f"came damaged: {problem.reason}"
    unnamed = [problem for problem in lost if problem.kind is not Kind.UNAVAILABLE and not problem.pmids]
    if unnamed:
        return State.FAILED, f"may be what came damaged: {unnamed[0].reason}"
    return State.ABSENT, "PMC has no article of this number" if value.startswith("PMC") else ABSENT
