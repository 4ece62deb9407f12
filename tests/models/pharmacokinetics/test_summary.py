import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.models.pharmacokinetics import (
    MODELS,
    Dose,
    area,
    bioavailability,
    clearance,
    concentrations,
    context_sensitive_half_time,
    half_lives,
    steady_state,
    terminal_half_life,
    volume_at_steady_state,
)

ADULTS = [key for key, model in MODELS.items() if not model.for_children]


@pytest.mark.parametrize(
    ("model", "expected", "volume"),
    [("otto2021", 95.2, 133 + 187 + 98.8), ("simons2022", 1.48 * 60, 11.6 + 39 + 174), ("clements1981", 80.2, 289.2)],
)
def test_clearance_and_volume_are_what_the_paper_prints(model, expected, volume):
    assert clearance(model) == pytest.approx(expected, rel=1e-3)
    assert volume_at_steady_state(model) == pytest.approx(volume, rel=1e-3)


def test_clearance_through_a_liver():
    extraction = 101 * 3.88 / (151 + 101 * 3.88)
    assert clearance("perezruixo2021") == pytest.approx(151 * extraction, rel=1e-9)
    assert bioavailability("perezruixo2021", "oral") == pytest.approx(0.64 * (1 - extraction), rel=1e-9)
    nasal = 0.54 + 0.46 * 0.64 * (1 - extraction)
    assert bioavailability("perezruixo2021", "intranasal", 28) == pytest.approx(nasal, rel=1e-9)


def test_a_child_is_cleared_as_its_weight_says():
    assert clearance("flint2017", "7 kg") == pytest.approx(112 * 0.1**0.75, rel=1e-9)


@pytest.mark.parametrize("model", ADULTS)
def test_the_area_is_that_under_the_curve(model):
    times = np.concatenate([np.linspace(0, 2, 20001), np.linspace(2.001, 200, 40000)])
    found = concentrations(Dose("10 mg", "20 min"), times, models=[model]).models[0]
    assert np.trapezoid(found.ketamine, times) == pytest.approx(area(model, "intravenous", 10), rel=1e-4)


def test_the_half_time_is_when_half_is_left():
    minutes = context_sensitive_half_time("simons2022", "4 h")
    found = concentrations(Dose("5 mg/h", "4 h"), [4.0, 4 + minutes / 60], models=["simons2022"]).models[0].ketamine
    assert found[1] / found[0] == pytest.approx(0.5, rel=1e-9)


def test_context_sensitive_half_time_grows_to_a_ceiling():
    found = [context_sensitive_half_time("otto2021", hours) for hours in (0.1, 1, 10, 100, 1000)]
    assert found == sorted(found)
    assert found[-1] == pytest.approx(found[-2], rel=0.01)
    assert found[-1] < half_lives("otto2021")[-1]


def test_one_compartment_has_one_half_life():
    same = {
        "pharmacokinetics.clements1981.outward": 1e-9,
        "pharmacokinetics.clements1981.back": 1.0,
    }
    expected = np.log(2) / 0.0109
    assert context_sensitive_half_time("clements1981", "3 h", parameters=same) == pytest.approx(expected, rel=1e-6)
    found = terminal_half_life("clements1981", Dose("10 mg"), ("1 h", "5 h"), parameters=same)
    assert found.hours * 60 == pytest.approx(expected, rel=1e-6)


def test_steady_state_needs_a_rate():
    assert steady_state("otto2021", "9.52 mg/h") == pytest.approx(100, rel=1e-9)
    assert steady_state("otto2021", "22.2 mg/h per 70 kg") == pytest.approx(22.2 / 95.2 * 1000, rel=1e-9)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (lambda: clearance("flint2017"), "children"),
        (lambda: area("domino1984", "oral", 1.0), "does not cover the oral route"),
        (lambda: area("domino1984", "intravenous", 1.0, "norketamine"), "not described"),
        (lambda: area("flint2017", "intravenous", 1.0, "norketamine", "10 kg"), "depends on when"),
        (lambda: context_sensitive_half_time("domino1984", 0), "no length"),
        (lambda: terminal_half_life("domino1984", Dose("1 mg", "2 h"), ("1 h", "8 h")), "after the dose"),
        (lambda: terminal_half_life("domino1984", "1 mg"), "a dose, such as"),
        (lambda: terminal_half_life("domino1984", Dose("1 mg", route="oral")), "does not cover the oral route"),
        (lambda: clearance("domino"), "no model is called"),
    ],
)
def test_what_has_no_answer_is_told(question, said):
    with pytest.raises(InputError, match=said):
        question()
