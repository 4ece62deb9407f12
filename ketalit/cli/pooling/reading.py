"""What is to be pooled: the effects of a review, or those of a CSV file."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from ...errors import InputError, KetalitError
from ...fields import FIELDS
from ...pooling import Effect, EffectRow
from ...review import Review
from ...rows import did_you_mean

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
Window = tuple[float, float]
Value = str | float | None
Trait = tuple[Value, ...]
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Effects that are to be pooled, with what is said beside them.

    Attributes:
        comparison, outcome, time: what they are about; empty where a file does not say.
        effects, names: each effect, and what its study is called.
        left_out: rows that give no effect, each with the reason.
        years, groups: of each effect; a year that nobody knows is nan.
        better: lower or higher; empty where it is not said.
        judgements: of risk of bias, by domain, for each effect; None where there is no review to hold them.
        traits: of each effect, by name, what groups or explains; None where it is not known.
        others, of_others: effects of other times that could have been chosen, and what their studies are called.
        times: these times and the one chosen, by name: hours, or the name itself.
    """

    comparison: str = ""
    outcome: str = ""
    time: str = ""
    effects: tuple[Effect, ...]
    names: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    years: tuple[float, ...]
    groups: tuple[str, ...] = ()
    better: str = ""
    judgements: tuple[dict[str, str], ...] | None = None
    traits: Mapping[str, Trait] = field(default_factory=dict)
    others: tuple[Effect, ...] = ()
    of_others: tuple[str, ...] = ()
    times: Mapping[str, Window | str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What is pooled, on a line; empty where nobody says."""
        what = ", ".join(filter(None, (self.outcome, self.time)))
        return ": ".join(filter(None, (self.comparison, what)))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for; None: not said. `by` groups, `explain` are covariates, `or_time` other times."""

    comparison: str | None = None
    outcome: str | None = None
    time: str | None = None
    measure: str | None = None
    scale: Window | None = None
    r: float | None = None
    skip: bool = False
    by: str | None = None
    explain: tuple[str, ...] = ()
    or_time: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Every trait that is asked for, once."""
        return tuple(dict.fromkeys(filter(None, (self.by, *self.explain))))


def further(chosen: Sequence[Effect], others: Iterable[Effect]) -> tuple[Effect, ...]:
    """Effects that are not among those chosen, each once."""
    seen = {_key(one) for one in chosen}
    found = []
    for one in others:
        if _key(one) not in seen:
            seen.add(_key(one))
            found.append(one)
    return tuple(found)


def _key(effect: Effect) -> tuple[object, ...]:
    return effect.study, effect.time, effect.yi, effect.vi, effect.row and id(effect.row)


def value_of(row: EffectRow, name: str) -> Value:
    """A cell as a number if it is one; None where it is empty."""
    found = getattr(row, name)
    if found is None or found == "":
        return None
    try:
        return float(found)
    except ValueError:
        return str(found)


def of_review(review: Review, choice: Choice) -> Material:
    """Effects of a review; rows that give none are named, as their reasons are known to it.

    Raises:
        InputError: the review has no effects, or comparison, outcome or time have to be chosen.
    """
    from ...synthesis import choose, risk_of_bias

    rows = review.effects
    if not rows:
        expected = "rows in effects.csv, or a CSV file (`ketalit pool --help` says what it may look like)"
        step = "`ketalit effects add --as INITIALS` enters a row"
        raise InputError("there are no effects", where=str(review.path), expected=expected, next_step=step)
    comparison = one_of(choice.comparison, [row.comparison for row in rows], "comparison", "this review")
    here = [row.outcome for row in rows if row.comparison == comparison]
    outcome = one_of(choice.outcome, here, "outcome", comparison)
    at = [
        choose(
            review,
            comparison=comparison,
            outcome=outcome,
            time=window_of(time),
            measure=choice.measure,
            scale=choice.scale,
            r=choice.r,
        )
        for time in (choice.time, *choice.or_time)
    ]
    chosen = at[0]
    others = further(chosen.effects, [effect for one in at[1:] for effect in one.effects])
    windows = [window_of(time) for time in (choice.time, *choice.or_time)]
    times: dict[str, Window | str] = {
        one.time: window if isinstance(window, tuple) else one.time for one, window in zip(at, windows, strict=True)
    }
    # a review that was not read from a file has rows without lines
    numbered = zip_longest(map(id, review.effects), review.effect_lines[: len(review.effects)])
    lines = {row: f"effects.csv, line {line}" if line else "effects.csv" for row, line in numbered}
    if not chosen.effects:
        reasons = "; ".join(f"{lines[id(one.row)]}: {one.reason.rstrip('.')}" for one in chosen.left_out)
        step = "`ketalit check` names the lines of effects.csv"
        where, expected = f"{comparison}, {outcome}", f"one. Now: {reasons}"
        raise InputError("no row gives an effect", where=where, expected=expected, next_step=step)
    table = risk_of_bias(review, chosen)
    judged: dict[str, dict[str, str]] = {}
    for study, domain, judgement in zip(table["study"], table["domain"], table["judgement"], strict=True):
        judged.setdefault(str(study), {})[str(domain)] = str(judgement)
    return Material(
        comparison=chosen.comparison,
        outcome=chosen.outcome,
        time=chosen.time,
        effects=chosen.effects,
        names=_names(review, (*chosen.effects, *others))[: len(chosen.effects)],
        left_out=tuple(f"{lines[id(one.row)]}: {one.reason}" for one in chosen.left_out),
        years=tuple(year_of(_published(review, one.study), one.study) for one in chosen.effects),
        better=chosen.better,
        judgements=tuple(judged.get(one.study, {}) for one in chosen.effects),
        groups=tuple(map(str, _trait(review, chosen.effects, choice.by, NOT_KNOWN))) if choice.by else (),
        traits={name: _trait(review, chosen.effects, name) for name in choice.explain},
        others=others,
        of_others=_names(review, (*chosen.effects, *others))[len(chosen.effects) :],
        times=times if choice.or_time else {},
    )


def _trait(review: Review, effects: Sequence[Effect], name: str, missing: Value = None) -> Trait:
    """What a review says of the studies: a column of effects.csv, the year, or a field that was extracted."""
    columns = {one.name for one in dataclasses.fields(EffectRow)}
    if name == "year":
        found: list[Value] = [_published(review, one.study) for one in effects]
    elif name in columns:
        found = [None if one.row is None else value_of(one.row, name) for one in effects]
    elif name in FIELDS:
        said = {one.record: one.finding.value for one in review.extraction if one.finding.field == name}
        values = [said.get(one.study) for one in effects]
        found = [float(one) if isinstance(one, int | float) and not isinstance(one, bool) else one for one in values]
        found = [("yes" if one else "no") if isinstance(one, bool) else one for one in found]
    else:
        hint = did_you_mean(name, ("year", *columns, *FIELDS))
        expected = f"year, a column of effects.csv, or a field: {', '.join(FIELDS)}"
        raise InputError(f"nothing is called “{name}”{hint}", where="--by, --explain", expected=expected)
    if isinstance(missing, str):
        return tuple(missing if one is None else f"{one:g}" if isinstance(one, float) else one for one in found)
    return tuple(found)


def listed(rows: Iterable[EffectRow]) -> list[tuple[str, str, str, int]]:
    """Each comparison, outcome and time there is, with the number of trials."""
    trials: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        key = (row.comparison, row.outcome, row.time)
        trials.setdefault(key, set()).add(row.study)
    return [(*key, len(found)) for key, found in trials.items()]


def window_of(time: str | None) -> str | Window | None:
    """A time as the user wrote it: a window of hours, or the name of a time.

    >>> window_of("0-48"), window_of("24 h"), window_of("short")
    ((0.0, 48.0), '24 h', 'short')
    """
    if time is None:
        return None
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:-|–|to|:)\s*(\d+(?:\.\d+)?)\s*h?\s*", time)
    return (float(found[1]), float(found[2])) if found else time.strip()


def scale_of(scale: str | None) -> Window | None:
    """The ends of a scale as the user wrote them.

    >>> scale_of("0-100")
    (0.0, 100.0)

    Raises:
        InputError: these are no two numbers, the smaller first.
    """
    if scale is None:
        return None
    found = window_of(scale)
    if not isinstance(found, tuple) or not found[0] < found[1]:
        raise InputError(f"“{scale}” is no scale", where="--scale", expected="its ends, such as 0-100")
    return found


def one_of(wanted: str | None, values: Sequence[str], what: str, where: str) -> str:
    """The name as it is written there; without a wish, the only one there is."""
    known = list(dict.fromkeys(values))
    shown = "; ".join(one or "none" for one in known)
    step = "`ketalit pool --list` shows what there is"
    if wanted is None:
        if len(known) == 1:
            return known[0]
        raise InputError(
            f"there are {len(known)} {what}s to choose from",
            where=where,
            expected=f"--{what} with one of: {shown}",
            next_step=step,
        )
    folded = wanted.casefold().strip()
    same = [one for one in known if one.casefold() == folded]
    within = same or [one for one in known if folded and folded in one.casefold()]
    if len(within) == 1:
        return within[0]
    found = f"several {what}s hold" if within else f"no {what}"
    hint = "" if within else did_you_mean(wanted, known)
    raise InputError(f"{found} “{wanted}”{hint}", where=where, expected=f"one of: {shown}", next_step=step)


def better_of(rows: Sequence[EffectRow]) -> str:
    """Whether lower or higher is better; empty where the rows do not agree."""
    said = {row.better for row in rows}
    return said.pop() if len(said) == 1 else ""


def _names(review: Review, effects: Sequence[Effect]) -> tuple[str, ...]:
    """First author and year where the review knows the record; the key where two would be called the same."""
    called = [_short(review, one.study) for one in effects]
    twice = {one for one in called if called.count(one) > 1}
    return tuple(
        effect.study if name in twice and called.count(name) != _same(effects, effect) else name
        for name, effect in zip(called, effects, strict=True)
    )


def _same(effects: Sequence[Effect], one: Effect) -> int:
    return sum(other.study == one.study for other in effects)


def _short(review: Review, study: str) -> str:
    try:
        return review.find(study).short
    except KetalitError:
        return study


def _published(review: Review, study: str) -> float | None:
    try:
        year = review.find(study).year
    except KetalitError:
        return None
    return float(year) if year else None


def year_of(year: float | None, name: str) -> float:
    """The year of a study, or the one in its name; nan where there is none."""
    if year is not None:
        return year
    found = _YEAR.search(name)
    return float(found[1]) if found else math.nan
