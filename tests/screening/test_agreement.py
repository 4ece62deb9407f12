import math
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.screening import agreement, agreement_text, cohen_kappa

from .shared import EARLY, LATE, cast, make_review

# Tables with figures published by others: (table, kappa, SE, low, high), as many places as printed.
PUBLISHED = {
    "SAS, printed in the tests of statsmodels": ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], 0.4842, 0.1380, 0.2137, 0.7547),
    "SAS/STAT, PROC FREQ, skin condition rated by two dermatologists": (
        [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]],
        0.3449,
        0.0724,
        0.2030,
        0.4868,
    ),
    "Fleiss, Cohen and Everitt 1969, diagnoses of 200 patients": (
        [[106, 10, 4], [22, 28, 10], [2, 12, 6]],
        0.429,
        0.054,
        None,
        None,
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_examples(name):
    table, kappa, se, low, high = PUBLISHED[name]
    found = cohen_kappa(table, [str(number) for number in range(len(table))])
    places = 4 if low is not None else 3
    assert round(found.kappa, places) == kappa
    assert round(found.se, places) == se
    if low is not None:
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_pabak_prevalence_and_bias_as_published():
    """Cunningham M, SAS Global Forum 2009, paper 242, figure 2: agreement 95 %, kappa below 0."""
    found = cohen_kappa([[95, 4], [1, 0]], ["yes", "no"])
    assert round(found.observed, 4) == 0.95
    assert found.kappa < 0
    assert [round(value, 4) for value in (found.pabak, found.prevalence, found.bias)] == [0.9, 0.95, 0.03]


def test_kappa_of_the_textbook():
    found = cohen_kappa([[20, 5], [10, 15]], ["yes", "no"])
    assert round(found.kappa, 10) == 0.4
    assert found.shares == ((0.5, 0.6), (0.5, 0.4))


tables = st.integers(2, 4).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, 40), min_size=size, max_size=size), min_size=size, max_size=size)
)


def plain_kappa(p):
    size = range(len(p))
    total = sum(map(sum, p))
    agreed = sum(p[i][i] for i in size) / total
    chance = sum(sum(p[i]) * sum(row[i] for row in p) for i in size) / total**2
    return (agreed - chance) / (1 - chance)


@given(tables)
@settings(max_examples=150, deadline=None)
def test_standard_error_is_that_of_the_delta_method(table):
    """Independent of the closed formula: the gradient of kappa by finite differences, variance of a multinomial."""
    n = sum(map(sum, table))
    assume(n >= 20)
    found = cohen_kappa(table, [str(number) for number in range(len(table))])
    assume(found.se is not None and found.se > 1e-4)
    p = [[count / n for count in row] for row in table]
    step = 1e-6
    mean = square = 0.0
    for row in p:
        for j, share in enumerate(row):
            if share:
                row[j] = share + step
                up = plain_kappa(p)
                row[j] = share - step
                slope = (up - plain_kappa(p)) / (2 * step)
                row[j] = share
                mean += share * slope
                square += share * slope**2
    assert found.kappa == pytest.approx(plain_kappa(p), abs=1e-9)
    assert found.se == pytest.approx(math.sqrt(max(square - mean**2, 0) / n), rel=1e-3, abs=1e-6)


def test_interval_holds_up_against_a_bootstrap():
    table = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
    cells = [(i, j) for i in range(3) for j in range(3) for _ in range(table[i][j])]
    chance = random.Random(20261122)
    drawn = []
    for _ in range(1500):
        again = [[0] * 3 for _ in range(3)]
        for i, j in chance.choices(cells, k=len(cells)):
            again[i][j] += 1
        drawn.append(plain_kappa(again))
    drawn.sort()
    found = cohen_kappa(table, "abc")
    mean = sum(drawn) / len(drawn)
    spread = math.sqrt(sum((value - mean) ** 2 for value in drawn) / len(drawn))
    assert found.se == pytest.approx(spread, rel=0.06)
    assert found.low == pytest.approx(drawn[37], abs=0.02)
    assert found.high == pytest.approx(drawn[1462], abs=0.02)


@given(tables)
def test_bounds_and_symmetry(table):
    names = [str(number) for number in range(len(table))]
    found = cohen_kappa(table, names)
    turned = cohen_kappa([list(row) for row in zip(*table, strict=True)], names)
    assert (found.kappa is None) == (turned.kappa is None)
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert found.kappa == pytest.approx(turned.kappa)
        assert (found.se is None) == (turned.se is None)
    if found.se is not None:
        assert -1 <= found.low <= found.kappa <= found.high <= 1
    assert found.kappa is not None or found.why


@pytest.mark.parametrize(
    ("table", "kappa", "why"),
    [
        ([[0, 0], [0, 0]], None, "no record has both votes"),
        ([[7, 0], [0, 0]], None, "both gave every record the same decision, “yes”"),
        ([[0, 0], [0, 7]], None, "both gave every record the same decision, “no”"),
        ([[5, 0], [0, 5]], 1, "perfect agreement"),
        ([[5, 5], [0, 0]], 0, "a reviewer gives every record the same decision"),
        ([[4, 1], [1, 4]], 0.6, "rough"),
    ],
)
def test_what_is_not_defined_is_said(table, kappa, why):
    found = cohen_kappa(table, ["yes", "no"])
    assert found.kappa == (None if kappa is None else pytest.approx(kappa))
    assert why in found.why
    assert (found.low is None) == ("rough" not in why)


@pytest.mark.parametrize("table", [[[1, 2]], [[1, 2], [3]], [[1, -1], [0, 1]], [[1]]])
def test_no_table_of_agreement(table):
    with pytest.raises(InputError, match="no table of agreement"):
        cohen_kappa(table, ["yes", "no"] if len(table) > 1 else ["yes"])


def both(folder, count=6):
    cast(folder, "AB", EARLY, {f"r{number}": "include" if number < 4 else "exclude" for number in range(1, count + 1)})
    cast(folder, "CD", EARLY, {f"r{number}": "maybe" if number < 3 else "exclude" for number in range(1, count + 1)})


def test_agreement_at_title_and_abstract_decides_to_full_text_or_not(tmp_path):
    folder = make_review(tmp_path, 6)
    both(folder)
    found = agreement(folder, EARLY)
    assert (found.reviewers, found.both) == (("AB", "CD"), 6)
    deciding, words = found.kappas
    assert deciding.table == ((2, 1), (0, 3))
    assert words.table == ((0, 2, 1), (0, 0, 0), (0, 0, 3))
    assert agreement(folder, EARLY, ["CD", "AB"]).kappas[0].table == ((2, 0), (1, 3))
    text = agreement_text(found)
    assert "5 of 6 (83 %)" in text
    for word in ("Cohen's kappa", "95 % CI", "PABAK", "Prevalence index", "Bias index", "rough"):
        assert word in text


def test_agreement_at_full_text(tmp_path):
    folder = make_review(tmp_path, 6)
    for name in ("AB", "CD"):
        cast(folder, name, EARLY, {f"r{number}": "include" for number in range(1, 7)})
        cast(folder, name, LATE, {f"r{number}": "exclude: protocol" for number in range(1, 7)})
    (found,) = agreement(folder, LATE).kappas
    assert "not defined" in found.why
    assert "not defined" in agreement_text(agreement(folder, LATE))
    cast(folder, "CD", LATE, {"r1": "maybe"})
    (found,) = agreement(folder, LATE).kappas
    assert found.categories == ("include", "maybe", "exclude")


def test_agreement_waits_for_both_and_then_some(tmp_path):
    folder = make_review(tmp_path, 6)
    both(folder, 4)
    cast(folder, "CD", EARLY, {"r5": "include"})
    with pytest.raises(InputError, match="2 of AB's and 1 of CD's votes are missing"):
        agreement(folder, EARLY)
    found = agreement(folder, EARLY, partial=True)
    assert (found.kappas, found.voted, found.both, found.missing) == ((), (4, 5), 4, (2, 1))
    text = agreement_text(found)
    assert "AB: 4 voted, 2 missing" in text
    assert not any(word in text for word in ("include", "exclude", "maybe", "kappa"))


def test_agreement_needs_two(tmp_path):
    folder = make_review(tmp_path, 2)
    with pytest.raises(InputError, match="no reviewers have voted"):
        agreement(folder, EARLY)
    cast(folder, "AB", EARLY, {"r1": "include", "r2": "include"})
    with pytest.raises(InputError, match="one reviewer is not double screening"):
        agreement(folder, EARLY)
    cast(folder, "CD", EARLY, {"r1": "include"})
    cast(folder, "EF", EARLY, {"r2": "include"})
    with pytest.raises(InputError, match="two of: AB, CD, EF"):
        agreement(folder, EARLY)
    assert agreement(folder, EARLY, ["AB", "EF"]).both == 1
    with pytest.raises(InputError, match="GH has not voted"):
        agreement(folder, EARLY, ["AB", "GH"])
