"""The numbers behind a forest plot: a row of `effects.csv`, and the effect that it gives.

A row says what one report printed for one comparison, outcome and time. `effect_of` turns it into an effect and its
variance, and keeps every conversion on the way. Loading the file is not done here.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ..errors import InputError
from . import measures
from .conversions import CHAPTER, Step, from_median, sd_from_ci, sd_from_sem, se_from_ci, se_from_p, split_control
from .door import number, people
from .measures import Size
from .result import RATIOS

ASSUMED_R = 0.5  # correlation within people where a crossover reports none; 0.3 and 0.7 belong beside it


class Measure(StrEnum):
    """What is compared: differences of means, standardised or not, ratios, differences of risks."""

    MD = "MD"
    SMD = "SMD"
    SMD_REVMAN = "SMD (RevMan)"
    ROM = "ROM"
    RR = "RR"
    OR = "OR"
    RD = "RD"
    PETO = "Peto"


class Layout(StrEnum):
    """Whether the two groups are different people; a crossover of which only the first period counts is parallel."""

    PARALLEL = "parallel"
    CROSSOVER = "crossover"


class Spread(StrEnum):
    """What a printed spread is; "unclear" is a ± that the report does not explain, and is not computed with."""

    SD = "SD"
    SEM = "SEM"
    CI = "CI"
    QUARTILES = "quartiles"
    RANGE = "range"
    UNCLEAR = "unclear"


class Score(StrEnum):
    """Whether means are values at the end or changes since the beginning."""

    FINAL = "final"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """A row of `effects.csv`; its columns, in this order.

    Attributes:
        study, record: the study, and the record the numbers were read in.
        comparison, outcome: what with what, and in what; rows that agree in both, and in time, may be pooled.
        hours: since the end of treatment, or since its beginning if that is what the review counts from.
        window: the follow-up window where the source names one ("short term") instead of hours.
        measure, design: as the words of `Measure` and `Layout` say.
        score, spread: whether values or changes were averaged; what `sd1` and `sd2`, or `low` and `high`, are.
        scale_low, scale_high: ends of the scale, 0 and 10 for a numerical rating scale.
        better: "lower" or "higher".
        n1, mean1, sd1, low1, high1, events1: group 1, the one under study; a median stands in `mean1` where the spread
            is quartiles or range.
        n2, …: group 2. In a crossover `n2` may be empty.
        r: correlation within people, for a crossover.
        shared: number of comparisons that use group 2; its people and events are divided by it.
        estimate, se, ci_low, ci_high, p: a printed comparison, used where the groups are not given; ratios as printed.
        source, locator, checked: where the numbers stand, and how many people have looked.
        note: anything else.
    """

    study: str
    record: str
    comparison: str
    outcome: str
    measure: Measure
    hours: float | None = None
    window: str = ""
    design: Layout = Layout.PARALLEL
    score: Score = Score.FINAL
    spread: Spread = Spread.SD
    scale_low: float | None = None
    scale_high: float | None = None
    better: str = ""
    n1: float | None = None
    mean1: float | None = None
    sd1: float | None = None
    low1: float | None = None
    high1: float | None = None
    events1: float | None = None
    n2: float | None = None
    mean2: float | None = None
    sd2: float | None = None
    low2: float | None = None
    high2: float | None = None
    events2: float | None = None
    r: float | None = None
    shared: int = 1
    estimate: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    source: str = ""
    locator: str = ""
    checked: str = "none"
    note: str = ""

    @property
    def time(self) -> str:
        """How the time is called: by the window, by the hours, or not at all."""
        return time_of(self.hours, self.window)

    @property
    def where(self) -> str:
        """The row, for messages."""
        return ", ".join(filter(None, (self.study, self.outcome, self.time)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One comparison, one outcome, one time.

    Attributes:
        study, record, comparison, outcome, hours, window: as in `EffectRow`.
        measure: what `yi` is; a ratio is a logarithm.
        yi, vi: the effect and its sampling variance.
        n1, n2: people in the groups, shared ones divided.
        mean1, sd1, mean2, sd2: means and standard deviations that were used, in the points that `yi` is in.
        events1, events2: events that were used, shared ones divided.
        scale: ends of the scale that `yi` is in points of, where it is known.
        steps: every conversion on the way.
        row: what it was made of; None for an effect that was given as such.
    """

    study: str
    yi: float
    vi: float
    record: str = ""
    comparison: str = ""
    outcome: str = ""
    hours: float | None = None
    window: str = ""
    measure: str = ""
    n1: float | None = None
    n2: float | None = None
    mean1: float | None = None
    sd1: float | None = None
    mean2: float | None = None
    sd2: float | None = None
    events1: float | None = None
    events2: float | None = None
    scale: tuple[float, float] | None = None
    steps: tuple[Step, ...] = ()
    source: str = ""
    locator: str = ""
    checked: str = "none"
    row: EffectRow | None = None

    @property
    def time(self) -> str:
        """How the time is called: by the window, by the hours, or not at all."""
        return time_of(self.hours, self.window)


def time_of(hours: float | None, window: str = "") -> str:
    """How a time is called; a window goes before hours.

    >>> time_of(168), time_of(None, "short term"), time_of(None)
    ('168 h', 'short term', '')
    """
    return window or ("" if hours is None else f"{hours:g} h")


class LeftOut(NamedTuple):
    """A row that gave no effect, and why."""

    row: EffectRow
    reason: str


class _Group(NamedTuple):
    n: float
    mean: float
    sd: float
    steps: tuple[Step, ...]


def effect_of(
    row: EffectRow,
    *,
    measure: str | None = None,
    r: float | None = None,
    scale: tuple[float, float] | None = None,
    correction: float = 0.5,
) -> Effect:
    """The effect of a row, with every conversion it took.

    Args:
        row: what was reported.
        measure: another measure than the row's.
        r: correlation within people for crossovers that report none; without it `ASSUMED_R`.
        scale: ends of the scale to which differences of means are taken, (0, 100) for instance.
        correction: what is added to all four cells of a table with an empty one.

    >>> row = EffectRow(study="Example 2020", record="1", comparison="IV", outcome="pain", measure="MD", spread="SEM",
    ...                 n1=30, mean1=2.7, sd1=0.5, n2=30, mean2=5.4, sd2=0.5, scale_low=0, scale_high=10)
    >>> effect = effect_of(row, scale=(0, 100))
    >>> round(effect.yi, 2), round(effect.vi, 2), [step.name for step in effect.steps]
    (-27.0, 50.0, ['SD from SEM', 'SD from SEM', 'MD', 'other scale'])

    Raises:
        InputError: something needed is missing, or cannot be.
    """
    wanted = measure or str(row.measure)
    if wanted not in set(Measure):
        raise InputError(f"measure is “{wanted}”", where=row.where, expected=f"one of {', '.join(Measure)}")
    points = None
    try:
        size, groups = _size_of(row, Measure(wanted), r, correction)
        if wanted == Measure.MD and row.scale_low is not None and row.scale_high is not None:
            points = scale or (row.scale_low, row.scale_high)
        if scale is not None and wanted == Measure.MD:
            size, groups = _rescaled(row, size, groups, scale)
    except InputError as error:
        if error.where.startswith(row.where):
            raise
        where = f"{row.where}: {error.where}" if error.where else row.where
        raise InputError(error.what, where=where, expected=error.expected, next_step=error.next_step) from error
    return Effect(
        study=row.study,
        record=row.record,
        comparison=row.comparison,
        outcome=row.outcome,
        hours=row.hours,
        window=row.window,
        measure="SMD" if wanted == Measure.SMD_REVMAN else wanted,
        yi=size.yi,
        vi=size.vi,
        **groups,
        scale=points,
        steps=size.steps,
        source=row.source,
        locator=row.locator,
        checked=row.checked,
        row=row,
    )


def effects_of(
    rows: Iterable[EffectRow],
    *,
    measure: str | None = None,
    r: float | None = None,
    scale: tuple[float, float] | None = None,
    correction: float = 0.5,
) -> tuple[list[Effect], list[LeftOut]]:
    """The effects of rows, and the rows that give none with the reason; nothing is left out silently."""
    found: list[Effect] = []
    left: list[LeftOut] = []
    for row in rows:
        try:
            found.append(effect_of(row, measure=measure, r=r, scale=scale, correction=correction))
        except InputError as error:
            left.append(LeftOut(row, str(error)))
    return found, left


_OF_MEANS: dict[Measure, Callable[..., Size]] = {
    Measure.MD: measures.mean_difference,
    Measure.SMD: measures.standardised_mean_difference,
    Measure.SMD_REVMAN: lambda *arms: measures.standardised_mean_difference(*arms, variant="RevMan"),
    Measure.ROM: measures.ratio_of_means,
}
_OF_TABLES: dict[Measure, Callable[..., Size]] = {
    Measure.RR: measures.risk_ratio,
    Measure.OR: measures.odds_ratio,
    Measure.RD: measures.risk_difference,
}
_Groups = dict[str, float | None]
_Found = tuple[Size, _Groups]


def _size_of(row: EffectRow, measure: Measure, r: float | None, correction: float) -> _Found:
    """Effect size, and the numbers of the groups that went into it, by the names of `Effect`."""
    has_means, has_events = row.mean1 is not None, row.events1 is not None
    if measure in _OF_MEANS and has_means:
        return _from_pairs(row, measure, r) if row.design == Layout.CROSSOVER else _from_means(row, measure)
    if measure in {*_OF_TABLES, Measure.PETO} and has_events:
        return _from_events(row, measure, correction)
    if row.estimate is not None and measure == row.measure:
        return _from_comparison(row), {"n1": row.n1, "n2": row.n2}
    needed = "means of both groups" if measure in _OF_MEANS else "events of both groups"
    raise InputError(f"there is nothing to compute {measure} from", where=row.where, expected=needed)


def _from_means(row: EffectRow, measure: Measure) -> _Found:
    (n2, _), shared = _shared(row)
    one, two = _group(row, 1, row.n1), _group(row, 2, row.n2)
    size = _OF_MEANS[measure](one.n, one.mean, one.sd, n2, two.mean, two.sd)
    return Size(size.yi, size.vi, (*one.steps, *two.steps, *shared, *size.steps)), _named(one, two, n2)


def _from_pairs(row: EffectRow, measure: Measure, r: float | None) -> _Found:
    n = row.n1
    if row.n2 is not None and row.n2 != row.n1:
        raise InputError(f"{row.n1} and {row.n2} people in a crossover", where=row.where, expected="the same people")
    one, two = _group(row, 1, n), _group(row, 2, n)
    assumed: tuple[Step, ...] = ()
    together = row.r
    if together is None:
        together = ASSUMED_R if r is None else r
        assumed = (Step("r", "correlation within people, not reported", {}, {"r": together}, f"{CHAPTER} 23", True),)
    if measure == Measure.ROM:
        raise InputError("ROM of a crossover is not offered", where=row.where, expected="MD or SMD")
    compute = measures.paired_difference if measure == Measure.MD else measures.paired_smd
    size = compute(one.n, one.mean, one.sd, two.mean, two.sd, together)
    return Size(size.yi, size.vi, (*one.steps, *two.steps, *assumed, *size.steps)), _named(one, two, one.n)


def _from_events(row: EffectRow, measure: Measure, correction: float) -> _Found:
    if row.design == Layout.CROSSOVER:
        raise InputError("events of a crossover", where=row.where, expected="the first period, as a parallel trial")
    (n2, events2), shared = _shared(row)
    table = (row.events1, row.n1, events2, n2)
    # cells that are missing are refused by the measure, as is everything else that is no number
    size = (
        measures.peto_odds_ratio(*table)  # type: ignore[arg-type]
        if measure == Measure.PETO
        else _OF_TABLES[measure](*table, correction=correction)
    )
    groups = {"n1": row.n1, "events1": row.events1, "n2": n2, "events2": events2}
    return Size(size.yi, size.vi, (*shared, *size.steps)), groups


def _from_comparison(row: EffectRow) -> Size:
    """A printed estimate with its standard error, interval or p."""
    log = str(row.measure) in RATIOS
    printed = number(row.estimate, "estimate", row.where, above=0 if log else -math.inf)
    yi = math.log(printed) if log else printed
    if row.se is not None:
        if log:
            raise InputError("the SE of a ratio is no use", where=row.where, expected="its interval or p")
        return Size(yi, number(row.se, "se", row.where, above=0) ** 2, ())
    if row.ci_low is not None and row.ci_high is not None:
        se, step = se_from_ci(row.ci_low, row.ci_high, log=log)
    elif row.p is not None:
        se, step = se_from_p(yi, row.p)
    else:
        raise InputError("the estimate has no spread", where=row.where, expected="se, ci_low and ci_high, or p")
    return Size(yi, se**2, (step,))


def _group(row: EffectRow, group: int, n: float | None) -> _Group:
    """Size, mean and SD of a group, from whatever spread was printed."""
    mean, sd, low, high = (getattr(row, f"{name}{group}") for name in ("mean", "sd", "low", "high"))
    where = f"{row.where}, group {group}"
    size, middle = people(n, f"n{group}", where), number(mean, f"mean{group}", where)
    if row.spread in {Spread.SD, Spread.SEM}:
        spread = number(sd, f"sd{group}", where, above=0)
        if row.spread == Spread.SD:
            return _Group(size, middle, spread, ())
        value, step = sd_from_sem(spread, size)
        return _Group(size, middle, value, (step,))
    if row.spread == Spread.UNCLEAR:
        what = "nobody knows whether the spread is an SD or an SEM"
        raise InputError(what, where=where, expected="SD, SEM, CI, quartiles or range", next_step="Ask the authors")
    bottom, top = number(low, f"low{group}", where), number(high, f"high{group}", where)
    if row.spread == Spread.CI:
        value, step = sd_from_ci(bottom, top, size)
        return _Group(size, middle, value, (step,))
    if row.spread == Spread.QUARTILES:
        found, step = from_median(middle, size, q1=bottom, q3=top)
    else:
        found, step = from_median(middle, size, low=bottom, high=top)
    return _Group(size, found.mean, number(found.sd, "SD", where, above=0), (step,))


def _shared(row: EffectRow) -> tuple[tuple[float, float | None], tuple[Step, ...]]:
    """People and events of group 2, divided where several comparisons use it."""
    n2 = people(row.n2, "n2", f"{row.where}, group 2", 1)
    if row.shared == 1:
        return (n2, row.events2), ()
    value, step = split_control(n2, row.shared, row.events2)
    return value, (step,)


def _named(one: _Group, two: _Group, n2: float) -> _Groups:
    return {"n1": one.n, "mean1": one.mean, "sd1": one.sd, "n2": n2, "mean2": two.mean, "sd2": two.sd}


def _rescaled(row: EffectRow, size: Size, groups: _Groups, scale: tuple[float, float]) -> _Found:
    if row.scale_low is None or row.scale_high is None:
        raise InputError("the ends of its scale are not given", where=row.where, expected="scale_low and scale_high")
    low, high = number(row.scale_low, "scale_low", row.where), number(row.scale_high, "scale_high", row.where)
    if not low < high or not scale[0] < scale[1]:
        raise InputError("a scale runs downwards", where=row.where, expected="the lower end first")
    factor = (scale[1] - scale[0]) / (high - low)
    shift = scale[0] - low * factor if row.score == Score.FINAL else 0.0  # no change is 0 on any scale
    moves = {"mean1": (factor, shift), "mean2": (factor, shift), "sd1": (factor, 0.0), "sd2": (factor, 0.0)}
    changed = dict(groups)
    for name, (times, plus) in moves.items():
        value = groups.get(name)
        changed[name] = None if value is None else value * times + plus
    if factor == 1:
        return size, changed
    formula = f"yi × {factor:g}, vi × {factor:g}²: from {low:g}-{high:g} to {scale[0]:g}-{scale[1]:g}"
    yi, vi = size.yi * factor, size.vi * factor**2
    step = Step("other scale", formula, {}, {"yi": yi, "vi": vi})
    return Size(yi, vi, (*size.steps, step)), changed


COLUMNS = tuple(field.name for field in dataclasses.fields(EffectRow))
"""The columns of `effects.csv`."""
