"""Does the reader count people, all of them, and nothing but people? Does it count groups and periods?"""

import pytest

from ketalit.reading import read_record, size
from ketalit.reading.engine import Source
from ketalit.records.model import Record, Section
from ketalit.records.text import canonical_text


def found(text: str, title: str = "A randomised trial of drug X for pain", label: str = "Methods"):
    record = Record(source="person", key="t1", title=title, abstract=(Section(text=text, label=label),))
    return {finding.field: finding for finding in read_record(record)}


def source(text: str, label: str = "Methods") -> Source:
    record = Record(source="person", key="t1", title="Drug X", abstract=(Section(text=text, label=label),))
    return Source(canonical_text(record))


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Sixty-two patients were randomised.", 62),
        ("Three-hundred-and-twenty-eight adults were randomised.", 328),
        ("Two thousand three hundred and five women were randomised.", 2305),
        ("A total of 12,450 adults were randomised.", 12450),
        ("We randomised 17 707 men.", 17707),
        ("Adults were randomised to drug X or placebo (n = 15/group).", 30),
        ("Adults were randomised to drug X or placebo (n = 2 x 30).", 60),
        ("Two groups of 25 children took part in this study; one had drug X.", 50),
        ("The trial was stopped early (13 on drug X, 14 on placebo).", 27),
        ("Twenty were allocated to drug X, 21 to drug Y and 19 to placebo.", 60),
        ("Group A (n = 20) had drug X for a week. Group B (n = 22) had placebo.", 42),
        ("The participants, 182 inpatients with pain after surgery, had drug X or placebo.", 182),
        ("Data were collected from 191 (96 female and 95 male) consecutive patients.", 191),
        ("Of 80 patients seen, 60 were randomised.", 60),
        ("Fifty-seven adults were screened. Thirty (52%) entered randomisation.", 30),
        ("Of the 33 enrolled patients 7 were men.", 33),
        ("Adults had drug X or placebo. Each group consisted of 46 patients.", 92),
        ("Eight patients in the drug X group vomited. Drug X was given to women (n = 97).", 97),
        ("At visits of 70 mmHg, patients were turned. Forty-two patients were studied.", 42),
        ("Four trained assessors called on the subjects. The study included 72 healthy men.", 72),
        ("Forty patients were seen in the drug X group and 38 in the drug Y group.", 78),
        ("In all 21 patients received drug X and 18 patients received drug Y.", 39),
        ("Sixty patients were randomised to drug X, 61 to drug Y, and 59 to placebo.", 180),
        ("Thirty patients were enrolled in the study, 16 in the drug X group and 14 in the placebo group.", 30),
        ("Drug X was given to six men and eight women using a randomised design.", 14),
        ("Drug X (11 infants) was compared with drug Y (10 infants), then tried in 33 more infants.", 21),
        ("A total of 900 infants had drug X; 500 had pain again and were randomised to two more doses.", 500),
        ("One hundred adults were evaluated and 60 were enrolled.", 60),
        ("Sixty adults (mean age 45 years; 30 women) with pain were randomised.", 60),
        ("Sixty adults were seen in hospital and 2 weeks later in the clinic.", 60),
        ("Sixty adults were allocated to a drug X group (n = 30) or to a placebo group (n = 30).", 60),
        ("We saw 80 adults, of whom 60 (75%) were assigned to drug X or placebo.", 60),
        ("We assigned 13 patients with pain to follow two diets.", 13),
        ("Data are from three trials (total n = 1351).", 1351),
    ],
)
def test_people_are_counted(text, n):
    assert found(text)["n_total"].value == n


@pytest.mark.parametrize(
    "text",
    [
        "Pain was scored on 11 items in 12 centres after 3 doses.",
        "Drug X was tried in 40 eyes.",
        "Women were randomised to a diet that had been tried in 30 rats.",
        "Ketamine 50 mg or 100 mg was given for 14 days.",
        "Thirty schools were randomised.",
        "We drew a sample of 60 primary-care practices.",
    ],
)
def test_what_is_not_people_is_not_counted(text):
    assert found(text)["n_total"].value is None


def test_the_first_sentences_of_an_unstructured_abstract_tell_who_took_part():
    text = "The effect of drug X was studied in 60 children after surgery. They were randomised to drug X or placebo."
    assert found(text, label="")["n_total"].value == 60
    background = (
        "Migraine was found in 5000 adults of an earlier survey. Patients were randomised to drug X or placebo."
    )
    assert found(background, label="")["n_total"].value is None


def test_groups_told_only_beside_their_results_are_added():
    record = Record(
        source="person",
        key="t1",
        title="A randomised trial of drug X against placebo",
        abstract=(
            Section(text="Adults were randomised to drug X or placebo.", label="Methods"),
            Section(
                text="Pain was gone in 25 of 45 (56%) with drug X and in 9 of 44 (20%) with placebo.", label="Results"
            ),
        ),
    )
    finding = next(finding for finding in read_record(record) if finding.field == "n_total")
    assert (finding.value, finding.note) == (89, "45 + 44 = 89")


def test_the_heading_that_names_the_people_goes_first():
    text = "Sixty-seven patients (age 59 years) undergoing surgery. Sixty patients completed the study."
    assert found(text, label="Patients")["n_total"].value == 67


def test_a_sum_is_shown_as_a_sum_and_its_quote_covers_the_groups():
    finding = found("Patients were randomised to drug X (n = 31), drug Y (n = 29) or placebo (n = 30).")["n_total"]
    assert (finding.value, finding.note, finding.rule) == (90, "31 + 29 + 30 = 90", "n/sum-of-groups")
    assert all(number in finding.quote for number in ("31", "29", "30"))


def test_sizes_before_the_lot_is_cast_are_not_added_to_those_after_it():
    text = "Rats ate fat (n = 30) or not (n = 10) and were randomised to A (n = 20) or B (n = 20)."
    assert found(text, title="Drug X in rats")["n_total"].value == 40


def test_people_who_left_are_not_groups():
    text = "Drug X was given to 60 adults. Nine did not finish because of death (n = 7) or nausea (n = 2)."
    assert found(text)["n_total"].value == 60


def test_groups_of_those_who_stayed():
    text = "Twenty-six adults were enrolled and 19 completed. They were assigned to drug X (n = 12) or placebo (n = 7)."
    findings = found(text)
    assert (findings["n_total"].value, findings["n_analysed"].value) == (26, 19)


def test_groups_smaller_than_the_whole_are_those_analysed():
    text = "One hundred adults were randomised. Drug X (n = 46) was better than placebo (n = 47)."
    findings = found(text)
    assert (findings["n_total"].value, findings["n_analysed"].value) == (100, 93)


def test_a_secondary_analysis_counts_its_own():
    text = "Of the 125 patients of the main trial, 93 kept a diary and were included in this analysis."
    assert found(text, title="Sleep and pain: a secondary analysis of a randomised trial")["n_total"].value == 93


def test_a_case_report_counts_its_cases():
    assert found("A 72-year-old man had drug X.", title="Drug X: a case report")["n_total"].value == 1
    assert found("We report three patients.", title="Drug X: a case report", label="")["n_total"].value == 3


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Eleven trials met the inclusion criteria.", 11),
        ("We included data from 2,305 trials in adults.", 2305),
        ("Nine hundred titles were read and 7 were included.", 7),
        ("In 1990 trials of drug X were found to be few. Fourteen trials met the criteria.", 14),  # a year
        ("In 2030 trials will be found to be many. Fourteen trials met the criteria.", 14),
        ("Databases were searched to May.", None),
    ],
)
def test_studies_of_a_review_are_counted(text, n):
    assert found(text, "Drug X for pain: a systematic review", "Results")["n_studies"].value == n


def test_two_groups_that_the_results_compare_are_not_all_there_were():
    sections = (
        Section(text="Adults were randomised to drug X, drug Y, or placebo.", label="Methods"),
        Section(text="Pain fell in the two groups that had a drug.", label="Results"),
    )
    record = Record(source="person", key="t1", title="Drug X", abstract=sections)
    assert {finding.field: finding.value for finding in read_record(record)}["arms"] == 3


@pytest.mark.parametrize(
    ("methods", "results", "n"),
    [
        ("Rats were randomised to drug X or placebo, five rats in each group.", "Pain fell.", 10),
        ("Adults were randomised to drug X or placebo.", "Four patients in each group had pneumonia.", None),
        ("Adults were randomised to drug X or placebo.", "Forty patients in each group had less pain.", 80),
        ("Twenty women were randomised in the first year. In all 80 women were randomised.", "Pain fell.", 80),
        ("Adults with pain (n = 100) were randomised to drug X (n = 52) or placebo (n = 48).", "Pain fell.", 100),
    ],
)
def test_methods_count_and_results_count_something_else(methods, results, n):
    sections = (Section(text=methods, label="Methods"), Section(text=results, label="Results"))
    record = Record(source="person", key="t1", title="A randomised trial of drug X", abstract=sections)
    assert {finding.field: finding.value for finding in read_record(record)}["n_total"] == n


@pytest.mark.parametrize(
    ("title", "text", "arms"),
    [
        ("Drug X", "Adults were randomised to drug X 5, 10 or 20 mg or placebo.", 4),
        ("Drug X versus drug Y", "In a randomised trial both drugs were better than placebo.", 3),
        ("Drug X", "Adults were randomised in a four-way crossover trial.", 4),
        ("Drug X", "Adults were randomised to two exercise groups and a placebo group.", 3),
        ("Drug X", "Adults were randomised. Group I had drug X, Group II drug Y, Group III placebo.", 3),
        ("Drug X", "Adults were randomised to drug X or placebo in gel groups.", 2),
        ("Drug X", "Adults had infusions of drug X (mean dose, 5 mg), the opioid Y (mean dose, 1 mg), and placebo.", 3),
        ("Drug X: a randomised comparison to drug Y and placebo", "Adults had each once.", 3),
        ("Drug X", "Adults were randomised to drug X, 20 mg daily, or drug Y, 150 mg daily.", 2),
        ("Drug X", "Adults were randomised to drug X 8 mg, 12 mg, or placebo.", 3),
        ("Drug X", "Adults were randomised to a single, standardised lesson or a booklet.", 2),
        ("Drug X", "Adults were randomised to drug X (group H), drug Y (group I) or placebo.", 3),
        ("Drug X", "Adults were randomised to group I or group II. Group IIa and group IIb did well.", 2),
        ("Drug X", "Adults were randomised to receive 1) drug X; 2) drug Y; 3) drug Z; or 4) rest.", 4),
        (
            "Drug X",
            "A three-phase randomised trial of drug X and placebo: (1) a washout phase; (2) a test; (3) a treatment.",
            2,
        ),
        (
            "Drug X",
            "Adults were randomised to receive 1) drug A; 2) drug B; 3) drug C; 4) drug D; 5) drug E; 6) drug F; 7) drug G; "
            "or 8) rest.",
            8,
        ),
        (
            "Drug X",
            "Adults were randomised to drug X or placebo. The old group, the fit group and the ill group fared alike.",
            2,
        ),
        ("Drug X", "Adults were randomised to one of three solutions.", 3),
        ("Drug X", "The experimental group of this randomised trial was compared with two control groups.", 3),
        ("Drug X", "Adults had drug X on four separate days in a randomised crossover trial.", 4),
        ("Drug X", "Adults were randomised to 200-mg or 400-mg drug X or 600-mg drug Y.", 3),
        ("Drug X", "Adults were randomised to drug X or placebo. All patients received ibuprofen, a diary and tea.", 2),
    ],
)
def test_groups_are_counted(title, text, arms):
    assert found(text, title)["arms"].value == arms


@pytest.mark.parametrize(
    ("text", "periods", "sequence", "washout"),
    [
        ("A three-period crossover trial with a one-week washout.", 3, None, "one-week"),
        ("In this crossover study adults had two treatment periods in random order.", 2, "random order", None),
        ("The washout was at least 7 to 10 days; sequences were AB/BA.", None, "AB/BA", "7 to 10 days"),
        ("Adults came on four separate occasions, at least 48 h apart.", 4, None, "48 h"),
        ("Adults had drug X without washout after eight days.", None, None, None),
    ],
)
def test_crossover(text, periods, sequence, washout):
    hits = [read(source(text)) for read in (size.read_periods, size.read_sequence, size.read_washout)]
    assert [hit.value if hit else None for hit in hits] == [periods, sequence, washout]
