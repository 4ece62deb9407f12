"""What a folder of a scan says of itself: manifest.json for programs, columns.csv and README.md for people."""

from __future__ import annotations

import csv
import datetime
import io
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from .. import __version__
from ..errors import InputError
from ..escaping import markdown, one_line
from ..files import write_atomically
from ..telling import count_of
from .columns import TABLES, VERSION
from .done import Done
from .parquet import arrow
from .wanted import Wanted

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What was scanned, for what, with what, and what came of it.

    Attributes:
        columns: version of the columns; `drugs`, `searches`, `where`, `review`: as in `Wanted`.
        made: ISO date and time of the last change.
        versions: of the programs that made it.
        files: every input that is done, in the order in which they apply.
        failed: inputs of the last run that could not be read.
        current, findings: how many rows count now.
        fingerprint: changes when anything that is done changes.
    """

    columns: int
    drugs: tuple[str, ...]
    searches: tuple[tuple[str, str], ...]
    where: tuple[str, ...]
    review: str
    made: str
    versions: dict[str, str]
    files: tuple[Done, ...] = ()
    failed: tuple[Failed, ...] = ()
    current: int = 0
    findings: int = 0
    fingerprint: str = ""

    @classmethod
    def of(
        cls,
        wanted: Wanted,
        files: Sequence[Done] = (),
        failed: Sequence[Failed] = (),
        *,
        current: int = 0,
        findings: int = 0,
        fingerprint: str = "",
    ) -> Manifest:
        """The manifest of this moment."""
        return cls(
            columns=VERSION,
            drugs=wanted.drugs,
            searches=wanted.searches,
            where=wanted.where,
            review=wanted.review,
            made=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            versions={
                "ketalit": __version__,
                "pyarrow": str(arrow().__version__),
                "python": platform.python_version(),
            },
            files=tuple(files),
            failed=tuple(failed),
            current=current,
            findings=findings,
            fingerprint=fingerprint,
        )

    def differs(self, wanted: Wanted) -> str:
        """In what a scan for other records differs from this one; empty where it does not."""
        told = {
            "columns": (self.columns, VERSION),
            "drugs": (self.drugs, wanted.drugs),
            "searches": (self.searches, wanted.searches),
            "where": (self.where, wanted.where),
        }
        return ", ".join(f"other {name}" for name, (here, there) in told.items() if here != there)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None where there is none.

    Raises:
        InputError: it cannot be read.
    """
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path), next_step="Scan into another folder") from None


def write_notes(folder: Path, manifest: Manifest) -> None:
    """Write README.md, columns.csv and, last, manifest.json."""
    write_atomically(folder / "README.md", _readme(manifest).encode())
    write_atomically(folder / "columns.csv", _columns().encode())
    write_atomically(folder / FILE, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def _columns() -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("table", "column", "type", "unit", "meaning"))
    for table, columns in TABLES.items():
        rows.writerows((table, one.name, one.type, one.unit, one.help) for one in columns)
    return text.getvalue()


def _readme(manifest: Manifest) -> str:
    wanted = Wanted(manifest.drugs, manifest.searches, manifest.where, manifest.review)
    asked = [
        f"- search “{markdown(name)}”"
        + (f" of “{markdown(manifest.review)}”" if manifest.review else "")
        + f": `{_code(query)}`"
        for name, query in manifest.searches
    ]
    asked += [f"- condition: `{_code(where)}`" for where in manifest.where]
    seen, kept = sum(one.seen for one in manifest.files), sum(one.kept for one in manifest.files)
    withdrawn, lost = sum(one.withdrawn for one in manifest.files), sum(one.lost for one in manifest.files)
    checked = sum(one.md5_checked for one in manifest.files)
    rows = [
        f"| {markdown(one.file)} | {one.size:,} | `{one.sha256[:12]}` | {one.seen:,} | {one.kept:,} | "
        f"{one.withdrawn:,} | {one.lost:,} |"
        for one in manifest.files
    ]
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    parts = [
        "# A scan of PubMed files",
        f"Made {manifest.made} by {versions}.",
        f"{count_of(len(manifest.files), 'file')} with {count_of(seen, 'record')}. Kept: {kept:,}. Could not be read: "
        f"{lost:,}. PMIDs that NLM withdraws: {withdrawn:,}. NLM's checksum was there for {count_of(checked, 'file')} "
        f"and agrees. After revisions and withdrawals **{count_of(manifest.current, 'record')}** count now, with "
        f"{count_of(manifest.findings, 'finding')}.",
        "## What was kept",
        "\n".join(asked) or "Every record.",
        *(
            [
                "What this filter does not do as PubMed would:\n\n"
                + "\n".join(f"- {markdown(note)}" for note in wanted.notes)
            ]
            if wanted.notes
            else []
        ),
        "Drugs whose dose, route and form were read: " + (", ".join(map(markdown, manifest.drugs)) or "none") + ".",
        "## What is here",
        "- `current/records.parquet`: one row per record that counts now; `current/findings.parquet`: every value with "
        "its quote and rule. Start here.\n"
        "- `records/`, `findings/`: the same for each input file, what was replaced later included.\n"
        "- `seen/`: PMID and version of every record of every input, kept or not, and what NLM withdrew.\n"
        "- `columns.csv`: all columns with type, unit and meaning (they stand inside the Parquet files too).\n"
        "- `done/`: a mark for each input, with its size and hashes; `manifest.json`: all of this for programs.",
        "Findings are read by rules from titles and abstracts; nobody has checked them. They state what was found and "
        "where, and give no advice.",
        "## Input files, in the order in which they apply",
        "| file | bytes | SHA-256 | records | kept | withdrawn | not readable |\n|---|--:|---|--:|--:|--:|--:|\n"
        + "\n".join(rows),
    ]
    if manifest.failed:
        failed = "\n".join(f"- {markdown(one.file)}: {markdown(one.reason)}" for one in manifest.failed)
        parts += ["## Not read in the last run", failed]
    return "\n\n".join(parts) + "\n"


def _code(text: str) -> str:
    return one_line(text).replace("`", "'")
