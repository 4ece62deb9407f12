import pytest

from ketalit.errors import InputError
from ketalit.models.pharmacokinetics import (
    INTERACTIONS,
    Dose,
    area,
    bioavailability,
    concentrations,
    influence,
    measured,
)


@pytest.mark.parametrize("name", list(INTERACTIONS))
def test_the_oral_auc_changes_as_it_was_measured(name):
    ratio = area("perezruixo2021", "oral", 14, interactions=[name]) / area("perezruixo2021", "oral", 14)
    assert ratio == pytest.approx(measured(name)["auc"].value, rel=1e-9)
    assert measured(name)["auc"].source


def test_inhibitors_and_inducers_act_in_their_directions():
    for name in ("grapefruit", "clarithromycin", "ticlopidine"):
        assert influence([name]).clearance < 1
        assert influence([name]).gut >= 1
    for name in ("rifampicin", "st_johns_wort"):
        assert influence([name]).clearance > 1
        assert influence([name]).gut < 1
    assert influence(["itraconazole"]) == influence([])


def test_what_is_already_in_the_blood_changes_less_than_what_is_swallowed():
    # High extraction: flow limits clearance, so that a vein is touched less than the mouth, in both directions.
    for name in ("grapefruit", "ticlopidine", "rifampicin", "st_johns_wort"):
        oral, vein = (
            area("perezruixo2021", route, 1, interactions=[name]) / area("perezruixo2021", route, 1)
            for route in ("oral", "intravenous")
        )
        assert abs(vein - 1) < abs(oral - 1)
        # The factor for models without a liver is that of the model with one.
        assert 1 / vein == pytest.approx(influence([name]).clearance, rel=1e-9)


def test_bioavailability_never_exceeds_one():
    both = ["grapefruit", "clarithromycin", "ticlopidine"]
    assert bioavailability("perezruixo2021", "oral", interactions=both) < 1
    found = concentrations(Dose("50 mg", route="oral"), [1.0], interactions=both).models[0]
    assert any("multiplied" in note for note in found.notes)


def test_each_curve_says_what_was_measured():
    found = concentrations(Dose("20 mg", form="S"), [1.0], interactions="grapefruit")
    assert found.interactions == ("grapefruit",)
    assert all(any("measured for swallowed S-ketamine" in note for note in one.notes) for one in found.models)


def test_unknown_interactions_are_told():
    with pytest.raises(InputError, match="Did you mean “rifampicin”"):
        influence(["rifampicine"])


def test_an_impossible_measurement_is_told():
    with pytest.raises(InputError, match="blood flow"):
        influence(["rifampicin"], parameters={"pharmacokinetics.interactions.rifampicin.auc_intravenous": 0.5})
