"""Questions: does a condition select what it says, and is a wrong one explained instead of giving an empty table?"""

import pandas as pd
import pytest

from ketalit.errors import InputError
from ketalit.table import evidence_table
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


def test_an_unknown_key_is_explained():
    with pytest.raises(InputError, match="Did you mean “year”"):
        shown(sort="-yaer")


def test_numbers_agree_with_pandas():
    frame = evidence_table(synthetic_review(), screened="all").frame
    for operator, mask in ((">=", frame.n_total >= 24), ("<", frame.n_total < 24)):
        assert set(shown(f"n_total{operator}24", screened="all")) == set(frame.index[mask.fillna(False)])
    assert pd.isna(frame.loc["gamma2016", "n_total"])
