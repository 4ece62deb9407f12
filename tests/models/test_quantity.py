"""The edge where units are read: arithmetic checked by hand, and everything that must not get through."""

import math

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.models.quantity import (
    amount_mg,
    is_per_weight,
    magnitude,
    micromolar,
    nanograms_per_ml,
    non_negative,
    rate_mg_per_h,
    split,
)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("40 min", "h", 2 / 3),
        ("40min", "h", 2 / 3),
        (".05 mg/kg", "mg/kg", 0.05),
        ("0.5 mg / kg", "mg/kg", 0.5),
        ("500 µg/kg", "mg/kg", 0.5),
        ("500 μg/kg", "mg/kg", 0.5),  # the Greek letter, not the micro sign
        ("500 mcg/kg", "mg/kg", 0.5),
        ("5 µg/kg/min", "mg/kg/h", 0.3),
        ("10 mg kg-1 h-1", "mg/kg/h", 10),
        ("10 mg·kg⁻¹·h⁻¹", "mg/kg/h", 10),
        ("0.5 mg per kg per hour", "mg/kg/h", 0.5),
        ("35 mg per 70 kg", "mg/kg", 0.5),
        ("22.2 mg/h/70 kg", "mg/kg/h", 22.2 / 70),
        ("1 mg/kg", "mg per 70 kg", 70),
        ("1 µg/mL", "ng/mL", 1000),
        ("3 weeks", "h", 504),
        ("-60 mV", "mV", -60),
        ("−60 mV", "mV", -60),  # the minus sign, not a hyphen
        ("1e-3 M", "µM", 1000),
        ("1 nmol/mL", "µM", 1),
        ("0.062 1/mV", "1/V", 62),
        ("2 %", "", 0.02),
        ("0.3", "", 0.3),
    ],
)
def test_text_becomes_the_number_meant(text, unit, value):
    assert magnitude(text, unit) == pytest.approx(value, rel=1e-14)


def test_numbers_are_taken_to_be_in_the_unit_wanted():
    assert magnitude(3, "h") == 3.0
    assert magnitude(0.5, "mg/kg") == 0.5


def test_pint_quantities_pass():
    registry = pint.application_registry
    assert magnitude(registry.Quantity(90, "minute"), "h") == pytest.approx(1.5)
    with pytest.raises(InputError):
        magnitude(registry.Quantity(90, "kilogram"), "h")


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("0.5-1 mg/kg", "mg/kg", "more than one number"),
        ("0.5 to 1 mg/kg", "mg/kg", "more than one number"),
        ("0.5 ± 0.1 mg/kg", "mg/kg", "more than one number"),
        ("0,5 mg/kg", "mg/kg", "comma"),
        ("1,200 ng/mL", "ng/mL", "comma"),
        ("0.5", "mg/kg", "no unit"),
        ("2 %", "mg/kg", "cannot be turned"),  # both are ratios to pint: mg/kg is 1e-6
        ("0.5 mg/kg", "", "cannot be turned"),
        ("0.5 mg", "mg/kg", "cannot be turned"),
        ("0.5 mg/kg", "mg", "cannot be turned"),
        ("0.5 mg/kg/h", "1/h", "cannot be turned"),
        ("40 m", "h", "minutes"),
        ("100 ng/mL", "µM", "molar mass"),
        ("5 foo", "h", "not a unit"),
        ("1 h 30 min", "h", "not a unit"),
        ("1:30 h", "h", "not a unit"),
        ("5 * 3 h", "h", "not a unit"),
        ("5 __import__('os')", "h", "not a unit"),
        ("60 mg/m2", "mg/kg", "not a unit"),
        ("", "h", "number"),
        ("half an hour", "h", "number"),
        ("nan h", "h", "number"),
        ("1e400 h", "h", "finite"),
        (True, "h", "quantity"),
        (None, "h", "quantity"),
        (math.inf, "h", "finite"),
        (math.nan, "h", "finite"),
        ([1, 2], "h", "quantity"),
    ],
)
def test_what_is_not_one_quantity_of_that_kind_is_refused(text, unit, says):
    with pytest.raises(InputError, match=says):
        magnitude(text, unit)


def test_the_message_says_what_was_being_read():
    with pytest.raises(InputError, match="^duration: "):
        magnitude("soon", "h", where="duration")
    with pytest.raises(InputError, match="duration: -5 min is below zero"):
        non_negative("-5 min", "h", where="duration")


def test_amount_and_mass_are_joined_by_the_molar_mass_both_ways():
    # 237.73 ng/mL is 237.73 µg/L, and so is 1 µmol/L of something of 237.73 g/mol
    assert magnitude("237.73 ng/mL", "µM", molar_mass=237.73) == pytest.approx(1)
    assert magnitude("1 µM", "ng/mL", molar_mass=237.73) == pytest.approx(237.73)
    assert micromolar(100, 237.73) == pytest.approx(0.42064, abs=1e-5)
    assert nanograms_per_ml(micromolar(185.0, 237.73), 237.73) == pytest.approx(185)


def test_doses_and_rates_for_a_body_weight():
    assert amount_mg("0.5 mg/kg", 80) == 40
    assert amount_mg("28 mg", 80) == 28
    assert amount_mg(28, 80) == 28
    assert rate_mg_per_h("0.1 mg/kg/h", 80) == pytest.approx(8)
    assert rate_mg_per_h("22.2 mg/h per 70 kg", 35) == pytest.approx(11.1)
    with pytest.raises(InputError, match="below zero"):
        amount_mg("-1 mg", 80)
    with pytest.raises(InputError, match="cannot be turned"):
        amount_mg("0.1 mg/kg/h", 80)  # a rate is no amount


def test_per_weight_is_seen():
    assert is_per_weight("0.5 mg/kg")
    assert not is_per_weight("35 mg")
    assert not is_per_weight("70 kg")
    assert not is_per_weight(0.5)


@given(st.floats(1e-6, 1e6), st.sampled_from([("min", "h", 60), ("h", "day", 24), ("µg/kg", "mg/kg", 1000)]))
def test_scaling_is_exact_and_text_round_trips(number, units):
    small, large, times = units
    assert magnitude(f"{number!r} {small}", large) * times == pytest.approx(number, rel=1e-12)
    assert split(f"{number!r} {small}") == (number, small)
