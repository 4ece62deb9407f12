"""Tables of full texts: the grid against what a person saw, table by table; and the groups that tables head.

`labels/jats_tables.csv` lists 100 tables with rows, columns and header rows as counted by eye: each was rendered
from its raw XML in a browser, beside our grid. A drawn rule or a blank spacer is not a row. `first_seen` says how the
grid was when the table was first looked at. The tables are drawn by `drawn` from all that hold cells (those that are
only a picture have nothing to count). To count by eye is to look at them: for the shape neither half is unseen.

The groups (`reading.tables`) are scored on the trials of `abstracts_gold.csv` whose two readers agree; where they give
no number analysed, the table's sum is held against the number of subjects.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ketalit.errors import InputError
from ketalit.reading.tables import read_tables
from ketalit.records.jats import read_jats
from ketalit.records.model import Record, Table

from .measuring import SHARED

LABELS = Path(__file__).parent / "labels" / "jats_tables.csv"
FOLDERS = ("labelled/jats", "labelled/outcomes/jats", "recorded/pmc_jats")
SEED = 4
HALVES = ("developed on", "held out")


@cache
def _records(file: Path) -> tuple[Record, ...]:
    """Articles of a file; none where the file is XML of another kind."""
    try:
        return tuple(read_jats(file, problems=[]))
    except InputError:
        return ()


def everything() -> Iterator[tuple[str, str, Table]]:
    """Every table with cells, once per article: file (below the shared folder), article, table."""
    seen: set[str] = set()
    paths = (path for folder in FOLDERS for path in (SHARED / folder).rglob("*") if path.suffix in (".xml", ".nxml"))
    for path in sorted(paths):
        for record in _records(path):
            article = record.pmcid or record.pmid or record.doi
            if article in seen or record.full_text is None:
                seen.add(article)
                continue
            seen.add(article)
            for table in record.full_text.tables:
                if table.grid:
                    yield str(path.relative_to(SHARED)), article, table


def drawn() -> list[tuple[str, str, Table]]:
    """The 100 tables that the list of labels holds, in its order."""
    tables = sorted(everything(), key=lambda found: (found[0], found[2].locator))
    return random.Random(SEED).sample(tables, 100)


def shape(table: Table) -> tuple[int, int, int]:
    """Rows, columns and header rows of a table.

    >>> shape(Table(locator="table1", grid=(("arm", "n"), ("ketamine", "30")), header_rows=1))
    (2, 2, 1)
    """
    return len(table.grid), max(map(len, table.grid), default=0), table.header_rows


def shapes() -> tuple[dict[str, list[bool]], dict[str, list[bool]], list[str]]:
    """By half, whether each labelled table has the shape a person saw: when first seen, and now; what is wrong now."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    right: dict[str, list[bool]] = {half: [] for half in HALVES}
    before: dict[str, list[bool]] = {half: [] for half in HALVES}
    wrong = []
    for row in rows:
        wanted = (int(row["rows"]), int(row["columns"]), int(row["header_rows"]))
        tables = [t for record in _records(SHARED / row["file"]) if record.full_text for t in record.full_text.tables]
        found = next((shape(table) for table in tables if table.locator == row["table"]), (0, 0, 0))
        half = _half(row["article"])
        right[half].append(found == wanted)
        before[half].append(row["first_seen"] == "right")
        if found != wanted:
            wrong.append(f"- {row['file']} {row['table']}: by eye {wanted}, ours {found}. {row['wrong_at_first']}")
    return before, right, wrong


def measure() -> str:
    """A Markdown section: how many of the labelled tables have the shape a person saw, and what is wrong."""
    lines = ["## Tables of full texts", ""]
    if not SHARED.is_dir():
        return "\n".join([*lines, "The labelled material is not beside the project: nothing to measure.", ""])
    before, right, wrong = shapes()
    lines += ["| articles | tables | right when first seen | right now |", "|---|---|---|---|"]
    for half, found_right in right.items():
        total = len(found_right)
        lines.append(f"| {half} | {total} | {sum(before[half])} | {sum(found_right)} |")
    total = sum(map(len, right.values()))
    lines.append(f"| all | {total} | {sum(map(sum, before.values()))} | {sum(map(sum, right.values()))} |")
    lines += ["", "Shape is rows, columns and header rows, all three right.", "", *wrong, "", *_groups(), ""]
    return "\n".join(lines)


def _half(article: str) -> str:
    return HALVES[hashlib.sha1(article.encode()).digest()[0] % 2]


def _groups() -> Iterator[str]:
    """Rows of a table: groups and their sum in trials with tables that hold cells."""
    counts: Counter[tuple[str, str, str]] = Counter()
    with (SHARED / "labelled" / "abstracts_gold.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["design_a"] == row["design_b"]]
    for row in rows:
        design, path = row["design_a"], SHARED / "labelled" / "jats" / f"{row['id']}.nxml"
        records = _records(path) if path.is_file() and ("RCT" in design or "trial" in design) else ()
        for record in records:
            if record.full_text is None or not any(table.grid for table in record.full_text.tables):
                continue
            found = {finding.field: finding.value for finding in read_tables(record)}
            for name in ("arms", "n_analysed"):
                a, b = (row[f"{name}_{who}"] or row.get(f"n_total_{who}", "") for who in "ab")
                if a != b or not a or (name == "n_analysed" and "crossover" in design):
                    continue
                told = "silent" if name not in found else "right" if str(found[name]) == a else "wrong"
                counts[name, _half(row["id"]), told] += 1
    yield from ("| groups in tables | articles | trials | answered | right |", "|---|---|---|---|---|")
    for name in ("arms", "n_analysed"):
        for half in HALVES:
            right, wrong, silent = (counts[name, half, told] for told in ("right", "wrong", "silent"))
            yield f"| {name} | {half} | {right + wrong + silent} | {right + wrong} | {right} |"


if __name__ == "__main__":
    print(measure())
