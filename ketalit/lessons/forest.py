"""Lesson 7: what trials add up to, and how much hangs on choices. It runs on any review that holds effects.

Five panels: the forest plot under each estimator and interval; an invented trial and the weights; without each trial,
and the funnel; the same question at other times; every defensible way to pool at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InputError
from ..figures import Axis, ErrorBars, Line, Picture, Points, Rule, Words, draw
from ..figures import Panel as Axes
from ..figures.synthesis import Study, Total, forest_of, funnel_of, leave_one_out_of
from ..figures.synthesis.of_pooling import changer
from ..figures.synthesis.rows import limits_of
from ..figures.synthesis.telling import Telling
from ..pooling import METHODS, Effect, Multiverse, Pooled, leave_one_out, multiverse, pool
from ..pooling.intervals import LEAST_FOR_PREDICTION
from ..pooling.quantiles import normal
from ..pooling.result import RATIOS
from ..review import Review, load_review
from ..synthesis import Chosen, choose
from ..telling import count_of
from .chosen import chosen_folder
from .control import Choice, Number, Spec
from .panel import Panel, Preset, Setting

Array = np.ndarray[Any, Any]

ESTIMATORS = {
    "random effects, REML": "REML",
    "random effects, DL": "DL",
    "random effects, PM": "PM",
    "random effects, ML": "ML",
    "one true effect (FE)": "FE",
}
INTERVALS = {
    "Knapp–Hartung, never narrower than Wald": "never-narrower",
    "Knapp–Hartung": "knapp-hartung",
    "Wald": "wald",
}
_FE = "one true effect (FE)"
_WINDOWS = ("immediate term", "short term", "medium term", "long term")
_ANY, _NOTHING = "any", "nothing to pool"
_ENOUGH = 3  # trials of the analysis that panels begin with
_MOST_NAMED = 6  # trials that can be told apart by colour
_HALF = float(normal(0.975))

_COCHRANE = "https://methods.cochrane.org/methods-cochrane/random-effects-meta-analysis-methods-intervention-reviews"
_UNTIL, _SINCE = (
    "Cochrane's methods group: what RevMan did before",
    "Cochrane's methods group: methods since January 2025",
)


# --- what the review holds -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Analysis:
    """One comparison, outcome and time (or any time) of a review.

    Attributes:
        chosen: its rows and effects.
        names: of the trials, in the order of the effects, no two alike.
    """

    chosen: Chosen
    names: tuple[str, ...]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What can be pooled."""
        return self.chosen.effects

    @property
    def kind(self) -> tuple[str, tuple[float, float] | None]:
        """Measure and scale: analyses that agree in both can stand on one axis."""
        return (str(self.effects[0].measure), self.effects[0].scale) if self.effects else ("", None)

    @property
    def ratio(self) -> bool:
        """It is pooled as a logarithm and read as a ratio, whose "no effect" is 1."""
        return self.kind[0] in RATIOS

    @property
    def axis(self) -> str:
        """What an axis shows, with its unit."""
        measure, scale = self.kind
        if measure == "MD" and scale:
            return f"MD: difference in {self.chosen.outcome}, points of {scale[0]:g} to {scale[1]:g}"
        return f"{measure}: {self.chosen.outcome}"

    def told(self, text: str) -> str:
        """A number with its unit, for a sentence."""
        measure, scale = self.kind
        return f"{text} points" if measure == "MD" and scale else f"{measure} {text}"

    def spread(self, result: Pooled) -> str:
        """tau with its unit; that of ratios belongs to their logarithms."""
        text = self.telling.tell(result.tau)
        return text if self.kind[0] != "MD" else self.told(text)

    @property
    def favours(self) -> tuple[str, str]:
        """What lies on the left and on the right of no effect."""
        one, versus, two = self.chosen.comparison.partition(" vs ")
        sides = (f"favours {one}", f"favours {two}")
        if not versus or not self.chosen.better:
            return "", ""
        return sides if self.chosen.better == "lower" else sides[::-1]

    @property
    def left_out(self) -> str:
        """Rows that give no effect, with the reason; "" for none."""
        return " ".join(f"Not pooled: {one.reason.rstrip('.')}." for one in self.chosen.left_out)

    @property
    def telling(self) -> Telling:
        """How numbers are written, as in the forest plot."""
        widths = [2 * _HALF * math.sqrt(effect.vi) for effect in self.effects]
        return Telling.of([] if self.ratio else widths, ratio=self.ratio)


def _pretty(study: str) -> str:
    """A study that is not among the records: "tonet2008" as "Tonet 2008".

    >>> _pretty("tonet2008"), _pretty("nct00961194")
    ('Tonet 2008', 'NCT00961194')
    """
    if study.lower().startswith("nct"):
        return study.upper()
    found = re.fullmatch(r"([a-z]+)((?:19|20)\d\d)[a-z]*", study)
    return f"{found[1].capitalize()} {found[2]}" if found else study


def _named(review: Review, chosen: Chosen) -> Analysis:
    plain = []
    for effect in chosen.effects:
        record = review.records.get(review.names.get(effect.study, effect.study))
        plain.append(record.short if record else _pretty(effect.study))
    names = [
        name if plain.count(name) == 1 else f"{name} ({plain[: at + 1].count(name)})" for at, name in enumerate(plain)
    ]
    return Analysis(chosen, tuple(names))


@cache
def _analyses(folder: Path) -> Mapping[str, Analysis]:
    """Every comparison, outcome and time of a review that gives an effect, by its name, as in the file."""
    review = load_review(folder)
    keys = dict.fromkeys((row.comparison, row.outcome, row.time) for row in review.effects or ())
    found = {
        f"{comparison}: {', '.join(filter(None, (outcome, time)))}": _named(
            review, choose(review, comparison=comparison, outcome=outcome, time=time)
        )
        for comparison, outcome, time in keys
    }
    return {name: one for name, one in found.items() if one.effects}


@cache
def _questions(folder: Path) -> Mapping[str, Mapping[str, Analysis]]:
    """The analyses of each comparison and outcome that name a time, by that time."""
    found: dict[str, dict[str, Analysis]] = {}
    for one in _analyses(folder).values():
        if one.chosen.time:
            found.setdefault(f"{one.chosen.comparison}: {one.chosen.outcome}", {})[one.chosen.time] = one
    return found


@cache
def _pooled(folder: Path, name: str, method: str = "REML", interval: str = "never-narrower") -> Pooled:
    return _analyses(folder)[name].chosen.pool(method, interval)


@cache
def _universes(folder: Path, name: str) -> Multiverse:
    """All defensible ways to pool one analysis, or a question at any of its times. Trials go by their names."""
    if name in (analyses := _analyses(folder)):
        held = [analyses[name]]
    else:
        held = list(_questions(folder)[name.removesuffix(_AT_ANY_TIME)].values())
    effects = [(effect, called) for one in held for effect, called in zip(one.effects, one.names, strict=True)]
    return multiverse([replace(effect, study=called) for effect, called in effects])


_AT_ANY_TIME = ", any of its times"


def _first(analyses: Mapping[str, Analysis]) -> str:
    """The analysis to begin with: the first of three trials or more, else the one with most."""
    enough = [name for name, one in analyses.items() if len(one.effects) >= _ENOUGH]
    return enough[0] if enough else max(analyses, key=lambda name: len(analyses[name].effects), default=_NOTHING)


class _OnReview(Panel):
    """A panel whose controls offer what the review holds that the lessons work on."""

    def __init__(self, **settings: Any) -> None:
        self.folder = chosen_folder()
        self.analyses = _analyses(self.folder)
        # The class declares them for all; here each panel has its own, since they depend on the review.
        vars(self)["controls"] = self.offered()
        vars(self)["sources"] = _sources(self.folder)
        said = "Nothing to pool in this review."
        blank = Axes([Words(0.5, 0.5, said, anchor="middle")], Axis(limits=(0, 1)), Axis(limits=(0, 1)))
        self.picture = draw(blank, title=self.title, description=said, height=60)  # until there is another
        super().__init__(**settings)

    def offered(self) -> tuple[Spec, ...]:
        """The controls for this review."""
        raise NotImplementedError

    def choice(self, names: Sequence[str] = (), first: str = "") -> Choice:
        """The control for an analysis."""
        offered = tuple(names or self.analyses) or (_NOTHING,)
        start = first or _first(self.analyses)
        return Choice(
            key="analysis", label="Comparison, outcome, time", value=start if start in offered else offered[0],
            options=offered, about="As the effects.csv of the review has them",
        )  # fmt: skip

    def taken(self, name: str) -> Analysis:
        """The analysis of that name.

        Raises:
            InputError: the review has none.
        """
        if name not in self.analyses:
            raise InputError(
                "this review holds no effect, so there is nothing to pool",
                where=str(self.folder.name),
                expected="rows in its effects.csv",
            )
        return self.analyses[name]


@cache
def _sources(folder: Path) -> tuple[tuple[str, str], ...]:
    """The records that the numbers were read in, with their addresses."""
    review = load_review(folder)
    found = {}
    for row in review.effects or ():
        record = review.records.get(review.names.get(row.record, row.record))
        words = ", ".join(filter(None, (record.short if record else row.record, row.source)))
        address = f"https://pubmed.ncbi.nlm.nih.gov/{row.source[5:]}/" if row.source.startswith("PMID:") else ""
        found[f"The numbers: {words}"] = address
    return tuple(found.items())


def _zero(one: Analysis) -> str:
    return "1" if one.ratio else "0"


def _holds(one: Analysis, result: Pooled) -> bool:
    """The interval holds "no effect"."""
    return result.ci_low <= 0 <= result.ci_high


def _read(one: Analysis, result: Pooled) -> str:
    """An estimate with its unit and interval."""
    changed, telling = changer(result), one.telling
    ends = telling.between(changed(result.ci_low), changed(result.ci_high))
    return f"{one.told(telling.tell(changed(result.estimate)))} (95 % interval {ends})"


def _rows(one: Analysis, result: Pooled) -> pd.DataFrame:
    """The trials with effect, interval and weight, then the pooled result."""
    changed = changer(result)
    half = _HALF * np.sqrt(result.vi)
    unit = one.kind[0]
    table = {
        "study": [*one.names, "pooled"],
        f"effect_{unit}": [changed(value) for value in [*result.yi, result.estimate]],
        f"low_95_{unit}": [changed(value) for value in [*(result.yi - half), result.ci_low]],
        f"high_95_{unit}": [changed(value) for value in [*(result.yi + half), result.ci_high]],
        "weight_share": [*result.weights, 1.0],
        "source": [*(effect.row.source if effect.row else "" for effect in one.effects), ""],
        "locator": [*(effect.row.locator if effect.row else "" for effect in one.effects), ""],
    }
    return pd.DataFrame(table)


# --- the forest plot -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """One analysis, pooled in one way."""

    name: str
    one: Analysis
    way: str
    pooled: Pooled


class Forest(_OnReview):
    """The forest plot of an analysis of the review, under any estimator and interval."""

    name = "forest"
    title = "Forest plot"
    notice = (
        "Squares are trials; the larger, the more weight. The diamond is what they add up to. Change the estimator, "
        "then the interval: no trial moves, and yet the diamond does. The shade is the interval as it was before."
    )
    find = "how many of the ways to pool the three trials that this opens with give an interval without zero."
    limits = (
        "Intervals of single trials are ± 1.96 standard errors. The one-true-effect model is drawn with its Wald "
        "interval only. A prediction interval needs five trials. Nothing here says how well a trial was done, or "
        "whether a difference is large enough to matter to anybody."
    )
    presets = (
        Preset(
            "Cochrane until 2024: DL, Wald",
            {"estimator": "random effects, DL", "interval": "Wald"}, _UNTIL, _COCHRANE,
        ),
        Preset(
            "Cochrane since 2025: REML, Knapp–Hartung",
            {"estimator": "random effects, REML", "interval": "Knapp–Hartung"}, _SINCE, _COCHRANE,
        ),
        Preset("one true effect: FE, Wald", {"estimator": _FE, "interval": "Wald"}),
    )  # fmt: skip

    def offered(self) -> tuple[Spec, ...]:
        return (
            self.choice(),
            Choice(
                key="estimator", label="Estimator", value=next(iter(ESTIMATORS)), options=tuple(ESTIMATORS),
                about="How the variance of true effects between trials is estimated; FE takes it to be 0",
            ),
            Choice(
                key="interval", label="Interval", value=next(iter(INTERVALS)), options=tuple(INTERVALS),
                about="How the 95 % interval of the mean is made; FE has the Wald interval only",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Drawn:
        one = self.taken(now.analysis)
        method = ESTIMATORS[now.estimator]
        interval = "Wald" if method == "FE" else now.interval
        pooled = _pooled(self.folder, now.analysis, method, INTERVALS[interval])
        return Drawn(now.analysis, one, f"{method}, {interval}", pooled)

    def words(self, result: Drawn) -> str:
        one, pooled = result.one, result.pooled
        people = count_of(one.chosen.people, "person", "people")
        if pooled.k == 1:
            return f"One trial, {people}, so there is nothing to pool: {_read(one, pooled)}."
        holds = "holds" if _holds(one, pooled) else "excludes"
        spread = f"I² {pooled.i2_q:.0f} %."
        if pooled.method != "FE":
            log = " of logarithms" if one.ratio else ""
            spread = f"tau{log} {one.spread(pooled)}, I² {pooled.i2:.0f} %."
        ends = ""
        if pooled.prediction_interval:
            low, high = map(changer(pooled), pooled.prediction_interval)
            ends = f" Prediction interval {one.telling.between(low, high)}."
        return (
            f"{pooled.k} trials, {people}. {result.way}: {_read(one, pooled)}, which {holds} {_zero(one)}. "
            f"{spread}{ends}"
        )

    def draw(self, result: Drawn, before: Drawn | None, words: str) -> Picture:
        one, pooled = result.one, result.pooled
        shade = None
        notes = [one.left_out]
        if before and before.name == result.name and before.way != result.way and pooled.k > 1:
            changed = changer(before.pooled)
            shade = changed(before.pooled.ci_low), changed(before.pooled.ci_high)
            notes.append(f"Shaded: the interval before ({before.way}).")
        if pooled.method == "FE" and pooled.k > 1:
            notes.append("FE is drawn with Wald's interval, and has no prediction interval.")
        elif 1 < pooled.k < LEAST_FOR_PREDICTION:
            notes.append(f"No prediction interval below {LEAST_FOR_PREDICTION} trials.")
        return forest_of(
            pooled,
            one.names,
            measure=one.axis,
            favours=one.favours,
            shade=shade,
            limits=_limits(self.folder, result.name),
            title=result.name,
            subtitle=result.way if pooled.k > 1 else "One trial",
            note=" ".join(filter(None, notes)),
            width=660,
        )

    def data(self, result: Drawn | None) -> pd.DataFrame:
        return _rows(result.one, result.pooled) if result else pd.DataFrame()


@cache
def _limits(folder: Path, name: str) -> tuple[float, float]:
    """One axis for all ways to pool an analysis, so that only what changes moves."""
    one, plain = _analyses(folder)[name], _pooled(folder, name)
    changed = changer(plain)
    ends = _HALF * np.sqrt(plain.vi)
    studies = [
        Study(called, changed(y), changed(y - end), changed(y + end))
        for called, y, end in zip(one.names, plain.yi, ends, strict=True)
    ]
    ways = [(method, interval) for method in METHODS for interval in INTERVALS.values() if method != "FE"]
    found = [_pooled(folder, name, *way) for way in [*ways, ("FE", "wald")]]
    totals = [Total("", changed(each.estimate), changed(each.ci_low), changed(each.ci_high)) for each in found]
    return limits_of(studies, totals, [1.0 if one.ratio else 0.0], ratio=one.ratio)


# --- an invented trial -----------------------------------------------------------------------------------------------

INVENTED = "INVENTED TRIAL"
_PEOPLE = 1000  # of an invented trial, at most


@dataclass(frozen=True, slots=True)
class Added:
    """An analysis without and with invented trials, each pooled in two ways: one true effect, and random effects."""

    one: Analysis
    people: float
    effect: float
    copies: int
    larger: float
    without: tuple[Pooled, Pooled]
    fixed: Pooled
    random: Pooled

    @property
    def invented(self) -> bool:
        """There is an invented trial."""
        return self.people > 0

    def shares(self, pooled: Pooled) -> tuple[list[float], float]:
        """Weights of the trials, and of what is invented all together."""
        real = len(self.one.names)
        return [float(weight) for weight in pooled.weights[:real]], float(pooled.weights[real:].sum())


class AddATrial(_OnReview):
    """An invented trial beside the real ones: what it does to weights and mean under two models."""

    name = "added"
    title = "Add a trial that does not exist"
    notice = (
        "Circles are the model of one true effect, squares that of random effects. Watch the weights: the random model "
        "evens them out. That shields a mean from one large trial, and gives small ones more say."
    )
    find = "the size at which an invented trial without any effect has half of the weight under one true effect."
    limits = (
        "The invented trial is as precise for each person as the median of the real ones (variance times people), "
        "and no more than a number: it has no patients, no bias and no author. “Real trials larger by” divides their "
        "variances and leaves their results as they are. Random effects: REML, Knapp–Hartung, never narrower than "
        "Wald; one true effect: Wald."
    )

    def offered(self) -> tuple[Spec, ...]:
        start = _first(self.analyses)
        kind = self.analyses[start].kind if start in self.analyses else ("MD", None)
        alike = [name for name, one in self.analyses.items() if one.kind == kind]
        better = self.analyses[start].chosen.better if start in self.analyses else "lower"
        return (
            self.choice(alike, start),
            Number(
                key="people", label=f"{INVENTED.capitalize()}: people", value=0, low=0, high=_PEOPLE, step=10,
                about="Both groups together; 0: there is none",
            ),
            _effect_of(kind, better),
            Number(
                key="copies", label="How many such trials", value=1, low=1, high=10, step=1,
                about="Exactly alike; from five trials in all there is a prediction interval",
            ),
            Number(
                key="larger", label="Real trials larger by", unit="×", value=1, low=1, high=30, log=True,
                about="The same results from so many times the people: another invention",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Added:
        one = self.taken(now.analysis)
        real = _pooled(self.folder, now.analysis)
        y, v = list(real.yi), list(real.vi / now.larger)
        if now.people:
            y += [math.log(now.effect) if one.ratio else now.effect] * int(now.copies)
            v += [_for_each(one, real) / now.people] * int(now.copies)
        measure = real.measure
        return Added(
            one, now.people, now.effect, int(now.copies), now.larger,
            (_pooled(self.folder, now.analysis, "FE", "wald"), real),
            pool(y, v, "FE", "wald", measure=measure),
            pool(y, v, measure=measure),
        )  # fmt: skip

    def words(self, result: Added) -> str:
        one, fixed, random = result.one, result.fixed, result.random
        telling, log = one.telling, " of logarithms" if one.ratio else ""
        spread = f"tau{log} {one.spread(random)}, I² {random.i2:.0f} %."
        many = "" if result.larger == 1 else f" Real trials × {result.larger:g}."
        if not result.invented:
            return (
                f"No invented trial.{many} One true effect: {_read(one, fixed)}. Random effects: {_read(one, random)}; "
                f"{spread}"
            )
        changed = changer(random)
        moved = [
            f"{telling.tell(changed(before.estimate))} → {telling.tell(changed(after.estimate))}"
            for before, after in zip(result.without, (fixed, random), strict=True)
        ]
        share = [f"{100 * result.shares(pooled)[1]:.0f} %" for pooled in (fixed, random)]
        interval = telling.between(changed(random.ci_low), changed(random.ci_high))
        ends = ""
        if random.prediction_interval:
            ends = f" Prediction interval {telling.between(*map(changed, random.prediction_interval))}."
        times = "" if result.copies == 1 else f"{result.copies} × "
        return (
            f"Invented: {times}{result.people:g} people, {one.told(telling.tell(result.effect))}.{many} "
            f"One true effect: weight {share[0]}, {moved[0]}. "
            f"Random effects: weight {share[1]}, {moved[1]} (95 % interval {interval}); {spread}{ends}"
        )

    def draw(self, result: Added, before: Added | None, words: str) -> Picture:
        one, real = result.one, result.random
        changed = changer(real)
        invented = [INVENTED + ("" if result.copies == 1 else f" (× {result.copies})")] if result.invented else []
        trials = [*one.names, *invented]
        count = len(trials)
        half = _HALF * np.sqrt(real.vi[:count])
        low, high = ([changed(v) for v in real.yi[:count] + side * half] for side in (-1, 1))
        middle = [changed(v) for v in real.yi[:count]]
        at = len(one.names)
        marks: list[Any] = [
            Rule(x=1.0 if one.ratio else 0.0, ink="ink", dash=""),
            ErrorBars(trials[:at], low[:at], high[:at], flat=True, ink="muted"),
            Points(middle[:at], trials[:at], ink="ink", shape="square", sizes=4),
        ]
        if invented:
            marks += [
                ErrorBars(invented, low[at:], high[at:], flat=True, series=3),
                Points(middle[at:], invented, series=3, shape="diamond", sizes=6, hollow=True, label="invented"),
            ]
        rows = []
        for series, (said, pooled, plain, shape) in enumerate(
            (
                ("one true effect", result.fixed, result.without[0], "circle"),
                ("random effects", real, result.without[1], "square"),
            ),
            start=1,
        ):
            rows.append(said)
            ends = [changed(pooled.ci_low)], [changed(pooled.ci_high)]
            marks.append(ErrorBars([said], *ends, flat=True, series=series, width=2.4))
            marks.append(Points([changed(pooled.estimate)], [said], series=series, shape=shape, sizes=6, label=said))
            if result.invented or result.larger != 1:
                rows.append(f"{said}: real trials")
                ends = [changed(plain.ci_low)], [changed(plain.ci_high)]
                marks.append(ErrorBars(rows[-1:], *ends, flat=True, ink="muted"))
                place = [changed(plain.estimate)]
                marks.append(Points(place, rows[-1:], ink="muted", shape=shape, sizes=5, hollow=True))
        if real.prediction_interval:
            rows.append("prediction interval")
            ends = [changed(real.prediction_interval[0])], [changed(real.prediction_interval[1])]
            marks.append(ErrorBars(rows[-1:], *ends, flat=True, series=2, width=1.2))
        weights: list[Any] = []
        for series, (pooled, shape) in enumerate(((result.fixed, "circle"), (real, "square")), start=1):
            shares, made = result.shares(pooled)
            weights.append(
                Points([*shares, *([made] if invented else [])], trials, series=series, shape=shape, sizes=5)
            )
        effect = Axis(one.axis, "log" if one.ratio else "linear", limits=self._limits(result))
        return draw(
            [
                Axes(marks, effect, Axis(kind="names", names=(*trials, *rows)), "Effects, and what they add up to"),
                Axes(
                    weights, Axis("Weight (%)", limits=(0, 1), percent=True), Axis(kind="names", names=tuple(trials)),
                    "Weight under each model",
                ),
            ],
            title=self.title,
            subtitle=f"{one.chosen.comparison}, {one.chosen.time}".rstrip(", "),
            description=words,
            columns=1,
        )  # fmt: skip

    def _limits(self, result: Added) -> tuple[float, float] | None:
        """An axis that stands still while a trial is dragged: all that may be asked for, and the means."""
        spec = self.moves["effect"].declared
        assert isinstance(spec, Number)
        changed = changer(result.random)
        ends = [changed(end) for one in (result.fixed, result.random) for end in (one.ci_low, one.ci_high)]
        low, high = min(spec.low, *ends), max(spec.high, *ends)
        return (low, high) if 0 < high - low < 1e6 else None

    def data(self, result: Added | None) -> pd.DataFrame:
        if result is None:
            return pd.DataFrame()
        names = [*result.one.names, *[INVENTED] * (result.random.k - len(result.one.names))]
        changed, unit = changer(result.random), result.one.kind[0]
        return pd.DataFrame(
            {
                "study": [*names, "pooled"],
                f"one_true_effect_{unit}": [changed(v) for v in [*result.fixed.yi, result.fixed.estimate]],
                "one_true_effect_weight_share": [*result.fixed.weights, 1.0],
                f"random_effects_{unit}": [changed(v) for v in [*result.random.yi, result.random.estimate]],
                "random_effects_weight_share": [*result.random.weights, 1.0],
            }
        )


def _effect_of(kind: tuple[str, tuple[float, float] | None], better: str) -> Number:
    """The slider for the effect of an invented trial, in units of its measure."""
    measure, scale = kind
    side = 1 if better == "higher" else -1
    about = "What the invented trial found"
    label = f"{INVENTED.capitalize()}: effect"
    if measure in RATIOS:
        start = 2.0 if side > 0 else 0.5
        return Number(key="effect", label=label, unit=measure, value=start, low=0.05, high=20, log=True, about=about)
    if measure == "MD" and scale:
        wide = scale[1] - scale[0]
        return Number(
            key="effect", label=label, unit=f"points of {wide:g}", value=side * 0.4 * wide, low=-0.6 * wide,
            high=0.6 * wide, step=wide / 100, about=about,
        )  # fmt: skip
    reach = 1.0 if measure == "RD" else 3.0
    return Number(
        key="effect", label=label, unit=measure, value=side * reach / 4, low=-reach, high=reach, step=reach / 100,
        about=about,
    )  # fmt: skip


def _for_each(one: Analysis, real: Pooled) -> float:
    """Variance times people: the median of the trials.

    Raises:
        InputError: no trial says how many people it had.
    """
    known = [v * (e.n1 + e.n2) for e, v in zip(one.effects, real.vi, strict=True) if e.n1 and e.n2]
    if not known:
        raise InputError("no trial here says how many people it had", where="an invented trial", expected="n1 and n2")
    return float(np.median(known))


# --- without each trial ----------------------------------------------------------------------------------------------

WITHOUT, FUNNEL = "without each trial in turn", "funnel plot"


@dataclass(frozen=True, slots=True)
class Less:
    """An analysis, and the same without one trial."""

    name: str
    one: Analysis
    shown: str
    place: int
    missing: int
    whole: Pooled
    rest: Pooled
    table: pd.DataFrame


class LeaveOut(_OnReview):
    """The result without each trial in turn, and the funnel plot."""

    name = "without"
    title = "Take a trial away"
    notice = (
        "Press Play: each trial is left out in turn. The shade is the interval of all trials. Then look at the funnel: "
        "what would you dare to read from three points?"
    )
    find = "the trial without which the estimate comes nearest to zero, and the one without which it goes furthest."
    limits = (
        "REML, Knapp–Hartung, never narrower than Wald. That a trial moves the result much is no reason to drop it: "
        "ask first what was different about it. A funnel needs ten trials or more, and even then its shape has other "
        "causes than trials that were never published (reference 11)."
    )

    def offered(self) -> tuple[Spec, ...]:
        most = max((len(one.names) for one in self.analyses.values()), default=1)
        return (
            self.choice([name for name, one in self.analyses.items() if len(one.names) > 1]),
            Number(
                key="place", label="Leave out the trial in row", value=0, low=0, high=most, step=1, plays=True,
                about="Counted from the top; 0 keeps all of them",
            ),
            Choice(
                key="shown", label="Shown", value=WITHOUT, options=(WITHOUT, FUNNEL),
                about="Two pictures of the same trials",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Less:
        one = self.taken(now.analysis)
        whole = _pooled(self.folder, now.analysis)
        if whole.k < 2:
            raise InputError("one trial, and without it nothing is left", where=now.analysis, expected="two at least")
        place = int(now.place)
        missing = place if place > whole.k else 0  # Play runs as far as the longest analysis goes
        place = 0 if missing else place
        kept = [at for at in range(whole.k) if at != place - 1]
        rest = pool(whole.yi[kept], whole.vi[kept], measure=whole.measure)
        return Less(now.analysis, one, now.shown, place, missing, whole, rest, _table(self.folder, now.analysis))

    def words(self, result: Less) -> str:
        one, whole = result.one, result.whole
        parts = [f"There is no row {result.missing}."] if result.missing else []
        parts.append(f"All {whole.k} trials: {_read(one, whole)}.")
        if result.place:
            parts.append(f"Without {one.names[result.place - 1]}: {_read(one, result.rest)}.")
        if result.shown == FUNNEL:
            telling = Telling.of([2 * _HALF * math.sqrt(v) for v in whole.vi])
            ends = telling.between(*(math.sqrt(end) for end in (whole.vi.min(), whole.vi.max())))
            few = "fewer than 10: the shape of this funnel tells nothing." if result.rest.k < 10 else "a funnel."
            parts.append(f"Standard errors {ends}; {result.rest.k} trials, {few}")
        else:
            most = result.table["change"].abs().idxmax()
            moved = changer(whole)(float(result.table["estimate"].to_dict()[most]))
            parts.append(f"Most hangs on {most}: without it {one.told(one.telling.tell(moved))}.")
        return " ".join(parts)

    def draw(self, result: Less, before: Less | None, words: str) -> Picture:
        one, at = result.one, result.place - 1
        if result.shown == FUNNEL:
            names = [name for place, name in enumerate(one.names) if place != at]
            left = f"Left out: {one.names[at]}." if at >= 0 else ""
            return funnel_of(result.rest, names, measure=one.axis, title=result.name, subtitle=left, height=260)
        marked = result.table.rename(index={one.names[at]: f"▸ {one.names[at]}"} if at >= 0 else {})
        return leave_one_out_of(
            marked, result.whole, measure=one.axis, title=result.name, subtitle=WITHOUT.capitalize(), width=660
        )

    def data(self, result: Less | None) -> pd.DataFrame:
        if result is None:
            return pd.DataFrame()
        changed, unit = changer(result.whole), result.one.kind[0]
        table = result.table
        rows = pd.DataFrame(
            {f"{name}_{unit}": [changed(v) for v in table[name]] for name in ("estimate", "ci_low", "ci_high")},
            index=table.index,
        )
        return rows.rename_axis("without").reset_index()


@cache
def _table(folder: Path, name: str) -> pd.DataFrame:
    whole = _pooled(folder, name)
    return leave_one_out(whole.yi, whole.vi, labels=_analyses(folder)[name].names)


# --- other times -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Times:
    """One question at all times of the review, and the time that is read."""

    question: str
    time: str
    times: tuple[str, ...]
    at: Mapping[str, tuple[Analysis, Pooled]]

    @property
    def before(self) -> str:
        """The last earlier time with a result; "" for none."""
        earlier = [time for time in self.times[: self.times.index(self.time)] if time in self.at]
        return earlier[-1] if earlier else ""


class OverTime(_OnReview):
    """The same question at each time that the review holds."""

    name = "times"
    title = "The same question at other times"
    notice = (
        "Thin lines join what one trial found at two times. Count them: most trials stand at one time only, so the "
        "pooled results at two times are of different people. Where nobody measured, there is nothing to draw."
    )
    find = "how many trials stand at the immediate and at the short term both."
    limits = (
        "The names of the times are the source's; trials within one time were measured minutes to days after the drug. "
        "Pooled: REML, Knapp–Hartung, never narrower than Wald. “Nobody” means no row in this review: such a trial may "
        "exist and be missing here."
    )

    def __init__(self, **settings: Any) -> None:
        self.questions = _questions(chosen_folder())
        super().__init__(**settings)

    def offered(self) -> tuple[Spec, ...]:
        named = list(self.questions) or [_NOTHING]
        first = max(named, key=lambda name: len(self.questions.get(name, ())))
        times = _times(self.questions)
        return (
            Choice(
                key="question", label="Comparison and outcome", value=first, options=tuple(named),
                about="Those whose rows name a time",
            ),
            Choice(
                key="time", label="Time", value=times[0], options=times, about="As the source calls them",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Times:
        if now.question not in self.questions:
            raise InputError("no effect of this review names a time", expected="hours or window in its effects.csv")
        held = self.questions[now.question]
        found = {time: (one, one.chosen.pool()) for time, one in held.items()}
        return Times(now.question, now.time, _times(self.questions), found)

    def words(self, result: Times) -> str:
        when = result.time.capitalize()
        if result.time not in result.at:
            return f"{when}: no trial in this review. Not measured is not the same as lasting, nor as gone."
        one, pooled = result.at[result.time]
        how = "one trial" if pooled.k == 1 else f"{pooled.k} trials"
        holds = "holds" if _holds(one, pooled) else "excludes"
        said = (
            f"{when}: {how}, {count_of(one.chosen.people, 'person', 'people')}, {_read(one, pooled)}, which {holds} "
            f"{_zero(one)}."
        )
        if not result.before:
            return said
        earlier = {effect.study for effect in result.at[result.before][0].effects}
        now = {effect.study for effect in one.effects}
        stayed, fresh = len(earlier & now), len(now - earlier)
        return (
            f"{said} Of the {count_of(len(earlier), 'trial')} at {result.before}, {stayed or 'none'} "
            f"{'is' if stayed == 1 else 'are'} still here; {fresh or 'none'} {'is' if fresh < 2 else 'are'} new."
        )

    def draw(self, result: Times, before: Times | None, words: str) -> Picture:
        ratio = any(one.ratio for one, _ in result.at.values())
        found: dict[str, list[tuple[str, float]]] = {}
        pooled: list[tuple[str, float, float, float]] = []
        for time in result.times:
            if time in result.at:
                one, mean = result.at[time]
                changed = changer(mean)
                for name, value in zip(one.names, mean.yi, strict=True):
                    found.setdefault(name, []).append((time, changed(value)))
                pooled.append((time, changed(mean.estimate), changed(mean.ci_low), changed(mean.ci_high)))
        few = len(found) <= _MOST_NAMED
        zero = 1.0 if ratio else 0.0
        marks: list[Any] = [Rule(y=zero, ink="ink", dash="")]
        for time, middle, low, high in pooled:  # under the trials, which they would hide
            here = time == result.time
            marks.append(ErrorBars([time], [low], [high], ink="axis", cap=0 if here else 5, width=9 if here else 1.6))
            label = "pooled" if here else ""
            look: dict[str, Any] = {"ink": "ink" if here else "muted", "shape": "diamond", "hollow": True}
            marks.append(Points([time], [middle], sizes=9, label=label, **look))
        for series, (name, values) in enumerate(found.items()):
            look = {"series": series} if few else {"ink": "muted"}
            times, effects = [time for time, _ in values], [value for _, value in values]
            if len(values) > 1:
                marks.append(Line(times, effects, width=1.4, **look))
            marks.append(Points(times, effects, label=name if few else "", sizes=4, **look))
        empty = [time for time in result.times if time not in result.at]
        marks += [Words(time, zero, "nobody measured", anchor="middle", dy=-6) for time in empty]
        one = next(iter(result.at.values()))[0]
        return draw(
            Axes(
                marks,
                Axis("Time after treatment, as the source calls it", kind="names", names=result.times),
                Axis(one.axis, "log" if ratio else "linear", zero=not ratio),
                height=280,
            ),
            title=result.question,
            subtitle="Points: trials. Diamonds: pooled, with their 95 % intervals",
            description=words,
        )

    def data(self, result: Times | None) -> pd.DataFrame:
        if result is None:
            return pd.DataFrame()
        rows = [_rows(one, pooled).assign(time=time) for time, (one, pooled) in result.at.items()]
        return pd.concat(rows, ignore_index=True)


def _times(questions: Mapping[str, Mapping[str, Analysis]]) -> tuple[str, ...]:
    """All times in order: by the names that reviews use, among them those that this one lacks, or by hours."""
    held = dict.fromkeys(time for one in questions.values() for time in one)
    hours = {time: row.hours for one in questions.values() for time, found in one.items() for row in found.chosen.rows}
    named = _WINDOWS if any(time in _WINDOWS for time in held) else ()
    rest = sorted((time for time in held if time not in named), key=lambda time: hours.get(time) or 0.0)
    return (*named, *rest) or (_NOTHING,)


# --- all ways at once ------------------------------------------------------------------------------------------------

_CALLED = {
    "method": "the estimator", "interval": "the interval", "left_out": "which trial is left out", "window": "the time",
    "r": "the correlation", "measure": "the measure",
}  # fmt: skip
_IN, _OUT = "none", "one"


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way to pool, in order of the estimate, and which of them are chosen."""

    name: str
    asked: tuple[str, str, str]
    found: Multiverse
    order: Array
    chosen: Array
    changed: Callable[[Array], Array]
    one: Analysis

    @property
    def excluding(self) -> Array:
        """Which intervals exclude no effect."""
        return np.asarray(self.found.table["excludes_zero"])


class Universes(_OnReview):
    """Every defensible way to pool the same trials, and which choice moves the result most."""

    name = "ways"
    title = "All defensible ways at once"
    notice = (
        "Each line is one way to pool: estimator, interval, all trials or all but one. All of them are open to whoever "
        "has not written down a plan. Choose some and see where they lie. How often zero is excluded is no probability."
    )
    find = "which choice moves the estimate most, and which one decides whether zero is excluded."
    limits = (
        "Ways are not weighted by how good they are; some reviewers would refuse some of them. A share is the part of "
        "the variance between ways that one choice explains alone; what is missing to 100 % comes from choices acting "
        "together. With any of its times, the time is a choice too. The idea of a multiverse is that of reference 12."
    )

    def offered(self) -> tuple[Spec, ...]:
        several = [name for name, one in self.analyses.items() if len(set(one.names)) > 1]
        wide = [f"{name}{_AT_ANY_TIME}" for name, held in _questions(self.folder).items() if len(held) > 1]
        return (
            self.choice([*several, *wide]),
            Choice(
                key="method", label="Estimator", value=_ANY, options=(_ANY, *ESTIMATORS.values()),
                about="Look at the ways with this estimator",
            ),
            Choice(
                key="interval", label="Interval", value=_ANY, options=(_ANY, *INTERVALS),
                about="Look at the ways with this interval",
            ),
            Choice(
                key="left", label="Trials left out", value=_ANY, options=(_ANY, _IN, _OUT),
                about="All trials, or all but one",
            ),
        )  # fmt: skip

    def compute(self, now: Setting) -> Ways:
        plain = now.analysis.removesuffix(_AT_ANY_TIME)
        held = _questions(self.folder).get(plain) if plain != now.analysis else None
        one = next(iter(held.values())) if held else self.taken(now.analysis)
        found = _universes(self.folder, now.analysis)
        table = found.table
        chosen = np.ones(len(table), bool)
        for column, asked in (("method", now.method), ("interval", INTERVALS.get(now.interval, _ANY))):
            if asked != _ANY:
                chosen &= np.asarray(table[column] == asked)
        if now.left != _ANY:
            chosen &= np.asarray(table["left_out"] == "nobody") == (now.left == _IN)
        if not chosen.any():
            raise InputError(
                "no way to pool is like that",
                where=now.analysis,
                expected="the Wald interval where the estimator is FE",
            )
        changed: Callable[[Array], Array] = np.exp if one.ratio else np.asarray
        order = np.lexsort((table["ci_low"], table["estimate"]))
        asked = (now.method, now.interval, now.left)
        return Ways(now.analysis, asked, found, order, chosen, changed, one)

    def words(self, result: Ways) -> str:
        table, chosen, excluding = result.found.table, result.chosen, result.excluding
        values = result.changed(table["estimate"].to_numpy()[chosen])
        ends = result.one.told(result.one.telling.between(float(values.min()), float(values.max())))
        ways, part = len(table), int(chosen.sum())
        zero = _zero(result.one)
        head = f"{ways} ways to pool {len(result.found.trials)} trials."
        if part < ways:
            head += f" {part} chosen."
        said = f"{head} Estimates {ends}; {int(excluding[chosen].sum())} of {part} intervals exclude {zero}."
        most, decides = result.found.moved_most_by(), result.found.moved_most_by("excludes_zero")
        tail = f" The estimate is moved most by: {_CALLED.get(most, most)}." if most else ""
        return said + tail + (f" Whether {zero} is excluded, by: {_CALLED.get(decides, decides)}." if decides else "")

    def draw(self, result: Ways, before: Ways | None, words: str) -> Picture:
        table, order = result.found.table, result.order
        low, middle, high = (
            result.changed(table[name].to_numpy()[order]) for name in ("ci_low", "estimate", "ci_high")
        )
        rank = np.arange(1, len(order) + 1)
        chosen, excluding = result.chosen[order], result.excluding[order]
        ratio, zero = result.one.ratio, _zero(result.one)
        marks: list[Any] = [Rule(y=float(zero), ink="ink", dash="")]
        groups = (
            (~chosen, "not chosen", {"ink": "muted"}, "square", 0.8),
            (chosen & ~excluding, f"interval includes {zero}", {"series": 0}, "circle", 1.8),
            (chosen & excluding, f"interval excludes {zero}", {"series": 1}, "diamond", 1.8),
        )
        for at, label, look, shape, width in groups:
            if at.any():
                marks.append(ErrorBars(rank[at], low[at], high[at], cap=0, width=width, **look))
                marks.append(Points(rank[at], middle[at], label=label, shape=shape, sizes=1.6 * width, **look))
        shares = result.found.shares.dropna(how="all")
        names = [_CALLED.get(str(name), str(name)) for name in shares.index]
        parts: list[Any] = []
        for series, (column, label, shape) in enumerate(
            (
                ("estimate", "moves the estimate", "square"),
                ("excludes_zero", f"moves whether {zero} is excluded", "diamond"),
            ),
            start=2,
        ):
            there = shares[column].notna().to_numpy()
            if there.any():
                rows = [name for name, yes in zip(names, there, strict=True) if yes]
                values = shares[column].to_numpy()[there]
                parts.append(Points(values, rows, label=label, series=series, shape=shape, sizes=6))
        effect = Axis(result.one.axis, "log" if ratio else "linear", limits=_within(low, high, middle, ratio))
        across = Axis("Ways to pool, from the least to the greatest estimate", limits=(0, len(order) + 1), grid=False)
        panels = [Axes(marks, across, effect, height=230)]
        if parts:
            share = Axis("Part of the variance that one choice explains alone (%)", limits=(0, 1), percent=True)
            panels.append(Axes(parts, share, Axis(kind="names", names=tuple(names)), "What moves it"))
        return draw(panels, title=result.name, description=words, columns=1)

    def data(self, result: Ways | None) -> pd.DataFrame:
        if result is None:
            return pd.DataFrame()
        return result.found.table.astype({"method": str, "interval": str, "left_out": str}).assign(chosen=result.chosen)


def _within(low: Array, high: Array, middle: Array, ratio: bool) -> tuple[float, float]:
    """Ends of an axis that shows every estimate; intervals of two trials may run out of it, they are very wide."""
    to, back = (np.log, np.exp) if ratio else (np.asarray, np.asarray)
    reach = max(0.75 * float(np.median(to(high) - to(low))), float(np.ptp(to(middle))), 1e-9)
    first = max(float(to(low).min()), float(to(middle).min()) - reach)
    last = min(float(to(high).max()), float(to(middle).max()) + reach)
    return float(back(first)), float(back(last))
