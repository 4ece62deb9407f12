"""Direction of the primary outcome, primary outcome and follow-up against two readers (`measure`), both halves.

The articles are split by a hash of their identifier: on the development half errors may be read, the held-out half is
only counted.
"""

from __future__ import annotations

import hashlib

from benchmarks.reading import LABELLED, SAME, Score, _text, confusion, findings_of, gold
from ketalit.findings import Finding

HALVES = ("development", "held out")
FREE = ("primary_outcome", "followup")  # compared as `benchmarks.reading` does
Read = list[tuple[dict[str, str], dict[str, Finding]]]


def half_of(identifier: str) -> str:
    """The half that an article belongs to."""
    return HALVES[hashlib.sha1(identifier.encode()).digest()[0] % 2]


def score_direction(read: Read) -> Score:
    """Direction on the rows on which the two readers agree."""
    score = Score()
    for row, found in read:
        wanted, second = row["primary_direction_a"], row["primary_direction_b"]
        if wanted == second:
            got = _text(found["primary_direction"].value)
            score.add(wanted, got, right=got == wanted)
    return score


def score_free(read: Read, name: str) -> Score:
    """A finding in free words on the rows on which the two readers say the same."""
    score, same = Score(), SAME[name]
    for row, found in read:
        first, second, got = row[f"{name}_a"], row[f"{name}_b"], _text(found[name].value)
        if same(first, second):
            score.add(first, got, right=same(first, got) or same(second, got))
    return score


def by_confidence(read: Read) -> dict[str, tuple[int, int]]:
    """Answers and right answers by how sure the reader was, on agreed rows."""
    counts: dict[str, tuple[int, int]] = {}
    for row, found in read:
        answer = found["primary_direction"]
        if row["primary_direction_a"] == row["primary_direction_b"] and answer.value is not None:
            rows, right = counts.get(str(answer.confidence), (0, 0))
            counts[str(answer.confidence)] = rows + 1, right + (answer.value == row["primary_direction_a"])
    return counts


def _line(title: str, score: Score) -> str:
    answered = sum(count for (wanted, got), count in score.pairs.items() if wanted != "(none)" and got != "(none)")
    return (
        f"| {title} | {score.rows} | {score.accuracy:.1%} | {score.on_filled:.1%} ({score.filled}) "
        f"| {answered / max(1, score.filled):.0%} | {score.precision:.1%} ({score.answered}) |"
    )


def measure() -> str:
    """A section of the report, in Markdown."""
    if not LABELLED.is_dir():
        return "The labelled material is not beside the project: nothing to measure."
    read: Read = [(row, findings_of(record)) for row, record in gold()]
    parts = {half: [one for one in read if half_of(one[0]["id"]) == half] for half in HALVES}
    lines = [
        "## Direction of the primary outcome (abstracts_gold.csv)",
        "",
        "Right where filled counts silence as wrong; coverage is the share of filled rows that were answered.",
        "",
        "| rows | agreed | right | right where filled | coverage | precision where answered |",
        "|---|---|---|---|---|---|",
        _line("all", score_direction(read)),
        *(_line(half, score_direction(part)) for half, part in parts.items()),
        "",
        confusion(score_direction(read)),
        "",
        "| how sure | answers | right |",
        "|---|---|---|",
        *(f"| {sure} | {rows} | {right / rows:.1%} |" for sure, (rows, right) in sorted(by_confidence(read).items())),
        "",
        "## Primary outcome and follow-up",
        "",
        "| finding | agreed | right | right where filled | coverage | precision where answered |",
        "|---|---|---|---|---|---|",
    ]
    for name in FREE:
        lines.append(_line(f"{name}, all", score_free(read, name)))
        lines += [_line(f"{name}, {half}", score_free(part, name)) for half, part in parts.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(measure())
