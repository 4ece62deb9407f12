"""Lesson 9: refresh a review. What happened between two days, a text that changed, the table after the decisions.

Everything but the last panel is about the synthetic review that ships with ketalit: no work or number in it exists.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd

from ..entrez.ncbi import BATCH
from ..errors import InputError
from ..fields import FIELDS
from ..figures import Axis, Line, Picture, Points, draw
from ..figures import Panel as Axes
from ..library import FILE, Library
from ..prisma import Found, PrismaCounts, prisma_of, read_entered, read_sources
from ..records.text import canonical_text
from ..refresh import Kind, Report, last_report, refresh, unfinished_since
from ..refresh.demo import SYNTHETIC, Recorded
from ..refresh.report import Change, CheckedValue, Piece
from ..refresh.wording import headline, sections
from ..review import BUNDLED, Extraction, Review, Screening, load_review
from ..table import EvidenceTable, evidence_table
from ..telling import count_of
from ..vocabulary import Decision, Origin
from .chosen import chosen_folder
from .control import Choice, Control
from .gate import minus
from .panel import Panel, Preset, Setting
from .question import Question
from .shown import Shown, boxed, plain

LESSON = "09"
SYNTHETIC_WORDS = "A synthetic review: no work, person or number in it exists."
MAY, NOVEMBER = "1 May 2026", "1 November 2026"
_DAYS = "2026-05-01", "2026-11-01"
_DECIDED = "2026-11-02"  # the day after
_WHO = "AB"


# --- the two days -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """The review after the refresh of one day: its report, its files as read then, and what its searches found."""

    report: Report
    review: Review
    found: Sequence[Found]
    entered: Sequence[str]


@cache
def _days() -> tuple[Day, Day]:
    """Both refreshes, made once in a folder that is gone afterwards."""
    days = []
    with tempfile.TemporaryDirectory(prefix="ketalit-") as temporary:
        folder = Path(temporary) / "synthetic-refresh"
        shutil.copytree(SYNTHETIC, folder)
        for date in _DAYS:
            report = refresh(folder, Recorded(folder, date))
            days.append(Day(report, load_review(folder), read_sources(folder), read_entered(folder)))
    return days[0], days[1]


# --- what the report says ---------------------------------------------------------------------------------------------

ALL, DRIFT, SAME = "everything", "search drift", "as it was"
_SHOWN = (
    Kind.RETRACTED, Kind.CONCERN, Kind.CORRECTED, Kind.SUPERSEDED, Kind.NEW, Kind.CHECKED_TEXT, Kind.GONE,
)  # fmt: skip
PARTS = (ALL, *map(str, _SHOWN), DRIFT)
_BRIEF = {str(Kind.CHECKED_TEXT): "text changed", str(Kind.NEW): "new", str(Kind.MINOR): "headings added"}
_MOVES = {
    str(Kind.RETRACTED): (
        "Read the notice. Leave the study out of every sum and say so; make every file again that you exported before."
    ),
    str(Kind.CONCERN): (
        "Nothing is settled yet. Do what the protocol says about such studies, and show the result without it."
    ),
    str(Kind.CORRECTED): (
        "Open the erratum. It corrects a dose, and the dose is a checked value: hold the one against the other."
    ),
    str(Kind.SUPERSEDED): "Look in the newer version for studies that you lack, and cite it instead.",
    str(Kind.NEW): "Screen all of them as you screened the others. A notice is found like a study, and is none.",
    str(Kind.CHECKED_TEXT): "Hold each value against the new text, keep it or change it, and write down why.",
    str(Kind.GONE): "Look for it by its DOI; it may have been merged into another record. What you stored is kept.",
    DRIFT: "Read how the query is understood now, repair it, and write both versions down with their dates.",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of one record: `kind` names the part of the report it stands in; `known`: it was there in May."""

    record: str
    citation: str
    kind: str
    decision: str
    known: bool


@cache
def _happened() -> tuple[Happened, ...]:
    """All records, in the order of the report; those that nothing happened to come last."""
    first, second = _days()
    decided = {row.record: str(row.decision) for row in first.review.screening}

    def one(record: str, citation: str, kind: str, *, known: bool = True) -> Happened:
        return Happened(record, citation, kind, decided.get(record, "not screened"), known)

    changes = [one(item.record, _name(item), str(item.kind), known=item.kind is not Kind.NEW)
               for item in second.report.changes]  # fmt: skip
    lost = [one(item.record, item.citation, DRIFT)
            for search in second.report.searches for item in search.lost if not item.gone]  # fmt: skip
    at = next((at for at, item in enumerate(changes) if item.kind == Kind.MINOR), len(changes))
    changes[at:at] = lost
    told = {item.record for item in changes}
    rest = [one(name, record.short, SAME) for name, record in first.review.records.items() if name not in told]
    return (*changes, *rest)


def _name(change: Change) -> str:
    """How a record is called in a picture; a notice has editors for authors, and a long name."""
    return "Retraction notice 2026" if change.design == "retraction" else change.citation


@dataclass(frozen=True, slots=True)
class Told:
    """A part of the report of a day."""

    day: str
    part: str

    def tells(self, one: Happened) -> bool:
        """Whether the record stands in this part."""
        return self.day == NOVEMBER and (one.kind == self.part or (self.part == ALL and one.kind != SAME))


class Timeline(Panel):
    """What the refresh of each day reports, one kind of news at a time.

    >>> Timeline(part="retracted").seen()[:41]
    '1 November 2026, retracted: Basalt 2016. '
    """

    name = "cycle"
    title = "Two days, one report"
    notice = (
        "Each line is a record, in the order in which the report of November tells of it. Step to 1 May and back, then "
        "go through the parts one at a time: what happened, what the table does by itself, and what is left to you."
    )
    find = "the two parts of the report that change the table, although nobody has decided anything."
    limits = (
        f"{SYNTHETIC_WORDS} One of everything in six months is a teaching device, not a rate. A refresh sees what "
        "PubMed says of a record; a retraction of which PubMed does not know yet, or a work that PubMed does not hold, "
        "it cannot see."
    )
    sources = (
        ("How NLM links errata, retractions and other notices", "https://www.nlm.nih.gov/bsd/policy/errata.html"),
    )
    controls = (
        Choice(
            key="day", label="Refreshed on", value=NOVEMBER, options=(MAY, NOVEMBER),
            about="The first refresh, or the one six months later",
        ),
        Choice(
            key="part", label="Part of the report", value=ALL, options=PARTS,
            about="In the order of the report: most important first",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> Told:
        return Told(now.day, now.part)

    def words(self, result: Told) -> str:
        first, second = (day.report for day in _days())
        if result.day == MAY:
            return f"{MAY}. {headline(first)}"
        if result.part == ALL:
            return headline(second)
        names = ", ".join(one.citation for one in _happened() if result.tells(one))
        return f"{NOVEMBER}, {result.part}: {names}. {_table_does(result)} {_MOVES[result.part]}"

    def draw(self, result: Told, before: Told | None, words: str) -> Picture:
        records = _happened()
        names = tuple(one.citation for one in records)
        told = [one for one in records if result.tells(one)]
        there = [one for one in records if one.known]
        marks: list[Any] = []
        if result.day == NOVEMBER:
            for one in there:
                chosen = one in told and result.part != ALL
                marks.append(
                    Line(
                        [MAY, NOVEMBER],
                        [one.citation] * 2,
                        ink="s1" if chosen else "muted",
                        width=2.2 if chosen else 1.0,
                    )
                )
        marks.append(_dots(MAY, there, label="a record of the review", ink="muted", shape="circle"))
        if result.day == NOVEMBER:
            flagged = [one for one in told if one.known and one.kind != Kind.GONE]
            stands = [one for one in there if one not in flagged and one.kind != Kind.GONE]
            marks += [
                _dots(NOVEMBER, stands, ink="muted", shape="circle"),
                _dots(NOVEMBER, flagged, label="something happened to it", ink="s1", shape="diamond", size=7),
            ]
            for shape, label, ink, group in (
                ("cross", "gone from PubMed", "s1", [one for one in records if one.kind == Kind.GONE]),
                ("triangle", "new", "s0", [one for one in records if not one.known]),
            ):
                chosen = group[0] in told
                size = 7 if chosen else 5
                marks.append(
                    _dots(NOVEMBER, group, label=label, ink=ink if chosen else "muted", shape=shape, size=size)
                )
        marks = [mark for mark in marks if not isinstance(mark, Points) or len(mark.x)]
        beside = tuple(_BRIEF.get(one.kind, one.kind) if one in told else "" for one in records)
        return draw(
            Axes(
                marks,
                Axis(kind="names", names=(MAY, NOVEMBER)),
                Axis(kind="names", names=names, beside=beside if any(beside) else ()),
                height=24 * len(names),
            ),
            title="The records of a review on two days",
            subtitle=f"SYNTHETIC. Shown: {result.part}, refresh of {result.day}",
            description=words,
            note=_note(result),
        )

    def data(self, result: Told) -> pd.DataFrame:
        rows = [
            (one.record, one.citation, one.decision if one.known else "not there", one.kind, result.tells(one))
            for one in _happened()
        ]
        return pd.DataFrame(rows, columns=["record", "citation", "in_may", "in_november", "shown"])


def _dots(day: str, records: Sequence[Happened], *, label: str = "", ink: str, shape: str, size: float = 5) -> Points:
    names = [one.citation for one in records]
    return Points([day] * len(names), names, label=label, ink=ink, shape=shape, sizes=size)


def _table_does(result: Told) -> str:
    """What the table does by itself with the records of a part of the report."""
    means = _days()[1].report.consequences
    told = {one.record for one in _happened() if result.tells(one)}
    rows = [f"{row.citation} is {row.what}" for row in means.rows if row.study in told]
    cells = Counter("stays" if cell.kept else "reads otherwise" for cell in means.cells if cell.study in told)
    if cells:
        rows.append(
            f"{count_of(cells['reads otherwise'], 'cell')} that the program reads changed, and "
            f"{count_of(cells['stays'], 'cell')} that a person checked stayed"
        )
    return f"In the table: {'; '.join(rows)}." if rows else "The table counts as before."


def _note(result: Told) -> str:
    if result.day == MAY:
        return "The first refresh compares with what was entered by hand, and finds all of it current."
    if result.part == ALL:
        return "From top to bottom as in the report. Choose a part to read what it says, and what is left to you."
    name = next((kind.name.lower().replace("_", "-") for kind in Kind if kind == result.part), "drift")
    section = next(one for one in sections(_days()[1].report) if one.name == name)
    said = [f"{item.head}: {'; '.join(item.lines)}" if item.lines else item.head for item in section.items]
    # The values and the words that changed have a panel of their own.
    told = [section.intro, *(f"{one}." if not one.endswith(".") else one for one in said)]
    return f"The report: {' '.join(filter(None, told))}"


# --- a text that changed under checked values -------------------------------------------------------------------------

THEN, NOW, WORDS = f"as of {MAY}", f"as of {NOVEMBER}", "both, with the changes marked"
_CHANGED: Mapping[str, tuple[Any, str]] = {
    "n_randomised": (54, "54 patients with invented complex regional pain syndrome were randomised"),
    "result": (
        "mean difference -0.6 (-1.7 to 0.5) on a scale of 0-10 at 12 weeks",
        "mean difference -0.6, 95% CI -1.7 to 0.5",
    ),
}
_NOTES = {
    "n_randomised": "was 60 until 2026-11-01: six patients without documented consent were removed",
    "result": "was -1.4 (-2.4 to -0.4) until 2026-11-01: reported anew without six patients",
}
CHANGE_IT, CHANGE_RESULT = "change it, with the new quote and the reason", "change it, with the new quote and interval"
KEEP_NOTED, KEEP_READ = "keep 60, and note that six were removed later", "read the sentence again, then keep it"
_KEPT = {
    KEEP_NOTED: "six of the 60 were removed later, 54 are in the report of 2026-11-01",
    KEEP_READ: "text of 2026-11-01 read, still holds",
}
_QUESTIONS: Mapping[str, tuple[str, Sequence[tuple[str, bool, str]]]] = {
    "n_randomised": (
        "The text now says 54, and that six patients whose consent was not documented were removed. What do you do?",
        (
            (CHANGE_IT, True, (
                "The row says again what its source says, and why it said something else before. One can also keep 60 "
                "as the number once randomised and enter 54 as analysed: the note decides whether a reader can follow."
            )),
            (KEEP_NOTED, True, (
                "It can be defended: 60 people were randomised, and six were taken out afterwards. But the quote no "
                "longer stands in the source, so the note has to say where it stood, and the analysed number is 54."
            )),
            ("nothing: a person has checked it", False, (
                "It was checked against a text that is no longer there. The checking has a date; that is why you can "
                "see that the text is younger."
            )),
            ("let the number that the program reads take its place", False, (
                "That never happens by itself, and should not. What a person checked stays; the 54 stands beside it "
                "until a person decides."
            )),
        ),
    ),
    "result": (
        "The difference is now −0.6 (−1.7 to 0.5), from fewer people. What do you do?",
        (
            (CHANGE_RESULT, True, (
                "The interval holds zero now. Kept as it was, the row would contradict itself: the direction in the "
                "next column is read from the new text, and says “no significant difference”."
            )),
            ("keep −1.4: it was right when it was checked", False, (
                "It was right of the text of May. A table of November that shows it would report what the paper no "
                "longer says."
            )),
            ("leave the trial out", False, (
                "A changed text is no retraction. The trial still answers the question, and less favourably: to leave "
                "it out now would be to choose by result."
            )),
            ("show both numbers and let readers choose", False, (
                "They are not two results but one, before and after six patients were taken out. The old one belongs "
                "in the note, where it explains the new one."
            )),
        ),
    ),
    "followup": (
        "Its quote, “at 12 weeks”, still stands in the text. What do you do?",
        (
            (KEEP_READ, True, (
                "Words that still stand are a sign, not a proof: the sentence around them may mean something else. "
                "Here it does not, and a line in the log says that somebody looked."
            )),
            ("tick it off unread: the quote still stands", False, (
                "The two words would also stand in “no data at 12 weeks”. Somebody has to read the sentence."
            )),
            ("change it: the whole record is in doubt now", False, (
                "Into what? Nothing in the new text contradicts it. Doubt about a record is worth a note, not another "
                "number."
            )),
        ),
    ),
}  # fmt: skip
_STYLE = (
    "<style>.ket-panel :is(ins, mark, del) { color: inherit; padding: 0 2px; border-radius: 2px; }"
    " .ket-panel mark { background: none; outline: 2px solid #0072b2; margin: 0 2px; }"
    " .ket-panel ins { background: none; text-decoration: underline; text-decoration-thickness: 2px;"
    " font-weight: 700; }"
    " .ket-panel del { background: none; opacity: .85; }"
    " .ket-panel .ket-text { max-width: 76ch; border-left: 4px solid var(--ket-edge); padding: 2px 12px; }"
    " .ket-panel pre { font: 13px/1.5 var(--jp-code-font-family, monospace); color: inherit; white-space: pre-wrap;"
    " word-break: normal; overflow-wrap: anywhere; border: 1px solid var(--ket-edge); border-radius: 6px;"
    " padding: 8px 12px; max-width: 84ch; margin: 6px 0; background: none; }"
    " .ket-panel pre.ket-prose { font: inherit; } .ket-panel pre :is(ins, del) { text-decoration: none; }"
    " .ket-panel pre ins { font-weight: 400; } .ket-panel .ket-steps { padding-left: 1.8em; }</style>"
)


class ChangedText(Shown):
    """An abstract before and after, with the checked values that rest on it, and a decision on each.

    In code: `changed.value.value = "Result"`, `changed.text.value = WORDS`, `changed.decide("…")`, `changed.seen()`.

    >>> changed = ChangedText()
    >>> changed.decide("nothing: a person has checked it")
    >>> "no longer there" in changed.seen()
    True
    """

    def __init__(self) -> None:
        (self.change,) = _days()[1].report.of(Kind.CHECKED_TEXT)
        self.values = {FIELDS[one.field].title: one for one in self.change.values}
        self.text = Control(
            Choice(key="text", label="Abstract", value=WORDS, options=(THEN, NOW, WORDS), about="Which text is shown")
        )
        self.value = Control(
            Choice(
                key="value",
                label="Checked value",
                value=next(iter(self.values)),
                options=tuple(self.values),
                about="A value that rests on this text; its quote is framed where it stands",
            )
        )
        self.questions = {title: self._question(one) for title, one in self.values.items()}
        self.shown = widgets.HTML()
        self.slot = widgets.VBox([])
        self.log = widgets.HTML()
        self.box: Any = None
        self.text.observe(lambda _: self._show(), "value")
        self.value.observe(lambda _: self._show(), "value")
        self._show()

    def decide(self, decision: str) -> None:
        """Decide on the value that is shown.

        Raises:
            InputError: that is not one of the decisions offered.
        """
        self.questions[self.value.value].answer(decision)

    def seen(self) -> str:
        """What the learner reads: the text, the value, what was said to the decision, and the row as it stands then."""
        asked = self.questions[self.value.value]
        parts = [plain(self.shown.value), asked.spec["question"], plain(asked.feedback), plain(self.log.value)]
        return " ".join(filter(None, [*parts, self.text.message, self.value.message]))

    def _question(self, value: CheckedValue) -> Question:
        question, answers = _QUESTIONS[value.field]
        options = [{"answer": answer, "correct": right, "feedback": said} for answer, right, said in answers]
        item = {"id": f"decide-{value.field}", "type": "multiple_choice", "question": question, "answers": options}
        asked = Question(LESSON, item, send="This is my decision")
        asked.observe(partial(self._decided, value), "given")
        return asked

    def _decided(self, value: CheckedValue, change: Any) -> None:
        asked, given = change["owner"], change["new"]
        if given is None:
            return
        _, answers = _QUESTIONS[value.field]
        said = next(said for answer, _, said in answers if answer == given.given)
        mark = "That can be defended." if given.correct else "Think again; you can decide anew."
        wrong = "" if given.correct else ' class="ket-wrong"'
        asked.feedback = f"<p{wrong}><strong>{mark}</strong> {escape(said)}</p>"
        self._show()

    def _show(self) -> None:
        value = self.values[self.value.value]
        asked = self.questions[self.value.value]
        with self.shown.hold_sync():
            self.shown.value = self._text(value)
        self.slot.children = [asked]
        self.log.value = _log(value, asked.given.given) if asked.given and asked.given.correct else ""

    def _text(self, value: CheckedValue) -> str:
        if self.text.value == WORDS:
            shown, legend = _pieces(self.change.words), "<del>Struck</del>: gone. <ins>Underlined</ins>: new. "
        else:
            day = _days()[self.text.value == NOW]
            text = canonical_text(day.review.records[self.change.record], abstract_only=True).text
            shown, legend = _framed(text.partition("\n")[2], value.quote), ""
        return (
            f'<div class="ket-text"><p><small>{legend}Abstract of {escape(self.change.citation)}, '
            f"{escape(self.text.value)}</small></p><p>{shown}</p></div>"
            f'<p role="status"><strong>{escape(FIELDS[value.field].title)}: {escape(minus(value.value))}.'
            f"</strong> Checked by a person on {value.when} (extraction.csv, line {value.line}) from "
            f"“{escape(value.quote)}”. On {NOVEMBER}, {escape(value.found)}.</p>"
        )

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            controls = widgets.VBox([self.text, self.value]).add_class("ket-controls")
            shown = widgets.VBox([self.shown, self.slot, self.log]).add_class("ket-shown")
            beside = widgets.HBox([controls, shown]).add_class("ket-beside")
            self.box = boxed([widgets.HTML(_STYLE + _changed_head()), beside])
        return self.box

    def twin(self) -> str:
        """The text, the value and the question without a kernel, HTML."""
        asked = self.questions[self.value.value]
        return (
            f"{_STYLE}{_changed_head()}{self.shown.value}{asked.listed()}<p>Run this cell to see the other values and "
            "to decide.</p>"
        )

    def __repr__(self) -> str:
        return f"An abstract that changed under checked values. {self.seen()} (Run this cell to decide.)"


def _changed_head() -> str:
    return (
        f"<h3>The text changed under checked values</h3><p>{SYNTHETIC_WORDS} Teaching model, not for dosing patients."
        "</p><p><strong>What to notice.</strong> Of three values that a person checked, two have lost their quotes. "
        "Nothing was overwritten; nothing is decided either. Decide on all three.</p>"
    )


def _pieces(words: Sequence[Piece]) -> str:
    """What changed word by word, HTML."""
    tags = {"gone": "del", "new": "ins"}
    out = []
    for piece in words:
        text = escape(piece.text)
        tag = tags.get(piece.kind)
        out.append(("" if piece.glued else " ") + (f"<{tag}>{text}</{tag}>" if tag else text))
    return "".join(out).strip()


def _framed(text: str, quote: str) -> str:
    """A text with the quote framed where it stands, HTML.

    >>> _framed("in 60 men", "60 men"), _framed("in 54 men", "60 men")
    ('in <mark>60 men</mark>', 'in 54 men')
    """
    before, found, after = text.strip().partition(quote)
    framed = f"{escape(before)}<mark>{escape(found)}</mark>{escape(after)}" if found else escape(text.strip())
    return framed.replace("\n", "<br>")


def _log(value: CheckedValue, decision: str) -> str:
    """The line of extraction.csv before and after a decision, HTML."""
    lines = (SYNTHETIC / "extraction.csv").read_text(encoding="utf-8").splitlines()
    before = lines[value.line - 1]
    names, (cells,) = lines[0].split(","), csv.reader([before])
    row = dict(zip(names, cells, strict=True))
    if decision in {KEEP_NOTED, KEEP_READ}:
        row["note"] = f"{row['note']}; {_DECIDED} {_WHO}: {_KEPT[decision]}"
    else:
        changed, quote = _CHANGED[value.field]
        row |= {"value": str(changed), "quote": quote, "who": _WHO, "when": _DECIDED, "note": _noted(value.field)}
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row.values())
    return (
        f"<p>The log: line {value.line} of extraction.csv, before and after, with who, when and why.</p>"
        f"<pre><del>− {escape(before)}</del>\n<ins>+ {escape(out.getvalue())}</ins></pre>"
        "<p><small>The file is plain text, to be edited by hand. <code>ketalit extract accept</code> writes such a "
        "line too; beside a value of somebody else it is only added, and the table marks the two with ≠.</small></p>"
    )


def _noted(field: str) -> str:
    return f"SYNTHETIC; {_NOTES[field]}"


def changed_row(row: Extraction) -> Extraction:
    """A checked value as the text of November has it; as it is where that text says the same."""
    if row.finding.field not in _CHANGED:
        return row
    value, quote = _CHANGED[row.finding.field]
    note = _noted(row.finding.field)
    finding = dataclasses.replace(row.finding, value=value, quote=quote, who=_WHO, when=_DECIDED, note=note)
    return dataclasses.replace(row, finding=finding)


# --- the table after the decisions ------------------------------------------------------------------------------------

WAITING, SCREENED = "not screened yet", "trial in; review and notice out"
KEPT, CHANGED = "kept: 60 people, −1.4", "changed: 54 people, −0.6"
COUNTED, OUT = "counted, with its flag", "left out until it is settled"
STRUCK, EXCLUDED = "struck through by the refresh", "left out by a decision"
_NEW = (
    ("PMID:99000010", Decision.INCLUDE, ""),
    ("PMID:99000011", Decision.EXCLUDE, "secondary evidence: systematic review"),
    ("PMID:99000012", Decision.EXCLUDE, "a notice, not a study"),
)


def decided(review: Review, *, new: str, checked: str, concern: str, retracted: str) -> Review:
    """The synthetic review of November after these decisions: as if screening.csv and extraction.csv were edited.

    Args:
        review: the review after the refresh of November.
        new, checked, concern, retracted: as the controls of `AfterDecisions` offer them.
    """
    changes = {}
    if concern == OUT:
        changes["dolomite2018"] = "expression of concern"
    if retracted == EXCLUDED:
        changes["basalt2016"] = "retracted"
    screening = [
        dataclasses.replace(row, decision=Decision.EXCLUDE, reason=changes[row.record], who=_WHO, when=_DECIDED)
        if row.record in changes
        else row
        for row in review.screening
    ]
    if new == SCREENED:
        screening += [
            Screening(record=record, decision=decision, reason=reason, who=_WHO, when=_DECIDED)
            for record, decision, reason in _NEW
        ]
    extraction = review.extraction
    if checked == CHANGED:
        extraction = tuple(changed_row(row) if row.record == "amber2015" else row for row in extraction)
    return dataclasses.replace(review, screening=tuple(screening), extraction=extraction)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The review after decisions.

    Attributes:
        new, checked, concern, retracted: the decisions.
        people: study to people, counted or not; `uncounted` are shown and do not count.
        cells: number of people, result and direction of Amber 2015 as the table shows them.
        totals: the line below the table.
        prisma: counts of the flow.
        waiting: records nobody has decided on.
    """

    new: str
    checked: str
    concern: str
    retracted: str
    people: Mapping[str, int]
    uncounted: frozenset[str]
    cells: Mapping[str, tuple[str, Origin | None]]
    totals: str
    prisma: PrismaCounts
    waiting: int


def _table(review: Review) -> EvidenceTable:
    return evidence_table(review, view="outcomes", screened="include", sort="year")


def _people(table: EvidenceTable) -> dict[str, int]:
    return {row.citation: int(row.n_total) for row in table.rows()}


def _uncounted(table: EvidenceTable) -> frozenset[str]:
    return frozenset(row.citation for row in table.rows() if not row.counted)


def _waiting(review: Review) -> int:
    known = {row.record for row in review.screening}
    return sum(name not in known for name in review.records)


@cache
def _outcomes() -> dict[tuple[str, ...], Outcome]:
    """Every combination of decisions, computed once: a table takes longer than a movement may."""
    day = _days()[1]
    found: dict[tuple[str, ...], Outcome] = {}
    for choice in product((WAITING, SCREENED), (KEPT, CHANGED), (COUNTED, OUT), (STRUCK, EXCLUDED)):
        new, checked, concern, retracted = choice
        review = decided(day.review, new=new, checked=checked, concern=concern, retracted=retracted)
        table = _table(review)
        shown = table.winners()
        found[choice] = Outcome(
            *choice,
            people=_people(table),
            uncounted=_uncounted(table),
            cells={
                name: (str(shown["amber2015", name].text), shown["amber2015", name].origin)
                for name in ("n_total", "result", "primary_direction")
            },
            totals=str(table.totals),
            prisma=prisma_of(review, {}, [], day.found, day.entered),
            waiting=_waiting(review),
        )
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """The same of May, when nothing was left to decide."""

    people: Mapping[str, int]
    uncounted: frozenset[str]
    totals: str
    prisma: PrismaCounts
    waiting: int


@cache
def _before() -> Before:
    day = _days()[0]
    table = _table(day.review)
    flow = prisma_of(day.review, {}, [], day.found, day.entered)
    return Before(_people(table), _uncounted(table), str(table.totals), flow, _waiting(day.review))


class AfterDecisions(Panel):
    """The evidence table of May and of November, with the decisions that are left to the reviewer.

    >>> AfterDecisions(new=SCREENED).seen().partition(". ")[0]
    '7 studies (7 reports); 378 people in primary studies; 1 retracted, shown struck through and not counted'
    """

    name = "after"
    title = "What becomes of the table"
    notice = (
        "Begin with nothing decided. One study has already stopped counting, and one row contradicts itself. Then "
        "decide, one after the other, and watch the totals, the flow and the sentence for the methods."
    )
    find = "how many people the table counts when everything is decided and the cohort under concern is left out."
    limits = (
        f"{SYNTHETIC_WORDS} People are counted, not weighed: what a pooled result would do is a matter for lesson 7. "
        "Nobody voted record by record in this review, so how many were screened is “not recorded”, and not 0."
    )
    sources = (("Page MJ et al. PRISMA 2020. BMJ 2021;372:n71", "https://doi.org/10.1136/bmj.n71"),)
    controls = (
        Choice(
            key="new", label="The three new records", value=WAITING, options=(WAITING, SCREENED),
            about="Jasper 2026 (a trial), Kyanite 2026 (a review) and the retraction notice",
        ),
        Choice(
            key="checked", label="Checked values of Amber 2015", value=KEPT, options=(KEPT, CHANGED),
            about="The two values that have lost their quotes",
        ),
        Choice(
            key="concern", label="Dolomite 2018, under concern", value=COUNTED, options=(COUNTED, OUT),
            about="A cohort with an expression of concern",
        ),
        Choice(
            key="retracted", label="Basalt 2016, retracted", value=STRUCK, options=(STRUCK, EXCLUDED),
            about="What screening.csv says of it",
        ),
    )  # fmt: skip
    presets = (
        Preset("as the refresh left it", {}),
        Preset("everything decided", {"new": SCREENED, "checked": CHANGED, "retracted": EXCLUDED}),
    )

    def __init__(self, **settings: Any) -> None:
        self.flow = widgets.HTML()
        super().__init__(**settings)
        self.view.observe(lambda _: self._follow(), "svg")
        self._follow()

    def compute(self, now: Setting) -> Outcome:
        return _outcomes()[now.new, now.checked, now.concern, now.retracted]

    def words(self, result: Outcome) -> str:
        waits = f" {count_of(result.waiting, 'record waits', 'records wait')} to be screened." if result.waiting else ""
        torn = " Amber 2015 contradicts itself." if result.checked == KEPT else ""
        return f"{result.totals}. On {MAY}: {_before().totals}.{waits}{torn}"

    def draw(self, result: Outcome, before: Outcome | None, words: str) -> Picture:
        may = _before().people
        names = tuple(dict.fromkeys((*may, *result.people, "Jasper 2026")))
        counted = {name: people for name, people in result.people.items() if name not in result.uncounted}
        struck = {name: result.people[name] for name in result.people if name in result.uncounted}
        gone = {name: people for name, people in may.items() if name not in result.people}
        marks: list[Any] = [
            Points(
                list(may.values()),
                list(may),
                label=f"counted on {MAY}",
                ink="muted",
                shape="circle",
                sizes=8,
                hollow=True,
            )
        ]
        marks += [
            Line([may[name], people], [name] * 2, ink="muted", dash="3 3")
            for name, people in counted.items()
            if name in may and people != may[name]
        ]
        marks.append(Points(list(counted.values()), list(counted), label="counted now", series=0, shape="diamond"))
        if struck:
            marks.append(Points(list(struck.values()), list(struck), label="struck through", series=1, shape="cross"))
        if gone:
            marks.append(Points(list(gone.values()), list(gone), label="left out", series=3, shape="square"))
        if result.checked == KEPT:
            read = _CHANGED["n_randomised"][0]
            marks.append(Points([read], ["Amber 2015"], label="what its text says now", series=4, shape="triangle"))
        return draw(
            Axes(
                marks,
                Axis("People in the study", limits=(0, 120)),
                Axis(kind="names", names=names),
                height=27 * len(names),
            ),
            title="Who is counted, before and after",
            subtitle=f"SYNTHETIC. {result.totals}",
            description=words,
            note=_row_note(result),
        )

    def data(self, result: Outcome) -> pd.DataFrame:
        may = _before().people
        rows = [
            (name, may.get(name), result.people.get(name), name in result.people and name not in result.uncounted)
            for name in dict.fromkeys((*may, *result.people))
        ]
        frame = pd.DataFrame(rows, columns=["study", "people_in_may", "people_now", "counted_now"])
        return frame.astype({"people_in_may": "Int64", "people_now": "Int64"})

    def seen(self) -> str:
        """What the learner reads: the reading, the counts of the flow and the sentence for the methods."""
        return f"{super().seen()} {plain(self.flow.value)}"

    def _follow(self) -> None:
        self.flow.value = _flow(self._result)

    def widget(self) -> widgets.VBox:
        """All of it as one widget; always the same."""
        if self.box is None:
            box = super().widget()
            box.children = (*box.children[:-1], widgets.HTML(_STYLE), self.flow, box.children[-1])
        return self.box

    def twin(self) -> str:
        """The panel without a kernel, HTML."""
        return f"{_STYLE}{super().twin()}{self.flow.value}"


def _row_note(result: Outcome) -> str:
    names = {"n_total": "n", "result": "result", "primary_direction": "direction"}
    origins = {Origin.PERSON: "checked by a person"}
    cells = "; ".join(
        f"{names[name]} {text} ({origins.get(origin, 'read by program')})" if origin else f"{names[name]} {text}"
        for name, (text, origin) in result.cells.items()
    )
    return minus(f"The row of Amber 2015: {cells}.")


def _flow(result: Outcome) -> str:
    """Counts of the flow on both days, and the sentence for the methods, HTML."""
    before = _before()
    then, now = before.prisma, result.prisma
    rows = (
        ("Records identified by searches", then.databases.identified, now.databases.identified),
        ("Duplicates among them", then.databases.duplicates, now.databases.duplicates),
        ("Records without any decision", before.waiting, result.waiting),
        ("Studies included", then.studies, now.studies),
        ("… of these retracted, not counted", len(before.uncounted), len(result.uncounted)),
    )
    table = "".join(f'<tr><th scope="row">{name}</th><td>{one}</td><td>{other}</td></tr>' for name, one, other in rows)
    head = f'<tr><th scope="col">PRISMA 2020</th><th scope="col">{MAY}</th><th scope="col">now</th></tr>'
    return (
        f"<table>{head}{table}</table><p><strong>For the methods and results, to be copied:</strong></p>"
        f'<pre class="ket-prose">{escape(methods(result))}</pre>'
    )


def methods(result: Outcome) -> str:
    """What a reader of the review has to be told about the refresh, as text; its numbers come from the report."""
    first, second = (day.report for day in _days())
    names = " and ".join(f"“{search.name}”" for search in second.searches)
    lost = sum(not lost.gone for search in second.searches for lost in search.lost)
    new = len(second.of(Kind.NEW))
    sentences = [
        f"PubMed was searched on {_spoken(first.at)} and again on {_spoken(second.at)} with the saved searches "
        f"{names}, and every known record was read again ({second.counts.asked} asked for, "
        f"{second.counts.returned} returned)",
        f"{new} records were new: "
        + (
            "1 was included; 1 review and 1 retraction notice were left out"
            if result.new == SCREENED
            else "they have not been screened yet"
        ),
        f"{count_of(len(second.of(Kind.RETRACTED)), 'included study was', 'included studies were')} retracted and "
        + ("left out" if result.retracted == EXCLUDED else "is shown, but not counted"),
        f"{count_of(len(second.of(Kind.CONCERN)), 'included study has', 'included studies have')} an expression of "
        f"concern and was {'left out' if result.concern == OUT else 'counted'}",
        f"{count_of(len(second.of(Kind.CHECKED_TEXT)), 'abstract')} changed under checked values, which were "
        + (
            f"held against the new text on {_spoken(_DECIDED)}: two were changed, one was kept"
            if result.checked == CHANGED
            else "not yet decided on"
        ),
        f"{count_of(len(second.of(Kind.CORRECTED)), 'included study has', 'included studies have')} an erratum, and "
        f"{count_of(len(second.of(Kind.SUPERSEDED)), 'undecided review')} a newer version",
        f"{count_of(len(second.of(Kind.GONE)), 'record')} had gone from PubMed and was kept",
        f"One query was read in another way than before and lost {count_of(lost, 'known record')}, which was kept",
        f"Counted are {result.totals}",
    ]
    return ". ".join(sentences) + "."


def _spoken(when: str) -> str:
    months = {"05": "May", "11": "November"}
    return f"{int(when[8:10])} {months[when[5:7]]} {when[:4]}"


# --- a review of one's own --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """What a refresh of a review asks NCBI, when nothing changed and no request has to be repeated.

    Attributes:
        databases: requests for the state of a database, one for each that is searched.
        searches: one request each, for up to 9,999 hits.
        records: that are read again, by PMID; `batches` of 500.
        nameless: records without a PMID, which cannot be asked for.
    """

    databases: int
    searches: int
    records: int
    nameless: int

    @property
    def batches(self) -> int:
        """Requests for the records."""
        return -(-self.records // BATCH)

    @property
    def requests(self) -> int:
        """All requests."""
        return self.databases + self.searches + self.batches


def cost(folder: Path | str) -> Cost:
    """What a refresh of a review would ask. Nothing is sent, and nothing is written.

    Raises:
        InputError: the folder is no review.

    >>> cost(SYNTHETIC).requests
    4
    """
    review = load_review(folder)
    with Library.open(Path(folder) / FILE) as library:
        past = {pmid for search in library.searches() if search.database == "pubmed" for pmid in search.ids}
    known = {name for name in review.names if name.startswith("PMID:")} | {f"PMID:{pmid}" for pmid in past}
    return Cost(
        databases=len({search.database for search in review.searches}),
        searches=len(review.searches),
        records=len(known),
        nameless=sum(not record.pmid for record in review.records.values()),
    )


class YourReview(Shown):
    """What a refresh of a review would ask NCBI, and the commands to run. No network is used.

    Args:
        folder: a review; default: the one that the lessons work on (`ketalit lab --review DIR`).

    In code: `mine.seen()`.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder) if folder else chosen_folder()
        self.told = widgets.HTML(self._say())
        self.box: Any = None

    def seen(self) -> str:
        """What the learner reads."""
        return plain(self.told.value)

    def _say(self) -> str:
        try:
            return _your_review(self.folder)
        except InputError as error:
            return f'<p role="status"><strong>This review cannot be read.</strong> {escape(str(error))}</p>'

    def widget(self) -> widgets.VBox:
        """It as one widget; always the same."""
        if self.box is None:
            self.box = boxed([widgets.HTML(f"{_STYLE}<h3>A review of your own</h3>"), self.told])
        return self.box

    def twin(self) -> str:
        """The sentence and the commands, HTML."""
        return f"{_STYLE}<h3>A review of your own</h3>{self.told.value}"

    def __repr__(self) -> str:
        return f"A review of your own. {self.seen()}"


def _your_review(folder: Path) -> str:
    asks = cost(folder)
    review = load_review(folder)
    last = last_report(folder)
    broken = unfinished_since(folder)
    bundled = folder.resolve() == Path(BUNDLED).resolve()
    state = f"last refreshed on {last.at[:10]}" if last else "never refreshed"
    state += f"; a refresh that began on {broken[:10]} was not finished" if broken else ""
    parts = [
        f"{asks.databases} for the state of the database" if asks.databases else "",
        f"{count_of(asks.searches, 'search', 'searches')}",
        f"{asks.batches} for {count_of(asks.records, 'record')}",
    ]
    some = [
        f"{count_of(asks.nameless, 'record has', 'records have')} no PMID and cannot be asked for."
        if asks.nameless
        else "",
        "Without a saved search nothing new can be found: only the known records are read again."
        if not asks.searches
        else "New hits may add a request, and a search of more than 9,999 hits is cut into parts.",
    ]
    name = "my-review" if bundled else shlex.quote(str(folder))
    steps = [
        ("A copy of the bundled review, to be edited", "ketalit new my-review") if bundled else None,
        None if asks.searches else ("A search, to be repeated", f'ketalit search "…" --save broad -r {name}'),
        ("Ask and report, write nothing", f"ketalit refresh {name} --dry-run"),
        ("The same, and keep what came", f"ketalit refresh {name} --to report.html"),
        ("Screen the new records", f"ketalit screen --as AB -r {name}"),
        ("Go through a record that has lost quotes", f"ketalit extract record KEY --as AB -r {name}"),
        ("Make the table and the flow diagram again", f"ketalit table -r {name} --to evidence.html\n"
         f"ketalit prisma -r {name} --to flow.svg"),
    ]  # fmt: skip
    listed = "".join(f"<li>{words}:<pre>{escape(code)}</pre></li>" for words, code in filter(None, steps))
    return (
        f'<p role="status"><strong>{escape(review.title)}:</strong> {state}. A dry run would send '
        f"<strong>{count_of(asks.requests, 'request')}</strong> to NCBI ({', '.join(filter(None, parts))}); to say "
        f"this, none was sent.</p><p>{escape(' '.join(filter(None, some)))}</p><p>To be copied into a terminal; a "
        f'refresh leaves with exit code 4 when somebody must look.</p><ol class="ket-steps">{listed}</ol>'
    )
