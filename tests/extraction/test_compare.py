"""Questions: do two people stay blind, is their agreement counted rightly, and do conflicts end as they were ruled?"""

import io

import pytest

from ketalit.errors import InputError
from ketalit.extraction import accept, compare, comparison_text, entries, extract, rule, settle, settled_text
from ketalit.review import load_review
from ketalit.table import evidence_table
from ketalit.vocabulary import Missing

from .shared import HEADER, make_review, sit, stored

AB = {"blinding": "double", "n_total": 41, "dose_mg_per_kg": 0.1, "scale": "NRS 0-10", "route": "intravenous"}
CD = {"blinding": "single", "n_total": 41, "dose_mg_per_kg": 0.101, "scale": "NRS, 0 to 10", "route": "Intravenous."}


def answer(folder, who, values, name="r1"):
    for field, value in values.items():
        said = {"missing": Missing(value)} if value in tuple(Missing) else {"value": value}
        accept(folder, name, field, who=who, double=True, **said)


@pytest.fixture
def both(tmp_path):
    folder = make_review(tmp_path)
    answer(folder, "AB", AB)
    answer(folder, "CD", CD)
    return folder


def test_two_people_work_in_files_of_their_own(both):
    assert stored(both) == []
    lines = (both / "extraction" / "AB.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == HEADER
    assert lines[1].startswith("r1,blinding,double,")
    assert (both / "extraction" / "CD.csv").exists()


def test_a_later_answer_is_added_and_counts(both):
    before = (both / "extraction" / "AB.csv").read_bytes()
    answer(both, "AB", {"n_total": 40})
    assert (both / "extraction" / "AB.csv").read_bytes().startswith(before)
    assert "AB: 40 people; CD: 41 people" in [one.what for one in compare(both).conflicts]
    assert accept(both, "r1", "n_total", value=40, who="AB", double=True).unchanged


def test_nothing_is_shown_before_both_have_finished(both):
    answer(both, "AB", {"comparator": "placebo", "arms": 2})
    for act in (compare, settle):
        with pytest.raises(InputError, match="2 of CD's answers are missing") as caught:
            act(both)
        assert "single" not in str(caught.value)
    with pytest.raises(InputError, match="not finished"):
        rule(both, "r1", "blinding", value="double", who="EF")
    found = compare(both, partial=True)
    assert (found.missing, found.both, len(found.conflicts)) == ((0, 2), 5, 3)
    assert "CD has 2 answers missing" in comparison_text(found)


def test_nothing_on_the_screen_tells_what_the_other_read(tmp_path):
    seen = set()
    for number, said in enumerate(("double", "single", "not reported", "")):
        folder = make_review(tmp_path / str(number))
        if said:
            answer(folder, "CD", {"blinding": said, "n_total": 77})
            accept(folder, "r1", "route", value=f"{said} route", who="CD")  # even what stands in extraction.csv
        seen.add(sit(folder, "a|c 40|||s|q", double=True, fields=["blinding", "n_total", "route"])[1])
    assert len(seen) == 1
    assert "CD" not in seen.pop()


def test_agreement_is_told_exactly_and_nearly(both):
    found = {one.field.name: one for one in compare(both).fields}
    assert {name: (one.n, one.exact, one.near) for name, one in found.items()} == {
        "blinding": (1, 0, 0),
        "n_total": (1, 1, 1),
        "dose_mg_per_kg": (1, 0, 1),
        "scale": (1, 0, 1),
        "route": (1, 1, 1),
    }
    assert [(one.first.field, one.alike) for one in compare(both).conflicts] == [
        ("blinding", False),
        ("dose_mg_per_kg", True),
        ("scale", True),
    ]
    strict = {one.field.name: one.near for one in compare(both, tolerance=0.001).fields}
    assert strict["dose_mg_per_kg"] == 0


def test_kappa_of_closed_lists_counts_reasons_for_no_value(tmp_path):
    folder = make_review(tmp_path, 20)
    first = ["double"] * 10 + ["single"] * 5 + ["not reported"] * 5
    second = ["double"] * 8 + ["single"] * 6 + ["not reported"] * 6
    for number, (one, two) in enumerate(zip(first, second, strict=True), 1):
        answer(folder, "AB", {"blinding": one, "randomised": "true"}, f"r{number}")
        answer(folder, "CD", {"blinding": two, "randomised": "true"}, f"r{number}")
    randomised, blinding = compare(folder).fields
    assert (blinding.exact, blinding.absent, blinding.n) == (17, 5, 20)
    expected = (10 * 8 + 5 * 6 + 5 * 6) / 400
    assert blinding.kappa.kappa == pytest.approx((17 / 20 - expected) / (1 - expected))
    assert blinding.kappa.low < blinding.kappa.kappa < blinding.kappa.high
    assert randomised.kappa.kappa is None
    text = comparison_text(compare(folder))
    assert "0.77 (0.53 to 1.00)" in text
    assert "not defined: both gave every record the same word, “true”" in text
    assert "AB and CD: 40 fields of records answered by both" in text


def test_what_both_agree_on_lands_checked_by_two(both):
    settled = settle(both)
    assert [(one.who, one.checked, one.shown) for one in settled.added] == [
        ("AB+CD", "two", "41 people"),
        ("AB+CD", "two", "intravenous"),
    ]
    assert stored(both, "n_total") == [("AB+CD", 41)]
    assert settled_text(settled).startswith("extraction.csv: 2 values added, 0 replaced.")
    before = (both / "extraction.csv").read_bytes()
    assert settle(both).added == ()
    assert (both / "extraction.csv").read_bytes() == before


def test_what_stood_there_is_replaced_only_with_consent(both):
    accept(both, "r1", "n_total", value=44, who="AB")
    accept(both, "r1", "n_total", value=45, who="GH")
    assert [one.field for one in settle(both).kept] == ["n_total"]
    assert stored(both, "n_total") == [("AB", 44), ("GH", 45)]
    assert [old.value for old in settle(both, replace=True).replaced] == ["44"]
    assert stored(both, "n_total") == [("AB+CD", 41), ("GH", 45)]
    assert ",44," in (both / "extraction-history.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("who", "written"), [("EF", "AB+CD+EF"), ("AB+CD", "AB+CD"), ("CD+AB", "AB+CD")])
def test_a_ruling_lands_with_what_each_had_said(both, who, written):
    saved = rule(both, "r1", "blinding", value="single", who=who, note="see the methods")
    assert (saved.entry.who, saved.entry.checked) == (written, "two")
    assert saved.entry.note == "AB: double; CD: single; see the methods"
    assert stored(both, "blinding") == [(written, "single")]
    assert [one.first.field for one in compare(both).conflicts] == ["dose_mg_per_kg", "scale"]
    assert compare(both).ruled == 1
    table = evidence_table(load_review(both), view="full")
    cell = table.cells[table.cells.winner].set_index(["study", "field"]).loc["r1", "blinding"]
    assert (cell.value, cell.origin, cell.who) == ("single", "person", written)
    with pytest.raises(InputError, match="no conflict of AB.CD any more: it was ruled on"):
        rule(both, "r1", "blinding", value="double", who=who)


def test_an_answer_changed_after_the_ruling_opens_the_conflict_again(both):
    rule(both, "r1", "blinding", value="single", who="EF")
    answer(both, "AB", {"blinding": "open"})
    assert "AB: open; CD: single" in [one.what for one in compare(both).conflicts]
    saved = rule(both, "r1", "blinding", value="open", who="AB+CD")
    assert [old.value for old in saved.replaced] == ["single"]
    assert stored(both, "blinding") == [("AB+CD", "open")]


@pytest.mark.parametrize("who", ["AB", "CD"])
def test_nobody_rules_alone_on_their_own_conflict(both, who):
    with pytest.raises(InputError, match="cannot rule alone"):
        rule(both, "r1", "blinding", value="double", who=who)
    assert stored(both) == []


def test_a_ruling_needs_a_conflict_and_a_decision(both):
    with pytest.raises(InputError, match="there is no conflict of AB.CD"):
        rule(both, "r1", "n_total", value=41, who="EF")
    with pytest.raises(InputError, match="nothing is decided"):
        rule(both, "r1", "blinding", who="EF")


def test_a_kill_between_the_writes_of_a_ruling_loses_nothing(both, monkeypatch):
    accept(both, "r1", "blinding", value="open", who="AB")
    write, calls = entries.write_atomically, []

    def killed(path, content):
        calls.append(path.name)
        if path.name == "extraction.csv":
            raise KeyboardInterrupt
        return write(path, content)

    monkeypatch.setattr(entries, "write_atomically", killed)
    with pytest.raises(KeyboardInterrupt):
        rule(both, "r1", "blinding", value="single", who="EF")
    assert calls == ["extraction-history.csv", "extraction.csv"]
    assert stored(both, "blinding") == [("AB", "open")]
    monkeypatch.setattr(entries, "write_atomically", write)
    rule(both, "r1", "blinding", value="single", who="EF")
    assert stored(both, "blinding") == [("AB+CD+EF", "single")]
    assert (both / "extraction-history.csv").read_text(encoding="utf-8").count("\nr1,blinding,open,") == 1


def test_people_who_worked_alone_can_be_compared_and_it_is_said(tmp_path):
    folder = make_review(tmp_path)
    for who, value in (("AB", 41), ("CD", 40)):
        accept(folder, "r1", "n_total", value=value, who=who)
    with pytest.raises(InputError, match="no people have a file"):
        compare(folder)
    found = compare(folder, ["AB", "CD"])
    assert not found.blind
    assert "Not blind" in comparison_text(found)
    rule(folder, "r1", "n_total", value=41, who="AB+CD", people=["AB", "CD"])
    assert stored(folder, "n_total") == [("AB+CD", 41)]


def test_conflicts_are_ruled_on_in_the_dialogue(both):
    out = io.StringIO()
    keys = io.StringIO("a\na 2\nc 0.1\n=\nn\n")
    session = extract(both, "r1", "EF", between=["AB", "CD"], lines=keys, out=out)
    text = out.getvalue()
    assert (session.saved, session.left) == (3, 0)
    assert "EF rules between AB and CD" in text
    assert "“a 1” or “a 2”" in text
    assert stored(both) == [("AB+CD+EF", "single"), ("AB+CD+EF", 0.1), ("AB+CD+EF", "not reported")]


def test_a_ruling_that_is_undone_leaves_the_conflict_and_what_both_had_entered(tmp_path):
    folder = make_review(tmp_path)
    for who, value in (("AB", 41), ("CD", 40)):
        accept(folder, "r1", "n_total", value=value, who=who)
    _, text = sit(folder, "a 2|u|q", who="EF", between=["AB", "CD"])
    assert "Taken back: n_total 40 people" in text
    assert sorted(stored(folder, "n_total")) == [("AB", 41), ("CD", 40)]
    assert [one.what for one in compare(folder, ["AB", "CD"]).conflicts] == ["AB: 41 people; CD: 40 people"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("r1,blinding,doubel,,,,,person,,AB,,", r"extraction/AB.csv, line 2, value: “doubel” cannot be a value"),
        ("r7,blinding,double,,,,,person,,AB,,", r"extraction/AB.csv, line 2, record: unknown record “r7”"),
        ("r1,blindin,double,,,,,person,,AB,,", r"extraction/AB.csv, line 2, field: unknown field “blindin”"),
    ],
)
def test_a_bad_row_of_a_persons_file_is_named(tmp_path, row, said):
    folder = make_review(tmp_path)
    (folder / "extraction").mkdir()
    (folder / "extraction" / "AB.csv").write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        compare(folder)


def test_initials_that_differ_in_capitals_only_are_refused(both):
    with pytest.raises(InputError, match="there is a person “AB” already"):
        accept(both, "r1", "n_total", who="ab", double=True)


def test_what_is_wrong_in_the_others_file_is_not_told_to_one_who_works_blind(tmp_path):
    folder = make_review(tmp_path)
    (folder / "extraction").mkdir()
    (folder / "extraction" / "CD.csv").write_text(f"{HEADER}\nr1,blinding,doubel,,,,,person,,CD,,\n", encoding="utf-8")
    session, text = sit(folder, "a", fields=["blinding"], double=True)
    assert session.saved == 1
    assert "doubel" not in text
