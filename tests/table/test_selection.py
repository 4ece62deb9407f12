"""Questions: does a condition select what it says, and is a wrong one explained instead of giving an empty table?"""

import dataclasses
from types import MappingProxyType

import pandas as pd
import pytest

from ketalit import mapping
from ketalit.errors import InputError
from ketalit.findings import Finding
from ketalit.mapping.groups import Condition
from ketalit.mapping.rules import place
from ketalit.records.model import Date
from ketalit.review import Extraction
from ketalit.table import evidence_table
from ketalit.vocabulary import CONDITION_NAMES, Origin, name_pattern
from tests.synthetic_review import synthetic_review


def shown(where=None, sort=None, screened="include"):
    return list(evidence_table(synthetic_review(), where=where, sort=sort, screened=screened).frame.index)


@pytest.mark.parametrize(
    ("where", "studies"),
    [
        ("design=parallel RCT", {"ALPHA", "delta2018", "theta2023"}),
        ("design = Parallel rct", {"ALPHA", "delta2018", "theta2023"}),
        ("design!=parallel RCT", {"beta2014", "gamma2016", "epsilon2020"}),
        ("design~rct", {"ALPHA", "beta2014", "delta2018", "theta2023"}),
        ("n_total>=60", {"ALPHA", "delta2018"}),
        ("n_total > 60", {"delta2018"}),
        ("n_total<24", {"beta2014"}),
        ("n_total<=24", {"beta2014", "epsilon2020"}),
        ("n_total=60", {"ALPHA"}),
        ("year>=2016 AND design~review", {"gamma2016"}),
        (["year>=2016", "design~review"], {"gamma2016"}),
        ("adverse_events=not reported AND year<2023", {"gamma2016", "epsilon2020"}),
        ("status=retracted", {"delta2018"}),
        ("identifier_status=unverified", {"beta2014"}),
        ("randomised=true AND blinding=double AND n_randomised>=60", {"ALPHA"}),
        ("study=ALPHA", {"ALPHA"}),
        ("result~-1.12 (", {"ALPHA"}),
        ("dose_mg_per_kg>=500 µg/kg", {"ALPHA"}),
        ("dose_mg_per_kg>0.5 mg/kg", set()),
    ],
)
def test_conditions(where, studies):
    assert set(shown(where)) == studies


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("n_totl>=30", "Did you mean “n_total”"),
        ("n_total>=many", "“many” is not a number"),
        ("n_total=nan", "“nan” is not a number"),
        ("condition>3", "holds no numbers"),
        ("design=paralel RCT", "Did you mean “parallel RCT”"),
        ("design", "not a condition"),
        ("", "not a condition"),
        ("n_total>=30 AND", "not a condition"),
        ("n_total>=30 people", "“30 people” is not a number"),
        ("dose_mg_per_kg>=35 mg", '"mg" cannot be turned into mg/kg'),
        ("dose_mg_per_kg>=much", "“much” is not a number"),
        ("followup>=12", "“12” has no unit.*“followup>=12 weeks”"),
        ("followup>=12 mg", '"mg" cannot be turned into h.*“followup>=12 weeks”'),
        ("followup>=3 m", 'Write "min" for minutes'),
        ("followup>=3 fortnight-ish", "is not a unit"),
        ("duration>=2 weeks", "holds no numbers"),
    ],
)
def test_a_wrong_condition_is_explained(where, said):
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        shown(where)


def test_words_of_a_closed_list_sort_in_its_order_and_absent_values_last():
    assert shown(sort="design,-year") == ["theta2023", "delta2018", "ALPHA", "beta2014", "gamma2016", "epsilon2020"]
    assert shown(sort="-n_total") == ["delta2018", "ALPHA", "theta2023", "epsilon2020", "beta2014", "gamma2016"]
    assert shown(sort="n_total")[-1] == "gamma2016"


def test_without_a_key_the_order_is_that_of_the_review():
    assert shown() == ["ALPHA", "beta2014", "gamma2016", "delta2018", "epsilon2020", "theta2023"]


@pytest.mark.parametrize(("sort", "meant"), [("-yaer", "year"), ("n", "n_total"), ("Follow-up", "followup")])
def test_an_unknown_key_is_explained(sort, meant):
    with pytest.raises(InputError, match=f"Did you mean “{meant}”"):
        shown(sort=sort)


def review_with(field, texts):
    """The synthetic review with one study for each of these texts."""
    review = synthetic_review()
    values = (Finding(field=field, value=text, origin=Origin.PERSON) for text in texts)
    rows = tuple(Extraction(name, value) for name, value in zip(review.records, values, strict=False))
    return dataclasses.replace(review, screening=(), extraction=rows)


def found(field, texts, where):
    table = evidence_table(review_with(field, texts), where=where, screened="all", columns=field)
    return set(table[field].dropna()), " ".join(table.notes)


FOLLOWED = ("within the session", "24 h", "seven days", "12 weeks", "3 and 6 months", "a year", "52 weeks")


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("followup>=12 weeks", {"12 weeks", "3 and 6 months", "a year", "52 weeks"}),
        ("followup>=84 days", {"12 weeks", "3 and 6 months", "a year", "52 weeks"}),
        ("followup>12 weeks", {"3 and 6 months", "a year", "52 weeks"}),
        ("followup<=1 week", {"24 h", "seven days"}),
        ("followup<0.5 month", {"24 h", "seven days"}),
        ("followup>=12 months", {"a year", "52 weeks"}),
        ("followup>1 year", set()),
        ("followup=12 weeks", {"12 weeks"}),
    ],
)
def test_lengths_of_time_are_compared_in_any_unit(where, wanted):
    assert found("followup", FOLLOWED, where)[0] == wanted


def test_lengths_of_time_sort_by_length():
    table = evidence_table(review_with("followup", FOLLOWED), columns="followup", sort="-followup", screened="all")
    told = [text for text in table["followup"].dropna() if text in FOLLOWED]
    assert told == ["a year", "52 weeks", "3 and 6 months", "12 weeks", "seven days", "24 h", "within the session"]


def test_what_has_no_number_and_no_reason_is_told_too():
    review = synthetic_review()
    undated = dataclasses.replace(review.records["beta2014"], published=Date())
    records = MappingProxyType({**review.records, "beta2014": undated})
    table = evidence_table(dataclasses.replace(review, records=records), where="year>=2000")
    assert table.notes == ("“year>=2000” leaves out 1 study without a number",)


def test_what_could_not_be_compared_is_told():
    _, told = found("followup", FOLLOWED, "followup>=12 weeks")
    assert "1 in words only (“within the session”)" in told
    assert evidence_table(synthetic_review(), where="year>=2000").notes == ()
    (told,) = evidence_table(synthetic_review(), where="n_total>=30").notes
    assert told.endswith("leaves out 1 study without a number: 1 not applicable")  # the review of reviews
    assert evidence_table(synthetic_review(), where="n_total>=30 AND design~RCT").notes == ()


NAMED = (
    "chronic complex regional pain syndrome",
    "CRPS type 1",
    "reflex sympathetic dystrophies",
    "postherpetic neuralgia",
    "neuropathic pain",
    "xcrpsx",
)


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("condition~CRPS", {NAMED[0], NAMED[1], NAMED[2], NAMED[5]}),
        ("condition~Complex Regional Pain Syndrome", set(NAMED[:3])),
        ("condition~reflex sympathetic dystroph", {NAMED[2]}),
        ("condition~regional pain", {NAMED[0]}),
        ('condition~"CRPS"', {NAMED[1], NAMED[5]}),
        ("condition~PHN", {NAMED[3]}),
        ("condition~neuropathic pain", {NAMED[4]}),
    ],
)
def test_a_condition_is_found_under_every_name(where, wanted):
    assert found("condition", NAMED, where)[0] == wanted


def test_names_that_a_name_stood_for_are_told():
    assert "complex regional pain syndrome" in found("condition", NAMED, "condition~CRPS")[1]
    assert found("condition", NAMED, "condition~regional")[1] == ""
    assert found("scale", ("CRPS",), "scale~CRPS")[1] == ""


@pytest.mark.parametrize("names", CONDITION_NAMES, ids=lambda names: names.same[0])
def test_names_of_one_condition_are_one_group_of_the_evidence_map(names):
    def group(name):
        asked = {"several": Condition.OTHER, "none": Condition.NOT_PLACED, "missing": ""}
        return place(mapping.CONDITIONS, name, **asked).group

    assert len({group(name) for name in (*names.same, *names.older)} - {Condition.NOT_PLACED}) == 1


def test_no_name_belongs_to_two_conditions():
    patterns = [[name_pattern(name) for name in (*one.same, *one.older)] for one in CONDITION_NAMES]
    for at, one in enumerate(CONDITION_NAMES):
        for name in (*one.same, *one.older):
            assert [any(p.search(name) for p in group) for group in patterns].index(True) == at
            assert sum(any(p.search(name) for p in group) for group in patterns) == 1


def test_a_text_that_no_cell_is_hints_at_a_part_of_it():
    table = evidence_table(where="condition=CRPS")
    assert len(table) == 0
    count = len(evidence_table(where="condition~CRPS"))
    assert table.notes == (
        f"no condition is “CRPS” and nothing else; “condition~CRPS” finds it within {count} studies",
    )
    assert "here there is none" in evidence_table(where="condition=gout").notes[0]


def test_numbers_agree_with_pandas():
    frame = evidence_table(synthetic_review(), screened="all").frame
    for operator, mask in ((">=", frame.n_total >= 24), ("<", frame.n_total < 24)):
        assert set(shown(f"n_total{operator}24", screened="all")) == set(frame.index[mask.fillna(False)])
    assert pd.isna(frame.loc["gamma2016", "n_total"])
