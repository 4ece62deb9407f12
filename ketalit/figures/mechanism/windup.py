"""Pictures of wind-up in the dorsal horn, which tell how far the fast map behind them may be trusted."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from ..axes import Axis
from ..cells import Cells
from ..marks import Line, Mark, Points
from ..panels import Panel, draw
from ..picture import Picture
from ..scale import numbers
from .reading import digits, listed

MODEL_ONLY = "A model of rat dorsal horn. Wind-up lasts seconds; it is neither central sensitisation nor chronic pain."


_ASIDE = 0.07  # of a stimulus, by which points of different conditions stand beside one another


@cache
def fast_map_limits() -> str:
    """What the fast map misses, in words: its error where it was fitted, and where it was not fitted at all.

    >>> print(fast_map_limits())
    The fast map misses runs of the full model by up to 1.9 spikes a stimulus (root mean square). Worst is 1 Hz without
    block, where it ends at 15.3 spikes and the full model at 12. Block was fitted at 1 Hz alone: blocked responses at
    other frequencies are extrapolated.
    """
    from ...models.windup import errors, reference_curve, wind_up

    condition, worst = max(errors().items(), key=lambda pair: pair[1])
    run = reference_curve(condition)
    curve = wind_up(run.fraction, site=run.site, frequency=run.frequency, stimuli=len(run.spikes))
    blocked = "without block" if run.fraction == 1 else f"with {100 * run.fraction:g} % left"
    return (
        f"The fast map misses runs of the full model by up to {worst:.1f} spikes a stimulus (root mean square). Worst "
        f"is {run.frequency:g} Hz {blocked}, where it ends at {float(curve[-1]):.1f} spikes and the full model at "
        f"{run.spikes[-1]}. Block was fitted at {_fitted_frequency():g} Hz alone: blocked responses at other "
        "frequencies are extrapolated."
    )


def wind_up(
    spikes: Mapping[str, Collection[Any]],
    *,
    points: Mapping[str, Collection[Any]] | None = None,
    subtitle: str = "",
    note: str = MODEL_ONLY,
    fast_map: bool = True,
) -> Picture:
    """Late (C-fibre) responses to a train of stimuli.

    Args:
        spikes: name of a condition to action potentials for each stimulus (`models.windup.wind_up`).
        points: for some of the conditions, values to be held against the curve, such as runs of the model behind it.
        subtitle: conditions.
        note: under the picture, before the limits of the fast map.
        fast_map: the curves are of the fast map, so that its error is told; false for runs of the full model.

    >>> from ketalit.figures.mechanism import wind_up as picture
    >>> picture({"no drug": [4, 6, 9]}).description
    'no drug: from 4 spikes at the first stimulus to 9 at stimulus 3.'
    >>> from ketalit.models.windup import reference_curve, wind_up
    >>> runs = {"no drug": reference_curve("1Hz").spikes}
    >>> picture({"no drug": wind_up()}, points=runs).description
    'no drug: from 3.4 spikes at the first stimulus to 15 at stimulus 15.'
    """
    marks: list[Mark] = []
    for at, (name, values) in enumerate(spikes.items()):
        marks.append(Line(range(1, len(values) + 1), values, label=name, series=at))
        held = (points or {}).get(name)
        if held is None:
            marks.append(Points(range(1, len(values) + 1), values, label=name, series=at))
        else:
            # Side by side, so that points of one height do not hide one another.
            aside = _ASIDE * (2 * at - len(spikes) + 1)
            places = [number + aside for number in range(1, len(held) + 1)]
            marks.append(Points(places, held, label=f"{name}: full model", series=at, hollow=True))
    told = []
    for name, values in spikes.items():
        plain = numbers(values)
        told.append(
            f"{name}: from {digits(plain[0], 2)} spikes at the first stimulus to {digits(plain[-1], 2)} "
            f"at stimulus {len(plain)}"
        )
    return draw(
        Panel(
            marks,
            Axis("Stimulus", limits=(0.5, max(map(len, spikes.values())) + 0.5)),
            Axis("Spikes of the late response", zero=True),
        ),
        title="Wind-up, with and without block of NMDA receptors",
        subtitle=subtitle,
        description=listed(told),
        note=f"{note} {fast_map_limits()}".strip() if fast_map else note,
    )


def wind_up_map(
    frequencies: Collection[Any],
    left: Collection[Any],
    growth: Sequence[Collection[Any]],
    *,
    subtitle: str = "",
    note: str = MODEL_ONLY,
    fast_map: bool = True,
) -> Picture:
    """Growth of the response over frequency of stimuli and NMDA conductance left.

    Args:
        frequencies: Hz, one a column.
        left: share of the NMDA conductance left, 0 to 1, one a row, from the top.
        growth: spikes of the last response less those of the first, a row for each of `left`.
        subtitle: conditions.
        note: under the picture, before the limits of the fast map.
        fast_map: the numbers are of the fast map, so that its error is told and a line parts the cells that its fit
            covers from those it is stretched to; false for runs of the full model.

    >>> from ketalit.figures.mechanism import wind_up_map
    >>> from ketalit.models.windup import wind_up
    >>> trains = wind_up([[1], [0.9]], frequency=[0.5, 1])
    >>> wind_up_map([0.5, 1], [1, 0.9], trains[..., -1] - trains[..., 0]).description
    'It grows most, by 12 spikes, at 1 Hz with 100 % of the conductance.'
    """
    columns = tuple(f"{value:g}" for value in numbers(frequencies))
    rows = tuple(f"{100 * value:g} %" for value in numbers(left))
    plain = [numbers(row) for row in growth]
    best, column, row = max(
        (value, column, row)
        for row, values in zip(rows, plain, strict=True)
        for column, value in zip(columns, values, strict=True)
    )
    marks: list[Mark] = [
        Cells(columns, rows, plain, label="spikes more at the last stimulus than at the first", digits=0)
    ]
    x, y = _edge_of_the_fit(numbers(frequencies), numbers(left)) if fast_map else ([], [])
    if x:
        marks.append(Line(x, y, label="edge of the fit; cells beyond it are extrapolated", ink="s1", dash=""))
    return draw(
        Panel(
            marks,
            Axis("Stimuli per second (Hz)", "names", names=columns),
            Axis("NMDA conductance left", "names", names=rows),
        ),
        title="Wind-up needs both frequency and open NMDA receptors",
        subtitle=subtitle,
        description=f"It grows most, by {digits(best, 2)} spikes, at {column} Hz with {row} of the conductance.",
        note=f"{note} {fast_map_limits()}".strip() if fast_map else note,
    )


def _fitted_frequency() -> float:
    """The one frequency, Hz, at which the fast map was fitted to blocked responses."""
    from ...models.windup import fitted_curves

    (found,) = {curve.frequency for curve in fitted_curves() if curve.fraction < 1}
    return found


def _edge_of_the_fit(frequencies: list[float], left: list[float]) -> tuple[list[float], list[float]]:
    """A broken line between cells that the fit covers and others, counted from the middle of the first cell."""
    from ...models.windup import fitted_curves

    known = [curve.frequency for curve in fitted_curves()]
    covered = [
        [hertz == _fitted_frequency() or (share == 1 and min(known) <= hertz <= max(known)) for hertz in frequencies]
        for share in left
    ]
    x: list[float] = []
    y: list[float] = []
    for row, here in enumerate(covered):
        for column, inside in enumerate(here):
            if column + 1 < len(here) and inside != here[column + 1]:
                x += [column + 0.5, column + 0.5, math.nan]
                y += [row - 0.5, row + 0.5, math.nan]
            if row + 1 < len(covered) and inside != covered[row + 1][column]:
                x += [column - 0.5, column + 0.5, math.nan]
                y += [row + 0.5, row + 0.5, math.nan]
    return x, y
