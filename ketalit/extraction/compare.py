"""Hold what two people read, each for themselves, against each other: agreement, conflicts, and the end of both."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from ..errors import InputError
from ..fields import FIELDS, Field
from ..review import Review, load_review
from ..screening.agreement import Kappa, cohen_kappa
from ..screening.votes import now
from ..table.cells import same_value
from ..vocabulary import Checked, Missing, Origin
from .accept import Given, Saved, decide
from .entries import FILE, FOLDER, Entries, Entry, Pair, entry_of, field_of, load_entries, save_shared, value_text

TOLERANCE = 0.02
"""Numbers that differ by less than this share of the larger are called near; doses are rounded on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAgreement:
    """Agreement of two people on one field.

    Attributes:
        n: records on which both have answered.
        exact: on how many they say just the same; `absent` of these, that there is no value (and why).
        near: on how many numbers lie within the tolerance, or texts share their numbers or words; `exact` included.
        kappa: for fields with a closed list, the reasons for having no value among its words; else None.
    """

    field: Field
    n: int
    exact: int
    absent: int
    near: int
    kappa: Kappa | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of a record on which two people differ. `alike`: perhaps only in rounding or wording."""

    first: Entry
    second: Entry
    alike: bool

    @property
    def what(self) -> str:
        """Who says what, e.g. "AB: 57 people; CD: 60 people"."""
        return "; ".join(f"{one.who}: {one.shown}" for one in (self.first, self.second))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two people read, side by side, as their answers are now.

    An answer that somebody changes after seeing the other's makes agreement look better than it was; rule instead.

    Attributes:
        people: initials.
        blind: both worked in files of their own; else what extraction.csv has of somebody was taken.
        answered: how many fields of records each has answered; `both`: how many both have.
        missing: how many each has still to answer that the other has.
        fields: agreement on each field that both answered, in the order of `FIELDS`.
        agreed: rows for extraction.csv of what they agree on.
        conflicts: what somebody has to rule on.
        ruled: how many conflicts were ruled on, and stand in extraction.csv.
    """

    people: tuple[str, str]
    blind: bool
    answered: tuple[int, int]
    both: int
    missing: tuple[int, int]
    fields: tuple[FieldAgreement, ...] = ()
    agreed: tuple[Entry, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    ruled: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows written to extraction.csv: new, in the place of others, and not written since another stands there."""

    added: tuple[Entry, ...]
    replaced: tuple[Entry, ...]
    kept: tuple[Entry, ...]


def compare(
    folder: Path | str, people: Sequence[str] = (), *, partial: bool = False, tolerance: float = TOLERANCE
) -> Comparison:
    """Hold two people's values against each other, once each has answered all that the other has.

    Args:
        folder: the review.
        people: the two; may be left out where only two have files.
        partial: look although somebody is not finished. It shows values: who still has to answer should not ask.
        tolerance: how far numbers may lie apart to be called near, as a share.

    Raises:
        InputError: there are not two people, or one has not finished (says how many answers are missing).
    """
    review = load_review(folder)
    return compare_of(review, load_entries(review.path, review), people, partial=partial, tolerance=tolerance)


def compare_of(
    review: Review,
    entries: Mapping[str, Entries],
    people: Sequence[str] = (),
    *,
    partial: bool = False,
    tolerance: float = TOLERANCE,
) -> Comparison:
    """As `compare`, from what was read before. Pure.

    Raises:
        InputError: as `compare`.
    """
    one, two = _two(review, entries, people)
    mine, theirs = answers(review, entries, one), answers(review, entries, two)
    missing = (len(theirs.keys() - mine.keys()), len(mine.keys() - theirs.keys()))
    if any(missing) and not partial:
        left = " and ".join(f"{count} of {name}'s" for name, count in zip((one, two), missing, strict=True) if count)
        next_step = "They are shown to nobody before both have finished, because conflicts name what each has said"
        raise InputError(f"extraction is not finished: {left} answers are missing", next_step=next_step)
    order = {(record, field): None for record in review.records for field in FIELDS}
    pairs = [(mine[pair], theirs[pair]) for pair in order if pair in mine and pair in theirs]
    differ = [Conflict(a, b, _near(a, b, tolerance)) for a, b in pairs if not a.same(b)]
    ruled = {id(conflict) for conflict in differ if _is_ruled(review, conflict)}
    by_field = {name: [pair for pair in pairs if pair[0].field == name] for name in FIELDS}
    return Comparison(
        people=(one, two),
        blind=one in entries and two in entries,
        answered=(len(mine), len(theirs)),
        both=len(pairs),
        missing=missing,
        fields=tuple(_agreement(FIELDS[name], found, tolerance) for name, found in by_field.items() if found),
        agreed=tuple(_joint(a, b) for a, b in pairs if a.same(b)),
        conflicts=tuple(conflict for conflict in differ if id(conflict) not in ruled),
        ruled=len(ruled),
    )


def answers(review: Review, entries: Mapping[str, Entries], who: str) -> dict[Pair, Entry]:
    """What a person read: what counts of their own file or, where they have none, their rows of extraction.csv."""
    if who in entries:
        return entries[who].current
    rows = (entry_of(row) for row in review.extraction if row.finding.origin is Origin.PERSON)
    return {row.pair: row for row in rows if row.who == who and row.missing is not Missing.NOT_CHECKED}


def settle(folder: Path | str, people: Sequence[str] = (), *, partial: bool = False, replace: bool = False) -> Settled:
    """Write to extraction.csv what two people agree on, as checked by two.

    Args:
        folder: the review.
        people: the two; may be left out where only two have files.
        partial: write what is agreed although somebody is not finished.
        replace: consent to replace what either of them (or both, earlier) entered there; it is kept in the history.

    Raises:
        InputError: somebody has not finished, or a file cannot be read or written; nothing was changed.
    """
    review = load_review(folder)
    found = compare_of(review, load_entries(review.path, review), people, partial=partial)
    added: list[Entry] = []
    kept: list[Entry] = []
    gone: dict[int, Entry] = {}
    for entry in found.agreed:
        standing = _of_theirs(review, entry.pair, found.people)
        if any(old.who == entry.who and old.same(entry) for old in standing.values()):
            continue
        if standing and not replace:
            kept.append(entry)
        else:
            added.append(entry)
            gone |= standing
    if added:
        save_shared(review.path, added, gone)
    return Settled(tuple(added), tuple(gone.values()), tuple(kept))


def rule(
    folder: Path | str,
    record: str,
    field: str,
    *,
    who: str,
    people: Sequence[str] = (),
    partial: bool = False,
    **given: Unpack[Given],
) -> Saved:
    """Decide what two people differ on; it goes to extraction.csv, checked by two, with what each had said in its note.

    What either of them entered there before goes to extraction-history.csv. Should one of them change their answer
    later, the conflict is open again.

    Args:
        folder: the review.
        record: in any usual spelling.
        field: a name in `ketalit.fields.FIELDS`.
        who: both together ("AB+CD"), or a third person ("EF", written as "AB+CD+EF").
        people: the two; may be left out where only two have files.
        partial: although somebody is not finished.
        given: the decision, see `Given`. Quote and place are those of whoever said so, unless they are given.

    Raises:
        InputError: there is no such conflict, or the value is none of the field's.
    """
    review = load_review(folder)
    found = compare_of(review, load_entries(review.path, review), people, partial=partial)
    both = "+".join(found.people)
    third = [name for name in who.replace(" ", "").split("+") if name not in found.people]
    if not third and set(who.replace(" ", "").split("+")) != set(found.people):
        expected = f"both together (“{both}”) or a third person"
        raise InputError(f"{who or 'nobody'} cannot rule alone on what {both} differ on", expected=expected)
    if given.get("value") is None and given.get("missing") is None:
        raise InputError(f"{field_of(field).title}: nothing is decided", expected="a value, or why there is none")
    note, own_quote = given.pop("note", ""), given.get("quote")
    given["quote"] = own_quote or ""  # not that of a proposal
    draft = decide(review, record, field, who="+".join([*found.people, *third]), checked=Checked.TWO, **given)
    conflict = next((one for one in found.conflicts if one.first.pair == draft.pair), None)
    if conflict is None:
        ruled = _ruled_before(review, draft.pair, found.people)
        what = f"{draft.record}, {draft.field}: there is no conflict of {both}{' any more: it was ruled on' * ruled}"
        raise InputError(what, next_step="Correct the value in the usual way")
    agrees = next((one for one in (conflict.first, conflict.second) if one.value == draft.value), None)
    if agrees is not None and own_quote is None:
        draft = dataclasses.replace(
            draft,
            unit=given.get("unit") or agrees.unit,
            quote=agrees.quote,
            locator=given.get("locator") or agrees.locator,
            source=given.get("source") or agrees.source,
        )
    notes = [_said(conflict), note, agrees.note if agrees else ""]
    entry = dataclasses.replace(draft, note="; ".join(part for part in notes if part))
    standing = _of_theirs(review, entry.pair, found.people)
    save_shared(review.path, [entry], standing)
    return Saved(entry, FILE, tuple(standing.values()))


def _two(review: Review, entries: Mapping[str, Entries], people: Sequence[str]) -> tuple[str, str]:
    names = list(dict.fromkeys(people)) or [name for name in entries if entries[name].history]
    known = {*entries, *(row.finding.who for row in review.extraction if row.finding.origin is Origin.PERSON)}
    if unknown := [name for name in names if name not in known]:
        raise InputError(
            f"{unknown[0]} has entered nothing", expected=f"two of: {', '.join(sorted(known)) or 'nobody yet'}"
        )
    if len(names) != 2:
        who = f"only {names[0]} has" if len(names) == 1 else f"{len(names) or 'no'} people have"
        expected = f"two of: {', '.join(names)}" if len(names) > 2 else "two people"
        raise InputError(f"{who} a file in {FOLDER}/", expected=expected)
    return names[0], names[1]


def _near(one: Entry, other: Entry, tolerance: float) -> bool:
    """Whether two answers may be the same in other digits or words."""
    if one.same(other):
        return True
    if one.missing or other.missing or one.unit != other.unit:
        return False
    first, second = one.typed, other.typed
    if isinstance(first, bool) or isinstance(second, bool):
        return False
    if isinstance(first, int | float) and isinstance(second, int | float):
        return math.isclose(first, second, rel_tol=tolerance)
    field = FIELDS[one.field]
    return field.kind is str and same_value(field, first, second)


def _agreement(field: Field, pairs: Sequence[tuple[Entry, Entry]], tolerance: float) -> FieldAgreement:
    same = [a for a, b in pairs if a.same(b)]
    return FieldAgreement(
        field=field,
        n=len(pairs),
        exact=len(same),
        absent=sum(one.missing is not None for one in same),
        near=sum(_near(a, b, tolerance) for a, b in pairs),
        kappa=_kappa(field, pairs),
    )


def _kappa(field: Field, pairs: Sequence[tuple[Entry, Entry]]) -> Kappa | None:
    words = field.choices or (("true", "false") if field.kind is bool else ())
    if not words:
        return None
    used = {one.value for pair in pairs for one in pair}
    categories = [*map(str, words), *(str(word) for word in Missing if word in used)]
    place = {word: at for at, word in enumerate(categories)}
    table = [[0] * len(categories) for _ in categories]
    for a, b in pairs:
        table[place[a.value]][place[b.value]] += 1
    return cohen_kappa(table, categories)


def _joint(first: Entry, second: Entry) -> Entry:
    """What two people agree on, as one row: the words of whoever has a quote."""
    said = first if first.quote or not second.quote else second
    note = "; ".join(dict.fromkeys(part for part in (first.note, second.note) if part))
    who = f"{first.who}+{second.who}"
    return dataclasses.replace(
        said, origin=Origin.PERSON, checked=Checked.TWO, who=who, when=now()[:10], note=note, value=_file_text(said)
    )


def _file_text(entry: Entry) -> str:
    return entry.value if entry.missing else value_text(entry.typed)


def _of_theirs(review: Review, pair: Pair, people: tuple[str, str]) -> dict[int, Entry]:
    """Rows of extraction.csv that either, or both, or both with a third, entered on a field, by line."""
    found = {}
    for row in review.extraction:
        who = row.finding.who.split("+")
        if (row.record, row.finding.field) == pair and row.finding.origin is Origin.PERSON:
            alone = len(who) == 1 and who[0] in people
            if alone or tuple(who[:2]) in {people, people[::-1]}:
                found[row.line] = entry_of(row)
    return found


def _said(conflict: Conflict) -> str:
    """What each had said, in an order that does not depend on who is named first."""
    return "; ".join(sorted(f"{one.who}: {one.shown}" for one in (conflict.first, conflict.second)))


def _is_ruled(review: Review, conflict: Conflict) -> bool:
    """Whether a row of both stands in extraction.csv that tells of just these two answers."""
    people = conflict.first.who, conflict.second.who
    theirs = _of_theirs(review, conflict.first.pair, people).values()
    return any("+" in row.who and row.note.startswith(_said(conflict)) for row in theirs)


def _ruled_before(review: Review, pair: Pair, people: tuple[str, str]) -> bool:
    return any("+" in row.who for row in _of_theirs(review, pair, people).values())
