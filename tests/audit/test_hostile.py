"""Does a page that is empty, binary, huge, full of script or written from right to left do harm?"""

import re
import time
from html import unescape

import pytest

from ketalit.audit import audit, export
from ketalit.audit.terminal import to_rich
from ketalit.errors import InputError
from ketalit.page import open_page, page_of_text
from ketalit.review import load_review


@pytest.fixture(scope="module")
def review():
    return load_review()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is nothing in it"),
        (b" \n\t ", "there is nothing in it"),
        (b"\x00\x01\x02\xff" * 100, "this is a binary file"),
        (b"%PDF-1.7 \x00", "this is a PDF file"),
        (b"\xff\xfe\xfd plain", "cannot be read as"),
        (b"<html><script>alert(1)</script></html>", "no readable text"),
    ],
)
def test_what_is_no_page_is_refused_in_a_sentence(tmp_path, content, said):
    path = tmp_path / "page.html"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        open_page(str(path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "\n\n\n",
        "?" * 5_000,
        "- " * 5_000,
        "0.5 mg/kg " * 2_000,
        "ketamine " * 20_000,
        "no not never " * 3_000,
        "שלום קטמין 0.5 mg/kg. الكيتامين يخفف الألم بنسبة 70 %.",
        "Ketamine \u202ecures\u202c pain. \x1b[31mRed\x1b[0m relief \x07.",
        "\ud800 ketamine blocks pain.",
        "0/0 of 0 patients; 99 of 1; 1 of 0; 0 mg/kg to 0 mg/kg over 0 minutes",
        "9999999999999999999999999999 mg/kg/h of ketamine for 99999999999 years",
        "Ketamine — ０.５ mg/kg — Ｎo chance of addiction.",
    ],
)
def test_any_text_can_be_audited_and_shown(review, tmp_path, text):
    found = audit(text, review)
    assert to_rich(found)
    for suffix in (".html", ".md", ".json"):
        assert export(found, tmp_path / f"a{suffix}").stat().st_size > 100


def test_html_of_a_page_is_text_in_the_audit(review, tmp_path):
    hostile = (
        'Ketamine relieves pain <script>alert(1)</script> <img src=x onerror=alert(2)> & "quotes" '
        "</mark></p><a href='javascript:alert(3)'>x</a> {{ 7*7 }} {% raw %} for 3 weeks."
    )
    page = page_of_text(hostile, kind="text", source="<script>evil</script>.txt")
    for suffix in (".html", ".md"):
        text = export(audit(page, review), tmp_path / f"a{suffix}").read_text(encoding="utf-8")
        assert not re.search(r"(?<!\\)<(?:script|img)", text)
        assert "{{ 7*7 }}" in text.replace("\\", "")
        assert '"javascript:' not in text
        assert "(javascript:" not in text


def test_the_page_asks_for_nothing_and_runs_nothing(review, tmp_path):
    found = audit("Ketamine blocks NMDA receptors.", review)
    html = unescape(export(found, tmp_path / "a.html").read_text(encoding="utf-8"))
    assert "default-src 'none'" in html
    for part in ("<script", "<link", "<img", "@import", "url("):
        assert part not in html


def test_control_and_reordering_marks_never_reach_a_reader(review, tmp_path):
    found = audit("Ketamine cures \u202epain\u202c in 70 % \x1b]0;owned\x07 of people.", review)
    for suffix in (".html", ".md"):
        text = export(found, tmp_path / f"a{suffix}").read_text(encoding="utf-8")
        assert not set(text) & set("\u202e\u202c\x1b\x07")


def test_a_huge_page_takes_seconds_not_hours(review):
    text = "Ketamine reduces chronic pain for 3 weeks in 40 % of patients. There is no chance of addiction.\n" * 1_000
    started = time.process_time()
    found = audit(text, review)
    assert len(found.statements) == 2_000
    assert time.process_time() - started < 30
