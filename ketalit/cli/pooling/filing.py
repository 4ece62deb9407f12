"""Effects of a CSV file of the user: a few columns will do, and each fault is told with its line and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, make_dataclass, replace
from keyword import iskeyword
from pathlib import Path

from ...errors import InputError
from ...pooling import Effect, EffectRow, effect_of
from ...pooling.door import number
from ...pooling.effects import Measure
from ...pooling.universes import latest_within
from ...review import effect_rows
from ...rows import Problem, did_you_mean, read_text
from ...telling import count_of
from .reading import NOT_KNOWN, Choice, Material, Window, better_of, further, one_of, value_of, window_of, year_of

_NOTHING_SAID = re.compile(r", (?=[,:]|$)")  # where an outcome would stand
_FORMS = "study with yi and vi, with estimate and se or ci_low and ci_high, or the columns of effects.csv"


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
    read = _read(path, choice.named)
    rows = list(read.rows)
    names = {}
    for what in ("comparison", "outcome"):
        names[what] = one_of(getattr(choice, what), [getattr(row, what) for _, row in rows], what, read.file)
        rows = [pair for pair in rows if getattr(pair[1], what) == names[what]]
    times: dict[str, Window | str] = {}
    found, left = _effects(_at_time(rows, choice.time, read, times), read, choice)
    others = [pair for time in choice.or_time for pair in _effects(_at_time(rows, time, read, times), read, choice)[0]]
    if not found:
        raise InputError("no row gives an effect", where=read.file, expected=left[0] if left else "one study at least")
    groups = tuple(_word(row, choice.by or "group") for row, _ in found)
    return Material(
        comparison=names["comparison"],
        outcome=names["outcome"],
        time=next(iter(times)),
        effects=tuple(effect for _, effect in found),
        names=tuple(row.study for row, _ in found),
        left_out=tuple(left),
        years=tuple(year_of(row.year, row.study) for row, _ in found),
        groups=tuple(one or NOT_KNOWN for one in groups) if any(groups) else (),
        better=better_of([row for row, _ in found]),
        traits={name: tuple(value_of(row, name) for row, _ in found) for name in choice.explain},
        others=further(tuple(effect for _, effect in found), [effect for _, effect in others]),
        of_others=tuple(one.study for one in further([one for _, one in found], [one for _, one in others])),
        times=times if choice.or_time else {},
    )


def _at_time(
    rows: Sequence[tuple[int, FileRow]], time: str | None, read: _Read, times: dict[str, Window | str]
) -> list[tuple[int, FileRow]]:
    """The rows of a time, which is noted in `times`."""
    window = window_of(time)
    if isinstance(window, tuple):
        name = f"{window[0]:g} to {window[1]:g} h"
        inside = latest_within([row for _, row in rows], *window)
        here = [pair for pair, within in zip(rows, inside, strict=True) if within]
        if not here:
            raise InputError(f"nothing from {name}", where=read.file, expected="numbers in the column hours")
        times[name] = window
        return here
    name = one_of(window, [row.time for _, row in rows], "time", read.file)
    times[name] = name
    return [pair for pair in rows if pair[1].time == name]


def _effects(
    rows: Sequence[tuple[int, FileRow]], read: _Read, choice: Choice
) -> tuple[list[tuple[FileRow, Effect]], list[str]]:
    """Effects of rows, and what is said of those that give none."""
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
    return found, left


def _word(row: EffectRow, name: str) -> str:
    found = getattr(row, name)
    return "" if found is None else f"{found:g}" if isinstance(found, float) else str(found)


def rows_of_file(path: Path) -> tuple[EffectRow, ...]:
    """The rows of a CSV file.

    Raises:
        InputError: no such file, or a cell that is wrong.
    """
    return tuple(row for _, row in _read(path).rows)


def _read(path: Path, named: Sequence[str] = ()) -> _Read:
    """The rows of a file; columns that are named beforehand may be there too, and hold words or numbers."""
    if not path.exists():
        raise InputError("there is no such file", where=str(path), expected=f"a CSV file: {_FORMS}")
    if path.is_dir():
        raise InputError("is a folder", where=str(path), expected="a CSV file; a review is named with -r")
    header = next((line for line in read_text(path).splitlines() if line.strip()), "")
    columns = frozenset(cell.strip().strip('"') for cell in header.split(","))
    problems: list[Problem] = []
    fresh = [name for name in named if name not in FileRow.__dataclass_fields__]
    if lacking := [name for name in fresh if name not in columns]:
        hint = did_you_mean(lacking[0], columns)
        shown = ", ".join(cell.strip() for cell in header.split(","))
        raise InputError(f"no column “{lacking[0]}”{hint}", where=f"{path.name}, line 1", expected=f"one of: {shown}")
    if odd := [name for name in fresh if not name.isidentifier() or iskeyword(name)]:
        expected = "letters, digits and _, such as dose_mg"
        raise InputError(f"“{odd[0]}” is no name for a column", where=f"{path.name}, line 1", expected=expected)
    kind: type[FileRow] = make_dataclass(
        "Row", [(name, str, "") for name in fresh], bases=(FileRow,), frozen=True, kw_only=True
    )
    rows = tuple(effect_rows(path, kind if fresh else FileRow, problems))
    if fatal := [problem for problem in problems if problem.fatal]:
        raise _Problems(fatal)
    if not rows:
        step = "Write a line for each study below the header"
        raise InputError("there are no studies", where=path.name, expected=_FORMS, next_step=step)
    return _Read(path.name, rows, columns)


class _Problems(InputError):
    """What is wrong in a file, already a sentence."""

    def __init__(self, problems: Sequence[Problem]):
        more = f"There is more: {count_of(len(problems), 'problem')} in all. " if len(problems) > 1 else ""
        super().__init__(f"{problems[0]} {more}Correct the file, then pool again")


def _effect(row: FileRow, read: _Read, choice: Choice) -> Effect:
    """The effect of a row; what is missing in the simple forms is filled in, never guessed."""
    named = "measure" in read.columns or choice.measure is not None
    if row.yi is not None or row.vi is not None:
        yi, vi = number(row.yi, "yi", row.where), number(row.vi, "vi", row.where, above=0)
        measure = choice.measure or (str(row.measure) if named else "")
        made = Effect(study=row.study, yi=yi, vi=vi, measure=measure, hours=row.hours, window=row.window)
        return replace(made, source=row.source, locator=row.locator, checked=row.checked)
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
