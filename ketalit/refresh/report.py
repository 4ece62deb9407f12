"""The report of a refresh: its parts as frozen data, and its JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import msgspec

from ..errors import InputError
from ..escaping import json_in_terminal


class Kind(StrEnum):
    """What can have happened to a record, most important first."""

    RETRACTED = "retracted"
    CONCERN = "expression of concern"
    NOTICE = "is itself a notice"  # learnt of a record that was taken for a study
    CORRECTED = "corrected"
    SUPERSEDED = "superseded"
    LIFTED = "no longer flagged"  # a retraction or an expression of concern that NLM took back
    NEW = "new to screen"
    CHECKED_TEXT = "text changed under checked values"
    OTHER_WORK = "identifier of another work"
    GONE = "gone"
    TEXT = "text changed"  # nothing that a person checked rests on it
    MINOR = "minor"


class Pool(Protocol):
    """A pooled estimate, as far as a refresh has to know it: its name, the records it rests on, its text."""

    @property
    def name(self) -> str:
        """What the estimate is called in the review."""

    @property
    def records(self) -> Sequence[str]:
        """Ids of the records (keys or "PMID:…") whose results are pooled."""

    @property
    def text(self) -> str:
        """The estimate as people read it, e.g. "MD -1.1 (-1.9 to -0.3), 5 studies"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A notice, erratum or newer version that a record points to; `pmid` is empty where NLM gives none."""

    type: str  # as NLM names it (RefType)
    citation: str = ""
    pmid: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of a text that changed: "same", "gone", "new" or "skipped" (unchanged words left out).

    `glued`: it begins with a punctuation mark, before which there is no space.
    """

    kind: str
    text: str
    glued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedValue:
    """A value of extraction.csv whose record has another text now.

    Attributes:
        field, value, quote, locator, who, when, line: as in extraction.csv (`line`: where it stands).
        found: whether its quote still stands in title or abstract, in words.
        lost: the quote stood there and does no longer.
    """

    field: str
    value: str
    quote: str = ""
    locator: str = ""
    who: str = ""
    when: str = ""
    line: int = 0
    found: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that happened to one record.

    Attributes:
        kind: what.
        record: id of the record in the review; its key, else "PMID:…".
        identifiers: "PMID:…", "PMCID:…" and "DOI:…" of it.
        citation, title: first author and year; title.
        decision: include, exclude, maybe or unscreened.
        what: one sentence on what happened or what to do.
        links: the notices, errata or newer versions it points to.
        searches: for a new record, the names of the searches that found it.
        design, people, quote: for a new record, what the reader reads of it, and the words behind the number.
        values: the checked values that rest on a changed text.
        words: what changed in the text, word by word.
    """

    kind: Kind
    record: str
    citation: str
    identifiers: tuple[str, ...] = ()
    title: str = ""
    decision: str = "unscreened"
    what: str = ""
    links: tuple[Link, ...] = ()
    searches: tuple[str, ...] = ()
    design: str = ""
    people: str = ""
    quote: str = ""
    values: tuple[CheckedValue, ...] = ()
    words: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A record that a search found before and does not find now; `why` as far as one can tell.

    `gone` says that NCBI no longer holds it: then the search is not to blame.
    """

    record: str
    citation: str
    why: str
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Something about a search that is not as it was; "query edited" is the reviewer's own doing."""

    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchNews:
    """A saved search, rerun.

    Attributes:
        name, query, database: as saved in review.toml.
        count: hits now; `count_before` is None on the first run.
        new: ids it did not find before ("PMID:…").
        lost: records it found before.
        drift: translation, NCBI's notes or the query that are not as they were.
        notes: what NCBI says of the query ("phrase not found: …"), drift or not.
        build, build_before: NCBI's name of the database's state. It changes daily and is no drift.
        error: why it could not be run; the other facts are then those of before.
    """

    name: str
    query: str
    database: str = "pubmed"
    count: int = 0
    count_before: int | None = None
    new: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    drift: tuple[Drift, ...] = ()
    notes: tuple[str, ...] = ()
    build: str = ""
    build_before: str = ""
    error: str = ""

    @property
    def drifted(self) -> bool:
        """Whether the query is read in another way, or lost records that still exist."""
        return bool(self.drift) or any(not lost.gone for lost in self.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell of the evidence table that is not as it was.

    `kept` marks a value that stays because somebody entered it, while the record now reads as `reads` says.
    """

    study: str
    citation: str
    field: str
    heading: str
    before: str
    after: str
    origin_before: str = ""
    origin: str = ""
    kept: bool = False
    reads: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row of the evidence table that came, went or counts no longer."""

    study: str
    citation: str
    what: str
    stops_counting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolChange:
    """A pooled estimate that rests on affected records: their citations and what happened to each."""

    name: str
    text: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What the changes mean for the evidence table (included studies, all fields) and for pooled estimates.

    Attributes:
        rows, cells: what is not as it was.
        totals_before, totals: the line below the table; both empty when no record changed.
        pools: pooled estimates that rest on an affected record.
        pools_known: how many pooled estimates the review has.
    """

    rows: tuple[RowChange, ...] = ()
    cells: tuple[CellChange, ...] = ()
    totals_before: str = ""
    totals: str = ""
    pools: tuple[PoolChange, ...] = ()
    pools_known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was asked and what came: ids asked = returned + absent + deleted + failed.

    `nameless`: records of the review without a PMID, which cannot be asked for; `unscreened`: those nobody has
    decided on.
    """

    asked: int = 0
    returned: int = 0
    absent: int = 0
    deleted: int = 0
    failed: int = 0
    requests: int = 0
    nameless: int = 0
    unscreened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a refresh found.

    Attributes:
        title: of the review.
        at: when NCBI gave its last answer (UTC, ISO); `since`: the same of the refresh compared with, "" for the first.
        dry_run: nothing was written.
        trouble: why the refresh is incomplete, in sentences; empty when it is complete.
        failed: ids whose record could not be had, with the reason.
        alarms: what else somebody should know about NCBI's answers.
        changes: most important first, included records before others.
        searches: each saved search.
        consequences: what it means.
        counts: requests and records.
    """

    title: str
    at: str
    since: str = ""
    dry_run: bool = False
    trouble: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    searches: tuple[SearchNews, ...] = ()
    consequences: Consequences = Consequences()
    counts: Counts = Counts()

    @property
    def complete(self) -> bool:
        """Whether every search was run and every record is accounted for."""
        return not self.trouble

    @property
    def needs_attention(self) -> bool:
        """Whether somebody must look: anything but minor changes, a search that drifted, or work left undone.

        NCBI's `alarms` alone are shown, and call nobody.
        """
        return bool(
            self.trouble
            or any(change.kind is not Kind.MINOR for change in self.changes)
            or any(search.drifted for search in self.searches)
        )

    def of(self, kind: Kind | str) -> tuple[Change, ...]:
        """The changes of one kind, by its name.

        >>> Report(title="A review", at="2026-11-01T09:00:00").of("retracted")
        ()
        """
        return tuple(change for change in self.changes if change.kind == kind)

    def __str__(self) -> str:
        from .wording import headline

        return headline(self)

    def _repr_markdown_(self) -> str:
        from .markdown import render

        return render(self)


def to_json(report: Report) -> str:
    """The report as JSON, with `needs_attention` and `complete` spelled out for scripts.

    >>> from_json(to_json(Report(title="A", at="2026-11-01T09:00:00"))).title
    'A'
    """
    whole = {"complete": report.complete, "needs_attention": report.needs_attention, **msgspec.to_builtins(report)}
    return json_in_terminal(msgspec.json.format(msgspec.json.encode(whole), indent=2).decode())


def from_json(text: str) -> Report:
    """The report that `to_json` wrote.

    Raises:
        InputError: it is none, or of another version of ketalit.
    """
    try:
        return msgspec.json.decode(text, type=Report)
    except msgspec.DecodeError as error:
        raise InputError(
            f"the stored report cannot be read ({error})", next_step="`ketalit refresh` writes a new one"
        ) from None
