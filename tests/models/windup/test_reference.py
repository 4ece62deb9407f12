"""The curves run beforehand: whole, and the rebuilt model beside runs of the authors' own files."""

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.models.windup import authors_runs, reference_curve, reference_curves
from ketalit.models.windup.aguiar.conditions import conditions
from ketalit.models.windup.reference import fixed_step_runs


def test_every_condition_has_its_curve():
    assert [curve.condition for curve in reference_curves()] == list(conditions())
    for curve in reference_curves():
        made = conditions()[curve.condition]
        assert (curve.frequency, curve.fraction, curve.site) == (made.frequency, made.fraction, made.site)
        assert curve.changed == made.changed
        assert curve.spikes.shape == curve.interneurone.shape == (15,)
        assert curve.step_ms is None


def test_the_rebuilt_model_gives_what_the_authors_files_give():
    """At the same step of 0.025 ms: at most 2 spikes apart at any stimulus, at most 1 for 97 of 100."""
    authors = {curve.condition: curve for curve in authors_runs() if curve.step_ms == 0.025}
    apart = []
    for ours in fixed_step_runs():
        theirs = authors[ours.condition]
        assert (ours.frequency, ours.site, ours.fraction) == (theirs.frequency, theirs.site, theirs.fraction)
        apart.append(np.abs(ours.spikes - theirs.spikes))
    apart = np.concatenate(apart)
    assert apart.size == 22 * 15
    assert apart.max() <= 2
    assert (apart <= 1).mean() > 0.95


def test_without_input_to_nmda_receptors_on_the_wdr_neurone_the_interneurone_is_as_before():
    """What is blocked after the relay cannot change the relay."""
    control = reference_curve("1Hz").interneurone
    for curve in reference_curves():
        if curve.site == "wdr" and curve.frequency == 1:
            np.testing.assert_array_equal(curve.interneurone, control)


def test_growth_is_from_the_first_response_to_the_last():
    curve = reference_curve("1Hz")
    assert (curve.spikes[0], curve.spikes[-1], curve.growth) == (4, 12, 8)


def test_an_unknown_condition_is_refused_with_a_hint():
    with pytest.raises(InputError, match="did you mean “2Hz”"):
        reference_curve("2 Hz")
