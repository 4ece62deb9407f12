"""How many, in how many groups, against what, on whom and how blinded: the reader beside two people's labels.

Each field is scored on the abstracts of `abstracts_gold.csv` whose two readers agree on it, on both halves of the set:
one in which errors were read while the rules were written, one that was only measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from .reading import LABELLED, Score, findings_of, gold

FIELDS = (
    "n_total",
    "n_analysed",
    "n_studies",
    "arms",
    "comparator",
    "setting",
    "blinding",
)


def developed_on(identifier: str) -> bool:
    """Whether a labelled article is of the half in which errors were read.

    >>> developed_on("PMC1"), developed_on("PMC4")
    (True, False)
    """
    return hashlib.sha1(identifier.encode()).digest()[0] % 2 == 0


def score(answers: Iterable[tuple[dict[str, str], dict[str, str]]], name: str) -> Score:
    """Agreement on one field over pairs of a labelled row and what the reader says of it."""
    result = Score()
    for row, found in answers:
        wanted = row[f"{name}_a"]
        if wanted == row[f"{name}_b"]:
            result.add(wanted, found[name], right=found[name] == wanted)
    return result


def measure() -> str:
    """A Markdown section: on each half and on all, right where the people gave a value, coverage and precision."""
    lines = ["## Size, arms, comparator, setting and blinding", ""]
    if not LABELLED.is_dir():
        return "\n".join([*lines, "The labelled material is not beside the project: nothing to measure.", ""])
    answers = []
    for row, record in gold():
        found = findings_of(record)
        told = {name: "" if found[name].value is None else str(found[name].value) for name in FIELDS}
        answers.append((row, told))
    halves = {
        "developed on": [answer for answer in answers if developed_on(answer[0]["id"])],
        "held out": [answer for answer in answers if not developed_on(answer[0]["id"])],
        "all": answers,
    }
    lines += [
        "| field | half | agreed rows | right | people gave a value | right there | answered there | precision |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in FIELDS:
        for half, some in halves.items():
            result = score(some, name)
            covered = sum(count for (wanted, got), count in result.pairs.items() if "(none)" not in (wanted, got))
            lines.append(
                f"| {name} | {half} | {result.rows} | {result.accuracy:.1%} | {result.filled} "
                f"| {result.on_filled:.1%} | {covered / max(1, result.filled):.1%} | {result.precision:.1%} |"
            )
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(measure())
