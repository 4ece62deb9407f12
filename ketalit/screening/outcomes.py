"""How a stage ended for a record: what the votes, and rulings on conflicts, come to. Pure; decides, writes nothing.

The rule at title and abstract is the usual one: a record is left out only when both leave it out, and goes to full
text when neither does ("maybe" counts as yes: over-inclusive on purpose). Where one leaves it out and the other does
not, somebody rules first. At full text both must say the same, the reason for leaving out included.
Source: Cochrane Handbook, section 4.6 (MECIR C39: two people, independently; how conflicts are resolved is fixed
in advance).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .votes import Choice, Stage, Vote, Votes


class Result(StrEnum):
    """How a stage ended for one record."""

    FORWARD = "to full text"
    INCLUDED = "included"
    EXCLUDED = "excluded"
    AWAITING = "awaiting classification"  # ruled "maybe" at full text
    CONFLICT = "conflict"  # somebody has to rule
    OPEN = "open"  # a vote is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A row of adjudication.csv: the decision on a conflict.

    `who`: a third person ("EF") or both ("AB+CD, discussed").
    """

    record: str
    stage: Stage
    decision: Choice
    reason: str = ""
    who: str
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a stage ended for a record.

    Attributes:
        who: those whose agreement or ruling it is, e.g. "AB+CD" or "EF"; empty while there is none.
        reason: for leaving out.
        what: for a conflict, what is at odds, in words.
        votes: what each reviewer said, by initials.
    """

    record: str
    stage: Stage
    result: Result
    who: str = ""
    reason: str = ""
    what: str = ""
    note: str = ""
    votes: tuple[tuple[str, Vote], ...] = ()


def outcomes(
    votes: Mapping[str, Votes], rulings: Iterable[Ruling], stage: Stage, *, single: bool = False
) -> dict[str, Outcome]:
    """How a stage ended, for every record that somebody voted or ruled on.

    Args:
        votes: of each reviewer, by initials.
        rulings: oldest first; the last on a record counts, and counts more than its votes.
        stage: the stage.
        single: one vote is enough (one reviewer is not double screening).

    >>> yes, no = (Vote(record="a", stage=Stage.TITLE_ABSTRACT, decision=Choice(word)) for word in ("maybe", "exclude"))
    >>> str(outcomes({"AB": Votes("AB", (yes,)), "CD": Votes("CD", (no,))}, [], Stage.TITLE_ABSTRACT)["a"].result)
    'conflict'
    """
    ruled = {ruling.record: ruling for ruling in rulings if ruling.stage is stage}
    by_record: dict[str, list[tuple[str, Vote]]] = {}
    for reviewer in sorted(votes):
        for record, vote in votes[reviewer].current(stage).items():
            by_record.setdefault(record, []).append((reviewer, vote))
    found = {record: _agreed(record, stage, tuple(said), single) for record, said in by_record.items()}
    for record, ruling in ruled.items():
        if ruling.decision is not Choice.WITHDRAWN:
            found[record] = Outcome(
                record=record,
                stage=stage,
                result=_result(stage, ruling.decision),
                who=ruling.who,
                reason=ruling.reason,
                note=ruling.note,
                votes=tuple(by_record.get(record, ())),
            )
    return found


def _result(stage: Stage, decision: Choice) -> Result:
    if decision is Choice.EXCLUDE:
        return Result.EXCLUDED
    if stage is Stage.TITLE_ABSTRACT:
        return Result.FORWARD
    return Result.INCLUDED if decision is Choice.INCLUDE else Result.AWAITING


def _agreed(record: str, stage: Stage, said: tuple[tuple[str, Vote], ...], single: bool) -> Outcome:
    def outcome(result: Result, **more: str) -> Outcome:
        return Outcome(record=record, stage=stage, result=result, votes=said, **more)

    if len(said) < (1 if single else 2):
        return outcome(Result.OPEN)
    results = {_result(stage, vote.decision) for _, vote in said}
    reasons = {vote.reason for _, vote in said}
    words = "; ".join(f"{name}: {vote.decision}{f' ({vote.reason})' if vote.reason else ''}" for name, vote in said)
    if len(results) > 1:
        return outcome(Result.CONFLICT, what=words)
    result = results.pop()
    if result is Result.AWAITING:
        return outcome(Result.CONFLICT, what=f"nobody has decided: {words}")
    if stage is Stage.FULL_TEXT and len(reasons) > 1:
        return outcome(Result.CONFLICT, what=f"different reasons: {words}")
    return outcome(result, who="+".join(name for name, _ in said), reason=reasons.pop() if len(reasons) == 1 else "")
