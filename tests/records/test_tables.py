"""Tables as grids: spans against what pandas' own reader of HTML makes of the same table."""

import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ketalit.records.jats import read_jats
from ketalit.records.model import Table
from ketalit.records.tables import frame, grid_of
from tests.shared import SHARED, needs_shared

from .synthetic import jats


def grid(xml):
    return grid_of(etree.fromstring(xml))


def test_row_and_column_spans():
    rows, header = grid(
        '<table><thead><tr><th rowspan="2">Arm</th><th colspan="2">Pain</th></tr><tr><th>before</th><th>after</th></tr>'
        "</thead><tbody><tr><td>ketamine</td><td>7</td><td>3</td></tr></tbody></table>"
    )
    assert rows == (("Arm", "Pain", "Pain"), ("Arm", "before", "after"), ("ketamine", "7", "3"))
    assert header == 2


@pytest.mark.parametrize(
    ("xml", "rows"),
    [
        ("<table/>", ()),
        ("<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>", (("a", ""), ("b", "c"))),
        ('<table><tr><td rowspan="9">a</td><td>b</td></tr><tr><td>c</td></tr></table>', (("a", "b"), ("a", "c"))),
        ('<table><tr><td rowspan="0">a</td><td>b</td></tr><tr><td>c</td></tr></table>', (("a", "b"), ("a", "c"))),
        ('<table><tr><td colspan="x">a</td><td colspan="-2">b</td></tr></table>', (("a", "b"),)),
        (  # a span ends with its group
            '<table><tbody><tr><td rowspan="2">a</td></tr></tbody><tbody><tr><td>b</td></tr></tbody></table>',
            (("a",), ("b",)),
        ),
        (
            '<tgroup><colspec colname="c1"/><colspec colname="c2"/><colspec colname="c3"/><tbody><row><entry morerows="1">'
            'a</entry><entry namest="c2" nameend="c3">b</entry></row><row><entry colname="c3">c</entry></row></tbody></tgroup>',
            (("a", "b", "b"), ("a", "", "c")),
        ),
    ],
)
def test_grids(xml, rows):
    assert grid(xml)[0] == rows


RULE = '<tr><td/><td colspan="2"><hr/></td></tr>'
VALUES = "<tr><td>saline</td><td>7 (2)</td><td>6 (1)</td></tr><tr><td>ketamine</td><td>7 (1)</td><td>3 (2)a</td></tr>"


def test_rules_and_spacers_are_no_rows_and_no_columns():
    rows, header = grid(
        f'<table><thead><tr><th>Arm</th><th colspan="2">Pain</th></tr>{RULE}<tr><th/><th>before</th><th>after</th></tr>'
        f"</thead><tbody>{VALUES}<tr><td>\u00a0</td><td/><td> </td></tr><tr><td>none</td><td/><td/></tr></tbody></table>"
    )
    assert (len(rows), header) == (5, 2)
    assert rows[-1] == ("none", "", "")
    spaced = '<tr><td>a</td><td/><td colspan="2">b</td></tr><tr><td>c</td><td> </td><td>d</td><td/></tr>'
    assert grid(f"<table>{spaced}</table>")[0] == (("a", "b"), ("c", "d"))


def test_a_row_of_pictures_is_a_row():
    rows, _ = grid("<table><tr><td>seen</td></tr><tr><td><inline-graphic/></td></tr></table>")
    assert rows == (("seen",), ("",))


@pytest.mark.parametrize(
    ("head", "body", "header"),
    [
        ("", "<tr><td>Arm</td><td>Before</td><td>After</td></tr>", 1),  # labels over values, no thead
        ("", "<tr><td>Arm</td><td>1 week</td><td>T2</td></tr>", 1),
        ("", "<tr><td>none</td><td>5</td><td>4</td></tr>", 0),
        ("<tr><th>Arm</th><th>Before</th><th>After</th></tr>", "", 1),
        ("<tr><th>Arm</th><th>Before</th><th>After</th></tr>", "<tr><td/><td>(n = 9)</td><td>(n = 8)</td></tr>", 2),
        ("<tr><th>Arm</th><th>Before</th><th>After</th></tr>", "<tr><td/><td>9</td><td>8</td></tr>", 1),
        ("<tr><th>Arm</th><th>Before</th><th>After</th></tr>", '<tr><td colspan="3"><bold>Adults</bold></td></tr>', 1),
        ('<tr><th colspan="3">Adults</th></tr>', "<tr><td>Arm</td><td>Before</td><td>After</td></tr>", 2),
        (
            '<tr><th>Arm</th><th colspan="2">Pain</th></tr>',
            "<tr><td><bold>Name</bold></td><td><bold>Before</bold></td><td><bold>After</bold> (h)</td></tr>",
            2,
        ),
    ],
)
def test_header_rows_that_the_markup_does_not_mark(head, body, header):
    thead = f"<thead>{head}</thead>" if head else ""
    assert grid(f"<table>{thead}<tbody>{body}{VALUES}</tbody></table>")[1] == header


def test_lists_have_no_header():
    pairs = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in (("A", "none"), ("B", "1 to 5")))
    assert grid(f"<table>{pairs}</table>")[1] == 0
    words = "<tr><td>a plan</td><td>a word</td><td>an aim</td></tr>" * 3
    assert grid(f"<table>{words}</table>")[1] == 0
    bold = words.replace("<td>", "<td><bold>").replace("</td>", "</bold></td>")
    assert grid(f"<table>{bold}</table>")[1] == 0


def test_hostile_spans_are_bounded():
    rows, _ = grid('<table><tr><td colspan="999999999" rowspan="999999999">a</td></tr></table>')
    assert rows == (("a",),)
    row = '<tr><td colspan="1000" rowspan="1000">a</td></tr>'
    assert len(grid(f"<table>{row * 2000}</table>")[0]) == 2000


def test_table_of_an_article():
    table = read_jats(
        jats(
            "<table-wrap><label>Table 2.</label><caption><p>Pain scores</p></caption><table><thead><tr><th>arm</th>"
            "<th>n</th></tr></thead><tbody><tr><td>ketamine</td><td>30<sup>1</sup></td></tr></tbody></table>"
            "<table-wrap-foot><fn><label>1</label><p>Two left.</p></fn></table-wrap-foot></table-wrap>"
        )
    )[0].full_text.tables[0]
    assert (table.locator, table.label, table.caption, table.footnotes) == (
        "table1",
        "Table 2",
        "Pain scores",
        ("1 Two left.",),
    )
    assert frame(table).to_dict("records") == [{"arm": "ketamine", "n": "30¹"}]
    assert table.xml.startswith("<table-wrap")
    assert etree.fromstring(table.xml).findtext("label") == "Table 2."


def test_a_table_that_is_a_picture_keeps_its_caption():
    table = read_jats(jats("<table-wrap><caption><p>Seen</p></caption><graphic/></table-wrap>"))[0].full_text.tables[0]
    assert (table.grid, table.caption) == ((), "Seen")
    assert frame(table).empty


def test_headers_of_a_frame():
    grid_of_two = (("Arm", "Pain", "Pain"), ("Arm", "before", "after"), ("ketamine", "7", "3"))
    assert list(frame(Table(locator="t", grid=grid_of_two, header_rows=2)).columns) == [
        ("Arm", "Arm"),
        ("Pain", "before"),
        ("Pain", "after"),
    ]
    assert list(frame(Table(locator="t", grid=grid_of_two)).columns) == [0, 1, 2]


@given(
    st.lists(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4), min_size=1, max_size=5)
)
@settings(deadline=None)
def test_every_row_is_as_wide_as_the_widest(spans):
    rows = "".join(
        "<tr>" + "".join(f'<td rowspan="{down}" colspan="{wide}">x</td>' for down, wide in row) + "</tr>"
        for row in spans
    )
    found, _ = grid(f"<table>{rows}</table>")
    assert len(found) == len(spans)
    assert len({len(row) for row in found}) == 1
    assert len(found[0]) <= max(sum(wide for _, wide in row) for row in spans) + sum(
        wide for row in spans for down, wide in row if down > 1
    )


@needs_shared
def test_shape_agrees_with_pandas():
    """pandas.read_html is the independent reader; it skips empty rows and reads one table at a time."""
    same = total = 0
    for path in sorted((SHARED / "labelled" / "jats").iterdir()):
        full_text = read_jats(path)[0].full_text
        for table in full_text.tables if full_text else ():
            node = etree.fromstring(table.xml)
            inner = node.findall(".//table")
            if len(inner) != 1 or not table.grid or inner[0].find(".//td//table") is not None:
                continue
            theirs = pd.read_html(io.StringIO(etree.tostring(inner[0], encoding="unicode")), header=None)[0]
            width = theirs.shape[1]
            total += 1
            same += width == len(table.grid[0])
    print(f"\ntables of the same width as pandas.read_html: {same} of {total}")
    assert total > 300
    assert same / total >= 0.95
