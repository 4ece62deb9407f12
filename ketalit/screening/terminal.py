"""Screening in the terminal: one record after the other, one key each.

Plain lines in and out, so that it can be scripted. What a record holds is shown without control codes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..dialogue import Dialogue, EndOfInput
from ..escaping import one_line, terminal
from ..identifiers import parse_identifier
from ..reading import read_record
from ..records.model import Record
from ..review import Review, load_review
from ..telling import count_of
from .queue import Queue, last_vote, queue_of, withdrawal
from .rulings import load_rulings
from .votes import Choice, Stage, Vote, load_votes, reasons_at, save_vote

if TYPE_CHECKING:
    from rich.console import Console

KEYS = "[i]nclude  [e]xclude  [m]aybe  [n]ote  [s]kip  [u]ndo  [q]uit  [?] help"
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


@dataclass(slots=True)
class _Sitting(Dialogue):
    """The loop, and where it is."""

    review: Review
    reviewer: str
    stage: Stage
    todo: list[str]
    done: int
    saved: int = 0
    undone: int = 0
    skipped: list[str] = field(default_factory=list)
    note: str = ""

    def run(self) -> bool:
        """Until everything is looked at; returns whether it was broken off."""
        shown = ""
        try:
            while self.todo:
                record = self.review.records[self.todo[0]]
                if shown != record.id:
                    self.show(record)
                    shown, self.note = record.id, ""
                shown = self.obey(record, self.ask(f"{KEYS} >"), shown)
        except (EndOfInput, KeyboardInterrupt):
            self.say("")
            return True
        return False

    def show(self, record: Record) -> None:
        place = self.done + 1
        total = self.done + len(self.todo) + len(self.skipped)
        self.say("")
        self.say(f"{place} of {total}  ·  {self.stage}  ·  {self.reviewer}", "dim")
        render_record(record, self.review.drugs, self.console, full_text=self.stage is Stage.FULL_TEXT)

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
            self.say(_HELP)
            self.say(_numbered(reasons_at(self.stage, self.review)))
        else:
            self.say("" if not word else f"“{one_line(word)[:20]}” is none of the keys; ? explains them.")
        return shown

    def decide(self, record: Record, choice: Choice, rest: str, shown: str) -> str:
        reason = ""
        if choice is Choice.EXCLUDE:
            chosen = self.reason(rest)
            if chosen is None:
                return shown
            reason = chosen
        elif rest:
            self.say(f"Only a reason for leaving out may follow; “{one_line(rest)[:40]}” was not taken. Nothing saved.")
            return shown
        cast = Vote(record=record.id, stage=self.stage, decision=choice, reason=reason, note=self.note)
        save_vote(self.review.path, self.reviewer, cast)
        self.todo.pop(0)
        self.done += 1
        self.saved += 1
        self.say(f"Saved: {choice}{f' ({reason})' if reason else ''}, {record.id}", "dim")
        return ""

    def reason(self, given: str) -> str | None:
        """The reason chosen by number; empty where none is needed, None to think again."""
        reasons = reasons_at(self.stage, self.review)
        if not given and self.stage is Stage.TITLE_ABSTRACT:
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

    def undo(self, shown: str) -> str:
        votes = load_votes(self.review.path, self.review)
        last = last_vote(votes[self.reviewer], self.stage) if self.reviewer in votes else None
        if last is None:
            self.say("There is nothing to undo.")
            return shown
        save_vote(self.review.path, self.reviewer, withdrawal(last))
        if last.record in self.todo:
            self.todo.remove(last.record)
        self.todo.insert(0, last.record)
        self.done -= 1
        self.undone += 1
        self.say(f"Taken back: {last.decision}, {last.record}")
        return ""


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
    sitting = _Sitting(lines or sys.stdin, console, review, reviewer, stage, list(waiting.todo), waiting.done)
    sitting.say(_opening(waiting, review, stage, single=single))
    stopped = sitting.run()
    session = Session(
        sitting.saved, sitting.undone, len(sitting.skipped), len(sitting.todo) + len(sitting.skipped), stopped
    )
    sitting.say(_closing(session))
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


def _closing(session: Session) -> str:
    said = [f"{count_of(session.saved, 'decision')} saved{f', {session.undone} taken back' if session.undone else ''}."]
    if session.skipped:
        said.append(f"{session.skipped} skipped, which come again next time.")
    said.append(f"{count_of(session.left, 'record')} left." if session.left else "Nothing left in this stage.")
    return " ".join(said)


def render_record(record: Record, words: Sequence[str], console: Console, *, full_text: bool = False) -> None:
    """Show a record to be judged: title, source, abstract with words of interest marked, what ketalit reads in it.

    Args:
        record: the record.
        words: to be marked, such as the names of drugs.
        console: where to.
        full_text: say also where its full text is to be found.
    """
    from rich.text import Text

    def text(shown: str, style: str = "") -> None:
        marked = Text(terminal(shown), style=style)
        for pattern in patterns:
            marked.highlight_regex(pattern, "bold yellow")
        console.print(marked)

    # Longer names first: "S-ketamine" is marked whole, not from its hyphen on.
    names = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word.strip())
    patterns = [re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)] if names else []
    text(one_line(record.title or record.book_title) or "No title", "bold")
    source = one_line(record.journal.abbreviation or record.journal.title) or "journal not known"
    console.print(Text(f"{one_line(record.short)}  ·  {source}  ·  {record.id}", "dim"))
    for section in record.abstract:
        text(f"{one_line(section.label)}: {section.text}" if section.label else section.text)
    if not record.abstract:
        text("No abstract here.", "italic")
    read = {finding.field: finding for finding in read_record(record) if finding.value is not None}
    said = [f"{name} {read[key].value}" for key, name in (("design", "design"), ("n_total", "n =")) if key in read]
    console.print(Text(f"Read by ketalit, to be checked: {', '.join(said) or 'neither design nor n'}", "cyan"))
    if full_text:
        body = f"; {count_of(len(record.full_text.paragraphs), 'paragraph')} in the library" if record.full_text else ""
        links = [parse_identifier(name).url for name in reversed(record.identifiers)]
        text(f"Full text: {' · '.join(links) or 'no identifier to find it by'}{body}")


def _numbered(reasons: Sequence[str]) -> str:
    if not reasons:
        return "This review has no reasons for leaving out; review.toml can give some."
    return "\n".join(f"{number:>3}  {one_line(reason)}" for number, reason in enumerate(reasons, 1))
