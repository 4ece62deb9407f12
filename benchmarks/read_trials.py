"""Groups, comparator, size and direction on 120 more abstracts, labelled by two readers apart (`labels/trials.csv`).

60 are randomised trials of `medline_dev.nbib`, 60 are works of `corpus_ketamine_pain.jsonl` that mention NLM's tag for
them and are not in the bundled review (reviews among them), drawn with a seed. The labels were made after the rules
had been written; errors were then read on the development half only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ketalit.records.medline import iter_medline

from . import corpus
from .reading import HALVES, LABELLED, SAME, Row, Score, confusion, findings_of, half

LABELS = Path(__file__).resolve().parent / "labels" / "trials.csv"
FIELDS = ("arms", "comparator", "primary_direction", "n_total", "followup")


def trials() -> Iterator[Row]:
    """The labelled rows with their records."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = {row["pmid"]: row for row in csv.DictReader(file)}
    records = {record.pmid: record for record in corpus.records(corpus.KETAMINE_AND_PAIN)}
    with (LABELLED / "medline_dev.nbib").open("rb") as file:
        records |= {record.pmid: record for record in iter_medline(file) if record.pmid in rows}
    for pmid, row in rows.items():
        yield row, records[pmid]


def score(name: str) -> dict[str, Score]:
    """Scores on a half; rows where both readers agree."""
    scores = {field: Score() for field in FIELDS}
    for row, record in trials():
        if name not in (half(row["pmid"]), "both"):
            continue
        found = findings_of(record)
        for field in FIELDS:
            wanted, other = row[f"{field}_a"], row[f"{field}_b"]
            got = "" if found[field].value is None else str(found[field].value)
            same = SAME.get(field, str.__eq__)
            if same(wanted, other):
                scores[field].add(wanted, got, right=same(wanted, got))
    return scores


def measure() -> str:
    """Scores as Markdown."""
    lines = [
        "## Trials labelled afterwards\n",
        "| field | half | agreed rows | people gave a value | right there | answered | precision |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in HALVES:
        scores = score(name)
        lines += [
            f"| {field} | {name} | {one.rows} | {one.filled} | {one.on_filled:.1%} | {one.answered} "
            f"| {one.precision:.1%} |"
            for field, one in scores.items()
        ]
    lines += ["\n" + confusion(scores["primary_direction"]), "\n" + confusion(scores["comparator"])]
    return "\n".join(lines)
