"""Questions: is the page whole without JavaScript and network, does it carry every source, and nothing but text?"""

import base64
import hashlib
import re

import pytest
from lxml import html

from ketalit.export.html import render
from ketalit.review import load_review
from ketalit.table import evidence_table
from ketalit.table.cells import DERIVED_FROM_DESIGN
from tests.synthetic_review import HOSTILE, synthetic_review


@pytest.fixture(scope="module")
def table():
    return evidence_table(synthetic_review(), view="full")


@pytest.fixture(scope="module")
def source(table):
    return render(table)


@pytest.fixture(scope="module")
def page(source):
    return html.document_fromstring(source)


def test_it_asks_nothing_of_the_network(page):
    for element in page.iter():
        for name, value in element.attrib.items():
            if name in {"src", "href", "data", "action", "poster", "srcset", "xlink:href"} and element.tag != "a":
                pytest.fail(f"<{element.tag} {name}={value!r}>")
    styles = "".join(element.text or "" for element in page.iter("style"))
    assert not re.search(r"@import|url\((?!['\"]?data:)", styles)
    assert all(a.get("href", "").startswith(("https://", "#")) for a in page.iter("a"))


def test_the_policy_allows_this_script_and_no_other(page):
    (script,) = page.iter("script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'")
    assert "</script" not in script.text
    assert "<!--" not in script.text


def test_the_static_table_is_accessible(page, table):
    (grid,) = page.xpath("//table[@id='evidence']")
    assert grid.xpath("./caption")
    heads = grid.xpath("./thead/tr/th")
    assert all(head.get("scope") == "col" for head in heads)
    assert len(heads) == len(table.fields) + 2
    rows = grid.xpath("./tbody/tr")
    assert len(rows) == len(table.frame)
    assert all(len(row) == len(heads) and row[0].tag == "th" and row[0].get("scope") == "row" for row in rows)
    assert page.get("lang") == "en"


def test_every_candidate_stands_in_the_sources_of_its_study(page, table):
    texts = page.xpath("//section//details//tbody/tr")
    follows = (table.cells.missing == "not applicable") & (table.cells.rule == DERIVED_FROM_DESIGN)
    looked = table.cells[(table.cells.origin != "") & ~follows]
    assert len(texts) == len(looked)
    assert page.text_content().count("Not applicable to this design: ") >= 5
    alpha = next(details for details in page.xpath("//section//details") if "Alpha 2009" in details.text_content())
    said = [" | ".join(" ".join(cell.text_content().split()) for cell in row) for row in alpha.xpath(".//tbody/tr")]
    assert "n analysed | 57 ≠ | checked by a person (AB, 2024-01-02) | PMID:1000001, figure 1 |" in " ".join(said)
    assert "n analysed, not shown | 58 | shipped with the review, checked twice | PMID:1000001, abstract |" in " ".join(
        said
    )


def test_quotes_are_shown_where_the_text_is_held(page, table):
    quotes = {q.text_content() for q in page.iter("q")}
    assert quotes == set(table.cells.quote) - {""}


def test_hostile_text_is_text(page, source):
    assert "<script>alert" not in source
    assert len(list(page.iter("script"))) == 1
    shown = page.text_content()
    assert "<script>alert(1)</script> | *bold* [x](javascript:alert(2)) red back `code`" in shown
    assert not set("\x1b\u202e") & set(source)
    assert HOSTILE not in source


def test_retracted_unverified_and_missing_are_marked_in_words(page):
    row = next(row for row in page.xpath("//table[@id='evidence']/tbody/tr") if "Delta" in row.text_content())
    assert row.get("class") == "retracted"
    assert "Retracted: not counted" in row.text_content()
    assert row.xpath("./th//s")
    beta = next(row for row in page.xpath("//table[@id='evidence']/tbody/tr") if "Beta" in row.text_content())
    assert "identifier not yet verified" in beta.text_content()
    missing = page.xpath("//table[@id='evidence']/tbody/tr/td[@class='missing']")
    assert {cell.text_content().strip() for cell in missing} == {"not reported", "not checked", "not applicable"}


def test_it_says_how_the_set_was_found_and_that_it_gives_no_advice(page):
    text = page.text_content()
    assert "not a systematic search" in text
    assert "broad (pubmed): not yet run" in text
    assert "It gives no medical advice." in text
    assert "PRISMA" not in page.xpath("string(//header)")


def test_a_date_stands_there_only_when_given(table, source):
    assert "Written on" not in source
    assert "Written on 2024-05-06" in render(table, built="2024-05-06")


def test_the_bundled_table_is_of_reasonable_size():
    """Three quarters of a megabyte are the table library; the rest is the evidence with all its sources."""
    size = len(render(evidence_table(load_review(), view="outcomes")).encode())
    assert size < 2_000_000
