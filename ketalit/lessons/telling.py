"""Words and numbers that several lessons tell in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from ..figures.mechanism.reading import digits


def minus(text: str) -> str:
    """Minus signs before numbers in place of hyphens.

    >>> minus("at -70 mV, low-dose")
    'at −70 mV, low-dose'
    """
    return "".join(
        "−" if one == "-" and following.isdigit() and not before.isalnum() else one
        for before, one, following in zip(" " + text, text, text[1:] + " ", strict=False)
    )


def percent(share: float) -> str:
    """A share of 1 in per cent, with more digits close to either end.

    >>> percent(0.0444), percent(0.003), percent(0.977), percent(0.9991), percent(0)
    ('4 %', '0.3 %', '98 %', '99.91 %', '0 %')
    """
    if 0.995 <= share < 1:
        return f"{100 * share:.4g} %"
    return f"{100 * share:.0f} %" if share >= 0.00995 or share <= 0 else f"{100 * share:.2g} %"


def between(values: Iterable[float], shown: Callable[[float], str] = digits) -> str:
    """The smallest and largest of values, or the one that both are as shown.

    >>> between([155.1, 140.2]), between([140.2])
    ('140 to 155', '140')
    """
    found = sorted(values)
    low, high = shown(found[0]), shown(found[-1])
    return low if low == high else f"{low} to {high}"


def linked(words: str, url: str) -> str:
    """Words that lead to an address in another tab, HTML; the words alone where there is none.

    >>> linked("Price & others", ""), linked("here", "#a")
    ('Price &amp; others', '<a href="#a" target="_blank" rel="noopener">here</a>')
    """
    return f'<a href="{escape(url)}" target="_blank" rel="noopener">{escape(words)}</a>' if url else escape(words)
