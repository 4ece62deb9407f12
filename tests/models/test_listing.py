"""Does `ketalit parameters` tell every number, preset, model and target with its standing and source?"""

import json

import pytest
from typer.testing import CliRunner

from ketalit.cli import app
from ketalit.errors import InputError
from ketalit.models.listing import (
    as_data,
    as_rows,
    chosen,
    cited,
    in_full,
    kinetic_models,
    named,
    one_line,
    presets,
    row_in_full,
    targets,
)
from ketalit.models.parameters import Status, parameters_of
from ketalit.models.pharmacokinetics import concentrations
from ketalit.models.targets import at_site


def test_every_number_is_listed_once():
    data = as_data(chosen())
    assert [one["name"] for one in data] == sorted(parameters_of())
    json.dumps(data)


@pytest.mark.parametrize("one", chosen(), ids=lambda one: one.name)
def test_every_number_is_told_in_full(one):
    told = in_full(one)
    assert one.status in told
    assert all(source.link in told for source in one.source)
    assert one.source or one.note
    assert all(source.link or source.seen for source in one.source), "a source nobody can open says where it was seen"


def test_a_number_is_cited_with_value_source_and_link():
    one = cited("magnesium.half_block")
    assert (one.value, one.unit, one.text, one.status) == (3.57, "mM", "3.57 mM", "seen")
    assert "Jahr" in one.source
    assert "J Neurosci 1990" in one.source
    assert one.url.startswith("https://")
    assert "read in the source" in one.meaning
    assert not one.given


@pytest.mark.parametrize("name", list(parameters_of()))
def test_every_number_can_be_cited(name):
    one, declared = cited(name), parameters_of()[name]
    assert one.value == declared.value
    assert one.text.endswith(declared.unit)
    assert one.source or one.note
    assert one.url in {"", *(source.link for source in declared.source)}


def test_a_number_put_in_is_cited_as_the_reader_s_own():
    one = cited("magnesium.half_block", parameters={"magnesium.half_block": "400 µM"})
    assert (one.value, one.status, one.given) == (0.4, "given by you", True)
    assert "3.57 mM" in one.note
    assert "Jahr" in one.source  # that of the declared number, which the note names
    with pytest.raises(InputError, match="did you mean"):
        cited("magnesium.half_blok")


def test_every_preset_model_and_target_is_listed_and_usable_by_its_name():
    standings = {str(one) for one in Status}
    for rows, use in (
        (presets(), lambda name: concentrations(name, [1.0])),
        (kinetic_models(), lambda name: concentrations("depression infusion", [1.0], models=[name])),
        (targets(), lambda name: at_site(name, 0.5)),
    ):
        assert len({one.name for one in rows}) == len(rows)
        for one in rows:
            use(one.name)
            assert one.what
            assert one.status in standings
            assert one.source or one.status in {"recalled", "assumed"}, one
        json.dumps(as_rows(rows))


def test_a_row_stands_no_better_than_its_weakest_number():
    rows = {one.name: one for one in targets()}
    assert {name: at_site(name, 1).status for name in rows} == {name: one.status for name, one in rows.items()}
    weaker = {one.name: one.status for one in kinetic_models(parameters={"pharmacokinetics.otto2021.clearance": 90})}
    assert weaker["otto2021"] == "given by you"
    assert weaker["simons2022"] == "secondary"


def test_targets_are_listed_with_their_constants():
    opioid = next(one for one in targets() if one.name == "opioid_mu")
    assert "27 to 41.7 µM" in opioid.what
    assert "may be more" in opioid.note


def test_what_a_list_does_not_hold():
    with pytest.raises(InputError, match="Did you mean “otto2021”"):
        named(kinetic_models(), "oto2021")
    assert "status: seen" in row_in_full(named(presets(), "nerve injury, 30 min")[0])
    assert one_line(presets()[0]).startswith("depression infusion = 0.5 mg/kg")


def test_lists_on_the_command_line():
    run = CliRunner().invoke
    for flag, name in (("--presets", "CRPS, 4.2 days"), ("--kinetics", "simons2022"), ("--targets", "opioid_mu")):
        told = run(app, ["parameters", flag])
        assert told.exit_code == 0
        assert any(line.startswith(f"{name} = ") for line in told.output.splitlines())
        one = run(app, ["parameters", name, flag, "--json"])
        assert [row["name"] for row in json.loads(one.output)] == [name]
    assert isinstance(run(app, ["parameters", "--presets", "--targets"]).exception, InputError)
