"""A drug in the pore: settled block, rates, subunits, second site, current."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.models.receptor import (
    RECEPTORS,
    SUBUNITS,
    blocker,
    current_voltage,
    deactivation,
    dose_response,
    half_block,
    mixture_occupancy,
    peak_open_probability,
    profile,
    scheme,
    settling_rate,
    site_effect,
    steady_block,
    two_sites,
)
from ketalit.models.receptor.pore import free_of_magnesium, trapped_on_washout

doses, volts, millimolar = st.floats(1e-3, 100), st.floats(-100, 60), st.floats(0, 3)


@pytest.mark.parametrize("receptor", RECEPTORS)
@pytest.mark.parametrize("drug", ["ketamine", "memantine"])
@pytest.mark.parametrize("magnesium", [0, 1])
def test_the_scheme_settles_at_the_closed_form(receptor, drug, magnesium):
    settings = {"voltage": -66, "magnesium": magnesium}
    whole = scheme(glutamate=30, concentration=0.7, drug=drug, receptor=receptor, leak=True, **settings)
    expected = steady_block(0.7, drug, receptor, **settings)
    assert whole.blocked(whole.steady()) == pytest.approx(expected, rel=1e-9)


def test_half_blocks_come_back_as_they_were_measured():
    measured = {"GluN2A": (0.33, 5.35), "GluN2B": (0.31, 5.08), "GluN2C": (0.51, 1.18), "GluN2D": (0.83, 2.95)}
    for name, values in measured.items():
        assert half_block("ketamine", name, voltage=-66, magnesium=[0, 1]) == pytest.approx(values, rel=1e-9)


def test_half_block_against_voltage_is_u_shaped_in_magnesium():
    """Values computed elsewhere for rat GluN2A with the magnesium of Jahr and Stevens, 1 mM (model_parameters.json)."""
    computed = {-80: 8.74, -66: 5.86, -50: 3.92, -40: 3.22, -30: 2.83, -20: 2.72, 0: 3.29, 20: 5.18, 40: 9.13}
    pore = blocker("ketamine", "GluN2A")
    for voltage, expected in computed.items():
        found = pore.affinity(voltage) / free_of_magnesium("human GluN2A", voltage, 1)
        assert found == pytest.approx(expected, abs=0.02)


def test_magnesium_of_the_subunits_is_near_that_of_neurones():
    for name, expected in (("GluN2A", 0.066), ("GluN2B", 0.065), ("GluN2C", 0.761), ("GluN2D", 0.392)):
        assert free_of_magnesium(name, -66, expected) == pytest.approx(0.5, abs=0.005)


def test_the_share_blocked_at_clinical_concentrations():
    """Percentages computed elsewhere (notes of the mechanism, 1.3)."""
    computed = {"GluN2A": (4.5, 8.5, 16), "GluN2B": (4.7, 9.0, 16), "GluN2C": (17, 30, 46), "GluN2D": (7.8, 14, 25)}
    for name, expected in computed.items():
        found = 100 * steady_block([0.25, 0.5, 1], receptor=name, voltage=-66, magnesium=1)
        assert found == pytest.approx(expected, abs=0.6)


def test_memantine_in_magnesium_is_a_prediction():
    """Magnesium as ketamine sees it, used for memantine: the measured half blocks come out within a factor of 1.5."""
    measured = {"GluN2A": 13.1, "GluN2B": 10.1, "GluN2C": 1.64, "GluN2D": 1.81}
    found = {one.receptor: one.half_block for one in profile(1, voltage=-66, magnesium=1, drug="memantine")}
    for name in SUBUNITS:
        assert 1 / 1.5 < found[name] / measured[name] < 1.5


@given(doses, volts, millimolar)
def test_invariants_of_block(dose, voltage, magnesium):
    block = steady_block(dose, voltage=voltage, magnesium=magnesium)
    assert 0 <= block < 1
    assert steady_block(0, voltage=voltage, magnesium=magnesium) == 0
    assert steady_block(dose * 2, voltage=voltage, magnesium=magnesium) > block
    assert steady_block(dose, voltage=voltage, magnesium=magnesium + 1) < block


@given(doses, st.floats(0, 3), st.floats(0.1, 2))
def test_more_magnesium_less_current_at_rest(dose, magnesium, more):
    weak, strong = current_voltage(-60, magnesium=[magnesium + more, magnesium], concentration=dose)
    assert abs(weak) < abs(strong)


def test_text_with_units_does_as_well():
    plain = steady_block(1.0, voltage=-60, magnesium=1)
    assert steady_block("237.73 ng/mL", voltage="-0.06 V", magnesium="1000 µM") == pytest.approx(plain)
    assert steady_block("1 µM", voltage="-60 mV", magnesium="1 mM") == pytest.approx(plain)


def test_batch_equals_loop():
    volts, millimolar, doses = np.linspace(-80, 40, 4)[:, None, None], np.array([0, 1])[:, None], np.array([0, 0.5, 5])
    together = scheme(glutamate=100, voltage=volts, magnesium=millimolar, concentration=doses, leak=True)
    assert together.matrix.shape == (4, 2, 3, 10, 10)
    shares = together.blocked(together.steady())
    for i, j, k in np.ndindex(4, 2, 3):
        alone = scheme(
            glutamate=100, voltage=volts[i, 0, 0], magnesium=millimolar[j, 0], concentration=doses[k], leak=True
        )
        assert np.abs(together.matrix[i, j, k] - alone.matrix).max() < 1e-9
        assert shares[i, j, k] == pytest.approx(alone.blocked(alone.steady()), abs=1e-12)


def test_measured_numbers_disagree_and_either_can_hold():
    by_half_block, by_rates = blocker(), blocker(constrained_by="rates")
    assert by_half_block.dissociation == 0.71
    assert by_rates.dissociation == pytest.approx(1.47, abs=0.01)
    assert by_half_block.unbinding(-70) == pytest.approx(by_rates.unbinding(-70))
    assert by_half_block.binding / by_rates.binding == pytest.approx(1.47 / 0.71, rel=0.01)


def test_rates_follow_the_opening_of_the_gating():
    seldom = blocker(gate="clements_westbrook1991")
    assert seldom.binding > blocker().binding
    recovery = [
        scheme(glutamate=1000, voltage=-70, magnesium=0, gate=name).time_constants()[-1]
        for name in ("destexhe1996", "edmonds_colquhoun1992", "lester_jahr1992", "clements1992")
    ]
    assert recovery == pytest.approx([1 / 0.22] * 4, rel=0.15)  # apparent rates are those measured, whatever the gating


def test_settling_rate_is_near_the_scheme():
    for dose, agonist in ((0.3, 1000), (1, 5), (0, 1000)):
        settings = {"voltage": -50, "magnesium": 1}
        control = scheme(glutamate=agonist, voltage=-50, magnesium=0)
        opened = control.conductance(control.steady())
        exact = scheme(glutamate=agonist, concentration=dose, **settings).time_constants()[-1]
        assert 1 / settling_rate(dose, opened, **settings) == pytest.approx(exact, rel=0.12)


def test_trapping_in_closed_form_is_what_the_scheme_does():
    from ketalit.models import linear
    from ketalit.models.parameters import parameters_of

    on = scheme(glutamate=1e6, voltage=-70, magnesium=0, concentration=10)
    off = scheme(glutamate=0, voltage=-70, magnesium=0)
    start = on.steady()
    kept = off.blocked(linear.propagate(off.matrix, start, [500.0])[0]) / on.blocked(start)
    closed = trapped_on_washout(parameters_of().numbers("gating.destexhe1996"), float(blocker().unbinding(-70)))
    assert kept == pytest.approx(closed, rel=1e-4)


def test_current_against_voltage():
    volts = np.linspace(-100, 60, 33)
    free, blocked = (current_voltage(volts, magnesium=magnesium) for magnesium in (0, 1))
    assert np.diff(free) == pytest.approx(np.diff(free)[0])  # without magnesium a straight line
    assert -60 < volts[blocked.argmin()] < -10  # with it, the most inward current is well above rest
    assert current_voltage(5, magnesium=1) == 0
    assert (np.sign(blocked) == np.sign(volts - 5)).all()
    ketamine = current_voltage(volts, magnesium=1, concentration=1)
    assert (np.abs(ketamine) <= np.abs(blocked)).all()


def test_dose_response_falls_with_a_slope_of_one():
    left = dose_response([0.071, 0.71, 7.1], voltage=-70, magnesium=0)
    assert left == pytest.approx([10 / 11, 1 / 2, 1 / 11])
    both = dose_response([0, 0.1, 1], voltage=-70, magnesium=0, second_site=True)
    assert both[0] == 1
    assert (both[1:] < dose_response([0.1, 1], voltage=-70, magnesium=0)).all()


def test_the_second_site_is_incomplete_and_never_helps():
    doses = np.geomspace(1e-3, 100, 50)
    effect = site_effect(doses)
    assert (np.diff(effect) < 0).all()
    assert effect[-1] > 0.3
    assert (two_sites(doses) < effect).all()
    assert (two_sites(doses, excised=True) > two_sites(doses)).all()
    receptor = scheme(glutamate=1, voltage=-60, magnesium=0, concentration=1, second_site=True)
    without = scheme(glutamate=1, voltage=-60, magnesium=0, concentration=1)
    ratio = receptor.conductance(receptor.steady()) / without.conductance(without.steady())
    assert ratio == pytest.approx(float(site_effect(1)), abs=0.05)  # near it while channels are seldom open


def test_subunits_and_mirror_images():
    assert deactivation("GluN2D") > 10 * deactivation("GluN2B")
    with pytest.raises(InputError, match="GluN2A, GluN2B"):
        peak_open_probability("GluN2D")
    with pytest.raises(InputError, match="GluN2A"):
        deactivation("NR2A")
    one = mixture_occupancy(S_ketamine=0.3)
    assert mixture_occupancy(S_ketamine=0.15, R_ketamine=0.7) == pytest.approx(one)  # half of each half block
    assert mixture_occupancy(S_ketamine=[0, 1], R_norketamine=1).shape == (2,)
    assert {one.status for one in profile(1, voltage=-66, magnesium=1)} == {"recalled"}


@pytest.mark.parametrize("shift", [1.2, 3, 15])
def test_magnesium_weakens_ketamine_as_it_was_measured_to(shift):
    """Where it was measured (-66 mV, 1 mM), competition must give back the measured ratio of half blocks, any above 1."""
    half = 0.5
    measured = {"ketamine.half_block.GluN2C": half, "ketamine.half_block_in_magnesium.GluN2C": shift * half}
    with_, without = (
        half_block(receptor="GluN2C", voltage=-66, magnesium=outside, parameters=measured) for outside in (1, 0)
    )
    assert (without, with_ / without) == (pytest.approx(half), pytest.approx(shift))


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: blocker("ketamin"), "Did you mean “ketamine”"),
        (lambda: blocker(receptor="GluN2E"), "GluN2A"),
        (lambda: blocker(constrained_by="hope"), "half block"),
        (lambda: half_block(receptor="GluN1", voltage=0, magnesium=0), "receptor"),
        (
            lambda: free_of_magnesium("GluN2A", 0, 1, parameters={"ketamine.half_block_in_magnesium.GluN2A": 0.1}),
            "stronger",
        ),
        (lambda: scheme(glutamate=-1, voltage=0, magnesium=0), "glutamate: -1 is below zero"),
        (lambda: steady_block([1, -2], voltage=0, magnesium=0), "-2 is below zero"),
        (lambda: steady_block(1, voltage=float("nan"), magnesium=0), "voltage"),
        (lambda: steady_block(1, voltage=0, magnesium="one"), "magnesium"),
        (lambda: steady_block(object(), voltage=0, magnesium=0), "concentration"),
        (lambda: steady_block("1 mV", voltage=0, magnesium=0), "concentration"),
        (
            lambda: scheme(glutamate=1, voltage=0, magnesium=0, drug="memantine", second_site=True),
            "no second site",
        ),
    ],
)
def test_what_cannot_be_is_told(act, message):
    with pytest.raises(InputError, match=message):
        act()
