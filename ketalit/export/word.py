"""The evidence table as a Word document to copy from: landscape, as many tables as the page asks for, sources below.

Each table repeats the studies, has its header row on every page and its abbreviations right under it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor, Twips

from ..escaping import one_line
from ..table import NO_ADVICE, EvidenceTable
from .notes import Notes
from .sheets import PAGE, STUDY, Part, Printed, PrintedStudy, abbreviations, caption, parts, printed
from .wording import LEGEND, decisions_line, empty_line, heading, searches_lines, selection_line
from .zips import without_times

_NO_XML = dict.fromkeys((0xFFFE, 0xFFFF))  # the two characters that no XML file may hold and every text may
# Rules as in print: above, below and under the header; thin grey ones between studies; little room beside the text.
_LOOK = (
    '<w:tblBorders {ns}><w:top w:val="single" w:sz="8" w:color="000000"/>'
    '<w:bottom w:val="single" w:sz="8" w:color="000000"/>'
    '<w:insideH w:val="single" w:sz="2" w:color="BFBFBF"/></w:tblBorders>',
    '<w:tblLayout {ns} w:type="fixed"/>',
    '<w:tblCellMar {ns}><w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
    '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>',
)
_UNDER_HEADER = (
    '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:color="000000"/></w:tcBorders>',
    '<w:shd w:val="clear" w:fill="EEF2F6"/>',
)
_STRIKE, _SMALL, _RAISED = "<w:strike/>", '<w:sz w:val="14"/>', '<w:vertAlign w:val="superscript"/>'
_NAMES = nsdecls("w")
_TWIPS = 1440 / 2.54  # in a centimetre


def render(table: EvidenceTable) -> bytes:
    """The bytes of a .docx file."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    margin = Cm((29.7 - PAGE) / 2)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = margin
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.paragraph_format.space_after = "Arial", Pt(8), Pt(4)
    document.styles["Caption"].font.color.rgb = RGBColor(0, 0, 0)

    document.add_heading(_plain(table.title), level=1)
    for line in (table.question, table.how_found, *(f"Saved search {line}" for line in searches_lines(table))):
        if line:
            document.add_paragraph(_plain(line))
    document.add_paragraph(_plain(f"Shown: {selection_line(table)}. {table.totals}. {decisions_line(table)}"))

    notes = Notes()
    rows = printed(table, notes)
    if not rows:
        document.add_paragraph(_plain(empty_line(table)))
    found = parts(table, rows)
    for number, part in enumerate(found, 1):
        title = document.add_paragraph(style="Caption")
        title.paragraph_format.keep_with_next = True
        title.paragraph_format.page_break_before = number > 1
        title.add_run(_plain(caption(table, number, len(found))))
        _add_table(document, table, rows, part)
        _add_abbreviations(document, rows, part)

    document.add_heading("Legend", level=2)
    for sign, meaning in LEGEND:
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(sign).bold = True
        paragraph.add_run(f" {meaning}")
    document.add_heading("Sources", level=2)
    end = document.add_paragraph(NO_ADVICE)._p
    for number, text in enumerate(notes.texts, 1):
        end.addprevious(parse_xml(f"<w:p {_NAMES}>{_run(f'{number} ', _RAISED)}{_run(one_line(text))}</w:p>"))
    buffer = io.BytesIO()
    document.save(buffer)
    return without_times(buffer.getvalue())


def _add_table(document: Any, table: EvidenceTable, rows: Sequence[PrintedStudy], part: Part) -> None:
    """A table whose rows are written as XML: python-docx takes milliseconds for a cell, and there are many."""
    widths = [round(width * _TWIPS) for width in (STUDY, *part.widths)]
    grid = document.add_table(rows=0, cols=len(widths))
    properties = grid._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    for xml in _LOOK:
        look.addprevious(parse_xml(xml.format(ns=_NAMES)))
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Twips(width)
    titles = ("Study", *(heading(table.fields[place]) for place in part.columns))
    grid._tbl.append(_row([_run(title, "<w:b/>") for title in titles], widths, header=True))
    for row in rows:
        cells = [_study(row), *(_value(row.cells[place]) for place in part.columns)]
        grid._tbl.append(_row(cells, widths))


def _study(row: PrintedStudy) -> str:
    runs = _run(row.name, f"<w:b/>{_STRIKE if row.struck else ''}")
    runs += _run(f" {row.remark}", "<w:b/>") if row.remark else ""
    return runs + (f"<w:r><w:br/></w:r>{_run(row.identifier, _SMALL)}" if row.identifier else "")


def _value(cell: Printed) -> str:
    runs = _run(cell.text, _STRIKE if cell.struck else "")
    return runs + (_run(str(cell.note), _RAISED) if cell.note else "")


def _row(cells: Sequence[str], widths: Sequence[int], *, header: bool = False) -> Any:
    """A row that no page divides, out of the runs of its cells; a header stands on every page again."""
    look = "".join(_UNDER_HEADER) if header else ""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="0"/></w:pPr>{runs}</w:p></w:tc>'
        for runs, width in zip(cells, widths, strict=True)
    )
    repeat = "<w:tblHeader/>" if header else ""
    return parse_xml(f"<w:tr {_NAMES}><w:trPr><w:cantSplit/>{repeat}</w:trPr>{inside}</w:tr>")


def _run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text.translate(_NO_XML))}</w:t></w:r>'


def _add_abbreviations(document: Any, rows: Sequence[PrintedStudy], part: Part) -> None:
    for code, meaning in abbreviations(rows, part):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(code).bold = True
        paragraph.add_run(f" {meaning}.")


def _plain(text: str) -> str:
    return one_line(text).translate(_NO_XML)
