"""A summary of findings: one row for each comparison, outcome and time of a review."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..pooling import Pooled
from ..review import Certainty, Review
from .absolute import absolute
from .bias import overall
from .choose import Chosen, Window, choose
from .thresholds import Threshold

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "comparison": "string",
    "outcome": "string",
    "time": "string",  # named window, hours or window of hours; empty where the source gives none
    "trials": "Int64",  # with a row in effects.csv
    "k": "Int64",  # effects pooled
    "n": "Int64",  # people in these
    "events": "string",  # of all trials, "39/88 vs 5/52"; empty for means
    "measure": "string",
    "better": "string",  # lower or higher
    "scale": "string",  # ends of the scale that a difference of means is in points of
    "effect": "Float64",  # ratios as ratios, not as logarithms
    "ci_low": "Float64",
    "ci_high": "Float64",
    "prediction_low": "Float64",  # from five effects on
    "prediction_high": "Float64",
    "tau": "Float64",  # in units of the effect; of a ratio, of its logarithm
    "i2": "Float64",  # percent, from tau²
    "i2_q": "Float64",  # percent, from Q
    "baseline": "Float64",  # risk without the treatment, 0 to 1
    "baseline_source": "string",
    "without_per_1000": "Float64",
    "with_per_1000": "Float64",
    "difference_per_1000": "Float64",
    "difference_low": "Float64",
    "difference_high": "Float64",
    "threshold": "Float64",  # in units of the effect, as the reader chose it
    "threshold_source": "string",
    "against_threshold": "string",  # where the interval lies
    "risk_of_bias": "string",  # overall judgements, counted
    "certainty": "string",  # of a person; "not assessed" where there is none
    "reasons": "string",
    "who": "string",
    "when": "string",
    "left_out": "string",  # rows that give no effect, and why
    "warnings": "string",
}
"""Columns of a summary, with their types."""


def summary(
    review: Review,
    *,
    method: str = "REML",
    interval: str = "never-narrower",
    level: float = 0.95,
    windows: Mapping[str, Window] | None = None,
    baselines: Mapping[str, tuple[float, str]] | None = None,
    threshold: Threshold | None = None,
    scale: Window | None = None,
) -> pd.DataFrame:
    """One row for each comparison, outcome and time: trials, people, effect, absolute effect, certainty, reasons.

    Args:
        review: a review with an effects.csv.
        method, interval, level: as in `ketalit.pooling.pool`.
        windows: name to first and last hour, both included, for rows whose time is in hours; without it each time
            stands alone. Set them before looking at results.
        baselines: outcome to risk without the treatment, 0 to 1, and its source; where none is given, that of the
            comparison groups.
        threshold: a difference in pain that matters, and its source.
        scale: ends of the scale that differences of means are taken to.

    Columns are those of `COLUMNS`. Certainty and its reasons are copied from summary.csv, never computed.

    >>> from ketalit.review import load_review
    >>> table = summary(load_review(), method="DL", interval="wald")
    >>> harms = table[(table.comparison == "IV ketamine vs placebo") & (table.outcome == "adverse events")].iloc[0]
    >>> print(harms.k, harms.n, round(harms.effect, 2), round(harms.difference_per_1000), harms.certainty)
    4 140 3.26 217 not assessed

    Raises:
        InputError: an option that does not exist, or a baseline risk that is none.
    """
    import pandas as pd

    ratings = {(row.comparison, row.outcome, row.time): row for row in review.ratings}
    stated = baselines or {}
    lines = []
    for comparison, outcome, time, name in _asked(review, windows or {}):
        chosen = choose(review, comparison=comparison, outcome=outcome, time=time, scale=scale)
        line = _line(review, chosen, method, interval, level, stated.get(outcome), threshold)
        rating = ratings.get((comparison, outcome, name))
        line |= {"time": name, "certainty": str(rating.certainty if rating else Certainty.NOT_ASSESSED)}
        if rating:
            line |= {"reasons": "; ".join(rating.reasons), "who": rating.who, "when": rating.when}
        lines.append(line)
    empty: dict[str, Any] = {column: "" if kind == "string" else math.nan for column, kind in COLUMNS.items()}
    frame = pd.DataFrame([empty | line for line in lines], columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def _asked(review: Review, windows: Mapping[str, Window]) -> Iterator[tuple[str, str, str | Window, str]]:
    """Comparison, outcome, time and its name for each row of the summary, in the order of effects.csv."""
    outcomes = dict.fromkeys((row.comparison, row.outcome) for row in review.effects)
    for comparison, outcome in outcomes:
        rows = [row for row in review.effects if (row.comparison, row.outcome) == (comparison, outcome)]
        hours = {row.time: row.hours for row in rows if row.hours is not None}
        for time in dict.fromkeys(row.time for row in rows):
            if time not in hours or not windows:
                yield comparison, outcome, time, time
        for name, (first, last) in windows.items():
            if any(first <= one <= last for one in hours.values()):
                yield comparison, outcome, (first, last), name


def _line(
    review: Review,
    chosen: Chosen,
    method: str,
    interval: str,
    level: float,
    stated: tuple[float, str] | None,
    threshold: Threshold | None,
) -> dict[str, Any]:
    """What the numbers say; every cell that they do not fill stays empty."""
    line: dict[str, Any] = {
        "comparison": chosen.comparison,
        "outcome": chosen.outcome,
        "trials": chosen.trials,
        "k": len(chosen.effects),
        "n": chosen.people,
        "events": _events(chosen),
        "measure": ", ".join(dict.fromkeys(str(row.measure) for row in chosen.rows)),
        "better": chosen.better,
        "risk_of_bias": overall(review, chosen),
        "left_out": " ".join(one.reason for one in chosen.left_out),
    }
    said: list[str] = []
    try:
        result = chosen.pool(method, interval, level=level) if chosen.effects else None
    except InputError as error:
        # measures or scales that cannot be pooled: said in the row, so that the others are shown
        return line | {"warnings": str(error)}
    baseline = stated or chosen.baseline
    if baseline:
        line |= {"baseline": baseline[0], "baseline_source": baseline[1]}
    if result is not None:
        line |= _numbers(result)
        said += result.warnings
        if baseline and result.measure in {"RR", "OR", "Peto", "RD"}:
            if not stated and not 0 < baseline[0] < 1:
                said.append("No absolute effect: nobody, or everybody, in the comparison groups had it. State a risk.")
            else:
                said += _absolute(line, result, *baseline)
        scales = {effect.scale for effect in chosen.effects} - {None}
        if result.measure == "MD" and len(scales) == 1:
            ends = scales.pop() or (0.0, 0.0)
            line["scale"] = f"{ends[0]:g} to {ends[1]:g}"
            if threshold and chosen.better:
                line |= {
                    "threshold": threshold.line(ends, chosen.better),
                    "threshold_source": threshold.source,
                    "against_threshold": threshold.against(result, ends, chosen.better),
                }
    return line | {"warnings": " ".join(said)}


def _numbers(result: Pooled) -> dict[str, float]:
    ratio = result.ratio is not None
    ends = result.prediction_interval or (math.nan, math.nan)
    effect = (result.estimate, result.ci_low, result.ci_high, *ends)
    shown = [math.exp(min(one, 700.0)) if ratio else one for one in effect]
    names = ("effect", "ci_low", "ci_high", "prediction_low", "prediction_high")
    line = dict(zip(names, shown, strict=True))
    if result.k > 1:
        line |= {"tau": result.tau, "i2": result.i2, "i2_q": result.i2_q}
    return line


def _absolute(line: dict[str, Any], result: Pooled, baseline: float, source: str) -> tuple[str, ...]:
    """Fills the absolute effect in; gives its warnings."""
    found = absolute(result, baseline, source)
    line |= {
        "without_per_1000": found.without,
        "with_per_1000": found.with_treatment,
        "difference_per_1000": found.difference,
        "difference_low": found.low,
        "difference_high": found.high,
    }
    return found.warnings


def _events(chosen: Chosen) -> str:
    """Events and people of all rows, those that give no ratio included."""
    rows = [row for row in chosen.rows if row.events1 is not None and row.events2 is not None and row.n1 and row.n2]
    if not rows:
        return ""
    sums = [
        sum(row.events1 or 0 for row in rows),
        sum(row.n1 or 0 for row in rows),
        sum((row.events2 or 0) / row.shared for row in rows),
        sum((row.n2 or 0) / row.shared for row in rows),
    ]
    return "{:g}/{:g} vs {:g}/{:g}".format(*sums)
