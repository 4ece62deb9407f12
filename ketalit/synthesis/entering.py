"""Enter a row of effects.csv: what is typed passes the reader of that file and is held against the review.

Every row that is entered goes to effects-history.csv first, with who and when; that is how it can be taken back.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_type_hints

from ..checks import check_review, explanation
from ..errors import InputError
from ..escaping import one_line
from ..figures.synthesis.telling import Telling
from ..files import write_atomically
from ..pooling import EffectRow, effect_of, pool_effects
from ..pooling.effects import COLUMNS, Measure
from ..pooling.guards import joined, of_row
from ..reading import read_record
from ..records.model import Record
from ..records.text import find_quote
from ..review import BUNDLED, Review, load_review
from ..review.effects import read_effects
from ..review.names import Names
from ..rows import Problem, did_you_mean
from ..screening.sheet import Sheet, read_sheet, read_sheet_text
from ..screening.votes import check_reviewer, name_of, now, record_names
from ..studies import Study, studies
from ..vocabulary import Checked, Decision, Status

FILE = "effects.csv"
HISTORY = "effects-history.csv"
_SIGNED = ("when", "who")  # columns of the history beside those of effects.csv
_PEOPLE = ("n_total", "n_randomised", "n_analysed")
_HOURS = {"h": 1, "d": 24, "w": 168}
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(h|d|w)?(?:ours?|ays?|eeks?)?", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_CHOICES: dict[str, tuple[str, ...]] = {
    name: tuple(kind)
    for name, kind in get_type_hints(EffectRow).items()
    if isinstance(kind, type) and issubclass(kind, StrEnum)
} | {"better": ("lower", "higher"), "checked": tuple(Checked)}

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Looked:
    """A row before it is saved.

    Attributes:
        row: as the file would give it.
        effect: the effect that follows, in lines; empty where none does.
        refused: why no effect follows.
        doubts: what a person should look at again, each with the code of the check.
    """

    row: EffectRow
    effect: tuple[str, ...] = ()
    refused: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entered:
    """A row that was saved, on this line of effects.csv; `unchanged`: it stood there already, nothing was written."""

    looked: Looked
    line: int
    unchanged: bool = False


def enter(folder: Path | str, study: str, cells: Cells, *, who: str, anyway: bool = False) -> Entered:
    """Add a row to effects.csv.

    Args:
        folder: the review.
        study: a key, PMID, PMCID or DOI of one of its records.
        cells: text by column of `EffectRow`, and `time` and `scale` for the two columns of each ("24 h", "0-100");
            `record` where the numbers were read elsewhere.
        who: initials of who enters it.
        anyway: save it although no effect follows, as from a ± that nobody explains.

    Raises:
        InputError: a cell that cannot be, no effect, or the review is not one's own. Nothing was changed.

    >>> import tempfile
    >>> from ketalit.review import new_review
    >>> folder = new_review(Path(tempfile.mkdtemp(), "my-review"))
    >>> numbers = {"n1": "30", "mean1": "41", "sd1": "20", "n2": "30", "mean2": "48", "sd2": "22", "scale": "0-100"}
    >>> named = {"comparison": "IV ketamine vs placebo", "outcome": "a toy", "measure": "MD", "better": "lower"}
    >>> print(enter(folder, "sigtermans2009", {**named, **numbers}, who="AB").looked.effect[0])
    MD -7.0 (95 % CI -17.6 to 3.6), points of 0 to 100, in favour of IV ketamine, interval on both sides
    >>> take_back(folder, who="AB").outcome
    'a toy'
    """
    check_reviewer(who)
    path = Path(folder)
    if path.resolve() == BUNDLED.resolve():
        raise InputError("the bundled review is not changed", next_step="`ketalit new my-review` starts one of yours")
    review = load_review(path)
    row = complete(review, review.records[name_of(study, record_names(review))], cells)
    looked = look(review, row)
    if looked.refused and not anyway:
        step = "Nothing saved; --anyway saves it, and pool leaves it out by name"
        raise InputError(f"no effect follows: {looked.refused}", next_step=step)
    sheet = read_sheet(path / FILE, COLUMNS)
    there = _line_of(sheet, row)
    if there:
        return Entered(looked, there, unchanged=True)
    signed = {"when": now(), "who": who, **row}
    write_atomically(path / HISTORY, read_sheet(path / HISTORY, (*_SIGNED, *COLUMNS)).edited(added=[signed]))
    written = _wide(sheet, row).edited(added=[row])
    write_atomically(path / FILE, written)
    return Entered(looked, _line_of(read_sheet_text(FILE, written.decode()), row))


def take_back(folder: Path | str, *, who: str) -> EffectRow:
    """Take the row that this person entered last, and that still stands as it was entered, out of effects.csv.

    It stays in effects-history.csv. What was written into the file by other ways is never taken out.

    Raises:
        InputError: there is none.
    """
    path = Path(folder)
    history = read_sheet(path / HISTORY, (*_SIGNED, *COLUMNS))
    sheet = read_sheet(path / FILE, COLUMNS)
    for cells in reversed([_cells(history, line) for line in list(history.rows)[1:]]):
        row = {name: cell for name, cell in cells.items() if name in COLUMNS}
        line = _line_of(sheet, row) if cells.get("who") == who else 0
        if line:
            entered = row_of(load_review(path), row)
            kept = {at: text for at, text in sheet.rows.items() if at != line}
            write_atomically(path / FILE, dataclasses.replace(sheet, rows=kept).edited())
            return entered
    what = f"{who} entered no row that still stands as it was entered"
    raise InputError(what, where=FILE, next_step="A row that was changed since is taken out in a spreadsheet")


def found(review: Review, words: str, most: int = 9) -> list[Record]:
    """Records that a person may mean: the one of that name, else those whose key, author or title holds the words.

    >>> [one.id for one in found(load_review(), "sigtermans 2009")][:1]
    ['sigtermans2009']
    """
    try:
        return [review.records[name_of(words, record_names(review))]]
    except InputError:
        asked = words.casefold().split()
    held = [
        record
        for record in review.records.values()
        if asked and all(one in f"{record.id} {record.short} {record.title}".casefold() for one in asked)
    ]
    return held[:most]


def complete(review: Review, study: Record, cells: Cells) -> dict[str, str]:
    """The cells of a row: those given, the study by its name, and where the numbers were read, if nothing else is said.

    Raises:
        InputError: no time, or no scale, is like this.
    """
    row = spelt(review, {"record": study.id, **cells})
    try:
        read_in = review.find(row["record"])
    except InputError:  # the reader of the file says what is wrong with it
        read_in = study
    source = next(iter(read_in.identifiers), read_in.id)
    named = next(one.id for one in studies(review) if study.id in one.records)
    return {"source": source, "checked": str(Checked.ONE), **row, "study": named}


def spelt(review: Review, cells: Cells) -> dict[str, str]:
    """Cells as the file has them: capitals as in its other rows, a time and a scale in their columns.

    >>> spelt(load_review(), {"measure": "md", "outcome": "Pain intensity", "time": "1 week", "scale": "0-10"})
    {'measure': 'MD', 'outcome': 'pain intensity', 'hours': '168', 'scale_low': '0', 'scale_high': '10'}

    Raises:
        InputError: no time, or no scale, is like this.
    """
    row: dict[str, str] = {}
    for name, cell in cells.items():
        text = re.sub(r"^−(?=[\d.])", "-", one_line(cell))  # as papers print it
        if name == "time":
            row |= _time(review, text)
        elif name == "scale":
            row |= _scale(text)
        elif text:
            held = [*_CHOICES.get(name, ()), *(str(getattr(one, name)) for one in review.effects if name in _NAMES)]
            row[name] = next((str(one) for one in held if one.casefold() == text.casefold()), text)
    return row


_NAMES = ("comparison", "outcome", "window")


def row_of(review: Review, cells: Cells) -> EffectRow:
    """Cells as the reader of effects.csv reads them.

    Raises:
        InputError: a cell that cannot be; names its column.
    """
    problems: list[Problem] = []
    text = read_sheet_text(FILE, ",".join(COLUMNS) + "\n").edited(added=[cells])
    with TemporaryDirectory() as folder:
        Path(folder, FILE).write_bytes(text)
        rows = [row for _, row in read_effects(Path(folder), problems, Names(dict(record_names(review)), None))]
    for one in problems:
        if one.fatal:
            what = f"“{one.found}” cannot be taken" if one.found and one.what.startswith("the cell") else one.what
            hint = did_you_mean(one.found, _CHOICES.get(one.column, ()))
            raise InputError(f"{what}{hint}", where=one.column, expected=one.expected)
    return rows[0]


def look(review: Review, cells: Cells) -> Looked:
    """What a row gives, and what is odd about it, before it is saved.

    Raises:
        InputError: a cell that cannot be.
    """
    row = row_of(review, cells)
    try:
        effect_of(row)
    except InputError as error:
        refused = str(InputError(error.what, expected=error.expected)).rstrip(".")
    else:
        refused = ""
    lines = () if refused else tuple(_told(row))
    return Looked(row, lines, refused, joined(doubts(review, row), _checked(review, row)))


def doubts(review: Review, row: EffectRow) -> Iterator[str]:
    """What is odd about a row as far as it is filled in, against the study and the other rows of its outcome."""
    study = _study(review, row)
    if study and study.decision is Decision.EXCLUDE:
        yield f"{study.id} is excluded in screening.csv"
    if study and any(review.records[one].status is Status.RETRACTED for one in study.records):
        yield f"{study.id} is retracted"
    beside = [one for one in review.effects if one.comparison == row.comparison and one.outcome == row.outcome]
    for name in ("comparison", "outcome"):
        known = {getattr(one, name) for one in review.effects}
        if getattr(row, name) not in known and (hint := did_you_mean(getattr(row, name), known)):
            yield f"a new {name}, “{getattr(row, name)}”{hint}"
    for code, what in of_row(row, beside, _people(review, study)):
        if not explanation(code, row.note):
            yield f"{what} [{code}]"
    for quote in _QUOTED.findall(row.locator):
        if row.record in review.records and find_quote(review.records[row.record], quote)[1] < 0:
            yield f"“{quote}” does not stand in the text that is held of {row.record}"


def _checked(review: Review, row: EffectRow) -> Iterator[str]:
    """What `ketalit check` will say of the row, beside those it would be pooled with."""
    study = _study(review, row)
    wanted = {*(study.records if study else ()), row.record, *([row.source] if row.source in review.records else ())}
    key = (row.comparison, row.outcome, row.time, row.measure)
    rows = [one for one in review.effects if (one.comparison, one.outcome, one.time, one.measure) == key]
    alone = dataclasses.replace(
        review,
        records={name: review.records[name] for name in wanted},
        screening=tuple(one for one in review.screening if one.record in wanted),
        extraction=(),
        effects=(*rows, row),
        effect_lines=tuple(range(2, len(rows) + 2)),  # the new row has none
        risk_of_bias=(),
    )
    for one in check_review(alone):
        if one.file == FILE and not one.line and not one.explained and one.code != "effect":
            yield f"{one.what} [{one.code}]"
    sides = {_side(one) for one in rows} - {0}
    if _side(row) and sides == {-_side(row)} and not explanation("direction", row.note):
        what = "its interval lies on the other side of no effect than those of the trials beside it"
        yield f"{what}: are groups, or ends of the scale, swapped? [direction]"


def _side(row: EffectRow) -> int:
    """On which side of no effect the whole interval of a row lies; 0 where it holds no effect, or there is none."""
    try:
        result = pool_effects([effect_of(row)])
    except InputError:
        return 0
    return (result.ci_low > 0) - (result.ci_high < 0)


def _told(row: EffectRow) -> Iterator[str]:
    """The effects of a row in lines: as its measure says, and of means also standardised."""
    also = (Measure.MD, Measure.SMD) if row.mean1 is not None and row.measure != Measure.ROM else ()
    one, versus, two = row.comparison.partition(" vs ")
    for measure in dict.fromkeys((row.measure, *also)):
        result = pool_effects([effect_of(row, measure=measure)])
        middle, low, high = result.ratio or (result.estimate, result.ci_low, result.ci_high)
        telling = Telling.of([high - low], ratio=result.ratio is not None)
        name = "SMD (Hedges' g)" if measure == Measure.SMD else str(measure)
        said = f"{name} {telling.tell(middle)} (95 % CI {telling.between(low, high)})".replace("−", "-")
        if measure == Measure.MD and row.scale_low is not None and row.scale_high is not None:
            said += f", points of {row.scale_low:g} to {row.scale_high:g}"
        if row.better and result.estimate:
            first = (result.estimate < 0) == (row.better == "lower")
            said += f", in favour of {(one if first else two) if versus else f'group {1 if first else 2}'}"
            said += ", interval on both sides" if result.ci_low < 0 < result.ci_high else ""
        yield said
    yield from (str(step) for step in effect_of(row).steps[:-1])


def _study(review: Review, row: EffectRow) -> Study | None:
    return next((one for one in studies(review) if one.id == row.study), None)


def _people(review: Review, study: Study | None) -> float | None:
    """The most people that anything says the study has: values that were extracted, else what is read in its texts."""
    if study is None:
        return None
    said = [one.finding for one in review.extraction if one.record in study.records]
    read = [one for name in study.records for one in read_record(review.records[name], drugs=review.drugs)]
    for findings in (said, read):
        counted = [one.value for one in findings if one.field in _PEOPLE and isinstance(one.value, int)]
        if counted:
            return float(max(counted))
    return None


def _time(review: Review, text: str) -> dict[str, str]:
    known = dict.fromkeys(one.window for one in review.effects if one.window)
    for name in (text, f"{text} term"):
        if name in known or name in {"immediate term", "short term", "medium term", "long term"}:
            return {"window": name}
    if match := _TIME.fullmatch(text):
        return {"hours": f"{float(match[1]) * _HOURS[(match[2] or 'h').lower()]:g}"}
    return {"window": text} if text else {}


def _scale(text: str) -> dict[str, str]:
    if not text:
        return {}
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(?:-|–|to|:)\s*(-?\d+(?:\.\d+)?)", text)
    if not match:
        raise InputError(f"“{text}” is no scale", where="scale", expected="its ends, such as 0-100")
    return {"scale_low": match[1], "scale_high": match[2]}


def _cells(sheet: Sheet, line: int) -> dict[str, str]:
    cells = next(csv.reader(io.StringIO(sheet.rows[line], newline="")), [])
    return {name: cell.strip() for name, cell in zip(sheet.header, cells, strict=False) if cell.strip()}


def _line_of(sheet: Sheet, row: Cells) -> int:
    """The last line that holds just these cells; 0 where none does."""
    wanted = {name: cell for name, cell in row.items() if cell}
    return next((line for line in reversed(list(sheet.rows)[1:]) if _cells(sheet, line) == wanted), 0)


def _wide(sheet: Sheet, row: Cells) -> Sheet:
    """The sheet with a column for every cell of the row; a file written by hand may lack some."""
    lacking: Sequence[str] = [name for name in COLUMNS if row.get(name) and name not in sheet.header]
    if not lacking:
        return sheet
    rows, first = dict(sheet.rows), True
    for line, text in rows.items():
        if text.strip("\ufeff \t\r\n,"):
            body = text.rstrip("\r\n")
            rows[line] = body + "".join(f",{name if first else ''}" for name in lacking) + text[len(body) :]
            first = False
    return dataclasses.replace(sheet, rows=rows, header=(*sheet.header, *lacking))
