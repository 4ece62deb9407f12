"""Scan one file: its records, filtered and read, as Parquet files that are there as a whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pandas as pd

from .. import __version__
from ..errors import InputError
from ..records.model import Record, to_json
from ..records.problems import Kind, Problem
from ..records.pubmed import iter_pubmed
from ..review import Review
from ..studies import Study
from ..table.cells import cells
from ..table.selection import Condition, holds
from ..telling import Say, silent
from .columns import FINDINGS, bibliographic, to_ask, typed
from .done import Done, marker, name_of, output, write_mark
from .parquet import Writer
from .sieve import Packed, Sieve, expected_md5
from .wanted import Wanted

BATCH = 500  # records that are read by the rules and written at a time: a few MB
_TOLD = 20  # problems of one file that are written down; the rest is counted
_PMID = re.compile(r"\(PMID (\d+)\)")


@dataclass(frozen=True, slots=True)
class _Kept:
    place: int
    record: Record
    searches: tuple[str, ...]


def scan_file(path: Path, folder: Path, wanted: Wanted, say: Say = silent) -> Done:
    """Scan one file of PubMed into a folder. Memory: one batch of records.

    Whatever stood in the folder for this file stays until all of the new is written.

    Args:
        path: PubMed XML, plain or gzip.
        folder: has the folders records, findings, seen and done.
        wanted: what to keep.
        say: told now and then how many records were seen.

    Raises:
        InputError: the file is damaged, cut short, a bomb, no PubMed XML, or not what its .md5 says. Nothing of it was
            written.
    """
    name = name_of(path)
    checksum = expected_md5(path)
    modified = path.stat().st_mtime_ns
    problems: list[Problem] = []
    with (
        Packed(path) as packed,
        Writer(output(folder, "records", name), "records") as records,
        Writer(output(folder, "findings", name), "findings") as findings,
        Writer(output(folder, "seen", name), "seen") as seen,
    ):
        sieve = Sieve(packed, wanted.may_keep)
        batch: list[_Kept] = []
        parsed: set[int] = set()  # places

        def write() -> None:
            rows, read = _read(batch, wanted, name)
            records.write_rows(rows)
            findings.write_rows(read)
            batch.clear()
            say(f"{sieve.records:,} records of {path.name}")

        for record in iter_pubmed(cast(BinaryIO, sieve), problems=problems):
            parsed.add(sieve.places[record.sha256])
            found_by = wanted.found_by(record)
            if found_by is not None:
                batch.append(_Kept(sieve.places[record.sha256], record, found_by))
                if len(batch) >= BATCH:
                    write()
        write()
        if sieve.damage:
            raise InputError(sieve.damage, where=path.name, next_step="Fetch it again")
        if cut_short := next((one for one in problems if one.kind is Kind.TRUNCATED), None):
            raise InputError(cut_short.reason, where=path.name, next_step="Fetch it again")
        while packed.read(1 << 20):
            pass
        if checksum and packed.md5.hexdigest() != checksum:
            what = f"is not what {path.name}.md5 says (MD5 {packed.md5.hexdigest()}, not {checksum})"
            raise InputError(what, where=path.name, next_step="Fetch it again")
        seen.write_columns(_seen(sieve, set(sieve.places.values()) - parsed))
        written = {"records": records, "findings": findings, "seen": seen}
        for writer in written.values():
            writer.close()
        marker(folder, name).unlink(missing_ok=True)  # from here to the mark, this file counts as not done
        for writer in written.values():
            writer.commit()
        done = Done(
            file=path.name,
            name=name,
            size=packed.size,
            modified=modified,
            sha256=packed.sha256.hexdigest(),
            md5=packed.md5.hexdigest(),
            md5_checked=bool(checksum),
            seen=sieve.records,
            kept=records.rows,
            findings=findings.rows,
            withdrawn=sum(sieve.withdrawn),
            lost=sum(one.lost for one in problems),
            outputs={part: writer.path.stat().st_size for part, writer in written.items()},
            problems=tuple(_told(problems, sieve)),
            ketalit=__version__,
        )
        write_mark(folder, done)
    return done


def _read(batch: Sequence[_Kept], wanted: Wanted, name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of records and of findings for those of a batch that meet all conditions."""
    rows = [bibliographic(kept.record, kept.searches) for kept in batch]
    for row, kept in zip(rows, batch, strict=True):
        row |= {"file": name, "position": kept.place}
    chosen = _meeting(wanted.early, rows)
    rows, records = [rows[at] for at in chosen], [batch[at].record for at in chosen]
    if not rows:
        return [], []
    for row, record in zip(rows, records, strict=True):
        row["record"] = to_json(record).decode()
    # Each record is a study of its own here: its values are those that the evidence table would show.
    keys = [str(number) for number in range(len(records))]
    review = Review(path=Path(), title="", drugs=wanted.drugs, records=dict(zip(keys, records, strict=True)))
    found = cells(review, [Study(key, (key,), None, "") for key in keys])
    places = dict(zip(keys, rows, strict=True))
    texts: dict[str, dict[str, str]] = {key: {} for key in keys}
    behind: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
    for cell in _plainly(found):
        key = cell["study"]
        if cell["winner"]:
            places[key][cell["field"]] = typed(cell["field"], cell["value"]) if not cell["missing"] else None
            texts[key][cell["field"]] = cell["text"]
        behind[key].append(_finding(cell, places[key]))
    chosen = _meeting(wanted.late, rows, [texts[key] for key in keys])
    return [rows[at] for at in chosen], [row for at in chosen for row in behind[keys[at]]]


def _plainly(found: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a frame as dictionaries of plain values."""
    columns = {name: found[name].astype(object).tolist() for name in found.columns}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _finding(cell: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    value = None if cell["missing"] else typed(cell["field"], cell["value"])
    quoted = bool(cell["quote"])
    return {
        **{name: row[name] for name in ("file", "position", "pmid", "version")},
        **{one.name: cell[one.name] or None for one in FINDINGS if one.type == "string" and one.name in cell},
        "number": float(value) if isinstance(value, bool | int | float) else None,
        "start": int(cell["start"]) if quoted else None,
        "end": int(cell["end"]) if quoted else None,
        "winner": bool(cell["winner"]),
        "conflict": bool(cell["conflict"]),
    }


def _meeting(
    conditions: Sequence[Condition], rows: Sequence[Mapping[str, Any]], texts: Sequence[Mapping[str, str]] = ()
) -> list[int]:
    """Positions of the rows that meet all conditions."""
    if not conditions or not rows:
        return list(range(len(rows)))
    typed, shown = to_ask(rows, [*dict.fromkeys(one.column.name for one in conditions)], texts)
    meets = pd.Series(True, index=shown.index)
    for condition in conditions:
        meets &= holds(condition, typed, shown)
    return [at for at, kept in enumerate(meets) if kept]


def _seen(sieve: Sieve, lost: set[int]) -> dict[str, list[Any]]:
    """Every record and withdrawal of a file; `lost` are the places of those that could not be parsed."""
    return {
        "pmid": [pmid or None for pmid in sieve.pmids],
        "version": list(sieve.versions),
        "withdrawn": [bool(one) for one in sieve.withdrawn],
        "lost": [place in lost for place in range(1, len(sieve.pmids) + 1)],
    }


def _told(problems: Sequence[Problem], sieve: Sieve) -> Iterator[str]:
    """What is worth telling. Numbers of records are left out: the reader counted only those that were let through."""
    worth = [one for one in problems if one.kind is not Kind.DELETED and not (one.kind is Kind.EMPTY and sieve.records)]
    for problem in worth[:_TOLD]:
        pmid = _PMID.search(problem.where)
        yield f"PMID {pmid[1]}: {problem.reason}" if pmid else problem.reason
    if len(worth) > _TOLD:
        yield f"… and {len(worth) - _TOLD:,} more"
