"""What words say of a work (year, names, title, journal), and family names compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
PARTICLES = r"(?:(?:van|von|de|der|den|la|le|di|da|du)\s+){0,3}"  # before a family name


@dataclass(frozen=True, slots=True, kw_only=True)
class Bibliography:
    """What a reference or a mention says of the work, as far as it could be read."""

    year: int | None = None
    names: tuple[str, ...] = ()
    title: str = ""
    journal: str = ""
    volume: str = ""
    first_page: str = ""


def last_name(name: str) -> str:
    """The family name of a name as pages and reference lists write it.

    >>> last_name("David Borsook"), last_name("Borsook D"), last_name("van Hilten JJ")
    ('borsook', 'borsook', 'hilten')
    """
    words = [word for word in re.split(r"[\s,]+", name) if word]
    while len(words) > 1 and re.fullmatch(r"(?:[A-Z]\.?){1,4}", words[-1]):
        words.pop()
    return words[-1].casefold() if words else ""


def alike(one: str, other: str) -> bool:
    """Whether two family names are the same but for a slip of the pen; short names must agree.

    >>> alike("barsook", "borsook"), alike("lee", "li")
    (True, False)
    """
    if one == other or min(len(one), len(other)) < 5:
        return one == other
    return SequenceMatcher(None, one, other).ratio() >= 0.8
