"""Published facts W1 to W6: wind-up in the dorsal-horn model, and sensitisation in people.

W1, W3 and W4 are held against the rebuilt model (reference curves); the authors' own files gave the published values.
"""

import numpy as np

from ketalit.models.parameters import parameters_of
from ketalit.models.windup import authors_runs, reference_curve, sensitisation, wind_up


def test_w1_wind_up_at_one_hertz():
    """Aguiar 2010: first response 3 to 5 spikes, 10 or more by stimulus 15; 4 to 11 at the published step."""
    for train in (reference_curve("1Hz").spikes, wind_up()):
        assert 3 <= train[0] <= 5
        assert train[14] >= 10
    assert (reference_curve("1Hz").spikes[0], reference_curve("1Hz").spikes[14]) == (4, 12)


def test_w3_nmda_block_abolishes_the_response():
    """Aguiar 2010: half the NMDA conductance everywhere, nothing; 0.7 of it after the relay, still 1 to 6 (± 2)."""
    assert reference_curve("nmda_everywhere_0.5").spikes.max() == 0
    assert wind_up(0.5).max() == 0
    after = reference_curve("nmda_wdr_0.7").spikes
    assert abs(after[0] - 1) <= 2
    assert abs(after[14] - 6) <= 2
    assert after[14] > after[0]


def test_w4_no_wind_up_without_the_cation_current():
    """Aguiar 2010: 4 to 5 spikes; at most one more at the end than at first."""
    assert reference_curve("no_cation").growth <= 1
    assert reference_curve("1Hz").growth >= 6


def test_w6_ketamine_prevents_homotopic_pain_and_not_pinprick():
    """Klein 2007: +51 % against nothing after 0.25 mg/kg; twice the pinprick pain in both experiments."""
    homotopic, heterotopic = sensitisation()
    assert (round(homotopic.alone, 2), homotopic.after_ketamine) == (1.51, 1)
    assert heterotopic.alone == heterotopic.after_ketamine == 2
    assert homotopic.dose_mg_per_kg == 0.25


def test_wind_up_depends_on_frequency():
    """No wind-up when stimuli come rarely (a tenth of a hertz), more at 2 Hz than at 0.5 Hz; model and surrogate."""
    assert reference_curve("0.1Hz").growth == 0
    assert reference_curve("2Hz").growth > reference_curve("1Hz").growth > reference_curve("0.5Hz").growth
    slow, fast = wind_up(frequency=[0.5, 2])
    assert fast[-1] - fast[0] > slow[-1] - slow[0]


def test_small_block_lessens_wind_up():
    """Guirimand 2000: 0.15 mg/kg reduced wind-up and left the threshold. A tenth of block here: less growth."""
    dose = parameters_of(None)["windup.human.dose"]
    assert (dose.value, dose.unit, dose.source[0].pmid) == (0.15, "mg/kg", "10648330")
    full, blocked = wind_up([1, 0.9])
    assert blocked[-1] - blocked[0] < full[-1] - full[0]


def test_first_response_kept_where_ampa_makes_up_for_nmda():
    """Dickenson's pattern, in the authors' files and here: wind-up goes, the first response stays (4 to 5 or 6)."""
    ours = reference_curve("more_ampa_nmda_wdr_0")
    theirs = next(curve for curve in authors_runs() if curve.condition == "more_ampa_nmda_wdr_0")
    for curve in (ours, theirs):
        assert curve.spikes[0] == 4
        assert curve.growth <= 2
    assert np.abs(ours.spikes - theirs.spikes).max() <= 2
