"""Published facts: each of the list has its entry, and comes out right or is an explained miss; the page is current.

The facts themselves are in `tests/models/facts/`.
"""

import json
from collections import Counter

import numpy as np
import pytest

from ketalit.models.parameters import parameters_of
from ketalit.models.pharmacokinetics import Dose, terminal_half_life
from tests.models.facts import FACTS
from tests.models.facts.fact import Kind, found
from tests.models.facts.kinetics import STANPUMPR
from tests.models.facts.page import PAGE, page
from tests.models.facts.sources import SOURCES
from tests.shared import SHARED, needs_shared

LISTED = {one.id: one for one in FACTS if one.listed}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_it_holds_or_is_an_explained_miss(fact):
    numbers = found(fact)
    assert np.isfinite(numbers).all()
    right = fact.holds(numbers)
    assert right is not bool(fact.miss), f"{fact.told()}; published {fact.published}; accepted {fact.accepted}"


@pytest.mark.parametrize("fact", [one for one in FACTS if not one.miss], ids=lambda fact: fact.id)
def test_a_fact_can_fail(fact):
    """Numbers ten times as large, or of the other sign, would not be accepted."""
    assert not (fact.holds(10 * found(fact) + 1) and fact.holds(-found(fact) - 1))


@needs_shared
def test_every_fact_of_the_list_has_its_entry():
    path = SHARED / "mechanism" / "model_parameters.json"
    listed = [
        fact
        for fact in json.loads(path.read_text(encoding="utf-8"))["published_facts"]
        if fact["kind"] in Kind.__members__
    ]
    assert len(listed) == 44
    said = {fact["id"]: (fact["kind"], fact["value"], fact["tolerance"]) for fact in listed}
    assert {one.id: (one.kind, one.published, one.accepted) for one in LISTED.values()} == said


@needs_shared
def test_the_oracle_written_here_is_the_recorded_one():
    path = SHARED / "mechanism" / "model_parameters.json"
    recorded = json.loads(path.read_text(encoding="utf-8"))["pk_numeric_oracle"]["Cp_ng_mL"]
    assert {int(minute): value for minute, value in recorded.items()} == STANPUMPR


def test_each_has_one_entry_and_known_sources():
    assert max(Counter(one.id for one in FACTS).values()) == 1
    for one in FACTS:
        assert one.kind in Kind.__members__, one.id
        assert one.source, one.id
        assert set(one.source) <= set(SOURCES), one.id
        assert all((one.fact, one.published, one.accepted, one.shown)), one.id


def test_at_most_six_of_the_list_are_missed():
    assert sorted(one.id for one in LISTED.values() if one.miss) == ["K3", "P11", "P7"]


@pytest.mark.parametrize("fact", [one for one in FACTS if one.given], ids=lambda fact: fact.id)
def test_what_is_called_input_is_the_published_number(fact):
    declared = {name: parameters_of(None)[name].value for name in fact.given}
    assert declared == fact.given
    behind = {source.key for name in fact.given for source in parameters_of(None)[name].source}
    assert behind & set(fact.source) or fact.id in {"K16"}  # read on a page that quotes the paper


def test_every_listed_input_is_marked_so():
    """Facts of kind I are what the models are given: none of them counts as reproduced."""
    assert all(one.given or one.miss for one in FACTS if one.kind == "I")


def test_the_pooled_intervals_are_those_printed():
    """Kamp 2020: 79 (69 to 90) L/h and 252 (200 to 304) L at 70 kg."""
    cleared, volume = (parameters_of(None)[f"pharmacokinetics.meta_analysis.{one}"] for one in ("clearance", "volume"))
    assert (cleared.value, cleared.ci95) == (79, (69, 90))
    assert (volume.value, volume.ci95) == (252, (200, 304))


def test_a_terminal_half_life_carries_its_window():
    short = terminal_half_life("otto2021", Dose("20 mg", over="20 min"), ("2 h", "8 h"))
    assert short.window_h == (2, 8)
    assert "2 to 8 h" in str(short)


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
