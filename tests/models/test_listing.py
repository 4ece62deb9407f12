"""Does `ketalit parameters` tell every number with its unit, standing and a source that can be opened?"""

import json

import pytest

from ketalit.models.listing import as_data, chosen, in_full
from ketalit.models.parameters import parameters_of


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
