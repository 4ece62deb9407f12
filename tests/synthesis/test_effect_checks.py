"""The checks of a review look at effects and judgements; each case is synthetic, its shape was met in print."""

import pytest

from ketalit.checks import check_review
from ketalit.review import Domain, Judgement, RiskOfBias, load_review

from .synthetic import review, row


def found(*rows, **facts):
    return [doubt for doubt in check_review(review(*rows, **facts)) if doubt.code != "study"]


def codes(*rows, **facts):
    return [doubt.code for doubt in found(*rows, **facts)]


def test_rows_that_agree_raise_nothing():
    assert codes(row(), row(study="basalt2016"), row(study="coral2017", outcome="sleep")) == []


def test_an_sd_like_an_sem_is_told_with_its_line():
    (doubt,) = found(row(sd1=0.4, sd2=0.45, mean1=4.8), row(study="basalt2016"))
    assert (doubt.code, doubt.record, doubt.file, doubt.line) == ("sem", "amber2015", "effects.csv", 2)
    assert "If it is an SEM" in doubt.what


def test_a_huge_standardised_difference_is_told():
    """As Sigtermans 2009 gives with SEMs taken for SDs: g is -5.5."""
    rows = row(mean1=2.68, sd1=0.51, n1=30.0, mean2=5.45, sd2=0.48, n2=30.0)
    assert [doubt.what[:31] for doubt in found(rows)] == [
        "the standardised difference is ",
        "an SD of 0.49 is small for a sc",
    ]
    assert codes(row(mean1=2.68, sd1=0.51, n1=30.0, mean2=5.45, sd2=0.48, n2=30.0, spread="SEM")) == []


def test_a_p_that_does_not_fit_its_interval():
    """As Michelet 2018 was quoted: the p is that of heterogeneity."""
    (doubt,) = found(row(estimate=-1.11, ci_low=-1.74, ci_high=-0.48, p=0.87))
    assert doubt.code == "interval-p"
    assert codes(row(estimate=-1.11, ci_low=-1.74, ci_high=-0.48, p=0.0006)) == []
    assert codes(row(measure="RR", estimate=5.35, ci_low=2.64, ci_high=10.81, p=0.000003)) == []  # of a logarithm


def test_an_estimate_outside_its_interval():
    assert codes(row(estimate=3.0, ci_low=-1.74, ci_high=-0.48)) == ["interval"]


def test_a_trial_that_comes_twice():
    """As Dadabayev 2020: two strata as two rows."""
    rows = (row(), row(n2=19.0, mean2=5.2))
    assert codes(*rows) == ["twice", "twice"]
    assert codes(row(hours=24.0), row(hours=168.0)) == []  # two times are two analyses
    note = "[twice] two strata of different people"
    assert found(row(note=note), row(n2=19.0))[0].explained == "two strata of different people"


def test_a_comparison_group_used_twice():
    """As two doses against one placebo group."""
    assert codes(row(), row(mean1=3.0)) == ["control", "control"]
    assert codes(row(shared=2), row(mean1=3.0, shared=2)) == []
    assert codes(*(row(mean1=mean, shared=2) for mean in (3.0, 3.5, 4.0))) == ["control"] * 3


def test_a_mean_outside_its_scale_is_no_value_on_it():
    assert codes(row(mean1=-0.2, mean2=1.0)) == ["range"]
    assert codes(row(mean1=-0.2, mean2=1.0, score="change")) == []


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ({"sd1": -2.0}, "sd1 is -2"),
        ({"n1": 1.0}, "n1 is 1"),
        ({"spread": "unclear"}, "nobody knows whether the spread is an SD or an SEM"),
        ({"events1": 0.0, "events2": 0.0}, "nobody has the outcome in both arms"),
    ],
)
def test_a_row_that_gives_no_effect(broken, what):
    (doubt,) = found(row(**broken))
    assert (doubt.code, doubt.what) == ("effect", f"gives no effect: {what}")


def test_a_study_of_another_review_is_told_once():
    doubts = check_review(review(row(), row(outcome="sleep"), row(study="a")))
    assert [(doubt.code, doubt.record) for doubt in doubts] == [("study", "amber2015")]  # “a” is a record


def test_a_source_can_be_opened():
    assert codes(row(source="a web page")) == ["source"]
    assert codes(row(source="PMID:101"), row(study="basalt2016", source="a")) == []


def judged(domain, judgement, who="AB"):
    return RiskOfBias(study="amber2015", outcome="pain", domain=Domain(domain), judgement=Judgement(judgement), who=who)


def test_two_people_who_judge_differently_are_told():
    assert codes(risk_of_bias=(judged("D1", "low"), judged("D1", "high", "CD"))) == ["rob"]
    assert codes(risk_of_bias=(judged("D1", "low"), judged("D1", "low", "CD"))) == []


def test_an_overall_judgement_is_no_better_than_a_domain():
    (doubt,) = found(risk_of_bias=(judged("D1", "high"), judged("overall", "some concerns")))
    assert "is “some concerns” overall, and “high” in a domain (AB)" in doubt.what
    assert codes(risk_of_bias=(judged("D1", "low"), judged("overall", "some concerns"))) == []
    assert codes(risk_of_bias=(judged("D1", "high"), judged("overall", "not assessed"))) == []


def test_every_doubt_about_the_bundled_effects_is_explained():
    doubts = [doubt for doubt in check_review(load_review()) if doubt.file == "effects.csv"]
    assert {doubt.code for doubt in doubts} == {"study", "effect", "twice"}
    assert all(doubt.explained for doubt in doubts)
