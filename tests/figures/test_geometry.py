"""Questions: does what is cut stay inside, does what is inside stay as it was, are gaps gaps?"""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ketalit.figures.geometry import Rectangle, cut_area, cut_line, path, runs, thinned

BOX = Rectangle(10, 20, 110, 70)
anywhere = st.floats(allow_nan=False, allow_infinity=False)
near = st.floats(-200, 300)


@given(st.lists(st.tuples(anywhere, anywhere), min_size=1, max_size=20))
def test_nothing_leaves_the_box(points):
    parts = [*cut_line(points, BOX), cut_area(points, BOX)]
    assert all(BOX.holds(x, y) for part in parts for x, y in part)


@given(st.lists(st.tuples(near, near), min_size=2, max_size=12))
def test_points_inside_are_kept_in_order(points):
    inside = [point for point in points if BOX.left < point[0] < BOX.right and BOX.top < point[1] < BOX.bottom]
    kept = [point for part in cut_line(points, BOX) for point in part if point in inside]
    assert [point for at, point in enumerate(kept) if at == 0 or kept[at - 1] != point] == [
        point for at, point in enumerate(inside) if at == 0 or inside[at - 1] != point
    ]


def test_a_line_that_crosses_twice_has_two_parts():
    parts = list(cut_line([(60, 40), (60, 0), (80, 0), (80, 40)], BOX))
    assert parts == [[(60, 40), (60, 20)], [(80, 20), (80, 40)]]


def test_a_line_that_passes_by_has_none():
    assert list(cut_line([(0, 0), (200, 5)], BOX)) == []


def test_an_area_around_the_box_is_the_box():
    area = cut_area([(-1000, -1000), (1000, -1000), (1000, 1000), (-1000, 1000)], BOX)
    assert set(area) == {(10, 20), (110, 20), (110, 70), (10, 70)}


def test_the_cut_area_has_the_size_that_mathematics_gives():
    # a triangle with half of its base in the box: 100 wide at the left edge, tapering to the right
    area = cut_area([(10, 20), (210, 45), (10, 70)], BOX)
    shoelace = abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(area, [*area[1:], area[0]], strict=True))) / 2
    assert math.isclose(shoelace, 100 * (50 + 25) / 2)


def test_gaps():
    xs = [0.0, 1.0, 2.0, 3.0, 4.0]
    assert list(runs(xs, [1.0, math.nan, math.inf, 2.0, 3.0])) == [[(0, 1)], [(3, 2), (4, 3)]]
    assert list(runs([], [])) == []


def test_a_single_point_is_drawn_as_a_dot():
    assert path([(1, 2)]) == "M1.00 2.00h0"


def test_thinning_keeps_ends_gaps_and_shape():
    count = 20_000
    xs = [at / 100 for at in range(count)]
    ys = [100 * math.sin(x / 10) for x in xs]
    ys[7000] = math.nan
    thin_x, thin_y = thinned(xs, ys)
    assert len(thin_x) < count / 5
    assert (thin_x[0], thin_x[-1]) == (xs[0], xs[-1])
    assert sum(map(math.isnan, thin_y)) == 1
    assert max(abs(y - 100 * math.sin(x / 10)) for x, y in zip(thin_x, thin_y, strict=True) if not math.isnan(y)) == 0
    assert max(b - a for a, b in pairwise(thin_x)) < 0.4
