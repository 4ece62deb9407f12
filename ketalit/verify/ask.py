"""Find NCBI's record of an entry: by PMID, else by DOI, else by PMCID, else by citation; then compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..errors import InputError, KetalitError
from ..fetch import deliver
from ..identifiers import Identifier, parse_identifier
from ..library import State
from ..records.model import Record
from ..review import Review
from ..telling import Say, silent
from ..vocabulary import FLAGGED, Status
from .citation import citation_queries
from .compare import compare, decide, likeness
from .model import NAMES, Compared, Outcome, Verification

if TYPE_CHECKING:
    from ..entrez import Batch, Conversion, SearchResult

DOIS_AT_ONCE = 25  # in one query: about 1 kB of text
MAX_CANDIDATES = 5


class Source(Protocol):
    """What this module needs of NCBI; `ketalit.entrez.ncbi.Ncbi` has it."""

    def search(self, query: str, *, database: str = "pubmed") -> SearchResult:
        """The records that a query finds."""

    def fetch(self, ids: Sequence[str], *, database: str = "pubmed") -> Iterator[Batch]:
        """Records by PMID."""

    def convert(self, identifiers: Sequence[Identifier]) -> dict[str, Conversion]:
        """Other identifiers of works in PMC."""


def verify(review: Review, source: Source, *, everything: bool = False, say: Say = silent) -> list[Verification]:
    """Compare what a review's records say from memory with NCBI. Nothing is changed.

    All PMIDs go in one fetch (of 500 each). What cannot be told from these is looked for by DOI (25 in a search), by
    PMCID (200 in a request), then by citation (one or two searches for each work left).

    Args:
        review: whose records' `unverified` names are looked at.
        source: NCBI.
        everything: look at every identifier of every record, and at the bibliography of those entered by hand.
        say: gets a line of progress for each step.

    Raises:
        KetalitError: NCBI answered nothing at all (no network, a wrong key). Later failures become unknowns.
    """
    wanted = {record.id: names for record in review.records.values() if (names := _wanted(record, everything))}
    if not wanted:
        return []
    desk = _Desk(source, say)
    found = _find([review.records[name] for name in wanted], desk, wanted)
    return [_verification(review.records[record], name, found[record]) for record in wanted for name in wanted[record]]


def _wanted(record: Record, everything: bool) -> tuple[str, ...]:
    if not everything:
        return tuple(name for name in NAMES if name in record.unverified)
    by_hand = record.source == "person"
    return tuple(name for name in NAMES if (by_hand if name == "bibliography" else getattr(record, name)))


Result = TypeVar("Result")


class _Desk:
    """Asks NCBI and keeps what it was told; a failure after the first answer is kept as a reason, not raised."""

    def __init__(self, source: Source, say: Say) -> None:
        self.source, self.say = source, say
        self.answered = False
        self.records: dict[str, Record] = {}  # by PMID
        self.reasons: dict[str, str] = {}  # by PMID: why there is no record

    def ask(self, act: Callable[[], Result]) -> tuple[Result | None, str]:
        """The result, or None and why there is none."""
        try:
            result = act()
        except KetalitError as error:
            if not self.answered:
                raise
            return None, str(error).rstrip(".")
        self.answered = True
        return result, ""

    def fetch(self, pmids: Sequence[str]) -> str:
        """Bring records; each PMID ends with a record or a reason. Returns the first reason there is, or ""."""
        missing = [pmid for pmid in dict.fromkeys(pmids) if pmid not in self.records and pmid not in self.reasons]
        for batch in self.source.fetch(missing) if missing else ():
            if batch.error is not None and not self.answered:
                raise batch.error
            self.answered = True
            delivered = deliver(batch, "pubmed")
            for record in sorted(delivered.records, key=lambda record: record.version):
                self.records[record.pmid] = record
            for pmid in batch.requested:
                if pmid not in self.records:
                    state, why = delivered.states[f"PMID:{pmid}"]
                    gone = f"PubMed holds no record {pmid}: deleted, merged into another, or never given"
                    self.reasons[pmid] = why.rstrip(".") if state is State.FAILED else gone
        return next((self.reasons[pmid] for pmid in pmids if pmid in self.reasons), "")

    def search(self, query: str) -> tuple[tuple[str, ...], str]:
        """PMIDs that a query finds, or why none are known."""
        result, why = self.ask(lambda: self.source.search(query))
        return (result.ids if result else ()), why


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of one record after asking: NCBI's, how it was found, and what else may be meant."""

    theirs: Record | None
    how: str
    by_pmid: Record | None
    why: str
    candidates: tuple[Record, ...] = ()
    pmcid_of: str = ""  # the PMID that the ID converter gives for the PMCID


def _find(records: Sequence[Record], desk: _Desk, wanted: Mapping[str, Sequence[str]]) -> dict[str, _Found]:
    reasons: dict[str, list[str]] = {record.id: [] for record in records}
    numbers = {record.id: _value("PMID", record.pmid, reasons[record.id]) for record in records}
    if pmids := [pmid for pmid in numbers.values() if pmid]:
        desk.say(f"fetching {len(pmids)} records by PMID")
        desk.fetch(pmids)
    by_pmid = {name: desk.records.get(pmid) for name, pmid in numbers.items()}
    for name, pmid in numbers.items():
        reasons[name] += [desk.reasons[pmid]] if pmid in desk.reasons else []
    settled: dict[str, tuple[Record, str]] = {
        record.id: (theirs, "PMID") for record in records if (theirs := by_pmid[record.id]) and _is(record, theirs)
    }

    def left() -> list[Record]:
        return [record for record in records if record.id not in settled]

    # A quotation mark would end the term it stands in.
    for record, carrier, why in _by_doi([one for one in left() if one.doi and '"' not in one.doi], desk):
        if carrier:
            settled[record.id] = (carrier, "DOI")
        else:
            reasons[record.id].append(why)
    pmcid_of = _by_pmcid(
        [
            record
            for record in records
            if record.pmcid
            and (record.id not in settled or ("pmcid" in wanted[record.id] and not settled[record.id][0].pmcid))
        ],
        desk,
    )
    for record in left():
        if record.id in pmcid_of:
            pmid, why = pmcid_of[record.id]
            if pmid in desk.records:
                settled[record.id] = (desk.records[pmid], "PMCID")
            else:
                reasons[record.id].append(why or desk.reasons.get(pmid, ""))
    found = {}
    unsettled = left()
    for number, record in enumerate(unsettled, 1):
        desk.say(f"searching by citation, {number} of {len(unsettled)}: {record.short}")
        match, found[record.id], why = _by_citation(record, desk)
        if match:
            settled[record.id] = (match, "citation")
        reasons[record.id].append(why)
    result = {}
    for record in records:
        theirs, how = settled.get(record.id, (None, ""))
        why = "; ".join(filter(None, reasons[record.id]))
        pmid, _ = pmcid_of.get(record.id, ("", ""))
        result[record.id] = _Found(theirs, how, by_pmid[record.id], why, found.get(record.id, ()), pmid)
    return result


def _value(kind: str, text: str, reasons: list[str]) -> str:
    """An identifier in its normal form; an empty one, with a reason, for what is none."""
    if not text:
        return ""
    try:
        return parse_identifier(f"{kind}:{text}").value
    except InputError:
        reasons.append(f"“{text}” is no {kind}")
        return ""


def _is(record: Record, theirs: Record) -> bool:
    """Whether NCBI's record is not plainly another work."""
    facts = {fact.fact: fact.agrees for fact in compare(record, theirs)}
    if facts["title"] is None:
        return facts.get("first author") is not False and facts.get("year") is not False
    return facts["title"]


def _by_doi(records: Sequence[Record], desk: _Desk) -> Iterator[tuple[Record, Record | None, str]]:
    """For each record NCBI's that carries its DOI; where several do, the one whose title is nearest."""
    for start in range(0, len(records), DOIS_AT_ONCE):
        some = records[start : start + DOIS_AT_ONCE]
        desk.say(f"searching PubMed for {len(some)} DOIs")
        pmids, refused = desk.search(" OR ".join(f'"{record.doi}"[doi]' for record in some))
        if len(pmids) > 10 * len(some):  # a DOI that is not indexed may have been searched by its parts
            pmids = tuple(
                pmid for record in some for pmid in desk.search(f'"{record.doi}"[doi]')[0][: 2 * MAX_CANDIDATES]
            )
        failed = desk.fetch(pmids)
        for record in some:
            # That NCBI found it is not enough: its record has to carry the DOI.
            carry = [
                theirs
                for pmid in pmids
                if (theirs := desk.records.get(pmid)) and f"DOI:{record.doi.lower()}" in theirs.identifiers
            ]
            carry.sort(key=lambda theirs: likeness(record.title, theirs.title))
            why = refused or failed or f"no record of PubMed carries the DOI {record.doi}"
            yield record, carry[-1] if carry else None, why


def _by_pmcid(records: Sequence[Record], desk: _Desk) -> dict[str, tuple[str, str]]:
    """PMID of each record's PMCID, or an empty one and why; the PMIDs are fetched."""
    if not records:
        return {}
    desk.say(f"converting {len(records)} PMCIDs")
    reasons: list[str] = []
    names = {record.id: _value("PMCID", record.pmcid, reasons) for record in records}
    asked = [parse_identifier(name) for name in dict.fromkeys(names.values()) if name]
    conversions, why = desk.ask(lambda: desk.source.convert(asked)) if asked else ({}, "")
    answers = {}
    for record in records:
        name = names[record.id]
        conversion = conversions.get(f"PMCID:{name}") if conversions else None
        if not name:
            answers[record.id] = ("", reasons.pop(0))
        elif conversion is None or conversion.problem or not conversion.pmid:
            said = why or (conversion.problem if conversion else "")
            answers[record.id] = ("", f"{name} leads to no PMID" + (f" ({said})" if said else ""))
        else:
            answers[record.id] = (conversion.pmid, "")
    desk.fetch([pmid for pmid, _ in answers.values() if pmid])
    return answers


def _by_citation(record: Record, desk: _Desk) -> tuple[Record | None, tuple[Record, ...], str]:
    """NCBI's record where exactly one agrees in title, first author and year; else what may be meant, nearest first."""
    queries = citation_queries(record)
    for query in queries:
        pmids, why = desk.search(query)
        if why:
            return None, (), why
        if len(pmids) > 4 * MAX_CANDIDATES:
            return None, (), f"{len(pmids):,} records of PubMed fit its title words, too many to tell"
        failed = desk.fetch(pmids)
        hits = [desk.records[pmid] for pmid in pmids if pmid in desk.records]
        if failed and not hits:
            return None, (), failed
        hits.sort(key=lambda theirs: likeness(record.title, theirs.title), reverse=True)
        if hits:
            agreeing = [theirs for theirs in hits if _agrees_fully(record, theirs)]
            if len(agreeing) == 1:
                return agreeing[0], (), ""
            near = f"{len(hits)} record{'' if len(hits) == 1 else 's'} of PubMed may be meant, none for certain"
            return None, tuple(hits[:MAX_CANDIDATES]), near
    nothing = "no record of PubMed fits its title words, first author and year"
    return None, (), nothing if queries else "there are too few words of a title to search by"


def _agrees_fully(record: Record, theirs: Record) -> bool:
    facts = {fact.fact: fact.agrees for fact in compare(record, theirs)}
    return all(facts.get(fact) for fact in ("title", "first author", "year"))


def _verification(record: Record, name: str, found: _Found) -> Verification:
    value = "" if name == "bibliography" else str(getattr(record, name))
    theirs, how = (found.by_pmid, "PMID") if name == "pmid" else (found.theirs, found.how)
    others = [f"PMID {other.pmid}: {other.title}" for other in found.candidates]
    if name == "pmid" and found.theirs and found.theirs is not found.by_pmid:
        others.insert(0, f"PMID {found.theirs.pmid}, by its {found.how}: {found.theirs.title}")
    if theirs is None and name != "pmid" and found.by_pmid:  # the PMID leads to another work, nothing else leads on
        theirs, how = found.by_pmid, "PMID"
    compared = compare(record, theirs) if theirs else ()
    if theirs is None:
        outcome, why = Outcome.UNKNOWN, found.why or "NCBI was not asked for it"
    else:
        if name == "pmcid" and found.pmcid_of:
            same = found.pmcid_of == theirs.pmid
            shown = record.pmcid if same else f"leads to PMID {found.pmcid_of}"
            compared = (
                *(fact for fact in compared if fact.fact != "pmcid"),
                Compared("pmcid", record.pmcid, shown, same),
            )
        trusted = [known for known in NAMES if getattr(record, known, "") and known not in record.unverified]
        outcome, why = decide(name, compared, trusted)
        if how == "PMID" and name != "pmid" and "pmid" in record.unverified and theirs is not found.theirs:
            why += "; its PMID leads to another work"
        if theirs.status in FLAGGED or theirs.status is Status.NOTICE:
            why += f"; NCBI's record: {theirs.status}"
    given: dict[str, str] = {}
    if theirs and outcome is Outcome.MATCH:
        given = {
            kind: getattr(theirs, kind)
            for kind in ("pmid", "pmcid", "doi")
            if getattr(theirs, kind) and not getattr(record, kind)
        }
    return Verification(
        record=record.id,
        short=record.short,
        name=name,
        value=value,
        outcome=outcome,
        why=why,
        how=how if theirs else "",
        compared=compared,
        found=given,
        ncbi=theirs.pmid if theirs else "",
        candidates=tuple(others) if outcome is not Outcome.MATCH else (),
    )
