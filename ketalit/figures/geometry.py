"""Lines and areas cut at the edges of a rectangle, so that no coordinate ever lies outside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

Point = tuple[float, float]
_MANY = 1500  # points; shorter lines are drawn as they are
_CLOSE = 1 / 3  # px
_ROUNDING = 0.001  # px
_FAR = 1e7  # px; further away nothing changes what is seen, but sums lose digits


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle on the page, px."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it (a hundredth of a px outside counts as inside)."""
        return self.left - 0.01 <= x <= self.right + 0.01 and self.top - 0.01 <= y <= self.bottom + 0.01

    def meets(self, other: Rectangle) -> bool:
        """Whether two rectangles share any ground."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def runs(xs: Sequence[float], ys: Sequence[float]) -> Iterator[list[Point]]:
    """The stretches of a line between its gaps.

    >>> list(runs([0, 1, 2], [5, float("nan"), 7]))
    [[(0, 5)], [(2, 7)]]
    """
    if math.isfinite(sum(xs)) and math.isfinite(sum(ys)):
        if xs:
            yield list(zip(xs, ys, strict=True))
        return
    stretch: list[Point] = []
    for x, y in zip(xs, ys, strict=True):
        if math.isfinite(x) and math.isfinite(y):
            stretch.append((x, y))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def thinned(xs: list[float], ys: list[float]) -> tuple[list[float], list[float]]:
    """A long line without the points that lie within a third of a px of the one before; gaps and ends stay.

    >>> thinned([at / 1000 for at in range(10_000)], [0.0] * 10_000)[0][:3]
    [0.0, 0.334, 0.668]
    """
    if len(xs) <= _MANY:
        return xs, ys
    kept = [0]
    x, y = xs[0], ys[0]
    for at in range(1, len(xs)):
        if not (abs(xs[at] - x) < _CLOSE and abs(ys[at] - y) < _CLOSE):  # true of nan, so gaps stay
            kept.append(at)
            x, y = xs[at], ys[at]
    if kept[-1] != len(xs) - 1:
        kept.append(len(xs) - 1)
    return [xs[at] for at in kept], [ys[at] for at in kept]


def cut_line(points: list[Point], box: Rectangle) -> Iterator[list[Point]]:
    """The parts of a line that lie in a box (Liang and Barsky, ACM Trans Graph 1984;3:1-22).

    >>> list(cut_line([(-5, 5), (5, 5), (15, 5)], Rectangle(0, 0, 10, 10)))
    [[(0.0, 5.0), (5, 5), (10.0, 5.0)]]
    """
    if _all_inside(points, box):
        yield points
        return
    if len(points) == 1:
        return
    part: list[Point] = []
    points = [_near(point) for point in points]
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    inside = [left <= x <= right and top <= y <= bottom for x, y in points]
    for (one, two), (starts, stays) in zip(pairwise(points), pairwise(inside), strict=True):
        if starts and stays:
            if not part:
                part.append(one)
            part.append(two)
            continue
        if not part and not starts and not stays and _beside(one, two, box):
            continue
        ends = _inside(one, two, box)
        if ends is None:
            if part:
                yield part
            part = []
            continue
        start, end = ends
        if part and part[-1] != start:
            yield part
            part = []
        if not part:
            part.append(start)
        part.append(end)
        if end != two:
            yield part
            part = []
    if part:
        yield part


def cut_area(points: list[Point], box: Rectangle) -> list[Point]:
    """The part of an area that lies in a box (Sutherland and Hodgman, Commun ACM 1974;17:32-42).

    >>> cut_area([(-5, 2), (5, 2), (5, 8), (-5, 8)], Rectangle(0, 0, 10, 10))
    [(0, 2.0), (5, 2), (5, 8), (0, 8.0)]
    """
    if _all_inside(points, box):
        return points
    points = [_near(point) for point in points]
    edges: tuple[tuple[Callable[[Point], float], int, float], ...] = (
        (lambda point: point[0] - box.left, 0, box.left),
        (lambda point: box.right - point[0], 0, box.right),
        (lambda point: point[1] - box.top, 1, box.top),
        (lambda point: box.bottom - point[1], 1, box.bottom),
    )
    for room, axis, edge in edges:
        kept: list[Point] = []
        for one, two in zip([points[-1], *points[:-1]], points, strict=True):
            before, after = room(one), room(two)
            if (before >= 0) != (after >= 0):
                share = before / (before - after)
                other = one[1 - axis] + share * (two[1 - axis] - one[1 - axis])
                kept.append((edge, other) if axis == 0 else (other, edge))
            if after >= 0:
                kept.append(two)
        points = kept
        if not points:
            break
    return points


def path(points: Sequence[Point], *, closed: bool = False) -> str:
    """The data of an SVG path; a single point becomes a dot.

    >>> path([(0, 1), (2.5, 3)])
    'M0.00 1.00L2.50 3.00'
    """
    if not points:
        return ""
    text = ("M%.2f %.2f" + "L%.2f %.2f" * (len(points) - 1)) % tuple(chain.from_iterable(points))
    return text + ("Z" if closed else "h0" if len(points) == 1 else "")


def _all_inside(points: list[Point], box: Rectangle) -> bool:
    xs, ys = zip(*points, strict=True)
    # Sums that put a value on the edge may miss it by a rounding; that much is never seen.
    near_x = min(xs) >= box.left - _ROUNDING and max(xs) <= box.right + _ROUNDING
    return bool(near_x and min(ys) >= box.top - _ROUNDING and max(ys) <= box.bottom + _ROUNDING)


def _beside(one: Point, two: Point, box: Rectangle) -> bool:
    """Whether both lie beyond the same edge, so that nothing between them can be seen."""
    (x1, y1), (x2, y2) = one, two
    sideways = (x1 < box.left and x2 < box.left) or (x1 > box.right and x2 > box.right)
    return sideways or (y1 < box.top and y2 < box.top) or (y1 > box.bottom and y2 > box.bottom)


def _near(point: Point) -> Point:
    return (min(max(point[0], -_FAR), _FAR), min(max(point[1], -_FAR), _FAR))


def _inside(one: Point, two: Point, box: Rectangle) -> tuple[Point, Point] | None:
    dx, dy = two[0] - one[0], two[1] - one[1]
    enter, leave = 0.0, 1.0
    for step, room in (
        (-dx, one[0] - box.left),
        (dx, box.right - one[0]),
        (-dy, one[1] - box.top),
        (dy, box.bottom - one[1]),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            enter = max(enter, room / step)
        else:
            leave = min(leave, room / step)
    if enter > leave:
        return None
    start = one if enter == 0 else _kept((one[0] + enter * dx, one[1] + enter * dy), box)
    return start, two if leave == 1 else _kept((one[0] + leave * dx, one[1] + leave * dy), box)


def _kept(point: Point, box: Rectangle) -> Point:
    """A point on the edge, exactly; the sum that found it may be off by a rounding."""
    return (min(max(point[0], box.left), box.right), min(max(point[1], box.top), box.bottom))
