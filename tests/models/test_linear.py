"""The exact solver against other solvers, closed forms and what must hold of any rate scheme."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from ketalit.errors import InputError
from ketalit.models import linear
from ketalit.models.linear import (
    Segment,
    cycle_affinity,
    detailed_balance,
    generator,
    propagate,
    propagator,
    solve,
    steady_state,
    time_constants,
    trajectory,
)
from tests.models.extended import exponential


def random_scheme(seed, n, spread=3):
    """A connected scheme of n states with rates over 2 * spread decades."""
    random = np.random.default_rng(seed)
    pairs = {(i, (i + 1) % n) for i in range(n)} | {tuple(random.choice(n, 2, replace=False)) for _ in range(n)}
    return generator(
        [
            (int(a), int(b), 10 ** random.uniform(-spread, spread))
            for x, y in pairs
            for a, b in ((x, y), (y, x))
            if a != b
        ],
        n,
    )


def reversible_scheme(seed, n):
    """A scheme at detailed balance: symmetric fluxes over given probabilities."""
    random = np.random.default_rng(seed)
    weight = 10 ** random.uniform(-3, 0, n)
    edges = []
    for i in range(n):
        for j in range(i):
            flux = 10 ** random.uniform(-2, 2)
            edges += [(i, j, flux / weight[i]), (j, i, flux / weight[j])]
    return generator(edges, n), weight / weight.sum()


schemes = st.builds(random_scheme, st.integers(0, 10_000), st.integers(2, 9), st.floats(0.1, 3))


# --- against other solvers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_the_matrix_exponential(seed):
    matrix = random_scheme(seed, 6)
    start = np.eye(6)[seed % 6]
    for time in (1e-4, 0.1, 3.0, 500.0):
        expected = (exponential(matrix, time) @ start).astype(float)
        assert np.abs(propagate(matrix, start, [time])[0] - expected).max() < 1e-11  # worst seen 4e-12


def test_agrees_with_a_stepping_solver():
    matrix, source = random_scheme(3, 5, 1) - 0.3 * np.eye(5), np.array([1.0, 0, 2, 0, 0.5])
    times = np.linspace(0, 4, 20)
    solved = solve_ivp(lambda _, x: matrix @ x + source, (0, 4), np.ones(5), "LSODA", times, rtol=1e-10, atol=1e-12)
    # worst seen 4e-9, the stepping solver's error
    assert propagate(matrix, np.ones(5), times, source) == pytest.approx(solved.y.T, rel=1e-7)


def test_driven_cycles_have_complex_eigenvalues_and_real_courses():
    wheel = generator([(i, (i + 1) % 5, 1.0) for i in range(5)], 5)
    assert np.iscomplexobj(linear.decompose(wheel).values)
    times = np.linspace(0, 9, 40)
    expected = np.array([expm(wheel * t)[:, 0] for t in times])
    assert np.abs(propagate(wheel, np.eye(5)[0], times) - expected).max() < 1e-13


# --- matrices without enough eigenvectors ----------------------------------------------------------------------------


@pytest.mark.parametrize("times", [np.linspace(0, 12, 500), np.geomspace(1e-3, 40, 60), [5.0], [0.0, 0.0, 2.0]])
def test_chains_of_equal_rates_are_not_left_to_eigenvectors(times):
    n, rate = 8, 1.7
    chain = np.diag([-rate] * n) + np.diag([rate] * (n - 1), -1)
    assert linear.decompose(chain).defective
    found = propagate(chain, np.eye(n)[0], times)
    # what is in compartment k is the Poisson probability of k steps
    steps = np.cumprod(np.concatenate([[1.0], np.arange(1.0, n)]))
    expected = np.array([[(rate * t) ** k / steps[k] * np.exp(-rate * t) for k in range(n)] for t in times])
    assert np.abs(found - expected).max() < 1e-12


def test_nearly_equal_rates_lose_no_digits():
    for apart in (1e-3, 1e-5, 1e-8, 1e-12):
        rates = 1 + apart * np.arange(6)
        chain = np.diag(-rates) + np.diag(rates[:-1], -1)
        expected = expm(chain * 2.0)[:, 0]
        assert np.abs(propagate(chain, np.eye(6)[0], [2.0])[0] - expected).max() < 1e-9  # worst seen 2e-11


def test_a_defective_member_of_a_batch_does_not_touch_the_others():
    chain = np.diag([-1.0, -1.0, -1.0]) + np.diag([1.0, 1.0], -1)
    other = random_scheme(1, 3, 0.5)
    both = np.stack([other, chain, other])
    assert linear.decompose(both).defective.tolist() == [False, True, False]
    found = propagate(both, np.eye(3)[0], [0.0, 0.5, 2.0])
    for member, matrix in zip(found, both, strict=True):
        assert np.abs(member - propagate(matrix, np.eye(3)[0], [0.0, 0.5, 2.0])).max() < 1e-14
    assert np.abs(propagator(both, 0.5)[1] - expm(chain * 0.5)).max() < 1e-14


def test_filling_a_chain_of_equal_rates():
    chain = np.diag([-2.0] * 4) + np.diag([2.0] * 3, -1)
    found = propagate(chain, np.zeros(4), [30.0], source=[1.0, 0, 0, 0])[0]
    assert found == pytest.approx([0.5] * 4)  # inflow 1 through rate 2


# --- closed forms ----------------------------------------------------------------------------------------------------


def test_a_closed_compartment_fills_in_proportion_to_time():
    assert propagate([[0.0]], [1.0], [0.0, 2.0, 7.0], source=[3.0])[:, 0] == pytest.approx([1, 7, 22])


def test_infusion_into_one_compartment():
    # start, stop at 4: R/k (1 - e^(-k t)), then exponential decay
    k, rate = 0.35, 12.0
    course = trajectory([Segment(0, [[-k]], [rate]), Segment(4, [[-k]])], [0.0], [1, 4, 10])[:, 0]
    peak = rate / k * (1 - np.exp(-4 * k))
    assert course == pytest.approx([rate / k * (1 - np.exp(-k)), peak, peak * np.exp(-6 * k)], rel=1e-13)


def test_two_states():
    scheme = generator([(0, 1, 3.0), (1, 0, 1.0)], 2)
    assert steady_state(scheme) == pytest.approx([0.25, 0.75])
    assert time_constants(scheme) == pytest.approx([0.25])


def test_time_constants_of_a_leaking_system_are_all_told():
    assert time_constants(np.diag([-2.0, -0.5])) == pytest.approx([0.5, 2.0])
    assert time_constants(generator([(0, 1, 1.0)], 3)).tolist() == [1.0, np.inf]  # the third state never moves


# --- what must hold of any scheme ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(schemes, st.floats(0, 50))
def test_probabilities_stay_probabilities(matrix, time):
    states = propagate(matrix, np.eye(len(matrix))[0], [0.0, time])
    assert np.abs(states.sum(axis=-1) - 1).max() < 1e-9
    assert states.min() > -1e-9
    assert linear.probabilities(states).min() >= 0


@settings(max_examples=60, deadline=None)
@given(schemes)
def test_the_steady_state_is_where_time_leads(matrix):
    settled = steady_state(matrix)
    slowest = time_constants(matrix)[-1]
    assert np.abs(propagate(matrix, settled, [slowest])[0] - settled).max() < 1e-9
    assert np.abs(propagate(matrix, np.eye(len(matrix))[0], [40 * slowest])[0] - settled).max() < 1e-9


@settings(max_examples=40, deadline=None)
@given(schemes, st.floats(0.01, 3), st.floats(0.01, 3))
def test_two_steps_are_one(matrix, first, second):
    start = np.eye(len(matrix))[-1]
    there = propagate(matrix, start, [first])[0]
    assert np.abs(propagate(matrix, there, [second])[0] - propagate(matrix, start, [first + second])[0]).max() < 1e-9
    assert np.abs(propagator(matrix, first) @ start - there).max() < 1e-9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(3, 7))
def test_detailed_balance_is_seen_and_its_lack_too(seed, n):
    balanced, weight = reversible_scheme(seed, n)
    assert detailed_balance(balanced) < 1e-10
    assert steady_state(balanced) == pytest.approx(weight, abs=1e-9)
    driven = balanced.copy()
    driven[1, 0] *= 1.5
    np.fill_diagonal(driven, 0)
    np.fill_diagonal(driven, -driven.sum(axis=0))
    assert detailed_balance(driven) == pytest.approx(np.log(1.5), rel=1e-6)
    assert abs(cycle_affinity(driven, [0, 1, 2])) == pytest.approx(np.log(1.5), rel=1e-6)


def test_an_arrow_without_return_drives_a_cycle():
    assert detailed_balance(generator([(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)], 3)) == np.inf
    assert cycle_affinity(generator([(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)], 3), [0, 1, 2]) == np.inf
    assert cycle_affinity(generator([(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)], 3), [2, 1, 0]) == np.inf
    assert cycle_affinity(generator([(0, 1, 1.0), (2, 1, 1.0), (2, 0, 1.0)], 3), [0, 1, 2]) == 0  # no way round
    assert detailed_balance(generator([(0, 1, 1.0), (1, 0, 3.0), (1, 2, 1.0)], 3)) == 0  # only leads away
    assert detailed_balance(generator([(0, 1, 1.0), (1, 2, 1.0)], 3)) == 0  # no way back at all


# --- batches ---------------------------------------------------------------------------------------------------------


def test_batch_equals_loop():
    matrices = np.stack([random_scheme(seed, 5) for seed in range(12)]).reshape(3, 4, 5, 5)
    times = np.geomspace(1e-3, 20, 7)
    together = propagate(matrices, np.eye(5)[0], times)
    assert together.shape == (3, 4, 7, 5)
    assert steady_state(matrices).shape == (3, 4, 5)
    assert time_constants(matrices).shape == (3, 4, 4)
    for place in np.ndindex(3, 4):
        assert np.abs(together[place] - propagate(matrices[place], np.eye(5)[0], times)).max() < 1e-13
        assert steady_state(matrices)[place] == pytest.approx(steady_state(matrices[place]), abs=1e-14)


def test_rates_that_are_arrays_make_a_batch():
    scheme = generator([(0, 1, np.array([1.0, 2.0, 4.0])), (1, 0, 2.0)], 2)
    assert steady_state(scheme)[:, 1] == pytest.approx([1 / 3, 1 / 2, 2 / 3])


def test_a_batch_runs_through_segments_of_different_shapes():
    scaled = np.array([0.5, 1.0, 2.0])[:, None, None] * random_scheme(2, 4, 1)
    segments = [Segment(0, scaled), Segment(1, random_scheme(5, 4, 1)), Segment(3, scaled)]
    times = np.linspace(0, 5, 11)
    together = trajectory(segments, np.eye(4)[0], times)
    for number in range(3):
        alone = [
            Segment(one.start, np.asarray(one.matrix)[number] if np.ndim(one.matrix) == 3 else one.matrix)
            for one in segments
        ]
        assert np.abs(together[number] - trajectory(alone, np.eye(4)[0], times)).max() < 1e-13


# --- segments --------------------------------------------------------------------------------------------------------


def test_a_trajectory_is_its_segments_end_to_end():
    first, second = random_scheme(1, 4, 1), random_scheme(2, 4, 1)
    times = [2.0, 2.3, 3.0, 3.5, 9.0]
    found = trajectory([Segment(2, first), Segment(3, second)], np.eye(4)[1], times)
    middle = expm(first) @ np.eye(4)[1]
    expected = [expm(first * (t - 2)) @ np.eye(4)[1] if t <= 3 else expm(second * (t - 3)) @ middle for t in times]
    assert np.abs(found - expected).max() < 1e-12


def test_no_time_may_lie_before_the_first_segment():
    with pytest.raises(InputError, match="a time of 1 lies before the start at 2"):
        trajectory([Segment(2, random_scheme(1, 4))], np.eye(4)[1], [1.0, 3.0])


def test_equal_matrices_are_decomposed_once(monkeypatch):
    counted, known = [], solve.decompose
    monkeypatch.setattr(solve, "decompose", lambda matrix: counted.append(1) or known(matrix))
    on, off = random_scheme(1, 4), random_scheme(2, 4)
    trajectory([Segment(0.1 * k, [on, off][k % 2].copy()) for k in range(400)], np.eye(4)[0], [39.0])
    assert len(counted) == 2


def test_segments_that_begin_after_the_last_time_are_not_solved():
    broken = np.full((2, 2), np.nan)
    fine = generator([(0, 1, 1.0)], 2)
    assert trajectory([Segment(0, fine), Segment(5, broken)], [1.0, 0.0], [1.0])[0, 0] == pytest.approx(np.exp(-1))


# --- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: propagate(np.full((2, 2), np.nan), [1, 0], [1]), "not a finite number"),
        (lambda: propagate(np.ones((2, 3)), [1, 0], [1]), "shape"),
        (lambda: propagate(np.eye(2), [1, 0], [5000.0]), "not finite"),
        (lambda: propagate(-np.eye(2), [1, 0], [-1.0]), "before the start"),
        (lambda: propagate(-np.eye(2), [1, 0], [1.0, 0.5]), "out of order"),
        (lambda: propagate(-np.eye(2), [1, 0], [np.nan]), "out of order"),
        (lambda: trajectory([], [1.0], [1.0]), "no segment"),
        (lambda: trajectory([Segment(1, [[-1.0]]), Segment(1, [[-2.0]])], [1.0], [2.0]), "out of order"),
        (lambda: trajectory([Segment(1, [[-1.0]])], [1.0], [0.5]), "before the start"),
        (lambda: generator([(0, 1, -1.0)], 2), "below zero"),
        (lambda: generator([(0, 1, np.inf)], 2), "not finite"),
        (lambda: generator([(0, 2, 1.0)], 2), "state 0 to state 2"),
        (lambda: generator([(0, 0, 1.0)], 2), "state 0 to state 0"),
        (lambda: steady_state(np.zeros((2, 2))), "no single steady state"),
        (lambda: steady_state(generator([(1, 0, 1.0), (1, 2, 1.0)], 3)), "no single steady state"),
        (lambda: linear.probabilities(np.array([0.7, 0.7])), "no probabilities"),
        (lambda: linear.probabilities(np.array([1.1, -0.1])), "no probabilities"),
    ],
)
def test_what_cannot_be_solved_is_told(act, message):
    with pytest.raises(InputError, match=message):
        act()


def test_rounding_is_clipped():
    assert linear.probabilities(np.array([1 + 1e-12, -1e-12])).tolist() == [1.0, 0.0]


def test_a_nilpotent_matrix_has_no_second_eigenvector():
    both = np.stack([[[0.0, 1.0], [0.0, 0.0]], [[-1.0, 0.0], [0.0, -2.0]]])
    found = propagate(both, [1.0, 1.0], [0.0, 2.0])
    assert found[0] == pytest.approx(np.array([[1, 1], [3, 1]]))  # grows in proportion to time
    assert found[1, 1] == pytest.approx([np.exp(-2), np.exp(-4)])
    assert propagator(both, 2.0)[0] == pytest.approx(np.array([[1, 2], [0, 1]]))
