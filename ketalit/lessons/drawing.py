"""What the pictures of several lessons draw in the same way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from ..figures import Axis, Line

Array = np.ndarray[Any, Any]


def earlier(x: Collection[Any], y: Collection[Any], label: str, *, dash: str = "5 3", width: float = 2.0) -> Line:
    """A curve of the setting before this one: pale and broken, to be compared with.

    >>> earlier([0, 1], [1, 2], "before: 1 mM").ink
    'muted'
    """
    return Line(x, y, label=label, ink="muted", dash=dash, width=width)


def share_axis(label: str, top: float = 1) -> Axis:
    """An axis of shares from 0 to `top`, read in per cent.

    >>> share_axis("Channels blocked (%)").limits
    (0, 1)
    """
    return Axis(label, limits=(0, top), percent=True)
