"""Change a CSV file without touching a byte of the lines that do not change."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..rows import read_text

_MARK = "\ufeff"  # byte order mark, as spreadsheets write it


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file as the text of its rows.

    Attributes:
        name: of the file, for complaints.
        rows: text of each row with its line ending, under the line it begins on; a quoted cell may span lines.
        header: names of the columns.
        newline: line ending of new rows, that of the header.
    """

    name: str
    rows: Mapping[int, str]
    header: tuple[str, ...]
    newline: str

    def edited(
        self, changed: Mapping[int, Mapping[str, str]] | None = None, added: Sequence[Mapping[str, str]] = ()
    ) -> bytes:
        r"""The file with cells changed and rows added at its end; every other row as it was, byte for byte.

        Args:
            changed: new cells by column, under the line the row begins on.
            added: new rows, cells by column; a column they do not name stays empty.

        Raises:
            InputError: the file lacks a column that has to be written.

        >>> sheet = read_sheet_text("a.csv", 'record,who\r\n"x" ,AB\r\ny,CD')
        >>> sheet.edited({3: {"who": "EF"}}, [{"record": "z, too"}])
        b'record,who\r\n"x" ,AB\r\ny,EF\r\n"z, too",\r\n'
        """
        rows = dict(self.rows)
        for line, cells in (changed or {}).items():
            old = next(csv.reader(io.StringIO(rows[line], newline="")))
            kept = dict(zip(self.header, old, strict=True))
            rows[line] = self._row({**kept, **cells}, _ending(rows[line]) or self.newline)
        text = "".join(rows.values())
        if added and text and not _ending(text):
            text += self.newline
        text += "".join(self._row(cells, self.newline) for cells in added)
        return text.encode("utf-8")

    def _row(self, cells: Mapping[str, str], newline: str) -> str:
        lacking = next((column for column, cell in cells.items() if cell and column not in self.header), "")
        if lacking:
            what = f"has no column “{lacking}”"
            raise InputError(what, where=self.name, next_step=f"Add “{lacking}” to its first line")
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator=newline).writerow([cells.get(column, "") for column in self.header])
        return written.getvalue()


def read_sheet(path: Path, columns: Sequence[str]) -> Sheet:
    """A file to be changed; with these columns and no rows where there is no such file or nothing in it.

    Raises:
        InputError: the file is not UTF-8 text.
    """
    text = ""
    if path.exists():
        text = read_text(path)  # complains of other encodings
        text = (_MARK if path.read_bytes().startswith(_MARK.encode()) else "") + text
    return read_sheet_text(path.name, text if text.strip(_MARK).strip() else ",".join(columns) + "\n")


def read_sheet_text(name: str, text: str) -> Sheet:
    """The rows of a text, which begins with its header.

    >>> list(read_sheet_text("a.csv", 'record,note\\nx,"two\\nlines"\\ny,\\n').rows)
    [1, 2, 4]
    """
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines)
    rows: dict[int, str] = {}
    header: tuple[str, ...] = ()
    ending = ""
    start = 0
    for cells in reader:
        rows[start + 1] = "".join(lines[start : reader.line_num])
        if not header and any(cell.strip(_MARK).strip() for cell in cells):
            header = tuple(cell.strip(_MARK).strip() for cell in cells)
            ending = _ending(rows[start + 1])
        start = reader.line_num
    return Sheet(name, rows, header, ending or "\n")


def _ending(text: str) -> str:
    return text[len(text.rstrip("\r\n")) :][-2:] if text.endswith("\r\n") else text[-1:] if text[-1:] in "\r\n" else ""
