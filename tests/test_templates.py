"""Are all pages built on one base that fetches nothing, and is no text of theirs taken for markup?"""

from pathlib import Path

import pytest

from ketalit import templates

FOLDER = Path(templates.__file__).parent
SHARED = {"base.html", "basis.html", "study.html"}  # the base itself, and macros
ON_BASE = ("base.html", "table.html")  # the page of a large table is one of a table
PAGES = sorted(path.name for path in FOLDER.glob("*.html") if path.name not in SHARED)
CLAIMS = {"title": "T", "counts": "", "topics": [], "tones": {}, "no_advice": "", "unverified": ""}
LABEL = "46dab560-8ecd-4d92-8c92-6baa2310b09b"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_head_of_its_own(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.startswith(tuple(f'{{% extends "{base}" %}}\n' for base in ON_BASE))
    assert not any(tag in text for tag in ("<!DOCTYPE", "<head>", "<footer", "<body"))


def test_a_page_forbids_itself_all_but_its_style():
    page = templates.render("claims.html", **CLAIMS)
    assert "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;" in page
    assert page.count("<style>") == 1
    assert "{%" not in page


def test_text_is_escaped_and_loses_marks_that_reorder_it():
    page = templates.render("claims.html", **CLAIMS | {"counts": "<i>\N{RIGHT-TO-LEFT OVERRIDE}one</i>"})
    assert "&lt;i&gt;" in page
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page


@pytest.mark.parametrize(
    ("note", "links"),
    [(f"the label (DailyMed {LABEL})", 1), (f"<a> DailyMed {LABEL} and DailyMed {LABEL}", 2), ("DailyMed 46dab560", 0)],
)
def test_the_number_of_a_drug_label_becomes_a_link(note, links):
    text = str(templates._linked(note))
    assert text.count(f'href="https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={LABEL}"') == links
    assert text.count("<a") == links
