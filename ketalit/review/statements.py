"""claims.csv: statements with their verdicts, each resting on records of the review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..rows import Problem, read_rows
from .model import Claim
from .names import UNKNOWN


def read_claims(path: Path, problems: list[Problem], known: Mapping[str, str]) -> Iterator[Claim]:
    """Rows of claims.csv; a basis that is no record of the review becomes a problem."""
    name = "claims.csv"
    seen: dict[str, int] = {}
    for line, row in read_rows(path / name, Claim, problems):
        if row.id in seen:
            problems.append(
                Problem(file=name, line=line, column="id", what=f"stands on line {seen[row.id]} already", found=row.id)
            )
        seen[row.id] = line
        for basis in row.basis:
            if basis not in known:
                expected = "the id of a record of this review"
                problems.append(
                    Problem(file=name, line=line, column="basis", what=UNKNOWN, found=basis, expected=expected)
                )
        for locator in row.locators:
            record, colon, place = locator.partition(":")
            if not colon or not place.strip() or record.strip() not in row.basis:
                what, expected = "names no place in a record of the basis", "record: place, e.g. smith2009: table 2"
                problems.append(
                    Problem(
                        file=name,
                        line=line,
                        column="locators",
                        what=what,
                        found=locator,
                        expected=expected,
                        fatal=False,
                    )
                )
        yield row
