"""Questions: can any text at all send a code to a terminal, become a formula, or leave its Markdown cell?"""

import csv
import html
import io
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ketalit.escaping import is_formula, markdown, one_line, spreadsheet, terminal

ANY = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("|\\`*_<>[]()#~&=+-@\x1b\x9b\u202e\r\n\t!"))


@given(ANY)
@example("\x1b[2J\x1b]8;;http://example.org\x07link\x1b]8;;\x07")
@example("\x9b31mred")
def test_nothing_but_text_reaches_the_terminal(text):
    left = terminal(text)
    assert not [c for c in left if unicodedata.category(c) == "Cc" and c not in "\t\n"]
    assert not [c for c in left if unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF"}]
    assert not [c for c in left if unicodedata.bidirectional(c) in {"LRI", "RLI", "FSI", "PDI"}]
    assert terminal(left) == left


def test_the_words_stay():
    assert terminal("0.5 mg/kg (±0.1) · µg/kg/min – Jørum, 東京") == "0.5 mg/kg (±0.1) · µg/kg/min – Jørum, 東京"


@given(ANY)
def test_one_line_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1+1", '=cmd|" /C calc"!A0']
)
def test_formulas_are_disarmed(text):
    assert is_formula(text)
    assert spreadsheet(text).startswith("'")


@pytest.mark.parametrize("text", ["60", "-1.12", "+0.5", "1e-3", "n = 60", "placebo", "", "0.5 mg/kg"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert spreadsheet(text) == text


@given(ANY)
def test_no_cell_of_a_csv_file_starts_a_formula(text):
    buffer = io.StringIO()
    csv.writer(buffer).writerow([spreadsheet(text)])
    first = buffer.getvalue().lstrip('"')[:1]
    assert first not in "=+-@\t" or re.match(r"[+-][\d.]", buffer.getvalue()) or not first


@given(ANY)
@example("http://example.org www.example.org a@example.org")
@example("`a` **b** _c_ ~~d~~ [e](javascript:f) ![g](h) <i>j</i> &lt; a | b \\")
def test_a_markdown_cell_shows_the_text_and_nothing_else(text):
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    rendered = parser.render(f"| x{markdown(text)}x | end |\n| --- | --- |\n| x{markdown(text)}x | end |\n")
    cells = re.findall(r"<td>(.*?)</td>", rendered, re.DOTALL)
    assert [html.unescape(cell) for cell in cells] == [f"x{one_line(text)}x", "end"]
