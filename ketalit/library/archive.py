"""A whole review as one archive that is the same, byte for byte, wherever and whenever it is packed."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from ..errors import InputError
from .health import check_library
from .model import Run, SavedSearch, Sighting, State
from .schema import FILE, SCHEMA
from .store import Library, unpacked

Kind = TypeVar("Kind")

SUMS = "SHA256SUMS"
_ROOM = 256 * 2**20  # bytes that any archive may unpack to; beyond that, it depends on its own size
_RATIO = 100  # text, even XML, rarely shrinks to a twentieth; bombs shrink to a thousandth


@dataclass(frozen=True, slots=True)
class _About:
    schema: int


@dataclass(frozen=True, slots=True)
class _Asked:
    run: int
    id: str
    state: State | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Quarantined:
    sha256: str
    what: str
    at: str


# Members of an archive that hold a table as JSON lines. Runs come first when read back: the others refer to them.
_TABLES: Mapping[str, tuple[str, type[Any], str]] = {
    "library/runs.jsonl": ("run", Run, "id"),
    "library/sightings.jsonl": ("sighting", Sighting, "run, place"),
    "library/ledger.jsonl": ("ledger", _Asked, "run, place"),
    "library/searches.jsonl": ("search", SavedSearch, "run, place"),
    "library/quarantine.jsonl": ("quarantine", _Quarantined, "sha256"),
}
_LISTS = {"ids", "notes", "slices"}  # columns that hold JSON
_ABOUT = "library/library.json"
_CONTENT = re.compile(r"library/contents/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    sha256: str
    read: Callable[[], bytes]


def pack(review_folder: Path, archive: Path) -> Path:
    """Pack a review and its library into one `.tar.gz`, replacing the file of that name if there is one.

    Holds every file of the folder that is not hidden, the library as its contents and tables (not as pages of SQLite),
    and the SHA-256 of each. The same review gives the same bytes on any day and in any folder (with another zlib the
    compressed bytes may differ; `SHA256SUMS` in it does not). Bytes in quarantine stay behind.

    Returns:
        The archive.

    Raises:
        InputError: no review, a file that cannot be packed, a damaged library, or an archive that cannot be written;
            nothing was changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     review = Path(folder, "review")
    ...     review.mkdir()
    ...     _ = (review / "review.toml").write_text("format = 1")
    ...     archive = pack(review, Path(folder, "review.tar.gz"))
    ...     again = pack(unpack(archive, Path(folder, "copy")), Path(folder, "again.tar.gz"))
    ...     archive.read_bytes() == again.read_bytes()
    True
    """
    review_folder, archive = Path(review_folder), Path(archive)
    if not (review_folder / "review.toml").is_file():
        raise InputError("is no review", where=str(review_folder), expected="a folder with a review.toml")
    if review_folder.resolve() in archive.resolve().parents:
        raise InputError("lies in the review it would pack", where=str(archive), next_step="Name a place outside of it")
    if not archive.parent.is_dir():
        raise InputError(f"there is no folder “{archive.parent}”", where=str(archive), next_step="Make it first")
    _refuse_damage(review_folder / FILE, str(review_folder / FILE))
    with Library.open(review_folder / FILE) as library, library.reading() as database:
        members = list(_files(review_folder))
        if (review_folder / FILE).exists():
            members += _tables(database)
            members += _contents(database)
        members.sort(key=lambda member: member.name)
        sums = "".join(f"{member.sha256}  {member.name}\n" for member in members).encode()
        with (
            _replacing(archive) as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            _put(tar, SUMS, sums)
            for member in members:
                content = member.read()
                if hashlib.sha256(content).hexdigest() != member.sha256:
                    raise InputError("changed while it was packed", where=member.name, next_step="Pack again")
                _put(tar, member.name, content)
    return archive


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a review that `pack` packed, into a new or empty folder; every byte is checked against its sum.

    What is unpacked appears under its name when it is whole, and not before.

    Returns:
        The folder.

    Raises:
        InputError: the folder holds something, or the archive is damaged, cut short, not of ours, of a newer ketalit,
            far larger inside than outside, or names places outside the folder; nothing was unpacked.
    """
    archive, folder = Path(archive), Path(folder).resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is not empty", where=str(folder), expected="a new or empty folder")
    if not folder.parent.is_dir():
        raise InputError(f"there is no folder “{folder.parent}”", where=str(folder), next_step="Make it first")
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        temporary.mkdir()
        _unpack_into(temporary, archive)
        if os.name == "nt" and folder.exists():  # elsewhere a rename takes the place of an empty folder in one step
            folder.rmdir()
        temporary.rename(folder)
    except OSError as error:
        what = f"cannot be unpacked to {folder} ({error.strerror or error})"
        raise InputError(what, where=str(archive)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _files(folder: Path) -> Iterator[_Member]:
    """What a person put into the review."""

    def refuse(error: OSError) -> None:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(error.filename)) from error

    own = {folder / FILE, *(folder / f"{FILE}-{ending}" for ending in ("wal", "shm", "journal"))}
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(place, name) for name in (*folders, *names) if not name.startswith(".")):
            if path.is_symlink():
                raise InputError("is a link", where=str(path), next_step="Put the file itself there, or take it out")
            if path.is_dir() or path in own:
                continue
            name = "/".join(("review", *path.relative_to(folder).parts))
            if not path.is_file() or not _may_be_named(name):
                expected = "a file, of a name that every system can hold"
                raise InputError("cannot be packed", where=repr(str(path)), expected=expected)
            read = partial(_bytes_of, path)
            yield _Member(name, hashlib.sha256(read()).hexdigest(), read)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from error


def _tables(database: sqlite3.Connection) -> Iterator[_Member]:
    yield _held(_ABOUT, msgspec.json.encode({"schema": SCHEMA}) + b"\n")
    for name, (table, kind, order) in _TABLES.items():
        columns = [field.name for field in fields(kind)]
        lines = [
            msgspec.json.encode(
                {
                    column: msgspec.Raw(value.encode()) if column in _LISTS else value
                    for column, value in zip(columns, row, strict=True)
                }
            )
            for row in database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}")
        ]
        yield _held(name, b"".join(line + b"\n" for line in lines))


def _held(name: str, content: bytes) -> _Member:
    return _Member(name, hashlib.sha256(content).hexdigest(), lambda: content)


def _contents(database: sqlite3.Connection) -> Iterator[_Member]:
    def read(sha256: str) -> bytes:
        (packed,) = database.execute("SELECT bytes FROM content WHERE sha256 = ?", (sha256,)).fetchone()
        return unpacked(packed, sha256) or b""

    for (sha256,) in database.execute("SELECT sha256 FROM content"):
        yield _Member(f"library/contents/{sha256}", sha256, partial(read, sha256))


def _put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)  # owner 0, time 0, mode 644: nothing of this machine or day
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name when it is whole."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", where=str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _unpack_into(folder: Path, archive: Path) -> None:
    tables: dict[str, bytes] = {}
    with ExitStack() as stack:
        database: sqlite3.Connection | None = None
        for name, content in _checked(archive):
            if name.startswith("review/"):
                _write_new(folder.joinpath(*name.split("/")[1:]), content)
                continue
            if database is None:
                database = stack.enter_context(stack.enter_context(Library.open(folder / FILE, write=True)).writing())
            if _CONTENT.fullmatch(name):
                database.execute("INSERT INTO content VALUES (?, ?)", (name[-64:], zlib.compress(content)))
            else:
                tables[name] = content
        if database is not None:
            _fill(database, tables, archive)
    _refuse_damage(folder / FILE, str(archive))


def _refuse_damage(library: Path, where: str) -> None:
    for damage in check_library(library):
        if not damage.pending:
            what = f"holds a damaged library: {damage.id or 'the file'}, {damage.what}"
            raise InputError(what, where=where, next_step="`ketalit library check --repair` puts damaged records aside")


def _fill(database: sqlite3.Connection, tables: Mapping[str, bytes], archive: Path) -> None:
    missing = ({_ABOUT} | _TABLES.keys()) - tables.keys()
    if missing:
        raise InputError(
            f"lacks {min(missing)}", where=str(archive), expected="an archive made by `ketalit library pack`"
        )
    if _decoded(tables[_ABOUT], _About, f"{archive}: {_ABOUT}").schema != SCHEMA:
        what = f"holds a library of another ketalit (this one knows schema {SCHEMA})"
        raise InputError(what, where=str(archive), next_step="Update ketalit")
    for name, (table, kind, _) in _TABLES.items():
        columns = [field.name for field in fields(kind)]
        into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        for number, line in enumerate(tables[name].splitlines(), 1):
            where = f"{archive}: {name}, line {number}"
            row = _decoded(line, kind, where)
            values = (getattr(row, column) for column in columns)
            try:
                database.execute(into, [json.dumps(value) if isinstance(value, tuple) else value for value in values])
            except (sqlite3.IntegrityError, OverflowError) as error:
                raise InputError(f"does not fit with the rest ({error})", where=where) from error


def _decoded(line: bytes, kind: type[Kind], where: str) -> Kind:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"cannot be read ({error})", where=where) from error


def _write_new(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _checked(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Members of an archive, each held against its sum before anybody sees it.

    Raises:
        InputError: the archive is not what `pack` makes.
    """

    def refuse(what: str, member: str = "") -> InputError:
        where = f"{archive}: {member!r}" if member else str(archive)
        return InputError(what, where=where, expected="an archive made by `ketalit library pack`, whole")

    sums: dict[str, str] | None = None
    try:
        with archive.open("rb") as file, gzip.GzipFile(fileobj=file) as packed:
            limited = _Limited(packed, max(_ROOM, _RATIO * archive.stat().st_size))
            with tarfile.open(fileobj=limited, mode="r|", errorlevel=2) as tar:
                for member in tar:
                    if member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or member.issparse():
                        raise refuse("is no plain file (a link, folder or device)", member.name)
                    part = tar.extractfile(member)
                    content = part.read() if part else b""
                    if sums is None:
                        if member.name != SUMS:
                            raise refuse(f"does not begin with {SUMS}")
                        sums = _read_sums(content)
                        continue
                    if not _may_be_named(member.name):
                        raise refuse("has a name that is not allowed", member.name)
                    if sums.pop(member.name, "") != hashlib.sha256(content).hexdigest():
                        raise refuse(f"is not what {SUMS} says, or comes twice", member.name)
                    yield member.name, content
            while rest := limited.read(2**16):  # reading to the end checks gzip's own sum
                if rest.strip(b"\0"):
                    raise refuse("goes on after its end")
    except RecursionError:  # tarfile calls itself for each name that announces another
        raise refuse("cannot be unpacked (names of names without end)") from None
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError, ValueError) as error:
        raise refuse(f"cannot be unpacked ({error})") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(archive)) from error
    if sums is None or sums:
        raise refuse(f"lacks {min(sums)}" if sums else "is empty")


def _read_sums(content: bytes) -> dict[str, str]:
    sums = {}
    for line in content.decode().split("\n")[:-1]:
        sha256, separator, name = line.partition("  ")
        if not separator or name in sums:
            raise ValueError(f"{SUMS} holds a line that is wrong: {line[:80]!r}")
        sums[name] = sha256
    return sums


def _may_be_named(name: str) -> bool:
    """Whether a member may have this name: inside the folder on every system, not hidden, not over the library.

    >>> [_may_be_named(name) for name in ("review/votes/a.csv", "review/../a", "/etc/a", "review/C:a", "library/a")]
    [True, False, False, False, False]
    """
    root, *parts = name.split("/")
    if root == "library":
        return name == _ABOUT or name in _TABLES or bool(_CONTENT.fullmatch(name))
    if root != "review" or not parts or parts[0].lower().startswith(FILE):
        return False
    return all(part and not part.startswith(".") and not _UNFIT.search(part) for part in parts)


# What some system takes for something else: signs of its own, devices whatever follows the point, ends it leaves out.
_UNFIT = re.compile(
    r"""[\x00-\x1f\x7f\\/:*?"<>|\ud800-\udfff] | [. ]$ | ^(?:con|prn|aux|nul|com\d|lpt\d)\ *(?:\.|$)""",
    re.VERBOSE | re.IGNORECASE,
)


class _Limited(io.RawIOBase):
    """A file that refuses to go on once more came out of it than is believable."""

    def __init__(self, file: gzip.GzipFile, limit: int):
        super().__init__()
        self._file, self._left = file, limit

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            ValueError: there is more inside than is believable.
        """
        content = self._file.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise ValueError("it is far larger inside than outside")
        return content
