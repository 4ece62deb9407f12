"""The validation pass catches the traps of the literature (each case is synthetic, its shape was met in print)."""

import dataclasses
from pathlib import Path

import pytest

from ketalit.checks import check_review
from ketalit.findings import Finding
from ketalit.pooling.effects import EffectRow, Measure
from ketalit.records.model import Record
from ketalit.review import Extraction, Review, Screening
from ketalit.vocabulary import Checked, Decision, Missing, Origin


def codes(*findings, record=None):
    record = record or Record(source="person", key="a")
    rows = tuple(Extraction("a", finding) for finding in findings)
    return [doubt.code for doubt in check_review(review(record, rows))]


def review(record, rows):
    return Review(path=Path(), title="Synthetic", records={"a": record}, extraction=rows)


def value(field, value, **facts):
    return Finding(field=field, value=value, origin=Origin.PERSON, **{"who": "me", **facts})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pain 2.7 ± 0.5 after a week", "dispersion"),
        ("better in 16.0+35.3+45.7 % of people", "percentages"),
        ("relief in 12/30 (60%)", "share"),
        ("relief in 12 of 10 (40%)", "share"),
        ("MD -1.1 (95% CI -2.3 to 0.1), P<0.001", "interval-p"),
        ("MD -1.1 (95% CI -2.3 to -0.1), P=0.30", "interval-p"),
        ("RR 5.4 (95% CI 2.6 to 10.8), P=0.2", "interval-p"),
        ("MD 3.0 (95% CI -2.3 to 0.1)", "interval"),
    ],
)
def test_text_that_contradicts_itself(text, code):
    assert codes(value("result", text)) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "pain 2.7 ± 0.5 (SEM) after a week",
        "better, same, worse in 20+30+50 % of people",
        "relief in 18/30 (60%)",
        "MD -1.1 (95% CI -2.3 to 0.1), P=0.07",
        "MD -1.1 (95% CI -2.3 to -0.1), P<0.05",
        "RR 1.2 (95% CI 0.8 to 1.6), P>0.05",
        "less pain at 15 min (95% CI -2.3 to -0.1)",
        "C50 10.5 ng/mL (95% CI 4.4 to 21.2)",
        "P<0.001 for heterogeneity; MD -1.1 (95% CI -2.3 to 0.1)",
    ],
)
def test_text_that_does_not(text):
    assert codes(value("result", text)) == []


def test_more_people_analysed_than_randomised_are_periods():
    assert codes(value("n_randomised", 8), value("n_analysed", 16)) == ["people"]


def test_a_bolus_given_as_a_rate_is_out_of_range():
    note = "0.5 mg/kg in 1 min = 30 mg/kg/h"
    assert "range" in codes(value("dose", "0.5 mg/kg"), value("dose_mg_per_kg_per_h", 30.0, note=note))


def test_a_rate_in_other_units_is_not_taken_for_the_field():
    assert "unit" in codes(value("dose", "x"), value("dose_mg_per_kg_per_h", 5.0, unit="µg/kg/min", note="as printed"))


def test_a_computed_dose_shows_its_arithmetic():
    assert codes(value("dose", "22 mg/h per 70 kg"), value("dose_mg_per_kg_per_h", 0.31)) == ["dose"]


@pytest.mark.parametrize(
    ("given", "rate", "codes_found"),
    [
        ("22.2 mg/h per 70 kg", 0.317, []),
        ("5 µg/kg/min", 0.3, []),
        ("5 µg/kg/min", 5.0, ["dose"]),  # the number without its unit
        ("0.1 to 0.35 mg/kg/h", 0.35, []),
        ("25 mg/h", 0.36, []),  # needs a weight nobody gave, so nothing can be said
    ],
)
def test_a_rate_follows_from_the_dose_as_given(given, rate, codes_found):
    assert codes(value("dose", given), value("dose_mg_per_kg_per_h", rate, note="shown")) == codes_found


def test_design_and_randomisation_agree():
    assert codes(value("design", "cohort"), value("randomised", True)) == ["design"]
    assert codes(value("design", "parallel RCT"), value("randomised", False)) == ["design"]


def test_an_uncontrolled_study_favours_nothing():
    assert codes(value("design", "single-arm trial"), value("primary_direction", "favours intervention")) == [
        "direction"
    ]


def test_a_curated_value_says_what_was_read_and_how_often():
    assert codes(Finding(field="n_total", value=8, origin=Origin.CURATED)) == ["checked", "source"]
    seen = Finding(field="n_total", value=8, origin=Origin.CURATED, checked=Checked.ONE, source="PMID:101")
    assert codes(seen) == []
    nobody_looked = Finding(field="n_total", missing=Missing.NOT_CHECKED, origin=Origin.CURATED)
    assert codes(nobody_looked) == []


def test_a_source_can_be_opened():
    assert codes(value("n_total", 8, source="a")) == []  # the record itself, where it has no identifier
    assert codes(value("n_total", 8, source="a web page")) == ["source"]


def test_the_same_value_twice():
    assert codes(value("n_total", 8, source="PMID:1"), value("n_total", 9, source="PMID:1")) == ["duplicate"]


def test_identifiers_have_their_form():
    assert codes(record=Record(source="person", key="a", doi="10.1000")) == ["identifier"]
    assert codes(record=Record(source="person", key="a", unverified=("pmid",))) == ["identifier"]


def screened(*rows, reasons=()):
    record = Record(source="person", key="a")
    whole = Review(path=Path(), title="Synthetic", records={"a": record}, screening=rows, reasons=reasons)
    return [doubt.code for doubt in check_review(whole)]


def test_a_record_is_left_out_for_one_of_the_reasons_of_the_review():
    out = Screening(record="a", decision=Decision.EXCLUDE, reason="no comparison")
    assert screened(out, reasons=("animals",)) == ["reason"]
    assert screened(out, reasons=("animals", "no comparison")) == []
    assert screened(out) == []


def test_one_person_screens_a_record_once():
    row = Screening(record="a", decision=Decision.INCLUDE, who="me")
    assert screened(row, row) == ["duplicate"]
    assert screened(row, Screening(record="a", decision=Decision.INCLUDE, who="you")) == []


def test_two_people_who_decide_differently_are_told():
    rows = [Screening(record="a", decision=Decision.INCLUDE, who="me")]
    rows += [Screening(record="a", decision=Decision.EXCLUDE, who="you")]
    assert screened(*rows) == ["decision"]


def test_a_value_says_who_entered_it_and_when():
    assert codes(value("n_total", 8, who="")) == ["person"]
    assert codes(value("n_total", 8, when="22.11.2026")) == ["date"]


def test_letters_that_a_spreadsheet_damaged_are_told():
    assert "encoding" in codes(value("result", "2.7 Â± 0.5 (SD)"))
    assert codes(value("condition", "névralgie, 5 µg, Ångström")) == []


def test_the_n_is_the_number_randomised():
    assert codes(value("n_randomised", 60), value("n_total", 61)) == ["people"]


def test_an_explained_doubt_keeps_its_explanation():
    odd = value("result", "pain 2.7 ± 0.5", note="[dispersion] the abstract gives no label; the size suggests SEM")
    (doubt,) = check_review(review(Record(source="person", key="a"), (Extraction("a", odd),)))
    assert doubt.explained == "the abstract gives no label; the size suggests SEM"


@pytest.mark.parametrize(
    ("study", "said"),
    [
        ("a", "is no study of this review; it is a record of the study “CRPS trial”"),
        ("PMID: 1001", "is no study of this review; it is a record of the study “CRPS trial”"),
        ("CRPS trail", "is no study of this review, did you mean “CRPS trial”?"),
        ("somewhere else", "is no study of this review; its record is one of the study “CRPS trial”"),
    ],
)
def test_a_row_of_effects_without_a_study_is_told_which_it_may_mean(study, said):
    numbers = {"n1": 10, "mean1": 40, "sd1": 9, "n2": 10, "mean2": 50, "sd2": 9}
    row = EffectRow(study=study, record="a", comparison="a vs b", outcome="pain", measure=Measure.MD, **numbers)
    whole = dataclasses.replace(
        review(Record(source="person", key="a", pmid="1001"), ()),
        screening=(Screening(record="a", decision=Decision.INCLUDE, study="CRPS trial"),),
        effects=(row,),
    )
    assert [doubt.what for doubt in check_review(whole) if doubt.code == "study"] == [said]


def test_rows_of_one_outcome_that_disagree_on_what_is_better_are_told():
    numbers = {"n1": 10, "mean1": 40, "sd1": 9, "n2": 10, "mean2": 50, "sd2": 9}
    named = {"study": "a", "record": "a", "comparison": "a vs b", "outcome": "pain", "measure": Measure.MD}
    rows = [EffectRow(**named, **numbers, hours=hours, better=end) for hours, end in ((1, "lower"), (2, "higher"))]
    for effects, codes in ((rows, ["direction"] * 2), (rows[:1] * 2, [])):
        whole = dataclasses.replace(
            review(Record(source="person", key="a", pmid="1001"), ()), effects=tuple(effects), effect_lines=(2, 3)
        )
        assert [doubt.code for doubt in check_review(whole) if doubt.code == "direction"] == codes
