"""Extraction in the terminal: the text with what was read marked in it, then field by field, one key each.

Plain lines in and out, so that it can be scripted. What a record holds is shown without control codes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from ..dialogue import Dialogue, EndOfInput
from ..errors import InputError
from ..escaping import one_line
from ..reading.terminal import to_rich
from ..records.text import find_quote
from ..telling import count_of
from ..vocabulary import Missing
from .accept import Given, Saved, as_given
from .desk import Desk, others_told, stands, told, typed_value
from .entries import checked_value
from .proposals import Proposal
from .report import UNSEEN, saved_text

KEYS = "[a]ccept  [c]orrect  [n]ot reported  [x] n/a  [s]kip  [u]ndo  [q]uit  [?]"
_HELP = """\
a  accept what is proposed; “a 2” takes the second
c  correct: “c 58” gives the value at once; then the words it was read from, and where
n  not reported: you looked, and the source does not say
x  not applicable: the question makes no sense for this study
s  skip: comes again next time
u  undo your last decision of this sitting, and decide on that field again
q  stop; what you decided is saved already"""
_MISSING = {"n": Missing.NOT_REPORTED, "x": Missing.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Session:
    """What came of one sitting.

    Values `saved` and `undone`, fields `skipped` and still `left`, and whether it was `stopped` before the end.
    """

    saved: int
    undone: int
    skipped: int
    left: int
    stopped: bool


class _Back(Exception):
    """Think again about the same field."""


@dataclass(slots=True)
class _Sitting(Dialogue):
    desk: Desk
    todo: list[Proposal]
    saved: int = 0
    undone: int = 0
    skipped: int = 0
    past: list[tuple[Proposal, Saved]] = field(default_factory=list)

    def run(self) -> bool:
        """Field after field; returns whether it was broken off."""
        shown = None
        try:
            while self.todo or self.undo_the_last():
                if shown is not self.todo[0]:
                    shown = self.todo[0]
                    self.show(shown)
                self.obey(shown, self.ask(f"{KEYS} >"))
        except (EndOfInput, KeyboardInterrupt):
            self.say("")
            return True
        return False

    def show(self, one: Proposal) -> None:
        self.say("")
        self.say(f"{one.field.title}  ({one.field.name})", "bold")
        self.say(one.field.help, "dim")
        if not one.candidates:
            self.say(f"Nothing is proposed{f': {one.reader.reason}' if one.reader and one.reader.reason else '.'}")
        for number, candidate in enumerate(one.candidates, 1):
            self.say(f"{number:>3}  {one_line(told(candidate))}", "cyan" if number == 1 else "")
            if candidate.quote:
                self.say(f"     “{one_line(candidate.quote)}”", "italic")
            if candidate.note:
                self.say(f"     {one_line(candidate.note)}", "dim")
        for line in [] if self.desk.between else others_told(one, self.desk.who):
            self.say(f"     {one_line(line)}", "yellow")
        if one.mine:
            self.say(f"     {one_line(stands(one.mine))}", "yellow")

    def obey(self, one: Proposal, line: str) -> None:
        """Do what a line says."""
        word, _, rest = line.partition(" ")
        word, rest = word.lower(), rest.strip()
        if word in {"q", "quit"}:
            raise EndOfInput
        if word in {"s", "skip"}:
            self.skipped += 1
            self.todo.pop(0)
            return
        try:
            if word in {"a", "accept"}:
                self.save(one, self.candidate(one, rest))
            elif word in {"c", "correct"}:
                self.save(one, self.correction(one, rest))
            elif word in _MISSING and not rest:
                self.save(one, {"missing": _MISSING[word]})
            elif word in {"u", "undo"}:
                self.undo()
            elif word in {"?", "h", "help"}:
                self.say(_HELP)
            elif word in _MISSING:
                self.say(f"Nothing may follow “{word}”; for a value: c {one_line(rest)[:40]}. Nothing saved.")
            elif word:
                self.say(f"“{one_line(word)[:20]}” is none of the keys; ? explains them.")
        except _Back:
            return
        except InputError as error:
            self.say(f"{error} Nothing saved.")

    def candidate(self, one: Proposal, rest: str) -> Given:
        if not one.candidates:
            raise InputError("nothing is proposed that could be accepted", next_step="c corrects, n and x say why not")
        if self.desk.between and not rest:
            raise InputError("these are two people's answers", expected="“a 1” or “a 2”")
        if not (rest or "1").isdecimal() or not 1 <= int(rest or "1") <= len(one.candidates):
            numbers = f"a number from 1 to {len(one.candidates)}"
            raise InputError(f"“{one_line(rest)[:20]}” is none of those proposed", expected=numbers)
        given = as_given(one.candidates[int(rest or "1") - 1])
        return {**given, "note": ""} if self.desk.between else given

    def correction(self, one: Proposal, rest: str) -> Given:
        if not rest and one.field.choices:
            self.say("\n".join(f"{number:>3}  {choice}" for number, choice in enumerate(one.field.choices, 1)))
        unit = f" in {one.field.unit}" if one.field.unit else ""
        rest = rest or self.ask(f"value{unit} (empty to go back):")
        if not rest:
            self.say("Nothing saved.")
            raise _Back
        value = typed_value(one, rest, choices_by_number=True)
        if value not in tuple(Missing):
            checked_value(one.field, value)  # before more is asked about it
        ready = next((candidate for candidate in one.candidates if candidate.quote), None)
        same = ", “=” for the words above" if ready else ""
        words = self.ask(f"read from (some words of it{same}; empty: none):")
        if ready and words == "=":
            return {"value": value, "quote": ready.quote, "locator": ready.locator}
        _, start, _ = find_quote(self.desk.record, words)
        if words and start < 0:
            self.say(UNSEEN)
        place = "" if start >= 0 else self.ask("where (page, table; empty: not said):")
        return {"value": value, "quote": words, "locator": place}

    def save(self, one: Proposal, given: Given) -> None:
        saved = self.desk.save(one.field.name, given)
        self.saved += not saved.unchanged
        self.say(saved_text(saved), "dim")
        self.past.append((one, saved))
        self.todo.pop(0)

    def undo_the_last(self) -> bool:
        """When nothing is left: whether the last decision was taken back, so that something is."""
        if self.past and self.wants_undo():
            try:
                self.undo()
            except InputError as error:
                self.say(f"{error} Nothing saved.")
        return bool(self.todo)

    def undo(self) -> None:
        if not self.past:
            self.say("There is nothing to undo in this sitting; `--again` asks what you answered before.")
            return
        one, saved = self.past[-1]
        self.desk.take_back(saved, one.mine)
        self.past.pop()
        self.todo.insert(0, next(now for now in self.desk.proposals() if now.field is one.field))
        self.undone += not saved.unchanged
        self.say(f"{'Stands as before' if saved.unchanged else 'Taken back'}: {saved.entry.field} {saved.entry.shown}")


def extract(
    folder: Path | str,
    record: str,
    who: str,
    *,
    double: bool = False,
    between: Sequence[str] = (),
    fields: Sequence[str] = (),
    again: bool = False,
    lines: TextIO | None = None,
    out: TextIO | None = None,
) -> Session:
    """Go through a record field by field. Every decision is saved at once; stopping at any moment loses nothing.

    Args:
        folder: the review.
        record: in any usual spelling.
        who: initials; of somebody who rules, "EF" or "AB+CD".
        double: two people work blind to each other, each in a file of their own.
        between: initials of two people; asks only what they differ on, and rules on it.
        fields: names of the fields that are asked, in order; default: all.
        again: also ask what this person answered before.
        lines: where keys are read from, one line each; standard input unless given.
        out: where is written to; standard output unless given.

    Raises:
        InputError: the review cannot be read or written, or there is no such record or field.
    """
    from rich.console import Console

    desk = Desk(folder, record, who, double=double, between=between, fields=fields)
    console = Console(file=out or sys.stdout, highlight=False)
    found = desk.proposals()
    todo = [one for one in found if again or one.mine is None]
    sitting = _Sitting(lines or sys.stdin, console, desk, todo)
    console.print(to_rich(desk.record, desk.findings, values=False))
    sitting.say(f"{desk.heading}: {count_of(len(todo), 'field')} to decide, {len(found) - len(todo)} done.", "dim")
    stopped = sitting.run()
    session = Session(sitting.saved, sitting.undone, sitting.skipped, len(todo) + sitting.skipped, stopped)
    left = f"{count_of(session.left, 'field')} left." if session.left else "Nothing left in this record."
    undone = f", {session.undone} taken back" if session.undone else ""
    sitting.say(f"{count_of(session.saved, 'value')} saved{undone}. {left}")
    return session
