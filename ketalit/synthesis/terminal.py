"""Rows of effects.csv in the terminal: question by question, with the effect that follows, and what is odd about it.

Plain lines in and out, so that it can be scripted. Nothing is saved before it is accepted; then it is saved at once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from ..dialogue import Dialogue, EndOfInput
from ..errors import InputError
from ..escaping import one_line
from ..pooling.conversions import Arm, combine_arms
from ..pooling.effects import COLUMNS, Layout, Measure, Score, Spread
from ..records.model import Record
from ..review import Review, load_review
from ..rows import did_you_mean
from ..screening.votes import check_reviewer
from ..telling import count_of
from .entering import FILE, complete, doubts, enter, found, look, row_of, take_back

KEYS = "[a]ccept  [c]orrect  [n]ote  [s]kip  [u]ndo  [q]uit  [?] help"
_HELP = """\
a  accept: the row is saved; “a anyway” saves one that gives no effect, which pool then leaves out by name
c  correct: “c mean1 41” changes one column, “c time 24 h” and “c scale 0-100” two at once
n  a note, saved with the row; “n [range] why” explains a doubt to `ketalit check` too
s  skip: forget this row
u  undo: take back the row you saved last; effects-history.csv keeps it
q  stop; what you accepted is saved already"""
_ASKING = """\
Empty takes what stands in brackets. “-” leaves out what need not be given, “<” goes back one question, “q” stops;
what was not accepted is not saved. Two doses against one group: “30 41 20 + 29 45 18” takes them as one."""
_MEANS = {Measure.MD, Measure.SMD, Measure.SMD_REVMAN, Measure.ROM}
_GROUPS, _PRINTED = "both groups", "only the comparison (estimate with CI, SE or p)"
_SPREADS = {
    Spread.SD: ("mean SD", ("mean", "sd")),
    Spread.SEM: ("mean SEM", ("mean", "sd")),
    Spread.UNCLEAR: ("mean ±", ("mean", "sd")),
    Spread.CI: ("mean CI-low CI-high", ("mean", "low", "high")),
    Spread.QUARTILES: ("median Q1 Q3", ("mean", "low", "high")),
    Spread.RANGE: ("median least greatest", ("mean", "low", "high")),
}
_ESTIMATE = re.compile(r"(\S+)\s+(?:se\s+(?P<se>\S+)|p\s*=?\s*(?P<p>\S+)|(?P<ci_low>\S+)\s+(?P<ci_high>\S+))")


@dataclass(frozen=True, slots=True)
class Session:
    """What came of one sitting: rows `saved` and `undone`."""

    saved: int
    undone: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        name: what it is about.
        prompt: what is asked.
        columns: what the answer fills, a number for each where there are several.
        choices: answers that can be given by their number.
        closed: whether there are no others.
        default: what an empty answer means.
        needed: whether there must be an answer.
        joins: whether groups with a + between are taken as one, as two doses against one placebo group.
    """

    name: str
    prompt: str
    columns: tuple[str, ...]
    choices: tuple[str, ...] = ()
    closed: bool = False
    default: str = ""
    needed: bool = False
    joins: bool = False

    def cells(self, answer: str) -> dict[str, str]:
        """What an answer fills in.

        >>> Question("group1", "drug: n mean SD", ("n1", "mean1", "sd1")).cells("30 41 ± 20")
        {'n1': '30', 'mean1': '41', 'sd1': '20'}
        >>> Question("group1", "drug: events / n", ("events1", "n1"), joins=True).cells("3/30 + 4/29")
        {'events1': '7', 'n1': '59', 'note': 'group1: 3/30 + 4/29 taken as one'}

        Raises:
            InputError: it is none, or not as many numbers as were asked for.
        """
        if self.choices and answer.isdecimal() and 1 <= int(answer) <= len(self.choices):
            answer = self.choices[int(answer) - 1]
        words = "" if answer == "-" else answer or self.default
        if not words:
            if self.needed:
                raise InputError("nothing was given", expected=self.prompt)
            return {}
        words = next((one for one in self.choices if one.casefold() == words.casefold()), words)
        if self.closed and words not in self.choices:
            hint = did_you_mean(words, self.choices)
            raise InputError(f"“{one_line(words)[:40]}” is none of these{hint}", expected=", ".join(self.choices))
        if self.name == "estimate":
            return _estimate(words)
        if len(self.columns) == 1:
            return {self.columns[0]: words}
        groups = [self.numbers(part) for part in (words.split("+") if self.joins else [words])]
        if len(groups) == 1:
            return dict(zip(self.columns, groups[0], strict=True))
        try:
            arms = [[float(one) for one in numbers] for numbers in groups]
        except ValueError:
            raise InputError("a number is none", expected="numbers with a decimal point") from None
        joined: Sequence[float] = [sum(column) for column in zip(*arms, strict=True)]
        if len(self.columns) == len(Arm._fields):
            joined = whole = Arm(*arms[0])
            for arm in arms[1:]:
                joined = whole = combine_arms(whole, Arm(*arm)).value
        cells = {name: f"{value:.8g}" for name, value in zip(self.columns, joined, strict=True)}
        return {**cells, "note": f"{self.name}: {words} taken as one"}

    def numbers(self, words: str) -> list[str]:
        """As many numbers as there are columns.

        Raises:
            InputError: more or fewer.
        """
        found = [part for part in re.split(r"[\s;/()±]+", words) if part]
        if len(found) != len(self.columns):
            what = f"{count_of(len(found), 'number')} given"
            raise InputError(what, expected=f"{len(self.columns)} with a space between: {self.prompt}")
        return found


def _estimate(words: str) -> dict[str, str]:
    match = _ESTIMATE.fullmatch(" ".join(re.sub(r"[;()]|\bto\b", " ", words).split()))
    if not match:
        raise InputError(
            f"“{one_line(words)[:40]}” is no such comparison", expected="-7 -17 3, or -7 se 5, or -7 p 0.03"
        )
    return {"estimate": match[1], **{name: said for name, said in match.groupdict().items() if said}}


def questions(review: Review, cells: Mapping[str, str], last: Mapping[str, str]) -> Iterator[Question]:
    """What is to be asked of a row, in order, as far as the answers so far tell.

    Args:
        review: its other rows give names and defaults.
        cells: answers so far.
        last: answers of the row before, taken where Enter is pressed; not those that a trial has of its own, as a
            spread or a scale taken over by mistake gives another effect.
    """
    rows = [one for one in review.effects if one.comparison == cells.get("comparison")]
    here = [one for one in rows if one.outcome == cells.get("outcome")]

    def known(values: Iterator[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, values)))

    def usual(name: str, otherwise: str = "") -> str:
        said = known(str(getattr(one, name)) for one in here)
        return said[0] if len(said) == 1 else last.get(name, otherwise)

    compared = known(one.comparison for one in review.effects)
    outcomes = known(one.outcome for one in rows)
    times = known(one.time for one in here or rows)
    only = compared[0] if len(compared) == 1 else ""
    yield Question(
        "comparison",
        "what with what (A vs B)",
        ("comparison",),
        compared,
        default=last.get("comparison", only),
        needed=True,
    )
    yield Question("outcome", "outcome", ("outcome",), outcomes, default=last.get("outcome", ""), needed=True)
    time = last.get("time", times[0] if len(times) == 1 else "")
    yield Question(
        "time", "time since the end of treatment (24 h, 12 weeks, short term)", ("time",), times, default=time
    )
    yield Question("measure", "measure", ("measure",), tuple(Measure), True, usual("measure"), needed=True)
    means = cells.get("measure") in _MEANS
    how = last.get("numbers", _GROUPS)
    yield Question("numbers", "what is printed", ("numbers",), (_GROUPS, _PRINTED), True, how, needed=True)
    printed = cells.get("numbers") == _PRINTED
    crossover = means and not printed and cells.get("design") == Layout.CROSSOVER
    if means:
        same = last.get("scale", "") if last.get("study") == cells.get("study") else ""
        yield Question("scale", "ends of the scale (0-100; “-”: none)", ("scale",), default=same)
    yield Question("better", "what is better", ("better",), ("lower", "higher"), True, usual("better"))
    first, _, second = cells.get("comparison", "").partition(" vs ")
    one, two = (first, second) if second else ("group 1", "group 2")
    if printed:
        yield Question(
            "estimate", "estimate CI-low CI-high, or estimate “se” SE, or estimate “p” p", ("estimate",), needed=True
        )
        yield Question("people", f"n of {one}, n of {two} (“-”: not reported)", ("n1", "n2"))
    elif means:
        yield Question("design", "design", ("design",), tuple(Layout), True, Layout.PARALLEL)
        yield Question("score", "values at the end, or changes", ("score",), tuple(Score), True, Score.FINAL)
        yield Question("spread", "what the spread is", ("spread",), tuple(Spread), True, Spread.SD)
        wanted, names = _SPREADS[Spread(cells.get("spread", Spread.SD))]
        arms = not crossover and cells.get("spread", Spread.SD) == Spread.SD
        of_one = ("n1", *(f"{name}1" for name in names))
        of_two = (*(() if crossover else ("n2",)), *(f"{name}2" for name in names))
        again = wanted if crossover else f"n {wanted}"
        yield Question("group1", f"{one}: n {wanted}", of_one, needed=True, joins=arms)
        yield Question("group2", f"{two}: {again}", of_two, needed=True, joins=arms)
        if crossover:
            yield Question("r", "correlation within people (“-”: not reported)", ("r",))
    else:
        yield Question("group1", f"{one}: events / n", ("events1", "n1"), needed=True, joins=True)
        yield Question("group2", f"{two}: events / n", ("events2", "n2"), needed=True, joins=True)
    yield Question(
        "locator", "read from (table 2, page 5, or words in “quotes”; “-”: not said)", ("locator",), needed=True
    )


@dataclass(slots=True)
class _Sitting(Dialogue):
    review: Review
    who: str
    saved: int = 0
    undone: int = 0
    last: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def run(self, study: str) -> None:
        """Row after row, until the input ends."""
        try:
            while True:
                record = self.study(study)
                study = ""
                cells = self.row(record) if record else None
                while record and cells and not self.decided(record, cells):
                    pass
        except (EndOfInput, KeyboardInterrupt):
            self.say("")

    def study(self, words: str) -> Record | None:
        """Which study, by its key or by words of author or title; None to be asked again."""
        same = self.last.get("study", "")
        hint = f"; empty: {same}" if same else ""
        words = (
            words
            or self.ask(f"\nstudy (key, PMID, DOI, or words of author or title{hint}; u undoes, q stops):")
            or same
        )
        if words.lower() in {"q", "quit"}:
            raise EndOfInput
        if words.lower() in {"u", "undo"}:
            self.undo()
            return None
        held = found(self.review, words)
        if not held:
            near = did_you_mean(words, self.review.records) if words else ""
            self.say(f"No record is called “{one_line(words)[:60]}”{near or '.'}" if words else _ASKING)
            return None
        for number, record in enumerate(held, 1) if len(held) > 1 else ():
            self.say(f"{number:>3}  {record.id}: {record.short}, {one_line(record.title)[:70]}")
        which = self.ask("which (number; empty to go back):") if len(held) > 1 else "1"
        if not which.isdecimal() or not 1 <= int(which) <= len(held):
            return None
        record = held[int(which) - 1]
        self.say(f"{record.short} · {record.id} · {one_line(record.title)[:90]}", "bold")
        return record

    def row(self, record: Record) -> dict[str, str] | None:
        """The answers to all questions; None where somebody went back before the first."""
        answers: dict[str, dict[str, str]] = {}
        self.told = set()
        shown = ""
        while True:
            notes = "; ".join(said["note"] for said in answers.values() if "note" in said)
            cells = {"study": record.id} | {name: cell for said in answers.values() for name, cell in said.items()}
            cells |= {"note": notes} if notes else {}
            asked = next((one for one in questions(self.review, cells, self.last) if one.name not in answers), None)
            if asked is None:
                return cells
            listed = [f"{number}  {choice}" for number, choice in enumerate(asked.choices, 1)]
            if listed and shown != asked.name:
                self.say(f"  {'    '.join(listed)}" if asked.closed else "\n".join(f"  {one}" for one in listed), "dim")
            shown = asked.name
            default = f" [{asked.default}]" if asked.default else ""
            line = self.ask(f"{asked.prompt}{default}:")
            if line.lower() in {"q", "quit"}:
                raise EndOfInput
            if line == "<":
                if not answers:
                    return None
                answers.popitem()
                shown = ""
            elif line == "?":
                self.say(_ASKING)
                shown = ""
            else:
                try:
                    given = asked.cells(line)
                    self.hint(record, cells | given)
                    answers[asked.name] = given
                except InputError as error:
                    self.say(str(error), "yellow")

    def hint(self, record: Record, cells: dict[str, str]) -> None:
        """Say what is odd so far, each thing once.

        Raises:
            InputError: a cell that cannot be.
        """
        filled = complete(self.review, record, _without(cells))
        row = row_of(self.review, {"comparison": "?", "outcome": "?", "measure": str(Measure.MD), **filled})
        odd: Iterable[str] = doubts(self.review, row) if "outcome" in filled else ()
        if {"mean2", "events2", "estimate"} & filled.keys():
            odd = look(self.review, filled).doubts
        for said in odd:
            if said not in self.told:
                self.say(f"! {said}", "yellow")
            self.told.add(said)

    def decided(self, record: Record, cells: dict[str, str]) -> bool:
        """Show what follows from a row, and do what a line says; returns whether the row is done with."""
        row = complete(self.review, record, _without(cells))
        looked = look(self.review, row)
        self.say("")
        self.say(" · ".join(filter(None, (looked.row.where, looked.row.comparison, looked.row.locator))), "bold")
        for number, line in enumerate(looked.effect):
            self.say(f"  {line}", "dim" if " = " in line else "cyan" if number == 0 else "")
        if looked.refused:
            self.say(f"  No effect follows: {looked.refused}.", "yellow")
        for said in looked.doubts:
            self.say(f"! {said}", "yellow")
        while True:
            word, _, rest = self.ask(f"{KEYS} >").partition(" ")
            word, rest = word.lower(), rest.strip()
            if word in {"q", "quit"}:
                raise EndOfInput
            if word in {"s", "skip"}:
                self.say("Forgotten.", "dim")
                return True
            if word in {"u", "undo"}:
                self.undo()
            elif word in {"n", "note"}:
                cells["note"] = "; ".join(filter(None, (cells.get("note"), rest or self.ask("note:"))))
                return False
            elif word in {"c", "correct"}:
                if self.corrected(record, cells, rest or self.ask("column and value (mean1 41; empty to go back):")):
                    return False
            elif word in {"a", "accept"} and rest in {"", "anyway"}:
                if looked.refused and not rest:
                    self.say("No effect follows: c corrects, “a anyway” saves it as it is. Nothing saved.")
                else:
                    self.save(record, cells, anyway=bool(rest))
                    return True
            elif word in {"?", "h", "help"}:
                self.say(_HELP)
            elif word:
                self.say(f"“{one_line(word)[:20]}” is none of the keys; ? explains them.")

    def corrected(self, record: Record, cells: dict[str, str], words: str) -> bool:
        name, _, value = words.partition(" ")
        if not name:
            return False
        known = (*COLUMNS, "time", "scale")
        if name not in known:
            there = did_you_mean(name, known) or f"; there are: {', '.join(known)}"
            self.say(f"No column “{one_line(name)[:40]}”{there}")
            return False
        try:
            self.hint(record, cells | {name: value.strip()})
        except InputError as error:
            self.say(f"{error} Nothing changed.", "yellow")
            return False
        cells[name] = value.strip()
        return True

    def save(self, record: Record, cells: dict[str, str], *, anyway: bool) -> None:
        kept = enter(self.review.path, record.id, _without(cells), who=self.who, anyway=anyway)
        row = kept.looked.row
        self.review = load_review(self.review.path)
        self.last = cells | {"time": row.time}
        self.saved += not kept.unchanged
        here = {
            one.study
            for one in self.review.effects
            if (one.comparison, one.outcome, one.time) == (row.comparison, row.outcome, row.time)
        }
        did = "Stood there already" if kept.unchanged else "Saved"
        self.say(
            f"{did}: {row.where}: {FILE}, line {kept.line}. {count_of(len(here), 'trial')} with this outcome and time.",
            "dim",
        )

    def undo(self) -> None:
        try:
            row = take_back(self.review.path, who=self.who)
        except InputError as error:
            self.say(str(error))
            return
        self.undone += 1
        self.review = load_review(self.review.path)
        self.say(f"Taken back: {row.where}; effects-history.csv keeps it.", "dim")


def _without(cells: Mapping[str, str]) -> dict[str, str]:
    """Cells of the file: the study is named otherwise, and how numbers were printed is no column."""
    return {name: cell for name, cell in cells.items() if name not in {"study", "numbers"}}


def sit(
    folder: Path | str, who: str, study: str = "", *, lines: TextIO | None = None, out: TextIO | None = None
) -> Session:
    """Enter rows of effects.csv one after the other. Every row that is accepted is saved at once.

    Args:
        folder: the review.
        who: initials.
        study: the first study, by a name or words of its author or title; asked for where it is not given.
        lines: where answers are read from, one line each; standard input unless given.
        out: where is written to; standard output unless given.

    Raises:
        InputError: the review cannot be read or written.
    """
    from rich.console import Console

    check_reviewer(who)
    console = Console(file=out or sys.stdout, highlight=False)
    sitting = _Sitting(lines or sys.stdin, console, load_review(folder), who)
    sitting.say(f"{count_of(len(sitting.review.effects), 'row')} in {FILE}.\n{_ASKING}", "dim")
    sitting.run(study)
    back = f", {sitting.undone} taken back" if sitting.undone else ""
    sitting.say(f"{count_of(sitting.saved, 'row')} saved{back}. `ketalit pool --list` shows what can be pooled.")
    return Session(sitting.saved, sitting.undone)
