"""Questions: are changes shown word by word, and are quotes found whatever their typography?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.refresh.words import changed_words, same_words, stands_in


def shown(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in changed_words(before, after)]


def test_words_far_from_a_change_are_left_out():
    before = "one two three four five six seven eight nine ten eleven twelve sixty patients"
    assert shown(before, before.replace("sixty", "fifty")) == [
        ("skipped", "…"),
        ("same", "six seven eight nine ten eleven twelve"),
        ("gone", "sixty"),
        ("new", "fifty"),
        ("same", "patients"),
    ]


def test_punctuation_stands_by_itself():
    assert shown("(mean -1.4, n = 60).", "(mean -0.6, n = 60).") == [
        ("same", "(mean"),
        ("gone", "-1.4"),
        ("new", "-0.6"),
        ("same", ", n = 60)."),
    ]


def test_a_sentence_that_was_added_ends_with_its_own_full_stop():
    assert shown("Nausea in 9 patients. No deaths.", "Nausea in 9 patients. Six withdrew. No deaths.") == [
        ("same", "Nausea in 9 patients."),
        ("new", "Six withdrew."),
        ("same", "No deaths."),
    ]


@given(st.lists(st.sampled_from(["a", "b", "c.", "d,", "."])), st.lists(st.sampled_from(["a", "b", "c.", "d,", "."])))
def test_every_word_of_short_texts_is_shown_once(old, new):
    pieces = changed_words(" ".join(old), " ".join(new))
    if any(piece.kind == "skipped" for piece in pieces):
        return
    for words, kind in ((old, "gone"), (new, "new")):
        said = "".join(piece.text for piece in pieces if piece.kind in {"same", kind})
        assert said.replace(" ", "") == "".join(words)


def test_between_two_changes_the_middle_is_left_out():
    middle = " ".join(f"w{number}" for number in range(30))
    kinds = [kind for kind, _ in shown(f"a {middle} b", f"x {middle} y")]
    assert kinds == ["gone", "new", "same", "skipped", "same", "gone", "new"]


@pytest.mark.parametrize(("before", "after"), [("", "new words"), ("old words", ""), ("", ""), ("a", "b")])
def test_nothing_is_lost_in_short_texts(before, after):
    pieces = shown(before, after)
    assert " ".join(text for kind, text in pieces if kind in {"same", "gone"}) == before
    assert " ".join(text for kind, text in pieces if kind in {"same", "new"}) == after


def test_a_text_of_a_million_words_takes_no_time():
    assert shown("a " * 1_000_000, "b " * 1_000_000)[0][0] == "skipped"


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("Sixty patients", "in all, sixty\npatients took part", True),
        ("−1.4", "mean difference -1.4", True),
        ("0·03", "P = 0.03", True),
        ("“mild” nausea", 'with "mild" nausea', True),
        ("60 patients […] placebo", "60 patients took ketamine or placebo", True),
        ("placebo ... 60 patients", "60 patients took ketamine or placebo", False),
        ("60 patients", "54 patients", False),
        ("", "anything", False),
        ("…", "anything", False),
    ],
)
def test_quotes(quote, text, found):
    assert stands_in(quote, text) is found


def test_white_space_is_no_change():
    assert same_words(" a\n b ", "a b")
    assert not same_words("a b", "ab")
