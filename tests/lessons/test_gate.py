"""Lesson 1 against published numbers and hand calculation, and as a learner moves it."""

import json
import math
import re

import pytest

from ketalit.errors import InputError
from ketalit.lessons.gate import MagnesiumGate, PairedInput, VoltageStep
from ketalit.lessons.question import Check, Predict, bank, judge

from .reading import read

PANELS = [MagnesiumGate, VoltageStep, PairedInput]


FREE = r"([\d.]+) % of open channels are free"
FLOWS = r"([\d.]+) pA per nS flow"


def free_by_hand(voltage: float, magnesium: float) -> float:
    """Jahr and Stevens 1990, written down again."""
    return 1 / (1 + magnesium / 3.57 * math.exp(-0.062 * voltage))


@pytest.mark.parametrize(("voltage", "magnesium"), [(-70, 1), (-60, 1), (-70, 0.5), (-20, 2), (40, 4), (-70, 0)])
def test_free_share_is_that_of_jahr_and_stevens(voltage, magnesium):
    panel = MagnesiumGate(voltage=voltage, magnesium=magnesium)
    assert read(panel.seen(), FREE) == round(100 * free_by_hand(voltage, magnesium))
    shown = panel.frame().set_index("voltage_mV")["free_of_magnesium_share"]
    assert shown.loc[voltage] == pytest.approx(free_by_hand(voltage, magnesium))


def test_halving_magnesium_at_rest_nearly_doubles_the_current():
    one, half = (read(MagnesiumGate(magnesium=mm).seen(), FLOWS) for mm in (1, 0.5))
    assert half / one == pytest.approx(free_by_hand(-70, 0.5) / free_by_hand(-70, 1), rel=0.01)
    assert 1.8 < half / one < 2


def test_without_magnesium_the_curve_is_a_straight_line():
    shown = MagnesiumGate(magnesium=0).frame()
    slopes = shown["current_pA_per_nS"].diff().dropna() / shown["voltage_mV"].diff().dropna()
    assert slopes.max() == pytest.approx(slopes.min())


def test_in_magnesium_there_is_a_region_of_negative_slope_and_without_it_there_is_none():
    # Nowak 1984, Mayer and Westbrook 1985: below the peak more negative voltage gives less inward current
    with_it, without = (MagnesiumGate(magnesium=mm).frame()["current_pA_per_nS"] for mm in (1, 0))
    assert (with_it.diff().dropna() < 0).any()
    assert not (without.diff().dropna() < 0).any()


def test_largest_inward_current_lies_where_drive_and_block_balance():
    shown = MagnesiumGate(magnesium=1).frame().set_index("voltage_mV")["current_pA_per_nS"]
    found = shown.idxmin()
    by_hand = min(range(-100, 5), key=lambda v: free_by_hand(v, 1) * (v - 5))
    assert found == by_hand
    assert judge(bank("01")["find-peak"], found)[0]
    assert read(MagnesiumGate(voltage=found).seen(), FLOWS) == pytest.approx(-shown.min(), abs=0.005)


def test_the_block_takes_as_many_millivolts_as_the_question_says():
    shown = MagnesiumGate().frame().set_index("voltage_mV")["free_of_magnesium_share"]
    ends = [float((shown - share).abs().idxmin()) for share in (0.1, 0.9)]
    assert ends[1] - ends[0] == pytest.approx(math.log(81) / 0.062, abs=2)
    assert judge(bank("01")["how-steep"], ends[1] - ends[0])[0]
    assert not judge(bank("01")["how-steep"], 5)[0]


def test_no_current_flows_at_the_reversal_potential():
    assert "hardly any current" in MagnesiumGate(voltage=5).seen()
    assert "outward" in MagnesiumGate(voltage=30).seen()


STEP = r"open channels ([\d.]+) % are free"


def test_a_step_frees_most_open_channels_within_a_millisecond_and_the_rest_creeps():
    panel = VoltageStep(voltage=40)
    shown = panel.frame().set_index("time_ms")
    free, conducting = shown["open_and_free_share"], shown["conductance_share"]
    assert free.loc[9] < 0.05
    assert free.loc[11] > 0.9  # Kampa 2004: about 0.1 ms to +40 mV
    assert conducting.loc[39] > 1.3 * conducting.loc[11]  # … and slower parts, about 4 ms
    assert conducting.loc[39] / conducting.loc[25] < 1.1


def test_after_the_step_everything_is_as_before():
    before, after = (read(VoltageStep(time=time).seen(), STEP) for time in (5, 60))
    assert before == after
    shown = VoltageStep().frame().set_index("time_ms")["conductance_share"]
    assert shown.loc[60] == pytest.approx(shown.loc[5], rel=0.1)


def test_the_two_models_agree_at_rest():
    assert read(VoltageStep(time=5).seen(), STEP) == pytest.approx(100 * free_by_hand(-70, 1), abs=1)


def test_half_is_free_at_an_intermediate_step():
    shares = {voltage: read(VoltageStep(voltage=voltage, time=39).seen(), STEP) for voltage in (-50, -30, 0)}
    assert shares[-50] < 25
    assert 40 < shares[-30] < 60
    assert shares[0] > 80


def test_without_magnesium_a_step_changes_no_share():
    assert "100 % are free and 0 % hold" in VoltageStep(magnesium=0, time=20).seen()


TIMES = r"in, ([\d.]+) times"


def test_depolarisation_counts_only_while_channels_are_open():
    assert read(PairedInput(delay=10).seen(), TIMES) > 1.5
    assert read(PairedInput(delay=-50).seen(), TIMES) == 1  # it ends as glutamate comes
    late, early = (read(PairedInput(delay=delay).seen(), TIMES) for delay in (150, 10))
    assert 1 < late < early


def test_no_depolarisation_is_no_difference():
    shown = PairedInput(voltage=-70).frame()
    assert shown["both_pA_per_nS"].tolist() == pytest.approx(shown["glutamate_alone_pA_per_nS"].tolist())


def test_pairing_is_best_where_the_curve_is_lowest():
    best = max(
        range(-70, 10, 5), key=lambda voltage: read(PairedInput(voltage=voltage).seen(), r"([\d]+) fC per nS flow")
    )
    peak = MagnesiumGate().frame().set_index("voltage_mV")["current_pA_per_nS"].idxmin()
    assert abs(best - peak) <= 5


def test_without_magnesium_depolarisation_takes_charge_away():
    assert read(PairedInput(magnesium=0).seen(), TIMES) < 1


def test_nothing_flows_before_glutamate():
    shown = PairedInput(delay=-100, voltage=0).frame().query("time_ms < 0")
    assert shown["both_pA_per_nS"].abs().max() < 1e-9


def test_charge_is_the_area_under_the_current():
    shown = PairedInput().frame()
    area = -(shown["both_pA_per_nS"].iloc[:-1].sum() + shown["both_pA_per_nS"].iloc[1:].sum()) / 2  # 1 ms a step
    assert read(PairedInput().seen(), r"([\d]+) fC per nS flow") == pytest.approx(area, abs=0.6)


def test_beyond_the_reversal_potential_charge_flows_out():
    assert "flow out" in PairedInput(voltage=20).seen()


EXTREMES = [
    (MagnesiumGate, {"magnesium": 0, "voltage": -100}),
    (MagnesiumGate, {"magnesium": 4, "voltage": 40}),
    (VoltageStep, {"magnesium": 0, "voltage": 60, "time": 0}),
    (VoltageStep, {"magnesium": 4, "voltage": -100, "time": 60}),
    (PairedInput, {"magnesium": 0, "voltage": 20, "delay": 200}),
    (PairedInput, {"magnesium": 4, "voltage": -70, "delay": -100}),
]


@pytest.mark.parametrize(("kind", "settings"), EXTREMES)
def test_the_ends_of_all_sliders_draw(kind, settings):
    panel = kind()
    panel.set(**settings)
    assert "Nothing can be shown" not in panel.seen()
    assert "nan" not in panel.picture.svg
    assert panel.picture.description == panel.seen()  # what is read aloud is what is drawn


@pytest.mark.parametrize("kind", PANELS)
def test_a_reading_is_short_and_has_units(kind):
    text = kind().seen()
    assert len(text.split()) <= 45
    assert "mV" in text
    assert not re.search(r"-\d", text)


@pytest.mark.parametrize("kind", PANELS)
def test_what_lies_outside_is_said_beside_the_control(kind):
    panel = kind(magnesium=9)
    assert panel.magnesium.value == 4
    assert "9 mM lies outside 0 to 4; 4 mM is shown." in panel.seen()


@pytest.mark.parametrize(("kind", "settings"), EXTREMES)
def test_a_code_brings_the_settings_back(kind, settings):
    panel, other = kind(**settings), kind()
    other.restore(panel.code)
    assert other.seen() == panel.seen()


def test_a_code_of_another_panel_is_refused():
    with pytest.raises(InputError, match="not the code of this panel"):
        MagnesiumGate().restore(PairedInput().code)


def test_what_was_before_is_drawn_and_only_when_it_differs():
    panel = MagnesiumGate()
    assert "before" not in panel.picture.svg
    panel.magnesium.value = 0.5
    assert "before: 1 mM" in panel.picture.svg
    panel.voltage.value = -40
    assert "before" not in panel.picture.svg


@pytest.mark.parametrize("kind", PANELS)
def test_presets_with_magnesium_have_a_source(kind):
    assert all(preset.source and preset.url for preset in kind.presets)


@pytest.mark.parametrize(("item", "right"), [("halve-magnesium", 1), ("wrong-order", 1)])
def test_a_prediction_opens_the_panel_and_comes_back(item, right):
    for place, option in enumerate(bank("01")[item]["answers"]):
        predict = Predict("01", item, MagnesiumGate())
        assert predict.locked
        predict.answer(option["answer"], confidence=40)
        assert not predict.locked
        predict.compare.click()
        assert option["answer"] in predict.seen()
        assert option["feedback"] in predict.seen()
        assert option["correct"] == (place == right)


def test_every_wrong_answer_has_feedback_of_its_own():
    for item in bank("01").values():
        told = [answer["feedback"] for answer in item["answers"]]
        assert all(told)
        assert len(set(told)) == len(told)
    kinds = [item["kind"] for item in bank("01").values()]
    assert kinds.count("transfer") == 1
    assert 3 <= len(kinds) - kinds.count("predict") <= 5


def test_numbers_in_feedback_are_those_of_the_model():
    told = json.dumps(bank("01"), ensure_ascii=False)
    assert f"from 4 % to {100 * free_by_hand(-70, 0.5):.0f} %" in told
    assert f"from 4 % to {100 * free_by_hand(-70, 0.1):.0f} %" in told
    assert free_by_hand(-70, 0.05) == pytest.approx(0.5, abs=0.03)


def test_the_check_can_be_answered_rightly_throughout():
    check = Check("01")
    for name, given in {
        "find-peak": -24, "zero-curve": 0, "how-steep": 71, "same-receptors": 2, "transfer-slice": [0, 1, 3],
    }.items():  # fmt: skip
        check.questions[name].answer(given)
    assert "5 of 5 answered rightly." in check.seen()
