"""What counts as a difference in pain that matters: values that were published, each with its source.

The reader chooses one, or gives another with its source. It is a line in a picture and a column in a table, never a
verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from ..pooling import Pooled
from ..pooling.door import number

CAUTION = (
    "Published thresholds are changes within a person. Whether a difference between groups matters has to be judged "
    "case by case (Dworkin et al. 2009, PMID:19836888); see the share of responders beside it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A smallest difference that matters.

    Attributes:
        points: on a scale from 0 to 10, above 0.
        source: where it is from; a threshold without a source is refused.
        meaning: what its authors take it for.
        percent: the relative change that they give beside it.
        spread: lower and upper quartile of the values that were met, in points, where many studies were reviewed.
        read_in: what was read of the source: its abstract, a table, or somebody else's summary.
    """

    points: float
    source: str
    meaning: str = ""
    percent: float | None = None
    spread: tuple[float, float] | None = None
    read_in: str = ""

    def __post_init__(self) -> None:
        number(self.points, "points", "threshold", above=0, below=10)
        if not self.source.strip():
            what, expected = "the threshold has no source", "where it is from, the reader's own reasons included"
            raise InputError(what, where="threshold", expected=expected)

    def line(self, scale: tuple[float, float], better: str = "lower") -> float:
        """Where the threshold is, in points of another scale; below 0 where lower is better.

        >>> THRESHOLDS["salaffi2004"].line((0, 100))
        -10.0

        Raises:
            InputError: the scale runs downwards, or `better` is neither lower nor higher.
        """
        low, high = scale
        if not low < high:
            raise InputError("the scale runs downwards", where="threshold", expected="the lower end first")
        if better not in {"lower", "higher"}:
            raise InputError(f"better is “{better}”", where="threshold", expected="lower or higher")
        size = self.points * (high - low) / 10
        return -size if better == "lower" else size

    def against(self, result: Pooled, scale: tuple[float, float], better: str = "lower") -> str:
        """Where the interval of a difference of means lies: beyond the threshold, short of it, or on both sides.

        >>> from ketalit.pooling import pool
        >>> THRESHOLDS["salaffi2004"].against(pool([-15.8], [69.2], measure="MD"), (0, 100))
        'interval on both sides'

        Raises:
            InputError: the result is no difference of means.
        """
        if result.measure != "MD":
            what = f"the measure is {result.measure or 'not known'}"
            raise InputError(what, where="threshold", expected="MD, in points of a scale")
        edge = self.line(scale, better)
        beyond = [end <= edge if better == "lower" else end >= edge for end in (result.ci_low, result.ci_high)]
        return (
            "interval beyond it" if all(beyond) else "interval on both sides" if any(beyond) else "interval short of it"
        )


THRESHOLDS = {
    "salaffi2004": Threshold(
        points=1,
        percent=15,
        meaning="slightly better; 825 people with chronic musculoskeletal pain",
        source="Salaffi et al. 2004, PMID:15207508",
        read_in="abstract",
    ),
    "salaffi2004 much better": Threshold(
        points=2,
        percent=33,
        meaning="much better; the same people",
        source="Salaffi et al. 2004, PMID:15207508",
        read_in="abstract",
    ),
    "farrar2001": Threshold(
        points=2,
        percent=30,
        meaning="much or very much improved; 2,724 people in 10 trials of pregabalin",
        source="Farrar et al. 2001, PMID:11690728",
        read_in="abstract",
    ),
    "dworkin2008 substantial": Threshold(
        points=4,
        percent=50,
        meaning="substantial improvement; a consensus (IMMPACT)",
        source="Dworkin et al. 2008, PMID:18055266",
        read_in="summaries by others",
    ),
    "olsen2018": Threshold(
        points=2.3,
        percent=34,
        spread=(1.2, 3.9),
        meaning="median of 66 studies, 31,254 people; about two thirds of their variation go with pain at baseline",
        source="Olsen et al. 2018, PMID:29793007",
        read_in="abstract",
    ),
}
"""Published thresholds by key; `CAUTION` belongs beside each."""
