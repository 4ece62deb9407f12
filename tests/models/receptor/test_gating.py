"""Gating schemes against their closed forms, each other, and a stepping solver."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from ketalit.errors import InputError
from ketalit.models import linear
from ketalit.models.parameters import parameters_of
from ketalit.models.receptor import SETS, coagonism, gates, half_activation, open_probability, scheme
from ketalit.models.receptor.gating import FIVE_STATE


@pytest.mark.parametrize("name", FIVE_STATE)
@pytest.mark.parametrize("glutamate", [0.3, 5, 1000])
def test_closed_forms_agree_with_the_scheme(name, glutamate):
    receptor = scheme(glutamate=glutamate, voltage=-60, magnesium=0, gate=name)
    assert receptor.conductance(receptor.steady()) == pytest.approx(open_probability(glutamate, name), rel=1e-10)
    half = brentq(lambda dose: open_probability(dose, name) - open_probability(np.inf, name) / 2, 1e-3, 1e3)
    assert half_activation(name) == pytest.approx(half, rel=1e-9)


@pytest.mark.parametrize("name", FIVE_STATE)
def test_five_state_sets_keep_detailed_balance(name):
    receptor = scheme(glutamate=10, voltage=-30, magnesium=1, concentration=2, gate=name, leak=True, second_site=True)
    assert linear.detailed_balance(receptor.matrix) < 1e-10


def test_kampas_loops_break_it():
    """Products of rates round the four loops, as computed independently for the notes: 1.48, 0.79, 0.96, 1.41."""
    gating = gates(100, "kampa2004", voltage=-60, magnesium=1)
    place = {name: number for number, name in enumerate(gating.states)}
    matrix = linear.generator([(place[a], place[b], rate) for a, b, rate in gating.edges], len(place))
    loops = [
        np.exp(linear.cycle_affinity(matrix, [place[one] for one in (a, b, f"{b}Mg", f"{a}Mg")]))
        for a, b in (("U", "Cl"), ("Cl", "O"), ("Cl", "D1"), ("D1", "D2"))
    ]
    expected = np.array([1.48, 0.79, 0.96, 1.41])
    found = np.array(loops)
    assert np.minimum(np.abs(found / expected - 1), np.abs(1 / found / expected - 1)).max() < 0.01


def test_no_glutamate_no_opening():
    assert open_probability([0.0, 0.0]).tolist() == [0, 0]
    receptor = scheme(glutamate=0, voltage=-60, magnesium=1)
    assert linear.propagate(receptor.matrix, receptor.rest(), [10])[0] == pytest.approx(receptor.rest())


def test_the_response_to_a_pulse():
    """Peak open probability 0.273 after 1 ms of 1 mM and decay over 158 ms, as a stepping solver gave for the notes."""
    on, off = (scheme(glutamate=dose, voltage=-60, magnesium=0) for dose in (1000, 0))
    times = np.concatenate([[0.001], np.linspace(0.0011, 3, 30_000)])
    states = linear.trajectory([linear.Segment(0, on.matrix), linear.Segment(0.001, off.matrix)], on.rest(), times)
    opened = on.conductance(states)
    assert opened.max() == pytest.approx(0.273, abs=0.001)
    after = times >= times[opened.argmax()]
    weighted = np.trapezoid(opened[after], times[after]) / opened.max()
    assert weighted == pytest.approx(0.158, rel=0.05)


@given(st.floats(1e-3, 1e4), st.floats(1.01, 10), st.sampled_from(FIVE_STATE))
def test_more_glutamate_opens_more(dose, factor, name):
    assert open_probability(dose * factor, name) > open_probability(dose, name)


def test_both_agonists_are_needed():
    assert coagonism(1000, 0, "GluN2B") == 0
    assert coagonism(0, 1000, "GluN2B") == 0
    assert coagonism(1e6, 1e6, "GluN2D") == pytest.approx(1, abs=1e-5)
    assert coagonism(np.inf, 0.4, "GluN2B") == pytest.approx(0.5)
    assert coagonism([1, 10], 1, "GluN2C").shape == (2,)


@pytest.mark.parametrize("subunit", ["GluN2A", "GluN2B", "GluN2C", "GluN2D"])
def test_half_the_current_at_the_ec50_of_glycine(subunit):
    half = parameters_of().value(f"subunit.{subunit}.glycine_half_activation")
    scarce, plenty = (
        scheme(glutamate=1e9, voltage=-60, magnesium=0, receptor=subunit, glycine=dose) for dose in (half, np.inf)
    )
    ratio = scarce.conductance(scarce.steady()) / plenty.conductance(plenty.steady())
    assert ratio == pytest.approx(0.5, rel=1e-6)
    assert linear.detailed_balance(scarce.matrix) < 1e-10


def test_little_glycine_slows_block_and_leaves_its_end():
    scarce, plenty = (
        scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=1, glycine=dose) for dose in (0.2, 100)
    )
    assert scarce.blocked(scarce.steady()) == pytest.approx(plenty.blocked(plenty.steady()), rel=1e-9)
    assert scarce.time_constants()[-1] > 3 * plenty.time_constants()[-1]


def test_unknown_names_are_told():
    with pytest.raises(InputError, match="destexhe1996"):
        gates(1, "destexhe1995")
    with pytest.raises(InputError, match="no five-state"):
        open_probability(1, "kampa2004")
    with pytest.raises(InputError, match="Did you mean “GluN2A"):
        coagonism(1, 1, "GluN3A")
    assert set(SETS) > set(FIVE_STATE)
