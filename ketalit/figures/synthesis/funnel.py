"""Funnel plots with contours: effects against their precision, over regions of "statistical significance"."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InputError
from ..axes import Axis
from ..frame import Frame
from ..marks import Line, Mark, Points, Polygon
from ..notes import Rule
from ..panels import Panel, draw
from ..picture import Picture
from ..scale import Linear, Scale, Tick
from .rows import FAR, NEAR, bounded
from .telling import Telling

LEAST = 10  # studies below which nothing can be read from the shape of a funnel (Sterne 2011, doi 10.1136/bmj.d4002)
_CONTOURS = (  # two-sided p, quantiles of the normal distribution, strength of the shade
    ("p 0.05 to 0.10", 1.6448536269514722, 1.959963984540054, 0.34),
    ("p 0.01 to 0.05", 1.959963984540054, 2.5758293035489004, 0.18),
)


_SHADES = "p is of a test against no effect: above 0.10 between the shades, below 0.01 outside them."


@dataclass(frozen=True, slots=True)
class _Down:
    """A linear scale with zero at the top."""

    high: float

    def fractions(self, values: Iterable[Any]) -> list[float]:
        """Where values lie, 0 to 1 between the ends."""
        return [1 - fraction for fraction in Linear(0.0, self.high).fractions(values)]

    def ticks(self, most: int, *, times: float = 1) -> list[Tick]:
        """Ticks as those of a linear scale."""
        return Linear(0.0, self.high).ticks(most, times=times)


@dataclass(frozen=True, slots=True)
class _Depth(Axis):
    """An axis of standard errors; the smallest stand at the top."""

    def scale(self, values: Iterable[float]) -> Scale:
        """From zero down to the second limit."""
        return _Down(self.limits[1] if self.limits else max(values))


def funnel(
    effects: Collection[float],
    errors: Collection[float],
    *,
    names: Sequence[str] = (),
    pooled: float | None = None,
    filled: tuple[Collection[float], Collection[float]] = ((), ()),
    measure: str = "Effect",
    ratio: bool = False,
    reference: float | None = None,
    title: str = "Funnel plot",
    subtitle: str = "",
    note: str = "",
    width: float = 640.0,
    height: float = 340.0,
) -> Picture:
    """Draw effects against their standard errors, over contours of p.

    Contours are those of a test against no effect (Peters et al. 2008, https://doi.org/10.1016/j.jclinepi.2007.11.010):
    if studies seem to be missing where p is large, selective publication may be why; elsewhere it is hardly.

    Args:
        effects: of the studies; ratios as ratios.
        errors: standard errors; those of ratios belong to their logarithms.
        names: of the studies, told to a mouse and in the description.
        pooled: where a dashed line stands.
        filled: effects and errors of studies made up by trim and fill, drawn hollow.
        measure: what the effects are, with their unit.
        ratio: effects are ratios; the axis is logarithmic.
        reference: no effect; 0, or 1 for ratios.
        title, subtitle, note: what it shows; conditions; sources and limits.
        width, height: of the picture and of its axes, px.

    Raises:
        InputError: no studies, columns of different length, a standard error that is not above 0.

    >>> funnel([-8, -2, -5], [3.0, 5.0, 1.0], names=["Toy A", "Toy B", "Toy C"]).description.split(". ")[0]
    '3 studies, fewer than 10: nothing can be read from the shape of this funnel'
    """
    found, spread = bounded(effects), bounded(errors)
    made, made_spread = bounded(filled[0]), bounded(filled[1])
    called = list(names) or [str(at + 1) for at in range(len(found))]
    if not found:
        raise InputError("a funnel plot without studies", expected="at least one")
    if not len(found) == len(spread) == len(called) or len(made) != len(made_spread):
        what = f"{len(found)} effects, {len(spread)} standard errors, {len(called)} names"
        raise InputError(what, where="funnel plot", expected="one of each for each study")
    if wrong := [error for error in [*spread, *made_spread] if not error > 0]:
        raise InputError(f"a standard error is {wrong[0]:g}", where="funnel plot", expected="a number above 0")
    null = (1.0 if ratio else 0.0) if reference is None else reference
    deepest = min(max([NEAR, *spread, *made_spread]) * 1.06, FAR)

    def away(distance: float) -> float:
        """A place at a distance from no effect, on the axis."""
        return null * math.exp(min(max(distance, -600.0), 600.0)) if ratio else null + distance

    marks: list[Mark] = []
    for label, inner, outer, strength in _CONTOURS:
        for side in (-1, 1):
            corners = [null, away(side * inner * deepest), away(side * outer * deepest)]
            depth = [0.0, deepest, deepest]
            marks.append(_Contour(corners, depth, label=label, ink="muted", strength=strength))
    # both sides of the funnel are seen, wherever the studies lie
    marks += [Rule(x=null, ink="ink", dash=""), *(_Room(away(side * 2.1 * deepest)) for side in (-1, 1))]
    if pooled is not None:
        marks.append(Line([pooled, pooled], [0.0, deepest], label="pooled", ink="s1", dash="5 3", width=1.6))
    telling = Telling.of([] if ratio else [3.9 * error for error in spread], ratio=ratio)
    errors_told = Telling.of([3.9 * error for error in spread])
    tips = [
        f"{name}: {telling.tell(one)}, SE {errors_told.tell(error)}"
        for name, one, error in zip(called, found, spread, strict=True)
    ]
    marks.append(Points(found, spread, label="study", ink="s0", shape="circle", sizes=4.5, tips=tips))
    if made:
        label = "made up by trim and fill"
        marks.append(Points(made, made_spread, label=label, ink="s3", shape="diamond", sizes=4.5, hollow=True))
    count = f"{len(found)} {'study' if len(found) == 1 else 'studies'}"
    few = f"{count}, fewer than {LEAST}: nothing can be read from the shape of this funnel."
    caution = few if len(found) < LEAST else f"{count}. A lopsided funnel has other causes than unpublished trials too."
    of = "Standard error of the logarithm" if ratio else "Standard error"
    line = f" Pooled: {telling.tell(pooled)}." if pooled is not None else ""
    return draw(
        Panel(
            marks,
            Axis(measure, "log" if ratio else "linear"),
            _Depth(f"{of} (precise studies at the top)", limits=(0.0, deepest)),
        ),
        title=title,
        subtitle=subtitle,
        description=f"{caution} {'; '.join(tips)}.{line}",
        note=" ".join(filter(None, [caution, _SHADES, note])),
        width=width,
        height=height,
    )


@dataclass(frozen=True, slots=True)
class _Contour(Polygon):
    """A region of p; it fills what room there is and asks for none."""

    def reach(self, axis: str) -> list[float]:
        """Nothing."""
        return []


@dataclass(frozen=True, slots=True)
class _Room(Rule):
    """Room for a value, and nothing drawn."""

    def draw(self, frame: Frame) -> str:
        """Nothing."""
        return ""
