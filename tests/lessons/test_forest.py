"""Lesson 7 against a published result, hand calculation and the review's own file, and as a learner moves it."""

import csv
import math
import re
import shutil

import pytest

from ketalit.errors import InputError
from ketalit.lessons.chosen import REVIEW
from ketalit.lessons.forest import FUNNEL, INTERVALS, AddATrial, Forest, LeaveOut, OverTime, Universes
from ketalit.lessons.question import Predict, bank, judge
from ketalit.lessons.shown import plain
from ketalit.pooling import METHODS, pool
from ketalit.review import BUNDLED, load_review

from .reading import read

PANELS = [Forest, AddATrial, LeaveOut, OverTime, Universes]
PAIN = "IV ketamine vs placebo", "pain intensity"


def rows(window: str) -> list[dict[str, str]]:
    """Rows of the bundled effects.csv on pain after intravenous ketamine, as the file has them."""
    with open(BUNDLED / "effects.csv", encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    return [row for row in found if (row["comparison"], row["outcome"], row["window"]) == (*PAIN, window)]


def by_hand(window: str = "immediate term") -> tuple[list[float], list[float]]:
    """Differences of means and their variances, sd²/n of both groups."""
    found = rows(window)
    effects = [float(row["mean1"]) - float(row["mean2"]) for row in found]
    variances = [float(row["sd1"]) ** 2 / float(row["n1"]) + float(row["sd2"]) ** 2 / float(row["n2"]) for row in found]
    return effects, variances


def test_cochranes_way_gives_the_published_result():
    panel = Forest()
    panel.example.value = "Cochrane until 2024: DL, Wald"
    # CD015373.pub2, analysis 1.1: −15.79 (−32.09 to 0.51)
    assert "−15.8 points (95 % interval −32.1 to 0.5), which holds 0" in panel.seen()


def test_weights_under_one_true_effect_are_shares_of_reciprocal_variances():
    _, variances = by_hand()
    whole = sum(1 / v for v in variances)
    shown = Forest(estimator="one true effect (FE)").frame()["weight_share"].tolist()
    assert shown == pytest.approx([*(1 / v / whole for v in variances), 1])


def test_three_of_thirteen_ways_exclude_zero():
    panel, told = Forest(), []
    for estimator in panel.estimator.spec["options"]:
        for interval in panel.interval.spec["options"]:
            panel.set(estimator=estimator, interval=interval)
            told.append(panel.seen())
    assert len(set(told)) == 13  # one true effect has Wald's interval only
    assert sum("excludes 0" in one for one in set(told)) == 3
    right = next(one for one in bank("07")["excludes-zero"]["answers"] if one["correct"])
    assert right["answer"] == "in a few, 1 to 4"
    assert "3 of 13" in right["feedback"]


def test_one_true_effect_says_that_the_choice_of_interval_does_not_apply():
    shown = [Forest(estimator="one true effect (FE)", interval=interval).seen() for interval in INTERVALS]
    assert len(set(shown)) == 1
    assert "Wald only" in shown[0]
    assert "does not apply" not in Forest(interval="Wald").seen()


def test_an_invented_trial_without_effect_halves_the_mean_when_it_has_half_of_the_weight():
    effects, variances = by_hand()
    people = [float(row["n1"]) + float(row["n2"]) for row in rows("immediate term")]
    each = sorted(v * n for v, n in zip(variances, people, strict=True))[1]  # the median of three
    size = each * sum(1 / v for v in variances)
    panel = AddATrial(people=size, effect=0)
    assert read(panel.seen(), r"One true effect: weight (\d+) %") == 50
    mean = sum(y / v for y, v in zip(effects, variances, strict=True)) / sum(1 / v for v in variances)
    assert read(panel.seen(), r"One true effect: .*?→ (−\d+\.\d)") == pytest.approx(mean / 2, abs=0.06)


def test_a_tiny_trial_moves_random_effects_further_and_a_huge_one_less():
    moved = r": weight \d+ %, (−\d+\.\d) → (−\d+\.\d)"
    for people, tiny in ((10, True), (1000, False)):
        found = re.findall(moved, AddATrial(people=people).seen())
        fixed, random = (abs(float(b.replace("−", "-")) - float(a.replace("−", "-"))) for a, b in found)
        assert (random > 1.8 * fixed) == tiny
        assert (random < fixed) != tiny


def test_larger_trials_raise_i_squared_and_leave_tau():
    small, large = AddATrial().seen(), AddATrial(larger=30).seen()
    assert read(small, r"I² (\d+) %") < 70
    assert read(large, r"I² (\d+) %") == 99  # Rücker 2008: nearly 100 %
    # The standard deviation of the three effects is all that is left of tau then.
    effects, _ = by_hand()
    mean = sum(effects) / 3
    spread = math.sqrt(sum((y - mean) ** 2 for y in effects) / 2)
    assert read(large, r"tau ([\d.]+)") == pytest.approx(spread, abs=0.1)


def test_a_prediction_interval_comes_with_the_fifth_trial_and_is_wider():
    assert "Prediction" not in AddATrial(people=60).seen()
    seen = AddATrial(people=60, effect=-16, copies=2).seen()
    low = read(seen, r"95 % interval (−[\d.]+)")
    assert read(seen, r"Prediction interval (−[\d.]+)") < low


def test_what_is_invented_is_marked_as_invented():
    for shown in (AddATrial(people=10).picture.svg, AddATrial(people=10).frame()["study"].tolist()):
        assert "INVENTED TRIAL" in shown
    assert "INVENTED TRIAL" not in AddATrial(people=0).picture.svg


def test_without_the_first_trial_the_other_two_agree_and_have_their_plain_mean():
    effects, variances = by_hand()
    weights = [1 / v for v in variances[1:]]  # they lie closer than chance, so tau² is 0
    mean = sum(w * y for w, y in zip(weights, effects[1:], strict=True)) / sum(weights)
    assert read(LeaveOut(place=1).seen(), r"Without Lumanauw 2019: (−[\d.]+)") == pytest.approx(mean, abs=0.06)


def test_a_funnel_of_few_trials_says_that_it_says_nothing():
    panel = LeaveOut(shown=FUNNEL)
    assert "the shape of this funnel tells nothing" in panel.seen()
    assert "nothing can be read" in plain(panel.picture.svg)


def test_trials_at_two_times_are_counted_as_the_file_has_them():
    early, late = ({row["study"] for row in rows(window)} for window in ("immediate term", "short term"))
    seen = OverTime(time="short term").seen()
    assert f"{len(early & late)} are still here; {len(late - early)} are new" in seen


def test_a_time_that_nobody_measured_is_no_result():
    panel = OverTime(time="long term")
    assert "no trial in this review" in panel.seen()
    assert not re.search(r"−?\d", panel.seen())
    assert "nobody measured" in panel.picture.svg


def test_ways_are_those_that_pooling_one_by_one_gives():
    effects, variances = by_hand()
    sets = [[0, 1, 2], [1, 2], [0, 2], [0, 1]]
    found = [
        pool([effects[at] for at in held], [variances[at] for at in held], method, interval)
        for held in sets
        for method in METHODS
        for interval in INTERVALS.values()
        if method != "FE" or interval == "wald"
    ]
    excluding = sum(one.ci_low > 0 or one.ci_high < 0 for one in found)
    assert f"{excluding} of {len(found)} intervals exclude 0" in Universes().seen()


def test_a_choice_that_nobody_can_make_is_said():
    panel = Universes(method="FE", interval="Knapp–Hartung")
    assert "no way to pool is like that" in panel.seen()
    assert "Wald interval where the estimator is FE" in panel.seen()


@pytest.mark.parametrize("panel", PANELS)
def test_the_picture_says_what_is_read(panel):
    shown = panel()
    assert shown.picture.description == shown.seen()
    drawn = plain(shown.picture.svg.split("</desc>")[1])
    for trial in ("Lumanauw 2019", "Noppers 2011", "Sigtermans 2009") if panel is not Universes else ():
        assert trial in drawn
    assert "points of 0 to 100" in drawn


@pytest.mark.parametrize(
    "shown",
    [
        lambda: AddATrial(people=1000, effect=60, copies=10, larger=30),
        lambda: AddATrial(people=0.001, effect=-60),
        lambda: Forest(analysis="IV vs placebo: nausea"),
        lambda: Forest(analysis="oral vs methadone: hallucinations"),
        lambda: Universes(analysis="IV vs placebo: adverse events"),
        lambda: Universes(analysis="IV vs placebo: pain intensity, any time"),
        lambda: LeaveOut(analysis="IV vs ketorolac: pain intensity, immediate", place=2),
    ],
)
def test_the_ends_of_what_can_be_set_draw(shown):
    panel = shown()
    assert not panel.view.stale
    assert "nan" not in panel.picture.svg.lower()
    assert panel.seen()


@pytest.mark.parametrize("panel", PANELS)
def test_every_choice_draws_or_says_why_not(panel):
    shown = panel()
    for control in list(shown.moves.values()):
        for value in control.spec.get("options", ()):
            control.value = value
            assert shown.seen()
        shown.reset.click()
    assert not shown.view.stale


def test_a_wrong_input_is_said_beside_its_control():
    panel = AddATrial()
    panel.people.value = 5000
    assert panel.people.value == 1000
    assert "lies outside 0 to 1000" in panel.seen()


def test_the_slider_over_trials_ends_at_the_last_trial_of_every_comparison():
    panel = LeaveOut()
    panel.widget()
    for name in panel.analysis.spec["options"]:
        panel.analysis.value = name
        studies = len(panel.frame())
        panel.place.value = studies
        assert panel.seen().count("Without ") == 1
        panel.place.value = studies + 1
        assert f"lies outside 0 to {studies}" in panel.seen()
        assert not panel.view.stale


def test_the_slider_on_the_screen_is_the_one_that_moves_the_panel():
    panel = LeaveOut()
    controls = panel.widget().children[1].children[0]
    panel.analysis.value = "IV vs placebo: pain intensity, short"  # four trials instead of three
    assert panel.place in controls.children
    assert [one for one in controls.children if one in panel.moves.values()] == list(panel.moves.values())
    panel.place.value = 4
    assert "Without" in panel.seen()
    panel.reset.click()
    assert panel.place in controls.children
    assert "Without" not in panel.seen()


def test_a_code_with_the_last_trial_of_a_longer_comparison_is_taken():
    panel = LeaveOut(analysis="IV vs placebo: pain intensity, short", place=4)
    again = LeaveOut()
    again.restore(panel.code)
    assert again.seen() == panel.seen()
    assert "Without" in again.seen()


def test_only_the_trial_that_is_stepped_to_is_read():
    panel = LeaveOut()
    assert not any(name in panel.seen() for name in ("Lumanauw", "Noppers", "Sigtermans"))
    panel.place.value = 3
    assert "Without Sigtermans 2009" in panel.seen()
    assert "Lumanauw" not in panel.seen()


def test_shares_are_read_for_the_choices_that_are_made():
    assert "Explained" not in Universes().seen()
    effects, variances = by_hand()
    ways = [
        (at, pool([effects[i] for i in held], [variances[i] for i in held], method, interval).estimate)
        for at, held in enumerate([[0, 1, 2], [1, 2], [0, 2], [0, 1]])
        for method in METHODS
        for interval in INTERVALS.values()
        if method != "FE" or interval == "wald"
    ]
    whole = sum(value for _, value in ways) / len(ways)
    groups = [[value for at, value in ways if at == each] for each in range(4)]
    between = sum(len(group) * (sum(group) / len(group) - whole) ** 2 for group in groups)
    share = 100 * between / sum((value - whole) ** 2 for _, value in ways)
    seen = Universes(left="one").seen()
    assert read(seen, r"which trial is left out (\d+) %") == round(share)
    assert "the interval" not in seen


def test_labels_in_menus_are_short_and_titles_are_full():
    panel = Forest()
    labels = panel.analysis.spec["options"]
    assert len(set(labels)) == len(labels)
    assert panel.analysis.value == "IV vs placebo: pain intensity, immediate"
    assert max(map(len, labels)) < 55
    assert "IV ketamine vs placebo: pain intensity, immediate term" in plain(panel.picture.svg)


def test_a_code_brings_the_settings_back():
    panel = Universes(analysis="IV vs placebo: pain intensity, any time", method="REML")
    again = Universes()
    again.restore(panel.code)
    assert again.seen() == panel.seen()
    with pytest.raises(InputError):
        Forest().restore(panel.code)


def test_the_interval_before_is_shaded_until_the_analysis_changes():
    panel = Forest()
    panel.interval.value = "Wald"
    assert "Shaded: the interval before" in panel.picture.svg
    panel.analysis.value = "IV vs placebo: nausea"
    assert "Shaded" not in panel.picture.svg


# --- any review ------------------------------------------------------------------------------------------------------

HEADER = "study,record,comparison,outcome,measure,window,better,n1,events1,n2,events2,source"
TOY = [f"toy{at},RECORD,toyol vs placebo,gone in a day,RR,day 1,higher,50,{20 + at},50,10,made up" for at in range(6)]


@pytest.fixture
def other(tmp_path, monkeypatch):
    """A synthetic review of another drug, with no effects yet."""
    folder = tmp_path / "toyol"
    shutil.copytree(BUNDLED.parent / "synthetic-refresh", folder)
    monkeypatch.setenv(REVIEW, str(folder))
    return folder


@pytest.fixture
def toyol(other):
    """The same with six trials of one outcome."""
    record = next(iter(load_review(other).records))
    lines = [HEADER, *TOY]
    (other / "effects.csv").write_text("\n".join(lines).replace("RECORD", record) + "\n", encoding="utf-8")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.usefixtures("toyol")
def test_another_review_teaches_as_well(panel):
    shown = panel()
    assert not shown.view.stale
    assert "ketamine" not in (shown.seen() + shown.twin()).lower()
    assert "RR" in shown.seen()


@pytest.mark.usefixtures("toyol")
def test_six_trials_have_a_prediction_interval():
    assert "6 trials, 600 people" in Forest().seen()
    assert "Prediction interval" in Forest().seen()


@pytest.mark.parametrize("panel", PANELS)
def test_a_review_without_effects_is_told_plainly(panel, other):
    shown = panel()
    assert "Nothing can be shown" in shown.seen()
    assert "effects.csv" in shown.seen()
    assert "Nothing to pool" in shown.twin()
    assert shown.frame().empty


# --- questions -------------------------------------------------------------------------------------------------------


def test_one_weight_is_a_share_of_reciprocal_variances():
    item = bank("07")["one-weight"]
    variances = [float(value) for value in re.search(r"(\d+), (\d+) and (\d+)", item["question"]).groups()]
    whole = sum(1 / v for v in variances)
    assert judge(item, 100 / variances[1] / whole)[0]
    errors = sum(1 / math.sqrt(v) for v in variances)
    spread = 100 * pool([0, 30, 10], [v + 132 for v in variances], "FE", "wald").weights[1]
    for wrong, said in (
        (100 * variances[1] / sum(variances), "reciprocals"),
        (100 / math.sqrt(variances[1]) / errors, "square"),
        (33.3, "Equal weights"),
        (spread, "random effects"),
    ):
        correct, feedback = judge(item, wrong)
        assert not correct
        assert said in feedback


def test_the_invented_story_comes_out_as_its_answers_say():
    item = bank("07")["transfer-snoring"]
    assert "invented" in item["question"]
    found, variances = [*range(8, 17), 0], [*[16.0] * 9, 0.09]
    fixed, random = (pool(found, variances, method, "wald") for method in ("FE", "REML"))
    assert fixed.estimate < 1
    assert random.estimate > 6
    told = [one["feedback"] for one in item["answers"]]
    assert f"{100 * fixed.weights[-1]:.0f} % of the weight, and the mean is {fixed.estimate:.1f} fewer" in told[0]
    assert f"{100 * random.weights[-1]:.0f} % of the weight, and the mean is {random.estimate:.0f} fewer" in told[1]


def test_every_wrong_answer_is_answered():
    items = bank("07").values()
    assert [item["kind"] for item in items].count("transfer") == 1
    for item in items:
        said = [one["feedback"] for one in item["answers"]]
        assert all(said)
        assert len(set(said)) == len(said)


def test_the_panel_opens_only_after_a_prediction():
    predict = Predict("07", "tiny-trial", AddATrial())
    assert predict.locked
    assert "points" not in predict.seen()
    predict.answer("further under one true effect", confidence=90)
    assert not predict.locked
    predict.compare.click()
    assert "evens the weights out" in predict.seen()
