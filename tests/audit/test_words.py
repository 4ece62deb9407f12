"""Are words, numbers and denials read as a person would?"""

import pytest

from ketalit.audit.meaning import Saying
from ketalit.audit.quantities import QuantityKind, quantities
from ketalit.audit.words import terms

DOSE, RATE, DURATION, SHARE, YEAR, AMOUNT = (
    QuantityKind.DOSE,
    QuantityKind.RATE,
    QuantityKind.DURATION,
    QuantityKind.SHARE,
    QuantityKind.YEAR,
    QuantityKind.AMOUNT,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".05 to 2 milligrams per kilogram of body weight over an hour", [(RATE, 0.05, 2)]),
        ("0.5 mg/kg over 40 minutes", [(RATE, 0.75, 0.75)]),
        ("0.4 mg/kg over 5 min", [(DOSE, 0.4, 0.4), (DURATION, 1 / 12, 1 / 12)]),  # a bolus has no rate
        ("10 µg/kg/min", [(RATE, 0.6, 0.6)]),
        ("0.05, 0.075, 0.10 or 0.15 mg/kg/h", [(RATE, 0.05, 0.15)]),
        ("25 mg by mouth", [(AMOUNT, 25, 25)]),
        ("about two-thirds of patients", [(SHARE, 200 / 3, 200 / 3)]),
        ("seven in ten people", [(SHARE, 70, 70)]),
        ("half of the people", [(SHARE, 50, 50)]),
        ("half an hour", []),
        ("20–30 % of cases", [(SHARE, 20, 30)]),
        ("4-14 days", [(DURATION, 96, 336)]),
        ("five decades", [(DURATION, 438300, 438300)]),
        ("in the 1960s", [(YEAR, 1960, 1969)]),
        ("a 70 year old man", []),
        ("grade 3 pain and room 12", []),
    ],
)
def test_quantities(text, expected):
    found = [(one.kind, one.low, one.high) for one in quantities(text)]
    assert [kind for kind, *_ in found] == [kind for kind, *_ in expected]
    for (_, low, high), (_, first, last) in zip(found, expected, strict=True):
        assert low == pytest.approx(first, rel=1e-3)
        assert high == pytest.approx(last, rel=1e-3)


def test_offsets_of_quantities_point_into_the_text():
    text = "Sixty‑five men; 1,200 doses of 0·5 mg/kg; two thirds for three months."
    for one in quantities(text):
        assert text[one.start : one.end] == one.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The World Health Organization", "WHO"),
        ("N-methyl-D-aspartate (NMDA) receptors", "NMDA receptor"),
        ("complex regional pain syndrome (CRPS)", "CRPS"),
        ("adverse events", "side effects"),
        ("The brain reboots", "brains reset"),
        ("lowers", "reduces"),
        ("have not worked", "failed"),
    ],
)
def test_one_thing_in_other_words(one, other):
    assert set(terms(one)) == set(terms(other))


def test_who_as_a_word_is_no_agency():
    assert "whoagency" not in terms("those who respond")
    assert set(terms("high dose")) != set(terms("lower the dose"))


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("There is no chance of relief", True),
        ("It doesn’t work for everyone", True),
        ("Nobody got relief", True),
        ("It is not only relief", False),
        ("There is relief", False),
        ("No trial failed", False),  # two denials
    ],
)
def test_denials(text, denied):
    assert [clause.denied for clause in Saying(text).clauses] == [denied]


def test_a_denial_stays_in_its_clause():
    first, second = Saying("It is not a first-line treatment, but it brings relief").clauses
    assert (first.denied, second.denied) == (True, False)
