"""Does `direction_of` answer as a reader would, from a sentence that it can show, and keep silent where there is none?

All sentences are invented.
"""

import pytest

from benchmarks import read_question
from ketalit.reading.question import Change, direction_of
from ketalit.reading.question.terms import abbreviations
from ketalit.records.model import FullText, Paragraph, Record, Section, Table
from ketalit.records.text import canonical_text
from ketalit.vocabulary import Confidence, Direction
from tests.shared import needs_shared

UP, DOWN, SAME = Change.INCREASED, Change.DECREASED, Change.NO_DIFFERENCE
METHODS = "Patients were randomised to ketamine (group K) or placebo (group P)."


def trial(*results: str, tables: tuple[Table, ...] = ()) -> Record:
    paragraphs = tuple(
        Paragraph(text=text, locator=f"sec3.p{number}", section="Results", section_type="results")
        for number, text in enumerate(results, start=1)
    )
    return Record(
        source="person",
        key="t1",
        title="A trial",
        abstract=(Section(text=METHODS, label="Methods"),),
        full_text=FullText(paragraphs=paragraphs, tables=tables),
    )


@pytest.mark.parametrize(
    ("intervention", "comparator", "outcome", "text", "change"),
    [
        (
            "ketamine",
            "placebo",
            "pain",
            "Mean pain scores were 2.1 (SD 1.0) in the ketamine group and 4.3 (SD 1.2) in the placebo group (p < 0.001).",
            DOWN,
        ),
        (
            "ketamine",
            "placebo",
            "nausea",
            "Nausea occurred in 12 of 40 (30%) and 4 of 41 (10%) patients in the ketamine and placebo groups, respectively (p = 0.02).",
            UP,
        ),
        ("ketamine", "placebo", "nausea", "Patients given placebo had less nausea than those given ketamine.", UP),
        (
            "ketamine",
            "placebo",
            "morphine consumption",
            "Compared with placebo, ketamine reduced morphine consumption by 30% (95% CI 10 to 50).",
            DOWN,
        ),
        (
            "ketamine",
            "placebo",
            "pain",
            "Pain scores decreased in both groups, with no difference between groups.",
            SAME,
        ),
        (
            "ketamine",
            "placebo",
            "quality of life",
            "Quality of life improved more in the ketamine group than in the placebo group (P=0.004).",
            UP,
        ),
        (
            "ketamine",
            "placebo",
            "time to first analgesic request",
            "Time to first analgesic request was significantly prolonged in group K compared with group P.",
            UP,
        ),
        (
            "exercise",
            "usual care",
            "falls",
            "The hazard ratio for falls was 0.7 (95% CI 0.5-1.1) for exercise versus usual care.",
            SAME,
        ),
        (
            "exercise",
            "usual care",
            "depression score",
            "Depression scores improved significantly in the exercise group compared with usual care.",
            DOWN,
        ),
        (
            "exercise",
            "usual care",
            "body weight",
            "The reduction in body weight was greater in the exercise group (p=0.03).",
            DOWN,
        ),
        (
            "exercise",
            "usual care",
            "vo2max",
            "No significant differences were found between groups in vo2max or strength.",
            SAME,
        ),
        (
            "drug A 10 mg",
            "drug A 20 mg",
            "headache",
            "Headache was reported by 20% of patients receiving 10 mg and by 40% of those receiving 20 mg (p=0.01).",
            DOWN,
        ),
        ("drug A 10 mg", "drug A 20 mg", "headache", "Headache was more frequent with 20 mg (p=0.01).", DOWN),
        ("ketamine", "placebo", "pain", "Pain was 3.1 with ketamine and 3.3 with placebo (p > 0.05).", SAME),
        (
            "acupuncture",
            "sham acupuncture",
            "pain",
            "Real acupuncture was superior to sham acupuncture in reducing pain (p=0.01).",
            DOWN,
        ),
        (
            "surgery",
            "physiotherapy",
            "pain at 12 months",
            "At 12 months, pain was significantly lower after surgery; at 24 months, it was similar.",
            DOWN,
        ),
        (
            "bupivacaine",
            "lidocaine",
            "onset of block",
            "Onset of block was faster with lidocaine than bupivacaine (p<0.01).",
            UP,
        ),
        (
            "metformin",
            "insulin",
            "hba1c",
            "HbA1c fell from 8.1% to 7.0% with metformin and from 8.2% to 7.9% with insulin (between-group p=0.001).",
            DOWN,
        ),
        (
            "metformin",
            "insulin",
            "hypoglycaemia",
            "There were fewer episodes of hypoglycaemia among patients treated with metformin (12 v 30; p=0.01).",
            DOWN,
        ),
        ("metformin", "insulin", "adherence", "Adherence was 90% and 70% for metformin and insulin (p=0.01).", UP),
        (
            "early feeding",
            "late feeding",
            "length of stay",
            "Early feeding was associated with a reduced length of stay.",
            DOWN,
        ),
        ("zinc", "placebo", "growth", "Zinc had no effect on growth.", SAME),
        (
            "laser",
            "conventional",
            "healing time",
            "There was a significant difference in healing time between laser and conventional treatment (10 vs 14 days, p<0.05).",
            DOWN,
        ),
        (
            "statin",
            "placebo",
            "LDL cholesterol",
            "LDL cholesterol was 2.1 mmol/L in the statin group versus 3.4 mmol/L in the placebo group (P<.001).",
            DOWN,
        ),
        (
            "statin",
            "placebo",
            "myocardial infarction",
            "There were 45 myocardial infarctions in the statin group and 80 in the placebo group (relative risk 0.56; 95% CI, 0.39 to 0.81).",
            DOWN,
        ),
        (
            "statin",
            "placebo",
            "myalgia",
            "Myalgia was reported more often in the statin group than in the placebo group (5.1% v 3.0%; P=0.01).",
            UP,
        ),
        (
            "counselling",
            "usual care",
            "alcohol intake",
            "Counselling did not significantly reduce alcohol intake.",
            SAME,
        ),
        (
            "counselling",
            "usual care",
            "knowledge",
            "Both groups improved in knowledge, but the improvement was significantly greater in the counselling group.",
            UP,
        ),
        (
            "epidural",
            "general anaesthesia",
            "blood loss",
            "Blood loss was significantly reduced with epidural anaesthesia (350 vs. 520 ml; p = 0.003).",
            DOWN,
        ),
        (
            "epidural",
            "general anaesthesia",
            "satisfaction",
            "The majority of patients in both groups were satisfied (90% vs 88%, p = 0.7).",
            SAME,
        ),
        (
            "zoledronate",
            "placebo",
            "fever",
            "Fever was observed in 30% of zoledronate recipients compared to 5% of placebo recipients (p<0.001).",
            UP,
        ),
        (
            "yoga",
            "waiting list",
            "anxiety",
            "The decrease in anxiety was significantly larger in the yoga group (d=0.6).",
            DOWN,
        ),
        ("yoga", "waiting list", "cortisol", "Cortisol levels were not affected by yoga.", SAME),
        (
            "drug",
            "placebo",
            "progression-free survival",
            "Median progression-free survival was 8.1 months with the drug and 5.2 months with placebo (HR 0.6, 95% CI 0.4-0.8; p=0.001).",
            UP,
        ),
        (
            "drug",
            "placebo",
            "response rate",
            "The response rate was 40% (20/50) in the drug arm and 20% (10/50) in the placebo arm (P = .03).",
            UP,
        ),
        (
            "vitamin C",
            "no vitamin C",
            "duration of colds",
            "The duration of colds was shortened by 8% in those taking vitamin C.",
            DOWN,
        ),
        (
            "group A",
            "group B",
            "operating time",
            "Group A had a longer operating time (120 ± 20 min) than group B (90 ± 15 min) (p=0.001).",
            UP,
        ),
        (
            "group A",
            "group B",
            "pain",
            "Pain was significantly less in group A at 6 h (p=0.01) but comparable at 24 h.",
            DOWN,
        ),
        (
            "stent",
            "angioplasty",
            "event-free survival",
            "Event-free survival was significantly better in the stent group.",
            UP,
        ),
        ("aspirin", "clopidogrel", "bleeding", "Aspirin caused more bleeding.", UP),
        (
            "probiotic",
            "placebo",
            "stool frequency",
            "Stool frequency in the probiotic group (3.2 per week) exceeded that in the placebo group (2.1 per week; p=0.02).",
            UP,
        ),
        (
            "iron",
            "placebo",
            "malaria",
            "Iron supplementation did not increase the risk of malaria (RR 1.1; 0.9 to 1.3).",
            SAME,
        ),
        (
            "insulin pump",
            "injections",
            "severe hypoglycaemia",
            "Severe hypoglycaemia occurred at a rate of 10 v 22 per 100 patient-years in the pump and injection groups, respectively (p<0.01).",
            DOWN,
        ),
        (
            "CBT",
            "medication",
            "depressive symptoms",
            "CBT was more effective than medication in reducing depressive symptoms (p=0.02).",
            DOWN,
        ),
        (
            "laparoscopic",
            "open",
            "hospital stay",
            "Patients in the open group stayed longer in hospital (hospital stay 7 v 4 days, p<0.001).",
            DOWN,
        ),
        (
            "laparoscopic",
            "open",
            "complications",
            "The laparoscopic group had a shorter hospital stay, less pain and similar complications.",
            SAME,
        ),
        ("tea", "water", "heart rate", "Heart rate increased after tea but not after water.", UP),
        ("heparin", "saline", "patency", "There was no evidence that heparin improved patency.", SAME),
        (
            "warfarin",
            "aspirin",
            "stroke",
            "The primary outcome, stroke, occurred in 24 people assigned to warfarin versus 48 people assigned to aspirin (yearly risk 1.8% v 3.8%, relative risk 0.48, 95% CI 0.28-0.80, p=0.003).",
            DOWN,
        ),
        (
            "propofol",
            "sevoflurane",
            "recovery time",
            "Recovery time was 12.1 ± 3.4 min with propofol as opposed to 8.2 ± 2.2 min with sevoflurane (P < 0.01).",
            UP,
        ),
        (
            "propofol",
            "sevoflurane",
            "heart rate",
            "Heart rate was comparable in the two groups throughout surgery (P>0.05).",
            SAME,
        ),
        ("propofol", "sevoflurane", "PONV", "PONV was significantly less in group P (P=0.01).", DOWN),
        ("massage", "no massage", "cortisol", "Massage therapy led to a decrease in cortisol (p<0.05).", DOWN),
        (
            "supplement",
            "placebo",
            "birth weight",
            "The mean birth weight was 3010 g and 2960 g in the supplement and placebo groups, respectively (p=0.3).",
            SAME,
        ),
        (
            "supplement",
            "placebo",
            "anaemia",
            "The prevalence of anaemia fell from 40% to 20% in the supplement group and from 41% to 38% in the placebo group (p<0.01).",
            DOWN,
        ),
        (
            "reminder letters",
            "no letters",
            "screening uptake",
            "Uptake of screening was 62% among those sent reminder letters compared with 51% in the control group (difference 11%, 95% CI 5% to 17%).",
            UP,
        ),
        (
            "nurse follow-up",
            "clinic follow-up",
            "quality of life",
            "There were no significant differences in quality of life, anxiety or depression between the groups, except for emotional functioning, which was better in the nurse group (p=0.03).",
            SAME,
        ),
        (
            "tramadol",
            "paracetamol",
            "dizziness",
            "Dizziness (20% v 5%) and nausea (30% v 8%) were significantly more common with tramadol.",
            UP,
        ),
        (
            "bandage A",
            "bandage B",
            "healing",
            "Healing at 24 weeks was 60% with bandage A and 45% with bandage B (log rank P=0.02).",
            UP,
        ),
        (
            "video",
            "leaflet",
            "anxiety",
            "Anxiety did not differ significantly between the video group and the leaflet group at 1 week, but was lower in the video group at 4 weeks (p=0.03).",
            SAME,
        ),
        (
            "steroid",
            "no steroid",
            "hearing recovery",
            "Hearing recovery was seen in 80% of the steroid group versus 60% of the control group; this difference was significant (p=0.04).",
            UP,
        ),
        ("early discharge", "standard care", "readmission", "Readmission rates were 8% vs. 7% (P=0.8).", SAME),
        (
            "mirtazapine",
            "fluoxetine",
            "weight",
            "Patients on mirtazapine gained significantly more weight than those on fluoxetine.",
            UP,
        ),
        (
            "helmet",
            "mask",
            "intubation",
            "The intubation rate was 18.2% for helmet and 61.5% for mask (absolute difference, -43.3%; 95% CI, -62.4% to -24.3%; P < .001).",
            DOWN,
        ),
        (
            "alteplase",
            "placebo",
            "favourable outcome",
            "More patients had a favourable outcome with alteplase than with placebo (52.4% vs. 45.2%; odds ratio, 1.34; 95% CI, 1.02 to 1.76; P=0.04).",
            UP,
        ),
        (
            "alteplase",
            "placebo",
            "intracranial hemorrhage",
            "The incidence of intracranial haemorrhage was higher with alteplase than with placebo (27.0% vs. 17.6%; P=0.001).",
            UP,
        ),
        (
            "feedback",
            "no feedback",
            "prescribing rate",
            "The prescribing rate declined by 10% in the feedback group, as against 2% in the control group (p = 0.02).",
            DOWN,
        ),
        (
            "chewing gum",
            "control",
            "bowel sounds",
            "Return of bowel sounds was significantly earlier in patients who chewed gum.",
            DOWN,
        ),
        (
            "melatonin",
            "midazolam",
            "sedation",
            "Compared to melatonin, midazolam caused greater sedation (p<0.05).",
            DOWN,
        ),
    ],
)
def test_which_way_the_outcome_went(intervention, comparator, outcome, text, change):
    assert direction_of(trial(text), intervention, comparator, outcome).value is change


@pytest.mark.parametrize(
    ("outcome", "change", "favours"),
    [
        ("pain score", DOWN, Direction.INTERVENTION),
        ("patient satisfaction", UP, Direction.INTERVENTION),
        ("nausea", UP, Direction.COMPARATOR),
        ("serum sodium", UP, None),
        ("heart rate", SAME, Direction.NO_DIFFERENCE),
    ],
)
def test_whom_it_favours_where_the_outcome_is_good_or_bad(outcome, change, favours):
    text = (
        "The pain score was lower with ketamine (p=0.01). Patient satisfaction was higher with ketamine (p=0.02). "
        "Nausea was more frequent with ketamine (p=0.03). Serum sodium was higher with ketamine (p=0.04). "
        "Heart rate did not differ between the groups."
    )
    answer = direction_of(trial(text), "ketamine", "placebo", outcome)
    assert (answer.value, answer.favours) == (change, favours)


def test_the_quote_is_the_sentence_at_its_offsets():
    record = trial("Forty patients were analysed.", "Pain was lower with ketamine (p = 0.01). Nausea did not differ.")
    answer = direction_of(record, "ketamine", "placebo", "nausea")
    assert answer.quote == "Nausea did not differ."
    assert canonical_text(record).text[answer.start : answer.end] == answer.quote
    assert answer.locator == "sec3.p2"
    assert answer.rule == "question/no-difference"


def test_an_abbreviation_stands_for_its_long_form():
    record = trial("Mean arterial pressure (MAP) was recorded.", "MAP was higher in group K than in group P (p=0.01).")
    assert direction_of(record, "ketamine", "placebo", "mean arterial pressure").value is UP


def test_the_next_sentence_may_take_it_back():
    record = trial("Pain was lower in the ketamine group. However, this difference was not statistically significant.")
    assert direction_of(record, "ketamine", "placebo", "pain").value is SAME


def test_a_third_group_does_not_answer_for_the_two():
    record = trial(
        "Groups 1, 2 and 3 received saline, ketamine and fentanyl, respectively.",
        "Propofol use was higher in group 1 than in groups 2 and 3 (p=0.01). "
        "Propofol use did not differ between group 2 and group 3 (p=0.4).",
    )
    assert direction_of(record, "ketamine (group 2)", "fentanyl (group 3)", "propofol use").value is SAME
    assert direction_of(record, "ketamine (group 2)", "saline (group 1)", "propofol use").value is DOWN


def test_results_outweigh_plans():
    record = trial("Pain was assessed to determine whether it is lower with ketamine.", "Pain did not differ (p=0.6).")
    assert direction_of(record, "ketamine", "placebo", "pain").value is SAME


def test_a_row_of_a_table():
    grid = (
        ("", "Ketamine (n = 20)", "Placebo (n = 20)", "P value"),
        ("Vomiting, n", "2", "9", "0.01"),
        ("Pruritus, n", "3", "4", "0.7"),
        ("Diplopia, n (%)", "8 (40%)", "2 (10%)", "<0.001"),
        ("Headache, n", "3", "5", ">0.05"),
        ("Sweating, n", "3", "5", "NS"),
    )
    record = trial("Table 1 shows side effects.", tables=(Table(locator="table1", grid=grid, header_rows=1),))
    vomiting = direction_of(record, "ketamine", "placebo", "vomiting")
    assert (vomiting.value, vomiting.rule) == (DOWN, "question/table-row")
    assert (vomiting.quote, vomiting.start, vomiting.locator) == ("Vomiting, n | 2 | 9 | 0.01", -1, "table1, row 2")
    for outcome, change in (("pruritus", SAME), ("diplopia", UP), ("headache", SAME), ("sweating", SAME)):
        assert direction_of(record, "ketamine", "placebo", outcome).value is change


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We measured pain intensity (PI).", {"pi": ("pain", "inten")}),
        ("Pain intensity (PI) was measured.", {"pi": ("pain", "inten")}),
        ("Spain intensity (PI) was measured.", {}),  # an abbreviation begins where a word does
        ("Adults (A) were seen.", {}),
    ],
)
def test_abbreviations_that_a_text_defines(text, found):
    assert abbreviations(text) == found


@pytest.mark.parametrize("outcome", ["gait speed", ""])
def test_silence_where_nothing_is_said(outcome):
    answer = direction_of(trial("Pain was lower with ketamine (p=0.01)."), "ketamine", "placebo", outcome)
    assert answer.value is None
    assert answer.quote == ""
    assert "no sentence" in answer.reason


def test_a_record_without_text():
    assert direction_of(Record(source="person", key="t1"), "ketamine", "placebo", "pain").value is None


def test_questions_may_be_asked_in_any_case_and_with_odd_characters():
    record = trial("Pain was lower in the ketamine (0.5 mg/kg) group (p=0.01).")
    answer = direction_of(record, "KETAMINE 0\u00b75\u00a0mg/kg (", "Placebo [*", "PAIN")
    assert answer.value is DOWN


@needs_shared
def test_agreement_with_the_experts():
    found = read_question.results()
    held_out = [one for one in found if one.prompt.held_out]
    assert read_question.accuracy(held_out) >= 0.77
    assert read_question.accuracy(found) >= 0.83
    sure = [one for one in held_out if one.answer.confidence is Confidence.SURE]
    assert read_question.accuracy(sure) > 0.82
    assert all(read_question.reproduces(one) for one in found)
