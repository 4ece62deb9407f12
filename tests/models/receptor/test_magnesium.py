"""Magnesium block: limits, monotony, overrides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.models.receptor import magnesium_half_block, unblocked

volts, millimolar = st.floats(-120, 80), st.floats(0, 10)


@given(volts, millimolar, st.floats(0.01, 5))
def test_more_magnesium_blocks_more_and_depolarising_relieves(voltage, magnesium, more):
    assert unblocked(voltage, magnesium + more) < unblocked(voltage, magnesium)
    assert unblocked(voltage + more, magnesium) >= unblocked(voltage, magnesium)
    assert 0 < unblocked(voltage, magnesium) <= 1


def test_limits():
    assert unblocked(-60, 0) == 1
    assert unblocked(-60, magnesium_half_block(-60)) == pytest.approx(0.5)
    assert unblocked([-60, 0], [[0.5], [1], [2]]).shape == (3, 2)


def test_against_the_formula_as_other_programs_write_it():
    # the customary form, 1 / (1 + exp(-0.062 V) [Mg] / 3.57)
    voltage, magnesium = np.linspace(-100, 60, 33), 1.3
    assert unblocked(voltage, magnesium) == pytest.approx(1 / (1 + np.exp(-0.062 * voltage) * magnesium / 3.57))


def test_a_number_can_be_changed():
    assert magnesium_half_block(0, parameters={"magnesium.half_block": "4100 µM"}) == pytest.approx(4.1)
