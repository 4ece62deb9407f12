"""Make very many objects that all stay, without Python looking through them for cycles again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def all_stay() -> Iterator[None]:
    """Let the search for cycles rest inside: frozen records hold none, and each search goes through all of them.

    Without this, most of the time that it takes to make 10,000 records out of what is kept goes into these searches.

    >>> with all_stay():
    ...     gc.isenabled()
    False
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
