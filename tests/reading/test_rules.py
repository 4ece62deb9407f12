"""Is every rule what it says: named once, with an example that fires it and a reason?"""

import re
from collections import Counter
from pathlib import Path

import pytest

from ketalit.errors import InputError
from ketalit.reading import RULES, read_record
from ketalit.reading.normal import normalise
from ketalit.reading.rulebook import as_markdown, rules_about
from ketalit.records.model import Record, Section


def test_names_are_unique():
    assert [name for name, count in Counter(rule.name for rule in RULES).items() if count > 1] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_example_fires_its_rule(rule):
    norm = normalise(rule.example).text
    assert rule.regex.search(norm), norm
    assert not rule.keys or any(key in norm for key in rule.keys)
    assert not rule.hint or re.search(rule.hint, norm)
    assert rule.reason


def test_the_page_of_rules_is_that_of_the_code():
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8").endswith(as_markdown(RULES)), "write it anew: make docs"


def test_rules_are_found_by_what_they_read():
    assert {rule.name.split("/")[0] for rule in rules_about(RULES, "n")} == {"n"}
    assert [rule.name for rule in rules_about(RULES, "arms/two")] == ["arms/two"]
    with pytest.raises(InputError, match="no rules about 'doze'.*dose"):
        rules_about(RULES, "doze")


def trial(text: str, title: str = "Drug X for pain", **more: object) -> dict[str, object]:
    record = Record(source="person", key="t1", title=title, abstract=(Section(text=text, label="Methods"),), **more)
    return {finding.field: finding.value for finding in read_record(record)}


@pytest.mark.parametrize(
    ("text", "n", "arms"),
    [
        ("Sixty patients were randomised to drug X or placebo.", 60, 2),
        ("A total of 1,240 adults were randomly allocated to two groups.", 1240, 2),
        ("One hundred and six patients were enrolled and randomly assigned to three groups.", 106, 3),
        ("Patients were randomly divided into four groups of 30 patients each.", 120, 4),
        ("Patients were randomised to drug X (n = 31) or placebo (n = 29).", 60, 2),
        ("Adults were randomised to drug X, drug Y, or placebo (n = 15/group).", 45, 3),
        ("We randomised 55 and 52 subjects to drug X and placebo.", 107, 2),
        ("Of 80 screened, 60 were randomised to drug X or placebo.", 60, 2),
        ("Forty-five ASA physical status I-II patients aged 18–60 years were randomised to X or placebo.", 45, 2),
    ],
)
def test_numbers_of_subjects_and_groups(text, n, arms):
    found = trial(text)
    assert (found["n_total"], found["arms"]) == (n, arms)


@pytest.mark.parametrize(
    ("title", "text", "design"),
    [
        ("Drug X for pain", "Patients were randomly assigned to drug X or placebo.", "parallel RCT"),
        ("Drug X for pain", "In a randomised crossover study twelve adults had drug X and placebo.", "crossover RCT"),
        ("Drug X in schools", "Twenty schools were randomly assigned to drug X or nothing.", "cluster RCT"),
        ("Drug X: study protocol for a randomised trial", "Patients will be randomised.", "protocol"),
        ("Sleep: a secondary analysis of a randomised trial", "Patients had been randomised.", "secondary analysis"),
        ("Drug X in rats", "Forty rats were randomly divided into four groups.", "animal study"),
        ("Drug X: a systematic review and meta-analysis", "Randomised trials were pooled.", "meta-analysis"),
        ("Drug X for phantom pain: a case report", "A 50-year-old man had drug X.", "case report"),
        ("Erratum to: a randomised trial of drug X", "", "correction"),
        ("Retraction: a randomised trial of drug X", "", "retraction"),
        ("Comment on: a randomised trial of drug X", "", "editorial or letter"),
        ("Drug X for pain", "Patients were divided into two groups by ward; one had drug X.", "non-randomised trial"),
        ("Opioids after surgery: a retrospective cohort study", "Charts of 900 patients were read.", "cohort"),
    ],
)
def test_designs(title, text, design):
    assert trial(text, title)["design"] == design


def test_trials_of_others_are_not_this_study():
    text = "Background: Previous randomised trials have shown little. Methods: Charts were reviewed retrospectively."
    record = Record(source="person", key="t1", title="Opioids after surgery", abstract=(Section(text=text),))
    found = {finding.field: finding.value for finding in read_record(record)}
    assert (found["design"], found["randomised"]) == ("cohort", False)


def test_numbers_of_a_scale_or_class_are_not_people():
    assert trial("Fifty patients of ASA status 1 or 2 adults were randomised to drug X or placebo.")["n_total"] == 50
