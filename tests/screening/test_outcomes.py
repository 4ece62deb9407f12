from itertools import product

import pytest

from ketalit.screening import Choice, Result, Ruling, Vote, Votes, outcomes

from .shared import EARLY, LATE


def ended(stage, *said, rulings=(), single=False):
    votes = {}
    for name, word in zip(("AB", "CD", "EF"), said, strict=False):
        choice, _, reason = word.partition(": ")
        votes[name] = Votes(name, (Vote(record="r", stage=stage, decision=Choice(choice), reason=reason),))
    return outcomes(votes, rulings, stage, single=single).get("r")


@pytest.mark.parametrize(("one", "two"), list(product(("include", "maybe", "exclude"), repeat=2)))
def test_title_and_abstract_left_out_only_by_both(one, two):
    left_out = (one == "exclude") + (two == "exclude")
    expected = (Result.FORWARD, Result.CONFLICT, Result.EXCLUDED)[left_out]
    assert ended(EARLY, one, two).result is expected


@pytest.mark.parametrize(
    ("one", "two", "expected", "what"),
    [
        ("include", "include", Result.INCLUDED, ""),
        ("exclude: a", "exclude: a", Result.EXCLUDED, ""),
        ("exclude: a", "exclude: b", Result.CONFLICT, "different reasons"),
        ("include", "exclude: a", Result.CONFLICT, "AB: include; CD: exclude (a)"),
        ("maybe", "include", Result.CONFLICT, ""),
        ("maybe", "maybe", Result.CONFLICT, "nobody has decided"),
    ],
)
def test_full_text_must_say_the_same(one, two, expected, what):
    found = ended(LATE, one, two)
    assert found.result is expected
    assert what in found.what
    assert found.who == ("" if expected is Result.CONFLICT else "AB+CD")


def test_one_vote_is_open_unless_the_review_has_one_reviewer():
    assert ended(EARLY, "include").result is Result.OPEN
    assert ended(EARLY, "include", single=True).result is Result.FORWARD
    assert ended(LATE, "exclude: a", single=True).who == "AB"


def test_a_third_opinion_does_not_outvote():
    assert ended(EARLY, "include", "exclude", "exclude").result is Result.CONFLICT


def test_the_last_ruling_counts_and_may_be_withdrawn():
    def ruling(word, **more):
        return Ruling(record="r", stage=LATE, decision=Choice(word), who="EF", **more)

    said = ("include", "exclude: a")
    assert ended(LATE, *said, rulings=[ruling("include")]).result is Result.INCLUDED
    found = ended(LATE, *said, rulings=[ruling("include"), ruling("exclude", reason="b")])
    assert (found.result, found.reason, found.who) == (Result.EXCLUDED, "b", "EF")
    assert ended(LATE, *said, rulings=[ruling("maybe")]).result is Result.AWAITING
    assert ended(LATE, *said, rulings=[ruling("include"), ruling("withdrawn")]).result is Result.CONFLICT
    assert ended(EARLY, "include", "exclude", rulings=[ruling("include")]).result is Result.CONFLICT
