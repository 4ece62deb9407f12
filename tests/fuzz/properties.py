"""What holds of any input at all: a result or a KetalitError, soon, and every offset points at its text.

The functions raise AssertionError where it does not hold, and let every other exception through: each is a finding.
"""

from __future__ import annotations

import contextlib
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ketalit.audit import audit
from ketalit.citations import find_citations, other_links
from ketalit.errors import InputError, KetalitError
from ketalit.identifiers import identifier_in_link, parse_identifier, trim_doi
from ketalit.library.archive import unpack
from ketalit.page import Page, PageKind, open_page, page_of_text
from ketalit.records.files import READERS, read_bytes
from ketalit.records.model import Record, from_json, to_json
from ketalit.records.pieces import cut_file, joined
from ketalit.records.text import canonical_text
from ketalit.review import load_review
from ketalit.rows import read_rows
from ketalit.screening.votes import Vote
from ketalit.sentences import split_sentences
from tests.reading.test_reader import promises

SECONDS = 5.0  # of processor time, for an input below 100 kB
_READ = 3  # records of one input that are read for their findings


class Hang(AssertionError):
    """It took longer than anybody should have to wait."""


@contextlib.contextmanager
def soon(seconds: float = SECONDS) -> Iterator[None]:
    """Holds the block to some seconds of processor time; ends it where the system can."""

    def ring(*_: object) -> None:
        raise Hang(f"not done after {seconds:g} seconds")

    may_ring = hasattr(signal, "SIGPROF") and threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGPROF, ring) if may_ring else None
    if may_ring:
        signal.setitimer(signal.ITIMER_PROF, seconds)
    started = time.process_time()
    try:
        yield
    finally:
        if may_ring:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
    assert time.process_time() - started < seconds


def file_holds(content: bytes, name: str = "file") -> int:
    """Reads bytes as a file of records, cuts them, and reads what came of it; the number of records."""
    with soon():
        try:
            result = read_bytes(content, name)
        except KetalitError as error:
            _is_told(error)
            with contextlib.suppress(KetalitError):
                cut_file(content, name)
            return 0
        for problem in result.problems:
            assert problem.reason
        file = cut_file(content, name)
        assert [part.record.id for part in file.parts] == [record.id for record in result.records]
    for part in file.parts[:_READ]:
        with soon():
            record_holds(part.record)
            # A library keeps each record by itself: it must be read again from its own bytes.
            again = list(READERS[file.format](joined([part.raw], file.format), problems=[]))
            assert [record.id for record in again] == [part.record.id]
    return len(result.records)


def record_holds(record: Record) -> None:
    """Its JSON reads back as itself, and what is read out of it stands where it says."""
    assert from_json(to_json(record)) == record
    text = canonical_text(record)
    for part in text.parts:
        assert 0 <= part.start < part.end < len(text.text)
    assert len(text.sha256) == 64
    sentences_hold(text.text)
    promises(record)


def sentences_hold(text: str) -> None:
    """Sentences are in order, without white space at their ends, and leave nothing but white space out."""
    end = 0
    for start, stop in split_sentences(text):
        assert end <= start < stop <= len(text)
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()


def page_holds(page: Page) -> int:
    """Whatever points into a page points at its text; the number of citations."""
    with soon():
        length = len(page.text)
        for link in page.links:
            assert 0 <= link.start <= link.end <= length
        for start, end in page.raised:
            assert 0 <= start < end <= length
        sentences_hold(page.text)
        citations = find_citations(page)
        for citation in citations:
            for passage in (citation.passage, *citation.sentences):
                assert page.text[passage.start : passage.end] == passage.text
            assert citation.sentences
            for identifier in citation.identifiers:
                assert parse_identifier(str(identifier)).value == identifier.value
            assert citation.year is None or 1900 <= citation.year <= 2100
        other_links(page, citations)
    return len(citations)


def text_holds(text: str, kind: PageKind | None = None) -> int:
    """As `page_holds`, for text still to be made a page of."""
    with soon():
        page = page_of_text(text, kind=kind, source="https://clinic.example/page")
    return page_holds(page)


def page_bytes_hold(content: bytes, name: str = "page.html") -> int:
    """As `page_holds`, for the bytes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        with soon():
            try:
                page = open_page(str(path))
            except KetalitError as error:
                _is_told(error)
                return 0
    return page_holds(page)


def identifier_holds(text: str) -> None:
    """An identifier out of any text is stable, or the text is refused; a link has one or none."""
    with soon():
        assert text.startswith(trim_doi(text))
        found = identifier_in_link(text)
        assert found is None or parse_identifier(str(found)).value == found.value
        try:
            parsed = parse_identifier(text)
        except InputError as error:
            _is_told(error)
        else:
            assert parse_identifier(str(parsed)) == parse_identifier(parsed.url).__class__(parsed.kind, parsed.value)


def audit_holds(text: str) -> None:
    """Statements of an audit stand where they say."""
    review = _review()
    with soon():
        found = audit(page_of_text(text), review)
        for statement in found.statements:
            assert found.page.text[statement.start : statement.end] == statement.text


@cache
def _review():
    return load_review()


def votes_hold(content: bytes) -> None:
    """A CSV file of a review gives rows, problems or a KetalitError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "votes.csv")
        path.write_bytes(content)
        with soon(), contextlib.suppress(KetalitError):
            problems = []
            for line, _ in read_rows(path, Vote, problems):
                assert line >= 1
            assert all(str(problem) for problem in problems)


def archive_holds(content: bytes) -> None:
    """Unpacking gives a folder of plain files inside itself, or a KetalitError and nothing at all."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "a.tar.gz")
        archive.write_bytes(content)
        try:
            with soon():
                unpack(archive, Path(folder, "out"))
        except KetalitError as error:
            _is_told(error)
            assert [path.name for path in Path(folder).iterdir()] == ["a.tar.gz"]
        else:
            assert sorted(path.name for path in Path(folder).iterdir()) == ["a.tar.gz", "out"]
            assert not [path for path in Path(folder, "out").rglob("*") if path.is_symlink()]


def _is_told(error: KetalitError) -> None:
    """A sentence for people: not empty, not endless, not the words of a Python exception."""
    said = str(error)
    assert 5 < len(said) < 2000, said[:200]
    assert "Traceback" not in said
    assert "object at 0x" not in said
