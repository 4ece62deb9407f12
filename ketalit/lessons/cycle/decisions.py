"""What a reviewer may decide on three checked values whose text changed, and what each decision leaves in the files."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ...refresh.demo import SYNTHETIC
from ...refresh.report import CheckedValue
from ...review import Extraction

DECIDED = "2026-11-02"  # the day after
WHO = "AB"

CHANGED_VALUES: Mapping[str, tuple[Any, str]] = {
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
QUESTIONS: Mapping[str, tuple[str, Sequence[tuple[str, bool, str]]]] = {
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


def logged(value: CheckedValue, decision: str) -> str:
    """The line of extraction.csv before and after a decision, HTML."""
    lines = (SYNTHETIC / "extraction.csv").read_text(encoding="utf-8").splitlines()
    before = lines[value.line - 1]
    names, (cells,) = lines[0].split(","), csv.reader([before])
    row = dict(zip(names, cells, strict=True))
    if decision in {KEEP_NOTED, KEEP_READ}:
        row["note"] = f"{row['note']}; {DECIDED} {WHO}: {_KEPT[decision]}"
    else:
        changed, quote = CHANGED_VALUES[value.field]
        row |= {"value": str(changed), "quote": quote, "who": WHO, "when": DECIDED, "note": _noted(value.field)}
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
    if row.finding.field not in CHANGED_VALUES:
        return row
    value, quote = CHANGED_VALUES[row.finding.field]
    note = _noted(row.finding.field)
    finding = dataclasses.replace(row.finding, value=value, quote=quote, who=WHO, when=DECIDED, note=note)
    return dataclasses.replace(row, finding=finding)
