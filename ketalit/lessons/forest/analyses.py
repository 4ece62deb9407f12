"""What a review holds that can be pooled: its comparisons, outcomes and times, by name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from ...figures.synthesis.of_pooling import changer
from ...figures.synthesis.telling import Telling
from ...pooling import Effect, Pooled
from ...pooling.quantiles import normal
from ...pooling.result import RATIOS
from ...review import Review
from ...synthesis import Chosen, choose
from ..kept import review_in

FE = "one true effect (FE)"
ESTIMATORS = {
    "random effects, REML": "REML",
    "random effects, DL": "DL",
    "random effects, PM": "PM",
    "random effects, ML": "ML",
    FE: "FE",
}
INTERVALS = {
    "Knapp–Hartung, never narrower than Wald": "never-narrower",
    "Knapp–Hartung": "knapp-hartung",
    "Wald": "wald",
}

ANY, NOTHING, AT_ANY_TIME = "any", "nothing to pool", ", any time"
_ENOUGH = 3  # trials of the analysis that panels begin with

HALF = float(normal(0.975))  # of a 95 % interval, standard errors


@dataclass(frozen=True, slots=True)
class Analysis:
    """One comparison, outcome and time (or any time) of a review, and how its results are told.

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
    def question(self) -> str:
        """Comparison and outcome, in full."""
        return f"{self.chosen.comparison}: {self.chosen.outcome}"

    @property
    def title(self) -> str:
        """Comparison, outcome and time, in full."""
        return ", ".join(filter(None, (self.question, self.chosen.time)))

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
        widths = [2 * HALF * math.sqrt(effect.vi) for effect in self.effects]
        return Telling.of([] if self.ratio else widths, ratio=self.ratio)

    @property
    def zero(self) -> str:
        """The value that means no effect."""
        return "1" if self.ratio else "0"

    def read(self, result: Pooled) -> str:
        """An estimate with its unit and interval."""
        changed, telling = changer(result), self.telling
        ends = telling.between(changed(result.ci_low), changed(result.ci_high))
        return f"{self.told(telling.tell(changed(result.estimate)))} (95 % interval {ends})"

    def judged(self, result: Pooled) -> str:
        """The same, and whether the interval holds no effect."""
        holds = "holds" if result.ci_low <= 0 <= result.ci_high else "excludes"
        return f"{self.read(result)}, which {holds} {self.zero}"

    def spread(self, result: Pooled) -> str:
        """tau with its unit, and I²; the tau of ratios belongs to their logarithms."""
        tau = self.telling.tell(result.tau)
        tau = self.told(tau) if self.kind[0] == "MD" else tau
        return f"tau{' of logarithms' if self.ratio else ''} {tau}, I² {result.i2:.0f} %."

    def prediction(self, result: Pooled) -> str:
        """A sentence with the prediction interval; "" where there is none."""
        if not result.prediction_interval:
            return ""
        return f" Prediction interval {self.telling.between(*map(changer(result), result.prediction_interval))}."

    def rows(self, result: Pooled) -> pd.DataFrame:
        """The trials with effect, interval and weight, then the pooled result."""
        changed, unit, half = changer(result), self.kind[0], HALF * np.sqrt(result.vi)
        return pd.DataFrame(
            {
                "study": [*self.names, "pooled"],
                f"effect_{unit}": [changed(value) for value in [*result.yi, result.estimate]],
                f"low_95_{unit}": [changed(value) for value in [*(result.yi - half), result.ci_low]],
                f"high_95_{unit}": [changed(value) for value in [*(result.yi + half), result.ci_high]],
                "weight_share": [*result.weights, 1.0],
                "source": [*(effect.row.source if effect.row else "" for effect in self.effects), ""],
                "locator": [*(effect.row.locator if effect.row else "" for effect in self.effects), ""],
            }
        )


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


def shorter(names: Iterable[str]) -> dict[str, str]:
    """Each name without the word that ends all of them, where every name keeps a word of letters.

    >>> shorter(["IV ketamine", "oral ketamine"])
    {'IV ketamine': 'IV', 'oral ketamine': 'oral'}
    >>> shorter(["toyol", "other toyol"]), shorter(["1 day", "2 day"])
    ({'toyol': 'toyol', 'other toyol': 'other toyol'}, {'1 day': '1 day', '2 day': '2 day'})
    """
    words = {name: name.split() for name in dict.fromkeys(names)}
    one_end = len(words) > 1 and len({tuple(each[-1:]) for each in words.values()}) == 1
    if not one_end or not all("".join(each[:-1]).isalpha() for each in words.values()):
        return {name: name for name in words}
    return {name: " ".join(each[:-1]) for name, each in words.items()}


def _labels(keys: Sequence[tuple[str, str, str]]) -> list[str]:
    """Labels of (comparison, outcome, time) that fit into a menu: without words that all of them share.

    >>> _labels([("IV ketamine vs placebo", "nausea", "short term"), ("oral ketamine vs placebo", "pain", "long term")])
    ['IV vs placebo: nausea, short', 'oral vs placebo: pain, long']
    """
    drugs = shorter(comparison.partition(" vs ")[0] for comparison, _, _ in keys)
    times = shorter(time for _, _, time in keys if time) | {"": ""}
    short = []
    for comparison, outcome, time in keys:
        drug, versus, other = comparison.partition(" vs ")
        fewer = re.sub(r" by (.+) or more$", r" ≥ \1", outcome)
        short.append(f"{drugs[drug]}{versus}{other}: {', '.join(filter(None, (fewer, times[time])))}")
    full = [f"{comparison}: {', '.join(filter(None, (outcome, time)))}" for comparison, outcome, time in keys]
    return short if len(set(short)) == len(set(full)) else full


@cache
def analyses_of(folder: Path) -> Mapping[str, Analysis]:
    """Every comparison, outcome and time of a review that gives an effect, by its label in a menu, as in the file.

    >>> from ketalit.review import BUNDLED
    >>> next(iter(analyses_of(BUNDLED).values())).names
    ('Lumanauw 2019', 'Noppers 2011', 'Sigtermans 2009')
    """
    review = review_in(folder)
    keys = dict.fromkeys((row.comparison, row.outcome, row.time) for row in review.effects or ())
    found = {
        label: _named(review, choose(review, comparison=comparison, outcome=outcome, time=time))
        for label, (comparison, outcome, time) in zip(_labels(list(keys)), keys, strict=True)
    }
    return {name: one for name, one in found.items() if one.effects}


@cache
def questions_of(folder: Path) -> Mapping[str, Mapping[str, Analysis]]:
    """The analyses of each comparison and outcome that name a time, by that time."""
    analyses = list(analyses_of(folder).values())
    labels = dict(
        zip(
            (one.question for one in analyses),
            _labels([(one.chosen.comparison, one.chosen.outcome, "") for one in analyses]),
            strict=True,
        )
    )
    found: dict[str, dict[str, Analysis]] = {}
    for one in analyses:
        if one.chosen.time:
            found.setdefault(labels[one.question], {})[one.chosen.time] = one
    return found


@cache
def pooled_of(folder: Path, name: str, method: str = "REML", interval: str = "never-narrower") -> Pooled:
    """One analysis, pooled in one way."""
    return analyses_of(folder)[name].chosen.pool(method, interval)


def first_of(analyses: Mapping[str, Analysis]) -> str:
    """The analysis to begin with: the first of three trials or more, else the one with most."""
    enough = [name for name, one in analyses.items() if len(one.effects) >= _ENOUGH]
    return enough[0] if enough else max(analyses, key=lambda name: len(analyses[name].effects), default=NOTHING)
