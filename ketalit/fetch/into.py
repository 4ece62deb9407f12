"""Fetch records and full texts into a library, batch by batch."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ..entrez.ids import Conversion, Rejected, in_batches, normalise
from ..entrez.ncbi import BATCH, BATCH_PMC, Batch, Ncbi
from ..entrez.search import in_order
from ..errors import InputError, NcbiError, OfflineError
from ..identifiers import Identifier, IdentifierKind
from ..library import FILE, Library, State
from ..review import read_review
from ..telling import Say, count_of, silent
from .deliver import Delivered, deliver
from .ledger import FULL_TEXT, Log, Shelf, settled_in, waiting_in
from .report import FetchReport

States = dict[str, tuple[State, str]]

_DOIS_PER_SEARCH = 20
_HITS_PER_DOI = 3  # more mean that PubMed did not take it for a DOI


def fetch_into(
    folder: Path,
    texts: Sequence[str],
    source: Ncbi,
    *,
    full_text: bool = False,
    force: bool = False,
    say: Say = silent,
) -> FetchReport:
    """Fetch records into the library of a review.

    PMCIDs and DOIs are converted first; a DOI that the converter does not know is searched for, and only the one
    record that carries it is taken. What came is stored batch by batch: an interruption loses the batch at hand and
    no other, and a fetch without ids goes on from there.

    Requests, when none has to be repeated: ceil(n / 500) for n PMIDs; for DOIs and PMCIDs 1 each per 200 to convert
    them, for DOIs not in PMC 1 search per 20 (and einfo once) and their own ceil(n / 500); ceil(n / 50) full texts.

    Args:
        folder: of the review.
        texts: identifiers in any usual spelling, several in one text where they come so. Without any: what earlier
            fetches left waiting or failed, and records that the library had to put into quarantine.
        source: NCBI.
        full_text: whether to fetch full texts from PMC, where they are open.
        force: whether to ask for records that the library holds.
        say: told what is going on, line by line.

    Raises:
        InputError: there is no such folder, or the library cannot be used. That NCBI does not answer is no
            exception: the report says so.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", where=str(folder), expected="the folder of a review")
    identifiers, rejected = normalise(texts)
    with Library.open(folder / FILE) as library:
        waiting, full = waiting_in(library)
        resumed = not texts
        identifiers, rejected = normalise(texts or waiting)
        if {str(item) for item in identifiers}.issuperset(waiting):
            full_text = full_text or full
        rejected += [
            Rejected(str(item), "NCBI cannot be asked for a PII. Expected: the PMID, PMCID or DOI of the work")
            for item in identifiers
            if item.kind is IdentifierKind.PII
        ]
        identifiers = [item for item in identifiers if item.kind is not IdentifierKind.PII]
        shelf = Shelf.of(library, {item.kind for item in identifiers}, full_text=full_text)
    fetch = _Fetch(folder, source, shelf, full_text, force, say)
    fetch.plan(identifiers)
    held = () if resumed else tuple(fetch.held)
    if not fetch.requested:
        return FetchReport(rejected=tuple(rejected), held=held)
    before = source.transport.requests
    with Library.open(folder / FILE, write=True) as library:
        log = Log(library, FULL_TEXT if full_text else "", fetch.requested)
        fetch.work(log)
        lines = log.lines()
        ended = {state: tuple(line for line in lines if line.state is state) for state in State}
        report = FetchReport(
            run=log.run,
            requested=len(lines),
            returned=ended[State.RETURNED],
            absent=ended[State.ABSENT],
            deleted=ended[State.DELETED],
            failed=ended[State.FAILED],
            rejected=tuple(rejected),
            alarms=tuple(dict.fromkeys(fetch.alarms)),
            held=held,
            new=len(fetch.new),
            changed=len(fetch.changed),
            requests=source.transport.requests - before,
            offline=fetch.offline,
        )
        log.finish(_summary(report))
        for earlier in settled_in(library):
            library.finish(earlier, msgspec.json.encode({"continued in": log.run}).decode())
    return report


def _summary(report: FetchReport) -> str:
    sums = {state.value: len(getattr(report, state.value)) for state in State}
    more = {"requested": report.requested, "new": report.new, "changed": report.changed, "requests": report.requests}
    return msgspec.json.encode({**more, **sums, "alarms": report.alarms}).decode()


@dataclass(slots=True)
class _Fetch:
    """One fetch at work: what is asked for, for whom, and what came."""

    folder: Path
    source: Ncbi
    shelf: Shelf
    full_text: bool
    force: bool
    say: Say
    held: list[str] = field(default_factory=list)
    requested: dict[str, None] = field(default_factory=dict)
    pmids: dict[str, list[str]] = field(default_factory=dict)  # PMID: the requested ids that wait for it
    unknown: list[Identifier] = field(default_factory=list)  # to be converted
    articles: dict[str, list[str]] = field(default_factory=dict)  # PMCIDs whose article is wanted, and by which DOIs
    given: dict[str, str] = field(default_factory=dict)  # PMCIDs that end as a record of PubMed, whatever PMC says
    alarms: list[str] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    offline: bool = False
    dois: dict[str, str] | None = None  # that the review knows, read when they are wanted

    def plan(self, identifiers: Iterable[Identifier]) -> None:
        """What is held, what can be asked for at once, what has to be converted."""
        for item in identifiers:
            name = str(item)
            pmid = item.value if item.kind is IdentifierKind.PMID else self.shelf.pmids.get(name, "")
            here = name in self.shelf.pmids or (name in self.shelf.articles and not self.full_text)
            if here and not self.force:
                self.held.append(name)
                if self.full_text and (pmcid := self.shelf.pmcids.get(pmid, "")):
                    self.want_article(pmcid)
                continue
            if name in self.shelf.articles and not self.force:
                self.held.append(name)
                continue
            self.requested[name] = None
            if pmid:
                self.pmids.setdefault(pmid, []).append(name)
            else:
                self.unknown.append(item)

    def want_article(self, name: str) -> None:
        """Ask for the article of a PMCID ("PMCID:PMC1") unless it is here."""
        if name not in self.shelf.articles or self.force:
            self.articles.setdefault(name, [])
            self.requested[name] = None

    def work(self, log: Log) -> None:
        """Ask, store and note, batch by batch."""
        searched = self.convert(log)
        if searched:
            log.store([], self.search(searched, log))
        batches = math.ceil(len(self.pmids) / BATCH)
        if self.pmids:
            records = count_of(len(self.pmids), "record")
            self.say(f"asking PubMed for {records} ({count_of(batches, 'request')})")
        done = 0
        for batch in self.source.fetch(list(self.pmids)):
            delivered = deliver(batch)
            states = self.of_pubmed(delivered)
            log.request(self.articles)  # before an interruption can make them forgotten
            self.take(log, batch, delivered, states)
            done += len(batch.requested)
            self.say(f"{done:,} of {len(self.pmids):,}: {_told(delivered)}")
        if self.articles:
            self.fetch_articles(log)

    def take(self, log: Log, batch: Batch, delivered: Delivered, states: States) -> None:
        """Store one batch in one transaction."""
        if isinstance(batch.error, OfflineError):
            self.offline = True
        log.store(delivered.raws, states)
        self.alarms += delivered.alarms
        for raw in delivered.raws:
            known = self.shelf.hashes.get((raw.id, raw.source), {})
            if not known and raw.id not in self.shelf.pmids:
                self.new.add(raw.id)
            elif known and known.get(raw.version) != hashlib.sha256(raw.content).hexdigest():
                self.changed.add(raw.id)

    def of_pubmed(self, delivered: Delivered) -> States:
        """Where the requested ids ended that waited for the PMIDs of a batch."""
        states: States = {}
        by_pmid = {record.pmid: record for record in delivered.records}
        for name, (state, reason) in delivered.states.items():
            pmid = name.removeprefix("PMID:")
            record = by_pmid.get(pmid)
            for asked in self.pmids[pmid]:
                told = reason
                if asked != name:
                    told = _as(name, reason)
                elif state is State.ABSENT and (doi := self.doi_of(name)):
                    told = f"{reason}. Its DOI may lead on: `ketalit fetch {doi}`"
                states[asked] = (state, told)
                if asked.startswith("DOI:") and record and asked not in record.identifiers:
                    self.alarms.append(f"{name}, which the ID converter gives for {asked}, does not carry that DOI")
                if asked.startswith("PMCID:") and state is State.RETURNED:
                    self.given[asked] = name
            if record and record.pmcid and self.full_text:
                self.want_article(f"PMCID:{record.pmcid}")
        return states

    def doi_of(self, name: str) -> str:
        """The DOI that the review has for a PMID that PubMed does not know; empty when it has none."""
        if self.dois is None:
            try:
                review, _ = read_review(self.folder)
            except InputError:
                review = None
            records = review.records.values() if review else ()
            self.dois = {key: record.doi for record in records if record.doi for key in record.identifiers}
        return self.dois.get(name, "")

    # Identifiers other than PMIDs

    def convert(self, log: Log) -> list[str]:
        """Find the PMIDs of DOIs and PMCIDs; returns the DOIs that have to be searched for."""
        if not self.unknown:
            return []
        self.say(f"converting {count_of(len(self.unknown), 'identifier')}")
        try:
            found = self.source.convert(self.unknown)
        except (OfflineError, NcbiError, InputError) as error:
            self.offline = self.offline or isinstance(error, OfflineError)
            found = {}
            states = {str(item): (State.FAILED, str(error)) for item in self.unknown}
        else:
            states = {}
        searched = []
        for item in self.unknown:
            name = str(item)
            said = found.get(name, Conversion(item.value))
            if said.pmid:
                self.pmids.setdefault(said.pmid, []).append(name)
            elif said.pmcid:  # in PMC and not in PubMed
                wanted_by = self.articles.setdefault(f"PMCID:{said.pmcid}", [])
                wanted_by += [name] if item.kind is IdentifierKind.DOI else []
            elif item.kind is IdentifierKind.DOI:
                searched.append(name)
            elif name not in states:
                states[name] = (State.ABSENT if said.answered else State.FAILED, f"{said.problem} (ID converter)")
        log.store([], {name: state for name, state in states.items() if name not in searched})
        return searched

    def search(self, names: list[str], log: Log) -> States:
        """Search PubMed for DOIs. A hit counts when it is the only record that carries the DOI."""
        self.say(f"searching PubMed for {count_of(len(names), 'DOI')}")
        states: States = {}
        hits: dict[str, None] = {}
        waiting = in_batches(names, _DOIS_PER_SEARCH)[::-1]
        looked_for: list[str] = []
        while waiting:
            batch = waiting.pop()
            query = " OR ".join(f'"{name.removeprefix("DOI:")}"[doi]' for name in batch if '"' not in name)
            states |= {name: (State.ABSENT, "PubMed cannot be searched for it") for name in batch if '"' in name}
            if not query:
                continue
            try:
                found = self.source.search(query, split=False)
            except (OfflineError, NcbiError, InputError) as error:
                self.offline = self.offline or isinstance(error, OfflineError)
                if isinstance(error, InputError) and error.where != "NCBI_API_KEY" and len(batch) > 1:
                    waiting += [(name,) for name in reversed(batch)]  # one of them is the trouble
                else:
                    states |= {name: (State.FAILED, str(error)) for name in batch if name not in states}
                continue
            if found.count <= _HITS_PER_DOI * len(batch):
                looked_for += [name for name in batch if name not in states]
                hits |= dict.fromkeys(found.ids)
            elif len(batch) > 1:  # it went by the words of some DOI: one by one
                waiting += [(name,) for name in reversed(batch)]
            else:
                states[batch[0]] = (State.ABSENT, f"not in PMC, and PubMed finds {found.count:,} records for it")
        return states | self.verified(looked_for, list(hits), log)

    def verified(self, names: list[str], pmids: list[str], log: Log) -> States:
        """Fetch the hits of DOIs, keep those that really carry one, and say where each DOI ended."""
        carriers: dict[str, list[tuple[Batch, Delivered, str]]] = {name: [] for name in names}
        failures = []
        for batch in self.source.fetch(pmids):
            delivered = deliver(batch)
            failures += [reason for state, reason in delivered.states.values() if state is State.FAILED]
            self.offline = self.offline or isinstance(batch.error, OfflineError)
            self.alarms += delivered.alarms
            for pmid in dict.fromkeys(record.pmid for record in delivered.records):
                carried = {name for record in delivered.records if record.pmid == pmid for name in record.identifiers}
                for name in carried & carriers.keys():
                    carriers[name].append((batch, delivered, pmid))
        states: States = {}
        for name, found in carriers.items():
            if len(found) == 1:
                batch, delivered, pmid = found[0]
                own = tuple(raw for raw in delivered.raws if raw.id == f"PMID:{pmid}")
                records = tuple(record for record in delivered.records if record.pmid == pmid)
                state, reason = delivered.states[f"PMID:{pmid}"]
                ended = {name: (state, _as(f"PMID:{pmid}", reason))}
                self.take(log, batch, Delivered(own, records, {}), ended)
                if self.full_text and records[-1].pmcid:
                    self.want_article(f"PMCID:{records[-1].pmcid}")
            elif found:
                several = ", ".join(f"PMID:{pmid}" for pmid in in_order([pmid for _, _, pmid in found]))
                states[name] = (State.ABSENT, f"several records carry it: {several}. Fetch the one that is meant")
            elif failures:
                states[name] = (State.FAILED, failures[0])
            else:
                states[name] = (State.ABSENT, "not in PMC, and no record of PubMed carries it")
        return states

    # Full texts

    def fetch_articles(self, log: Log) -> None:
        """Ask PMC for articles; what it does not give out is said, not guessed."""
        names = list(self.articles)
        log.request(names)
        requests = count_of(math.ceil(len(names) / BATCH_PMC), "request")
        self.say(f"asking PMC for {count_of(len(names), 'article')} ({requests})")
        for batch in self.source.fetch([name.removeprefix("PMCID:PMC") for name in names], database="pmc"):
            delivered = deliver(batch, "pmc")
            states: States = {}
            for name, (state, reason) in delivered.states.items():
                if name in self.given and state is State.ABSENT:
                    states[name] = (State.RETURNED, f"as {self.given[name]}, without the full text: {reason}")
                else:
                    states[name] = (state, reason)
                states |= {doi: (state, _as(name, reason)) for doi in self.articles[name]}
            self.take(log, batch, delivered, states)
            self.say(_told(delivered))


def _as(name: str, reason: str) -> str:
    """The reason for the state of an id that goes by another name."""
    return f"as {name}: {reason}" if reason else f"as {name}"


def _told(delivered: Delivered) -> str:
    sums = Counter(state for state, _ in delivered.states.values())
    return ", ".join(f"{sums[state]:,} {state}" for state in State if sums[state])
