"""The evidence table as Markdown: a pipe table whose cells refer to their sources as footnotes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..escaping import markdown
from ..identifiers import source_link
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


def render(table: EvidenceTable) -> str:
    """The table with how its set was found, its totals, a legend and the sources of its cells."""
    notes = Notes()
    rows = [[_study(study), *cells] for study, cells in annotated_rows(table, notes, _cell)]
    frame = pd.DataFrame(rows, columns=["Study", *(markdown(heading(field)) for field in table.fields)])
    parts = [
        f"# {markdown(table.title)}",
        markdown(table.question),
        markdown(table.how_found),
        "\n".join(f"- Saved search {markdown(line)}" for line in searches_lines(table)),
        f"Shown: {markdown(selection_line(table))}. {markdown(str(table.totals))}. {markdown(decisions_line(table))}",
        empty_line(table) or frame.to_markdown(index=False, disable_numparse=True),
        "\n".join(f"- **{markdown(sign)}** {meaning}" for sign, meaning in LEGEND),
        "\n".join(f"- *{missing}*: {meaning}" for missing, meaning in MISSING_HELP),
        NO_ADVICE,
        "\n".join(f"[^{number}]: {markdown(text)}" for number, text in enumerate(notes.texts, 1)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _study(study: Any) -> str:
    name = markdown(study.citation)
    link = source_link(str(study.identifiers).split("; ", maxsplit=1)[0])
    name = f"[{name}]({link})" if link else name
    if study.status == Status.RETRACTED:
        name = f"~~{name}~~"
    if study.identifier_status != "verified":
        name += f" {UNVERIFIED}"
    return name + (f" **{str(study.status).upper()}**" if study.status in FLAGGED else "")


def _cell(cell: Any, number: int | None, retracted: bool) -> str:
    text = f"*{cell.missing}*" if cell.missing else markdown(with_unit(cell))
    if retracted and not cell.missing:
        text = f"~~{text}~~"
    text += f" {mark(cell)}" if not cell.missing and mark(cell) else ""
    text += f" {CONFLICT}" if cell.conflict else ""
    return f"{text}[^{number}]" if number else text
