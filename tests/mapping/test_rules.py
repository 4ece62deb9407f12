"""Questions: do the words people use land where a reader would put them, and is what nothing fits said to be so?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.mapping.groups import Condition, Route, Window
from ketalit.mapping.regimen import regimen, window
from ketalit.mapping.rules import CONDITIONS, ROUTES, place
from ketalit.table.selection import told_hours


def condition(text, title=""):
    return place(
        CONDITIONS, text, title=title, several=Condition.OTHER, none=Condition.NOT_PLACED, missing="not reported"
    )


def route(text):
    return place(ROUTES, text, several=Route.OTHER, none=Route.OTHER, missing="not reported")


@pytest.mark.parametrize("rule", CONDITIONS, ids=lambda rule: rule.name)
def test_every_condition_rule_decides_its_example(rule):
    found = condition(rule.example)
    assert (found.group, found.rule) == (rule.group, rule.name)


@pytest.mark.parametrize("rule", ROUTES, ids=lambda rule: rule.name)
def test_every_route_rule_decides_its_example(rule):
    found = route(rule.example)
    assert (found.group, found.rule) == (rule.group, rule.name)


def test_rules_give_way_only_to_rules_that_exist():
    for rules in (CONDITIONS, ROUTES):
        names = [rule.name for rule in rules]
        assert len(set(names)) == len(names)
        assert {name for rule in rules for name in rule.over} <= set(names)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Complex Regional Pain Syndrome type I after acute fracture", Condition.CRPS),
        ("neuropathic pain after surgery", Condition.NEUROPATHIC),
        ("breast cancer surgery", Condition.ACUTE),
        ("chronic pain after breast cancer surgery", Condition.OTHER),
        ("chronic non-cancer pain", Condition.OTHER),
        ("pain without neuropathic component", Condition.OTHER),
        ("post-ischaemic stroke pain, central post-stroke pain", Condition.NEUROPATHIC),
        ("critical limb ischemia", Condition.ISCHAEMIC),
        ("acute exacerbation of chronic pain", Condition.OTHER),
        ("chemotherapy-induced peripheral neuropathy", Condition.NEUROPATHIC),
        ("fibromyalgia and complex regional pain syndrome", Condition.OTHER),
        ("depression with chronic pain", Condition.OTHER),
        ("major depressive disorder", Condition.PSYCHIATRIC),
        ("asthma", Condition.NOT_PLACED),
        ("acute asthma", Condition.NOT_PLACED),
        ("ischaemic heart disease", Condition.NOT_PLACED),
        ("acute pain after trauma", Condition.ACUTE),
    ],
)
def test_conditions(text, group):
    assert condition(text).group == group


def test_the_title_helps_where_the_condition_says_nothing():
    found = condition("", "A trial in fibromyalgia")
    assert found.group is Condition.FIBROMYALGIA
    assert "title" in found.why
    assert "not reported" in found.why
    assert condition("asthma", "A trial in fibromyalgia").why.endswith("no rule fits “asthma”")


def test_only_the_rule_that_asks_for_it_sees_the_title_beside_a_condition():
    assert condition("laparoscopic surgery", "Ketamine and remifentanil-induced hyperalgesia").group == (
        Condition.HYPERALGESIA
    )
    assert condition("laparoscopic surgery", "Ketamine in fibromyalgia").group is Condition.ACUTE


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("IV", Route.IV_ONCE),
        ("orally", Route.ORAL),
        ("intranasal, at home", Route.NASAL),
        ("oral mucosal lozenge", Route.SUBLINGUAL),
        ("SC infusion", Route.INJECTED),
        ("caudal", Route.SPINAL),
        ("intravenous then oral", Route.OTHER),
        ("intravenous regional block", Route.OTHER),
        ("infusion", Route.OTHER),
        ("", Route.OTHER),
    ],
)
def test_routes(text, group):
    assert route(text).group == group


@pytest.mark.parametrize(
    ("dose", "duration", "crossover", "group"),
    [
        ("0.5 mg/kg over 40 min", "", False, Route.IV_ONCE),
        ("0.5 mg/kg", "single infusion", False, Route.IV_ONCE),
        ("", "4.2 days", False, Route.IV_REPEATED),
        ("", "24 h", False, Route.IV_ONCE),
        ("", "25 h", False, Route.IV_REPEATED),
        ("", "40 min, twice", False, Route.IV_REPEATED),
        ("0.5 mg/kg once daily", "5 days", False, Route.IV_REPEATED),
        ("", "30 min, in three sessions", True, Route.IV_ONCE),
        ("", "30 min, in three sessions", False, Route.IV_REPEATED),
        ("", "one infusion in each 35-day period", True, Route.IV_ONCE),
        ("6 infusions", "2 weeks", False, Route.IV_REPEATED),
        ("", "until pain was gone for 8 h", False, Route.OTHER),
        ("", "", False, Route.OTHER),
    ],
)
def test_regimens(dose, duration, crossover, group):
    found = regimen("intravenous", dose, duration, crossover=crossover, followup=Window.NOT_STATED)
    assert found.group == group


def test_a_session_is_one_giving():
    assert regimen("intravenous", "", "", crossover=False, followup=Window.SESSION).group is Route.IV_ONCE


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("within the session", Window.SESSION),
        ("6 h", Window.SESSION),
        ("7 h", Window.WEEK),
        ("1 week", Window.WEEK),
        ("8 days", Window.MONTHS),
        ("3 months", Window.MONTHS),
        ("12 weeks", Window.MONTHS),
        ("13 weeks", Window.MONTHS),
        ("100 days", Window.LONGER),
        ("up to 12 years", Window.LONGER),
        ("two weeks", Window.MONTHS),
        ("months", Window.NOT_STATED),
        ("", Window.NOT_STATED),
    ],
)
def test_windows(text, group):
    assert window(text).group == group


def test_during_treatment_is_as_long_as_the_treatment():
    assert window("during treatment", "7 days").group is Window.WEEK
    assert window("during treatment", "").group is Window.NOT_STATED


@given(st.integers(1, 500), st.sampled_from(["h", "days", "weeks", "months"]), st.integers(1, 500))
def test_a_longer_follow_up_never_lies_in_an_earlier_window(number, unit, more):
    order = [*Window]
    one, two = (window(f"{value} {unit}").group for value in (number, number + more))
    assert order.index(one) <= order.index(two)


@given(st.text(), st.text(), st.text())
def test_any_text_has_a_place_and_a_reason(text, title, other):
    for found in (
        condition(text, title),
        route(text),
        window(text, other, missing="none"),
        regimen(text, title, other, crossover=True, followup=Window.WEEK),
    ):
        assert found.why or not text
    assert told_hours(text) >= 0
