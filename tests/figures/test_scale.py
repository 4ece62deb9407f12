"""Questions: do values land where arithmetic says, are ticks those a person would choose, is anything finite refused?"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.figures.scale import Bands, Linear, Log, Time, overlapping, shown, spread

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [  # as any textbook axis
        (0, 1, 6, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 100, 5, ["0", "50", "100"]),
        (0, 100, 6, ["0", "20", "40", "60", "80", "100"]),
        (-100, 60, 9, ["−100", "−80", "−60", "−40", "−20", "0", "20", "40", "60"]),
        (0.13, 0.17, 5, ["0.13", "0.14", "0.15", "0.16", "0.17"]),
        (0, 25000, 6, ["0", "5000", "10\u00a0000", "15\u00a0000", "20\u00a0000", "25\u00a0000"]),
        (0, 3e-7, 4, ["0", "10⁻⁷", "2×10⁻⁷", "3×10⁻⁷"]),
    ],
)
def test_linear_ticks(low, high, most, labels):
    assert [tick.label for tick in Linear(low, high).ticks(most)] == labels


def test_percent_ticks_are_labelled_times_a_hundred_and_stand_where_the_share_is():
    ticks = Linear(0, 0.5).ticks(6, times=100)
    assert [(round(tick.value, 9), tick.label) for tick in ticks][-1] == (0.5, "50")


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (1, 1000, 12, ["1", "2", "5", "10", "20", "50", "100", "200", "500", "1000"]),
        (1, 1000, 5, ["1", "10", "100", "1000"]),
        (1e-4, 1e4, 5, ["0.0001", "0.01", "1", "100", "10\u00a0000"]),
        (1e-9, 1e9, 4, ["10⁻⁵", "1", "100\u00a0000"]),
        (30, 40, 6, ["30", "32", "34", "36", "38", "40"]),  # less than a decade: equal steps
    ],
)
def test_log_ticks(low, high, most, labels):
    assert [tick.label for tick in Log(low, high).ticks(most) if tick.label] == labels


def test_log_has_small_ticks_between():
    small = [tick.value for tick in Log(1, 100).ticks(3) if not tick.label]
    assert small == pytest.approx([*range(2, 10), *range(20, 100, 10)])


@pytest.mark.parametrize(
    ("low", "high", "unit", "shown_unit", "labels"),
    [
        (0, 1, "h", "min", ["0", "10", "20", "30", "40", "50", "60"]),
        (0, 24, "h", "h", ["0", "4", "8", "12", "16", "20", "24"]),
        (0, 84 * 24, "h", "d", ["0", "14", "28", "42", "56", "70", "84"]),
        (0, 120, "s", "s", ["0", "30", "60", "90", "120"]),
        (0, 0.05, "s", "ms", ["0", "10", "20", "30", "40", "50"]),
        (0, 100.8, "h", "d", ["0", "1", "2", "3", "4"]),
    ],
)
def test_time_ticks(low, high, unit, shown_unit, labels):
    scale = Time(low, high, unit)
    assert scale.shown_unit == shown_unit
    assert [tick.label for tick in scale.ticks(7)] == labels


def test_time_ticks_stand_at_their_times():
    tick = Time(0, 1, "h").ticks(7)[3]
    assert (tick.label, tick.value) == ("30", pytest.approx(0.5))


@given(st.lists(finite, min_size=1), st.integers(1, 12))
def test_any_finite_data_have_a_linear_scale(values, most):
    scale = Linear.around(values)
    within = [value for value in values if abs(value) <= 1e290]
    assert all(-1e-6 <= fraction <= 1 + 1e-6 for fraction in scale.fractions(within))
    ticks = scale.ticks(most)
    assert 1 <= len(ticks) <= most
    assert len({tick.label for tick in ticks}) == len(ticks)
    places = scale.fractions([tick.value for tick in ticks])
    assert all(-1e-6 <= place <= 1 + 1e-6 for place in places)
    assert places == sorted(places)


@given(st.lists(st.floats(1e-290, 1e290), min_size=1), st.integers(1, 12))
def test_anything_above_zero_has_a_logarithmic_scale(values, most):
    scale = Log.around(values)
    assert all(-1e-6 <= fraction <= 1 + 1e-6 for fraction in scale.fractions(values))
    labelled = [tick for tick in scale.ticks(most) if tick.label]
    assert 1 <= len(labelled) <= most
    places = scale.fractions([tick.value for tick in scale.ticks(most)])
    assert all(-1e-6 <= place <= 1 + 1e-6 for place in places)


@given(finite, st.floats(1e-3, 1e6), st.sampled_from(["ms", "s", "min", "h", "d"]), st.integers(2, 12))
def test_times_have_ticks_within(low, span, unit, most):
    low = math.fmod(low, 1e6)
    ticks = Time(low, low + span, unit).ticks(most)
    assert 1 <= len(ticks) <= most
    assert all(low - 1e-6 * (abs(low) + span) <= tick.value <= low + span + 1e-6 * (abs(low) + span) for tick in ticks)


def test_log_fractions_are_logarithms():
    assert Log(1, 1000).fractions([1, 10, 1000, 0, -1, None]) == pytest.approx(
        [0, 1 / 3, 1, math.nan, math.nan, math.nan], nan_ok=True
    )


@pytest.mark.parametrize("ends", [(1, 1), (2, 1), (0, math.inf), (math.nan, 1)])
@pytest.mark.parametrize("kind", [Linear, Log, Time])
def test_ends_that_are_none(kind, ends):
    with pytest.raises(InputError):
        kind(*ends)


def test_a_logarithmic_scale_begins_above_zero():
    with pytest.raises(InputError, match="above 0"):
        Log(0, 1)


def test_a_name_that_is_not_on_the_axis():
    with pytest.raises(InputError, match="2C"):
        Bands(("2A", "2B")).fractions(["2C"])


@given(st.lists(st.floats(-50, 250), min_size=1, max_size=12))
def test_spread_keeps_distance_and_order(wanted):
    placed = spread(wanted, [12] * len(wanted), 0, 200)
    assert all(6 - 1e-6 <= place <= 194 + 1e-6 for place in placed)
    assert not overlapping([(place - 6, place + 6) for place in placed], -1e-6)
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    assert [placed[at] for at in order] == sorted(placed)


def test_spread_moves_nothing_that_has_room():
    assert spread([10, 100, 50], [12, 12, 12], 0, 200) == [10, 100, 50]


def test_spread_without_room_shares_what_there_is():
    assert spread([5, 5, 5, 5], [20, 20, 20, 20], 0, 40) == [5, 15, 25, 35]


@given(st.floats(1e-12, 1e12), st.integers(-12, 12))
def test_shown_numbers_read_back(value, exponent):
    text = shown(value, exponent).replace("−", "-").replace("\u00a0", "")
    mantissa, _, power = (
        text.partition("×10") if "×" in text else ("1", "", text[2:]) if text[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹" else (text, "", "")
    )
    plain = float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)
    size = math.floor(math.log10(value))
    assert plain == pytest.approx(
        value,
        abs=0.51 * 10.0 ** max(exponent, size if size >= 6 or size < -4 else 0 if exponent > 0 else exponent),
        rel=1e-9,
    )
