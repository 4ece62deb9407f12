"""Load a review folder, with every problem of form found on the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from ..errors import InputError
from ..library import FILE
from ..records.combine import combine
from ..records.memory import all_stay
from ..records.model import Record
from ..rows import Problem, read_rows
from .effects import read_effects
from .held import clashes, read_library, read_records, with_shared
from .judgements import read_ratings, read_risk_of_bias
from .model import Duplicate, Likeness, Review
from .names import UNKNOWN, Names, plain_name
from .settings import read_settings
from .statements import read_claims
from .values import read_extraction, read_screening

DUPLICATES = "duplicates.csv"
BUNDLED = Path(__file__).parents[1] / "reviews" / "ketamine-chronic-pain"


def load_review(path: Path | str | None = None, *, as_of: int | None = None, more: Sequence[Record] = ()) -> Review:
    """The review in a folder; without a path, the bundled one.

    Args:
        path: the folder.
        as_of: id of a run of the library; what came later is not looked at.
        more: records as if they had been fetched last.

    Raises:
        InputError: the folder cannot be used as it is; names the first problem and how many there are.

    >>> load_review().title
    'Ketamine for chronic pain'
    """
    review, problems = read_review(Path(path) if path is not None else BUNDLED, as_of=as_of, more=more)
    fatal = [problem for problem in problems if problem.fatal]
    if review is None or fatal:
        others = f"{len(fatal) - 1} more: `ketalit check` lists them all" if len(fatal) > 1 else ""
        first = fatal[0]
        raise InputError(str(first).rstrip("."), next_step=others)
    return review


def read_review(
    path: Path, *, as_of: int | None = None, more: Sequence[Record] = ()
) -> tuple[Review | None, list[Problem]]:
    """All that can be read of a review folder, and every problem of form found on the way.

    Args:
        path: the folder.
        as_of: id of a run of the library; what came later is not looked at.
        more: records as if they had been fetched last.

    Raises:
        InputError: there is no such folder, or its library is damaged or of a newer ketalit.
    """
    if not path.is_dir():
        next_step = "`ketalit new` starts one"
        raise InputError("there is no such folder", where=str(path), expected="a review folder", next_step=next_step)
    with all_stay():
        return _read_folder(path, as_of, more)


def _read_folder(path: Path, as_of: int | None, more: Sequence[Record]) -> tuple[Review | None, list[Problem]]:
    problems: list[Problem] = []
    settings = read_settings(path, problems)
    if settings is None:
        return None, problems
    entered = read_records(path, problems)
    held = read_library(path / FILE, as_of, problems)
    duplicates = tuple(row for _, row in read_rows(path / DUPLICATES, Duplicate, problems))
    decided = {row.pair: row.decision for row in duplicates}  # of two rows on one pair the later counts
    combined = combine(
        [*entered.values(), *held.records, *more],
        same=[pair for pair, decision in decided.items() if decision is Likeness.SAME and len(pair) > 1],
        different={pair for pair, decision in decided.items() if decision is Likeness.DIFFERENT},
    )
    problems += clashes(combined)
    records = {record.id: record for record in map(held.with_notes, with_shared(combined))}
    known = {name: record.id for record in records.values() for name in (record.id, *record.identifiers)}
    for ids in combined.ids:
        known |= {name: ids[0] for name in ids if name not in known}
    problems += _unknown(duplicates, known) if as_of is None else ()
    names = Names(known, records if as_of is None else None)
    screening = tuple(read_screening(path, problems, names))
    extraction = tuple(read_extraction(path, problems, names))
    claims = tuple(read_claims(path, problems, known))
    effects = dict(read_effects(path, problems, names))
    judged = tuple(read_risk_of_bias(path, problems, effects.values()))
    ratings = tuple(read_ratings(path, problems, effects.values()))
    if as_of is not None:  # what people decided on records that came later is no fault
        problems[:] = [
            dataclasses.replace(problem, fatal=False) if problem.what.startswith(UNKNOWN) else problem
            for problem in problems
        ]
    review = Review(
        path=path,
        title=settings.title or path.name,
        question=settings.question,
        how_found=settings.how_found,
        drugs=settings.drugs,
        searches=tuple(map(held.last_run, settings.searches)),
        reasons=settings.reasons,
        outcomes=settings.outcomes,
        followup=settings.followup,
        records=MappingProxyType(records),
        screening=screening,
        extraction=extraction,
        claims=claims,
        effects=tuple(effects.values()),
        effect_lines=tuple(effects),
        risk_of_bias=judged,
        ratings=ratings,
        duplicates=duplicates,
        names=MappingProxyType(known),
        refreshed=held.refreshed,
        problems=tuple(problem for problem in problems if not problem.fatal),
    )
    return review, problems


def _unknown(duplicates: Iterable[Duplicate], known: Mapping[str, str]) -> Iterator[Problem]:
    for row in duplicates:
        for column, name in (("record", row.record), ("same_as", row.same_as)):
            if name not in known and plain_name(name) not in known:
                yield Problem(file=DUPLICATES, column=column, what=UNKNOWN, found=name, fatal=False)
