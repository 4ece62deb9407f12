"""Central sensitisation is data, apart from wind-up."""

import inspect

import pytest

from ketalit.models.windup import sensitisation, wind_up


def test_the_two_parts_differ_in_what_ketamine_does():
    homotopic, heterotopic = sensitisation()
    assert homotopic.prevented == 1
    assert heterotopic.prevented == 0
    assert {part.sources[0].pmid for part in (homotopic, heterotopic)} == {"17084865"}


def test_no_dose_response_is_invented():
    """One dose was studied; the function takes none."""
    assert list(inspect.signature(sensitisation).parameters) == ["parameters"]


def test_a_replaced_number_is_used():
    homotopic, _ = sensitisation(parameters={"sensitisation.homotopic_ketamine": 25.5})
    assert homotopic.prevented == pytest.approx(0.5)


def test_clocks_are_apart():
    """The memory of wind-up is gone within a minute; sensitisation was followed for an hour, undiminished."""
    minutes = sensitisation()[0].observed_min
    after_a_minute = wind_up(frequency=1 / 60, stimuli=2)
    assert after_a_minute[1] == pytest.approx(after_a_minute[0], rel=1e-6)
    assert minutes == 60
