"""Judgements of the risk of bias; the judgements are synthetic, and nothing fills one in."""

from ketalit.review import Domain, Judgement, RiskOfBias
from ketalit.synthesis import choose, risk_of_bias
from ketalit.synthesis.bias import overall

from .synthetic import review, row

ONE = (row(),)


def judged(domain, judgement, **facts):
    named = {"study": "amber2015", "outcome": "pain", "reason": "made up", "who": "AB", "when": "2026-11-22"}
    return RiskOfBias(**{**named, "domain": Domain(domain), "judgement": Judgement(judgement), **facts})


def table(*judgements, rows=ONE):
    frame = risk_of_bias(review(*rows, risk_of_bias=judgements))
    return {(one.study, one.time, one.domain): one.judgement for one in frame.itertuples()}


def test_what_nobody_judged_is_not_assessed():
    found = table(judged("D1", "low"))
    assert found.pop(("amber2015", "", "D1")) == "low"
    assert set(found.values()) == {"not assessed"}
    assert len(found) == 5


def test_an_overall_judgement_is_not_made_up_from_domains():
    found = table(*(judged(f"D{number}", "high") for number in range(1, 6)))
    assert found["amber2015", "", "overall"] == "not assessed"


def test_a_judgement_of_one_time_is_preferred_and_one_of_all_times_serves_the_others():
    rows = (row(window="short term"), row(window="medium term"))
    found = table(judged("D3", "low"), judged("D3", "high", time="medium term"), judged("D3", "low"), rows=rows)
    assert found["amber2015", "medium term", "D3"] == "high"
    assert found["amber2015", "short term", "D3"] == "low"


def test_a_judgement_is_of_one_result_and_not_of_the_trial():
    rows = (row(), row(comparison="drug vs other drug"))
    told = (judged("D1", "low"), judged("D1", "high", comparison="drug vs other drug"))
    frame = risk_of_bias(review(*rows, risk_of_bias=told))
    found = {one.comparison: one.judgement for one in frame.itertuples() if one.domain == "D1"}
    assert found == {"drug vs placebo": "low", "drug vs other drug": "high"}


def test_the_later_line_counts():
    assert table(judged("D2", "high"), judged("D2", "some concerns"))["amber2015", "", "D2"] == "some concerns"


def test_reason_and_author_travel_with_a_judgement():
    frame = risk_of_bias(review(row(), risk_of_bias=(judged("D1", "low"),)))
    assert list(frame.iloc[0][["domain_name", "reason", "who", "when"]]) == [
        "randomisation process",
        "made up",
        "AB",
        "2026-11-22",
    ]


def test_overall_judgements_are_counted_over_the_results_chosen():
    rows = (row(), row(study="basalt2016"), row(study="coral2017", outcome="sleep"))
    whole = review(*rows, risk_of_bias=(judged("overall", "high"), judged("overall", "low", outcome="sleep")))
    assert overall(whole, choose(whole, comparison="drug vs placebo", outcome="pain")) == "1 high, 1 not assessed"
