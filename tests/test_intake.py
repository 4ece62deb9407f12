"""Files of records are brought into the library of a review, entry by entry, and joined with what is there."""

import gzip
import os
import sqlite3
import subprocess
import sys

import pytest

from ketalit.duplicates import undo
from ketalit.errors import InputError
from ketalit.intake import bring_in
from ketalit.library import FILE, Library, RunKind
from ketalit.records.files import read_bytes
from ketalit.review import DUPLICATES, Likeness, load_review, new_review
from ketalit.table import evidence_table
from ketalit.vocabulary import Status

from .records.synthetic import article, jats, pubmed_set

NBIB = """PMID- 19604642
TI  - Ketamine produces effective and long-term pain relief in patients with Complex
      Regional Pain Syndrome Type 1.
AB  - METHODS: Synthetic text. Sixty patients were randomised to ketamine or placebo.
PT  - Randomized Controlled Trial

PMID- 101
TI  - A synthetic trial of ketamine in sciatica.
AB  - METHODS: Thirty patients with sciatica were randomised to intravenous ketamine 0.5 mg/kg or saline.
"""
TITLE = "A synthetic trial of ketamine in sciatica"
SCOPUS = f"""TY  - JOUR
TI  - {TITLE}
AU  - Synth, A.
PY  - 2009
SP  - 1
EP  - 9
AB  - An invented abstract.
ER  -

TY  - JOUR
TI  - Another invented title of some length
AU  - Other, B.
PY  - 2010
DO  - 10.1000/other
ER  -
"""
EMBASE = f"""Title,Author names,Publication year,First page,Volume,DOI
{TITLE.upper()},Synth A.,2009,1,7,10.1000/synth
Another invented title of some length.,Other B.,2010,,,10.1000/OTHER
A third thing that nobody else has,Third C.,2011,,,
"""


@pytest.fixture
def review(tmp_path):
    return new_review(tmp_path / "review")


@pytest.fixture
def empty(tmp_path):
    return new_review(tmp_path / "empty", empty=True)


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def nbib(file):
    return file("export.nbib", NBIB)


def contents(folder):
    with Library.open(folder / FILE) as library:
        return list(library.contents(current=False))


def test_imported_records_join_the_review(review, nbib):
    intake = bring_in(review, [nbib])
    assert (intake.records, intake.new, intake.here, intake.problems) == (2, 1, 1, ())
    loaded = load_review(review)
    assert loaded.records["sigtermans2009"].source == "medline"
    assert loaded.records["PMID:101"].abstract
    assert str(intake) == "2 records: 1 new, 1 here already."


def test_every_record_is_stored_by_itself_under_the_name_of_its_file(empty, file, nbib):
    bring_in(empty, [nbib, file("scopus.ris", SCOPUS), file("embase.csv", EMBASE)])
    stored = contents(empty)
    assert [(item.id, item.source, item.file) for item in stored[:2]] == [
        ("PMID:19604642", "MEDLINE text", "export.nbib"),
        ("PMID:101", "MEDLINE text", "export.nbib"),
    ]
    assert [item.file for item in stored[2:]] == ["scopus.ris"] * 2 + ["embase.csv"] * 3
    assert stored[3].id == "DOI:10.1000/other"
    assert stored[3].content.decode() == SCOPUS[SCOPUS.index("TY", 9) :].rstrip("\n") + "\n"
    with Library.open(empty / FILE) as library:
        [run] = library.runs()
    assert (run.kind, bool(run.finished)) == (RunKind.IMPORT, True)


def test_the_same_file_twice_changes_nothing(empty, file):
    files = [file("scopus.ris", SCOPUS), file("embase.csv", EMBASE)]
    bring_in(empty, files)
    before = contents(empty), (empty / DUPLICATES).read_bytes(), (empty / FILE).read_bytes()
    again = bring_in(empty, files)
    assert (again.new, again.here, again.duplicates, again.run) == (0, 5, (), 0)
    assert before == (contents(empty), (empty / DUPLICATES).read_bytes(), (empty / FILE).read_bytes())


def test_the_table_then_reads_them_and_the_checked_value_still_wins(review, nbib):
    bring_in(review, [nbib])
    table = evidence_table(load_review(review), screened="all", view="full")
    read = table.winners()["PMID:101", "n_total"]
    assert (read.value, read.origin) == (30, "reader")
    assert "Thirty patients" in read.quote
    rows = table.candidates()["sigtermans2009", "n_total"]
    assert [row.origin for row in rows][:1] == ["curated"]
    assert "reader" in {row.origin for row in rows}


def test_a_file_that_holds_nothing_leaves_no_library(review, nbib, file):
    page = file("error.xml", "<html><head><title>Blocked</title></head></html>")
    with pytest.raises(InputError, match="web page"):
        bring_in(review, [nbib, page])
    assert not (review / FILE).exists()
    assert not (review / DUPLICATES).exists()


def test_what_cannot_be_read_is_told_and_the_rest_is_stored(empty, file):
    broken = pubmed_set(article(), article("<PMID>1002</PMID><Broken").replace(b"1001", b"1002", 1))
    intake = bring_in(empty, [file("set.xml", broken)])
    assert not intake.complete
    assert [item.id for item in contents(empty)] == ["PMID:1001"]


@pytest.mark.parametrize(
    ("name", "content", "ids"),
    [
        ("a.nbib", NBIB[:-20], ["PMID:19604642", "PMID:101"]),  # in the middle of an abstract
        ("a.ris", SCOPUS[: SCOPUS.index("PY  - 2010")], None),
        ("a.ris", SCOPUS[: SCOPUS.index("DO  - ") + 14], None),
        ("a.ris", SCOPUS[: SCOPUS.index("invented abstract")], None),  # of the only entry
        ("a.csv", EMBASE[: EMBASE.index(",2011") + 3], None),
    ],
)
def test_a_file_that_is_cut_off_keeps_its_records_and_is_not_complete(empty, file, ketalit, name, content, ids):
    code, out, err = ketalit("import", file(name, content), "-r", empty)
    assert code == 4
    assert "cut off" in err
    kept = [item.id for item in contents(empty)]
    assert f"{len(kept)} record" in out
    assert kept == ids if ids else kept


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.nbib", NBIB),
        ("a.nbib", NBIB.replace("\n", "\r\n")),
        ("a.ris", SCOPUS.rstrip()),  # saved without the last line feed
        ("a.csv", EMBASE.rstrip()[:-3] + ",,,"),
        ("a.csv", EMBASE.encode("utf-16")),
        ("a.nbib.gz", gzip.compress(NBIB.encode())),
    ],
)
def test_a_whole_file_is_not_taken_for_one_that_is_cut_off(empty, file, name, content):
    assert bring_in(empty, [file(name, content)]).complete


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_xml_in_any_encoding_is_kept_in_utf8_and_reads_the_same(empty, file, encoding):
    xml = f'<?xml version="1.0" encoding="{encoding}"?>' + pubmed_set(article()).decode().split("?>", 1)[-1]
    xml = xml.replace("Synthetic", "Synthétique")
    path = file("set.xml", xml.encode(encoding))
    intake = bring_in(empty, [path])
    wanted = read_bytes(path.read_bytes(), "set.xml").records[0]
    found = load_review(empty).records[wanted.id]
    assert intake.new == 1
    assert found.title == wanted.title
    assert b"Synth\xc3\xa9tique" in contents(empty)[0].content


def test_full_text_and_citation_of_one_work_become_one_record(empty, file):
    bring_in(empty, [file("set.xml", pubmed_set(article())), file("full.xml", jats("<p>Words of the body.</p>"))])
    records = load_review(empty).records
    [record] = records.values()
    assert record.source == "pubmed"
    assert record.full_text is not None
    assert record.full_text.paragraphs[0].text == "Words of the body."
    assert not (empty / DUPLICATES).exists()


def test_records_without_a_common_identifier_are_merged_with_a_reason(empty, file):
    bring_in(empty, [file("scopus.ris", SCOPUS)])
    intake = bring_in(empty, [file("embase.csv", EMBASE)])
    [line] = intake.duplicates
    assert (line.record, line.decision) == ("DOI:10.1000/synth", Likeness.SAME)
    assert line.reason == "same title, same first author, same pages"
    assert line.same_as.startswith("synth2009-")
    assert (intake.records, intake.new, intake.here) == (3, 1, 1)
    loaded = load_review(empty)
    assert len(loaded.records) == 3
    merged = loaded.records["DOI:10.1000/synth"]
    assert (merged.volume, merged.abstract[0].text) == ("7", "An invented abstract.")
    assert loaded.find(line.same_as) is merged
    assert merged.status is Status.NOT_CHECKED
    assert loaded.duplicates[0].when


def test_rows_that_name_a_merged_record_still_hold(empty, file):
    bring_in(empty, [file("scopus.ris", SCOPUS)])
    key = next(name for name in load_review(empty).records if name.startswith("synth2009-"))
    with (empty / "screening.csv").open("a", encoding="utf-8") as rows:
        rows.write(f"{key},include,,,me,2026-11-22,\n")
    bring_in(empty, [file("embase.csv", EMBASE)])
    pubmed = article().replace(b"Synthetic trial", TITLE.encode())
    bring_in(empty, [file("set.xml", pubmed_set(pubmed))])
    loaded = load_review(empty)
    assert loaded.screening[0].record in loaded.records


def test_an_undone_merging_stays_undone(empty, file):
    files = [file("scopus.ris", SCOPUS), file("embase.csv", EMBASE)]
    [line] = bring_in(empty, files).duplicates
    undo(empty, line.record, who="me", when="2026-11-23")
    assert len(load_review(empty).records) == 4
    more = file("again.csv", EMBASE)
    assert not bring_in(empty, [more]).duplicates
    assert len(load_review(empty).records) == 4
    [row] = load_review(empty).duplicates
    assert (row.decision, row.who, row.reason) == (Likeness.DIFFERENT, "me", line.reason)


def test_one_identifier_is_one_work_and_that_too_can_be_undone(empty, file):
    bring_in(empty, [file("scopus.ris", SCOPUS)])
    ids = b'<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/OTHER</ArticleId></ArticleIdList></PubmedData>'
    pubmed = article().replace(b"<PubmedData></PubmedData>", ids)
    intake = bring_in(empty, [file("set.xml", pubmed_set(pubmed))])
    assert "PMID:1001" in load_review(empty).records
    [line] = [line for line in intake.duplicates if line.record == "DOI:10.1000/other"]
    assert (line.same_as, line.reason) == ("PMID:1001", "same DOI 10.1000/other")
    assert "DOI:10.1000/other" not in load_review(empty).records
    undo(empty, "DOI:10.1000/other")
    assert {"PMID:1001", "DOI:10.1000/other"} <= set(load_review(empty).records)


def test_two_exports_of_one_work_keep_what_each_has(empty, file):
    one = "Title,DOI,Year,Abstract\nAn invented title,10.1000/x,2009,Only here.\n"
    two = "Title,DOI,Year,Volume\nAn invented title,10.1000/X,2009,7\n"
    assert bring_in(empty, [file("one.csv", one), file("two.csv", two)]).new == 1
    [record] = load_review(empty).records.values()
    assert (record.volume, record.abstract[0].text) == ("7", "Only here.")


def test_two_rows_of_one_work_in_one_file_keep_what_each_has(empty, file):
    rows = "Title,DOI,Year,Volume,Abstract\nAn invented title,10.1000/x,2009,7,\n,10.1000/X,,,Only here.\n"
    intake = bring_in(empty, [file("one.csv", rows)])
    assert (intake.records, intake.new) == (2, 1)
    [record] = load_review(empty).records.values()
    assert (record.volume, record.abstract[0].text) == ("7", "Only here.")


def test_files_of_one_name_are_told_apart(empty, tmp_path):
    paths = []
    for name, text in (("scopus", SCOPUS), ("other", "TY  - JOUR\nTI  - A title of its own\nER  - \n")):
        (tmp_path / name).mkdir()
        paths.append(tmp_path / name / "export.ris")
        paths[-1].write_text(text)
    assert bring_in(empty, paths).records == 3
    assert {item.file for item in contents(empty)} == {"scopus/export.ris", "other/export.ris"}


def test_duplicates_are_found_though_an_import_was_killed_before_it_looked(empty, file):
    bring_in(empty, [file("scopus.ris", SCOPUS)])
    path = file("embase.csv", EMBASE)
    code = (
        "import os, sys, pathlib, ketalit.intake as intake\n"
        "intake.record_decisions = lambda *_: os._exit(9)\n"
        "intake.bring_in(pathlib.Path(sys.argv[1]), [pathlib.Path(sys.argv[2])])\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(empty), str(path)], check=False, env=os.environ)
    assert killed.returncode == 9
    assert len(load_review(empty).records) == 4
    assert len(bring_in(empty, [path]).duplicates) == 1
    assert len(load_review(empty).records) == 3


def test_a_damaged_record_is_named(empty, file, nbib):
    bring_in(empty, [nbib])
    with sqlite3.connect(empty / FILE) as database:
        database.execute("UPDATE content SET bytes = x'00'")
    database.close()
    with pytest.raises(InputError, match=r"PMID:19604642.*no longer.*library check"):
        load_review(empty)


CENTRAL = """TY  - JOUR
TI  - Another invented title of some length
DO  - 10.1000/other
AB  - One line.
ER  -
"""
WHOLE = """TY  - JOUR
TI  - Another invented title of some length
DO  - 10.1000/other
AB  - Twenty invented patients had ketamine 0.5 mg/kg over two hours, or saline.
ER  -
"""


@pytest.mark.parametrize("order", [("whole", "central"), ("central", "whole")])
def test_the_longer_abstract_of_two_exports_counts_whichever_came_last(review, tmp_path, order):
    for name, text in (("whole", WHOLE), ("central", CENTRAL)):
        (tmp_path / f"{name}.ris").write_text(text, encoding="utf-8")
    done = bring_in(review, [tmp_path / f"{name}.ris" for name in order])
    assert str(done) == "2 records: 1 new, 1 a second time in these files."
    record = load_review(review).records["DOI:10.1000/other"]
    assert record.abstract[0].text.startswith("Twenty invented patients")
