"""A review is a folder: load it, with file, line and column in every complaint, and start a new one."""

from __future__ import annotations

import dataclasses
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import msgspec

from .errors import InputError
from .fields import FIELDS, Field
from .findings import Finding, Value
from .identifiers import IdentifierKind, parse_identifier
from .library import FILE, Library, RunKind, State
from .records.combine import Combined, Pair, combine
from .records.model import NLM_SOURCES, Record, from_json
from .records.pieces import iter_stored
from .records.problems import Problem as Unread
from .rows import Problem, did_you_mean, read_rows, read_text
from .vocabulary import Checked, Decision, Missing, Origin, Verdict

if TYPE_CHECKING:
    from .pooling.effects import EffectRow  # numpy comes with it: only a review that holds effects pays for it

EffectKind = TypeVar("EffectKind", bound="EffectRow")

FORMAT = 1
DUPLICATES = "duplicates.csv"
_UNKNOWN = "unknown record"
_NAMES_TO_COMPARE = 50_000
BUNDLED = Path(__file__).parent / "reviews" / "ketamine-chronic-pain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A saved search.

    `last_run` is the ISO date of its last run, empty while it has not been run; `count` and `translation` are what
    NCBI said then: how many records it finds, and how NCBI understood it.
    """

    name: str
    query: str
    database: str = "pubmed"
    why: str = ""
    last_run: str = ""
    count: int | None = None
    translation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """A decision on one record; records that carry the same `study` are reports of one study."""

    record: str
    decision: Decision
    reason: str = ""
    study: str = ""
    who: str = ""
    when: str = ""
    note: str = ""


class Likeness(StrEnum):
    """What was decided of two records that are alike."""

    SAME = "same"
    DIFFERENT = "different"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Two records that are, may be or are not of one work; a line of duplicates.csv.

    `record` and `same_as` are ids. Decided `same`, they are shown as one record; `different` keeps them apart, whatever
    a later import finds; `proposed` does nothing until somebody decides.
    """

    record: str
    same_as: str
    decision: Likeness
    reason: str = ""
    who: str = ""
    when: str = ""
    note: str = ""

    @property
    def pair(self) -> Pair:
        """The two ids, whichever came first."""
        return frozenset({_plain_name(self.record), _plain_name(self.same_as)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement to be checked against the literature.

    Attributes:
        basis: the records the verdict rests on.
        locators: where in these records, as "record: place".
        checked, when: how many looks at the sources stand behind the verdict, and the ISO date of the last.
        would_change: what evidence would change the verdict.
    """

    id: str
    page: str
    claim: str
    topic: str
    verdict: Verdict
    explanation: str
    basis: tuple[str, ...] = ()
    locators: tuple[str, ...] = ()
    cited: str = ""
    priority: int = 2
    checked: Checked | None = None
    when: str = ""
    would_change: str = ""
    note: str = ""

    def __str__(self) -> str:
        rests = f"\n  rests on: {', '.join(self.basis)}" if self.basis else ""
        return f"{self.id}  {self.verdict}\n  claim: {self.claim}\n  evidence: {self.explanation}{rests}"


class Domain(StrEnum):
    """Domains of RoB 2: Sterne et al. 2019, https://doi.org/10.1136/bmj.l4898"""

    RANDOMISATION = "D1"  # the randomisation process
    DEVIATIONS = "D2"  # deviations from the intended interventions
    MISSING = "D3"  # missing outcome data
    MEASUREMENT = "D4"  # measurement of the outcome
    SELECTION = "D5"  # selection of the reported result
    OVERALL = "overall"


class Judgement(StrEnum):
    """What a person judged the risk of bias to be; the order is from the best to the worst."""

    LOW = "low"
    SOME_CONCERNS = "some concerns"
    HIGH = "high"
    NOT_ASSESSED = "not assessed"


class Certainty(StrEnum):
    """GRADE: how sure a person is of the evidence on one outcome."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskOfBias:
    """A person's judgement of one domain, on one result of one trial; a line of rob.csv.

    RoB 2 judges a result, not a trial: `study`, `comparison`, `outcome` and `time` are those of effects.csv. Without a
    `comparison` it holds for all of them, without a `time` for all times. Of two lines on the same the later counts.
    """

    study: str
    comparison: str = ""
    outcome: str
    time: str = ""
    domain: Domain
    judgement: Judgement
    reason: str = ""
    who: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How certain a person finds the evidence on one outcome, and why; a line of summary.csv.

    `comparison`, `outcome` and `time` are those of a row of `ketalit.synthesis.summary`. `reasons` are those for rating
    down or up. Nothing but a person fills it: certainty is never computed.
    """

    comparison: str
    outcome: str
    time: str = ""
    certainty: Certainty
    reasons: tuple[str, ...] = ()
    who: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """A value a person (or the curators of the bundled review) read from one record."""

    record: str
    finding: Finding
    line: int = 0  # in extraction.csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review as loaded from its folder.

    `records` are keyed by `Record.id`; `names` maps every name a record goes by to that id: identifiers, and the ids of
    what was merged into it. `reasons` are those for leaving a record out; `outcomes` and `followup` say in words what
    these mean here. `effects` are the numbers that can be pooled, `effect_lines` the lines of effects.csv that they
    stand on; `risk_of_bias` and `ratings` what people judged of them. `refreshed` is the ISO date on which NCBI was
    last asked, empty if never. `problems` are those that did not hinder loading.
    """

    path: Path
    title: str
    question: str = ""
    how_found: str = ""
    drugs: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    reasons: tuple[str, ...] = ()
    outcomes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    followup: Mapping[str, str] = dataclasses.field(default_factory=dict)
    records: Mapping[str, Record]
    screening: tuple[Screening, ...] = ()
    extraction: tuple[Extraction, ...] = ()
    claims: tuple[Claim, ...] = ()
    effects: tuple[EffectRow, ...] = ()
    effect_lines: tuple[int, ...] = ()
    risk_of_bias: tuple[RiskOfBias, ...] = ()
    ratings: tuple[Rating, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    refreshed: str = ""
    problems: tuple[Problem, ...] = ()

    def find(self, identifier: str) -> Record:
        """The record with this key, PMID, PMCID, DOI or PII, in any usual spelling.

        Raises:
            InputError: nothing of that name is here; says what is near.
        """
        if identifier in self.records:
            return self.records[identifier]
        by_identifier = {name: record for record in self.records.values() for name in record.identifiers}
        by_identifier |= {f"PII:{record.pii}": record for record in self.records.values() if record.pii}
        by_identifier |= {name: self.records[record] for name, record in self.names.items() if record in self.records}
        try:
            wanted = str(parse_identifier(identifier))
        except InputError:
            wanted = ""
        for name in (identifier, wanted):
            if name in by_identifier:
                return by_identifier[name]
        near = get_close_matches(identifier, self.records, n=3)
        raise InputError(
            f"no record “{identifier}” in {self.title}",
            expected="a key, PMID, PMCID or DOI of one of its records",
            next_step=f"Did you mean {', '.join(near)}?" if near else "`ketalit table --view full` lists them",
        )


def load_review(path: Path | str | None = None, *, as_of: int | None = None, more: Sequence[Record] = ()) -> Review:
    """The review in a folder; without a path, the bundled one.

    Args:
        path: the folder.
        as_of: id of a run of the library; what came later is not looked at.
        more: records as if they had been fetched last.

    Raises:
        InputError: the folder cannot be used as it is; names the first problem and how many there are.

    >>> load_review().title
    'Ketamine for chronic pain'
    """
    review, problems = read_review(Path(path) if path is not None else BUNDLED, as_of=as_of, more=more)
    fatal = [problem for problem in problems if problem.fatal]
    if review is None or fatal:
        others = f"{len(fatal) - 1} more: `ketalit check` lists them all" if len(fatal) > 1 else ""
        first = fatal[0]
        raise InputError(str(first).rstrip("."), next_step=others)
    return review


def read_review(
    path: Path, *, as_of: int | None = None, more: Sequence[Record] = ()
) -> tuple[Review | None, list[Problem]]:
    """All that can be read of a review folder, and every problem of form found on the way.

    Args:
        path: the folder.
        as_of: id of a run of the library; what came later is not looked at.
        more: records as if they had been fetched last.

    Raises:
        InputError: there is no such folder, or its library is damaged or of a newer ketalit.
    """
    if not path.is_dir():
        next_step = "`ketalit new` starts one"
        raise InputError("there is no such folder", where=str(path), expected="a review folder", next_step=next_step)
    problems: list[Problem] = []
    settings = _read_settings(path, problems)
    if settings is None:
        return None, problems
    entered = _read_records(path, problems)
    held = _read_library(path / FILE, as_of, problems)
    duplicates = tuple(row for _, row in read_rows(path / DUPLICATES, Duplicate, problems))
    decided = {row.pair: row.decision for row in duplicates}  # of two rows on one pair the later counts
    combined = combine(
        [*entered.values(), *held.records, *more],
        same=[pair for pair, decision in decided.items() if decision is Likeness.SAME and len(pair) > 1],
        different={pair for pair, decision in decided.items() if decision is Likeness.DIFFERENT},
    )
    problems += _clashes(combined)
    records = {record.id: record for record in map(held.with_notes, _with_shared(combined))}
    known = {name: record.id for record in records.values() for name in (record.id, *record.identifiers)}
    for ids in combined.ids:
        known |= {name: ids[0] for name in ids if name not in known}
    problems += _unknown(duplicates, known) if as_of is None else ()
    names = _Names(known, records if as_of is None else None)
    screening = tuple(_read_screening(path, problems, names))
    extraction = tuple(_read_extraction(path, problems, names))
    claims = tuple(_read_claims(path, problems, known))
    effects = dict(_read_effects(path, problems, names))
    judged = tuple(_read_risk_of_bias(path, problems, effects.values()))
    ratings = tuple(_read_ratings(path, problems, effects.values()))
    if as_of is not None:  # what people decided on records that came later is no fault
        problems[:] = [
            dataclasses.replace(problem, fatal=False) if problem.what.startswith(_UNKNOWN) else problem
            for problem in problems
        ]
    review = Review(
        path=path,
        title=settings.title or path.name,
        question=settings.question,
        how_found=settings.how_found,
        drugs=settings.drugs,
        searches=tuple(map(held.last_run, settings.searches)),
        reasons=settings.reasons,
        outcomes=settings.outcomes,
        followup=settings.followup,
        records=MappingProxyType(records),
        screening=screening,
        extraction=extraction,
        claims=claims,
        effects=tuple(effects.values()),
        effect_lines=tuple(effects),
        risk_of_bias=judged,
        ratings=ratings,
        duplicates=duplicates,
        names=MappingProxyType(known),
        refreshed=held.refreshed,
        problems=tuple(problem for problem in problems if not problem.fatal),
    )
    return review, problems


_SETTINGS = """\
format = {format}
title = "{title}"
question = ""   # what the review wants to know
how_found = ""  # how works were found, for the foot of the table

# Drugs whose dose, form, route and duration are read out of texts.
drugs = ["ketamine", "esketamine"]

# Why a record is left out at full text; the first that fits is used, from the top.
reasons = ["other condition", "other intervention", "other design", "no results", "duplicate report"]
"""


def new_review(target: Path, *, empty: bool = False) -> Path:
    """Start a review: a copy of the bundled one to edit, or an empty one. Refuses a folder that holds anything.

    Raises:
        InputError: the target exists and is not empty, or cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError("is not empty", where=str(target), expected="a new or empty folder")
    try:
        if empty:
            target.mkdir(parents=True, exist_ok=True)
            title = target.resolve().name.replace("\\", "").replace('"', "'")
            (target / "review.toml").write_text(_SETTINGS.format(format=FORMAT, title=title), encoding="utf-8")
            from .pooling.effects import EffectRow

            kinds = {
                "screening": Screening,
                "extraction": ExtractionRow,
                "claims": Claim,
                "effects": EffectRow,
                "rob": RiskOfBias,
                "summary": Rating,
            }
            for name, kind in kinds.items():
                header = ",".join(field.name for field in dataclasses.fields(kind))
                (target / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8")
        else:
            shutil.copytree(BUNDLED, target, dirs_exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(target)) from error
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """What review.toml holds."""

    format: int
    title: str = ""
    question: str = ""
    how_found: str = ""
    drugs: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    reasons: tuple[str, ...] = ()
    outcomes: dict[str, str] = dataclasses.field(default_factory=dict)
    followup: dict[str, str] = dataclasses.field(default_factory=dict)


def _read_settings(path: Path, problems: list[Problem]) -> _Settings | None:
    name = "review.toml"

    def wrong(what: str, **place: str) -> None:
        problems.append(Problem(file=name, what=what, **place))  # type: ignore[arg-type]

    try:
        table = tomllib.loads(read_text(path / name))
    except FileNotFoundError:
        wrong(f"is missing in {path}", expected="the file that makes a review")
        return None
    except tomllib.TOMLDecodeError as error:
        wrong(f"is not valid TOML: {error}")
        return None
    found = table.get("format")
    if isinstance(found, int) and found > FORMAT:
        what = "this review was written by a newer ketalit; update ketalit to open it (nothing was changed)"
        wrong(what, column="format", found=str(found), expected=f"format {FORMAT} or older")
        return None
    known = [field.name for field in dataclasses.fields(_Settings)]
    for key in table.keys() - set(known):
        what = f"unknown setting{did_you_mean(key, known)}"
        problems.append(Problem(file=name, what=what, column=key, fatal=False))
    try:
        return msgspec.convert(table, _Settings)
    except msgspec.ValidationError as error:
        wrong(str(error))
        return None


def _read_records(path: Path, problems: list[Problem]) -> dict[str, Record]:
    records: dict[str, Record] = {}
    lines: dict[str, int] = {}
    name = "records.jsonl"
    if (path / name).exists():
        for number, line in enumerate(read_text(path / name).split("\n"), 1):
            if not line.strip():
                continue
            try:
                record = from_json(line)
            except (msgspec.ValidationError, msgspec.DecodeError) as error:
                problems.append(Problem(file=name, line=number, what=f"is not a record: {error}"))
                continue
            if not record.id:
                what, expected = "the record has no name", "a key, PMID, PMCID or DOI"
                problems.append(Problem(file=name, line=number, what=what, expected=expected))
                continue
            twice = [other for other in (record.id, *record.identifiers) if other in lines]
            if twice:
                what = f"{twice[0]} stands on line {lines[twice[0]]} already"
                problems.append(Problem(file=name, line=number, what=what, expected="each work once"))
                continue
            lines |= dict.fromkeys((record.id, *record.identifiers), number)
            records[record.id] = record
    return records


@dataclass(frozen=True, slots=True)
class _Held:
    """What the library of a review holds, as far as the review shows it."""

    records: list[Record]
    refreshed: str
    searches: Mapping[str, Search]  # the last run of each
    gone: Mapping[str, str]  # PMIDs that PubMed does not hold (any more), and the date it first said so

    def last_run(self, search: Search) -> Search:
        ran = self.searches.get(search.name)
        if ran is None or (ran.query, ran.database) != (search.query, search.database):
            return search
        return dataclasses.replace(search, last_run=ran.last_run, count=ran.count, translation=ran.translation)

    def with_notes(self, record: Record) -> Record:
        since = self.gone.get(f"PMID:{record.pmid}") if record.pmid else None
        if since is None:
            return record
        if record.source in NLM_SOURCES:
            note = f"not in PubMed any more since {since}"
        else:
            note = f"PubMed, asked on {since}, holds no record with the PMID {record.pmid}"
        return dataclasses.replace(record, notes=(*record.notes, note))


def _read_library(path: Path, as_of: int | None, problems: list[Problem]) -> _Held:
    said: list[Unread] = []
    with Library.open(path) as library:
        records = list(iter_stored(library.contents(as_of=as_of), problems=said))
        runs = [run for run in library.runs() if as_of is None or run.id <= as_of]
        asked = [run.finished for run in runs if run.kind in {RunKind.FETCH, RunKind.REFRESH} and run.finished]
        searches = {
            search.name: Search(
                name=search.name,
                query=search.query,
                database=search.database,
                last_run=search.at[:10],
                count=search.count,
                translation=search.translation,
            )
            for search in library.searches(as_of=as_of)
        }
        gone: dict[str, str] = {}
        missing = {name for name in library.gone(as_of) if name.startswith("PMID:")}
        for run in reversed(runs) if missing else ():
            for line in library.ledger(run.id):
                if line.id in missing and line.state is State.RETURNED:
                    missing.discard(line.id)
                elif line.id in missing and line.state in {State.ABSENT, State.DELETED}:
                    gone[line.id] = run.started[:10]
    problems += [
        Problem(file=FILE, what=f"{problem.where} cannot be read: {problem.reason}", fatal=False) for problem in said
    ]
    return _Held(records, asked[-1][:10] if asked else "", searches, gone)


def _clashes(combined: Combined) -> Iterator[Problem]:
    for entry, record in combined.clashes:
        what = f"the unverified identifier of {entry.id} belongs to another work: “{record.title}”"
        yield Problem(file="records.jsonl", what=what, expected=entry.title, fatal=False)


def _with_shared(combined: Combined) -> Iterator[Record]:
    """The records, those that share a DOI with another PMID with a note that says so."""
    others: dict[str, list[str]] = {}
    for doi, ids in combined.shared.items():
        for name in ids:
            rest = ", ".join(other for other in ids if other != name)
            note = (
                f"the DOI {doi.removeprefix('DOI:')} is also that of {rest}, which PubMed holds as a record of its own"
            )
            others.setdefault(name, []).append(note)
    for record in combined.records:
        notes = others.get(record.id, ())
        yield dataclasses.replace(record, notes=(*record.notes, *notes)) if notes else record


def _plain_name(name: str) -> str:
    """A name as ids are written, where it is an identifier."""
    try:
        return str(parse_identifier(name))
    except InputError:
        return name


def _unknown(duplicates: Iterable[Duplicate], known: Mapping[str, str]) -> Iterator[Problem]:
    for row in duplicates:
        for column, name in (("record", row.record), ("same_as", row.same_as)):
            if name not in known and _plain_name(name) not in known:
                yield Problem(file=DUPLICATES, column=column, what=_UNKNOWN, found=name, fatal=False)


def _read_screening(path: Path, problems: list[Problem], names: _Names) -> Iterator[Screening]:
    name = "screening.csv"
    for line, row in read_rows(path / name, Screening, problems):
        record = names.id_of(row.record, name, line, problems)
        if record:
            yield dataclasses.replace(row, record=record)


@dataclass(slots=True)
class _Names:
    """What rows may call a record. `records` gets an empty one for an identifier that the library does not hold."""

    known: dict[str, str]
    records: dict[str, Record] | None

    def id_of(self, name: str, file: str, line: int, problems: list[Problem]) -> str:
        """The id of the record that a row names in any usual spelling; empty, with a problem, where there is none.

        What people decided on a record that was not fetched, or whose bytes were lost, stays: the row is kept.
        """
        if name in self.known:
            return self.known[name]
        try:
            identifier = parse_identifier(name)
        except InputError:
            # Looking for the nearest of many names takes long; after many problems of the kind nobody reads the hint.
            few = (len(problems) + 1) * len(self.known) < _NAMES_TO_COMPARE
            what = f"{_UNKNOWN}{did_you_mean(name, self.known) if few else ''}"
            problems.append(Problem(file=file, line=line, column="record", what=what, found=name))
            return ""
        plain = str(identifier)
        if plain in self.known:
            return self.known[plain]
        place = {"file": file, "line": line, "column": "record", "found": name}
        if self.records is None or identifier.kind is IdentifierKind.PII:
            problems.append(Problem(what=_UNKNOWN, **place))  # type: ignore[arg-type]
            return ""
        what = f"the record is not in the library: `ketalit fetch {identifier.value}` brings it"
        problems.append(Problem(what=what, fatal=False, **place))  # type: ignore[arg-type]
        fields = {identifier.kind.lower(): identifier.value}
        record = Record(source="person", title="not in the library", notes=(what,), **fields)  # type: ignore[arg-type]
        self.records[record.id] = record
        self.known[plain] = record.id
        return record.id


def _read_extraction(path: Path, problems: list[Problem], names: _Names) -> Iterator[Extraction]:
    name = "extraction.csv"
    for line, row in read_rows(path / name, ExtractionRow, problems):
        record = names.id_of(row.record, name, line, problems)
        if not record:
            continue
        field = FIELDS.get(row.field)
        if field is None:
            what = f"unknown field{did_you_mean(row.field, FIELDS)}"
            problems.append(Problem(file=name, line=line, column="field", what=what, found=row.field))
            continue
        missing = Missing(row.value) if row.value in tuple(Missing) else None
        try:
            value = None if missing else read_value(field, row.value)
        except ValueError as error:
            problem = Problem(
                file=name,
                line=line,
                column="value",
                what=f"{field.name} is wrong",
                found=row.value,
                expected=str(error),
            )
            problems.append(problem)
            continue
        finding = Finding(
            field=row.field,
            value=value,
            missing=missing,
            unit=row.unit or (field.unit if value is not None else ""),
            quote=row.quote,
            origin=row.origin,
            checked=row.checked,
            locator=row.locator,
            source=row.source,
            who=row.who,
            when=row.when,
            note=row.note,
        )
        yield Extraction(record, finding, line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionRow:
    """A row of extraction.csv, its cells as they stand there."""

    record: str
    field: str
    value: str
    unit: str = ""
    quote: str = ""
    locator: str = ""
    source: str = ""
    origin: Origin = Origin.PERSON
    checked: Checked | None = None
    who: str = ""
    when: str = ""
    note: str = ""


def read_value(field: Field, text: str) -> Value:
    """A cell of extraction.csv as a value of its field.

    Raises:
        ValueError: says what was expected.

    >>> read_value(FIELDS["randomised"], "true"), read_value(FIELDS["n_total"], "60")
    (True, 60)
    """
    if field.kind is bool:
        if text not in {"true", "false"}:
            raise ValueError("true or false")
        return text == "true"
    if issubclass(field.kind, StrEnum):
        if text not in field.choices:
            raise ValueError(f"one of: {', '.join(field.choices)}{did_you_mean(text, field.choices)}")
        return str(field.kind(text))
    if field.kind in {int, float}:
        try:
            return int(text) if field.kind is int else float(text)
        except ValueError:
            raise ValueError("a whole number" if field.kind is int else "a number, with a decimal point") from None
    if not text:
        raise ValueError(f"a value, or one of: {', '.join(Missing)}")
    return text


def _read_claims(path: Path, problems: list[Problem], known: Mapping[str, str]) -> Iterator[Claim]:
    name = "claims.csv"
    seen: dict[str, int] = {}
    for line, row in read_rows(path / name, Claim, problems):
        if row.id in seen:
            problems.append(
                Problem(file=name, line=line, column="id", what=f"stands on line {seen[row.id]} already", found=row.id)
            )
        seen[row.id] = line
        for basis in row.basis:
            if basis not in known:
                expected = "the id of a record of this review"
                problems.append(
                    Problem(file=name, line=line, column="basis", what=_UNKNOWN, found=basis, expected=expected)
                )
        for locator in row.locators:
            record, colon, place = locator.partition(":")
            if not colon or not place.strip() or record.strip() not in row.basis:
                what, expected = "names no place in a record of the basis", "record: place, e.g. smith2009: table 2"
                problems.append(
                    Problem(
                        file=name,
                        line=line,
                        column="locators",
                        what=what,
                        found=locator,
                        expected=expected,
                        fatal=False,
                    )
                )
        yield row


_TERMS = ("immediate term", "short term", "medium term", "long term")
_BETTER = ("lower", "higher")
_NUMBERS = {"float": "a number, with a decimal point", "int": "a whole number"}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def effect_rows(path: Path, kind: type[EffectKind], problems: list[Problem]) -> Iterator[tuple[int, EffectKind]]:
    """Rows of a file of effects with their lines. Whether an effect follows from each is not looked at here.

    Older files have their hours in a column `time`, and named windows at the end of `outcome`. Of the first the new
    name is told; the second is read, and told as a problem that hinders nothing.

    Args:
        path: the file.
        kind: `EffectRow`, or what adds columns to it.
        problems: gets what is wrong.

    Raises:
        InputError: the file is not UTF-8 text.
    """
    said: list[Problem] = []
    for line, read in read_rows(path, kind, said):
        row = _with_window(read, path.name, line, said)
        if row is not None:
            yield line, row
    for problem in said:
        number = re.match(r"Expected `(float|int)", problem.expected)
        if number:
            problems.append(dataclasses.replace(problem, expected=_NUMBERS[number[1]]))
        elif problem.column == "time" and problem.what.startswith("unknown column"):
            expected = "the column hours; a named window stands in the column window"
            problems.append(dataclasses.replace(problem, what="this column has another name now", expected=expected))
        else:
            problems.append(problem)


def _with_window(row: EffectKind, file: str, line: int, problems: list[Problem]) -> EffectKind | None:
    """The row, with a window that stands at the end of its outcome in the place of windows; None for two times."""
    outcome, comma, term = (part.strip() for part in row.outcome.rpartition(","))
    if comma and term in _TERMS:
        place = Problem(file=file, line=line, column="outcome", found=row.outcome, what="")
        if row.window not in {"", term}:
            what = f"the outcome says “{term}”, the window “{row.window}”"
            problems.append(dataclasses.replace(place, what=what, expected="one time"))
            return None
        what, expected = "the follow-up window stands in the outcome", f"“{outcome}”, and “{term}” in window"
        problems.append(dataclasses.replace(place, what=what, expected=expected, fatal=False))
        row = dataclasses.replace(row, outcome=outcome, window=term)
    if row.window and row.hours is not None:
        what, expected = f"there are a window and {row.hours:g} hours", "one of the two"
        problems.append(Problem(file=file, line=line, column="window", what=what, found=row.window, expected=expected))
        return None
    return row


def _read_effects(path: Path, problems: list[Problem], names: _Names) -> Iterator[tuple[int, EffectRow]]:
    """Rows of effects.csv that can be read, with their lines."""
    name = "effects.csv"
    if not (path / name).exists():
        return
    from .pooling.effects import EffectRow

    said: list[Problem] = []
    for line, row in effect_rows(path / name, EffectRow, said):
        for column, found, allowed in (
            ("better", row.better, ("", *_BETTER)),
            ("checked", row.checked, tuple(Checked)),
        ):
            if found not in allowed:
                expected = f"one of: {', '.join(filter(None, allowed))}"
                what = f"the cell is wrong{did_you_mean(found, allowed)}"
                said.append(Problem(file=name, line=line, column=column, what=what, found=found, expected=expected))
        if row.shared < 1:
            what, expected = "no group is used by fewer than one comparison", "1, or the number of comparisons"
            found = str(row.shared)
            said.append(Problem(file=name, line=line, column="shared", what=what, found=found, expected=expected))
        record = names.id_of(row.record, name, line, said)
        if record:
            yield line, dataclasses.replace(row, record=record)
    problems += said


def _read_risk_of_bias(path: Path, problems: list[Problem], effects: Iterable[EffectRow]) -> Iterator[RiskOfBias]:
    name = "rob.csv"
    times: dict[tuple[str, str, str], set[str]] = {}
    for effect in effects:
        for comparison in (effect.comparison, ""):
            times.setdefault((effect.study, comparison, effect.outcome), set()).add(effect.time)
    for line, row in read_rows(path / name, RiskOfBias, problems):
        problems += _unsigned(name, line, row, row.judgement, row.reason, "reason")
        found = ", ".join(filter(None, (row.comparison, row.outcome)))
        problems += _astray(name, line, times.get((row.study, row.comparison, row.outcome)), found, row.time or None)
        yield row


def _read_ratings(path: Path, problems: list[Problem], effects: Iterable[EffectRow]) -> Iterator[Rating]:
    name = "summary.csv"
    times: dict[tuple[str, str], set[str]] = {}
    for effect in effects:
        times.setdefault((effect.comparison, effect.outcome), set()).add(effect.time)
    seen: dict[tuple[str, ...], int] = {}
    for line, row in read_rows(path / name, Rating, problems):
        # high certainty is what randomised trials start with, so it alone needs no reason
        why = "; ".join(row.reasons) or ("none" if row.certainty is Certainty.HIGH else "")
        problems += _unsigned(name, line, row, row.certainty, why, "reasons")
        problems += _astray(name, line, times.get((row.comparison, row.outcome)), row.outcome, row.time)
        key = (row.comparison, row.outcome, row.time)
        if key in seen:
            what = f"stands on line {seen[key]} already"
            problems.append(Problem(file=name, line=line, column="outcome", what=what, found=", ".join(key)))
        seen[key] = line
        yield row


def _astray(file: str, line: int, times: set[str] | None, outcome: str, time: str | None) -> Iterator[Problem]:
    """A judgement on what effects.csv does not hold. Where it gives hours, a reader's windows may have any name."""
    if times is None:
        what = "effects.csv holds no such result"
        yield Problem(file=file, line=line, column="outcome", what=what, found=outcome, fatal=False)
    elif time is not None and time not in times and not any(one.endswith(" h") for one in times):
        shown = ", ".join(sorted(filter(None, times)))
        what, expected = "effects.csv holds no such time", f"one of: {shown}" if shown else "an empty cell"
        yield Problem(file=file, line=line, column="time", what=what, found=time, expected=expected, fatal=False)


def _unsigned(
    file: str, line: int, row: RiskOfBias | Rating, verdict: str, reason: str, column: str
) -> Iterator[Problem]:
    """A judgement without its reason, its author or its date; nobody answers for such a one."""
    if verdict == "not assessed":
        return
    for name, found, expected in (
        (column, reason, "why it was judged so"),
        ("who", row.who, "the person who judged"),
        ("when", _ISO_DATE.fullmatch(row.when), "the date, as YYYY-MM-DD"),
    ):
        if not found:
            cell = row.when if name == "when" else ""
            what = f"“{verdict}” is given without it"
            yield Problem(file=file, line=line, column=name, what=what, found=cell, expected=expected)
