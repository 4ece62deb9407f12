"""Published facts about the receptor (N) and its block (K), by their ids in `shared/mechanism/model_parameters.json`.

kind X: exact · H: independent of the model · I: an input of it · C: follows from inputs · S: one that a named model was
fitted to. Where the shared list is at hand, its wording of the values is held against what is written here.
"""

import json

import numpy as np
import pytest
from scipy.optimize import brentq, least_squares

from ketalit.models import linear
from ketalit.models.parameters import parameters_of
from ketalit.models.receptor import (
    blocker,
    course,
    half_activation,
    magnesium_half_block,
    measured_shift,
    mixture_occupancy,
    open_probability,
    peak_open_probability,
    profile,
    pulse_train,
    scheme,
    settling_rate,
    two_sites,
    unblocked,
    washout,
)
from ketalit.models.receptor.pore import free_of_magnesium
from ketalit.models.receptor.subunits import shift_by_competition
from tests.shared import SHARED, needs_shared

PUBLISHED = {  # as the shared list words them
    "N1": "0.0796",
    "N2": "0.357 / 0.781 / 0.977",
    "N3": "86.5 µM; 16.1 mV",
    "N4": "0.2197 (EC50 2.04 µM)",
    "N5": "0.01019 / 0.000307",
    "N6": "τ ≈ 0.1, 4 and 300 ms",
    "N7": "0.50 vs 0.12 (ratio 4.2)",
    "K1": "0.71±0.03 µM, Hill 0.84",
    "K2": "0.79±0.04",
    "K3": "0.15±0.05e6 /M/s; 0.22±0.05 /s",
    "K4": "4.5 s",
    "K5": "2.7 s",
    "K7": "ketamine 86±1 %, memantine 71±4 %",
    "K9": "kon 0.32e6, koff 0.53; ~20 % (1/6) escapes",
    "K10": "16×, 16×, 2.3×, 3.6×",
    "K11": "17.8× vs 16.2× observed",
    "K12": "2C 30 % > 2D 14 % > 2A≈2B 9 %",
    "K13": "5.31 % at 0.1–50 Hz (0.5 µM, Kd 0.71, f 0.0796); τ 209→4.6 s",
    "K15": "53/24 %; 63/34 % of control",
    "K16": "Ki 0.3 vs 1.4 µM (4.7×); norketamine 1.7 vs 13",
}


@needs_shared
def test_the_shared_list_says_the_same():
    path = SHARED / "mechanism" / "model_parameters.json"
    facts = json.loads(path.read_text(encoding="utf-8"))["published_facts"]
    assert {fact["id"]: fact["value"] for fact in facts if fact["id"][0] in "NK"} == PUBLISHED


def settled_current(concentration, **conditions):
    """The current left by the drug, from the steady state of the whole scheme."""
    receptor = scheme(glutamate=1000, concentration=concentration, **conditions)
    control = scheme(glutamate=1000, **conditions)
    return float(receptor.conductance(receptor.steady()) / control.conductance(control.steady()))


def scheme_half_block(**conditions):
    return brentq(lambda dose: settled_current(dose, **conditions) - 0.5, 1e-3, 1e3, xtol=1e-12)


# --- magnesium and gating --------------------------------------------------------------------------------------------


def test_n1_free_of_magnesium_at_minus_60():
    assert unblocked(-60, 1) == pytest.approx(0.0796, abs=0.0005)


def test_n2_free_of_magnesium_elsewhere():
    assert unblocked([-30, 0, 40], 1) == pytest.approx([0.357, 0.781, 0.977], abs=0.001)


def test_n3_half_block_by_magnesium():
    assert 1000 * magnesium_half_block(-60) == pytest.approx(86.5, rel=0.005)
    fold = brentq(lambda mv: magnesium_half_block(-60 + mv) / magnesium_half_block(-60) - np.e, 1, 100)
    assert fold == pytest.approx(16.1, rel=0.005)


def test_n4_open_probability():
    receptor = scheme(glutamate=1000, voltage=-60, magnesium=0)
    assert receptor.conductance(receptor.steady()) == pytest.approx(0.2197, abs=1e-4)
    assert open_probability(1000) == pytest.approx(0.2197, abs=1e-4)
    half = brentq(lambda dose: open_probability(dose) - open_probability(1e9) / 2, 0.1, 100)
    assert half == pytest.approx(2.04, abs=0.01)
    assert half_activation() == pytest.approx(half, rel=1e-6)


@pytest.mark.parametrize(("magnesium", "published"), [(0.0, 0.01019), (1.0, 0.000307)])
def test_n5_open_probability_of_kampas_scheme(magnesium, published):
    if magnesium == 0:  # without magnesium the states that hold it can only be left
        magnesium = 1e-12
    receptor = scheme(glutamate=1000, voltage=-60, magnesium=magnesium, gate="kampa2004")
    assert receptor.conductance(receptor.steady()) == pytest.approx(published, abs=1e-5)


def test_n6_magnesium_leaves_in_three_phases():
    """Current after a step from -70 to +40 mV late in a pulse of glutamate, fitted as an experimenter would."""
    before = scheme(glutamate=1000, voltage=-70, magnesium=1, gate="kampa2004")
    after = scheme(glutamate=1000, voltage=40, magnesium=1, gate="kampa2004")
    start = linear.propagate(before.matrix, before.rest(), [0.3])[0]
    times = np.geomspace(1e-5, 1.5, 400)
    current = course([(0, after)], times, start).conductance

    def misfit(logs):
        rates = np.exp(-times[:, None] / np.exp(logs))
        basis = np.column_stack([np.ones_like(times), rates])
        return basis @ np.linalg.lstsq(basis, current, rcond=None)[0] - current

    fitted = np.sort(np.exp(least_squares(misfit, np.log([2e-4, 1e-2, 0.1]), xtol=1e-14, ftol=1e-14).x))
    ratio = fitted / [0.1e-3, 4e-3, 0.3]
    assert ((ratio > 0.5) & (ratio < 2)).all(), fitted


def test_n7_peak_open_probabilities():
    assert 3 <= peak_open_probability("GluN2A") / peak_open_probability("GluN2B") <= 6


# --- block by ketamine -----------------------------------------------------------------------------------------------


def test_k1_half_block_of_human_glun2a():
    assert 0.5 <= scheme_half_block(voltage=-70, magnesium=0) <= 1.0


def test_k2_voltage_dependence():
    fold = np.log(scheme_half_block(voltage=-30, magnesium=0) / scheme_half_block(voltage=-70, magnesium=0)) / 40
    assert 0.71 <= 25.4 * fold <= 0.87


def test_k3_apparent_rates():
    """Read off the slow time constant of the whole scheme at two concentrations: 1/τ = kon [K] + koff."""
    slow = [
        1 / scheme(glutamate=1000, voltage=-70, magnesium=0, concentration=c).time_constants()[-1] for c in (0, 0.2)
    ]
    assert slow[0] == pytest.approx(0.22, abs=2 * 0.05)
    on = (slow[1] - slow[0]) / 0.2
    by_rates = [
        1 / scheme(
            glutamate=1000, voltage=-70, magnesium=0, concentration=c, constrained_by="rates"
        ).time_constants()[-1]
        for c in (0, 0.2)
    ]  # fmt: skip
    # entry agrees only if the half block is given up; with it, entry is twice as fast: the paper's numbers disagree
    assert (by_rates[1] - by_rates[0]) / 0.2 == pytest.approx(0.15, abs=2 * 0.05)
    assert on == pytest.approx(0.31, abs=0.02)


def test_k4_recovery_with_agonist():
    left = washout(np.linspace(0, 20, 400), concentration=10, voltage=-70, magnesium=0, glutamate=1000).blocked
    recovered = 20 * np.searchsorted(-left, -left[0] / np.e) / 399
    assert 3.2 <= recovered <= 7
    assert recovered == pytest.approx(4.65, abs=0.2)


def test_k5_onset_at_1_micromolar():
    slow = scheme(glutamate=1000, voltage=-70, magnesium=0, concentration=1).time_constants()[-1]
    assert 1.5 <= slow <= 4
    assert 1 / settling_rate(1, open_probability(1000), voltage=-70, magnesium=0) == pytest.approx(1.89, abs=0.01)
    # desensitised channels join in late, so the scheme is a little slower than the formula
    assert slow == pytest.approx(1.89, rel=0.08)


def test_k7_trapping():
    kept = {}
    for drug in ("ketamine", "memantine"):
        after = washout([0, 120], concentration=10, voltage=-70, magnesium=0, drug=drug, leak=True).blocked
        kept[drug] = after[1] / after[0]
    assert 0.80 <= kept["ketamine"] <= 1.00
    assert kept["ketamine"] > kept["memantine"]
    assert kept == pytest.approx({"ketamine": 0.86, "memantine": 0.71}, abs=0.01)
    without_leak = washout([0, 120], concentration=10, voltage=-70, magnesium=0).blocked
    assert without_leak[1] / without_leak[0] == pytest.approx(0.951, abs=0.001)


def test_k9_memantine_is_faster():
    def recovery(drug):
        return scheme(glutamate=1000, voltage=-70, magnesium=0, drug=drug).time_constants()[-1]

    assert 1.5 <= recovery("ketamine") / recovery("memantine") <= 4
    kept = washout([0, 5], concentration=10, voltage=-70, magnesium=0, drug="memantine").blocked
    assert 0.05 <= 1 - kept[1] / kept[0] <= 0.25  # escapes while the gate closes; seen: a sixth to a fifth


@pytest.mark.parametrize(("subunit", "published"), [("GluN2A", 16.0), ("GluN2B", 16.0)])
def test_k10_magnesium_weakens_ketamine(subunit, published):
    """Magnesium as Jahr and Stevens measured it, ketamine without magnesium: nothing here was learnt from the shift."""
    assert measured_shift(subunit) == pytest.approx(published, rel=0.05)
    assert shift_by_competition(-66, 1) == pytest.approx(published, rel=0.30)


def test_k10_the_other_subunits_by_construction():
    shifts = {one.receptor: one.weakened for one in profile(0.5, voltage=-66, magnesium=1)}
    assert shifts["GluN2C"] == pytest.approx(2.3, rel=0.05)
    assert shifts["GluN2D"] == pytest.approx(3.6, rel=0.05)


def test_k11_competition_explains_the_shift_of_glun2a():
    assert shift_by_competition(-66, 1) == pytest.approx(17.8, abs=0.1)
    assert shift_by_competition(-66, 1) == pytest.approx(measured_shift("GluN2A"), rel=0.15)


def test_k12_most_block_where_magnesium_blocks_least():
    share = {one.receptor: one.blocked for one in profile(0.5, voltage=-66, magnesium=1)}
    assert share["GluN2C"] > share["GluN2D"] > max(share["GluN2A"], share["GluN2B"])
    assert share == pytest.approx({"GluN2A": 0.09, "GluN2B": 0.09, "GluN2C": 0.30, "GluN2D": 0.14}, abs=0.01)


def test_k13_settled_block_does_not_depend_on_frequency():
    at_recording = {"recording.human_GluN2A": -60}  # K is held at 0.71 µM at -60 mV, as in the list
    trains = {
        hertz: pulse_train(hertz, 2, concentration=0.5, voltage=-60, magnesium=1, parameters=at_recording)
        for hertz in (0.1, 1, 10, 50)
    }
    settled = [one.settled for one in trains.values()]
    assert max(settled) - min(settled) < 1e-6
    assert settled[0] == pytest.approx(0.0531, abs=0.0001)
    assert trains[0.1].time_constant == pytest.approx(209, rel=0.03)
    assert trains[50].time_constant == pytest.approx(4.6, rel=0.03)
    assert free_of_magnesium("human GluN2A", -60, 1) == pytest.approx(0.0796, abs=0.0001)


def test_k13_at_the_voltage_itself():
    """With K moved to -60 mV as well, 3.9 %: the figure that a neurone at that voltage would show."""
    assert pulse_train(10, 1, concentration=0.5, voltage=-60, magnesium=1).settled == pytest.approx(0.039, abs=0.001)


def test_k15_two_sites_and_single_channels():
    """In sample: two of the model's four numbers were fitted to these four; ±10 points."""
    assert two_sites([0.1, 1]) == pytest.approx([0.53, 0.24], abs=0.10)
    assert two_sites([1, 10], excised=True) == pytest.approx([0.63, 0.34], abs=0.10)


def test_k15_one_site_will_not_do():
    """The two values of excised patches lie too near each other for any single site, however sensitive."""
    half = np.geomspace(0.01, 100, 4000)
    left = 1 / (1 + np.array([[1], [10]]) / half)
    assert not (np.abs(left - [[0.63], [0.34]]) <= 0.10).all(axis=0).any()


def test_k16_mirror_images():
    def half(name):
        return brentq(lambda dose: mixture_occupancy(**{name: dose}) - 0.5, 1e-3, 1e3)

    assert 3 <= half("R_ketamine") / half("S_ketamine") <= 5
    assert half("R_norketamine") / half("S_norketamine") > 3  # 7.6 in the same list
    racemate = brentq(lambda dose: mixture_occupancy(S_ketamine=dose / 2, R_ketamine=dose / 2) - 0.5, 1e-3, 1e3)
    assert half("S_ketamine") < racemate < half("R_ketamine")


def test_inputs_are_those_of_the_papers():
    measured = parameters_of()
    assert measured["ketamine.half_block.human_GluN2A"].value == 0.71
    assert measured["ketamine.electrical_distance"].value == 0.79
    assert (measured["ketamine.binding"].value, measured["ketamine.unbinding"].value) == (0.15, 0.22)
    assert (measured["memantine.binding"].value, measured["memantine.unbinding"].value) == (0.32, 0.53)
    assert blocker().dissociation == 0.71
