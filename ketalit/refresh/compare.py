"""What happened to each record since the last refresh: pure, from what was known then and what NCBI holds now."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..findings import Finding
from ..library import State
from ..reading import read_record
from ..reading.tags import record_findings
from ..records.model import NLM_SOURCES, Correction, Record
from ..records.text import canonical_text
from ..review import Review
from ..table.cells import display
from ..vocabulary import Checked, Decision, Missing, Origin, Status
from .report import Change, CheckedValue, Kind, Link
from .words import changed_words, same_words, stands_in

# NLM's RefTypes, in lower case, and what they make of the record that carries them.
_POINTS_TO = {
    Kind.RETRACTED: ("retractionin", "retractedandrepublishedin"),
    Kind.CONCERN: ("expressionofconcernin",),
    Kind.CORRECTED: ("erratumin", "correctedandrepublishedin"),
    Kind.SUPERSEDED: ("updatein",),
}
_NOTICE_OF = {
    "retractionof": "the retraction notice",
    "erratumfor": "an erratum",
    "expressionofconcernfor": "an expression of concern",
    "updateof": "a newer version",
}
_ORDER = (Decision.INCLUDE, Decision.MAYBE, "unscreened", Decision.EXCLUDE)

# Fields that are compared as text, or that say how a record was read rather than what it holds.
_NOT_METADATA = {"key", "source", "title", "title_markup", "abstract", "full_text", "unverified", "sha256", "notes"}
_CALLED = {
    "mesh": "MeSH headings",
    "citation_status": "indexing status",
    "other_abstracts": "abstracts in other languages",
    "corrections": "links to other records",
    "pmcid": "PMCID",
    "doi": "DOI",
    "other_dois": "further DOIs",
    "pii": "PII",
    "published": "date of issue",
    "published_online": "date online",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What this refresh is compared with.

    Attributes:
        told: records as the last finished refresh left them (for the first refresh: as entered by hand).
        seen: the same, and records brought in since by other commands, each as first seen.
        found: ids ("PMID:…") that saved searches had found by then.
        gone: ids that NCBI did not hold by then.
    """

    told: Mapping[str, Record]
    seen: Mapping[str, Record]
    found: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def compare(
    before: Baseline,
    after: Review,
    states: Mapping[str, tuple[State, str]],
    found: Mapping[str, Collection[str]],
) -> tuple[Change, ...]:
    """Everything that happened to the records asked for, most important first, included records before others.

    Args:
        before: what was known.
        after: the review with the records that NCBI returned.
        states: for each id asked for ("PMID:…"), what became of it, and why.
        found: for each saved search, the ids it finds now.
    """
    held = _by_pmid(after)
    decisions = {row.record: str(row.decision) for row in after.screening}
    finders: dict[str, list[str]] = {}
    for name, ids in found.items():
        for identifier in ids:
            finders.setdefault(identifier, []).append(name)
    changes: list[Change] = []
    told: set[str] = set()  # a work that goes by two PMIDs is told of once
    for identifier, (state, _) in states.items():
        record = held.get(identifier) or after.records.get(after.names.get(identifier, ""))
        one = _Item(identifier, record, before, after, decisions, tuple(finders.get(identifier, ())))
        if state in {State.ABSENT, State.DELETED}:
            changes += one.gone(state)
        elif state is State.RETURNED and record is not None and record.id not in told:
            told.add(record.id)
            changes += one.changes()
    changes += _other_works(before, after, held, states, decisions)
    order = {kind: place for place, kind in enumerate(Kind)}
    return tuple(sorted(changes, key=lambda change: (order[change.kind], _ORDER.index(change.decision))))


def _by_pmid(review: Review) -> dict[str, Record]:
    """Records by "PMID:…"; where an entry's PMID belongs to another work, that work."""
    ordered = sorted(review.records.values(), key=lambda record: record.source != "person")
    return {f"PMID:{record.pmid}": record for record in ordered if record.pmid}


def _other_works(
    before: Baseline,
    after: Review,
    held: Mapping[str, Record],
    states: Mapping[str, tuple[State, str]],
    decisions: Mapping[str, str],
) -> Iterator[Change]:
    """Entries whose unverified PMID turned out to be another work's."""
    for entry in after.records.values():
        other = held.get(f"PMID:{entry.pmid}")
        if entry.source != "person" or other is None or other is entry or f"PMID:{entry.pmid}" not in states:
            continue
        known = before.told.get(entry.id)
        if known is None or known.source != "person" or other.id not in before.told:
            what = (
                f"PMID {entry.pmid} was entered from memory and belongs to another work, {other.short}: "
                f"“{other.title}”. Correct or remove the PMID in records.jsonl; nothing was taken from that work."
            )
            yield _change(Kind.OTHER_WORK, entry, decisions, what=what)


@dataclass(frozen=True, slots=True)
class _Item:
    """One id asked for, with all there is to judge it by."""

    identifier: str
    record: Record | None
    before: Baseline
    after: Review
    decisions: Mapping[str, str]
    finders: tuple[str, ...]

    def gone(self, state: State) -> Iterator[Change]:
        if self.identifier in self.before.gone:
            return
        if self.record is None:
            what = "A search found it, but NCBI does not return its record; it is asked for again each time."
            if not self.finders:
                what = "NCBI holds no such record."
            yield Change(kind=Kind.GONE, record=self.identifier, citation=self.identifier, what=what)
            return
        pmid = self.identifier.replace(":", " ")
        if self.record.source == "person":
            what = f"NCBI holds no {pmid}, under which this work was entered. Look the work up by its title"
        elif state is State.DELETED:
            what = f"NLM has deleted {pmid}. The version stored here is kept"
        else:
            what = f"NCBI no longer holds {pmid} (deleted, or merged into another). The version stored here is kept"
        if self.record.doi:
            what += f"; `ketalit search {shlex.quote(f'{self.record.doi}[doi]')}` looks for it by DOI"
        yield _change(Kind.GONE, self.record, self.decisions, what=f"{what}.")

    def changes(self) -> Iterator[Change]:
        record = self.record
        assert record is not None
        told, seen = (held.get(record.id) or held.get(self.identifier) for held in (self.before.told, self.before.seen))
        known = told is not None or self.identifier in self.before.found - self.before.gone
        if not known and self.finders and record.id not in self.decisions:
            yield self._new(record)
            return
        if not known and seen is None and record.id not in self.decisions:
            return  # another work under an entry's wrong PMID, told as such
        found = [*self._flags(record, told), *self._text(record, seen)]
        yield from found
        if self.identifier in self.before.gone:
            yield _change(Kind.MINOR, record, self.decisions, what="NCBI holds it again")
        elif not found:
            yield from self._metadata(record, seen)

    def _new(self, record: Record) -> Change:
        findings = (*record_findings(record), *read_record(record, drugs=self.after.drugs))
        design, people = _first(findings, "design"), _first(findings, "n_total")
        held = {f"PMID:{other.pmid}": other.short for other in self.after.records.values() if other.pmid}
        remarks = {Status.RETRACTED: ["already retracted"], Status.CONCERN: ["under an expression of concern"]}.get(
            record.status, []
        )
        remarks += [
            f"is {_NOTICE_OF[link.type.lower()]} of {held[f'PMID:{link.pmid}']}"
            for link in record.corrections
            if link.type.lower() in _NOTICE_OF and f"PMID:{link.pmid}" in held
        ]
        return _change(
            Kind.NEW,
            record,
            self.decisions,
            what="; ".join(remarks),
            searches=self.finders,
            design=_said(design),
            people=_said(people),
            quote=people.quote if people else "",
        )

    def _flags(self, record: Record, told: Record | None) -> Iterator[Change]:
        """Retractions, concerns, corrections and newer versions that no refresh has told of."""
        now, then = _flags_of(record), _flags_of(told) if told else {}
        for kind, links in now.items():
            fresh = _fresh(links, then.get(kind, ()))
            if kind not in then or fresh:
                shown = tuple(Link(type=link.type, citation=link.citation, pmid=link.pmid) for link in fresh or links)
                yield _change(kind, record, self.decisions, what=self._sentence(kind, shown), links=shown)
        learnt = record.status is Status.NOTICE and not (told and told.status is Status.NOTICE)
        if learnt and self.decisions.get(record.id) in {Decision.INCLUDE, Decision.MAYBE}:
            what = "A notice about another work, not a study of its own; it is not counted."
            yield _change(Kind.NOTICE, record, self.decisions, what=what)
        lifted = [kind for kind in (Kind.RETRACTED, Kind.CONCERN) if kind in then and kind not in now]
        if lifted and Kind.RETRACTED not in now:
            what = f"NLM no longer marks it as {'retracted' if Kind.RETRACTED in lifted else 'of concern'}."
            yield _change(Kind.LIFTED, record, self.decisions, what=what)

    def _sentence(self, kind: Kind, links: Sequence[Link]) -> str:
        types = {link.type.lower() for link in links}
        for type_ in ("retracted", "corrected"):
            if f"{type_}andrepublishedin" in types:
                return f"{type_.capitalize()} and republished; the republished version is a record of its own."
        assert self.record is not None
        values = sum(row.record == self.record.id for row in self.after.extraction)
        against = f". Hold it against its {'value' if values == 1 else f'{values} values'} in extraction.csv"
        said, included_too = {
            Kind.RETRACTED: ("Retracted", ": shown struck through, no longer counted"),
            Kind.CONCERN: ("An expression of concern was published", ". It still counts; decide whether it should"),
            Kind.CORRECTED: ("A correction was published", against if values else ""),
            Kind.SUPERSEDED: ("A newer version was published", ""),
        }[kind]
        return said + (included_too if self.decisions.get(self.record.id) == Decision.INCLUDE else "") + "."

    def _text(self, record: Record, seen: Record | None) -> Iterator[Change]:
        """Title or abstract that is not as it was when values were read from it."""
        if seen is None or (seen.source not in NLM_SOURCES and not seen.abstract):
            return
        old, new = (canonical_text(_comparable(one, seen), abstract_only=True).text for one in (seen, record))
        if same_words(old, new):
            return
        values = tuple(_checked_values(self.after, record.id, old, new))
        kind = Kind.CHECKED_TEXT if values else Kind.TEXT
        if not values and self.decisions.get(record.id) == Decision.EXCLUDE:
            kind = Kind.MINOR
        parts = [
            name
            for name, one, other in (
                ("title", seen.title, record.title),
                ("abstract", *(" ".join(part.text for part in item.abstract) for item in (seen, record))),
            )
            if not same_words(one, other) and not (name == "title" and seen.source not in NLM_SOURCES)
        ]
        yield _change(
            kind,
            record,
            self.decisions,
            what=f"{' and '.join(parts) or 'headings of the abstract'} changed".capitalize(),
            values=values,
            words=() if kind is Kind.MINOR else changed_words(old, new),
        )

    def _metadata(self, record: Record, seen: Record | None) -> Iterator[Change]:
        """What changed without changing anything a reader would look at."""
        if seen is None or seen.source != record.source or seen.sha256 == record.sha256:
            return
        names = [
            _CALLED.get(field.name, field.name.replace("_", " "))
            for field in dataclasses.fields(Record)
            if field.name not in _NOT_METADATA and getattr(seen, field.name) != getattr(record, field.name)
        ]
        yield _change(Kind.MINOR, record, self.decisions, what=", ".join(names) or "white space or markup only")


def _change(kind: Kind, record: Record, decisions: Mapping[str, str], **more: object) -> Change:
    return Change(
        kind=kind,
        record=record.id,
        citation=record.short,
        identifiers=record.identifiers,
        title=record.title or record.book_title,
        decision=decisions.get(record.id, "unscreened"),
        **more,  # type: ignore[arg-type]
    )


def _first(findings: Iterable[Finding], field: str) -> Finding | None:
    """The finding that says a field; NLM's own goes before the reader's, a value before none."""
    ours = [finding for finding in findings if finding.field == field]
    return min(ours, key=lambda finding: finding.missing is not None, default=None)


def _said(finding: Finding | None) -> str:
    if finding is None:
        return str(Missing.NOT_CHECKED)
    return str(finding.missing) if finding.missing else display(finding.value)


def _flags_of(record: Record) -> dict[Kind, tuple[Correction, ...]]:
    """What a record is marked as, with the links that say so; a retraction may be marked by publication type alone."""
    flags = {
        kind: tuple(link for link in record.corrections if link.type.lower() in types)
        for kind, types in _POINTS_TO.items()
    }
    marked = {kind: links for kind, links in flags.items() if links}
    if record.status is Status.RETRACTED:
        marked = {Kind.RETRACTED: marked.pop(Kind.RETRACTED, ()), **marked}
    return marked


def _fresh(links: Sequence[Correction], before: Sequence[Correction]) -> tuple[Correction, ...]:
    """Links that were not there before. One that has only gained its PMID or lost it was."""
    left, fresh = list(before), list(links)
    for same in (_same_notice, _maybe_same_notice):
        for link in list(fresh):
            if twin := next((other for other in left if same(link, other)), None):
                left.remove(twin)
                fresh.remove(link)
    return tuple(fresh)


def _same_notice(one: Correction, other: Correction) -> bool:
    return one.type.lower() == other.type.lower() and (
        one.pmid == other.pmid if one.pmid and other.pmid else same_words(one.citation, other.citation)
    )


def _maybe_same_notice(one: Correction, other: Correction) -> bool:
    return one.type.lower() == other.type.lower() and bool(one.pmid) != bool(other.pmid)


def _comparable(record: Record, seen: Record) -> Record:
    """The record as far as it can be compared: the title of an entry made by hand never equals NLM's to the letter."""
    return dataclasses.replace(record, title="") if seen.source not in NLM_SOURCES else record


def _checked_values(review: Review, record: str, old: str, new: str) -> Iterator[CheckedValue]:
    """Values of a record that somebody looked up, those whose quote is lost first."""
    values = []
    for row in review.extraction:
        found = row.finding
        looked = found.origin is Origin.PERSON or found.checked in {Checked.ONE, Checked.TWO}
        if row.record != record or not looked or found.missing is Missing.NOT_CHECKED:
            continue
        now, then = stands_in(found.quote, new), stands_in(found.quote, old)
        said = "its quote still stands there" if now else "its quote no longer stands there"
        if not found.quote:
            said = "no quote was noted"
        elif not now and not then:
            said = "its quote stood in neither version"
        values.append(
            CheckedValue(
                field=found.field,
                value=str(found.missing or display(found.value)),
                quote=found.quote,
                locator=found.locator,
                who=found.who,
                when=found.when,
                line=row.line,
                found=said,
                lost=then and not now,
            )
        )
    yield from sorted(values, key=lambda value: not value.lost)
