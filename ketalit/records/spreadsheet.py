"""Read references out of spreadsheets (CSV, tab-separated text, XLSX) as databases and screening tools export them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from ..errors import InputError
from .columns import delimiter_of, find_header, meaning
from .cutting import Source, name_of, whole
from .exported import Entry, author_of, authors_in, decoded, record_of
from .model import Journal, Record
from .problems import Kind, Problem, report

SOURCE = "spreadsheet"

_EXPECTED = "a header row with a title or identifier (Title, PMID, DOI) and columns such as Authors, Year, Journal"
_LARGEST_CELL = 1 << 24
# Against archives made to fill the memory. Bytes of a workbook, unpacked: so many in any case, more where the file
# itself is large (sheets shrink to a twentieth); cells of all sheets; rows, of which no program writes more.
_LARGEST_BOOK, _RATIO = 1 << 28, 100
_MOST_CELLS = 20_000_000
_MOST_ROWS = 1 << 20
_BOOKS = {"book", "edited book", "chapter", "book chapter", "booksection", "book section"}
_UNCOMPUTED = re.compile(rb"<f\b[^<>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>|</c>)")
_ISSN = re.compile(r"\b(\d{4})-?(\d{3}[\dXx])\b")


def iter_spreadsheet(source: Source, *, problems: list[Problem] | None = None) -> Iterator[Record]:
    """Records of a spreadsheet, one after another; columns are known by their headings (`ketalit.records.columns`).

    Args:
        source: a path, an open binary file or bytes: CSV with commas, semicolons or tabs, XLSX, or `numbered_rows`.
        problems: gets what could not be read. Without it the first loss is raised instead.

    Raises:
        InputError: there is no header that names references; or, without `problems`, at a loss.

    >>> [record.year for record in iter_spreadsheet(b"PMID,Title,Year\\n1,A trial,2009\\n")]
    [2009]
    """
    yield from (record for _, record in row_parts(source, problems=problems))


def row_parts(source: Source, *, problems: list[Problem] | None = None) -> Iterator[tuple[bytes, Record]]:
    """As `iter_spreadsheet`, each record with its row."""
    file = name_of(source)
    for number, raw in numbered_rows(source, problems=problems):
        place = f"{file}, row {number}" if file else f"row {number}"
        try:
            yield raw, read_row(raw)
        except ValueError as error:
            report(Problem(place, str(error)), problems)


def numbered_rows(source: Source, *, problems: list[Problem] | None = None) -> Iterator[tuple[int, bytes]]:
    """The rows, each with its number in the file and as a line of JSON that maps headings to cells, in order.

    Raises:
        InputError: as `iter_spreadsheet`.
    """
    file = name_of(source)
    content = whole(source)
    if content.lstrip().startswith(b"{"):  # rows that were cut out before
        yield from ((number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip())
        return
    zipped = content.startswith(b"PK\x03\x04")
    rows = _xlsx_rows(content, file, problems) if zipped else _csv_rows(content, file, problems)
    header: list[str] | None = None
    short = 0
    before: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        if header is None:
            before.append((number, cells))
            if find_header([cells]) == 0:
                header = _distinct(cells)
            continue
        if not any(cells):
            continue
        # Empty cells at the end are often left out; cells beyond the header mean that a row was cut wrongly.
        if any(cells[len(header) :]):
            reason = f"more cells ({len(cells)}) than the header has ({len(header)})"
            report(Problem(f"{file}, row {number}" if file else f"row {number}", reason), problems)
            continue
        short += len(cells) < len(header)
        row = {heading: cell for heading, cell in zip(header, cells, strict=False) if heading and cell}
        yield number, json.dumps(row, ensure_ascii=False).encode()
    if short:
        reason = f"{short} rows have fewer cells than the header: look at their last columns"
        report(Problem(file or "input", reason, Kind.NOTICE), problems)
    if header is None:
        seen = next((", ".join(cell for cell in cells if cell) for _, cells in before if any(cells)), "")
        what = (
            f"no row of it names columns of references; it begins with “{seen[:80]}”" if seen else "the sheet is empty"
        )
        raise InputError(what, where=file, expected=_EXPECTED)


def read_row(raw: bytes) -> Record:
    """The record of one row, as `numbered_rows` writes it.

    Raises:
        ValueError: it has neither title nor identifier, or is no such row.

    >>> read_row(b'{"Article Title": "A trial", "DI": "10.1000/A", "Publication Year": "2009.0"}').identifiers
    ('DOI:10.1000/a',)
    """
    try:
        row = json.loads(raw)
    except RecursionError:
        raise ValueError("its cells are nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError("it is no row of a spreadsheet")
    cells: dict[str, list[str]] = {}
    for heading, cell in row.items():
        cells.setdefault(meaning(re.sub(r" \(\d+\)$", "", heading)), []).append(str(cell))

    def first(name: str) -> str:
        return next(iter(cells.get(name, ())), "")

    kinds = [part.strip() for cell in cells.get("type", ()) for part in cell.split(";")]
    book = any(kind.lower() in _BOOKS for kind in kinds)
    # Of several columns of names (“Authors”, “Author full names”) the fullest counts.
    names = max(
        (authors_in(re.sub(r"\s*\(\d{6,}\)", "", cell)) for cell in cells.get("authors", ())), key=_fullness, default=()
    )
    if not names and first("first_author"):
        names = (author_of(first("first_author")),)
    last = first("last_page")
    start = first("first_page")
    pages = first("pages") or (f"{start}-{last}" if start and last else start) or first("article_number")
    issn = _ISSN.search(" ".join(cells.get("issn", ())))
    journal = Journal(
        title=first("journal") or first("abbreviation"),
        abbreviation=first("abbreviation") if first("journal") else "",
        issn=f"{issn[1]}-{issn[2].upper()}" if issn else "",
    )
    month = " ".join(part for part in (first("year"), first("month"), first("day")) if part)
    base = first("base")
    medline = bool(re.search(r"pubmed|medline", base, re.IGNORECASE)) and "embase" not in base.lower()
    numbers = tuple(cell for cell in cells.get("accession", ()) if medline and re.fullmatch(r"\d{1,8}", cell))
    year = re.sub(r"\.0$", "", first("year"))
    entry = Entry(
        title=first("title"),
        abstract=first("abstract"),
        authors=names,
        journal=Journal() if book else journal,
        book_title=journal.title or first("title") if book else "",
        kind="book" if book else "article",
        year=year,
        dates=(month, *cells.get("date", ())),
        volume=re.sub(r"\.0$", "", first("volume")),
        issue=re.sub(r"\.0$", "", first("issue")),
        pages=re.sub(r"\.0$", "", pages),
        pmids=tuple(re.sub(r"\.0$", "", cell) for cell in cells.get("pmid", ())) + numbers,
        pmcids=tuple(cells.get("pmcid", ())),
        dois=tuple(cells.get("doi", ())),
        links=tuple(part for cell in cells.get("link", ()) for part in re.split(r"[\s;]+", cell) if part),
        says=(*cells.get("says", ()), *cells.get("accession", ())),
        types=tuple(kinds),
        keywords=tuple(part.strip() for cell in cells.get("keywords", ()) for part in cell.split(";") if part.strip()),
        languages=tuple(part.strip() for cell in cells.get("language", ()) for part in cell.split(";") if part.strip()),
    )
    return record_of(entry, SOURCE, raw)


def _fullness(names: Sequence[object]) -> tuple[int, int]:
    return len(names), sum(len(getattr(name, "fore", "")) for name in names)


def _distinct(headings: Sequence[str]) -> list[str]:
    """Headings, those that repeat with a number."""
    seen: Counter[str] = Counter()
    found = []
    for heading in headings:
        name = " ".join(heading.split())
        seen[name] += 1
        found.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return found


def _csv_rows(content: bytes, file: str, problems: list[Problem] | None) -> list[tuple[int, list[str]]]:
    """Rows with the number of the line they begin on.

    After a row that is no CSV (a quote that is never closed, for one) reading starts again on the next line.
    """
    text, notice = decoded(content, file)
    if notice:
        report(Problem(file or "input", notice, Kind.NOTICE), problems)
    delimiter = delimiter_of(text)
    if not delimiter:
        return []
    rows: list[tuple[int, list[str]]] = []
    # Cells hold line feeds of their own; only these end lines in CSV, not all that `str.splitlines` knows.
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)
    # Web of Science separates by tabs and never quotes.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" and lines[0].startswith("PT\t") else csv.QUOTE_MINIMAL
    previous = csv.field_size_limit(min(_LARGEST_CELL, sys.maxsize))
    try:
        start = 0
        while start < len(lines):
            # Line by line: the rest of the text is not copied again for every row that is wrong.
            rest = (lines[index] for index in range(start, len(lines)))
            reader = csv.reader(rest, delimiter=delimiter, quoting=quoting, strict=True)
            begins = start
            try:
                for cells in reader:
                    rows.append((begins + 1, [_trimmed(cell) for cell in cells]))
                    begins = start + reader.line_num
                break
            except csv.Error as error:
                reason = (
                    "a quote is opened and not closed" if "end of data" in str(error) else f"not valid CSV: {error}"
                )
                report(Problem(f"{file}, row {begins + 1}" if file else f"row {begins + 1}", reason), problems)
                start = begins + 1
    finally:
        csv.field_size_limit(previous)
    return rows


def _trimmed(cell: str) -> str:
    # Our own tables, and some others, put an apostrophe before what a spreadsheet would take for a formula.
    cell = cell.strip().removeprefix("\ufeff")
    return cell[1:] if re.match(r"'[=+\-@]", cell) else cell


def _xlsx_rows(content: bytes, file: str, problems: list[Problem] | None) -> list[tuple[int, list[str]]]:
    """Rows of the first sheet that has a header of references; of the first sheet where none has."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > max(_LARGEST_BOOK, _RATIO * len(content)):
                raise InputError("the workbook is far larger inside than outside", where=file)
            parts = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
            unknown = sum(len(_UNCOMPUTED.findall(archive.read(name))) for name in parts)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheets = _sheets(book, file)
        finally:
            book.close()
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever the damage makes it stumble over
        expected = "an .xlsx workbook without a password, or CSV"
        raise InputError(f"the workbook cannot be read ({str(error)[:200]})", where=file, expected=expected) from error
    if unknown:
        reason = f"{unknown} cells hold a formula without its value, and were left empty: open the workbook and save it"
        report(Problem(file or "input", reason, Kind.NOTICE), problems)
    rows = next((rows for rows in sheets if find_header(rows) >= 0), next(iter(sheets), []))
    return list(enumerate(rows, 1))


def _sheets(book: Any, file: str) -> list[list[list[str]]]:
    """The rows of each sheet.

    Raises:
        InputError: there are more than anybody fills.
    """
    sheets: list[list[list[str]]] = []
    cells = 0
    for sheet in book.worksheets:
        # What a sheet says of its size is often wrong: rows would be lost, or millions of empty cells made.
        sheet.reset_dimensions()
        rows: list[list[str]] = []
        for row in sheet.iter_rows(values_only=True):
            cells += len(row)
            if len(rows) == _MOST_ROWS or cells > _MOST_CELLS:
                raise InputError("the workbook has more rows or cells than a list of references", where=file)
            rows.append([_shown(cell) for cell in row])
        sheets.append(rows)
    return sheets


def _shown(value: object) -> str:
    """A cell as text: dates in ISO form, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _trimmed(str(value))
