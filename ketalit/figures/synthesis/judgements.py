"""Judgements of risk of bias as small signs: each has a shape of its own, so colour tells nothing alone."""

from __future__ import annotations

from ...errors import InputError
from ..style import both, fill, stroke
from ..text import attribute, clean, number

NOT_ASSESSED = "not assessed"
ROB2 = {
    "D1": "randomisation process",
    "D2": "deviations from the intended interventions",
    "D3": "missing outcome data",
    "D4": "measurement of the outcome",
    "D5": "selection of the reported result",
    "All": "overall",
}
"""Domains of RoB 2 (Sterne et al. 2019, https://doi.org/10.1136/bmj.l4898)."""

_INKS = {"low": "s2", "some concerns": "s4", "high": "s1", NOT_ASSESSED: "muted"}
_SIGNS = {"low": "M-4 0h8M0 -4v8", "some concerns": "M0 -4.4v5.2M0 3v1.6", "high": "M-4 0h8"}
JUDGEMENTS = tuple(_INKS)
SPOKEN = {"low": "low risk", "some concerns": "some concerns", "high": "high risk", NOT_ASSESSED: NOT_ASSESSED}


def judged(value: str) -> str:
    """A judgement in its one spelling; nothing is "not assessed".

    >>> judged("High"), judged("")
    ('high', 'not assessed')

    Raises:
        InputError: it is none.
    """
    plain = clean(value).lower() or NOT_ASSESSED
    if plain not in _INKS:
        raise InputError(f"“{clean(value)}” is no judgement of risk of bias", expected=f"one of {', '.join(_INKS)}")
    return plain


def sign(judgement: str, x: float, y: float, *, size: float = 8.0, tip: str = "") -> str:
    """The sign of a judgement with its middle at (x, y) px: a plus, an exclamation mark, a minus, an empty ring."""
    ink = _INKS[judgement]
    title = f"<title>{attribute(tip)}</title>" if tip else ""
    place = f'cx="{number(x)}" cy="{number(y)}"'
    if judgement == NOT_ASSESSED:
        look = both("ground", ink) + ' stroke-width="1.4" stroke-dasharray="2.6 2"'
        return f'<circle {place} r="{number(size - 0.8)}"{look}>{title}</circle>'
    mark = f'<path transform="translate({number(x)} {number(y)}) scale({number(size / 8)})" d="{_SIGNS[judgement]}"'
    look = f'{stroke("ground")} fill="none" stroke-width="2" pointer-events="none"/>'
    return f'<circle {place} r="{number(size)}"{fill(ink)}>{title}</circle>{mark}{look}'
