"""Does the reader tell who was blind, what was compared, and on whom?"""

import pytest

from ketalit.reading import read_record
from ketalit.records.model import Record, Section


def found(text: str, title: str = "Drug X: a randomised trial", label: str = "Methods"):
    record = Record(source="person", key="t1", title=title, abstract=(Section(text=text, label=label),))
    return {finding.field: finding.value for finding in read_record(record)}


@pytest.mark.parametrize(
    ("text", "blinding"),
    [
        ("A double-blind trial.", "double"),
        ("Patients and investigators were unaware of the treatment.", "double"),
        ("Scars were judged by a surgeon blinded to group.", "assessor"),
        ("An investigator-blinded trial.", "assessor"),
        ("An open-label trial.", "open"),
        ("Smoke masks the field.", None),
    ],
)
def test_blinding(text, blinding):
    assert found(text)["blinding"] == blinding


def test_blinding_in_the_first_sentences():
    now = "This multicentre, placebo-controlled, double-blind study compared drug X with drug Y. Pain fell. Sleep rose."
    assert found(now, title="Drug X", label="")["blinding"] == "double"
    wished = "Drug X may help. Previous double-blind studies were small. Adults were randomised to drug X or drug Y."
    assert found(wished, title="Drug X", label="")["blinding"] is None


@pytest.mark.parametrize(
    ("title", "text", "comparator"),
    [
        ("Drug X", "Patients were randomised to drug X or placebo.", "placebo"),
        ("Drug X", "A randomised, double-dummy trial of drug X or drug Y.", "active"),
        ("Drug X", "After a placebo run-in adults were randomised to drug X or drug Y.", "active"),
        ("Drug X versus drug Y", "Adults were randomised. Both drugs did better than placebo.", "placebo+active"),
        ("Drug X", "Adults were randomised to a block with or without drug X.", "no treatment/usual care"),
        (
            "Drug X",
            "Adults were randomised to drug X (group D) or control (group S). Group S received drug Y.",
            "active",
        ),
        ("Drug X", "Adults were given either alpha (5 mg), beta (1 mg), or placebo.", "placebo+active"),
        ("Drug X", "Adults were given alpha 5 mg, alpha 10 mg, or placebo.", "placebo"),
        (
            "Alpha and pain",
            "A placebo-controlled trial of alpha; beta was used as an active control.",
            "placebo+active",
        ),
        ("Alpha", "Adults were randomised to alpha or placebo and watched for a day.", "placebo"),
        ("Alpha", "Adults were randomised to alpha plus placebo or placebo plus beta.", "active"),
        ("Alpha versus beta", "After a placebo week they were randomised to alpha or beta.", "active"),
        ("Alpha", "Adults were randomised to alpha or usual medical care.", "no treatment/usual care"),
        ("Alpha", "Adults were randomised to alpha or an inactive control group.", "no treatment/usual care"),
        ("Oral and subcutaneous alpha in migraine", "Patients were randomised to one or the other.", "dose comparison"),
        ("Alpha 25 mg, 50 mg, or 100 mg in migraine", "Patients were randomised.", "dose comparison"),
        ("Drug X versus drug Y in heart failure: a cohort study", "A cohort was followed.", "active"),
        (
            "Drug X in heart failure: a cohort study",
            "A cohort of women with and men without drug X exposure was followed.",
            "no treatment/usual care",
        ),
    ],
)
def test_comparators(title, text, comparator):
    assert found(text, title)["comparator"] == comparator


def test_a_text_about_the_trials_of_others_has_no_groups():
    text = "Alpha is well tolerated. In large, double-blind, randomised trials alpha was better than placebo."
    findings = found(text, title="Alpha.", label="")
    assert (findings["arms"], findings["comparator"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("Twelve healthy volunteers were randomised.", "healthy volunteers"),
        ("Sixty healthy children undergoing hernia repair were randomised.", "human patients"),
        ("Women with neck trouble and healthy controls were randomised.", "human patients"),
        ("Forty parents were randomised at a university.", "healthy volunteers"),
        ("Adults with autism were randomised at a university hospital.", "human patients"),
    ],
)
def test_settings(text, setting):
    assert found(text, title="Exercise: a randomised trial")["setting"] == setting
