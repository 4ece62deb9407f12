"""Is the design what the record is and the text describes, and is it said where tags and text disagree?"""

import pytest

from ketalit.reading.design import read_design, read_randomised
from ketalit.reading.engine import Hit, Source
from ketalit.reading.tags import design_tags
from ketalit.records.model import MeshHeading, Record, Section, Term
from ketalit.records.text import canonical_text
from ketalit.vocabulary import RANDOMISED_DESIGNS, Confidence, Design


def design(title: str, text: str = "", *, types: str = "", mesh: str = "", label: str = "") -> Hit:
    """The hit on a record with these words and tags (set apart by bars)."""
    record = Record(
        source="pubmed",
        pmid="1",
        title=title,
        abstract=(Section(text=text, label=label),) if text else (),
        publication_types=tuple(Term(name=name) for name in types.split("|") if name),
        mesh=tuple(MeshHeading(name=name) for name in mesh.split("|") if name),
    )
    hit = read_design(Source(canonical_text(record)), record)
    assert hit is not None
    return hit


RCT = "Randomized Controlled Trial"
TRIAL = "Sixty patients were randomly assigned to drug X or placebo. Pain was less with drug X."


def test_a_tag_that_the_text_contradicts_is_named():
    hit = design("Drug X in phantom pain: a case series", "We report three patients whose pain faded.", types=RCT)
    assert hit.value is Design.CASE_SERIES
    assert hit.note == "tagged randomized controlled trial, text describes case series"
    assert hit.confidence is Confidence.LIKELY


@pytest.mark.parametrize(
    ("tag", "title", "text", "value"),
    [
        ("Case Reports", "Drug X for pain: a randomised trial", TRIAL, Design.PARALLEL_RCT),
        ("Meta-Analysis", "Drug X for pain: a randomised trial", TRIAL, Design.PARALLEL_RCT),
        (
            RCT,
            "Opioids after surgery: a retrospective cohort study",
            "Charts of 900 patients were read.",
            Design.COHORT,
        ),
        (RCT, "Drug X: study protocol for a trial", "Sixty patients will be randomised.", Design.PROTOCOL),
    ],
)
def test_every_disagreement_has_a_note(tag, title, text, value):
    hit = design(title, text, types=tag)
    assert hit.value is value
    assert hit.note.startswith(f"tagged {tag.lower()}, text describes")


def test_a_tag_that_agrees_leaves_no_note_and_makes_sure():
    assert design("Drug X for pain", TRIAL, types=RCT).note == ""
    review = "Drug X for pain", "We searched MEDLINE and Embase for trials of drug X."
    assert design(*review).confidence is Confidence.LIKELY
    assert design(*review, types="Systematic Review").confidence is Confidence.SURE


def test_tags_fill_what_the_text_leaves_open():
    text = "Forty patients had drug X in group A and drug Y in group B, and pain was scored."
    assert design("Drug X for pain", text, types=RCT).value is Design.PARALLEL_RCT
    assert design("Drug X for pain", text, mesh="Double-Blind Method|Humans").value is Design.PARALLEL_RCT
    assert design("Drug X for pain", text, types=RCT, mesh="Cross-Over Studies").value in RANDOMISED_DESIGNS
    assert design("Drug X and glia", "Spinal tissue was stained.", mesh="Animals|Rats").value is Design.ANIMAL
    assert (
        design("Sleep and pain", "Nurses were asked.", mesh="Cross-Sectional Studies").value is Design.CROSS_SECTIONAL
    )


def test_a_tag_does_not_overrule_a_text_that_denies_chance():
    hit = design("Drug X for pain: a non-randomised trial", "Patients of ward A had drug X.", types=RCT)
    assert hit.value is Design.NON_RANDOMISED
    assert "tagged randomized controlled trial" in hit.note


def test_the_strongest_tag_comes_first():
    record = Record(
        source="pubmed", pmid="1", publication_types=(Term(name="Review"), Term(name="Meta-Analysis")), abstract=()
    )
    assert [tag.design for tag in design_tags(record)] == [Design.META_ANALYSIS, Design.NARRATIVE_REVIEW]


@pytest.mark.parametrize("words", ["placebo-controlled", "double-blind, placebo-controlled", "sham-controlled"])
@pytest.mark.parametrize("label", ["phase II trial", "single-arm trial", "dose-finding study", "uncontrolled study"])
def test_nothing_with_a_placebo_is_single_arm(label, words):
    hit = design(f"Drug X for pain: a {label}", f"A {words} study of 20 patients. All were seen for a week.")
    assert hit.value is not Design.SINGLE_ARM


def test_one_treatment_is_single_arm():
    assert design("Drug X in bone pain: a phase II trial", "Twenty patients had drug X.").value is Design.SINGLE_ARM
    assert design("Drug X: an open-label trial", "Twenty patients were given drug X.").value is Design.SINGLE_ARM
    gut = "Twenty consecutive patients had uncontrolled pain. Phase II activity of the gut was recorded."
    assert design("Opioids and the gut", gut, label="Methods").value is Design.COHORT


def test_a_retracted_trial_is_still_a_trial_and_its_notice_is_not():
    for mark in ("RETRACTED: ", "[Retracted] ", "Retracted article: "):
        assert design(f"{mark}Drug X for pain: a randomised trial", TRIAL).value is Design.PARALLEL_RCT
    assert design("RETRACTED: Drug X for pain: a randomised trial").value is Design.RETRACTION
    assert (
        design("Retraction: Drug X for pain: a randomised trial", "The article is retracted.").value
        is Design.RETRACTION
    )


@pytest.mark.parametrize(
    ("title", "text", "value"),
    [
        ("A trial simulation of drug X", "Randomised patients were simulated.", Design.OTHER),
        ("Cost of drug X: a Markov model", "Patients were randomised in the model.", Design.OTHER),
        ("Drug X in mice: a randomised study", "Mice were randomly assigned to two groups.", Design.ANIMAL),
        ("Erratum: a randomised trial of drug X", TRIAL, Design.CORRECTION),
        ("Sleep and pain", "This post hoc analysis of a randomised trial looked at sleep.", Design.SECONDARY_ANALYSIS),
    ],
)
def test_what_is_not_a_trial(title, text, value):
    assert design(title, text).value is value


def test_a_trial_that_also_looks_again_is_still_a_trial():
    hit = design(
        "Drug X for pain", f"{TRIAL} A secondary analysis was planned. Ten patients were withdrawn from the trial."
    )
    assert hit.value is Design.PARALLEL_RCT


@pytest.mark.parametrize(
    "text",
    [
        "After randomisation, 20 patients each received drug X.",
        "Forty patients were treated with either drug X or drug Y.",
        "Forty patients were treated with drug X or placebo.",
        "Forty patients were treated with drug X (group A) or drug Y (group B).",
        "Patients were selected randomly from a list. They were randomly assigned to drug X or drug Y.",
        "Patients were assigned on a random basis to drug X or drug Y.",
        "Twelve adults received drug X and drug Y in randomised, counterbalanced order.",
        "This article describes two randomised, double-blind trials in which drug X was compared with drug Y.",
    ],
)
def test_allocation_that_is_told_in_other_words(text):
    assert design("Drug X for pain", text, label="Methods").value in RANDOMISED_DESIGNS


@pytest.mark.parametrize(
    "text",
    [
        "Epidural block was performed with 75 µg of drug X (n = 20) or 50 µg of drug Y (n = 21).",
        "We studied sixty patients. The wound was infiltrated with either 10 ml of 0.5% drug X or normal saline.",
        "Sixty patients were allocated to receive one of three drugs.",
        "Sixty patients received drug X or usual care.",
        "Sixty patients had drug X for a week. Sleep was longer than with placebo (p < 0.05).",
        "Twelve adults received drug X and drug Y in a two-way crossover study.",
        "Sixty patients were given drug X (group A) and drug Y (group B). A blinded observer scored pain.",
        "Drug X was given to 90 patients. Both double-blind studies were done in two centres.",
    ],
)
def test_allocation_by_chance_that_is_only_implied(text):
    hit = design("Drug X for pain", text)
    assert hit.value in RANDOMISED_DESIGNS
    assert hit.confidence is not Confidence.SURE


@pytest.mark.parametrize(
    "text",
    [
        "Sixty patients who were receiving either drug X or drug Y were asked about sleep.",
        "Sixty patients were divided into two groups by ward and had drug X or were watched.",
        "Tumours were scored by a blinded observer in 60 patients of group A and group B.",
        "Sixty patients were randomly selected to receive a questionnaire.",
    ],
)
def test_what_implies_no_allocation_by_chance(text):
    record = Record(source="pubmed", pmid="1", title="Pain in practice", abstract=(Section(text=text),))
    hit = read_design(Source(canonical_text(record)), record)
    assert hit is None or hit.value not in RANDOMISED_DESIGNS


def test_an_abstract_may_open_with_its_own_blinded_study():
    own = "Pain is common. Drug X was compared with drug Y in a double-blind study involving 60 patients."
    assert design("Drug X for pain", own).value is Design.PARALLEL_RCT
    others = "In a previous double-blind study drug X was well liked. Charts of 60 patients were read retrospectively."
    assert design("Drug X for pain", others).value is Design.COHORT
    headed = Record(
        source="pubmed",
        pmid="1",
        title="Drug X for pain",
        abstract=(
            Section(label="BACKGROUND", text="Drug X was liked in a double-blind study."),
            Section(label="METHODS", text="All 60 patients were given drug X in this open-label trial."),
        ),
    )
    hit = read_design(Source(canonical_text(headed)), headed)
    assert hit is not None
    assert hit.value is Design.SINGLE_ARM


def test_those_selected_at_random_to_have_a_treatment_are_allocated():
    text = "Sixty patients were randomly selected to receive drug X, either 1 mg (group A) or 2 mg (group B)."
    assert design("Drug X for pain", text).value is Design.PARALLEL_RCT


@pytest.mark.parametrize(
    ("title", "text", "value"),
    [
        (
            "Ketoxan",
            "In randomised, double-blind trials (n = 900) Ketoxan was better than placebo.",
            "narrative review",
        ),
        ("Relief of pain: what is the best dose?", TRIAL, "parallel RCT"),
        ("Drugs for pain", "This review discusses drugs. A randomised trial favoured drug X.", "narrative review"),
        ("Repair of tendons", "In vitro, 42 tendons were randomly assigned to six groups.", "laboratory study"),
        ("Drug X for pain: protocol and first steps of a study", TRIAL, "protocol"),
        ("Drug X for pain", "This paper describes the design of a randomised trial.", "protocol"),
        ("Drug X and the heart: observations from the ABC trial", TRIAL, "secondary analysis"),
        ("An integrated safety analysis of drug X", "Data of 900 patients were pooled.", "secondary analysis"),
    ],
)
def test_what_only_speaks_of_trials(title, text, value):
    assert design(title, text).value == value


def test_trials_that_a_text_counts_are_not_subjects():
    text = (
        "Thirty-five articles met the criteria of randomisation. Three randomised, double-blind trials were positive."
    )
    record = Record(source="pubmed", pmid="1", title="Pain and its treatment", abstract=(Section(text=text),))
    assert read_randomised(Source(canonical_text(record))) is None


def test_what_is_only_implied_is_unclear():
    text = "Forty patients were treated with either drug X or drug Y."
    assert design("Drug X for pain", text, label="Methods").confidence is Confidence.UNCLEAR


def test_a_random_sample_is_no_allocation():
    record = Record(
        source="person", key="a", title="Pain in nurses", abstract=(Section(text="A random sample was asked."),)
    )
    assert read_randomised(Source(canonical_text(record))) is None


def test_called_randomised_without_groups():
    hit = design("Prevalence of pain after surgery: a randomised study", "Fifty patients were seen and scored.")
    assert (hit.value, hit.confidence) == (Design.COHORT, Confidence.UNCLEAR)
    assert "no groups" in hit.note


def test_reviews_that_tell_of_trials():
    text = "Drug X is an old drug. In double-blind trials it was better than placebo. Its use in practice is discussed."
    assert design("Drug X: a review of its use in pain", text).value is Design.NARRATIVE_REVIEW
    talk = "Pain is common and its treatment remains hard. " * 8
    assert design("Treatment of pain", talk).confidence is Confidence.UNCLEAR


def test_one_patient_is_a_case_even_where_the_literature_is_reviewed():
    text = (
        "Phantom pain is hard to treat. A woman aged 50 had drug X. The patient recovered. The literature is reviewed."
    )
    assert design("Drug X in phantom pain", text).value is Design.CASE_REPORT


def test_a_wash_out_before_the_trial_makes_no_crossover():
    before = "After a wash-out of one week, 60 patients were randomly assigned to drug X or placebo."
    between = "Patients were randomised to drug X, then drug Y, with a wash-out of one week between the treatments."
    assert design("Drug X for pain", before).value is Design.PARALLEL_RCT
    assert design("Drug X for pain", between).value is Design.CROSSOVER_RCT


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("The uses of drug X are reviewed. It is old.", Design.NARRATIVE_REVIEW, "design/review-text"),
        ("Drug X slows synaptic transmission.", Design.LABORATORY, "design/cells"),
        ("A Monte Carlo model was built.", Design.OTHER, "design/invented"),
    ],
)
def test_a_background_that_does_not_say_whose_it_is_may_tell_the_design(text, value, rule):
    hit = design("Drug X in pain", text, label="Background")
    assert (hit.value, hit.rule) == (value, rule)


def test_a_tag_that_many_kinds_of_work_get_leaves_the_design_unclear():
    assert design("Pain and drug X", types="Editorial").confidence is Confidence.UNCLEAR
    assert design("Pain and drug X", types="Case Reports").confidence is Confidence.LIKELY


@pytest.mark.parametrize(
    ("then", "planned"),
    [
        ("Outcomes will be measured after 12 weeks. In a pilot pain fell by 30% (p < 0.05).", True),
        ("They were seen once.", True),  # one sentence of the future, and no results
        ("They were seen once. In a pilot pain fell by 30% (p < 0.05).", False),
    ],
)
def test_a_plan_says_so_twice_or_has_no_results(then, planned):
    text = f"Pain is common. Sixty patients will be recruited. {then}"
    record = Record(source="pubmed", pmid="1", title="Drug X for pain", abstract=(Section(text=text),))
    hit = read_design(Source(canonical_text(record)), record)
    assert (hit is not None and hit.value is Design.PROTOCOL) == planned
