"""How far a person is with the included records, and which one is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..escaping import one_line, terminal
from ..fields import FIELDS
from ..review import Review, load_review
from ..screening.votes import check_reviewer
from ..vocabulary import Decision, Origin
from .entries import Entries, field_of, load_entries


@dataclass(frozen=True, slots=True)
class Standing:
    """One included record: its id, how it is called, and how many of the fields `asked` this person has `answered`."""

    record: str
    name: str
    answered: int
    asked: int

    @property
    def left(self) -> int:
        """How many fields this person has not answered."""
        return self.asked - self.answered


def progress(folder: Path | str, who: str, *, double: bool = False, fields: Sequence[str] = ()) -> tuple[Standing, ...]:
    """Every included record, in the order of the review, with what a person has answered.

    Args:
        folder: the review.
        who: initials.
        double: two people work blind to each other: what counts is `extraction/<who>.csv`.
        fields: names of the fields that are asked; default: all.

    Raises:
        InputError: the review cannot be read, or there is no such field.

    >>> import tempfile
    >>> from ketalit.extraction import accept
    >>> from ketalit.review import new_review
    >>> folder = new_review(Path(tempfile.mkdtemp(), "my-review"))
    >>> saved = accept(folder, "sigtermans2009", "n_total", who="AB")
    >>> [one for one in progress(folder, "AB", fields=["n_total"]) if one.answered]
    [Standing(record='sigtermans2009', name='Sigtermans 2009', answered=1, asked=1)]
    """
    check_reviewer(who)
    review = load_review(folder)
    own = load_entries(review.path, review, who).get(who) if double else None
    return progress_of(review, who, own=own, double=double, fields=fields)


def progress_of(
    review: Review, who: str, *, own: Entries | None = None, double: bool = False, fields: Sequence[str] = ()
) -> tuple[Standing, ...]:
    """As `progress`, of a review that is loaded and what a person wrote apart from others. Pure."""
    asked = {field_of(name).name for name in fields} or set(FIELDS)
    if double:
        said = set(own.current) if own else set()
    else:
        by_them = [row for row in review.extraction if row.finding.origin is Origin.PERSON and row.finding.who == who]
        said = {(row.record, row.finding.field) for row in by_them}
    included = dict.fromkeys(row.record for row in review.screening if row.decision is Decision.INCLUDE)
    return tuple(
        Standing(record, review.records[record].short, sum((record, name) in said for name in asked), len(asked))
        for record in included
    )


def next_record(standings: Sequence[Standing]) -> str:
    """The first record that is not finished; empty where all are.

    >>> next_record([Standing("a", "Doe 2020", 28, 28), Standing("b", "Roe 2021", 3, 28)])
    'b'
    """
    return next((one.record for one in standings if one.left), "")


def progress_text(standings: Sequence[Standing]) -> str:
    """Progress as lines for the terminal.

    >>> print(progress_text([Standing("a", "Doe 2020", 28, 28), Standing("PMID:1", "Roe 2021", 3, 28)]))
     28 of 28  Doe 2020  a
      3 of 28  Roe 2021  PMID:1
    1 of 2 included records finished.
    """
    lines = [f"{one.answered:>3} of {one.asked}  {one_line(one.name)}  {one.record}" for one in standings]
    done = sum(not one.left for one in standings)
    lines.append(f"{done:,} of {len(standings):,} included records finished.")
    return "\n".join(terminal(line) for line in lines)
