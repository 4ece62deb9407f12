"""Accuracy of the reader on labelled records (`python -m benchmarks.reading`), as Markdown; and its speed.

Two sets, each scored on title and abstract alone:
- abstracts_gold.csv: 154 articles read by two people. A row counts for a field only where the two agree.
- medline_dev.nbib: 451 MEDLINE records; randomised or not, with NLM's publication types hidden from the reader.

Each set is split by a hash of the record's identifier: on the development half errors may be read while rules are
written, on the held-out half they are only counted. Both are reported.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ketalit.findings import Finding, Value
from ketalit.reading import read_record
from ketalit.reading.normal import normalise
from ketalit.reading.outcome import hours
from ketalit.records.jats import read_jats
from ketalit.records.medline import iter_medline
from ketalit.records.model import Record
from ketalit.records.pubmed import iter_pubmed
from ketalit.vocabulary import RANDOMISED_DESIGNS

from .measuring import SHARED, Bound, Report, Share, spread, table, turns, unavailable

LABELLED = SHARED / "labelled"
EXACT = (
    "design",
    "randomised",
    "blinding",
    "comparator",
    "n_total",
    "n_analysed",
    "n_studies",
    "arms",
    "setting",
    "primary_direction",
)
ALIKE = ("followup", "dose", "primary_outcome")
_GOLD_NAME = {"dose": "ketamine_dose"}
HALVES = ("development", "held out", "both")
Row = tuple[dict[str, str], Record]


def half(identifier: str) -> str:
    """The half of its set that a record is in.

    >>> half("1"), half("2")
    ('held out', 'development')
    """
    return HALVES[hashlib.sha1(identifier.encode(), usedforsecurity=False).digest()[0] % 2]


def of_half(rows: Iterable[Row], name: str) -> list[Row]:
    """The rows of a half; of both, all."""
    return [row for row in rows if name in (half(row[0]["id"]), "both")]


@dataclass
class Score:
    """Counts for one field. `filled`: rows where the readers gave a value; `answered`: rows where ours did."""

    rows: int = 0
    right: int = 0
    filled: int = 0
    filled_right: int = 0
    answered: int = 0
    answered_right: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, wanted: str, got: str, *, right: bool) -> None:
        """Count one row."""
        self.rows += 1
        self.right += right
        self.filled += bool(wanted)
        self.filled_right += bool(wanted) and right
        self.answered += bool(got)
        self.answered_right += bool(got) and right
        self.pairs[wanted or "(none)", got or "(none)"] += 1

    @property
    def accuracy(self) -> float:
        """Share of all agreed rows that are right, an empty cell being right where the readers left it empty."""
        return self.right / self.rows if self.rows else 0.0

    @property
    def on_filled(self) -> float:
        """Share right among rows where the readers gave a value; silence counts as wrong."""
        return self.filled_right / self.filled if self.filled else 0.0

    @property
    def precision(self) -> float:
        """Share right among rows where ours gave a value."""
        return self.answered_right / self.answered if self.answered else 0.0

    @property
    def coverage(self) -> float:
        """Share of rows in which ours gave a value."""
        return self.answered / self.rows if self.rows else 0.0

    def classes(self) -> dict[str, tuple[int, float, float, float]]:
        """Rows, precision, recall and F1 of each value the readers gave, the commonest first."""
        wanted, got = Counter[str](), Counter[str]()
        for (one, other), count in self.pairs.items():
            wanted[one] += count
            got[other] += count
        return {
            name: (
                count,
                self.pairs[name, name] / max(1, got[name]),
                self.pairs[name, name] / count,
                2 * self.pairs[name, name] / (count + got[name]),
            )
            for name, count in sorted(wanted.items(), key=lambda item: (-item[1], item[0]))
        }

    def macro_f1(self, at_least: int = 1) -> tuple[float, int]:
        """Mean F1 over the values with that many rows, and how many values these are."""
        scores = [f1 for rows, _, _, f1 in self.classes().values() if rows >= at_least]
        return (sum(scores) / len(scores) if scores else 0.0), len(scores)


def gold() -> Iterator[Row]:
    """The labelled rows with their records."""
    with (LABELLED / "abstracts_gold.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row, read_jats(LABELLED / "jats" / f"{row['id']}.nxml")[0]


def findings_of(record: Record) -> dict[str, Finding]:
    """The reader's findings in title and abstract, by field."""
    return {finding.field: finding for finding in read_record(record, abstract_only=True)}


def score_gold(rows: list[Row]) -> dict[str, Score]:
    """Scores of every field on the agreed rows; for free text, on rows where either reader wrote something."""
    scores = {name: Score() for name in (*EXACT, *ALIKE)}
    for row, record in rows:
        found = findings_of(record)
        for name in EXACT:
            wanted, second = row[f"{name}_a"], row[f"{name}_b"]
            if wanted == second:
                got = _text(found[name].value)
                scores[name].add(wanted, got, right=got == wanted)
        for name in ALIKE:
            column = _GOLD_NAME.get(name, name)
            answers = row[f"{column}_a"], row[f"{column}_b"]
            got = _text(found[name].value)
            same = SAME[name]
            if same(answers[0], answers[1]):
                scores[name].add(answers[0], got, right=same(answers[0], got) or same(answers[1], got))
    return scores


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _same_time(one: str, other: str) -> bool:
    """Whether two spans of time are within a tenth of each other."""
    first, second = hours(normalise(one).text), hours(normalise(other).text)
    return one == other if not (first and second) else abs(first - second) <= 0.1 * first


def _same_dose(one: str, other: str) -> bool:
    """Whether two doses hold the same numbers."""
    return set(re.findall(r"\d+\.?\d*", one)) == set(re.findall(r"\d+\.?\d*", other))


def _same_outcome(one: str, other: str) -> bool:
    """Whether two outcomes share half the words of the shorter."""
    first, second = ({word[:5] for word in re.findall(r"[a-z]{3,}", text.lower())} for text in (one, other))
    if not (first and second):
        return one == other
    return len(first & second) >= 0.5 * min(len(first), len(second))


SAME: dict[str, Callable[[str, str], bool]] = {
    "followup": _same_time,
    "dose": _same_dose,
    "primary_outcome": _same_outcome,
}


@dataclass
class Detection:
    """Counts of a yes-or-no question."""

    hits: int = 0
    false_alarms: int = 0
    misses: int = 0
    rejections: int = 0

    def add(self, *, wanted: bool, got: bool) -> None:
        """Count one row."""
        self.hits += wanted and got
        self.false_alarms += got and not wanted
        self.misses += wanted and not got
        self.rejections += not wanted and not got

    @property
    def sensitivity(self) -> float:
        """Share of the randomised that were found."""
        return self.hits / max(1, self.hits + self.misses)

    @property
    def specificity(self) -> float:
        """Share of the others that were left alone."""
        return self.rejections / max(1, self.rejections + self.false_alarms)


def is_randomised(findings: dict[str, Finding]) -> bool:
    """Whether the reader calls a record a randomised trial."""
    return findings["design"].value in RANDOMISED_DESIGNS


def score_medline(name: str = "both", *, mesh: bool = True) -> Detection:
    """Randomised or not on a half of the MEDLINE records, publication types hidden, and MeSH too where so asked."""
    detection = Detection()
    with (LABELLED / "medline_dev.nbib").open("rb") as file:
        for record in iter_medline(file):
            if name not in (half(record.pmid), "both"):
                continue
            types = {term.name for term in record.publication_types}
            hidden = replace(record, publication_types=(), mesh=record.mesh if mesh else ())
            detection.add(
                wanted="Randomized Controlled Trial" in types,
                got=is_randomised(findings_of(hidden)),
            )
    return detection


def detection_on_gold(rows: list[Row]) -> Detection:
    """Randomised trial or not on the gold rows whose design both readers agree on."""
    detection = Detection()
    wanted = {str(design) for design in RANDOMISED_DESIGNS}
    for row, record in rows:
        if row["design_a"] == row["design_b"]:
            detection.add(wanted=row["design_a"] in wanted, got=is_randomised(findings_of(record)))
    return detection


def design_section(rows: list[Row]) -> str:
    """Accuracy, macro-F1 and coverage of the design on each half, and each design's own scores."""
    lines = [
        "## Design, rows on which the two readers agree\n",
        "Macro-F1 is over the designs with at least 5 rows (how many these are in brackets), and over all.\n",
        "| half | rows | accuracy | macro-F1, 5 rows or more | macro-F1, all | coverage | precision where answered |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in HALVES:
        score = score_gold(of_half(rows, name))["design"]
        (large, count), (every, all_count) = score.macro_f1(5), score.macro_f1()
        lines.append(
            f"| {name} | {score.rows} | {score.accuracy:.1%} | {large:.3f} ({count}) | {every:.3f} ({all_count}) "
            f"| {score.coverage:.1%} | {score.precision:.1%} |"
        )
    lines += ["\n| design | rows | precision | recall | F1 |", "|---|---|---|---|---|"]
    lines += [
        f"| {design} | {count} | {precision:.2f} | {recall:.2f} | {f1:.2f} |"
        for design, (count, precision, recall, f1) in score.classes().items()
    ]
    return "\n".join(lines)


def randomised_section(rows: list[Row]) -> str:
    """Randomised trial or not, on each half of each set."""
    lines = [
        "## Randomised trial or not\n",
        "Hits and misses are of randomised trials; false alarms are other works called one.\n",
        "| set | half | n | sensitivity | specificity | hits | misses | false alarms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in HALVES:
        for title, found in (
            ("abstracts_gold", detection_on_gold(of_half(rows, name))),
            ("medline_dev, publication types hidden", score_medline(name)),
            ("medline_dev, publication types and MeSH hidden", score_medline(name, mesh=False)),
        ):
            total = found.hits + found.misses + found.false_alarms + found.rejections
            lines.append(
                f"| {title} | {name} | {total} | {found.sensitivity:.1%} | {found.specificity:.1%} "
                f"| {found.hits} | {found.misses} | {found.false_alarms} |"
            )
    return "\n".join(lines)


def confusion(score: Score) -> str:
    """Confusions of one field as a Markdown table: readers in rows, ours in columns."""
    wanted = sorted({pair[0] for pair in score.pairs})
    got = sorted({pair[1] for pair in score.pairs})
    lines = ["| readers \\ ours | " + " | ".join(got) + " |", "|---" * (len(got) + 1) + "|"]
    lines += [
        f"| {row} | " + " | ".join(str(score.pairs[row, column] or "·") for column in got) + " |" for row in wanted
    ]
    return "\n".join(lines)


def shares(rows: list[Row]) -> list[Share]:
    """What was right, on the half that the rules were written on and on the other."""
    from benchmarks import read_dose, read_question, read_tables, read_trials

    halves = HALVES[:2]
    found: list[Share] = []

    def add(what: str, counts: Sequence[tuple[float, int]], wanted: float | None = None) -> None:
        (written, count), (held, other) = counts
        found.append(Share(what, written, count, held, other, wanted))

    scores = [score_gold(of_half(rows, half)) for half in halves]
    on_gold = [detection_on_gold(of_half(rows, half)) for half in halves]
    on_medline = [score_medline(half) for half in halves]
    later = [read_trials.score(half) for half in halves]
    asked = [[one for one in read_question.results() if one.prompt.held_out == held] for held in (False, True)]
    judged = [(read_dose.developed_on(case.identifier), read_dose.judge(case)) for case in read_dose.cases()]
    doses = [
        [one["amount, unit and basis"] for even, one in judged if even == written and one["amount, unit and basis"][0]]
        for written in (True, False)
    ]
    _, tables, _ = read_tables.shapes()

    add("design, 24 classes", [(one["design"].accuracy, one["design"].rows) for one in scores], 0.93)
    for title, both, wanted in (("hard negatives", on_gold, 0.90), ("451 MEDLINE records", on_medline, 0.96)):
        trials = [(one.sensitivity, one.hits + one.misses) for one in both]
        others = [(one.specificity, one.rejections + one.false_alarms) for one in both]
        add(f"randomised trials found, {title}", trials, 0.97)
        add(f"other works left alone, {title}", others, wanted)
    for name, what, wanted in (
        ("n_total", "number of people, where a reader found one", 0.95),
        ("primary_direction", "direction of the primary outcome, silence counted as wrong", 0.85),
        ("comparator", "comparator", None),
        ("arms", "arms", None),
        ("blinding", "blinding", None),
        ("setting", "setting", None),
    ):
        add(what, [(one[name].on_filled, one[name].filled) for one in scores], wanted)
    for name, what in (("primary_direction", "direction"), ("n_total", "number of people")):
        older = f"{what}, 120 older abstracts labelled after the rules were written"
        add(older, [(one[name].on_filled, one[name].filled) for one in later])
    question = "direction for a question one asks of a full text"
    add(question, [(read_question.accuracy(one), len(one)) for one in asked], 0.75)
    add(
        "dose of ketamine: amount, unit and basis",
        [(sum(right for *_, right in one) / len(one), len(one)) for one in doses],
        0.90,
    )
    add("quotes that reproduce at their offsets", [(_reproduced(one), len(one)) for one in asked], 1.0)
    add(
        "tables of full texts in the right shape, all seen by eye",
        [(sum(one) / len(one), len(one)) for one in tables.values()],
        0.97,
    )
    return found


def _reproduced(found: Sequence[Any]) -> float:
    from benchmarks import read_question

    return sum(map(read_question.reproduces, found)) / len(found)


def speed(report: Report, labelled: list[Record], rounds: int = 5) -> None:
    """Note how long all findings of title and abstract take: of the labelled articles, and beside parsing a record."""
    from benchmarks.parsing import HEAD, TAIL, bio_entrez, recorded_records

    light = [raw for raw in recorded_records() if b"<AbstractText" in raw and b"<ReferenceList" not in raw][:300]
    body = HEAD + b"\n".join(light) + TAIL
    records = list(iter_pubmed(body))
    spent = turns(
        {
            "labelled": lambda: [*map(findings_of, labelled)],
            "recorded": lambda: [*map(findings_of, records)],
            "parsing": lambda: bio_entrez(body),
        },
        rounds,
    )
    peer = "parsing the same record, Bio.Entrez.read"
    report.ratio("all findings of an abstract", peer, spent["recorded"], spent["parsing"])
    rate = len(labelled) / spread(spent["labelled"]).median
    report.bounds.append(Bound("all findings of the labelled abstracts", rate, "a CPU second", 1000, least=True))


def main() -> None:
    """Print everything, and keep it in benchmarks/results."""
    from benchmarks import (
        read_direction,
        read_dose,
        read_question,
        read_randomised,
        read_review,
        read_size,
        read_tables,
        read_trials,
    )

    if not LABELLED.is_dir():
        unavailable("the labelled material is not beside the project (../shared)")
    report = Report("reading", "Reading studies", __doc__.split("\n\n", 1)[1].strip())
    rows = list(gold())
    scores = score_gold(rows)
    report.shares += shares(rows)
    head = ["field", "rows", "right", "right where filled", "precision where answered", "answered"]
    fields = [
        [
            name,
            score.rows,
            f"{score.accuracy:.1%}",
            f"{score.on_filled:.1%} ({score.filled})",
            f"{score.precision:.1%}",
            f"{score.coverage:.0%}",
        ]
        for name, score in scores.items()
    ]
    report.say("## abstracts_gold.csv, rows on which the two readers agree", table(head, fields))
    report.say(design_section(rows), randomised_section(rows))
    for name in ("design", "blinding", "comparator", "setting", "primary_direction"):
        report.say(f"## Confusions: {name}", confusion(scores[name]))
    for module in (
        read_randomised,
        read_size,
        read_direction,
        read_question,
        read_dose,
        read_tables,
        read_trials,
        read_review,
    ):
        report.say(module.measure().strip())
    speed(report, [record for _, record in rows])
    report.write()


if __name__ == "__main__":
    main()
