"""What is kept is the very thing that was kept, or nothing; whatever happens to the file, no command fails."""

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from ketalit.library import FILE, Cache, Library, Raw, RunKind, State
from ketalit.library import cache as module
from ketalit.review import load_review, new_review
from ketalit.table import evidence_table

SIZE = 150  # more than is read without a cache


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("KETALIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def article(number: int, people: int) -> bytes:
    """A synthetic record."""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}</PMID><Article>'
        f"<Journal><Title>Journal of Invented Trials</Title></Journal><ArticleTitle>Trial {number}</ArticleTitle>"
        f"<Abstract><AbstractText>{people} patients were randomised to ketamine or placebo.</AbstractText></Abstract>"
        "</Article></MedlineCitation></PubmedArticle>"
    ).encode()


def fill(review: Path, people: int, ids: range) -> None:
    raws = [Raw(f"PMID:{number}", "PubMed XML", article(number, people)) for number in ids]
    with Library.open(review / FILE, write=True) as library:
        run = library.begin(RunKind.FETCH)
        library.store(run, raws, {raw.id: (State.RETURNED, "") for raw in raws})
        library.finish(run)


@pytest.fixture
def review(tmp_path) -> Path:
    made = new_review(tmp_path / "review", empty=True)
    fill(made, 40, range(1, SIZE + 1))
    return made


def table(review: Path):
    found = evidence_table(load_review(review), screened="all", sort=None)
    return found.frame["n_total"].tolist(), found.cells.astype("object").to_csv()


def kept_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("read-*.sqlite"))


def test_a_kept_review_is_the_review_that_was_read(review, folder):
    first, cells = load_review(review), table(review)
    assert len(kept_files(folder)) == 1
    assert load_review(review) == first
    assert table(review) == cells


def test_it_is_read_out_of_the_cache_at_all(review, folder, monkeypatch):
    load_review(review)
    monkeypatch.setattr("ketalit.records.pieces._batch", lambda *_: pytest.fail("read again"))
    assert len(load_review(review).records) == SIZE


def test_changed_bytes_are_read_anew(review):
    assert set(table(review)[0]) == {40}
    fill(review, 60, range(1, 11))
    assert table(review)[0] == [60] * 10 + [40] * (SIZE - 10)


def test_other_drugs_are_other_findings(review):
    assert set(evidence_table(load_review(review), screened="all").frame["drug_form"].isna()) == {True}
    before = table(review)[1]
    settings = review / "review.toml"
    settings.write_text(settings.read_text().replace('["ketamine", "esketamine"]', '["lidocaine"]'))
    assert table(review)[1] != before


def test_a_small_review_leaves_nothing_behind(tmp_path, folder):
    small = new_review(tmp_path / "small", empty=True)
    fill(small, 40, range(1, 20))
    table(small)
    assert not folder.exists()


@pytest.mark.parametrize("damage", ["cut", "garbage", "value", "folder is a file"])
def test_a_damaged_cache_is_as_none(review, folder, damage):
    whole = table(review)
    [file] = kept_files(folder)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "garbage":
        file.write_bytes(b"no database" * 1000)
    elif damage == "value":
        with sqlite3.connect(file) as database:
            database.execute("UPDATE kept SET value = x'00' || substr(value, 2)")
        database.close()
    else:
        file.unlink()
        file.parent.rmdir()
        file.parent.write_text("")
    assert table(review) == whole
    assert table(review) == whole  # and again, after it was begun anew


def test_another_version_finds_nothing_of_this_one(review, folder, monkeypatch):
    load_review(review)
    monkeypatch.setattr(module, "fingerprint", lambda: "another")
    with Cache() as cache:
        assert cache.get(b"key") is None
    assert len(kept_files(folder)) == 2


def test_a_process_older_than_its_files_keeps_nothing(review, folder, monkeypatch):
    monkeypatch.setattr(module, "changed_since_start", lambda: True)
    assert len(load_review(review).records) == SIZE
    assert not folder.exists()


def test_a_file_that_has_grown_too_large_is_begun_anew(folder, monkeypatch):
    with Cache() as cache:
        cache.add({b"a": b"1"})
    monkeypatch.setattr(module, "LARGEST", 1)
    with Cache() as cache:
        assert cache.get(b"a") is None


def test_one_that_writes_does_not_keep_another_waiting_for_long(folder, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    with Cache() as cache:
        cache.add({b"a": b"1"})
        other = sqlite3.connect(kept_files(folder)[0], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        cache.add({b"b": b"2"})
        assert cache.get(b"a") == b"1"
        other.execute("ROLLBACK")
        other.close()
        assert cache.get(b"b") is None


def _add(start: int) -> None:
    for number in range(start, start + 50):
        with Cache() as cache:
            cache.add({b"%d" % number: b"value %d" % number})


def test_two_processes_keep_side_by_side(folder):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add, args=(start,)) for start in (0, 25)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    with Cache() as cache:
        assert [cache.get(b"%d" % number) for number in range(75)] == [b"value %d" % number for number in range(75)]
