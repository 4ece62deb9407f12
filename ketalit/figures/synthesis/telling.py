"""How numbers are written in pictures of trials: one number of decimals for all rows, so that they align."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_MOST_DECIMALS = 5  # beyond it, small numbers are written with powers of ten
NOTHING = "not estimable"


@dataclass(frozen=True, slots=True)
class Telling:
    """How effects are written.

    Attributes:
        decimals: of a difference.
        ratio: whether effects are ratios; these are written with two digits that count, at least.
    """

    decimals: int = 2
    ratio: bool = False

    @classmethod
    def of(cls, widths: Iterable[float], *, ratio: bool = False) -> Telling:
        """As fits intervals of such widths: an interval is told to about a hundredth of its width.

        >>> Telling.of([30.0, 41.0, 27.0]).decimals, Telling.of([1.2]).decimals, Telling.of([0.03]).decimals
        (1, 2, 3)
        """
        finite = [width for width in widths if math.isfinite(width) and width > 0]
        usual = median(finite) if finite else 1.0
        if usual >= 20:
            return cls(0 if usual >= 2000 else 1, ratio)
        return cls(2 if usual >= 0.2 else 1 - math.floor(math.log10(usual)), ratio)

    def tell(self, value: float) -> str:
        """A value.

        >>> Telling(1).tell(-15.79), Telling(ratio=True).tell(0.0561), Telling().tell(2.3e-7), Telling().tell(1.5e7)
        ('−15.8', '0.056', '0.00', '1.5×10⁷')
        """
        if math.isnan(value):
            return NOTHING
        if math.isinf(value):
            return "∞" if value > 0 else "−∞"
        size = abs(value)
        if size >= 1e6 or (0 < size < 1e-3 and self.decimals > _MOST_DECIMALS) or (self.ratio and 0 < size < 1e-4):
            mantissa, power = f"{value:.1e}".split("e")
            return f"{mantissa}×10{str(int(power)).translate(_SUPERSCRIPT)}".replace("-", "−")
        decimals = self.decimals
        if self.ratio and size > 0:
            decimals = 2 if 0.1 <= size < 100 else max(1 - math.floor(math.log10(size)), 0)
        text = f"{value:.{decimals}f}"
        return (text[1:] if float(text) == 0 and text.startswith("-") else text).replace("-", "−")

    def between(self, low: float, high: float) -> str:
        """An interval.

        >>> Telling(1).between(-32.09, 0.51)
        '−32.1 to 0.5'
        """
        return NOTHING if math.isnan(low) or math.isnan(high) else f"{self.tell(low)} to {self.tell(high)}"


def percent(share: float) -> str:
    """A weight, 0 to 1, in percent.

    >>> percent(0.362), percent(1.0)
    ('36.2 %', '100.0 %')
    """
    return NOTHING if math.isnan(share) else f"{100 * share:.1f} %"
