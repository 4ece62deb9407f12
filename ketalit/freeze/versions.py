"""The versions of what a snapshot was made with."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from .. import __version__

_EXTRAS = ("pyarrow",)  # an extra that writes files where it is there
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Versions:
    """Versions of ketalit, Python and the libraries that ketalit names, by name."""

    ketalit: str
    python: str
    libraries: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """For a paragraph of methods."""
        libraries = ", ".join(f"{name} {number}" for name, number in self.libraries.items())
        return f"ketalit {self.ketalit} on Python {self.python} ({libraries})."


def versions() -> Versions:
    """The versions at work here.

    >>> versions().ketalit == __version__
    True
    """
    try:
        named = [line for line in requires("ketalit") or () if "extra ==" not in line]
    except PackageNotFoundError:  # run from its sources, not installed
        named = []
    found: dict[str, str] = {}
    for name in sorted({*(_NAME.match(line)[0] for line in named), *_EXTRAS}):  # type: ignore[index]
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return Versions(__version__, platform.python_version(), found)
