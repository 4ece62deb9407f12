"""Traffic lights: judgements of risk of bias, one row a result, one column a domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...errors import InputError
from ..picture import Picture, picture
from ..style import LINE, SIZE, SMALL, stroke
from ..text import clean, heading, measure, number, paragraph, words, wrap
from .chart import key
from .judgements import NOT_ASSESSED, ROB2, SPOKEN, judged, sign

_PAD, _ROW, _MOST_COLUMN, _LEAST_COLUMN = 14.0, 26.0, 60.0, 24.0  # px


def traffic_light(
    results: Sequence[tuple[str, Mapping[str, str]]],
    *,
    domains: Mapping[str, str] = ROB2,
    title: str = "Risk of bias",
    subtitle: str = "",
    note: str = "",
    width: float = 640.0,
) -> Picture:
    """Draw judgements; what nobody has judged is an empty ring and is called "not assessed".

    Args:
        results: name of a result, and its judgements by the short name of the domain: low, some concerns, high.
        domains: short name to what it is; those of RoB 2, the last being the overall judgement.
        title, subtitle, note: what it shows; conditions; who judged and when.
        width: px.

    Raises:
        InputError: no results, an unknown domain or judgement.

    >>> lights = traffic_light([("Toy A", {"D1": "low", "All": "some concerns"}), ("Toy B", {})])
    >>> print(lights.description.splitlines()[0])
    Toy A: D1 low risk; D2 not assessed; D3 not assessed; D4 not assessed; D5 not assessed; All some concerns.
    """
    if not results or not domains:
        raise InputError("a traffic light without results or domains", expected="at least one of each")
    rows = [(clean(name), _judgements(name, found, domains)) for name, found in results]
    inner = width - 2 * _PAD
    parts, y = [], _PAD
    shown, y = heading(title, subtitle, _PAD, y, inner)
    parts.append(shown)
    longest = max(measure(name) for name, _ in rows) + 10
    column = min(max((inner - longest) / len(domains), _LEAST_COLUMN), _MOST_COLUMN)
    names = min(max(longest, 60.0), inner - column * len(domains))
    over = names < min(longest, 110.0)  # no room beside the signs: names stand over them
    if over:
        names, column = 0.0, min(inner / len(domains), _MOST_COLUMN)
    middles = [_PAD + names + column * (at + 0.5) for at in range(len(domains))]
    y += 8
    for x, short in zip(middles, domains, strict=True):
        shown = short if measure(short, bold=True) <= column else short[:2]
        parts.append(words(x, y + SIZE, shown, anchor="middle", bold=True))
    y += SIZE * LINE + 6
    for name, found in rows:
        lines = wrap(name, inner if over else names - 8) or [""]
        tall = len(lines) * SIZE * LINE
        parts.append(f'<path d="M{number(_PAD)} {number(y)}H{number(middles[-1] + column / 2)}"{stroke("grid")}/>')
        if over:
            parts.append(paragraph(_PAD, y + SIZE + 3, lines))
            middle, height = y + tall + 3 + _ROW / 2, tall + 3 + _ROW
        else:
            height = max(_ROW, tall + 8)
            middle = y + height / 2
            parts.append(paragraph(_PAD, middle + 4 - (len(lines) - 1) * SIZE * LINE / 2, lines))
        for x, short, one in zip(middles, domains, found, strict=True):
            parts.append(sign(one, x, middle, size=9, tip=f"{name}, {short}: {SPOKEN[one]}"))
        y += height
    shown, y = key(y + 6, inner)
    parts.append(shown)
    listed = "; ".join(f"{short}: {what}" for short, what in domains.items())
    counted = sum(one == NOT_ASSESSED for _, found in rows for one in found)
    nobody = "Nobody has assessed these results yet." if counted == len(rows) * len(domains) else ""
    for text in filter(None, (f"{listed}.", nobody, note)):
        lines = wrap(text, inner, SMALL)
        parts.append(paragraph(_PAD, y + SMALL + 3, lines, size=SMALL, ink="muted"))
        y += len(lines) * SMALL * LINE + 4
    said = [
        f"{name}: {'; '.join(f'{short} {SPOKEN[one]}' for short, one in zip(domains, found, strict=True))}."
        for name, found in rows
    ]

    def redraw(wanted: float) -> Picture:
        return traffic_light(results, domains=domains, title=title, subtitle=subtitle, note=note, width=wanted)

    description = "\n".join([*said, f"{listed}.", *([nobody] if nobody else [])])
    return picture("".join(parts), width, y + _PAD, title=title, description=description, redraw=redraw)


def _judgements(name: str, found: Mapping[str, str], domains: Mapping[str, str]) -> list[str]:
    if unknown := [short for short in found if short not in domains]:
        raise InputError(
            f"no domain is “{clean(unknown[0])}”", where=clean(name), expected=f"one of {', '.join(domains)}"
        )
    return [judged(found.get(short, "")) for short in domains]
