"""Are words that speak of a work told from words that only use the same nouns? (Whole pages: test_find.py.)"""

import pytest

from ketalit.citations.bibliography import alike, last_name
from ketalit.citations.mentions import find_mentions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("So says a landmark 2006 NIMH study of it.", "a landmark 2006 NIMH study"),
        ("A trial led by Ann Able and colleagues ended.", "A trial led by Ann Able and colleagues"),
        ("One Cochrane review agrees.", "One Cochrane review"),
        (
            "It is in a paper that was printed in the Journal of Nothing.",
            "a paper that was printed in the Journal of Nothing",
        ),
        ("As van Dorn and Able (2009) said.", "van Dorn and Able (2009)"),
        ("A study (2015) said so.", "A study (2015)"),
    ],
)
def test_what_is_a_mention(text, words):
    (found,) = find_mentions(text, [(0, len(text))])
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "Studies have shown that it works.",
        "No studies have determined its impact.",
        "Three studies on long infusions exist.",
        "It was approved in 1970 and has been used since the 1960s.",
        "She earned a BA in psychology in 2018.",
        "Copyright (2019). Updated (2020).",
        "A study in patients with CRPS is under way.",
    ],
)
def test_what_is_none(text):
    assert find_mentions(text, [(0, len(text))]) == []


def test_names_of_persons():
    assert last_name("J. R. Able") == "able"
    assert last_name("") == ""
    assert alike("niesters", "nierters")
    assert not alike("dahan", "cohen")
