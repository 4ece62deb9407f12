"""Pictures straight from what `ketalit.pooling` gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from ..picture import Picture
from . import curve, sensitivity
from .forest import forest
from .funnel import funnel
from .rows import FAR, Study, Threshold, Total
from .telling import Telling

if TYPE_CHECKING:
    import pandas as pd

    from ...pooling import Effect, Multiverse, Pooled

NOT_REPORTED = "not reported"
_LONGEST = 640.0  # logarithms beyond it have no ratio that a computer can hold


def forest_of(
    result: Pooled,
    names: Sequence[str],
    *,
    measure: str = "",
    groups: Sequence[str] = (),
    of_groups: Mapping[str, Pooled] | None = None,
    effects: Sequence[Effect] = (),
    sides: tuple[str, str] = ("Group 1", "Group 2"),
    judgements: Sequence[Sequence[str]] = (),
    **more: Any,
) -> Picture:
    """The forest plot of a pooled result. Intervals of studies are Wald intervals.

    Args:
        result: what `pool` gave; ratios are taken back from their logarithms.
        names: of the studies.
        measure: what the axis shows; without it, the measure of the result.
        groups: the section of each study.
        of_groups: pooled results of the sections; one of a single study is not drawn a second time.
        effects: what was pooled; with it, people with mean and SD or events of both groups stand beside the names.
        sides: what these groups are called.
        judgements: one sequence a study, where `domains` are among `more`.
        more: what `forest` takes.

    >>> from ketalit.pooling import pool
    >>> print(forest_of(pool([0.1, 0.3], [0.01, 0.02], "DL", "wald"), ["Toy A", "Toy B"]).description)
    Toy A: 0.10 (95 % CI −0.10 to 0.30), weight 62.5 %.
    Toy B: 0.30 (95 % CI 0.02 to 0.58), weight 37.5 %.
    Pooled (DL, Wald): 0.17 (95 % CI −0.01 to 0.36).
    tau 0.07 (95 % CI 0.00 to 4.51); I² 25 % (from tau²), 25 % (from Q).
    """
    changed = changer(result)
    half = _half(result)
    headers, cells, summed = columns_of(effects)
    if headers:
        count = len(headers) // 2
        more |= {"headers": headers, "over": ((sides[0], count), (sides[1], count))}
    studies = [
        Study(
            name,
            changed(y),
            changed(y - half * math.sqrt(v)),
            changed(y + half * math.sqrt(v)),
            float(weight),
            cells[at] if cells else (),
            judgements[at] if judgements else (),
            groups[at] if groups else "",
        )
        for at, (name, y, v, weight) in enumerate(zip(names, result.yi, result.vi, result.weights, strict=True))
    ]
    parts = [total_of(one, name) for name, one in (of_groups or {}).items() if one.k > 1]
    return forest(
        studies,
        replace(total_of(result), cells=summed) if result.k > 1 else None,
        groups=parts,
        measure=measure or result.measure or "Effect",
        ratio=result.ratio is not None,
        level=result.level,
        **more,
    )


def columns_of(effects: Sequence[Effect]) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[str, ...]]:
    """What stands in the groups of effects: heads of the columns of both, cells of each effect, and sums.

    Numbers are those that went into the effects: SDs from SEMs, shared groups divided, points of one scale. Nothing
    where no effect has any; what one of them lacks is "not reported".

    >>> from ketalit.pooling import Effect
    >>> columns_of([Effect(study="A", yi=0.1, vi=0.2, events1=3, n1=10, events2=1, n2=11)])
    (('events / n', 'events / n'), [('3 / 10', '1 / 11')], ('3 / 10', '1 / 11'))
    """
    sides = (
        [(one.n1, one.mean1, one.sd1, one.events1) for one in effects],
        [(one.n2, one.mean2, one.sd2, one.events2) for one in effects],
    )
    columns: list[list[str]] = []
    sums: list[str] = []
    if spreads := [sd for side in sides for _, _, sd, _ in side if sd is not None]:
        heads: tuple[str, ...] = ("n", "mean (SD)")
        means = Telling(max(1, 1 - math.floor(math.log10(median(spreads)))))
        for side in sides:
            columns.append([_counted(n) for n, *_ in side])
            columns.append(
                [
                    NOT_REPORTED if mean is None or sd is None else f"{means.tell(mean)} ({means.tell(sd)})"
                    for _, mean, sd, _ in side
                ]
            )
            sums += [_summed([n for n, *_ in side]), ""]
    elif any(events is not None for side in sides for *_, events in side):
        heads = ("events / n",)
        for side in sides:
            columns.append(
                [NOT_REPORTED if events is None else f"{_counted(events)} / {_counted(n)}" for n, _, _, events in side]
            )
            both = _summed([events for *_, events in side]), _summed([n for n, *_ in side])
            sums.append(" / ".join(both) if all(both) else "")
    else:
        return (), [], ()
    return heads * 2, list(zip(*columns, strict=True)), tuple(sums)


def _counted(people: float | None) -> str:
    return "" if people is None else f"{people:.10g}"


def _summed(people: Sequence[float | None]) -> str:
    """A sum; empty where a part of it is not known."""
    known = [one for one in people if one is not None]
    return _counted(sum(known)) if len(known) == len(people) else ""


def leave_one_out_of(table: pd.DataFrame, result: Pooled, **more: Any) -> Picture:
    """The picture of what `pooling.leave_one_out` gave, beside the result of all; `more`: what its picture takes."""
    more = {"measure": result.measure or "Effect", **more}
    return sensitivity.leave_one_out(
        _rows(table, result),
        total_of(result, f"All {result.k} studies"),
        ratio=result.ratio is not None,
        headers=("I²",),
        level=result.level,
        **more,
    )


def cumulative_of(table: pd.DataFrame, result: Pooled, **more: Any) -> Picture:
    """The picture of what `pooling.cumulative` gave; `more`: what its picture takes."""
    more = {"measure": result.measure or "Effect", **more}
    return sensitivity.cumulative(
        _rows(table, result), ratio=result.ratio is not None, headers=("I²",), level=result.level, **more
    )


def funnel_of(result: Pooled, names: Sequence[str], **more: Any) -> Picture:
    """The funnel plot of a pooled result; `more`: what `funnel` takes."""
    changed = changer(result)
    more = {"measure": result.measure or "Effect", **more}
    return funnel(
        [changed(value) for value in result.yi.tolist()],
        [math.sqrt(value) for value in result.vi.tolist()],
        names=names,
        pooled=changed(result.estimate),
        ratio=result.ratio is not None,
        **more,
    )


def multiverse_of(found: Multiverse, **more: Any) -> Picture:
    """The specification curve of what `pooling.multiverse` gave; `more`: what its picture takes."""
    words = {"method": "estimator", "left_out": "left out", "window": "follow-up"}
    names = [column for column in ("method", "interval", "measure", "window", "r", "left_out") if column in found.table]
    choices = {words.get(name, name): found.table[name].astype(str).tolist() for name in names}
    if len(set(choices["left out"])) > len(found.trials) + 1:  # sets of trials: each is in or out
        for trial, left in _left_out(choices.pop("left out"), found.trials).items():
            choices[f"left out: {trial}"] = left
    most = found.moved_most_by()
    told = f"The estimate is moved most by: {words.get(most, most)}." if most else ""
    more = {"measure": found.unit[:1].upper() + found.unit[1:], "note": told, **more}
    return curve.multiverse(
        found.table["estimate"].tolist(),
        found.table["ci_low"].tolist(),
        found.table["ci_high"].tolist(),
        choices,
        **more,
    )


def total_of(result: Pooled, name: str = "") -> Total:
    """A pooled result as a row, with how much its studies differ in words."""
    changed = changer(result)
    method = "Wald" if math.isinf(result.df) else "Knapp-Hartung"
    low, high = result.prediction_interval or (math.nan, math.nan)
    return Total(
        name or f"Pooled ({result.method}, {method})",
        changed(result.estimate),
        changed(result.ci_low),
        changed(result.ci_high),
        (changed(low), changed(high)) if result.prediction_interval else None,
        heterogeneity(result),
    )


def heterogeneity(result: Pooled) -> str:
    """How much the studies differ: tau first, then both I², each with its name; empty for one study."""
    if result.k < 2:
        return ""
    if result.tabular or result.method == "FE":
        return f"I² {result.i2_q:.0f} % (from Q)."
    telling = Telling.of([3.9 * math.sqrt(max(result.typical_variance, 0.0))])
    log = " of logarithms" if result.ratio is not None else ""
    ends = ""
    if result.tau2_ci is not None and not result.tau2_ci[1]:
        ends = " (no interval: the studies agree more closely than chance would let them)"
    elif result.tau2_ci is not None:
        ends = f" ({100 * result.level:g} % CI {telling.between(*(math.sqrt(end) for end in result.tau2_ci))})"
    return f"tau{log} {telling.tell(result.tau)}{ends}; I² {result.i2:.0f} % (from tau²), {result.i2_q:.0f} % (from Q)."


def threshold_of(value: float, source: str, *, ratio: bool = False) -> Threshold:
    """A reader's threshold as a band on both sides of no effect; of a ratio, the value and its inverse.

    >>> threshold_of(10, "Toy source"), threshold_of(1.25, "Toy source", ratio=True).low
    (Threshold(low=-10, high=10, source='Toy source'), 0.8)
    """
    if ratio:
        return Threshold(min(value, 1 / value), max(value, 1 / value), source)
    return Threshold(-abs(value), abs(value), source)


def changer(result: Pooled) -> Callable[[float], float]:
    """From the numbers of a result to those of its axis: ratios out of their logarithms, the rest as it is."""
    ratio = result.ratio is not None

    def changed(value: float) -> float:
        if not ratio or math.isnan(value):
            return min(max(value, -FAR), FAR)
        return math.exp(min(max(value, -_LONGEST), _LONGEST))

    return changed


def _half(result: Pooled) -> float:
    """Standard errors from the middle to the end of a Wald interval of the same level."""
    from ...pooling.quantiles import normal

    return float(normal((1 + result.level) / 2))


def _left_out(sets: Sequence[str], trials: Sequence[str]) -> dict[str, list[str]]:
    """Which universes lack each trial, from the trials that they say are left out, in the order of `trials`."""
    found: dict[str, list[str]] = {trial: [] for trial in trials}
    for said in sets:
        rest = f"{said}, "
        for trial in trials:
            without = rest.startswith(f"{trial}, ")
            rest = rest.removeprefix(f"{trial}, ") if without else rest
            found[trial].append(curve.YES if without else "")
    return found


def _rows(table: pd.DataFrame, result: Pooled) -> list[Study]:
    changed = changer(result)
    columns = (table[name].tolist() for name in ("estimate", "ci_low", "ci_high", "i2"))
    return [
        Study(str(name), changed(middle), changed(low), changed(high), None, (f"{i2:.0f} %",))
        for name, middle, low, high, i2 in zip(table.index, *columns, strict=True)
    ]
