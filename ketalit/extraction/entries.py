"""What people read out of records, as rows of files.

extraction.csv holds what counts, one row a person and field of a record. `extraction/AB.csv` holds what AB read while
two people work blind to each other; rows are only ever added, and the last on a field counts. What is replaced in
extraction.csv goes to extraction-history.csv first. All have the same columns.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..escaping import one_line
from ..fields import FIELDS, Field
from ..files import write_atomically
from ..findings import Finding, Value
from ..review import BUNDLED, Extraction, ExtractionRow, Review, read_value
from ..rows import Problem, did_you_mean, read_rows
from ..screening.sheet import Sheet, read_sheet
from ..screening.votes import check_reviewer, name_of, own_file, record_names
from ..table.cells import display
from ..vocabulary import Missing

FILE = "extraction.csv"
HISTORY = "extraction-history.csv"
FOLDER = "extraction"

Pair = tuple[str, str]
"""Id of a record and name of a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(ExtractionRow):
    """A row of extraction.csv or of a person's file, its cells as they stand there.

    `value` is text: a value of the field, or "not reported", "not applicable", "not checked".
    """

    @property
    def pair(self) -> Pair:
        """What it is about."""
        return self.record, self.field

    @property
    def missing(self) -> Missing | None:
        """Why there is no value."""
        return Missing(self.value) if self.value in tuple(Missing) else None

    @property
    def typed(self) -> Value:
        """The value in the field's own type; None where there is none."""
        return None if self.missing else read_value(FIELDS[self.field], self.value)

    @property
    def shown(self) -> str:
        """The value for people, with its unit.

        >>> Entry(record="a", field="n_total", value="60", unit="people").shown
        '60 people'
        """
        return self.value if self.missing else with_unit(self.typed, self.unit)

    def same(self, other: Entry) -> bool:
        """Whether two people say just the same, capitals and a full stop at the end apart."""
        return (self.typed_words, self.unit) == (other.typed_words, other.unit)

    @property
    def typed_words(self) -> Value:
        """What it is compared by."""
        value = self.value if self.missing else self.typed
        return " ".join(value.casefold().split()).rstrip(".") if isinstance(value, str) else value


COLUMNS = tuple(field.name for field in dataclasses.fields(Entry))


def with_unit(value: Value, unit: str) -> str:
    """A value as people read it, with its unit where it does not name it."""
    text = display(value)
    return f"{text} {unit}" if unit and unit not in text else text


def value_text(value: Value) -> str:
    """A value as a file holds it.

    >>> value_text(True), value_text(0.317), value_text("oral")
    ('true', '0.317', 'oral')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else one_line(str(value))


def entry_of(row: Extraction) -> Entry:
    """A row of extraction.csv as it was loaded, as an entry."""
    said = row.finding
    text = str(said.missing) if said.missing else value_text(said.value)
    kept = {name: getattr(said, name) for name in COLUMNS if name not in {"record", "value"}}
    return Entry(**{**kept, "record": row.record, "value": text})


def finding_of(entry: Entry) -> Finding:
    """An entry as a finding."""
    kept = {name: getattr(entry, name) for name in COLUMNS if name not in {"record", "value", "missing"}}
    return Finding(**kept, value=entry.typed, missing=entry.missing)


def field_of(name: str) -> Field:
    """The field of this name.

    Raises:
        InputError: there is none; says what is near, or what has that title in the table.

    >>> field_of("n_totl")
    Traceback (most recent call last):
    ketalit.errors.InputError: unknown field “n_totl”, did you mean “n_total”?
    """
    if name not in FIELDS:
        title = next((field.name for field in FIELDS.values() if field.title.lower() == name.strip().lower()), "")
        hint = f", did you mean “{title}”?" if title else did_you_mean(name, FIELDS)
        raise InputError(f"unknown field “{one_line(name)}”{hint}", expected="" if hint else ", ".join(FIELDS))
    return FIELDS[name]


def spoken(field: Field, text: str) -> str:
    """A value in the words of files where people and tables say it otherwise: yes and no.

    >>> spoken(FIELDS["randomised"], "Yes"), spoken(FIELDS["result"], "no")
    ('true', 'no')
    """
    words = text.strip()
    if field.kind is not bool:
        return words
    return {"yes": "true", "no": "false", "y": "true", "n": "false"}.get(words.lower(), words)


def checked_value(field: Field, text: str) -> Value:
    """A text as a value of a field, within the bounds outside which it cannot be right.

    Raises:
        InputError: it is none; says what was expected.

    >>> checked_value(FIELDS["n_total"], "60")
    60
    >>> checked_value(FIELDS["n_total"], "-60")
    Traceback (most recent call last):
    ketalit.errors.InputError: n: “-60” cannot be a value. Expected: 1 to 10000000 people.
    """
    try:
        value = read_value(field, text)
    except ValueError as error:
        raise InputError(f"“{text}” cannot be a value", where=field.title, expected=str(error).rstrip("?")) from None
    low, high = field.minimum, field.maximum
    if isinstance(value, int | float) and low is not None and high is not None and not low <= value <= high:
        bounds = f"{low:.15g} to {high:.15g} {field.unit}"
        raise InputError(f"“{text}” cannot be a value", where=field.title, expected=bounds)
    return value


@dataclass(frozen=True, slots=True)
class Entries:
    """All rows of one person's file, oldest first."""

    who: str
    history: tuple[Entry, ...] = ()

    @property
    def current(self) -> dict[Pair, Entry]:
        """The entries that count; "not checked" takes back what stood before it.

        >>> first = Entry(record="a", field="n_total", value="60")
        >>> Entries("AB", (first, dataclasses.replace(first, value="not checked"))).current
        {}
        """
        found: dict[Pair, Entry] = {}
        for entry in self.history:
            found.pop(entry.pair, None)
            if entry.missing is not Missing.NOT_CHECKED:
                found[entry.pair] = entry
        return found


def load_entries(folder: Path, review: Review, who: str = "") -> dict[str, Entries]:
    """What each person read, by initials in alphabetical order; with `who`, that person's file alone is opened.

    Raises:
        InputError: a row cannot be used; names file, line and column.

    >>> from ketalit.review import load_review
    >>> load_entries(load_review().path, load_review())
    {}
    """
    entries, problems = read_entries(folder, review, who)
    if problems:
        more = f"{len(problems) - 1} more in the files of {FOLDER}/" if len(problems) > 1 else ""
        raise InputError(str(problems[0]).rstrip("."), next_step=more)
    return entries


def read_entries(folder: Path, review: Review, who: str = "") -> tuple[dict[str, Entries], list[Problem]]:
    """All that can be read of each person's file, and every problem found on the way (for `ketalit check`)."""
    problems: list[Problem] = []
    names = record_names(review)
    found: dict[str, Entries] = {}
    for path in sorted((Path(folder) / FOLDER).glob("*.csv")):
        if path.name.startswith(".") or (who and path.stem != who):
            continue
        wrong: list[Problem] = []
        try:
            name = check_reviewer(path.stem)
        except InputError as error:
            problems.append(Problem(file=f"{FOLDER}/{path.name}", what=error.what, expected=error.expected))
            continue
        found[name] = Entries(name, tuple(_read_file(path, name, names, wrong)))
        problems += [dataclasses.replace(problem, file=f"{FOLDER}/{problem.file}") for problem in wrong]
    return found, problems


def _read_file(path: Path, who: str, names: Mapping[str, str], problems: list[Problem]) -> Iterable[Entry]:
    for line, row in read_rows(path, Entry, problems):
        column = "record"
        try:
            record = name_of(row.record, names)
            column = "field"
            field = field_of(row.field)
            column = "value"
            if row.missing is None:
                checked_value(field, row.value)
        except InputError as error:
            found, expected = getattr(row, column), error.expected
            problems.append(
                Problem(file=path.name, line=line, column=column, what=error.what, found=found, expected=expected)
            )
        else:
            yield dataclasses.replace(row, record=record, who=who)


def own_folder(folder: Path) -> Path:
    """A folder whose values may be changed: not that of the bundled review.

    Raises:
        InputError: it is.
    """
    if Path(folder).resolve() == BUNDLED.resolve():
        raise InputError(
            "the bundled review is not changed", expected="a review of your own", next_step="`ketalit new my-review`"
        )
    return Path(folder)


def save_own(folder: Path, entry: Entry) -> Path:
    """Add an entry to its person's file, at once and whole.

    Raises:
        InputError: the initials cannot be used, or the file cannot be written.
    """
    return _append(own_file(own_folder(folder) / FOLDER, entry.who, "person"), [entry])


def save_shared(folder: Path, added: Sequence[Entry], replaced: Mapping[int, Entry] | None = None) -> Path:
    """Add rows to extraction.csv, each in the place of those it replaces; every other line stays byte for byte.

    What is replaced is written to extraction-history.csv before, so a kill between the two leaves both.

    Args:
        folder: the review.
        added: new rows.
        replaced: rows that go, under the line each begins on; the first on a record and field makes room for the new
            row on it.

    Raises:
        InputError: the file lacks a column or cannot be written; it was not changed.
    """
    path = own_folder(folder) / FILE
    sheet = read_sheet(path, COLUMNS)
    waiting: dict[Pair, list[Entry]] = {}
    for entry in added:
        waiting.setdefault(entry.pair, []).append(entry)
    changed: dict[int, dict[str, str]] = {}
    rows, gone = dict(sheet.rows), []
    for line, entry in sorted((replaced or {}).items()):
        stood = _cells_of(sheet, line)
        if (stood.get("field"), stood.get("who", "")) != (entry.field, entry.who):
            raise InputError(
                "has changed meanwhile", where=f"{FILE}, line {line}", next_step="Nothing saved; try again"
            )
        gone.append(stood)
        if new := waiting.get(entry.pair):
            changed[line] = _cells(new.pop(0))
        else:
            del rows[line]
    left = [_cells(entry) for entries in waiting.values() for entry in entries]
    content = dataclasses.replace(sheet, rows=rows).edited(changed, left)
    if gone:
        _remember(Path(folder) / HISTORY, gone)
    return write_atomically(path, content)


def _remember(path: Path, gone: Sequence[Mapping[str, str]]) -> None:
    """Add rows to the history, but for those that stand there because a write was broken off."""
    sheet = read_sheet(path, COLUMNS)
    last: dict[tuple[str, ...], Mapping[str, str]] = {}
    for line in list(sheet.rows)[1:]:
        row = _cells_of(sheet, line)
        last[tuple(row.get(name, "") for name in ("record", "field", "who"))] = row
    kept = [{name: row.get(name, "") for name in COLUMNS} for row in gone]
    new = [row for row in kept if last.get((row["record"], row["field"], row["who"])) != row]
    if new:
        write_atomically(path, sheet.edited(added=new))


def _append(path: Path, entries: Sequence[Entry]) -> Path:
    return write_atomically(path, read_sheet(path, COLUMNS).edited(added=[_cells(entry) for entry in entries]))


def _cells(entry: Entry) -> dict[str, str]:
    return {name: str(getattr(entry, name) or "") for name in COLUMNS}


def _cells_of(sheet: Sheet, line: int) -> dict[str, str]:
    """The cells of a row as they stand in a file."""
    cells = next(csv.reader(io.StringIO(sheet.rows.get(line, ""), newline="")), [])
    return {name: cell.strip() for name, cell in zip(sheet.header, cells, strict=False)}
