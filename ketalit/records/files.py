"""Read a file of records whatever its format: look at the bytes, call the reader, keep what it reports."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..errors import InputError
from .answers import Format, identify
from .bibtex import iter_bibtex
from .cutting import DAMAGED, Source, chunks_of, name_of, recoded, whole
from .jats import iter_jats
from .medline import iter_medline
from .model import Record, from_json
from .problems import Kind, Problem
from .pubmed import iter_pubmed
from .ris import iter_ris
from .spreadsheet import iter_spreadsheet


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a file held: its records in order, and what its reader had to say."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """Whether every record of the file is here."""
        return not any(problem.lost for problem in self.problems)


def read_file(path: Path | str) -> ReadResult:
    """The records of a file: PubMed XML, JATS, MEDLINE text, RIS, BibTeX, a spreadsheet or our own JSON lines.

    The file may be packed with gzip. Its content decides, not its name. Damaged records are reported beside those that
    could be read.

    Raises:
        InputError: the file is missing, empty, an error answer (web page, rate limit, `<ERROR>`), of another
            format, or none of its records can be read; the message says which.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "one.nbib")
    ...     _ = path.write_bytes(b"PMID- 1\\nTI  - A title\\n")
    ...     read_file(path).records[0].title
    'A title'
    """
    path = Path(path)
    if path.is_dir():
        raise InputError("this is a folder, not a file", where=path.name, next_step="Name a file in it")
    return _read(lambda: path, path.name)


def read_bytes(content: bytes, name: str) -> ReadResult:
    """As `read_file`, for the bytes of a file and its name.

    >>> read_bytes(b"PMID- 1\\nTI  - A title\\n", "one.nbib").records[0].pmid
    '1'
    """
    return _read(lambda: Named(content, name), name)


class Named(io.BytesIO):
    """Bytes with the name that messages call them by."""

    def __init__(self, content: bytes, name: str):
        super().__init__(content)
        self.name = name


def _read(source: Callable[[], Source], name: str) -> ReadResult:
    problems: list[Problem] = []
    reader = READERS[identify(_head(source(), name), name)]
    return result_of(list(reader(source(), problems=problems)), problems, name)


def result_of(records: Sequence[Record], problems: Sequence[Problem], name: str) -> ReadResult:
    """What was read of a file, with a notice on what it holds twice.

    Raises:
        InputError: there were records, and none of them could be read.
    """
    if not records and (lost := [problem for problem in problems if problem.lost]):
        raise InputError(
            f"no record can be read: {lost[0].reason}", where=lost[0].where, next_step="Fetch or export the file again"
        )
    return ReadResult(tuple(records), (*problems, *_repeated(records, name)))


def format_of(content: bytes, name: str) -> Format:
    """The format of the bytes of a file.

    Raises:
        InputError: they hold no records; says what they are.

    >>> format_of(b"TY  - JOUR\\nTI  - A trial\\nER  - \\n", "one.ris").value
    'RIS'
    """
    return identify(_head(content, name), name)


def _head(source: Source, name: str) -> bytes:
    """The first bytes, unpacked and in UTF-8."""
    try:
        chunks = recoded(chunks_of(source), name)[1]
        head = b""
        for chunk in itertools.islice(chunks, 64):
            head += chunk
            if len(head) > 1 << 16:
                break
    except DAMAGED as error:
        raise InputError(f"the compressed file is cut short or damaged ({error})", where=name) from None
    return head


def _iter_records(source: Source, *, problems: list[Problem]) -> Iterator[Record]:
    """Records of JSON lines as `ketalit.records.model.to_json` writes them."""
    lines = b"".join(recoded(iter([whole(source)]), name_of(source))[1]).splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield from_json(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:  # a ValidationError is a DecodeError
                problems.append(Problem(f"{name_of(source)}, line {number}", str(error)))


READERS: Mapping[Format, Callable[..., Iterator[Record]]] = {
    Format.PUBMED: iter_pubmed,
    Format.JATS: iter_jats,
    Format.MEDLINE: iter_medline,
    Format.RECORDS: _iter_records,
    Format.RIS: iter_ris,
    Format.BIBTEX: iter_bibtex,
    Format.SPREADSHEET: iter_spreadsheet,
}


def _repeated(records: Iterable[Record], name: str) -> tuple[Problem, ...]:
    """A notice for every PMID and version that the file holds more than once."""
    seen: dict[tuple[str, int], int] = {}
    for record in records:
        if record.pmid:
            seen[record.pmid, record.version] = seen.get((record.pmid, record.version), 0) + 1
    return tuple(
        Problem(name, f"PMID {pmid} is here {count} times", Kind.NOTICE, (pmid,))
        for (pmid, _), count in seen.items()
        if count > 1
    )
