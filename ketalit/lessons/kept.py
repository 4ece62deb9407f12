"""Reviews that are read once and then kept, for several panels draw on the same one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..review import Review, load_review


@cache
def review_in(folder: Path) -> Review:
    """The review of a folder, as it was when it was first asked for.

    Raises:
        InputError: the folder is not a review.

    >>> from ketalit.review import BUNDLED
    >>> review_in(BUNDLED) is review_in(BUNDLED)
    True
    """
    return load_review(folder)
