"""review.toml: what a review is called, asks and holds to."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..rows import Problem, did_you_mean, read_text, read_toml
from .model import Search

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What review.toml holds."""

    format: int
    title: str = ""
    question: str = ""
    how_found: str = ""
    drugs: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    reasons: tuple[str, ...] = ()
    outcomes: dict[str, str] = dataclasses.field(default_factory=dict)
    followup: dict[str, str] = dataclasses.field(default_factory=dict)


def read_settings(path: Path, problems: list[Problem]) -> Settings | None:
    """What review.toml says; None, with a problem, where the folder cannot be a review of this ketalit."""
    name = "review.toml"

    def wrong(what: str, **place: str) -> None:
        problems.append(Problem(file=name, what=what, **place))  # type: ignore[arg-type]

    try:
        table = read_toml(read_text(path / name))
    except FileNotFoundError:
        wrong(f"is missing in {path}", expected="the file that makes a review")
        return None
    except (ValueError, RecursionError) as error:  # also a number too long, brackets too deep for the parser
        wrong(f"is not valid TOML: {error}")
        return None
    found = table.get("format")
    if isinstance(found, int) and found > FORMAT:
        what = "this review was written by a newer ketalit; update ketalit to open it (nothing was changed)"
        wrong(what, column="format", found=str(found), expected=f"format {FORMAT} or older")
        return None
    known = [field.name for field in dataclasses.fields(Settings)]
    for key in table.keys() - set(known):
        what = f"unknown setting{did_you_mean(key, known)}"
        problems.append(Problem(file=name, what=what, column=key, fatal=False))
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        wrong(str(error))
        return None
