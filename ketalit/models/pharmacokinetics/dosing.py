"""What is given, how much, how fast, when and by which way: doses and schedules of doses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from ...errors import InputError
from ...rows import did_you_mean
from ..edge import count, listed, single
from ..quantity import amount_mg, is_per_weight, magnitude, non_negative, rate_mg_per_h, split

Choice = TypeVar("Choice", bound=StrEnum)


class Route(StrEnum):
    """Ways of giving a drug. A model covers some of them."""

    INTRAVENOUS = "intravenous"
    INTRANASAL = "intranasal"
    ORAL = "oral"
    SUBLINGUAL = "sublingual"
    BUCCAL = "buccal"
    SUBCUTANEOUS = "subcutaneous"
    INTRAMUSCULAR = "intramuscular"
    RECTAL = "rectal"
    EPIDURAL = "epidural"
    TOPICAL = "topical"


class Form(StrEnum):
    """Which enantiomers are given."""

    RACEMIC = "racemic"
    S = "S"
    R = "R"
    NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose.

    Args:
        amount: all of it ("35 mg", "0.5 mg/kg"), or the rate of an infusion ("7 µg/kg/min", "22.2 mg/h per 70 kg");
            a plain number is mg.
        over: how long it runs ("40 min"; a plain number is hours); nothing for an injection.
        at: when it begins ("0 min"; a plain number is hours).
        route: a way that some or no model covers.
        form: which enantiomers; "not stated" where the source does not say.
        at_most: a ceiling whatever the body weight, an amount or a rate as `amount` is.

    Raises:
        InputError: a quantity of the wrong kind or below zero, an infusion rate without `over`, a duration for a route
            that is not an infusion, an unknown route or form.

    >>> Dose("0.5 mg/kg", over="40 min").amount_mg(70), Dose("0.35 mg/kg/h", "4 h", at_most="25 mg/h").amount_mg(100)
    (35.0, 100.0)
    """

    amount: Any
    over: Any = 0
    at: Any = 0
    route: Route | str = Route.INTRAVENOUS
    form: Form | str = Form.NOT_STATED
    at_most: Any = ""

    def __post_init__(self) -> None:
        for name in ("amount", "over", "at", "at_most"):
            single(getattr(self, name), _CALLED[name], 'one quantity, such as "0.5 mg/kg" or "40 min"')
        object.__setattr__(self, "route", _choice(Route, self.route, "route"))
        object.__setattr__(self, "form", _choice(Form, self.form, "form"))
        if self.is_rate and not self.over_h:
            raise InputError(f"{self.amount} is a rate", where="dose", expected='how long it runs, as over="40 min"')
        if self.over_h and self.route in _TAKEN_AT_ONCE:
            raise InputError(f"an {self.route} dose that runs {self.over}", where="dose", expected="no `over`")
        if self.at_most and _is_rate(self.at_most) != self.is_rate:
            raise InputError(f"{self.at_most} is the ceiling of {self.amount}", where="dose", expected="the same kind")
        _ = self.amount_mg(1), self.at_h  # so that what is wrong is told now, not when it is used

    @property
    def is_rate(self) -> bool:
        """Whether `amount` is a rate of infusion."""
        return _is_rate(self.amount)

    @property
    def over_h(self) -> float:
        """How long it runs, in hours."""
        return _hours(self.over, "duration")

    @property
    def at_h(self) -> float:
        """When it begins, in hours."""
        return _hours(self.at, "start")

    @property
    def end_h(self) -> float:
        """When the last of it has been given, in hours."""
        return self.at_h + self.over_h

    def amount_mg(self, weight_kg: float) -> float:
        """All that is given, in mg, to somebody of that weight."""
        given = _given_mg(self.amount, self.over_h, weight_kg)
        return min(given, _given_mg(self.at_most, self.over_h, weight_kg)) if self.at_most else given

    def later(self, hours: float) -> Dose:
        """The same dose, so many hours later."""
        return replace(self, at=self.at_h + hours)

    def __str__(self) -> str:
        ceiling = f" (at most {self.at_most})" if self.at_most else ""
        amount = f"{self.amount} mg" if isinstance(self.amount, int | float) else self.amount
        over = f" over {_shown(self.over)}" if self.over_h else ""
        form = (
            "" if self.form is Form.NOT_STATED else f" of {self.form}-ketamine" if len(self.form) == 1 else ", racemic"
        )
        at = f", at {_shown(self.at)}" if self.at_h else ""
        return f"{amount}{ceiling}{form}{over}, {self.route}{at}"


Schedule = tuple[Dose, ...]


def regimen(
    amount: Any,
    over: Any = 0,
    *,
    every: Any = 0,
    times: int = 1,
    at: Any = 0,
    route: Route | str = Route.INTRAVENOUS,
    form: Form | str = Form.NOT_STATED,
    at_most: Any = "",
) -> Schedule:
    """A schedule of equal doses.

    Args:
        amount, over, at, route, form, at_most: as of `Dose`; `at` is the start of the first.
        every: from the start of one to the start of the next ("24 h"; a plain number is hours).
        times: how many.

    Returns:
        The doses in order.

    Raises:
        InputError: several doses without `every`, infusions that would overlap, or what `Dose` objects to.

    >>> [dose.at_h for dose in regimen("80 mg", "5 h", every="24 h", times=3)]
    [0.0, 24.0, 48.0]
    """
    number = count(times, "times")
    first = Dose(amount, over, at, route, form, at_most)
    gap = _hours(single(every, "every", 'one quantity, such as "24 h"'), "every")
    if number > 1 and not gap:
        raise InputError(f"{number} doses without the time between them", expected='every="24 h"')
    if number > 1 and first.over_h > gap:
        raise InputError(f"doses that run {over} are given every {every}", expected="each ended before the next")
    return tuple(first.later(place * gap) for place in range(number))


def checked_schedule(schedule: Dose | Iterable[Dose]) -> Schedule:
    """A dose or doses as a schedule, in order of their starts.

    Raises:
        InputError: there is none, or something else than doses.
    """
    doses = (schedule,) if isinstance(schedule, Dose) else listed(schedule, "schedule", _DOSES)
    for dose in doses:
        if not isinstance(dose, Dose):
            raise InputError(f"{dose!r} stands in a schedule", expected=_DOSES)
    if not doses:
        raise InputError("the schedule holds no dose", expected="one or more")
    return tuple(sorted(doses, key=lambda dose: dose.at_h))


_DOSES = 'a dose such as ketalit.models.Dose("0.5 mg/kg", over="40 min"), several of them, or the name of a preset'
_CALLED = {"amount": "dose", "over": "duration", "at": "start", "at_most": "ceiling of a dose"}
_TAKEN_AT_ONCE = {Route.INTRANASAL, Route.ORAL, Route.SUBLINGUAL, Route.BUCCAL, Route.RECTAL}


def _choice(kind: type[Choice], given: object, what: str) -> Choice:
    try:
        return kind(str(given))
    except ValueError:
        hint = did_you_mean(str(given), [str(one) for one in kind])
        raise InputError(
            f"{what} “{given}” is unknown{hint}", where="dose", expected=", ".join(kind) if not hint else ""
        ) from None


@lru_cache(maxsize=1024)
def _hours(time: Any, what: str) -> float:
    return non_negative(time, "h", where=what)


@lru_cache(maxsize=1024)
def _is_rate(amount: Any) -> bool:
    if not isinstance(amount, str):
        return False
    unit = "mg/kg" if is_per_weight(amount) else "mg"
    try:
        magnitude(f"1 {split(amount)[1]}", f"{unit}/h")
    except InputError:
        return False
    return True


@lru_cache(maxsize=1024)
def _given_mg(amount: Any, over_h: float, weight_kg: float) -> float:
    if _is_rate(amount):
        return rate_mg_per_h(amount, weight_kg, where="dose") * over_h
    return amount_mg(amount, weight_kg, where="dose")


def _shown(time: Any) -> str:
    return time if isinstance(time, str) else f"{time:g} h"
