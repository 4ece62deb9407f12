"""Cut a stream of bytes into the elements that hold one record each, holding no more than one of them.

Cutting comes before parsing so that damage stays inside the record it struck.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from ..errors import InputError
from ..page import character_set

Source = Path | BinaryIO | bytes

CHUNK = 1 << 18
DAMAGED = (EOFError, zlib.error)  # what reading on in a damaged gzip stream raises
_ROOM = 1 << 28  # bytes that any gzip stream may unpack to; beyond that, it depends on its own size
_RATIO = 100  # XML rarely shrinks to a twentieth; bombs shrink to a thousandth
LARGEST_RECORD = 1 << 26  # 64 MB; the largest real ones are a few MB
_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z][\w.-]*)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the input.

    Attributes:
        kind: "record" is a whole element; "fragment" an element that was opened and not closed;
            "between" what stands outside of records; "end" tells in `note` why the input ended early.
    """

    kind: Literal["record", "fragment", "between", "end"]
    raw: bytes
    tag: str = ""
    note: str = ""


def name_of(source: Source) -> str:
    """What to call a source in a message: its file name, "" for bytes."""
    if isinstance(source, Path):
        return source.name
    name = getattr(source, "name", "")
    return Path(name).name if isinstance(name, str) and name else ""


def chunks_of(source: Source) -> Iterator[bytes]:
    """The bytes of a source in chunks; gzip is recognised by its first bytes, whatever the file is called.

    Raises:
        InputError: the file is missing or cannot be opened.
        EOFError, zlib.error: the gzip stream is cut short or damaged (after all that could be read).
    """
    raw = _raw_chunks(source)
    first = next(raw, b"")
    while len(first) < 2 and (more := next(raw, b"")):
        first += more
    joined = _chain(first, raw)
    return _gunzip(joined, name_of(source)) if first.startswith(b"\x1f\x8b") else joined


def whole(source: Source) -> bytes:
    """All bytes of a source, unpacked, for formats that cannot be read in pieces.

    Raises:
        InputError: it cannot be opened, or its gzip stream is damaged, cut short or a bomb.
    """
    try:
        return b"".join(chunks_of(source))
    except DAMAGED as error:
        raise InputError(f"the compressed file is cut short or damaged ({error})", where=name_of(source)) from None


def _raw_chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        for start in range(0, len(source), CHUNK):
            yield source[start : start + CHUNK]
    elif isinstance(source, Path):
        try:
            stream = source.open("rb")
        except OSError as error:
            reason = "there is no such file" if isinstance(error, FileNotFoundError) else (error.strerror or str(error))
            raise InputError(f"cannot be opened: {reason.lower()}", where=source.name or str(source)) from None
        with stream:
            yield from iter(lambda: stream.read(CHUNK), b"")
    else:
        yield from iter(lambda: source.read(CHUNK), b"")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _gunzip(chunks: Iterable[bytes], where: str) -> Iterator[bytes]:
    """Members of a gzip stream one after another; bounded output per step, so a bomb cannot fill the memory."""
    member = zlib.decompressobj(wbits=31)
    started = False
    taken = given = 0
    for chunk in chunks:
        data = chunk
        taken += len(chunk)
        while data:
            if member.eof:
                data = data.lstrip(b"\0")  # padding of tapes and blocks
                if not data:
                    break
                member, started = zlib.decompressobj(wbits=31), False
            started = True
            if out := member.decompress(data, CHUNK):
                given += len(out)
                if given > max(_ROOM, _RATIO * taken):
                    what = f"it is far larger inside than outside: it unpacks to more than {_RATIO} times its size"
                    raise InputError(what, where=where, next_step="It was not read further")
                yield out
            data = member.unused_data if member.eof else member.unconsumed_tail
    if started and not member.eof:
        raise EOFError("the gzip stream ends early")


def encoding_of(head: bytes, where: str = "") -> str:
    """Encoding by byte order mark or XML declaration, as Python names it; UTF-8 when neither says.

    Raises:
        InputError: a declared encoding that nobody knows.

    >>> encoding_of(b'<?xml version="1.0" encoding="ISO-8859-1"?>'), encoding_of(b"<a/>")
    ('iso8859-1', 'utf-8')
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    if head.startswith(b"<\0"):
        return "utf-16-le"
    if head.startswith(b"\0<"):
        return "utf-16-be"
    declared = _DECLARED.search(head[:2000])
    if not declared:
        return "utf-8"
    try:
        name = character_set(declared[1].decode())
    except LookupError:
        what = f'the XML declaration names an unknown encoding, "{declared[1].decode()}"'
        raise InputError(what, where=where) from None
    # A wide encoding was ruled out above: the declaration was left behind by a conversion. ASCII is UTF-8.
    return "utf-8" if name.startswith(("utf-16", "utf-32", "ascii")) else name


def recoded(chunks: Iterator[bytes], where: str = "") -> tuple[str, Iterator[bytes]]:
    """Encoding of the records and their bytes. UTF-16 and UTF-32 cannot be cut by bytes and become UTF-8.

    Raises:
        InputError: an unknown encoding, or a compressed stream of which nothing can be read.
    """
    try:
        head = next(chunks, b"")
    except DAMAGED as error:
        raise InputError(f"the compressed file is cut short or damaged ({error})", where=where) from None
    encoding = encoding_of(head, where)
    joined = _chain(head.removeprefix(codecs.BOM_UTF8), chunks)
    if encoding.startswith(("utf-16", "utf-32")):
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        return "utf-8", (decoder.decode(chunk).encode() for chunk in joined)
    return encoding, joined


def cut(chunks: Iterator[bytes], tags: Sequence[str]) -> Iterator[Piece]:
    """The records and what stands between them, in order. Memory: one chunk and one record.

    >>> [piece.kind for piece in cut(iter([b"<s><r>1</", b"r><r>2<r>3</r></s>"]), ["r"])]
    ['between', 'record', 'fragment', 'record', 'between']
    """
    opening = re.compile(b"<(" + b"|".join(tag.encode() for tag in tags) + rb")(?=[\s>/])")
    longest = max(len(tag) for tag in tags) + 4  # "</", the tag, ">", and one for what follows
    window = _Window(chunks)
    while True:
        match = opening.search(window.buffer, window.position)
        if match is None:
            spare = len(window.buffer) - longest
            if spare - window.position > CHUNK:  # a long stretch without records: hand it on in parts
                yield Piece("between", window.take(spare))
            if window.more():
                continue
            break
        ahead = match.start() - window.position
        if window.in_comment(match.start()):
            closed = window.buffer.find(b"-->", match.start())
            if closed >= 0:  # a record inside a comment is no record
                yield Piece("between", window.take(closed + 3))
                continue
            if len(window) < LARGEST_RECORD and window.more():
                continue
        if ahead:
            yield Piece("between", window.take(window.position + ahead))
        yield _one(window, match[1], [b"<" + tag.encode() for tag in tags], longest)
    if len(window):
        yield Piece("between", window.take(len(window.buffer)))
    if window.damage:
        yield Piece("end", b"", note=window.damage)


class _Window:
    """The part of the stream that is held: `buffer` from `position` on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.buffer, self.position = chunks, b"", 0
        self.ended, self.damage = False, ""

    def __len__(self) -> int:
        return len(self.buffer) - self.position

    def more(self) -> bool:
        """Read on, dropping what was taken; False at the end of the input.

        As much is read as is held, so that a long record is not copied again for every chunk.
        """
        held = [self.buffer[self.position :]]
        wanted = max(CHUNK, len(held[0]))
        while not self.ended and wanted > 0:
            try:
                chunk = next(self.chunks, b"")
            except DAMAGED as error:
                chunk, self.damage = b"", f"the compressed file is cut short or damaged ({error})"
            self.ended = not chunk
            wanted -= len(chunk)
            held.append(chunk)
        self.buffer, self.position = b"".join(held), 0
        return len(self.buffer) > len(held[0])

    def take(self, end: int) -> bytes:
        """The bytes up to an index of the buffer, which then count as consumed."""
        start, self.position = self.position, end
        return self.buffer[start:end]

    def in_comment(self, at: int) -> bool:
        """Whether a comment begins before an index of the buffer and has not ended there."""
        comment = self.buffer.rfind(b"<!--", self.position, at)
        return comment >= 0 and self.buffer.find(b"-->", comment, at) < 0


def _one(window: _Window, tag: bytes, marks: Sequence[bytes], longest: int) -> Piece:
    """The record that begins where the window stands, or what is left of it."""
    name, closing = tag.decode(), b"</" + tag + b">"
    seen = len(tag) + 1  # up to where neither the end nor another beginning can lie
    while True:
        end = window.buffer.find(closing, window.position + seen)
        stop = len(window.buffer) if end < 0 else end
        again = _first_opening(window.buffer, marks, window.position + seen, stop)
        if again >= 0:
            return Piece("fragment", window.take(again), name, "not closed before the next one begins")
        if end >= 0:
            return Piece("record", window.take(end + len(closing)), name)
        if len(window) > LARGEST_RECORD:
            return Piece("fragment", window.take(stop), name, f"longer than {LARGEST_RECORD >> 20} MB")
        seen = max(seen, len(window) - longest)
        if not window.more():
            return Piece("fragment", window.take(stop), name, "cut off by the end of the input")


def _first_opening(buffer: bytes, marks: Sequence[bytes], start: int, stop: int) -> int:
    """Position of the first opening tag (or of the set around it) between two positions, -1 if there is none."""
    first = -1
    for mark in marks:
        at = buffer.find(mark, start, stop)
        while at >= 0:
            follows = at + len(mark)
            if buffer[follows : follows + 1] in (b" ", b"\t", b"\r", b"\n", b">") or buffer.startswith(b"Set", follows):
                first, stop = at, at
                break
            at = buffer.find(mark, at + 1, stop)
    return first
