"""Does the splitter keep abbreviations, initials and decimals whole, and its offsets true?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.sentences import split_sentences

WHOLE = [
    "It was made by Able Inc., Chicago, as Baker et al.(3) Report.",
    "Jones et al. Found nothing of the sort vs. Placebo in that year.",
    "A dose (e.g. 0.5 mg/kg) fell (P<.05) and (P < .001).",
    "Dr. Brown and J. R. Green wrote in U.S. Pharmacist about it.",
    "The score was 3.4 vs. 5.1 (i.e. Lower) in Fig. 2 and No. 5.",
    "Drugs, e.g. Ketamine, were given by St. John's staff.",
]
SPLIT = [
    ("Pain fell. It rose again.", ["Pain fell.", "It rose again."]),
    ("Did it help? Yes! 12 of 30 said so.", ["Did it help?", "Yes!", "12 of 30 said so."]),
    ("He had hepatitis C. The virus was typed.", ["He had hepatitis C.", "The virus was typed."]),
    ("It is sold in the U.S. We saw it.", ["It is sold in the U.S.", "We saw it."]),
    ("Pain fell.[3] Then it rose.4,5 Later it fell.", ["Pain fell.[3]", "Then it rose.4,5", "Later it fell."]),
    (
        "Pain fell.(1,2) Then it rose.² Later it fell.[^4] Now?¹ No.",
        ["Pain fell.(1,2)", "Then it rose.²", "Later it fell.[^4]", "Now?¹", "No."],
    ),
    ("It rose. (2) Later it fell.", ["It rose.", "(2) Later it fell."]),
    ("It was 3. 1% of all. Then 4.", ["It was 3. 1% of all.", "Then 4."]),
    ("A title\nMETHODS: n = 8.\n", ["A title", "METHODS: n = 8."]),
    ("The drug was stopped.Results were mixed.", ["The drug was stopped.", "Results were mixed."]),
    ("(It was P = .05.) Then we left.", ["(It was P = .05.)", "Then we left."]),
    ("", []),
    (" \n ", []),
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_sentence_with_points_inside_stays_whole(text):
    assert [text[a:b] for a, b in split_sentences(text)] == [text]


@pytest.mark.parametrize(("text", "expected"), SPLIT)
def test_sentences_are_cut(text, expected):
    assert [text[a:b] for a, b in split_sentences(text)] == expected


@given(st.text(alphabet=st.sampled_from("aB. \n?!([\"'1é\u2009"), max_size=200))
def test_nothing_but_white_space_lies_between_sentences(text):
    end = 0
    for start, stop in split_sentences(text):
        assert start >= end
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip() != ""
        end = stop
    assert not text[end:].strip()


@pytest.mark.parametrize(
    "run",
    [
        "?" * 2_000_000,  # half a million million steps, were every mark tried against the rest of the run
        "It hurt." + "\N{SUPERSCRIPT ONE}" * 1_000,  # two to the power of a thousand ways to cut it
        "It hurt" + '."' * 200_000,
    ],
    ids=["question marks", "footnote marks", "quotes"],
)
def test_a_run_of_marks_is_read_once(run):
    """With a second look at what was read, none of these would ever end."""
    assert split_sentences(run) == [(0, len(run))]
