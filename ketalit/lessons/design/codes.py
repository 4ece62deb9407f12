"""From a state code back to its panel, whichever lesson it is of."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from ... import lessons
from ...errors import InputError
from ...rows import did_you_mean
from ..panel import Panel


def panels_by_name() -> Mapping[str, type[Panel]]:
    """The panels of the lessons, by the name that their state codes begin with.

    A panel is found by being a name of its lesson: one that a lesson's folder keeps to itself cannot be asked for.

    >>> panels_by_name()["drip"].title
    'From drip to dorsal horn'
    """
    found = (
        one
        for lesson in iter_modules(lessons.__path__, f"{lessons.__name__}.")
        for one in vars(import_module(lesson.name)).values()
    )
    return {one.name: one for one in found if isinstance(one, type) and issubclass(one, Panel) and "name" in vars(one)}


def panel_of(code: str) -> Panel:
    """The panel that a state code describes.

    Raises:
        InputError: no panel has such a code, or it cannot stand so.

    >>> panel_of("drip~rate=0.2").seen()[:7]
    'At most'
    """
    known = panels_by_name()
    name = code.strip().split("~")[0]
    if name not in known:
        raise InputError(f"no panel has the code “{code.strip()[:60]}”{did_you_mean(name, known)}", expected="design~…")
    panel = known[name]()
    panel.restore(code)
    return known[name](**panel.now)  # without a setting before it to compare with
