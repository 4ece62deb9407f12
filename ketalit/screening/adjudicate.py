"""Bring the votes to an end: what both agree on, what somebody has to rule on, and the final rows of screening.csv."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import InputError
from ..escaping import one_line
from ..files import write_atomically
from ..review import Review, Screening, load_review
from ..rows import read_rows
from ..vocabulary import Decision
from .outcomes import Outcome, Result, Ruling, outcomes
from .queue import waiting
from .rulings import check_ruling, load_rulings, save_ruling
from .sheet import read_sheet
from .votes import BY_TITLE, Choice, Stage, Vote, Votes, load_votes, name_of, now, record_names

FILE = "screening.csv"
_DECISION = {
    Result.INCLUDED: Decision.INCLUDE,
    Result.EXCLUDED: Decision.EXCLUDE,
    Result.AWAITING: Decision.MAYBE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudication:
    """Where screening stands.

    Attributes:
        final: rows that screening.csv does not have yet.
        otherwise: rows for records on which screening.csv says something else; written only with consent.
        forward: ids that go to full text and are not decided there yet.
        conflicts: outcomes somebody has to rule on, title/abstract first.
        open: how many records lack a vote in the stage they have come to.
        single: whether one vote was taken to be enough.
        withheld: why nothing is said of full texts although there are votes; else empty.
        titles: of the records in conflict, by id.
    """

    final: tuple[Screening, ...]
    otherwise: tuple[Screening, ...]
    forward: tuple[str, ...]
    conflicts: tuple[Outcome, ...]
    open: int
    single: bool
    withheld: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


def adjudicate(
    folder: Path, *, single: bool = False, partial: bool = False, review: Review | None = None
) -> Adjudication:
    """What the votes come to. Looks, and changes nothing.

    Args:
        folder: the review.
        single: the review has one reviewer, whose vote is enough.
        partial: look although a stage is not finished. Conflicts name votes, so a reviewer who still has to vote
            should not ask for this. Without it, unfinished full texts are left out and `withheld` says so.
        review: what was loaded from the folder; without it, it is loaded.

    Raises:
        InputError: titles and abstracts are not finished (says how many votes are missing), or a file cannot be read.
    """
    review = review or load_review(folder)
    votes, rulings = load_votes(review.path, review), load_rulings(review.path, review)
    withheld = ""
    if not partial:
        early = _unfinished(review, votes, rulings, Stage.TITLE_ABSTRACT, single)
        if early:
            next_step = "Finish first, because conflicts name what each has said"
            raise InputError(early, next_step=next_step)
        withheld = _unfinished(review, votes, rulings, Stage.FULL_TEXT, single)
    if withheld:
        votes = {name: Votes(name, _before_full_text(cast)) for name, cast in votes.items()}
    return dataclasses.replace(adjudication_of(review, votes, rulings, single=single), withheld=withheld)


def adjudication_of(
    review: Review, votes: Mapping[str, Votes], rulings: Sequence[Ruling], *, single: bool = False
) -> Adjudication:
    """As `adjudicate`, from what was read before. Pure."""
    first = outcomes(votes, rulings, Stage.TITLE_ABSTRACT, single=single)
    second = outcomes(votes, rulings, Stage.FULL_TEXT, single=single)
    last: list[Outcome] = []
    for record in review.records:
        if record in first:
            reached = first[record].result is Result.FORWARD and record in second
            last.append(second[record] if reached else first[record])
    standing: dict[str, Screening] = {row.record: row for row in review.screening}
    rows = [_row(outcome) for outcome in last if outcome.result in _DECISION]
    waiting_for_text = [
        outcome.record
        for outcome in last
        if outcome.result is Result.FORWARD or (outcome.stage is Stage.FULL_TEXT and outcome.result is Result.OPEN)
    ]
    conflicts = [outcome for outcome in last if outcome.result is Result.CONFLICT]
    return Adjudication(
        final=tuple(row for row in rows if row.record not in standing),
        otherwise=tuple(row for row in rows if row.record in standing and _differs(row, standing[row.record])),
        forward=tuple(waiting_for_text),
        conflicts=tuple(sorted(conflicts, key=lambda outcome: outcome.stage is Stage.FULL_TEXT)),
        open=sum(outcome.result is Result.OPEN for outcome in last),
        single=single,
        titles={one.record: review.records[one.record].title for one in conflicts},
    )


def rule(
    folder: Path, record: str, stage: Stage, decision: Choice, *, who: str, reason: str = "", note: str = ""
) -> Ruling:
    """Rule on a conflict and save it in adjudication.csv; a later ruling on the same record counts instead.

    Args:
        folder: the review.
        record: in any usual spelling.
        stage: the stage the conflict is in.
        decision: at full text, "maybe" means that the report awaits classification.
        who: the third person ("EF"), or both ("AB+CD, discussed").
        reason: for leaving out; one of the review's.
        note: why.

    Raises:
        InputError: there is no conflict on this record in this stage, or the ruling breaks the rules of a vote.
    """
    review = load_review(folder)
    votes, rulings = load_votes(review.path, review), load_rulings(review.path, review)
    ruling = Ruling(
        record=name_of(record, record_names(review)), stage=stage, decision=decision, reason=reason, who=who, note=note
    )
    check_ruling(ruling, review)
    if any(ruling.record in cast.current(stage) for name, cast in votes.items() if name == who.strip()):
        raise InputError(
            f"{who} has voted on {ruling.record} at {stage}", expected="a third person, or “AB+CD, discussed”"
        )
    known = outcomes(votes, rulings, stage).get(ruling.record)
    ruled_before = any(other.record == ruling.record and other.stage is stage for other in rulings)
    if not ruled_before and (known is None or known.result is not Result.CONFLICT):
        found = known.result if known else "no votes"
        raise InputError(
            f"there is no conflict on {ruling.record} at {stage} ({found})", next_step="Change a vote instead"
        )
    return save_ruling(review.path, ruling)


@dataclass(frozen=True, slots=True)
class Written:
    """Ids of records whose row in screening.csv was added, replaced, or kept although the votes say otherwise."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    kept: tuple[str, ...]


def write_decisions(folder: Path, *, single: bool = False, partial: bool = False, replace: bool = False) -> Written:
    """Write what is final to screening.csv. Lines that do not change stay as they are, byte for byte.

    Args:
        folder: the review.
        single: the review has one reviewer, whose vote is enough.
        partial: write what is final although a stage is not finished.
        replace: consent to change rows that say something else; their study stays.

    Raises:
        InputError: a stage is not finished, or the file lacks a column or cannot be written; nothing was changed.
    """
    found = adjudicate(folder, single=single, partial=partial)
    path = Path(folder) / FILE
    sheet = read_sheet(path, [field.name for field in dataclasses.fields(Screening)])
    changed: dict[int, dict[str, str]] = {}
    if replace and found.otherwise:
        new = {row.record: row for row in found.otherwise}
        names = record_names(load_review(folder))
        for line, row in read_rows(path, Screening, []):
            record = name_of(row.record, names)
            if record in new:
                changed[line] = {
                    name: cell for name, cell in _cells(new[record]).items() if name not in {"record", "study"}
                }
    if changed or found.final:
        write_atomically(path, sheet.edited(changed, [_cells(row) for row in found.final]))
    otherwise = tuple(row.record for row in found.otherwise)
    return Written(tuple(row.record for row in found.final), otherwise if replace else (), () if replace else otherwise)


def _unfinished(
    review: Review, votes: Mapping[str, Votes], rulings: Sequence[Ruling], stage: Stage, single: bool
) -> str:
    """What is missing to the end of a stage that somebody has begun; empty when nothing is."""
    left = {
        name: len(waiting(review, votes, rulings, name, stage, single=single))
        for name in votes
        if votes[name].current(stage)
    }
    if not single and len(left) == 1:
        name = next(iter(left))
        return f"only {name} has voted at {stage}; one reviewer is not double screening"
    missing = " and ".join(f"{count} of {name}'s" for name, count in left.items() if count)
    return f"{stage} is not finished: {missing} votes are missing" if missing else ""


def _before_full_text(cast: Votes) -> tuple[Vote, ...]:
    return tuple(vote for vote in cast.history if vote.stage is Stage.TITLE_ABSTRACT)


def _row(outcome: Outcome) -> Screening:
    return Screening(
        record=outcome.record,
        decision=_DECISION[outcome.result],
        reason=outcome.reason or _without_reason(outcome),
        who=outcome.who,
        when=now()[:10],
        note=one_line(outcome.note),
    )


def _without_reason(outcome: Outcome) -> str:
    return BY_TITLE if outcome.result is Result.EXCLUDED and outcome.stage is Stage.TITLE_ABSTRACT else ""


def _differs(row: Screening, other: Screening) -> bool:
    return row.decision is not other.decision or row.reason not in {"", BY_TITLE, other.reason}


def _cells(row: Screening) -> dict[str, str]:
    return {field.name: str(getattr(row, field.name)) for field in dataclasses.fields(Screening)}
