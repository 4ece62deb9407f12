"""What holds of any input at all: a result or a KetalitError, soon, and every offset points at its text.

The functions raise AssertionError where it does not hold, and let every other exception through: each is a finding.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from ketalit.audit import audit
from ketalit.checks import check_review
from ketalit.citations import find_citations, other_links
from ketalit.claims import checked_claims
from ketalit.errors import InputError, KetalitError
from ketalit.extraction import load_entries
from ketalit.freeze import freeze, verify
from ketalit.identifiers import identifier_in_link, parse_identifier, trim_doi
from ketalit.library.archive import unpack
from ketalit.mapping import evidence_map
from ketalit.page import Page, PageKind, open_page, page_of_text
from ketalit.prisma import prisma_of, prisma_svg, read_entered, read_sources
from ketalit.records.files import READERS, read_bytes
from ketalit.records.model import Record, from_json, to_json
from ketalit.records.pieces import cut_file, joined
from ketalit.records.text import canonical_text
from ketalit.review import load_review, read_review
from ketalit.rows import read_rows
from ketalit.scan.terms import Query, Raw
from ketalit.screening import load_rulings, load_votes
from ketalit.screening.votes import Vote
from ketalit.sentences import split_sentences
from ketalit.strategy import lines_of
from ketalit.synthesis import summary
from ketalit.table import evidence_table
from ketalit.table.selection import Column, holds, order, parse_conditions
from tests.reading.test_reader import promises

SECONDS = 5.0  # of processor time, for an input below 100 kB
REVIEW_FILES = (
    *("review.toml", "records.jsonl", "screening.csv", "extraction.csv", "effects.csv", "claims.csv", "rob.csv"),
    *("summary.csv", "duplicates.csv", "adjudication.csv", "votes/AB.csv", "votes/CD.csv", "extraction/AB.csv"),
)
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
        try:
            page = page_of_text(text, kind=kind, source="https://clinic.example/page")
        except KetalitError as error:
            _is_told(error)
            return 0
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
    with soon(), contextlib.suppress(KetalitError):
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


def review_holds(content: bytes) -> None:
    """A folder with these files (see `material.reviews`) can be checked, and shown where nothing fatal is found."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "review")
        for part in re.split(rb"(?m)^==== ", content)[1:]:
            name, _, body = part.partition(b"\n")
            if name.decode("ascii", "replace") in REVIEW_FILES:
                path = folder / name.decode()
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
        with soon():
            try:
                _, problems = read_review(folder)
                assert all(map(str, problems))
                review = load_review(folder)
            except KetalitError as error:
                _is_told(error)
                return
        with soon():
            json.loads(evidence_table(review, view="full", screened="all").to_json())
            check_review(review)
            for holds in (checked_claims, summary, evidence_map):
                with contextlib.suppress(KetalitError):
                    holds(review)
        if hashlib.sha256(content).digest()[0] < 16:  # it takes longest
            with soon(), contextlib.suppress(KetalitError):
                made = freeze(folder, to=Path(place, "frozen"), date="2026-11-22")
                assert verify(made.path).ok
                assert sorted(path.name for path in Path(place).iterdir()) == ["frozen", "review"]
        with soon(), contextlib.suppress(KetalitError):
            votes = load_votes(folder, review)
            rulings = load_rulings(folder, review)
            load_entries(folder, review)
            prisma_svg(prisma_of(review, votes, rulings, read_sources(folder), read_entered(folder)))


def query_holds(text: str) -> None:
    """What is typed by hand, held by each of its readers: conditions, keys to sort by, searches, codes of settings."""
    columns = {"n_total": Column("n_total", number=True), "design": Column("design", choices=("crossover RCT",))}
    frame = pd.DataFrame({"n_total": pd.array([9, None], dtype="Int64"), "design": ["crossover RCT", ""]})
    panel = _panel()
    record = Record(source="pubmed", pmid="1", title="Ketamine in chronic pain")
    for reads in (
        lambda: [holds(one, frame, frame.astype("string")) for one in parse_conditions(text, columns)],
        lambda: order(frame, text, columns),
        lambda: lines_of(text),
        lambda: (Query(text).keeps(record), Query(text).unjudged, Query(text).may_keep(Raw(b"<a>ketamine</a>"))),
        lambda: panel.restore(text),
        lambda: panel.restore(f"{panel.name}~{text}"),
    ):
        with soon():
            try:
                reads()
            except KetalitError as error:
                _is_told(error, most=2000 + 2 * len(text))  # it may be said again


@cache
def _panel():
    from ketalit.lessons.gate.voltage import MagnesiumGate

    return MagnesiumGate()


def _is_told(error: KetalitError, most: int = 2000) -> None:
    """A sentence for people: not empty, not endless, not the words of a Python exception."""
    said = str(error)
    assert 5 < len(said) < most, said[:200]
    assert "Traceback" not in said
    assert "object at 0x" not in said
