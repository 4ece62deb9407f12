"""What becomes of a pooled result without each study, and what it was as studies came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..picture import Picture
from .forest import forest
from .rows import Study, Total


def leave_one_out(without: Sequence[Study], whole: Total, **more: Any) -> Picture:
    """Draw the pooled result without each study; the range shaded is that of all studies.

    Args:
        without: a row for each study: the result of the others.
        whole: the result of all.
        more: what `forest` takes.

    >>> rows = [Study("Toy A", -3, -9, 3), Study("Toy B", -8, -16, 0)]
    >>> leave_one_out(rows, Total("All studies", -5.6, -11, -0.2)).description.splitlines()[-1]
    'All studies: −5.60 (95 % CI −11.00 to −0.20).'
    """
    named = {"label": "Without", "title": "Without each study in turn", "shade": (whole.low, whole.high)}
    return forest(without, whole, **{**named, **more})


def cumulative(steps: Sequence[Study], *, note: str = "", **more: Any) -> Picture:
    """Draw the pooled result after each study; intervals are not corrected for having looked again and again.

    Args:
        steps: a row for each study: the result of all up to it.
        note: sources and limits.
        more: what else `forest` takes.

    >>> cumulative([Study("Toy A, 2001", -8, -15, -1), Study("Toy B, 2005", -5.6, -11, -0.2)]).title
    'As studies came in'
    """
    again = "Each row pools all studies up to it; intervals are not corrected for looking again and again."
    said = " ".join(filter(None, [again, note]))
    return forest(steps, **{"label": "Up to", "title": "As studies came in", "note": said, **more})
