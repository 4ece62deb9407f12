"""Experiments on the receptor against a stepping solver, limits, and the wrong stories."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from ketalit.errors import InputError
from ketalit.models.receptor import STORIES, contrasts, course, lost, pulse_train, scheme, story, washout
from tests.models.extended import exponential


def protocol(gate):
    return [
        (start, scheme(glutamate=agonist, voltage=mv, magnesium=1, concentration=drug, gate=gate, leak=True))
        for start, mv, agonist, drug in (
            (0, -60, 0, 0),
            (0.2, -60, 100, 0),
            (1, -60, 100, 5),
            (3, 40, 100, 5),
            (4, -60, 0, 0),
        )
    ]


@pytest.mark.parametrize("gate", ["destexhe1996", "kampa2004"])
def test_agrees_with_a_stepping_solver(gate):
    steps, times = protocol(gate), np.linspace(0, 6, 61)
    found = course(steps, times)
    state, expected = steps[0][1].rest(), []
    for number, (start, one) in enumerate(steps):
        end = steps[number + 1][0] if number + 1 < len(steps) else 6.0
        inside = times[(times >= start) & ((times < end) | (end == 6.0))]
        solved = solve_ivp(
            lambda _, x, rates=one.matrix: rates @ x,
            (start, end),
            state,
            "Radau",
            np.unique([*inside, end]),
            rtol=1e-10,
            atol=1e-12,
            jac=lambda _, __, rates=one.matrix: rates,
        )
        expected += list(solved.y.T[: inside.size])
        state = solved.y[:, -1]
    assert np.abs(found.states - expected).max() < 1e-8  # worst seen 2e-9, the stepping solver's


def test_error_is_below_a_billionth():
    """Against extended precision, at the end of every step of a 15-state protocol."""
    steps = protocol("kampa2004")
    ends = [start for start, _ in steps[1:]] + [30.0]
    found = course(steps, ends).states
    state = steps[0][1].rest().astype(np.longdouble)
    for (start, one), end, ours in zip(steps, ends, found, strict=True):
        state = exponential(one.matrix, end - start) @ state
        assert np.abs(ours - state.astype(float)).max() < 1e-9  # worst seen 3e-12


def test_what_is_measured_follows_the_states():
    found = course(protocol("destexhe1996"), np.linspace(0, 6, 61))
    assert found.states.shape == (61, 10)
    assert found.blocked == pytest.approx(found.states[:, 5:].sum(axis=1))
    assert (found.conductance[found.times < 0.2] == 0).all()
    # stepping to +40 mV lets magnesium go at once
    before, after = (found.conductance[np.searchsorted(found.times, at)] for at in (2.85, 3.05))
    assert after > 5 * before


def test_no_drug_no_block():
    train = pulse_train(5, 50, concentration=0, voltage=-60, magnesium=1)
    assert train.blocked.max() == 0
    assert train.settled == 0


def test_a_train_is_its_pulses_one_by_one():
    settings = {"concentration": 3, "voltage": -50, "magnesium": 1}
    on, off = (scheme(glutamate=agonist, **settings) for agonist in (1000, 0))
    steps = [(at, one) for k in range(20) for at, one in ((k / 7, on), (k / 7 + 0.001, off))]
    one_by_one = course(steps, np.arange(20) / 7)
    assert pulse_train(7, 20, **settings).blocked == pytest.approx(one_by_one.blocked, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 100), st.floats(0.05, 20), st.booleans())
def test_a_train_creeps_up_to_its_end(hertz, dose, leak):
    train = pulse_train(hertz, 400, concentration=dose, voltage=-60, magnesium=1, leak=leak)
    assert (np.diff(train.blocked) >= -1e-12).all()
    assert train.blocked[-1] <= train.settled + 1e-9
    late = train.blocked[0] + (train.settled - train.blocked[0]) * (1 - np.exp(-train.times / train.time_constant))
    assert np.abs(train.blocked - late).max() < 0.05 * max(train.settled, 1e-9)  # one slow phase


def test_use_speeds_recovery_too():
    full = pulse_train(10, 3000, concentration=10, voltage=-60, magnesium=0)
    start = scheme(glutamate=1000, voltage=-60, magnesium=0, concentration=10).steady()
    slow, fast = (pulse_train(hertz, 10, concentration=0, voltage=-60, magnesium=0, start=start) for hertz in (0.2, 20))
    assert full.settled > 0.9
    assert slow.settled == pytest.approx(0, abs=1e-9)
    assert slow.time_constant > 10 * fast.time_constant


def test_a_leak_with_a_way_back_changes_no_settled_block():
    trains = [pulse_train(1, 1, concentration=1, voltage=-60, magnesium=1, leak=leak) for leak in (False, True)]
    assert trains[0].settled == pytest.approx(trains[1].settled, rel=1e-9)


def test_washout_needs_agonist():
    after = washout([0, 50], concentration=10, voltage=-70, magnesium=0, glutamate=[0.0, 1000.0])
    assert after.blocked[0, 1] > 0.9 * after.blocked[0, 0]
    assert after.blocked[1, 1] < 1e-4  # Mealing 1999: 50 s of agonist relieved all
    assert 0.8 < after.blocked[0, 0] < 1  # 10 µM blocked 80 % there


def test_pulses_that_overlap_are_refused():
    with pytest.raises(InputError, match="less than 1000 Hz"):
        pulse_train(1000, 5, concentration=1, voltage=-60, magnesium=1)
    with pytest.raises(InputError, match="pulses: 0 is given"):
        pulse_train(1, 0, concentration=1, voltage=-60, magnesium=1)


def test_steps_of_different_schemes_do_not_mix():
    mixed = [
        (0, scheme(glutamate=1, voltage=0, magnesium=1)),
        (1, scheme(glutamate=1, voltage=0, magnesium=1, gate="kampa2004")),
    ]
    with pytest.raises(InputError, match="same states"):
        course(mixed, [0.5])


def test_the_stories_part_ways():
    by_name = {one.experiment: one.outcome for one in contrasts(concentration=1, voltage=40)}
    right, rival, shut = (lambda experiment, name=name: by_name[experiment][name] for name in STORIES)
    assert right("more agonist")[0] == pytest.approx(right("more agonist")[1], rel=1e-6)
    assert rival("more agonist")[1] < 0.05 * rival("more agonist")[0]
    assert right("depolarisation")[1] < 0.1 * right("depolarisation")[0]
    assert shut("depolarisation")[1] == pytest.approx(shut("depolarisation")[0])
    assert right("drug without agonist")[0] < 1e-9
    assert min(rival("drug without agonist")[0], shut("drug without agonist")[0]) > 0.5
    assert right("washout without agonist")[0] > 0.9
    assert max(rival("washout without agonist")[0], shut("washout without agonist")[0]) < 1e-9


def test_the_competitive_story_shifts_the_response_to_glutamate():
    """A competitive drug at its own half block makes the response need more glutamate, and no less in the end."""
    from ketalit.models import linear

    small, large = (lost("competitive", glutamate=agonist, voltage=-70, concentration=0.71) for agonist in (1, 1e5))
    assert small > 0.2
    assert large < 1e-3
    for name in STORIES:
        told = story(name, glutamate=20, voltage=-70, concentration=1)
        assert linear.detailed_balance(told.matrix) < 1e-9


def test_an_unknown_story_is_told():
    with pytest.raises(InputError, match="Did you mean “trapped”"):
        story("traped", glutamate=1, voltage=0, concentration=1)
