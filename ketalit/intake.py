"""Bring files of records into the library of a review: NLM's formats, and exports of other databases."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .duplicates import WHO, find_duplicates, record_decisions
from .errors import InputError
from .library import FILE, Library, Raw, RunKind
from .records.answers import Format
from .records.combine import Combined, combine
from .records.model import NLM_SOURCES, Record
from .records.pieces import CutFile, cut_file, joined
from .records.problems import Kind, Problem
from .review import Duplicate, Likeness, Review, load_review
from .telling import count_of

# What NLM wrote is one record however many files it came in; an export of a database is that database's own account.
_NLM = frozenset({Format.PUBMED, Format.JATS, Format.MEDLINE, Format.RECORDS})


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of it.

    Attributes:
        records: in the files.
        new: works that the review did not have, after merging.
        here: records of works that the review had already, by identifier.
        again: records of works that these files hold more than once, by identifier.
        duplicates: of other records, merged or proposed, each with its reason; they are written to duplicates.csv.
        problems: what could not be read, and what to know.
        run: of the library; 0 where all of it was there already.
    """

    records: int
    new: int
    here: int
    duplicates: tuple[Duplicate, ...]
    problems: tuple[Problem, ...]
    run: int = 0
    again: int = 0

    @property
    def complete(self) -> bool:
        """Whether every record of the files could be read."""
        return not any(problem.lost for problem in self.problems)

    def __str__(self) -> str:
        """In a sentence.

        >>> print(Intake(12, 9, 2, (Duplicate(record="a", same_as="b", decision=Likeness.SAME),), ()))
        12 records: 9 new, 2 here already, 1 merged with another record.
        """
        merged = sum(line.decision is Likeness.SAME for line in self.duplicates)
        proposed = sum(line.decision is Likeness.PROPOSED for line in self.duplicates)
        parts = [f"{self.new} new", f"{self.here} here already" if self.here else ""]
        parts += [f"{self.again} a second time in these files" if self.again else ""]
        parts += [f"{merged} merged with another record" if merged else ""]
        parts += [f"{proposed} perhaps the same as another: see duplicates.csv" if proposed else ""]
        return f"{count_of(self.records, 'record')}: {', '.join(part for part in parts if part)}."


def bring_in(folder: Path, files: Sequence[Path]) -> Intake:
    """Store every record of the files, byte for byte, in the library of a review, and look for duplicates.

    Nothing is stored unless each file holds records; all is stored in one transaction. The same file again changes
    nothing.

    Raises:
        InputError: the folder is no review, or a file cannot be read or holds no record; nothing was changed.
    """
    before = load_review(folder)
    cut = {name: _cut(_read(file), name) for name, file in _named(files).items()}
    raws = [raw for name, file in cut.items() for raw in _raws(file, name)]
    records = [part.record for file in cut.values() for part in file.parts]
    path = folder / FILE
    with Library.open(path) as library:
        missing = [raw for raw in raws if not _is_here(library, raw)]
        resumed = _left_over(library)
    combined = _combined(before, records)
    lines = (*_by_identifier(combined, records, before), *_by_likeness(combined, records, before, resumed))
    lines = tuple(dataclasses.replace(line, when=date.today().isoformat()) for line in lines)
    run = 0
    if missing:
        with Library.open(path, write=True) as library:
            run = library.begin(RunKind.IMPORT, ", ".join(cut))
            library.store(run, missing)
            record_decisions(folder, lines)
            library.finish(run, json.dumps({name: len(file.parts) for name, file in cut.items()}, ensure_ascii=False))
    else:
        record_decisions(folder, lines)
    merged = {line.record for line in lines if line.decision is Likeness.SAME}
    new = [ids for ids in combined.ids if not any(name in before.names for name in ids) and not merged & set(ids)]
    not_here = [record.id for record in records if not _known(record, before)]
    here = len(records) - len(not_here)
    problems = tuple(problem for file in cut.values() for problem in file.problems)
    return Intake(len(records), len(new), here, lines, problems, run, len(not_here) - len({*not_here}))


def _cut(content: bytes, name: str) -> CutFile:
    """A file cut into records; if its end seems to be missing, that is a problem although each record could be read."""
    file = cut_file(content, name)
    if not _ends_early(content, file):
        return file
    reason = "its last line has no end: the file seems to be cut off in its last record"
    return dataclasses.replace(file, problems=(*file.problems, Problem(name, reason, Kind.TRUNCATED)))


def _ends_early(content: bytes, file: CutFile) -> bool:
    """Whether a file of plain lines ends within one, and nothing speaks for its being whole.

    MEDLINE text has no end mark, and PubMed ends every line. Of the others people save some without the last line feed;
    there it counts with what their reader noticed, a record without end mark or a row with fewer cells.
    """
    if content.endswith((b"\r", b"\n", b"\0")) or content.startswith((b"\x1f\x8b", b"PK")):
        return False
    noticed = any(problem.kind is Kind.NOTICE for problem in file.problems)
    return file.format is Format.MEDLINE or (noticed and file.format in {Format.RIS, Format.SPREADSHEET})


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(file)) from error


def _named(files: Sequence[Path]) -> dict[str, Path]:
    """Files by the name they go by in the library: with their folder where two have one name."""
    distinct = list({file.resolve(): file for file in files}.values())
    often = Counter(file.name for file in distinct)
    return {
        file.name if often[file.name] == 1 else f"{file.resolve().parent.name}/{file.name}": file for file in distinct
    }


def _raws(file: CutFile, name: str) -> Iterator[Raw]:
    """What is to be stored of a file. Entries of one export that share their id are kept together."""
    found: dict[tuple[str, int], list[bytes]] = {}
    for part in file.parts:
        found.setdefault((part.record.id, part.record.version), []).append(part.raw)
    for (record, version), contents in found.items():
        if file.format in _NLM:
            yield Raw(record, file.format, contents[-1], version, name)
        else:
            distinct = list(dict.fromkeys(contents))
            content = distinct[0] if len(distinct) == 1 else joined(distinct, file.format)
            yield Raw(record, f"{file.format}, {name}", content, version, name)


def _is_here(library: Library, raw: Raw) -> bool:
    """Whether the very bytes came before under that id, source and file."""
    try:
        versions = library.versions(raw.id)
    except InputError:  # damaged: let the whole bytes in, which mends it
        return False
    sha256 = hashlib.sha256(raw.content).hexdigest()
    return any(
        (stored.source, stored.version, stored.sha256, stored.file) == (raw.source, raw.version, sha256, raw.file)
        for stored in versions
    )


def _left_over(library: Library) -> set[str]:
    """Ids of records of an import that was cut short before its duplicates were looked for."""
    runs = {run.id for run in library.unfinished() if run.kind is RunKind.IMPORT}
    return {stored.id for stored in library.contents() if stored.run in runs} if runs else set()


def _known(record: Record, review: Review) -> bool:
    return any(name in review.names for name in (record.id, *record.identifiers))


def _combined(before: Review, records: Iterable[Record]) -> Combined:
    decided: Mapping[frozenset[str], Likeness] = {line.pair: line.decision for line in before.duplicates}
    return combine(
        [*before.records.values(), *records],
        same=[pair for pair, decision in decided.items() if decision is Likeness.SAME],
        different={pair for pair, decision in decided.items() if decision is Likeness.DIFFERENT},
    )


def _by_identifier(combined: Combined, records: Iterable[Record], before: Review) -> Iterator[Duplicate]:
    """Records of these files that an identifier makes one with a record of another id.

    That NLM's record, or an export, takes the place of an entry made by hand is no duplicate: it is the entry's own.
    """
    brought = {record.id: record for record in records}
    decided = {line.pair for line in before.duplicates}
    for record, ids in zip(combined.records, combined.ids, strict=True):
        if record.key and record.key == ids[0] and record.identifiers:
            continue
        for name in ids[1:]:
            line = Duplicate(record=name, same_as=ids[0], decision=Likeness.SAME, who=WHO)
            other = brought.get(name) or before.records.get(name)
            if other is None or not {name, ids[0]} & set(brought) or line.pair in decided or len(line.pair) < 2:
                continue
            shared = [f"same {kind} {value}" for kind, _, value in (one.partition(":") for one in other.identifiers)]
            # A citation and its full text, both from NLM, are what they should be.
            if shared and not {record.source, other.source} <= NLM_SOURCES:
                yield dataclasses.replace(line, reason=", ".join(shared))


def _by_likeness(combined: Combined, records: Iterable[Record], before: Review, resumed: set[str]) -> list[Duplicate]:
    """Works that these files brought, and that are like another one; works here before were looked at before."""
    brought = {record.id for record in records}
    old = set(before.names) - resumed
    new: list[Record] = []
    known: list[Record] = []
    for record, ids in zip(combined.records, combined.ids, strict=True):
        (new if set(ids) & brought and not set(ids) & old else known).append(record)
    return find_duplicates(new, known, {line.pair for line in before.duplicates})
