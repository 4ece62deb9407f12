import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from ketalit.models.pharmacokinetics.compartments import OUT, SPLIT, Compartments, Input, chain, compartments, course

rates = st.floats(0.01, 20)


def by_exponentials(model, inputs, times, steps=20000):
    """The course by matrix exponentials of the system with its inflow as a further state, from event to event."""
    n = model.matrix.shape[-1]
    found = []
    for time in times:
        state, now = np.zeros(n), 0.0
        edges = sorted({t for one in inputs for t in (one.start_h, one.start_h + one.duration_h) if t < time} | {time})
        for edge in [*edges]:
            inflow = np.zeros(n)
            for one in inputs:
                if one.duration_h and one.start_h <= now < one.start_h + one.duration_h:
                    inflow[model.names.index(one.compartment)] += one.amount / one.duration_h
            system = np.zeros((n + 1, n + 1))
            system[:n, :n], system[:n, n] = model.matrix, inflow
            state, now = (expm(system * (edge - now)) @ np.append(state, 1))[:n], edge
            for one in inputs:
                if not one.duration_h and one.start_h == edge and edge <= time:
                    state[model.names.index(one.compartment)] += one.amount
        found.append(model.reading("ketamine") @ state)
    return np.array(found)


@settings(max_examples=40, deadline=None)
@given(k10=rates, k12=rates, k21=rates, duration=st.floats(0.05, 5))
def test_agrees_with_the_matrix_exponential(k10, k12, k21, duration):
    flows = {("central", OUT): k10, ("central", "far"): k12, ("far", "central"): k21}
    model = compartments(flows, {"ketamine": ("central", 10.0)})
    inputs = [Input("central", 5.0, 0.25, duration), Input("central", 1.0, 1.0, 0.0)]
    times = np.array([0.0, 0.3, 1.0, 2.5, 8.0])
    found = course(model, inputs, times)["ketamine"]
    assert found == pytest.approx(by_exponentials(model, inputs, times), rel=1e-8, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(k10=rates, k12=rates, k21=rates)
def test_what_goes_in_comes_out(k10, k12, k21):
    flows = {("central", OUT): k10, ("central", "far"): k12, ("far", "central"): k21}
    model = compartments(flows, {"ketamine": ("central", 1000.0), "far": ("far", 1000.0)})  # readings are mg
    speeds = -np.linalg.eigvals(model.matrix).real
    times = np.concatenate([[0], np.geomspace(1e-6 / speeds.max(), 40 / speeds.min(), 50001)])
    found = course(model, [Input("central", 7.0, 0.0, 0.0)], times)
    assert (found["ketamine"] >= -1e-9).all()
    left = found["ketamine"] + found["far"]
    assert (np.diff(left) <= 1e-9).all()
    out = k10 * np.trapezoid(found["ketamine"], times)
    assert out == pytest.approx(7.0, rel=1e-5)


def test_uneven_times_agree_with_even_ones():
    model = compartments(
        {("central", OUT): 0.7, ("central", "far"): 2.0, ("far", "central"): 0.3}, {"ketamine": ("central", 50.0)}
    )
    inputs = [Input("central", 5.0, 0.0, 1.0)]
    even = np.linspace(0, 24, 721)
    uneven = np.sort(np.concatenate([even, [0.01234, 17.777]]))
    found = dict(zip(uneven, course(model, inputs, uneven)["ketamine"], strict=True))
    assert course(model, inputs, even)["ketamine"] == pytest.approx([found[one] for one in even], rel=1e-12)


def test_a_batch_equals_a_loop():
    random = np.random.default_rng(5)
    volume, rate = random.uniform(5, 50, 40), random.uniform(0.1, 5, 40)
    flows = {("central", OUT): rate, ("central", "far"): 1.0, ("far", "central"): 0.5}
    inputs = [Input("central", np.linspace(1, 2, 40), 0.0, 0.5)]
    times = np.linspace(0, 10, 101)
    together = course(compartments(flows, {"ketamine": ("central", volume)}, 3.0), inputs, times)
    for person in range(40):
        one = compartments({**flows, ("central", OUT): rate[person]}, {"ketamine": ("central", volume[person])}, 3.0)
        alone = course(one, [Input("central", np.linspace(1, 2, 40)[person], 0.0, 0.5)], times)
        for name, values in alone.items():
            assert together[name][person] == pytest.approx(values, rel=1e-10, abs=1e-12)


def bateman(rate, times):
    """Three compartments in a row with one rate: amount in the last is dose (k t)² e^(-k t) / 2."""
    return (rate * times) ** 2 * np.exp(-rate * times) / 2


def test_equal_rates_have_no_eigenvectors_and_are_solved_all_the_same():
    rate, times = 3.0, np.linspace(0, 6, 61)
    flows = {("a", "b"): rate, ("b", "c"): rate, ("c", OUT): rate}
    model = compartments(flows, {"ketamine": ("c", 1000.0)})
    inputs = [Input("a", 1.0, 0.0, 0.0)]
    assert course(model, inputs, times)["ketamine"] == pytest.approx(bateman(rate, times), rel=1e-8, abs=1e-12)
    # In a batch only the defective person takes the slow way; both come out right.
    batch = compartments(
        {("a", "b"): rate, ("b", "c"): np.array([rate, 5.0]), ("c", OUT): np.array([rate, 1.0])},
        {"ketamine": ("c", 1000.0)},
    )
    found = course(batch, inputs, times)["ketamine"]
    assert found[0] == pytest.approx(bateman(rate, times), rel=1e-8, abs=1e-12)
    k = np.array([rate, 5.0, 1.0])
    expected = sum(
        k[0] * k[1] * np.exp(-k[i] * times) / np.prod([k[j] - k[i] for j in range(3) if j != i]) for i in range(3)
    )
    assert found[1] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_defective_matrices_with_infusions_and_later_doses():
    flows = {("a", "b"): 2.0, ("b", OUT): 2.0}
    model = compartments(flows, {"ketamine": ("b", 1000.0)})
    inputs = [Input("a", 4.0, 1.0, 2.0), Input("a", 1.0, 2.0, 0.0)]
    times = np.array([0.0, 0.5, 1.5, 2.0, 3.0, 7.0])
    found = course(model, inputs, times)["ketamine"]
    assert found == pytest.approx(by_exponentials(model, inputs, times), rel=1e-9, abs=1e-12)


def test_a_chain_keeps_its_mean_transit_time_and_what_is_lost():
    flows = chain("first", "second", "end", 0.5, kept=0.8) | {("end", OUT): 1e-9}
    model = compartments(flows, {"ketamine": ("end", 1000.0)})
    times = np.array([50.0])
    assert course(model, [Input("first", 1.0, 0.0, 0.0)], times)["ketamine"][0] == pytest.approx(0.8, rel=1e-6)
    transit = 1 / flows["first", "second"] + 1 / (flows["second", "end"] + flows["second", OUT])
    assert transit == pytest.approx(0.5, rel=2 * SPLIT**2)
    assert flows["first", "second"] != flows["second", "end"] + flows["second", OUT]


def test_nothing_before_the_first_dose_and_an_injection_counts_at_once():
    model = compartments({("central", OUT): 1.0}, {"ketamine": ("central", 10.0)})
    found = course(model, [Input("central", 1.0, 2.0, 0.0)], np.array([0.0, 1.999, 2.0]))["ketamine"]
    assert found == pytest.approx([0, 0, 100])


def test_readings_and_names_belong_to_the_matrix():
    model = compartments({("central", OUT): 1.0}, {"ketamine": ("central", 10.0)}, effect_rate=2.0)
    assert isinstance(model, Compartments)
    assert model.names == ("central", "effect site")
    # The effect site holds a concentration: at rest it equals that of plasma.
    found = course(model, [Input("central", 1e4, 0.0, 1e4)], np.array([9e3]))
    assert found["effect site"] == pytest.approx(found["ketamine"], rel=1e-9)


def test_what_never_leaves_stays():
    flows = {("central", "far"): 2.0, ("far", "central"): 1.0}
    model = compartments(flows, {"ketamine": ("central", 1000.0), "far": ("far", 1000.0)})
    found = course(model, [Input("central", 6.0, 0.0, 2.0)], np.array([1.0, 2.0, 50.0]))
    assert found["ketamine"] + found["far"] == pytest.approx([3.0, 6.0, 6.0], rel=1e-9)
    assert found["ketamine"][-1] == pytest.approx(2.0, rel=1e-9)


def test_nothing_is_left_of_infusions_that_have_ended_but_their_decay():
    model = compartments(
        {("central", OUT): 1.0, ("central", "far"): 0.3, ("far", "central"): 0.7}, {"ketamine": ("central", 10.0)}
    )
    overlapping = [Input("central", 0.1, 0.0, 0.7), Input("central", 0.2, 0.3, 1.1), Input("central", 0.7, 0.1, 0.9)]
    late = course(model, overlapping, np.array([100.0, 101.0]))["ketamine"]
    slowest = -np.linalg.eigvals(model.matrix).max()
    assert 0 < late[0] < 1e-15
    assert late[1] / late[0] == pytest.approx(np.exp(-slowest), rel=1e-9)
