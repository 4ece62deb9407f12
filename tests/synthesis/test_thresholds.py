"""Thresholds: published values, and what an interval says to them."""

import pytest

from ketalit.errors import InputError
from ketalit.pooling import pool
from ketalit.review import load_review
from ketalit.synthesis import CAUTION, THRESHOLDS, Threshold


def difference(low, high):
    return pool([(low + high) / 2], [((high - low) / 2 / 1.959963984540054) ** 2], measure="MD")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-32.1, 0.5, "interval on both sides"),
        (-30.0, -12.0, "interval beyond it"),
        (-9.0, 4.0, "interval short of it"),
        (12.0, 30.0, "interval short of it"),  # worse, not better
    ],
)
def test_where_an_interval_lies(low, high, said):
    assert THRESHOLDS["salaffi2004"].against(difference(low, high), (0, 100)) == said


def test_where_higher_is_better_the_line_is_above():
    assert Threshold(points=2, source="me").line((0, 100), "higher") == 20
    assert Threshold(points=2, source="me").against(difference(21, 30), (0, 100), "higher") == "interval beyond it"


def test_every_value_names_its_source_and_what_was_read_of_it():
    for one in THRESHOLDS.values():
        assert "PMID:" in one.source
        assert one.read_in
        assert one.meaning
    assert "PMID:" in CAUTION


def test_sources_that_the_review_holds_are_the_same_works():
    review = load_review()
    assert review.find("farrar2001").pmid in THRESHOLDS["farrar2001"].source
    assert review.find("dworkin2008").pmid in THRESHOLDS["dworkin2008 substantial"].source


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"points": 1, "source": ""}, "no source"),
        ({"points": 0, "source": "me"}, "points is 0"),
        ({"points": 20, "source": "me"}, "points is 20"),
        ({"points": "one", "source": "me"}, "points is “one”"),
    ],
)
def test_a_threshold_that_is_none(facts, said):
    with pytest.raises(InputError, match=said):
        Threshold(**facts)


def test_what_it_cannot_be_held_against():
    one = THRESHOLDS["farrar2001"]
    with pytest.raises(InputError, match="the measure is RR"):
        one.against(pool([0.1], [0.1], measure="RR"), (0, 10))
    with pytest.raises(InputError, match="runs downwards"):
        one.line((10, 0))
    with pytest.raises(InputError, match="better is “less”"):
        one.line((0, 10), "less")
