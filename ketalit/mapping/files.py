"""The map as files: pictures, a page, CSV, Markdown, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import InputError
from ..escaping import json_in_terminal, markdown, spreadsheet
from ..files import write_atomically
from .build import EvidenceMap
from .groups import AXES
from .picture import picture
from .wording import (
    BY,
    MAP_ADVICE,
    background_line,
    caveat_line,
    cell_words,
    gaps_line,
    not_counted,
    ordered,
    placed_because,
    selection_line,
    totals_line,
)

_PICTURES = (".svg", ".png", ".pdf")


def export(found: EvidenceMap, path: Path | str, *, by: str = "route") -> tuple[Path, ...]:
    """Write a map to a file; the suffix of the name says as what.

    .svg, .png, .pdf the picture; .html a page with pictures, counts and the studies behind each cell; .csv every cell
    of condition, route and follow-up, with a second file of the studies; .md, .json the same in one file.

    Returns:
        The files written, the one asked for first.

    Raises:
        InputError: an unknown suffix, no such folder, a file that cannot be written, or nothing to make PNG and PDF.

    >>> import tempfile
    >>> from ketalit import load_review
    >>> from ketalit.mapping import evidence_map
    >>> folder = Path(tempfile.mkdtemp())
    >>> [path.name for path in export(evidence_map(load_review()), folder / "map.csv")]
    ['map.csv', 'map.studies.csv']
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in _PICTURES:
        return (picture(found, by).save(path),)
    writer = _WRITERS.get(suffix)
    if writer is None:
        near = get_close_matches(suffix, SUFFIXES, n=1)
        raise InputError(
            f"“{path.suffix or path.name}” is no kind of file this can write",
            where=str(path),
            expected=f"a name ending in one of: {' '.join(SUFFIXES)}",
            next_step=f"Did you mean “{near[0]}”?" if near else "",
        )
    files = writer(found, path, by)
    for target, content in files.items():
        write_atomically(target, content)
    return tuple(sorted(files, key=lambda target: target != path))


def as_data(found: EvidenceMap) -> dict[str, Any]:
    """The map as plain data: totals, gaps, every cell that holds something, every study with why it stands there.

    >>> from ketalit.review import load_review
    >>> from ketalit.mapping import evidence_map
    >>> data = as_data(evidence_map(load_review()))
    >>> data["gaps"]["route"]["cells"], data["studies"][0]["condition"]
    (64, 'Chronic neuropathic pain')
    """
    counts = found.cells()
    filled = counts[(counts.studies > 0) | (counts.beside > 0)].reset_index()
    gaps = {by: found.gaps(by) for by in BY}
    return {
        "title": found.title,
        "question": found.question,
        "how_found": found.how_found,
        "selection": {"screened": found.screened, "where": list(found.where), "followup": found.followup},
        "axes": {axis: [str(group) for group in groups] for axis, groups in AXES.items()},
        "background": sorted(found.background),
        "totals": found.totals(),
        "gaps": {
            by: {name: getattr(one, name) for name in ("cells", "without_trial", "without_study", "beside")}
            for by, one in gaps.items()
        },
        "cells": _records(filled),
        "studies": [_study(study) for study in ordered(found)],
        "left_out": _records(found.left_out.reset_index()),
        "rules": [
            {"name": rule.name, "group": str(rule.group), "pattern": rule.pattern, "reason": rule.reason}
            for rule in found.rules
        ],
    }


def to_json(found: EvidenceMap) -> str:
    """`as_data` as JSON."""
    return json_in_terminal(json.dumps(as_data(found), ensure_ascii=False, indent=2))


def to_markdown(found: EvidenceMap, by: str = "route") -> str:
    """The map as Markdown: the counts as a pipe table, then every study with why it stands where it does."""
    counts, gaps = found.cells("condition", by), gaps_line(found, by)
    background = found.background
    rows = [
        [f"**{row}**{' (background)' if row in background else ''}"]
        + [markdown(cell_words(counts.loc[row, column])) or "0" for column in found.columns(by)]
        for row in found.rows()
    ]
    grid = pd.DataFrame(rows, columns=["Condition", *found.columns(by)])
    studies = []
    for study in ordered(found, by):
        name = f"[{markdown(study.citation)}]({study.link})" if study.link else markdown(study.citation)
        people = "?" if study.people is pd.NA else str(study.people)
        state = [] if study.counted else [not_counted(study)]
        said = [study.design or "design not known", f"n {people}", study.direction or "no direction", *state]
        harms = study.adverse_events if study.harms == "reported" else f"harms {study.harms}"
        studies.append(
            f"- {name}, *{study.condition} · {study.route} · {study.followup}*: {markdown('; '.join([*said, harms]))}. "
            f"Placed by {markdown('; '.join(placed_because(study)))}"
        )
    left = [f"- {markdown(row.citation)}: {markdown(row.reason)}" for row in _rows(found.left_out)]
    parts = [
        f"# {markdown(found.title)}: studies by {BY[by]}",
        markdown(found.question),
        f"**{markdown(gaps)}**" if gaps else "",
        markdown(totals_line(found)),
        markdown(background_line(found)),
        markdown(f"Counted: {selection_line(found)}. {caveat_line(found)}"),
        grid.to_markdown(index=False, disable_numparse=True),
        "## Studies",
        "\n".join(studies),
        "## Not on the map" if left else "",
        "\n".join(left),
        MAP_ADVICE,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def cells_csv(found: EvidenceMap) -> bytes:
    """Every cell of condition, route and follow-up, the empty ones too."""
    return _csv(found.cells().reset_index())


def studies_csv(found: EvidenceMap) -> bytes:
    """Every study on the map and, after them, those that are not, with why."""
    on = found.studies.assign(on_map=True, left_out_because="").reset_index()
    off = found.left_out.rename(columns={"reason": "left_out_because"}).assign(on_map=False).reset_index()
    return _csv(pd.concat([on, off], ignore_index=True))


def _page(found: EvidenceMap, by: str) -> bytes:
    from .html import render

    return render(found, by).encode()


_WRITERS: Mapping[str, Callable[[EvidenceMap, Path, str], Mapping[Path, bytes]]] = {
    ".html": lambda found, path, by: {path: _page(found, by)},
    ".csv": lambda found, path, by: {
        path.with_name(f"{path.stem}.studies.csv"): studies_csv(found),
        path: cells_csv(found),
    },
    ".md": lambda found, path, by: {path: to_markdown(found, by).encode()},
    ".json": lambda found, path, by: {path: to_json(found).encode()},
}
SUFFIXES = (*_PICTURES, *_WRITERS)


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def _study(study: Any) -> dict[str, Any]:
    row = study._asdict()
    return {"study": row.pop("Index"), **{name: _plain(value) for name, value in row.items()}}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    return None if value is pd.NA else value.item() if hasattr(value, "item") else value


def _csv(frame: pd.DataFrame) -> bytes:
    safe = frame.astype("object").map(lambda value: spreadsheet(value) if isinstance(value, str) else value)
    return safe.to_csv(index=False, lineterminator="\n").encode()
