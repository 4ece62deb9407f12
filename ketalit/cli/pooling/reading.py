"""What is to be pooled: the effects of a review, or those of a CSV file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...errors import InputError, KetalitError
from ...pooling import Effect, EffectRow, effect_of
from ...pooling.door import number
from ...pooling.effects import Measure
from ...pooling.result import RATIOS
from ...pooling.universes import latest_within
from ...review import Review, split_term, time_of
from ...rows import Problem, did_you_mean, read_rows, read_text
from ...telling import count_of

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_NOTHING_SAID = re.compile(r", (?=[,:]|$)")  # where an outcome would stand
_NUMBERS = {"float": "a number, with a decimal point", "int": "a whole number"}
_FORMS = "study with yi and vi, with estimate and se or ci_low and ci_high, or the columns of effects.csv"
Window = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow(EffectRow):
    """A row of a user's file: as of `effects.csv`, but a study and its numbers are enough.

    Attributes:
        yi, vi: an effect and its sampling variance, as they are pooled; a ratio as its logarithm.
        year: orders the studies for the cumulative result; without it, a year in the name of the study.
        group: the section of a forest plot it stands in.
    """

    record: str = ""
    comparison: str = ""
    outcome: str = ""
    measure: Measure = Measure.MD
    yi: float | None = None
    vi: float | None = None
    year: float | None = None
    group: str = ""


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

    @property
    def title(self) -> str:
        """What is pooled, on a line; empty where nobody says."""
        what = ", ".join(filter(None, (self.outcome, self.time)))
        return ": ".join(filter(None, (self.comparison, what)))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for; None: not said."""

    comparison: str | None = None
    outcome: str | None = None
    time: str | None = None
    measure: str | None = None
    scale: Window | None = None
    r: float | None = None
    skip: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of a file with their lines, and its columns."""

    file: str
    rows: tuple[tuple[int, FileRow], ...] = ()
    columns: frozenset[str] = field(default_factory=frozenset)


def of_file(path: Path, choice: Choice) -> Material:
    """Effects of a CSV file.

    Raises:
        InputError: no such file, a cell that is wrong, a row that gives no effect (unless `choice.skip`), or several
            comparisons, outcomes or times of which none was chosen.
    """
    read = _read(path)
    rows = list(read.rows)
    names = {}
    for what, known in (
        ("comparison", lambda row: row.comparison),
        ("outcome", lambda row: split_term(row.outcome)[0]),
    ):
        names[what] = _one_of(getattr(choice, what), [known(row) for _, row in rows], what, read.file)
        rows = [pair for pair in rows if known(pair[1]) == names[what]]
    window = window_of(choice.time)
    if isinstance(window, tuple):
        inside = latest_within([_at(row) for _, row in rows], *window)
        rows = [pair for pair, within in zip(rows, inside, strict=True) if within]
        names["time"] = f"{window[0]:g} to {window[1]:g} h"
        if not rows:
            raise InputError(f"nothing from {names['time']}", where=read.file, expected="hours in the column time")
    else:
        named = f"{window} term" if window and any(time_of(row) == f"{window} term" for _, row in rows) else window
        names["time"] = _one_of(named, [time_of(row) for _, row in rows], "time", read.file)
        rows = [pair for pair in rows if time_of(pair[1]) == names["time"]]
    found: list[tuple[FileRow, Effect]] = []
    left: list[str] = []
    for line, row in rows:
        try:
            found.append((row, _effect(row, read, choice)))
        except InputError as error:
            place = _NOTHING_SAID.sub("", error.where)
            where = f"{read.file}, line {line}" + (f": {place}" if place else "")
            if not choice.skip:
                step = error.next_step or "--skip leaves out what cannot be pooled, and says so"
                raise InputError(error.what, where=where, expected=error.expected, next_step=step) from error
            left.append(str(InputError(error.what, where=where, expected=error.expected, next_step=error.next_step)))
    if not found:
        raise InputError("no row gives an effect", where=read.file, expected=left[0] if left else "one study at least")
    return Material(
        comparison=names["comparison"],
        outcome=names["outcome"],
        time=names["time"],
        effects=tuple(effect for _, effect in found),
        names=tuple(row.study for row, _ in found),
        left_out=tuple(left),
        years=tuple(_year(row.year, row.study) for row, _ in found),
        groups=tuple(row.group for row, _ in found) if any(row.group for row, _ in found) else (),
        better=_better([row for row, _ in found]),
    )


def of_review(review: Review, choice: Choice) -> Material:
    """Effects of a review; rows that give none are named, as their reasons are known to it.

    Raises:
        InputError: the review has no effects, or comparison, outcome or time have to be chosen.
    """
    from ...synthesis import choose, risk_of_bias

    rows = review.effects
    if not rows:
        raise InputError("there are no effects", where=str(review.path), expected="rows in effects.csv, or a CSV file")
    comparison = _one_of(choice.comparison, [row.comparison for row in rows], "comparison", "this review")
    here = [split_term(row.outcome)[0] for row in rows if row.comparison == comparison]
    outcome = _one_of(choice.outcome, here, "outcome", comparison)
    chosen = choose(
        review,
        comparison=comparison,
        outcome=outcome,
        time=window_of(choice.time),
        measure=choice.measure,
        scale=choice.scale,
        r=choice.r,
    )
    if not chosen.effects:
        reasons = "; ".join(one.reason.rstrip(".") for one in chosen.left_out)
        raise InputError("no row gives an effect", where=f"{comparison}, {outcome}", expected=f"one. Now: {reasons}")
    table = risk_of_bias(review, chosen)
    judged: dict[str, dict[str, str]] = {}
    for study, domain, judgement in zip(table["study"], table["domain"], table["judgement"], strict=True):
        judged.setdefault(str(study), {})[str(domain)] = str(judgement)
    return Material(
        comparison=chosen.comparison,
        outcome=chosen.outcome,
        time=chosen.time,
        effects=chosen.effects,
        names=_names(review, chosen.effects),
        left_out=tuple(one.reason for one in chosen.left_out),
        years=tuple(_year(_published(review, one.study), one.study) for one in chosen.effects),
        better=chosen.better,
        judgements=tuple(judged.get(one.study, {}) for one in chosen.effects),
    )


def listed(rows: Iterable[EffectRow]) -> list[tuple[str, str, str, int]]:
    """Each comparison, outcome and time there is, with the number of trials."""
    trials: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        key = (row.comparison, split_term(row.outcome)[0], time_of(row))
        trials.setdefault(key, set()).add(row.study)
    return [(*key, len(found)) for key, found in trials.items()]


def rows_of_file(path: Path) -> tuple[EffectRow, ...]:
    """The rows of a CSV file.

    Raises:
        InputError: no such file, or a cell that is wrong.
    """
    return tuple(row for _, row in _read(path).rows)


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


def _read(path: Path) -> _Read:
    if not path.exists():
        raise InputError("there is no such file", where=str(path), expected=f"a CSV file: {_FORMS}")
    if path.is_dir():
        raise InputError("is a folder", where=str(path), expected="a CSV file; a review is named with -r")
    header = next((line for line in read_text(path).splitlines() if line.strip()), "")
    columns = frozenset(cell.strip().strip('"') for cell in header.split(","))
    problems: list[Problem] = []
    rows = tuple(read_rows(path, FileRow, problems))
    if problems:
        raise _Problems(problems)
    if not rows:
        raise InputError("there are no studies", where=path.name, expected=_FORMS)
    return _Read(path.name, rows, columns)


class _Problems(InputError):
    """What is wrong in a file, already a sentence."""

    def __init__(self, problems: Sequence[Problem]):
        first = problems[0]
        kind = next((kind for kind in _NUMBERS if first.expected.startswith(f"Expected `{kind}")), "")
        said = str(replace(first, expected=_NUMBERS.get(kind, first.expected)))
        if len(problems) > 1:
            said += f" There is more: {count_of(len(problems), 'problem')} in all."
        super().__init__(said)


def _effect(row: FileRow, read: _Read, choice: Choice) -> Effect:
    """The effect of a row; what is missing in the simple forms is filled in, never guessed."""
    named = "measure" in read.columns or choice.measure is not None
    if row.yi is not None or row.vi is not None:
        yi, vi = number(row.yi, "yi", row.where), number(row.vi, "vi", row.where, above=0)
        measure = choice.measure or (str(row.measure) if named else "")
        made = Effect(study=row.study, yi=yi, vi=vi, measure=measure, time=row.time, source=row.source)
        return replace(made, locator=row.locator, checked=row.checked)
    printed, low, high = row.estimate, row.ci_low, row.ci_high
    if printed is not None and low is not None and high is not None and not low <= printed <= high:
        what = f"the estimate {printed:g} is not between {low:g} and {high:g}"
        raise InputError(what, where=row.where, expected="an interval that holds its estimate")
    if not named and row.events1 is not None:
        row = replace(row, measure=Measure.RR)
    elif choice.measure is not None and row.mean1 is None and row.events1 is None:
        row = replace(row, measure=_measure(choice.measure))  # printed comparisons are of the measure that is said
    effect = effect_of(row, measure=choice.measure, scale=choice.scale, r=choice.r)
    unknown = not named and row.mean1 is None and row.events1 is None
    return replace(effect, measure="", row=None) if unknown else effect


def _measure(name: str) -> Measure:
    if name not in set(Measure):
        hint = did_you_mean(name, Measure)
        raise InputError(f"no measure “{name}”{hint}", where="--measure", expected=f"one of {', '.join(Measure)}")
    return Measure(name)


def _one_of(wanted: str | None, values: Sequence[str], what: str, where: str) -> str:
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


def _at(row: EffectRow) -> Effect:
    """Only the study and the time of a row."""
    return Effect(study=row.study, yi=0.0, vi=1.0, time=row.time)


def _better(rows: Sequence[EffectRow]) -> str:
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


def _year(year: float | None, name: str) -> float:
    if year is not None:
        return year
    found = _YEAR.search(name)
    return float(found[1]) if found else math.nan


def is_ratio(measure: str) -> bool:
    """Whether a measure is pooled as a logarithm."""
    return measure in RATIOS
