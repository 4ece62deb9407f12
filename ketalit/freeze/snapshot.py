"""Make a snapshot: its files in memory, then all of them on disk, or none."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from datetime import date as Date
from importlib.util import find_spec
from pathlib import Path

from ..errors import InputError
from ..escaping import one_line
from ..export import render
from ..files import write_atomically
from ..library import pack
from ..prisma import prisma_markdown, prisma_svg
from ..review import BUNDLED
from .about import LIBRARY, SUMS, citation, readme, snapshot_json
from .codebook import codebook_csv, codebook_markdown
from .material import Material, read_material, state_of
from .methods import methods
from .searching import appendix, decisions_csv, searches_json
from .sums import sums_of
from .versions import Versions, versions


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot as it was written.

    `path`: the folder or .zip file; `files`: names in it; `fingerprint`: the SHA-256 of its SHA256SUMS, to be cited.
    """

    path: Path
    date: str
    files: tuple[str, ...]
    fingerprint: str


def freeze(
    folder: Path | str | None = None,
    *,
    to: Path | str | None = None,
    date: str = "",
    authors: Sequence[str] = (),
    with_library: bool = False,
) -> Snapshot:
    """Write a dated snapshot of a review that can be cited and verified.

    The same review, date, authors and versions give the same bytes. What is written appears under its name when it is
    whole, and not before. Texts that came from NCBI stay behind unless asked for.

    Args:
        folder: the review; without it, the bundled one.
        to: a new or empty folder, or a new .zip file; without it, a folder here named after the review and the date.
        date: ISO date that the snapshot bears; without it, today (UTC).
        authors: who is to be cited, each "Family, Given" or the name of a group.
        with_library: whether to add the whole review with its library, as `ketalit library pack` packs it.

    Raises:
        InputError: the review cannot be read, the date is none or too early, or the target holds something, lies in
            the review, or cannot be written; or the review changed meanwhile; nothing was written.
    """
    day = _day(date)
    named = tuple(name for name in map(one_line, authors) if name)
    home = Path(folder) if folder is not None else BUNDLED
    before = state_of(home) if home.is_dir() else ()
    material = read_material(home, day, named)
    target = Path(to) if to is not None else Path(f"{_slug(material.review.title)}-{day}")
    _refuse(target, material.review.path)
    files = dict(_files(material, versions(), with_library))
    if state_of(home) != before:  # its files would tell of two reviews: a table of before, a library of after
        raise InputError("the review changed while it was frozen", where=str(home), next_step="Freeze it again")
    sums = sums_of(files)
    files[SUMS] = sums
    if target.suffix.lower() == ".zip":
        write_atomically(target, _zipped(files, f"{_slug(material.review.title)}-{day}", Date.fromisoformat(day)))
    else:
        _write_folder(target, files)
    return Snapshot(target, day, tuple(sorted(files)), hashlib.sha256(sums).hexdigest())


def _files(material: Material, made_with: Versions, with_library: bool) -> Iterator[tuple[str, bytes]]:
    table = material.table
    files: dict[str, bytes] = {}
    endings = [".html", ".xlsx", ".csv", *([".parquet"] if find_spec("pyarrow") else [])]
    for ending in endings:
        for path, content in render(table, Path(f"evidence{ending}")).items():
            files[f"table/{path.name}"] = content
    files["table/evidence.json"] = _ascii(table.to_json()).encode()
    files["table/codebook.csv"] = codebook_csv(table)
    files["table/codebook.md"] = codebook_markdown(table).encode()
    files["search/prisma-flow.svg"] = prisma_svg(material.counts).encode()
    files["search/prisma-flow.md"] = prisma_markdown(material.counts).encode()
    files["search/prisma-s.md"] = appendix(material).encode()
    files["search/searches.json"] = searches_json(material).encode()
    files["search/decisions.csv"] = decisions_csv(material)
    files["methods.md"] = methods(material, made_with).encode()
    # Lists to cite from: a snapshot is published, and abstracts are the publishers'.
    cited = replace(table, records=tuple(replace(record, abstract=()) for record in table.records))
    for ending in (".ris", ".nbib", ".bib", ".json"):
        for path, content in render(cited, Path(f"references{ending}")).items():
            files[f"references/{path.name}"] = content
    if with_library:
        with tempfile.TemporaryDirectory() as place:
            files[LIBRARY] = pack(material.review.path, Path(place, LIBRARY)).read_bytes()
    files["snapshot.json"] = snapshot_json(material, made_with).encode()
    files["CITATION.cff"] = citation(material, made_with).encode()
    files["README.md"] = readme(material, made_with, files).encode()
    yield from files.items()


def _ascii(text: str) -> str:
    """JSON that holds the same and no character that a terminal or an editor could act on."""
    return json.dumps(json.loads(text), indent=2) + "\n"


def _day(date: str) -> str:
    if not date:
        return f"{datetime.now(UTC):%Y-%m-%d}"
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            raise ValueError
        return Date.fromisoformat(date).isoformat()
    except ValueError:
        raise InputError(f"“{one_line(date)}” is no date", expected="YYYY-MM-DD") from None


def _slug(title: str) -> str:
    """A title as the name of a file on every system.

    >>> _slug("Ketamine: does it last?"), _slug("../…")
    ('ketamine-does-it-last', 'review')
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].rstrip("-") or "review"


def _refuse(target: Path, review: Path) -> None:
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        what = "is not empty" if target.is_dir() else "is there already, and a snapshot replaces nothing"
        raise InputError(what, where=str(target), expected="a new or empty folder, or a new .zip file")
    if not target.resolve().parent.is_dir():
        raise InputError(f"there is no folder “{target.parent}”", where=str(target), next_step="Make it first")
    if review.resolve() in (target.resolve(), *target.resolve().parents):
        raise InputError(
            "lies in the review it would freeze", where=str(target), next_step="Name a place outside of it"
        )


def _write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    target = target.resolve()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        temporary.mkdir()
        for name, content in files.items():
            path = temporary / name
            path.parent.mkdir(exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if os.name == "nt" and target.exists():  # elsewhere a rename takes the place of an empty folder in one step
            target.rmdir()
        temporary.rename(target)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", where=str(target)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _zipped(files: Mapping[str, bytes], top: str, day: Date) -> bytes:
    """All files under one folder, with the time of no clock."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{top}/{name}", (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
