"""What becomes of a pooled result without each study, and what it was as studies came in."""

from __future__ import annotations

from collections.abc import Sequence

from ..picture import Picture
from .forest import forest
from .rows import Study, Threshold, Total


def leave_one_out(
    without: Sequence[Study],
    whole: Total,
    *,
    measure: str = "Effect",
    ratio: bool = False,
    threshold: Threshold | None = None,
    headers: Sequence[str] = (),
    level: float = 0.95,
    title: str = "Without each study in turn",
    subtitle: str = "",
    note: str = "",
    width: float = 760.0,
) -> Picture:
    """Draw the pooled result without each study; the range shaded is that of all studies.

    Args:
        without: a row for each study: the result of the others.
        whole: the result of all.
        measure, ratio, threshold, headers, level, title, subtitle, note, width: as of `forest`.

    >>> rows = [Study("Toy A", -3, -9, 3), Study("Toy B", -8, -16, 0)]
    >>> leave_one_out(rows, Total("All studies", -5.6, -11, -0.2)).description.splitlines()[-1]
    'All studies: −5.60 (95 % CI −11.00 to −0.20).'
    """
    return forest(
        without,
        whole,
        measure=measure,
        ratio=ratio,
        threshold=threshold,
        headers=headers,
        level=level,
        shade=(whole.low, whole.high),
        label="Without",
        title=title,
        subtitle=subtitle,
        note=note,
        width=width,
    )


def cumulative(
    steps: Sequence[Study],
    *,
    measure: str = "Effect",
    ratio: bool = False,
    threshold: Threshold | None = None,
    headers: Sequence[str] = (),
    level: float = 0.95,
    title: str = "As studies came in",
    subtitle: str = "",
    note: str = "",
    width: float = 760.0,
) -> Picture:
    """Draw the pooled result after each study; intervals are not corrected for having looked again and again.

    Args:
        steps: a row for each study: the result of all up to it.
        measure, ratio, threshold, headers, level, title, subtitle, note, width: as of `forest`.

    >>> cumulative([Study("Toy A, 2001", -8, -15, -1), Study("Toy B, 2005", -5.6, -11, -0.2)]).title
    'As studies came in'
    """
    again = "Each row pools all studies up to it; intervals are not corrected for looking again and again."
    return forest(
        steps,
        measure=measure,
        ratio=ratio,
        threshold=threshold,
        headers=headers,
        level=level,
        label="Up to",
        title=title,
        subtitle=subtitle,
        note=" ".join(filter(None, [again, note])),
        width=width,
    )
