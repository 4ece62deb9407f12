"""Pictures of wind-up in the dorsal horn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..axes import Axis
from ..cells import Cells
from ..marks import Line, Mark, Points
from ..panels import Panel, draw
from ..picture import Picture
from ..scale import numbers
from .reading import digits, listed

MODEL_ONLY = "A model of rat dorsal horn. Wind-up lasts seconds; it is neither central sensitisation nor chronic pain."


def wind_up(
    spikes: Mapping[str, Collection[Any]],
    *,
    points: Mapping[str, Collection[Any]] | None = None,
    subtitle: str = "",
    note: str = MODEL_ONLY,
) -> Picture:
    """Late (C-fibre) responses to a train of stimuli.

    Args:
        spikes: name of a condition to action potentials for each stimulus (`models.windup.wind_up`).
        points: for some of the conditions, values to be held against the curve, such as runs of the model behind it.
        subtitle: conditions.
        note: under the picture.

    >>> wind_up({"no drug": [4, 6, 9]}).description
    'no drug: from 4 spikes at the first stimulus to 9 at stimulus 3.'
    """
    marks: list[Mark] = []
    for at, (name, values) in enumerate(spikes.items()):
        marks.append(Line(range(1, len(values) + 1), values, label=name, series=at))
        held = (points or {}).get(name)
        marks.append(Points(range(1, len(held or values) + 1), held or values, series=at, hollow=held is not None))
    if points:
        marks.append(Points([], [], label="runs of the full model", ink="muted", hollow=True))
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
        note=note,
    )


def wind_up_map(
    frequencies: Collection[Any],
    left: Collection[Any],
    growth: Sequence[Collection[Any]],
    *,
    subtitle: str = "",
    note: str = MODEL_ONLY,
) -> Picture:
    """Growth of the response over frequency of stimuli and NMDA conductance left.

    Args:
        frequencies: Hz, one a column.
        left: share of the NMDA conductance left, 0 to 1, one a row, from the top.
        growth: spikes of the last response less those of the first, a row for each of `left`.
        subtitle: conditions.
        note: under the picture.
    """
    columns = tuple(f"{value:g}" for value in numbers(frequencies))
    rows = tuple(f"{100 * value:g} %" for value in numbers(left))
    plain = [numbers(row) for row in growth]
    best, column, row = max(
        (value, column, row)
        for row, values in zip(rows, plain, strict=True)
        for column, value in zip(columns, values, strict=True)
    )
    return draw(
        Panel(
            [Cells(columns, rows, plain, label="spikes more at the last stimulus than at the first", digits=0)],
            Axis("Stimuli per second (Hz)", "names", names=columns),
            Axis("NMDA conductance left", "names", names=rows),
        ),
        title="Wind-up needs both frequency and open NMDA receptors",
        subtitle=subtitle,
        description=f"It grows most, by {digits(best, 2)} spikes, at {column} Hz with {row} of the conductance.",
        note=note,
    )
