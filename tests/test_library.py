"""The library keeps bytes; a review shows what is in them."""

import sqlite3

import pytest

from ketalit.errors import InputError
from ketalit.intake import bring_in
from ketalit.library import FILE, Answer, add, answers
from ketalit.review import load_review, new_review
from ketalit.table import evidence_table

NBIB = """PMID- 19604642
TI  - Ketamine produces effective and long-term pain relief in patients with Complex
      Regional Pain Syndrome Type 1.
AB  - METHODS: Synthetic text. Sixty patients were randomised to ketamine or placebo.
PT  - Randomized Controlled Trial

PMID- 101
TI  - A synthetic trial of ketamine in sciatica.
AB  - METHODS: Thirty patients with sciatica were randomised to intravenous ketamine 0.5 mg/kg or saline.
"""


@pytest.fixture
def review(tmp_path):
    return new_review(tmp_path / "review")


@pytest.fixture
def nbib(tmp_path):
    path = tmp_path / "export.nbib"
    path.write_text(NBIB, encoding="utf-8")
    return path


def test_imported_records_join_the_review(review, nbib):
    intake = bring_in(review, [nbib])
    assert (intake.records, intake.new, intake.problems) == (2, 1, ())
    loaded = load_review(review)
    assert loaded.records["sigtermans2009"].source == "medline"
    assert loaded.records["PMID:101"].abstract


def test_the_same_file_twice_changes_nothing(review, nbib):
    bring_in(review, [nbib])
    assert bring_in(review, [nbib]).new == 0
    assert len(list(answers(review / FILE))) == 1


def test_the_table_then_reads_them_and_the_checked_value_still_wins(review, nbib):
    bring_in(review, [nbib])
    table = evidence_table(load_review(review), screened="all", view="full")
    read = table.winners()["PMID:101", "n_total"]
    assert (read.value, read.origin) == (30, "reader")
    assert "Thirty patients" in read.quote
    rows = table.candidates()["sigtermans2009", "n_total"]
    assert [row.origin for row in rows][:1] == ["curated"]
    assert "reader" in {row.origin for row in rows}


def test_a_file_that_holds_nothing_leaves_no_library(review, nbib, tmp_path):
    page = tmp_path / "error.xml"
    page.write_text("<html><head><title>Blocked</title></head></html>")
    with pytest.raises(InputError, match="web page"):
        bring_in(review, [nbib, page])
    assert not (review / FILE).exists()


def test_changed_bytes_are_refused_by_name(tmp_path):
    path = tmp_path / FILE
    add(path, [Answer(b"all of it", "set.xml", "2026-11-22")])
    with sqlite3.connect(path) as database:
        database.execute("UPDATE answer SET bytes = x'00'")
    database.close()
    with pytest.raises(InputError, match=r"set\.xml.*no longer those"):
        list(answers(path))


def test_a_library_of_a_newer_ketalit_is_refused(tmp_path):
    path = tmp_path / FILE
    add(path, [])
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(InputError, match="newer ketalit"):
        list(answers(path))


def test_what_is_no_library_is_refused(tmp_path):
    path = tmp_path / FILE
    path.write_text("not a database, and long enough to be looked at" * 100)
    with pytest.raises(InputError, match="cannot be used as a library"):
        list(answers(path))
