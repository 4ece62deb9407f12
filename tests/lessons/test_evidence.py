"""The evidence table as a widget: asked, sorted, opened; wrong questions; hostile text; its script by itself."""

import json
import shutil
import subprocess

import pytest

from ketalit.errors import InputError
from ketalit.lessons.chosen import REVIEW
from ketalit.lessons.control import FRONT
from ketalit.lessons.evidence import EvidenceBrowser
from ketalit.lessons.shown import plain
from ketalit.review import new_review
from ketalit.table import evidence_table

from ..synthetic_review import HOSTILE, synthetic_review


@pytest.fixture
def browser():
    return EvidenceBrowser(synthetic_review())


def names(browser):
    return [row["study"] for row in browser.widget_.table["rows"]]


def test_it_shows_what_the_table_shows(browser):
    table = evidence_table(synthetic_review(), view="outcomes", sort="design,-year")
    shown = browser.widget_.table
    assert names(browser) == list(table.frame.index)
    assert [column["key"] for column in shown["columns"][1:]] == [field.name for field in table.fields]
    texts = [row["cells"][at]["text"] for row in shown["rows"] for at in range(len(table.fields))]
    expected = [table.winners()[study, field.name].text for study in table.frame.index for field in table.fields]
    assert texts == expected
    assert str(table.totals) in browser.seen()
    assert "no medical advice" in browser.seen()


def test_a_filter_leaves_those_that_meet_it(browser):
    browser.ask(where="n_total>=50 AND design=parallel RCT")
    assert sorted(names(browser)) == ["ALPHA", "delta2018"]
    browser.ask(where="")
    assert len(names(browser)) == 6


def test_sorting_goes_both_ways(browser):
    browser.ask(sort="citation")
    up = names(browser)
    browser.ask(sort="-citation")
    assert names(browser) == up[::-1]
    assert up == sorted(up, key=lambda study: study.lower())


def test_another_view_has_other_columns(browser):
    browser.ask(view="safety")
    keys = [column["key"] for column in browser.widget_.table["columns"]]
    assert "route" in keys
    assert "result" not in keys


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"where": "condtion~pain"}, "Did you mean “condition”"),
        ({"where": "n_total>="}, "n_total>="),
        ({"sort": "wieght"}, "wieght"),
        ({"view": "everything"}, "everything"),
    ],
)
def test_a_question_that_cannot_be_answered_is_said_and_the_table_stays(browser, asked, told):
    before = names(browser)
    browser.ask(**asked)
    assert told in browser.widget_.message
    assert len(browser.widget_.message) < 200
    assert names(browser) == before
    browser.ask(where="", sort="citation", view="outcomes")
    assert not browser.widget_.message


def test_what_cannot_be_asked_is_refused(browser):
    with pytest.raises(InputError, match="no “were”"):
        browser.ask(were="n_total>1")


def test_no_study_is_said_as_such(browser):
    studies = len(names(browser))
    browser.ask(where="n_total>=100000")
    assert names(browser) == []
    change = f"Change the filter, or empty it to see all {studies} studies of this review."
    said = f"No study meets “n_total>=100000”. {change}"
    assert browser.seen() == said
    assert said in plain(browser.twin())


def test_behind_a_cell_stand_all_who_say_something(browser):
    browser.ask(view="design")
    browser.open("ALPHA", "n_analysed")
    seen = browser.seen()
    assert "n analysed" in seen
    assert "57" in seen
    assert "Another source: 58" in seen
    assert seen.index("57") < seen.index("58")  # a person's value wins
    assert "checked by a person" in seen
    browser.open("ALPHA", "n_randomised")
    assert "PMID:1000001" in browser.seen()
    assert "https://pubmed.ncbi.nlm.nih.gov/1000001/" in browser.widget_.behind


def test_a_quote_of_the_reader_stands_behind_its_cell(browser):
    browser.open("theta2023", "primary_direction")
    assert "<q>" in browser.widget_.behind
    assert "did not differ" in browser.seen()


def test_the_browser_asks_by_message(browser):
    browser.widget_._handle_custom_msg({"study": "ALPHA", "field": "followup"}, [])
    assert "12 weeks" in browser.seen()
    browser.widget_._handle_custom_msg({"study": "<b>", "field": None}, [])
    assert "This table has no" in browser.seen()
    assert "<b>" not in browser.widget_.behind


def test_what_stood_behind_a_cell_goes_with_its_table(browser):
    browser.open("ALPHA", "followup")
    browser.ask(where="n_total>=50")
    assert not browser.widget_.behind


def test_text_of_a_record_is_never_markup(browser):
    browser.ask(view="full")
    browser.open("beta2014", "dose")
    assert HOSTILE[:20] in str(browser.widget_.table)  # as text; the page sets it as text
    for html in (browser.widget_.behind, browser.twin(), browser.widget_.key):
        assert "<script" not in html


def test_what_is_not_counted_is_struck_and_said(browser):
    struck = [row["study"] for row in browser.widget_.table["rows"] if row["struck"]]
    assert struck == ["delta2018"]
    assert "1 retracted" in browser.seen()


def test_without_a_kernel_the_table_stands_there(browser):
    assert "<table" in browser.twin()
    assert "no medical advice" in plain(browser.twin())
    assert "Run this cell" in repr(browser)
    assert browser.widget() is browser.widget()


def test_any_review_folder_will_do(tmp_path, monkeypatch):
    monkeypatch.setenv(REVIEW, str(new_review(tmp_path / "empty", empty=True)))
    assert EvidenceBrowser().seen() == "No study meets this."
    monkeypatch.setenv(REVIEW, str(new_review(tmp_path / "copy")))
    assert "sigtermans2009" in names(EvidenceBrowser(where="condition~CRPS"))


def test_a_first_question_that_cannot_be_answered_fails(browser):
    with pytest.raises(InputError, match="condtion"):
        EvidenceBrowser(synthetic_review(), where="condtion~pain")


def test_the_key_explains_every_mark_in_the_table(browser):
    browser.ask(view="full")
    key = plain(browser.widget_.key)
    marks = {cell["mark"] for row in browser.widget_.table["rows"] for cell in row["cells"]} - {""}
    assert {"C2", "P", "R"} <= marks
    assert all(mark.rstrip("?") in key for mark in marks)
    assert all(word in key for word in ("not reported", "not checked", "not applicable"))


# --- its script --------------------------------------------------------------------------------------------------

NODE = shutil.which("node")


@pytest.mark.skipif(not NODE, reason="needs node, which runs the page's script")
def test_arrow_keys_stay_inside_the_table():
    asked = [
        ["ArrowUp", [0, 3]], ["ArrowDown", [0, 3]], ["ArrowDown", [9, 3]], ["ArrowLeft", [4, 0]], ["ArrowRight", [4, 2]],
        ["ArrowRight", [4, 4]], ["Home", [4, 3]], ["End", [4, 0]], ["PageDown", [4, 1]], ["PageUp", [4, 1]], ["a", [4, 1]],
    ]  # fmt: skip
    script = (
        f"import {{ stepped }} from {json.dumps((FRONT / 'table.js').as_uri())};"
        f"console.log(JSON.stringify({json.dumps(asked)}.map(([key, at]) => stepped(key, at, 10, 5))));"
    )
    done = subprocess.run([NODE, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [
        [0, 3], [1, 3], [9, 3], [4, 0], [4, 3], [4, 4], [4, 0], [4, 4], [9, 1], [0, 1], None,
    ]  # fmt: skip
