"""The scan: what is to be done, done here or on a Dask cluster, and what counts when it is."""

from __future__ import annotations

import importlib.util
import math
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..errors import InputError
from ..escaping import one_line
from ..telling import Say, adds, count_of, silent
from .current import write_current
from .done import PARTS, Done, all_done, files_in, fingerprint, is_same, name_of, read_mark
from .notes import Failed, Manifest, read_manifest, write_notes
from .one import scan_file
from .parquet import PART, CannotWrite, arrow
from .wanted import Wanted

_TELL_EVERY = 5.0  # seconds between two lines on the same file


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """What a scan did and what its folder holds now.

    Attributes:
        folder: of the scan.
        scanned: files read in this run; `up_to_date`: files that had been read before and are as they were.
        failed: files that could not be read, and why; nothing of them was written.
        files, seen, kept, withdrawn, lost: of all that is done: files, records in them, records kept, PMIDs that NLM
            withdraws, damaged records.
        current, findings: records that count now, and rows of findings about them.
        rate: records a second in this run; 0 where nothing had to be read.
        notes: what the filter cannot do as PubMed would.
    """

    folder: Path
    scanned: tuple[str, ...]
    up_to_date: tuple[str, ...]
    failed: tuple[Failed, ...]
    files: int
    seen: int
    kept: int
    withdrawn: int
    lost: int
    current: int
    findings: int
    rate: float
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every file and every record of it could be read."""
        return not self.failed and not self.lost


def scan(
    files: Sequence[Path | str],
    to: Path | str,
    wanted: Wanted | None = None,
    *,
    workers: int = 0,
    scheduler: str = "",
    say: Say = silent,
) -> ScanReport:
    """Read PubMed files into Parquet. Files that were read before and have not changed are passed over.

    Args:
        files: PubMed XML, plain or gzip, or folders of such; they apply in the order of their names, whatever order
            they are named or finished in.
        to: the folder to write; made where it is not there. What earlier scans with the same `wanted` put there stays.
        wanted: which records to keep; every one by default.
        workers: processes on this machine, by Dask; 0 does it in this one.
        scheduler: address of a Dask scheduler instead; its workers must see the same paths.
        say: told how far it is.

    Raises:
        InputError: something cannot be used: no such file, another scan's folder, pyarrow or Dask are not installed,
            the folder cannot be written.

    >>> scan([], "nowhere")
    Traceback (most recent call last):
    ketalit.errors.InputError: there is no file to scan.
    """
    if not files:
        raise InputError("there is no file to scan")
    arrow()
    wanted = wanted or Wanted()
    inputs = files_in([Path(file) for file in files])
    folder = _made(Path(to), wanted)
    old = {path: done for path in inputs if (done := read_mark(folder, name_of(path))) and _holds(path, done)}
    waiting = [path for path in inputs if path not in old]
    start = time.monotonic()
    finished: list[Done] = []
    failed: list[Failed] = []
    runner = _on_dask(workers, scheduler) if waiting and (workers or scheduler) else _here
    try:
        with closing(runner(waiting, folder, wanted, say)) as outcomes:
            for path, outcome in outcomes:
                if isinstance(outcome, Done):
                    finished.append(outcome)
                else:
                    failed.append(Failed(path.name, outcome))
                say(_progress(finished, failed, len(waiting), time.monotonic() - start))
    finally:
        _sweep(folder, [name_of(path) for path in waiting])
    seconds = time.monotonic() - start
    failed.sort(key=lambda one: one.file)
    say("putting together what counts now")
    manifest = _conclude(folder, wanted, failed)
    held = manifest.files
    return ScanReport(
        folder=folder,
        scanned=tuple(sorted(one.file for one in finished)),
        up_to_date=tuple(path.name for path in old),
        failed=tuple(failed),
        files=len(held),
        seen=sum(one.seen for one in held),
        kept=sum(one.kept for one in held),
        withdrawn=sum(one.withdrawn for one in held),
        lost=sum(one.lost for one in held),
        current=manifest.current,
        findings=manifest.findings,
        rate=sum(one.seen for one in finished) / seconds if finished and seconds else 0,
        problems=tuple(f"{one.file}: {said}" for one in held for said in one.problems),
        notes=wanted.notes,
    )


def _made(folder: Path, wanted: Wanted) -> Path:
    """The folder of a scan, made where it is not there.

    Raises:
        InputError: something else is in it, or a scan for other records.
    """
    manifest = read_manifest(folder)
    if manifest is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty and holds no scan" if folder.is_dir() else "is a file"
        raise InputError(what, where=str(folder), expected="a new or empty folder, or one that a scan has made")
    if manifest and (other := manifest.differs(wanted)):
        what = f"holds a scan for other records ({other}); the two would not fit together"
        raise InputError(what, where=str(folder), next_step="Name another folder")
    try:
        for part in (*PARTS, "done"):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made ({error.strerror or error})", where=str(folder)) from None
    if manifest is None:
        write_notes(folder, Manifest.of(wanted))
    return folder.resolve()


def _holds(path: Path, done: Done) -> bool:
    return done.ketalit == __version__ and done.file == path.name and is_same(path, done)


def _conclude(folder: Path, wanted: Wanted, failed: Sequence[Failed]) -> Manifest:
    """Bring the current view and the notes up to what is done; nothing is written where nothing has changed."""
    done = all_done(folder)
    before = read_manifest(folder)
    mark = fingerprint(done)
    fresh = before is None or before.fingerprint != mark or not (folder / "current" / "records.parquet").exists()
    if before is None or fresh:
        records, findings = write_current(folder, done)
    elif tuple(failed) == before.failed:
        return before
    else:
        records, findings = before.current, before.findings
    manifest = Manifest.of(wanted, done, failed, current=records, findings=findings, fingerprint=mark)
    write_notes(folder, manifest)
    return manifest


Outcomes = Generator[tuple[Path, Done | str], None, None]
Runner = Callable[[Sequence[Path], Path, Wanted, Say], Outcomes]


def attempt(path: Path, folder: Path, wanted: Wanted, say: Say = silent) -> Done | str:
    """Scan a file; where that fails, the reason, which stops no other file.

    Raises:
        CannotWrite: the folder cannot be written, which would stop all of them.
    """
    try:
        return scan_file(path, folder, wanted, say)
    except CannotWrite:
        raise
    except InputError as error:
        return ". ".join(part.rstrip(".") for part in (error.what, error.next_step) if part)
    except OSError as error:  # taken away while we were reading
        return f"cannot be read: {(error.strerror or str(error)).lower()}"


def _here(files: Sequence[Path], folder: Path, wanted: Wanted, say: Say) -> Outcomes:
    told = time.monotonic()
    for number, path in enumerate(files):

        def on_the_way(line: str, number: int = number) -> None:
            nonlocal told
            if time.monotonic() - told > _TELL_EVERY:
                told = time.monotonic()
                say(one_line(f"{number:,} of {count_of(len(files), 'file')}; {line}"))

        yield path, attempt(path, folder, wanted, on_the_way)


def _on_dask(workers: int, scheduler: str) -> Runner:
    """The same on a Dask cluster: one file is one task, and a task whose worker died is given to another."""
    from .cluster import outcomes

    if not importlib.util.find_spec("distributed"):
        what = "several workers need Dask"
        raise InputError(what, next_step=adds("scan"))
    return lambda files, folder, wanted, say: outcomes(files, folder, wanted, say, workers, scheduler)


def _sweep(folder: Path, names: Sequence[str]) -> None:
    """Remove what workers that were killed have left of these files."""
    for part in PARTS:
        for name in names:
            for left in (folder / part).glob(f".{_literal(name)}.parquet.*{PART}"):
                left.unlink(missing_ok=True)


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _progress(finished: Sequence[Done], failed: Sequence[Failed], total: int, seconds: float) -> str:
    records, count = sum(one.seen for one in finished), len(finished) + len(failed)
    rate = records / seconds if seconds else 0
    left = seconds / count * (total - count)
    more = f"{count:,} of {count_of(total, 'file')}, {records:,} records, {rate:,.0f} records/s"
    more += f", {len(failed)} not readable" if failed else ""
    return more + (f", about {duration(left)} to go" if total > count else "")


def duration(seconds: float) -> str:
    """A time in two units at most.

    >>> duration(42), duration(150), duration(3 * 3600 + 600)
    ('42 s', '3 min', '3 h 10 min')
    """
    if seconds < 100:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
