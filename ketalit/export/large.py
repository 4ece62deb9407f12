"""What the page of a large table carries in place of elements: rows and sources, packed for the script to open.

A table of 50,000 studies as elements would be some 500 MB that no browser opens. Packed, the values that occur stand
once, in one piece; the sources, of which a reader opens a few, in blocks of their own.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

from .. import templates

FROM = 500  # studies; a page with more of them is a large one
BLOCK = 100  # studies whose sources are opened together

_SWAPS = (  # lines of table.js, and what stands in their place
    ("  paging: false,\n", "  ...large,\n"),
    ("    bottomEnd: null,\n", '    bottomEnd: "paging",\n'),
    (
        '  else row.child(document.querySelector(`${link.getAttribute("href")} > .behind`).cloneNode(true), "child")'
        ".show();\n",
        '  else sourcesOf(link).then((behind) => row.child(behind, "child").show());\n',
    ),
    (
        "// The library has put its controls around the table",
        "opening.hidden = true;\n// The library has put its controls around the table",
    ),
)


def script() -> str:
    """The lines that start the table of a large page: table.js, with large.js before it."""
    text = templates.source("table.js")
    for old, new in _SWAPS:
        if text.count(old) != 1:
            raise ValueError(f"table.js has changed: {old.strip()}")
        text = text.replace(old, new)
    return f"{templates.source('large.js')}\n{text}"


def packed(rows: Iterable[dict[str, Any]]) -> tuple[str, list[str]]:
    """The rows of a table in one piece, and their sources in blocks of `BLOCK` studies; each gzip in base64.

    The rows are JSON: `cells`, the distinct cells as [text, mark, missing, conflict, order]; `rows`, for each study
    [[name as HTML, citation, what is searched, retracted], year, place of each cell among `cells` …]; `block`. A block
    of sources is a list of HTML, escaped as everything that templates write.
    """
    name, behind = templates.macros("study.html", "name", "behind")
    places: dict[tuple[Any, ...], int] = {}
    slim: list[list[Any]] = []

    def taken() -> Iterator[str]:
        for row in rows:
            cells = [
                tuple(cell[key] for key in ("text", "mark", "missing", "conflict", "order")) for cell in row["cells"]
            ]
            first = [name(row), row["citation"], row["search"], int(row["retracted"])]
            year = row["year"]
            # The first two places are the study's and the year's, so that a column's number is its place.
            slim.append(
                [first, int(year) if year != "" else "", *(places.setdefault(cell, len(places)) for cell in cells)]
            )
            yield behind(row)

    told = taken()
    blocks = [_packed(block) for block in iter(lambda: list(itertools.islice(told, BLOCK)), [])]
    return _packed({"block": BLOCK, "rows": slim, "cells": list(places)}), blocks


def _packed(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


def _plain(value: Any) -> Any:
    """A number or a truth value of pandas as Python's own."""
    return value.item() if hasattr(value, "item") else str(value)
