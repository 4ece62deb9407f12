"""Questions: do the pictures show what the models say, with units and cautions, and refuse what they cannot show?"""

import re

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.figures import mechanism
from ketalit.figures.mechanism.gallery import gallery_page
from ketalit.figures.mechanism.reading import crossing, digits, duration
from ketalit.models import drip_to_dorsal_horn
from ketalit.models.pharmacokinetics import PRESETS, Dose, band, concentrations
from ketalit.models.receptor import SETS, contrasts, dose_response, pulse_train, scheme
from ketalit.models.response import acute_pain
from ketalit.models.targets import rank
from ketalit.models.windup import errors, reference_curve, reference_curves, wind_up
from tests.figures.svg import parsed, paths, texts

HOURS = np.linspace(0, 4, 241)
INFUSION = PRESETS["depression infusion"].schedule


def test_half_blocking_concentrations_are_those_of_the_literature():
    # Kotermanski and Johnson 2009, -66 mV: GluN2A 0.33 µM without magnesium and 5.35 µM with 1 mM
    doses = np.geomspace(0.01, 100, 200)
    left = {str(mg): dose_response(doses, receptor="GluN2A", voltage=-66, magnesium=mg) for mg in (0, 1)}
    description = mechanism.dose_response(doses, left).description
    assert "0 at 0.33 µM" in description
    assert re.search(r"1 at 5\.[0-9] µM", description)


def test_peaks_are_those_of_the_models():
    picture = mechanism.kinetics(concentrations(INFUSION, HOURS))
    # what the four models give at the end of 0.5 mg/kg over 40 min, computed apart from this package
    for label, peak in (("Domino 1984", 240), ("Otto 2021", 158), ("Perez-Ruixo 2021", 125), ("Simons 2022", 289)):
        found = re.search(rf"{label}[^:]*: at most (\d+) ng/mL, 40 min", picture.description)
        assert found
        assert int(found[1]) == pytest.approx(peak, abs=1)


def test_every_model_has_its_line_and_what_is_left_out_is_named():
    found = concentrations(INFUSION, HOURS)
    picture = mechanism.kinetics(found)
    words = " ".join(texts(picture))
    assert all(model.label in words for model in found.models)
    assert all(one.label in words for one in found.left_out)
    assert "says nothing about what anybody should take" in words
    drawn = [points for at in range(len(found.models)) for points in paths(picture, f"s{at}") if len(points) > 100]
    assert len(drawn) == len(found.models)
    assert "Time (h)" in words
    assert "(ng/mL)" in words


def test_metabolites_have_a_panel_of_their_own():
    words = texts(mechanism.kinetics(concentrations(INFUSION, HOURS), norketamine=True))
    assert "Norketamine in plasma (ng/mL)" in words


def test_bands_share_their_axes():
    picture = mechanism.bands(band(INFUSION, HOURS, people=20))
    labels = texts(picture)
    assert labels.count("300") == labels.count("200") == 3
    assert "20 people" in " ".join(labels)


def test_targets_stand_from_the_most_occupied_to_the_least():
    found = rank("0.5 µM")
    picture = mechanism.occupancy(found).at(1400)  # wide enough for every name to stay on one line
    # raised signs are drawn as small ordinary ones
    middles = {one.site.label.translate(str.maketrans("⁺²", "+2")): float(one.middle) for one in found}
    shown = [middles[text] for text in texts(picture) if text in middles]
    assert len(shown) == len(found) > 20
    assert shown == sorted(shown, reverse=True)


def test_a_number_not_seen_in_its_paper_is_marked():
    statuses = {str(one.status) for one in rank("0.5 µM")}
    legend = " ".join(texts(mechanism.occupancy(rank("0.5 µM"))))
    assert ("number not seen in its paper" in legend) == bool(statuses - {"seen", "computed"})


def test_the_scheme_shows_every_state_and_rate():
    receptor = scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=5)
    words = texts(mechanism.states(receptor))
    assert set(receptor.states) <= set(words)
    rates = {digits(rate) for rate in receptor.matrix.ravel() if rate > 0}
    assert rates <= set(words)
    assert len([text for text in words if text.endswith(" %")]) == 10


def test_a_scheme_of_other_states():
    other = next(name for name in SETS if "ampa" in name.lower())
    with pytest.raises(InputError, match="ten states"):
        mechanism.states(scheme(glutamate=1000, voltage=-60, magnesium=1, concentration=5, gate=other))


def test_trains_say_how_fast_they_settle():
    trains = [pulse_train(rate, 200, concentration=0.5, voltage=-60, magnesium=1) for rate in (1, 10)]
    description = mechanism.use_dependence(trains).description
    assert f"1 Hz settles at 3.9 % with a time constant of {digits(trains[0].time_constant, 2)} s" in description


def test_stories_tell_what_was_recorded():
    found = contrasts(concentration=1, voltage=40)
    words = " ".join(texts(mechanism.stories(found)))
    assert "trapped in the open pore" in words
    assert "−70 mV" in words
    assert "Gilling 2009" in words


def test_wind_up_without_points_has_some_of_its_own():
    picture = mechanism.wind_up({"no drug": [4, 6, 9], "blocked": [4, 4, 4]})
    assert len(paths(picture, "s1")) > 3


def legend(picture, after) -> list[str]:
    """The words beside samples: all text between the subtitle and the name of the y axis."""
    words = texts(picture)
    return words[words.index(after) + 1 : words.index("Spikes of the late response")]


def test_every_kind_of_point_has_its_own_entry_in_the_legend():
    shares = {"all left": 1, "9 in 10 left": 0.9, "4 in 5 left": 0.8}
    spikes = {name: wind_up(share) for name, share in shares.items()}
    runs = {
        name: reference_curve(run).spikes
        for name, run in zip(shares, ("1Hz", "nmda_everywhere_0.9", "nmda_everywhere_0.8"), strict=True)
    }
    found = legend(mechanism.wind_up(spikes, points=runs, subtitle="1 Hz"), "1 Hz")
    assert found == [words for name in shares for words in (name, f"{name}: full model")]
    assert legend(mechanism.wind_up(spikes, subtitle="1 Hz"), "1 Hz") == list(shares)


def test_points_of_one_height_do_not_hide_one_another():
    spikes = {"a": [3, 3], "b": [3, 3]}
    picture = mechanism.wind_up(spikes, points=spikes)
    circles = [float(one.get("cx")) for one in parsed(picture).iter() if one.get("cx")]
    squares = [sum(x for x, _ in corners) / 4 for corners in paths(picture, "s1") if len(corners) == 4]
    assert len(circles) == len(squares) == 3  # one of each is in the legend
    assert all(abs(one - other) > 3 for one in circles for other in squares)


@pytest.mark.parametrize(
    "picture",
    [
        mechanism.wind_up({"no drug": [4, 6]}, note="Mine."),
        mechanism.wind_up_map([0.5, 1], [1, 0.5], [[2, 12], [0, 1]], note="Mine."),
        mechanism.chain(drip_to_dorsal_horn("depression infusion", HOURS), note="Mine."),
    ],
    ids=["wind-up", "map", "chain"],
)
def test_pictures_of_the_fast_map_tell_how_far_it_is_off(picture):
    words = " ".join(texts(picture.at(2000)))
    blocked = {curve.frequency for curve in reference_curves() if curve.fraction < 1 and not curve.changed}
    assert "Mine." in words
    assert f"up to {max(errors().values()):.1f} spikes" in words
    last, full = wind_up()[-1], reference_curve("1Hz").spikes[-1]
    assert f"at {last:.1f} spikes and the full model at {full}" in words
    assert blocked == {1.0}
    assert "at 1 Hz alone: blocked responses at other frequencies are extrapolated" in words


def test_runs_of_the_full_model_are_not_told_to_be_of_the_fast_map():
    runs = {"full model": reference_curve("1Hz").spikes}
    assert "fast map" not in mechanism.wind_up(runs, fast_map=False).svg
    assert "fast map" not in mechanism.wind_up_map([1], [1], [[8]], fast_map=False).svg


def test_a_line_parts_fitted_cells_from_stretched_ones():
    growth = [[1, 2, 3], [4, 5, 6]]
    picture = mechanism.wind_up_map([0.5, 1, 2], [1, 0.9], growth)
    assert "cells beyond it are extrapolated" in picture.svg
    (edge,) = [points for points in paths(picture, "s1") if len(points) > 4]
    assert len(edge) == 8  # under the first and the third cell of the first row, and on both sides of 1 Hz
    assert not [one for one in paths(mechanism.wind_up_map([0.5, 1, 2], [1], growth[:1]), "s1") if one]


def test_wind_up_of_a_chain_is_that_of_the_receptor_shown():
    found = drip_to_dorsal_horn("depression infusion", HOURS, models=["otto2021"])
    (course,) = found.courses
    pictures = {name: mechanism.chain(found, receptor=name) for name in ("GluN2B", "GluN2C")}
    lines = {name: [points for points in paths(one, "s0") if len(points) > 100] for name, one in pictures.items()}
    assert all(len(four) == 4 for four in lines.values())
    for name, (*_, spikes) in lines.items():
        lowest, first = max(y for _, y in spikes), spikes[0][1]
        zero = max(y for _, y in lines[name][2])  # both panels of the second row stand on one line
        shown = (zero - lowest) / (zero - first)
        assert shown == pytest.approx(course.wind_up[name].min() / found.undisturbed, abs=0.01)
    with pytest.raises(InputError, match="no receptor is called"):
        mechanism.chain(found, receptor="GluN2b")


def test_relief_lags_behind_plasma_by_the_half_life():
    # At the end of a bolus that is washed out with the half-life of the site itself, the site is fullest after
    # half-life / ln 2: the solution of two equal rates in a row (Bateman).
    half = 0.2
    hours = np.linspace(0, 3, 3001)
    plasma = 200 * 2 ** (-hours / half)
    picture = mechanism.acute_pain(acute_pain(hours, plasma, half_life=half), plasma)
    expected = half / np.log(2) * 60
    assert picture.description.count(f"{digits(expected, 2)} min after plasma is highest") == 2  # linear and Emax
    at_once = mechanism.acute_pain(acute_pain(hours, plasma, half_life=0), plasma)
    assert "0 min after plasma is highest" in at_once.description
    words = " ".join(texts(picture.at(2000)))
    assert "Change of pain (cm)" in words
    assert "Ketamine in plasma (ng/mL)" in words
    assert "says nothing about what anybody should take" in words


def test_relief_beyond_the_scale_of_pain_is_marked():
    hours = np.linspace(0, 1, 101)
    within, beyond = (
        mechanism.acute_pain(acute_pain(hours, np.full(101, top)), np.full(101, top)) for top in (90, 900)
    )
    assert "beyond the scale of pain" in beyond.svg
    assert "beyond the scale of pain" not in within.svg


def test_nothing_to_draw_is_said():
    under_the_skin = Dose("10 mg", over="1 h", route="subcutaneous")
    with pytest.raises(InputError, match="subcutaneous"):
        mechanism.kinetics(concentrations(under_the_skin, HOURS))
    with pytest.raises(InputError, match="subcutaneous"):
        mechanism.bands(band(under_the_skin, HOURS, people=5))
    with pytest.raises(InputError, match="one course"):
        mechanism.acute_pain(acute_pain([0, 1], [[1, 2], [3, 4]]), [1, 2])
    with pytest.raises(InputError):
        mechanism.acute_pain([], [1, 2])


def test_wind_up_map_names_its_largest():
    picture = mechanism.wind_up_map([0.5, 1], [1, 0.5], [[2, 12], [0, 1]])
    assert picture.description == "It grows most, by 12 spikes, at 1 Hz with 100 % of the conductance."


def test_the_chain_ends_with_its_weakest_link():
    found = drip_to_dorsal_horn("depression infusion", HOURS)
    picture = mechanism.chain(found)
    assert found.weakest_link.split(":")[0] in picture.description
    assert picture.description.endswith(found.weakest_link)


def test_the_gallery_is_well_formed_and_the_same_every_time():
    pictures = mechanism.gallery().values()
    assert len({one.title for one in pictures}) == len(pictures)
    for one in pictures:
        parsed(one)
        assert len(one.description) > 20
        assert len(one.svg) < 150_000
    assert gallery_page() == gallery_page()


def test_reading_off():
    assert crossing([0, 1, 2], [0, 10, 0], 5) == 0.5
    assert crossing([0, 1], [0, 1], 5) is None
    assert (digits(0.000012), digits(0), digits(999.9)) == ("1.20e-05", "0", "1000")
    assert (duration(0.25), duration(24), duration(24 * 14)) == ("15 min", "24 h", "14 days")
