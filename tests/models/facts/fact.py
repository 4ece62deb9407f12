"""A published fact beside what the models say of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Judge = Callable[[Array], bool]


class Kind(StrEnum):
    """What it takes to get a fact right."""

    X = "exact: follows from published numbers by arithmetic"
    S = "a named model was fitted to it by its authors"
    C = "follows from what the models are given"
    I = "the models are given it"  # noqa: E741
    H = "independent of the models"


class Verdict(StrEnum):
    """How a fact comes out."""

    REPRODUCED = "reproduced"
    INPUT = "input"
    MISS = "explained miss"


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One published fact.

    Attributes:
        id: a letter and a number; with + beyond the list.
        kind: letter of `Kind`.
        fact: what it is about.
        published: what the source prints; in the list's own wording where it is listed.
        accepted: what counts as coming out right; in the list's own wording where it is listed.
        source: keys of `sources.SOURCES`.
        ours: computes the models' numbers.
        shown: how they are told, a format for them.
        holds: whether they come out right; may look at more of them than are shown.
        given: declared numbers that are this very fact, or were fitted to it, with their published values; then it
            comes out right because it was put in, and proves nothing.
        miss: why it comes out wrong.
        remark: what else a reader should know.
    """

    id: str
    kind: str
    fact: str
    published: str
    accepted: str
    source: tuple[str, ...]
    ours: Callable[[], Any]
    shown: str
    holds: Judge
    given: Mapping[str, Any] = field(default_factory=dict)
    miss: str = ""
    remark: str = ""

    @property
    def listed(self) -> bool:
        """Whether it is in the list."""
        return "+" not in self.id

    @property
    def verdict(self) -> Verdict:
        """How it comes out."""
        if self.miss:
            return Verdict.MISS
        return Verdict.INPUT if self.given else Verdict.REPRODUCED

    def told(self) -> str:
        """The models' numbers as a reader sees them."""
        return self.shown.format(*map(float, found(self)))


@cache
def found(fact: Fact) -> Array:
    """The models' numbers, computed once."""
    return np.ravel(np.asarray(fact.ours(), float))


def near(*published: float, rel: float = 0.0, within: float = 0.0) -> Judge:
    """Every number as published, to a relative or an absolute tolerance, whichever is wider."""
    wanted = np.array(published, float)

    def judge(numbers: Array) -> bool:
        return numbers.shape == wanted.shape and bool(
            (abs(numbers - wanted) <= np.maximum(within, rel * abs(wanted))).all()
        )

    return judge


def between(low: float, high: float) -> Judge:
    """Every number within the same limits."""
    return lambda numbers: bool(((numbers >= low) & (numbers <= high)).all())


def some(judge: Judge, *places: int) -> Judge:
    """Judge only the numbers at these places."""
    return lambda numbers: judge(numbers[list(places)])


def every(*judges: Judge) -> Judge:
    """All judges agree."""
    return lambda numbers: all(judge(numbers) for judge in judges)


def falling(numbers: Array) -> bool:
    """Each number is smaller than the one before."""
    return bool((np.diff(numbers) < 0).all())
