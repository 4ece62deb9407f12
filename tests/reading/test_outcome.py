"""What was the outcome, how long was it followed, whom does it favour, and do the numbers agree with each other?"""

import pytest

from ketalit.reading import read_record
from ketalit.reading.engine import Source
from ketalit.reading.normal import normalise
from ketalit.reading.outcome import hours, numbers, read_outcome, read_result
from ketalit.reading.outcome.direction import parts_of, read_direction
from ketalit.reading.outcome.topic import Topic, abbreviations
from ketalit.records.model import Record, Section
from ketalit.records.text import canonical_text
from ketalit.vocabulary import Confidence, Design

METHODS = "Sixty patients were randomised to drug X or placebo. The primary outcome was pain intensity at 24 h."


def record(results: str, conclusion: str = "", *, methods: str = METHODS, title: str = "Drug X: a randomised trial"):
    parts = (("Methods", methods), ("Results", results), ("Conclusion", conclusion))
    abstract = tuple(Section(text=text, label=label) for label, text in parts if text)
    return Record(source="person", key="t1", title=title, abstract=abstract)


def found(*args, **more):
    return {finding.field: finding for finding in read_record(record(*args, **more))}


def direction(*args, **more):
    return found(*args, **more)["primary_direction"].value


@pytest.mark.parametrize(
    ("results", "conclusion", "side"),
    [
        ("Pain was lower with drug X than with placebo (p = 0.01).", "", "favours intervention"),
        ("Pain was 2.1 with drug X versus 3.4 with placebo (p < 0.001).", "", "favours intervention"),
        ("Scores were noted.", "Drug X was superior to placebo for pain.", "favours intervention"),
        ("Pain did not differ between the groups (p = 0.6).", "", "no significant difference"),
        ("Pain was 2.1 with drug X versus 2.4 with placebo (p = 0.31).", "", "no significant difference"),
        ("Scores were noted.", "Drug X was as effective as drug Y for pain.", "no significant difference"),
        ("Scores were noted.", "Drug X was non-inferior to drug Y.", "no significant difference"),
        ("Scores were noted.", "Drug X is an alternative to drug Y.", "no significant difference"),
        ("Pain fell in both groups. Neither drug X nor drug Y changed sleep.", "", "no significant difference"),
        ("Pain was lower with drug X, but the difference was not significant.", "", "no significant difference"),
        ("Pain differed in favour of placebo (p = 0.02).", "Placebo was better than drug X.", "favours comparator"),
        ("Time to discharge was longer with drug X than with placebo (p < 0.01).", "", "favours comparator"),
        (
            "Pain was lower with drug X than with placebo at 1 h; this effect was not maintained at 24 h.",
            "",
            "mixed",
        ),
        ("Pain at rest was lower.", "Drug X reduced pain at rest but not pain on movement.", "mixed"),
        ("Drug X was twice as effective as drug Y for pain.", "", "favours intervention"),
        ("Pain was not altered.", "Drug X was superior to drug Y for pain and equally well tolerated.", "mixed"),
        ("Drug X does not slow the decline in lung function.", "", "no significant difference"),
        ("Nausea was noted. There were no significant differences in nausea (p = 0.4).", "", None),
        ("Compared with placebo, the pain scores were lower (p = 0.01).", "", "favours intervention"),
        ("Pain fell in both the study and control groups. The groups did not differ.", "", "no significant difference"),
        ("Pain decreased with drug X (p = 0.01). No change was seen in the control group.", "", "favours intervention"),
        ("Pain was lower with drug X. This difference was not significant.", "", "no significant difference"),
        ("Pain fell over time, with no significant difference between the groups.", "", "no significant difference"),
        ("Drug X reduced pain (risk ratio 0.80, 95% CI 0.50 to 1.40).", "", "no significant difference"),
        ("Chronic pain led to greater improvement with drug X than with placebo.", "", "favours intervention"),
        (
            "Doses were 5 mg morphine equivalent. Pain was lower with drug X than with placebo.",
            "",
            "favours intervention",
        ),
        (
            "There was no difference in any primary outcome measure. Drug X improved sleep (p = 0.01).",
            "Drug X improves sleep compared with placebo.",
            "no significant difference",
        ),
        (
            "Pain was lower with drug X.",
            "Drug X reduced pain compared with placebo, but had no effect on sleep.",
            "mixed",
        ),
    ],
)
def test_the_side_that_a_trial_favours(results, conclusion, side):
    assert direction(results, conclusion) == side


def test_primary_outcomes_that_disagree_are_mixed():
    methods = "Sixty patients were randomised to drug X or placebo. The primary outcomes were pain intensity and sleep quality."
    results = "Pain intensity was lower with drug X than with placebo (p = 0.01). Sleep quality did not differ."
    assert direction(results, "Drug X reduced pain intensity compared with placebo.", methods=methods) == "mixed"


def test_arms_that_are_alike_among_themselves_do_not_undo_a_difference_from_placebo():
    methods = "Ninety patients were randomised to one of three groups: drug X, drug Y or placebo."
    results = "Pain was lower with drug X than with placebo (p = 0.01)."
    conclusion = "Drug X and drug Y gave similar relief."
    assert direction(results, conclusion, methods=methods) == "favours intervention"


def test_the_title_tells_which_of_two_drugs_is_the_comparator():
    title = "Xanazol versus yttricam for pain: a randomised trial"
    assert direction("Yttricam was more effective.", title=title) == "favours comparator"
    assert direction("Xanazol was more effective.", title=title) == "favours intervention"


def test_what_was_planned_is_no_result():
    methods = "Sixty patients were randomised to drug X or placebo."
    results = "We tested whether drug X reduces pain. The primary outcome was improvement in pain. Pain did not differ."
    assert direction(results, methods=methods) == "no significant difference"


def test_harms_and_baseline_do_not_decide():
    results = "Age and sex were similar at baseline. Pain was lower with drug X than with placebo (p = 0.01)."
    assert direction(results, "Adverse events were similar in the two groups.") == "favours intervention"


def test_the_primary_outcome_outvotes_the_others():
    results = (
        "Sleep was better with drug X than with placebo (p = 0.04). Mood was better with drug X than with placebo. "
        "Pain intensity did not differ between the groups (p = 0.5)."
    )
    assert direction(results, "Pain intensity was no lower with drug X.") == "no significant difference"


def test_praise_without_comparison_does_not_undo_a_result():
    results = "There was no significant difference in pain intensity between the groups (p = 0.7)."
    assert direction(results, "Drug X is an effective analgesic.") == "no significant difference"


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("Drug X does not reduce pain: a randomised trial", "no significant difference"),
        ("Drug X is as effective as drug Y: a randomised trial", "no significant difference"),
    ],
)
def test_a_title_that_settles_it(title, side):
    assert direction("Pain was scored in all patients.", title=title) == side


def test_silence_where_nothing_is_compared():
    assert direction("Prevalence was 4 %.", title="Prevalence of pain in a randomised trial of drug X") is None
    bare = Record(source="person", key="t1", title="Drug X for pain: a randomised trial")
    assert {one.field: one.value for one in read_record(bare)}["primary_direction"] is None


@pytest.mark.parametrize(
    ("title", "design", "arms", "compared"),
    [
        ("Drug X for pain", Design.COHORT, None, True),
        ("Drug X for pain", Design.COHORT, 1, False),
        ("Drug X for pain", Design.SINGLE_ARM, 1, False),
        ("Predictors of pain after drug X", Design.COHORT, None, False),
        ("Predictors of pain after drug X", Design.SECONDARY_ANALYSIS, None, True),
        ("Drug X for pain", Design.CROSS_SECTIONAL, None, False),
    ],
)
def test_a_study_without_chance_has_a_side_only_where_it_sets_groups_side_by_side(title, design, arms, compared):
    trial = record("Pain was lower in the treatment group than in the control group (p = 0.01).", title=title)
    source = Source(canonical_text(trial))
    assert (read_direction(source, design, read_outcome(source), arms) is not None) == compared


def test_the_last_sentence_of_a_plain_abstract_concludes_unless_it_holds_a_p_value():
    said = "Sixty adults were randomised to drug X or placebo. Pain was lower with drug X (p = 0.01). "
    for last, concluded in (("Drug X eased the pain.", 1), ("Sleep was better with drug X (p = 0.02).", 0)):
        plain = Record(source="person", key="t1", title="Drug X", abstract=(Section(text=said + last),))
        results, conclusions = parts_of(Source(canonical_text(plain)))
        assert len(conclusions) == concluded
        assert results[-1].norm.startswith("sleep" if not concluded else "pain")


@pytest.mark.parametrize(
    ("methods", "value", "quote"),
    [
        ("Pain was scored (VAS) each day.", "visual analogue scale", "VAS"),
        ("Each day pain was scored (VAS 0-10).", "visual analogue scale 0-10", "VAS 0-10"),
        ("Sleep was scored, then pain on an NRS, 11-point.", "numerical rating scale, 11 points", "NRS, 11-point"),
        ("The Ramsay score and the VAS were used.", "Ramsay Sedation Scale", "Ramsay"),
        ("Pain was noted.", None, ""),
    ],
)
def test_the_scale_and_its_words(methods, value, quote):
    finding = found("Nothing was seen.", methods=methods)["scale"]
    assert (finding.value, finding.quote) == (value, quote)


def test_under_the_heading_of_the_main_outcome_the_first_of_several_is_taken():
    headed = Section(text="Pain intensity, sleep and mood.", label="Main outcome measures")
    methods = Section(text="Adults had drug X.", label="Methods")
    trial = Record(source="person", key="t1", title="Drug X", abstract=(methods, headed))
    assert {one.field: one.value for one in read_record(trial)}["primary_outcome"] == "Pain intensity"


def test_the_quote_is_the_sentence_that_says_so():
    sentence = "Pain did not differ between the groups (p = 0.6)."
    trial = record(f"Sixty–five patients were seen. {sentence}")
    finding = {one.field: one for one in read_record(trial)}["primary_direction"]
    assert finding.quote == sentence
    assert canonical_text(trial).text[finding.start : finding.end] == sentence


def test_numbers_that_disagree_lower_confidence_and_leave_a_note():
    agreeing = found("Pain was lower with drug X, mean difference 2.0 (95% CI 1.0 to 3.0, p = 0.001), than placebo.")
    clashing = found("Pain was lower with drug X, mean difference 2.0 (95% CI -1.0 to 3.0, p = 0.001), than placebo.")
    assert agreeing["primary_direction"].note == ""
    assert "holds 0, yet p = 0.001" in clashing["primary_direction"].note
    assert agreeing["primary_direction"].confidence is Confidence.LIKELY
    assert clashing["primary_direction"].confidence is Confidence.UNCLEAR


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Pain was 3.1 ± 1.2.", ("number/mean", (3.1, 1.2))),
        ("Pain was 3.1 (SD 1.2).", ("number/mean", (3.1, 1.2))),
        ("The dose was 12 (8–20) mg.", ("number/median", (12.0, 8.0, 20.0))),
        ("The dose was 12 [IQR 8 to 20] mg.", ("number/median", (12.0, 8.0, 20.0))),
        ("It was 4 (95% CI, 1·5 to 6·5).", ("number/ci", (1.5, 6.5))),
        ("Nausea in 5/30 (16.7%).", ("number/events", (5.0, 30.0, 16.7))),
        ("Nausea in 17% (5/30).", ("number/events", (5.0, 30.0, 17.0))),
        ("They differed (P<0.001).", ("number/p", (0.001,))),
    ],
)
def test_numbers_as_given(text, parts):
    assert parts in [(number.kind, number.parts) for number in numbers.numbers_in(normalise(text).text)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The odds ratio was 0.5 (95% CI 0.3–0.8; p = 0.4).", 1),
        ("The odds ratio was 0.5 (95% CI 0.3–0.8; p = 0.004).", 0),
        ("The ratio was 0.9 (95% CI 0.9–1.0; p = 0.05).", 0),  # at the border nothing can be said
        ("The risk ratio was 1.2 (95% CI 1.0–1.4; p = 0.2).", 0),
        ("The risk ratio was 0.8 (95% CI 0.6–1.0; p = 0.01).", 0),
        ("It was 0.5 (95% CI 0.3–0.8; p = 0.4).", 0),  # neither ratio nor difference: the null is not known
        ("The odds ratio was 0.5 (99% CI 0.3–0.8; p = 0.4).", 0),
        ("Nausea in 5 of 30 (17%) and 6 of 30 (50%).", 1),
        ("Relief in 2 of 3 (68% to 82%) attacks.", 0),
    ],
)
def test_checks(text, count):
    assert len(numbers.contradictions(normalise(text).text)) == count


def test_a_denominator_larger_than_the_study():
    assert numbers.contradictions("nausea in 5 of 50 (10%)", 40) == ["a denominator of 50 among 40 subjects"]


@pytest.mark.parametrize(
    "results",
    [
        # as much of the topic and as many numbers: the first
        "Pain intensity was 3 (SD 1), p = 0.03. Pain intensity was 4 (SD 1), p = 0.04.",
        # more of the topic weighs as much as a second kind of numbers
        "Nausea occurred in 5 of 30 (17%) given drug X, p = 0.2. Pain intensity was 3 (SD 1), p = 0.03.",
        # a number beside a name of numbers is none of them
        "Pain intensity was the mean (SD) of 3 days. Pain intensity was 3 (SD 1), p = 0.03.",
        # numbers make up for less of the topic
        "Pain intensity was the same. Pain was 3 (SD 1), p = 0.03.",
    ],
)
def test_the_main_result_is_the_first_that_weighs_most(results):
    record_ = record(results, methods="Sixty women were randomised. The primary outcome was pain intensity.")
    source = Source(canonical_text(record_))
    hit = read_result(source, read_outcome(source))
    assert "(SD 1), p = 0.03." in hit.value


def test_the_main_result_with_its_numbers():
    trial = record("Sixty patients took part. Pain intensity was 3.1 ± 1.2 and 4.0 ± 1.1 (p = 0.03). Mood was 4 of 9.")
    source = Source(canonical_text(trial))
    hit = read_result(source, read_outcome(source), 60)
    assert hit is not None
    assert hit.value == "Pain intensity was 3.1 ± 1.2 and 4.0 ± 1.1 (p = 0.03)."


@pytest.mark.parametrize(
    ("methods", "outcome"),
    [
        ("The primary outcome was pain intensity at 24 h.", "pain intensity"),
        ("Safety, the primary objective, was assessed.", "Safety"),
        ("Walking distance (primary outcome) and mood were measured.", "Walking distance"),
        ("Outcomes were sleep quality, mood and pain.", "sleep quality"),
        ("The primary outcome was pain rated on a scale.", "pain"),
    ],
)
def test_primary_outcome(methods, outcome):
    assert found("Nothing was seen.", methods=methods)["primary_outcome"].value == outcome


def test_an_outcome_named_by_its_abbreviation_is_spelled_out():
    methods = "We measured muscle protein synthesis (MPS). The primary outcome was MPS."
    assert found("Nothing was seen.", methods=methods)["primary_outcome"].value == "muscle protein synthesis"


@pytest.mark.parametrize(
    ("methods", "time"),
    [
        ("Pain was scored at 2, 6 and 24 h after surgery.", "2, 6 and 24 h"),
        ("Pain was scored at 1 day, 1 week and 1 month.", "1 month"),
        ("Pain was scored on days 1, 3 and 5.", "days 1, 3 and 5"),
        ("Pain was scored on postoperative day (POD) 1, 2 and 5.", "day (POD) 1, 2 and 5"),
        ("Adults with persistent knee pain for 3 months were seen after 8 weeks.", "8 weeks"),
        ("Youths (7-14 years) were treated for 12 weeks.", "12 weeks"),
    ],
)
def test_follow_up(methods, time):
    assert found("Nothing was seen.", methods=methods)["followup"].value == time


def test_hours_of_printed_times():
    assert hours("8th week") == hours("8 weeks") == 8 * 168
    assert hours("2012, 9-11 years") == hours("11 years")
    assert hours("nothing") == 0
    assert hours("40 min") == pytest.approx(2 / 3)
    assert [hours(f"2 {unit}") for unit in ("h", "hrs", "hours", "days", "months", "years")] == [
        2,
        2,
        2,
        48,
        1460,
        17532,
    ]


def test_an_abbreviation_explained_by_the_first_words_of_a_text():
    assert abbreviations("muscle strength (ms) was measured") == {"ms": {"muscle", "streng"}}


def test_the_topic_is_shared_by_what_a_clause_holds_of_it():
    topic = Topic([{"pain", "intens"}, {"sleep"}], {})
    assert topic.shares("the intensity of something") == [0.5, 0]
    assert topic.shares("less pain, as intensive as before, and better sleep") == [1, 1]
    assert (topic.share("nothing"), Topic([], {}).share("pain"), Topic([], {}).shares("pain")) == (0, 0, [])
