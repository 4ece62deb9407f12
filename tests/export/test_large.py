"""Tables of very many studies: the same values in fewer bytes and elements."""

import base64
import gzip
import io
import json
import re

import openpyxl
import pytest

from ketalit.export import html, large, xlsx, xlsx_large
from ketalit.table import evidence_table
from tests.synthetic_review import FORMULA, synthetic_review


@pytest.fixture
def table(monkeypatch):
    """A small table that is taken for a large one."""
    monkeypatch.setattr(large, "FROM", 3)
    monkeypatch.setattr(large, "BLOCK", 2)
    monkeypatch.setattr(xlsx_large, "FROM", 3)
    return evidence_table(synthetic_review(), view="full", screened="all")


def opened(page: str, name: str):
    packed = re.search(rf'<script type="application/gzip" id="{name}">([^<]*)</script>', page)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_the_rows_hold_every_value_of_the_table(table):
    rows = opened(html.render(table), "rows")
    texts = [[rows["cells"][at][0] for at in row[2:]] for row in rows["rows"]]
    shown = table.shown().drop(columns="Study")
    assert [row[0][1] for row in rows["rows"]] == table.frame["citation"].tolist()
    assert len(texts) == len(shown)
    for found, wanted in zip(texts, shown.itertuples(index=False), strict=True):
        assert all(text.startswith(str(value).split("\x1b")[0]) for text, value in zip(found, wanted, strict=True))


def test_the_sources_are_those_of_the_small_page(table, monkeypatch):
    page = html.render(table)
    blocks = [opened(page, f"sources-{number}") for number in range((len(table.frame) + 1) // 2)]
    monkeypatch.setattr(large, "FROM", 10**6)
    small = html.render(table)
    for behind in (one for block in blocks for one in block):
        assert behind in small


def test_equal_tables_give_equal_pages(table):
    assert html.render(table) == html.render(table)


def test_nothing_hostile_becomes_an_element(table):
    page = html.render(table)
    written = [row[0][0] for row in opened(page, "rows")["rows"]]  # the rest is text, and the browser test looks at it
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in "".join(written)
    assert not any("<script" in one for one in (*written, *opened(page, "sources-0"), *opened(page, "sources-1")))


def test_the_workbook_holds_the_same_values(table, monkeypatch):
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(table)))
    monkeypatch.setattr(xlsx_large, "FROM", 10**6)
    noted = openpyxl.load_workbook(io.BytesIO(xlsx.render(table)))
    assert book.sheetnames == noted.sheetnames
    for name in ("Evidence", "Sources", "Read me"):
        rows = [list(sheet.iter_rows(values_only=True)) for sheet in (book[name], noted[name])]
        assert [[value or None for value in row] for row in rows[0]] == [
            [value or None for value in row] for row in rows[1]
        ]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert any(cell.value == FORMULA for row in book["Evidence"].iter_rows() for cell in row)


def test_sources_that_do_not_fit_on_a_sheet_go_on_on_another(table, monkeypatch):
    monkeypatch.setattr(xlsx_large, "MOST_ROWS", 50)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(table)))
    sheets = [book[name] for name in book.sheetnames if name.startswith("Sources")]
    assert len(sheets) > 2
    assert sum(sheet.max_row - 1 for sheet in sheets) == len(table.cells)
    assert max(sheet.max_row for sheet in sheets) == 51


def test_the_page_opens_filters_and_shows_sources(table, browser, tmp_path):
    target = tmp_path / "page.html"
    target.write_text(html.render(table), encoding="utf-8")
    page = browser.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("dialog", lambda dialog: mistakes.append(dialog.message))
    page.goto(target.as_uri())
    page.wait_for_selector("div.dt-info")
    assert page.locator("#evidence tbody tr").count() == len(table.frame)
    page.fill("div.dt-search input", "theta")
    page.wait_for_function("document.querySelectorAll('#evidence tbody tr').length === 1")
    page.locator("a.sources").click()
    page.wait_for_selector("td.child .behind")
    assert "PMID:1000009" in page.inner_text("td.child")
    page.fill("div.dt-search input", "")
    page.wait_for_function(f"document.querySelectorAll('#evidence tbody tr').length >= {len(table.frame)}")
    assert page.locator("#evidence tbody th script").count() == 0
    assert "alert(1)" in page.inner_text("#evidence tbody")
    assert mistakes == []
    page.close()
