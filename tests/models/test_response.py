"""Response in minutes and in days: held against the exact solver, closed forms and limiting cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.models.linear import Segment, propagate, trajectory
from ketalit.models.parameters import parameters_of
from ketalit.models.response import (
    NOT_ADVICE,
    acute_pain,
    crps_trial,
    delayed,
    psychotomimetic,
    rebound,
    slow_relief,
)

HOURS = np.linspace(0, 12, 1441)
PULSE = 200 * np.exp(-HOURS)


def test_delay_of_a_constant_is_the_exact_solver():
    rate = np.log(2) / 0.1
    exact = propagate([[-rate]], [0.0], HOURS, source=[rate * 150])[:, 0]
    assert delayed(HOURS, np.full(HOURS.shape, 150.0), 0.1) == pytest.approx(exact, abs=1e-11)


def test_delay_of_straight_lines_is_the_exact_solver():
    """Input u as a second state with slope s: du/dt = s, dE/dt = k (u - E); unevenly spaced, with one jump."""
    times, values, half_life = [0.0, 0.7, 1.0, 1.0, 5.0, 40.0], [0.0, 70.0, 20.0, 90.0, 90.0, 0.0], 0.35
    rate = np.log(2) / half_life
    matrix = [[-rate, rate], [0.0, 0.0]]
    state = np.zeros(2)
    for i in range(len(times) - 1):
        state[1] = values[i]
        step = times[i + 1] - times[i]
        if step:
            slope = (values[i + 1] - values[i]) / step
            state = trajectory([Segment(0.0, matrix, [0.0, slope])], state, [step])[0]
        assert delayed(times, values, half_life)[i + 1] == pytest.approx(state[0], rel=1e-10, abs=1e-12)


def test_delay_of_a_smooth_course_converges_with_the_square_of_the_spacing():
    rate = np.log(2) / 0.1
    errors = []
    for points in (145, 289, 577):
        hours = np.linspace(0, 12, points)
        exact = rate / (rate - 1) * (np.exp(-hours) - np.exp(-rate * hours))
        errors.append(np.abs(delayed(hours, np.exp(-hours), 0.1) - exact).max())
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.2)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.2)


def test_delay_over_many_time_constants_neither_overflows_nor_forgets():
    """12 weeks at a half-life of minutes: 20,000 half-lives, far beyond what exp() of the whole holds."""
    hours = np.linspace(0, 84 * 24, 50_000)
    held = delayed(hours, np.full(hours.shape, 7.0), 0.1)
    assert np.isfinite(held).all()
    assert held[-1] == pytest.approx(7.0, rel=1e-12)
    coarse = delayed([0, 1e6, 2e6], [3, 3, 0], 0.1)  # steps of ten million half-lives
    assert coarse == pytest.approx([0, 3, 0], abs=1e-6)


def test_no_half_life_no_delay_and_a_batch_equals_a_loop():
    assert delayed(HOURS, PULSE, 0) == pytest.approx(PULSE)
    halves = np.array([0.0, 0.05, 1.0, 300.0])
    batch = delayed(HOURS, PULSE, halves)
    assert batch.shape == (4, HOURS.size)
    for row, half in zip(batch, halves, strict=True):
        assert row == pytest.approx(delayed(HOURS, PULSE, half), rel=1e-12, abs=1e-14)
    both = delayed(HOURS, np.stack([PULSE, 2 * PULSE]), halves[:2])
    assert both[1] == pytest.approx(2 * delayed(HOURS, PULSE, 0.05))


@given(
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1000)), min_size=2, max_size=30),
    st.floats(0.01, 100),
)
def test_effect_site_stays_within_its_input(steps, half_life):
    times = np.cumsum([step for step, _ in steps])
    values = np.array([value for _, value in steps])
    held = delayed(times, values, half_life)
    assert (held >= -1e-9).all()
    assert (held <= values.max() * (1 + 1e-9) + 1e-9).all()


def test_delay_refuses_nonsense():
    with pytest.raises(InputError, match="decrease"):
        delayed([0, 2, 1], [1, 1, 1], 1)
    with pytest.raises(InputError, match="half-life"):
        delayed([0, 1], [1, 1], -1)
    with pytest.raises(InputError, match="values"):
        delayed([0, 1], [1, 1, 1], 1)


def test_text_with_units_is_read_as_hours_and_nanograms():
    hours, plasma = [0, 0.1, 0.25], [0.0, 100.0, 50.0]
    expected = delayed(hours, plasma, 0.1)
    assert delayed(hours, plasma, "6 min") == pytest.approx(expected)
    assert delayed(["0 h", "6 min", "900 s"], plasma, "0.1 h") == pytest.approx(expected)
    assert delayed(hours, ["0 ng/mL", "0.1 µg/mL", "50 ng/mL"], "6 min", start="0 ng/mL") == pytest.approx(expected)
    batch = delayed(hours, plasma, ["6 min", "11.8 min"])
    assert batch[0] == pytest.approx(expected)
    assert batch[1] == pytest.approx(delayed([60 * one for one in hours], plasma, 11.8))
    for wrong in ("6", "6 m", "-6 min", "6 mg"):
        with pytest.raises(InputError, match="half-life"):
            delayed(hours, plasma, wrong)


def test_all_models_come_back_unless_one_is_asked_for():
    assert [one.model for one in acute_pain(HOURS, PULSE)] == ["linear_ketamine_alone", "emax"]
    assert [one.model for one in acute_pain(HOURS, PULSE, PULSE)] == [
        "linear_with_norketamine",
        "linear_ketamine_alone",
        "emax",
    ]
    assert len(acute_pain(HOURS, PULSE, PULSE, norketamine_counts=True)) == 2
    assert len(acute_pain(HOURS, PULSE, PULSE, norketamine_counts=False)) == 2
    with pytest.raises(InputError, match="norketamine"):
        acute_pain(HOURS, PULSE, norketamine_counts=True)


def test_nothing_given_nothing_felt():
    nothing = np.zeros(HOURS.shape)
    for one in (*acute_pain(HOURS, nothing, nothing), *psychotomimetic(HOURS, nothing), *slow_relief(HOURS, nothing)):
        middle = one.middle if hasattr(one, "middle") else one.median
        assert not middle.any()
        assert not one.low.any()
        assert not one.high.any()


@given(st.floats(0, 5000))
def test_shares_stay_shares_and_bands_in_order(plasma):
    course = np.full(3, plasma)
    for one in (*acute_pain([0, 1, 9], course), *psychotomimetic([0, 1, 9], course)):
        assert (one.low <= one.middle).all()
        assert (one.middle <= one.high).all()
        if not one.unit:
            assert (one.low >= 0).all()
            assert (one.high <= 1).all()


def test_half_the_effect_at_c50():
    c50 = 1.2 * 237.73  # nmol/mL x g/mol = ng/mL
    pain = acute_pain([0, 50], [c50, c50])[-1]
    assert pain.high[-1] == pytest.approx(0.5)
    high = psychotomimetic([0, 50], [0.3 * 237.73] * 2)[0]
    assert high.middle[-1] == pytest.approx(0.5)


def test_a_steeper_hill():
    """Hill's equation: at three times C50 and a coefficient of 2 the effect is 9/10, not 3/4."""
    c50 = 1.2 * 237.73
    for hill, share in ((1, 3 / 4), (2, 9 / 10)):
        steep = acute_pain([0, 50], [3 * c50] * 2, parameters={"response.emax.hill": hill})[-1]
        assert steep.high[-1] == pytest.approx(share)


def test_responses_outside_what_was_studied_are_marked():
    scales = psychotomimetic([0, 1, 2, 3], [0, 30, 100, 300])[1]
    assert scales.extrapolated.tolist() == [False, True, False, True]
    linear = acute_pain([0, 0, 50], [0, 1000, 1000])[0]
    assert linear.middle[-1] == pytest.approx(-38)  # no scale of 10 cm can hold that
    assert linear.extrapolated[-1]


def test_only_norketamine_can_take_pain_above_where_it_began():
    metabolite = 200 * (np.exp(-HOURS / 4) - np.exp(-HOURS))
    found = {one.model: rebound(one) for one in acute_pain(HOURS, PULSE, metabolite)}
    peak, hours = found.pop("linear_with_norketamine")
    assert 0 < peak < 5
    assert 1 < hours < 12
    assert set(found.values()) == {(0.0, 0.0)}


def test_delay_can_be_given_with_a_unit():
    six, same = (acute_pain(HOURS, PULSE, half_life=one)[0].middle for one in ("6 min", 0.1))
    assert six == pytest.approx(same)


def test_overrides_reach_the_result():
    doubled = acute_pain([0, 50], [100, 100], parameters={"response.linear.ketamine": "-76 mm"})[0]
    assert doubled.middle[-1] == pytest.approx(-7.6)


def test_slow_forms_agree_where_they_must():
    """A constant concentration held for ever ends at C/(C + C50) in both; a small one never differs by much."""
    hours = np.linspace(0, 400 * 24, 4000)
    for one in slow_relief(hours, np.full(hours.shape, 10.5), draws=0):
        assert one.median[-1] == pytest.approx(0.5, abs=1e-6)
    small = [one.median for one in slow_relief(hours, np.full(hours.shape, 0.1), draws=0)]
    assert small[0] == pytest.approx(small[1], rel=0.02)


def test_hours_of_relief_are_those_above_the_share():
    """50 days constant, then gone: the turnover form falls as exp(-t ln2 / half-life), so half of it lasts a half-life."""
    half_life = parameters_of(None).value("response.crps.half_life") * 24
    hours = np.concatenate([[0.0], 1e5 + np.arange(0, 10 * half_life, 0.5)])
    plasma = np.where(hours <= 1e5, 1e6, 0.0)
    turnover = slow_relief(hours, plasma, draws=0)[1]
    assert turnover.above(0.5) == pytest.approx(1e5 + half_life, abs=2)
    assert turnover.above(0.25) == pytest.approx(1e5 + 2 * half_life, abs=2)


def test_courses_that_do_not_fit_together_are_refused():
    with pytest.raises(InputError, match="norketamine"):
        acute_pain(HOURS, np.stack([PULSE, PULSE]), PULSE)
    with pytest.raises(InputError, match="one course"):
        slow_relief(HOURS, np.stack([PULSE, PULSE]))


def test_bands_hold_the_published_value_and_can_be_repeated():
    hours = np.array([0, 0, 100, 100, 168, 2016.0])
    plasma = np.array([0, 230, 230, 0, 0, 0.0])
    first, again, other = (slow_relief(hours, plasma, seed=seed) for seed in (1, 1, 2))
    for one, same, another in zip(first, again, other, strict=True):
        assert (one.low[2:] < one.median[2:]).all()
        assert (one.median[2:] < one.high[2:]).all()
        assert (one.low == same.low).all()
        assert (one.low[2:] != another.low[2:]).all()
    assert (slow_relief(hours, plasma, draws=0)[0].low == first[0].median).all()


def test_drawn_estimates_give_back_the_published_intervals():
    """The intervals are in the abstract beside the standard errors, which alone are used for drawing."""
    from ketalit.models.response.slow import _drawn

    random = np.random.default_rng(5)
    for name in ("response.crps.c50", "response.crps.half_life"):
        parameter = parameters_of(None)[name]
        drawn = _drawn(parameter, 200_000, random)
        assert drawn.mean() == pytest.approx(parameter.value, rel=0.01)
        assert drawn.std() == pytest.approx(parameter.se, rel=0.02)
        assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx(parameter.ci95, rel=0.08)


def test_nothing_reads_as_advice():
    courses = (*acute_pain(HOURS, PULSE, PULSE), *psychotomimetic(HOURS, PULSE), *slow_relief(HOURS, PULSE))
    for one in courses:
        words = f"{one.label} {one.note}".lower()
        assert not any(word in words for word in ("recommend", "you should", "safe", "target concentration"))
    assert all(NOT_ADVICE in one.note for one in (*acute_pain(HOURS, PULSE), *slow_relief(HOURS, PULSE)))


def test_trial_is_data_with_sources():
    trial = crps_trial()
    assert trial.sources[0].pmid == "19604642"
    assert trial.responders[0] > trial.responders[1]
    assert trial.psychomimetic == (0.76, 0.18)  # as the abstract of Sigtermans 2009 has it
