"""What each reviewer decided on each record: one CSV file a person, so that nobody sees or edits another's.

`votes/AB.csv` has the columns record, stage, decision, reason, when, note. Rows are only ever added: of several for a
record and stage the last counts, and the others are its history.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from ..errors import InputError
from ..escaping import one_line
from ..files import write_atomically
from ..identifiers import parse_identifier
from ..review import Review
from ..rows import Problem, did_you_mean, read_rows
from .sheet import read_sheet

FOLDER = "votes"
NOT_RETRIEVED = "not retrieved"
"""Reason for leaving a report out at full text that every review has: nobody could get hold of it."""

BY_TITLE = "title and abstract"
"""Reason in screening.csv of what was left out at the first stage, where a vote needs none."""

_REVIEWER = re.compile(r"[A-Za-z0-9-]{1,20}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)  # no names of files on Windows


class Stage(StrEnum):
    """The two stages of screening."""

    TITLE_ABSTRACT = "title/abstract"
    FULL_TEXT = "full text"


class Choice(StrEnum):
    """What a row of a votes file may say. `withdrawn` takes back the decision before it."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A row of a votes file. `when`: UTC, ISO 8601, to the second."""

    record: str
    stage: Stage
    decision: Choice
    reason: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """All rows of one reviewer, oldest first."""

    reviewer: str
    history: tuple[Vote, ...] = ()

    def current(self, stage: Stage) -> dict[str, Vote]:
        """The votes that count, by record, the latest last.

        >>> yes = Vote(record="a", stage=Stage.FULL_TEXT, decision=Choice.INCLUDE)
        >>> Votes("AB", (yes, dataclasses.replace(yes, decision=Choice.WITHDRAWN))).current(Stage.FULL_TEXT)
        {}
        """
        found: dict[str, Vote] = {}
        for vote in self.history:
            if vote.stage is stage:
                found.pop(vote.record, None)
                if vote.decision is not Choice.WITHDRAWN:
                    found[vote.record] = vote
        return found


def load_votes(folder: Path, review: Review) -> dict[str, Votes]:
    """The votes of every reviewer, by initials in alphabetical order.

    Raises:
        InputError: a row cannot be used; names file, line and column.

    >>> from ketalit.review import load_review
    >>> load_votes(load_review().path, load_review())
    {}
    """
    votes, problems = read_votes(folder, review)
    if problems:
        more = f"{len(problems) - 1} more in the files of votes" if len(problems) > 1 else ""
        raise InputError(str(problems[0]).rstrip("."), next_step=more)
    return votes


def read_votes(folder: Path, review: Review) -> tuple[dict[str, Votes], list[Problem]]:
    """All votes that can be read, and every problem found on the way (for `ketalit check`)."""
    problems: list[Problem] = []
    names = record_names(review)
    found: dict[str, Votes] = {}
    for path in sorted((Path(folder) / FOLDER).glob("*.csv")):
        if path.name.startswith("."):
            continue
        try:
            reviewer = check_reviewer(path.stem)
        except InputError as error:
            problems.append(Problem(file=f"{FOLDER}/{path.name}", what=error.what, expected=error.expected))
            continue
        found[reviewer] = _read_file(path, reviewer, review, names, problems)
    return found, problems


def _read_file(path: Path, reviewer: str, review: Review, names: Mapping[str, str], problems: list[Problem]) -> Votes:
    wrong: list[Problem] = []
    history: list[Vote] = []
    for line, row in read_rows(path, Vote, wrong):
        try:
            vote = dataclasses.replace(row, record=name_of(row.record, names))
            check_vote(vote, review)
        except InputError as error:
            column = "record" if "record" in error.what else "reason"
            found = row.record if column == "record" else row.reason
            expected = error.expected
            wrong.append(
                Problem(file=path.name, line=line, column=column, what=error.what, found=found, expected=expected)
            )
        else:
            history.append(vote)
    problems += [dataclasses.replace(problem, file=f"{FOLDER}/{problem.file}") for problem in wrong]
    return Votes(reviewer, tuple(history))


def check_reviewer(reviewer: str) -> str:
    """The initials of a reviewer, if they can name a file on every system.

    Raises:
        InputError: they cannot.

    >>> check_reviewer("AB")
    'AB'
    """
    if not _REVIEWER.fullmatch(reviewer) or _RESERVED.fullmatch(reviewer) or reviewer.startswith("-"):
        expected = "1 to 20 letters A to Z, digits or hyphens, such as “AB”"
        raise InputError(f"“{one_line(reviewer)[:40]}” cannot be the initials of a reviewer", expected=expected)
    return reviewer


def check_vote(vote: Vote, review: Review) -> None:
    """Hold a vote to the rules: exclusion at full text needs a reason, and a reason is one of the review's.

    Raises:
        InputError: it breaks one.

    >>> from ketalit.review import load_review
    >>> dull = Vote(record="a", stage=Stage.FULL_TEXT, decision=Choice.EXCLUDE, reason="dull")
    >>> check_vote(dull, load_review())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ketalit.errors.InputError: “dull” is not a reason of this review. Expected: one of: protocol; ...
    """
    allowed = reasons_at(vote.stage, review)
    if vote.reason and vote.decision is not Choice.EXCLUDE:
        raise InputError(
            f"a reason stands beside “{vote.decision}”", expected="a reason only where a record is left out"
        )
    if vote.reason and vote.reason not in allowed:
        what = f"“{one_line(vote.reason)}” is not a reason of this review{did_you_mean(vote.reason, allowed)}"
        raise InputError(
            what, expected=f"one of: {'; '.join(allowed)}" if allowed else "no reason; review.toml has none"
        )
    if vote.decision is Choice.EXCLUDE and vote.stage is Stage.FULL_TEXT and not vote.reason:
        raise InputError("no reason is given for leaving out a full text", expected=f"one of: {'; '.join(allowed)}")


def reasons_at(stage: Stage, review: Review) -> tuple[str, ...]:
    """The reasons a record may be left out for: those of review.toml and, at full text, "not retrieved".

    >>> from ketalit.review import load_review
    >>> reasons_at(Stage.TITLE_ABSTRACT, load_review())[0], reasons_at(Stage.FULL_TEXT, load_review())[-1]
    ('protocol', 'not retrieved')
    """
    own = tuple(reason for reason in review.reasons if reason != NOT_RETRIEVED)
    return (*own, NOT_RETRIEVED) if stage is Stage.FULL_TEXT else own


def save_vote(folder: Path, reviewer: str, vote: Vote) -> Vote:
    """Add a vote to the reviewer's file, at once and whole: a kill loses nothing that was saved.

    Returns:
        The vote as saved: with the time, where it had none.

    Raises:
        InputError: the initials cannot be used, or the file cannot be written.
    """
    path = own_file(Path(folder) / FOLDER, reviewer)
    vote = dataclasses.replace(vote, when=vote.when or now(), note=one_line(vote.note))
    columns = [field.name for field in dataclasses.fields(Vote)]
    cells = {name: str(getattr(vote, name)) for name in columns}
    write_atomically(path, read_sheet(path, columns).edited(added=[cells]))
    return vote


def own_file(home: Path, reviewer: str, called: str = "reviewer") -> Path:
    """The file that one person writes to, in a folder that is made where it is missing.

    Raises:
        InputError: the initials cannot be used, differ from another's in capitals only, or nothing can be written.
    """
    path = home / f"{check_reviewer(reviewer)}.csv"
    try:
        home.mkdir(exist_ok=True)
        others = [file.stem for file in home.glob("*.csv")]
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(home)) from error
    alike = next((other for other in others if other != reviewer and other.lower() == reviewer.lower()), "")
    if alike:  # one file on some systems, two on others
        raise InputError(
            f"there is a {called} “{alike}” already", next_step="Write the initials in the same way, or choose others"
        )
    return path


def now() -> str:
    """The time in UTC, to the second, as votes carry it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def record_names(review: Review) -> dict[str, str]:
    """Every name a record goes by, with its id; so do the names of records that were merged into it."""
    named = {name: record.id for record in review.records.values() for name in (*record.identifiers, record.id)}
    return {**named, **review.names}


def name_of(text: str, names: Mapping[str, str]) -> str:
    """The id of the record that a person names in any usual spelling.

    Raises:
        InputError: there is no such record; says what is near.

    >>> name_of("pubmed.ncbi.nlm.nih.gov/1000001/", {"PMID:1000001": "alpha2009"})
    'alpha2009'
    """
    if text in names:
        return names[text]
    try:
        return names[str(parse_identifier(text))]
    except (InputError, KeyError):
        what = f"unknown record “{one_line(text)}”{did_you_mean(text, names)}"
        raise InputError(what, expected="the id, PMID, PMCID or DOI of a record of this review") from None
