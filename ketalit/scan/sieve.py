"""A PubMed file as a stream of the records worth parsing; what passes by is counted, hashed and watched."""

from __future__ import annotations

import hashlib
import io
import re
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from ..errors import InputError
from ..records.cutting import CHUNK, chunks_of, cut, recoded
from ..records.pubmed import TAGS

_PMID = re.compile(rb"<PMID\b([^>]*)>\s*0*(\d{1,10})\s*<")
_OWN = re.compile(rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID\b([^>]*)>\s*0*(\d{1,10})\s*<")
_VERSION = re.compile(rb"\bVersion\s*=\s*[\"'](\d{1,4})[\"']")
_MD5 = re.compile(r"\b[0-9a-fA-F]{32}\b")


class Packed(io.RawIOBase):
    """The bytes of a file as they lie on disk, hashed as they are read."""

    def __init__(self, path: Path):
        self.name = path.name
        self.size = 0
        self.sha256, self.md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise InputError(f"cannot be opened: {(error.strerror or str(error)).lower()}", where=path.name) from None

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        try:
            data = self._file.read(size)
        except OSError as error:  # a disk or a network share that gives up
            raise InputError(f"cannot be read: {(error.strerror or str(error)).lower()}", where=self.name) from None
        self.size += len(data)
        self.sha256.update(data)
        self.md5.update(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class Sieve(io.RawIOBase):
    """The stream of a file without the records that are not wanted, for `iter_pubmed` to read.

    What stands between records, and records that are damaged, pass as they are.

    Args:
        packed: the file.
        wanted: looks at the bytes of a record; False leaves it out.

    Attributes:
        pmids, versions, withdrawn: one entry for every record and every withdrawn PMID, in order; PMID 0 is none.
        places: hash of each record that passed → its place in the file, from 1.
        damage: why the input ended early; empty when it did not.
    """

    def __init__(self, packed: Packed, wanted: Callable[[bytes], bool] = lambda raw: True):
        self.name = packed.name
        self.pmids, self.versions, self.withdrawn = array("q"), array("i"), bytearray()
        self.places: dict[str, int] = {}
        self.damage = ""
        self._packed, self._wanted = packed, wanted
        self._pieces = self._passing()

    @property
    def records(self) -> int:
        """Records seen so far, kept or not."""
        return len(self.withdrawn) - sum(self.withdrawn)

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as many as come in handy; none at the end."""
        held, length = [], 0
        for raw in self._pieces:
            held.append(raw)
            length += len(raw)
            if length >= CHUNK:
                break
        return b"".join(held)

    def _passing(self) -> Iterator[bytes]:
        _, chunks = recoded(chunks_of(cast(BinaryIO, self._packed)), self.name)
        for piece in cut(chunks, TAGS):
            if piece.kind == "end":
                self.damage = piece.note
            elif piece.kind != "record":
                yield piece.raw
            elif piece.tag == "DeleteCitation":
                for attributes, pmid in _PMID.findall(piece.raw):
                    self._see(int(pmid), attributes, withdrawn=True)
                yield piece.raw
            else:
                own = _OWN.search(piece.raw)
                self._see(int(own[2]) if own else 0, own[1] if own else b"", withdrawn=False)
                if self._wanted(piece.raw):
                    self.places[hashlib.sha256(piece.raw).hexdigest()] = len(self.pmids)
                    yield piece.raw

    def _see(self, pmid: int, attributes: bytes, *, withdrawn: bool) -> None:
        version = _VERSION.search(attributes)
        self.pmids.append(pmid)
        self.versions.append(int(version[1]) if version else 1)
        self.withdrawn.append(withdrawn)


def expected_md5(path: Path) -> str:
    """The checksum that NLM lays beside a file as NAME.md5; empty where there is none.

    Raises:
        InputError: there is such a file and no checksum in it.
    """
    beside = path.with_name(f"{path.name}.md5")
    try:
        content = beside.read_text(encoding="ascii", errors="replace") if beside.exists() else None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=beside.name) from None
    if content is None:
        return ""
    found = _MD5.search(content[:10_000])
    if not found:
        raise InputError("holds no checksum", where=beside.name, next_step="Fetch it again, or remove it")
    return found[0].lower()
