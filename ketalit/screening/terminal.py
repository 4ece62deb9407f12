"""Screening in the terminal: one record after the other, one key each; and conflicts, with both votes, likewise.

Plain lines in and out, so that it can be scripted. What a record holds is shown without control codes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, TextIO

from ..dialogue import Dialogue, EndOfInput
from ..errors import InputError
from ..escaping import one_line
from ..records.model import Record
from ..review import Review, load_review
from ..telling import count_of
from .adjudicate import adjudicate
from .outcomes import Outcome, Ruling
from .queue import Queue, last_vote, queue_of, withdrawal
from .rulings import load_rulings, save_ruling
from .shown import query_words, render_record
from .votes import Choice, Stage, Vote, load_votes, reasons_at, save_vote

_HELP = """\
i  include: it fits the question (at title/abstract: get the full text)
e  exclude; “e 2” gives reason 2 at once
m  maybe: not clear from what is here (at title/abstract it goes to full text)
n  a note, saved with your decision: “n dose unclear”
s  skip: comes again next time
u  undo your last decision, and look at that record again
q  stop; what you decided is saved already"""
_WORDS = {
    "i": Choice.INCLUDE,
    "include": Choice.INCLUDE,
    "e": Choice.EXCLUDE,
    "exclude": Choice.EXCLUDE,
    "m": Choice.MAYBE,
    "maybe": Choice.MAYBE,
}


@dataclass(frozen=True, slots=True)
class Session:
    """What came of one sitting.

    Decisions `saved` and `undone`, records `skipped` and still `left`, and whether it was `stopped` before the end.
    """

    saved: int
    undone: int
    skipped: int
    left: int
    stopped: bool


@dataclass(slots=True, kw_only=True)
class _Sitting(Dialogue):
    """The loop over records, and where it is. What a decision is, and where it goes, its two heirs say."""

    review: Review
    who: str
    todo: list[str]
    done: int = 0
    saved: int = 0
    undone: int = 0
    skipped: list[str] = field(default_factory=list)
    note: str = ""
    words: tuple[str, ...] = ()

    KEYS: ClassVar[str] = "[i]nclude  [e]xclude  [m]aybe  [n]ote  [s]kip  [u]ndo  [q]uit  [?] help"
    HELP: ClassVar[str] = _HELP

    def stage_of(self, record: str) -> Stage:
        raise NotImplementedError

    def write(self, cast: Vote) -> None:
        """Save a decision."""
        raise NotImplementedError

    def take_back(self) -> str:
        """Take the last decision back: the record to be looked at again; empty where there is none."""
        raise NotImplementedError

    def run(self) -> Session:
        """Until everything is looked at, or somebody stops."""
        shown, stopped = "", False
        self.words = (*self.review.drugs, *(word for one in self.review.searches for word in query_words(one.query)))
        try:
            while self.todo or self.undo_the_last():
                record = self.review.records[self.todo[0]]
                if shown != record.id:
                    self.show(record)
                    shown, self.note = record.id, ""
                shown = self.obey(record, self.ask(f"{self.KEYS} >"), shown)
        except (EndOfInput, KeyboardInterrupt):
            self.say("")
            stopped = True
        left = len(self.todo) + len(self.skipped)
        return Session(self.saved, self.undone, len(self.skipped), left, stopped)

    def show(self, record: Record) -> None:
        stage = self.stage_of(record.id)
        total = self.done + len(self.todo) + len(self.skipped)
        self.say("")
        self.say(f"{self.done + 1} of {total}  ·  {stage}  ·  {self.who}", "dim")
        render_record(record, self.words, self.console, full_text=stage is Stage.FULL_TEXT)

    def obey(self, record: Record, line: str, shown: str) -> str:
        """Do what a line says; returns the record that stays on the screen, empty when the next is to be shown."""
        word, _, rest = line.partition(" ")
        word, rest = word.lower(), rest.strip()
        if word in {"q", "quit"}:
            raise EndOfInput
        if word in {"n", "note"}:
            self.note = one_line(rest or self.ask("note:"))
            self.say(f"Noted; saved with your decision: {self.note}" if self.note else "No note.")
        elif word in {"s", "skip"}:
            self.skipped.append(self.todo.pop(0))
            return ""
        elif word in {"u", "undo"}:
            return self.undo(shown)
        elif word in _WORDS:
            return self.decide(record, _WORDS[word], rest, shown)
        elif word in {"?", "h", "help"}:
            self.say(self.HELP)
            self.say(_numbered(reasons_at(self.stage_of(record.id), self.review)))
        else:
            self.say("" if not word else f"“{one_line(word)[:20]}” is none of the keys; ? explains them.")
        return shown

    def decide(self, record: Record, choice: Choice, rest: str, shown: str) -> str:
        reason = ""
        if choice is Choice.EXCLUDE:
            chosen = self.reason(rest, self.stage_of(record.id))
            if chosen is None:
                return shown
            reason = chosen
        elif rest:
            self.say(f"Only a reason for leaving out may follow; “{one_line(rest)[:40]}” was not taken. Nothing saved.")
            return shown
        self.save(record, choice, reason)
        return ""

    def save(self, record: Record, choice: Choice, reason: str) -> None:
        stage = self.stage_of(record.id)
        self.write(Vote(record=record.id, stage=stage, decision=choice, reason=reason, note=self.note))
        self.todo.pop(0)
        self.done += 1
        self.saved += 1
        self.say(f"Saved: {choice}{f' ({reason})' if reason else ''}, {record.id}", "dim")

    def reason(self, given: str, stage: Stage) -> str | None:
        """The reason chosen by number; empty where none is needed, None to think again."""
        reasons = reasons_at(stage, self.review)
        if not given and stage is Stage.TITLE_ABSTRACT:
            return ""
        if not given:
            self.say(_numbered(reasons))
            given = self.ask("reason (number; empty to go back):")
        if not given:
            self.say("Nothing saved.")
        elif given.isdecimal() and 1 <= int(given) <= len(reasons):
            return reasons[int(given) - 1]
        elif given in reasons:
            return given
        else:
            self.say(f"“{one_line(given)[:40]}” is no reason here (numbers 1 to {len(reasons)}). Nothing saved.")
        return None

    def undo_the_last(self) -> bool:
        """When nothing is left: whether the last decision was taken back, so that something is."""
        if self.saved > self.undone and self.wants_undo():
            self.undo("")
        return bool(self.todo)

    def undo(self, shown: str) -> str:
        record = self.take_back()
        if not record:
            self.say("There is nothing to undo.")
            return shown
        for waiting in (self.todo, self.skipped):
            if record in waiting:
                waiting.remove(record)
        self.todo.insert(0, record)
        self.done -= 1
        self.undone += 1
        return ""


@dataclass(slots=True, kw_only=True)
class _Voting(_Sitting):
    """One reviewer's votes in one stage."""

    stage: Stage

    def stage_of(self, record: str) -> Stage:
        return self.stage

    def write(self, cast: Vote) -> None:
        save_vote(self.review.path, self.who, cast)

    def take_back(self) -> str:
        votes = load_votes(self.review.path, self.review)
        last = last_vote(votes[self.who], self.stage) if self.who in votes else None
        if last is None:
            return ""
        save_vote(self.review.path, self.who, withdrawal(last))
        self.say(f"Taken back: {last.decision}, {last.record}")
        return last.record


@dataclass(slots=True, kw_only=True)
class _Ruling(_Sitting):
    """Somebody's rulings on what two reviewers differ on; `conflicts` by record."""

    conflicts: dict[str, Outcome]
    ruled: list[Ruling] = field(default_factory=list)

    KEYS: ClassVar[str] = "[1] [2] as voted  [i]nclude  [e]xclude  [m]aybe  [s]kip  [u]ndo  [q]uit  [?]"
    HELP: ClassVar[str] = f"1  as the first of them voted, with the reason given; 2: as the second\n{_HELP}"

    def stage_of(self, record: str) -> Stage:
        return self.conflicts[record].stage

    def show(self, record: Record) -> None:
        super(_Ruling, self).show(record)  # by name: a dataclass with slots is another class than the one defined here
        for number, (name, cast) in enumerate(self.conflicts[record.id].votes, 1):
            reason = f" ({cast.reason})" if cast.reason else ""
            self.say(f"{number}  {name}: {cast.decision}{reason}{f' · {cast.note}' if cast.note else ''}", "yellow")

    def obey(self, record: Record, line: str, shown: str) -> str:
        votes = self.conflicts[record.id].votes
        if line.isdecimal() and 1 <= int(line) <= len(votes):
            cast = votes[int(line) - 1][1]
            self.save(record, cast.decision, cast.reason)
            return ""
        return super(_Ruling, self).obey(record, line, shown)

    def write(self, cast: Vote) -> None:
        ruling = Ruling(
            record=cast.record,
            stage=cast.stage,
            decision=cast.decision,
            reason=cast.reason,
            who=self.who,
            note=cast.note,
        )
        self.ruled.append(save_ruling(self.review.path, ruling))

    def take_back(self) -> str:
        if not self.ruled:
            return ""
        last = self.ruled.pop()
        save_ruling(self.review.path, replace(last, decision=Choice.WITHDRAWN, reason="", when="", note=""))
        self.say(f"Taken back: {last.decision}, {last.record}")
        return last.record


def screen(
    folder: Path,
    reviewer: str,
    stage: Stage,
    *,
    order: str = "",
    single: bool = False,
    again: bool = False,
    lines: TextIO | None = None,
    out: TextIO | None = None,
) -> Session:
    """Screen record after record. Every decision is saved at once; stopping at any moment loses nothing.

    Args:
        folder: the review.
        reviewer: initials.
        stage: title/abstract or full text.
        order: empty for the order of the review, or "random:SEED".
        single: the review has one reviewer.
        again: also show records that are decided in screening.csv, or have two votes.
        lines: where keys are read from, one line each; standard input unless given.
        out: where is written to; standard output unless given.

    Raises:
        InputError: the review or its votes cannot be read or written, or it is too early for full texts.
    """
    from rich.console import Console

    review = load_review(folder)
    votes, rulings = load_votes(review.path, review), load_rulings(review.path, review)
    waiting = queue_of(review, votes, rulings, reviewer, stage, order=order, single=single, again=again)
    console = Console(file=out or sys.stdout, highlight=False)
    todo = list(waiting.todo)
    sitting = _Voting(
        lines or sys.stdin, console, review=review, who=reviewer, stage=stage, todo=todo, done=waiting.done
    )
    sitting.say(_opening(waiting, review, stage, single=single))
    session = sitting.run()
    sitting.say(_closing(session, "decision", "record", "Nothing left in this stage."))
    return session


def rule_all(
    folder: Path,
    who: str,
    *,
    single: bool = False,
    partial: bool = False,
    lines: TextIO | None = None,
    out: TextIO | None = None,
) -> Session:
    """Show one conflict after the other, with both votes, and take a ruling on each; every one is saved at once.

    Args:
        folder: the review.
        who: a third person ("EF"), or both ("AB+CD, discussed").
        single, partial: as `adjudicate` takes them.
        lines: where keys are read from, one line each; standard input unless given.
        out: where is written to; standard output unless given.

    Raises:
        InputError: nobody is named; a stage is not finished; or all conflicts are about votes of this very person.
    """
    from rich.console import Console

    if not (who := one_line(who)):
        raise InputError("nobody is named who rules", expected="initials, such as “EF” or “AB+CD, discussed”")
    review = load_review(folder)
    found = adjudicate(folder, single=single, partial=partial, review=review).conflicts
    own = [one for one in found if any(name == who for name, _ in one.votes)]
    if found and len(own) == len(found):
        raise InputError(f"{who} has voted on these records", expected="a third person, or “AB+CD, discussed”")
    conflicts = {one.record: one for one in found if one not in own}
    console = Console(file=out or sys.stdout, highlight=False)
    sitting = _Ruling(lines or sys.stdin, console, review=review, who=who, todo=list(conflicts), conflicts=conflicts)
    votes = f" {count_of(len(own), 'conflict')} with a vote of {who}: for somebody else to rule on." if own else ""
    sitting.say(f"{count_of(len(conflicts), 'conflict')} to rule on.{votes}")
    session = sitting.run()
    sitting.say(_closing(session, "ruling", "conflict", "Nothing left to rule on."))
    return session


def _opening(waiting: Queue, review: Review, stage: Stage, *, single: bool) -> str:
    said = [f"{stage}: {count_of(len(waiting.todo), 'record')} to look at, {waiting.done} done."]
    if waiting.decided:
        said.append(f"{count_of(waiting.decided, 'record')} decided in screening.csv are not asked again.")
    if single:
        said.append("One reviewer: this is not double screening, and the report will say so.")
    if stage is Stage.FULL_TEXT and not review.reasons:
        said.append('review.toml gives no reasons for leaving out: add `reasons = ["…"]` before you exclude.')
    return " ".join(said)


def _closing(session: Session, decision: str, record: str, all_done: str) -> str:
    said = [f"{count_of(session.saved, decision)} saved{f', {session.undone} taken back' if session.undone else ''}."]
    if session.skipped:
        said.append(f"{session.skipped} skipped, which come again next time.")
    said.append(f"{count_of(session.left, record)} left." if session.left else all_done)
    return " ".join(said)


def _numbered(reasons: Sequence[str]) -> str:
    if not reasons:
        return "This review has no reasons for leaving out; review.toml can give some."
    return "\n".join(f"{number:>3}  {one_line(reason)}" for number, reason in enumerate(reasons, 1))
