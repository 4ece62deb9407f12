"""Lesson 4: do its panels say what the models and the papers say, at every setting a learner can reach?"""

import re
from pathlib import Path

import numpy as np
import pytest

from ketalit.lessons.infusion import ALL, BY_WEIGHT, CEILING, FIXED, Body, Doses, EffectSite, Stopping, expressible
from ketalit.lessons.question import Check, Predict
from ketalit.models.parameters import parameters_of
from ketalit.models.pharmacokinetics import (
    MODELS,
    PRESETS,
    clearance,
    context_sensitive_half_time,
    enantiomer_clearances,
    steady_state,
)

from .reading import described

LESSON = Path(__file__).parents[2] / "notebooks" / "04-bolus-infusion-and-time.py"
OTTO = "Fanta 2015 with Otto 2021"
ADULTS = [key for key, model in MODELS.items() if not model.for_children]


def numbers(pattern, text):
    found = re.search(pattern, text)
    assert found, f"“{pattern}” is not in “{text}”"
    return [float(one) for one in found.groups()]


# --- bolus and infusion ----------------------------------------------------------------------------------------------


def test_twice_the_rate_is_twice_the_level_at_the_same_time():
    panel = Doses()
    once, now = panel.seen(), None
    panel.rate.value = 0.4
    now = panel.seen()
    level, settles = r"Steady state: (\d+) to (\d+) ng/mL", r"within 10 % of it from ([\d.]+) to ([\d.]+) h"
    assert np.allclose(numbers(level, now), 2 * np.array(numbers(level, once)), rtol=0.01)
    assert numbers(settles, now) == numbers(settles, once)


def test_steady_state_is_rate_over_the_published_clearance():
    panel = Doses(model=OTTO)  # 95.2 L/h at 70 kg is printed; 14 mg/h / 95.2 L/h = 147 ng/mL
    assert "Steady state: 147 ng/mL" in panel.seen()


def test_time_of_rest_is_that_of_a_curve_on_a_finer_grid():
    from ketalit.models.pharmacokinetics import Dose, concentrations

    hours = np.linspace(0, 24, 20_001)
    found = concentrations(Dose("0.2 mg/kg/h", "24 h"), hours, 70, ADULTS)
    first = {
        one.model: hours[np.argmax(one.ketamine >= 0.9 * steady_state(one.model, "0.2 mg/kg/h"))]
        for one in found.models
    }
    assert Doses()._result.settled == pytest.approx(first, rel=0.005)


def test_an_infusion_that_ends_early_reaches_no_steady_state():
    panel = Doses()
    panel.example.value = "depression infusion"
    assert "ends before it" in panel.seen()
    # 0.5 mg/kg in 40 min = 0.75 mg/kg/h = 52.5 mg/h at 70 kg, 35 mg in all
    assert "0.75 mg/kg/h is 52.5 mg/h at 70 kg" in panel.seen()
    assert "35 mg given" in panel.seen()


def test_the_effect_site_is_highest_where_it_crosses_plasma():
    panel = EffectSite(rate=0)
    (minutes,) = numbers(r"highest (\d+) min after the dose", panel.seen())
    course = panel._result.found.models[0]
    crossed = course.times_h[np.argmax(course.effect_site >= course.ketamine)] * 60
    assert minutes == pytest.approx(crossed, abs=1.5)


def test_a_bolus_that_overshoots_is_not_at_rest_before_it_has_come_down():
    # Simons 2022: 0.85 mg/kg with 0.2 mg/kg/h starts far above and comes down; it never sinks below again
    panel = Doses(bolus=0.85, rate=0.2, model="Simons 2022")
    hours = panel._result.settled["simons2022"]
    course = panel._result.found.models[0]
    level = panel._result.resting["simons2022"]
    after = (course.times_h >= hours + 0.05) & (course.times_h <= 24)
    assert hours > 1
    assert np.all(np.abs(course.ketamine[after] / level - 1) <= 0.101)


def test_what_was_given_follows_the_cursor():
    panel = Doses(bolus=0.5, rate=0.2, length=10, time=0)
    assert "At 0 min: 35 mg given" in panel.seen()  # 0.5 mg/kg at 70 kg
    panel.time.value = 100
    assert "175 mg given" in panel.seen()  # and 14 mg/h for 10 h
    panel.set(days=3, time=100)
    assert "525 mg given" in panel.seen()


def test_cursor_reads_every_curve():
    panel = Doses(time=50)  # 18 h of 36
    found = panel.frame()
    at = [np.interp(18, rows.time_h, rows.plasma_ng_per_mL) for _, rows in found.groupby("model")]
    assert numbers(r"plasma (\d+) to (\d+),", panel.seen()) == [round(min(at)), round(max(at))]
    assert set(found["model"]) == {MODELS[key].label for key in ADULTS}


def test_a_route_that_no_model_covers_is_said_and_shows_no_curve():
    panel = Doses()
    panel.example.value = "postherpetic neuralgia, 7 days"
    assert "No published model here covers the subcutaneous route" in panel.seen()
    assert "does not cover the subcutaneous route" in " ".join(panel.picture.svg.split())
    assert panel.frame().empty
    assert panel._result.so_far(1e9)[1] == pytest.approx(0.15 * 70 * 168)  # mg/kg/h x kg x h


def test_one_model_that_does_not_cover_a_route_is_not_all_of_them():
    panel = EffectSite(rate=0)
    panel.route.value = "oral"
    assert f"{OTTO} does not cover the oral route; Perez-Ruixo 2021 does." in panel.seen()
    panel.model.value = "Perez-Ruixo 2021"
    assert "effect site is highest" in panel.seen()


def test_why_the_model_of_children_stays_out_is_told():
    assert "fitted to children of 3.4 to 35 kg" in re.sub(r"<[^>]+>|\s+", " ", Doses().picture.svg).replace("  ", " ")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"route": "oral"}, "does not run for hours"),
        ({"days": 3, "length": 30}, "overlap"),
    ],
)
def test_what_cannot_be_given_is_said_and_the_panel_goes_on(settings, words):
    panel = Doses()
    panel.set(**settings)
    assert words in panel.seen()
    panel.reset.click()
    assert "Steady state" in panel.seen()


@pytest.mark.parametrize(
    "settings",
    [
        {"bolus": 0, "rate": 0},
        {"bolus": 1, "rate": 2, "length": 0.1, "days": 10, "time": 0},
        {"bolus": 1, "rate": 2, "length": 168, "time": 100},
        {"bolus": 0.5, "rate": 0, "route": "intranasal"},
        {"bolus": 0.5, "rate": 0, "route": "sublingual", "days": 10},
        {"bolus": 0.5, "rate": 0, "route": "subcutaneous"},
        {"rate": 0.05, "length": 0.1, "model": "Domino 1984"},
    ],
)
def test_extremes_draw_and_the_picture_says_what_the_panel_says(settings):
    panel = Doses()
    panel.set(**settings)
    assert "Nothing can be shown" not in panel.seen()
    assert described(panel) == panel.seen()
    assert "nan" not in panel.view.svg


@pytest.mark.parametrize("preset", [one.name for one in Doses.presets])
def test_every_example_draws_and_has_a_source(preset):
    panel = Doses()
    panel.example.value = preset
    assert described(panel) in panel.seen()
    one = next(one for one in Doses.presets if one.name == preset)
    assert one.source
    assert one.url or preset.startswith("clinic page")


def test_examples_give_what_the_published_schedule_gives():
    panel = Doses()
    for preset in Doses.presets:
        panel.example.value = preset.name
        published = sum(dose.amount_mg(70) for dose in PRESETS[preset.name].schedule)
        assert sum(panel._result.so_far(1e9)) == pytest.approx(published, rel=1e-3), preset.name


def test_schedules_that_the_controls_cannot_say_are_no_examples():
    names = {one.name for one in Doses.presets}
    for name in ("CRPS, 100 h", "esketamine nasal spray", "breakthrough pain, nasal"):
        assert expressible(PRESETS[name].schedule) is None
        assert name not in names


# --- stopping --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0.6667, 4, 24, 120])
def test_the_time_to_half_is_the_context_sensitive_half_time(length):
    found = Stopping(length=length)._result.falls
    wanted = {model: context_sensitive_half_time(model, length) / 60 for model in found}
    assert found == pytest.approx(wanted, rel=0.02)


def test_the_curve_over_lengths_passes_through_the_point():
    panel = Stopping(length=0.1)
    for model, hours in panel._result.by_length.items():
        assert hours[0] == pytest.approx(panel._result.falls[model], rel=1e-6)


def test_the_rate_changes_levels_and_no_times():
    panel = Stopping()
    before = panel.seen()
    panel.rate.value = 2
    cut = " Level at the stop"
    assert panel.seen().split(cut)[0] == before.split(cut)[0]
    assert panel.seen() != before


def test_a_longer_run_falls_more_slowly_until_it_no_longer_matters():
    panel = Stopping()
    for hours in panel._result.by_length.values():
        assert np.all(np.diff(hours) > -0.01)


@pytest.mark.parametrize("site", ["plasma", "effect site"])
@pytest.mark.parametrize(("length", "left"), [(0.1, 90), (120, 10), (0.1, 10)])
def test_stopping_draws_at_the_edges(site, length, left):
    panel = Stopping()
    panel.set(site=site, length=length, left=left)
    assert described(panel) == panel.seen()
    assert "nan" not in panel.view.svg
    assert not panel.frame().isna().any().any()


# --- other bodies ----------------------------------------------------------------------------------------------------


def test_the_ceiling_takes_over_at_the_weight_that_arithmetic_gives():
    panel = Body(dosing=CEILING)
    panel.weight.value = 70  # 0.35 x 70 = 24.5
    assert "24.5 mg/h" in panel.seen()
    panel.weight.value = 75  # 0.35 x 75 = 26.25
    assert ": 25 mg/h" in panel.seen()


def test_what_weight_does_is_what_each_model_publishes():
    panel = Body(dosing=BY_WEIGHT)
    panel.weight.value = 140
    ends = {
        model: float(np.interp(140, np.linspace(40, 160, 25), levels)) for model, levels in panel._result.ends.items()
    }
    at_70 = {
        model: float(np.interp(70, np.linspace(40, 160, 25), levels)) for model, levels in panel._result.ends.items()
    }
    assert ends["domino1984"] == pytest.approx(at_70["domino1984"])  # all goes with weight
    assert ends["perezruixo2021"] == pytest.approx(2 * at_70["perezruixo2021"])  # nothing does
    assert at_70["otto2021"] < ends["otto2021"] < 2 * at_70["otto2021"]
    assert clearance("otto2021", 140) / clearance("otto2021", 70) == pytest.approx(2**0.75)


def test_a_fixed_rate_is_the_same_for_everybody():
    panel = Body(dosing=FIXED)
    for weight in (40, 160):
        panel.weight.value = weight
        assert ": 25 mg/h" in panel.seen()


def test_less_clearance_and_an_inhibitor_raise_the_level():
    panel = Body(people=False)
    level = r"typical person ([\d.]+) ng/mL"
    (start,) = numbers(level, panel.seen())
    panel.cleared.value = 50
    (half,) = numbers(level, panel.seen())
    panel.set(cleared=100, interaction="clarithromycin")
    (inhibited,) = numbers(level, panel.seen())
    panel.interaction.value = "itraconazole"  # no change was measured
    assert numbers(level, panel.seen()) == [start]
    assert half > inhibited > start


def test_what_is_taken_with_it_is_listed_as_people_write_it():
    offered = next(one for one in Body.controls if one.key == "interaction")
    assert "St John's wort" in offered.options
    assert not [name for name in offered.options if "_" in name]
    panel = Body(people=False)
    (alone,) = numbers(r"typical person ([\d.]+) ng/mL", panel.seen())
    panel.interaction.value = "St John's wort"  # an inducer: swallowed ketamine fell to 0.42 times
    assert "With St John's wort, computed clearance" in panel.seen()
    assert numbers(r"typical person ([\d.]+) ng/mL", panel.seen())[0] < alone


def test_clearance_near_the_blood_flow_of_the_liver_is_that_of_the_published_model():
    flow = parameters_of().value("pharmacokinetics.perezruixo2021.liver_flow")
    assert f"{clearance('perezruixo2021'):.0f} of {flow:.0f} L/h" in LESSON.read_text(encoding="utf-8")


def test_the_example_of_r_ketamine_is_the_ratio_that_was_measured():
    panel = Body()
    panel.example.value = "R-ketamine: the clearance measured for it"
    s, r = enantiomer_clearances()
    assert panel.now.cleared == pytest.approx(100 * r / s, abs=2.5)  # 0.020 against 0.024 L/min/kg


def test_the_same_people_every_time_and_the_typical_one_among_them():
    assert Body().seen() == Body().seen()
    low, middle, high = Body()._result.at_end
    typical = Body(people=False)._result.at_end[1]
    assert low < typical < high
    assert middle == pytest.approx(typical, rel=0.05)


@pytest.mark.parametrize("model", ["Simons 2022", "Perez-Ruixo 2021", OTTO])
@pytest.mark.parametrize("settings", [{"weight": 40, "cleared": 25}, {"weight": 160, "cleared": 200}])
def test_other_bodies_draw_at_the_edges(model, settings):
    panel = Body()
    panel.set(model=model, interaction="rifampicin", **settings)
    assert described(panel) == panel.seen()
    assert "nan" not in panel.view.svg


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("panel", "moved"), [(Doses, {"rate": 0.4, "model": OTTO}), (Stopping, {"length": 12, "left": 20}),
                                              (Body, {"weight": 120, "people": False})])  # fmt: skip
def test_codes_bring_a_panel_back(panel, moved):
    first = panel()
    first.set(**moved)
    second = panel()
    second.restore(first.code)
    assert second.seen() == first.seen()
    assert dict(second.now) == dict(first.now)


@pytest.mark.parametrize("panel", [Doses, EffectSite, Stopping, Body])
def test_doses_carry_their_warning_and_readings_stay_short(panel):
    one = panel()
    assert "Teaching model, not for dosing patients" in one.twin()
    assert one.limits
    assert len(one.seen().split()) <= 45
    for preset in panel.presets:
        one.example.value = preset.name
        assert len(one.view.words.split()) <= 45


def test_what_lies_outside_is_said_beside_the_control():
    panel = Body()
    panel.weight.value = 300
    assert "300 kg lies outside 40 to 160; 160 kg is shown." in panel.seen()


def test_all_models_are_told_by_name():
    assert Doses.controls[5].options[0] == ALL
    assert len(Doses.controls[5].options) == 1 + len(ADULTS)


@pytest.mark.parametrize(("item", "panel"), [("double-rate", Doses), ("longer-run", Stopping)])
def test_predictions_lock_their_panel(item, panel):
    predict = Predict("04", item, panel())
    assert predict.locked
    predict.answer(1, confidence=50)
    assert not predict.locked
    predict.compare.click()
    assert "That fits what the panel shows" in predict.seen()


def test_the_key_of_the_check_agrees_with_the_panels_and_with_arithmetic():
    check = Check("04")
    asked = check.questions
    asked["convert-crps"].answer(22.2 / 70 * 1000 / 60)
    asked["convert-depression"].answer(0.5 / (40 / 60))
    asked["find-rest"].answer(Doses(model=OTTO)._result.settled["otto2021"])
    low, high = numbers(r"highest ([\d.]+) to ([\d.]+) min", Doses(bolus=0.3, rate=0).seen())
    assert f"{low:.0f} to {high:.0f} minutes" in asked["effect-lag"].spec["options"][1]
    asked["effect-lag"].answer(1)
    asked["obese-patient"].answer([0, 1, 4])
    assert "5 of 5 answered rightly" in check.seen()


def test_every_wrong_answer_has_something_to_say():
    check = Check("04")
    for question in check.questions.values():
        for option in question.item["answers"]:
            assert option["feedback"]
