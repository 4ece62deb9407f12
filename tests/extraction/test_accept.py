"""Questions: does a value land in extraction.csv as the person meant it, with its quote, and nothing else change?"""

import os

import pytest

from ketalit.checks import check_review
from ketalit.errors import InputError
from ketalit.extraction import accept, entries, proposals
from ketalit.fields import FIELDS
from ketalit.records.text import canonical_text
from ketalit.review import BUNDLED, load_review
from ketalit.table import evidence_table
from ketalit.vocabulary import Missing

from .shared import HEADER, make_review, stored

CURATED = "r1,n_total,40,people,,abstract,PMID:1000001,curated,one,curated,2024-01-01,\n"


def test_acceptance_read_ten_records_correct_three_values_and_see_them_in_the_table(tmp_path):
    folder = make_review(tmp_path, 10)
    review = load_review(folder)
    for name in review.records:
        accept(folder, name, "n_total", who="AB")
        accept(folder, name, "design", who="AB")
    corrected = {"r3": ("n_total", 39), "r5": ("design", "crossover RCT"), "r8": ("dose_mg_per_kg", 0.75)}
    for name, (field, value) in corrected.items():
        accept(folder, name, field, value=value, quote="patients to intravenous ketamine", who="AB", replace=True)
    review = load_review(folder)
    assert not [doubt for doubt in check_review(review) if doubt.code != "dose"]
    table = evidence_table(review, view="full")
    cells = table.cells[table.cells.winner].set_index(["study", "field"])
    for name, (field, value) in corrected.items():
        cell = cells.loc[name, field]
        assert (cell.value, cell.origin, cell.who, cell.locator) == (value, "person", "AB", "abstract")
        assert cell.conflict  # the reader says something else, and the table tells
    untouched = cells.loc["r1", "n_total"]
    assert (untouched.value, untouched.origin, untouched.conflict) == (41, "person", False)
    assert (cells.xs("n_total", level="field").origin == "person").all()
    assert cells.loc["r1", "followup"].origin == "reader"


def test_accepting_takes_quote_place_and_source_of_what_was_read(tmp_path):
    folder = make_review(tmp_path)
    saved = accept(folder, "PMID:1000001", "n_randomised", who="AB")
    (row,) = load_review(folder).extraction
    text = canonical_text(load_review(folder).records["r1"]).text
    assert (saved.file, row.record, row.finding.value, row.finding.unit) == ("extraction.csv", "r1", 41, "people")
    assert row.finding.quote
    assert row.finding.quote in text
    assert (row.finding.locator, row.finding.source, row.finding.origin) == ("abstract", "PMID:1000001", "person")
    assert row.finding.when.count("-") == 2


def test_the_arithmetic_of_a_dose_comes_along(tmp_path):
    folder = make_review(tmp_path)
    reader = next(one.reader for one in proposals(load_review(folder), "r1") if one.field.name == "dose_mg_per_kg")
    assert accept(folder, "r1", "dose_mg_per_kg", who="AB", note="seen").entry.note.endswith("seen")
    assert reader.note in load_review(folder).extraction[0].finding.note


def test_other_lines_stay_byte_for_byte(tmp_path):
    odd = '"r2", dose ,"0.2 mg/kg, slowly",,,,,curated,,curated,,"two\nlines"\n'
    folder = make_review(tmp_path, rows=CURATED + odd, newline="\r\n")
    before = (folder / "extraction.csv").read_bytes()
    accept(folder, "r1", "n_total", value=42, who="AB")
    accept(folder, "r2", "blinding", value="double", who="AB")
    middle = (folder / "extraction.csv").read_bytes()
    assert middle.startswith(before)
    accept(folder, "r1", "n_total", value=43, who="AB", replace=True)
    after = (folder / "extraction.csv").read_bytes()
    assert [line for line in after.splitlines() if b",43," not in line] == [
        line for line in middle.splitlines() if b",42," not in line
    ]
    assert after.count(b"\r\n") == middle.count(b"\r\n")


def test_a_correction_replaces_with_consent_and_the_history_keeps_what_stood_there(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "n_total", who="AB")
    before = (folder / "extraction.csv").read_bytes()
    with pytest.raises(InputError, match=r"line 2: AB entered 41 people on .* already"):
        accept(folder, "r1", "n_total", value=40, who="AB")
    assert (folder / "extraction.csv").read_bytes() == before
    for value in (40, 39):
        saved = accept(folder, "r1", "n_total", value=value, who="AB", replace=True)
    assert [old.value for old in saved.replaced] == ["40"]
    assert stored(folder, "n_total") == [("AB", 39)]
    history = (folder / "extraction-history.csv").read_text(encoding="utf-8").splitlines()
    assert history[0] == HEADER
    assert [line.split(",")[2] for line in history[1:]] == ["41", "40"]
    assert history[1] == before.decode().splitlines()[1]


def test_the_same_twice_writes_nothing(tmp_path):
    folder = make_review(tmp_path)
    assert not accept(folder, "r1", "n_total", who="AB").unchanged
    before = (folder / "extraction.csv").read_bytes()
    assert accept(folder, "r1", "n_total", who="AB").unchanged
    assert (folder / "extraction.csv").read_bytes() == before


def test_what_another_person_entered_is_kept_and_told(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "n_total", value=40, who="CD")
    assert [old.who for old in accept(folder, "r1", "n_total", who="AB", replace=True).beside] == ["CD"]
    assert stored(folder, "n_total") == [("CD", 40), ("AB", 41)]
    table = evidence_table(load_review(folder), view="full")
    cell = table.cells[table.cells.winner].set_index(["study", "field"]).loc["r1", "n_total"]
    assert (cell.value, cell.conflict) == (40, True)


def test_not_reported_and_not_applicable_say_where_one_looked(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "adverse_events", missing=Missing.NOT_REPORTED, who="AB")
    accept(folder, "r1", "n_studies", missing=Missing.NOT_APPLICABLE, who="AB")
    rows = load_review(folder).extraction
    assert [(row.finding.missing, row.finding.locator, row.finding.quote) for row in rows] == [
        ("not reported", "title and abstract", ""),
        ("not applicable", "title and abstract", ""),
    ]


def test_not_checked_takes_back(tmp_path):
    folder = make_review(tmp_path, rows=CURATED)
    accept(folder, "r1", "n_total", value=99, who="AB")
    accept(folder, "r1", "n_total", missing=Missing.NOT_CHECKED, who="AB", replace=True)
    table = evidence_table(load_review(folder), view="full")
    assert table.cells[table.cells.winner].set_index(["study", "field"]).loc["r1", "n_total"].value == 40


def test_a_quote_is_stored_as_it_stands_in_the_text(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "scale", value="NRS", quote="PAIN  after\nfour weeks", who="AB")
    accept(folder, "r1", "followup", value="5 weeks", quote="from the supplement", locator="table S1", who="AB")
    rows = load_review(folder).extraction
    assert [(row.finding.quote, row.finding.locator) for row in rows] == [
        ("Pain after four weeks", "abstract"),
        ("from the supplement", "table S1"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("n_total", "sixty", "a whole number"),
        ("n_total", 0, "1 to 10000000 people"),
        ("dose_mg_per_kg", "nan", "0 to 100 mg/kg"),
        ("dose_mg_per_kg", "inf", "0 to 100 mg/kg"),
        ("blinding", "doubel", "did you mean “double”"),
        ("randomised", "perhaps", "true or false"),
        ("route", "  ", "a value, or one of: not reported"),
        ("n_totl", 60, "did you mean “n_total”"),
        ("comparator_detail", None, "nothing is proposed"),
    ],
)
def test_what_cannot_be_a_value_is_refused_and_nothing_written(tmp_path, field, value, said):
    folder = make_review(tmp_path, rows=CURATED)
    before = (folder / "extraction.csv").read_bytes()
    with pytest.raises(InputError, match=said):
        accept(folder, "r1", field, value=value, who="AB")
    assert (folder / "extraction.csv").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".csv") == [
        "extraction.csv",
        "screening.csv",
    ]


@pytest.mark.parametrize(
    ("name", "who", "said"),
    [("r9", "AB", "unknown record “r9”"), ("r1", "", "nobody is named"), ("r1", "../x", "cannot be the initials")],
)
def test_unknown_record_and_nobody(tmp_path, name, who, said):
    folder = make_review(tmp_path)
    with pytest.raises(InputError, match=said):
        accept(folder, name, "n_total", who=who)


def test_the_bundled_review_is_not_changed():
    with pytest.raises(InputError, match="the bundled review is not changed"):
        accept(BUNDLED, "sigtermans2009", "n_total", value=60, who="AB")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not hold here")
def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    folder = make_review(tmp_path / "review")
    folder.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            accept(folder, "r1", "n_total", who="AB")
        with pytest.raises(InputError, match="cannot be written"):
            accept(folder, "r1", "n_total", who="AB", double=True)
    finally:
        folder.chmod(0o700)


def test_a_write_that_fails_is_told_and_changes_nothing(tmp_path, monkeypatch):
    folder = make_review(tmp_path)
    before = (folder / "extraction.csv").read_bytes()

    def refuse(path, content):
        raise InputError("cannot be written (Read-only file system)", where=str(path))

    monkeypatch.setattr(entries, "write_atomically", refuse)
    with pytest.raises(InputError, match="Read-only"):
        accept(folder, "r1", "n_total", who="AB")
    assert (folder / "extraction.csv").read_bytes() == before


@pytest.mark.parametrize("survives", [0, 1])
def test_a_kill_between_writes_loses_nothing(tmp_path, monkeypatch, survives):
    folder = make_review(tmp_path)
    accept(folder, "r1", "n_total", who="AB")
    write, left = entries.write_atomically, [survives]

    def killed(path, content):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return write(path, content)

    monkeypatch.setattr(entries, "write_atomically", killed)
    with pytest.raises(KeyboardInterrupt):
        accept(folder, "r1", "n_total", value=40, who="AB", replace=True)
    assert stored(folder, "n_total") == [("AB", 41)]
    monkeypatch.setattr(entries, "write_atomically", write)
    accept(folder, "r1", "n_total", value=40, who="AB", replace=True)
    assert stored(folder, "n_total") == [("AB", 40)]
    history = (folder / "extraction-history.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[2] for line in history] == ["value", "41"]


def test_a_file_edited_meanwhile_is_not_overwritten(tmp_path):
    folder = make_review(tmp_path)
    row = accept(folder, "r1", "n_total", who="AB").entry
    other = f"{HEADER}\nr2,n_total,50,people,,,,person,,AB,2024-01-01,\nr2,blinding,double,,,,,person,,CD,2024-01-01,\n"
    (folder / "extraction.csv").write_text(other, encoding="utf-8")
    with pytest.raises(InputError, match="line 3: has changed meanwhile"):
        entries.save_shared(folder, [row], {3: row})
    assert (folder / "extraction.csv").read_text(encoding="utf-8") == other
    assert not (folder / "extraction-history.csv").exists()


def test_proposals_tell_what_is_read_and_what_stands(tmp_path):
    folder = make_review(tmp_path, rows=CURATED)
    accept(folder, "r1", "n_total", value=42, who="CD")
    review = load_review(folder)
    text = canonical_text(review.records["r1"]).text
    found = {one.field.name: one for one in proposals(review, "r1", who="CD")}
    n = found["n_total"]
    assert (n.reader.value, n.reader.rule[:2], n.reader.confidence) == (41, "n/", n.reader.confidence)
    assert text[n.reader.start : n.reader.end] == n.reader.quote
    assert [one.origin for one in n.candidates] == ["reader", "curated"]
    assert [row.finding.value for row in n.standing] == [40, 42]
    assert n.mine.shown == "42 people"
    assert found["comparator_detail"].reader is None
    assert len(found) == len(FIELDS)
    blind = {one.field.name: one for one in proposals(review, "r1", who="AB", double=True)}
    assert [row.finding.value for row in blind["n_total"].standing] == [40]


def test_columns_are_those_of_the_bundled_review():
    assert ",".join(entries.COLUMNS) == HEADER == (BUNDLED / "extraction.csv").read_text("utf-8").splitlines()[0]
