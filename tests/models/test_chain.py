"""The chain from drip to dorsal horn: its steps are those of the rooms it uses, and its doubts are told."""

import itertools

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.models.chain import drip_to_dorsal_horn
from ketalit.models.linear import time_constants
from ketalit.models.pharmacokinetics import Dose, concentrations
from ketalit.models.receptor.block import scheme
from ketalit.models.receptor.pore import RECEPTORS
from ketalit.models.response import acute_pain, psychotomimetic
from ketalit.models.windup import errors, wind_up

DRIP = Dose("0.5 mg/kg", over="40 min", form="S")
HOURS = np.linspace(0, 6, 121)
CHAIN = drip_to_dorsal_horn(DRIP, HOURS)


def test_all_kinetic_models_run_side_by_side():
    kinetics = concentrations(DRIP, HOURS)
    assert [one.model for one in CHAIN.courses] == [one.model for one in kinetics.models]
    assert len(CHAIN.courses) >= 4
    assert [one.reason for one in CHAIN.left_out] == [one.reason for one in kinetics.left_out]
    for course in CHAIN.courses:
        assert course.plasma == pytest.approx(kinetics.of(course.model).ketamine)
        assert course.notes == kinetics.of(course.model).notes
    racemic = drip_to_dorsal_horn(Dose("0.5 mg/kg", over="40 min", form="racemic"), HOURS).courses[0]
    assert any("S-ketamine" in note for note in racemic.notes)


@pytest.mark.parametrize("amount", ["30 mg", "50 mg", "100 mg", "0.7 mg/kg", "1 g"])
def test_an_injection_of_any_size_goes_through(amount):
    """Rounding left traces below zero in the metabolites of large doses, which the models of response refuse."""
    assert all(course.plasma.min() >= 0 for course in drip_to_dorsal_horn(Dose(amount)).courses)


def test_free_drug_is_the_effect_site_times_the_unbound_share():
    """By hand: ng/mL over g/mol is µM; 0.4, 0.56 and 0.88 of it are free."""
    kinetics = concentrations(DRIP, HOURS)
    for course in CHAIN.courses:
        site = kinetics.of(course.model).effect_site / 237.73
        assert course.free.low == pytest.approx(0.4 * site, abs=1e-12)
        assert course.free.middle == pytest.approx(0.56 * site, abs=1e-12)
        assert course.free.high == pytest.approx(0.88 * site, abs=1e-12)


@pytest.mark.parametrize("receptor", RECEPTORS)
def test_block_is_that_of_the_whole_receptor_scheme_at_rest(receptor):
    """The chain uses the closed form; here is the ten-state scheme instead, in glutamate, settled."""
    course = CHAIN.of("simons2022")
    for place in (10, 14, 60):
        free = course.free.middle[place]
        whole = scheme(glutamate=1000, voltage=-66, magnesium=1, concentration=free, receptor=receptor)
        assert course.block[receptor].middle[place] == pytest.approx(float(whole.blocked(whole.steady())), rel=1e-6)


def test_receptors_settle_faster_than_plasma_changes():
    """What lets the chain use settled block: within seconds in glutamate, against 40 min of infusion."""
    whole = scheme(glutamate=1000, voltage=-66, magnesium=1, concentration=0.5)
    assert time_constants(whole.matrix).max() < 10


def test_wind_up_and_response_in_a_batch_equal_those_one_by_one():
    for course in CHAIN.courses:
        for receptor in RECEPTORS:
            for place in (0, 13, 90):
                left = 1 - course.block[receptor].middle[place]
                assert course.wind_up[receptor][place] == pytest.approx(float(wind_up(left)[-1]))
        fine = concentrations(DRIP, np.linspace(0, 6, 12_001), models=[course.model]).models[0]
        alone = acute_pain(fine.times_h, fine.ketamine, fine.norketamine)
        for one, single in zip(course.pain, alone, strict=True):
            assert one.model == single.model
            assert one.middle == pytest.approx(single.middle[::100], abs=0.01)
            assert one.high == pytest.approx(single.high[::100], abs=0.01)
        for one, single in zip(course.perception, psychotomimetic(fine.times_h, fine.ketamine), strict=True):
            assert one.middle == pytest.approx(single.middle[::100], abs=0.01)
            assert one.extrapolated.tolist() == single.extrapolated[::100].tolist()


@pytest.mark.parametrize("dose", [DRIP, Dose("0.3 mg/kg"), Dose("0.3 mg/kg", at="3 h")])
def test_times_asked_for_do_not_change_what_is_found_at_them(dose):
    """Three times or hundreds: delays and peaks are met all the same, also after an injection."""
    few = np.array([0.0, 2 / 3, 3.1, 5.0])
    many = np.union1d(few, np.linspace(0, 5, 3001))
    rough, fine = (drip_to_dorsal_horn(dose, times, models=["otto2021", "simons2022"]) for times in (few, many))
    at = np.searchsorted(many, few)
    for one, other in zip(rough.courses, fine.courses, strict=True):
        assert one.plasma == pytest.approx(other.plasma[at], rel=1e-9, abs=1e-9)
        assert one.wind_up["GluN2B"] == pytest.approx(other.wind_up["GluN2B"][at])
        for little, much in zip(one.pain, other.pain, strict=True):
            assert little.middle == pytest.approx(much.middle[at], abs=0.02)
    for link, same in zip(rough.links, fine.links, strict=True):
        assert link.width == pytest.approx(same.width, abs=0.02)


def test_a_dose_in_the_middle_of_days_is_met():
    """Ten days at three times: an even grid would step over the injection."""
    few = np.array([0.0, 120.1, 240.0])
    many = np.union1d(few, np.linspace(119, 123, 4001))
    dose = Dose("0.3 mg/kg", at="120 h")
    rough, fine = (drip_to_dorsal_horn(dose, times, models=["simons2022"]) for times in (few, many))
    at = np.searchsorted(many, few)
    for little, much in zip(rough.courses[0].pain, fine.courses[0].pain, strict=True):
        assert little.middle == pytest.approx(much.middle[at], rel=0.02)
    assert rough.links[0].low == pytest.approx(fine.links[0].low, abs=0.02)


def test_unless_told_otherwise_it_follows_for_a_day_after_the_last_dose():
    times = drip_to_dorsal_horn([DRIP, Dose("10 mg", over="1 h", at="5 h")], models=["simons2022"]).courses[0].times_h
    assert (times[0], times[-1]) == (0, pytest.approx(5 + 1 + 24))


def test_times_out_of_order_are_refused():
    for times in ([1, 0], [0, np.nan], []):
        with pytest.raises(InputError, match="^times"):
            drip_to_dorsal_horn(DRIP, times)


def test_models_without_norketamine_have_no_response_that_needs_it():
    assert CHAIN.of("domino1984").norketamine is None
    assert [one.model for one in CHAIN.of("domino1984").pain] == ["linear_ketamine_alone", "emax"]
    assert CHAIN.of("otto2021").pain[0].model == "linear_with_norketamine"


def test_nothing_given_nothing_blocked():
    nothing = drip_to_dorsal_horn(Dose("0 mg", over="40 min"), HOURS)
    for course in nothing.courses:
        assert all(not block.high.any() for block in course.block.values())
        assert all(spikes == pytest.approx(nothing.undisturbed) for spikes in course.wind_up.values())
        assert all(not one.middle.any() for one in course.pain)
    assert nothing.undisturbed == pytest.approx(float(wind_up()[-1]))
    assert nothing.weakest_link.startswith("No step moves the end")


def test_more_drug_blocks_more_and_winds_up_less():
    chains = [drip_to_dorsal_horn(Dose(f"{dose} mg/kg", over="40 min"), HOURS) for dose in (0.1, 0.3, 1.0)]
    for less, more in itertools.pairwise(chains):
        for weak, strong in zip(less.courses, more.courses, strict=True):
            for receptor in RECEPTORS:
                assert (strong.block[receptor].middle[1:] > weak.block[receptor].middle[1:]).all()
                assert (strong.wind_up[receptor] <= weak.wind_up[receptor] + 1e-9).all()


def test_magnesium_and_voltage_are_used_and_take_units():
    bare = drip_to_dorsal_horn(DRIP, HOURS, magnesium="0 mM").of("otto2021")
    assert bare.block["GluN2A"].middle.max() > 3 * CHAIN.of("otto2021").block["GluN2A"].middle.max()
    same = drip_to_dorsal_horn(DRIP, HOURS, voltage="-0.066 V", magnesium="1000 µM", frequency="60 1/min")
    assert same.of("otto2021").wind_up["GluN2B"] == pytest.approx(CHAIN.of("otto2021").wind_up["GluN2B"])
    with pytest.raises(InputError, match="cannot be turned"):
        drip_to_dorsal_horn(DRIP, HOURS, voltage="1 mM")


def test_order_of_subunits_is_that_of_the_literature():
    """In magnesium GluN2C is blocked most, then 2D, then 2A and 2B alike (Kotermanski and Johnson 2009)."""
    peak = {name: block.middle.max() for name, block in CHAIN.of("domino1984").block.items()}
    assert peak["GluN2C"] > peak["GluN2D"] > peak["GluN2B"]
    assert peak["GluN2A"] == pytest.approx(peak["GluN2B"], rel=0.1)


def test_routes_without_a_model_are_refused_with_the_reason():
    with pytest.raises(InputError, match="does not cover the subcutaneous route"):
        drip_to_dorsal_horn(Dose("20 mg", route="subcutaneous"))
    oral = drip_to_dorsal_horn(Dose("50 mg", route="oral"))
    assert [one.model for one in oral.courses] == ["perezruixo2021"]
    with pytest.raises(InputError, match="no course is called"):
        oral.of("domino1984")


def test_links_are_ranges_of_shares_and_the_widest_is_named():
    assert [link.name for link in CHAIN.links] == ["kinetics", "free drug", "receptor", "wind-up", "response"]
    for link in CHAIN.links:
        assert 0 <= link.low <= link.high <= 1 + 1e-9
        assert link.reason
    worst = max(CHAIN.links, key=lambda link: link.width)
    assert CHAIN.weakest_link.startswith(f"Weakest link: {worst.name} ({worst.reason})")
    assert "not been measured" in CHAIN.weakest_link


def test_the_wind_up_link_holds_the_error_of_its_surrogate():
    """The surrogate is a fit: its worst error on the trains it was fitted to lies within the range."""
    wind = next(link for link in CHAIN.links if link.name == "wind-up")
    assert wind.width * CHAIN.undisturbed >= 2 * max(errors().values()) * 0.999
    same = drip_to_dorsal_horn(DRIP, HOURS, parameters={"windup.frequency": 1})  # worked out anew, not remembered
    assert next(link for link in same.links if link.name == "wind-up").width == pytest.approx(wind.width)


def test_a_doubt_that_is_taken_away_is_no_longer_the_weakest_link():
    """If all receptors were alike, and in no doubt, another step would be the weakest."""
    alike = {}
    for name in ("GluN2B", "GluN2C", "GluN2D"):
        alike[f"ketamine.half_block.{name}"] = 0.33
        alike[f"ketamine.half_block_in_magnesium.{name}"] = 5.35
    alike["ketamine.half_block.human_GluN2A"] = 0.33
    settled = drip_to_dorsal_horn(DRIP, HOURS, parameters=alike)
    widths = [{link.name: link.width for link in chain.links} for chain in (CHAIN, settled)]
    assert widths[1]["receptor"] < widths[0]["receptor"] / 3
    assert widths[1]["kinetics"] > 0.05
    one_model = drip_to_dorsal_horn(DRIP, HOURS, models=["otto2021"])
    assert {link.name: link.width for link in one_model.links}["kinetics"] == 0
    assert "kinetics not seen" in one_model.weakest_link  # one model shows no disagreement; that is not certainty


def test_the_end_is_not_advice():
    assert "says nothing about what anybody should take" in CHAIN.caution
    assert not any(word in CHAIN.weakest_link.lower() for word in ("should", "recommend", "safe"))


def test_what_it_shows_of_itself_is_words_not_arrays():
    assert CHAIN.weakest_link in repr(CHAIN)
    assert CHAIN.courses[0].label in repr(CHAIN)
    assert "array(" not in repr(CHAIN) + repr(CHAIN.courses[0])
