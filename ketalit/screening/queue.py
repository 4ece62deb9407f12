"""What a reviewer still has to look at in a stage, in a stable order, and taking one decision without the terminal.

Nobody's queue tells how somebody else voted. Two votes on a record are enough, so a third reviewer is not asked; and a
reviewer's full texts open only after their own titles and abstracts are finished, because seeing which records went
forward would tell how the other voted.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..review import Review, load_review
from ..vocabulary import Decision
from .outcomes import Result, Ruling, outcomes
from .rulings import load_rulings
from .votes import Choice, Stage, Vote, Votes, check_reviewer, check_vote, load_votes, name_of, record_names, save_vote


@dataclass(frozen=True, slots=True)
class Queue:
    """Records to look at, and how far one has come.

    Attributes:
        todo: ids, in order.
        done: how many this reviewer has voted on in this stage.
        decided: how many stand in screening.csv as included or excluded and are not asked again at title/abstract.
    """

    todo: tuple[str, ...]
    done: int
    decided: int

    @property
    def total(self) -> int:
        """All that are this reviewer's in this stage."""
        return self.done + len(self.todo)


def queue(
    folder: Path, reviewer: str, stage: Stage, *, order: str = "", single: bool = False, again: bool = False
) -> Queue:
    """A reviewer's queue, as the files of a review are now.

    Args:
        folder: the review.
        reviewer: initials.
        stage: title/abstract or full text; to full text come the records that were not left out before.
        order: empty for the order of the review, or "random:SEED".
        single: the review has one reviewer, whose vote is enough.
        again: also ask about records that are decided in screening.csv, or have two votes.

    Raises:
        InputError: the review or its votes cannot be read, or it is too early for full texts.

    >>> from ketalit.review import BUNDLED
    >>> queue(BUNDLED, "AB", Stage.TITLE_ABSTRACT).total  # the two records that are a "maybe" there
    2
    """
    review = load_review(folder)
    votes, rulings = load_votes(review.path, review), load_rulings(review.path, review)
    return queue_of(review, votes, rulings, reviewer, stage, order=order, single=single, again=again)


def queue_of(
    review: Review,
    votes: Mapping[str, Votes],
    rulings: Sequence[Ruling],
    reviewer: str,
    stage: Stage,
    *,
    order: str = "",
    single: bool = False,
    again: bool = False,
) -> Queue:
    """As `queue`, from what was read before. Pure.

    Raises:
        InputError: as `queue`.
    """
    check_reviewer(reviewer)
    arrange = _arrange(order)
    if stage is Stage.FULL_TEXT and not single:
        early = len(waiting(review, votes, rulings, reviewer, Stage.TITLE_ABSTRACT))
        if early:
            what = f"it is too early for full texts: {early} of {reviewer}'s titles and abstracts are not done"
            raise InputError(what, next_step="Finish those first, or say that this review has one reviewer")
        if len([name for name in votes if votes[name].current(Stage.TITLE_ABSTRACT)]) == 1:
            next_step = "Let a second person screen them, or say that this review has one reviewer"
            raise InputError("only one reviewer has screened titles and abstracts", next_step=next_step)
    todo = waiting(review, votes, rulings, reviewer, stage, single=single, again=again)
    mine = votes.get(reviewer, Votes(reviewer)).current(stage)
    decided = 0 if again or stage is Stage.FULL_TEXT else len(_decided(review) - mine.keys())
    return Queue(tuple(sorted(todo, key=arrange) if order else todo), len(mine), decided)


def waiting(
    review: Review,
    votes: Mapping[str, Votes],
    rulings: Sequence[Ruling],
    reviewer: str,
    stage: Stage,
    *,
    single: bool = False,
    again: bool = False,
) -> list[str]:
    """Ids of the records a reviewer has not voted on in a stage, in the order of the review."""
    settled = {ruling.record for ruling in rulings if ruling.stage is stage}
    counts: dict[str, int] = {}
    for name, cast in votes.items():
        for record in cast.current(stage):
            counts[record] = counts.get(record, 0) + (name != reviewer)
    settled |= {record for record, count in counts.items() if count >= 2}
    settled |= _decided(review)
    mine = votes.get(reviewer, Votes(reviewer)).current(stage)
    eligible = list(review.records)
    if stage is Stage.FULL_TEXT:
        before = outcomes(votes, rulings, Stage.TITLE_ABSTRACT, single=single)
        eligible = [name for name in eligible if name in before and before[name].result is Result.FORWARD]
    return [name for name in eligible if name not in mine and (again or name not in settled)]


def vote(
    folder: Path,
    reviewer: str,
    stage: Stage,
    record: str,
    decision: Choice,
    *,
    reason: str = "",
    note: str = "",
    single: bool = False,
    review: Review | None = None,
) -> Vote:
    """Take one decision (or, with "withdrawn", take it back) and save it.

    Args:
        folder: of the review.
        reviewer: initials of who decides.
        stage, record, decision, reason, note: the vote.
        single: whether the review has one reviewer.
        review: what was loaded from the folder; without it, it is loaded.

    Raises:
        InputError: there is no such record, it did not reach this stage, or reason and decision do not go together.
    """
    review = review or load_review(folder)
    cast = Vote(record=name_of(record, record_names(review)), stage=stage, decision=decision, reason=reason, note=note)
    check_vote(cast, review)
    votes, rulings = load_votes(review.path, review), load_rulings(review.path, review)
    mine = votes.get(reviewer, Votes(reviewer)).current(stage)
    if cast.record not in mine:
        if decision is Choice.WITHDRAWN:
            raise InputError(f"{reviewer} has not voted on {cast.record} at {stage}")
        open_now = queue_of(review, votes, rulings, reviewer, stage, single=single, again=True).todo
        if cast.record not in open_now:
            raise InputError(f"{cast.record} has not come to {stage}", expected="a record that was not left out before")
    return save_vote(review.path, reviewer, cast)


def last_vote(votes: Votes, stage: Stage) -> Vote | None:
    """The latest vote in a stage that still counts: the one that undoing takes back."""
    current = list(votes.current(stage).values())
    return current[-1] if current else None


def withdrawal(cast: Vote) -> Vote:
    """The row that takes a vote back."""
    return dataclasses.replace(cast, decision=Choice.WITHDRAWN, reason="", when="", note="")


def _decided(review: Review) -> set[str]:
    return {row.record for row in review.screening if row.decision is not Decision.MAYBE}


def _arrange(order: str) -> Callable[[str], str]:
    """Sort key: by a hash of seed and id, so that records that come later do not move those before them."""
    word, _, seed = order.partition(":")
    if order and (word != "random" or not seed):
        raise InputError(f"“{order}” is no order", expected="nothing, or “random:SEED” such as “random:7”")
    return lambda record: hashlib.sha256(f"{seed}:{record}".encode()).hexdigest()
