"""The evidence table as one HTML file: a plain readable table that DataTables makes sortable, searchable and foldable.

Nothing is fetched: the library that ships inside `itables` is put into the file, and the page's own policy allows that
one script only. Without JavaScript everything stays readable, the sources as foldable sections below the table.
Only the page of a large table needs JavaScript: `large` says how its rows come packed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pandas as pd
from itables.utils import read_package_file
from markupsafe import Markup

from .. import templates
from ..errors import KetalitError
from ..fields import FIELDS, VIEWS, Field
from ..identifiers import source_link
from ..table import NO_ADVICE, EvidenceTable, view_words
from ..table.cells import DERIVED_FROM_DESIGN
from ..vocabulary import FLAGGED, Missing, Status
from . import large as _large
from .wording import (
    LEGEND,
    MISSING_HELP,
    decisions_line,
    empty_line,
    heading,
    mark,
    notes_lines,
    origin_words,
    rates_rows,
    searches_lines,
    selection_line,
    source_line,
    with_unit,
)

_NAME = re.compile(r"([\w$]+) as ([\w$]+)")
_EXPORTS = re.compile(r"export\s*\{([^{}]*)\};?")
_LINK_NAMES = {"PMID": "PubMed", "PMCID": "PMC", "DOI": "DOI"}


def render(table: EvidenceTable, *, built: str = "") -> str:
    """The page. Of a table of chosen columns these are shown first; the column chooser brings the others.

    Args:
        table: the evidence table.
        built: date to print; without one, equal tables give equal files.
    """
    asked, table = table, table.whole or table
    large = len(table.frame) > _large.FROM
    script = _script(large=large)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rows = _rows(table)
    if large:
        packed, blocks = _large.packed(rows)
        more: dict[str, Any] = {"packed": packed, "blocks": blocks}
    else:
        more = {"rows": list(rows)}
    return templates.render(
        "large.html" if large else "table.html",
        policy=f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        library_css=Markup(read_package_file("html", "dt_bundle.css").replace("</style", "<\\/style")),
        css=Markup(templates.source("table.css")),
        script=Markup(script),
        title=table.title,
        question=table.question,
        how_found=table.how_found,
        searches=searches_lines(table),
        selection=selection_line(asked),
        totals=str(table.totals),
        decisions=decisions_line(table),
        notes=notes_lines(asked),
        empty=empty_line(table),
        no_advice=NO_ADVICE,
        legend=LEGEND,
        missing=MISSING_HELP,
        rates=rates_rows(table),
        view=view_words(table.view),
        columns=[_column(field, asked) for field in table.fields],
        built=built,
        **more,
    )


@cache
def _script(*, large: bool = False) -> str:
    """The bundled library and our few lines that start it, as one module.

    The library is a module that exports its parts under short names. A module inside a page cannot be imported
    from another one, so the export becomes bindings and the starter follows in the same module.
    """
    bundle = read_package_file("html", "dt_bundle.js")
    found = _EXPORTS.search(bundle)
    names = dict(_NAME.findall(found[1])) if found else {}
    if not found or not {"default", "set_or_remove_dark_class"} <= set(names.values()):
        raise KetalitError(
            "the table library inside itables has another form than expected",
            expected="an export of DataTables and of set_or_remove_dark_class",
            next_step="Install the version of itables that ketalit asks for",
        )
    local = {public: name for name, public in names.items()}
    bindings = f"const DataTables={local['default']},followDarkMode={local['set_or_remove_dark_class']};"
    whole = (
        bundle[: found.start()]
        + bindings
        + bundle[found.end() :]
        + "\n"
        + (_large.script() if large else templates.source("table.js"))
    )
    # Neither may stand inside a script element (HTML, "Restrictions for contents of script elements").
    return whole.replace("\r\n", "\n").replace("<!--", "\\x3C!--").replace("</script", "<\\/script")


def _column(field: Field, asked: EvidenceTable) -> dict[str, object]:
    # The full view opens with the columns of the outcomes view; the column chooser brings the others.
    hidden = field.name not in VIEWS["outcomes"] if asked.view == "full" else field not in asked.fields
    return {"title": heading(field), "help": field.help, "kind": _kind(field), "hidden": hidden}


def _kind(field: Field) -> str:
    if field.kind in {int, float}:
        return "num"
    if field.kind is bool or field.choices:
        return "list"
    return "long"


def _rows(table: EvidenceTable) -> Iterable[dict[str, object]]:
    behind = table.candidates()
    for number, study in enumerate(table.rows(), 1):
        candidates = [(field, behind[study.Index, field.name]) for field in table.fields]
        identifiers = str(study.identifiers).split("; ") if study.identifiers else []
        yield {
            "anchor": f"study-{number}",
            "study": study.Index,
            "citation": study.citation,
            "year": "" if pd.isna(study.year) else study.year,
            "title": study.title,
            "search": f"{study.citation} {study.title} {study.identifiers} {study.Index} {study.status}",
            "retracted": study.status == Status.RETRACTED,
            "status": _status(study.status) if study.status in FLAGGED else "",
            "unverified": study.identifier_status == "unverified",
            "identifiers": study.identifiers or "no identifier",
            "reports": study.records,
            "links": [
                {"name": _LINK_NAMES[name.partition(":")[0]], "address": source_link(name)}
                for name in identifiers
                if source_link(name)
            ],
            "cells": [_cell(field, rows[0]) for field, rows in candidates],
            "sources": [
                _behind(field, row, shown=at == 0)
                for field, rows in candidates
                for at, row in enumerate(rows)
                if row.origin and not _follows_from_design(row)
            ],
            "inapplicable": ", ".join(
                heading(field).lower() for field, rows in candidates if _follows_from_design(rows[0])
            ),
            "unchecked": ", ".join(heading(field).lower() for field, rows in candidates if not rows[0].origin),
        }


def _follows_from_design(row: Any) -> bool:
    """Whether a cell says no more than that its question makes no sense for the design."""
    return bool(row.missing == Missing.NOT_APPLICABLE and row.rule == DERIVED_FROM_DESIGN)


def _status(status: str) -> str:
    return "Retracted: not counted" if status == Status.RETRACTED else status.capitalize()


def _cell(field: Field, cell: Any) -> dict[str, object]:
    number = field.kind in {int, float}
    return {
        "text": with_unit(cell),
        "missing": cell.missing,
        "mark": "" if cell.missing else mark(cell),
        "conflict": cell.conflict,
        "order": ("" if cell.missing else cell.value) if number else None,
        "source": "; ".join(part for part in (source_line(cell), cell.note) if part),
    }


def _behind(field: Field, row: Any, *, shown: bool) -> dict[str, object]:
    return {
        "field": heading(FIELDS[field.name]),
        "shown": shown,
        "text": with_unit(row),
        "missing": row.missing,
        "conflict": row.conflict,
        "origin": origin_words(row),
        "source": row.source,
        "link": row.link,
        "locator": row.locator,
        "quote": row.quote,
        "note": "; ".join(part for part in (row.note, f"rule: {row.rule}" if row.rule else "") if part),
    }
