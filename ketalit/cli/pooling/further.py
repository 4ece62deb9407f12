"""What else may be asked of the same studies: do small ones show more, and what explains that they differ?

Each question gives a section. Where there are too few studies, the section says so instead of a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ... import pooling
from ...errors import InputError, KetalitError
from ...figures.synthesis.telling import Telling
from ...pooling import Asymmetry, Pooled
from ...pooling.bias import LEAST
from ...pooling.dependent import METHODS as ROBUST_METHODS
from ...pooling.regression import METHODS as REGRESSION_METHODS
from ...pooling.regression import STUDIES_A_COVARIATE
from ...telling import count_of
from .reading import Material, Trait

TESTS = {"Egger": "Egger’s", "Peters": "Peters’"}
WAYS = tuple((method, estimator) for method in ("FE", "REML") for estimator in ("L0", "R0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a report.

    Attributes:
        name: its key as data.
        title: its heading.
        table: lines of cells, the head first; empty where nothing was computed.
        said: sentences below it.
        data: the same as plain data.
    """

    name: str
    title: str
    table: list[list[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def egger(material: Material, result: Pooled) -> Section:
    """Egger's test; what speaks against it for this measure is said."""
    more = []
    if result.measure in {"OR", "Peto", "RR"}:
        more = ["For events Peters' test is the better one: the SE of a ratio depends on the ratio itself (--peters)."]
    elif result.measure == "SMD":
        more = ["The SE of a standardised difference depends on it: the funnel bends by itself. Do not rely on this."]
    return _asymmetry("Egger", lambda: pooling.egger(result.yi, result.vi, level=result.level), more)


def peters(material: Material, result: Pooled) -> Section:
    """Peters' test, of the odds ratios of the studies whose events are given."""
    tables = [
        (row.events1, row.n1, row.events2 / row.shared, row.n2 / row.shared)
        for row in (effect.row for effect in material.effects)
        if row is not None and row.n1 and row.n2 and row.events1 is not None and row.events2 is not None
    ]

    def test() -> Asymmetry:
        if len(tables) < result.k:
            what = f"{result.k - len(tables)} of {count_of(result.k, 'study', 'studies')} without events"
            raise InputError(what, where="Peters", expected="events and people of both groups")
        return pooling.peters(*zip(*tables, strict=True), level=result.level)

    return _asymmetry("Peters", test, ["It is computed on odds ratios, whatever was pooled."])


def _asymmetry(name: str, test: Callable[[], Asymmetry], more: Sequence[str]) -> Section:
    title = f"{TESTS[name]} test: do small studies show more than large ones?"
    key = name.lower()
    try:
        found = test()
    except InputError as error:
        return _refused(key, title, error)
    of = "the standard error" if name == "Egger" else "1/N"
    line = f"slope on {of} {found.slope:.3g} (SE {found.se:.3g}), t {found.t:.2f}, df {found.df}, p {p_value(found.p)}"
    said = [line, "A slope is no proof of unpublished studies: small ones may differ in quality or in patients.", *more]
    data = {one: getattr(found, one) for one in ("slope", "se", "t", "df", "p")}
    return Section(name=key, title=title, said=said, data=data)


def trim_and_fill(material: Material, result: Pooled, number: Callable[[float], str]) -> Section:
    """Trim and fill by both estimators under both models, side by side."""
    title = "Trim and fill: what if the funnel were made even? A sensitivity analysis, no correction"
    lines = [["model, estimator", "filled", "where", "effect", f"{100 * result.level:g} % CI"]]
    rows, said = [], []
    for method, estimator in WAYS:
        interval = "wald" if method == "FE" else "never-narrower"
        try:
            found = pooling.trim_and_fill(
                result.yi, result.vi, method, interval, estimator=estimator, level=result.level
            )
        except InputError as error:
            if result.k < 3:
                return _refused("trim_and_fill", title, error)
            said.append(f"{method}, {estimator}: not computed, as {error.what}.")
            continue
        one = found.pooled
        ends = f"{number(one.ci_low)} to {number(one.ci_high)}"
        side = found.side if found.filled else "-"
        lines.append([f"{method}, {estimator}", str(found.filled), side, number(one.estimate), ends])
        rows.append({"method": method, "estimator": estimator, "filled": found.filled, "side": found.side})
        rows[-1] |= {"yi": one.estimate, "yi_low": one.ci_low, "yi_high": one.ci_high}
    said.append("The filled studies do not exist; the four often disagree, and none of them is the better result.")
    if result.k < LEAST:
        said.append(f"{result.k} studies, fewer than {LEAST}: whether the funnel is uneven cannot be told from chance.")
    table = lines if len(lines) > 1 else []
    return Section(name="trim_and_fill", title=title, table=table, said=said, data={"variants": rows})


def explained(material: Material, result: Pooled, traits: Mapping[str, Trait]) -> Section:
    """Meta-regression on what was named; studies without a value are left out, and named."""
    title = f"Meta-regression: do the effects go with {', '.join(traits)}?"
    known = [all(value[at] is not None for value in traits.values()) for at in range(result.k)]
    missing = [name for name, held in zip(material.names, known, strict=True) if not held]
    said = [f"Left out, as a value is not known: {', '.join(missing)}."] if missing else []
    covariates = {
        name: _of_one_kind([one for one, held in zip(values, known, strict=True) if held and one is not None])
        for name, values in traits.items()
    }
    method = result.method if result.method in REGRESSION_METHODS else "REML"
    if method != result.method:
        said.append(f"{result.method} is not offered for it: REML was used.")
    try:
        if not any(known):
            raise InputError("no study has a value", where="meta-regression", expected="values of the studies")
        if same := [name for name, values in covariates.items() if len(set(values)) == 1]:
            what = f"all studies have the same {same[0]}"
            raise InputError(what, where="meta-regression", expected="studies that differ in it")
        pairs = [(y, v) for y, v, held in zip(result.yi, result.vi, known, strict=True) if held]
        yi, vi = zip(*pairs, strict=True)
        found = pooling.meta_regression(yi, vi, covariates, method=method, level=result.level)
    except InputError as error:
        return _refused("meta_regression", title, error, said)
    lines = [["term", "coefficient", f"{100 * result.level:g} % CI", "p"]]
    for term, *numbers in zip(found.terms, found.coefficients, found.ci_low, found.ci_high, found.p, strict=True):
        middle, low, high, p = (float(one) for one in numbers)
        told = Telling.of([high - low])
        ends = [told.tell(middle), told.between(low, high)]
        lines.append([term, *(end.replace("−", "-") for end in ends), p_value(p)])
    explains = "" if found.r2 is None else f", R² {found.r2:.0f} %"
    together = f"test of all terms p {p_value(found.q_model_p)}"
    said.insert(0, f"tau {math.sqrt(found.tau2):.3g} remains{explains}; {together}; k {found.k}")
    of_logs = "Coefficients are of logarithms. " if result.ratio is not None else ""
    said.append(f"{of_logs}Trials were not allocated to these values: what goes along need not be the cause.")
    rows = found.to_df().reset_index().to_dict(orient="records")
    data = {"terms": rows, "tau2": found.tau2, "r2": found.r2, "p": found.q_model_p, "k": found.k}
    return Section(name="meta_regression", title=title, table=lines, said=said, data=data)


def robust(material: Material, result: Pooled, number: Callable[[float], str]) -> Section:
    """The effect with a variance that holds where trials come several times."""
    title = "Robust variance (CR2): what if rows of one trial depend on each other?"
    studies = [effect.study for effect in material.effects]
    method = result.method if result.method in ROBUST_METHODS else "REML"
    try:
        found = pooling.robust(result.yi, result.vi, studies, method, level=result.level)
    except KetalitError as error:
        return _refused("robust", title, error)
    ends = f"{number(found.ci_low)} to {number(found.ci_high)}"
    counted = f"{count_of(found.k, 'effect')} of {count_of(found.clusters, 'trial')}"
    line = f"{number(found.estimate)} ({100 * result.level:g} % CI {ends}), {counted}; df {found.df:.1f}"
    data = {"yi": found.estimate, "yi_low": found.ci_low, "yi_high": found.ci_high, "df": found.df, "p": found.p}
    return Section(name="robust", title=title, said=[f"{line}, p {p_value(found.p)}", *found.warnings], data=data)


def one_group(material: Material) -> Section:
    """That there is nothing to compare, where all studies are in one group."""
    error = InputError(f"all studies are in one group, {material.groups[0]}", expected="two groups at least")
    return _refused("subgroups", "Subgroups", error)


def caution_of(k: int) -> str:
    """What a test between groups of few studies is worth; empty where there are enough."""
    if k >= STUDIES_A_COVARIATE:
        return ""
    return (
        f"{k} studies, fewer than {STUDIES_A_COVARIATE}: too few to explain differences. A group that seems to differ "
        "is a question for further trials, not an answer."
    )


def _refused(name: str, title: str, error: KetalitError, said: Sequence[str] = ()) -> Section:
    needed = f"Needed: {error.expected}" if error.expected else error.next_step
    return Section(
        name=name,
        title=title,
        said=[f"Not done: {error.what}. {needed}.", *said],
        data={"not_done": error.what, "needed": error.expected or error.next_step},
    )


def _of_one_kind(values: Sequence[str | float]) -> list[str] | list[float]:
    """Numbers, if all are; else words."""
    numbers = [one for one in values if not isinstance(one, str)]
    return numbers if len(numbers) == len(values) else [str(one) for one in values]


def p_value(value: float) -> str:
    """A p as it is printed."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
