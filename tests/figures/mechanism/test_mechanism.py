"""Questions: do the pictures show what the models say, with units and cautions, and refuse what they cannot show?"""

import re

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.figures import mechanism
from ketalit.figures.mechanism.gallery import gallery_page
from ketalit.figures.mechanism.reading import crossing, digits, duration
from ketalit.models import drip_to_dorsal_horn
from ketalit.models.pharmacokinetics import PRESETS, band, concentrations
from ketalit.models.receptor import SETS, contrasts, dose_response, pulse_train, scheme
from ketalit.models.targets import rank
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
