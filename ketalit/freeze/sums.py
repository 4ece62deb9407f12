"""The hashes of a snapshot: write them, and hold a folder or .zip file against them."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from ..errors import InputError
from .about import SUMS

_LINE = re.compile(r"([0-9a-f]{64})  ([\w./-]+)")
_CHUNK = 2**20
_ROOM, _RATIO = 2**30, 200  # bytes that any .zip may hold; beyond that, it depends on its own size


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What became of a snapshot: names of files, in their order.

    `fingerprint` is the SHA-256 of SHA256SUMS: the one number to compare with what was cited.
    """

    path: Path
    fingerprint: str
    files: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every file is there, as it was, and no other."""
        return not (self.changed or self.missing or self.added)


def sums_of(files: Mapping[str, bytes]) -> bytes:
    r"""SHA256SUMS as `sha256sum -c` reads it.

    >>> sums_of({"a": b""})[-5:]
    b'5  a\n'
    """
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())
    ).encode()


def verify(path: Path | str) -> Verified:
    """Hold every file of a snapshot against its hash.

    Args:
        path: the folder, or the .zip file.

    Raises:
        InputError: there is nothing there, it is no snapshot, or it cannot be read.
    """
    path = Path(path)
    if not path.exists():
        raise InputError("there is no such file or folder", where=str(path), expected="a snapshot")
    try:
        if path.is_dir():
            return _held(path, dict(_in_folder(path)))
        with zipfile.ZipFile(path) as archive:
            return _held(path, _in_zip(archive, path))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path), expected="a snapshot") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from error


def _held(path: Path, there: Mapping[str, Callable[[], IO[bytes]] | None]) -> Verified:
    """Compare what is there, each with a way to open it (None: not a plain file), with what the sums say."""
    opening = there.get(SUMS)
    if opening is None:
        what = f"has no {SUMS}"
        raise InputError(what, where=str(path), expected="a snapshot made by `ketalit freeze`")
    with opening() as file:
        content = file.read(16 * _CHUNK)
    said: dict[str, str] = {}
    for line in content.decode("utf-8", "replace").splitlines():
        found = _LINE.fullmatch(line)
        if not found or found[2] in said:
            raise InputError(f"holds a line that is wrong: {line[:80]!r}", where=f"{path}, {SUMS}")
        said[found[2]] = found[1]
    changed = [name for name in said if name in there and _sha256(there[name]) != said[name]]
    return Verified(
        path=path,
        fingerprint=hashlib.sha256(content).hexdigest(),
        files=len(said),
        changed=tuple(changed),
        missing=tuple(name for name in said if name not in there),
        added=tuple(sorted(name for name in there if name not in said and name != SUMS)),
    )


def _sha256(opening: Callable[[], IO[bytes]] | None) -> str:
    """The hash of a file; empty where it is no plain file, or damaged in its archive."""
    if opening is None:
        return ""
    total = hashlib.sha256()
    try:
        with opening() as file:
            while chunk := file.read(_CHUNK):
                total.update(chunk)
    except (zipfile.BadZipFile, zlib.error):
        return ""
    return total.hexdigest()


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _in_folder(folder: Path) -> Iterator[tuple[str, Callable[[], IO[bytes]] | None]]:
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        for path in (Path(place, name) for name in (*names, *links)):
            plain = path.is_file() and not path.is_symlink()
            yield path.relative_to(folder).as_posix(), partial(_open, path) if plain else None


def _in_zip(archive: zipfile.ZipFile, path: Path) -> Mapping[str, Callable[[], IO[bytes]] | None]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if sum(entry.file_size for entry in entries) > max(_ROOM, _RATIO * path.stat().st_size):
        raise InputError("is far larger inside than outside", where=str(path), expected="a snapshot")
    # All files stand in one folder, whose name does not matter.
    tops = {entry.filename.split("/")[0] for entry in entries if "/" in entry.filename}
    top = f"{tops.pop()}/" if len(tops) == 1 and all("/" in entry.filename for entry in entries) else ""
    found: dict[str, Callable[[], IO[bytes]] | None] = {}
    for entry in entries:
        name = entry.filename.removeprefix(top)
        found[name] = None if name in found else partial(archive.open, entry)  # twice: which one counts?
    return found
