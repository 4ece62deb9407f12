"""What every room tells in the same way: numbers with their nouns, and progress."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]
"""Gets a line on what is being waited for."""


def silent(line: str) -> None:
    """A `Say` that tells nobody."""


def adds(extra: str) -> str:
    """How an extra is added, for a shell that reads brackets too.

    >>> adds("word")
    '`pip install "ketalit[word]"`, in a checkout `pip install -e ".[word]"`'
    """
    return f'`pip install "ketalit[{extra}]"`, in a checkout `pip install -e ".[{extra}]"`'


def cut(text: str, most: int) -> str:
    """A text of at most so many characters; an ellipsis stands for what is cut off.

    >>> cut("ketamine", 8), cut("ketamine", 5)
    ('ketamine', 'keta…')
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def count_of(number: int, one: str, many: str = "") -> str:
    """A number with its noun; the plural is `one` with an s unless it is given.

    >>> count_of(1, "record"), count_of(1200, "record"), count_of(2, "search", "searches")
    ('1 record', '1,200 records', '2 searches')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
