"""Groups in tables of invented trials: what is read, and what is left unsaid."""

import pytest

from ketalit.reading.tables import groups_of, read_tables
from ketalit.records.model import FullText, Record, Table
from ketalit.vocabulary import Confidence


def table(*rows, caption="Baseline characteristics", header=1, number=1):
    return Table(locator=f"table{number}", caption=caption, grid=tuple(map(tuple, rows)), header_rows=header)


def read(*tables):
    found = read_tables(Record(source="pmc", pmid="1", full_text=FullText(tables=tables)))
    return {finding.field: finding for finding in found}


@pytest.mark.parametrize(
    ("heading", "sizes"),
    [
        (("", "Ketamine (n = 30)", "Saline (n=28)"), [30, 28]),
        (("", "Ketamine, N = 1,030", "Saline, N = 1 028"), [1030, 1028]),
        (("", "Ketamine [n: 30 patients]", "Saline [n: 28 patients]"), [30, 28]),
        (("", "Ketamine (30)", "Saline (28)"), [30, 28]),
        (("", "Ketamine (n = 30/31)", "Saline (n = 28/30)"), []),
        (("", "Ketamine 30 mg", "Saline 28 mL"), []),
        (("", "Ketamine (n = 30)", "p"), []),
        (("", "Ketamine, n (%)", "Saline, n (%)"), []),
    ],
)
def test_sizes_in_headings(heading, sizes):
    groups, _, _ = groups_of(table(heading, ("Age", "41", "43")))
    assert [group.size for group in groups] == sizes


def test_a_group_over_two_columns_is_one():
    grid = (
        ("", "Ketamine (n = 30)", "Ketamine (n = 30)", "Saline (n = 28)"),
        ("", "mean", "SD", "mean"),
        ("Age", *"123"),
    )
    groups, row, _ = groups_of(table(*grid, header=2))
    assert [(group.name, group.columns) for group in groups] == [("Ketamine", (1, 2)), ("Saline", (3,))]
    assert row == 0


def test_sizes_in_a_row_of_their_own():
    below = table(("", "Ketamine", "Saline"), ("", "n = 30", "n = 30"), ("Age", "41", "43"), header=2)
    assert [(group.name, group.size) for group in groups_of(below)[0]] == [("Ketamine", 30), ("Saline", 30)]
    counted = read(
        table(("", "Ketamine", "Saline", "p"), ("No. of patients", "30", "28", ""), ("Age", "41", "43", "0.5"))
    )
    assert (counted["arms"].value, counted["n_analysed"].value) == (2, 58)
    assert counted["arms"].rule == "table/size-row"
    assert counted["arms"].quote == "No. of patients | 30 | 28 | "
    assert counted["arms"].locator == "table1, row 2"


def test_all_together_is_no_group_but_must_be_the_sum():
    right = read(table(("", "Ketamine (n = 30)", "Saline (n = 28)", "Total (n = 58)"), ("Age", "41", "43", "42")))
    assert (right["arms"].value, right["n_analysed"].value) == (2, 58)
    assert read(table(("", "Ketamine (n = 30)", "Saline (n = 28)", "Total (n = 60)"), ("Age", "41", "43", "42"))) == {}


def test_a_size_alone_makes_no_groups():
    heading = table(("", "Ketamine", "Saline"), ("", "n = 30", ""), ("Age", "41", "43"), header=2)
    row = table(("", "Ketamine", "Saline"), ("No. of patients", "30", "none"), ("Age", "41", "43"))
    assert [groups_of(one) for one in (heading, row)] == [([], -1, "")] * 2


@pytest.mark.parametrize(
    "pair", [("Before", "After"), ("Week 4", "Week 8"), ("Men", "Women"), ("Responders", "Others")]
)
def test_columns_that_are_no_groups(pair):
    assert read(table(("", *(f"{name} (n = 30)" for name in pair)), ("Age", "41", "43"))) == {}


def test_the_table_that_describes_the_groups_is_preferred():
    later = table(("", "Ketamine (n = 20)", "Saline (n = 19)"), ("Pain", "3", "4"), caption="Pain at 24 h")
    first = table(("", "Ketamine (n = 30)", "Saline (n = 28)"), ("Age", "41", "43"), number=2)
    found = read(later, first)
    assert (found["n_analysed"].value, found["n_analysed"].locator) == (58, "table2, row 1")
    assert found["n_analysed"].confidence is Confidence.LIKELY
    alone = read(later)
    assert (alone["n_analysed"].value, alone["n_analysed"].confidence) == (39, Confidence.UNCLEAR)
    subset = table(("", "Ketamine (n = 9)", "Saline (n = 8)"), ("Pain", "3", "4"), caption="Pain in a subset", number=3)
    assert [(name, found.value) for name, found in read(later, subset).items()] == [("arms", 2)]


def test_without_tables_nothing_is_said():
    assert read_tables(Record(source="pmc", pmid="1")) == []
    assert read(table(header=0)) == {}
