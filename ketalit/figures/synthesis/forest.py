"""Forest plots: one row a study, numbers in columns beside it, the pooled result as a diamond."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ...errors import InputError
from ..axes import Axis
from ..picture import Picture
from ..text import clean
from .chart import Chart, Content, Line, cells_told, laid_out
from .judgements import SPOKEN, judged
from .rows import Study, Threshold, Total, checked, limits_of
from .telling import Telling, percent

_NO_EFFECT = {False: 0.0, True: 1.0}
Limits = tuple[float, float]


def forest(
    studies: Sequence[Study],
    total: Total | None = None,
    *,
    groups: Sequence[Total] = (),
    headers: Sequence[str] = (),
    over: Sequence[tuple[str, int]] = (),
    domains: Sequence[str] = (),
    measure: str = "Effect",
    ratio: bool = False,
    reference: float | None = None,
    threshold: Threshold | None = None,
    favours: tuple[str, str] = ("", ""),
    level: float = 0.95,
    limits: Limits | None = None,
    shade: Limits | None = None,
    label: str = "Study",
    title: str = "Forest plot",
    subtitle: str = "",
    note: str = "",
    width: float = 760.0,
) -> Picture:
    """Draw studies and what they add up to.

    Args:
        studies: in the order in which they stand; those of a group stay together.
        total: the pooled result.
        groups: pooled results of sections, by the name of the group.
        headers: of further columns, whose cells the studies bring.
        over: names that stand over so many of these columns each: groups.
        domains: of risk of bias, whose judgements the studies bring; short: "D1".
        measure: what the effects are, with their unit.
        ratio: effects are ratios; the axis is logarithmic.
        reference: where a line stands for no effect; 0, or 1 for ratios.
        threshold: effects that a reader takes for too small to matter.
        favours: what lies to the left and to the right of no effect.
        level: of confidence.
        limits: ends of the axis; without them every estimate is in it, and very wide intervals end in arrows.
        shade: a range that is marked for comparison.
        label: head of the column of names.
        title, subtitle, note: what it shows; conditions; sources and limits.
        width: px; in a narrow picture the numbers of a row stand over it.

    Raises:
        InputError: nothing to draw, an interval beside its estimate, or cells that do not fit their columns.

    >>> rows = [Study("Toy A", -8, -15, -1, 0.6), Study("Toy B", -2, -12, 8, 0.4)]
    >>> picture = forest(rows, Total("Pooled", -5.6, -11, -0.2), measure="Points, 0 to 100")
    >>> print(picture.description.splitlines()[0])
    Toy A: −8.00 (95 % CI −15.00 to −1.00), weight 60.0 %.
    """
    if not studies and total is None:
        raise InputError("a forest plot without rows", expected="at least one study")
    totals = [*groups, *([total] if total else [])]
    rows: list[Study | Total] = [*studies, *totals]
    for row in rows:
        checked(row)
    for study in studies:
        for cells, columns, what in ((study.cells, headers, "cells"), (study.judgements, domains, "judgements")):
            if cells and len(cells) != len(columns):
                expected = f"one for each of {len(columns)} columns"
                raise InputError(f"{len(cells)} {what}", where=clean(study.name), expected=expected)
    names = list(dict.fromkeys(study.group for study in studies))
    if unknown := [one.name for one in groups if one.name not in names]:
        raise InputError(f"no study is in the group “{clean(unknown[0])}”", where="forest plot")
    null = _NO_EFFECT[ratio] if reference is None else reference
    ends = limits or limits_of(studies, totals, [null], ratio=ratio)
    widths = [one.high - one.low for one in studies] if not ratio else []
    telling = Telling.of(widths or [1.0], ratio=ratio)
    interval = f"{100 * level:g} % CI"
    weighted = any(study.weight is not None for study in studies)
    most = max((study.weight or 0.0 for study in studies), default=0.0)

    def of_study(study: Study) -> Line:
        size = 8 * math.sqrt((study.weight or 0.0) / most) if weighted and most > 0 else 5.0
        return Line(
            study.name,
            "study",
            study.estimate,
            study.low,
            study.high,
            (telling.tell(study.estimate), telling.between(study.low, study.high))
            + ((percent(study.weight) if study.weight is not None else "",) if weighted else ()),
            tuple(study.cells) or ("",) * len(headers),
            tuple(judged(one) for one in study.judgements) or ("not assessed",) * len(domains),
            max(size, 2.2),
        )

    def of_total(one: Total, kind: str) -> list[Line]:
        numbers = (telling.tell(one.estimate), telling.between(one.low, one.high)) + (("",) if weighted else ())
        found = [Line(one.name, kind, one.estimate, one.low, one.high, numbers, tuple(one.cells))]
        if one.prediction:
            low, high = one.prediction
            cells = ("", telling.between(low, high)) + (("",) if weighted else ())
            found.append(Line("Prediction interval", "prediction", math.nan, low, high, cells))
        return [*found, *([Line(one.words, "words")] if one.words else [])]

    lines: list[Line] = []
    by_name = {one.name: one for one in groups}
    for name in names:
        if name:
            lines.append(Line(name, "heading"))
        lines += [of_study(study) for study in studies if study.group == name]
        if name in by_name:
            pooled = by_name[name]
            named = replace(pooled, name=f"{name}, pooled")
            lines += of_total(named, "part")
    if total:
        lines += of_total(total, "total")
    columns = (_head(measure, ratio), interval) + (("Weight",) if weighted else ())
    content = Content(label, tuple(headers), columns, tuple(domains), tuple(over))
    said = [_said(line, interval, content) for line in lines]
    notes = [note] if note else []
    if threshold:
        shown = telling.between(threshold.low, threshold.high)
        notes.insert(
            0, f"Shaded: {shown}, effects too small to matter for this reader ({threshold.source.rstrip('. ')})."
        )
    axis = Axis(measure, "log" if ratio else "linear", limits=ends)
    return laid_out(
        Chart(
            lines=tuple(lines),
            content=content,
            axis=axis,
            null=null,
            middle=total.estimate if total else math.nan,
            band=(threshold.low, threshold.high) if threshold else None,
            shade=shade,
            favours=favours,
            title=title,
            subtitle=subtitle,
            note=" ".join(notes),
            description="\n".join([*said, *notes[: 1 if threshold else 0]]),
        ),
        width,
    )


def _head(measure: str, ratio: bool) -> str:
    """A measure as the head of a narrow column: what comes before its unit."""
    short = clean(measure).split(",")[0].split(" (")[0]
    return short if len(short) <= 8 else ("Ratio" if ratio else "Effect")


def _said(line: Line, interval: str, content: Content) -> str:
    """A row in words, for who cannot see it."""
    name = clean(line.name).rstrip(".:")
    if line.kind in {"heading", "words"}:
        return f"{name}."
    if line.kind == "prediction":
        return f"{name}: {line.numbers[1]}."
    parts = [f"{name}: {line.numbers[0]} ({interval} {line.numbers[1]})"]
    if len(line.numbers) > 2 and line.numbers[2]:
        parts.append(f"weight {line.numbers[2]}")
    if content.domains and line.judgements:
        pairs = zip(content.domains, line.judgements, strict=True)
        parts.append("; ".join(f"{one} {SPOKEN[two]}" for one, two in pairs))
    groups = cells_told(line.cells, content) if content.over else []
    return "; ".join([", ".join(parts), *groups]) + "."
