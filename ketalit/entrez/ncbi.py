"""NCBI as ketalit uses it: databases, searches, records, conversion of identifiers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Protocol, TypeVar

from ..errors import InputError, KetalitError, NcbiError
from ..identifiers import Identifier
from ..telling import Say, silent
from .ids import Conversion, idtype, in_batches, read_conversions
from .search import (
    MOST,
    WHOLE,
    DatabaseInfo,
    Found,
    SearchResult,
    Slice,
    Span,
    check_fields,
    check_query,
    check_tags,
    halves,
    in_order,
    latest_day,
    range_term,
    read_info,
    read_search,
    read_spelling,
    with_dates,
)
from .settings import load_settings
from .transport import Transport
from .verdict import Verdict

BATCH = 500  # ids per request; with POST NCBI sets no maximum (NBK25499), and a repeated request costs little
BATCH_PMC = 50  # full texts are large
SMALLEST = 25  # ids in a request that is not halved any more
CONVERSIONS = 200  # ids per request of the ID converter, by its documentation
_REFUSALS = 30  # of the ID converter to one batch, after which the rest of it is not tried one by one
_OUTAGE = 3  # failures in a row, a batch and both its halves, that are no single record's fault
_HALVED = {Verdict.INCOMPLETE, Verdict.TRANSIENT, Verdict.NOT_XML}
_NO_RECORDS = {"pubmed": b"<PubmedArticleSet></PubmedArticleSet>", "pmc": b"<pmc-articleset></pmc-articleset>"}
_NO_VALID_ID = "id list is empty"
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Batch:
    """The answer to one request for records.

    Attributes:
        requested: the ids that were asked for, digits only.
        body: XML as it came; empty when there is an error.
        at: when it came, UTC, ISO with seconds.
        error: why there is no answer.
    """

    requested: tuple[str, ...]
    body: bytes
    at: str
    error: KetalitError | None = None


class Source(Protocol):
    """Where searches are run and records come from."""

    def search(self, query: str, *, database: str = "pubmed") -> SearchResult:
        """All hits of a query."""
        ...

    def fetch(self, ids: Sequence[str], *, database: str = "pubmed") -> Iterator[Batch]:
        """Records, batch by batch."""
        ...


class Ncbi:
    """NCBI's E-utilities and ID converter over a transport that is polite and judges every answer.

    Requests, when none has to be repeated: a search is 1, and 1 (einfo) for the first in each database; one of more
    than 9,999 hits is 1 + 2 for every time it is cut. n records are ceil(n / 500), n full texts ceil(n / 50),
    n conversions ceil(n / 200) for each kind of identifier.

    Args:
        transport: sends.
        most: ids that the server gives out per search.
        say: told in one line how far a search in parts has come.
    """

    def __init__(self, transport: Transport, *, most: int = MOST, say: Say = lambda line: None):
        self.transport = transport
        self.most = most
        self._say = say
        self._info: dict[str, DatabaseInfo] = {}

    def info(self, database: str = "pubmed") -> DatabaseInfo:
        """Build, date of the last update, size and search fields of a database; asked once.

        Raises:
            OfflineError, NcbiError, InputError: there is no answer that can be used, or no such database.
        """
        if database not in self._info:
            answer = self.transport.ask("einfo", {"db": database, "retmode": "xml"})
            self._info[database] = _read(read_info, answer.body)
        return self._info[database]

    def search(
        self,
        query: str,
        *,
        database: str = "pubmed",
        mindate: str = "",
        maxdate: str = "",
        datetype: str = "",
        split: bool = True,
    ) -> SearchResult:
        """All hits of a query: exactly as many ids as NCBI counts, or an error.

        Args:
            query: in PubMed's language; checked before anything is sent.
            database: pubmed, pmc, …
            mindate, maxdate, datetype: as in `with_dates`.
            split: whether a search with more hits than NCBI gives out is split by Entrez date; otherwise refused.

        Raises:
            InputError: the query or a date cannot be used, a field is unknown, or there are too many hits.
            NcbiError: the numbers of two answers do not agree, also when asked again.
            OfflineError: there is no connection.
        """
        before = self.transport.requests
        term = with_dates(check_query(query), mindate, maxdate, datetype)
        info = self.info(database)
        check_tags(term, info)
        for _ in range(2):  # the database may change between two answers
            found, at = self._find(term, database)
            check_fields(found, info)
            slices: tuple[Slice, ...] = ()
            if found.count > self.most:
                if not split:
                    raise InputError(
                        f"the search has {found.count:,} hits, and NCBI gives out {self.most:,} at most",
                        next_step="Narrow the query, or let it be split by date",
                    )
                self._say(f"{found.count:,} hits, more than NCBI gives out at once: searching by date of entry")
                parts = list(self._parts(term, database, latest_day(info)))
                slices = tuple(Slice(str(span), part.count) for span, part in parts)
                found = replace(found, ids=tuple(pmid for _, part in parts for pmid in part.ids))
            ids = in_order(found.ids)
            if len(ids) == found.count == len(found.ids):
                spent = self.transport.requests - before
                return SearchResult(
                    *(term, database, found.count, ids, found.translation, found.notes),
                    *(info.build, info.updated, slices, at, spent),
                )
        raise NcbiError(
            f"NCBI counts {found.count:,} hits and gives out {len(ids):,} ids",
            where="esearch",
            expected="as many ids as hits",
            next_step="Nothing was stored. Try again later",
            verdict=Verdict.INCOMPLETE,
        )

    def _find(self, term: str, database: str) -> tuple[Found, str]:
        parameters = {"db": database, "term": term, "retmax": str(self.most), "retmode": "xml", "sort": "pub_date"}
        answer = self.transport.ask("esearch", parameters, post=len(term) > 500)
        return _read(read_search, answer.body), answer.at

    def _parts(self, term: str, database: str, latest: date) -> Iterator[tuple[Span, Found]]:
        """The search by Entrez date, oldest first, in spans small enough to be given out whole."""
        waiting = [*reversed(halves(WHOLE, latest))]
        while waiting:
            span = waiting.pop()
            found, _ = self._find(f"({term}) AND {range_term(span)}", database)
            if found.count > self.most:
                waiting += reversed(halves(span, latest))
            else:
                self._say(f"{span}: {found.count:,} hits")
                yield span, found

    def fetch(self, ids: Sequence[str], *, database: str = "pubmed") -> Iterator[Batch]:
        """Records as NCBI sends them, by POST, in batches of 500 (50 full texts).

        A batch whose answer is no good is asked for in halves, down to 25 ids, then given back with the error. When
        two of the smallest or three whatever their size fail in a row for the server's own trouble, or the trouble
        lies not in the answer (no connection, blocked, a bad key), the rest is given back with that error and not
        asked for. No id is left out: those of all batches together are the ids asked for, each once.
        """
        whole = BATCH_PMC if database == "pmc" else BATCH
        waiting = in_batches(list(dict.fromkeys(ids)), whole)[::-1]
        failures = outages = 0
        stop: KetalitError | None = None
        while waiting:
            batch = waiting.pop()
            if stop:
                yield Batch(batch, b"", _now(), stop)
                continue
            try:
                answer = self.transport.ask("efetch", {"db": database, "retmode": "xml"}, ids=batch, post=True)
            except NcbiError as error:
                outages = outages + 1 if error.verdict == Verdict.TRANSIENT else 0
                if error.verdict not in _HALVED or outages == _OUTAGE:
                    stop = error
                elif len(batch) > SMALLEST:
                    # The other half of what failed before comes first: when both fail, it is not for one record.
                    half = math.ceil(len(batch) / 2)
                    place = len(waiting) - 1 if outages > 1 and waiting else len(waiting)
                    waiting[place:place] = [batch[half:], batch[:half]]
                    continue
                else:
                    failures += 1
                    stop = error if failures > 1 else None
                yield Batch(batch, b"", _now(), error)
            except InputError as error:
                if _NO_VALID_ID in str(error).lower():  # NCBI's way to say that it knows none of these
                    yield Batch(batch, _NO_RECORDS.get(database, b""), _now())
                else:
                    stop = error
                    yield Batch(batch, b"", _now(), error)
            except KetalitError as error:
                stop = error
                yield Batch(batch, b"", _now(), error)
            else:
                failures = outages = 0
                yield Batch(batch, answer.body, answer.at)

    def convert(self, identifiers: Sequence[Identifier]) -> dict[str, Conversion]:
        """What the ID converter knows of PMIDs, PMCIDs and DOIs. It knows articles in PMC and no others.

        Returns:
            A conversion for each identifier, by its text with prefix ("DOI:10.1000/a").

        Raises:
            OfflineError, NcbiError: there is no answer that can be used.
        """
        found: dict[str, Conversion] = {}
        kinds = dict.fromkeys(identifier.kind for identifier in identifiers)
        for kind in kinds:
            values = list(dict.fromkeys(item.value for item in identifiers if item.kind is kind))
            # The converter takes a comma for the end of an id.
            sendable = [value for value in values if idtype(kind) and "," not in value]
            found |= {
                f"{kind}:{value}": Conversion(value, problem="the ID converter cannot be asked for it")
                for value in values
                if value not in sendable
            }
            for batch in in_batches(sendable, CONVERSIONS):
                found |= {f"{kind}:{value}": said for value, said in self._converted(batch, idtype(kind)).items()}
        return found

    def _converted(self, values: tuple[str, ...], kind: str) -> dict[str, Conversion]:
        """One request. One that is refused is repeated in halves, since a single bad id spoils all of it."""
        found: dict[str, Conversion] = {}
        waiting = [values]
        refusals = 0
        while waiting:
            batch = waiting.pop()
            try:
                answer = self.transport.ask("idconv", {"format": "json", "idtype": kind}, ids=batch)
            except InputError as error:
                if error.where != "idconv":
                    raise
                refusals += 1
                if len(batch) == 1 or refusals > _REFUSALS:
                    found |= {value: Conversion(value, problem=error.what, answered=False) for value in batch}
                else:
                    half = len(batch) // 2
                    waiting += [batch[half:], batch[:half]]
            else:
                known = _read(read_conversions, answer.body)
                missing = "the ID converter's answer leaves it out"
                unsaid = {value: Conversion(value, problem=missing, answered=False) for value in batch}
                found |= unsaid | {value: said for value, said in known.items() if value in unsaid}
        return found

    def spell(self, query: str) -> str:
        """The query as NCBI would spell it; empty when it has nothing to correct.

        Raises:
            OfflineError, NcbiError, InputError: there is no answer that can be used.
        """
        return _read(read_spelling, self.transport.ask("espell", {"db": "pubmed", "term": check_query(query)}).body)


def connect(*, say: Say = silent) -> Ncbi:
    """NCBI, with the API key and e-mail address of the environment or of the user's settings (`load_settings`).

    Args:
        say: gets a line on what is being waited for, e.g. `print`.

    Raises:
        InputError: the settings cannot be read.

    >>> connect().transport.requests
    0
    """
    return Ncbi(Transport(load_settings(), say=say))


def _read(reader: Callable[[bytes], _Read], body: bytes) -> _Read:
    """The answer as a reader understands it. That it cannot is NCBI's fault, not the user's."""
    try:
        return reader(body)
    except InputError as error:
        raise NcbiError(error.what, expected=error.expected, next_step=error.next_step, verdict=Verdict.DRIFT) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
