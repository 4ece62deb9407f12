"""The condition ends where something else begins: what was given, when, to how many."""

import pytest

from ketalit.reading import read_record
from ketalit.records.model import Record, Section


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Sixty adults with sciatica for more than six months were randomised.", "sciatica for more than six months"),
        ("Adults with chronic pain had ketamine 0.5 mg/kg or saline.", "chronic pain"),
        ("Forty patients with neuropathic pain took oral ketamine for 4 weeks.", "neuropathic pain"),
        ("Patients with ketamine infusions between 2012 and 2016 were reviewed.", None),
    ],
)
def test_condition(text, condition):
    record = Record(
        source="person", key="a", title="A synthetic report", abstract=(Section(label="METHODS", text=text),)
    )
    assert {finding.field: finding.value for finding in read_record(record)}["condition"] == condition
