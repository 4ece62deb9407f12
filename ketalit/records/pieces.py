"""Records as a library keeps them: cut out of files one by one, and read back."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from ..errors import InputError
from ..library import Cache, Stored
from .answers import Format
from .bibtex import bibtex_parts
from .cutting import chunks_of, cut, recoded
from .files import READERS, Named, format_of, read_bytes, result_of
from .medline import stretches
from .model import Record, to_json
from .problems import Problem, report
from .pubmed import TAGS
from .ris import ris_parts
from .spreadsheet import row_parts

_BATCH = 500  # stored records that are read in one go
_WORTH_KEEPING = 100  # fewer are read before a cache is open
_RECORDS = msgspec.msgpack.Decoder(list[Record])
_AROUND = {
    Format.PUBMED: (b"<PubmedArticleSet>\n", b"\n", b"\n</PubmedArticleSet>"),
    Format.JATS: (b"<pmc-articleset>\n", b"\n", b"\n</pmc-articleset>"),
    Format.MEDLINE: (b"", b"\n\n", b"\n"),
    Format.RECORDS: (b"", b"\n", b"\n"),
    Format.RIS: (b"", b"\n", b"\n"),
    Format.BIBTEX: (b"", b"\n\n", b"\n"),
    Format.SPREADSHEET: (b"", b"\n", b"\n"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One record of a file and the bytes it was read from, in UTF-8, such that they can be read without the rest."""

    record: Record
    raw: bytes


@dataclass(frozen=True, slots=True)
class CutFile:
    """A file cut into records, and what its reader had to say."""

    format: Format
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]


def cut_file(content: bytes, name: str) -> CutFile:
    """Cut a file of records into its records, whatever the format.

    Raises:
        InputError: it holds no records.

    >>> file = cut_file(b"TY  - JOUR\\nTI  - A trial\\nDO  - 10.1000/A\\nER  - \\n", "one.ris")
    >>> [(part.record.id, len(part.raw)) for part in file.parts]
    [('DOI:10.1000/a', 48)]
    """
    found = format_of(content, name)
    if cut_apart := _EXPORTS.get(found):
        problems: list[Problem] = []
        pairs = list(cut_apart(Named(content, name), problems=problems))
        result = result_of([record for _, record in pairs], problems, name)
        return CutFile(found, tuple(Part(record, raw) for raw, record in pairs), result.problems)
    result = read_bytes(content, name)
    if found is Format.RECORDS:
        parts = tuple(Part(record, to_json(record)) for record in result.records)
    else:
        raws = {hashlib.sha256(raw).hexdigest(): kept for raw, kept in _raws(content, found)}
        parts = tuple(Part(record, raws[record.sha256]) for record in result.records)
    return CutFile(found, parts, result.problems)


_EXPORTS: Mapping[Format, Callable[..., Iterator[tuple[bytes, Record]]]] = {
    Format.RIS: ris_parts,
    Format.BIBTEX: bibtex_parts,
    Format.SPREADSHEET: row_parts,
}


def _raws(content: bytes, found: Format) -> Iterator[tuple[bytes, bytes]]:
    """The bytes of each record as its reader takes them, and as they are to be kept."""
    encoding, chunks = recoded(chunks_of(content))
    if found is Format.MEDLINE:
        pieces: Iterable[bytes] = (raw for raw, _ in stretches(next(chunks, b""), chunks))
    else:
        tags = TAGS if found is Format.PUBMED else ("article",)
        pieces = (piece.raw for piece in cut(chunks, tags) if piece.kind == "record")
    yield from ((raw, raw if encoding == "utf-8" else raw.decode(encoding, "replace").encode()) for raw in pieces)


def joined(raws: Iterable[bytes], found: Format) -> bytes:
    """Records of one format as one body that the reader of the format takes."""
    before, between, after = _AROUND[found]
    return before + between.join(raws) + after


def iter_stored(
    contents: Iterable[Stored], *, problems: list[Problem] | None = None, cache: Cache | None = None
) -> Iterator[Record]:
    """The records of what a library holds, in its order; whole files (of older libraries) are read as files.

    Args:
        contents: as `Library.contents` yields them.
        problems: gets what cannot be read, under the name of the record. Without it the first loss is raised.
        cache: keeps the records of larger batches by the hashes of their bytes, so that they are read once.

    Raises:
        InputError: without `problems`, at a loss.
    """
    for found, group in itertools.groupby(contents, key=_format):
        while batch := list(itertools.islice(group, _BATCH)):
            if found is None:
                yield from _whole_files(batch, problems)
            elif cache is None or len(batch) < _WORTH_KEEPING:
                yield from _batch(batch, found, problems)
            else:
                yield from _kept(batch, found, problems, cache)


def _kept(batch: list[Stored], found: Format, problems: list[Problem] | None, cache: Cache) -> list[Record]:
    """The records of a batch, out of the cache where it holds them; what could not all be read is not kept."""
    key = hashlib.sha256("\n".join((found, *(stored.sha256 for stored in batch))).encode()).digest()
    if (kept := cache.get(key)) is not None:
        with suppress(msgspec.MsgspecError):
            return _RECORDS.decode(kept)
    said: list[Problem] = []
    records = _batch(batch, found, said)
    if not said:
        cache.add({key: msgspec.msgpack.encode(records)})
    for problem in said:
        report(problem, problems)
    return records


def _format(stored: Stored) -> Format | None:
    """The format of stored bytes; of exports the source names the file as well ("RIS, scopus.ris")."""
    name = stored.source.split(",")[0]
    return Format(name) if name in _KNOWN else None


_KNOWN = frozenset(Format)


def _batch(batch: list[Stored], found: Format, problems: list[Problem] | None) -> list[Record]:
    said: list[Problem] = []
    body = joined((stored.content for stored in batch), found)
    records = _read(lambda: READERS[found](body, problems=said), said)
    if not any(problem.lost for problem in said):
        return records
    read = {record.sha256 for record in records}
    for stored in batch:
        if stored.sha256 not in read:  # by itself, to say which it is
            said = []
            body = joined([stored.content], found)
            records += _read(lambda: READERS[found](body, problems=said), said)  # noqa: B023 - called at once
            _pass_on(stored, said, problems)
    return records


def _whole_files(batch: list[Stored], problems: list[Problem] | None) -> Iterator[Record]:
    for stored in batch:
        said: list[Problem] = []
        yield from _read(lambda: read_bytes(stored.content, stored.file).records, said)  # noqa: B023 - called at once
        _pass_on(stored, said, problems)


def _read(read: Callable[[], Iterable[Record]], said: list[Problem]) -> list[Record]:
    try:
        return list(read())
    except InputError as error:
        said.append(Problem("", error.what))
        return []


def _pass_on(stored: Stored, said: Iterable[Problem], problems: list[Problem] | None) -> None:
    """Report what is lost, under the name of what it is."""
    where = f"{stored.id} ({stored.file})" if stored.file else stored.id
    for problem in said:
        if problem.lost:
            report(Problem(where, problem.reason), problems)
