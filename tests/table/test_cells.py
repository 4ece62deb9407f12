"""Questions: who wins, what conflicts, and does every study x field have an answer or say why not?"""

import dataclasses

import pandas as pd
import pytest

from ketalit.fields import FIELDS
from ketalit.findings import Finding
from ketalit.records.files import read_file
from ketalit.records.text import canonical_text
from ketalit.review import Extraction, Review, load_review
from ketalit.studies import studies
from ketalit.table import cells as cells_module
from ketalit.table.cells import CELL_TYPES, cells, not_applicable, same_value
from ketalit.vocabulary import Checked, Design, Missing, Origin
from tests.shared import SHARED, needs_shared
from tests.synthetic_review import synthetic_review


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return cells(synthetic_review())


def candidates(table: pd.DataFrame, study: str, field: str) -> pd.DataFrame:
    return table[(table.study == study) & (table.field == field)]


def with_entries(*entries: Extraction):
    return dataclasses.replace(synthetic_review(), extraction=entries)


def entry(record: str, field: str, value=None, missing=None, origin=Origin.CURATED):
    checked = Checked.ONE if origin is Origin.CURATED else None
    return Extraction(record, Finding(field=field, value=value, missing=missing, origin=origin, checked=checked))


def test_types(table):
    assert {name: str(kind) for name, kind in table.dtypes.items()} == CELL_TYPES


def test_each_study_and_field_has_one_winner_with_a_value_or_a_reason(table):
    winners = table[table.winner]
    assert len(winners) == len(studies(synthetic_review())) * len(FIELDS)
    assert not winners.duplicated(["study", "field"]).any()
    assert ((winners.missing != "") | winners.value.notna()).all()
    assert winners[(winners.missing != "") & (winners.origin == "")].note.ne("").all()


def test_a_person_beats_the_curated_value_and_the_difference_shows(table):
    rows = candidates(table, "ALPHA", "n_analysed")
    assert rows.value.tolist() == [57, 58]
    assert rows.origin.tolist() == ["person", "curated"]
    assert rows.winner.tolist() == [True, False]
    assert rows.conflict.tolist() == [True, False]


def test_a_companion_report_fills_what_the_main_one_leaves_open(table):
    row = candidates(table, "ALPHA", "scale").iloc[0]
    assert (row.text, row.record, row.source) == ("NRS 0-10", "alpha2012", "PMID:1000002")


def test_what_a_companion_is_does_not_become_the_design_of_the_study():
    review = with_entries(entry("alpha2012", "design", "protocol"), entry("alpha2009", "design", "parallel RCT"))
    assert candidates(cells(review), "ALPHA", "design").value.tolist() == ["parallel RCT"]


def test_not_checked_never_hides_what_somebody_found():
    review = with_entries(
        entry("beta2014", "route", missing=Missing.NOT_CHECKED, origin=Origin.PERSON),
        entry("beta2014", "route", "oral"),
    )
    assert candidates(cells(review), "beta2014", "route").text.tolist() == ["oral", "not checked"]


def test_a_person_who_says_not_reported_overrules_but_the_value_stays_in_sight():
    review = with_entries(
        entry("beta2014", "route", missing=Missing.NOT_REPORTED, origin=Origin.PERSON),
        entry("beta2014", "route", "oral"),
    )
    rows = candidates(cells(review), "beta2014", "route")
    assert rows.text.tolist() == ["not reported", "oral"]
    assert rows.conflict.tolist() == [True, False]


def test_no_events_not_reported_and_not_checked_are_three_things(table):
    shown = {
        study: candidates(table, study, "adverse_events").iloc[0] for study in ("beta2014", "epsilon2020", "delta2018")
    }
    assert [row.text for row in shown.values()] == ["no events (0/20)", "not reported", "not checked"]
    assert [row.missing for row in shown.values()] == ["", "not reported", "not checked"]


def test_n_is_taken_from_randomised_failing_that_analysed_and_says_so(table):
    for study, n, rule in (("ALPHA", 60, "derived from n_randomised"), ("beta2014", 20, "derived from n_analysed")):
        row = candidates(table, study, "n_total").iloc[0]
        assert (row.value, row.rule, row.origin) == (n, rule, "curated")
        assert row.note
    alpha = candidates(table, "ALPHA", "n_total").iloc[0]
    assert (alpha.locator, alpha.source) == ("table 1", "PMID:1000001")


def test_a_given_n_is_not_overruled_by_a_derived_one():
    review = with_entries(entry("beta2014", "n_total", 28), entry("beta2014", "n_analysed", 21))
    assert candidates(cells(review), "beta2014", "n_total").value.tolist() == [28]


def test_what_makes_no_sense_for_a_design_says_so_and_names_the_design(table):
    row = candidates(table, "gamma2016", "blinding").iloc[0]
    assert (row.text, row.origin, row.rule) == ("not applicable", "curated", "derived from design")
    assert "narrative review" in row.note


def test_an_entered_not_reported_is_not_turned_into_not_applicable(table):
    assert candidates(table, "gamma2016", "adverse_events").iloc[0].text == "not reported"


@pytest.mark.parametrize("design", Design)
def test_a_study_of_people_is_always_asked_for_its_result_and_its_harms(design):
    without_people = {
        "narrative review",
        "guideline",
        "editorial or letter",
        "correction",
        "retraction",
        "laboratory study",
    }
    if design not in without_people and design is not Design.PROTOCOL:
        assert not not_applicable("result", design)
        assert not not_applicable("adverse_events", design)
    assert not not_applicable("design", design)


def test_the_reader_gives_quotes_that_stand_in_the_text(table):
    review = synthetic_review()
    quoted = table[table.quote != ""]
    assert set(quoted.study) == {"theta2023"}  # the only record with a text
    for row in quoted.itertuples():
        assert canonical_text(review.records[row.record]).text[row.start : row.end] == row.quote
    assert (table[table.origin == "reader"].study == "theta2023").all()


def test_a_cell_nobody_looked_at_names_no_source(table):
    untouched = table[table.origin == ""]
    assert (untouched.source == "").all()
    assert (untouched.missing == Missing.NOT_CHECKED).all()


def test_a_value_without_a_source_of_its_own_leads_to_its_report(table):
    assert candidates(table, "beta2014", "design").iloc[0].link == "https://pubmed.ncbi.nlm.nih.gov/1000003/"


def test_what_only_a_retracted_companion_says_comes_last():
    review = synthetic_review()
    retracted = dataclasses.replace(review.records["alpha2012"], corrections=review.records["delta2018"].corrections)
    review = dataclasses.replace(
        review,
        records={**review.records, "alpha2012": retracted},
        extraction=(
            entry("alpha2012", "route", "oral", origin=Origin.PERSON),
            entry("alpha2009", "route", "intravenous"),
        ),
    )
    assert candidates(cells(review), "ALPHA", "route").text.tolist() == ["intravenous", "oral"]


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("n_total", 60, 60, True),
        ("n_total", 60, 58, False),
        ("dose_mg_per_kg_per_h", 0.317, 0.32, True),
        ("dose_mg_per_kg_per_h", 0.317, 5.4, False),
        ("blinding", "double", "single", False),
        ("randomised", True, False, False),
        ("route", "IV infusion", "intravenous", True),
        ("route", "oral", "intravenous", False),
        ("followup", "12 weeks", "twelve weeks", True),
        ("followup", "12 weeks", "4 weeks", False),
        ("followup", "12 weeks", "3 months", False),
        ("dose", "0.5 mg/kg over 40 min", ".5 mg/kg", True),
    ],
)
def test_same_value(field, one, other, same):
    assert same_value(FIELDS[field], one, other) is same
    assert same_value(FIELDS[field], other, one) is same


def test_the_bundled_review_has_an_answer_or_a_reason_everywhere():
    review = load_review()
    table = cells(review)
    winners = table[table.winner]
    assert ((winners.missing != "") | (winners.text != "")).all()
    assert (winners[winners.missing == ""].source != "").all()
    identified = winners.source.str.match("PMID:|PMCID:|DOI:")
    assert (winners[identified].link != "").all()
    unidentified = winners[(winners.missing == "") & ~identified].record
    assert not any(review.records[name].identifiers for name in unidentified)


@needs_shared
def test_the_table_of_real_records_quotes_them_word_for_word():
    records = {record.id: record for record in read_file(SHARED / "labelled" / "medline_dev.nbib").records}
    review = Review(path=SHARED, title="real records", records=records)
    table = cells(review, studies(review)[:60])
    quoted = table[table.quote != ""]
    assert len(quoted) > 60
    for row in quoted.itertuples():
        assert canonical_text(records[row.record]).text[row.start : row.end] == row.quote
    winners = table[table.winner]
    assert winners.groupby("study").size().eq(len(FIELDS)).all()
    assert winners[winners.missing == ""].link.str.startswith("https://").all()


def test_every_origin_has_a_rank():
    assert list(cells_module._ORIGINS) == list(Origin)
