"""Values read off curves, for the descriptions in words."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import Any

from ..scale import numbers


def crossing(x: Collection[Any], y: Collection[Any], level: float, *, ratio: bool = False) -> float | None:
    """Where a curve first passes a level, between its points; None where it never does. `ratio`: x is logarithmic.

    >>> round(crossing([1, 10, 100], [0, 40, 60], 50, ratio=True), 3)
    31.623
    """
    points = list(zip(numbers(x), numbers(y), strict=True))
    for (x1, y1), (x2, y2) in pairwise(points):
        if (y1 - level) * (y2 - level) <= 0 and y1 != y2:
            share = (level - y1) / (y2 - y1)
            return math.exp(math.log(x1) + share * math.log(x2 / x1)) if ratio else x1 + share * (x2 - x1)
    return None


def digits(value: float, count: int = 3) -> str:
    """A number with so many digits that count, without an exponent where it can be.

    >>> digits(46.5), digits(5000), digits(0.02), digits(1234.5)
    ('46.5', '5000', '0.02', '1230')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    rounded = round(value, count - 1 - math.floor(math.log10(abs(value))))
    return f"{rounded:g}" if 1e-4 <= abs(rounded) < 1e6 else f"{rounded:.{count - 1}e}"


def duration(hours: float) -> str:
    """A time as people say it.

    >>> duration(0.667), duration(4), duration(100.8)
    ('40 min', '4 h', '4.2 days')
    """
    if hours < 2:
        return f"{digits(hours * 60, 2)} min"
    return f"{digits(hours, 2)} h" if hours < 72 else f"{digits(hours / 24, 2)} days"


def listed(parts: Iterable[str]) -> str:
    """Sentences from clauses.

    >>> listed(["a: 1", "b: 2"])
    'a: 1; b: 2.'
    """
    text = "; ".join(parts)
    return f"{text}." if text else ""


def capital(text: str) -> str:
    """A text that begins with a capital letter.

    >>> capital("pain"), capital("")
    ('Pain', '')
    """
    return text[:1].upper() + text[1:]
