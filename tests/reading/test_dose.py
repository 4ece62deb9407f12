"""Are doses read with the drug they belong to, and turned into mg/kg by arithmetic that can be checked by hand?"""

import pytest

from benchmarks import read_dose
from ketalit.reading import read_record
from ketalit.reading.engine import Source
from ketalit.reading.intervention import read_given
from ketalit.reading.units import DOSE, normalise_dose, plain_unit
from ketalit.records.model import Record, Section
from ketalit.records.text import canonical_text
from ketalit.vocabulary import Confidence, Missing
from tests.shared import needs_shared


def record(text, label="Methods"):
    return Record(source="person", key="t1", title="A trial in pain", abstract=(Section(text=text, label=label),))


def read(text, **more):
    return {finding.field: finding for finding in read_record(record(text), **more)}


def doses(text, *drugs, label="Methods"):
    given = read_given(Source(canonical_text(record(text, label))), drugs or ("ketamine", "esketamine"))
    return [(dose.amount, dose.unit, str(dose.basis)) for dose in given.doses]


@pytest.mark.parametrize(
    ("numbers", "unit", "field", "value"),
    [
        ("0.5", "mg/kg", "dose_mg_per_kg", 0.5),
        ("500", "µg/kg", "dose_mg_per_kg", 0.5),
        ("2", "µg/kg/min", "dose_mg_per_kg_per_h", 0.12),  # 2 x 60 / 1000
        ("0.3", "mg/kg/h", "dose_mg_per_kg_per_h", 0.3),
        ("0.01", "mg kg-1 min-1", "dose_mg_per_kg_per_h", 0.6),
        ("5", "microg x kg-1 x min-1", "dose_mg_per_kg_per_h", 0.3),
        ("7", "mg per 70 kg per hour", "dose_mg_per_kg_per_h", 0.1),
        ("40", "mg/m2", "dose_mg_per_kg", None),
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


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("2 mg x kg(-1) x h(-1)", "mg/kg/h"),
        ("2 mg.kg-1.h-1", "mg/kg/h"),
        ("5 micrograms kg-1 min-1", "µg/kg/min"),
        ("5 µg/kg per min", "µg/kg/min"),
        ("5 mug/kg", "µg/kg"),
        ("0.5 mg/kg body weight", "mg/kg"),
        ("300 mg/24 hr", "mg/day"),
        ("1 mg.ml-1", "mg/ml"),
        ("10 mg h-1", "mg/h"),
    ],
)
def test_units_in_one_spelling(printed, unit):
    found = DOSE.fullmatch(printed)
    assert found
    assert plain_unit(found.group(2)) == unit


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ketamine 0.5 mg/kg was given.", [("0.5", "mg/kg", "bolus")]),
        ("Ketamine 0.5 mg/kg over 40 min was given.", [("0.5", "mg/kg", "total")]),
        (
            "A bolus of 0.2 mg/kg ketamine, then 2 µg/kg/min.",
            [("0.2", "mg/kg", "bolus"), ("2", "µg/kg/min", "infusion rate")],
        ),
        ("The mean dose of ketamine was 32 mg.", [("32", "mg", "total")]),
        ("Oral ketamine 50 mg three times a day.", [("50", "mg", "per application")]),
        ("Oral ketamine 100 mg daily.", [("100", "mg", "daily")]),
        ("Subcutaneous ketamine 300 mg/24 h.", [("300", "mg/day", "daily")]),
        ("A 5% ketamine cream was applied.", [("5", "%", "per application")]),
        ("Ketamine lozenges of 25 mg were taken.", [("25", "mg", "per application")]),
        ("One to five sprays of 10 mg ketamine were used.", [("10", "mg", "per application")]),
        ("Intranasal ketamine was given as 10 mg per spray.", [("10", "mg", "per application")]),
        ("Ketamine 0.4 mg/kg. After four weeks' treatment pain fell.", [("0.4", "mg/kg", "per application")]),
        ("They had ketamine (0.4 mg/kg). The ketamine infusion was well borne.", [("0.4", "mg/kg", "total")]),
        ("Ketamine 10-30 mg was given.", [("10-30", "mg", "bolus")]),
        ("Ketamine 0.5 to 1 mg/kg was given.", [("0.5-1", "mg/kg", "bolus")]),
        ("A nerve block with 2 ml of 50 mg/ml ketamine.", [("2", "ml of 50 mg/ml", "bolus")]),
        ("Ketamine or fentanyl was given; ketamine was dosed at 0.5 mg/kg.", [("0.5", "mg/kg", "bolus")]),
        ("Fentanyl and ketamine, 1 µg/kg and 0.5 mg/kg, were given.", [("0.5", "mg/kg", "bolus")]),
        ("Doses of 2 mg, 4 mg, or 8 mg of ketamine.", [(dose, "mg", "bolus") for dose in "248"]),
        (
            "Intravenous ketamine was escalated: 0.1, 0.2 and 0.3 mg/kg.",
            [(dose, "mg/kg", "bolus") for dose in ("0.1", "0.2", "0.3")],
        ),
        (
            "Ketamine 0.25 mg/kg, ketamine 0.5 mg/kg or midazolam 0.04 mg/kg was infused over 40 min.",
            [("0.25", "mg/kg", "total"), ("0.5", "mg/kg", "total")],
        ),
        (
            "Oral ketamine 10 mg four times daily was increased by 5 mg a day to 50 mg four times daily.",
            [("10", "mg", "per application"), ("50", "mg", "per application")],
        ),
        (
            "Adults had topical ketamine (KET) or nothing. Those with KET applied 1% KET cream.",
            [("1", "%", "per application")],
        ),
    ],
)
def test_what_an_amount_is_an_amount_of(text, wanted):
    assert doses(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine was given after 2 mg of atropine.",
        "Ketamine levels were 100 ng/ml.",
        "They had ketamine, equivalent to 20 mg morphine equivalents.",
        "Of those with ketamine 40% had no pain; a cream was applied to others.",
        "Ketamine was dissolved to 1 mg/ml.",
        "Ketamine 1.5 ± 0.3 mg was used.",
    ],
)
def test_no_dose_of_the_drug(text):
    assert doses(text) == []


def test_what_was_consumed_is_a_result():
    assert doses("Morphine consumption was 18 mg with cooling and 30 mg without.", "morphine", label="Results") == []


def test_two_drugs_with_two_amounts_in_turn():
    text = "Fentanyl and ketamine were given, 1 µg/kg and 0.5 mg/kg, respectively."
    assert doses(text) == [("0.5", "mg/kg", "bolus")]
    assert doses(text, "fentanyl") in ([], [("1", "µg/kg", "bolus")])


def test_rates_and_totals_show_their_arithmetic():
    found = read("Ketamine 0.5 mg/kg over 40 min was infused intravenously three times a week for two weeks.")
    assert found["dose_mg_per_kg_per_h"].value == 0.75
    assert found["dose_mg_per_kg_per_h"].note == "0.5 mg/kg / 40 min = 0.75 mg/kg/h"
    assert found["dose"].note == "0.5 mg/kg: total, 3 times a week, 40 min"
    assert (found["route"].value, found["duration"].value) == ("intravenous", "two weeks")
    found = read("Ketamine was infused at 0.3 mg/kg/h for 4 h.")
    assert found["dose_mg_per_kg"].value == 1.2
    assert found["dose_mg_per_kg"].note.endswith("0.3 mg/kg/h x 4 h = 1.2 mg/kg in total")
    found = read("Patients received intravenous ketamine 20 mg/h for 8 h/day for 10 days.")
    assert "20 mg/h x 8 h x 10 days = 1600 mg in total" in found["dose"].note
    assert (found["dose_mg_per_kg"].value, found["duration"].value) == (None, "10 days")
    assert "body weight is not given" in found["dose_mg_per_kg_per_h"].reason


def test_a_volume_times_its_strength():
    assert "(2 ml x 50 mg/ml = 100 mg)" in read("A nerve block with 2 ml of 50 mg/ml ketamine.")["dose"].note


def test_a_dose_is_surer_where_the_sentence_is_of_this_study():
    assert read("Ketamine 0.5 mg/kg was given.")["dose"].confidence is Confidence.LIKELY
    opening = Section(text="Adults with pain had ketamine 0.5 mg/kg. Pain fell.")  # of this study, or of any?
    plain = Record(source="person", key="t1", title="A randomised trial of ketamine", abstract=(opening,))
    assert {one.field: one for one in read_record(plain)}["dose"].confidence is Confidence.UNCLEAR


def test_without_headings_what_looks_like_a_result_may_be_the_regimen():
    text = (
        "Pain is common in adults. Ketamine 0.5 mg/kg was significantly better than saline. "
        "Ten more adults received ketamine 1 mg/kg."
    )
    assert doses(text, label="")[0] == ("0.5", "mg/kg", "bolus")


def test_several_arms_have_no_single_dose():
    found = read("Adults were randomised to ketamine 0.25 mg/kg or ketamine 0.5 mg/kg.")
    assert found["dose"].value == "0.25 mg/kg, 0.5 mg/kg"
    assert found["dose_mg_per_kg"].missing is Missing.NOT_REPORTED
    assert "more than one dose" in found["dose_mg_per_kg"].reason


def test_a_dose_beyond_all_bounds_is_not_normalised():
    assert read("Ketamine 1200 mg/kg was given.")["dose_mg_per_kg"].value is None


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("Children had oral midazolam 0.5 mg/kg and rectal ketamine 5 mg/kg.", "rectal"),
        ("They were given intravenous fentanyl, lidocaine, or ketamine.", "intravenous"),
        ("A ketamine oral rinse was used.", "topical"),
        ("Ketamine was given intravenously to those who could not take an oral tablet.", "intravenous"),
        ("Ketamine was given to all who had asked for it by then, and orally they took morphine.", None),
        ("Caudal ketamine 0.5 mg/kg was given.", "caudal"),
        ("In group IV ketamine 0.5 mg/kg was given.", None),
        ("Ketamine was compared with fentanyl. Both drugs were given i.v. as a bolus.", "intravenous"),
        (
            "Patients were premedicated intravenously with saline, fentanyl 1 µg/kg, or, in the third group, ketamine 1 mg/kg.",
            "intravenous",
        ),
    ],
)
def test_routes(text, route):
    assert read(text)["route"].value == route


def test_a_route_told_early_of_this_study():
    found = read_given(
        Source(canonical_text(record("In this study ketamine was given intravenously.", "Background"))), ("ketamine",)
    )
    assert found.route.value == "intravenous"


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("Ketamine 2 µg/kg/min was infused until 24 h after surgery.", "24 h"),
        ("Three 50-min infusions of ketamine were given.", "50-min"),
        ("Ketamine was given. Treatment over three and six months was well borne.", "three and six months"),
        ("Ketamine relieved pain for 3 days.", None),
        ("Patients with ketamine were followed for 6 months.", None),
    ],
)
def test_durations(text, duration):
    assert read(text)["duration"].value == duration


def test_the_methods_tell_the_dose_before_the_title_does():
    methods = Section(text="Ketamine 0.5 mg/kg was given.", label="Methods")
    trial = Record(source="person", key="t1", title="Ketamine 1 mg/kg for pain: a trial", abstract=(methods,))
    assert {one.field: one.value for one in read_record(trial)}["dose"] == "0.5 mg/kg"


def test_a_duration_is_looked_for_beyond_what_others_did():
    sections = (
        Section(text="Ketamine was infused for 2 h in earlier trials.", label="Background"),
        Section(text="Ketamine was infused for 4 h.", label="Methods"),
    )
    trial = Record(source="person", key="t1", title="A trial in pain", abstract=sections)
    assert {one.field: one.value for one in read_record(trial)}["duration"] == "4 h"


def test_a_duration_told_of_some_in_the_results_does_not_hide_that_of_all():
    sections = (
        Section(text="The infusion lasted for 4 h.", label="Methods"),
        Section(text="Ketamine was given for 2 days to one man.", label="Results"),
    )
    trial = Record(source="person", key="t1", title="Pain: a trial", abstract=sections)
    assert {one.field: one.value for one in read_record(trial)}["duration"] == "4 h"


def test_the_whole_regimen_is_the_longest_span_beside_the_dose():
    for spans, longest in ((("for 23.5 h", "for 1 day"), "1 day"), (("for 25 h", "for 1 day"), "25 h")):
        found = read(f"Ketamine 0.1 mg/kg was infused {spans[0]} and then given {spans[1]}.")
        assert found["duration"].value == longest


@needs_shared
def test_agreement_with_two_people():
    counts = {}
    for case in (*read_dose.cases(), *read_dose.gold_cases()):
        for question, (wanted, got, right) in read_dose.judge(case).items():
            counts.setdefault(question, read_dose.Count()).add(wanted=wanted, got=got, right=right)
    exact, route = counts["amount, unit and basis"], counts["route"]
    assert exact.right >= 0.9 * exact.stated
    assert route.right >= 0.9 * route.stated
    assert counts["duration"].invented <= 1
