"""Specification curves: the results of all defensible choices in order, and the choices behind each.

Simonsohn, Simmons and Nelson 2020, https://doi.org/10.1038/s41562-020-0912-z
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from statistics import quantiles

from ...errors import InputError
from ..axes import Axis
from ..marks import ErrorBars, Line, Mark, Points
from ..notes import Region, Rule
from ..panels import Panel, draw
from ..picture import Picture
from ..text import clean
from .rows import NEAR, Threshold, bounded
from .telling import Telling

_MOST_DRAWN = 400  # universes; of more, as many evenly by rank
YES = "yes"
_NAMES_OVER_ROWS = 488.0  # px; in narrower pictures names may stand over their rows
_MOST_LEVELS = 14  # of one choice; the rarest of more share a row


def multiverse(
    estimates: Collection[float],
    lows: Collection[float],
    highs: Collection[float],
    choices: Mapping[str, Sequence[str]],
    *,
    measure: str = "Effect",
    reference: float = 0.0,
    threshold: Threshold | None = None,
    own: float | None = None,
    title: str = "Every defensible way to pool the same trials",
    subtitle: str = "",
    note: str = "",
    width: float = 760.0,
    height: float = 240.0,
) -> Picture:
    """Draw the results of all universes from the least to the greatest, and under them what was chosen in each.

    Args:
        estimates, lows, highs: one each for a universe, in units of the axis.
        choices: a choice to what was chosen in each universe; choices that never vary are not drawn. Of something that
            is done or not, "yes" and nothing.
        measure: what the effects are, with their unit.
        reference: no effect.
        threshold: effects that a reader takes for too small to matter.
        own: the result of the ordinary analysis, as a dashed line.
        title, subtitle, note: what it shows; conditions; sources and limits.
        width, height: of the picture and of the curve, px.

    Raises:
        InputError: no universes, or columns of different length.

    >>> picture = multiverse([-8, -2], [-15, -9], [-1, 5], {"estimator": ["FE", "REML"]})
    >>> picture.description.split(". ")[0]
    '2 universes, estimates from −8.00 to −2.00, median −5.00'
    """
    found, low, high = (bounded(values) for values in (estimates, lows, highs))
    if not found:
        raise InputError("a multiverse without universes", expected="at least one")
    sizes = {len(found), len(low), len(high), *(len(values) for values in choices.values())}
    if len(sizes) > 1:
        raise InputError("columns of different length", where="multiverse", expected="one value for each universe")
    order = sorted(range(len(found)), key=lambda at: (found[at], low[at], high[at]))
    count = min(len(order), _MOST_DRAWN)
    places_drawn = [round(at * (len(order) - 1) / max(count - 1, 1)) for at in range(count)]
    drawn = [order[at] for at in places_drawn]
    rank = [at + 1 for at in places_drawn]
    excluding = [one > reference or other < reference for one, other in zip(low, high, strict=True)]
    wide = max(width / count * 0.35, 0.5)
    curve: list[Mark] = []
    if threshold:
        curve.append(Region(y=(threshold.low, threshold.high), ink="s4", fits=False))
    curve.append(Rule(y=reference, ink="ink", dash=""))
    if own is not None:
        curve.append(
            Line([0.0, len(order) + 1.0], [own, own], label="ordinary analysis", ink="s1", dash="5 3", width=1.4)
        )
    for yes, label, ink in (
        (False, f"interval includes {reference:g}", "muted"),
        (True, f"interval excludes {reference:g}", "s0"),
    ):
        here = [(at, one) for at, one in zip(rank, drawn, strict=True) if excluding[one] == yes]
        places, which = [at for at, _ in here], [one for _, one in here]
        bars = [low[one] for one in which], [high[one] for one in which]
        curve.append(ErrorBars(places, *bars, ink=ink, cap=0, width=min(wide, 1.6)))
        size = min(max(wide * 1.4, 1.4), 4.0)
        shape = "circle" if yes else "square"
        if here:
            dots = [found[one] for one in which]
            curve.append(Points(places, dots, label=label, ink=ink, shape=shape, sizes=size, hollow=not yes))
    names: list[str] = []
    ticks: list[Mark] = []
    above = 0.0 if width < _NAMES_OVER_ROWS else 0.34
    varying = {name: values for name, values in choices.items() if len(set(values)) > 1}
    kinds = list(dict.fromkeys(name.split(":")[0] for name in varying))
    for name, values in varying.items():
        series = kinds.index(name.split(":")[0])
        levels = _levels(values)
        for level in filter(None, dict.fromkeys(levels.values())):
            place = len(names)
            names.append(clean(name) if level == YES else f"{clean(name)}: {clean(level)}")
            here_at = [at for at, one in zip(rank, drawn, strict=True) if levels[values[one]] == level]
            ends = [place - above] * len(here_at), [place + 0.34] * len(here_at)
            ticks.append(ErrorBars(here_at, *ends, series=series, cap=0, width=min(wide, 1.6)))
    across = Axis("Universes, from the least to the greatest estimate", limits=(0.0, len(order) + 1.0), grid=False)
    panels = [Panel(curve, across, Axis(measure, limits=_seen(found, low, high, reference)))]
    if names:
        panels[0] = replace(panels[0], x=replace(across, label=""))
        panels.append(Panel(ticks, across, Axis(kind="names", names=tuple(names)), "What was chosen"))
    telling = Telling.of([b - a for a, b in zip(low, high, strict=True)])
    share = 100 * sum(excluding) / len(excluding)
    middle = quantiles(found, n=2)[0] if len(found) > 1 else found[0]
    ends_told = (
        f"estimates from {telling.tell(min(found))} to {telling.tell(max(found))}, median {telling.tell(middle)}"
    )
    several = f"{len(found):,} {'universe' if len(found) == 1 else 'universes'}"
    description = f"{several}, {ends_told}. The interval excludes {reference:g} in {share:.0f} % of them."
    if varying:
        description += f" Choices: {'; '.join(_counted(name, values) for name, values in varying.items())}."
    notes = []
    if count < len(order):
        notes.append(f"{count} of {len(order):,} universes are drawn, evenly by rank.")
    if threshold:
        shown = telling.between(threshold.low, threshold.high)
        notes.append(f"Shaded: {shown}, effects too small to matter for this reader ({threshold.source.rstrip('. ')}).")
    notes.append("Universes are not weighted by how good they are; the share of them is no probability.")
    drawn_picture = draw(
        panels,
        title=title,
        subtitle=subtitle or f"{several}; {ends_told}; the interval excludes {reference:g} in {share:.0f} %",
        description=description,
        note=" ".join(filter(None, [*notes, note])),
        width=width,
        height=height,
        columns=1,
    )

    def redraw(wanted: float) -> Picture:
        return multiverse(
            estimates,
            lows,
            highs,
            choices,
            measure=measure,
            reference=reference,
            threshold=threshold,
            own=own,
            title=title,
            subtitle=subtitle,
            note=note,
            width=wanted,
            height=height,
        )

    return replace(drawn_picture, redraw=redraw)


def _seen(found: list[float], low: list[float], high: list[float], reference: float) -> tuple[float, float] | None:
    """Ends of the axis: all estimates, and one and a half times their span beyond them; wider intervals get arrows."""
    core = [*(value for value in found if math.isfinite(value)), reference]
    first, last = min(core), max(core)
    room = 3 * (last / 2 - first / 2)
    if room < NEAR:
        return None
    lows, highs = (sorted(value for value in ends if math.isfinite(value)) for ends in (low, high))
    first = max(min([first, *lows[:1]]), first - room)
    last = min(max([last, *highs[-1:]]), last + room)
    return (first - 0.02 * room, last + 0.02 * room) if math.isfinite(last / 2 - first / 2) else None


def _levels(values: Sequence[str]) -> dict[str, str]:
    """What each level is called; where there are many, those after the first share a name."""
    levels = list(dict.fromkeys(values))
    if len(levels) <= _MOST_LEVELS:
        return {level: level for level in levels}
    kept = levels[:1]
    return {level: level if level in kept else f"one of {len(levels) - len(kept)} others" for level in levels}


def _counted(name: str, values: Sequence[str]) -> str:
    levels = [level for level in dict.fromkeys(values) if level]
    if levels == [YES]:
        return clean(name)
    shown = ", ".join(map(clean, levels[:_MOST_LEVELS])) + (" …" if len(levels) > _MOST_LEVELS else "")
    return f"{clean(name)} ({shown})"
