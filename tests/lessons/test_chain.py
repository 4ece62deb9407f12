"""Lesson 5: do its panels say what the models and the papers say, at every setting a learner can reach?"""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from ketalit.lessons.chain import ADULTS, BLOCK, NAMED, SPIKES, Drip, Outlasts, Targets, Tornado
from ketalit.lessons.question import Check, Predict, bank
from ketalit.models.pharmacokinetics import MODELS, PRESETS
from ketalit.models.receptor import half_block
from ketalit.models.targets import needed

PANELS = [Drip, Tornado, Targets, Outlasts]


def numbers(pattern, text):
    found = re.search(pattern, text)
    assert found, f"“{pattern}” is not in “{text}”"
    return [float(one.replace("−", "-")) for one in found.groups()]


def described(panel):
    root = ElementTree.fromstring(panel.view.svg)
    return root.findtext("{http://www.w3.org/2000/svg}desc")


# --- the chain -------------------------------------------------------------------------------------------------------


def test_free_and_blocked_are_what_hand_computation_gives():
    """157 ng/mL, 0.56 unbound, 237.73 g/mol; 5.08 µM blocks half in 1 mM magnesium (Kotermanski and Johnson 2009)."""
    panel = Drip()
    row = panel.frame().iloc[panel.frame()["blocked_share"].argmax()]
    assert row.free_low_uM < row.free_uM < row.free_high_uM
    assert row.free_low_uM / row.free_uM == pytest.approx(0.4 / 0.56)
    assert row.blocked_share == pytest.approx(row.free_uM / (row.free_uM + 5.08), rel=0.01)
    assert row.free_uM < 0.56 * panel.frame()["plasma_ng_per_mL"].max() / 237.73  # the site lags behind


def test_without_magnesium_the_half_block_of_the_dish_holds():
    panel = Drip(magnesium=0)
    row = panel.frame().iloc[panel.frame()["blocked_share"].argmax()]
    assert row.blocked_share == pytest.approx(row.free_uM / (row.free_uM + 0.31), rel=0.01)


def test_magnesium_takes_away_most_of_the_block_at_rest():
    panel = Drip()
    (at_rest,) = numbers(r"At most (\d+) %", panel.seen())
    panel.magnesium.value = 0
    (in_a_dish,) = numbers(r"At most (\d+) %", panel.seen())
    assert (at_rest, in_a_dish) == (6, 51)


def test_no_drug_is_no_block_and_every_spike():
    panel = Drip(rate=0)
    assert "At most 0 % of GluN2B" in panel.seen()
    undisturbed = numbers(r"last response ([\d.]+) of ([\d.]+) spikes", panel.seen())
    assert undisturbed[0] == undisturbed[1]


def test_the_cursor_reads_every_curve():
    panel = Drip()
    frame = panel.frame()
    panel.time.value = 60
    hours = 0.6 * frame["time_h"].max()
    (plasma,) = numbers(r"plasma ([\d.]+) ng/mL", panel.seen())
    assert plasma == pytest.approx(np.interp(hours, frame["time_h"], frame["plasma_ng_per_mL"]), rel=0.01)


def test_pain_does_not_hang_on_the_receptor():
    panel = Drip()
    before = panel.seen().partition("pain")[2]
    panel.set(receptor="GluN2C", voltage=-30, magnesium=0.5)
    assert panel.seen().partition("pain")[2] == before


def test_infusions_that_overlap_are_refused_in_words():
    panel = Drip()
    panel.set(days=3, length=30)
    assert "overlap" in panel.seen()
    panel.reset.click()
    assert "At most 6 %" in panel.seen()


@pytest.mark.parametrize(
    "settings",
    [
        {"rate": 0, "length": 0.1},
        {"rate": 2, "length": 168, "magnesium": 0, "voltage": -90, "time": 100},
        {"rate": 2, "length": 0.1, "days": 10, "voltage": 0, "magnesium": 2, "receptor": "human GluN2A", "time": 0},
        {"model": "Domino 1984", "rate": 0.05},
    ],
)
def test_extremes_of_the_chain_draw(settings):
    panel = Drip()
    panel.set(**settings)
    assert "Nothing can be shown" not in panel.seen()
    assert described(panel) == panel.seen()
    assert "nan" not in panel.view.svg


# --- the tornado -----------------------------------------------------------------------------------------------------


def test_the_middle_is_the_median_model_with_everything_as_declared():
    panel = Tornado(factor=1, volts=0, millimolar=0)
    widths = {one.name.partition(",")[0]: one.width for one in panel._result.guesses}
    assert widths["K"] == widths["voltage"] == widths["magnesium"] == pytest.approx(0)
    assert widths["receptor"] > widths["kinetic model"] > 0


def test_receptors_span_what_their_half_blocks_span():
    """Odds of block go with 1/K, so the ratio of odds is the ratio of half blocks."""
    guess = next(one for one in Tornado()._result.guesses if one.name.startswith("receptor"))
    odds = [share / (1 - share) for share in (guess.low, guess.high)]
    least, most = (float(half_block(receptor=name, voltage=-66, magnesium=1)) for name in ("GluN2C", "human GluN2A"))
    assert odds[1] / odds[0] == pytest.approx(most / least)
    assert most / least > 10  # the lesson says: a factor of twelve


def test_a_factor_of_two_in_k_is_a_factor_of_four_in_odds():
    guess = next(one for one in Tornado()._result.guesses if one.name.startswith("K"))
    odds = [share / (1 - share) for share in (guess.low, guess.high)]
    assert odds[1] / odds[0] == pytest.approx(4)


def test_unbound_shares_span_those_reported():
    guess = next(one for one in Tornado()._result.guesses if one.name.startswith("unbound"))
    odds = [share / (1 - share) for share in (guess.low, guess.high)]
    assert odds[1] / odds[0] == pytest.approx(0.88 / 0.4)


@pytest.mark.parametrize("read", [BLOCK, SPIKES])
@pytest.mark.parametrize("settings", [{}, {"volts": 40, "factor": 5, "millimolar": 1}, {"receptor": "GluN2C"}])
def test_bars_are_sorted_hold_the_middle_and_lie_within_all_at_once(read, settings):
    panel = Tornado(read=read, **settings)
    result = panel._result
    widths = [one.width for one in result.guesses]
    assert widths == sorted(widths, reverse=True)
    for one in result.guesses:
        assert result.together.low - 1e-9 <= one.low <= result.middle <= one.high <= result.together.high + 1e-9
    assert described(panel) == panel.seen()


# --- targets ---------------------------------------------------------------------------------------------------------


def test_a_tenth_of_the_opioid_receptors_takes_what_the_law_of_mass_action_says():
    """C = K/9; 27 µM is the strongest constant reported: 3 µM free, 1,273 ng/mL in plasma at 56 % unbound."""
    total = 27 / 9 * 237.73 / 0.56
    assert needed("opioid_mu", 0.1).free_low == pytest.approx(3)
    low, high = numbers(r"receptors: ([\d.]+) to ([\d.]+) %", Targets(total=round(total)).seen())
    assert high == pytest.approx(10, abs=0.05)
    assert low < high


def test_norketamine_adds_binding_and_takes_relief():
    panel = Targets()
    alone, both = numbers(r"(\d+) % bound, (\d+) % with norketamine", panel.seen())
    by_itself, counted = numbers(r"Pain ([−\d.]+) cm, or ([−\d.]+) cm", panel.seen())
    assert both > alone
    assert counted > by_itself  # less relief
    panel.counted.value = False
    assert "norketamine" not in panel.seen()


def test_pain_is_the_published_line():
    """−3.8 cm at 100 ng/mL of S-ketamine, +1.5 cm at 50 ng/mL of norketamine (Olofsen 2012)."""
    by_itself, counted = numbers(r"Pain ([−\d.]+) cm, or ([−\d.]+) cm", Targets(total=100, ratio=0.5).seen())
    assert (by_itself, counted) == (-3.8, -2.3)


def test_a_line_that_leaves_the_scale_says_so():
    assert "off its scale" in Targets(total=2400).seen()


@pytest.mark.parametrize("settings", [{"total": 0}, {"total": 2400, "shown": NAMED, "unbound": 100, "ratio": 3},
                                      {"form": "S-ketamine", "ratio": 0}])  # fmt: skip
def test_extremes_of_targets_draw(settings):
    panel = Targets()
    panel.set(**settings)
    assert described(panel) == panel.seen()
    assert "nan" not in panel.view.svg


# --- two clocks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ADULTS)
def test_the_drug_is_gone_in_days_and_relief_in_weeks_by_every_model(model):
    result = Outlasts(model=MODELS[model].label)._result
    assert result.gone < 2.5  # days, as the lesson says
    assert result.half["effect_compartment"] > 21


def test_without_a_slow_step_relief_leaves_with_the_drug():
    panel = Outlasts()
    panel.example.value = "no slow step, and the C50 of acute pain"
    assert panel._result.half["effect_compartment"] < 5
    assert "relief 0 % of the largest" in panel.seen()


def test_relief_falls_by_half_in_one_half_life_once_it_is_low():
    """Far below C50 relief goes with the slow compartment, whose half-life is printed: 10.9 days (Dahan 2011)."""
    panel = Outlasts()
    one = panel._result.readings[0]
    late = one.median[panel._result.days > 60]
    days = panel._result.days[panel._result.days > 60]
    odds = late / (1 - late)
    fitted = np.log(2) / -np.polyfit(days, np.log(odds), 1)[0]
    assert fitted == pytest.approx(10.9, rel=0.01)


def test_forty_minutes_give_hardly_any_lasting_relief_by_the_same_model():
    assert Outlasts(schedule="depression infusion")._result.readings[0].median.max() < 0.1


@pytest.mark.parametrize("settings", [{"half_life": 30, "c50": 1, "day": 90}, {"half_life": 0.01, "c50": 300, "day": 0},
                                      {"schedule": "CRPS, 4 h x 10 days"}])  # fmt: skip
def test_extremes_of_the_clocks_draw(settings):
    panel = Outlasts()
    panel.set(**settings)
    assert described(panel) == panel.seen()
    assert "nan" not in panel.view.svg


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PANELS)
def test_every_example_draws_says_where_it_is_from_and_stays_short(kind):
    panel = kind()
    assert len(panel.seen().split()) <= 45
    for preset in kind.presets:
        panel.example.value = preset.name
        assert described(panel) in panel.seen()
        assert len(panel.view.words.split()) <= 45
        if kind is Drip:
            assert preset.source
            assert preset.name in PRESETS


@pytest.mark.parametrize(
    ("kind", "moved"),
    [
        (Drip, {"rate": 0.4, "length": 12, "receptor": "GluN2C"}),
        (Tornado, {"factor": 3, "read": SPIKES}),
        (Targets, {"total": 500, "counted": False}),
        (Outlasts, {"day": 30, "c50": 20}),
    ],
)
def test_codes_bring_a_panel_back(kind, moved):
    first, second = kind(), kind()
    first.set(**moved)
    second.restore(first.code)
    assert second.seen() == first.seen()
    assert dict(second.now) == dict(first.now)


def test_what_lies_outside_is_said_beside_the_control():
    panel = Drip()
    panel.magnesium.value = -1
    assert "−1 mM lies outside 0 to 2; 0 mM is shown." in panel.seen()


@pytest.mark.parametrize("kind", [Drip, Tornado, Outlasts])
def test_doses_carry_their_warning(kind):
    assert "Teaching model, not for dosing patients" in kind().twin()
    assert kind.limits


@pytest.mark.parametrize(("item", "kind"), [("how-much", Drip), ("which-guess", Tornado), ("which-link", Outlasts)])
def test_predictions_lock_their_panel_and_the_right_one_is_said_to_be(item, kind):
    predict = Predict("05", item, kind())
    assert predict.locked
    right = next(at for at, one in enumerate(bank("05")[item]["answers"]) if one["correct"])
    predict.answer(right, confidence=50)
    assert not predict.locked
    predict.compare.click()
    assert bank("05")[item]["answers"][right]["feedback"] in predict.seen()


def test_the_key_of_the_check_agrees_with_arithmetic_and_the_panels():
    check = Check("05")
    asked = check.questions
    asked["units"].answer(157 / 237.73 * 0.56)
    asked["opioid"].answer(27 / 9 * 237.73 / 0.56)
    order = [one.name.partition(",")[0] for one in Tornado()._result.guesses]
    assert [one for one in order if one in {"receptor", "K", "magnesium"}] == ["receptor", "K", "magnesium"]
    asked["rank"].answer("receptor, K, magnesium")
    asked["cannot-say"].answer([1, 3, 4])
    asked["another-drug"].answer(2)
    assert "5 of 5 answered rightly" in check.seen()
    assert all(one["feedback"] for question in asked.values() for one in question.item["answers"])
