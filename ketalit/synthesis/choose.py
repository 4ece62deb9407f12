"""Rows of effects.csv of one comparison, one outcome and one time, ready to be pooled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from ..errors import InputError
from ..pooling import Effect, EffectRow, Multiverse, Pooled, effects_of, multiverse, pool_effects
from ..pooling.effects import LeftOut
from ..pooling.universes import latest_within
from ..review import Review
from ..rows import did_you_mean
from ..telling import count_of

ANY = "any"
Window = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was chosen, and what it gives.

    Attributes:
        comparison, outcome: as in effects.csv.
        time: the named window, the hours, or the window of hours; empty where the rows have none.
        rows: the rows chosen, in the order of the file.
        effects: what can be computed of them.
        left_out: rows that give no effect, each with the reason.
    """

    comparison: str
    outcome: str
    time: str
    rows: tuple[EffectRow, ...]
    effects: tuple[Effect, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def trials(self) -> int:
        """Trials with a row; one that stands in several is counted once."""
        return len({row.study for row in self.rows})

    @property
    def people(self) -> int:
        """People in the groups that effects were computed from; those of a crossover once."""
        return round(sum(_people(effect) for effect in self.effects))

    @property
    def better(self) -> str:
        """Whether lower or higher is better; empty where the rows do not say, or not the same."""
        said = {row.better for row in self.rows}
        return said.pop() if len(said) == 1 else ""

    @property
    def baseline(self) -> tuple[float, str] | None:
        """Risk in the comparison groups together, and in words where it is from; None where no events were counted.

        Trials count by their people. Groups without an event count too.
        """
        counted = [row for row in self.rows if row.events2 is not None and row.n2]
        people = sum((row.n2 or 0) / row.shared for row in counted)
        if not people:
            return None
        events = sum((row.events2 or 0) / row.shared for row in counted)
        return events / people, f"comparison groups of these trials, {events:g} of {people:g} people"

    def pool(self, method: str = "REML", interval: str = "never-narrower", *, level: float = 0.95) -> Pooled:
        """The pooled effect; options as in `ketalit.pooling.pool`.

        Raises:
            InputError: no row gives an effect, or these effects cannot be pooled.
        """
        if not self.effects:
            why = "; ".join(one.reason.rstrip(".") for one in self.left_out)
            raise InputError("no row gives an effect", where=str(self), expected=f"one at least. Now: {why}")
        return pool_effects(self.effects, method, interval, level=level)

    def multiverse(self, **options: Any) -> Multiverse:
        """All defensible ways to pool these effects; options as in `ketalit.pooling.multiverse`.

        >>> from ketalit.review import load_review
        >>> review = load_review()
        >>> pain = choose(review, comparison="IV ketamine vs placebo", outcome="pain intensity", time="immediate")
        >>> pain.multiverse().moved_most_by("excludes_zero")
        'interval'
        """
        return multiverse(self.effects, **options)

    def __str__(self) -> str:
        said = ", ".join(filter(None, (self.comparison, self.outcome, self.time)))
        return f"{said}: {count_of(self.trials, 'trial')}, {count_of(self.people, 'person', 'people')}"


def choose(
    review: Review,
    *,
    comparison: str,
    outcome: str,
    time: str | Window | None = None,
    measure: str | None = None,
    scale: Window | None = None,
    r: float | None = None,
    correction: float = 0.5,
) -> Chosen:
    """The effects of a review for one comparison, outcome and time.

    Args:
        review: a review with an effects.csv.
        comparison: its name; upper or lower case does not matter.
        outcome: its name.
        time: a named window ("short term", or "short"), hours ("168 h"), a window of hours (first, last), both
            included, of which the latest value of a trial counts, or "any". It may be left away where the rows have one
            time.
        measure, scale, r, correction: as in `ketalit.pooling.effect_of`.

    >>> from ketalit.review import load_review
    >>> harms = choose(load_review(), comparison="IV ketamine vs placebo", outcome="psychotomimetic effects")
    >>> len(harms.effects), [one.row.study for one in harms.left_out]
    (2, ['schwartzman2009'])

    Raises:
        InputError: the review holds no such comparison, outcome or time, or the time has to be said.
    """
    rows = review.effects
    if not rows:
        step = "`ketalit effects add` enters one"
        raise InputError("there are no effects", where=str(review.path), expected="rows in effects.csv", next_step=step)
    comparison = _named(comparison, (row.comparison for row in rows), "comparison", review.title)
    rows = tuple(row for row in rows if row.comparison == comparison)
    outcome = _named(outcome, (row.outcome for row in rows), "outcome", comparison)
    rows = tuple(row for row in rows if row.outcome == outcome)
    where = f"{comparison}, {outcome}"
    outside: list[LeftOut] = []
    if isinstance(time, str) or time is None:
        name = _time_named(time, rows, where)
        rows = tuple(row for row in rows if name in {ANY, row.time})
    else:
        first, last = _window(time, where)
        name = f"{first:g} to {last:g} h"
        outside = [LeftOut(row, f"{row.where}: its time is not given in hours") for row in rows if row.hours is None]
        hours = ", ".join(dict.fromkeys(f"{row.hours:g}" for row in rows if row.hours is not None))
        timed = [row for row in rows if row.hours is not None]
        rows = tuple(compress(timed, latest_within(timed, first, last)))
        if not rows:
            expected = (
                f"a window that holds one of: {hours}" if hours else "a number in the column hours of effects.csv"
            )
            raise InputError(f"nothing from {name}", where=where, expected=expected)
    effects, left = effects_of(rows, measure=measure, scale=scale, r=r, correction=correction)
    return Chosen(
        comparison=comparison,
        outcome=outcome,
        time=name,
        rows=rows,
        effects=tuple(effects),
        left_out=(*left, *outside),
    )


def _named(name: str, names: Iterable[str], what: str, where: str) -> str:
    """The name as the file has it."""
    known = dict.fromkeys(names)
    if name in known:
        return name
    same = [one for one in known if one.casefold() == name.casefold()]
    if len(same) == 1:
        return same[0]
    hint = did_you_mean(name, known)
    raise InputError(f"no {what} “{name}”{hint}", where=where, expected=f"one of: {'; '.join(known)}")


def _time_named(time: str | None, rows: Sequence[EffectRow], where: str) -> str:
    known = list(dict.fromkeys(row.time for row in rows))
    if time == ANY:
        return known[0] if len(known) == 1 else ANY
    if time is None:
        if len(known) == 1:
            return known[0]
        step = "`ketalit pool --time` chooses one"
        raise InputError("there are several times", where=where, expected=f"one of: {_shown(known)}", next_step=step)
    for name in (time, f"{time} term"):
        if name in known:
            return name
    raise InputError(f"no time “{time}”{did_you_mean(time, known)}", where=where, expected=f"one of: {_shown(known)}")


def _shown(times: Iterable[str]) -> str:
    return "; ".join(time or "none" for time in times)


def _window(time: Window, where: str) -> Window:
    try:
        first, last = (float(end) for end in time)
    except (TypeError, ValueError):
        expected = "a named window, hours as “168 h”, or the first and the last hour"
        raise InputError(f"the time is {time!r}", where=where, expected=expected) from None
    if not first <= last:
        raise InputError(f"the window runs from {first:g} to {last:g} h", where=where, expected="the earlier end first")
    return first, last


def _people(effect: Effect) -> float:
    one, two = effect.n1 or 0, effect.n2 or 0
    return one if effect.row is not None and effect.row.design == "crossover" else one + two
