"""What a library holds, as dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RunKind(StrEnum):
    """What a run was for."""

    FETCH = "fetch"
    SEARCH = "search"
    REFRESH = "refresh"
    IMPORT = "import"


class State(StrEnum):
    """Where a requested id ended. An id without a state is still waiting for its answer."""

    RETURNED = "returned"
    ABSENT = "absent"
    DELETED = "deleted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes of one record as they came.

    `id` is "PMID:19604642", "PMCID:PMC1", "DOI:…" or a key; `source` is the format ("PubMed XML", "RIS", …), `version`
    that of the PMID, `file` the name of the imported file, `at` the UTC time in ISO form (empty: now).
    """

    id: str
    source: str
    content: bytes
    version: int = 1
    file: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes of one record in the library.

    `first_seen` and `last_seen` are the ISO dates on which these very bytes came first and last, `run` is the run in
    which they came last.
    """

    id: str
    source: str
    version: int
    content: bytes
    sha256: str
    file: str
    first_seen: str
    last_seen: str
    run: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """In this run, at this UTC time, these bytes came for this id: out of which file, if it was one."""

    run: int
    id: str
    source: str
    version: int
    sha256: str
    file: str
    at: str


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One execution of a search: the query, what NCBI made of it, and exactly what it found, at `at` (UTC, ISO)."""

    name: str
    query: str
    database: str
    count: int
    ids: tuple[str, ...]
    translation: str
    notes: tuple[str, ...]
    build: str
    updated: str
    slices: tuple[str, ...]
    at: str
    run: int


@dataclass(frozen=True, slots=True)
class Run:
    """One occasion on which something was brought in.

    `started` and `finished` are UTC times in ISO form, `finished` is empty until it is; `tool` is the version of
    ketalit. Ids only grow: they, not clocks, say what is later.
    """

    id: int
    kind: RunKind
    started: str
    finished: str
    tool: str
    report: str
    note: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Where a requested id ended in a run, and why; `state` is None while it waits."""

    id: str
    state: State | None
    reason: str


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a library that is not as it was stored.

    `id` names the record, or is empty where the file as a whole is meant; `pending` is true of what is no harm but is
    to be taken up again: a run that was cut short, a record in quarantine that has not come again.
    """

    id: str
    what: str
    sha256: str = ""
    pending: bool = False
