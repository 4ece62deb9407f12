"""Take one value: decide what the row says (pure), then write it whole."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from ..errors import InputError
from ..escaping import one_line
from ..findings import Finding, Value
from ..records.text import find_quote
from ..review import Review, load_review
from ..screening.votes import check_reviewer, name_of, now, record_names
from ..vocabulary import Checked, Missing, Origin
from .entries import (
    FILE,
    FOLDER,
    Entries,
    Entry,
    checked_value,
    entry_of,
    field_of,
    load_entries,
    save_own,
    save_shared,
    spoken,
    value_text,
)
from .proposals import proposals


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a decision.

    Attributes:
        entry: the row as saved.
        file: the file it is in, as named in the review.
        replaced: what stood in extraction.csv in its place and is in extraction-history.csv now.
        beside: what other people entered there otherwise: the table shows the first of them, marked as in conflict.
        unchanged: the row stood there already, and nothing was written.
        unseen: its quote does not stand in the text held here.
    """

    entry: Entry
    file: str
    replaced: tuple[Entry, ...] = ()
    beside: tuple[Entry, ...] = ()
    unchanged: bool = False
    unseen: bool = False


class Given(TypedDict, total=False):
    """What is decided, as `accept`, `decide` and `rule` take it; all of it may be left out.

    Keys:
        value: in the field's own type or as text.
        missing: why there is no value; "not checked" takes back what this person said before.
        unit: of a value whose field has no unit of its own.
        quote: the words it was read from. Default: those of whoever, or whatever, says the same.
        locator: where in the source. Default: where the quote stands.
        source: what was read, "PMID:…" or the like. Default: the record.
        note: a remark.
    """

    value: Value
    missing: Missing | None
    unit: str
    quote: str | None
    locator: str
    source: str
    note: str


def as_given(candidate: Finding) -> Given:
    """A candidate as the arguments of `accept` that take it as it is."""
    return {
        "value": candidate.value,
        "missing": candidate.missing,
        "unit": candidate.unit,
        "quote": candidate.quote,
        "locator": candidate.locator,
        "source": candidate.source,
        "note": candidate.note,
    }


def accept(
    folder: Path | str,
    record: str,
    field: str,
    *,
    who: str,
    double: bool = False,
    replace: bool = False,
    **given: Unpack[Given],
) -> Saved:
    """Take a value a person checked and write it, with its quote, to extraction.csv.

    Without `value` and `missing`, what is proposed (first of `proposals`) is accepted as it is.

    extraction.csv has one row a person and field of a record, since of several the table shows the first and marks the
    rest as a conflict. So a second value of the same person replaces their first, with consent, and the first goes to
    extraction-history.csv. A value beside another person's is added: both are kept, and the table marks them.

    Args:
        folder: the review.
        record: in any usual spelling.
        field: a name in `ketalit.fields.FIELDS`.
        who: initials.
        double: two people work blind to each other: write to `extraction/<who>.csv` only.
        replace: consent to replace what this person entered before.
        given: value, missing, unit, quote, locator, source, note: see `Given`.

    Raises:
        InputError: there is no such record or field, the value is none of the field's, this person entered another
            before, or the file cannot be written. Nothing was changed.

    >>> import tempfile
    >>> from ketalit.review import new_review
    >>> folder = new_review(Path(tempfile.mkdtemp(), "my-review"))
    >>> accept(folder, "sigtermans2009", "n_analysed", value=58, locator="figure 1", who="AB").entry.shown
    '58 people'
    >>> next(row.finding.value for row in load_review(folder).extraction if row.finding.who == "AB")
    58
    """
    review = load_review(folder)
    own = load_entries(review.path, review, who).get(who) if double else None
    entry = decide(review, record, field, who=who, double=double, **given)
    unseen = bool(entry.quote) and find_quote(review.records[entry.record], entry.quote)[1] < 0
    if double:
        return dataclasses.replace(_keep_own(review, own, entry), unseen=unseen)
    mine, others = standing_of(review, entry)
    beside = tuple(other for other in others.values() if not other.same(entry))
    if any(_but_date(old) == _but_date(entry) for old in mine.values()):
        return Saved(entry, FILE, beside=beside, unchanged=True, unseen=unseen)
    if mine and not replace:
        line, old = next(iter(mine.items()))
        what = f"{who} entered {old.shown}{f' on {old.when}' if old.when else ''} already"
        next_step = "Say that it is to be replaced; what stood there is kept in extraction-history.csv"
        raise InputError(what, where=f"{FILE}, line {line}", next_step=next_step)
    save_shared(review.path, [entry], mine)
    return Saved(entry, FILE, tuple(mine.values()), beside, unseen=unseen)


def decide(
    review: Review,
    record: str,
    field: str,
    *,
    value: Value = None,
    missing: Missing | None = None,
    unit: str = "",
    quote: str | None = None,
    locator: str = "",
    source: str = "",
    who: str,
    note: str = "",
    checked: Checked | None = None,
    double: bool = False,
) -> Entry:
    """The row that `accept` writes; arguments as there. Pure.

    Raises:
        InputError: there is no such record or field, or the value is none of the field's.
    """
    spec = field_of(field)
    value = spoken(spec, value) if isinstance(value, str) else value
    known = review.records[name_of(record, record_names(review))]
    if not who.strip():
        raise InputError("nobody is named who decides", expected="initials, such as “AB”")
    for name in who.split("+"):
        check_reviewer(name.strip())
    if value is not None and missing is not None:
        raise InputError(f"{spec.title}: both a value and a reason for having none", expected="one of the two")
    offered: Finding | None = None
    if value is None or quote is None:
        found = next(one for one in proposals(review, known.id, who=who, double=double) if one.field is spec)
        offered = _offered(found.candidates, value, missing)
    if value is None and missing is None:
        if offered is None:
            raise InputError(
                f"{spec.title}: nothing is proposed for {known.id} that could be accepted", expected="a value"
            )
        value, missing = offered.value, offered.missing
    if str(value) in tuple(Missing):
        value, missing = None, Missing(str(value))
    text = str(Missing(missing)) if missing else value_text(value)
    typed = None if missing else checked_value(spec, text)
    if offered is not None and missing is None and quote is None:
        quote, locator, source = offered.quote, locator or offered.locator, source or offered.source
        note = "; ".join(part for part in (offered.note, note) if part)
        unit = unit or offered.unit
    words, start, _ = find_quote(known, one_line(quote or "")) if not missing else ("", -1, -1)
    return Entry(
        record=known.id,
        field=spec.name,
        value=text,
        unit=one_line(unit) or spec.unit if typed is not None else "",
        quote=words,
        locator=one_line(locator)
        or (_place(review, known.id, start) if missing is None else _looked(review, known.id)),
        source=one_line(source) or next(iter(known.identifiers), known.id),
        origin=Origin.PERSON,
        checked=checked,
        who=who,
        when=now()[:10],
        note=one_line(note),
    )


def standing_of(review: Review, entry: Entry) -> tuple[dict[int, Entry], dict[int, Entry]]:
    """What people entered in extraction.csv where an entry belongs, by line: the same person's, and others'."""
    mine: dict[int, Entry] = {}
    others: dict[int, Entry] = {}
    for row in review.extraction:
        if (row.record, row.finding.field) == entry.pair and row.finding.origin is Origin.PERSON:
            (mine if row.finding.who == entry.who else others)[row.line] = entry_of(row)
    return mine, others


def _keep_own(review: Review, own: Entries | None, entry: Entry) -> Saved:
    name = f"{FOLDER}/{entry.who}.csv"
    before = own.current.get(entry.pair) if own else None
    if before and _but_date(before) == _but_date(entry):
        return Saved(entry, name, unchanged=True)
    entry = dataclasses.replace(entry, when=now())
    save_own(review.path, entry)
    return Saved(entry, name)


def _offered(candidates: tuple[Finding, ...], value: Value, missing: Missing | None) -> Finding | None:
    """The candidate that says this; the first, where nothing is said."""
    if value is None and missing is None:
        return next(iter(candidates), None)
    said = str(missing) if missing else value_text(value)
    same = [one for one in candidates if (str(one.missing) if one.missing else value_text(one.value)) == said]
    return max(same, key=lambda one: bool(one.quote), default=None)


def _place(review: Review, record: str, start: int) -> str:
    from ..records.text import canonical_text

    return canonical_text(review.records[record]).locate(start) if start >= 0 else ""


def _looked(review: Review, record: str) -> str:
    """What there was to look in, for somebody who says that it is not reported."""
    known = review.records[record]
    if known.full_text is not None:
        return "title, abstract and open full text"
    return "title and abstract" if known.abstract else ""


def _but_date(entry: Entry) -> Entry:
    return dataclasses.replace(entry, when="", checked=None)
