"""Questions: typed as documented, counting studies and people once, honest about what is empty?"""

import csv
import json

import pandas as pd
import pytest

from ketalit.errors import InputError
from ketalit.fields import FIELDS, VIEWS
from ketalit.review import BUNDLED, load_review
from ketalit.table import IDENTITY, evidence_table, fill_rates, view_fields
from tests.synthetic_review import synthetic_review


@pytest.fixture(scope="module")
def full():
    return evidence_table(synthetic_review(), view="full")


@pytest.fixture(scope="module")
def bundled():
    return evidence_table(load_review(), view="full")


def test_columns_and_types(full):
    kinds = {int: "Int64", float: "Float64", bool: "boolean"}
    expected = IDENTITY | {field.name: kinds.get(field.kind, "string") for field in FIELDS.values()}
    assert {name: str(kind) for name, kind in full.frame.dtypes.items()} == expected
    assert full.frame.index.name == "study"


def test_only_what_was_included_unless_asked():
    def count(screened):
        return len(evidence_table(synthetic_review(), screened=screened).frame)

    assert [count(word) for word in ("include", "exclude", "maybe", "unscreened", "all")] == [6, 1, 0, 1, 8]


def test_totals_count_studies_and_people_not_reports_rats_or_retracted_trials(full):
    totals = full.totals
    assert (totals.studies, totals.reports, totals.retracted) == (5, 6, 1)
    assert totals.people == 60 + 20 + evidence_table(synthetic_review()).frame.loc["theta2023", "n_total"]
    assert totals.without_n == 0
    assert sum(totals.by_design.values()) == 5
    assert totals.decisions == {"include": 6, "exclude": 1, "unscreened": 1}


def test_a_retracted_trial_is_shown_but_not_counted(full):
    assert full.frame.loc["delta2018", "status"] == "retracted"
    assert full.frame["counted"].tolist().count(False) == 1
    assert (fill_rates(full).studies == 5).all()


def test_harms_stand_beside_benefits_in_every_view_that_shows_any():
    for view in VIEWS:
        names = {field.name for field in view_fields(view)}
        if names & {"result", "primary_direction"}:
            assert {"adverse_events", "adverse_events_asked", "n_total"} <= names


def test_cells_are_those_of_the_rows_and_columns_shown(full):
    table = evidence_table(synthetic_review(), view="safety", where="year>=2014", sort="-year")
    assert list(dict.fromkeys(table.cells.study)) == list(table.frame.index)
    assert set(table.cells.field) == {field.name for field in table.fields}
    assert len(table.winners()) == len(table.frame) * len(table.fields)
    assert len(full.cells) > len(table.cells)


def test_records_follow_the_order_of_the_table():
    table = evidence_table(synthetic_review(), sort="year")
    assert [record.id for record in table.records][:3] == ["alpha2009", "alpha2012", "beta2014"]


def test_fill_rates_add_up(full):
    rates = fill_rates(full)
    parts = rates[["filled", "not_reported", "not_checked", "not_applicable"]].sum(axis=1)
    assert (parts == rates.studies).all()
    assert rates.loc["adverse_events", "filled"] == 2
    assert rates.loc["adverse_events", "not_reported"] >= 2
    assert rates.loc["design", "filled_share"] == 1.0
    assert pd.isna(fill_rates(evidence_table(synthetic_review(), view="full", where="year=1800")).filled_share).all()


@pytest.mark.parametrize(
    ("asked", "said"), [({"view": "outcome"}, "outcomes"), ({"screened": "included"}, "include")], ids=["view", "word"]
)
def test_unknown_words_are_explained(asked, said):
    with pytest.raises(InputError, match=f"Did you mean “{said}”"):
        evidence_table(synthetic_review(), **asked)


def test_an_empty_selection_is_a_typed_table(full):
    table = evidence_table(synthetic_review(), view="full", where="year=1800")
    assert table.frame.empty
    assert table.totals.studies == 0
    assert (table.frame.dtypes == full.frame.dtypes).all()


def test_json_carries_value_and_source(full):
    data = json.loads(full.to_json())
    alpha = next(study for study in data["studies"] if study["study"] == "ALPHA")
    assert alpha["fields"]["n_randomised"]["value"] == 60
    assert alpha["fields"]["n_randomised"]["source"] == "PMID:1000001"
    assert alpha["fields"]["n_analysed"]["conflict"] is True
    route = alpha["fields"]["route"]
    assert (route["value"], route["text"], route["missing"]) == (None, "not checked", "not checked")


def test_the_bundled_numbers_are_those_of_the_file(bundled):
    """Counted again with nothing but the csv module."""
    with (BUNDLED / "screening.csv").open(newline="", encoding="utf-8") as file:
        decisions = list(csv.DictReader(file))
    included = {row["record"]: row["study"] or row["record"] for row in decisions if row["decision"] == "include"}
    with (BUNDLED / "extraction.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["record"] in included]
    assert set(bundled.frame.index) == set(included.values())
    words = {"not reported", "not checked", "not applicable"}
    for name in ("design", "condition", "result", "adverse_events", "n_randomised"):
        filled = {included[row["record"]] for row in rows if row["field"] == name and row["value"] not in words}
        assert set(bundled.frame.index[bundled.frame[name].notna()]) == filled, name


def test_two_builds_are_equal(bundled):
    again = evidence_table(load_review(), view="full")
    pd.testing.assert_frame_equal(bundled.frame, again.frame)
    pd.testing.assert_frame_equal(bundled.cells, again.cells)


def test_columns_of_ones_own_stand_in_the_order_named():
    table = evidence_table(synthetic_review(), columns="study, dose,design,dose")
    assert [field.name for field in table.fields] == ["dose", "design"]
    assert list(table.frame.columns) == [*IDENTITY, "dose", "design"]
    assert set(table.cells.field) == {"dose", "design"}
    same = evidence_table(synthetic_review(), columns=["dose", "design"])
    pd.testing.assert_frame_equal(same.frame, table.frame)
    assert "chosen columns" in repr(table)


def test_no_benefit_is_chosen_without_its_harms():
    table = evidence_table(synthetic_review(), columns="design,result,dose")
    assert [field.name for field in table.fields] == ["design", "result", "adverse_events", "dose"]
    assert "adverse_events" in " ".join(table.notes)
    asked = evidence_table(synthetic_review(), columns="adverse_events,design,primary_direction")
    assert [field.name for field in asked.fields] == ["adverse_events", "design", "primary_direction"]
    assert asked.notes == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"columns": "design,n"}, "Did you mean “n_total”"),
        ({"columns": "design,followp"}, "Did you mean “followup”"),
        ({"columns": " , "}, "no column is named"),
        ({"columns": "design,title"}, "“title” is no column to choose"),
        ({"columns": "design", "view": "design"}, "both a view and columns"),
        ({"view": "design,dose"}, "--columns design,dose"),
        ({"view": "dose"}, "--columns dose"),
    ],
)
def test_columns_that_cannot_be_chosen_are_explained(asked, said):
    with pytest.raises(InputError, match=said):
        evidence_table(synthetic_review(), **asked)


def test_behind_chosen_columns_stand_all_the_others(full):
    table = evidence_table(synthetic_review(), columns="dose,design", where="year>=2014")
    names = [field.name for field in table.whole.fields]
    assert names[:2] == ["dose", "design"]
    assert sorted(names) == sorted(FIELDS)
    behind = full.cells[full.cells.study.isin(list(table.frame.index))]
    assert len(table.whole.cells) == len(behind)
    assert evidence_table(synthetic_review()).whole is None


def test_what_a_student_tries_first(bundled):
    assert len(evidence_table()) == len(evidence_table(BUNDLED)) == len(evidence_table(str(BUNDLED))) == len(bundled)
    assert bundled["n_total"].equals(bundled.frame["n_total"])
    assert len(bundled.head(3)) == 3
    assert ".frame" in repr(bundled)
    assert evidence_table(where="year=1800")  # a table, though of no study
    with pytest.raises(InputError, match="Did you mean “n_total”"):
        bundled["n"]
    with pytest.raises(AttributeError, match=r"\.frame\.shape"):
        bundled.shape  # noqa: B018
    with pytest.raises(AttributeError, match="no “nonsense”$"):
        bundled.nonsense  # noqa: B018
    with pytest.raises(InputError, match="no such folder"):
        evidence_table("nowhere")
    with pytest.raises(InputError, match="is not a review"):
        evidence_table(42)
