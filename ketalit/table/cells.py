"""Every value that anybody holds for a study, strongest first: one row per candidate, winner and conflicts marked."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import pandas as pd

from ..fields import FIELDS, Field
from ..findings import Finding, Value
from ..identifiers import source_link
from ..library import Cache
from ..reading import read_record, record_findings
from ..records.memory import all_stay
from ..records.model import Record
from ..review import Review
from ..studies import Study, studies
from ..vocabulary import NOT_RANDOMISED_DESIGNS, RANDOMISED_DESIGNS, Design, Missing, Origin, Status

CELL_TYPES = {
    "study": "string",  # id of the study
    "record": "string",  # id of the report the value was read from
    "field": "string",  # name in FIELDS
    "value": "object",  # in the field's own type; None where `missing` says why
    "text": "string",  # as displayed: the value, or the words of `missing`
    "missing": "string",  # "not reported", "not checked", "not applicable"; empty where there is a value
    "unit": "string",
    "origin": "string",  # person, curated, record, reader; empty where nobody looked
    "checked": "string",  # independent looks at the source of a curated value: none, one, two
    "confidence": "string",  # the reader's: sure, likely, unclear
    "locator": "string",  # where in the source
    "source": "string",  # "PMID:…", "PMCID:…" or "DOI:…"; a short citation where the report has no identifier
    "link": "string",  # address of the source
    "quote": "string",  # the words it was read from, where they may be carried
    "start": "Int64",  # offsets of the quote in the record's canonical text
    "end": "Int64",
    "rule": "string",  # the reader's rule, or "derived from …"
    "note": "string",  # remarks; for a missing value, why
    "who": "string",  # who entered it
    "when": "string",  # ISO date
    "winner": "boolean",  # this row is the one the table shows
    "conflict": "boolean",  # set on the winner: another origin gives a different value
}

DERIVED_FROM_DESIGN = "derived from design"  # the `rule` of what follows from the design alone

_ORIGINS = {origin: rank for rank, origin in enumerate(Origin)}
_ENTERED = frozenset({Origin.PERSON, Origin.CURATED})

_NUMBERS_OF_PEOPLE = frozenset({"n_randomised", "n_analysed", "n_total"})
_DRUG = frozenset({"drug_form", "route", "dose", "dose_mg_per_kg", "dose_mg_per_kg_per_h", "duration"})
_COMPARISON = frozenset({"comparator", "comparator_detail"})
_TRIAL = frozenset({"randomised", "blinding", "arms"})
_OUTCOME = frozenset({"primary_outcome", "scale", "followup", "primary_direction"})
_HARMS = frozenset({"adverse_events", "adverse_events_asked"})
_NO_SUBJECTS = _TRIAL | _NUMBERS_OF_PEOPLE | _DRUG | _COMPARISON | _OUTCOME | _HARMS
_REVIEWS = frozenset({Design.SYSTEMATIC_REVIEW, Design.META_ANALYSIS})

# Designs whose reports have no answer to a field, ever. What is only rare is not listed.
_NOT_APPLICABLE: Mapping[Design, frozenset[str]] = {
    Design.NON_RANDOMISED: frozenset({"n_randomised"}),
    Design.SINGLE_ARM: frozenset({"n_randomised"}) | _COMPARISON,
    Design.COHORT: frozenset({"n_randomised", "blinding"}),
    Design.CASE_CONTROL: frozenset({"n_randomised", "blinding"}),
    Design.CROSS_SECTIONAL: frozenset({"n_randomised", "blinding", "arms", "followup"}) | _COMPARISON,
    Design.CASE_SERIES: frozenset({"n_randomised", "blinding", "arms"}) | _COMPARISON,
    Design.CASE_REPORT: frozenset({"n_randomised", "blinding", "arms"}) | _COMPARISON,
    Design.QUALITATIVE: frozenset({"n_randomised", "blinding", "arms", "scale", "primary_direction"}) | _COMPARISON,
    Design.SYSTEMATIC_REVIEW: _TRIAL | {"n_randomised", "adverse_events_asked"},
    Design.META_ANALYSIS: _TRIAL | {"n_randomised", "adverse_events_asked"},
    Design.PROTOCOL: frozenset({"n_analysed", "result", "primary_direction", "adverse_events"}),
    Design.LABORATORY: _TRIAL | _NUMBERS_OF_PEOPLE | _HARMS | {"route", "scale", "followup", "primary_direction"},
    Design.ANIMAL: frozenset({"adverse_events_asked"}),
    Design.NARRATIVE_REVIEW: _NO_SUBJECTS,
    Design.GUIDELINE: _NO_SUBJECTS,
    Design.EDITORIAL: _NO_SUBJECTS | {"result"},
    Design.CORRECTION: _NO_SUBJECTS | {"result", "setting", "n_studies"},
    Design.RETRACTION: _NO_SUBJECTS | {"result", "setting", "n_studies"},
}
_CROSSOVER = frozenset({"periods", "sequence", "washout"})
_MAY_CROSS_OVER = frozenset(
    {Design.CROSSOVER_RCT, Design.PROTOCOL, Design.NON_RANDOMISED, Design.SECONDARY_ANALYSIS}
    | {Design.ANIMAL, Design.LABORATORY, Design.OTHER}
)
_MAY_COUNT_STUDIES = _REVIEWS | {Design.NARRATIVE_REVIEW, Design.GUIDELINE, Design.PROTOCOL, Design.OTHER}


def not_applicable(field: str, design: Design | str) -> bool:
    """Whether a field makes no sense for a design: it can have no answer, however well one looks.

    A narrative review randomises nobody; a case report compares with nothing; a trial is not made of studies.

    >>> not_applicable("blinding", "narrative review"), not_applicable("blinding", "single-arm trial")
    (True, False)
    """
    design = Design(design)
    if field == "n_studies":
        return design not in _MAY_COUNT_STUDIES
    if field in _CROSSOVER:
        return design not in _MAY_CROSS_OVER
    return field in _NOT_APPLICABLE.get(design, frozenset())


def cells(
    review: Review, among: Sequence[Study] | None = None, *, whole: Collection[str] = FIELDS.keys()
) -> pd.DataFrame:
    """All candidates for every field of every study, in long form; columns and types as in `CELL_TYPES`.

    The order of origins is person, curated, record, reader; within one origin a value goes before a
    missing one and the main report before its companions. "Not checked" never hides anything, nor does what a
    retracted companion reports. A field without any candidate has one row that says "not checked".

    Args:
        review: the review.
        among: studies to do this for; default: all.
        whole: fields of which all candidates are wanted; of the others only the winner is given.

    >>> from ketalit.review import load_review
    >>> table = cells(load_review())
    >>> bool((table[table.winner].groupby("study").size() == len(FIELDS)).all())
    True
    """
    chosen = studies(review) if among is None else among
    entered: dict[str, list[Finding]] = {}
    for row in review.extraction:
        entered.setdefault(row.record, []).append(row.finding)
    columns: dict[str, list[object]] = {name: [] for name in CELL_TYPES}
    append = [column.append for column in columns.values()]
    same: dict[object, object] = {}  # of equal texts one is held: rules, sources and reasons come again and again
    with Cache() as cache, all_stay():
        reader = _Reader(review.drugs, cache if len(chosen) >= _WORTH_KEEPING else None)
        for study in chosen:
            for values in _study_rows(study, review, entered, reader, whole):
                for add, value in zip(append, values, strict=True):
                    add(same.setdefault(value, value) if type(value) is str else value)
        reader.keep()
        # Column by column, each list let go before the next: of 50,000 studies there are millions of rows.
        return pd.DataFrame({name: pd.Series(columns.pop(name), dtype=kind) for name, kind in CELL_TYPES.items()})


def display(value: Value) -> str:
    """A value as people read it.

    >>> display(True), display(0.3170), display(60)
    ('yes', '0.317', '60')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A finding with the report it comes from and that report's place among the reports of its study."""

    record: str
    finding: Finding
    place: int
    retracted: bool = False

    @property
    def entered(self) -> bool:
        return self.finding.origin in _ENTERED

    @property
    def rank(self) -> tuple[bool, bool, int, bool, int]:
        found = self.finding
        unchecked = found.missing is Missing.NOT_CHECKED
        return unchecked, self.retracted, _ORIGINS[found.origin], found.missing is not None, self.place


_WORTH_KEEPING = 100  # studies; fewer are read before a cache is open
_AT_ONCE = 500  # readings that are kept in one go
_FINDINGS = msgspec.msgpack.Decoder(tuple[Finding, ...])


class _Reader:
    """What NLM's fields and our reading say of records, out of the cache where it holds them."""

    def __init__(self, drugs: Sequence[str], cache: Cache | None):
        self._drugs, self._cache = drugs, cache
        self._new: dict[bytes, bytes] = {}

    def read(self, record: Record) -> Sequence[Finding]:
        """The findings; none for a record that a person entered without its text."""
        if self._cache is None:
            return tuple(_read(record, self._drugs))
        key = hashlib.sha256(msgspec.msgpack.encode((record, self._drugs))).digest()
        if (kept := self._cache.get(key)) is not None:
            with suppress(msgspec.MsgspecError):
                return _FINDINGS.decode(kept)
        found = tuple(_read(record, self._drugs))
        self._new[key] = msgspec.msgpack.encode(found)
        if len(self._new) >= _AT_ONCE:
            self.keep()
        return found

    def keep(self) -> None:
        """Keep what was read since the last time."""
        if self._cache is not None:
            self._cache.add(self._new)
            self._new = {}


def _study_rows(
    study: Study, review: Review, entered: Mapping[str, list[Finding]], reader: _Reader, whole: Collection[str]
) -> Iterator[tuple[object, ...]]:
    candidates: dict[str, list[_Candidate]] = {name: [] for name in FIELDS}
    for place, name in enumerate(study.records):
        record = review.records[name]
        retracted = place > 0 and record.status is Status.RETRACTED
        for finding in (*entered.get(name, ()), *reader.read(record)):
            # What a companion is by itself (a protocol, a secondary analysis) is not the design of the study.
            if finding.field in candidates and not (place and finding.field == "design"):
                candidates[finding.field].append(_Candidate(name, finding, place, retracted))
    _add_derived(candidates)
    for field in FIELDS.values():
        ordered = sorted(candidates[field.name], key=lambda candidate: candidate.rank)
        if not ordered:
            ordered = [_Candidate(study.records[0], _unchecked(field, review.records[study.records[0]]), 0)]
        conflict = _in_conflict(field, ordered)
        for position, candidate in enumerate(ordered if field.name in whole else ordered[:1]):
            winner = position == 0
            yield _row(study.id, candidate, review.records[candidate.record], winner, winner and conflict)


def _read(record: Record, drugs: Sequence[str]) -> Iterable[Finding]:
    """What NLM's fields and our reading say; nothing for a record that a person entered without its text."""
    if record.source != "person":
        yield from record_findings(record)
    if record.abstract:
        yield from read_record(record, drugs=drugs)


def _unchecked(field: Field, record: Record) -> Finding:
    reason = "nobody has entered it" + ("" if record.abstract else "; no text of this record is held to read it from")
    return Finding(field=field.name, missing=Missing.NOT_CHECKED, note=reason)


def _add_derived(candidates: dict[str, list[_Candidate]]) -> None:
    """Add what follows from the winners of other fields, with their origin and source.

    Only where nobody of that standing has said so, or given another value, in so many words.
    """

    def best(name: str) -> _Candidate | None:
        return min(candidates[name], key=lambda candidate: candidate.rank, default=None)

    def given(name: str) -> _Candidate | None:
        found = best(name)
        return found if found and found.finding.missing is None else None

    def add(name: str, basis: _Candidate, value: Value, missing: Missing | None, note: str) -> None:
        before = best(name)
        if before and _ORIGINS[before.finding.origin] <= _ORIGINS[basis.finding.origin]:
            said = before.finding.missing
            if said is None or said is missing or (missing and said is Missing.NOT_REPORTED and before.entered):
                return
        finding = dataclasses.replace(
            basis.finding,
            field=name,
            value=value,
            missing=missing,
            unit=FIELDS[name].unit if missing is None else "",
            rule=f"derived from {basis.finding.field}",
            reason="",
            note=note,
        )
        candidates[name].append(dataclasses.replace(basis, finding=finding))

    people = given("n_randomised") or given("n_analysed")
    if people:
        add("n_total", people, people.finding.value, None, f"taken from “{FIELDS[people.finding.field].title}”")
    design = given("design")
    if design:
        kind = Design(str(design.finding.value))
        if kind in RANDOMISED_DESIGNS or kind in NOT_RANDOMISED_DESIGNS:
            add("randomised", design, kind in RANDOMISED_DESIGNS, None, f"follows from the design, {kind}")
        for name in FIELDS:
            if not_applicable(name, kind):
                add(name, design, None, Missing.NOT_APPLICABLE, f"does not apply to this design, {kind}")


def _in_conflict(field: Field, ordered: Sequence[_Candidate]) -> bool:
    """Whether somebody else's value differs from the winner's; a value against "not reported" differs too."""
    best, *others = ordered
    shown = best.finding
    if shown.missing is Missing.NOT_APPLICABLE or (shown.missing and shown.origin not in _ENTERED):
        return False
    for candidate in others:
        other = candidate.finding
        # Reports of one study read by one rule may differ in emphasis; people entering two values may not.
        if other.missing or (other.origin == shown.origin and other.origin not in _ENTERED):
            continue
        # Two reports of one study tell different results in different words; their numbers and designs must agree.
        if field.kind is str and candidate.record != best.record:
            continue
        if shown.missing or not same_value(field, shown.value, other.value):
            return True
    return False


_WORD = re.compile(r"\d+(?:[.,]\d+)*|\.\d+|[^\W\d_]+")
_SYNONYMS = {"iv": "intravenous", "im": "intramuscular", "sc": "subcutaneous", "po": "oral", "esketamine": "s"}


def same_value(field: Field, one: Value, other: Value) -> bool:
    """Whether two values of a field say the same, as far as a program can tell.

    Numbers agree within 2 % (doses are rounded on the way), counts exactly, words of a closed list exactly.
    Free text is held against each other coarsely: two texts differ when both hold numbers and share none, or
    when they share no word.

    >>> same_value(FIELDS["dose"], "0.5 mg/kg over 40 min", "0.50 mg/kg"), same_value(FIELDS["n_total"], 60, 58)
    (True, False)
    """
    if field.kind is float and isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=0.02)
    if field.kind is not str:
        return one == other
    first, second = _words(str(one)), _words(str(other))
    numbers = {word for word in first if word[0].isdigit()}, {word for word in second if word[0].isdigit()}
    return bool(numbers[0] & numbers[1]) if all(numbers) else bool(first & second) or not (first and second)


def _words(text: str) -> set[str]:
    found = set()
    for word in _WORD.findall(text.casefold()):
        number = word.replace(",", ".")
        try:
            found.add(f"{float(number):g}")
        except ValueError:
            found.add(_SYNONYMS.get(word, word))
    return found


def _citation(record: Record) -> str:
    """A report that has no identifier, as one would cite it in a line."""
    numbers = f"{record.volume}({record.issue})" if record.issue else record.volume
    place = ":".join(part for part in (numbers, record.pages) if part)
    journal = record.journal.abbreviation or record.journal.title
    return ", ".join(part for part in (record.short, " ".join(part for part in (journal, place) if part)) if part)


def _row(study: str, candidate: _Candidate, record: Record, winner: bool, conflict: bool) -> tuple[object, ...]:
    """A row with the columns of `CELL_TYPES`, in their order."""
    finding = candidate.finding
    looked = finding.origin in _ENTERED or finding.missing is not Missing.NOT_CHECKED or finding.rule
    source = finding.source or next(iter(record.identifiers), _citation(record)) if looked else ""
    return (
        study,
        candidate.record,
        finding.field,
        finding.value,
        str(finding.missing) if finding.missing else display(finding.value),
        str(finding.missing or ""),
        finding.unit or (FIELDS[finding.field].unit if finding.missing is None else ""),
        str(finding.origin) if looked else "",
        str(finding.checked or "") if finding.origin is Origin.CURATED else "",
        str(finding.confidence or ""),
        finding.locator,
        source,
        source_link(source),
        finding.quote,
        finding.start if finding.quote else None,
        finding.end if finding.quote else None,
        finding.rule,
        "; ".join(part for part in (finding.reason, finding.note) if part),
        finding.who,
        finding.when,
        winner,
        conflict,
    )
