"""What a reader has to be warned of, in plain words. A guard looks and speaks; it changes no number."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .door import number
from .quantiles import normal, normal_tails

if TYPE_CHECKING:
    from .effects import Effect, EffectRow
    from .estimators import Fit
    from .result import Pooled

LARGE_G = 2.0  # metafor 5 warns from here too; treatments of chronic pain do not reach it
SMALL_SD = 0.08  # of the width of the scale: 0.8 on 0 to 10; ratings of pain scatter by two to three times as much
OTHER_PEOPLE = ", unless these are groups of different people"
_PART = re.compile(r"\s*(?:[(\[][^)\]]*[)\]]|,.*)\s*$")  # of the name of a study: "(high dose)", ", first stratum"
SD_BELOW_OTHERS = 1 / 3  # of the median SD of the other trials of an outcome


def of_fit(found: Fit, method: str, interval: str, df: float) -> list[str]:
    """What the number of studies and their agreement say about a pooled result.

    Args:
        found: one fit.
        method, interval: how it was pooled.
        df: degrees of freedom of the interval that was used; infinite for Wald.
    """
    k = int(found.k)
    said = few(k)
    if k == 1:
        return said
    if found.se_kh == 0:
        said.append("All effects are the same, so the Knapp-Hartung interval has no width: do not believe it.")
    elif interval == "never-narrower" and math.isinf(df):
        said.append("The studies agree so well that Knapp-Hartung would be narrower; the Wald interval is given.")
    elif interval == "knapp-hartung" and found.se_kh < found.se:
        said.append("The studies agree so well that Knapp-Hartung may be too narrow; see never-narrower.")
    if method != "FE" and found.tau2 == 0:
        said.append("tau² is estimated as 0. This does not show that the trials agree: look at its interval.")
    if method == "FE" and found.q > found.k - 1:
        said.append("FE takes all studies to share one true effect; they scatter more than that allows.")
    return said


def few(k: int) -> list[str]:
    """What a small number of studies means; nothing from ten on.

    >>> few(3)[0][:36]
    'Only 3 studies: the answer depends o'
    """
    if k == 1:
        return ["One study: nothing is pooled, and how much trials differ cannot be known."]
    if k == 2:
        return [
            "Only 2 studies: how much trials differ can hardly be known, and the answer depends on the options chosen. "
            "Look at the studies themselves."
        ]
    if k < 5:
        return [
            f"Only {k} studies: the answer depends on the options chosen (estimator, interval). Compare them before "
            "you conclude. No prediction interval is given below 5."
        ]
    if k < 10:
        return [f"{k} studies, fewer than 10: too few to test for small-study effects or to explain differences."]
    return []


def of_effects(effects: Sequence[Effect]) -> list[str]:
    """What is suspicious about effects that are to be pooled together.

    An SD that looks like an SEM, |g| above 2, changes mixed with final values, a trial or a group that comes twice.

    >>> from ketalit.pooling.effects import Effect
    >>> of_effects([Effect(study="A", yi=-3.1, vi=0.1, measure="SMD"), Effect(study="B", yi=0.1, vi=0.1)])
    ['A: the standardised difference is -3.1. Above 2 it is nearly always an error: is the SD an SEM?']
    """
    said = [*_large(effects), *_like_sem(effects)]
    if mixed_scores(effects):
        said.append(
            "Final values and changes are mixed. For differences of means this is allowed; standardised differences "
            "of the two do not mean the same."
        )
    return [*said, *_twice(effects)]


def of_row(row: EffectRow, beside: Sequence[EffectRow] = (), people: float | None = None) -> Iterator[tuple[str, str]]:
    """What cannot be right in a row as it stands, each with the code of the check; empty cells raise nothing.

    A mean outside of the scale, a scale that runs downwards, an SD that no numbers on the scale have (Popoviciu's
    inequality: half the width, times √(n/(n-1)) as it is estimated), more people than the study has, a direction that
    other rows do not share.

    Args:
        row: a row of effects.csv; it may be filled in only in part.
        beside: other rows of its outcome.
        people: in the study, where that is known.

    >>> from ketalit.pooling.effects import EffectRow
    >>> row = EffectRow(study="A", record="a", comparison="drug vs placebo", outcome="pain", measure="MD", n1=30,
    ...                 mean1=41, sd1=20, n2=30, mean2=48, sd2=22, scale_low=0, scale_high=10)
    >>> [code for code, _ in of_row(row, people=58)]
    ['range', 'range', 'spread', 'spread', 'people']
    """
    low, high = row.scale_low, row.scale_high
    if low is not None and high is not None and not low < high:
        yield "range", f"the scale runs from {low:g} to {high:g}: its lower end comes first, and `better` says the rest"
    elif low is not None and high is not None:
        final = row.score == "final"
        for mean in (row.mean1, row.mean2):
            if final and mean is not None and not low <= mean <= high:
                yield "range", f"the mean {mean:g} is outside the scale from {low:g} to {high:g}"
        widest = (high - low) / 2 if final else high - low
        for sd, n in ((row.sd1, row.n1), (row.sd2, row.n2 or row.n1)):
            if row.spread not in {"SD", "SEM"} or sd is None or not n or n <= 1:
                continue
            of_people = sd * math.sqrt(n) if row.spread == "SEM" else sd
            if of_people > widest * math.sqrt(n / (n - 1)):
                found = f"SEM of {sd:g}, an SD of {of_people:.3g}" if row.spread == "SEM" else f"SD of {sd:g}"
                yield "spread", f"no numbers on a scale from {low:g} to {high:g} have an {found}"
    counted = row.n1 if row.design == "crossover" else (row.n1 or 0) + (row.n2 or 0)
    if people and counted and counted > people:
        yield "people", f"the groups have {counted:g} people, the study {people:g}"
    for group, events, n in ((1, row.events1, row.n1), (2, row.events2, row.n2)):
        if events is not None and n is not None and events > n:
            yield "people", f"{events:g} events in group {group}, which has {n:g} people"
    said = {other.better for other in beside} - {""}
    if row.better and len(said) == 1 and row.better not in said:
        yield "direction", f"{row.better} is better here, and {said.pop()} in the other rows of this outcome"


def mixed_scores(effects: Iterable[Effect]) -> bool:
    """Whether some means are values at the end and others are changes."""
    return len({str(effect.row.score) for effect in effects if effect.row and effect.row.mean1 is not None}) > 1


def against_scale(result: Pooled, width: float) -> list[str]:
    """A prediction interval that is wider than the scale, whose width is given in units of the effect."""
    if result.prediction_interval is None:
        return []
    low, high = result.prediction_interval
    if high - low <= number(width, "width of the scale", "guards", above=0):
        return []
    return [
        f"The prediction interval, {low:.1f} to {high:.1f}, is wider than the whole scale ({width:g}): it holds no "
        "information."
    ]


def p_against_interval(
    estimate: float, low: float, high: float, p: float, *, log: bool = False, level: float = 0.95
) -> str:
    """Whether a printed p fits its interval; empty where it does.

    They fit if p lies between those of the narrowest and the widest interval that would be rounded to the printed
    ends, stretched by a factor of 1.5 for a t of five degrees of freedom or more instead of z.

    >>> print(p_against_interval(-1.11, -1.74, -0.48, 0.87))
    The interval -1.74 to -0.48 means p = 0.00055, not 0.87: is it the p of another test, of heterogeneity perhaps?
    """
    where = "p against CI"
    least = 0.0 if log else -math.inf
    middle, bottom, top = (
        number(one, name, where, above=least) for one, name in ((estimate, "estimate"), (low, "low"), (high, "high"))
    )
    printed = number(p, "p", where, above=0, below=1)
    change = math.log if log else float
    z_level = normal((1 + level) / 2)

    def p_of(at: float, bottom: float, top: float) -> float:
        se = (change(top) - change(bottom)) / (2 * z_level)
        return float(normal_tails(change(at) / se)) if se > 0 else 0.0

    steps = [_rounding(one) for one in (middle, bottom, top)]
    tried = [
        p_of(
            middle + a * steps[0],
            max(bottom + b * steps[1], 1e-12) if log else bottom + b * steps[1],
            top + c * steps[2],
        )
        for a in (-1, 0, 1)
        for b in (-1, 0, 1)
        for c in (-1, 0, 1)
        if not log or middle + a * steps[0] > 0
    ]
    if min(tried) / 1.5 <= printed <= 1.5 * max(tried) or max(printed, *tried) < 0.001:
        return ""
    expected = p_of(middle, bottom, top)
    return (
        f"The interval {low:g} to {high:g} means p = {expected:.2g}, not {printed:g}: is it the p of another test, of "
        "heterogeneity perhaps?"
    )


def _large(effects: Sequence[Effect]) -> list[str]:
    said = []
    for effect in effects:
        g = effect.yi if effect.measure == "SMD" else _standardised(effect)
        if g is not None and abs(g) > LARGE_G:
            said.append(
                f"{effect.study}: the standardised difference is {g:.1f}. Above 2 it is nearly always an error: is the "
                "SD an SEM?"
            )
    return said


def _standardised(effect: Effect) -> float | None:
    if effect.measure != "MD" or not effect.sd1 or not effect.sd2:
        return None
    return effect.yi / math.sqrt((effect.sd1**2 + effect.sd2**2) / 2)


def _like_sem(effects: Sequence[Effect]) -> list[str]:
    """SDs as printed that are small for their scale, or for the other trials on that scale."""
    printed: dict[tuple[float, float], list[tuple[Effect, float]]] = defaultdict(list)
    for effect in effects:
        row = effect.row
        if row is None or row.spread != "SD" or row.sd1 is None or row.sd2 is None:
            continue
        if row.scale_low is not None and row.scale_high is not None:
            # a trial's two groups are averaged: one odd group is no SEM
            printed[(row.scale_low, row.scale_high)].append((effect, (row.sd1 + row.sd2) / 2))
    said = []
    for (low, high), found in printed.items():
        for place, (effect, sd) in enumerate(found):
            others = [other for at, (_, other) in enumerate(found) if at != place]
            beside = bool(others) and sd < SD_BELOW_OTHERS * float(np.median(others))
            if sd < SMALL_SD * (high - low) or beside:
                n = min(effect.n1 or 0, effect.n2 or 0)
                said.append(
                    f"{effect.study}: an SD of {sd:.2g} is small for a scale from {low:g} to {high:g}. If it is an "
                    f"SEM, the SD is about {sd * math.sqrt(n):.2g}."
                )
    return said


def _twice(effects: Sequence[Effect]) -> list[str]:
    """Trials that come more than once: at several times, with several doses, in strata, or as parts of a crossover."""
    by_trial: dict[str, list[Effect]] = defaultdict(list)
    for effect in effects:
        by_trial[_PART.sub("", effect.study) or effect.study].append(effect)
    said = []
    for found in by_trial.values():
        if len(found) == 1:
            continue
        rows = [effect.row for effect in found if effect.row]
        second = [(row.n2, row.mean2, row.sd2, row.events2) for row in rows if row.shared == 1]
        same = len(set(second)) < len(second)
        crossover = any(row.design == "crossover" for row in rows)
        sure = same or crossover or len({effect.time for effect in found}) > 1
        names = " and ".join(dict.fromkeys(effect.study for effect in found))
        said.append(
            (f"{names} comes {len(found)} times" if names == found[0].study else f"{names} look like one trial")
            + (", and with the same comparison group" if same else "")
            + (", a crossover" if crossover else "")
            + f": its people are counted more than once{'' if sure else OTHER_PEOPLE}. "
            f"It is one trial, not {len(found)}: choose one row, combine the groups, or use a robust variance (CR2)."
        )
    return said


def _rounding(value: float) -> float:
    """Half a unit of the last decimal of a number as it would be printed."""
    text = f"{value:.10g}"
    return 0.5 * 10 ** -len(text.partition(".")[2]) if "e" not in text else 0.0


def joined(*lists: Iterable[str]) -> tuple[str, ...]:
    """Warnings in order, none twice."""
    return tuple(dict.fromkeys(line for lines in lists for line in lines))
