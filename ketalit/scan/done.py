"""What is written beside the Parquet files of one input when all of them are there: the mark that it is done."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..errors import InputError
from ..files import write_atomically
from .sieve import Packed

PARTS = ("records", "findings", "seen")  # a folder each, with one file for each input
_ENDING = re.compile(r"(?:\.xml)?(?:\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Done:
    """One input that was read to its end.

    Attributes:
        file: its name; `name`: the same without .xml.gz, which its Parquet files have.
        size, modified, sha256, md5: of the input: bytes, time in ns, hashes. `md5_checked`: against NLM's own.
        seen, kept, findings, withdrawn, lost: counts of records, rows and PMIDs; lost ones could not be read.
        outputs: size in bytes of each Parquet file.
        problems: what the reader had to say.
        ketalit: version that did it.
    """

    file: str
    name: str
    size: int
    modified: int
    sha256: str
    md5: str
    md5_checked: bool
    seen: int
    kept: int
    findings: int
    withdrawn: int
    lost: int
    outputs: dict[str, int]
    problems: tuple[str, ...] = ()
    ketalit: str = ""


def name_of(path: Path) -> str:
    """What the outputs of an input are called.

    >>> name_of(Path("baseline", "pubmed25n0001.xml.gz"))
    'pubmed25n0001'
    """
    return _ENDING.sub("", path.name)


def in_order(name: str) -> tuple[tuple[str, int, str], ...]:
    """A sort key for names with numbers in them: n9999 goes before n10000.

    >>> sorted(["pubmed25n10", "pubmed25n9"], key=in_order)
    ['pubmed25n9', 'pubmed25n10']
    """
    parts = re.findall(r"(\D*)(\d*)", name)
    return (*((text, int(number or -1), number) for text, number in parts), (name, 0, ""))


def output(folder: Path, part: str, name: str) -> Path:
    """Where a part of an input's output lies."""
    return folder / part / f"{name}.parquet"


def marker(folder: Path, name: str) -> Path:
    """Where the mark of an input lies."""
    return folder / "done" / f"{name}.json"


def write_mark(folder: Path, done: Done) -> None:
    """Mark an input as done."""
    content = msgspec.json.format(msgspec.json.encode(done), indent=2) + b"\n"
    write_atomically(marker(folder, done.name), content)


def read_mark(folder: Path, name: str) -> Done | None:
    """The mark of an input; None where it is not done, or where what was written is not there as it was."""
    try:
        done = msgspec.json.decode(marker(folder, name).read_bytes(), type=Done)
        sizes = {part: output(folder, part, name).stat().st_size for part in PARTS}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return done if sizes == done.outputs else None


def all_done(folder: Path) -> list[Done]:
    """The marks of a folder in the order in which the files apply."""
    names = sorted((path.stem for path in (folder / "done").glob("*.json")), key=in_order)
    return [done for name in names if (done := read_mark(folder, name))]


def is_same(path: Path, done: Done) -> bool:
    """Whether an input is the one that was read: same size and time, failing the time the same hash."""
    status = path.stat()
    if status.st_size != done.size:
        return False
    if status.st_mtime_ns == done.modified:
        return True
    packed = Packed(path)
    with packed:
        while packed.read(1 << 20):
            pass
    return packed.sha256.hexdigest() == done.sha256


def fingerprint(all_of: Sequence[Done]) -> str:
    """Changes when anything that is done changes."""
    told = [(one.name, one.sha256, one.outputs, one.ketalit) for one in all_of]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files named, those of folders included, in the order in which they apply.

    Raises:
        InputError: there is no such file, a folder holds none, or two would be written to the same place.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if re.search(r"\.xml(?:\.gz)?$", one.name, re.IGNORECASE))
            if not inside:
                raise InputError("holds no .xml.gz file", where=str(path))
        elif path.is_file():
            inside = [path]
        else:
            raise InputError("there is no such file", where=str(path), expected="PubMed files, .xml.gz")
        for one in inside:
            before = found.setdefault(name_of(one), one)
            if before.resolve() != one.resolve():
                what = f"would be written to the same place as {before}"
                raise InputError(what, where=str(one), next_step="Rename one, or scan them into two folders")
    return [found[name] for name in sorted(found, key=in_order)]
