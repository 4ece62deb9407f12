"""The evidence table as a Word document: landscape, header row on every page, numbered sources."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt

from ..escaping import one_line
from ..table import NO_ADVICE, EvidenceTable
from ..vocabulary import FLAGGED, Status
from .notes import Notes, annotated_rows
from .wording import (
    CONFLICT,
    LEGEND,
    MISSING_HELP,
    UNVERIFIED,
    decisions_line,
    empty_line,
    heading,
    mark,
    searches_lines,
    selection_line,
    with_unit,
)
from .zips import without_times


def render(table: EvidenceTable) -> bytes:
    """The bytes of a .docx file."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.5)
    document.styles["Normal"].font.size = Pt(8)

    document.add_heading(one_line(table.title), level=1)
    for line in (table.question, table.how_found, *(f"Saved search {line}" for line in searches_lines(table))):
        if line:
            document.add_paragraph(one_line(line))
    document.add_paragraph(f"Shown: {selection_line(table)}. {table.totals}. {decisions_line(table)}")

    notes = Notes()
    rows = annotated_rows(table, notes, lambda cell, number, _: f"{_text(cell)}\0{number or ''}")
    if not rows:
        document.add_paragraph(empty_line(table))
    grid = document.add_table(rows=1, cols=1 + len(table.fields), style="Table Grid")
    for cell, title in zip(grid.rows[0].cells, ("Study", *map(heading, table.fields)), strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    repeat = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    for study, texts in rows:
        retracted = study.status == Status.RETRACTED
        cells = grid.add_row().cells
        name = cells[0].paragraphs[0].add_run(one_line(study.citation))
        name.bold, name.font.strike = True, retracted
        if study.identifier_status != "verified":
            cells[0].paragraphs[0].add_run(f" {UNVERIFIED}")
        if study.status in FLAGGED:
            cells[0].paragraphs[0].add_run(f" {str(study.status).upper()}").bold = True
        cells[0].add_paragraph(one_line(study.identifiers))
        for cell, text in zip(cells[1:], texts, strict=True):
            shown, _, note = text.partition("\0")
            cell.paragraphs[0].add_run(shown).font.strike = retracted
            cell.paragraphs[0].add_run(note).font.superscript = True

    document.add_heading("Legend", level=2)
    for sign, meaning in (*LEGEND, *MISSING_HELP):
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(str(sign)).bold = True
        paragraph.add_run(f" {meaning}")
    document.add_heading("Sources", level=2)
    for number, text in enumerate(notes.texts, 1):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{number} ").font.superscript = True
        paragraph.add_run(one_line(text))
    document.add_paragraph(NO_ADVICE)
    buffer = io.BytesIO()
    document.save(buffer)
    return without_times(buffer.getvalue())


def _text(cell: Any) -> str:
    text = one_line(with_unit(cell))
    text += f" {mark(cell)}" if not cell.missing and mark(cell) else ""
    return f"{text} {CONFLICT}" if cell.conflict else text
