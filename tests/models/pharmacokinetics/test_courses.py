import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.models.pharmacokinetics import MODELS, Dose, band, concentrations, regimen
from ketalit.models.pharmacokinetics.courses import _percentiles

DOSE = Dose("0.5 mg/kg", over="40 min", form="racemic")
TIMES = np.linspace(0, 24, 145)


def test_all_models_that_cover_a_route_are_returned_and_the_others_named():
    found = concentrations(DOSE, TIMES)
    assert {one.model for one in found.models} | {one.model for one in found.left_out} == set(MODELS)
    assert [one.model for one in found.left_out] == ["flint2017"]
    oral = concentrations(Dose("50 mg", route="oral"), TIMES)
    assert [one.model for one in oral.models] == ["perezruixo2021"]
    assert "does not cover the oral route; it covers intravenous" in oral.left_out[0].reason
    under_skin = concentrations(Dose("0.1 mg/kg/h", "24 h", route="subcutaneous"), TIMES)
    assert under_skin.models == ()
    assert len(under_skin.left_out) == len(MODELS)


def test_children_have_their_own_model():
    found = concentrations(Dose("1 mg/kg"), TIMES, "12 kg")
    assert [one.model for one in found.models] == ["flint2017"]
    assert {one.reason for one in found.left_out} == {"fitted to adults"}
    newborn = concentrations(Dose("1 mg/kg"), TIMES, "3 kg")
    assert newborn.models == ()
    assert newborn.left_out[-1].reason == "fitted to children of 3.4 to 35 kg"


def test_each_curve_says_what_it_was_fitted_to():
    racemate = {one.model: one.notes for one in concentrations(DOSE, [1.0]).models}
    assert "fitted to S-ketamine, used here for the racemate" in racemate["simons2022"]
    assert not any("fitted to racemic" in note for note in racemate["domino1984"])
    s_form = {one.model: one.notes for one in concentrations(Dose("20 mg", form="S"), [1.0]).models}
    assert "fitted to racemic ketamine, used here for S-ketamine" in s_form["domino1984"]
    assert not any("used here" in note for note in s_form["simons2022"])
    unknown = {one.model: one.notes for one in concentrations(Dose("20 mg"), [1.0]).models}
    assert "fitted to S-ketamine, used here for ketamine whose form is not stated" in unknown["otto2021"]
    heavy = {one.model: one.notes for one in concentrations(Dose("20 mg"), [1.0], 120).models}
    assert "fitted to people of 53 to 93 kg" in heavy["simons2022"]


def test_body_weight_scales_as_each_model_says():
    def at(model, weight):
        return concentrations(Dose("1 mg/kg/h", "2000 h"), [1999.0], weight, [model]).models[0].ketamine[0]

    # Clearance per kg constant; clearance as weight^0.75; clearance that ignores weight.
    assert at("domino1984", 140) / at("domino1984", 70) == pytest.approx(1, rel=1e-6)
    assert at("otto2021", 140) / at("otto2021", 70) == pytest.approx(2**0.25, rel=1e-6)
    assert at("simons2022", 140) / at("simons2022", 70) == pytest.approx(2**0.25, rel=1e-6)
    assert at("perezruixo2021", 140) / at("perezruixo2021", 70) == pytest.approx(2, rel=1e-6)


def test_numbers_can_be_overridden():
    plain = concentrations(DOSE, [24.0]).of("otto2021").ketamine[0]
    faster = concentrations(DOSE, [24.0], parameters={"pharmacokinetics.otto2021.clearance": "3 L/min"}).of("otto2021")
    assert faster.ketamine[0] < plain
    at_once = concentrations(DOSE, TIMES, parameters={"response.effect_site.half_life": 0}).of("otto2021")
    assert at_once.effect_site == pytest.approx(at_once.ketamine)
    with pytest.raises(InputError, match="did you mean"):
        concentrations(DOSE, [1.0], parameters={"pharmacokinetics.otto2021.clearence": 90})


def test_default_times_reach_a_day_beyond_the_last_dose():
    found = concentrations(regimen("80 mg", "5 h", every="24 h", times=2)).models[0]
    assert found.times_h[0] == 0
    assert found.times_h[-1] == pytest.approx(24 + 5 + 24)
    assert found.times_h.size == found.ketamine.size >= 721
    # A peak stands at the end of an infusion, wherever the even times fall.
    assert {5.0, 24.0, 29.0} <= set(found.times_h.tolist())
    peak = concentrations(regimen("80 mg", "5 h", every="24 h", times=2), [29.0]).models[0].ketamine[0]
    assert found.ketamine.max() == pytest.approx(peak, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"weight_kg": "70"}, "has no unit"),
        ({"weight_kg": -3}, "above zero"),
        ({"weight_kg": "70 lb/in"}, "cannot be turned"),
        ({"models": ["domino"]}, "no model is called"),
        ({"interactions": ["grapefruit juice"]}, "no interaction is called"),
        ({"times_h": [2.0, 1.0]}, "out of order"),
        ({"times_h": [0.0, np.nan]}, "times: something is not a number"),
    ],
)
def test_what_cannot_be_answered_is_told(arguments, said):
    with pytest.raises(InputError, match=said):
        concentrations(DOSE, **{"times_h": TIMES} | arguments)


def test_a_preset_can_be_asked_for_by_name():
    assert concentrations("CRPS, 100 h", [100.0]).of("otto2021").ketamine[0] > 100
    with pytest.raises(InputError, match="did you mean “CRPS, 100 h”"):
        concentrations("CRPS, 10 h", [100.0])


def test_a_course_is_found_by_its_model():
    found = concentrations(DOSE, [1.0])
    assert found.of("domino1984").label == "Domino 1984"
    with pytest.raises(InputError, match="(?i)did you mean “domino1984”"):
        found.of("domino1985")


# --- bands ------------------------------------------------------------------------------------------------------------


def test_a_band_is_made_of_people_and_comes_again_with_its_seed():
    found = band(DOSE, TIMES, people=300, seed=4)
    assert {one.model for one in found.models} == {"otto2021", "perezruixo2021", "simons2022"}
    reasons = {one.model: one.reason for one in found.left_out}
    assert reasons["domino1984"] == "how people differ is not known for it"
    for one in found.models:
        low, middle, high = one.ketamine
        assert (low <= middle).all()
        assert (middle <= high).all()
        typical = concentrations(DOSE, TIMES).of(one.model).ketamine
        assert (low[5:] < typical[5:]).mean() > 0.95
        assert (typical[5:] < high[5:]).mean() > 0.95
        assert one.norketamine.shape == (3, TIMES.size)
    again = band(DOSE, TIMES, people=300, seed=4)
    assert all((one.ketamine == other.ketamine).all() for one, other in zip(found.models, again.models, strict=True))
    other = band(DOSE, TIMES, people=300, seed=5)
    assert not any((one.ketamine == two.ketamine).all() for one, two in zip(found.models, other.models, strict=True))


def test_one_percentile_of_many_people_is_the_published_spread():
    # At steady state the concentration is rate / CL: its 5th and 95th percentile follow from the variance of CL alone.
    rest = Dose("10 mg/h", over="3000 h")
    found = band(rest, [2999.0], people=20000, models=["otto2021"]).of("otto2021").ketamine[:, 0]
    median = 10 / 95.2 * 1000
    factor = np.exp(1.6449 * np.sqrt(0.026048))
    assert found == pytest.approx([median / factor, median, median * factor], rel=0.01)


def test_a_band_by_mouth_nose_and_film():
    for route in ("oral", "intranasal", "sublingual"):
        found = band(Dose("56 mg", route=route), TIMES, people=50)
        (one,) = found.models
        assert np.isfinite(one.ketamine).all()
        assert (one.ketamine >= -1e-9).all()
    children = band(Dose("1 mg/kg"), TIMES, "10 kg", people=50).models
    assert [one.model for one in children] == ["flint2017"]
    assert children[0].norketamine.shape == (3, TIMES.size)


def test_the_middle_of_a_band_is_the_median_and_people_weigh_70_kg_unless_told_otherwise():
    rest = Dose("1 mg/kg/h", "3000 h")
    low, middle, high = band(rest, [2999.0], people=400, models=["otto2021"]).of("otto2021").ketamine[:, 0]
    every = np.arange(0, 100.1, 5)
    told = band(rest, [2999.0], "70 kg", ["otto2021"], people=400, percentiles=every).of("otto2021").ketamine[:, 0]
    assert (low, middle, high) == (told[1], told[10], told[19])
    plain, weighed = (concentrations(rest, [2999.0], *weight, models=["otto2021"]) for weight in ((), ("70 kg",)))
    assert plain.of("otto2021").ketamine == weighed.of("otto2021").ketamine


def test_percentiles_are_those_of_numpy():
    values = np.random.default_rng(3).lognormal(size=(41, 7))
    asked = (0, 5, 37.5, 50, 95, 100)
    assert _percentiles(values, asked) == pytest.approx(np.percentile(values, asked, axis=0), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"people": 1}, "2 or more"), ({"people": 2.5}, "whole"), ({"percentiles": [-1]}, "0 to 100")],
)
def test_a_band_that_makes_no_sense_is_told(arguments, said):
    with pytest.raises(InputError, match=said):
        band(DOSE, TIMES, **arguments)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("pharmacokinetics.otto2021.central_volume", 0, "is zero"),
        ("pharmacokinetics.otto2021.clearance", -5, "below zero"),
        ("response.effect_site.half_life", -1, "below zero"),
    ],
)
def test_numbers_that_no_body_has_are_told(name, value, said):
    with pytest.raises(InputError, match=said):
        concentrations(DOSE, TIMES, parameters={name: value})


def test_a_body_that_clears_nothing_keeps_the_drug():
    found = concentrations(
        Dose("70 mg"), [0.0, 1e4], models=["otto2021"], parameters={"pharmacokinetics.otto2021.clearance": 0}
    ).models[0]
    assert found.ketamine[1] == pytest.approx(70 / (133 + 187 + 98.8) * 1000, rel=1e-6)
