"""Whole files to Parquet: the same values as everywhere, revisions and withdrawals, damage, resuming."""

from __future__ import annotations

import csv
import gzip
import hashlib
import itertools
import json
import os
import random
import re
import zlib
from pathlib import Path

import pytest

from ketalit.errors import InputError
from ketalit.reading import read_record
from ketalit.records import cutting
from ketalit.records.files import read_file
from ketalit.records.model import from_json
from ketalit.records.text import canonical_text
from ketalit.scan import Wanted, done, one, run
from ketalit.scan.columns import TABLES
from tests.records.synthetic import article, pubmed_set

from .conftest import body, title, trial, withdrawn


def test_records_and_findings_are_those_of_the_rest_of_the_package(baseline):
    path = baseline.put(1, trial(1001, people=60), article("1002"))
    report = baseline.scan()
    assert (report.seen, report.kept, report.current, report.complete) == (2, 2, 2, True)
    records = read_file(path).records
    assert [from_json(row["record"]) for row in baseline.current()] == list(records)
    first = baseline.current()[0]
    assert first["text"] == canonical_text(records[0]).text
    read = {finding.field: finding for finding in read_record(records[0])}
    assert first["n_total"] == read["n_total"].value == 60
    assert first["design"] == read["design"].value
    rows = [row for row in baseline.current("findings") if row["pmid"] == 1001 and row["field"] == "n_total"]
    (winner,) = [row for row in rows if row["winner"]]
    assert (winner["quote"], winner["rule"]) == (read["n_total"].quote, read["n_total"].rule)
    assert winner["quote"]
    assert all(
        first["text"][row["start"] : row["end"]] == row["quote"]
        for row in baseline.current("findings")
        if row["quote"] and row["pmid"] == 1001
    )
    unread = [row for row in baseline.current("findings") if row["pmid"] == 1002 and row["field"] == "dose"]
    assert unread[0]["missing"] == "not checked"  # without an abstract nobody could look


def test_columns_are_described_in_the_files_and_beside_them(baseline):
    import pyarrow.parquet

    baseline.put(1, trial(1001))
    baseline.scan()
    schema = pyarrow.parquet.read_schema(baseline.out / "current" / "records.parquet")
    assert schema.names == [one.name for one in TABLES["records"]]
    assert all(schema.field(name).metadata[b"description"] for name in schema.names)
    assert schema.field("dose_mg_per_kg").metadata[b"unit"] == b"mg/kg"
    assert str(schema.field("n_total").type) == "int64"
    assert str(schema.field("randomised").type) == "bool"
    rows = list(csv.DictReader((baseline.out / "columns.csv").read_text(encoding="utf-8").splitlines()))
    assert {(row["table"], row["column"]) for row in rows} == {
        (table, one.name) for table, columns in TABLES.items() for one in columns
    }
    manifest = json.loads((baseline.out / "manifest.json").read_bytes())
    assert manifest["files"][0]["seen"] == 1
    assert {"ketalit", "pyarrow", "python"} <= set(manifest["versions"])
    assert "1 file with 1 record. Kept: 1." in (baseline.out / "README.md").read_text(encoding="utf-8")


# --- which records ---------------------------------------------------------------------------------------------------


def test_conditions_on_records_and_on_what_was_read(baseline):
    baseline.put(1, trial(1001, people=20), trial(1002, people=80), trial(1003, people=90, words="Propofol: a trial"))
    report = baseline.scan(Wanted(where=("n_total>=30 AND title~ketamine",)))
    assert [row["pmid"] for row in baseline.current()] == [1002]
    assert {row["pmid"] for row in baseline.current("findings")} == {1002}
    assert (report.seen, report.kept) == (3, 1)
    assert [row["pmid"] for row in baseline.rows("seen", 1)] == [1001, 1002, 1003]


def test_searches_of_a_review_say_by_which_a_record_was_kept(baseline):
    baseline.put(1, trial(1001), article("1002", title=title("Propofol")), article("1003", title=title("Esketamine")))
    wanted = Wanted(searches=(("k", "ketamine"), ("both", "ketamine OR esketamine")))
    baseline.scan(wanted)
    assert {row["pmid"]: row["searches"] for row in baseline.current()} == {1001: ["k", "both"], 1003: ["both"]}
    assert [row["position"] for row in baseline.current()] == [1, 3]


def test_an_unknown_field_is_told_before_anything_is_made(baseline):
    with pytest.raises(InputError, match="Did you mean “n_total”"):
        Wanted(where=("n_totl>3",))


def test_another_scan_s_folder_is_left_alone(baseline, tmp_path):
    baseline.put(1, trial(1001))
    baseline.scan()
    before = baseline.content()
    with pytest.raises(InputError, match=r"scan for other records \(other where\)"):
        baseline.scan(Wanted(where=("year>=2000",)))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no scan"):
        run.scan([baseline.files], tmp_path / "mine")
    assert baseline.content() == before


# --- revisions and withdrawals ---------------------------------------------------------------------------------------


def test_a_later_file_revises_and_withdraws(baseline):
    baseline.put(1, *(trial(pmid, people=10) for pmid in (1001, 1002, 1003)))
    baseline.put(2, trial(1001, people=20), withdrawn(1002))
    baseline.put(10, trial(1002, people=30), trial(1004, people=30), withdrawn(1003))
    baseline.scan()
    assert baseline.people() == {(1001, 1): 20, (1002, 1): 30, (1004, 1): 30}


def test_a_revision_that_no_longer_fits_takes_the_record_away(baseline):
    baseline.put(1, trial(1001), trial(1002))
    baseline.put(2, article("1001", title=title("Something else")))
    baseline.scan(Wanted(searches=(("k", "ketamine"),)))
    assert [row["pmid"] for row in baseline.current()] == [1002]


def test_versions_are_citations_of_their_own_and_the_newest_counts(baseline):
    baseline.put(1, trial(1001, people=10), trial(1001, people=20, version="2"), trial(1001, people=30, version="3"))
    baseline.scan()
    assert baseline.people() == {(1001, 3): 30}
    baseline.put(2, withdrawn(1001, version="3"))
    baseline.scan()
    assert baseline.people() == {(1001, 2): 20}


def test_within_a_file_the_later_record_counts(baseline):
    baseline.put(1, trial(1001, people=10), trial(1002), trial(1001, people=20))
    baseline.scan()
    assert baseline.people() == {(1002, 1): 40, (1001, 1): 20}


def test_a_damaged_revision_replaces_nothing_and_is_told(baseline):
    baseline.put(1, trial(1001, people=10))
    baseline.put(2, trial(1001, people=20).replace(b"</Journal>", b""), trial(1002, people=20))
    report = baseline.scan()
    assert baseline.people() == {(1001, 1): 10, (1002, 1): 20}
    assert report.lost == 1
    assert not report.complete
    assert "PMID 1001" in report.problems[0]


def test_a_damaged_record_beside_a_whole_one_of_its_pmid(baseline):
    baseline.put(1, trial(1001, people=10).replace(b"</Journal>", b""), trial(1001, people=20), trial(1002))
    baseline.put(2, trial(1002, people=20), trial(1002, people=30).replace(b"</Journal>", b""))
    assert baseline.scan().lost == 2
    assert baseline.people() == {(1001, 1): 20, (1002, 1): 20}


def test_the_order_in_which_files_are_finished_changes_nothing(baseline, tmp_path):
    """Against the plain meaning of the rule: apply the files one after another to a dictionary."""
    chance = random.Random(8)
    expected: dict[tuple[int, int], int] = {}
    paths = []
    for number in range(1, 7):
        records, gone = [], chance.sample(range(1, 30), 4)
        for pmid in chance.sample(range(1, 30), 12):
            version = chance.choice("1112")
            people = chance.randint(10, 400)
            records.append(trial(pmid, people=people, version=version))
            expected[pmid, int(version)] = people
        for pmid in gone:
            expected.pop((pmid, 1), None)
        paths.append(baseline.put(number, *records, withdrawn(*gone)))
    newest = {pmid: max(version for other, version in expected if other == pmid) for pmid, _ in expected}
    expected = {key: people for key, people in expected.items() if newest[key[0]] == key[1]}
    for order in ([0, 1, 2, 3, 4, 5], [5, 3, 1, 0, 4, 2]):
        baseline.out = tmp_path / f"out-{order[0]}"
        for at in order:
            baseline.scan(files=[paths[at]])
        assert baseline.people() == expected
    first, second = tmp_path / "out-0", tmp_path / "out-5"
    for name in ("current/records.parquet", "current/findings.parquet"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_numbers_too_large_for_the_array_are_kept_apart(baseline):
    huge = 9_999_999_999
    baseline.put(1, trial(huge, people=10), trial(1001, people=10))
    baseline.put(2, trial(huge, people=20))
    baseline.scan()
    assert baseline.people() == {(1001, 1): 10, (huge, 1): 20}


# --- damage ----------------------------------------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def garbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 20] = b"\0" * 20
    path.write_bytes(bytes(content))


def no_end(path: Path) -> None:
    path.write_bytes(gzip.compress(body(trial(1001), trial(1002)).replace(b"</PubmedArticleSet>", b"")))


def half_a_record(path: Path) -> None:
    path.write_bytes(gzip.compress(body(trial(1001), trial(1002))[:-400]))


def web_page(path: Path) -> None:
    path.write_bytes(b"<!DOCTYPE html><html><body>Service unavailable</body></html>")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def bomb(path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    with path.open("wb") as file:
        file.write(packer.compress(b"<PubmedArticleSet>"))
        for _ in range(300):
            file.write(packer.compress(b" " * 2**20))
        file.write(packer.flush())


def other_sum(path: Path) -> None:
    path.with_name(path.name + ".md5").write_text(f"MD5({path.name})= {'0' * 32}\n")


def no_sum(path: Path) -> None:
    path.with_name(path.name + ".md5").write_text("<html>not found</html>")


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (cut, "cut short or damaged"),
        (garbled, "damaged"),
        (no_end, "the set is not closed"),
        (half_a_record, "cut off"),
        (web_page, "web page|HTML"),
        (empty, "the file is empty"),
        (bomb, "unpacks to more than 100 times its size"),
        (other_sum, r"is not what pubmed25n0002\.xml\.gz\.md5 says"),
        (no_sum, "holds no checksum"),
    ],
)
def test_a_damaged_file_is_named_and_stops_no_other(baseline, harm, reason):
    words = random.Random(3)
    for number in (1, 2, 3):
        many = (trial(1000 * number + at, words=f"Ketamine {words.random()}") for at in range(30))
        path = baseline.put(number, *many)
        if number == 2:
            harm(path)
    report = baseline.scan()
    assert [failed.file for failed in report.failed] == ["pubmed25n0002.xml.gz"]
    assert re.search(reason, report.failed[0].reason)
    assert not report.complete
    assert report.scanned == ("pubmed25n0001.xml.gz", "pubmed25n0003.xml.gz")
    assert {row["file"] for row in baseline.current()} == {"pubmed25n0001", "pubmed25n0003"}
    assert not [name for name in baseline.content() if "0002" in name]
    assert not baseline.left_over()
    assert "pubmed25n0002" in (baseline.out / "README.md").read_text(encoding="utf-8")
    baseline.put(2, trial(2000))
    baseline.files.joinpath("pubmed25n0002.xml.gz.md5").unlink(missing_ok=True)
    healed = baseline.scan()
    assert healed.scanned == ("pubmed25n0002.xml.gz",)
    assert healed.complete
    assert "Not read" not in (baseline.out / "README.md").read_text(encoding="utf-8")


def test_a_bomb_is_not_unpacked(baseline, monkeypatch):
    bomb(baseline.files / "pubmed25n0001.xml.gz")
    monkeypatch.setattr(cutting, "_ROOM", 2**20)
    report = baseline.scan()
    assert "It was not read further" in report.failed[0].reason


def test_nlm_s_checksum_is_held_against_the_file(baseline):
    path = baseline.put(1, trial(1001))
    path.with_name(path.name + ".md5").write_text(f"MD5({path.name})= {hashlib.md5(path.read_bytes()).hexdigest()}\n")
    assert baseline.scan().complete
    assert done.read_mark(baseline.out, "pubmed25n0001").md5_checked


def test_a_folder_that_cannot_be_written_stops_the_scan(baseline, monkeypatch):
    baseline.put(1, trial(1001))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        baseline.scan()


def test_files_of_one_name_and_no_files(baseline, tmp_path):
    path = baseline.put(1, trial(1001))
    other = tmp_path / "other"
    other.mkdir()
    (other / path.name).write_bytes(path.read_bytes())
    with pytest.raises(InputError, match="to the same place"):
        baseline.scan(files=[path, other])
    with pytest.raises(InputError, match="no such file"):
        baseline.scan(files=[tmp_path / "nowhere.xml.gz"])
    assert not baseline.out.exists()


# --- again and on ----------------------------------------------------------------------------------------------------


def test_the_same_input_makes_the_same_bytes(baseline, tmp_path):
    for number in (1, 2):
        baseline.put(number, trial(1000 + number), withdrawn(7))
    baseline.scan()
    first = baseline.content()
    baseline.out = tmp_path / "again"
    baseline.scan()
    assert baseline.content() == first


def test_what_is_done_is_passed_over_and_what_changed_is_done_again(baseline):
    baseline.put(1, trial(1001, people=10))
    path = baseline.put(2, trial(1002, people=10))
    baseline.scan()
    before = {str(one): one.stat().st_mtime_ns for one in baseline.out.rglob("*") if one.is_file()}
    again = baseline.scan()
    assert again.scanned == ()
    assert again.up_to_date == ("pubmed25n0001.xml.gz", "pubmed25n0002.xml.gz")
    assert {str(one): one.stat().st_mtime_ns for one in baseline.out.rglob("*") if one.is_file()} == before
    os.utime(path, ns=(1, 1))  # copied anew, the same inside
    assert baseline.scan().scanned == ()
    baseline.put(2, trial(1002, people=25))
    assert baseline.scan().scanned == ("pubmed25n0002.xml.gz",)
    assert baseline.people() == {(1001, 1): 10, (1002, 1): 25}


@pytest.mark.parametrize("part", ["records", "findings", "seen", "done"])
def test_what_is_gone_or_cut_short_is_done_again(baseline, part):
    baseline.put(1, trial(1001))
    baseline.scan()
    before = baseline.content()
    (path,) = (baseline.out / part).iterdir()
    path.write_bytes(path.read_bytes()[:-7])
    assert baseline.scan().scanned == ("pubmed25n0001.xml.gz",)
    assert baseline.content() == before


@pytest.mark.parametrize("content", [b'{"name":"\xff"}', b'{"a":' + b"[" * 100_000, b"null"])
def test_a_mark_that_cannot_be_read_is_none(baseline, content):
    baseline.put(1, trial(1001))
    baseline.scan()
    before = baseline.content()
    next((baseline.out / "done").iterdir()).write_bytes(content)
    assert baseline.scan().scanned == ("pubmed25n0001.xml.gz",)
    assert baseline.content() == before
    (baseline.out / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        baseline.scan()


def test_a_changed_file_that_turns_out_damaged_leaves_what_was_there(baseline):
    path = baseline.put(1, trial(1001, people=10))
    baseline.scan()
    baseline.put(1, trial(1001, people=20))
    cut(path)
    assert len(baseline.scan().failed) == 1
    assert baseline.people() == {(1001, 1): 10}


@pytest.mark.parametrize("step", range(7))
def test_an_interruption_at_any_moment_leaves_whole_files_only(baseline, monkeypatch, step):
    """Ctrl-C at every write and rename: what has a mark is whole, and going on gives what was wanted."""
    baseline.put(1, trial(1001, people=10))
    baseline.scan()
    baseline.put(1, trial(1001, people=20))
    count = itertools.count()

    def interrupted(act):
        def acting(self, *arguments, **options):
            if next(count) == step:
                raise KeyboardInterrupt
            return act(self, *arguments, **options)

        return acting

    for name in ("close", "commit"):
        monkeypatch.setattr(one.Writer, name, interrupted(getattr(one.Writer, name)))
    write_mark = one.write_mark
    monkeypatch.setattr(one, "write_mark", lambda *them: interrupted(lambda _: write_mark(*them))(None))
    with pytest.raises(KeyboardInterrupt):
        baseline.scan()
    monkeypatch.undo()
    assert not baseline.left_over()
    marked = done.read_mark(baseline.out, "pubmed25n0001")
    assert marked is None or baseline.rows("records", 1)[0]["n_total"] == 10
    assert baseline.people() == {(1001, 1): 10}  # what counted before is still there
    baseline.scan()
    assert baseline.people() == {(1001, 1): 20}


def test_a_file_without_what_is_wanted_is_done_all_the_same(baseline):
    baseline.put(1, article("1001", title=title("Propofol")))
    report = baseline.scan(Wanted(searches=(("k", "ketamine"),)))
    assert report.complete
    assert (report.seen, report.kept, report.current) == (1, 0, 0)
    assert not report.problems
    assert baseline.current() == []


def test_plain_xml_and_another_encoding(baseline):
    records = pubmed_set(article("1001", title=title("Kétamine, pain")))
    (baseline.files / "a.xml").write_bytes(records.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    (baseline.files / "b.xml").write_bytes(records.replace(b"1001", b"1002"))
    baseline.scan(Wanted(searches=(("k", "kétamine AND pain"),)))
    assert [row["title"] for row in baseline.current()] == ["Kétamine, pain"] * 2


def test_progress_tells_files_records_and_rate(baseline):
    for number in (1, 2):
        baseline.put(number, trial(1000 + number))
    told: list[str] = []
    baseline.scan(say=told.append)
    assert told[0].startswith("1 of 2 files, 1 records, ")
    assert "records/s" in told[0]
    assert "to go" in told[0]
