"""A picture of everything ketamine binds to, by how much of it is occupied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..axes import Axis
from ..diagram import percent
from ..marks import ErrorBars, Mark, Points
from ..notes import Rule
from ..panels import Panel, draw
from ..picture import Picture
from .reading import listed

if TYPE_CHECKING:
    from ...models.targets import Occupied

_NOTE = (
    "Dots: geometric mean of the constants reported; bars: from the weakest to the strongest. "
    "Constants are from other cells, species and temperatures than a patient's."
)
_GROUPS = ("NMDA receptor", "other target", "metabolite at its target")


def occupancy(
    found: Sequence[Occupied],
    *,
    subtitle: str = "",
    note: str = _NOTE,
    logarithmic: bool = True,
) -> Picture:
    """How much of each target is occupied, the most occupied first.

    Args:
        found: of `models.targets.rank`, at one concentration.
        subtitle: conditions: the concentration.
        note: under the picture.
        logarithmic: the axis; on a linear one, what is occupied by less than 1 % cannot be told from nothing.

    A hollow point stands on a number that was not seen in the paper it comes from.

    >>> from ketalit.figures.mechanism import occupancy
    >>> from ketalit.models.targets import rank
    >>> occupancy(rank("0.5 µM", family="opioid")).description.partition(";")[0]
    'κ-opioid receptor 1.7 %'
    """
    ordered = sorted(found, key=lambda one: (-float(one.middle), one.site.label))
    marks: list[Mark] = [Rule(x=0.1, name="10 %")]
    for group, name in enumerate(_GROUPS):
        for hollow in (False, True):
            here = [
                (at, one)
                for at, one in enumerate(ordered)
                if _group(one) == group and (str(one.status) not in {"seen", "computed"}) == hollow
            ]
            if here:
                places = [at for at, _ in here]
                low, high = [float(one.low) for _, one in here], [float(one.high) for _, one in here]
                marks.append(ErrorBars(places, low, high, series=group, flat=True, cap=3))
                tips = [f"{one.site.label}: {told(one)}; {one.status}" for _, one in here]
                middles = [float(one.middle) for _, one in here]
                label = f"{name}, number not seen in its paper" if hollow else name
                marks.append(Points(middles, places, label=label, series=group, sizes=4.5, hollow=hollow, tips=tips))
    least = min([0.01, *(float(one.low) for one in ordered if float(one.low) > 0)])
    x = Axis("Occupied (%)", "log", limits=(min(1e-4, least / 2), 1), percent=True)
    if not logarithmic:
        x = Axis("Occupied (%)", limits=(0, 1), percent=True)
    labels = tuple(one.site.label for one in ordered)
    return draw(
        Panel(marks, x, Axis(kind="names", names=labels, beside=tuple(told(one) for one in ordered))),
        title="What a free concentration of ketamine occupies",
        subtitle=subtitle,
        description=listed(f"{one.site.label} {told(one)}" for one in ordered),
        note=note,
    )


def told(one: Occupied) -> str:
    """An occupancy with its range, as text."""
    low, high = percent(float(one.low)), percent(float(one.high))
    return low if low == high else f"{low.removesuffix(' %')}–{high}"


def _group(one: Occupied) -> int:
    if one.site.substance != "ketamine":
        return 2
    return 0 if one.site.label.startswith("NMDA") else 1
