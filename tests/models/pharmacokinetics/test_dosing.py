import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.models.pharmacokinetics import Dose, Form, Route, regimen
from ketalit.models.pharmacokinetics.dosing import checked_schedule


@pytest.mark.parametrize(
    ("amount", "over", "mg"),
    [
        ("35 mg", 0, 35),
        (35, 0, 35),
        ("0.5 mg/kg", "40 min", 40),
        ("500 µg/kg", "40 min", 40),
        ("500 mcg/kg", "40 min", 40),
        ("7 µg/kg/min", "45 min", 7 * 80 * 45 / 1000),
        ("22.2 mg/h per 70 kg", "2 h", 22.2 * 80 / 70 * 2),
        ("10 mg/h", "5 days", 1200),
        (".05 mg/kg", "1 h", 4),
    ],
)
def test_amounts_and_rates_in_the_units_that_trials_print(amount, over, mg):
    assert Dose(amount, over).amount_mg(80) == pytest.approx(mg, rel=1e-12)


def test_a_ceiling_holds_for_the_heavy_only():
    dose = Dose("0.35 mg/kg/h", "4 h", at_most="25 mg/h")
    assert dose.amount_mg(60) == pytest.approx(84)
    assert dose.amount_mg(100) == pytest.approx(100)
    assert Dose("2 mg/kg", at_most="100 mg").amount_mg(80) == pytest.approx(100)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("0.5 mL",), "cannot be turned into mg"),
        (("0.5 mg/k",), 'such as "35 mg" or "0.5 mg/kg"'),
        (("half a gram",), "does not begin with a number"),
        (("-5 mg",), "below zero"),
        (("7 µg/kg/min",), "is a rate"),
        (("0.5 mg/kg", "40 m"), "for minutes"),
        (("0.5 mg/kg", "40"), "has no unit"),
        (("0.5 mg/kg", 0, "-1 h"), "below zero"),
        (("0.5 mg/kg", 0, 0, "intravenus"), "did you mean “intravenous”"),
        (("0.5 mg/kg", 0, 0, "oral", "rac"), "form “rac” is unknown"),
        (("28 mg", "10 min", 0, "intranasal"), "that runs 10 min"),
        (("0.35 mg/kg/h", "4 h", 0, "intravenous", "S", "100 mg"), "ceiling"),
        ((float("nan"),), "not a finite number"),
        (("inf mg",), "does not begin"),
    ],
)
def test_what_cannot_be_given_is_told(arguments, said):
    with pytest.raises(InputError, match=said):
        Dose(*arguments)


def test_a_regimen_is_equal_doses_at_equal_distances():
    doses = regimen("80 mg", "5 h", every="1 day", times=7, at="2 h", form="S")
    assert [one.at_h for one in doses] == [2 + 24 * day for day in range(7)]
    assert {one.amount_mg(70) for one in doses} == {80}
    assert {one.form for one in doses} == {Form.S}
    assert doses[-1].end_h == 2 + 6 * 24 + 5


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ({"times": 0}, "1 or more"),
        ({"times": 2}, "without the time between"),
        ({"times": 2, "every": "4 h"}, "each ended before"),
        ({"times": 1.5}, "whole number"),
    ],
)
def test_a_regimen_that_makes_no_sense_is_told(rest, said):
    with pytest.raises(InputError, match=said):
        regimen("80 mg", "5 h", **rest)


def test_a_single_dose_overlaps_with_none_and_runs_for_no_time_unless_told():
    (one,) = regimen("80 mg", "5 h", every="1 h")
    assert (one.at_h, one.end_h) == (0, 5)
    (injection,) = regimen("10 mg", at="2 h")
    assert (injection.over_h, injection.end_h) == (0, 2)


def test_a_schedule_is_ordered_and_holds_doses():
    late, early = Dose("1 mg", at="2 h"), Dose("2 mg")
    assert checked_schedule([late, early]) == (early, late)
    assert checked_schedule(late) == (late,)
    with pytest.raises(InputError, match="no dose"):
        checked_schedule([])
    with pytest.raises(InputError, match="stands in a schedule"):
        checked_schedule(["0.5 mg/kg"])


def test_a_dose_reads_as_a_sentence():
    assert str(Dose("0.5 mg/kg", "40 min", form="S")) == "0.5 mg/kg of S-ketamine over 40 min, intravenous"
    assert str(Dose("0.35 mg/kg/h", "4 h", at="24 h", form="racemic", at_most="25 mg/h")) == (
        "0.35 mg/kg/h (at most 25 mg/h), racemic over 4 h, intravenous, at 24 h"
    )
    assert str(Dose(28, route=Route.INTRANASAL)) == "28 mg, intranasal"


@given(mg=st.floats(0.001, 1000), kilograms=st.floats(1, 300))
def test_per_weight_and_total_agree(mg, kilograms):
    assert Dose(f"{mg!r} mg/kg").amount_mg(kilograms) == pytest.approx(mg * kilograms, rel=1e-9)
