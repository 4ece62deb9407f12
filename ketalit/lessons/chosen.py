"""The review that lessons 6 to 10 work on: the bundled one, or the one `ketalit lab --review` was given."""

from __future__ import annotations

import os
from pathlib import Path

from ..review import BUNDLED, Review, load_review

REVIEW = "KETALIT_REVIEW"  # set by `ketalit lab --review`


def chosen_folder() -> Path:
    """The folder of the review."""
    return Path(os.environ.get(REVIEW) or BUNDLED)


def chosen_review() -> Review:
    """The review.

    Raises:
        InputError: the folder is not a review.

    >>> chosen_review().title
    'Ketamine for chronic pain'
    """
    return load_review(chosen_folder())
