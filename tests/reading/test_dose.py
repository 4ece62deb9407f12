"""Are doses read with the drug they belong to, and turned into mg/kg by arithmetic that can be checked by hand?"""

import pytest

from ketalit.reading import read_record
from ketalit.reading.units import normalise_dose
from ketalit.records.model import Record, Section
from ketalit.vocabulary import Missing


def read(text, **more):
    record = Record(source="person", key="t1", title="A trial in pain", abstract=(Section(text=text, label="Methods"),))
    return {finding.field: finding for finding in read_record(record, **more)}


@pytest.mark.parametrize(
    ("numbers", "unit", "field", "value"),
    [
        ("0.5", "mg/kg", "dose_mg_per_kg", 0.5),
        ("500", "µg/kg", "dose_mg_per_kg", 0.5),
        ("2", "µg/kg/min", "dose_mg_per_kg_per_h", 0.12),  # 2 x 60 / 1000
        ("0.3", "mg/kg/h", "dose_mg_per_kg_per_h", 0.3),
        ("0.01", "mg kg-1 min-1", "dose_mg_per_kg_per_h", 0.6),
        ("7", "mg/h per 70 kg", "dose_mg_per_kg_per_h", 0.1),
        ("35", "mg/70 kg", "dose_mg_per_kg", 0.5),
        ("25", "mg", "dose_mg_per_kg", None),
        ("10", "%", "dose_mg_per_kg", None),
        ("100", "ng/ml", "dose_mg_per_kg", None),
        ("1 or 2", "µg/kg/min", "dose_mg_per_kg_per_h", None),
        ("1", "mg/kg/day", "dose_mg_per_kg", None),
    ],
)
def test_arithmetic(numbers, unit, field, value):
    found = normalise_dose(numbers, unit)
    assert (found.field, found.value) == (field, value)
    assert found.note


def test_a_bolus_and_a_rate():
    found = read("Sixty patients had i.v. ketamine (0.5 mg/kg, then 2 µg/kg/min for 48 h) or fentanyl 1 µg/kg.")
    assert found["dose"].value == "0.5 mg/kg + 2 µg/kg/min"
    assert found["dose_mg_per_kg"].value == 0.5
    assert found["dose_mg_per_kg_per_h"].value == 0.12
    assert "x 0.06" in found["dose_mg_per_kg_per_h"].note
    assert (found["route"].value, found["duration"].value) == ("intravenous", "48 h")


def test_the_dose_of_another_drug_is_not_taken():
    assert read("Patients had ketamine or fentanyl 1 µg/kg.")["dose"].value is None
    assert read("Patients had midazolam 0.05 mg/kg and ketamine.")["dose"].value is None
    assert read("Patients had 0.3 mg/kg of ketamine after 2 mg of midazolam.")["dose"].value == "0.3 mg/kg"


def test_a_form_is_never_assumed():
    assert read("Ketamine 0.5 mg/kg was given.")["drug_form"].missing is Missing.NOT_REPORTED
    assert read("S(+)-ketamine 0.5 mg/kg was given.")["drug_form"].value == "S-ketamine"
    assert read("Racemic ketamine 0.5 mg/kg was given.")["drug_form"].value == "racemic"


def test_a_text_without_the_drug():
    assert read("Tramadol 50 mg was given.")["dose"].missing is Missing.NOT_APPLICABLE
    assert read("Tramadol 50 mg was given.", drugs=("tramadol",))["dose"].value == "50 mg"
