"""Questions: does the panel save what the person sees, one press a field, and can it be read without a kernel?"""

import sys

import pytest

from ketalit.extraction import ReviewPanel, accept
from ketalit.records.model import Record, Section, to_json
from ketalit.review import load_review

from .shared import make_review, stored

ipywidgets = pytest.importorskip("ipywidgets", reason="ipywidgets is not installed")


def all_widgets(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from all_widgets(child)


def open_panel(folder, **more):
    panel = ReviewPanel(folder, "r1", more.pop("who", "AB"), **more)
    return panel, panel.widget


def test_one_press_accepts_with_quote(tmp_path):
    folder = make_review(tmp_path)
    panel, _ = open_panel(folder)
    row = panel.rows["n_total"]
    assert (row.value.value, row.save.description) == ("41", "Accept")
    row.save.click()
    (saved,) = load_review(folder).extraction
    assert (saved.finding.value, saved.finding.quote, saved.finding.who) == (41, row.quote.value, "AB")
    assert saved.finding.quote
    assert "Saved: n_total 41 people, extraction.csv" in row.told.value


def test_a_changed_value_is_a_correction_and_a_second_one_replaces(tmp_path):
    folder = make_review(tmp_path)
    panel, _ = open_panel(folder)
    row = panel.rows["n_total"]
    row.save.click()
    row.value.value = "40"
    assert row.save.description == "Save"
    assert row.quote.value
    row.quote.value = "patients to intravenous"
    row.save.click()
    assert "before: 41 people (kept in extraction-history.csv)" in row.told.value
    (saved,) = load_review(folder).extraction
    assert (saved.finding.value, saved.finding.quote) == (40, "patients to intravenous")


def test_a_closed_list_and_the_reasons_for_no_value(tmp_path):
    folder = make_review(tmp_path)
    panel, _ = open_panel(folder)
    assert [label for label, _ in panel.rows["randomised"].value.options] == ["choose …", "yes", "no"]
    panel.rows["blinding"].value.value = "single"
    panel.rows["blinding"].save.click()
    panel.rows["adverse_events"].silent.click()
    panel.rows["n_studies"].senseless.click()
    assert [said for _, said in stored(folder)] == ["single", "not reported", "not applicable"]


def test_what_cannot_be_saved_is_told_in_the_row(tmp_path):
    folder = make_review(tmp_path)
    panel, _ = open_panel(folder)
    row = panel.rows["n_total"]
    row.value.value = "<b>many</b>"
    row.save.click()
    assert "Expected: a whole number. Nothing saved." in row.told.value
    assert "<b>many" not in row.told.value
    panel.rows["comparator_detail"].save.click()
    assert "nothing was given" in panel.rows["comparator_detail"].told.value
    assert stored(folder) == []


def test_another_candidate_is_one_press_away(tmp_path):
    rows = "r1,n_total,40,people,,table 1,PMID:1000001,curated,one,curated,2024-01-01,\n"
    folder = make_review(tmp_path, rows=rows)
    panel, _ = open_panel(folder)
    row = panel.rows["n_total"]
    (other,) = row.others
    assert other.description == "curated: 40"
    other.click()
    row.save.click()
    assert load_review(folder).extraction[1].finding.locator == "table 1"


def test_conflicts_are_ruled_on_in_the_same_view_and_neither_is_preferred(tmp_path):
    folder = make_review(tmp_path)
    for who, value in (("AB", 41), ("CD", 40)):
        accept(folder, "r1", "n_total", value=value, who=who, double=True)
        accept(folder, "r1", "blinding", value="double", who=who, double=True)
    panel, _ = open_panel(folder, who="AB+CD", between=["AB", "CD"])
    assert list(panel.rows) == ["n_total"]
    row = panel.rows["n_total"]
    assert (row.value.value, [one.description for one in row.others]) == ("", ["AB: 41", "CD: 40"])
    row.others[1].click()
    row.save.click()
    assert stored(folder) == [("AB+CD", 40)]
    again, _ = open_panel(folder, who="AB+CD", between=["AB", "CD"])
    assert not again.rows
    assert "No conflict on this record." in again.html


def test_blind_work_shows_nothing_of_others(tmp_path):
    folder = make_review(tmp_path)
    before = ReviewPanel(folder, "r1", "AB", double=True).html
    accept(folder, "r1", "n_total", value=33, who="CD")
    accept(folder, "r1", "n_total", value=33, who="CD", double=True)
    panel, _ = open_panel(folder, double=True)
    assert panel.html == before
    panel.rows["n_total"].save.click()
    assert stored(folder) == [("CD", 33)]
    assert "extraction/AB.csv" in panel.rows["n_total"].told.value


def test_only_plain_widgets_each_with_a_name(tmp_path):
    _, widget = open_panel(make_review(tmp_path))
    found = list(all_widgets(widget))
    kinds = {type(one).__name__ for one in found}
    assert kinds == {"VBox", "HBox", "HTML", "Button", "Dropdown", "Text"}
    assert all(one.description for one in found if type(one).__name__ in {"Button", "Dropdown", "Text"})
    assert all(one.tooltip for one in found if type(one).__name__ == "Button")


def test_without_a_kernel_the_same_text_shows_as_html(tmp_path, monkeypatch):
    folder = make_review(tmp_path)
    panel, widget = open_panel(folder)
    bundle = panel._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert widget.children[1].children[0].value in bundle["text/html"]
    assert "read by rule n/" in bundle["text/html"]
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert set(ReviewPanel(folder, "r1", "AB")._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_hostile_text_stays_text(tmp_path):
    folder = make_review(tmp_path, 1)
    bad = '<script>alert(1)</script> "12 patients" were randomised to ketamine 5 mg/kg <img src=x onerror=alert(2)>'
    hostile = Record(source="person", key="r1", title=bad, abstract=(Section(text=bad, label=bad),))
    (folder / "records.jsonl").write_bytes(to_json(hostile) + b"\n")
    accept(folder, "r1", "condition", value=bad, quote=bad, note=bad, who="CD")
    panel, widget = open_panel(folder)
    shown = panel.html + "".join(one.value for one in all_widgets(widget) if type(one).__name__ == "HTML")
    assert "<script" not in shown
    assert "<img" not in shown
